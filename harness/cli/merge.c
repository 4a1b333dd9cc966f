/*
 * proctor merge: the reports of all shards, joined into that of the whole bank.
 */
#include "report/merge.h"

#include "cli/cli.h"
#include "cli/common.h"
#include "files/files.h"
#include "report/ending.h"
#include "store/results.h"

/* The largest report that is read. */
#define REPORT_MAX (1u << 30)

static gboolean add_file(Merge *merge, const gchar *path) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size;
  if (files_read(files_disk(), path, REPORT_MAX, &text, &size, &error) &&
      merge_add(merge, path, text, size, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

/* What cannot be kept costs time, some day, and no verdict. */
static void join_results(const gchar *results, gchar **kept) {
  for (; kept != NULL && *kept != NULL; kept++) {
    g_autoptr(GError) error = NULL;
    if (!results_join(results, *kept, &error))
      complain("%s", error->message);
  }
}

int command_merge(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *json = NULL;
  g_autofree gchar *results = NULL;
  g_auto(GStrv) kept = NULL;
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &json,
       "Write the report of the whole bank to FILE, or to standard output for '-'", "FILE"},
      {"results", 0, 0, G_OPTION_ARG_FILENAME, &results, "Join the results of --kept in FILE",
       "FILE"},
      {"kept", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &kept,
       "The results that a shard has kept; may be repeated", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "REPORT.json...",
      .summary = "Joins what 'proctor check --shard I/N --json FILE' has written for each of N\n"
                 "shards into the report that a single check had written, and prints how it went.",
      .description =
          "Exit code:\n"
          "  2  usage; a shard is missing, doubled, damaged, interrupted, or of another\n"
          "     bank, split, Python or version than the others\n"
          "  otherwise as 'proctor check' of the whole bank\n",
      .entries = entries};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (paths == NULL || *paths == NULL) {
    complain("merge: name the reports of all shards (see 'proctor merge --help')");
    return CLI_USAGE;
  }
  if ((results == NULL) != (kept == NULL)) {
    complain("merge: --results says where those of --kept are joined: both, or neither");
    return CLI_USAGE;
  }
  g_autoptr(Merge) merge = merge_new(PROCTOR_VERSION);
  for (gchar **path = paths; *path != NULL; path++)
    if (!add_file(merge, *path))
      return CLI_USAGE;
  if (!merge_join(merge, &error)) {
    complain("%s", error->message);
    return CLI_USAGE;
  }
  join_results(results, kept);
  broken_pipes_fail();
  if (json != NULL && !merge_write(merge, json, &error)) {
    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
      die_of_broken_pipe();
    complain("%s", error->message);
    return CLI_FAILED;
  }
  const MergeEnd *end = merge_end(merge);
  FILE *out = g_strcmp0(json, "-") == 0 ? stderr : stdout;
  ending_print(out, &end->summary, end->sessions, end->fixtures);
  return output_finish() ? end->summary.exit_code : CLI_FAILED;
}
