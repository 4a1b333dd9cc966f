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
  const Stand *older; /* what it changed from; NULL: it is new, or that cannot be read */
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

/* FALSE where it is as in one of its parents, or as it was before it was away for a while. */
static gboolean is_turn(const Past *past, GHashTable *places, Turn *turn) {
  const Stand *stand = turn->stand;
  turn->changes = stand->commit->parents[0] != NULL ? CHANGE_ADDED : 0;
  for (gchar **id = stand->commit->parents; *id != NULL; id++) {
    const Commit *parent = g_hash_table_lookup(places, *id);
    const Stand *older = parent != NULL ? trail_stand(past->trail, parent) : NULL;
    if (older != NULL && older->state == NULL && older->problem == NULL)
      older = trail_behind(past->trail, places, older);
    if (older != NULL && older->problem != NULL && turn->older == NULL)
      turn->changes = 0;
    if (older == NULL || older->state == NULL)
      continue;
    if (older->state == stand->state)
      return FALSE;
    turn->older = older;
    turn->changes = trail_changes(older, stand);
  }
  return TRUE;
}

/* Where it is not there, nobody has to look any further, unless it is there again. */
static gboolean goes_on(const Past *past, GHashTable *places, const Stand *stand) {
  return stand != NULL && (stand->state != NULL || stand->problem != NULL ||
                           trail_behind(past->trail, places, stand) != NULL);
}

static void walk(Past *past) {
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < past->history->len; i++) {
    Commit *commit = g_ptr_array_index(past->history, i);
    g_hash_table_insert(places, commit->id, commit);
  }
  past->turns = g_array_new(FALSE, FALSE, sizeof(Turn));
  for (guint i = 0; i < past->history->len; i++) {
    const Commit *child = g_ptr_array_index(past->history, i);
    const Stand *stand = trail_stand(past->trail, child);
    if (!goes_on(past, places, stand))
      continue;
    for (gchar **id = child->parents; *id != NULL; id++) {
      const Commit *parent = g_hash_table_lookup(places, *id);
      if (parent != NULL)
        (void)trail_look(past->trail, parent, child);
    }
    Turn turn = {.stand = stand};
    if (stand->state != NULL && is_turn(past, places, &turn))
      g_array_append_val(past->turns, turn);
  }
}

/* What was not seen is told: of the first that git does not have. */
static void tell_damage(const Past *past) {
  for (guint i = 0; i < past->history->len; i++) {
    const Stand *stand = trail_stand(past->trail, g_ptr_array_index(past->history, i));
    if (stand != NULL && stand->is_damaged) {
      complain("not all commits can be looked at: %s", stand->problem);
      return;
    }
  }
}

/* Without a repository, or a commit that has the block, there is no past: quietly. */
static void past_fill(Past *past, const Snippet *snippet, gchar **paths,
                      const EquipmentArguments *equipment) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *folder = g_path_get_dirname(snippet->document->path);
  past->repository = repository_open(folder, NULL);
  g_autoptr(Commit) head =
      past->repository != NULL ? repository_head(past->repository, &error) : NULL;
  if (head != NULL)
    past->history = repository_history(past->repository, head, NULL, NULL, &error);
  if (past->history == NULL) {
    if (error != NULL && !g_error_matches(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION))
      complain("the commits cannot be looked at: %s", error->message);
    return;
  }
  past->trail = trail_begin(past->repository, g_ptr_array_index(past->history, 0), snippet->id,
                            paths, equipment, NULL, &error);
  if (past->trail != NULL) {
    walk(past);
    tell_damage(past);
  } else if (error->domain != BANK_ERROR) {
    complain("the commits cannot be looked at: %s", error->message);
  }
}

/* --- runs ----------------------------------------------------------------------------------- */

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

/* What earlier blocks are is of interest where it made a difference. */
static gboolean is_worth_telling(const Runs *runs, const Turn *turn) {
  if (turn->changes != CHANGE_SESSION || turn->older == NULL)
    return TRUE;
  const gchar *was = class_at(runs, turn->older), *is = class_at(runs, turn->stand);
  return was != NULL && is != NULL && !g_str_equal(was, is);
}

static void tell_turn(const Runs *runs, const Turn *turn) {
  const Commit *commit = turn->stand->commit;
  const gchar *class = class_at(runs, turn->stand);
  g_autofree gchar *date = text_date(commit->time, commit->offset, "%Y-%m-%d");
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
  guint count = 0;
  printf("\nCommits that changed it, of %u\n", past->history->len);
  for (guint i = 0; i < past->turns->len; i++) {
    const Turn *turn = &g_array_index(past->turns, Turn, i);
    if (is_worth_telling(runs, turn) && count++ < COMMITS_MOST)
      tell_turn(runs, turn);
  }
  if (count > COMMITS_MOST)
    printf("  and %u before\n", count - COMMITS_MOST);
}

static int history(const gchar *reference, gchar **paths, const EquipmentArguments *equipment,
                   Results *results) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Bank) bank = bank_read_for(files_disk(), reference, paths, &error);
  const Snippet *snippet =
      bank != NULL ? bank_find_in(files_disk(), bank, reference, &error) : NULL;
  if (snippet == NULL) {
    complain("%s", error->message);
    return CLI_USAGE;
  }
  g_auto(Past) past = {0};
  gchar *document[] = {snippet->document->path, NULL};
  gboolean is_file = (paths == NULL || *paths == NULL) && bank->documents->len == 1;
  past_fill(&past, snippet, is_file ? document : paths, equipment);
  g_auto(Runs) runs = runs_of(results, snippet, &past);
  tell(snippet, &runs, &past);
  return output_finish() ? CLI_OK : CLI_FAILED;
}

int command_history(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_auto(EquipmentArguments) equipment = {0};
  g_autofree gchar *path = NULL;
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"results", 0, 0, G_OPTION_ARG_FILENAME, &path,
       "Where results were kept (~/.cache/proctor/results.sqlite)", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary = "Shows what became of a block of the documents and folders (default: the current\n"
                 "folder) over time: its runs with their times, and the commits that changed it.\n"
                 "Nothing is run.",
      .description = "Exit code: 0; 2 usage or no such block; 3 the results cannot be read.\n",
      .entries = entries,
      .equipment = &equipment,
      .takes_expected = TRUE};
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
  int code = history(words[0], words + 1, &equipment, results);
  g_autofree gchar *last = results_close(results);
  if (last != NULL)
    complain("%s", last);
  return code;
}
