/* Repeated measurements. */
#include <check.h>
#include <stdlib.h>

#include "report/statistics.h"

static void expect(gdouble actual, gdouble expected) {
  ck_assert_double_eq_tol(actual, expected, 1e-12);
}

START_TEST(no_samples_say_nothing) {
  Statistics none = statistics_of(NULL, 0);
  ck_assert_uint_eq(none.count, 0);
  expect(none.median, 0);
}
END_TEST

START_TEST(one_sample_is_everything) {
  const gdouble samples[] = {4};
  Statistics one = statistics_of(samples, 1);
  expect(one.median, 4);
  expect(one.mean, 4);
  expect(one.least, 4);
  expect(one.most, 4);
  expect(one.deviation, 0);
  ck_assert_uint_eq(one.mild_outliers + one.severe_outliers, 0);
}
END_TEST

START_TEST(order_does_not_matter) {
  const gdouble samples[] = {5, 1, 4, 2, 3};
  Statistics all = statistics_of(samples, G_N_ELEMENTS(samples));
  expect(all.median, 3);
  expect(all.deviation, 1);
  expect(all.mean, 3);
  expect(all.least, 1);
  expect(all.most, 5);
  expect(all.lower_quartile, 2);
  expect(all.upper_quartile, 4);
  expect(samples[0], 5); /* and they stay as they are */
}
END_TEST

START_TEST(an_even_count_has_its_median_between_two) {
  const gdouble samples[] = {1, 2, 10, 20};
  Statistics all = statistics_of(samples, G_N_ELEMENTS(samples));
  expect(all.median, 6);
  expect(all.lower_quartile, 1.75);
  expect(all.upper_quartile, 12.5);
  expect(all.deviation, 4.5);
}
END_TEST

START_TEST(outliers_are_mild_or_severe) {
  /* Quartiles 10 and 12: beyond 7 and 15 mild, beyond 4 and 18 severe. */
  const gdouble samples[] = {10, 10, 10, 11, 11, 11, 11, 12, 12, 12, 16, 6, 19};
  Statistics all = statistics_of(samples, G_N_ELEMENTS(samples));
  expect(all.lower_quartile, 10);
  expect(all.upper_quartile, 12);
  ck_assert_uint_eq(all.mild_outliers, 2);
  ck_assert_uint_eq(all.severe_outliers, 1);
}
END_TEST

START_TEST(what_lies_on_the_border_is_no_outlier) {
  const gdouble samples[] = {10, 10, 10, 11, 11, 12, 12, 12, 15};
  Statistics all = statistics_of(samples, G_N_ELEMENTS(samples));
  expect(all.upper_quartile, 12);
  ck_assert_uint_eq(all.mild_outliers + all.severe_outliers, 0);
}
END_TEST

START_TEST(a_histogram_counts_every_sample_once) {
  const gdouble samples[] = {0, 1, 2.5, 2.6, 9.9, 10};
  guint bins[4];
  statistics_histogram(samples, G_N_ELEMENTS(samples), bins, G_N_ELEMENTS(bins));
  ck_assert_uint_eq(bins[0], 2);
  ck_assert_uint_eq(bins[1], 2);
  ck_assert_uint_eq(bins[2], 0);
  ck_assert_uint_eq(bins[3], 2);
}
END_TEST

START_TEST(equal_samples_fall_into_one_part) {
  const gdouble samples[] = {7, 7, 7};
  guint bins[3];
  statistics_histogram(samples, G_N_ELEMENTS(samples), bins, G_N_ELEMENTS(bins));
  ck_assert_uint_eq(bins[0], 3);
  ck_assert_uint_eq(bins[1] + bins[2], 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("statistics");
  TCase *tests = tcase_create("statistics");
  tcase_add_test(tests, no_samples_say_nothing);
  tcase_add_test(tests, one_sample_is_everything);
  tcase_add_test(tests, order_does_not_matter);
  tcase_add_test(tests, an_even_count_has_its_median_between_two);
  tcase_add_test(tests, outliers_are_mild_or_severe);
  tcase_add_test(tests, what_lies_on_the_border_is_no_outlier);
  tcase_add_test(tests, a_histogram_counts_every_sample_once);
  tcase_add_test(tests, equal_samples_fall_into_one_part);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
