#include "cli/sitting.h"

#include <glib-unix.h>
#include <signal.h>

#include "cli/common.h"
#include "judge/judge.h"

static const gint watched[] = {SIGINT, SIGTERM, SIGHUP};

typedef struct {
  SignalWatch *watch;
  gint number;
  guint source;
} WatchedSignal;

struct SignalWatch {
  gint signal;
  WatchedSignal signals[G_N_ELEMENTS(watched)];
};

static gboolean on_signal(gpointer data) {
  WatchedSignal *which = data;
  if (which->watch->signal == 0)
    which->watch->signal = which->number;
  return G_SOURCE_CONTINUE;
}

SignalWatch *signal_watch_new(void) {
  SignalWatch *watch = g_new0(SignalWatch, 1);
  for (guint i = 0; i < G_N_ELEMENTS(watched); i++) {
    WatchedSignal *which = &watch->signals[i];
    *which = (WatchedSignal){watch, watched[i], 0};
    which->source = g_unix_signal_add(watched[i], on_signal, which);
  }
  return watch;
}

gint signal_watch_signal(const SignalWatch *watch) {
  return watch->signal;
}

void signal_watch_free(SignalWatch *watch) {
  if (watch == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(watched); i++)
    g_source_remove(watch->signals[i].source);
  g_free(watch);
}

typedef struct {
  const Sitting *sitting;
  Runner *runner;
  const gchar *python; /* "3.11" */
  gboolean is_stopped;
} Hall;

/* What the expectation wants true when the snippet has been run; NULL for nothing. The exact
 * Python is not known before the first run, and does not matter. */
static const gchar *const *after_of(const Hall *hall, const Snippet *snippet) {
  const Expectations *expectations = hall->sitting->expectations;
  const Expectation *expectation =
      expectations != NULL ? expectations_of(expectations, snippet, NULL) : NULL;
  if (expectation == NULL || expectation->problem != NULL)
    return NULL;
  const ExpectationPart *part = expectation_part_for(expectation, hall->python);
  return part != NULL && part->after[0] != NULL ? (const gchar *const *)part->after : NULL;
}

static void submit(gpointer data, const RunRequest *request, RunnerDone done, gpointer done_data) {
  const Hall *hall = data;
  RunRequest whole = *request;
  whole.after = after_of(hall, request->snippet);
  runner_submit(hall->runner, &whole, done, done_data);
}

static Verdict *mark(const Snippet *snippet, const Transcript *const *transcripts, guint count,
                     gpointer data) {
  const Hall *hall = data;
  const Expectations *expectations = hall->sitting->expectations;
  g_autofree gchar *python = NULL;
  guint isolation;
  Sheet sheet = {.snippet = snippet, .transcripts = transcripts, .count = count};
  if (expectations != NULL && !hall->sitting->is_rehearsal &&
      runner_describe(hall->runner, &isolation, &python)) {
    sheet.expectation = expectations_of(expectations, snippet, NULL);
    sheet.python = python;
  }
  return judge_sheet(&sheet);
}

static void on_verdict(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict,
                       gpointer data) {
  Hall *hall = data;
  if (!hall->is_stopped)
    hall->is_stopped = !hall->sitting->verdict(snippet, transcript, verdict, hall->sitting->data);
}

gboolean sitting_hold(const Sitting *sitting, SittingEnd *end, GError **error) {
  g_autoptr(SignalWatch) watch = signal_watch_new();
  g_autoptr(Runner) runner = runner_new(sitting->options, error);
  if (runner == NULL)
    return FALSE;

  Hall hall = {
      .sitting = sitting, .runner = runner, .python = worker_version(sitting->options->worker)};
  ExamCalls calls = {.submit = submit,
                     .runner = &hall,
                     .mark = mark,
                     .verdict = on_verdict,
                     .data = &hall,
                     .python = hall.python};
  g_autoptr(Exam) exam = exam_new(sitting->documents, &calls);
  exam_start(exam);
  while (!exam_is_over(exam) && !hall.is_stopped && signal_watch_signal(watch) == 0)
    g_main_context_iteration(NULL, TRUE);

  end->is_over = exam_is_over(exam);
  if (!runner_describe(runner, &end->isolation, &end->python))
    end->python = NULL;
  /* The processes end before the exam that waits for them, and both before
   * the signals get their default action back. */
  g_clear_pointer(&runner, runner_free);
  return TRUE;
}

void sitting_end_clear(SittingEnd *end) {
  g_clear_pointer(&end->python, g_free);
}
