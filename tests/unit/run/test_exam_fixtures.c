/*
 * The exam of snippets with fixtures: in which variant, with or without, and after what.
 * exam_world.h is what they are written in.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "exam_world.h"
#include "run/exam_weigh.h"

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
    /* what raised at the claim's own line is no second opinion */
    {"one two", "claim one\ntear two", "a@one, a@two, a", "a false [fixture lib (one) for x]"},
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

/* --- several blocks ---------------------------------------------------------- */

/* What blocks with and without one fixture come to. */
typedef struct {
  const gchar *variants;
  const gchar *unready;    /* variant that is not; "*" for all */
  const gchar *blocks[8];  /* "SOURCE", "NAME| SOURCE" with the fixture, "late NAME| SOURCE",
                              "#" for a heading */
  const gchar *settled[4]; /* among others */
  const gchar *runs;       /* all; NULL: whichever */
  const gchar *never;      /* no run; or NULL */
} Scene;

static const Scene scenes[] = {
    /* What only names chose is not false where it holds without. */
    {.blocks = {"x| deny x", "x| blame x"},
     .settled = {"a verified", "b ran"},
     .runs = "a@, b@, a, a+b@, b"},
    /* Each variant is repeated until it is clear. */
    {.variants = "one two",
     .blocks = {"x| need x\nunclear 3"},
     .settled = {"a verified [fixture lib (one) for x]"},
     .runs = "a@one, a@one, a@one"},

    /* A fixture that is not ready is needed: it might have explained what seems false without. */
    {.variants = "one two",
     .unready = "*",
     .blocks = {"x| need x", "x| claim x"},
     .settled = {"a needs [fixture lib (one) for x] (needs a package)",
                 "b needs [fixture lib (one) for x] (needs a package)"},
     .runs = "a@one, b@one, a, b"},
    /* A block that does without need not have it ready. */
    {.unready = "*",
     .blocks = {"bind z", "x| bind y\nclaim y", "x| need z"},
     .settled = {"b verified", "c ran after 2 earlier blocks of its heading"}},
    /* A second variant that is not ready changes nothing. */
    {.variants = "one two three",
     .unready = "two",
     .blocks = {"x| fail y"},
     .settled = {"a raised [fixture lib (one) for x]"},
     .runs = "a@one, a@two"},
    /* What an unready block binds is needed, too. */
    {.unready = "*",
     .blocks = {"x| need x\nbind y", "need y", "need z"},
     .settled = {"b needs (needs a package)", "c fragment"}},

    /* Earlier blocks run with the fixture, too. */
    {.variants = "one two",
     .blocks = {"#", "bind z", "#", "x| need x\nbind y", "x| need x\nneed y\nclaim y",
                "x| need x\nneed z"},
     .settled = {"c verified after 1 earlier block of its heading [fixture lib (one) for x]",
                 "d ran after 3 earlier blocks of its document [fixture lib (one) for x]"}},
    /* After a block its variant comes first, */
    {.variants = "one two",
     .blocks = {"x| claim two\nbind y", "x| need y\nclaim two"},
     .settled = {"b verified after 1 earlier block of its heading [fixture lib (two) for x]"},
     .runs = "a@one, b@one, a@two, b@two, a+b@two"},
    /* but all are tried. */
    {.variants = "one two",
     .blocks = {"x| need x\nbind y", "x| need y\nclaim two"},
     .settled = {"b verified after 1 earlier block of its heading [fixture lib (two) for x]"}},
    /* Who goes on with its names borrows its fixture, */
    {.variants = "one two",
     .blocks = {"#", "x| claim two\nbind y", "#", "need y\nclaim two\nbind z", "need z\nclaim y"},
     .settled = {"b verified after 1 earlier block of its document [fixture lib (two) for x]",
                 "c verified after 2 earlier blocks of its document [fixture lib (two) for x]"},
     .never = "a+b@one"},
    /* but only where that helps. */
    {.blocks = {"x| need x\nbind y", "need y\nneed z", "need y\nhang"},
     .settled = {"b fragment", "c fragment"},
     .runs = "a@, b, c, a+b+c@"},

    /* What is contradicted alone is not excused by blocks that lend it nothing, */
    {.variants = "one two",
     .blocks = {"x| bind z", "x| lean y"},
     .settled = {"b false [fixture lib (one) for x]"}},
    {.blocks = {"x| bind z", "x| lean y\nlean x"}, .settled = {"b false [fixture lib for x]"}},
    /* unless something turns out true after them, or they lend it a name. */
    {.blocks = {"x| bind z", "x| lean y\nlean z"},
     .settled = {"b verified after 1 earlier block of its heading [fixture lib for x]"}},
    {.variants = "one two",
     .blocks = {"x| bind z", "x| lean y\nuse z"},
     .settled = {"b ran after 1 earlier block of its heading [fixture lib (two) for x]"}},

    /* What the document binds comes before a late fixture, */
    {.blocks = {"bind x", "late x| need x\nclaim x"},
     .settled = {"b verified after 1 earlier block of its heading"},
     .runs = "a, b, a+b"},
    /* which comes where that does not do. */
    {.variants = "one two",
     .blocks = {"#", "bind x\nhang", "#", "late x| need x\nclaim two"},
     .settled = {"b verified [fixture lib (two) for x]"}},
    /* What is false without it may hold with it. */
    {.blocks = {"bind other", "late x| claim x", "late x| claim y"},
     .settled = {"b verified [fixture lib for x]", "c false"}},
    /* Where it is not ready, it is needed. */
    {.unready = "*",
     .blocks = {"bind other", "late x| need x", "late x| claim other"},
     .settled = {"b needs [fixture lib for x] (needs a package)",
                 "c verified after 1 earlier block of its heading"}},
    /* How it ended with all of its names counts, not that it was held without them; */
    {.blocks = {"#", "bind z", "#", "late x| need x\nfail y"},
     .settled = {"b raised [fixture lib for x]"},
     .runs = "a, b, b@"},
    {.blocks = {"#", "bind z", "#", "late x| miss x\nfail y"},
     .settled = {"b raised [fixture lib for x]"}},
    {.blocks = {"#", "bind z", "#", "late x| need x\nhang"},
     .settled = {"b hung [fixture lib for x]"}},
    /* but not where it misses others, or where that may be the work of earlier blocks. */
    {.blocks = {"#", "bind z", "#", "late x| need x\nneed w\nfail y"}, .settled = {"b fragment"}},
    {.blocks = {"bind z", "late x| need x\nneed z\nfail y"}, .settled = {"b fragment"}},
};

static void add_block(World *world, const Fixture *lib, const gchar *text) {
  g_auto(GStrv) parts = g_strsplit(text, "| ", 2);
  if (g_str_equal(text, "#")) {
    heading(world);
  } else if (parts[1] == NULL) {
    block(world, text);
  } else {
    gboolean is_late = g_str_has_prefix(parts[0], "late ");
    Snippet *snippet = block_with(world, lib, parts[0] + (is_late ? strlen("late ") : 0), parts[1]);
    snippet->choice->is_late = is_late;
  }
}

START_TEST(blocks_come_to_this) {
  const Scene *scene = &scenes[_i];
  g_autoptr(World) world = world_new();
  const Fixture *lib = fixture(world, "lib", scene->variants);
  world->unready = scene->unready;
  for (guint i = 0; scene->blocks[i] != NULL; i++)
    add_block(world, lib, scene->blocks[i]);
  sit(world);
  for (guint i = 0; scene->settled[i] != NULL; i++)
    assert_settled(world, scene->settled[i]);
  if (scene->runs != NULL)
    assert_runs(world, scene->runs);
  ck_assert(scene->never == NULL || !was_run(world, scene->never));
}
END_TEST

/* What ended with an exception held only if the claim is about how it ended. */
START_TEST(a_line_that_raised_is_no_second_opinion) {
  for (ClaimTarget target = CLAIM_OF_LINE; target <= CLAIM_OF_FIELD; target++) {
    for (guint line = 1; line <= 4; line++) {
      gboolean is_of_end =
          target == CLAIM_OF_EXCEPTION || target == CLAIM_OF_EXAMPLE || target == CLAIM_OF_SNIPPET;
      g_autoptr(Claim) claim = claim_new(CLAIM_LITERAL, target, 3, "1", "1");
      g_autoptr(Transcript) torn = transcript_new();
      g_autoptr(Transcript) whole = transcript_new();
      g_autoptr(Verdict) before = verdict_new(VERDICT_RAISED);
      g_autoptr(Verdict) verdict = verdict_new(VERDICT_FALSE);
      g_autoptr(GHashTable) held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
      Raised *raised = g_new0(Raised, 1);
      raised->type = g_strdup("ValueError");
      raised->outer_line = line;
      g_ptr_array_add(torn->raised, raised);
      claim->first_line = 2;
      claim->last_line = 3;
      verdict_add_result(before, claim, CLAIM_HOLDS, NULL, NULL);
      verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, NULL, NULL);
      run_note_held(torn, before, held);
      run_pardon(whole, verdict, held);
      gboolean is_pardoned = line < 2 || line > 3 || is_of_end;
      ck_assert_msg(verdict->class == (is_pardoned ? VERDICT_RAN : VERDICT_FALSE), "%d %u", target,
                    line);
    }
  }
}
END_TEST

START_TEST(a_fixture_that_was_passed_over_is_named) {
  static const struct {
    const gchar *provides, *source, *settled;
  } cases[] = {
      {"x y", "need x",
       "a fragment (bound nowhere (fixture lib provides it, but nothing else here "
       "speaks of its field: bank.yaml can say so))"},
      {"x y", "need x\nneed y",
       "a fragment (bound nowhere (fixture lib provides them, but nothing "
       "else here speaks of its field: bank.yaml can say so))"},
      {"x y", "need x\nneed z", "a fragment"},
      {"x y", "bind x", "a ran"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(World) world = world_new();
    Fixture *lib = fixture(world, "lib", NULL);
    g_strfreev(lib->provides);
    lib->provides = g_strsplit(cases[i].provides, " ", -1);
    block(world, cases[i].source)->passed_over = lib;
    sit(world);
    assert_settled(world, cases[i].settled);
  }
}
END_TEST

/* --- fixtures that cannot be used ------------------------------------------------ */

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
  tcase_add_loop_test(tests, blocks_come_to_this, 0, G_N_ELEMENTS(scenes));
  tcase_add_test(tests, a_line_that_raised_is_no_second_opinion);
  tcase_add_test(tests, a_fixture_that_was_passed_over_is_named);
  tcase_add_test(tests, a_variant_that_is_configured_is_the_only_one);
  tcase_add_test(tests, a_choice_with_a_problem_is_the_reason);
  tcase_add_test(tests, a_block_that_ran_with_a_fixture_is_not_run_without);
  tcase_add_test(tests, runs_that_end_in_any_order_give_the_same_verdicts);
  tcase_add_test(tests, with_a_late_fixture_the_document_binds_its_own_names_again);
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
