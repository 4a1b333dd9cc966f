/* What a fixture says of a run, as claims of the verdict. */
#include <stdlib.h>

#include "transcripts.h"

#define SOURCE "books = all()\nfor book in books:  # one query\n    print(book)\n"

static const struct {
  CheckedKind kind;
  CheckedEnd end;
  ClaimState state;
  ClaimRule rule;
  VerdictClass class;
} ends[] = {
    {CHECKED_REMARK, CHECKED_HOLDS, CLAIM_HOLDS, CLAIM_FIELD, VERDICT_VERIFIED},
    {CHECKED_REMARK, CHECKED_CONTRADICTED, CLAIM_CONTRADICTED, CLAIM_FIELD, VERDICT_FALSE},
    {CHECKED_REMARK, CHECKED_UNCLEAR, CLAIM_NOT_CHECKABLE, CLAIM_FIELD, VERDICT_RAN},
    {CHECKED_PROSE, CHECKED_HOLDS, CLAIM_HOLDS, CLAIM_FIELD, VERDICT_VERIFIED},
    {CHECKED_PROSE, CHECKED_CONTRADICTED, CLAIM_CONTRADICTED, CLAIM_FIELD, VERDICT_FALSE},
    {CHECKED_PROSE, CHECKED_UNCLEAR, CLAIM_NOT_CHECKABLE, CLAIM_FIELD, VERDICT_RAN},
    {CHECKED_AFTER, CHECKED_HOLDS, CLAIM_HOLDS, CLAIM_PROMISE, VERDICT_VERIFIED},
    {CHECKED_AFTER, CHECKED_CONTRADICTED, CLAIM_CONTRADICTED, CLAIM_PROMISE, VERDICT_FALSE},
    {CHECKED_AFTER, CHECKED_UNCLEAR, CLAIM_NOT_CHECKABLE, CLAIM_PROMISE, VERDICT_RAN},
};

START_TEST(a_check_is_a_claim_of_the_verdict) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_ptr_array_add(snippet->prose, prose_new(20, "Queries:"));
  g_ptr_array_add(snippet->prose, prose_new(30, "one query\nis enough"));
  g_autoptr(Transcript) transcript = transcript_new();
  add_checked(transcript, ends[_i].kind, ends[_i].end, 2, "one query", "there were 4");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  const ClaimResult *result = result_at(verdict, 0);
  gboolean is_prose = ends[_i].kind == CHECKED_PROSE;
  ck_assert_int_eq(result->state, ends[_i].state);
  ck_assert_int_eq(result->claim->rule, ends[_i].rule);
  ck_assert_int_eq(result->claim->target, CLAIM_OF_FIELD);
  ck_assert_str_eq(result->claim->text, "one query");
  ck_assert_str_eq(result->claim->expected, "one query");
  ck_assert_str_eq(result->claim->word, "a_word");
  ck_assert_uint_eq(result->claim->line, is_prose ? 0 : 2);
  ck_assert_uint_eq(result->claim->prose_line, is_prose ? 30 : 0);
  ck_assert_uint_eq(result->claim->first_line, ends[_i].kind == CHECKED_REMARK ? 2 : 0);
  ck_assert_str_eq(result->actual, "there were 4");
  ck_assert_int_eq(result->note != NULL, ends[_i].state == CLAIM_NOT_CHECKABLE);
  ck_assert_uint_eq(verdict->results->len, 1);
  ck_assert_int_eq(verdict->class, ends[_i].class);
}
END_TEST

START_TEST(checks_follow_the_claims_of_the_snippet) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  Claim *own = add_claim(snippet, CLAIM_LITERAL, 3, "1");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 3, "1");
  add_checked(transcript, CHECKED_AFTER, CHECKED_HOLDS, 0, "nothing is left", NULL);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_ptr_eq(result_at(verdict, 0)->claim, own);
  ck_assert_uint_eq(result_at(verdict, 1)->claim->line, 1);
  ck_assert_uint_eq(result_at(verdict, 1)->claim->first_line, 0);
}
END_TEST

START_TEST(the_same_is_said_once) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_checked(transcript, CHECKED_REMARK, CHECKED_HOLDS, 2, "one query", NULL);
  add_checked(transcript, CHECKED_REMARK, CHECKED_HOLDS, 2, "one query", NULL);
  Checked *other = add_checked(transcript, CHECKED_REMARK, CHECKED_HOLDS, 2, "one query", NULL);
  g_free(other->rule);
  other->rule = g_strdup("another_word");
  add_checked(transcript, CHECKED_AFTER, CHECKED_HOLDS, 0, "a table", NULL);
  add_checked(transcript, CHECKED_AFTER, CHECKED_HOLDS, 0, "its columns", NULL);
  add_checked(transcript, CHECKED_FINAL, CHECKED_HOLDS, 1, "x == 1", NULL);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_uint_eq(verdict->results->len, 4);
}
END_TEST

START_TEST(a_paragraph_that_a_word_says_nothing_of_is_no_claim) {
  static const gchar *const notes[] = {NULL, "library.py:3: ValueError"};
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_checked(transcript, CHECKED_PROSE, CHECKED_UNCLEAR, 7, "queries", NULL)->note =
      g_strdup(notes[_i]);
  add_checked(transcript, CHECKED_REMARK, CHECKED_UNCLEAR, 2, "queries", NULL);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_uint_eq(verdict->results->len, _i + 1);
}
END_TEST

/* --- what must not be accused -------------------------------------------------- */

static void expect_pardon(const Snippet *snippet, const Transcript *transcript, const gchar *note) {
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  const ClaimResult *result = result_at(verdict, verdict->results->len - 1);
  ck_assert_int_eq(result->state, CLAIM_NOT_CHECKABLE);
  ck_assert_str_eq(result->note, note);
  ck_assert_int_ne(verdict->class, VERDICT_FALSE);
}

START_TEST(a_statement_that_was_not_reached_proves_nothing) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "ValueError", NULL, "no", FALSE);
  add_checked(transcript, CHECKED_REMARK, CHECKED_CONTRADICTED, 2, "one query", "there was none");
  expect_pardon(snippet, transcript, "its line was never reached");
}
END_TEST

START_TEST(a_statement_that_raised_proves_nothing) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 2, "ValueError", NULL, "no", FALSE);
  add_checked(transcript, CHECKED_REMARK, CHECKED_CONTRADICTED, 2, "one query", "there was none");
  expect_pardon(snippet, transcript, "its line raised an exception");
}
END_TEST

START_TEST(a_run_that_was_cut_short_proves_nothing_of_its_whole) {
  static const CheckedKind kinds[] = {CHECKED_PROSE, CHECKED_AFTER};
  static const OutcomeKind outcomes[] = {OUTCOME_RAISED, OUTCOME_STOPPED, OUTCOME_SIGNALLED,
                                         OUTCOME_EXITED};
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 3, "ValueError", NULL, "no", FALSE);
  transcript->outcome = outcomes[_i % 4];
  add_checked(transcript, kinds[_i / 4], CHECKED_CONTRADICTED, 2, "one query", "there were 2");
  expect_pardon(snippet, transcript, "the run did not reach its end");
}
END_TEST

START_TEST(an_exception_that_is_claimed_cuts_nothing_short) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  add_claim(snippet, CLAIM_EXCEPTION, 3, "ValueError");
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 3, "ValueError", NULL, "no", FALSE);
  add_checked(transcript, CHECKED_AFTER, CHECKED_CONTRADICTED, 0, "nothing is left", "2 are");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 1)->state, CLAIM_CONTRADICTED);
  ck_assert_int_eq(verdict->class, VERDICT_FALSE);
}
END_TEST

START_TEST(a_module_that_is_missing_proves_nothing) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "ImportError", NULL, "no", TRUE);
  add_checked(transcript, CHECKED_REMARK, CHECKED_CONTRADICTED, 2, "one query", "there were 2");
  expect_pardon(snippet, transcript, "a module that it needs is missing");
}
END_TEST

/* "3 queries" is no claim that 3 is printed. */
START_TEST(a_comment_that_words_read_is_read_by_them) {
  g_autoptr(Snippet) snippet = make_snippet("print(count())  # 3 (one query)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "4");
  g_autoptr(Verdict) without = judge_one(snippet, transcript);
  ck_assert_int_eq(without->class, VERDICT_FALSE);
  add_checked(transcript, CHECKED_REMARK, CHECKED_HOLDS, 1, "3 (one query)", NULL);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_int_eq(verdict->class, VERDICT_VERIFIED);
}
END_TEST

START_TEST(a_crash_stays_a_crash) {
  g_autoptr(Snippet) snippet = make_snippet(SOURCE);
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_SIGNALLED;
  transcript->signal = 11;
  add_checked(transcript, CHECKED_REMARK, CHECKED_HOLDS, 2, "one query", NULL);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_CRASHED);
}
END_TEST

START_TEST(a_fixture_that_is_not_ready_is_what_is_needed) {
  g_autoptr(Snippet) snippet = make_snippet("x = f()  # 3\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Fixture) fixture = fixture_new("library", "/f/library.py", "f/library.py");
  const gchar *const names[] = {"Book", NULL};
  g_autoptr(FixtureChoice) choice = fixture_choice_new(fixture, names);
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_UNREADY;
  transcript->failure = g_strdup("fixture library needs django");
  transcript->fixture = choice;
  transcript->variant = g_strdup("text");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_NEEDS);
  ck_assert_str_eq(verdict->reason, "fixture library needs django");
  ck_assert_str_eq(verdict->fixture, "fixture library (text) for Book");
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("checks");
  TCase *tests = tcase_create("checks");
  tcase_add_loop_test(tests, a_check_is_a_claim_of_the_verdict, 0, G_N_ELEMENTS(ends));
  tcase_add_test(tests, checks_follow_the_claims_of_the_snippet);
  tcase_add_test(tests, the_same_is_said_once);
  tcase_add_loop_test(tests, a_paragraph_that_a_word_says_nothing_of_is_no_claim, 0, 2);
  tcase_add_test(tests, a_statement_that_was_not_reached_proves_nothing);
  tcase_add_test(tests, a_statement_that_raised_proves_nothing);
  tcase_add_loop_test(tests, a_run_that_was_cut_short_proves_nothing_of_its_whole, 0, 8);
  tcase_add_test(tests, an_exception_that_is_claimed_cuts_nothing_short);
  tcase_add_test(tests, a_module_that_is_missing_proves_nothing);
  tcase_add_test(tests, a_comment_that_words_read_is_read_by_them);
  tcase_add_test(tests, a_crash_stays_a_crash);
  tcase_add_test(tests, a_fixture_that_is_not_ready_is_what_is_needed);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
