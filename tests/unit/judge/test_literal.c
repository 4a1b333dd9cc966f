/* Python values in text. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "judge/literal.h"

static const gchar *const same[][2] = {
    {"250", "250.0"},
    {"1_000", "1000"},
    {"0xff", "255"},
    {"0b101", "5"},
    {"-0.0", "0"},
    {"1e3", "1000.0"},
    {"123456789012345678901234567890", "123_456789012345678901234567890"},
    {"'a'", "\"a\""},
    {"'it\\'s'", "\"it's\""},
    {"'''a'''", "'a'"},
    {"'a' 'b'", "'ab'"},
    {"u'a'", "'a'"},
    {"'\\x41\\n'", "'A\\n'"},
    {"'\\u00e9'", "'\xc3\xa9'"},
    {"r'\\n'", "'\\\\n'"},
    {"b'a'", "b\"a\""},
    {"(1,)", "(1 , )"},
    {"(1)", "1"},
    {"1, 2", "(1, 2)"},
    {"[1,2]", "[1, 2]"},
    {"{'a': 1, 'b': 2}", "{'b': 2, 'a': 1.0}"},
    {"{3, 1, 2}", "{1, 2, 3}"},
    {"{1: {2, 3}}", "{1: {3, 2}}"},
    {"[{'a': (1, None)}]", "[{'a': (1, None)}]"},
    {"Counter({'a': 2, 'b': 1})", "Counter({'b': 1, 'a': 2})"},
    {"deque([1, 2], maxlen=3)", "deque([1,2],maxlen=3)"},
    {"range(0, 5)", "range(0,5)"},
    {"(3+4j)", "3+4j"},
    {"4j", "4.0j"},
    {"<class 'int'>", "<class 'int'>"},
    {"<class '__main__.A'>", "<class 'A'>"},
    {"<A object at 0x7f12>", "<__main__.A object at 0xffff00>"},
    {"<A object at 0x...>", "<A object at 0x7f0>"},
    {"...", "Ellipsis"},
    {"nan", "nan"},
};

START_TEST(equal_values_have_one_form) {
  g_autofree gchar *first = literal_canonical(same[_i][0], NULL);
  g_autofree gchar *second = literal_canonical(same[_i][1], NULL);
  ck_assert_msg(first != NULL, "no value: %s", same[_i][0]);
  ck_assert_msg(second != NULL, "no value: %s", same[_i][1]);
  ck_assert_str_eq(first, second);
}
END_TEST

static const gchar *const different[][2] = {{"1", "True"},
                                            {"1", "'1'"},
                                            {"'a'", "b'a'"},
                                            {"(1,)", "1"},
                                            {"(1, 2)", "[1, 2]"},
                                            {"{}", "set()"},
                                            {"{1}", "{1: 1}"},
                                            {"[1, 2]", "[2, 1]"},
                                            {"0.1", "0.10000000000000001e1"},
                                            {"None", "False"},
                                            {"'a,b'", "'a', 'b'"},
                                            {"0.3", "0.30000000000000004"},
                                            {"A(1)", "B(1)"},
                                            {"['ab']", "['a', 'b']"},
                                            {"['s1:a']", "['a']"}};

START_TEST(different_values_have_different_forms) {
  g_autofree gchar *first = literal_canonical(different[_i][0], NULL);
  g_autofree gchar *second = literal_canonical(different[_i][1], NULL);
  ck_assert_ptr_nonnull(first);
  ck_assert_ptr_nonnull(second);
  ck_assert_str_ne(first, second);
}
END_TEST

static const gchar *const none[] = {"",     "x",   "1 2", "[1, 2", "'a",    "1 + 2",       "{1: }",
                                    "f(x)", "3rd", "<",   "< 3",   "[1 2]", "hello world", "(",
                                    "-",    "0x",  "1,,2"};

START_TEST(other_text_is_no_value) {
  g_autofree gchar *form = literal_canonical(none[_i], NULL);
  ck_assert_msg(form == NULL, "%s is a value: %s", none[_i], form);
}
END_TEST

START_TEST(items_are_shown_as_print_would) {
  g_autofree gchar *bare = literal_printed("1, 'a', [2]");
  ck_assert_str_eq(bare, "1 a [2]");
  g_autofree gchar *tuple = literal_printed("('x', 2)");
  ck_assert_str_eq(tuple, "x 2");
  ck_assert_ptr_null(literal_printed("[1, 2]"));
  ck_assert_ptr_null(literal_printed("1"));
}
END_TEST

START_TEST(a_shortened_number_is_known) {
  ck_assert(literal_is_shortened("3.14", "3.141592653589793"));
  ck_assert(literal_is_shortened("0.67", "0.6666666666666666"));
  ck_assert(!literal_is_shortened("0.3", "0.30000000000000004"));
  ck_assert(!literal_is_shortened("3", "3.7"));
  ck_assert(!literal_is_shortened("3.14", "3.5"));
  ck_assert(!literal_is_shortened("'a'", "'b'"));
}
END_TEST

START_TEST(depth_and_size_are_bounded) {
  g_autofree gchar *deep = g_strnfill(100000, '[');
  ck_assert_ptr_null(literal_canonical(deep, NULL));
  GString *wide = g_string_new("{");
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf(wide, "%u, ", i);
  g_string_append_c(wide, '}');
  g_autofree gchar *form = literal_canonical(wide->str, NULL);
  ck_assert_ptr_nonnull(form);
  g_string_free(wide, TRUE);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("literal");
  TCase *tests = tcase_create("literal");
  tcase_add_loop_test(tests, equal_values_have_one_form, 0, G_N_ELEMENTS(same));
  tcase_add_loop_test(tests, different_values_have_different_forms, 0, G_N_ELEMENTS(different));
  tcase_add_loop_test(tests, other_text_is_no_value, 0, G_N_ELEMENTS(none));
  tcase_add_test(tests, items_are_shown_as_print_would);
  tcase_add_test(tests, a_shortened_number_is_known);
  tcase_add_test(tests, depth_and_size_are_bounded);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
