/*
 * The exam where only some verdicts are asked for: what is run for them, and that they are the
 * same as if all had been.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "exam_world.h"

START_TEST(what_is_not_asked_for_is_not_run) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  want(world, block(world, "bind y\nclaim y"));
  block(world, "bind z");
  sit(world);
  ck_assert_uint_eq(world->log->len, 1);
  ck_assert(has_settled(world, "b verified"));
}
END_TEST

START_TEST(nothing_asked_for_is_over_at_once) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  world->wanted = g_hash_table_new(NULL, NULL);
  sit(world);
  ck_assert_uint_eq(world->log->len, 0);
}
END_TEST

START_TEST(earlier_blocks_are_run_for_one_that_waits_for_them) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "bind other");
  want(world, block(world, "need x\nclaim x"));
  block(world, "bind x");
  sit(world);
  ck_assert(was_run(world, "a") && was_run(world, "b"));
  ck_assert(was_run(world, "a+b+c"));
  ck_assert_uint_eq(world->log->len, 4);
  ck_assert(has_settled(world, "c verified after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(they_may_wait_for_others_themselves) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nbind y");
  want(world, block(world, "need y\nclaim y"));
  sit(world);
  ck_assert(was_run(world, "a+b"));
  ck_assert(has_settled(world, "c verified after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(what_hangs_is_left_out_though_nobody_asked_for_it) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "bind x\nhang");
  want(world, block(world, "need x\nclaim x"));
  sit(world);
  ck_assert(was_run(world, "a+c"));
  ck_assert(has_settled(world, "c verified after 1 earlier block of its heading"));
}
END_TEST

START_TEST(other_documents_stay_as_they_are) {
  g_autoptr(World) world = world_new();
  g_autoptr(World) other = world_new();
  block(other, "bind x");
  block(world, "bind x");
  want(world, block(world, "need x"));
  g_ptr_array_add(world->documents, other->document);
  sit(world);
  ck_assert_uint_eq(world->log->len, 3);
}
END_TEST

/* A document of any blocks. */
static const gchar *const sources[] = {
    "bind x",          "need x\nbind y", "claim y",        "deny x",          "hang\nbind x",
    "need y\nclaim x", "slow\nbind z",   "need z",         "miss q\nclaim x", "crash",
    "lean x",          "bind q\nfail y", "need q\nclaim y"};

static void fill(World *world, guint32 seed) {
  for (guint i = 0; i < 9; i++) {
    seed = seed * 1664525u + 1013904223u;
    if ((seed >> 28) == 0)
      heading(world);
    block(world, sources[(seed >> 16) % G_N_ELEMENTS(sources)]);
  }
}

START_TEST(the_verdict_is_that_of_the_whole) {
  g_autoptr(World) all = world_new();
  fill(all, (guint32)_i);
  sit(all);
  for (guint place = 0; place < 9; place++) {
    g_autoptr(World) one = world_new();
    fill(one, (guint32)_i);
    one->newest_first = (_i & 1) != 0;
    want(one, g_ptr_array_index(one->document->snippets, place));
    sit(one);
    const gchar *said = g_ptr_array_index(one->settled, 0);
    ck_assert_msg(has_settled(all, said), "seed %d: %s", _i, said);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("exam_wanted");
  TCase *tests = tcase_create("exam_wanted");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, what_is_not_asked_for_is_not_run);
  tcase_add_test(tests, nothing_asked_for_is_over_at_once);
  tcase_add_test(tests, earlier_blocks_are_run_for_one_that_waits_for_them);
  tcase_add_test(tests, they_may_wait_for_others_themselves);
  tcase_add_test(tests, what_hangs_is_left_out_though_nobody_asked_for_it);
  tcase_add_test(tests, other_documents_stay_as_they_are);
  tcase_add_loop_test(tests, the_verdict_is_that_of_the_whole, 0, 200);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
