/* Sessions: prompts, their code and what is shown under them. */
#include "bank/transcript_text.h"
#include "bank_suite.h"

static Snippet *session(const gchar *text) {
  Snippet *snippet = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, text, 1);
  transcript_text_read(snippet);
  return snippet;
}

static void check_example(const Snippet *snippet, guint i, guint line, guint last_line,
                          const gchar *source, const gchar *want, guint want_line) {
  ck_assert_uint_lt(i, snippet->examples->len);
  const Example *example = g_ptr_array_index(snippet->examples, i);
  ck_assert_str_eq(example->source, source);
  ck_assert_str_eq(example->want, want);
  ck_assert_uint_eq(example->line, line);
  ck_assert_uint_eq(example->last_line, last_line);
  ck_assert_uint_eq(example->want_line, want_line);
}

START_TEST(prompts_and_what_they_show) {
  g_autoptr(Snippet) snippet =
      session(">>> x = 1\n>>> x\n1\n>>> for i in x:\n...     i\n...\n0\n1\n");
  ck_assert_uint_eq(snippet->examples->len, 3);
  check_example(snippet, 0, 1, 1, "x = 1\n", "", 0);
  check_example(snippet, 1, 2, 2, "x\n", "1\n", 3);
  check_example(snippet, 2, 4, 6, "for i in x:\n    i\n\n", "0\n1\n", 7);
}
END_TEST

START_TEST(a_blank_line_ends_what_is_shown) {
  g_autoptr(Snippet) snippet = session(">>> a\n1\n   \nSome words.\n>>> b\n\n>>> c\n2\n");
  ck_assert_uint_eq(snippet->examples->len, 3);
  check_example(snippet, 0, 1, 1, "a\n", "1\n", 2);
  check_example(snippet, 1, 5, 5, "b\n", "", 0);
  check_example(snippet, 2, 7, 7, "c\n", "2\n", 8);
}
END_TEST

START_TEST(the_prompts_indentation_is_no_part_of_it) {
  g_autoptr(Snippet) snippet = session("# first\n  >>> f()\n  [1,\n   2]\n");
  check_example(snippet, 0, 2, 2, "f()\n", "[1,\n 2]\n", 3);
}
END_TEST

START_TEST(code_goes_on_without_prompts_where_it_must) {
  g_autoptr(Snippet) body = session(">>> for n in a:\n        print(n)\n\n0\n>>> n\n");
  check_example(body, 0, 1, 2, "for n in a:\n    print(n)\n", "0\n", 4);
  g_autoptr(Snippet) other = session(">>> if n:\n        f()\n    else:\n        g()\n5\n");
  check_example(other, 0, 1, 4, "if n:\n    f()\nelse:\n    g()\n", "5\n", 5);
  g_autoptr(Snippet) class = session(
      ">>> class A:\n        def f(self):\n            pass\n\n        x = 1\n\n>>> A.x\n1\n");
  check_example(class, 0, 1, 5, "class A:\n    def f(self):\n        pass\n\n    x = 1\n", "", 0);
  check_example(class, 1, 7, 7, "A.x\n", "1\n", 8);
  g_autoptr(Snippet) narrow = session(">>> if n:\n  f()\n");
  check_example(narrow, 0, 1, 2, "if n:\n  f()\n", "", 0);
  g_autoptr(Snippet) bracket = session(">>> a = [1,\n         2]\n>>> a\n[1, 2]\n");
  check_example(bracket, 0, 1, 2, "a = [1,\n         2]\n", "", 0);
  check_example(bracket, 1, 3, 3, "a\n", "[1, 2]\n", 4);
  g_autoptr(Snippet) text = session(">>> t = '''one\n\ntwo'''\n>>> t\n");
  check_example(text, 0, 1, 3, "t = '''one\n\ntwo'''\n", "", 0);
}
END_TEST

START_TEST(a_bracket_that_never_closes_takes_nothing) {
  g_autoptr(Snippet) snippet = session(">>> f(\nSyntaxError\n>>> g()\n");
  check_example(snippet, 0, 1, 1, "f(\n", "SyntaxError\n", 2);
  check_example(snippet, 1, 3, 3, "g()\n", "", 0);
}
END_TEST

START_TEST(a_body_may_be_missing) {
  g_autoptr(Snippet) snippet = session(">>> for n in a:\n");
  check_example(snippet, 0, 1, 1, "for n in a:\n", "", 0);
}
END_TEST

START_TEST(shown_dots_are_no_prompt) {
  g_autoptr(Snippet) snippet = session(">>> f()\n1\n...\n2\n");
  check_example(snippet, 0, 1, 1, "f()\n", "1\n...\n2\n", 2);
}
END_TEST

START_TEST(an_empty_prompt_is_no_example) {
  g_autoptr(Snippet) snippet = session(">>> f()\n>>>\n");
  ck_assert_uint_eq(snippet->examples->len, 1);
  g_autoptr(Snippet) comment = session(">>> # is it so?\nTrue\n>>> f()  # yes\n");
  ck_assert_uint_eq(comment->examples->len, 1);
  g_autoptr(Snippet) tight = session(">>>f()\n1\n");
  check_example(tight, 0, 1, 1, "f()\n", "1\n", 2);
}
END_TEST

START_TEST(the_first_line_of_code_tells_a_session) {
  ck_assert(text_is_transcript("\n# note\n  >>> x\n", 16));
  ck_assert(text_is_transcript(">>>", 3));
  ck_assert(!text_is_transcript("x = 1\n>>> x\n", 12));
  ck_assert(!text_is_transcript(">> x\n", 5));
  ck_assert(!text_is_transcript(">>>> x\n", 7));
  ck_assert(!text_is_transcript("", 0));
  ck_assert(line_is_prompt(">>> x", 5));
  ck_assert(line_is_prompt(">>>", 3));
  ck_assert(!line_is_prompt(">>>x", 4));
  ck_assert(!line_is_prompt(" >>> x", 6));
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      prompts_and_what_they_show,
      a_blank_line_ends_what_is_shown,
      the_prompts_indentation_is_no_part_of_it,
      code_goes_on_without_prompts_where_it_must,
      a_bracket_that_never_closes_takes_nothing,
      a_body_may_be_missing,
      shown_dots_are_no_prompt,
      an_empty_prompt_is_no_example,
      the_first_line_of_code_tells_a_session,
      NULL,
  };
  return run_case("transcript_text", tests);
}
