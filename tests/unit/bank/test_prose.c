/* The paragraphs beside a snippet: which, from where, and how many. */
#include "bank_suite.h"

/* What stands beside each snippet: "3 text | 7 more", a line each. */
static void check_prose(const gchar *markdown, const gchar *expected) {
  g_autoptr(Document) document = read_text(markdown);
  g_autoptr(GString) lines = g_string_new(NULL);
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = snippet_at(document, i);
    for (guint k = 0; k < snippet->prose->len; k++) {
      const Prose *prose = g_ptr_array_index(snippet->prose, k);
      g_autofree gchar *text = g_strdelimit(g_strdup(prose->text), "\n", '/');
      g_string_append_printf(lines, "%s%u %s", k > 0 ? " | " : "", prose->line, text);
    }
    g_string_append_c(lines, '\n');
  }
  ck_assert_msg(g_str_equal(lines->str, expected), "%s\ngives\n%swanted\n%s", markdown, lines->str,
                expected);
}

START_TEST(before_and_behind) {
  check_prose("# 1. One\nFirst.\n\n  Second,\n   of two lines.\n```py\n1\n```\nThird.\n",
              "2 First. | 4 Second,/of two lines. | 9 Third.\n");
  check_prose("```py\n1\n```\n", "\n");
}
END_TEST

START_TEST(between_two_it_belongs_to_both) {
  check_prose("A.\n```py\n1\n```\nB.\n\nC.\n```py\n2\n```\nD.\n",
              "1 A. | 5 B. | 7 C.\n5 B. | 7 C. | 11 D.\n");
}
END_TEST

START_TEST(a_heading_or_other_code_ends_it) {
  check_prose("A.\n# 1. One\nB.\n```py\n1\n```\nC.\n## More\nD.\n", "3 B. | 7 C.\n");
  check_prose("A.\n```sql\nSELECT 1\n```\nB.\n```py\n1\n```\nC.\n```sh\nls\n```\nD.\n",
              "5 B. | 9 C.\n");
  check_prose("```py\n1\n```\nA.\n***\nB.\n", "4 A. | 6 B.\n");
}
END_TEST

START_TEST(its_output_does_not) {
  check_prose("```py\nprint(1)\n```\nOutput:\n```\n1\n```\nA.\n", "4 Output: | 8 A.\n");
  check_prose("```py\nprint(1)\n```\nElsewhere.\n```\n1\n```\nA.\n", "4 Elsewhere.\n");
}
END_TEST

START_TEST(containers) {
  check_prose("- A.\n\n  ```py\n  1\n  ```\n  B,\n  and on.\n- C.\n\n> D.\n",
              "1 A. | 6 B,/and on. | 8 C. | 10 D.\n");
}
END_TEST

START_TEST(code_that_follows_its_paragraph) {
  check_prose("A:\n        x = [1, 2]\n        print(x)\nB:\n        y = x[0]\n"
              "        print(y)\n\nC.\n",
              "1 A: | 4 B:\n4 B: | 8 C.\n");
}
END_TEST

START_TEST(very_much_of_it) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 1; i <= 1000; i++)
    g_string_append_printf(text, "P%u.\n\n", i);
  g_string_append(text, "```py\n1\n```\n");
  for (guint i = 1; i <= 1000; i++)
    g_string_append_printf(text, "N%u.\n\n", i);
  g_autoptr(Document) document = read_text(text->str);
  const GPtrArray *prose = snippet_at(document, 0)->prose;
  ck_assert_uint_eq(prose->len, 64);
  ck_assert_str_eq(((const Prose *)g_ptr_array_index(prose, 0))->text, "P969.");
  ck_assert_str_eq(((const Prose *)g_ptr_array_index(prose, 31))->text, "P1000.");
  ck_assert_str_eq(((const Prose *)g_ptr_array_index(prose, 63))->text, "N32.");
}
END_TEST

START_TEST(a_very_long_one_is_cut) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < 10000; i++)
    g_string_append(text, "word\n");
  g_string_append(text, "```py\n1\n```\n");
  g_autoptr(Document) document = read_text(text->str);
  const Prose *prose = g_ptr_array_index(snippet_at(document, 0)->prose, 0);
  ck_assert_uint_le(strlen(prose->text), 16 << 10);
  ck_assert_uint_ge(strlen(prose->text), 15 << 10);
  ck_assert(g_str_has_suffix(prose->text, "\nword"));
}
END_TEST

int main(void) {
  const TTest *const tests[] = {before_and_behind,
                                between_two_it_belongs_to_both,
                                a_heading_or_other_code_ends_it,
                                its_output_does_not,
                                containers,
                                code_that_follows_its_paragraph,
                                very_much_of_it,
                                a_very_long_one_is_cut,
                                NULL};
  return run_case("prose", tests);
}
