/*
 * proctor check: every snippet sits the exam and is marked.
 */
#include "cli/check.h"

#include <unistd.h>

#include "bank/health.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "cli/hall.h"
#include "cli/material.h"
#include "cli/remembering.h"
#include "cli/reports.h"
#include "cli/selecting.h"
#include "report/report.h"
#include "report/text.h"

typedef struct {
  const Material *material;
  const Selection *selection;
  Hall *hall;
  gboolean is_whole; /* no other documents have any of the expectations */
  Health *health;
  Report *report;
  FILE *out; /* the human report */
  Ledger ledger;
  guint known;             /* blocks that nothing was run for */
  GHashTable *has_verdict; /* Snippet * */
  GHashTable *alone;       /* Snippet * -> whether it is as it should be: those that are doubtful,
                              and that no earlier block ran before */
  gboolean is_sure;        /* nothing is doubtful any more */
  Remembering *remembering;
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

/* Whether earlier blocks cannot have been of use to it. */
static gboolean is_satisfied(const Verdict *verdict) {
  guint holding = verdict_count(verdict, CLAIM_HOLDS);
  return verdict->class == VERDICT_VERIFIED && holding == verdict->results->len;
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Check *check = data;
  GHashTable *doubtful = check->is_sure ? NULL : check->selection->doubtful;
  if (doubtful != NULL && transcript->prelude == 0 && g_hash_table_contains(doubtful, snippet)) {
    g_hash_table_insert(check->alone, (gpointer)snippet, GINT_TO_POINTER(is_satisfied(verdict)));
    return TRUE;
  }
  ledger_add(&check->ledger, verdict);
  health_add(check->health, snippet, verdict);
  check->known += transcript->kept_us != 0 && !hall_has_run(check->hall, snippet);
  g_hash_table_add(check->has_verdict, (gpointer)snippet);
  report_verdict(check->report, snippet, transcript, verdict);
  remembering_add(check->remembering, snippet, transcript, verdict);
  return !ferror(check->out);
}

/* What an interrupted run has not come to counts as our failure, so that the
 * ledger adds up to the blocks. */
static GPtrArray *count_unfinished(Check *check) {
  g_autoptr(Verdict) verdict = verdict_new(VERDICT_INFRA);
  GPtrArray *unfinished = g_ptr_array_new();
  const GPtrArray *documents = check->material->bank->documents;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint j = 0; j < document->snippets->len; j++) {
      gpointer snippet = g_ptr_array_index(document->snippets, j);
      if (g_hash_table_contains(check->has_verdict, snippet) ||
          !exam_wants(check->selection->wanted, snippet))
        continue;
      g_ptr_array_add(unfinished, snippet);
      ledger_add(&check->ledger, verdict);
    }
  }
  return unfinished;
}

/* A remark about what nobody edited would be told again and again. */
static gboolean is_asked_about(const Check *check, const Document *document, const Remark *remark) {
  const Selection *selection = check->selection;
  gboolean is_selected = selection->text != NULL;
  for (guint i = 0; is_selected && i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    if (remark->line + 1 >= snippet->first_line && remark->line <= snippet->last_line &&
        exam_wants(selection->wanted, snippet) &&
        (selection->doubtful == NULL || !g_hash_table_contains(selection->doubtful, snippet)))
      return TRUE;
  }
  return !is_selected;
}

static void report_bank(Check *check) {
  const Bank *bank = check->material->bank;
  report_begin(check->report, bank->documents);
  for (guint i = 0; i < bank->problems->len; i++) {
    const BankProblem *problem = g_ptr_array_index(bank->problems, i);
    report_problem(check->report, problem->path, problem->message);
  }
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    for (guint j = 0; j < document->remarks->len; j++) {
      const Remark *remark = g_ptr_array_index(document->remarks, j);
      if (is_asked_about(check, document, remark))
        report_remark(check->report, document, remark);
    }
  }
}

/* A file that cannot be used is a problem whether a block has it or not. */
static gboolean report_broken_fixtures(Check *check) {
  const GPtrArray *fixtures = check->material->equipment->fixtures;
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
  const Config *config = check->material->equipment->config;
  g_autoptr(GPtrArray) lines =
      equipment_conflicts(check->material->equipment, check->material->bank->documents);
  for (guint i = 0; i < lines->len; i++)
    report_problem(check->report, config != NULL ? config_path(config) : CONFIG_NAME,
                   g_ptr_array_index(lines, i));
}

static gboolean report_broken_expectations(Check *check) {
  if (check->material->expectations == NULL)
    return FALSE;
  g_autoptr(GPtrArray) broken = expectations_broken(check->material->expectations);
  for (guint i = 0; i < broken->len; i++) {
    const Expectation *expectation = g_ptr_array_index(broken, i);
    report_problem(check->report, expectation->path, expectation->problem);
  }
  return broken->len > 0;
}

static void note_stale(const Check *check) {
  if (check->material->expectations == NULL)
    return;
  g_autoptr(GPtrArray) stale = expectations_stale(check->material->expectations, check->is_whole);
  for (guint i = 0; i < stale->len; i++) {
    const Expectation *expectation = g_ptr_array_index(stale, i);
    g_autofree gchar *path = text_one_line(expectation->path, -1, 0);
    fprintf(check->out, "%s: no block has this expectation any more\n", path);
  }
  if (stale->len > 0)
    fprintf(check->out, "'proctor accept --remove-stale' removes %s\n",
            stale->len == 1 ? "it" : "them");
}

/* Notes what was run in the history; says what takes longer than it used to. */
static void remember(const Check *check) {
  g_autoptr(GPtrArray) slower = remembering_finish(check->remembering);
  for (guint i = 0; i < slower->len; i++)
    fprintf(check->out, "%s\n", (const gchar *)g_ptr_array_index(slower, i));
}

/* Runs those that are wanted. Returns FALSE after having complained. */
static gboolean sit(Check *check, GHashTable *wanted, SittingEnd *end) {
  g_autoptr(GError) error = NULL;
  Sitting sitting = {.documents = check->material->bank->documents,
                     .wanted = wanted,
                     .verdict = on_verdict,
                     .data = check,
                     .expectations = check->material->expectations};
  sitting_end_clear(end);
  if (hall_sit(check->hall, &sitting, end, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

static gboolean on_older_verdict(const Snippet *snippet, const Transcript *transcript,
                                 G_GNUC_UNUSED const Verdict *verdict, gpointer data) {
  if (transcript->prelude > 0)
    g_hash_table_add(data, (gpointer)snippet);
  return TRUE;
}

/* Of these, adds those to `after` that ran after earlier blocks in the older bank. */
static gboolean sit_older(Check *check, GHashTable *wanted, GHashTable *after, SittingEnd *end) {
  g_autoptr(GError) error = NULL;
  const Material *older = check->selection->older;
  Sitting sitting = {.documents = older->bank->documents,
                     .wanted = wanted,
                     .verdict = on_older_verdict,
                     .data = after,
                     .expectations = older->expectations};
  if (g_hash_table_size(wanted) == 0)
    return TRUE;
  sitting_end_clear(end);
  if (hall_sit(check->hall, &sitting, end, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

/* What ran alone is as it was if it ran alone before, too: then nobody asked for it. Else it lost
 * the earlier blocks that it needed. Returns FALSE after having complained. */
static gboolean settle_doubts(Check *check, SittingEnd *end) {
  g_autoptr(GHashTable) older = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) after = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) changed = g_hash_table_new(NULL, NULL);
  GHashTable *doubtful = check->selection->doubtful;
  GHashTableIter iter;
  gpointer snippet, is_satisfied;
  g_hash_table_iter_init(&iter, check->alone);
  while (g_hash_table_iter_next(&iter, &snippet, &is_satisfied))
    if (!GPOINTER_TO_INT(is_satisfied))
      g_hash_table_add(older, g_hash_table_lookup(doubtful, snippet));
  if (!sit_older(check, older, after, end))
    return FALSE;
  if (!end->is_over)
    return TRUE;
  g_hash_table_iter_init(&iter, check->alone);
  while (g_hash_table_iter_next(&iter, &snippet, NULL)) {
    if (g_hash_table_contains(after, g_hash_table_lookup(doubtful, snippet)))
      g_hash_table_add(changed, snippet);
    else
      g_hash_table_remove(check->selection->wanted, snippet);
  }
  check->is_sure = TRUE;
  return g_hash_table_size(changed) == 0 || sit(check, changed, end);
}

/* Runs what there is to run; then no process of ours is left. Returns FALSE after having
 * complained. */
static gboolean sit_all(Check *check, SittingEnd *end) {
  GHashTable *wanted = check->selection->wanted;
  g_autoptr(SignalWatch) watch = signal_watch_new(); /* between sittings, too */
  gboolean could_run = TRUE;
  if (wanted != NULL && g_hash_table_size(wanted) == 0)
    end->is_over = TRUE;
  else
    could_run = sit(check, wanted, end);
  if (could_run && end->is_over && g_hash_table_size(check->alone) > 0)
    could_run = settle_doubts(check, end);
  hall_rest(check->hall);
  return could_run;
}

static int run_check(Check *check, guint lanes, gboolean is_strict) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  const Bank *bank = check->material->bank;
  const Selection *selection = check->selection;
  guint blocks = bank_count(bank);
  gint64 start_us = g_get_monotonic_time();
  report_bank(check);
  gboolean is_broken = report_broken_expectations(check);
  is_broken = report_broken_fixtures(check) || is_broken;
  report_conflicts(check);
  if (!sit_all(check, &end))
    return CLI_FAILED;
  guint asked = selection->wanted != NULL ? g_hash_table_size(selection->wanted) : blocks;

  g_autoptr(GPtrArray) unfinished = count_unfinished(check);
  int code = check_exit_code(&check->ledger, !end.is_over || bank->problems->len > 0, is_strict);
  /* That nothing of what there is was asked for is as good as can be. */
  if (code == CLI_NOTHING && blocks > 0)
    code = CLI_OK;
  if (is_broken && code != CLI_FAILED)
    code = CLI_WRONG;
  ReportSummary summary = {.ledger = check->ledger,
                           .is_incomplete = !end.is_over,
                           .seconds = (gdouble)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC,
                           .lanes = MIN(lanes, check->ledger.blocks - check->known),
                           .python = end.python,
                           .unfinished = unfinished,
                           .known = check->known,
                           .left_out = blocks - asked,
                           .selection = selection->text,
                           .health = selection->text == NULL ? check->health : NULL,
                           .shard = selection->shard,
                           .is_strict = is_strict,
                           .exit_code = code};
  gboolean is_reported = report_end(check->report, &summary, &error);
  if (!is_reported) {
    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE)) {
      hall_close(check->hall); /* what was run is kept all the same */
      die_of_broken_pipe();
    }
    complain("%s", error->message);
    return CLI_FAILED;
  }
  if (selection->wanted == NULL)
    note_stale(check);
  remember(check);
  if (blocks == 0)
    complain("nothing to run: no Python block in %u document%s", bank->documents->len,
             bank->documents->len == 1 ? "" : "s");
  return code;
}

int command_check(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  g_auto(ResultsArguments) results = {0};
  g_auto(ReportsArguments) reports = {0};
  g_auto(SelectingArguments) selecting = {0};
  gboolean is_strict = FALSE;
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"strict", 0, 0, G_OPTION_ARG_NONE, &is_strict,
       "Want every block verified, or skipped with a reason", NULL},
      {"since", 0, 0, G_OPTION_ARG_STRING, &selecting.since,
       "Only blocks that changed since a revision of git", "REV"},
      {"staged", 0, 0, G_OPTION_ARG_NONE, &selecting.is_staged,
       "The documents as they are staged; only blocks that changed since HEAD", NULL},
      {"rev", 0, 0, G_OPTION_ARG_STRING, &selecting.revision,
       "The documents as they are in a revision of git", "REV"},
      {"shard", 0, 0, G_OPTION_ARG_STRING, &selecting.shard,
       "Only the I-th of N parts of about the same time", "I/N"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary = "Runs every Python block of the documents and folders (default: the current\n"
                 "folder) and marks it against what the text says about it. What was run before\n"
                 "and cannot have changed is not run again.",
      .description = EQUIPMENT_NOTE
      "Exit code, the first that applies:\n"
      "  2  usage, a path or a revision that is missing or unusable, an error in the\n"
      "     configuration; nothing was run\n"
      "  3  proctor failed, was interrupted, or could not read part of a folder\n"
      "  1  a block is false, changed, crashed or hung, or an expectation or a fixture\n"
      "     cannot be read; with --strict: any block is not verified\n"
      "  4  there was nothing to run\n"
      "  0  otherwise\n",
      .entries = entries,
      .run = &arguments,
      .equipment = &equipment,
      .takes_expected = TRUE,
      .results = &results,
      .reports = &reports};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;

  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_autoptr(Report) report = report_new();
  reports.is_strict = is_strict;
  if (!reports_add(&reports, report))
    return CLI_USAGE;
  g_autoptr(Source) source = source_open(selecting.revision, selecting.is_staged, paths);
  g_autoptr(Material) material =
      source != NULL ? material_open(source->files, paths, &equipment) : NULL;
  g_autoptr(Hall) hall = material != NULL ? hall_open(&options, &results) : NULL;
  g_autoptr(Selection) selection =
      hall != NULL ? selection_open(&selecting, source, material, paths, &equipment, hall) : NULL;
  if (selection == NULL)
    return CLI_USAGE;

  reports.files = source->files;
  broken_pipes_fail();
  FILE *out = reports_terminal(&reports);
  TerminalOptions terminal = {.out = out,
                              .progress = isatty(STDERR_FILENO) ? stderr : NULL,
                              .use_colour = wants_colour(out),
                              .is_strict = is_strict};
  report_add(report, terminal_sink_new(&terminal));
  g_autoptr(GHashTable) has_verdict = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) alone = g_hash_table_new(NULL, NULL);
  g_autoptr(Health) health = bank_health(material->bank->documents);
  g_autoptr(Remembering) remembering = remembering_new(hall, source);
  Check check = {.material = material,
                 .selection = selection,
                 .hall = hall,
                 .is_whole = material->expectations != NULL &&
                             expecting_is_whole(source->files, material->expectations, paths),
                 .health = health,
                 .report = report,
                 .out = out,
                 .has_verdict = has_verdict,
                 .alone = alone,
                 .remembering = remembering};
  code = run_check(&check, options.lanes, is_strict);
  material_leave(g_steal_pointer(&material)); /* it may be large */
  return code;
}
