/* The key of a result: what is in it, in which part, and what is not. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/interpreter.h"
#include "run/key.h"

static const guint8 python[RESULT_DIGEST] = {1, 2, 3};
static Snippet *snippet, *earlier;
static Fixture *fixture;
static FixtureChoice *choice;
static RunnerOptions options;
static RunRequest request;

static void setup(void) {
  snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "x = 1\nx\n", 10);
  earlier = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "import os\n", 3);
  fixture = fixture_new("shelf", "/b/fixtures/shelf.py", "fixtures/shelf.py");
  fixture->digest = g_strdup("abcd");
  choice = fixture_choice_new(fixture, NULL);
  options = runner_options();
  request = (RunRequest){.snippet = snippet, .hold_back = TRUE, .line_buffered = TRUE};
}

static void teardown(void) {
  snippet_free(snippet);
  snippet_free(earlier);
  fixture_choice_free(choice);
  fixture_free(fixture);
}

static ResultKey key(void) {
  ResultKey made;
  ck_assert(run_key(&request, &options, python, &made));
  return made;
}

/* That these two differ in this part, and in no other. */
static void assert_differ(const ResultKey *one, const ResultKey *other, ResultPart part) {
  ck_assert_mem_ne(one->whole, other->whole, RESULT_DIGEST);
  for (guint i = 0; i < RESULT_PARTS; i++)
    ck_assert_msg((memcmp(one->parts[i], other->parts[i], RESULT_DIGEST) != 0) == (i == part), "%s",
                  result_part_name(i));
}

START_TEST(the_same_is_the_same) {
  ResultKey one = key(), other = key();
  ck_assert_mem_eq(&one, &other, sizeof one);
  ck_assert_mem_eq(one.parts[RESULT_PYTHON], python, RESULT_DIGEST);
  static const guint8 none[RESULT_DIGEST];
  ck_assert_mem_eq(one.parts[RESULT_EARLIER], none, RESULT_DIGEST);
  ck_assert_mem_eq(one.parts[RESULT_LOOKS], none, RESULT_DIGEST);
  ck_assert_mem_eq(one.parts[RESULT_FIXTURE], none, RESULT_DIGEST);
}
END_TEST

START_TEST(the_code_counts) {
  ResultKey one = key();
  snippet->source[4] = '2';
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_SNIPPET);
  request.hold_back = FALSE;
  ResultKey third = key();
  assert_differ(&other, &third, RESULT_SNIPPET);
}
END_TEST

START_TEST(where_it_stands_does_not_count) {
  ResultKey one = key();
  snippet->first_line += 100;
  snippet->last_line += 100;
  snippet->id = g_strdup("other/1");
  g_ptr_array_add(snippet->prose, prose_new(90, "It is so."));
  g_ptr_array_add(snippet->unclaimed, unclaimed_new(1, "a remark", "prose"));
  ResultKey other = key();
  ck_assert_mem_eq(&one, &other, sizeof one);
}
END_TEST

START_TEST(earlier_blocks_count) {
  const Snippet *prelude[] = {earlier, earlier};
  ResultKey one = key();
  request.prelude = prelude;
  request.prelude_count = 1;
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_EARLIER);
  request.prelude_count = 2;
  ResultKey third = key();
  assert_differ(&other, &third, RESULT_EARLIER);
}
END_TEST

START_TEST(what_is_looked_at_counts) {
  static const gchar *const after[] = {"x == 1", NULL};
  ResultKey one = key();
  request.after = after;
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_LOOKS);
  Claim *claim = claim_new(CLAIM_LITERAL, CLAIM_OF_LINE, 2, "1", "1");
  claim->first_line = claim->last_line = 2;
  claim->is_value = TRUE;
  g_ptr_array_add(snippet->claims, claim);
  ResultKey third = key();
  assert_differ(&other, &third, RESULT_LOOKS);
  g_free(claim->expected);
  claim->expected = g_strdup("2"); /* that is only compared */
  ResultKey fourth = key();
  ck_assert_mem_eq(&third, &fourth, sizeof third);
}
END_TEST

START_TEST(a_fixture_counts_with_all_its_files) {
  ResultKey one = key();
  request.fixture = choice;
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_FIXTURE);
  fixture->digest[0] = 'b';
  ResultKey third = key();
  assert_differ(&other, &third, RESULT_FIXTURE);
  request.variant = "text";
  ResultKey fourth = key();
  assert_differ(&third, &fourth, RESULT_FIXTURE);
  g_setenv("PROCTOR_DATABASE_URL", "mysql://nobody@127.0.0.1/x", TRUE);
  ResultKey fifth = key();
  assert_differ(&fourth, &fifth, RESULT_FIXTURE);
  g_unsetenv("PROCTOR_DATABASE_URL");
  g_free(fixture->path);
  fixture->path = g_strdup("/elsewhere/shelf.py");
  ResultKey sixth = key();
  ck_assert_mem_eq(&fourth, &sixth, sizeof fourth);
}
END_TEST

START_TEST(with_a_fixture_the_text_beside_it_counts) {
  request.fixture = choice;
  ResultKey one = key();
  g_ptr_array_add(snippet->prose, prose_new(90, "It is so."));
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_LOOKS);
  ((Prose *)g_ptr_array_index(snippet->prose, 0))->line = 5;
  ResultKey third = key();
  ck_assert_mem_eq(&other, &third, sizeof other);
}
END_TEST

START_TEST(limits_count_as_they_are_in_the_end) {
  ResultKey one = key();
  snippet->settings = settings_new();
  ResultKey same = key();
  ck_assert_mem_eq(&one, &same, sizeof one);
  snippet->settings->wall_ms = 5000;
  ResultKey other = key();
  assert_differ(&one, &other, RESULT_LIMITS);
  options.outranks_settings = TRUE;
  ResultKey third = key();
  ck_assert_mem_eq(&one, &third, sizeof one);
  options.lanes = 7;
  ResultKey fourth = key();
  ck_assert_mem_eq(&one, &fourth, sizeof one);
  options.output_bytes++;
  ResultKey fifth = key();
  assert_differ(&one, &fifth, RESULT_LIMITS);
}
END_TEST

START_TEST(some_results_are_not_for_others) {
  ResultKey made;
  request.fixture = choice;
  g_clear_pointer(&fixture->digest, g_free);
  ck_assert(!run_key(&request, &options, python, &made));
  fixture->digest = g_strdup("abcd");
  fixture->problem = g_strdup("no list");
  ck_assert(!run_key(&request, &options, python, &made));
  request.fixture = NULL;
  request.is_merged = TRUE;
  ck_assert(!run_key(&request, &options, python, &made));
  g_autoptr(Transcript) transcript = transcript_new();
  for (OutcomeKind outcome = OUTCOME_FINISHED; outcome <= OUTCOME_FAILED; outcome++) {
    transcript->outcome = outcome;
    ck_assert_int_eq(run_is_lasting(transcript), outcome != OUTCOME_FAILED &&
                                                     outcome != OUTCOME_UNREADY &&
                                                     outcome != OUTCOME_SKIPPED);
  }
}
END_TEST

/* --- which Python ------------------------------------------------------ */

START_TEST(a_worker_says_which_python_it_is) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Interpreter) one = interpreter_ask(TEST_WORKER, &error);
  ck_assert_msg(one != NULL, "%s", error != NULL ? error->message : "");
  ck_assert(g_str_has_prefix(one->version, "3."));
  g_autoptr(Interpreter) other = interpreter_recall(one->text);
  ck_assert_ptr_nonnull(other);
  ck_assert_mem_eq(one->digest, other->digest, RESULT_DIGEST);
  ck_assert_str_eq(one->version, other->version);
  g_autofree gchar *name = interpreter_name(TEST_WORKER);
  ck_assert_ptr_nonnull(strstr(name, TEST_WORKER));
}
END_TEST

START_TEST(what_is_installed_counts) {
  g_autoptr(Interpreter) one = interpreter_ask(TEST_WORKER, NULL);
  g_autofree gchar *folder = g_dir_make_tmp("proctor-key-XXXXXX", NULL);
  g_autofree gchar *package = g_build_filename(folder, "thing-1.0.dist-info", NULL);
  g_autofree gchar *startup = g_build_filename(folder, "more.pth", NULL);
  /* As if it had said one more folder. */
  g_autofree gchar *text = g_strdup_printf("path %s\n%s", folder, one->text);
  g_autoptr(Interpreter) empty = interpreter_recall(text);
  ck_assert_ptr_nonnull(empty);
  ck_assert(g_file_set_contents(package, "", 0, NULL));
  g_autoptr(Interpreter) filled = interpreter_recall(text);
  ck_assert_ptr_nonnull(filled);
  ck_assert_mem_ne(empty->digest, filled->digest, RESULT_DIGEST);
  /* That may bring further folders: it must be asked again. */
  ck_assert(g_file_set_contents(startup, "/somewhere\n", -1, NULL));
  ck_assert_ptr_null(interpreter_recall(text));
  remove(package);
  remove(startup);
  remove(folder);
}
END_TEST

START_TEST(a_text_that_cannot_be_trusted_is_none) {
  static const gchar *const texts[] = {NULL, "", "version 3.11.2\n",
                                       "version 3.11.2\nlibpython /nowhere\nworker 1\ntrust 1\n"};
  ck_assert_ptr_null(interpreter_recall(texts[_i]));
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(interpreter_ask(_i % 2 == 0 ? "/bin/true" : "/nowhere", &error));
  ck_assert(g_error_matches(error, RUN_ERROR, RUN_ERROR_START));
  ck_assert_ptr_null(interpreter_name("/nowhere"));
}
END_TEST

static gboolean is_trusted_after(const Transcript *transcript, gboolean is_timed, gint64 hours) {
  return run_is_trusted(transcript, is_timed, transcript->kept_us + hours * G_TIME_SPAN_HOUR);
}

START_TEST(what_time_decides_is_trusted_for_a_day) {
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->kept_us = 40 * 365 * G_TIME_SPAN_DAY;
  ck_assert(is_trusted_after(transcript, FALSE, 10000));
  ck_assert(is_trusted_after(transcript, TRUE, 23));
  ck_assert(!is_trusted_after(transcript, TRUE, 25));
  ck_assert(!is_trusted_after(transcript, TRUE, -25)); /* the clock was set */
  transcript->outcome = OUTCOME_STOPPED;
  static const LimitKind of_time[] = {LIMIT_WALL, LIMIT_CPU},
                         others[] = {LIMIT_OUTPUT, LIMIT_MEMORY};
  for (guint i = 0; i < 2; i++) {
    transcript->limit = of_time[i];
    ck_assert(is_trusted_after(transcript, FALSE, 23));
    ck_assert(!is_trusted_after(transcript, FALSE, 25));
    transcript->limit = others[i];
    ck_assert(is_trusted_after(transcript, FALSE, 25));
  }
  transcript->outcome = OUTCOME_FINISHED;
  ck_assert(is_trusted_after(transcript, FALSE, 25));
  Probed *probed = g_new0(Probed, 1);
  probed->end = PROBE_STOPPED;
  g_ptr_array_add(transcript->probed, probed);
  ck_assert(!is_trusted_after(transcript, FALSE, 25));
  ck_assert(is_trusted_after(transcript, FALSE, 23));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("key");
  TCase *tests = tcase_create("key");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, the_same_is_the_same);
  tcase_add_test(tests, the_code_counts);
  tcase_add_test(tests, where_it_stands_does_not_count);
  tcase_add_test(tests, earlier_blocks_count);
  tcase_add_test(tests, what_is_looked_at_counts);
  tcase_add_test(tests, a_fixture_counts_with_all_its_files);
  tcase_add_test(tests, with_a_fixture_the_text_beside_it_counts);
  tcase_add_test(tests, limits_count_as_they_are_in_the_end);
  tcase_add_test(tests, some_results_are_not_for_others);
  tcase_add_test(tests, a_worker_says_which_python_it_is);
  tcase_add_test(tests, what_is_installed_counts);
  tcase_add_loop_test(tests, a_text_that_cannot_be_trusted_is_none, 0, 4);
  tcase_add_test(tests, what_time_decides_is_trusted_for_a_day);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
