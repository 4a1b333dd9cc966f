#include "cli/hall.h"

#include "cli/answering.h"
#include "judge/judge.h"
#include "run/key.h"

struct Hall {
  const RunnerOptions *options;
  Results *results;
  Answering *answering;
  const Sitting *sitting; /* the present one */
  gboolean is_stopped;
};

/* --- what the exam asks ------------------------------------------------ */

/* What is accepted for the snippet, or NULL. The exact Python is not known before the first run,
 * and does not matter. */
static const ExpectationPart *part_of(const Hall *hall, const Snippet *snippet) {
  const Expectations *expectations = hall->sitting->expectations;
  const Expectation *expectation =
      expectations != NULL ? expectations_of(expectations, snippet, NULL) : NULL;
  if (expectation == NULL || expectation->problem != NULL)
    return NULL;
  return expectation_part_for(expectation, worker_version(hall->options->worker));
}

/* What that wants true when the snippet has been run; NULL for nothing. */
static const gchar *const *after_of(const ExpectationPart *part) {
  return part != NULL && part->after[0] != NULL ? (const gchar *const *)part->after : NULL;
}

/* Whether times are compared. */
static gboolean is_timed(const Snippet *snippet, const ExpectationPart *part) {
  for (guint i = 0; i < snippet->claims->len; i++)
    if (((const Claim *)g_ptr_array_index(snippet->claims, i))->target == CLAIM_OF_SPEED)
      return TRUE;
  return part != NULL && part->where[0] != NULL;
}

static void submit(gpointer data, const RunRequest *request, RunnerDone done, gpointer done_data) {
  const Hall *hall = data;
  const ExpectationPart *part = part_of(hall, request->snippet);
  RunRequest whole = *request;
  whole.after = after_of(part);
  answering_submit(hall->answering, &whole, is_timed(request->snippet, part), done, done_data);
}

/* What the exam will ask first. */
static GArray *first_requests(const Hall *hall) {
  const Sitting *sitting = hall->sitting;
  GArray *requests = g_array_new(FALSE, FALSE, sizeof(RunRequest));
  for (guint i = 0; i < sitting->documents->len; i++) {
    const Document *document = g_ptr_array_index(sitting->documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      if (!exam_wants(sitting->wanted, snippet))
        continue;
      RunRequest request = exam_first_request(snippet);
      request.after = after_of(part_of(hall, snippet));
      g_array_append_val(requests, request);
    }
  }
  return requests;
}

static Verdict *mark(const Snippet *snippet, const Transcript *const *transcripts, guint count,
                     gpointer data) {
  const Hall *hall = data;
  const Expectations *expectations = hall->sitting->expectations;
  const gchar *python = hall_python(hall);
  Sheet sheet = {.snippet = snippet, .transcripts = transcripts, .count = count};
  if (expectations != NULL && !hall->sitting->is_rehearsal && python != NULL) {
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

/* --- a sitting --------------------------------------------------------- */

static void note_end(const Hall *hall, SittingEnd *end) {
  g_autofree gchar *python = NULL;
  const Runner *runner = answering_runner(hall->answering);
  end->python = g_strdup(hall_python(hall));
  if (runner != NULL)
    (void)runner_describe(runner, &end->isolation, &python);
}

gboolean hall_sit(Hall *hall, const Sitting *sitting, SittingEnd *end, GError **error) {
  g_autoptr(SignalWatch) watch = signal_watch_new();
  hall->sitting = sitting;
  hall->is_stopped = FALSE;
  answering_begin(hall->answering, first_requests(hall));
  ExamCalls calls = {.submit = submit,
                     .runner = hall,
                     .mark = mark,
                     .verdict = on_verdict,
                     .data = hall,
                     .python = worker_version(hall->options->worker),
                     .wanted = sitting->wanted};
  g_autoptr(Exam) exam = exam_new(sitting->documents, &calls);
  exam_start(exam);
  const GError *failure;
  while ((failure = answering_failure(hall->answering)) == NULL && !exam_is_over(exam) &&
         !hall->is_stopped && signal_watch_signal(watch) == 0)
    g_main_context_iteration(NULL, TRUE);

  gboolean could_run = failure == NULL;
  if (!could_run)
    g_propagate_error(error, g_error_copy(failure));
  end->is_over = exam_is_over(exam);
  note_end(hall, end);
  /* The processes end before the exam that waits for them, and both before the signals get their
   * default action back. */
  answering_abandon(hall->answering);
  hall->sitting = NULL;
  return could_run;
}

void hall_stop(Hall *hall) {
  hall->is_stopped = TRUE;
}

void hall_rest(Hall *hall) {
  answering_rest(hall->answering);
}

gboolean hall_warm(Hall *hall, GError **error) {
  return answering_warm(hall->answering, error);
}

/* --- the hall ---------------------------------------------------------- */

static Results *open_results(const ResultsArguments *arguments) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *remark = NULL;
  g_autofree gchar *usual = arguments->path == NULL ? results_default_path() : NULL;
  Results *results = results_open(usual != NULL ? usual : arguments->path, &remark, &error);
  if (results == NULL &&
      (usual == NULL || g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_TAKEN)))
    complain("%s", error->message);
  if (remark != NULL)
    complain("%s", remark);
  return results;
}

Hall *hall_open(const RunnerOptions *options, const ResultsArguments *arguments) {
  Hall *hall = g_new0(Hall, 1);
  hall->options = options;
  if (arguments != NULL)
    hall->results = open_results(arguments);
  hall->answering = answering_new(options, hall->results, arguments != NULL && arguments->is_none);
  return hall;
}

void hall_close(Hall *hall) {
  if (hall == NULL)
    return;
  answering_free(hall->answering);
  g_autofree gchar *remark = results_close(hall->results);
  if (remark != NULL)
    complain("%s", remark);
  g_free(hall);
}

guint hall_runs(const Hall *hall) {
  return answering_runs(hall->answering);
}

guint hall_answers(const Hall *hall) {
  return answering_answers(hall->answering);
}

gboolean hall_has_run(const Hall *hall, const Snippet *snippet) {
  return answering_has_run(hall->answering, snippet);
}

void hall_explain(Hall *hall, const Snippet *snippet) {
  answering_explain(hall->answering, snippet);
}

const gchar *hall_reason(const Hall *hall) {
  return answering_reason(hall->answering);
}

const RunnerOptions *hall_options(const Hall *hall) {
  return hall->options;
}

gboolean hall_is_timed(const Hall *hall, const Snippet *snippet, const Transcript *transcript) {
  return run_is_timed(transcript, is_timed(snippet, part_of(hall, snippet)));
}

Results *hall_results(Hall *hall) {
  return hall->results;
}

const gchar *hall_python(const Hall *hall) {
  return answering_python(hall->answering);
}
