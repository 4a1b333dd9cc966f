/*
 * The exam of snippets with fixtures: in which variant, with or without, and after what.
 * exam_world.h is what they are written in.
 */
#include <check.h>
#include <stdlib.h>

#include "exam_world.h"

static void assert_runs(const World *world, const gchar *runs) {
  GPtrArray *log = world->log;
  g_ptr_array_add(log, NULL);
  g_autofree gchar *all = g_strjoinv(", ", (gchar **)log->pdata);
  g_ptr_array_set_size(log, (gint)log->len - 1);
  ck_assert_str_eq(all, runs);
}

/* --- one block --------------------------------------------------------------- */

/* What one block with a fixture of these variants comes to. */
static const struct {
  const gchar *variants;
  const gchar *source;
  const gchar *runs;
  const gchar *settled;
} alone[] = {
    {NULL, "need x\nclaim x", "a@", "a verified [fixture lib for x]"},
    {NULL, "need x\nneed y", "a@", "a fragment [fixture lib for x]"},
    {"one two", "need x\nclaim x", "a@one", "a verified [fixture lib (one) for x]"},
    {"one two", "need x", "a@one", "a ran [fixture lib (one) for x]"},
    /* a claim that seems false in the first, and holds in the second */
    {"one two", "claim two", "a@one, a@two", "a verified [fixture lib (two) for x]"},
    /* something raises in the first */
    {"one two", "fail two\nclaim x", "a@one, a@two", "a verified [fixture lib (two) for x]"},
    {"one two", "fail two", "a@one, a@two", "a ran [fixture lib (two) for x]"},
    /* nothing that it says is found true in the first */
    {"one two", "look two", "a@one, a@two", "a verified [fixture lib (two) for x]"},
    {"one two", "look y", "a@one, a@two", "a ran [fixture lib (one) for x]"},
    /* the earlier one where they are equal */
    {"one two", "fail y", "a@one, a@two", "a raised [fixture lib (one) for x]"},
    /* none is left out, and none is tried after one that fits */
    {"one two three", "claim two", "a@one, a@two", "a verified [fixture lib (two) for x]"},
    {"one two three", "claim three", "a@one, a@two, a@three",
     "a verified [fixture lib (three) for x]"},
    /* what raises fits less than what runs to its end, though that is false */
    {"one two", "fail two\nclaim y", "a@one, a@two, a", "a false [fixture lib (two) for x]"},
    {"one two", "fail one\nclaim y", "a@one, a@two, a", "a false [fixture lib (one) for x]"},
    /* what is contradicted in one is not false where another merely runs */
    {"one two", "deny one\nlook y", "a@one, a@two", "a verified [fixture lib (two) for x]"},
    /* each contradicts what holds in the other: neither is sure */
    {"one two", "claim one\nclaim two", "a@one, a@two, a", "a verified [fixture lib (one) for x]"},
    {"one two", "claim one\nclaim two\nclaim y", "a@one, a@two, a",
     "a false [fixture lib (one) for x]"},
};

START_TEST(a_block_runs_in_the_variant_that_it_fits) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", alone[_i].variants);
  block_with(world, lib, "x", alone[_i].source);
  sit(world);
  assert_settled(world, alone[_i].settled);
  assert_runs(world, alone[_i].runs);
}
END_TEST

START_TEST(a_variant_that_is_configured_is_the_only_one) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two three");
  Snippet *snippet = block_with(world, lib, "x", "claim one");
  snippet->choice->variant = g_strdup("two");
  snippet->choice->is_configured = TRUE;
  sit(world);
  assert_runs(world, "a@two");
  assert_settled(world, "a false [fixture lib (two) for x]");
}
END_TEST

START_TEST(what_only_names_chose_is_not_false_where_it_holds_without) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", NULL);
  block_with(world, lib, "x", "deny x");
  block_with(world, lib, "x", "blame x");
  sit(world);
  assert_runs(world, "a@, b@, a, a+b@, b");
  assert_settled(world, "a verified");
  assert_settled(world, "b ran");
}
END_TEST

START_TEST(each_variant_is_repeated_until_it_is_clear) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  block_with(world, lib, "x", "need x\nunclear 3");
  sit(world);
  assert_runs(world, "a@one, a@one, a@one");
  assert_settled(world, "a verified [fixture lib (one) for x]");
}
END_TEST

/* --- fixtures that cannot be used ------------------------------------------------ */

START_TEST(a_fixture_that_is_not_ready_is_needed) {
  g_autoptr(World) world = world_new();
  world->unready = "*";
  const Fixture *lib = fixture(world, "lib", "one two");
  block_with(world, lib, "x", "need x");
  block_with(world, lib, "x", "claim x");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "a@one"), 1);
  ck_assert(!was_run(world, "a@two"));
  ck_assert(was_run(world, "a"));
  assert_settled(world, "a needs [fixture lib (one) for x] (needs a package)");
  /* It seems false without, but the fixture might have explained it. */
  ck_assert(was_run(world, "b"));
  assert_settled(world, "b needs [fixture lib (one) for x] (needs a package)");
}
END_TEST

START_TEST(a_block_that_does_without_need_not_have_it_ready) {
  g_autoptr(World) world = world_new();
  world->unready = "*";
  const Fixture *lib = fixture(world, "lib", NULL);
  block(world, "bind z");
  block_with(world, lib, "x", "bind y\nclaim y");
  block_with(world, lib, "x", "need z");
  sit(world);
  assert_settled(world, "b verified");
  assert_settled(world, "c ran after 2 earlier blocks of its heading");
}
END_TEST

START_TEST(a_second_variant_that_is_not_ready_changes_nothing) {
  g_autoptr(World) world = world_new();
  world->unready = "two";
  const Fixture *lib = fixture(world, "lib", "one two three");
  block_with(world, lib, "x", "fail y");
  sit(world);
  assert_runs(world, "a@one, a@two");
  assert_settled(world, "a raised [fixture lib (one) for x]");
}
END_TEST

START_TEST(what_an_unready_block_binds_is_needed_too) {
  g_autoptr(World) world = world_new();
  world->unready = "*";
  const Fixture *lib = fixture(world, "lib", NULL);
  block_with(world, lib, "x", "need x\nbind y");
  block(world, "need y");
  block(world, "need z");
  sit(world);
  assert_settled(world, "b needs (needs a package)");
  assert_settled(world, "c fragment");
}
END_TEST

START_TEST(a_choice_with_a_problem_is_the_reason) {
  g_autoptr(World) world = world_new();
  Snippet *torn = block_with(world, NULL, "x", "need x");
  torn->choice->problem = g_strdup("which is meant?");
  Snippet *harmless = block_with(world, NULL, "y", "claim y\nbind y\nclaim y");
  harmless->choice->problem = g_strdup("which is meant?");
  Fixture *broken = fixture(world, "broken", NULL);
  broken->problem = g_strdup("broken.py:1:1: no");
  block_with(world, broken, "x", "need x");
  sit(world);
  assert_runs(world, "a, b, c, a+b");
  assert_settled(world, "a needs (which is meant?)");
  assert_settled(world, "b false");
  assert_settled(world, "c needs (broken.py:1:1: no)");
}
END_TEST

/* --- after earlier blocks ---------------------------------------------------------- */

START_TEST(earlier_blocks_run_with_the_fixture_too) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  heading(world);
  block(world, "bind z");
  heading(world);
  block_with(world, lib, "x", "need x\nbind y");
  block_with(world, lib, "x", "need x\nneed y\nclaim y");
  block_with(world, lib, "x", "need x\nneed z");
  sit(world);
  assert_settled(world,
                 "c verified after 1 earlier block of its heading [fixture lib (one) for x]");
  assert_settled(world, "d ran after 3 earlier blocks of its document [fixture lib (one) for x]");
}
END_TEST

START_TEST(after_a_block_its_variant_comes_first) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  block_with(world, lib, "x", "claim two\nbind y");
  block_with(world, lib, "x", "need y\nclaim two");
  sit(world);
  assert_runs(world, "a@one, b@one, a@two, b@two, a+b@two");
  assert_settled(world,
                 "b verified after 1 earlier block of its heading [fixture lib (two) for x]");
}
END_TEST

START_TEST(after_earlier_blocks_all_variants_are_tried) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  block_with(world, lib, "x", "need x\nbind y");
  block_with(world, lib, "x", "need y\nclaim two");
  sit(world);
  assert_settled(world,
                 "b verified after 1 earlier block of its heading [fixture lib (two) for x]");
}
END_TEST

START_TEST(a_block_that_ran_with_a_fixture_is_not_run_without) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", NULL);
  const Fixture *other = fixture(world, "other", NULL);
  block_with(world, lib, "x", "need x\nbind y");
  block(world, "bind z\nclaim w");
  block_with(world, other, "v", "need v\nneed y");
  sit(world);
  ck_assert(!was_run(world, "a+b"));
  assert_settled(world, "b false");
  assert_settled(world, "c fragment [fixture other for v]");
}
END_TEST

START_TEST(who_goes_on_with_its_names_borrows_its_fixture) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  heading(world);
  block_with(world, lib, "x", "claim two\nbind y");
  heading(world);
  block(world, "need y\nclaim two\nbind z");
  block(world, "need z\nclaim y");
  sit(world);
  ck_assert(was_run(world, "a+b@two"));
  ck_assert(!was_run(world, "a+b@one"));
  assert_settled(world,
                 "b verified after 1 earlier block of its document [fixture lib (two) for x]");
  assert_settled(world,
                 "c verified after 2 earlier blocks of its document [fixture lib (two) for x]");
}
END_TEST

START_TEST(what_does_not_help_is_not_borrowed) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", NULL);
  block_with(world, lib, "x", "need x\nbind y");
  block(world, "need y\nneed z");
  block(world, "need y\nhang");
  sit(world);
  ck_assert(!was_run(world, "a+b@"));
  assert_settled(world, "b fragment");
  ck_assert(was_run(world, "a+c@") || was_run(world, "a+b+c@"));
  assert_settled(world, "c fragment");
}
END_TEST

START_TEST(runs_that_end_in_any_order_give_the_same_verdicts) {
  for (guint turn = 0; turn < 3; turn++) {
    g_autoptr(World) world = world_new();
    const Fixture *lib = fixture(world, "lib", "one two");
    Snippet *first = block_with(world, lib, "x", "claim two\nbind y");
    block(world, "need y");
    block_with(world, lib, "x", "need y\nclaim two");
    world->newest_first = turn == 1;
    world->withheld = turn == 2 ? first : NULL;
    sit(world);
    assert_settled(world, "a verified [fixture lib (two) for x]");
    assert_settled(world, "b ran after 1 earlier block of its heading [fixture lib (two) for x]");
    assert_settled(world,
                   "c verified after 2 earlier blocks of its heading [fixture lib (two) for x]");
  }
}
END_TEST

/* --- late ---------------------------------------------------------------------------- */

static Snippet *late(World *world, const Fixture *lib, const gchar *name, const gchar *source) {
  Snippet *snippet = block_with(world, lib, name, source);
  snippet->choice->is_late = TRUE;
  return snippet;
}

START_TEST(what_the_document_binds_comes_before_a_fixture) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", NULL);
  block(world, "bind x");
  late(world, lib, "x", "need x\nclaim x");
  sit(world);
  assert_runs(world, "a, b, a+b");
  assert_settled(world, "b verified after 1 earlier block of its heading");
}
END_TEST

START_TEST(and_a_fixture_comes_where_that_does_not_do) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  heading(world);
  block(world, "bind x\nhang");
  heading(world);
  late(world, lib, "x", "need x\nclaim two");
  sit(world);
  assert_settled(world, "b verified [fixture lib (two) for x]");
}
END_TEST

START_TEST(what_is_false_without_a_late_fixture_may_hold_with_it) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", NULL);
  block(world, "bind other");
  late(world, lib, "x", "claim x");
  late(world, lib, "x", "claim y");
  sit(world);
  assert_settled(world, "b verified [fixture lib for x]");
  assert_settled(world, "c false");
}
END_TEST

START_TEST(with_a_late_fixture_the_document_binds_its_own_names_again) {
  g_autoptr(World) world = world_new();
  Fixture *lib = fixture(world, "lib", NULL);
  block_with(world, lib, "m", "need m\nbind x\nbind own");
  Snippet *snippet = late(world, lib, "m", "need x\nfail own");
  g_strfreev(snippet->choice->names);
  snippet->choice->names = g_strsplit("x", " ", -1);
  g_strfreev(lib->provides);
  lib->provides = g_strsplit("m x", " ", -1);
  sit(world);
  assert_settled(world, "b ran after 1 earlier block of its heading [fixture lib for x]");
}
END_TEST

START_TEST(a_late_fixture_that_is_not_ready_is_needed) {
  g_autoptr(World) world = world_new();
  world->unready = "*";
  const Fixture *lib = fixture(world, "lib", NULL);
  block(world, "bind other");
  late(world, lib, "x", "need x");
  late(world, lib, "x", "claim other");
  sit(world);
  assert_settled(world, "b needs [fixture lib for x] (needs a package)");
  assert_settled(world, "c verified after 1 earlier block of its heading");
}
END_TEST

/* --- what is not run -------------------------------------------------------------------- */

START_TEST(what_is_skipped_is_not_run) {
  g_autoptr(World) world = world_new();
  world->python = "3.11";
  Snippet *skipped = block(world, "bind x");
  Snippet *newer = block(world, "bind y");
  Snippet *fitting = block(world, "bind z");
  block(world, "need x");
  skipped->settings = settings_new();
  skipped->settings->skip = g_strdup("needs a printer");
  newer->settings = settings_new();
  newer->settings->python = g_strdup("3.12+");
  fitting->settings = settings_new();
  fitting->settings->python = g_strdup("3.9-3.11");
  sit(world);
  assert_runs(world, "c, d");
  assert_settled(world, "a skipped (needs a printer)");
  assert_settled(world, "b skipped (for Python 3.12+, this is 3.11)");
  assert_settled(world, "c ran");
  assert_settled(world, "d fragment");
}
END_TEST

START_TEST(an_exam_of_skipped_blocks_is_over_at_once) {
  g_autoptr(World) world = world_new();
  for (guint i = 0; i < 300; i++) {
    Snippet *skipped = block(world, "bind x");
    skipped->settings = settings_new();
    skipped->settings->skip = g_strdup("no");
  }
  sit(world);
  ck_assert_uint_eq(world->log->len, 0);
}
END_TEST

START_TEST(an_exam_that_is_given_up_frees_both_rounds) {
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", "one two");
  late(world, lib, "x", "need x\nclaim two");
  g_autoptr(Exam) exam = world_exam(world);
  exam_start(exam);
  end_run(world, next_run(world));
  end_run(world, next_run(world));
  give_up(next_run(world));
  ck_assert(!exam_is_over(exam));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("exam_fixtures");
  TCase *tests = tcase_create("exam_fixtures");
  tcase_add_loop_test(tests, a_block_runs_in_the_variant_that_it_fits, 0, G_N_ELEMENTS(alone));
  tcase_add_test(tests, a_variant_that_is_configured_is_the_only_one);
  tcase_add_test(tests, what_only_names_chose_is_not_false_where_it_holds_without);
  tcase_add_test(tests, each_variant_is_repeated_until_it_is_clear);
  tcase_add_test(tests, a_fixture_that_is_not_ready_is_needed);
  tcase_add_test(tests, a_block_that_does_without_need_not_have_it_ready);
  tcase_add_test(tests, a_second_variant_that_is_not_ready_changes_nothing);
  tcase_add_test(tests, what_an_unready_block_binds_is_needed_too);
  tcase_add_test(tests, a_choice_with_a_problem_is_the_reason);
  tcase_add_test(tests, earlier_blocks_run_with_the_fixture_too);
  tcase_add_test(tests, after_a_block_its_variant_comes_first);
  tcase_add_test(tests, after_earlier_blocks_all_variants_are_tried);
  tcase_add_test(tests, a_block_that_ran_with_a_fixture_is_not_run_without);
  tcase_add_test(tests, who_goes_on_with_its_names_borrows_its_fixture);
  tcase_add_test(tests, what_does_not_help_is_not_borrowed);
  tcase_add_test(tests, runs_that_end_in_any_order_give_the_same_verdicts);
  tcase_add_test(tests, what_the_document_binds_comes_before_a_fixture);
  tcase_add_test(tests, and_a_fixture_comes_where_that_does_not_do);
  tcase_add_test(tests, what_is_false_without_a_late_fixture_may_hold_with_it);
  tcase_add_test(tests, with_a_late_fixture_the_document_binds_its_own_names_again);
  tcase_add_test(tests, a_late_fixture_that_is_not_ready_is_needed);
  tcase_add_test(tests, what_is_skipped_is_not_run);
  tcase_add_test(tests, an_exam_of_skipped_blocks_is_over_at_once);
  tcase_add_test(tests, an_exam_that_is_given_up_frees_both_rounds);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
