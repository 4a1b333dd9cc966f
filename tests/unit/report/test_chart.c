/* Rows of runs, and what takes longer than it did. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "report/chart.h"
#include "report/trend.h"

#define ONE "1111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222"

/* Times around a median, as a quiet machine gives them. */
static const gdouble quiet[] = {20.1, 19.8, 20.4, 20.0, 19.9, 20.6, 20.2, 19.7, 20.3, 20.0};

static Trend trend(const gdouble *last, guint count) {
  GArray *times = g_array_new(FALSE, FALSE, sizeof(gdouble));
  g_array_append_vals(times, quiet, G_N_ELEMENTS(quiet));
  if (count > 0)
    g_array_append_vals(times, last, count);
  for (guint i = 0; i < times->len; i++)
    g_array_index(times, gdouble, i) /= 1000;
  Trend result = trend_of((const gdouble *)(const void *)times->data, times->len, TREND_OF_WORK);
  g_array_unref(times);
  return result;
}

START_TEST(three_times_as_long) {
  const gdouble last[] = {61, 62, 64};
  Trend slower = trend(last, 3);
  ck_assert(slower.is_slower);
  ck_assert_uint_eq(slower.count, 13);
  g_autofree gchar *text = trend_text(&slower);
  ck_assert_str_eq(text, "takes 3.1 times as long as before: 62 ms, the median of the last 3 runs; "
                         "20 ms before, of 10 runs");
}
END_TEST

START_TEST(noise_is_nothing) {
  const gdouble once[] = {20, 90, 20}, twice[] = {90, 90, 20}, little[] = {25, 26, 25},
                faster[] = {5, 5, 5}, same[] = {20, 20, 20};
  const gdouble *const all[] = {once, twice, little, faster, same};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    Trend none = trend(all[i], 3);
    ck_assert(!none.is_slower);
    ck_assert_ptr_null(trend_text(&none));
  }
}
END_TEST

START_TEST(times_that_vary_hide_more) {
  const gdouble times[] = {.010, .030, .012, .055, .020, .041, .015, .033, .060, .062, .061};
  ck_assert(!trend_of(times, G_N_ELEMENTS(times), TREND_OF_WORK).is_slower);
}
END_TEST

START_TEST(what_takes_no_time_at_all) {
  const gdouble times[] = {.0004, .0004, .0004, .0004, .0004, .0004, .003, .003, .003};
  ck_assert(!trend_of(times, G_N_ELEMENTS(times), TREND_OF_WORK).is_slower);
  const gdouble zero[] = {0, 0, 0, 0, 0, .1, .1, .1};
  Trend slower = trend_of(zero, G_N_ELEMENTS(zero), TREND_OF_WORK);
  ck_assert(slower.is_slower);
  g_autofree gchar *text = trend_text(&slower);
  ck_assert(g_str_has_prefix(text, "takes longer than before: 100 ms"));
}
END_TEST

START_TEST(too_few_say_nothing) {
  const gdouble times[] = {1, 1, 1, 1, 9, 9, 9};
  for (guint count = 0; count <= G_N_ELEMENTS(times); count++)
    ck_assert(!trend_of(times, count, TREND_OF_WORK).is_slower);
  const gdouble enough[] = {1, 1, 1, 1, 1, 9, 9, 9};
  ck_assert(trend_of(enough, G_N_ELEMENTS(enough), TREND_OF_WORK).is_slower);
}
END_TEST

START_TEST(times_in_words) {
  static const struct {
    gdouble seconds;
    const gchar *text;
  } cases[] = {{0, "0.00 ms"},   {12e-6, "0.01 ms"}, {.0021, "2.1 ms"}, {.0206, "21 ms"},
               {.9996, "1.0 s"}, {1.25, "1.2 s"},    {61, "61 s"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree gchar *text = trend_time_text(cases[i].seconds);
    ck_assert_str_eq(text, cases[i].text);
  }
}
END_TEST

START_TEST(bars) {
  const gdouble values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  g_autofree gchar *fine = chart_bars(values, G_N_ELEMENTS(values), 8, CHART_FINE);
  ck_assert_str_eq(fine, "▁▂▃▄▅▆▇███");
  g_autofree gchar *plain = chart_bars(values, G_N_ELEMENTS(values), 8, CHART_PLAIN);
  ck_assert_str_eq(plain, ".:-=+*%###");
  g_autofree gchar *flat = chart_bars(values, 2, 0, CHART_PLAIN);
  ck_assert_str_eq(flat, "..");
  g_autofree gchar *none = chart_bars(NULL, 0, 1, CHART_FINE);
  ck_assert_str_eq(none, "");
}
END_TEST

static ChartRun run(gint day, const gchar *content, VerdictClass class, gdouble ms) {
  return (ChartRun){.at_us = (G_GINT64_CONSTANT(1700000000) + 86400 * day) * G_USEC_PER_SEC,
                    .content = content,
                    .python = "3.11.2",
                    .class = class,
                    .wall = ms / 1000,
                    .cpu = ms / 1000};
}

START_TEST(rows) {
  const ChartRun runs[] = {run(0, ONE, VERDICT_VERIFIED, 1), run(1, ONE, VERDICT_VERIFIED, 2),
                           run(2, ONE, VERDICT_FALSE, 2), run(2, TWO, VERDICT_FALSE, 4),
                           run(3, TWO, VERDICT_FALSE, 8)};
  g_autofree gchar *text = chart_text(runs, G_N_ELEMENTS(runs), CHART_PLAIN);
  ck_assert_str_eq(text,
                   "  verified   :-  2 runs of other code, 2023-11-14 to 2023-11-15, 1.5 ms\n"
                   "  false      -  1 run of other code, 2023-11-16, 2.0 ms\n"
                   "  false      +#  2 runs of this code, 2023-11-16 to 2023-11-17, 6.0 ms\n"
                   "  time       median 6.0 ms (deviation 2.0 ms, 4.0 ms to 8.0 ms), of CPU 6.0 "
                   "ms; 2 runs of this code\n");
  g_autofree gchar *none = chart_text(NULL, 0, CHART_FINE);
  ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(many_runs_and_rows_are_cut) {
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(ChartRun));
  for (gint i = 0; i < 1000; i++) {
    ChartRun each = run(i, i < 900 && i % 2 ? ONE : TWO, VERDICT_RAN, 2);
    g_array_append_val(runs, each);
  }
  g_autofree gchar *text =
      chart_text((const ChartRun *)(const void *)runs->data, runs->len, CHART_PLAIN);
  ck_assert(g_str_has_prefix(text, "  881 rows before\n  ran        #  1 run of other code"));
  ck_assert_ptr_nonnull(strstr(
      text, "  ran        ...########################################  100 runs of this code"));
}
END_TEST

START_TEST(a_regression_of_the_last_content) {
  ChartRun runs[20];
  for (gint i = 0; i < 20; i++)
    runs[i] = run(i, ONE, VERDICT_RAN, i < 17 ? 20 : 60);
  g_autofree gchar *slower = chart_regression(runs, 20);
  ck_assert_str_eq(slower, "takes 3.0 times as long as before: 60 ms, the median of the last 3 "
                           "runs; 20 ms before, of 17 runs");
  g_autofree gchar *text = chart_text(runs, 20, CHART_PLAIN);
  ck_assert_ptr_nonnull(strstr(text, "  slower     takes 3.0 times"));

  /* A busy machine: only the wall time. */
  for (gint i = 17; i < 20; i++)
    runs[i].cpu = .02;
  ck_assert_ptr_null(chart_regression(runs, 20));
  /* So long a wait is no accident. */
  for (gint i = 17; i < 20; i++)
    runs[i].wall = .5;
  g_autofree gchar *waits = chart_regression(runs, 20);
  ck_assert_ptr_nonnull(waits);

  /* What is not the same is not compared. */
  for (gint i = 17; i < 20; i++) {
    runs[i] = run(i, TWO, VERDICT_RAN, 60);
    ck_assert_ptr_null(chart_regression(runs, (guint)i + 1));
    runs[i] = run(i, ONE, VERDICT_FALSE, 60);
    ck_assert_ptr_null(chart_regression(runs, (guint)i + 1));
    runs[i] = run(i, ONE, VERDICT_RAN, 60);
    runs[i].python = "3.12.1";
    ck_assert_ptr_null(chart_regression(runs, (guint)i + 1));
  }
  ck_assert_ptr_null(chart_regression(NULL, 0));
}
END_TEST

int main(void) {
  g_setenv("TZ", "UTC", TRUE);
  Suite *suite = suite_create("chart");
  TCase *tests = tcase_create("chart");
  tcase_add_test(tests, three_times_as_long);
  tcase_add_test(tests, noise_is_nothing);
  tcase_add_test(tests, times_that_vary_hide_more);
  tcase_add_test(tests, what_takes_no_time_at_all);
  tcase_add_test(tests, too_few_say_nothing);
  tcase_add_test(tests, times_in_words);
  tcase_add_test(tests, bars);
  tcase_add_test(tests, rows);
  tcase_add_test(tests, many_runs_and_rows_are_cut);
  tcase_add_test(tests, a_regression_of_the_last_content);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
