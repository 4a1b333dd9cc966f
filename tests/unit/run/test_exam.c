/*
 * The exam of snippets without fixtures: which run alone, and which after earlier blocks.
 * exam_world.h is what they are written in.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "exam_world.h"
#include "run/plan.h"

START_TEST(an_empty_bank_is_over_at_once) {
  g_autoptr(World) world = world_new();
  sit(world);
  ck_assert_uint_eq(world->log->len, 0);
}
END_TEST

START_TEST(a_block_that_needs_nothing_runs_once_and_alone) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "bind y\nclaim y");
  sit(world);
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "a ran"));
  ck_assert(has_settled(world, "b verified"));
}
END_TEST

START_TEST(a_missing_name_is_looked_for_under_its_heading_first) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind x");
  block(world, "bind other");
  block(world, "need x\nclaim x");
  sit(world);
  ck_assert(was_run(world, "b+c+d"));
  ck_assert_uint_eq(world->log->len, 5);
  ck_assert(has_settled(world, "d verified after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(and_then_in_the_whole_document) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind other");
  block(world, "need x");
  sit(world);
  /* Its heading binds no such name: that run would be for nothing. */
  ck_assert(!was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c"));
  ck_assert(has_settled(world, "c ran after 2 earlier blocks of its document"));
}
END_TEST

START_TEST(a_name_that_only_later_blocks_bind_makes_a_fragment) {
  g_autoptr(World) world = world_new();
  block(world, "bind other");
  block(world, "need x");
  block(world, "bind x");
  sit(world);
  ck_assert_uint_eq(world->log->len, 3);
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(a_block_that_needs_more_than_is_bound_is_not_run_again) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nneed y");
  sit(world);
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(the_run_alone_counts_where_earlier_blocks_do_not_help) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nhang");
  sit(world);
  ck_assert(was_run(world, "a+b"));
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(what_nothing_can_bind_waits_for_nobody) {
  g_autoptr(World) world = world_new();
  world->withheld = block(world, "bind x\nhang");
  block(world, "need y");
  block(world, "need x");
  sit(world);
  ck_assert_str_eq(g_ptr_array_index(world->settled, 0), "b fragment");
  ck_assert_str_eq(g_ptr_array_index(world->settled, 1), "a hung");
  ck_assert_str_eq(g_ptr_array_index(world->settled, 2), "c fragment");
}
END_TEST

START_TEST(document_order_may_explain_what_seems_false) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "claim x");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
}
END_TEST

START_TEST(what_a_passed_exception_misses_is_looked_for_too) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "miss x\nclaim x");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
}
END_TEST

START_TEST(a_claim_that_holds_alone_is_not_accused_for_its_session) {
  g_autoptr(World) world = world_new();
  block(world, "bind x\nbind y");
  block(world, "miss x\ndeny y");
  sit(world);
  ck_assert(was_run(world, "a+b"));
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(what_is_false_in_any_order_stays_false) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind y");
  block(world, "claim z\nclaim w");
  sit(world);
  ck_assert(was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c"));
  ck_assert(has_settled(world, "c false"));
}
END_TEST

START_TEST(a_claim_that_is_no_longer_compared_is_not_explained) {
  g_autoptr(World) world = world_new();
  block(world, "bind x\nslow");
  block(world, "claim z");
  sit(world);
  /* The slow block is too dear to run for a name that nobody misses. */
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "b false"));
}
END_TEST

START_TEST(blocks_that_end_a_process_run_before_nothing) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "hang\nbind h");
  block(world, "crash\nbind c");
  block(world, "exit\nbind e");
  block(world, "break\nbind b");
  block(world, "need x");
  block(world, "need h");
  sit(world);
  ck_assert(was_run(world, "a+f"));
  ck_assert(has_settled(world, "f ran after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "g fragment"));
}
END_TEST

START_TEST(a_slow_block_runs_again_only_where_it_is_needed) {
  g_autoptr(World) world = world_new();
  block(world, "slow\nbind s");
  block(world, "bind x");
  block(world, "need x");
  block(world, "need s");
  sit(world);
  ck_assert(was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c+d"));
}
END_TEST

START_TEST(a_name_error_is_held_back_unless_it_is_claimed) {
  g_autoptr(World) world = world_new();
  Snippet *plain = block(world, "bind x");
  Snippet *claiming = block(world, "bind y");
  g_ptr_array_add(claiming->claims,
                  claim_new(CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1, "NameError", "NameError"));
  g_autoptr(Exam) exam = world_exam(world);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue)) {
    FakeRun *run = next_run(world);
    ck_assert_int_eq(run->request.hold_back, run->request.snippet == plain);
    ck_assert(run->request.line_buffered);
    end_run(world, run);
  }
}
END_TEST

START_TEST(runs_that_end_in_any_order_give_the_same_verdicts) {
  for (guint turn = 0; turn < 3; turn++) {
    g_autoptr(World) world = world_new();
    Snippet *first = block(world, "bind x");
    block(world, "bind y");
    block(world, "need x");
    block(world, "need y");
    world->newest_first = turn == 1;
    world->withheld = turn == 2 ? first : NULL;
    sit(world);
    ck_assert(has_settled(world, "c ran after 2 earlier blocks of its heading"));
    ck_assert(has_settled(world, "d ran after 3 earlier blocks of its heading"));
  }
}
END_TEST

START_TEST(a_bank_of_any_size_has_a_window_of_requests) {
  g_autoptr(World) world = world_new();
  for (guint i = 0; i < 800; i++)
    block(world, i % 2 == 0 ? "bind x" : "need x");
  sit(world);
  ck_assert_uint_le(world->most_waiting, 256);
  ck_assert_uint_ge(world->most_waiting, 64);
}
END_TEST

START_TEST(a_prelude_has_an_end) {
  g_autoptr(World) world = world_new();
  block(world, "bind far");
  for (guint i = 0; i < 300; i++)
    block(world, "bind x");
  block(world, "need x");
  block(world, "need far");
  sit(world);
  ck_assert(has_settled(world, "n301 ran after 200 earlier blocks of its heading"));
  ck_assert(has_settled(world, "n302 fragment"));
}
END_TEST

START_TEST(documents_share_nothing) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  g_autoptr(Document) other = document_new("other.md", "other");
  Snippet *snippet = snippet_new(other, NULL, SNIPPET_SCRIPT, "need x", 1);
  snippet->id = g_strdup("other");
  g_ptr_array_add(other->snippets, snippet);
  g_ptr_array_add(world->documents, other);
  g_autoptr(Exam) exam = world_exam(world);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue))
    end_run(world, next_run(world));
  ck_assert(has_settled(world, "other fragment"));
}
END_TEST

START_TEST(a_run_that_is_not_clear_is_repeated) {
  g_autoptr(World) world = world_new();
  block(world, "unclear 4");
  block(world, "bind x");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "a"), 4);
  ck_assert_uint_eq(count_runs(world, "b"), 1);
  ck_assert(has_settled(world, "a verified"));
}
END_TEST

START_TEST(a_repeated_run_has_the_same_blocks_before_it) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nunclear 3");
  block(world, "need x");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "b"), 1); /* held back: nothing to repeat */
  ck_assert_uint_eq(count_runs(world, "a+b"), 3);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "c ran after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(repetitions_come_before_the_next_level) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "claim x\nmiss x\nunclear 3");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "b"), 3);
  ck_assert_uint_eq(count_runs(world, "a+b"), 3);
  const gchar *last_alone = g_ptr_array_index(world->log, 3);
  ck_assert_str_eq(last_alone, "b");
}
END_TEST

START_TEST(an_exam_that_is_given_up_frees_its_repetitions) {
  g_autoptr(World) world = world_new();
  block(world, "unclear 5");
  g_autoptr(Exam) exam = world_exam(world);
  exam_start(exam);
  end_run(world, next_run(world));
  give_up(next_run(world));
  ck_assert(!exam_is_over(exam));
}
END_TEST

START_TEST(document_order_may_explain_what_seems_changed) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "differs x");
  block(world, "differs y");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "c changed"));
}
END_TEST

/* --- the plan ---------------------------------------------------------- */

static PlanGuess guess(const gchar *source) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 1);
  return plan_guess(snippet);
}

START_TEST(what_takes_long_is_guessed) {
  ck_assert_int_eq(guess("print(1)"), PLAN_SHORT);
  ck_assert_int_eq(guess("for i in range(1000): print(i)"), PLAN_SHORT);
  ck_assert_int_eq(guess("gate.acquire()"), PLAN_ENDLESS);
  ck_assert_int_eq(guess("while True:\n    pass"), PLAN_ENDLESS);
  ck_assert_int_eq(guess("time.sleep(2)"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(20_000_000))"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(10**8))"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(10**3))"), PLAN_SHORT);
}
END_TEST

START_TEST(long_ones_come_early_but_not_first) {
  g_autoptr(GPtrArray) snippets = g_ptr_array_new_with_free_func((GDestroyNotify)snippet_free);
  const gchar *sources[] = {"sum(range(10**8))", "a", "b", "c", "d", "e", "lock.acquire()", "f"};
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
    g_ptr_array_add(snippets, snippet_new(NULL, NULL, SNIPPET_SCRIPT, sources[i], 1));
  g_autofree guint *order = plan_order(snippets);
  const guint expected[] = {1, 2, 3, 4, 6, 0, 5, 7};
  ck_assert_mem_eq(order, expected, sizeof expected);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("exam");
  TCase *tests = tcase_create("exam");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, an_empty_bank_is_over_at_once);
  tcase_add_test(tests, a_block_that_needs_nothing_runs_once_and_alone);
  tcase_add_test(tests, a_missing_name_is_looked_for_under_its_heading_first);
  tcase_add_test(tests, and_then_in_the_whole_document);
  tcase_add_test(tests, a_name_that_only_later_blocks_bind_makes_a_fragment);
  tcase_add_test(tests, a_block_that_needs_more_than_is_bound_is_not_run_again);
  tcase_add_test(tests, what_nothing_can_bind_waits_for_nobody);
  tcase_add_test(tests, the_run_alone_counts_where_earlier_blocks_do_not_help);
  tcase_add_test(tests, document_order_may_explain_what_seems_false);
  tcase_add_test(tests, what_a_passed_exception_misses_is_looked_for_too);
  tcase_add_test(tests, a_claim_that_holds_alone_is_not_accused_for_its_session);
  tcase_add_test(tests, what_is_false_in_any_order_stays_false);
  tcase_add_test(tests, a_claim_that_is_no_longer_compared_is_not_explained);
  tcase_add_test(tests, blocks_that_end_a_process_run_before_nothing);
  tcase_add_test(tests, a_slow_block_runs_again_only_where_it_is_needed);
  tcase_add_test(tests, a_name_error_is_held_back_unless_it_is_claimed);
  tcase_add_test(tests, runs_that_end_in_any_order_give_the_same_verdicts);
  tcase_add_test(tests, a_bank_of_any_size_has_a_window_of_requests);
  tcase_add_test(tests, a_prelude_has_an_end);
  tcase_add_test(tests, documents_share_nothing);
  tcase_add_test(tests, a_run_that_is_not_clear_is_repeated);
  tcase_add_test(tests, a_repeated_run_has_the_same_blocks_before_it);
  tcase_add_test(tests, repetitions_come_before_the_next_level);
  tcase_add_test(tests, an_exam_that_is_given_up_frees_its_repetitions);
  tcase_add_test(tests, document_order_may_explain_what_seems_changed);
  tcase_add_test(tests, what_takes_long_is_guessed);
  tcase_add_test(tests, long_ones_come_early_but_not_first);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
