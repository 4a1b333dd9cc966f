/* Results that are kept: found again, and never wrong, whatever became of the file. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/results.h"

#define CONTENT "8c1f0e2b4d6a8c1f0e2b4d6a8c1f0e2b4d6a8c1f"
#define OTHER "1111111111111111111111111111111111111111"

static gchar *folder;
static gchar *path;

static void setup(void) {
  folder = g_dir_make_tmp("proctor-results-XXXXXX", NULL);
  path = g_build_filename(folder, "deep", "results.sqlite", NULL);
}

static void empty(const gchar *name) {
  g_autoptr(GDir) entries = g_dir_open(name, 0, NULL);
  for (const gchar *entry; entries != NULL && (entry = g_dir_read_name(entries)) != NULL;) {
    g_autofree gchar *inner = g_build_filename(name, entry, NULL);
    if (g_file_test(inner, G_FILE_TEST_IS_DIR))
      empty(inner);
    g_remove(inner);
  }
}

static void teardown(void) {
  empty(folder);
  g_rmdir(folder);
  g_free(folder);
  g_free(path);
}

static ResultKey key_of(guint8 number) {
  ResultKey key;
  memset(&key, 0, sizeof key);
  memset(key.whole, number, sizeof key.whole);
  memset(key.parts[RESULT_SNIPPET], number, RESULT_DIGEST);
  return key;
}

static Results *opened(void) {
  g_autoptr(GError) error = NULL;
  Results *results = results_open(path, NULL, &error);
  ck_assert_msg(results != NULL, "%s", error != NULL ? error->message : "");
  return results;
}

static void closed(Results *results) {
  g_autofree gchar *remark = results_close(results);
  ck_assert_msg(remark == NULL, "%s", remark);
}

static void keep(Results *results, guint8 number, guint repetition, const gchar *output) {
  ResultKey key = key_of(number);
  g_autoptr(Transcript) transcript = transcript_new();
  g_string_assign(transcript->output, output);
  results_keep(results, &key, repetition, CONTENT, transcript);
}

/* What was kept; NULL for nothing. */
static gchar *found(Results *results, guint8 number, guint repetition) {
  ResultKey key = key_of(number);
  g_autoptr(Transcript) transcript = results_find(results, &key, repetition);
  if (transcript == NULL)
    return NULL;
  ck_assert_int_gt(transcript->kept_us, 0);
  return g_strdup(transcript->output->str);
}

#define ck_assert_found(results, number, repetition, text)                                         \
  do {                                                                                             \
    g_autofree gchar *is = found(results, number, repetition);                                     \
    ck_assert_pstr_eq(is, text);                                                                   \
  } while (0)

static void run_sql(const gchar *sql) {
  sqlite3 *file;
  ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
  ck_assert_int_eq(sqlite3_exec(file, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(file);
}

static gint64 ask_sql(const gchar *sql) {
  sqlite3 *file;
  sqlite3_stmt *statement;
  ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
  ck_assert_int_eq(sqlite3_prepare_v2(file, sql, -1, &statement, NULL), SQLITE_OK);
  ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
  gint64 number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(file);
  return number;
}

START_TEST(what_is_kept_is_found_at_once_and_later) {
  Results *results = opened();
  ck_assert_found(results, 1, 0, NULL);
  keep(results, 1, 0, "one");
  keep(results, 1, 1, "one again");
  keep(results, 2, 0, "two");
  ck_assert_found(results, 1, 0, "one");
  ck_assert_found(results, 1, 1, "one again");
  ck_assert_found(results, 1, 2, NULL);
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, "one");
  ck_assert_found(results, 1, 1, "one again");
  ck_assert_found(results, 2, 0, "two");
  ck_assert_found(results, 3, 0, NULL);
  closed(results);
}
END_TEST

START_TEST(the_last_one_counts) {
  Results *results = opened();
  keep(results, 1, 0, "one");
  keep(results, 1, 0, "other");
  ck_assert_found(results, 1, 0, "other");
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, "other");
  closed(results);
}
END_TEST

START_TEST(two_at_once_see_each_others) {
  Results *one = opened(), *other = opened();
  keep(one, 1, 0, "one");
  g_autofree gchar *why = results_compare(one, &(ResultKey){0}, OTHER); /* all is written, then */
  ck_assert_found(other, 1, 0, "one");
  results_rest(other);
  keep(other, 2, 0, "two");
  closed(other);
  ck_assert_found(one, 2, 0, "two");
  closed(one);
}
END_TEST

/* Without asking the results, which would begin a new view of the file. */
static void wait_for_rows(gint64 count) {
  while (ask_sql("SELECT count(*) FROM result") < count)
    g_usleep(1000);
}

START_TEST(what_was_written_since_is_found) {
  Results *results = opened();
  keep(results, 1, 0, "one");
  results_wait(results);
  ck_assert_found(results, 1, 0, "one"); /* in a view that has no second one */
  keep(results, 2, 0, "two");
  wait_for_rows(2);
  ck_assert_found(results, 2, 0, "two");
  ck_assert_found(results, 3, 0, NULL);
  keep(results, 3, 0, "three");
  wait_for_rows(3);
  ck_assert_found(results, 3, 0, "three");
  closed(results);
}
END_TEST

START_TEST(what_is_not_there_keeps_nobody_from_tidying_up) {
  Results *results = opened();
  keep(results, 1, 0, "one");
  results_wait(results);
  ck_assert_found(results, 1, 0, "one");
  keep(results, 2, 0, "two");
  wait_for_rows(2);
  ck_assert_int_eq(ask_sql("PRAGMA wal_checkpoint(TRUNCATE)"), 1); /* busy: the view is in use */
  ck_assert_found(results, 3, 0, NULL);
  ck_assert_int_eq(ask_sql("PRAGMA wal_checkpoint(TRUNCATE)"), 0);

  ResultsView *view = results_view_new(results);
  ResultKey key = key_of(1);
  transcript_free(results_view_find(view, &key, 0));
  keep(results, 3, 0, "three");
  wait_for_rows(3);
  ck_assert_int_eq(ask_sql("PRAGMA wal_checkpoint(TRUNCATE)"), 1);
  results_view_rest(view);
  ck_assert_int_eq(ask_sql("PRAGMA wal_checkpoint(TRUNCATE)"), 0);
  results_view_free(view, results);
  closed(results);
}
END_TEST

START_TEST(a_row_that_was_changed_is_not_there) {
  static const gchar *const changes[] = {
      "UPDATE result SET body = x'01'",
      "UPDATE result SET body = CAST(replace(CAST(body AS TEXT), 'one', 'ONE') AS BLOB)",
      "UPDATE result SET sum = sum + 1",
      "UPDATE result SET made = made + 1",
      "UPDATE result SET key = zeroblob(16)",
      "UPDATE result SET key = x'01'",
      "UPDATE result SET id = id + 1",
  };
  Results *results = opened();
  keep(results, 1, 0, "one");
  closed(results);
  run_sql(changes[_i]);
  results = opened();
  ck_assert_found(results, 1, 0, NULL);
  keep(results, 1, 0, "new");
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, "new");
  closed(results);
}
END_TEST

/* --- the file ---------------------------------------------------------- */

static void damage(gsize from, gsize size) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  ck_assert_int_ge(file, 0);
  g_autofree gchar *noise = g_malloc(size);
  memset(noise, 0x5a, size);
  ck_assert_int_eq(pwrite(file, noise, size, (off_t)from), (ssize_t)size);
  close(file);
}

static void fill(void) {
  Results *results = opened();
  for (guint8 i = 0; i < 200; i++)
    keep(results, i, 0, "a line that takes some room, so that there are several pages of it\n");
  closed(results);
}

START_TEST(what_is_no_database_is_set_aside) {
  g_autofree gchar *remark = NULL;
  fill();
  damage(0, 100);
  Results *results = results_open(path, &remark, NULL);
  ck_assert_ptr_nonnull(results);
  ck_assert_ptr_nonnull(strstr(remark, "are damaged: they begin anew"));
  ck_assert_found(results, 1, 0, NULL);
  keep(results, 1, 0, "new");
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, "new");
  closed(results);
  g_autofree gchar *aside = g_strconcat(path, ".damaged", NULL);
  ck_assert(g_file_test(aside, G_FILE_TEST_IS_REGULAR));
}
END_TEST

/* Whatever is overwritten: what is found is right, and the next one works. */
START_TEST(damage_anywhere_never_gives_anything_wrong) {
  fill();
  GStatBuf file;
  ck_assert_int_eq(g_stat(path, &file), 0);
  gsize pages = (gsize)file.st_size / 4096;
  gsize page = (gsize)_i % pages;
  damage(page * 4096 + (page == 0 ? 200 : 0), (gsize)_i / pages % 2 == 0 ? 64 : 3000);
  Results *results = results_open(path, NULL, NULL);
  ck_assert_ptr_nonnull(results);
  for (guint8 i = 0; i < 200; i++) {
    g_autofree gchar *is = found(results, i, 0);
    ck_assert(is == NULL || g_str_has_prefix(is, "a line that takes some room"));
  }
  keep(results, 1, 0, "new");
  keep(results, 201, 0, "new");
  g_free(results_close(results));
  results = results_open(path, NULL, NULL);
  ck_assert_ptr_nonnull(results);
  g_autofree gchar *is = found(results, 201, 0);
  ck_assert(is == NULL || g_str_equal(is, "new"));
  g_free(results_close(results));
}
END_TEST

START_TEST(another_version_begins_anew) {
  g_autofree gchar *remark = NULL;
  fill();
  run_sql("PRAGMA user_version = 99");
  Results *results = results_open(path, &remark, NULL);
  ck_assert_ptr_nonnull(results);
  ck_assert_ptr_nonnull(strstr(remark, "another version"));
  ck_assert_found(results, 1, 0, NULL);
  keep(results, 1, 0, "new");
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, "new");
  closed(results);
}
END_TEST

START_TEST(what_is_somebody_elses_stays) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *deep = g_path_get_dirname(path);
  ck_assert_int_eq(g_mkdir(deep, 0700), 0);
  run_sql("CREATE TABLE precious (x); INSERT INTO precious VALUES (1)");
  ck_assert_ptr_null(results_open(path, NULL, &error));
  ck_assert(g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_TAKEN));
  run_sql("UPDATE precious SET x = 2");
  g_clear_error(&error);

  g_autofree gchar *document = g_build_filename(folder, "lesson.md", NULL);
  g_autofree gchar *text = NULL;
  ck_assert(g_file_set_contents(document, "# A lesson\n", -1, NULL));
  ck_assert_ptr_null(results_open(document, NULL, &error));
  ck_assert_ptr_nonnull(strstr(error->message, "it is no file of results"));
  ck_assert(g_file_get_contents(document, &text, NULL, NULL));
  ck_assert_str_eq(text, "# A lesson\n");
  g_remove(document);
}
END_TEST

START_TEST(where_no_file_can_be_there_are_no_results) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(results_open("/dev/null/results.sqlite", NULL, &error));
  ck_assert(g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_OPEN));
  g_clear_error(&error);
  ck_assert_ptr_null(results_open(folder, NULL, &error));
  ck_assert(g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_TAKEN));
}
END_TEST

START_TEST(one_that_is_locked_for_ever_keeps_nothing) {
  sqlite3 *file;
  fill();
  ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
  ck_assert_int_eq(sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  Results *results = opened();
  g_autofree gchar *before = found(results, 1, 0);
  ck_assert_ptr_nonnull(before); /* readers are not in its way */
  keep(results, 1, 0, "new");
  ck_assert_found(results, 1, 0, "new");
  g_autofree gchar *remark = results_close(results);
  ck_assert_ptr_nonnull(strstr(remark, "no more results are kept"));
  sqlite3_close(file);
  results = opened();
  ck_assert_found(results, 1, 0, before);
  closed(results);
}
END_TEST

START_TEST(one_that_is_locked_for_a_while_is_written_later) {
  sqlite3 *file;
  fill();
  ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
  ck_assert_int_eq(sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  Results *results = opened();
  keep(results, 201, 0, "early");
  results_wait(results); /* for one attempt, which comes to nothing */
  ck_assert_found(results, 201, 0, "early");
  sqlite3_close(file);
  ck_assert_int_eq(ask_sql("SELECT count(*) FROM result"), 200);
  keep(results, 202, 0, "late");
  results_wait(results);
  ck_assert_int_eq(ask_sql("SELECT count(*) FROM result"), 202);
  ck_assert_found(results, 201, 0, "early");
  ck_assert_found(results, 202, 0, "late");
  closed(results);
}
END_TEST

/* --- a file system without shared memory, and so without the log ------- */

static sqlite3_vfs plain_disk;
static int (*system_open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
static sqlite3_io_methods plain_methods;

static int open_plainly(sqlite3_vfs *disk, const char *name, sqlite3_file *file, int flags,
                        int *out_flags) {
  int code = system_open(disk, name, file, flags, out_flags);
  if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
    plain_methods = *file->pMethods;
    plain_methods.iVersion = 1;
    file->pMethods = &plain_methods;
  }
  return code;
}

START_TEST(without_a_log_results_are_kept_all_the_same) {
  plain_disk = *sqlite3_vfs_find(NULL);
  system_open = plain_disk.xOpen;
  plain_disk.zName = "plain";
  plain_disk.xOpen = open_plainly;
  ck_assert_int_eq(sqlite3_vfs_register(&plain_disk, TRUE), SQLITE_OK);
  Results *results = opened();
  Results *other = opened();
  keep(results, 1, 0, "one");
  results_wait(results);
  ck_assert_found(results, 1, 0, "one");
  ck_assert_found(other, 1, 0, "one");
  ck_assert_ptr_null(results_view_new(results)); /* it would be in the way of who writes */
  keep(results, 2, 0, "two");
  keep(other, 3, 0, "three");
  closed(results);
  closed(other);
  results = opened();
  ck_assert_found(results, 2, 0, "two");
  ck_assert_found(results, 3, 0, "three");
  closed(results);
  g_autofree gchar *log = g_strconcat(path, "-wal", NULL);
  ck_assert(!g_file_test(log, G_FILE_TEST_EXISTS));
  sqlite3_vfs_unregister(&plain_disk);
}
END_TEST

static ssize_t full_disk(G_GNUC_UNUSED int file, G_GNUC_UNUSED const void *bytes,
                         G_GNUC_UNUSED size_t size, G_GNUC_UNUSED off_t offset) {
  errno = ENOSPC;
  return -1;
}

START_TEST(a_full_disk_keeps_nothing) {
  sqlite3_vfs *system = sqlite3_vfs_find(NULL);
  fill();
  Results *results = opened();
  g_autofree gchar *before = found(results, 1, 0);
  (void)system->xSetSystemCall(system, "pwrite", (sqlite3_syscall_ptr)full_disk);
  (void)system->xSetSystemCall(system, "pwrite64", (sqlite3_syscall_ptr)full_disk);
  keep(results, 1, 0, "new");
  keep(results, 255, 0, "new");
  g_autofree gchar *remark = results_close(results);
  system->xSetSystemCall(system, NULL, NULL);
  ck_assert_ptr_nonnull(strstr(remark, "no more results are kept"));
  ck_assert_ptr_nonnull(strstr(remark, "full"));
  results = opened();
  ck_assert_found(results, 1, 0, before);
  ck_assert_found(results, 255, 0, NULL);
  closed(results);
}
END_TEST

START_TEST(what_nobody_asks_for_goes_in_the_end) {
  Results *results = opened();
  keep(results, 1, 0, "old");
  keep(results, 2, 0, "young");
  keep(results, 3, 0, "asked for");
  closed(results);
  run_sql("UPDATE result SET used = used - 91 WHERE made = (SELECT min(made) FROM result);"
          "UPDATE result SET used = used - 89 WHERE made = (SELECT max(made) FROM result);"
          "DELETE FROM text WHERE name = 'pruned'");
  results = opened();
  ck_assert_found(results, 3, 0, "asked for");
  closed(results);
  results = opened();
  ck_assert_found(results, 1, 0, NULL);
  ck_assert_found(results, 2, 0, "young");
  closed(results);
  ck_assert_int_eq(ask_sql("SELECT count(*) FROM result"), 2);
  ck_assert_int_eq(ask_sql("SELECT count(DISTINCT used) FROM result"), 1);
}
END_TEST

/* --- why --------------------------------------------------------------- */

START_TEST(why_there_is_none) {
  Results *results = opened();
  ResultKey key = key_of(1);
  keep(results, 1, 0, "one");
  key.whole[0]++;
  g_autofree gchar *day = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  day = g_date_time_format(now, "%Y-%m-%d");
  g_autofree gchar *same = results_compare(results, &key, CONTENT);
  g_autofree gchar *expected = g_strdup_printf("proctor has changed since %s", day);
  ck_assert_str_eq(same, expected);
  key.parts[RESULT_FIXTURE][3]++;
  g_autofree gchar *one = results_compare(results, &key, CONTENT);
  g_autofree gchar *expected_one = g_strdup_printf("its fixture has changed since %s", day);
  ck_assert_str_eq(one, expected_one);
  key.parts[RESULT_PYTHON][3]++;
  g_autofree gchar *two = results_compare(results, &key, CONTENT);
  g_autofree gchar *expected_two =
      g_strdup_printf("its fixture and Python have changed since %s", day);
  ck_assert_str_eq(two, expected_two);
  g_autofree gchar *never = results_compare(results, &key, OTHER);
  ck_assert_str_eq(never, "it was never run here");
  closed(results);
}
END_TEST

START_TEST(texts_are_agreed_on) {
  Results *one = opened(), *other = opened();
  ck_assert_ptr_null(results_text(one, "split"));
  g_autofree gchar *first = results_agree_text(one, "split", "a", 60);
  g_autofree gchar *second = results_agree_text(other, "split", "b", 60);
  g_autofree gchar *late = results_agree_text(other, "split", "c", 0);
  ck_assert_str_eq(first, "a");
  ck_assert_str_eq(second, "a");
  ck_assert_str_eq(late, "c");
  results_keep_text(one, "split", "d");
  g_autofree gchar *kept = results_text(other, "split");
  ck_assert_str_eq(kept, "d");
  closed(one);
  closed(other);
}
END_TEST

/* --- history ----------------------------------------------------------- */

static void collect(const HistoryEntry *entry, gpointer data) {
  g_string_append_printf(data,
                         "%" G_GINT64_FORMAT " %s %s %.4s %s %d %s %d %s %" G_GUINT64_FORMAT
                         " %" G_GUINT64_FORMAT "\n",
                         entry->at_us, entry->id, entry->path, entry->content,
                         entry->commit != NULL ? entry->commit : "-", entry->is_dirty,
                         entry->python, entry->class, entry->said != NULL ? entry->said : "-",
                         entry->wall_ns, entry->cpu_ns);
}

START_TEST(history_is_by_place_and_by_content) {
  Results *results = opened();
  HistoryEntry entry = {3,        "a/1",         "/b/a.md", CONTENT, "abcd", TRUE,
                        "3.11.2", VERDICT_FALSE, "no",      7,       8};
  results_note(results, &entry);
  entry =
      (HistoryEntry){1, "a/2", "/b/a.md", CONTENT, NULL, FALSE, "3.11.2", VERDICT_RAN, NULL, 5, 6};
  results_note(results, &entry);
  entry =
      (HistoryEntry){2, "a/1", "/b/a.md", OTHER, NULL, FALSE, "3.11.2", VERDICT_RAN, NULL, 1, 2};
  results_note(results, &entry);
  entry =
      (HistoryEntry){4, "a/1", "/other.md", OTHER, NULL, FALSE, "3.11.2", VERDICT_RAN, NULL, 1, 2};
  results_note(results, &entry);
  g_autoptr(GString) text = g_string_new(NULL);
  results_history(results, "/b/a.md", "a/1", NULL, collect, text);
  ck_assert_str_eq(text->str, "2 a/1 /b/a.md 1111 - 0 3.11.2 3 - 1 2\n"
                              "3 a/1 /b/a.md 8c1f abcd 1 3.11.2 1 no 7 8\n");
  g_string_truncate(text, 0);
  const gchar *const contents[] = {CONTENT, NULL};
  results_history(results, "/b/a.md", "a/1", contents, collect, text);
  ck_assert_str_eq(text->str, "1 a/2 /b/a.md 8c1f - 0 3.11.2 3 - 5 6\n"
                              "2 a/1 /b/a.md 1111 - 0 3.11.2 3 - 1 2\n"
                              "3 a/1 /b/a.md 8c1f abcd 1 3.11.2 1 no 7 8\n");
  guint64 cpu_ns, wall_ns;
  ck_assert(results_times(results, CONTENT, &cpu_ns, &wall_ns));
  ck_assert_uint_eq(cpu_ns, 8);
  ck_assert_uint_eq(wall_ns, 7);
  ck_assert(!results_times(results, "22", &cpu_ns, &wall_ns));
  closed(results);
}
END_TEST

static void count_entries(const HistoryEntry *entry, gpointer data) {
  gint64 *seen = data;
  ck_assert_int_gt(entry->at_us, seen[1]);
  ck_assert_str_eq(entry->id, "a/1");
  seen[0]++;
  seen[1] = entry->at_us;
}

START_TEST(of_entries_that_are_alike_the_last_stay) {
  Results *results = opened();
  HistoryEntry entry = {0,        "a/1",       "/b/a.md", CONTENT, NULL, FALSE,
                        "3.11.2", VERDICT_RAN, NULL,      5,       6};
  for (entry.at_us = 1; entry.at_us <= 150; entry.at_us++)
    results_note(results, &entry);
  entry.id = "a/2";
  results_note(results, &entry);
  entry.id = "a/1";
  entry.content = OTHER;
  results_note(results, &entry);
  results_wait(results);
  ck_assert_int_eq(ask_sql("SELECT count(*) FROM history"), 102);
  ck_assert_int_eq(ask_sql("SELECT min(at) FROM history"), 51);
  gint64 seen[] = {0, 0};
  results_past(results, "a/1", CONTENT, 10, count_entries, seen);
  ck_assert_int_eq(seen[0], 10);
  ck_assert_int_eq(seen[1], 150);
  closed(results);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("results");
  TCase *tests = tcase_create("results");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, what_is_kept_is_found_at_once_and_later);
  tcase_add_test(tests, the_last_one_counts);
  tcase_add_test(tests, two_at_once_see_each_others);
  tcase_add_test(tests, what_was_written_since_is_found);
  tcase_add_test(tests, what_is_not_there_keeps_nobody_from_tidying_up);
  tcase_add_loop_test(tests, a_row_that_was_changed_is_not_there, 0, 7);
  tcase_add_test(tests, what_is_no_database_is_set_aside);
  tcase_add_loop_test(tests, damage_anywhere_never_gives_anything_wrong, 0, 40);
  tcase_add_test(tests, another_version_begins_anew);
  tcase_add_test(tests, what_is_somebody_elses_stays);
  tcase_add_test(tests, where_no_file_can_be_there_are_no_results);
  tcase_add_test(tests, one_that_is_locked_for_ever_keeps_nothing);
  tcase_add_test(tests, one_that_is_locked_for_a_while_is_written_later);
  tcase_add_test(tests, without_a_log_results_are_kept_all_the_same);
  tcase_add_test(tests, a_full_disk_keeps_nothing);
  tcase_add_test(tests, what_nobody_asks_for_goes_in_the_end);
  tcase_add_test(tests, why_there_is_none);
  tcase_add_test(tests, texts_are_agreed_on);
  tcase_add_test(tests, history_is_by_place_and_by_content);
  tcase_add_test(tests, of_entries_that_are_alike_the_last_stay);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
