/* What is told of files that are written, moved and removed: real ones. The kernel has told of each
 * when the call that changed it returns, so that nothing is waited for. */
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/watcher.h"

static gchar *top;
static Watcher *watcher;

static gchar *path_of(const gchar *name) {
  return g_build_filename(top, name, NULL);
}

static void put(const gchar *name, const gchar *text) {
  g_autofree gchar *path = path_of(name);
  gint file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ck_assert_int_ge(file, 0);
  ck_assert_int_eq(write(file, text, strlen(text)), (gssize)strlen(text));
  close(file);
}

static void make_folder(const gchar *name) {
  g_autofree gchar *path = path_of(name);
  ck_assert_int_eq(g_mkdir(path, 0700), 0);
}

static void move(const gchar *from, const gchar *to) {
  g_autofree gchar *source = path_of(from);
  g_autofree gchar *target = path_of(to);
  ck_assert_int_eq(g_rename(source, target), 0);
}

static void erase(const gchar *name) {
  g_autofree gchar *path = path_of(name);
  ck_assert_int_eq(g_remove(path), 0);
}

static void watch(const gchar *name) {
  g_autofree gchar *path = path_of(name);
  ck_assert(watcher_add(watcher, path, NULL));
}

/* What has changed, from the top, with blanks between. */
static const gchar *taken(void) {
  static gchar text[4096];
  gboolean is_lost;
  g_autoptr(GPtrArray) paths = watcher_take(watcher, &is_lost);
  ck_assert(!is_lost);
  *text = '\0';
  for (guint i = 0; i < paths->len; i++) {
    const gchar *path = g_ptr_array_index(paths, i);
    ck_assert_msg(g_str_has_prefix(path, top), "%s", path);
    if (i > 0)
      g_strlcat(text, " ", sizeof text);
    g_strlcat(text, path[strlen(top)] == '/' ? path + strlen(top) + 1 : ".", sizeof text);
  }
  return text;
}

static void set_up(void) {
  g_autofree gchar *made = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  top = realpath(made, NULL);
  watcher = watcher_new(NULL);
  ck_assert_ptr_nonnull(watcher);
  make_folder("docs");
  put("docs/a.md", "a");
}

static void remove_all(const gchar *path) {
  g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
  for (const gchar *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
    g_autofree gchar *child = g_build_filename(path, name, NULL);
    if (g_file_test(child, G_FILE_TEST_IS_DIR) && !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
      remove_all(child);
    else
      g_unlink(child);
  }
  g_rmdir(path);
}

static void tear_down(void) {
  watcher_free(watcher);
  remove_all(top);
  free(top);
}

START_TEST(a_save_in_place_counts_when_the_file_is_closed) {
  watch("docs");
  ck_assert_str_eq(taken(), "");
  g_autofree gchar *path = path_of("docs/a.md");
  gint file = open(path, O_WRONLY | O_TRUNC);
  ck_assert_int_eq(write(file, "ha", 2), 2);
  ck_assert_str_eq(taken(), "");
  ck_assert_int_eq(write(file, "lf", 2), 2);
  ck_assert_str_eq(taken(), "");
  close(file);
  ck_assert_str_eq(taken(), "docs/a.md");
  ck_assert_str_eq(taken(), "");
}
END_TEST

START_TEST(a_file_that_takes_the_place_of_another_counts) {
  watch("docs");
  put("docs/a.md.new", "b");
  taken();
  move("docs/a.md.new", "docs/a.md");
  ck_assert_str_eq(taken(), "docs/a.md docs/a.md.new");
  /* and once more: the new file is watched like the old one */
  put("docs/a.md", "c");
  ck_assert_str_eq(taken(), "docs/a.md");
}
END_TEST

START_TEST(one_from_elsewhere_counts_too) {
  watch("docs");
  put("new.md", "b");
  ck_assert_str_eq(taken(), "");
  move("new.md", "docs/a.md");
  ck_assert_str_eq(taken(), "docs/a.md");
}
END_TEST

START_TEST(what_is_saved_twice_is_told_once) {
  watch("docs");
  put("docs/a.md", "");
  put("docs/a.md", "b");
  ck_assert_str_eq(taken(), "docs/a.md");
}
END_TEST

START_TEST(a_removed_file_counts) {
  watch("docs");
  erase("docs/a.md");
  ck_assert_str_eq(taken(), "docs/a.md");
}
END_TEST

START_TEST(links_are_there_at_once) {
  watch("docs");
  g_autofree gchar *path = path_of("docs/a.md");
  g_autofree gchar *symbolic = path_of("docs/b.md");
  g_autofree gchar *hard = path_of("docs/c.md");
  ck_assert_int_eq(symlink(path, symbolic), 0);
  ck_assert_int_eq(link(path, hard), 0);
  ck_assert_str_eq(taken(), "docs/b.md docs/c.md");
}
END_TEST

START_TEST(new_folders_are_watched_with_what_is_in_them) {
  watch("docs");
  make_folder("docs/new");
  put("docs/new/early.md", "written before anybody could watch the folder");
  make_folder("docs/new/deep");
  ck_assert_str_eq(taken(), "docs/new docs/new/deep docs/new/early.md");
  put("docs/new/deep/late.md", "b");
  ck_assert_str_eq(taken(), "docs/new/deep/late.md");
}
END_TEST

START_TEST(a_folder_that_is_moved_within_keeps_being_watched) {
  watch("docs");
  make_folder("docs/old");
  put("docs/old/b.md", "b");
  taken();
  move("docs/old", "docs/new");
  ck_assert_str_eq(taken(), "docs/new docs/new/b.md docs/old");
  put("docs/new/b.md", "c");
  ck_assert_str_eq(taken(), "docs/new/b.md");
}
END_TEST

START_TEST(a_folder_that_is_moved_away_is_forgotten) {
  watch("docs");
  make_folder("docs/old");
  taken();
  guint count = watcher_count(watcher);
  move("docs/old", "elsewhere");
  ck_assert_str_eq(taken(), "docs/old");
  put("elsewhere/b.md", "b");
  ck_assert_str_eq(taken(), "");
  ck_assert_uint_eq(watcher_count(watcher), count - 1);
}
END_TEST

START_TEST(a_folder_that_is_removed_is_forgotten) {
  watch("docs");
  make_folder("docs/old");
  taken();
  guint count = watcher_count(watcher);
  erase("docs/old");
  ck_assert_str_eq(taken(), "docs/old");
  ck_assert_uint_eq(watcher_count(watcher), count - 1);
  make_folder("docs/old");
  put("docs/old/b.md", "b");
  ck_assert_str_eq(taken(), "docs/old docs/old/b.md");
}
END_TEST

START_TEST(hidden_folders_do_not_count) {
  watch("docs");
  make_folder("docs/.git");
  put("docs/.git/index", "");
  put("docs/.hidden.md", "is a document");
  ck_assert_str_eq(taken(), "docs/.hidden.md");
}
END_TEST

START_TEST(of_a_named_file_nothing_beside_it_counts) {
  watch("docs/a.md");
  put("docs/b.md", "b");
  ck_assert_str_eq(taken(), "");
  put("docs/a.md", "b");
  ck_assert_str_eq(taken(), "docs/a.md");
  put("docs/new", "c");
  move("docs/new", "docs/a.md");
  ck_assert_str_eq(taken(), "docs/a.md");
}
END_TEST

START_TEST(a_named_file_may_come_later) {
  watch("bank.yaml");
  ck_assert_str_eq(taken(), "");
  put("bank.yaml", "timeout: 5\n");
  ck_assert_str_eq(taken(), "bank.yaml");
}
END_TEST

START_TEST(a_named_folder_may_come_later) {
  watch("far/below/expected");
  make_folder("far");
  ck_assert_str_eq(taken(), "far");
  make_folder("far/below");
  make_folder("far/below/expected");
  put("far/below/expected/a.txt", "a");
  taken();
  put("far/below/expected/a.txt", "b");
  ck_assert_str_eq(taken(), "far/below/expected/a.txt");
}
END_TEST

START_TEST(a_named_folder_may_go_and_come_back) {
  watch("docs");
  erase("docs/a.md");
  erase("docs");
  ck_assert_str_eq(taken(), "docs docs/a.md");
  make_folder("docs");
  put("docs/b.md", "b");
  ck_assert_str_eq(taken(), "docs docs/b.md");
  put("docs/b.md", "c");
  ck_assert_str_eq(taken(), "docs/b.md");
}
END_TEST

START_TEST(a_named_folder_may_be_replaced) {
  make_folder("next");
  put("next/b.md", "b");
  watch("docs");
  move("docs", "old");
  move("next", "docs");
  ck_assert_str_eq(taken(), "docs docs/b.md");
  put("old/a.md", "nobody watches this any more");
  ck_assert_str_eq(taken(), "");
  put("docs/b.md", "c");
  ck_assert_str_eq(taken(), "docs/b.md");
}
END_TEST

START_TEST(lost_events_are_told) {
  watch("docs");
  g_autofree gchar *text = NULL;
  ck_assert(g_file_get_contents("/proc/sys/fs/inotify/max_queued_events", &text, NULL, NULL));
  guint64 most = g_ascii_strtoull(text, NULL, 10);
  g_autofree gchar *one = path_of("docs/a.md");
  g_autofree gchar *other = path_of("docs/b.md");
  for (guint64 i = 0; i <= most / 2 + 1; i++)
    ck_assert_int_eq(i % 2 == 0 ? g_rename(one, other) : g_rename(other, one), 0);
  gboolean is_lost = FALSE;
  g_autoptr(GPtrArray) paths = watcher_take(watcher, &is_lost);
  ck_assert(is_lost);
  put("docs/c.md", "c");
  ck_assert_str_eq(taken(), "docs/c.md");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("watcher");
  TCase *files = tcase_create("files");
  tcase_add_checked_fixture(files, set_up, tear_down);
  tcase_add_test(files, a_save_in_place_counts_when_the_file_is_closed);
  tcase_add_test(files, a_file_that_takes_the_place_of_another_counts);
  tcase_add_test(files, one_from_elsewhere_counts_too);
  tcase_add_test(files, what_is_saved_twice_is_told_once);
  tcase_add_test(files, a_removed_file_counts);
  tcase_add_test(files, links_are_there_at_once);
  tcase_add_test(files, lost_events_are_told);
  suite_add_tcase(suite, files);
  TCase *folders = tcase_create("folders");
  tcase_add_checked_fixture(folders, set_up, tear_down);
  tcase_add_test(folders, new_folders_are_watched_with_what_is_in_them);
  tcase_add_test(folders, a_folder_that_is_moved_within_keeps_being_watched);
  tcase_add_test(folders, a_folder_that_is_moved_away_is_forgotten);
  tcase_add_test(folders, a_folder_that_is_removed_is_forgotten);
  tcase_add_test(folders, hidden_folders_do_not_count);
  suite_add_tcase(suite, folders);
  TCase *named = tcase_create("named");
  tcase_add_checked_fixture(named, set_up, tear_down);
  tcase_add_test(named, of_a_named_file_nothing_beside_it_counts);
  tcase_add_test(named, a_named_file_may_come_later);
  tcase_add_test(named, a_named_folder_may_come_later);
  tcase_add_test(named, a_named_folder_may_go_and_come_back);
  tcase_add_test(named, a_named_folder_may_be_replaced);
  suite_add_tcase(suite, named);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
