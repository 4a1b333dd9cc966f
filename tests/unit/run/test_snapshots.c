/* Runs with fixtures: which zygote they get, how many there are, and what becomes of those
 * whose fixture cannot be loaded. The worker is fake_worker.c. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/process_tree.h"
#include "runner_world.h"

static void setup(void) {
  world_setup(TEST_FAKE_WORKER, TEST_ADDRESS_BYTES);
  g_setenv("PROCTOR_DATABASE_URL", "mysql://nowhere/", TRUE);
}

/* How many zygotes were started with the fixture. */
static guint starts_of(const gchar *file) {
  g_autofree gchar *path = g_build_filename(folder, "starts", NULL);
  g_autofree gchar *text = NULL;
  guint count = 0;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    count += g_str_equal(lines[i], file);
  return count;
}

#define SAY "import os\nprint(os.environ.get('PROCTOR_TEST_FIXTURE'))\n"

START_TEST(each_request_gets_a_zygote_of_its_fixture_and_variant) {
  world_start();
  for (guint i = 0; i < 10; i++) {
    submit(choice_of("a.py"), NULL, SAY);
    submit(NULL, NULL, SAY);
    submit(choice_of("a.py"), "text", SAY);
    submit(choice_of("b.py"), NULL, SAY);
  }
  world_run_all();
  const gchar *outputs[] = {"a.py:\n", "None\n", "a.py:text\n", "b.py:\n"};
  for (guint i = 0; i < snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(snippets, i);
    assert_prints(snippet, outputs[i % 4]);
    const Transcript *transcript = transcript_of(snippet);
    ck_assert_ptr_eq(transcript->fixture, i % 4 == 1   ? NULL
                                          : i % 4 == 3 ? choice_of("b.py")
                                                       : choice_of("a.py"));
    ck_assert_pstr_eq(transcript->variant, i % 4 == 2 ? "text" : NULL);
  }
  ck_assert_uint_eq(starts_of("a.py"), 2);
  ck_assert_uint_eq(starts_of("b.py"), 1);
}
END_TEST

START_TEST(one_lane_serves_all_in_their_order) {
  options.lanes = 1;
  world_start();
  for (guint i = 0; i < 15; i++)
    submit(i % 3 == 0 ? NULL : choice_of(i % 3 == 1 ? "a.py" : "b.py"), NULL, "pass");
  world_run_all();
  for (guint i = 3; i < snippets->len; i++) {
    const Snippet *earlier = g_ptr_array_index(snippets, i - 3);
    const Snippet *later = g_ptr_array_index(snippets, i);
    ck_assert_uint_lt(earlier->ordinal, later->ordinal);
  }
  ck_assert_uint_eq(starts_of("a.py"), 1);
  ck_assert_uint_eq(starts_of("b.py"), 1);
}
END_TEST

START_TEST(many_requests_get_more_zygotes) {
  options.lanes = 4;
  world_start();
  for (guint i = 0; i < 400; i++)
    submit(choice_of("a.py"), NULL, "pass");
  world_run_all();
  ck_assert_uint_ge(starts_of("a.py"), 2);
  ck_assert_uint_le(starts_of("a.py"), 4);
}
END_TEST

START_TEST(a_run_that_waits_gets_its_fixture_another_zygote) {
  options.lanes = 1;
  world_start();
  Snippet *waits = submit(choice_of("a.py"), NULL, "import time\ntime.sleep(1000)\n");
  Snippet *next = submit(choice_of("a.py"), NULL, SAY);
  while (ended->len < 1)
    g_main_context_iteration(NULL, TRUE);
  assert_prints(next, "a.py:\n");
  ck_assert(!has_ended(waits));
  ck_assert_uint_eq(starts_of("a.py"), 2);
}
END_TEST

START_TEST(what_is_stuck_is_seen_with_a_fixture_too) {
  world_start();
  Snippet *snippet =
      submit(choice_of("a.py"), NULL, "import threading\nthreading.Event().wait()\n");
  world_run_all();
  ck_assert_int_eq(transcript_of(snippet)->outcome, OUTCOME_STUCK);
}
END_TEST

START_TEST(there_is_room_for_any_number_of_fixtures) {
  options.lanes = 1;
  world_start();
  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < 20; i++) {
      g_autofree gchar *file = g_strdup_printf("f%u.py", i);
      submit(choice_of(file), NULL, SAY);
    }
    world_run_all();
    g_autoptr(GArray) tree = process_tree_list(getpid());
    /* two processes for a zygote, where there is a pid namespace */
    ck_assert_uint_le(tree->len, 2 * (4 * options.lanes + 4));
  }
  for (guint i = 0; i < snippets->len; i++) {
    g_autofree gchar *output = g_strdup_printf("f%u.py:\n", i % 20);
    assert_prints(g_ptr_array_index(snippets, i), output);
  }
  ck_assert_uint_eq(starts_of("f0.py"), 2);
}
END_TEST

START_TEST(only_fixtures_are_told_of_the_database) {
  world_start();
  const gchar *source = "import os\nprint(os.environ.get('PROCTOR_DATABASE_URL'))\n";
  Snippet *with = submit(choice_of("a.py"), NULL, source);
  Snippet *without = submit(NULL, NULL, source);
  world_run_all();
  assert_prints(with, "mysql://nowhere/\n");
  assert_prints(without, "None\n");
}
END_TEST

START_TEST(the_snippet_s_settings_are_its_limits) {
  options.wall_ms = 300000;
  world_start();
  const gchar *loop = "while True: pass\n", *flood = "while True: print('x' * 999)\n";
  const gchar *greedy = "try: x = bytearray(600 << 20)\nexcept MemoryError: print('no')\n";
  Snippet *slow = submit(NULL, NULL, loop);
  slow->settings = settings_new();
  slow->settings->wall_ms = 300;
  Snippet *loud = submit(choice_of("a.py"), NULL, flood);
  loud->settings = settings_new();
  loud->settings->output_bytes = 100000;
  Snippet *large = submit(NULL, NULL, greedy);
  large->settings = settings_new();
  large->settings->memory_bytes = 512 << 20;
  Snippet *other = submit(NULL, NULL, greedy);
  world_run_all();
  ck_assert_int_eq(transcript_of(slow)->limit, LIMIT_WALL);
  ck_assert_uint_eq(transcript_of(slow)->wall_limit_ms, 300);
  ck_assert_int_eq(transcript_of(loud)->limit, LIMIT_OUTPUT);
  ck_assert_uint_eq(transcript_of(loud)->wall_limit_ms, 300000);
  ck_assert_uint_lt(transcript_of(loud)->output->len, 600000);
  if (TEST_ADDRESS_BYTES != 0)
    assert_prints(large, "no\n");
  assert_prints(other, "");
}
END_TEST

START_TEST(options_may_outrank_settings) {
  options.wall_ms = 300;
  options.outranks_settings = TRUE;
  world_start();
  Snippet *slow = submit(NULL, NULL, "while True: pass\n");
  slow->settings = settings_new();
  slow->settings->wall_ms = 300000;
  Snippet *loud = submit(NULL, NULL, "print('x' * 200000)\n");
  loud->settings = settings_new();
  loud->settings->output_bytes = 100000;
  Snippet *large = submit(NULL, NULL,
                          "try: x = bytearray(600 << 20)\n"
                          "except MemoryError: print('no')\n");
  large->settings = settings_new();
  large->settings->memory_bytes = 512 << 20;
  world_run_all();
  ck_assert_uint_eq(transcript_of(slow)->wall_limit_ms, 300);
  ck_assert_int_eq(transcript_of(loud)->limit, LIMIT_NONE);
  if (TEST_ADDRESS_BYTES != 0)
    assert_prints(large, "no\n");
}
END_TEST

/* --- what is left on a server ------------------------------------------- */

static void free_runner(void) {
  runner_free(runner);
  runner = NULL;
}

/* What the last run does, and how often its fixture is loaded in all. */
static const struct {
  const gchar *source;
  guint starts;
} last_runs[] = {
    {"pass\n", 1},
    {"1 / 0\n", 1},
    {"raise SystemExit(3)\n", 1},
    {"import os\nos._exit(0)\n", 2},
    {"import os\nos.kill(os.getpid(), 9)\n", 2},
    {"while True: pass\n", 2},
    {"import threading\nthreading.Event().wait()\n", 2},
};

START_TEST(what_the_last_run_left_is_swept) {
  options.wall_ms = 500;
  options.lanes = 1;
  world_start();
  submit(choice_of("b.py"), NULL, "pass\n");
  submit(choice_of("a.py"), NULL, "import os\nos._exit(0)\n");
  submit(choice_of("a.py"), NULL, "pass\n"); /* has swept by itself */
  submit(choice_of("a.py"), NULL, last_runs[_i].source);
  world_run_all();
  ck_assert_uint_eq(starts_of("a.py"), 1);
  free_runner();
  ck_assert_uint_eq(starts_of("a.py"), last_runs[_i].starts);
  ck_assert_uint_eq(starts_of("b.py"), 1);
}
END_TEST

START_TEST(a_run_that_is_cut_short_is_swept) {
  g_autofree gchar *path = g_build_filename(folder, "runs", NULL);
  g_autofree gchar *source =
      g_strdup_printf("import time\nopen('%s', 'w').close()\ntime.sleep(1000)\n", path);
  world_start();
  submit(choice_of("a.py"), NULL, source);
  while (!g_file_test(path, G_FILE_TEST_EXISTS))
    g_main_context_iteration(NULL, TRUE);
  guint starts = starts_of("a.py"); /* two, if it took long */
  free_runner();
  ck_assert_uint_eq(starts_of("a.py"), starts + 1);
}
END_TEST

START_TEST(without_a_server_nothing_is_swept) {
  g_setenv("PROCTOR_DATABASE_URL", "", TRUE);
  world_start();
  submit(choice_of("a.py"), NULL, "import os\nos._exit(0)\n");
  world_run_all();
  free_runner();
  ck_assert_uint_eq(starts_of("a.py"), 1);
}
END_TEST

/* It may have a database of its own until then; but it is not waited for for ever. */
START_TEST(what_loads_is_waited_for) {
  options.fixture_ms = 400;
  world_start();
  submit(choice_of("never.py"), NULL, "pass\n");
  while (starts_of("never.py") == 0)
    g_main_context_iteration(NULL, TRUE);
  gint64 begin = g_get_monotonic_time();
  free_runner();
  ck_assert_int_ge(g_get_monotonic_time() - begin, 300000);
  ck_assert_uint_eq(starts_of("never.py"), 1);
}
END_TEST

/* --- fixtures that do not load ----------------------------------------- */

typedef struct {
  const gchar *file;
  const gchar *failure;
  const gchar *traceback;
  guint starts;
} Bad;

static const Bad bad[] = {
    {"exits.py", "fixture exits.py ended its process (exit 3) while it was run", NULL, 1},
    {"crashes.py", "fixture crashes.py was killed by SIGSEGV while it was run", NULL, 1},
    {"never.py", "fixture never.py never ended: stopped after 0.4 s", NULL, 1},
    {"loops.py", "fixture loops.py never ended: stopped after 0.4 s", NULL, 1},
    {"deaf.py", "fixture deaf.py was killed while it was run", NULL, 1},
    {"says.py", "fixture says.py ended its process (exit 1) while it was run",
     "Fatal Python error\n\nCurrent thread:\n  line 3", 1},
    {"spoils.py", "fixture spoils.py left no worker that can go on: it is in pieces",
     "proctor-worker: it is in pieces", 1},
    {"leaves.py", "fixture leaves.py ended its process (exit 4) after it was run", NULL, 2},
};

START_TEST(a_fixture_that_does_not_load_is_its_own_fault_alone) {
  const Bad *expected = &bad[_i];
  options.fixture_ms = 400;
  world_start();
  for (guint i = 0; i < 30; i++) {
    submit(choice_of(expected->file), NULL, SAY);
    submit(NULL, NULL, SAY);
    submit(choice_of("a.py"), NULL, SAY);
  }
  world_run_all();
  for (guint i = 0; i < snippets->len; i += 3) {
    const Transcript *transcript = transcript_of(g_ptr_array_index(snippets, i));
    ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
    ck_assert_str_eq(transcript->failure, expected->failure);
    ck_assert_pstr_eq(transcript->traceback, expected->traceback);
    ck_assert_ptr_eq(transcript->fixture, choice_of(expected->file));
    assert_prints(g_ptr_array_index(snippets, i + 1), "None\n");
    assert_prints(g_ptr_array_index(snippets, i + 2), "a.py:\n");
  }
  /* What comes later is told at once. */
  Snippet *later = submit(choice_of(expected->file), NULL, SAY);
  world_run_all();
  ck_assert_str_eq(transcript_of(later)->failure, expected->failure);
  ck_assert_uint_eq(starts_of(expected->file), expected->starts);
  ck_assert_uint_eq(starts_of("a.py"), 1);
}
END_TEST

START_TEST(a_fixture_that_takes_all_memory_is_stopped) {
  if (TEST_ADDRESS_BYTES == 0)
    return;
  options.address_bytes = 512 << 20;
  world_start();
  Snippet *snippet = submit(choice_of("hungry.py"), NULL, SAY);
  world_run_all();
  ck_assert_int_eq(transcript_of(snippet)->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript_of(snippet)->failure,
                   "fixture hungry.py held more memory than a run may, while it was run");
}
END_TEST

START_TEST(a_variant_that_does_not_load_says_which) {
  world_start();
  Snippet *snippet = submit(choice_of("exits.py"), "text", SAY);
  world_run_all();
  ck_assert_str_eq(transcript_of(snippet)->failure,
                   "fixture exits.py (text) ended its process (exit 3) while it was run");
  ck_assert_str_eq(transcript_of(snippet)->variant, "text");
}
END_TEST

START_TEST(the_worker_s_own_fault_is_ours) {
  world_start();
  Snippet *snippet = submit(choice_of("ours.py"), NULL, SAY);
  Snippet *other = submit(choice_of("a.py"), NULL, SAY);
  world_run_all();
  ck_assert_int_eq(transcript_of(snippet)->outcome, OUTCOME_FAILED);
  ck_assert_str_eq(transcript_of(snippet)->failure, "proctor-worker: no memory");
  ck_assert_uint_eq(starts_of("ours.py"), 3);
  assert_prints(other, "a.py:\n");
}
END_TEST

START_TEST(a_worker_that_does_not_work_is_no_fixture_s_fault) {
  options.worker = "/bin/ls";
  world_start();
  Snippet *snippet = submit(choice_of("a.py"), NULL, SAY);
  world_run_all();
  ck_assert_int_eq(transcript_of(snippet)->outcome, OUTCOME_FAILED);
  ck_assert_ptr_nonnull(strstr(transcript_of(snippet)->failure, "--zygote"));
}
END_TEST

START_TEST(a_choice_with_a_problem_is_told) {
  world_start();
  FixtureChoice *choice = fixture_choice_new(NULL, NULL);
  choice->problem = g_strdup("'Book' is provided by a.py and b.py");
  FixtureChoice *unusable = choice_of("unusable.py");
  ((Fixture *)unusable->fixture)->problem = g_strdup("unusable.py:3:1: no list");
  Snippet *first = submit(choice, NULL, SAY), *second = submit(unusable, NULL, SAY);
  world_run_all();
  ck_assert_int_eq(transcript_of(first)->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript_of(first)->failure, choice->problem);
  ck_assert_int_eq(transcript_of(second)->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript_of(second)->failure, "unusable.py:3:1: no list");
  fixture_choice_free(choice);
}
END_TEST

START_TEST(freeing_a_runner_that_loads_leaves_nothing) {
  g_unsetenv("PROCTOR_DATABASE_URL");
  world_start();
  for (guint i = 0; i < 5; i++)
    submit(choice_of("never.py"), NULL, SAY);
  while (starts_of("never.py") == 0)
    g_main_context_iteration(NULL, TRUE);
  runner_free(runner);
  runner = NULL;
  ck_assert_uint_eq(ended->len, 0);
}
END_TEST

START_TEST(fifty_thousand_requests_of_many_fixtures_are_quickly_refused) {
  world_start();
  for (guint i = 0; i < 50000; i++) {
    g_autofree gchar *variant = g_strdup_printf("v%u", i % 10);
    submit(choice_of("exits.py"), g_intern_string(variant), "pass");
  }
  world_run_all();
  ck_assert_uint_eq(starts_of("exits.py"), 10);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("snapshots");
  TCase *lanes = tcase_create("lanes");
  tcase_add_checked_fixture(lanes, setup, world_teardown);
  tcase_set_timeout(lanes, 60);
  tcase_add_test(lanes, each_request_gets_a_zygote_of_its_fixture_and_variant);
  tcase_add_test(lanes, one_lane_serves_all_in_their_order);
  tcase_add_test(lanes, many_requests_get_more_zygotes);
  tcase_add_test(lanes, a_run_that_waits_gets_its_fixture_another_zygote);
  tcase_add_test(lanes, what_is_stuck_is_seen_with_a_fixture_too);
  tcase_add_test(lanes, there_is_room_for_any_number_of_fixtures);
  tcase_add_test(lanes, only_fixtures_are_told_of_the_database);
  tcase_add_test(lanes, the_snippet_s_settings_are_its_limits);
  tcase_add_test(lanes, options_may_outrank_settings);
  suite_add_tcase(suite, lanes);
  TCase *swept = tcase_create("swept");
  tcase_add_checked_fixture(swept, setup, world_teardown);
  tcase_set_timeout(swept, 60);
  tcase_add_loop_test(swept, what_the_last_run_left_is_swept, 0, G_N_ELEMENTS(last_runs));
  tcase_add_test(swept, a_run_that_is_cut_short_is_swept);
  tcase_add_test(swept, without_a_server_nothing_is_swept);
  tcase_add_test(swept, what_loads_is_waited_for);
  suite_add_tcase(suite, swept);
  TCase *broken = tcase_create("broken");
  tcase_add_checked_fixture(broken, setup, world_teardown);
  tcase_set_timeout(broken, 60);
  tcase_add_loop_test(broken, a_fixture_that_does_not_load_is_its_own_fault_alone, 0,
                      G_N_ELEMENTS(bad));
  tcase_add_test(broken, a_fixture_that_takes_all_memory_is_stopped);
  tcase_add_test(broken, a_variant_that_does_not_load_says_which);
  tcase_add_test(broken, the_worker_s_own_fault_is_ours);
  tcase_add_test(broken, a_worker_that_does_not_work_is_no_fixture_s_fault);
  tcase_add_test(broken, a_choice_with_a_problem_is_told);
  tcase_add_test(broken, freeing_a_runner_that_loads_leaves_nothing);
  tcase_add_test(broken, fifty_thousand_requests_of_many_fixtures_are_quickly_refused);
  suite_add_tcase(suite, broken);
  SRunner *checks = srunner_create(suite);
  srunner_run_all(checks, CK_ENV);
  int failed = srunner_ntests_failed(checks);
  srunner_free(checks);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
