/* What repeated measurements tell. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "judge/judge.h"
#include "judge/times.h"

/* Ratios of the two times in the runs, 0 at their end. */
static const struct {
  gdouble ratios[JUDGE_RUNS_MAX + 1];
  TimesTold more, same;
} cases[] = {
    {{0}, TIMES_UNKNOWN, TIMES_UNKNOWN},
    {{2}, TIMES_HOLD, TIMES_UNKNOWN},
    {{1.1}, TIMES_UNKNOWN, TIMES_UNKNOWN},
    {{0.2}, TIMES_UNKNOWN, TIMES_UNKNOWN}, /* one run accuses nobody */
    {{0.2, 0.2}, TIMES_UNKNOWN, TIMES_UNKNOWN},
    {{0.2, 1.5}, TIMES_UNKNOWN, TIMES_UNKNOWN},
    {{1.1, 1.11, 1.1}, TIMES_HOLD, TIMES_HOLD},
    {{0.5, 0.51, 0.5}, TIMES_FAIL, TIMES_FAIL},
    {{0.97, 0.96, 0.97}, TIMES_UNKNOWN, TIMES_HOLD}, /* too slight to fail */
    {{0.8, 0.6, 0.7}, TIMES_UNKNOWN, TIMES_UNKNOWN}, /* three that happen to agree */
    {{0.8, 0.6, 0.7, 0.75, 0.65, 0.7}, TIMES_FAIL, TIMES_UNKNOWN},
    {{1, 1.01, 0.99, 1, 1.02, 0.98, 1, 1, 1}, TIMES_UNCLEAR, TIMES_HOLD},
    {{0.5, 2, 0.5, 2, 0.5, 2, 0.5, 2, 1}, TIMES_UNCLEAR, TIMES_UNCLEAR},
    {{1, 1, 1}, TIMES_UNKNOWN, TIMES_HOLD},
};

START_TEST(times_are_told) {
  gdouble margins[JUDGE_RUNS_MAX];
  guint count = 0;
  for (; cases[_i].ratios[count] > 0; count++)
    margins[count] = log(cases[_i].ratios[count]);
  ck_assert_int_eq(times_tell(margins, count), cases[_i].more);
  ck_assert_int_eq(times_tell_same(margins, count), cases[_i].same);
}
END_TEST

START_TEST(hardly_less_is_not_less) {
  gdouble equal[] = {0, 0, 0}, less[3];
  for (guint i = 0; i < 3; i++) {
    equal[i] = times_shortly_less(log(0.95));
    less[i] = times_shortly_less(log(0.4));
  }
  ck_assert_int_eq(times_tell(equal, 3), TIMES_HOLD);
  ck_assert_int_eq(times_tell(less, 3), TIMES_FAIL);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("times");
  TCase *tests = tcase_create("times");
  tcase_add_loop_test(tests, times_are_told, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tests, hardly_less_is_not_less);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
