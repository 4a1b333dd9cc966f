/* A text that is claimed and one that was seen. */
#include <check.h>
#include <stdlib.h>

#include "judge/match.h"

static const struct {
  const gchar *expected, *actual;
  Match match;
} pairs[] = {
    {"3", "3\n", MATCH_TEXT},
    {"a  \nb", "a\nb\n", MATCH_TEXT},
    {"a b", "a   b\n", MATCH_SPACING},
    {"a\nb", "a b\n", MATCH_SPACING},
    {"{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}\n", MATCH_VALUE},
    {"250", "250.0\n", MATCH_VALUE},
    {"'5'", "5\n", MATCH_QUOTES},
    {"hello", "'hello'", MATCH_QUOTES},
    {"<A object at 0x1>", "<__main__.A object at 0x7f>\n", MATCH_ADDRESS},
    {"got <A object at 0x1> here", "got <__main__.A object at 0x7f> here\n", MATCH_ADDRESS},
    {"1, 'a'", "1 a\n", MATCH_ITEMS},
    {"(1, 2)", "1 2\n", MATCH_ITEMS},
    {"0 1 2", "0\n1\n2\n", MATCH_SPACING},
    {"0, 1, 2", "0\n1\n2\n", MATCH_ITEMS},
    {"0 then 1", "0\n1\n", MATCH_ITEMS},
    {"a, b", "a\nb\n", MATCH_ITEMS},
    {"a, b", "a b\n", MATCH_NONE},
    {"int", "<class 'int'>", MATCH_CLASS},
    {"<type 'int'>", "<class 'int'>", MATCH_CLASS},
    {"3", "4\n", MATCH_NONE},
    {"True", "1\n", MATCH_NONE},
    {"", "x\n", MATCH_NONE},
    {"hello", "Hello\n", MATCH_NONE},
};

START_TEST(texts_agree_in_the_strictest_way) {
  ck_assert_int_eq(match_output(pairs[_i].expected, pairs[_i].actual), pairs[_i].match);
}
END_TEST

START_TEST(an_ellipsis_stands_for_anything) {
  ck_assert_int_eq(match_session("[1, ..., 9]", "[1, 2, 3, 9]"), MATCH_ELLIPSIS);
  ck_assert_int_eq(match_session("a...b...c", "a1b2c"), MATCH_ELLIPSIS);
  ck_assert_int_eq(match_session("a...b...b", "a1b"), MATCH_NONE);
  ck_assert_int_eq(match_session("a...", "b"), MATCH_NONE);
  ck_assert_int_eq(match_session("a\n<BLANKLINE>\nb", "a\n\nb\n"), MATCH_TEXT);
}
END_TEST

START_TEST(a_part_is_a_word_of_its_own) {
  ck_assert(match_is_part("5", "Sum: 5\n"));
  ck_assert(match_is_part("[1]", "got [1]!\n"));
  ck_assert(!match_is_part("5", "Sum: 15\n"));
  ck_assert(!match_is_part("5", "Sum: 5.5\n"));
  ck_assert(!match_is_part("5", "Sum: -5\n"));
  ck_assert(!match_is_part("", "x"));
}
END_TEST

static const struct {
  const gchar *expected, *actual;
  gboolean is_near;
} near_pairs[] = {
    {"Total: 15 items", "Total: 16 items", TRUE},
    {"Hello, Ada", "Hello, Bob", FALSE},
    {"Dear Ada, welcome", "Dear Bob, welcome", TRUE},
    {"works the second time", "Hello", FALSE},
    {"3", "4", FALSE},
    {"one two three", "one two three", FALSE},
    {"one two three", "four five three", FALSE},
    {"the first of them", "the value is 3", FALSE},
};

START_TEST(only_a_slip_is_near) {
  ck_assert_int_eq(match_is_near(near_pairs[_i].expected, near_pairs[_i].actual),
                   near_pairs[_i].is_near);
}
END_TEST

START_TEST(lines_are_near_when_most_are_equal) {
  ck_assert(match_lines_are_near("1\n2\n3\n", "1\n2\n4\n"));
  ck_assert(!match_lines_are_near("1\n2\n3\n", "1\n2\n"));
  ck_assert(!match_lines_are_near("1\n2\n3\n", "1\n8\n9\n"));
  ck_assert(!match_lines_are_near("1\n2\n", "1\n2\n"));
  ck_assert(!match_lines_are_near("a\nwhatever follows\n", "a\nnothing alike at all\n"));
}
END_TEST

START_TEST(each_way_to_agree_has_its_words) {
  ck_assert_ptr_null(match_note(MATCH_TEXT));
  for (int match = MATCH_SPACING; match <= MATCH_BEGINNING; match++)
    ck_assert_ptr_nonnull(match_note((Match)match));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("match");
  TCase *tests = tcase_create("match");
  tcase_add_loop_test(tests, texts_agree_in_the_strictest_way, 0, G_N_ELEMENTS(pairs));
  tcase_add_test(tests, an_ellipsis_stands_for_anything);
  tcase_add_test(tests, a_part_is_a_word_of_its_own);
  tcase_add_loop_test(tests, only_a_slip_is_near, 0, G_N_ELEMENTS(near_pairs));
  tcase_add_test(tests, lines_are_near_when_most_are_equal);
  tcase_add_test(tests, each_way_to_agree_has_its_words);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
