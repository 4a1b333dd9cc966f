/*
 * proctor diff: what changed in behaviour between two versions of a bank.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/comparing.h"
#include "cli/hall.h"
#include "cli/rerunning.h"
#include "cli/source.h"
#include "report/behaviour.h"
#include "report/destination.h"

typedef struct {
  RunArguments run;
  EquipmentArguments equipment;
  ResultsArguments results;
  gchar *json, *markdown;
  GStrv words; /* the revisions, if any, and paths */
} DiffArguments;

static void diff_arguments_clear(DiffArguments *arguments) {
  run_arguments_clear(&arguments->run);
  equipment_arguments_clear(&arguments->equipment);
  results_arguments_clear(&arguments->results);
  g_free(arguments->json);
  g_free(arguments->markdown);
  g_strfreev(arguments->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DiffArguments, diff_arguments_clear)

/* A version of the bank. */
typedef struct {
  Commit *commit; /* NULL for the disk */
  Files *owned;
  const Files *files;
  gchar *name; /* "main (1a2b3c4)", "the disk" */
  VersionEnd end;
  Material *material; /* NULL unless end is VERSION_READ */
} Version;

typedef struct {
  DiffArguments arguments;
  Source source;    /* for its repository */
  gchar *from, *to; /* revisions; to is NULL for the disk */
  gboolean is_parting;
  gchar **paths; /* of the arguments; NULL for none */
  Version before, after;
  Destination *json, *markdown; /* NULL where they are not asked for */
} Diff;

static void version_clear(Version *version) {
  g_clear_pointer(&version->material, material_free);
  files_free(version->owned);
  g_clear_pointer(&version->commit, commit_free);
  g_free(version->name);
}

static void diff_clear(Diff *diff) {
  g_clear_pointer(&diff->json, destination_free);
  g_clear_pointer(&diff->markdown, destination_free);
  version_clear(&diff->before);
  version_clear(&diff->after);
  g_clear_pointer(&diff->source.repository, repository_free);
  g_free(diff->from);
  g_free(diff->to);
  diff_arguments_clear(&diff->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Diff, diff_clear)

/* --- which versions ------------------------------------------------------------------------ */

/* A second revision is no path. FALSE after having complained. */
static gboolean check_second(const Diff *diff, const gchar *first, const gchar *second) {
  if (second == NULL || g_file_test(second, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr(Commit) commit = repository_resolve(diff->source.repository, second, NULL);
  if (commit != NULL)
    complain("%s: no such path; two revisions are compared by '%s..%s'", second, first, second);
  return commit == NULL;
}

/* Takes the revisions from the front of the words: the first one, if it is a range, or names a
 * revision. A path that could be either is the revision; "./NAME" is the path. */
static gboolean take_revisions(Diff *diff) {
  gchar **words = diff->arguments.words;
  const gchar *first = words != NULL ? words[0] : NULL;
  gboolean is_taken = FALSE;
  if (first != NULL && !g_file_test(first, G_FILE_TEST_EXISTS) &&
      revision_range_split(first, &diff->from, &diff->to, &diff->is_parting))
    is_taken = TRUE;
  /* What is not there is hardly the path that the repository is to be looked for at. */
  gboolean is_word =
      is_taken || (first != NULL && words[1] != NULL && !g_file_test(first, G_FILE_TEST_EXISTS));
  if (!source_open_repository(&diff->source, is_word ? words + 1 : words))
    return FALSE;
  if (first != NULL && !is_taken) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Commit) commit = repository_resolve(diff->source.repository, first, &error);
    is_taken = commit != NULL;
    if (!is_taken && !g_file_test(first, G_FILE_TEST_EXISTS)) {
      /* Gone from the disk, perhaps; then a revision has it. */
      g_autoptr(Commit) head = repository_head(diff->source.repository, NULL);
      g_autoptr(Files) files =
          head != NULL ? repository_files(diff->source.repository, head, NULL) : NULL;
      if (files == NULL || files_kind(files, first) == FILE_MISSING) {
        complain("%s", error->message);
        return FALSE;
      }
    }
    diff->from = is_taken ? g_strdup(first) : NULL;
  }
  if (diff->from == NULL)
    diff->from = g_strdup("HEAD");
  diff->paths = words != NULL && is_taken ? words + 1 : words;
  if (is_taken && diff->to == NULL && !check_second(diff, first, words[1]))
    return FALSE;
  if (diff->paths != NULL && *diff->paths == NULL)
    diff->paths = NULL;
  return TRUE;
}

/* FALSE after having complained. revision is NULL for the disk. Takes commit over. */
static gboolean open_files(const Diff *diff, Version *version, const gchar *revision,
                           Commit *commit) {
  g_autoptr(GError) error = NULL;
  version->commit = commit;
  version->files = files_disk();
  if (commit == NULL) {
    version->name = g_strdup("the disk");
    return TRUE;
  }
  version->name = revision_text(revision, commit);
  version->files = version->owned = repository_files(diff->source.repository, commit, &error);
  if (version->owned == NULL)
    complain("%s", error->message);
  return version->owned != NULL;
}

static gboolean read_version(const Diff *diff, Version *version, const Files *newer) {
  g_autofree gchar *problem = NULL;
  version->end = version_open(version->files, newer, diff->paths, &diff->arguments.equipment,
                              &version->material, &problem);
  if (version->end == VERSION_BROKEN)
    complain("the bank cannot be read as it is at %s: %s", version->name, problem);
  return version->end != VERSION_BROKEN;
}

static gboolean open_versions(Diff *diff) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Commit) from = repository_resolve(diff->source.repository, diff->from, &error);
  g_autoptr(Commit) to = from != NULL && diff->to != NULL
                             ? repository_resolve(diff->source.repository, diff->to, &error)
                             : NULL;
  if (error == NULL && diff->is_parting) {
    Commit *base = repository_merge_base(diff->source.repository, from, to, &error);
    g_clear_pointer(&from, commit_free);
    from = base;
  }
  if (error != NULL) {
    complain("%s", error->message);
    return FALSE;
  }
  g_autofree gchar *base =
      diff->is_parting ? g_strdup_printf("where %s and %s parted", diff->from, diff->to) : NULL;
  if (!open_files(diff, &diff->before, base != NULL ? base : diff->from, g_steal_pointer(&from)) ||
      !open_files(diff, &diff->after, diff->to, g_steal_pointer(&to)) ||
      !read_version(diff, &diff->before, diff->after.files) ||
      !read_version(diff, &diff->after, NULL))
    return FALSE;
  if (diff->before.end == VERSION_ABSENT && diff->after.end == VERSION_ABSENT) {
    complain("%s: neither in %s nor in %s", diff->paths != NULL ? *diff->paths : ".",
             diff->before.name, diff->after.name);
    return FALSE;
  }
  return TRUE;
}

/* --- what changed -------------------------------------------------------------------------- */

/* Whether its id is another one only for the document's name. */
static gboolean has_same_place(const Kin *kin) {
  const Snippet *old = kin->before, *new = kin->after;
  return g_str_has_prefix(old->id, old->document->name) &&
         g_str_has_prefix(new->id, new->document->name) &&
         g_str_equal(old->id + strlen(old->document->name), new->id + strlen(new->document->name));
}

/* gchar *, owned: which documents have another name. */
static GPtrArray *renames_collect(const Comparison *comparison) {
  GPtrArray *renames = g_ptr_array_new_with_free_func(g_free);
  const GPtrArray *all = lineage_all(comparison_lineage(comparison));
  for (guint i = 0; i < all->len; i++) {
    const Kin *kin = g_ptr_array_index(all, i);
    const gchar *old = kin->before != NULL ? kin->before->document->path : NULL;
    const gchar *new = kin->after != NULL ? kin->after->document->path : NULL;
    if (old == NULL || new == NULL || kin->is_moved || g_str_equal(old, new))
      continue;
    gchar *said = g_strdup_printf("%s is %s now", old, new);
    if (g_ptr_array_find_with_equal_func(renames, said, g_str_equal, NULL))
      g_free(said);
    else
      g_ptr_array_add(renames, said);
  }
  return renames;
}

/* BehaviourChange *, owned: all in which anything is not as it was. */
static GPtrArray *changes_collect(const Comparison *comparison) {
  GPtrArray *changes = g_ptr_array_new_with_free_func((GDestroyNotify)behaviour_change_free);
  const GPtrArray *all = lineage_all(comparison_lineage(comparison));
  for (guint i = 0; i < all->len; i++) {
    const Kin *kin = g_ptr_array_index(all, i);
    Changes what = kin->after != NULL ? comparison_changes(comparison, kin) : 0;
    gboolean is_renumbered = kin->is_renamed && !has_same_place(kin);
    if (what == 0 && kin->after != NULL && !is_renumbered && !kin->is_moved)
      continue;
    BehaviourChange *change = behaviour_change_new(kin->before, kin->after);
    change->is_renamed = kin->is_renamed;
    change->is_renumbered = is_renumbered;
    change->is_moved = kin->is_moved;
    change->is_edited = (what & CHANGE_CODE) != 0;
    change->is_doubtful = what == CHANGE_SESSION;
    change->compares_runs = (what & ~(Changes)(CHANGE_SAID | CHANGE_EXPECTATION)) != 0;
    change->because = what != 0 ? changes_text(what) : NULL;
    g_ptr_array_add(changes, change);
  }
  return changes;
}

/* Those of which the runs have shown that nothing changed. */
static void changes_drop_settled(GPtrArray *changes) {
  for (guint i = changes->len; i > 0; i--) {
    const BehaviourChange *change = g_ptr_array_index(changes, i - 1);
    if (change->is_doubtful && change->because == NULL && !change->is_renumbered &&
        !change->is_moved)
      g_ptr_array_remove_index(changes, i - 1);
  }
}

static guint blocks_of(const Version *version) {
  return version->material != NULL ? bank_count(version->material->bank) : 0;
}

/* Before anything runs. FALSE after having complained. */
static gboolean open_report(const gchar *path, Destination **destination) {
  g_autoptr(GError) error = NULL;
  if (path == NULL)
    return TRUE;
  *destination = destination_open(path, &error);
  if (*destination == NULL)
    complain("%s", error->message);
  return *destination != NULL;
}

static gboolean write_report(Destination *destination, gchar *text) {
  g_autofree gchar *owned = text;
  g_autoptr(GError) error = NULL;
  if (destination == NULL)
    return TRUE;
  destination_write(destination, text, strlen(text));
  if (destination_commit(destination, &error))
    return TRUE;
  if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
    die_of_broken_pipe();
  complain("%s", error->message);
  return FALSE;
}

static gboolean is_standard(const gchar *path) {
  return g_strcmp0(path, "-") == 0;
}

static gboolean write_reports(const Diff *diff, const BehaviourReport *report) {
  const DiffArguments *arguments = &diff->arguments;
  FILE *out = is_standard(arguments->json) || is_standard(arguments->markdown) ? stderr : stdout;
  g_autofree gchar *text = behaviour_text(report, wants_colour(out));
  fputs(text, out);
  gboolean is_written =
      write_report(diff->json,
                   diff->json != NULL ? behaviour_json(report, PROCTOR_VERSION) : NULL) &&
      write_report(diff->markdown, diff->markdown != NULL ? behaviour_markdown(report) : NULL);
  return output_finish() && is_written;
}

/* The exit code that the changes deserve. */
static int code_of(const BehaviourReport *report) {
  BehaviourCounts counts = behaviour_counts(report);
  for (guint i = 0; i < report->changes->len; i++) {
    const BehaviourChange *change = g_ptr_array_index(report->changes, i);
    if ((change->is != NULL && change->is->class == VERDICT_INFRA) ||
        (change->was != NULL && change->was->class == VERDICT_INFRA))
      return CLI_FAILED;
  }
  if (report->is_incomplete)
    return CLI_FAILED;
  if (counts.worse > 0)
    return CLI_WRONG;
  return report->before.blocks + report->after.blocks == 0 ? CLI_NOTHING : CLI_OK;
}

static int run_diff(Diff *diff, const RunnerOptions *options) {
  gint64 start_us = g_get_monotonic_time();
  g_autoptr(SignalWatch) watch = signal_watch_new(); /* between sittings, too */
  g_autoptr(Hall) hall = hall_open(options, &diff->arguments.results);
  g_autoptr(Comparison) comparison = comparison_new(diff->before.material, diff->after.material);
  g_autoptr(GPtrArray) changes = changes_collect(comparison);
  Rerunning rerunning = {.before = diff->before.material,
                         .after = diff->after.material,
                         .options = options,
                         .hall = hall,
                         .changes = changes};
  broken_pipes_fail();
  gboolean is_over;
  gboolean is_done = rerunning_do(&rerunning, &is_over);
  guint runs = rerunning.runs + hall_runs(hall);
  /* Nothing of ours is left when something is written. */
  g_clear_pointer(&hall, hall_close);
  g_clear_pointer(&watch, signal_watch_free);
  g_autofree gchar *python = rerunning.python;
  g_autoptr(GPtrArray) renames = renames_collect(comparison);
  changes_drop_settled(changes);
  if (!is_done && is_over)
    return CLI_FAILED;
  BehaviourReport report = {
      .before = {diff->before.name, diff->before.commit != NULL ? diff->before.commit->id : NULL,
                 blocks_of(&diff->before)},
      .after = {diff->after.name, diff->after.commit != NULL ? diff->after.commit->id : NULL,
                blocks_of(&diff->after)},
      .changes = changes,
      .renames = renames,
      .python = python,
      .runs = runs,
      .seconds = (gdouble)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC,
      .is_incomplete = !is_done};
  if (!is_done)
    complain("interrupted: not everything was compared");
  int code = write_reports(diff, &report) ? code_of(&report) : CLI_FAILED;
  if (code == CLI_NOTHING)
    complain("nothing to compare: no Python block in either version");
  return code;
}

int command_diff(int argc, char **argv) {
  g_auto(Diff) diff = {0};
  DiffArguments *arguments = &diff.arguments;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &arguments->json,
       "Write all of it as JSON too ('-': to standard output)", "FILE"},
      {"markdown", 0, 0, G_OPTION_ARG_FILENAME, &arguments->markdown,
       "Write it as a comment for a pull request ('-': to standard output)", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments->words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[REV..REV | REV...REV | REV] [PATH...]",
      .summary =
          "Says what changed in behaviour between two versions of a bank: output, endings, claims\n"
          "that became false or true, time, and blocks added, removed or moved. One revision is\n"
          "compared with the disk, none means HEAD; REV...REV begins where the two parted.",
      .description = EQUIPMENT_NOTE
      "Only blocks of which something changed (code, earlier blocks, fixture, expectation,\n"
      "settings) are run, in both versions, and those that are known from before are not.\n"
      "What seems to behave otherwise is run twice more in both: what is not the same in all\n"
      "runs of one version is no change of behaviour. Times are told where they differ by more\n"
      "than a factor of two and 20 ms of CPU (or 100 ms in all), and five further runs of both,\n"
      "made in turn, leave no overlap. They never count for the exit code.\n\n"
      "Exit code, the first that applies:\n"
      "  2  usage, a path or a revision that is missing or unusable, an error in the\n"
      "     configuration; nothing was run\n"
      "  3  proctor failed or was interrupted\n"
      "  1  a claim became false, or a block is false, changed, crashed or hung that was not;\n"
      "     also one that was added\n"
      "  4  there was nothing to compare: no block in either version\n"
      "  0  otherwise\n",
      .entries = entries,
      .run = &arguments->run,
      .equipment = &arguments->equipment,
      .takes_expected = TRUE,
      .results = &arguments->results};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (is_standard(arguments->json) && is_standard(arguments->markdown)) {
    complain("--json and --markdown: only one of them has standard output");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments->run, &options, &worker);
  if (code != CLI_OK)
    return code;
  if (!take_revisions(&diff) || !open_versions(&diff) ||
      !open_report(arguments->json, &diff.json) ||
      !open_report(arguments->markdown, &diff.markdown))
    return CLI_USAGE;
  return run_diff(&diff, &options);
}
