/* Which expectation belongs to which snippet. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/expectations.h"

static gchar *root;
static gchar *folder; /* root/expected */
static Document *document;
static GPtrArray *documents;

static void setup(void) {
  root = g_dir_make_tmp("proctor-expectations-XXXXXX", NULL);
  ck_assert_ptr_nonnull(root);
  folder = g_build_filename(root, "expected", NULL);
  g_autofree gchar *path = g_build_filename(root, "lesson.md", NULL);
  document = document_new(path, "lesson");
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
  remove_tree(root);
  g_free(root);
  g_free(folder);
  g_ptr_array_unref(documents);
  document_free(document);
}

/* Whatever it is called on the command line. */
static void set_document(const gchar *path, const gchar *name) {
  g_free(document->path);
  g_free(document->name);
  document->path = g_build_filename(root, path, NULL);
  document->name = g_strdup(name);
}

/* A document on disk, that is not read. */
static void write_document(const gchar *name) {
  g_autofree gchar *path = g_build_filename(root, name, NULL);
  g_autofree gchar *above = g_path_get_dirname(path);
  ck_assert_int_eq(g_mkdir_with_parents(above, 0755), 0);
  ck_assert(g_file_set_contents(path, "# Text\n", -1, NULL));
}

static void assert_path(Expectations *expectations, const Snippet *snippet, const gchar *id) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *path = expectations_path(expectations, snippet, &error);
  g_autofree gchar *wanted = id != NULL ? g_strdup_printf("%s/%s.txt", folder, id) : NULL;
  ck_assert_msg((path == NULL) == (error != NULL), "%s", snippet->id);
  ck_assert_pstr_eq(path, wanted);
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
  Expectations *expectations = expectations_read(files_disk(), folder, &error);
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
  assert_path(expectations, second, "lesson/b/3.1");
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

START_TEST(the_place_is_the_same_whatever_is_named) {
  static const gchar *const names[] = {"lesson", "course/lesson", "lesson~2"};
  set_document("course/lesson.md", "");
  add_file("course/lesson/a/1.1", "before\n");
  add_file("course/lesson/a/2.1", "gone\n");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    set_document("course/lesson.md", names[i]);
    g_autofree gchar *id = g_strconcat(names[i], "/a/1.1", NULL);
    g_autofree gchar *new_id = g_strconcat(names[i], "/b/1~3.1", NULL);
    const Snippet *one = add_snippet(id, "edited\n"), *new_one = add_snippet(new_id, "new\n");
    g_autoptr(Expectations) expectations = read_all();
    assert_has(expectations, one, "course/lesson/a/1.1", FALSE);
    assert_path(expectations, new_one, "course/lesson/b/1.1");
    assert_stale(expectations, FALSE, "course/lesson/a/2.1");
    g_ptr_array_set_size(document->snippets, 0);
  }
}
END_TEST

START_TEST(a_tail_that_is_one_documents_is_its_place) {
  set_document("course/lesson.md", "lesson");
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  const Snippet *edited = add_snippet("lesson/a/2.1", "edited\n");
  const Snippet *new_one = add_snippet("lesson/a/3.1", "new\n");
  add_file("lesson/a/1.1", "x\n");
  add_file("lesson/a/2.1", "before\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, "lesson/a/1.1", FALSE);
  assert_has(expectations, edited, "lesson/a/2.1", FALSE);
  assert_path(expectations, new_one, "lesson/a/3.1");
}
END_TEST

START_TEST(a_tail_that_nothing_fits_is_left_alone) {
  set_document("course/lesson.md", "lesson");
  const Snippet *one = add_snippet("lesson/a/1.1", "edited\n");
  add_file("lesson/a/1.1", "before\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, NULL, FALSE);
  assert_path(expectations, one, "course/lesson/a/1.1");
  assert_stale(expectations, TRUE, "");
}
END_TEST

START_TEST(the_place_of_another_document_is_no_tail) {
  set_document("course/lesson.md", "lesson");
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  write_document("lesson.md");
  add_file("lesson/a/1.1", "x\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, NULL, FALSE);
  assert_path(expectations, one, "course/lesson/a/1.1");
  assert_stale(expectations, TRUE, "");
}
END_TEST

START_TEST(of_two_that_may_be_meant_none_is) {
  set_document("course/lesson.md", "lesson");
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  write_document("old/lesson.md");
  add_file("lesson/a/1.1", "x\n");
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, NULL, FALSE);
  assert_stale(expectations, TRUE, "");
}
END_TEST

START_TEST(a_copy_takes_nothing_from_a_document_that_is_there) {
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  write_document("other.md");
  add_file("other/a/1.1", "x\n");
  {
    g_autoptr(Expectations) expectations = read_all();
    assert_has(expectations, one, NULL, FALSE);
    assert_stale(expectations, TRUE, "");
  }
  g_autofree gchar *path = g_build_filename(root, "other.md", NULL);
  g_remove(path);
  g_autoptr(Expectations) expectations = read_all();
  assert_has(expectations, one, "other/a/1.1", TRUE);
}
END_TEST

START_TEST(no_place_leads_outside_or_to_another_document) {
  static const gchar *const paths[] = {"...md", "..md", "a\nb.md", "a\xff.md"};
  const Snippet *one = add_snippet("lesson/a/1.1", "x\n");
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    set_document(paths[i], "lesson");
    g_autoptr(Expectations) expectations = read_all();
    assert_path(expectations, one, NULL);
  }
  set_document("../lesson.md", "lesson");
  g_autoptr(Expectations) outside = read_all();
  assert_path(outside, one, "up/lesson/a/1.1");
  set_document("lesson.txt", "lesson");
  g_autoptr(Expectations) other = read_all();
  assert_path(other, one, "lesson.txt/a/1.1");
  set_document("lesson.md", "lesson");
  write_document("lesson/a.md");
  g_autoptr(Expectations) expectations = read_all();
  assert_path(expectations, one, NULL);
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
  g_autoptr(Expectations) expectations = expectations_read(files_disk(), nowhere, NULL);
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
  tcase_add_test(tests, the_place_is_the_same_whatever_is_named);
  tcase_add_test(tests, a_tail_that_is_one_documents_is_its_place);
  tcase_add_test(tests, a_tail_that_nothing_fits_is_left_alone);
  tcase_add_test(tests, the_place_of_another_document_is_no_tail);
  tcase_add_test(tests, a_copy_takes_nothing_from_a_document_that_is_there);
  tcase_add_test(tests, no_place_leads_outside_or_to_another_document);
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
