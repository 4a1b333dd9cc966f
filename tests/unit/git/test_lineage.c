/* Which snippet is which. A bank is written as text: "== number title" begins a question, "--" ends
 * a snippet, "@@ path" begins a document. */
#include "git/lineage.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void add_snippet(Document *document, Question *question, guint ordinal,
                        const gchar *source) {
  Snippet *snippet = snippet_new(document, question, SNIPPET_SCRIPT, source, 1);
  snippet->ordinal = ordinal;
  snippet->id = question != NULL
                    ? g_strdup_printf("%s/%s.%u", document->name, question->number, ordinal)
                    : g_strdup_printf("%s/%u", document->name, ordinal);
  g_ptr_array_add(document->snippets, snippet);
}

static GPtrArray *bank(const gchar *text) {
  GPtrArray *documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  Document *document = NULL;
  Question *question = NULL;
  guint ordinal = 0;
  g_autoptr(GString) source = g_string_new(NULL);
  for (gchar **line = lines; *line != NULL; line++) {
    if (g_str_has_prefix(*line, "@@ ") || document == NULL) {
      const gchar *path = g_str_has_prefix(*line, "@@ ") ? *line + 3 : "a.md";
      g_autofree gchar *name = g_strndup(path, strcspn(path, "."));
      document = document_new(path, name);
      g_ptr_array_add(documents, document);
      question = NULL;
      ordinal = 0;
      if (g_str_has_prefix(*line, "@@ "))
        continue;
    }
    if (g_str_has_prefix(*line, "== ")) {
      g_auto(GStrv) words = g_strsplit(*line + 3, " ", 2);
      question = question_new(words[0], words[1], NULL, 1);
      g_ptr_array_add(document->questions, question);
      ordinal = 0;
    } else if (g_str_equal(*line, "--")) {
      add_snippet(document, question, ++ordinal, source->str);
      g_string_truncate(source, 0);
    } else {
      g_string_append_printf(source, "%s\n", *line);
    }
  }
  return documents;
}

/* One line a kin: "a/1.1 a/2.1 edited renamed moved". */
static gchar *told(const gchar *before, const gchar *after) {
  g_autoptr(GPtrArray) old = bank(before);
  g_autoptr(GPtrArray) new = bank(after);
  g_autoptr(Lineage) lineage = lineage_new(old, new);
  GString *text = g_string_new(NULL);
  const GPtrArray *all = lineage_all(lineage);
  for (guint i = 0; i < all->len; i++) {
    const Kin *kin = g_ptr_array_index(all, i);
    g_string_append_printf(text, "%s %s%s%s%s\n", kin->before != NULL ? kin->before->id : "-",
                           kin->after != NULL ? kin->after->id : "-",
                           kin->is_edited ? " edited" : "", kin->is_renamed ? " renamed" : "",
                           kin->is_moved ? " moved" : "");
    if (kin->before != NULL)
      ck_assert_ptr_eq(lineage_of(lineage, kin->before), kin);
    if (kin->after != NULL)
      ck_assert_ptr_eq(lineage_of(lineage, kin->after), kin);
  }
  return g_string_free(text, FALSE);
}

static void check_told(const gchar *before, const gchar *after, const gchar *expected) {
  g_autofree gchar *actual = told(before, after);
  ck_assert_str_eq(actual, expected);
}

#define DEQUE                                                                                      \
  "from collections import deque\nitems = deque([1, 2, 3], maxlen=3)\nitems.append(4)\n"           \
  "print(list(items))  # [2, 3, 4]\n--\n"
#define DEQUE_EDITED                                                                               \
  "from collections import deque\nitems = deque([1, 2, 3], maxlen=4)\nitems.append(4)\n"           \
  "print(list(items))  # [1, 2, 3, 4]\n--\n"
#define LOCK                                                                                       \
  "import threading\nlock = threading.Lock()\nwith lock:\n    counter = 1\nprint(counter)  # "     \
  "1\n--\n"
#define LOCK_EDITED                                                                                \
  "import threading\nguard = threading.RLock()\nwith guard:\n    counter = 1\n"                    \
  "print(counter)  # 1\n--\n"
#define SORT "names = ['b', 'a']\nprint(sorted(names, key=str.lower))  # ['a', 'b']\n--\n"
#define MERGE "left = {'x': 1}\nright = {'y': 2}\nprint(left | right)  # {'x': 1, 'y': 2}\n--\n"

START_TEST(nothing_changed) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK SORT, "== 1 A\n" DEQUE "== 2 B\n" LOCK SORT,
             "a/1.1 a/1.1\na/2.1 a/2.1\na/2.2 a/2.2\n");
  check_told("", "", "");
}
END_TEST

START_TEST(the_first_and_the_last_version_of_a_bank) {
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(GPtrArray) one = bank("== 1 A\n" DEQUE);
  g_autoptr(Lineage) added = lineage_new(none, one);
  g_autoptr(Lineage) removed = lineage_new(one, none);
  const Kin *kin = g_ptr_array_index(lineage_all(added), 0);
  ck_assert(kin->before == NULL && kin->after != NULL);
  kin = g_ptr_array_index(lineage_all(removed), 0);
  ck_assert(kin->before != NULL && kin->after == NULL);
  g_autoptr(GPtrArray) other = bank("== 1 A\n" DEQUE);
  const Document *document = g_ptr_array_index(other, 0);
  ck_assert_ptr_null(lineage_of(added, g_ptr_array_index(document->snippets, 0)));
}
END_TEST

START_TEST(an_edited_snippet) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK, "== 1 A\n" DEQUE_EDITED "== 2 B\n" LOCK,
             "a/1.1 a/1.1 edited\na/2.1 a/2.1\n");
}
END_TEST

START_TEST(a_line_that_was_all) {
  check_told("== 1 A\nprint(len([1, 2]))  # 2\n--\n", "== 1 A\nprint(len([1, 2]))  # 3\n--\n",
             "a/1.1 a/1.1 edited\n");
}
END_TEST

START_TEST(other_code_under_the_same_heading_is_another_snippet) {
  check_told("== 1 A\n" DEQUE, "== 1 A\n" MERGE, "- a/1.1\na/1.1 -\n");
}
END_TEST

START_TEST(a_question_inserted_renumbers_all_behind_it) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK "== 3 C\n" SORT,
             "== 1 A\n" DEQUE "== 2 New\n" MERGE "== 3 B\n" LOCK "== 4 C\n" SORT,
             "a/1.1 a/1.1\n- a/2.1\na/2.1 a/3.1 renamed\na/3.1 a/4.1 renamed\n");
}
END_TEST

START_TEST(a_question_inserted_and_those_behind_it_edited) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK,
             "== 1 New\n" MERGE "== 2 A\n" DEQUE_EDITED "== 3 B\n" LOCK_EDITED,
             "- a/1.1\na/1.1 a/2.1 edited renamed\na/2.1 a/3.1 edited renamed\n");
}
END_TEST

START_TEST(equal_snippets_stay_with_their_questions) {
  check_told("== 1 A\nx = 1\n--\n== 2 B\nx = 1\n--\n",
             "== 1 New\nx = 1\n--\n== 2 A\nx = 1\n--\n== 3 B\nx = 1\n--\n",
             "- a/1.1\na/1.1 a/2.1 renamed\na/2.1 a/3.1 renamed\n");
}
END_TEST

START_TEST(equal_snippets_keep_their_order) {
  check_told("x = 1\n--\n" SORT "x = 1\n--\n" LOCK,
             "x = 1\n--\n" SORT "y = 2\n--\nx = 1\n--\n" LOCK,
             "a/1 a/1\na/2 a/2\n- a/3\na/3 a/4 renamed\na/4 a/5 renamed\n");
  /* One of them is gone, another one stands where it stood. */
  check_told("== 1 A\nx = 1\n--\n" SORT "== 2 B\nx = 1\n--\n" LOCK,
             "== 1 A\n" SORT "== 2 B\nx = 1\n--\n" LOCK,
             "a/1.2 a/1.1 renamed\na/2.1 a/2.1\na/2.2 a/2.2\na/1.1 -\n");
}
END_TEST

START_TEST(two_snippets_swapped) {
  g_autofree gchar *text = told("== 1 A\n" DEQUE "== 2 B\n" LOCK, "== 1 A\n" LOCK "== 2 B\n" DEQUE);
  ck_assert_str_eq(text, "a/2.1 a/1.1 renamed moved\na/1.1 a/2.1 renamed moved\n");
  check_told("== 1 A\n" DEQUE LOCK, "== 1 A\n" LOCK DEQUE,
             "a/1.2 a/1.1 renamed\na/1.1 a/1.2 renamed moved\n");
}
END_TEST

START_TEST(two_questions_swapped) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK SORT, "== 1 B\n" LOCK SORT "== 2 A\n" DEQUE,
             "a/2.1 a/1.1 renamed\na/2.2 a/1.2 renamed\na/1.1 a/2.1 renamed moved\n");
}
END_TEST

START_TEST(a_heading_worded_otherwise_moves_nothing) {
  check_told("== 1 What is a deque\n" DEQUE, "== 1 What is a deque?\n" DEQUE, "a/1.1 a/1.1\n");
  check_told("== 1 What is a deque\n" DEQUE, "== 1 What is a deque?\n" DEQUE_EDITED,
             "a/1.1 a/1.1 edited\n");
}
END_TEST

START_TEST(a_question_split) {
  check_told("== 1 A\n" DEQUE LOCK "== 2 B\n" SORT,
             "== 1 A\n" DEQUE "== 2 More\n" LOCK_EDITED "== 3 B\n" SORT,
             "a/1.1 a/1.1\na/1.2 a/2.1 edited renamed moved\na/2.1 a/3.1 renamed\n");
}
END_TEST

START_TEST(two_questions_merged) {
  check_told("== 1 A\n" DEQUE "== 2 B\n" LOCK, "== 1 A\n" DEQUE LOCK,
             "a/1.1 a/1.1\na/2.1 a/1.2 renamed moved\n");
}
END_TEST

START_TEST(two_blocks_made_one) {
  /* It is the one whose place it has. */
  check_told("== 1 A\n" SORT LOCK,
             "== 1 A\nnames = ['b', 'a']\nprint(sorted(names, key=str.lower))  # ['a', 'b']\n" LOCK,
             "a/1.1 a/1.1 edited\na/1.2 -\n");
}
END_TEST

START_TEST(a_snippet_moved_to_another_document) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK "@@ b.md\n== 1 B\n" SORT,
             "@@ a.md\n== 1 A\n" DEQUE "@@ b.md\n== 1 B\n" SORT LOCK,
             "a/1.1 a/1.1\nb/1.1 b/1.1\na/1.2 b/1.2 renamed moved\n");
}
END_TEST

START_TEST(a_snippet_moved_to_another_document_and_edited_a_little) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK "@@ b.md\n== 1 B\n" SORT,
             "@@ a.md\n== 1 A\n" DEQUE "@@ b.md\n== 1 B\n" SORT LOCK_EDITED,
             "a/1.1 a/1.1\nb/1.1 b/1.1\na/1.2 b/1.2 edited renamed moved\n");
}
END_TEST

START_TEST(what_is_short_is_not_looked_for_in_other_documents) {
  check_told("@@ a.md\n== 1 A\nx = 1\nprint(x)  # 1\n--\n@@ b.md\n== 1 B\n" SORT,
             "@@ b.md\n== 1 B\n" SORT "== 2 C\nx = 2\nprint(x)  # 2\n--\n",
             "b/1.1 b/1.1\n- b/2.1\na/1.1 -\n");
}
END_TEST

START_TEST(a_document_renamed) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK "@@ c.md\n== 1 C\n" MERGE,
             "@@ b.md\n== 1 A\n" DEQUE LOCK "@@ c.md\n== 1 C\n" MERGE,
             "a/1.1 b/1.1 renamed\na/1.2 b/1.2 renamed\nc/1.1 c/1.1\n");
}
END_TEST

START_TEST(a_document_renamed_and_edited) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK, "@@ b.md\n== 1 A\n" DEQUE_EDITED LOCK,
             "a/1.1 b/1.1 edited renamed\na/1.2 b/1.2 renamed\n");
  /* Nothing but its headings stayed as it was. */
  check_told("@@ a.md\n== 1 A\nprint(2 + len('abc'))  # 5\n--\n",
             "@@ b.md\n== 1 A\nprint(2 + len('abc'))  # 6\n--\n", "a/1.1 b/1.1 edited renamed\n");
}
END_TEST

START_TEST(a_document_whose_name_another_one_got) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK,
             "@@ a.md\n== 1 N\n" MERGE "@@ b.md\n== 1 A\n" DEQUE_EDITED LOCK,
             "- a/1.1\na/1.1 b/1.1 edited renamed\na/1.2 b/1.2 renamed\n");
}
END_TEST

START_TEST(a_document_split) {
  check_told("@@ a.md\n== 1 A\n" DEQUE LOCK "== 2 B\n" SORT MERGE,
             "@@ b.md\n== 1 A\n" DEQUE LOCK "@@ c.md\n== 1 B\n" SORT MERGE,
             "a/1.1 b/1.1 renamed\na/1.2 b/1.2 renamed\na/2.1 c/1.1 renamed moved\n"
             "a/2.2 c/1.2 renamed moved\n");
}
END_TEST

START_TEST(a_small_block_is_not_taken_for_any_other) {
  check_told("== 1 A\nimport os\nprint(os.sep)  # /\n--\n",
             "== 1 B\nimport sys\nprint(sys.maxsize)\n--\n", "- a/1.1\na/1.1 -\n");
}
END_TEST

START_TEST(of_two_edited_ones_each_goes_to_its_like) {
  check_told("== 1 A\n" DEQUE LOCK, "== 1 A\n" LOCK_EDITED DEQUE_EDITED,
             "a/1.2 a/1.1 edited renamed\na/1.1 a/1.2 edited renamed moved\n");
}
END_TEST

/* --- large banks -------------------------------------------------------------------------- */

/* Of many snippets; salt says which of them are edited. */
static GPtrArray *large(guint count, guint from, guint salt, gboolean all_equal) {
  GString *text = g_string_new(NULL);
  for (guint i = from; i < count; i++) {
    if ((i - from) % 100 == 0)
      g_string_append_printf(text, "@@ d%u.md\n", (i - from) / 100);
    g_string_append_printf(text, "== %u Title %u\n", (i - from) % 100 + 1, i);
    if (all_equal)
      g_string_append(text, "x = 1\n--\n");
    else
      g_string_append_printf(text,
                             "total_%u = sum(range(%u))\nvalue = total_%u * %u\nprint(value)\n--\n",
                             i, i, i, salt != 0 && i % salt == 0 ? i + 1 : i);
  }
  GPtrArray *documents = bank(text->str);
  g_string_free(text, TRUE);
  return documents;
}

static guint count_kin(const Lineage *lineage, gboolean (*is)(const Kin *kin)) {
  guint count = 0;
  for (guint i = 0; i < lineage_all(lineage)->len; i++)
    count += is(g_ptr_array_index(lineage_all(lineage), i));
  return count;
}

static gboolean is_edited(const Kin *kin) {
  return kin->is_edited;
}

static gboolean is_alone(const Kin *kin) {
  return kin->before == NULL || kin->after == NULL;
}

static gboolean is_of_its_title(const Kin *kin) {
  return kin->before != NULL && kin->after != NULL &&
         g_str_equal(kin->before->question->title, kin->after->question->title);
}

START_TEST(many_snippets_that_all_shift) {
  /* The first is gone: each stands where the one before it stood, some in another document. */
  g_autoptr(GPtrArray) old = large(10000, 0, 0, FALSE);
  g_autoptr(GPtrArray) new = large(10000, 1, 7, FALSE);
  g_autoptr(Lineage) lineage = lineage_new(old, new);
  ck_assert_uint_eq(lineage_all(lineage)->len, 10000);
  ck_assert_uint_eq(count_kin(lineage, is_alone), 1);
  ck_assert_uint_eq(count_kin(lineage, is_of_its_title), 9999);
  ck_assert_uint_eq(count_kin(lineage, is_edited), 1428);
}
END_TEST

START_TEST(many_snippets_that_were_all_edited) {
  g_autoptr(GPtrArray) old = large(10000, 0, 0, FALSE);
  g_autoptr(GPtrArray) new = large(10000, 0, 1, FALSE);
  g_autoptr(Lineage) lineage = lineage_new(old, new);
  ck_assert_uint_eq(count_kin(lineage, is_of_its_title), 10000);
  ck_assert_uint_eq(count_kin(lineage, is_edited), 10000);
}
END_TEST

START_TEST(many_snippets_that_are_all_equal) {
  g_autoptr(GPtrArray) old = large(10000, 0, 0, TRUE);
  g_autoptr(GPtrArray) new = large(9000, 0, 0, TRUE);
  g_autoptr(Lineage) lineage = lineage_new(old, new);
  ck_assert_uint_eq(count_kin(lineage, is_of_its_title), 9000);
  ck_assert_uint_eq(count_kin(lineage, is_alone), 1000);
}
END_TEST

/* All in one document, without a heading, all alike but for a number. */
START_TEST(many_snippets_in_one_heap) {
  g_autoptr(GString) before = g_string_new(NULL);
  g_autoptr(GString) after = g_string_new(NULL);
  for (guint i = 0; i < 10000; i++) {
    g_string_append_printf(before, "x = %u\nprint(x)\n--\n", i % 5);
    g_string_append_printf(after, "x = %u\nprint(x)\n--\n", i % 7);
  }
  g_autoptr(GPtrArray) old = bank(before->str);
  g_autoptr(GPtrArray) new = bank(after->str);
  g_autoptr(Lineage) lineage = lineage_new(old, new);
  ck_assert_uint_ge(lineage_all(lineage)->len, 10000);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("lineage");
  TCase *small = tcase_create("small");
  tcase_add_test(small, nothing_changed);
  tcase_add_test(small, the_first_and_the_last_version_of_a_bank);
  tcase_add_test(small, an_edited_snippet);
  tcase_add_test(small, a_line_that_was_all);
  tcase_add_test(small, other_code_under_the_same_heading_is_another_snippet);
  tcase_add_test(small, a_question_inserted_renumbers_all_behind_it);
  tcase_add_test(small, a_question_inserted_and_those_behind_it_edited);
  tcase_add_test(small, equal_snippets_stay_with_their_questions);
  tcase_add_test(small, equal_snippets_keep_their_order);
  tcase_add_test(small, two_snippets_swapped);
  tcase_add_test(small, two_questions_swapped);
  tcase_add_test(small, a_heading_worded_otherwise_moves_nothing);
  tcase_add_test(small, a_question_split);
  tcase_add_test(small, two_questions_merged);
  tcase_add_test(small, two_blocks_made_one);
  tcase_add_test(small, a_snippet_moved_to_another_document);
  tcase_add_test(small, a_snippet_moved_to_another_document_and_edited_a_little);
  tcase_add_test(small, what_is_short_is_not_looked_for_in_other_documents);
  tcase_add_test(small, a_document_renamed);
  tcase_add_test(small, a_document_renamed_and_edited);
  tcase_add_test(small, a_document_whose_name_another_one_got);
  tcase_add_test(small, a_document_split);
  tcase_add_test(small, a_small_block_is_not_taken_for_any_other);
  tcase_add_test(small, of_two_edited_ones_each_goes_to_its_like);
  suite_add_tcase(suite, small);
  TCase *big = tcase_create("large");
  tcase_set_timeout(big, 60);
  tcase_add_test(big, many_snippets_that_all_shift);
  tcase_add_test(big, many_snippets_that_were_all_edited);
  tcase_add_test(big, many_snippets_that_are_all_equal);
  tcase_add_test(big, many_snippets_in_one_heap);
  suite_add_tcase(suite, big);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
