/* The parts of the commands that need no process. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "cli/check.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/run.h"
#include "cli/tries.h"

static const struct {
  const gchar *text;
  gboolean is_valid;
  guint milliseconds;
} times[] = {
    {"10", TRUE, 10000},      {"0.5", TRUE, 500},        {".25", TRUE, 250}, {"1e1", TRUE, 10000},
    {"0.001", TRUE, 1},       {"86400", TRUE, 86400000}, {"0", FALSE, 0},    {"-1", FALSE, 0},
    {"", FALSE, 0},           {"ten", FALSE, 0},         {"5s", FALSE, 0},   {"nan", FALSE, 0},
    {"inf", FALSE, 0},        {"1e99", FALSE, 0},        {" 5", FALSE, 0},   {"86401", FALSE, 0},
    {"0.00000001", FALSE, 0},
};

START_TEST(a_timeout_is_seconds) {
  guint milliseconds = 0;
  ck_assert_int_eq(seconds_parse(times[_i].text, &milliseconds), times[_i].is_valid);
  ck_assert_uint_eq(milliseconds, times[_i].milliseconds);
}
END_TEST

static const struct {
  VerdictClass class;
  gboolean is_incomplete;
  int lax;
  int strict;
} codes[] = {
    {VERDICT_VERIFIED, FALSE, CLI_OK, CLI_OK},
    {VERDICT_SKIPPED, FALSE, CLI_OK, CLI_OK},
    {VERDICT_RAN, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_FALSE, FALSE, CLI_WRONG, CLI_WRONG},
    {VERDICT_CHANGED, FALSE, CLI_WRONG, CLI_WRONG},
    {VERDICT_HUNG, FALSE, CLI_WRONG, CLI_WRONG},
    {VERDICT_CRASHED, FALSE, CLI_WRONG, CLI_WRONG},
    {VERDICT_RAISED, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_LIMIT, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_FRAGMENT, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_NEEDS, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_UNPARSABLE, FALSE, CLI_OK, CLI_WRONG},
    {VERDICT_INFRA, FALSE, CLI_FAILED, CLI_FAILED},
    {VERDICT_FALSE, TRUE, CLI_FAILED, CLI_FAILED},
    {VERDICT_VERIFIED, TRUE, CLI_FAILED, CLI_FAILED},
};

START_TEST(each_class_has_its_exit_code) {
  Ledger ledger = {.blocks = 2};
  ledger.classes[VERDICT_VERIFIED] = 1;
  ledger.classes[codes[_i].class]++;
  ck_assert_int_eq(check_exit_code(&ledger, codes[_i].is_incomplete, FALSE), codes[_i].lax);
  ck_assert_int_eq(check_exit_code(&ledger, codes[_i].is_incomplete, TRUE), codes[_i].strict);
}
END_TEST

START_TEST(our_failure_wins_over_what_is_false) {
  Ledger ledger = {.blocks = 2};
  ledger.classes[VERDICT_FALSE] = 1;
  ledger.classes[VERDICT_INFRA] = 1;
  ck_assert_int_eq(check_exit_code(&ledger, FALSE, FALSE), CLI_FAILED);
}
END_TEST

START_TEST(nothing_found_is_no_success) {
  Ledger ledger = {0};
  ck_assert_int_eq(check_exit_code(&ledger, FALSE, FALSE), CLI_NOTHING);
  ck_assert_int_eq(check_exit_code(&ledger, TRUE, FALSE), CLI_FAILED);
}
END_TEST

START_TEST(a_file_is_told_from_an_id) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_autofree gchar *script = g_build_filename(folder, "script", NULL);
  g_autofree gchar *notes = g_build_filename(folder, "notes.md", NULL);
  ck_assert(g_file_set_contents(script, "pass\n", -1, NULL));
  ck_assert(g_file_set_contents(notes, "text\n", -1, NULL));
  ck_assert(run_names_file("-"));
  ck_assert(run_names_file("missing.py"));
  ck_assert(run_names_file(script));
  ck_assert(!run_names_file(notes));
  ck_assert(!run_names_file(folder));
  ck_assert(!run_names_file("bank/section/1.1"));
  ck_assert(!run_names_file("notes.md:12"));
  g_unlink(script);
  g_unlink(notes);
  g_rmdir(folder);
}
END_TEST

static void make_worker(const gchar *folder, const gchar *version, gint mode) {
  g_autofree gchar *path = g_strdup_printf("%s/proctor-worker-%s", folder, version);
  ck_assert(g_file_set_contents(path, "", -1, NULL));
  g_chmod(path, mode);
}

static void remove_worker(const gchar *folder, const gchar *version) {
  g_autofree gchar *path = g_strdup_printf("%s/proctor-worker-%s", folder, version);
  g_unlink(path);
}

START_TEST(workers_are_found_by_their_version) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_setenv("PROCTOR_WORKER_DIR", folder, TRUE);
  ck_assert_ptr_null(worker_find("3.10", &error));
  ck_assert(g_error_matches(error, RUN_ERROR, RUN_ERROR_NO_WORKER));
  ck_assert_ptr_nonnull(strstr(error->message, folder));
  g_clear_error(&error);

  make_worker(folder, "3.10", 0755);
  make_worker(folder, "3.9", 0755);
  g_autofree gchar *found = worker_find("3.10", &error);
  g_autofree gchar *expected = g_strdup_printf("%s/proctor-worker-3.10", folder);
  ck_assert_str_eq(found, expected);
  ck_assert_ptr_null(worker_find("3.8", &error));
  ck_assert_ptr_nonnull(strstr(error->message, "there are 3.9, 3.10"));
  g_clear_error(&error);
  ck_assert_ptr_null(worker_find("3.10/../proctor-worker-3.9", NULL));

  remove_worker(folder, "3.10");
  remove_worker(folder, "3.9");
  g_rmdir(folder);
}
END_TEST

START_TEST(a_worker_says_its_version) {
  ck_assert_str_eq(worker_version("/a/proctor-worker-3.9/b/proctor-worker-3.11"), "3.11");
  ck_assert_ptr_null(worker_version("/a/python3"));
}
END_TEST

/* --- tries --------------------------------------------------------------------------- */

/* How attempts end, by their letters: held, unready, raised, finished; and what was run: the
 * number of earlier blocks, with "a" or "b" for the variant of the fixture or "-" for no
 * fixture, and "!" for one that is not held back. */
static const struct {
  const gchar *fixture; /* its variants; "" for none; NULL: no fixture */
  gboolean is_late;
  const gchar *ends;
  const gchar *runs;
} tries_of[] = {
    {NULL, FALSE, "f", "0-"},
    {NULL, FALSE, "r", "0-"},
    {NULL, FALSE, "hhhf", "0- 1- 2- 0-!"},
    {"", FALSE, "f", "0+"},
    {"", FALSE, "hhhr", "0+ 1+ 2+ 0+!"},
    {"a b", FALSE, "f", "0a"},
    {"a b", FALSE, "rf", "0a 0b"},
    {"a b", FALSE, "hrf", "0a 1a 1b"},
    /* all raise: the first one is the run */
    {"a b", FALSE, "rrr", "0a 0b 0a"},
    /* it may do without, and if not, that it is not ready is the run */
    {"a b", FALSE, "uf", "0a 0-"},
    {"a b", FALSE, "uhhhu", "0a 0- 1- 2- 0a"},
    {"a b", TRUE, "f", "0-"},
    {"a b", TRUE, "hhhf", "0- 1- 2- 0a"},
    {"a b", TRUE, "hhhrf", "0- 1- 2- 0a 0b"},
    {"a b", TRUE, "hhhu", "0- 1- 2- 0a"},
};

static Snippet *add_block(Document *document, const Question *question) {
  Snippet *snippet = snippet_new(document, question, SNIPPET_SCRIPT, "pass", 1);
  g_ptr_array_add(document->snippets, snippet);
  return snippet;
}

static OutcomeKind end_of(gchar letter) {
  return letter == 'h'   ? OUTCOME_HELD
         : letter == 'u' ? OUTCOME_UNREADY
         : letter == 'r' ? OUTCOME_RAISED
                         : OUTCOME_FINISHED;
}

static Fixture *make_fixture(const gchar *variants) {
  Fixture *fixture = fixture_new("lib", "lib.py", "lib.py");
  g_auto(GStrv) words = g_strsplit(variants, " ", -1);
  for (gchar **word = words; *variants != '\0' && *word != NULL; word++)
    fixture_add_variant(fixture, *word, "");
  return fixture;
}

static gchar *runs_of(const Snippet *subject, const gchar *ends) {
  g_auto(Tries) tries = tries_new(subject);
  GString *runs = g_string_new(NULL);
  for (;; ends++) {
    RunRequest request = {0};
    tries_fill(&tries, &request);
    ck_assert_ptr_eq(request.snippet, subject);
    g_string_append_printf(runs, "%s%u%s%s", runs->len > 0 ? " " : "", request.prelude_count,
                           request.variant != NULL   ? request.variant
                           : request.fixture != NULL ? "+"
                                                     : "-",
                           request.hold_back ? "" : "!");
    ck_assert(*ends != '\0');
    gboolean is_over = !tries_next(&tries, end_of(*ends));
    ck_assert_int_eq(is_over, ends[1] == '\0');
    if (is_over)
      return g_string_free(runs, FALSE);
  }
}

START_TEST(a_block_is_tried_until_it_runs) {
  g_autoptr(Document) document = document_new("notes.md", "notes");
  Question *question = question_new(NULL, "A question", NULL, 1);
  g_ptr_array_add(document->questions, question);
  add_block(document, NULL);
  add_block(document, question);
  Snippet *subject = add_block(document, question);
  g_autoptr(Fixture) fixture = NULL;
  if (tries_of[_i].fixture != NULL) {
    fixture = make_fixture(tries_of[_i].fixture);
    subject->choice = fixture_choice_new(fixture, NULL);
    subject->choice->is_late = tries_of[_i].is_late;
  }
  g_autofree gchar *runs = runs_of(subject, tries_of[_i].ends);
  ck_assert_str_eq(runs, tries_of[_i].runs);
}
END_TEST

START_TEST(a_variant_that_is_configured_is_the_only_try) {
  g_autoptr(Document) document = document_new("notes.md", "notes");
  g_autoptr(Fixture) fixture = make_fixture("a b");
  Snippet *subject = add_block(document, NULL);
  subject->choice = fixture_choice_new(fixture, NULL);
  subject->choice->variant = g_strdup("b");
  g_autofree gchar *runs = runs_of(subject, "r");
  ck_assert_str_eq(runs, "0b");
}
END_TEST

START_TEST(a_block_that_goes_on_borrows_a_fixture) {
  g_autoptr(Document) document = document_new("notes.md", "notes");
  g_autoptr(Fixture) fixture = make_fixture("a b");
  Snippet *lender = add_block(document, NULL);
  Snippet *subject = add_block(document, NULL);
  lender->choice = fixture_choice_new(fixture, NULL);
  g_autofree gchar *runs = runs_of(subject, "hrf");
  ck_assert_str_eq(runs, "0- 1a 1b");
  g_autofree gchar *without = runs_of(subject, "huhf");
  ck_assert_str_eq(without, "0- 1a 0- 1-");
}
END_TEST

START_TEST(only_one_that_is_sure_is_shown_as_it_comes) {
  g_autoptr(Document) document = document_new("notes.md", "notes");
  g_autoptr(Fixture) fixture = make_fixture("a b");
  Snippet *subject = add_block(document, NULL);
  RunRequest request = {0};
  g_auto(Tries) plain = tries_new(subject);
  tries_fill(&plain, &request);
  ck_assert(tries_shows(&plain));
  subject->choice = fixture_choice_new(fixture, NULL);
  g_auto(Tries) tries = tries_new(subject);
  tries_fill(&tries, &request);
  ck_assert(!tries_shows(&tries));
  ck_assert(tries_next(&tries, OUTCOME_RAISED));
  ck_assert(tries_next(&tries, OUTCOME_RAISED));
  tries_fill(&tries, &request);
  ck_assert(tries_shows(&tries));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cli");
  TCase *tests = tcase_create("cli");
  tcase_add_loop_test(tests, a_timeout_is_seconds, 0, G_N_ELEMENTS(times));
  tcase_add_loop_test(tests, each_class_has_its_exit_code, 0, G_N_ELEMENTS(codes));
  tcase_add_test(tests, our_failure_wins_over_what_is_false);
  tcase_add_test(tests, nothing_found_is_no_success);
  tcase_add_test(tests, a_file_is_told_from_an_id);
  tcase_add_test(tests, workers_are_found_by_their_version);
  tcase_add_test(tests, a_worker_says_its_version);
  tcase_add_loop_test(tests, a_block_is_tried_until_it_runs, 0, G_N_ELEMENTS(tries_of));
  tcase_add_test(tests, a_variant_that_is_configured_is_the_only_try);
  tcase_add_test(tests, a_block_that_goes_on_borrows_a_fixture);
  tcase_add_test(tests, only_one_that_is_sure_is_shown_as_it_comes);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
