/* The nouns: what their constructors fill in and their helpers say. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

START_TEST(a_snippet_has_gits_blob_id) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "print(1)", 10);
  /* git hash-object of the eight bytes and a newline. */
  ck_assert_str_eq(snippet->content_id, "b917a726c93f902e43291d9009d6488385133b67");
  ck_assert_str_eq(snippet->source, "print(1)\n");
}
END_TEST

START_TEST(a_snippet_maps_its_lines_to_the_document) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "a = 1\n\nb = 2\n", 40);
  ck_assert_uint_eq(snippet->first_line, 40);
  ck_assert_uint_eq(snippet->last_line, 42);
  ck_assert_uint_eq(snippet_document_line(snippet, 3), 42);
  g_autofree gchar *third = snippet_line_text(snippet, 3);
  ck_assert_str_eq(third, "b = 2");
  g_autofree gchar *second = snippet_line_text(snippet, 2);
  ck_assert_str_eq(second, "");
  ck_assert_ptr_null(snippet_line_text(snippet, 4));
  ck_assert_ptr_null(snippet_line_text(snippet, 0));
}
END_TEST

static void raise_in(Transcript *transcript, const gchar *type, gboolean passed) {
  Raised *raised = g_new0(Raised, 1);
  raised->type = g_strdup(type);
  raised->passed = passed;
  g_ptr_array_add(transcript->raised, raised);
}

START_TEST(the_final_exception_is_the_one_that_ended_the_run) {
  g_autoptr(Transcript) transcript = transcript_new();
  raise_in(transcript, "KeyError", FALSE);
  raise_in(transcript, "TypeError", TRUE);
  ck_assert_ptr_null(transcript_final_exception(transcript));
  transcript->outcome = OUTCOME_RAISED;
  ck_assert_str_eq(transcript_final_exception(transcript)->type, "KeyError");
  g_autofree gchar *text = transcript_outcome_text(transcript);
  ck_assert_str_eq(text, "raises KeyError");
}
END_TEST

START_TEST(an_outcome_is_said_in_words) {
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_SIGNALLED;
  transcript->signal = SIGSEGV;
  g_autofree gchar *killed = transcript_outcome_text(transcript);
  ck_assert_str_eq(killed, "killed by SIGSEGV");
  transcript->outcome = OUTCOME_STOPPED;
  transcript->limit = LIMIT_WALL;
  transcript->is_ending = TRUE;
  transcript->wall_limit_ms = 10000;
  g_autofree gchar *stopped = transcript_outcome_text(transcript);
  ck_assert_str_eq(stopped, "stopped: ran longer than 10 s, after its last statement");
  transcript->outcome = OUTCOME_STUCK;
  transcript->is_ending = FALSE;
  g_autofree gchar *stuck = transcript_outcome_text(transcript);
  ck_assert_str_eq(stuck, "never ends: all its threads wait");
}
END_TEST

START_TEST(a_ledger_adds_up) {
  Ledger ledger = {0};
  g_autoptr(Claim) claim = claim_new(CLAIM_LITERAL, CLAIM_OF_LINE, 1, "3", "3");
  g_autoptr(Verdict) verified = verdict_new(VERDICT_VERIFIED);
  verdict_add_result(verified, claim, CLAIM_HOLDS, "3", NULL);
  verdict_add_result(verified, claim, CLAIM_NOT_CHECKABLE, NULL, "hedged");
  g_autoptr(Verdict) wrong = verdict_new(VERDICT_FALSE);
  verdict_add_result(wrong, claim, CLAIM_CONTRADICTED, "4", NULL);
  ledger_add(&ledger, verified);
  ledger_add(&ledger, wrong);
  ck_assert_uint_eq(ledger.blocks, 2);
  ck_assert_uint_eq(ledger.classes[VERDICT_VERIFIED], 1);
  ck_assert_uint_eq(ledger.classes[VERDICT_FALSE], 1);
  ck_assert_uint_eq(ledger.held, 1);
  ck_assert_uint_eq(ledger.contradicted, 1);
  ck_assert_uint_eq(ledger.unchecked, 1);
}
END_TEST

START_TEST(every_class_has_a_name_and_four_fail) {
  guint failing = 0;
  for (int class = 0; class < VERDICT_CLASSES; class ++) {
    ck_assert_ptr_nonnull(verdict_class_name((VerdictClass) class));
    failing += verdict_class_fails((VerdictClass) class);
  }
  ck_assert_uint_eq(failing, 4);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("model");
  TCase *tests = tcase_create("nouns");
  tcase_add_test(tests, a_snippet_has_gits_blob_id);
  tcase_add_test(tests, a_snippet_maps_its_lines_to_the_document);
  tcase_add_test(tests, the_final_exception_is_the_one_that_ended_the_run);
  tcase_add_test(tests, an_outcome_is_said_in_words);
  tcase_add_test(tests, a_ledger_adds_up);
  tcase_add_test(tests, every_class_has_a_name_and_four_fail);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
