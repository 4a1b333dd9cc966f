/* What snippets wrote, made fit for a reader. */
#include <check.h>
#include <stdlib.h>

#include "report/text.h"

static const struct {
  const gchar *bytes;
  gssize size;
  gsize width;
  const gchar *shown;
} lines[] = {
    {"plain", -1, 0, "plain"},
    {"", -1, 10, ""},
    {"two\nlines\tand\r", -1, 0, "two\\nlines\\tand\\r"},
    {"\033[31mred\033[0m\a", -1, 0, "\\x1b[31mred\\x1b[0m\\x07"},
    {"caf\xc3\xa9 \xff\xfe", -1, 0, "caf\xc3\xa9 \\xff\\xfe"},
    {"a\0b", 3, 0, "a\\x00b"},
    {"\xe2\x82", -1, 0, "\\xe2\\x82"},
    {"\xed\xa0\x80", -1, 0, "\\xed\\xa0\\x80"}, /* a lone surrogate */
    {"\xe2\x80\xae"
     "abc",
     -1, 0,
     "\\u202e"
     "abc"}, /* right to left */
    {"\xc2\x9b"
     "31m",
     -1, 0,
     "\\x9b"
     "31m"}, /* a C1 control */
    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", -1, 0,
     "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"}, /* joined emoji */
    {"abcdefghij", -1, 10, "abcdefghij"},
    {"abcdefghijk", -1, 10, "abcdefg..."},
    {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", -1, 5, "\xc3\xa9\xc3\xa9..."},
    {"abcdef\033\033\033", -1, 10, "abcdef..."}, /* no escape is cut in two */
};

START_TEST(a_line_does_nothing_to_a_terminal) {
  g_autofree gchar *shown = text_one_line(lines[_i].bytes, lines[_i].size, lines[_i].width);
  ck_assert_str_eq(shown, lines[_i].shown);
}
END_TEST

START_TEST(code_keeps_its_indentation) {
  g_autofree gchar *shown = text_code_line("\tif x:\033", 0);
  ck_assert_str_eq(shown, "    if x:\\x1b");
}
END_TEST

START_TEST(valid_text_keeps_everything_that_is_valid) {
  g_autofree gchar *valid = text_valid("a\n\033\xc3\xa9\xff\0z", 8);
  ck_assert_str_eq(valid, "a\n\033\xc3\xa9\\xff\\x00z");
}
END_TEST

START_TEST(counts_have_their_plural) {
  g_autofree gchar *none = text_count(0, "block");
  g_autofree gchar *one = text_count(1, "block");
  ck_assert_str_eq(none, "0 blocks");
  ck_assert_str_eq(one, "1 block");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("text");
  TCase *tests = tcase_create("text");
  tcase_add_loop_test(tests, a_line_does_nothing_to_a_terminal, 0, G_N_ELEMENTS(lines));
  tcase_add_test(tests, code_keeps_its_indentation);
  tcase_add_test(tests, valid_text_keeps_everything_that_is_valid);
  tcase_add_test(tests, counts_have_their_plural);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
