/*
 * proctor history: what became of a block over runs and commits.
 *
 * Nothing is run: runs are those that were noted (remembering.h), commits are walked through as
 * bisect does, and what became of the block there is known where its content was run before.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/source.h"
#include "cli/trail.h"
#include "report/chart.h"
#include "report/text.h"
#include "store/results.h"

#define COMMITS_MOST 30u

/* --- commits -------------------------------------------------------------------------------- */

/* A commit in which something about the block changed. */
typedef struct {
  const Stand *stand;
  Changes changes;
} Turn;

typedef struct {
  Repository *repository;
  GPtrArray *history; /* Commit *, owned */
  Trail *trail;
  GArray *turns; /* Turn, the newest first */
} Past;

static void past_clear(Past *past) {
  g_clear_pointer(&past->turns, g_array_unref);
  g_clear_pointer(&past->trail, trail_free);
  g_clear_pointer(&past->history, g_ptr_array_unref);
  g_clear_pointer(&past->repository, repository_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

/* FALSE where it is as in one of its parents. */
static gboolean is_turn(const Past *past, GHashTable *places, const Stand *stand,
                        Changes *changes) {
  *changes = stand->commit->parents[0] != NULL ? CHANGE_ADDED : 0;
  for (gchar **id = stand->commit->parents; *id != NULL; id++) {
    const Commit *parent = g_hash_table_lookup(places, *id);
    const Stand *older = parent != NULL ? trail_stand(past->trail, parent) : NULL;
    if (older == NULL || older->state == NULL)
      continue;
    if (older->state == stand->state)
      return FALSE;
    *changes = older->changes;
  }
  return TRUE;
}

static void walk(Past *past) {
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < past->history->len; i++) {
    Commit *commit = g_ptr_array_index(past->history, i);
    g_hash_table_insert(places, commit->id, commit);
  }
  past->turns = g_array_new(FALSE, FALSE, sizeof(Turn));
  for (guint i = 0; i < past->history->len; i++) {
    const Commit *commit = g_ptr_array_index(past->history, i);
    const Stand *stand = trail_stand(past->trail, commit);
    /* Where it is not there, nobody has to look any further. */
    if (stand == NULL || (stand->state == NULL && stand->problem == NULL))
      continue;
    for (gchar **id = commit->parents; *id != NULL; id++) {
      const Commit *parent = g_hash_table_lookup(places, *id);
      if (parent != NULL)
        (void)trail_look(past->trail, parent, commit);
    }
    Turn turn = {.stand = stand};
    if (stand->state != NULL && is_turn(past, places, stand, &turn.changes))
      g_array_append_val(past->turns, turn);
  }
}

/* Without a repository, or a commit that has the block, there is no past: quietly. */
static void past_fill(Past *past, const Snippet *snippet, gchar **paths,
                      const EquipmentArguments *equipment, const gchar *expected) {
  g_autofree gchar *folder = g_path_get_dirname(snippet->document->path);
  past->repository = repository_open(folder, NULL);
  g_autoptr(Commit) head =
      past->repository != NULL ? repository_head(past->repository, NULL) : NULL;
  if (head != NULL)
    past->history = repository_history(past->repository, head, NULL, NULL, NULL);
  if (past->history == NULL || past->history->len == 0)
    return;
  g_autoptr(GString) complaints = g_string_new(NULL);
  complaints_catch(complaints);
  past->trail = trail_begin(past->repository, g_ptr_array_index(past->history, 0), snippet->id,
                            paths, equipment, expected, NULL);
  complaints_catch(NULL);
  if (past->trail != NULL)
    walk(past);
}

/* --- runs --------------------------------------------------------------------------------------
 */

typedef struct {
  GArray *runs;          /* ChartRun */
  GHashTable *classes;   /* content id -> its last VerdictClass, + 1 */
  GHashTable *at_commit; /* "commit content" -> likewise, of documents as they were there */
  GStringChunk *strings; /* of the runs */
} Runs;

static void runs_clear(Runs *runs) {
  g_array_unref(runs->runs);
  g_hash_table_unref(runs->classes);
  g_hash_table_unref(runs->at_commit);
  g_string_chunk_free(runs->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Runs, runs_clear)

static void on_entry(const HistoryEntry *entry, gpointer data) {
  Runs *runs = data;
  ChartRun run = {.at_us = entry->at_us,
                  .content = g_string_chunk_insert_const(runs->strings, entry->content),
                  .python = g_string_chunk_insert_const(runs->strings, entry->python),
                  .class = entry->class,
                  .wall = (gdouble)entry->wall_ns / 1e9,
                  .cpu = (gdouble)entry->cpu_ns / 1e9};
  g_array_append_val(runs->runs, run);
  gpointer class = GUINT_TO_POINTER(entry->class + 1);
  g_hash_table_insert(runs->classes, (gpointer)run.content, class);
  if (entry->commit != NULL && !entry->is_dirty)
    g_hash_table_insert(runs->at_commit, g_strdup_printf("%s %s", entry->commit, entry->content),
                        class);
}

/* Of the snippet as it stands now, and of all that it was. */
static Runs runs_of(Results *results, const Snippet *snippet, const Past *past) {
  Runs runs = {.runs = g_array_new(FALSE, FALSE, sizeof(ChartRun)),
               .classes = g_hash_table_new(g_str_hash, g_str_equal),
               .at_commit = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
               .strings = g_string_chunk_new(256)};
  g_autofree gchar *path = g_canonicalize_filename(snippet->document->path, NULL);
  g_autoptr(GHashTable) contents = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_add(contents, snippet->content_id);
  for (guint i = 0; past->turns != NULL && i < past->turns->len; i++)
    g_hash_table_add(contents, g_array_index(past->turns, Turn, i).stand->snippet->content_id);
  g_autofree gchar **list = (gchar **)g_hash_table_get_keys_as_array(contents, NULL);
  results_history(results, path, snippet->id, (const gchar *const *)list, on_entry, &runs);
  return runs;
}

/* --- telling -------------------------------------------------------------------------------- */

/* "false" where it is known what became of it there; NULL. */
static const gchar *class_at(const Runs *runs, const Stand *stand) {
  g_autofree gchar *key = g_strdup_printf("%s %s", stand->commit->id, stand->snippet->content_id);
  guint class = GPOINTER_TO_UINT(g_hash_table_lookup(runs->at_commit, key));
  if (class == 0)
    class = GPOINTER_TO_UINT(g_hash_table_lookup(runs->classes, stand->snippet->content_id));
  return class > 0 ? verdict_class_name((VerdictClass)(class - 1)) : NULL;
}

static void tell_turn(const Runs *runs, const Turn *turn) {
  const Commit *commit = turn->stand->commit;
  const gchar *class = class_at(runs, turn->stand);
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(commit->offset * 60);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(commit->time);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
  g_autofree gchar *date = local != NULL ? g_date_time_format(local, "%Y-%m-%d") : g_strdup("?");
  g_autofree gchar *summary = text_one_line(commit->summary, -1, 60);
  g_autofree gchar *author = text_one_line(commit->author, -1, 0);
  g_autofree gchar *changes = changes_text(turn->changes);
  printf("  %-10s %s  %s  %s: %s%s%s\n", class != NULL ? class : "-", commit->short_id, date,
         author, summary, *changes != '\0' ? "; " : "", changes);
}

static void tell(const Snippet *snippet, const Runs *runs, const Past *past) {
  const gchar *charset;
  ChartStyle style = g_get_charset(&charset) ? CHART_FINE : CHART_PLAIN;
  g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
  g_autofree gchar *id = text_one_line(snippet->id, -1, 0);
  g_autofree gchar *chart =
      chart_text((const ChartRun *)(const void *)runs->runs->data, runs->runs->len, style);
  printf("%s  %s:%u\n", id, path, snippet->first_line);
  printf("\nRuns%s\n%s", runs->runs->len == 0 ? ": none is known; 'proctor check' notes them" : "",
         chart);
  if (past->turns == NULL)
    return;
  guint count = past->turns->len;
  printf("\nCommits that changed it, of %u\n", past->history->len);
  for (guint i = 0; i < MIN(count, COMMITS_MOST); i++)
    tell_turn(runs, &g_array_index(past->turns, Turn, i));
  if (count > COMMITS_MOST)
    printf("  and %u before\n", count - COMMITS_MOST);
}

static int history(const gchar *reference, gchar **paths, const EquipmentArguments *equipment,
                   const gchar *expected, Results *results) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Bank) bank = bank_open_for(files_disk(), reference, paths);
  const Snippet *snippet = bank != NULL ? bank_find(bank, reference, &error) : NULL;
  if (snippet == NULL) {
    if (error != NULL)
      complain("%s", error->message);
    return CLI_USAGE;
  }
  g_auto(Past) past = {0};
  gchar *document[] = {snippet->document->path, NULL};
  gboolean is_file = (paths == NULL || *paths == NULL) && bank->documents->len == 1;
  past_fill(&past, snippet, is_file ? document : paths, equipment, expected);
  g_auto(Runs) runs = runs_of(results, snippet, &past);
  tell(snippet, &runs, &past);
  return output_finish() ? CLI_OK : CLI_FAILED;
}

int command_history(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_auto(EquipmentArguments) equipment = {0};
  g_autofree gchar *path = NULL;
  g_autofree gchar *expected = NULL;
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"results", 0, 0, G_OPTION_ARG_FILENAME, &path,
       "Where results were kept (~/.cache/proctor/results.sqlite)", "FILE"},
      {"expected", 0, 0, G_OPTION_ARG_FILENAME, &expected,
       "The folder of the expectations (the nearest 'expected')", "DIR"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary = "Shows what became of a block of the documents and folders (default: the current\n"
                 "folder) over time: its runs with their times, and the commits that changed it.\n"
                 "Nothing is run.",
      .description = "Exit code: 0; 2 usage or no such block; 3 the results cannot be read.\n",
      .entries = entries,
      .equipment = &equipment};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (words == NULL) {
    complain("history: which block? (see 'proctor history --help')");
    return CLI_USAGE;
  }
  g_autofree gchar *remark = NULL;
  g_autofree gchar *usual = path == NULL ? results_default_path() : NULL;
  Results *results = results_open(usual != NULL ? usual : path, &remark, &error);
  if (results == NULL) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  if (remark != NULL)
    complain("%s", remark);
  int code = history(words[0], words + 1, &equipment, expected, results);
  g_autofree gchar *last = results_close(results);
  if (last != NULL)
    complain("%s", last);
  return code;
}
