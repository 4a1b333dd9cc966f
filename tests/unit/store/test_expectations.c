/* Which expectation belongs to which snippet. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/expectations.h"

static gchar *folder;
static Document *document;
static GPtrArray *documents;

static void setup(void) {
  folder = g_dir_make_tmp("proctor-expectations-XXXXXX", NULL);
  ck_assert_ptr_nonnull(folder);
  document = document_new("lesson.md", "lesson");
  documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
}

static void remove_tree(const gchar *path) {
  g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
  for (const gchar *name; names != NULL && (name = g_dir_read_name(names)) != NULL;) {
    g_autofree gchar *below = g_build_filename(path, name, NULL);
    remove_tree(below);
  }
  g_remove(path);
}

static void teardown(void) {
  remove_tree(folder);
  g_free(folder);
  g_ptr_array_unref(documents);
  document_free(document);
}

static Snippet *add_snippet(const gchar *id, const gchar *source) {
  Snippet *snippet = snippet_new(document, NULL, SNIPPET_SCRIPT, source, 1);
  snippet->id = g_strdup(id);
  g_ptr_array_add(document->snippets, snippet);
  return snippet;
}

/* A file that was accepted for this source. */
static void add_file(const gchar *id, const gchar *source) {
  g_autoptr(Snippet) snippet = snippet_new(document, NULL, SNIPPET_SCRIPT, source, 1);
  g_autofree gchar *name = g_strconcat(id, ".txt", NULL);
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  g_autofree gchar *above = g_path_get_dirname(path);
  g_autofree gchar *text =
      g_strdup_printf("---\nsnippet: %s\noutcome: finishes\n---\n", snippet->content_id);
  ck_assert_int_eq(g_mkdir_with_parents(above, 0755), 0);
  ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static Expectations *read_all(void) {
  g_autoptr(GError) error = NULL;
  Expectations *expectations = expectations_read(folder, &error);
  ck_assert_msg(expectations != NULL, "%s", error != NULL ? error->message : "");
  expectations_assign(expectations, documents);
  return expectations;
}

static void assert_has(const Expectations *expectations, const Snippet *snippet, const gchar *id,
                       gboolean is_moved) {
  gboolean moved;
  const Expectation *found = expectations_of(expectations, snippet, &moved);
  ck_assert_msg((found == NULL) == (id == NULL), "%s", snippet->id);
  if (id != NULL)
    ck_assert_str_eq(found->id, id);
  ck_assert_int_eq(moved, is_moved);
}

static void assert_stale(const Expectations *expectations, gboolean is_whole, const gchar *ids) {
  g_autoptr(GPtrArray) stale = expectations_stale(expectations, is_whole);
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; i < stale->len; i++) {
    const Expectation *expectation = g_ptr_array_index(stale, i);
    g_string_append_printf(found, "%s%s", i > 0 ? " " : "", expectation->id);
  }
  ck_assert_str_eq(found->str, ids);
}

START_TEST(the_file_at_its_own_id_comes_first) {
  const Snippet *one = add_snippet("lesson/a/1.1", "x = 1\n");
  const Snippet *same = add_snippet("lesson/a/2.1", "x = 1\n");
  add_file("lesson/a/1.1", "x = 1\n");
  add_file("lesson/a/2.1", "x = 1\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, "lesson/a/1.1", FALSE);
  assert_has(expectations, same, "lesson/a/2.1", FALSE);
  assert_stale(expectations, TRUE, "");
}
END_TEST

START_TEST(it_follows_its_content) {
  /* A question was put before the first: all are renumbered, and the last is new. */
  const Snippet *new_one = add_snippet("lesson/a/1.1", "new\n");
  const Snippet *first = add_snippet("lesson/a/2.1", "first\n");
  const Snippet *second = add_snippet("lesson/b/3.1", "second\n");
  add_file("lesson/a/1.1", "first\n");
  add_file("lesson/a/2.1", "second\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, new_one, NULL, FALSE);
  assert_has(expectations, first, "lesson/a/1.1", TRUE);
  assert_has(expectations, second, "lesson/a/2.1", TRUE);
  g_autofree gchar *path = expectations_path(expectations, second);
  ck_assert(g_str_has_suffix(path, "/lesson/b/3.1.txt"));
  ck_assert_ptr_eq(
      expectations_owner(expectations, expectations_of(expectations, first, NULL)->path), first);
}
END_TEST

START_TEST(an_edited_snippet_keeps_its_own) {
  const Snippet *edited = add_snippet("lesson/a/1.1", "edited\n");
  add_file("lesson/a/1.1", "before\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, edited, "lesson/a/1.1", FALSE);
}
END_TEST

START_TEST(what_nobody_has_is_stale) {
  add_snippet("lesson/a/1.1", "x\n");
  add_file("lesson/a/1.1", "x\n");
  add_file("lesson/a/2.1", "gone\n");
  add_file("other/a/1.1", "not read\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_stale(expectations, FALSE, "lesson/a/2.1");
  assert_stale(expectations, TRUE, "lesson/a/2.1 other/a/1.1");
}
END_TEST

START_TEST(a_document_may_be_named_from_further_up_or_down) {
  g_free(document->name);
  document->name = g_strdup("course/lesson");
  const Snippet *one = add_snippet("course/lesson/a/1.1", "edited\n");
  add_file("lesson/a/1.1", "before\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, "lesson/a/1.1", FALSE);
  g_autofree gchar *path = expectations_path(expectations, one);
  ck_assert(!g_str_has_suffix(path, "course/lesson/a/1.1.txt"));
}
END_TEST

START_TEST(a_document_may_be_named_alone) {
  const Snippet *one = add_snippet("lesson/a/1.1", "edited\n");
  add_file("course/lesson/a/1.1", "before\n");
  add_file("course/lesson/a/2.1", "gone\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, "course/lesson/a/1.1", FALSE);
  assert_stale(expectations, FALSE, "course/lesson/a/2.1");
}
END_TEST

START_TEST(of_two_that_may_be_meant_none_is) {
  const Snippet *one = add_snippet("lesson/a/1.1", "edited\n");
  add_file("course/lesson/a/1.1", "before\n");
  add_file("old/lesson/a/1.1", "long before\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, NULL, FALSE);
}
END_TEST

START_TEST(a_broken_file_has_a_problem) {
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  g_autofree gchar *above = g_build_filename(folder, "lesson/a", NULL);
  g_autofree gchar *path = g_build_filename(above, "1.1.txt", NULL);
  ck_assert_int_eq(g_mkdir_with_parents(above, 0755), 0);
  ck_assert(g_file_set_contents(path, "nonsense\n", -1, NULL));
  g_autoptr(Expectations) expectations = read_all();
  g_autoptr(GPtrArray) broken = expectations_broken(expectations);
  ck_assert_uint_eq(broken->len, 1);
  const Expectation *found = expectations_of(expectations, one, NULL);
  ck_assert_ptr_eq(g_ptr_array_index(broken, 0), found);
  ck_assert(g_str_has_suffix(found->problem, "1.1.txt:1: does not begin with a line '---'"));
  assert_stale(expectations, TRUE, "");
}
END_TEST

START_TEST(a_folder_that_is_not_there_has_none) {
  g_autofree gchar *nowhere = g_build_filename(folder, "nowhere", NULL);
  g_autoptr(Expectations) expectations = expectations_read(nowhere, NULL);
  ck_assert_ptr_nonnull(expectations);
  assert_stale(expectations, TRUE, "");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expectations");
  TCase *tests = tcase_create("expectations");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, the_file_at_its_own_id_comes_first);
  tcase_add_test(tests, it_follows_its_content);
  tcase_add_test(tests, an_edited_snippet_keeps_its_own);
  tcase_add_test(tests, what_nobody_has_is_stale);
  tcase_add_test(tests, a_document_may_be_named_from_further_up_or_down);
  tcase_add_test(tests, a_document_may_be_named_alone);
  tcase_add_test(tests, of_two_that_may_be_meant_none_is);
  tcase_add_test(tests, a_broken_file_has_a_problem);
  tcase_add_test(tests, a_folder_that_is_not_there_has_none);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
