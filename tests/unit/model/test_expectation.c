#include <check.h>

#include "model/expectation.h"

START_TEST(ranges_of_versions) {
  static const struct {
    const gchar *range, *python;
    gboolean covers;
  } rows[] = {
      {"3.12", "3.12.1", TRUE},        {"3.12", "3.1", FALSE},
      {"3.12", "3.13.0", FALSE},       {"3.9-3.11", "3.9.18", TRUE},
      {"3.9-3.11", "3.11.2", TRUE},    {"3.9-3.11", "3.12.0", FALSE},
      {"3.12+", "3.13.0", TRUE},       {"3.12+", "3.11.9", FALSE},
      {"3.9, 3.12+", "3.10.1", FALSE}, {"3.9, 3.12+", "3.9.1", TRUE},
      {"3.9,3.12-3.13", "3.13", TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    ck_assert_msg(python_range_is_fine(rows[i].range), "%s", rows[i].range);
    ck_assert_msg(python_range_covers(rows[i].range, rows[i].python) == rows[i].covers, "%s of %s",
                  rows[i].range, rows[i].python);
  }
}
END_TEST

START_TEST(what_is_no_range) {
  static const gchar *const rows[] = {
      "",        "3",     "3.",      "3.x",   "3.11-",  "3.12-3.9", "3.11,", "x3.11",
      "3.11 or", "-3.11", "3.11--3", "999.1", "3.9999", "3.11+-",   ",3.11", "3.11 3.12"};
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    ck_assert_msg(!python_range_is_fine(rows[i]), "'%s'", rows[i]);
    ck_assert_msg(!python_range_covers(rows[i], "3.11.2"), "'%s'", rows[i]);
  }
  ck_assert(!python_range_covers("3.11", "Python"));
}
END_TEST

START_TEST(the_part_for_a_python) {
  g_autoptr(Expectation) expectation = expectation_new(NULL, "bank/1.1", "8c1f0e2b");
  ck_assert_ptr_null(expectation_part_for(expectation, "3.11.2"));
  ExpectationPart *newer = expectation_part_new("3.12+", "finishes", NULL, "new\n");
  ExpectationPart *rest = expectation_part_new(NULL, "finishes", NULL, "old\n");
  g_ptr_array_add(expectation->parts, newer);
  ck_assert_ptr_null(expectation_part_for(expectation, "3.11.2"));
  g_ptr_array_add(expectation->parts, rest);
  ck_assert_ptr_eq(expectation_part_for(expectation, "3.12.1"), newer);
  ck_assert_ptr_eq(expectation_part_for(expectation, "3.11.2"), rest);
  ck_assert_ptr_eq(expectation_part_for(expectation, NULL), rest);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expectation");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, ranges_of_versions);
  tcase_add_test(tests, what_is_no_range);
  tcase_add_test(tests, the_part_for_a_python);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
