/*
 * proctor check: every snippet sits the exam and is marked.
 */
#include "cli/check.h"

#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/equipping.h"
#include "cli/expecting.h"
#include "cli/sitting.h"
#include "report/report.h"
#include "report/text.h"
#include "report/trace.h"

typedef struct {
  const Bank *bank;
  const Equipment *equipment;
  const Expectations *expectations; /* NULL for none */
  gboolean is_whole;                /* no other documents have any of them */
  Report *report;
  FILE *out; /* the human report */
  Ledger ledger;
  GHashTable *has_verdict; /* Snippet * */
} Check;

int check_exit_code(const Ledger *ledger, gboolean is_incomplete, gboolean is_strict) {
  gboolean is_wrong = FALSE;
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    gboolean minds = is_strict ? class != VERDICT_VERIFIED && class != VERDICT_SKIPPED
                               : verdict_class_fails(class);
    is_wrong |= minds && ledger->classes[class] > 0;
  }
  if (is_incomplete || ledger->classes[VERDICT_INFRA] > 0)
    return CLI_FAILED;
  if (is_wrong)
    return CLI_WRONG;
  return ledger->blocks == 0 ? CLI_NOTHING : CLI_OK;
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Check *check = data;
  ledger_add(&check->ledger, verdict);
  g_hash_table_add(check->has_verdict, (gpointer)snippet);
  report_verdict(check->report, snippet, transcript, verdict);
  return !ferror(check->out);
}

/* What an interrupted run has not come to counts as our failure, so that the
 * ledger adds up to the blocks. */
static GPtrArray *count_unfinished(Check *check) {
  g_autoptr(Verdict) verdict = verdict_new(VERDICT_INFRA);
  GPtrArray *unfinished = g_ptr_array_new();
  for (guint i = 0; i < check->bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(check->bank->documents, i);
    for (guint j = 0; j < document->snippets->len; j++) {
      gpointer snippet = g_ptr_array_index(document->snippets, j);
      if (g_hash_table_contains(check->has_verdict, snippet))
        continue;
      g_ptr_array_add(unfinished, snippet);
      ledger_add(&check->ledger, verdict);
    }
  }
  return unfinished;
}

static void report_bank(Check *check) {
  const Bank *bank = check->bank;
  report_begin(check->report, bank->documents);
  for (guint i = 0; i < bank->problems->len; i++) {
    const BankProblem *problem = g_ptr_array_index(bank->problems, i);
    report_problem(check->report, problem->path, problem->message);
  }
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    for (guint j = 0; j < document->remarks->len; j++)
      report_remark(check->report, document, g_ptr_array_index(document->remarks, j));
  }
}

/* A file that cannot be used is a problem whether a block has it or not. */
static gboolean report_broken_fixtures(Check *check) {
  const GPtrArray *fixtures = check->equipment->fixtures;
  gboolean is_broken = FALSE;
  for (guint i = 0; i < fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(fixtures, i);
    if (fixture->problem == NULL)
      continue;
    report_fixture(check->report, fixture, NULL, fixture->problem, NULL);
    is_broken = TRUE;
  }
  return is_broken;
}

/* It is for the configuration to settle them. */
static void report_conflicts(Check *check) {
  const Config *config = check->equipment->config;
  g_autoptr(GPtrArray) lines = equipment_conflicts(check->equipment, check->bank->documents);
  for (guint i = 0; i < lines->len; i++)
    report_problem(check->report, config != NULL ? config_path(config) : CONFIG_NAME,
                   g_ptr_array_index(lines, i));
}

static gboolean report_broken_expectations(Check *check) {
  if (check->expectations == NULL)
    return FALSE;
  g_autoptr(GPtrArray) broken = expectations_broken(check->expectations);
  for (guint i = 0; i < broken->len; i++) {
    const Expectation *expectation = g_ptr_array_index(broken, i);
    report_problem(check->report, expectation->path, expectation->problem);
  }
  return broken->len > 0;
}

static void note_stale(const Check *check) {
  if (check->expectations == NULL)
    return;
  g_autoptr(GPtrArray) stale = expectations_stale(check->expectations, check->is_whole);
  for (guint i = 0; i < stale->len; i++) {
    const Expectation *expectation = g_ptr_array_index(stale, i);
    g_autofree gchar *path = text_one_line(expectation->path, -1, 0);
    fprintf(check->out, "%s: no block has this expectation any more\n", path);
  }
  if (stale->len > 0)
    fprintf(check->out, "'proctor accept --remove-stale' removes %s\n",
            stale->len == 1 ? "it" : "them");
}

/* Runs what there is to run. Returns FALSE after having complained. */
static gboolean sit(Check *check, const RunnerOptions *options, SittingEnd *end) {
  g_autoptr(GError) error = NULL;
  Sitting sitting = {check->bank->documents, options, on_verdict, check, check->expectations};
  if (bank_count(check->bank) == 0) {
    end->is_over = TRUE;
    return TRUE;
  }
  if (sitting_hold(&sitting, end, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

static int run_check(Check *check, const RunnerOptions *options, gboolean is_strict) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  gint64 start_us = g_get_monotonic_time();
  report_bank(check);
  gboolean is_broken = report_broken_expectations(check);
  is_broken = report_broken_fixtures(check) || is_broken;
  report_conflicts(check);
  if (!sit(check, options, &end))
    return CLI_FAILED;

  g_autoptr(GPtrArray) unfinished = count_unfinished(check);
  ReportSummary summary = {.ledger = check->ledger,
                           .is_incomplete = !end.is_over,
                           .seconds = (gdouble)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC,
                           .lanes = MIN(options->lanes, check->ledger.blocks),
                           .python = end.python,
                           .unfinished = unfinished};
  gboolean is_reported = report_end(check->report, &summary, &error);
  if (!is_reported) {
    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
      die_of_broken_pipe();
    complain("%s", error->message);
    return CLI_FAILED;
  }
  note_stale(check);
  if (check->ledger.blocks == 0)
    complain("nothing to run: no Python block in %u document%s", check->bank->documents->len,
             check->bank->documents->len == 1 ? "" : "s");
  int code =
      check_exit_code(&check->ledger, !end.is_over || check->bank->problems->len > 0, is_strict);
  return is_broken && code != CLI_FAILED ? CLI_WRONG : code;
}

/* `--json lesson.md` forgets the report's name. */
static gboolean is_document(const gchar *path) {
  return (g_str_has_suffix(path, ".md") || g_str_has_suffix(path, ".markdown")) &&
         g_file_test(path, G_FILE_TEST_EXISTS);
}

int command_check(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment_arguments = {0};
  g_autofree gchar *json = NULL;
  g_autofree gchar *trace = NULL;
  gboolean is_strict = FALSE;
  g_autofree gchar *folder = NULL;
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &json,
       "Write everything as JSON to FILE, or to standard output for '-'", "FILE"},
      {"trace", 0, 0, G_OPTION_ARG_FILENAME, &trace,
       "Write who held the GIL in each block with threads to DIR/ID.json, for Perfetto", "DIR"},
      {"expected", 0, 0, G_OPTION_ARG_FILENAME, &folder,
       "The folder of the expectations (the nearest 'expected')", "DIR"},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &is_strict,
       "Want every block verified, or skipped with a reason", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary = "Runs every Python block of the documents and folders (default: the current\n"
                 "folder) and marks it against what the text says about it.",
      .description = EQUIPMENT_NOTE
      "Exit code, the first that applies:\n"
      "  2  usage, a path that is missing or unusable, an error in the configuration;\n"
      "     nothing was run\n"
      "  3  proctor failed, was interrupted, or could not read part of a folder\n"
      "  1  a block is false, changed, crashed or hung, or an expectation or a fixture\n"
      "     cannot be read; with --strict: any block is not verified\n"
      "  4  there was nothing to run\n"
      "  0  otherwise\n",
      .entries = entries,
      .run = &arguments,
      .equipment = &equipment_arguments};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;

  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_autoptr(GError) error = NULL;
  g_autoptr(Report) report = report_new();
  FILE *out = g_strcmp0(json, "-") == 0 ? stderr : stdout;
  if (json != NULL && is_document(json)) {
    complain("--json: '%s' is a document, which the report would replace; name the report's file "
             "behind --json",
             json);
    return CLI_USAGE;
  }
  if (json != NULL) {
    ReportSink *sink = json_sink_new(json, PROCTOR_VERSION, &error);
    if (sink == NULL) {
      complain("%s", error->message);
      return CLI_USAGE;
    }
    report_add(report, sink);
  }
  const Bank *bank = bank_open(paths);
  g_autoptr(Equipment) equipment =
      bank != NULL ? equipment_open(&equipment_arguments, bank->documents) : NULL;
  g_autoptr(Expectations) expectations = NULL;
  if (equipment == NULL ||
      !expecting_open(equipment_expected(equipment, folder), bank->documents, FALSE, &expectations))
    return CLI_USAGE;
  if (trace != NULL) {
    ReportSink *sink = trace_sink_new(trace, &error);
    if (sink == NULL) {
      complain("%s", error->message);
      return CLI_USAGE;
    }
    report_add(report, sink);
  }

  broken_pipes_fail();
  TerminalOptions terminal = {.out = out,
                              .progress = isatty(STDERR_FILENO) ? stderr : NULL,
                              .use_colour = wants_colour(out),
                              .is_strict = is_strict};
  report_add(report, terminal_sink_new(&terminal));
  g_autoptr(GHashTable) has_verdict = g_hash_table_new(NULL, NULL);
  Check check = {.bank = bank,
                 .equipment = equipment,
                 .expectations = expectations,
                 .is_whole = expectations != NULL && expecting_is_whole(expectations, paths),
                 .report = report,
                 .out = out,
                 .has_verdict = has_verdict};
  return run_check(&check, &options, is_strict);
}
