/* The text of an expectation: read, and written again. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "store/expectation_text.h"

#define ID "0123456789abcdef0123456789abcdef01234567"
#define OTHER "fedcba9876543210fedcba9876543210fedcba98"
#define HEAD "---\nsnippet: " ID "\noutcome: finishes\n---\n"

static Expectation *read_text(const gchar *text) {
  g_autoptr(GError) error = NULL;
  Expectation *expectation = expectation_text_read("e.txt", "e", text, strlen(text), &error);
  ck_assert_msg(expectation != NULL, "%s", error != NULL ? error->message : "");
  return expectation;
}

static ExpectationPart *part_at(const Expectation *expectation, guint index) {
  ck_assert_uint_lt(index, expectation->parts->len);
  return g_ptr_array_index(expectation->parts, index);
}

static void set_output(ExpectationPart *part, const gchar *output) {
  g_free(part->output);
  part->output = g_strdup(output);
}

static void assert_written(const gchar *old, const Expectation *expectation,
                           const gchar *expected) {
  g_autofree gchar *text = expectation_text_write(old, strlen(old), expectation);
  ck_assert_str_eq(text, expected);
}

/* --- what comes back byte by byte --- */

static const gchar *const kept[] = {
    HEAD,
    HEAD "one\ntwo\n",
    HEAD "no newline at the end",
    "---\nsnippet: " ID "\noutcome: finishes\n---",
    "\xef\xbb\xbf" HEAD "x\n",
    "---\r\nsnippet: " ID "\r\noutcome: finishes\r\n---\r\nx\r\n",
    "---\nsnippet: " ID "\r\noutcome: finishes\n---\nmixed\r\nends\n",
    "---\n# first\nsnippet: " ID
    "   # content id\n\noutcome:  raises ValueError # here\n---\nx  \n",
    "---\nsnippet: 0123456\noutcome: finishes\nwhere:\n  - a < b # why\n# between\n  - b < "
    "c\n---\n",
    "---\nsnippet: 0123456\nafter: # when it was run\n  -  x == '# 1'  # why\n\n  - y\nwhere:\n"
    "  - a < b\noutcome: finishes\n---\n",
    HEAD "\\---\n\\\\---\n\n\n",
    HEAD "x\n---\npython: 3.9-3.10, 3.13+\noutcome: raises X\n---\ny\n",
    HEAD "x\n---\npython: 3.9\noutcome: finishes\n---",
};

START_TEST(what_does_not_change_keeps_its_bytes) {
  g_autoptr(Expectation) expectation = read_text(kept[_i]);
  assert_written(kept[_i], expectation, kept[_i]);
}
END_TEST

/* --- reading --- */

START_TEST(a_part_is_read) {
  g_autoptr(Expectation) expectation =
      read_text("---\nsnippet: 0123456\noutcome: deadlocks at 9 # the lock\nwhere:\n  - a < 2\n"
                "  -  b ~ c\n---\nA: {a:int}\n\\---\n\\\\---\n-- -\n");
  const ExpectationPart *part = part_at(expectation, 0);
  ck_assert_str_eq(expectation->content_id, "0123456");
  ck_assert_str_eq(part->outcome, "deadlocks at 9");
  ck_assert_ptr_null(part->python);
  ck_assert_str_eq(part->where[0], "a < 2");
  ck_assert_str_eq(part->where[1], "b ~ c");
  ck_assert_ptr_null(part->where[2]);
  ck_assert_str_eq(part->output, "A: {a:int}\n---\n\\---\n-- -\n");
  ck_assert_uint_eq(part->output_line, 8);
}
END_TEST

static const struct {
  const gchar *text, *message;
} broken[] = {
    {"---\nsnippet: 0123456\nafter:\n  - a\nafter:\n  - b\noutcome: finishes\n---\n",
     "e.txt:5: 'after' for the second time"},
    {"---\nsnippet: 0123456\nafter: a\noutcome: finishes\n---\n",
     "e.txt:3: expressions belong on lines '  - ...' below 'after:'"},
    {"---\nsnippet: 0123456\nafter:\noutcome: finishes\n  - a\n---\n",
     "e.txt:5: '- ...' belongs under 'where:' or 'after:'"},
    {"", "e.txt:1: does not begin with a line '---'"},
    {"x\n", "e.txt:1: does not begin with a line '---'"},
    {"---\nsnippet: " ID "\n", "e.txt:1: this head has no end, a line '---'"},
    {"---\noutcome: finishes\n---\n", "e.txt:1: this head has no 'snippet:'"},
    {"---\nsnippet: " ID "\n---\n", "e.txt:1: this head has no 'outcome:'"},
    {"---\nsnippet: 012345\n---\n", "e.txt:2: '012345' is not 7 or more digits of a content id"},
    {"---\nsnippet: " ID "\nwher:\n---\n", "e.txt:3: unknown key 'wher'"},
    {"---\nsnippet: " ID "\noutcome:\n---\n", "e.txt:3: nothing behind 'outcome:'"},
    {"---\nsnippet: " ID "\n  - a < b\n---\n",
     "e.txt:3: '- ...' belongs under 'where:' or 'after:'"},
    {"---\nwhere: a < b\n---\n", "e.txt:2: relations belong on lines '  - ...' below 'where:'"},
    {"---\njust text\n---\n", "e.txt:2: not of the form 'key: value'"},
    {"---\noutcome: a\noutcome: b\n---\n", "e.txt:3: the same key for the second time"},
    {"---\npython: three\n---\n", "e.txt:2: 'three' is not of the form 3.12, 3.9-3.11 or 3.12+"},
    {HEAD "x\n---\noutcome: finishes\n---\n", "e.txt:6: another part without 'python:'"},
    {HEAD "x\n---\nsnippet: " ID "\npython: 3.9\noutcome: finishes\n---\n",
     "e.txt:6: 'snippet:' belongs in the first head"},
    {"---\nsnippet: " ID "\noutcome: \xff\n---\n", "e.txt:3: not UTF-8"},
};

START_TEST(what_is_wrong_is_told_with_its_line) {
  g_autoptr(GError) error = NULL;
  const gchar *text = broken[_i].text;
  Expectation *expectation = expectation_text_read("e.txt", "e", text, strlen(text), &error);
  ck_assert_ptr_null(expectation);
  ck_assert(g_error_matches(error, EXPECTATION_ERROR, EXPECTATION_ERROR_FORMAT));
  ck_assert_str_eq(error->message, broken[_i].message);
}
END_TEST

/* --- writing --- */

START_TEST(a_new_file_is_written) {
  const gchar *const where[] = {"a < b", NULL};
  g_autoptr(Expectation) expectation = expectation_new("e.txt", "e", ID);
  g_ptr_array_add(expectation->parts,
                  expectation_part_new(NULL, "finishes", where, "a\n---\n\\---\n"));
  g_ptr_array_add(expectation->parts, expectation_part_new("3.9", "raises X", NULL, ""));
  assert_written("", expectation,
                 "---\nsnippet: " ID "\noutcome: finishes\nwhere:\n  - a < b\n---\na\n\\---\n"
                 "\\\\---\n---\npython: 3.9\noutcome: raises X\n---\n");
}
END_TEST

START_TEST(what_changes_changes_alone) {
  const gchar *old = "\xef\xbb\xbf---\r\n# why\r\nsnippet: 0123456 # old\r\noutcome: finishes\r\n"
                     "---\r\nx\r\n---\r\npython: 3.9\r\noutcome: finishes\r\n---\r\ny";
  g_autoptr(Expectation) expectation = read_text(old);
  g_free(expectation->content_id);
  expectation->content_id = g_strdup(OTHER);
  set_output(part_at(expectation, 0), "x\nz\n");
  assert_written(old, expectation,
                 "\xef\xbb\xbf---\r\n# why\r\nsnippet: " OTHER " # old\r\noutcome: finishes\r\n"
                 "---\r\nx\r\nz\r\n---\r\npython: 3.9\r\noutcome: finishes\r\n---\r\ny");
}
END_TEST

START_TEST(a_part_is_added_behind_a_file_without_a_last_newline) {
  g_autoptr(Expectation) expectation = read_text(HEAD "x");
  g_ptr_array_add(expectation->parts, expectation_part_new("3.9", "exits 3", NULL, "y\n"));
  assert_written(HEAD "x", expectation, HEAD "x\n---\npython: 3.9\noutcome: exits 3\n---\ny\n");
}
END_TEST

START_TEST(relations_are_replaced_and_comments_stay) {
  const gchar *old = "---\nsnippet: " ID "\n# note\nwhere:\n  - a < b\noutcome: finishes\n---\n";
  g_autoptr(Expectation) expectation = read_text(old);
  ExpectationPart *part = part_at(expectation, 0);
  g_strfreev(part->where);
  part->where = g_strsplit("b < c", "\n", -1);
  assert_written(old, expectation,
                 "---\nsnippet: " ID "\n# note\noutcome: finishes\nwhere:\n  - b < c\n---\n");
}
END_TEST

START_TEST(what_is_true_after_the_run_is_read) {
  g_autoptr(Expectation) expectation =
      read_text("---\nsnippet: 0123456\nafter:\n  - x == '# \\' # 1' # why\nwhere:\n  - a < b\n"
                "outcome: finishes\n---\n---\npython: 3.9\noutcome: finishes\n---\n");
  const ExpectationPart *part = part_at(expectation, 0);
  ck_assert_str_eq(part->after[0], "x == '# \\' # 1'");
  ck_assert_ptr_null(part->after[1]);
  ck_assert_str_eq(part->where[0], "a < b");
  ck_assert_ptr_null(part->where[1]);
  ck_assert_ptr_null(part_at(expectation, 1)->after[0]);
}
END_TEST

START_TEST(what_is_true_after_the_run_is_written) {
  const gchar *old = "---\nsnippet: " ID "\nafter:\n  - old\nwhere:\n  - a < b # why\n"
                     "outcome: finishes\n---\n";
  const gchar *const after[] = {"x == 1", "not y", NULL};
  g_autoptr(Expectation) expectation = read_text(old);
  expectation_part_set_after(part_at(expectation, 0), after);
  ExpectationPart *other = expectation_part_copy(part_at(expectation, 0));
  other->python = g_strdup("3.9");
  g_ptr_array_add(expectation->parts, other);
  assert_written(old, expectation,
                 "---\nsnippet: " ID "\nwhere:\n  - a < b # why\noutcome: finishes\nafter:\n"
                 "  - x == 1\n  - not y\n---\n---\npython: 3.9\noutcome: finishes\nwhere:\n"
                 "  - a < b\nafter:\n  - x == 1\n  - not y\n---\n");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expectation_text");
  TCase *tests = tcase_create("expectation_text");
  tcase_add_loop_test(tests, what_does_not_change_keeps_its_bytes, 0, G_N_ELEMENTS(kept));
  tcase_add_test(tests, a_part_is_read);
  tcase_add_loop_test(tests, what_is_wrong_is_told_with_its_line, 0, G_N_ELEMENTS(broken));
  tcase_add_test(tests, a_new_file_is_written);
  tcase_add_test(tests, what_changes_changes_alone);
  tcase_add_test(tests, a_part_is_added_behind_a_file_without_a_last_newline);
  tcase_add_test(tests, relations_are_replaced_and_comments_stay);
  tcase_add_test(tests, what_is_true_after_the_run_is_read);
  tcase_add_test(tests, what_is_true_after_the_run_is_written);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
