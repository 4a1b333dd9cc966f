/* Finding a snippet by what a person types. */
#include <glib/gstdio.h>

#include "bank_suite.h"

typedef struct {
  gchar *folder;
  Bank *bank;
} Written;

static void write_file(const gchar *folder, const gchar *name, const gchar *text) {
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  g_autofree gchar *parent = g_path_get_dirname(path);
  ck_assert_int_eq(g_mkdir_with_parents(parent, 0700), 0);
  ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void remove_file(const gchar *folder, const gchar *name) {
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  ck_assert_int_eq(g_remove(path), 0);
}

static Written open_files(void) {
  Written files = {.folder = g_dir_make_tmp("bank-XXXXXX", NULL)};
  write_file(files.folder, "a/core.md",
             "# All\n## Locks\n### 1. A\n```py\nx = 1\n```\n```py\ny = 2\n```\n");
  write_file(files.folder, "b/core.md", "# All\n## Locks\n### 1. A\n\n    z = 3\n    w = 4\n");
  const gchar *const paths[] = {files.folder, NULL};
  g_autoptr(GError) error = NULL;
  files.bank = bank_read(files_disk(), paths, &error);
  ck_assert_ptr_nonnull(files.bank);
  return files;
}

static void close_files(Written *files) {
  bank_free(files->bank);
  remove_file(files->folder, "a/core.md");
  remove_file(files->folder, "b/core.md");
  remove_file(files->folder, "a");
  remove_file(files->folder, "b");
  g_remove(files->folder);
  g_free(files->folder);
}

static void check_found(const Written *files, const gchar *reference, const gchar *id) {
  g_autoptr(GError) error = NULL;
  const Snippet *snippet = bank_find(files->bank, reference, &error);
  ck_assert_msg(snippet != NULL, "%s: %s", reference, error != NULL ? error->message : "");
  ck_assert_str_eq(snippet->id, id);
}

static void check_missing(const Written *files, const gchar *reference, const gchar *words) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(bank_find(files->bank, reference, &error));
  ck_assert(g_error_matches(error, BANK_ERROR, BANK_ERROR_UNKNOWN));
  ck_assert_msg(strstr(error->message, words) != NULL, "%s", error->message);
}

START_TEST(by_id_tail_line_or_content) {
  Written files = open_files();
  check_found(&files, "a/core/locks/1.1", "a/core/locks/1.1");
  check_found(&files, "locks/1.2", "a/core/locks/1.2");
  check_found(&files, "1.2", "a/core/locks/1.2");
  check_found(&files, "a/core.md:5", "a/core/locks/1.1");
  check_found(&files, "a/core.md:4", "a/core/locks/1.1");
  check_found(&files, "a/core.md:6", "a/core/locks/1.1");
  check_found(&files, "a/core.md:7", "a/core/locks/1.2");
  check_found(&files, "b/core.md:6", "b/core/locks/1.1");
  g_autofree gchar *path = g_strdup_printf("%s/a/core.md:8", files.folder);
  check_found(&files, path, "a/core/locks/1.2");
  g_autofree gchar *long_id = g_strdup_printf("%s/b/core/locks/1.1", files.folder);
  check_found(&files, long_id, "b/core/locks/1.1");
  const Snippet *first = bank_find(files.bank, "a/core/locks/1.1", NULL);
  g_autofree gchar *start = g_strndup(first->content_id, 7);
  check_found(&files, start, "a/core/locks/1.1");
  close_files(&files);
}
END_TEST

START_TEST(what_fits_none_or_several) {
  Written files = open_files();
  check_missing(&files, "1.1", "fits 2 snippets: a/core/locks/1.1, b/core/locks/1.1");
  check_missing(&files, "core.md:5", "fits 2");
  check_missing(&files, "ocks/1.2", "no snippet is called 'ocks/1.2'");
  check_missing(&files, "a/core.md:10", "no snippet");
  check_missing(&files, "b/core.md:4", "no snippet");
  check_missing(&files, "a/core.md:", "no snippet");
  check_missing(&files, ":5", "no snippet");
  check_missing(&files, "", "no snippet");
  close_files(&files);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {by_id_tail_line_or_content, what_fits_none_or_several, NULL};
  return run_case("bank_find", tests);
}
