/*
 * proctor watch: on each save, what the edit touched sits the exam again.
 *
 * Everything happens in this process and its one main context: the watcher's events are looked at
 * while snippets run, too, and a save that matters ends the sitting that is held. What was saved
 * then sits first, alone; what the other sitting had not come to stays dirty and sits after it,
 * with the results of the rest.
 */
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/hall.h"
#include "cli/watched.h"
#include "git/lineage.h"
#include "report/news.h"
#include "report/text.h"

/* Editors write a file more than once, git writes many: what comes within so short a time is one
 * save. Well below what anybody would notice. */
#define QUIET_MS 5u
#define QUIET_MOST_US G_GINT64_CONSTANT(40000)
#define FILES_NAMED 3u

typedef struct {
  const RunnerOptions *options;
  const ResultsArguments *results;
  Watcher *watcher;
  Watched *watched;
  Hall *hall;
  SignalWatch *signals;
  GHashTable *marks;   /* Snippet * to Mark *, owned: what was told of it last */
  GHashTable *pending; /* gchar *: what has changed since the bank was read */
  GHashTable *told;    /* gchar *: what is wrong with files, as it was told last */
  gboolean is_lost;
  gboolean is_sitting;
  gboolean has_no_reader;
  guint reader;      /* the source that tells so, or 0 */
  gboolean is_first; /* not all has sat yet: what is new is not told */
  gboolean use_colour;
  guint events; /* counted, to see whether it is quiet */
  guint saves;
  guint ran;      /* blocks of this sitting that were run */
  guint known;    /* and that were not */
  guint all_runs; /* blocks that were run in all sittings */
} Watch;

/* --- what is told ------------------------------------------------------------------------ */

static gboolean can_print(void) {
  return fflush(stdout) == 0 && !ferror(stdout);
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Watch *watch = data;
  Mark *now = mark_new(snippet, transcript, verdict);
  g_autofree gchar *news = news_of(g_hash_table_lookup(watch->marks, snippet), now, snippet,
                                   transcript, verdict, !watch->is_first, watch->use_colour);
  g_hash_table_insert(watch->marks, (gpointer)snippet, now);
  gboolean is_run = transcript->kept_us == 0 && verdict->class != VERDICT_SKIPPED;
  watch->ran += is_run;
  watch->known += !is_run;
  if (news != NULL)
    fputs(news, stdout);
  return can_print();
}

static gchar *counts_text(const Watch *watch) {
  guint counts[VERDICT_CLASSES] = {0};
  guint blocks = 0;
  GHashTableIter iter;
  gpointer mark;
  g_hash_table_iter_init(&iter, watch->marks);
  for (; g_hash_table_iter_next(&iter, NULL, &mark); blocks++)
    counts[((const Mark *)mark)->class]++;
  g_autofree gchar *text = text_count(blocks, "block");
  g_autofree gchar *classes = news_counts(counts);
  return g_strdup_printf("%s%s%s", text, *classes != '\0' ? ": " : "", classes);
}

static gchar *names_of(const GPtrArray *paths) {
  g_autoptr(GString) names = g_string_new(NULL);
  if (paths->len > FILES_NAMED)
    return g_strdup_printf("%u files", paths->len);
  for (guint i = 0; i < paths->len; i++) {
    g_autofree gchar *short_path = path_from_here(g_ptr_array_index(paths, i));
    g_autofree gchar *safe = text_one_line(short_path, -1, 0);
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", safe);
  }
  return g_strdup(names->str);
}

/* "14:03:22 docs/bank.md: 1 block was run, 33 results are known; 0.03 s; 34 blocks: ..." */
static void print_end(const Watch *watch, const GPtrArray *paths, gint64 start_us) {
  gdouble seconds = (gdouble)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC;
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree gchar *clock = g_date_time_format(now, "%H:%M:%S");
  g_autofree gchar *names = names_of(paths);
  g_autofree gchar *counts = counts_text(watch);
  g_autofree gchar *blocks = text_count(watch->ran, "block");
  printf("%s%s%s: ", clock, paths->len > 0 ? " " : "", names);
  if (watch->ran == 0)
    printf("nothing was run");
  else
    printf("%s %s run", blocks, watch->ran == 1 ? "was" : "were");
  printf("; %.*f s; %s\n", seconds < 0.0995 ? 3 : 1, seconds, counts);
}

/* Adds a line about a file, unless it was told before. */
static void tell(const Watch *watch, GHashTable *now, const gchar *path, guint line,
                 const gchar *word, const gchar *message) {
  gchar *key = g_strdup_printf("%s\n%s", path, message);
  if (!g_hash_table_contains(watch->told, key) && !g_hash_table_contains(now, key)) {
    g_autofree gchar *shown = text_one_line(path, -1, 0);
    g_autofree gchar *safe = text_one_line(message, -1, 0);
    if (line != 0)
      printf("%s:%u: %s: %s\n", shown, line, word, safe);
    else
      printf("%s: %s: %s\n", shown, word, safe);
  }
  g_hash_table_add(now, key);
}

/* What is wrong with the files themselves. */
static void tell_files(Watch *watch) {
  const Material *material = watched_material(watch->watched);
  const Equipment *equipment = material->equipment;
  const Bank *bank = material->bank;
  GHashTable *now = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < bank->problems->len; i++) {
    const BankProblem *problem = g_ptr_array_index(bank->problems, i);
    tell(watch, now, problem->path, 0, "problem", problem->message);
  }
  for (guint i = 0; i < equipment->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(equipment->fixtures, i);
    if (fixture->problem != NULL)
      tell(watch, now, fixture->shown_path, 0, "problem", fixture->problem);
  }
  g_autoptr(GPtrArray) conflicts = equipment_conflicts(equipment, bank->documents);
  for (guint i = 0; i < conflicts->len; i++)
    tell(watch, now, equipment->config != NULL ? config_path(equipment->config) : CONFIG_NAME, 0,
         "problem", g_ptr_array_index(conflicts, i));
  g_autoptr(GPtrArray) broken =
      material->expectations != NULL ? expectations_broken(material->expectations) : NULL;
  for (guint i = 0; broken != NULL && i < broken->len; i++) {
    const Expectation *expectation = g_ptr_array_index(broken, i);
    tell(watch, now, expectation->path, 0, "problem", expectation->problem);
  }
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    for (guint j = 0; j < document->remarks->len; j++) {
      const Remark *remark = g_ptr_array_index(document->remarks, j);
      tell(watch, now, document->path, remark->line, "note", remark->message);
    }
  }
  g_hash_table_unref(watch->told);
  watch->told = now;
}

/* --- what has changed -------------------------------------------------------------------- */

/* Snippets that stayed keep their marks. */
static void on_replaced(const GPtrArray *before, const GPtrArray *after, gpointer data) {
  Watch *watch = data;
  g_autoptr(Lineage) lineage = lineage_new(before, after);
  const GPtrArray *kin = lineage_all(lineage);
  for (guint i = 0; i < kin->len; i++) {
    const Kin *each = g_ptr_array_index(kin, i);
    Mark *mark = each->before != NULL ? g_hash_table_lookup(watch->marks, each->before) : NULL;
    if (mark == NULL)
      continue;
    g_hash_table_steal(watch->marks, each->before);
    if (each->after != NULL)
      g_hash_table_insert(watch->marks, (gpointer)each->after, mark);
    else
      mark_free(mark);
  }
}

static gboolean on_files(G_GNUC_UNUSED gint descriptor, G_GNUC_UNUSED GIOCondition condition,
                         gpointer data) {
  Watch *watch = data;
  gboolean is_lost;
  g_autoptr(GPtrArray) paths = watcher_take(watch->watcher, &is_lost);
  watch->events++;
  gboolean minds = is_lost;
  watch->is_lost |= is_lost;
  for (guint i = 0; i < paths->len; i++) {
    const gchar *path = g_ptr_array_index(paths, i);
    if (!watched_minds(watch->watched, path, watch->is_sitting))
      continue;
    g_hash_table_add(watch->pending, g_strdup(path));
    minds = TRUE;
  }
  if (minds && watch->is_sitting)
    hall_stop(watch->hall);
  return G_SOURCE_CONTINUE;
}

/* Whoever read what we print has gone: nobody might save again for us to notice. */
static gboolean on_reader_gone(G_GNUC_UNUSED gint descriptor, G_GNUC_UNUSED GIOCondition condition,
                               gpointer data) {
  Watch *watch = data;
  watch->has_no_reader = TRUE;
  watch->reader = 0;
  if (watch->is_sitting)
    hall_stop(watch->hall);
  return G_SOURCE_REMOVE;
}

static gboolean is_pending(const Watch *watch) {
  return watch->is_lost || g_hash_table_size(watch->pending) > 0;
}

static gboolean on_quiet(gpointer data) {
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void wait_until_quiet(Watch *watch) {
  gint64 start_us = g_get_monotonic_time();
  guint events;
  do {
    gboolean is_over = FALSE;
    events = watch->events;
    g_timeout_add(QUIET_MS, on_quiet, &is_over);
    while (!is_over)
      g_main_context_iteration(NULL, TRUE);
  } while (events != watch->events && g_get_monotonic_time() - start_us < QUIET_MOST_US);
}

static gint by_text(gconstpointer left, gconstpointer right) {
  return strcmp(*(const gchar *const *)left, *(const gchar *const *)right);
}

static GPtrArray *take_pending(Watch *watch) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, watch->pending);
  while (g_hash_table_iter_next(&iter, &path, NULL)) {
    g_ptr_array_add(paths, path);
    g_hash_table_iter_steal(&iter);
  }
  g_ptr_array_sort(paths, by_text);
  return paths;
}

/* --- sitting ----------------------------------------------------------------------------- */

/* FALSE where nothing can be run at all; after having complained. */
static gboolean sit(Watch *watch, GPtrArray *documents, gboolean *is_over) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  const Material *material = watched_material(watch->watched);
  watch->ran = watch->known = 0;
  *is_over = TRUE;
  if (documents->len == 0)
    return TRUE;
  Sitting sitting = {.documents = documents,
                     .verdict = on_verdict,
                     .data = watch,
                     .expectations = material->expectations};
  watch->is_sitting = TRUE;
  gboolean is_held = hall_sit(watch->hall, &sitting, &end, &error);
  watch->is_sitting = FALSE;
  watch->all_runs += watch->ran;
  *is_over = end.is_over;
  if (is_held && end.is_over)
    watched_settle(watch->watched, documents);
  if (!is_held)
    complain("%s", error->message);
  return is_held;
}

static gboolean has_ended(const Watch *watch) {
  return signal_watch_signal(watch->signals) != 0 || watch->has_no_reader || ferror(stdout);
}

/* Reads what has changed. FALSE where it cannot be read: that was said, and the next save may make
 * it good. */
static gboolean reread(Watch *watch, GPtrArray **paths) {
  wait_until_quiet(watch);
  *paths = take_pending(watch);
  gboolean is_lost = watch->is_lost;
  watch->is_lost = FALSE;
  watch->saves++;
  if (!watched_reread(watch->watched, *paths, is_lost))
    return FALSE;
  if (watched_take_stale(watch->watched)) {
    /* It may have loaded a fixture as it was. */
    g_clear_pointer(&watch->hall, hall_close);
    watch->hall = hall_open(watch->options, watch->results);
  }
  return TRUE;
}

/* What was touched, and then, in a sitting of its own, what is dirty besides. */
static gboolean sit_after(Watch *watch, const GPtrArray *paths, gint64 start_us) {
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(GPtrArray) touched = watched_touched(watch->watched);
  gboolean is_over = TRUE;
  tell_files(watch);
  if (touched->len > 0) {
    if (!sit(watch, touched, &is_over))
      return FALSE;
    if (is_over)
      print_end(watch, paths, start_us);
    can_print();
  }
  g_autoptr(GPtrArray) dirty = watched_dirty(watch->watched);
  if (!is_over || has_ended(watch) || is_pending(watch) || (touched->len > 0 && dirty->len == 0))
    return TRUE;
  if (!sit(watch, dirty, &is_over))
    return FALSE;
  if (is_over) {
    watch->is_first = FALSE;
    print_end(watch, touched->len > 0 ? none : paths, start_us);
  }
  can_print();
  return TRUE;
}

static void print_summary(const Watch *watch) {
  g_autofree gchar *saves = text_count(watch->saves, "save");
  g_autofree gchar *blocks = text_count(watch->all_runs, "block");
  g_autofree gchar *counts = counts_text(watch);
  printf("\n%s, %s %s run; %s\n", saves, blocks, watch->all_runs == 1 ? "was" : "were", counts);
}

/* FALSE where nothing could be run, which was said. */
static gboolean watch_bank(Watch *watch) {
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  if (!sit_after(watch, none, g_get_monotonic_time()))
    return FALSE;
  g_autofree gchar *folders = text_count(watcher_count(watch->watcher), "folder");
  printf("watching %s; Ctrl-C ends\n", folders);
  can_print();
  while (!has_ended(watch)) {
    g_autoptr(GError) error = NULL;
    /* So that whoever saves next does not wait for Python to start. */
    if (!hall_warm(watch->hall, &error)) {
      complain("%s", error->message);
      return FALSE;
    }
    while (!is_pending(watch) && !has_ended(watch))
      g_main_context_iteration(NULL, TRUE);
    g_autoptr(GPtrArray) paths = NULL;
    gint64 start_us = g_get_monotonic_time();
    if (!has_ended(watch) && reread(watch, &paths) && !sit_after(watch, paths, start_us))
      return FALSE;
  }
  print_summary(watch);
  return TRUE;
}

static int run_watch(Watch *watch, gchar **paths, const EquipmentArguments *equipment) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Watcher) watcher = watcher_new(&error);
  if (watcher == NULL) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  watch->watcher = watcher;
  g_autoptr(Watched) watched = watched_open(paths, equipment, watcher, on_replaced, watch);
  if (watched == NULL)
    return CLI_USAGE;
  watch->watched = watched;
  watch->hall = hall_open(watch->options, watch->results);
  guint source = g_unix_fd_add(watcher_descriptor(watcher), G_IO_IN, on_files, watch);
  watch->reader = g_unix_fd_add(STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_reader_gone, watch);
  gboolean could_run = watch_bank(watch);
  g_source_remove(source);
  if (watch->reader != 0)
    g_source_remove(watch->reader);
  g_clear_pointer(&watch->hall, hall_close);
  return could_run ? CLI_OK : CLI_FAILED;
}

int command_watch(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  g_auto(ResultsArguments) results = {0};
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL}, {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary = "Checks the documents and folders (default: the current folder), then waits for\n"
                 "edits: on each save of a document, a fixture, an expectation or the\n"
                 "configuration, what that touched is run again, and what is different now is\n"
                 "printed. Ctrl-C ends it.",
      .description =
          EQUIPMENT_NOTE "Exit code: 0; 2: usage, a path that is missing, an error in the\n"
                         "configuration; 3: proctor failed\n",
      .entries = entries,
      .run = &arguments,
      .equipment = &equipment,
      .takes_expected = TRUE,
      .results = &results};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;

  broken_pipes_fail();
  g_autoptr(SignalWatch) signals = signal_watch_new();
  g_autoptr(GHashTable) marks = g_hash_table_new_full(NULL, NULL, NULL, mark_free);
  g_autoptr(GHashTable) pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Watch watch = {.options = &options,
                 .results = &results,
                 .signals = signals,
                 .marks = marks,
                 .pending = pending,
                 .told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 .is_first = TRUE,
                 .use_colour = wants_colour(stdout)};
  code = run_watch(&watch, paths, &equipment);
  g_hash_table_unref(watch.told);
  return output_finish() ? code : CLI_FAILED;
}
