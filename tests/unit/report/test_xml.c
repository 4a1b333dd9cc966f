/* What XML may hold, and what it may not. */
#include <check.h>
#include <stdlib.h>

#include "report/xml.h"

static void expect_text(const gchar *bytes, gssize size, const gchar *wanted) {
  g_autoptr(GString) text = g_string_new(NULL);
  xml_append_text(text, bytes, size);
  ck_assert_str_eq(text->str, wanted);
}

START_TEST(signs_are_escaped) {
  expect_text("a < b && c > \"d\" ]]>", -1, "a &lt; b &amp;&amp; c &gt; &quot;d&quot; ]]&gt;");
  expect_text("one\n\ttwo\r\n", -1, "one\n\ttwo&#13;\n");
}
END_TEST

START_TEST(what_no_xml_holds_becomes_an_escape) {
  expect_text("a\0b\x1b[31m\x01", 9, "a\\x00b\\x1b[31m\\x01");
  expect_text("\xff\xc3", -1, "\\xff\\xc3");
  expect_text("\xEF\xBF\xBE\xEF\xBF\xBF", -1, "\\ufffe\\uffff");
  expect_text("\xED\xA0\x80", -1, "\\xed\\xa0\\x80"); /* half of a surrogate pair */
}
END_TEST

START_TEST(the_rest_stays) {
  expect_text("é😀\xC2\x85\xE2\x80\xA8\x7f", -1, "é😀\xC2\x85\xE2\x80\xA8\x7f");
}
END_TEST

START_TEST(attributes_keep_their_lines) {
  g_autoptr(GString) text = g_string_new("<a");
  xml_append_attribute(text, "b", "x\n\t\"y\"");
  xml_append_number(text, "c", 7);
  ck_assert_str_eq(text->str, "<a b=\"x&#10;&#9;&quot;y&quot;\" c=\"7\"");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("xml");
  TCase *tcase = tcase_create("xml");
  tcase_add_test(tcase, signs_are_escaped);
  tcase_add_test(tcase, what_no_xml_holds_becomes_an_escape);
  tcase_add_test(tcase, the_rest_stays);
  tcase_add_test(tcase, attributes_keep_their_lines);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
