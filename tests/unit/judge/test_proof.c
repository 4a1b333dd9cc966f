/* Why a run can never go on, in words. */
#include <stdlib.h>

#include "judge/proof.h"
#include "transcripts.h"

typedef struct {
  Snippet *snippet;
  Transcript *transcript;
} Stuck;

/* Source line 1 stands on line 11 of the document. */
static Stuck stuck_new(void) {
  return (Stuck){snippet_new(NULL, NULL, SNIPPET_SCRIPT, "x\n", 11), transcript_new()};
}

static void stuck_clear(Stuck *stuck) {
  snippet_free(stuck->snippet);
  transcript_free(stuck->transcript);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stuck, stuck_clear)

static void expect(const Stuck *stuck, const gchar *expected) {
  g_autofree gchar *text = proof_text(stuck->snippet, stuck->transcript);
  ck_assert_str_eq(text, expected);
}

START_TEST(a_lock_taken_twice) {
  g_auto(Stuck) stuck = stuck_new();
  hold(add_waiting(stuck.transcript, 0, 2, "", "lock"), 0, 1);
  expect(&stuck, "MainThread waits at line 12 for 'lock', which it took itself at line 11");
  g_autofree gchar *here = proof_of_thread_here(stuck.snippet, stuck.transcript,
                                                g_ptr_array_index(stuck.transcript->waits, 0));
  ck_assert_str_eq(here, "MainThread waits here for 'lock', which it took itself at line 11");
}
END_TEST

START_TEST(two_threads_in_a_cycle_come_before_the_one_that_joins_them) {
  g_auto(Stuck) stuck = stuck_new();
  hold(add_waiting(stuck.transcript, 0, 20, "Thread.join", ""), 1, 0);
  hold(add_waiting(stuck.transcript, 1, 8, "", "b"), 2, 14);
  hold(add_waiting(stuck.transcript, 2, 15, "", "a"), 1, 7);
  expect(&stuck, "a deadlock: Thread-1 waits at line 18 for 'b', which Thread-2 took at line 24; "
                 "Thread-2 waits at line 25 for 'a', which Thread-1 took at line 17; "
                 "MainThread waits at line 30 in Thread.join for Thread-1 to end");
  g_autofree gchar *outside = proof_text_here(stuck.snippet, stuck.transcript, 0);
  ck_assert(g_str_has_prefix(outside, "MainThread waits here in Thread.join for Thread-1 to end; "
                                      "a deadlock: Thread-1 waits at line 18 for 'b', "));
  g_autofree gchar *inside = proof_text_here(stuck.snippet, stuck.transcript, 2);
  ck_assert(g_str_has_prefix(inside, "a deadlock: Thread-2 waits here for 'a', which Thread-1 took "
                                     "at line 17; Thread-1 waits at line 18"));
}
END_TEST

START_TEST(what_nobody_will_do_is_named) {
  static const struct {
    const gchar *what, *lock, *expected;
  } cases[] = {
      {"Event.wait", "ready",
       "MainThread waits at line 11 in Event.wait for 'ready', and nobody is left to set it"},
      {"Queue.get", "jobs",
       "MainThread waits at line 11 in Queue.get for 'jobs', and nobody is left to put anything "
       "in"},
      {"Condition.wait", "",
       "MainThread waits at line 11 in Condition.wait, and nobody is left to notify it"},
      {"", "", "MainThread waits at line 11 for a lock, and nobody is left to release it"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Stuck) stuck = stuck_new();
    add_waiting(stuck.transcript, 0, 1, cases[i].what, cases[i].lock);
    expect(&stuck, cases[i].expected);
  }
}
END_TEST

START_TEST(a_thread_that_is_gone_has_kept_its_lock) {
  g_auto(Stuck) stuck = stuck_new();
  hold(add_waiting(stuck.transcript, 0, 9, "", "lock"), 1, 3);
  expect(&stuck, "MainThread waits at line 19 for 'lock', which Thread-1 took at line 13 and never "
                 "released");
}
END_TEST

START_TEST(the_shutdown_is_named) {
  g_auto(Stuck) stuck = stuck_new();
  stuck.transcript->is_ending = TRUE;
  hold(add_waiting(stuck.transcript, 0, 0, "", ""), 1, 0);
  add_waiting(stuck.transcript, 1, 4, "Event.wait", "go");
  expect(&stuck, "after its last statement, MainThread waits in the shutdown for Thread-1 to end; "
                 "Thread-1 waits at line 14 in Event.wait for 'go', and nobody is left to set it");
}
END_TEST

START_TEST(of_many_threads_some_are_told) {
  g_auto(Stuck) stuck = stuck_new();
  add_waiting(stuck.transcript, 0, 1, "Queue.join", "q");
  for (guint i = 1; i <= 5; i++)
    add_waiting(stuck.transcript, i, 2, "Queue.get", "q");
  g_autofree gchar *text = proof_text(stuck.snippet, stuck.transcript);
  ck_assert(g_str_has_prefix(text, "MainThread waits at line 11 in Queue.join"));
  ck_assert(g_str_has_suffix(text, "; and 3 more"));
}
END_TEST

START_TEST(a_long_cycle_is_told_whole) {
  g_auto(Stuck) stuck = stuck_new();
  for (guint i = 1; i <= 5; i++)
    hold(add_waiting(stuck.transcript, i, i, "", "fork"), i % 5 + 1, i);
  g_autofree gchar *text = proof_text(stuck.snippet, stuck.transcript);
  ck_assert(g_str_has_prefix(text, "a deadlock: Thread-1 waits"));
  ck_assert_ptr_nonnull(strstr(text, "Thread-5 waits at line 15 for 'fork', which Thread-1 took"));
  ck_assert_ptr_null(strstr(text, "more"));
}
END_TEST

START_TEST(holders_that_lie_do_no_harm) {
  g_auto(Stuck) stuck = stuck_new();
  hold(add_waiting(stuck.transcript, 3, 1, "", "x"), 4, 1);
  hold(add_waiting(stuck.transcript, 4, 1, "", "y"), 4, 1);
  hold(add_waiting(stuck.transcript, 4, 1, "", "z"), 77, 1);
  g_autofree gchar *text = proof_text(stuck.snippet, stuck.transcript);
  ck_assert_ptr_nonnull(text);
  g_auto(Stuck) unknown = stuck_new();
  unknown.transcript->last_line = 3;
  expect(&unknown, "all its threads wait, and nothing can wake them: it stopped at line 13");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("proof");
  TCase *tests = tcase_create("proof");
  tcase_add_test(tests, a_lock_taken_twice);
  tcase_add_test(tests, two_threads_in_a_cycle_come_before_the_one_that_joins_them);
  tcase_add_test(tests, what_nobody_will_do_is_named);
  tcase_add_test(tests, a_thread_that_is_gone_has_kept_its_lock);
  tcase_add_test(tests, the_shutdown_is_named);
  tcase_add_test(tests, of_many_threads_some_are_told);
  tcase_add_test(tests, a_long_cycle_is_told_whole);
  tcase_add_test(tests, holders_that_lie_do_no_harm);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
