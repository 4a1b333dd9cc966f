#include <check.h>

#include "model/threads.h"
#include "model/transcript.h"

static Waiting *add(GPtrArray *waits, guint thread, gboolean is_known, guint holder) {
  Waiting *waiting = waiting_new(thread, "thread", 1, "", "");
  waiting->is_known = is_known;
  waiting->holder = holder;
  g_ptr_array_add(waits, waiting);
  return waiting;
}

START_TEST(a_cycle_closes) {
  g_autoptr(GPtrArray) waits = g_ptr_array_new_with_free_func((GDestroyNotify)waiting_free);
  add(waits, 0, TRUE, 1); /* main joins 1, which is in no cycle with it */
  add(waits, 1, TRUE, 2);
  add(waits, 2, TRUE, 1);
  add(waits, 3, TRUE, 3); /* its own lock */
  add(waits, 4, FALSE, 4);
  add(waits, 5, TRUE, 9); /* a thread that does not wait */
  ck_assert(!waiting_is_cycle(waits, 0));
  ck_assert(waiting_is_cycle(waits, 1));
  ck_assert(waiting_is_cycle(waits, 2));
  ck_assert(waiting_is_cycle(waits, 3));
  ck_assert(!waiting_is_cycle(waits, 4));
  ck_assert(!waiting_is_cycle(waits, 5));
}
END_TEST

START_TEST(a_stuck_run_in_words) {
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_STUCK;
  add(transcript->waits, 0, FALSE, 0);
  g_autofree gchar *waits = transcript_outcome_text(transcript);
  ck_assert_str_eq(waits, "never ends: all its threads wait");
  add(transcript->waits, 1, TRUE, 1);
  transcript->is_ending = TRUE;
  g_autofree gchar *cycle = transcript_outcome_text(transcript);
  ck_assert_str_eq(cycle, "deadlocks, after its last statement");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("threads");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, a_cycle_closes);
  tcase_add_test(tests, a_stuck_run_in_words);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
