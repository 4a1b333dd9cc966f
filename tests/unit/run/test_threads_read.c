/* Boards written by hand, honest and hostile ones. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run/threads_read.h"

#define SUBJECT 1u
#define LINES 20u
#define START 1000000u /* CLOCK_MONOTONIC of the run's start */

static Board *board;
static StuckLook *look;
static GPtrArray *waits;
static ThreadsRecord record;

static void setup(void) {
  board = g_new0(Board, 1);
  board->used = 1;
  look = g_array_new(FALSE, TRUE, sizeof(StuckThread));
  waits = g_ptr_array_new_with_free_func((GDestroyNotify)waiting_free);
  record = (ThreadsRecord){board, SUBJECT, LINES};
}

static void teardown(void) {
  g_ptr_array_unref(waits);
  g_array_unref(look);
  g_free(board);
}

/* A row, of a thread that lives. */
static BoardThread *add_thread(const gchar *name, BoardWait wait, guint line) {
  BoardThread *row = &board->thread[board->threads];
  *row = (BoardThread){.kernel_id = 100 + board->threads,
                       .wait = wait,
                       .unit = SUBJECT,
                       .line = line,
                       .other = UINT32_MAX};
  g_strlcpy(row->name, name, sizeof row->name);
  StuckThread thread = {.kernel_id = row->kernel_id};
  g_array_append_val(look, thread);
  board->threads++;
  return row;
}

static void add_hold(guint64 lock, guint thread, guint line) {
  static const BoardHold none;
  BoardHold *hold = board->hold;
  while (memcmp(hold, &none, sizeof none) != 0)
    hold++;
  *hold = (BoardHold){.lock = lock, .thread = thread, .depth = 1, .unit = SUBJECT, .line = line};
}

static const Waiting *waiting(guint i) {
  ck_assert_uint_lt(i, waits->len);
  return g_ptr_array_index(waits, i);
}

static void read_waits(void) {
  g_ptr_array_set_size(waits, 0);
  threads_read_waits(&record, look, waits);
}

/* --- what they wait for ------------------------------------------------ */

START_TEST(a_lock_taken_twice_is_held_by_who_waits) {
  BoardThread *row = add_thread("MainThread", BOARD_LOCK, 7);
  row->lock = 0xabc0;
  g_strlcpy(row->lock_name, "lock", sizeof row->lock_name);
  add_hold(0xdef0, 0, 2);
  add_hold(0xabc0, 0, 4);
  read_waits();
  ck_assert_uint_eq(waits->len, 1);
  const Waiting *first = waiting(0);
  ck_assert_uint_eq(first->thread, 0);
  ck_assert_str_eq(first->name, "MainThread");
  ck_assert_uint_eq(first->line, 7);
  ck_assert_str_eq(first->what, "");
  ck_assert_str_eq(first->lock, "lock");
  ck_assert(first->is_known);
  ck_assert_uint_eq(first->holder, 0);
  ck_assert_str_eq(first->holder_name, "MainThread");
  ck_assert_uint_eq(first->holder_line, 4);
  ck_assert(waiting_is_cycle(waits, 0));
}
END_TEST

START_TEST(two_threads_make_a_cycle_and_the_third_joins_one) {
  BoardThread *row = add_thread("MainThread", BOARD_THREAD, 12);
  row->other = 1;
  g_strlcpy(row->what, "Thread.join", sizeof row->what);
  add_thread("A", BOARD_LOCK, 5)->lock = 2;
  add_thread("", BOARD_LOCK, 9)->lock = 1;
  add_hold(1, 1, 4);
  add_hold(2, 2, 8);
  read_waits();
  ck_assert_uint_eq(waits->len, 3);
  ck_assert_str_eq(waiting(0)->what, "Thread.join");
  ck_assert_uint_eq(waiting(0)->holder, 1);
  ck_assert_uint_eq(waiting(0)->holder_line, 0);
  ck_assert(!waiting_is_cycle(waits, 0));
  ck_assert_str_eq(waiting(2)->name, "thread 2");
  ck_assert_str_eq(waiting(1)->holder_name, "thread 2");
  ck_assert_uint_eq(waiting(1)->holder_line, 8);
  ck_assert(waiting_is_cycle(waits, 1));
  ck_assert(waiting_is_cycle(waits, 2));
}
END_TEST

START_TEST(only_threads_that_live_are_listed) {
  BoardThread *row = add_thread("MainThread", BOARD_LOCK, 3);
  row->lock = 1;
  add_thread("ended", BOARD_RUNS, 0)->kernel_id = 999;
  add_hold(1, 1, 2);
  read_waits();
  ck_assert_uint_eq(waits->len, 1);
  ck_assert(waiting(0)->is_known);
  ck_assert_str_eq(waiting(0)->holder_name, "ended"); /* it took the lock all the same */
}
END_TEST

START_TEST(the_lock_of_a_library_call_has_no_holder) {
  BoardThread *row = add_thread("MainThread", BOARD_LOCK, 6);
  row->lock = 1;
  g_strlcpy(row->what, "Condition.wait", sizeof row->what);
  add_hold(1, 0, 6); /* taken by the same call */
  row = add_thread("worker", BOARD_LOCK, 9);
  row->lock = 2;
  g_strlcpy(row->what, "Queue.put", sizeof row->what);
  add_hold(2, 1, 8); /* taken before it */
  add_thread("no code of the subject", BOARD_LOCK, 0)->lock = 3;
  add_hold(3, 2, 0);
  read_waits();
  ck_assert(!waiting(0)->is_known);
  ck_assert(waiting(1)->is_known);
  ck_assert_uint_eq(waiting(1)->holder_line, 8);
  ck_assert(!waiting(2)->is_known);
}
END_TEST

START_TEST(what_is_not_seen_is_not_said) {
  add_thread("MainThread", BOARD_RUNS, 5);
  add_thread("loop", BOARD_EVENTS, 6)->other = 0;
  add_thread("getter", BOARD_QUEUE, 7);
  read_waits();
  ck_assert_uint_eq(waits->len, 3);
  ck_assert_uint_eq(waiting(0)->line, 0);
  ck_assert_uint_eq(waiting(1)->line, 6);
  ck_assert_uint_eq(waiting(2)->line, 7);
  for (guint i = 0; i < 3; i++)
    ck_assert(!waiting(i)->is_known);
}
END_TEST

START_TEST(lines_are_the_subjects_or_none) {
  BoardThread *row = add_thread("MainThread", BOARD_LOCK, LINES + 1);
  row->lock = 1;
  add_hold(1, 0, LINES + 1);
  row = add_thread("other", BOARD_LOCK, 3);
  row->unit = 0; /* an earlier block */
  row->lock = 1;
  read_waits();
  ck_assert_uint_eq(waiting(0)->line, 0);
  ck_assert_uint_eq(waiting(0)->holder_line, 0);
  ck_assert_uint_eq(waiting(1)->line, 0);
}
END_TEST

START_TEST(a_hostile_board_is_read_all_the_same) {
  memset(board, 0xff, sizeof *board);
  StuckThread thread = {.kernel_id = 0xffffffff};
  g_array_append_val(look, thread);
  read_waits();
  ck_assert_uint_eq(waits->len, BOARD_THREADS);
  for (guint i = 0; i < waits->len; i++) {
    ck_assert(g_utf8_validate(waiting(i)->name, -1, NULL));
    ck_assert(!waiting(i)->is_known);
  }
  for (guint i = 0; i < BOARD_THREADS; i++) {
    board->thread[i].wait = BOARD_LOCK;
    board->thread[i].unit = SUBJECT;
  }
  read_waits();
  for (guint i = 0; i < waits->len; i++) {
    ck_assert(g_utf8_validate(waiting(i)->what, -1, NULL));
    ck_assert(g_utf8_validate(waiting(i)->lock, -1, NULL));
    ck_assert(!waiting(i)->is_known);
    ck_assert_uint_eq(waiting(i)->line, 0);
  }
  g_autoptr(GilTimeline) timeline = threads_read_gil(&record, START, START + 1);
  ck_assert_ptr_nonnull(timeline);
  ck_assert_uint_eq(timeline->turns->len, 0);
}
END_TEST

/* --- who held the GIL -------------------------------------------------- */

static void add_turn(guint thread, guint64 asked, guint64 start, guint64 end) {
  board->turn[board->turn_count++] = (BoardTurn){.thread = thread,
                                                 .asked_ns = START + asked,
                                                 .start_ns = START + start,
                                                 .end_ns = end != 0 ? START + end : 0};
  BoardThread *row = &board->thread[thread];
  row->turns++;
  row->waited_ns += start - asked;
  row->held_ns += end != 0 ? end - start : 0;
}

START_TEST(two_threads_take_turns) {
  add_thread("MainThread", BOARD_RUNS, 0);
  add_thread("worker", BOARD_RUNS, 0);
  board->has_turns = 1;
  add_turn(0, 0, 0, 500);
  add_turn(1, 100, 500, 800);
  add_turn(0, 600, 800, 0);
  g_autoptr(GilTimeline) timeline = threads_read_gil(&record, START, START + 1000);
  ck_assert_ptr_nonnull(timeline);
  ck_assert_uint_eq(timeline->turns->len, 3);
  ck_assert_uint_eq(timeline->turns_lost, 0);
  ck_assert_uint_eq(timeline->wall_ns, 1000);
  const GilTurn *turn = &g_array_index(timeline->turns, GilTurn, 1);
  ck_assert_uint_eq(turn->thread, 1);
  ck_assert_uint_eq(turn->asked_ns, 100);
  ck_assert_uint_eq(turn->start_ns, 500);
  ck_assert_uint_eq(turn->end_ns, 800);
  const GilShare *main_share = g_ptr_array_index(timeline->shares, 0);
  const GilShare *other = g_ptr_array_index(timeline->shares, 1);
  ck_assert_uint_eq(main_share->held_ns, 700); /* with the turn that was open at its end */
  ck_assert_uint_eq(main_share->waited_ns, 200);
  ck_assert_uint_eq(main_share->turns, 2);
  ck_assert_uint_eq(other->held_ns, 300);
  ck_assert_str_eq(other->name, "worker");
}
END_TEST

START_TEST(one_thread_makes_no_timeline) {
  add_thread("MainThread", BOARD_RUNS, 0);
  add_thread("worker", BOARD_RUNS, 0);
  board->has_turns = 1;
  add_turn(0, 0, 0, 500);
  ck_assert_ptr_null(threads_read_gil(&record, START, START + 1000));
  add_turn(1, 0, 500, 600);
  board->has_turns = 0;
  ck_assert_ptr_null(threads_read_gil(&record, START, START + 1000));
}
END_TEST

START_TEST(turns_come_in_the_order_of_their_ends) {
  add_thread("MainThread", BOARD_RUNS, 0);
  add_thread("worker", BOARD_RUNS, 0);
  board->has_turns = 1;
  add_turn(1, 0, 500, 800);
  add_turn(0, 0, 100, 500);
  g_autoptr(GilTimeline) timeline = threads_read_gil(&record, START, START + 1000);
  ck_assert_uint_eq(g_array_index(timeline->turns, GilTurn, 0).thread, 0);
  ck_assert_uint_eq(timeline->wall_ns, 800);
}
END_TEST

START_TEST(turns_without_sense_are_lost) {
  add_thread("MainThread", BOARD_RUNS, 0);
  add_thread("worker", BOARD_RUNS, 0);
  board->has_turns = 1;
  add_turn(0, 0, 0, 500);
  add_turn(1, 0, 500, 600);
  board->turn[2] = (BoardTurn){.thread = 2, .start_ns = START + 1, .end_ns = START + 2};
  board->turn[3] = (BoardTurn){.thread = 1, .start_ns = START + 3, .end_ns = START + 2};
  board->turn[4] = (BoardTurn){.thread = 1}; /* not yet written */
  board->turn_count = 5;
  g_autoptr(GilTimeline) timeline = threads_read_gil(&record, START, START + 1000);
  ck_assert_uint_eq(timeline->turns->len, 2);
  ck_assert_uint_eq(timeline->turns_lost, 3);
}
END_TEST

START_TEST(the_first_turns_are_kept) {
  add_thread("MainThread", BOARD_RUNS, 0);
  add_thread("worker", BOARD_RUNS, 0);
  board->has_turns = 1;
  for (guint i = 0; i < BOARD_TURNS; i++)
    add_turn(i % 2, i, i + 1, i + 2);
  board->turn_count += 7;
  g_autoptr(GilTimeline) timeline = threads_read_gil(&record, START, START + 1000000);
  ck_assert_uint_eq(timeline->turns->len, BOARD_TURNS);
  ck_assert_uint_eq(timeline->turns_lost, 7);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("threads_read");
  TCase *waiting_case = tcase_create("waits");
  tcase_add_checked_fixture(waiting_case, setup, teardown);
  tcase_add_test(waiting_case, a_lock_taken_twice_is_held_by_who_waits);
  tcase_add_test(waiting_case, two_threads_make_a_cycle_and_the_third_joins_one);
  tcase_add_test(waiting_case, only_threads_that_live_are_listed);
  tcase_add_test(waiting_case, the_lock_of_a_library_call_has_no_holder);
  tcase_add_test(waiting_case, what_is_not_seen_is_not_said);
  tcase_add_test(waiting_case, lines_are_the_subjects_or_none);
  tcase_add_test(waiting_case, a_hostile_board_is_read_all_the_same);
  suite_add_tcase(suite, waiting_case);
  TCase *gil = tcase_create("gil");
  tcase_add_checked_fixture(gil, setup, teardown);
  tcase_add_test(gil, two_threads_take_turns);
  tcase_add_test(gil, one_thread_makes_no_timeline);
  tcase_add_test(gil, turns_come_in_the_order_of_their_ends);
  tcase_add_test(gil, turns_without_sense_are_lost);
  tcase_add_test(gil, the_first_turns_are_kept);
  suite_add_tcase(suite, gil);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
