/* Reading files and folders, and what cannot be read. */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bank_suite.h"

static gchar *folder;

static gchar *place(const gchar *name) {
  return g_build_filename(folder, name, NULL);
}

static void write_bytes(const gchar *name, const gchar *bytes, gssize size) {
  g_autofree gchar *path = place(name);
  g_autofree gchar *parent = g_path_get_dirname(path);
  ck_assert_int_eq(g_mkdir_with_parents(parent, 0700), 0);
  ck_assert(g_file_set_contents(path, bytes, size, NULL));
}

static void make_folder(void) {
  folder = g_dir_make_tmp("bank-XXXXXX", NULL);
}

static void remove_tree(const gchar *path) {
  GDir *dir = g_dir_open(path, 0, NULL);
  for (const gchar *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree gchar *inner = g_build_filename(path, name, NULL);
    if (g_file_test(inner, G_FILE_TEST_IS_SYMLINK) || !g_file_test(inner, G_FILE_TEST_IS_DIR))
      g_unlink(inner);
    else
      remove_tree(inner);
  }
  if (dir != NULL)
    g_dir_close(dir);
  g_rmdir(path);
}

static void remove_folder(void) {
  remove_tree(folder);
  g_clear_pointer(&folder, g_free);
}

/* Reads what stands at name under the folder; "" is the folder itself. */
static Bank *read_place(const gchar *name, GError **error) {
  g_autofree gchar *path = *name != '\0' ? g_strconcat(folder, "/", name, NULL) : g_strdup(folder);
  const gchar *const paths[] = {path, NULL};
  return bank_read(files_disk(), paths, error);
}

static void check_refused(const gchar *name, BankError code, const gchar *words) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(read_place(name, &error));
  ck_assert_msg(g_error_matches(error, BANK_ERROR, (gint)code), "%s", error->message);
  ck_assert_msg(strstr(error->message, words) != NULL, "%s", error->message);
  ck_assert_msg(strstr(error->message, name) != NULL, "%s", error->message);
}

static const Document *document_at(const Bank *bank, guint i) {
  ck_assert_uint_lt(i, bank->documents->len);
  return g_ptr_array_index(bank->documents, i);
}

START_TEST(folders_are_walked_in_order) {
  write_bytes("b.md", "```py\nx\n```\n", -1);
  write_bytes("a/z.TXT", "", -1);
  write_bytes("a/b/c.markdown", "", -1);
  write_bytes("a/no.rst", "```py\nx\n```\n", -1);
  write_bytes(".hidden/x.md", "```py\nx\n```\n", -1);
  g_autofree gchar *link = place("link"), *loop = place("a/loop"), *again = place("c.md");
  ck_assert_int_eq(symlink("a", link), 0);
  ck_assert_int_eq(symlink("..", loop), 0);
  ck_assert_int_eq(symlink("b.md", again), 0);
  g_autoptr(Bank) bank = read_place("", NULL);
  ck_assert_uint_eq(bank->documents->len, 3);
  ck_assert_str_eq(document_at(bank, 0)->name, "a/b/c");
  ck_assert_str_eq(document_at(bank, 1)->name, "a/z");
  ck_assert_str_eq(document_at(bank, 2)->name, "b");
  ck_assert_uint_eq(bank->problems->len, 0);
  const Snippet *snippet = snippet_at(document_at(bank, 2), 0);
  ck_assert_str_eq(snippet->id, "b/top.1");
}
END_TEST

START_TEST(a_folder_may_be_named_with_slashes_behind) {
  write_bytes("a/b.md", "", -1);
  g_autoptr(Bank) bank = read_place("a///", NULL);
  ck_assert_uint_eq(bank->documents->len, 1);
  ck_assert_str_eq(document_at(bank, 0)->name, "b");
  ck_assert(g_str_has_suffix(document_at(bank, 0)->path, "/a/b.md"));
}
END_TEST

START_TEST(named_files_may_have_any_extension) {
  write_bytes("notes.rst", "\n    x = 1\n", -1);
  g_autoptr(Bank) bank = read_place("notes.rst", NULL);
  ck_assert_uint_eq(bank->documents->len, 1);
  ck_assert_str_eq(document_at(bank, 0)->name, "notes");
}
END_TEST

START_TEST(names_are_unique_in_the_bank) {
  write_bytes("a/core.md", "```py\nx\n```\n", -1);
  write_bytes("b/core.md", "```py\nx\n```\n", -1);
  g_autofree gchar *a = place("a/core.md"), *b = place("b/core.md"), *all = place("a");
  const gchar *const paths[] = {a, b, a, all, NULL};
  g_autoptr(Bank) bank = bank_read(files_disk(), paths, NULL);
  ck_assert_uint_eq(bank->documents->len, 2);
  ck_assert_str_eq(snippet_at(document_at(bank, 0), 0)->id, "core/top.1");
  ck_assert_str_eq(snippet_at(document_at(bank, 1), 0)->id, "core~2/top.1");
}
END_TEST

START_TEST(an_empty_folder_is_no_error) {
  g_autoptr(Bank) bank = read_place("", NULL);
  ck_assert_ptr_nonnull(bank);
  ck_assert_uint_eq(bank->documents->len, 0);
}
END_TEST

START_TEST(named_paths_that_cannot_be_read) {
  check_refused("absent.md", BANK_ERROR_MISSING, "no such file");
  g_autofree gchar *fifo = place("fifo.md");
  ck_assert_int_eq(mkfifo(fifo, 0600), 0);
  check_refused("fifo.md", BANK_ERROR_UNUSABLE, "not a regular file");
  g_autofree gchar *loop = place("loop.md");
  ck_assert_int_eq(symlink("loop.md", loop), 0);
  check_refused("loop.md", BANK_ERROR_MISSING, "loop.md");
  gchar noise[256];
  for (int i = 0; i < 256; i++)
    noise[i] = (gchar)i;
  write_bytes("noise.bin", noise, sizeof noise);
  check_refused("noise.bin", BANK_ERROR_UNUSABLE, "binary");
}
END_TEST

START_TEST(a_file_that_is_too_large_is_refused) {
  write_bytes("large.md", "x\n", -1);
  g_autofree gchar *path = place("large.md");
  ck_assert_int_eq(truncate(path, (off_t)BANK_DOCUMENT_MAX + 1), 0);
  check_refused("large.md", BANK_ERROR_UNUSABLE, "larger than 64 MB");
}
END_TEST

START_TEST(on_a_walk_they_are_problems) {
  write_bytes("a.md", "\0\1\2\3\4\5\6", 7);
  write_bytes("b.md", "```py\nx\n```\n", -1);
  g_autofree gchar *fifo = place("c.md");
  ck_assert_int_eq(mkfifo(fifo, 0600), 0);
  g_autoptr(Bank) bank = read_place("", NULL);
  ck_assert_uint_eq(bank->documents->len, 1);
  ck_assert_uint_eq(bank->problems->len, 2);
  const BankProblem *first = g_ptr_array_index(bank->problems, 0);
  ck_assert(g_str_has_suffix(first->path, "/a.md"));
  ck_assert_ptr_nonnull(strstr(first->message, "binary"));
}
END_TEST

START_TEST(a_single_nul_is_no_binary) {
  write_bytes("a.md", "A word\0 and many more words\n", 28);
  g_autoptr(Bank) bank = read_place("a.md", NULL);
  ck_assert_ptr_nonnull(bank);
  const Remark *remark = remark_at(document_at(bank, 0), 0);
  ck_assert_uint_eq(remark->line, 1);
  ck_assert_uint_eq(remark->column, 7);
  ck_assert_str_eq(remark->message, "a NUL byte in the text");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("bank_files");
  TCase *tests = tcase_create("files");
  tcase_add_checked_fixture(tests, make_folder, remove_folder);
  tcase_add_test(tests, folders_are_walked_in_order);
  tcase_add_test(tests, a_folder_may_be_named_with_slashes_behind);
  tcase_add_test(tests, named_files_may_have_any_extension);
  tcase_add_test(tests, names_are_unique_in_the_bank);
  tcase_add_test(tests, an_empty_folder_is_no_error);
  tcase_add_test(tests, named_paths_that_cannot_be_read);
  tcase_add_test(tests, a_file_that_is_too_large_is_refused);
  tcase_add_test(tests, on_a_walk_they_are_problems);
  tcase_add_test(tests, a_single_nul_is_no_binary);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
