/* The disk as a tree of files, and which tree answers for a path. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory_files.h"

static gchar *folder;

static gchar *place(const gchar *name) {
  return g_build_filename(folder, name, NULL);
}

static void put(const gchar *name, const gchar *bytes, gssize size) {
  g_autofree gchar *path = place(name);
  ck_assert(g_file_set_contents(path, bytes, size, NULL));
}

static void make_folder(const gchar *name) {
  g_autofree gchar *path = place(name);
  ck_assert_int_eq(g_mkdir(path, 0700), 0);
}

static void make_link(const gchar *name, const gchar *target) {
  g_autofree gchar *path = place(name);
  ck_assert_int_eq(symlink(target, path), 0);
}

static void set_up(void) {
  g_autofree gchar *made = g_dir_make_tmp("files-XXXXXX", NULL);
  folder = files_real(files_disk(), made);
}

static void remove_all(const gchar *path) {
  g_autoptr(GPtrArray) entries = files_list(files_disk(), path, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    g_autofree gchar *inner = g_build_filename(path, entry->name, NULL);
    if (entry->kind == FILE_FOLDER && !entry->is_link)
      remove_all(inner);
    else
      g_unlink(inner);
  }
  g_rmdir(path);
}

static void tear_down(void) {
  remove_all(folder);
  g_clear_pointer(&folder, g_free);
}

static FileKind kind_of(const gchar *name) {
  g_autofree gchar *path = place(name);
  return files_kind(files_disk(), path);
}

static void check_refused(const gchar *name, gsize most, FilesError code, const gchar *words) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *path = place(name);
  gchar *text = NULL;
  gsize size = 7;
  ck_assert(!files_read(files_disk(), path, most, &text, &size, &error));
  ck_assert_msg(g_error_matches(error, FILES_ERROR, (gint)code), "%s", error->message);
  ck_assert_msg(g_str_has_prefix(error->message, path), "%s", error->message);
  ck_assert_msg(strstr(error->message, words) != NULL, "%s", error->message);
  ck_assert_ptr_null(text);
  ck_assert_uint_eq(size, 7);
}

START_TEST(kinds) {
  g_autofree gchar *pipe = place("pipe");
  put("file", "x", 1);
  make_folder("inner");
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  make_link("to-file", "file");
  make_link("to-inner", "inner");
  make_link("nowhere", "gone");
  make_link("loop", "loop");
  ck_assert_int_eq(kind_of("file"), FILE_REGULAR);
  ck_assert_int_eq(kind_of("inner"), FILE_FOLDER);
  ck_assert_int_eq(kind_of("pipe"), FILE_OTHER);
  ck_assert_int_eq(kind_of("to-file"), FILE_REGULAR);
  ck_assert_int_eq(kind_of("to-inner"), FILE_FOLDER);
  ck_assert_int_eq(kind_of("nowhere"), FILE_MISSING);
  ck_assert_int_eq(kind_of("gone"), FILE_MISSING);
  ck_assert_int_eq(kind_of("file/inner"), FILE_MISSING);
  ck_assert_int_eq(kind_of("loop"), FILE_UNKNOWN);
}
END_TEST

START_TEST(identities) {
  put("file", "x", 1);
  put("other", "x", 1);
  make_link("soft", "file");
  g_autofree gchar *one = place("file"), *soft = place("soft"), *hard = place("hard");
  g_autofree gchar *other = place("other"), *gone = place("gone");
  ck_assert_int_eq(link(one, hard), 0);
  g_autofree gchar *of_one = files_identity(files_disk(), one);
  g_autofree gchar *of_soft = files_identity(files_disk(), soft);
  g_autofree gchar *of_hard = files_identity(files_disk(), hard);
  g_autofree gchar *of_other = files_identity(files_disk(), other);
  ck_assert_str_eq(of_one, of_soft);
  ck_assert_str_eq(of_one, of_hard);
  ck_assert_str_ne(of_one, of_other);
  ck_assert_ptr_null(files_identity(files_disk(), gone));
}
END_TEST

START_TEST(reading) {
  g_autofree gchar *path = place("file"), *text = NULL;
  gsize size = 0;
  put("file", "a\0b", 3);
  ck_assert(files_read(files_disk(), path, 3, &text, &size, NULL));
  ck_assert_uint_eq(size, 3);
  ck_assert_mem_eq(text, "a\0b\0", 4);
  g_clear_pointer(&text, g_free);
  put("file", "", 0);
  ck_assert(files_read(files_disk(), path, 0, &text, &size, NULL));
  ck_assert_uint_eq(size, 0);
  ck_assert_str_eq(text, "");
}
END_TEST

/* A file that says nothing of its size is read to its end, and no further than is wanted. */
START_TEST(sizes_that_lie) {
  g_autofree gchar *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  ck_assert(files_read(files_disk(), "/proc/self/status", 1 << 20, &text, &size, NULL));
  ck_assert_uint_gt(size, 100);
  ck_assert_uint_eq(strlen(text), size);
  g_autofree gchar *short_text = NULL;
  ck_assert(!files_read(files_disk(), "/proc/self/status", 100, &short_text, &size, &error));
  ck_assert(g_error_matches(error, FILES_ERROR, FILES_ERROR_UNUSABLE));
}
END_TEST

/* Also one that is only linked to, and with no bound at all. */
START_TEST(no_bound) {
  g_autofree gchar *path = place("cpus");
  g_autofree gchar *text = NULL;
  gsize size = 0;
  make_link("cpus", "/proc/cpuinfo");
  ck_assert(files_read(files_disk(), path, G_MAXSIZE, &text, &size, NULL));
  ck_assert_uint_gt(size, 1);
  ck_assert_int_eq(text[size], '\0');
  ck_assert_uint_eq(strlen(text), size);
}
END_TEST

#define GROWN ((gsize)4 << 20)

static gpointer grow(gpointer path) {
  FILE *file = g_fopen(path, "a");
  for (gsize size = 0; size < GROWN; size += 64) {
    fprintf(file, "%063d\n", 0);
    fflush(file);
  }
  fclose(file);
  return NULL;
}

START_TEST(what_grows_meanwhile) {
  g_autofree gchar *path = place("log");
  gboolean is_refused = FALSE;
  put("log", "", 0);
  GThread *writer = g_thread_new("writer", grow, path);
  while (!is_refused) {
    g_autofree gchar *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize size = 0;
    is_refused = !files_read(files_disk(), path, GROWN / 2, &text, &size, &error);
    if (is_refused)
      ck_assert(g_error_matches(error, FILES_ERROR, FILES_ERROR_UNUSABLE));
    else
      ck_assert_uint_le(size, GROWN / 2);
    g_autofree gchar *whole = NULL;
    ck_assert(files_read(files_disk(), path, G_MAXSIZE, &whole, &size, NULL));
    ck_assert_uint_eq(strlen(whole), size);
  }
  g_thread_join(writer);
}
END_TEST

START_TEST(what_is_not_read) {
  g_autofree gchar *pipe = place("pipe"), *big = g_strnfill((2 << 20) + 1, 'x');
  put("big", big, -1);
  make_folder("inner");
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  make_link("loop", "loop");
  check_refused("gone", 9, FILES_ERROR_MISSING, ": no such file or folder");
  check_refused("big/inner", 9, FILES_ERROR_MISSING, ": cannot be read: ");
  check_refused("loop", 9, FILES_ERROR_MISSING, ": cannot be read: ");
  check_refused("inner", 9, FILES_ERROR_UNUSABLE, ": not a regular file");
  check_refused("pipe", 9, FILES_ERROR_UNUSABLE, ": not a regular file"); /* and does not wait */
  check_refused("big", 2 << 20, FILES_ERROR_UNUSABLE, ": larger than 2 MB");
}
END_TEST

START_TEST(lists) {
  g_autofree gchar *pipe = place("pipe");
  put("b", "", 0);
  put("B", "", 0);
  put(".hidden", "", 0);
  make_folder("a");
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  make_link("c", "a");
  make_link("d", "b");
  make_link("e", "gone");
  static const struct {
    const gchar *name;
    FileKind kind;
    gboolean is_link;
  } expected[] = {{".hidden", FILE_REGULAR, FALSE}, {"B", FILE_REGULAR, FALSE},
                  {"a", FILE_FOLDER, FALSE},        {"b", FILE_REGULAR, FALSE},
                  {"c", FILE_FOLDER, TRUE},         {"d", FILE_REGULAR, TRUE},
                  {"e", FILE_MISSING, TRUE},        {"pipe", FILE_OTHER, FALSE}};
  g_autoptr(GPtrArray) entries = files_list(files_disk(), folder, NULL);
  ck_assert_uint_eq(entries->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    ck_assert_str_eq(entry->name, expected[i].name);
    ck_assert_int_eq(entry->kind, expected[i].kind);
    ck_assert_int_eq(entry->is_link, expected[i].is_link);
  }
  g_autofree gchar *gone = place("gone"), *file = place("b");
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) unusable = NULL;
  ck_assert_ptr_null(files_list(files_disk(), gone, &missing));
  ck_assert(g_error_matches(missing, FILES_ERROR, FILES_ERROR_MISSING));
  ck_assert_ptr_null(files_list(files_disk(), file, &unusable));
  ck_assert_ptr_nonnull(strstr(unusable->message, "cannot be read"));
}
END_TEST

START_TEST(places) {
  g_autofree gchar *inner = place("inner"), *below = NULL;
  make_folder("inner");
  make_link("link", "inner");
  struct {
    const gchar *name, *expected;
  } cases[] = {{"inner", ""},
               {"inner/", ""},
               {"inner/a/../b", "b"},
               {"inner/gone/a", "gone/a"},
               {"link", ""},
               {"link/gone/a", "gone/a"},
               {"inner2", NULL},
               {"", NULL},
               {"inner/../other", NULL}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree gchar *path = g_strconcat(folder, "/", cases[i].name, NULL);
    g_free(below);
    below = path_below(inner, path);
    ck_assert_msg(g_strcmp0(below, cases[i].expected) == 0, "%s: %s", cases[i].name, below);
  }
  g_free(below);
  below = path_below("/", "/a/b");
  ck_assert_str_eq(below, "a/b");
}
END_TEST

START_TEST(names) {
  static const gchar *const documents[] = {"a.md", "docs/A.MD", "a.Markdown", "x.y.txt"};
  static const gchar *const others[] = {"md", "a.mdx", "a.py", "a.md/b", "a.txt~"};
  for (guint i = 0; i < G_N_ELEMENTS(documents); i++)
    ck_assert_msg(path_is_document(documents[i]), "%s", documents[i]);
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    ck_assert_msg(!path_is_document(others[i]), "%s", others[i]);
  ck_assert_str_eq(path_behind("/a/b", "/a/b/c/d"), "c/d");
  ck_assert_str_eq(path_behind("/a/b", "/a/b"), "");
  ck_assert_str_eq(path_behind("/", "/a"), "a");
  ck_assert_ptr_null(path_behind("/a/b", "/a/bc"));
  ck_assert_ptr_null(path_behind("/a/b", "/a"));
  g_autofree gchar *here = g_get_current_dir();
  g_autofree gchar *inner = g_build_filename(here, "docs", "a.md", NULL);
  g_autofree gchar *beside = g_strconcat(here, "2", NULL);
  g_autofree gchar *shown = path_from_here(inner);
  g_autofree gchar *plain = path_from_here("./docs/../a.md");
  g_autofree gchar *other = path_from_here(beside);
  g_autofree gchar *own = path_from_here(".");
  ck_assert_str_eq(shown, "docs/a.md");
  ck_assert_str_eq(plain, "a.md");
  ck_assert_str_eq(other, beside);
  ck_assert_str_eq(own, here);
}
END_TEST

/* What lies outside of a tree is the disk's; what lies in it is never. */
START_TEST(trees) {
  make_folder("tree");
  put("outside", "disk", 4);
  put("tree/file", "disk", 4);
  put("tree/only-disk", "disk", 4);
  g_autofree gchar *root = place("tree");
  g_autoptr(Files) files = memory_files_new(root);
  memory_files_put(files, "file", "memory");
  memory_files_put(files, "a/b", "");
  memory_files_link(files, "c", "a");
  g_autofree gchar *file = place("tree/file"), *only = place("tree/only-disk");
  g_autofree gchar *outside = place("outside"), *linked = place("tree/c/b"), *text = NULL;
  gsize size;
  ck_assert(files_read(files, file, 100, &text, &size, NULL));
  ck_assert_str_eq(text, "memory");
  g_clear_pointer(&text, g_free);
  ck_assert(files_read(files, outside, 100, &text, &size, NULL));
  ck_assert_str_eq(text, "disk");
  ck_assert_int_eq(files_kind(files, only), FILE_MISSING);
  ck_assert_int_eq(files_kind(files, linked), FILE_REGULAR);
  ck_assert(files_is_disk(files, outside));
  ck_assert(!files_is_disk(files, only));
  ck_assert(files_is_disk(files_disk(), only));
  g_autofree gchar *real = files_real(files, linked), *expected = place("tree/a/b");
  ck_assert_str_eq(real, expected);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("files");
  TCase *all = tcase_create("files");
  tcase_add_checked_fixture(all, set_up, tear_down);
  tcase_add_test(all, kinds);
  tcase_add_test(all, identities);
  tcase_add_test(all, reading);
  tcase_add_test(all, sizes_that_lie);
  tcase_add_test(all, no_bound);
  tcase_add_test(all, what_grows_meanwhile);
  tcase_add_test(all, what_is_not_read);
  tcase_add_test(all, lists);
  tcase_add_test(all, places);
  tcase_add_test(all, names);
  tcase_add_test(all, trees);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
