/* Fixtures that are not on the disk, written to where they can be loaded. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cli/unpacking.h"
#include "memory_files.h"

static gboolean (*read_memory)(const Files *files, const gchar *path, gsize most, gchar **text,
                               gsize *size, GError **error);

/* As where an object of git's is missing. */
static gboolean read_but_data(const Files *files, const gchar *path, gsize most, gchar **text,
                              gsize *size, GError **error) {
  if (!g_str_has_suffix(path, "data.txt"))
    return read_memory(files, path, most, text, size, error);
  g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: cannot be read", path);
  return FALSE;
}

/* A document whose only snippet runs with the fixture. */
static GPtrArray *documents_with(const Fixture *fixture) {
  GPtrArray *documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  Document *document = document_new("a.md", "a");
  Snippet *snippet = snippet_new(document, NULL, SNIPPET_SCRIPT, "book\n", 1);
  snippet->choice = fixture_choice_new(fixture, NULL);
  g_ptr_array_add(document->snippets, snippet);
  g_ptr_array_add(documents, document);
  return documents;
}

START_TEST(what_failed_half_way_is_tried_again) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Files) files = memory_files_new("/nowhere");
  g_autoptr(Fixture) fixture =
      fixture_new("books", "/nowhere/fixtures/books.py", "fixtures/books.py");
  g_autoptr(GPtrArray) fixtures = g_ptr_array_new();
  g_autoptr(GPtrArray) documents = documents_with(fixture);
  memory_files_put(files, "fixtures/books.py", "PROVIDES = ['book']\n");
  memory_files_put(files, "fixtures/inner/data.txt", "1\n");
  g_ptr_array_add(fixtures, fixture);
  fixture->digest = g_strdup("0123456789abcdef0123456789abcdef");
  read_memory = files->read;
  files->read = read_but_data;
  ck_assert(!fixtures_unpack(files, fixtures, documents, &error));
  ck_assert(g_error_matches(error, FILES_ERROR, FILES_ERROR_MISSING));
  ck_assert_str_eq(fixture->path, "/nowhere/fixtures/books.py");

  files->read = read_memory;
  g_clear_error(&error);
  ck_assert_msg(fixtures_unpack(files, fixtures, documents, &error), "%s",
                error != NULL ? error->message : "");
  g_autofree gchar *folder = g_path_get_dirname(fixture->path);
  g_autofree gchar *data = g_build_filename(folder, "inner", "data.txt", NULL);
  g_autofree gchar *text = NULL;
  ck_assert(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
  ck_assert(g_file_get_contents(data, &text, NULL, NULL));
  ck_assert_str_eq(text, "1\n");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("unpacking");
  TCase *tests = tcase_create("unpacking");
  tcase_add_test(tests, what_failed_half_way_is_tried_again);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
