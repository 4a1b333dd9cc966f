/*
 * proctor time: one block, repeated and measured.
 *
 * Runs are made one after another on one lane, so that none disturbs another. The first
 * finds out which earlier blocks it needs and warms caches up; it does not count.
 */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/material.h"
#include "cli/sitting.h"
#include "cli/tries.h"
#include "report/destination.h"
#include "report/timing.h"

#define RUNS_LEAST 10u
#define RUNS_MOST 10000u
#define ENOUGH_US (3 * (gint64)G_USEC_PER_SEC)

typedef struct {
  Runner *runner;
  Tries tries;
  RunRequest request;
  guint wanted; /* runs; 0: as many as make it clear */
  gint64 start_us;
  Timing *timing;
  Transcript *first; /* of the run that does not count; NULL until it is over */
  gboolean is_over;
} Series;

static void on_done(Transcript *transcript, gpointer data);

static void run_again(Series *series) {
  runner_submit(series->runner, &series->request, on_done, series);
}

static gboolean is_enough(const Series *series) {
  guint runs = series->timing->wall->len;
  if (series->wanted > 0)
    return runs >= series->wanted;
  gint64 past_us = g_get_monotonic_time() - series->start_us;
  return runs >= RUNS_MOST || (runs >= RUNS_LEAST && past_us >= ENOUGH_US);
}

/* What never ends, or did not run at all, has no time. */
static gboolean is_timed(const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
  case OUTCOME_RAISED:
  case OUTCOME_EXITED:
  case OUTCOME_SIGNALLED:
    return TRUE;
  default:
    return FALSE;
  }
}

static void on_done(Transcript *transcript, gpointer data) {
  Series *series = data;
  g_autoptr(Transcript) run = transcript;
  if (series->first == NULL && tries_next(&series->tries, run->outcome)) {
    tries_fill(&series->tries, &series->request);
    run_again(series);
    return;
  }
  if (series->first == NULL) {
    series->first = g_steal_pointer(&run);
    series->is_over = !is_timed(series->first);
    series->start_us = g_get_monotonic_time();
  } else {
    timing_add(series->timing, run);
    series->is_over = is_enough(series);
  }
  if (!series->is_over)
    run_again(series);
}

static gboolean write_json(const Timing *timing, const gchar *path) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = timing_json(timing);
  g_autoptr(Destination) destination = destination_open(path, &error);
  if (destination != NULL) {
    destination_print(destination, "%s", text);
    if (destination_commit(destination, &error))
      return TRUE;
  }
  complain("%s", error->message);
  return FALSE;
}

static int tell(const Series *series, const gchar *json) {
  Timing *timing = series->timing;
  FILE *out = g_strcmp0(json, "-") == 0 ? stderr : stdout;
  if (timing->wall->len == 0) {
    g_autofree gchar *outcome = transcript_outcome_text(series->first);
    complain("nothing to time: %s", outcome);
    return series->first->outcome == OUTCOME_FAILED ? CLI_FAILED : CLI_WRONG;
  }
  g_autofree gchar *text = timing_text(timing, isatty(fileno(out)));
  fputs(text, out);
  if (json != NULL && !write_json(timing, json))
    return CLI_FAILED;
  return output_finish() ? CLI_OK : CLI_FAILED;
}

static int measure(const Snippet *subject, const RunnerOptions *options, guint wanted,
                   const gchar *json) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SignalWatch) watch = signal_watch_new();
  g_auto(Tries) tries = tries_new(subject);
  g_autoptr(Timing) timing = timing_new(subject);
  g_autoptr(Runner) runner = runner_new(options, &error);
  if (runner == NULL) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  Series series = {.runner = runner, .tries = tries, .wanted = wanted, .timing = timing};
  tries_fill(&series.tries, &series.request);
  run_again(&series);
  while (!series.is_over && signal_watch_signal(watch) == 0)
    g_main_context_iteration(NULL, TRUE);

  guint isolation;
  if (!runner_describe(runner, &isolation, &timing->python))
    timing->python = NULL;
  timing->prelude = series.request.prelude_count;
  timing->total = (gdouble)(g_get_monotonic_time() - series.start_us) / G_USEC_PER_SEC;
  g_clear_pointer(&runner, runner_free);
  g_autoptr(Transcript) first = series.first;
  /* A person who has seen enough wants to know what was measured. */
  if (!series.is_over && timing->wall->len < RUNS_LEAST) {
    complain("interrupted after too few runs");
    return CLI_FAILED;
  }
  return tell(&series, json);
}

int command_time(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  g_autofree gchar *json = NULL;
  gint count = 0;
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"count", 'n', 0, G_OPTION_ARG_INT, &count,
       "Run it N times (as often as 3 s allow, at least 10 times)", "N"},
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &json,
       "Write everything as JSON to FILE, or to standard output for '-'", "FILE"},
      {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments.timeout, "Stop a run after SECONDS (10)",
       "SECONDS"},
      {"python", 0, 0, G_OPTION_ARG_STRING, &arguments.python,
       "Run under this Python (" PROCTOR_DEFAULT_PYTHON ")", "X.Y"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary = "Repeats one block of the documents and folders (default: the current folder),\n"
                 "after the earlier blocks that it needs, and says how long it takes: from the\n"
                 "start of its process to its end, without that of Python itself.",
      .description = EQUIPMENT_NOTE
      "Exit code: 0; 1 there is nothing to time, since it never ends or does not\n"
      "run; 2 usage or no such block; 3 proctor failed or was interrupted.\n",
      .entries = entries,
      .equipment = &equipment};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (words == NULL) {
    complain("time: which block? (see 'proctor time --help')");
    return CLI_USAGE;
  }
  if (count < 0) {
    complain("time: -n takes a number of runs");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  options.lanes = 1;
  g_autoptr(Material) material =
      material_open_for(MATERIAL_BARE, words[0], files_disk(), words + 1, &equipment);
  if (material == NULL)
    return CLI_USAGE;
  broken_pipes_fail();
  return measure(material->subject, &options, (guint)count, json);
}
