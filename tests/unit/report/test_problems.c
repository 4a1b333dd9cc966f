/* Verdicts in words. */
#include <check.h>
#include <stdlib.h>

#include "fixtures.h"
#include "report/problems.h"

static Document *document;
static Snippet *snippet;
static Transcript *transcript;

static void set_up(void) {
  document = document_new("notes.md", "notes");
  snippet = add_snippet(document, "a = [1]\n    print(a)  # [2]\nboom()\n", 40);
  transcript = transcript_new();
}

static void tear_down(void) {
  transcript_free(transcript);
  document_free(document);
}

static void expect(const Verdict *verdict, gboolean is_strict, guint index, guint line,
                   VerdictClass class, const gchar *sentence, const gchar *code) {
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, is_strict);
  ck_assert_uint_gt(problems->len, index);
  const ProblemLine *problem = g_ptr_array_index(problems, index);
  ck_assert_uint_eq(problem->line, line);
  ck_assert_int_eq(problem->class, class);
  ck_assert_str_eq(problem->sentence, sentence);
  ck_assert_pstr_eq(problem->code, code);
}

START_TEST(a_contradicted_claim_says_both_sides) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  verdict_add_result(verdict, add_claim(snippet, 2, " [2] ", "[2]"), CLAIM_CONTRADICTED, "[1]\n",
                     NULL);
  expect(verdict, FALSE, 0, 41, VERDICT_FALSE, "says '[2]', printed [1]", "print(a)  # [2]");
}
END_TEST

START_TEST(claims_that_hold_are_not_mentioned) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  verdict_add_result(verdict, add_claim(snippet, 1, "x", "x"), CLAIM_HOLDS, "x", NULL);
  verdict_add_result(verdict, add_claim(snippet, 2, "y", "y"), CLAIM_CONTRADICTED, NULL, NULL);
  verdict_add_result(verdict, add_claim(snippet, 3, "z", "z"), CLAIM_NOT_CHECKABLE, "q", "chance");
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, TRUE);
  ck_assert_uint_eq(problems->len, 1);
  expect(verdict, FALSE, 0, 41, VERDICT_FALSE, "says 'y', printed nothing", "print(a)  # [2]");
}
END_TEST

START_TEST(the_verb_follows_the_claim) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  Claim *claim = add_claim(snippet, 3, "TypeError", "TypeError");
  claim->target = CLAIM_OF_EXCEPTION;
  verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, "ValueError", NULL);
  expect(verdict, FALSE, 0, 42, VERDICT_FALSE, "says 'TypeError', raised ValueError", "boom()");
}
END_TEST

START_TEST(long_output_is_compared_at_its_first_difference) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  Claim *claim = claim_new(CLAIM_OUTPUT, CLAIM_OF_SNIPPET, 6, "one\ntwo\nthree", "one\ntwo\nthree");
  g_ptr_array_add(snippet->claims, claim);
  verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, "one\n2\nthree\n", NULL);
  expect(verdict, FALSE, 0, 45, VERDICT_FALSE, "line 2 of the output: says 'two', printed '2'",
         NULL);
}
END_TEST

START_TEST(output_that_ends_early_says_so) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  Claim *claim = claim_new(CLAIM_OUTPUT, CLAIM_OF_SNIPPET, 6, "one\ntwo", "one\ntwo");
  g_ptr_array_add(snippet->claims, claim);
  verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, "one\n", NULL);
  expect(verdict, FALSE, 0, 45, VERDICT_FALSE, "line 2 of the output: says 'two', printed no more",
         NULL);
}
END_TEST

START_TEST(an_exception_is_told_at_its_line) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_RAISED, "raises ValueError", NULL);
  raise_in(transcript, "ValueError", "bad \033[2J", 3);
  expect(verdict, FALSE, 0, 42, VERDICT_RAISED, "ValueError: bad \\x1b[2J", "boom()");
}
END_TEST

START_TEST(a_line_that_cannot_be_is_not_believed) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_RAISED, "raises ValueError", NULL);
  raise_in(transcript, "ValueError", "", 4000000000u);
  expect(verdict, FALSE, 0, 40, VERDICT_RAISED, "ValueError", NULL);
}
END_TEST

START_TEST(a_syntax_error_has_its_place_but_once) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_UNPARSABLE, "does not compile",
                                            "SyntaxError: invalid syntax (snippet.py, line 3)");
  raise_in(transcript, "SyntaxError", "invalid syntax (snippet.py, line 3)", 3);
  transcript->outcome = OUTCOME_UNPARSABLE;
  expect(verdict, FALSE, 0, 42, VERDICT_UNPARSABLE, "SyntaxError: invalid syntax", "boom()");
}
END_TEST

START_TEST(a_hang_is_told_where_it_waits) {
  g_autoptr(Verdict) verdict =
      verdict_with(VERDICT_HUNG, "never ends: waits for a lock that nobody will release", NULL);
  verdict->session = g_strdup("after 2 earlier blocks of its heading");
  transcript->outcome = OUTCOME_STOPPED;
  transcript->last_line = 3;
  expect(verdict, FALSE, 0, 42, VERDICT_HUNG,
         "never ends: waits for a lock that nobody will release "
         "(after 2 earlier blocks of its heading)",
         "boom()");
}
END_TEST

static void add_waiting(guint thread, guint line) {
  g_ptr_array_add(transcript->waits, waiting_new(thread, "a thread", line, "", "lock"));
}

START_TEST(a_deadlock_has_its_proof_where_the_main_thread_waits) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_HUNG, "deadlocks", "it waits for 'lock'");
  transcript->outcome = OUTCOME_STUCK;
  add_waiting(1, 1);
  add_waiting(0, 3);
  expect(verdict, FALSE, 0, 42, VERDICT_HUNG, "it waits for 'lock'", "boom()");
}
END_TEST

START_TEST(a_deadlock_in_shutdown_is_told_where_another_thread_waits) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_HUNG, "deadlocks", "it waits for 'lock'");
  transcript->outcome = OUTCOME_STUCK;
  add_waiting(0, 0);
  add_waiting(1, 3);
  expect(verdict, FALSE, 0, 42, VERDICT_HUNG, "it waits for 'lock'", "boom()");
}
END_TEST

static const struct {
  ClaimRule rule;
  ClaimTarget target;
  const gchar *names, *text, *expected, *actual, *note, *sentence;
} sentences[] = {
    {CLAIM_HANG, CLAIM_OF_HANG, NULL, "hangs forever", "hangs", "goes on", NULL,
     "says 'hangs forever', but it goes on"},
    {CLAIM_WORKS, CLAIM_OF_PASSING, NULL, "works", "works", "TypeError: no", NULL,
     "says 'works', raised TypeError: no"},
    {CLAIM_NAMED, CLAIM_OF_NAMES, "args", "args is a tuple: (1, 2)", "(1, 2)", "(1, 2, 3)", NULL,
     "says 'args is a tuple: (1, 2)', args is (1, 2, 3)"},
    {CLAIM_LITERAL, CLAIM_OF_NAMES, "a, b", "(1, 2)", "(1, 2)", "(2, 1)", NULL,
     "says '(1, 2)', a, b are (2, 1)"},
    {CLAIM_LITERAL, CLAIM_OF_LINE, "items", "[1]", "[1]", "[2]", NULL, "says '[1]', items is [2]"},
    {CLAIM_SPEED, CLAIM_OF_SPEED, NULL, "slower", "slower", "0.5 times as long", NULL,
     "says 'slower', but it takes 0.5 times as long"},
    {CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, NULL, "TypeError", "TypeError", "raises nothing", NULL,
     "says 'TypeError', raises nothing"},
    {CLAIM_TRANSCRIPT, CLAIM_OF_EXAMPLE, NULL, "Traceback (most recent call last):\nTypeError: a",
     "Traceback (most recent call last):\nTypeError: a", "ValueError: b", NULL,
     "says 'TypeError: a', got ValueError: b"},
};

START_TEST(every_target_has_its_words) {
  Claim *claim = claim_new(sentences[_i].rule, sentences[_i].target, 1, sentences[_i].text,
                           sentences[_i].expected);
  claim->names = g_strdup(sentences[_i].names);
  g_ptr_array_add(snippet->claims, claim);
  ClaimResult result = {claim, CLAIM_CONTRADICTED, (gchar *)sentences[_i].actual, NULL};
  g_autofree gchar *sentence = problem_of_claim(&result);
  ck_assert_str_eq(sentence, sentences[_i].sentence);
}
END_TEST

START_TEST(a_fragment_is_one_line_without_code) {
  g_autoptr(Verdict) verdict =
      verdict_with(VERDICT_FRAGMENT, "not run", "name 'Book' is bound nowhere");
  expect(verdict, FALSE, 0, 40, VERDICT_FRAGMENT, "name 'Book' is bound nowhere", NULL);
}
END_TEST

START_TEST(needs_is_not_said_twice) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_NEEDS, "raises", "needs numpy");
  expect(verdict, FALSE, 0, 40, VERDICT_NEEDS, "numpy", NULL);
}
END_TEST

static const VerdictClass silent[] = {VERDICT_VERIFIED, VERDICT_SKIPPED, VERDICT_RAN};

START_TEST(what_is_in_order_says_nothing) {
  g_autoptr(Verdict) verdict = verdict_with(silent[_i], "finishes", NULL);
  g_autoptr(GPtrArray) lax = problems_of_verdict(snippet, transcript, verdict, FALSE);
  ck_assert_uint_eq(lax->len, 0);
  g_autoptr(GPtrArray) strict = problems_of_verdict(snippet, transcript, verdict, TRUE);
  ck_assert_uint_eq(strict->len, silent[_i] == VERDICT_RAN ? 1 : 0);
}
END_TEST

START_TEST(every_other_class_says_something) {
  VerdictClass class = (VerdictClass)_i;
  g_autoptr(Verdict) verdict = verdict_with(class, "stopped", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(silent); i++)
    if (class == silent[i])
      return;
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, FALSE);
  ck_assert_uint_eq(problems->len, 1);
  const ProblemLine *problem = g_ptr_array_index(problems, 0);
  ck_assert_int_eq(problem->class, class);
  ck_assert_str_ne(problem->sentence, "");
}
END_TEST

/* What a fixture's words found false. */
static const struct {
  ClaimRule rule;
  guint line, prose_line;
  const gchar *actual;
  guint told_at;
  const gchar *sentence, *code;
} fields[] = {
    {CLAIM_FIELD, 2, 0, "there were 4", 41, "says 'in one query', but there were 4",
     "print(a)  # [2]"},
    {CLAIM_FIELD, 2, 0, NULL, 41, "says 'in one query', but that is not so", "print(a)  # [2]"},
    {CLAIM_FIELD, 0, 7, "there were 4", 7, "says 'in one query', but there were 4", NULL},
    {CLAIM_PROMISE, 3, 0, "2 are left", 42, "'in one query' does not hold: 2 are left", "boom()"},
    {CLAIM_PROMISE, 1, 0, NULL, 40, "'in one query' does not hold", "a = [1]"},
};

START_TEST(what_a_fixture_found_false_is_told) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  Claim *claim = add_field_claim(verdict, fields[_i].rule, fields[_i].line, fields[_i].prose_line,
                                 " in one query");
  verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, fields[_i].actual, NULL);
  expect(verdict, FALSE, 0, fields[_i].told_at, VERDICT_FALSE, fields[_i].sentence,
         fields[_i].code);
}
END_TEST

START_TEST(what_it_ran_with_is_told) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  verdict_add_result(verdict, add_claim(snippet, 2, "[2]", "[2]"), CLAIM_CONTRADICTED, "[1]", NULL);
  verdict->fixture = g_strdup("fixture library (text) for Book");
  expect(verdict, FALSE, 0, 41, VERDICT_FALSE,
         "says '[2]', printed [1] (fixture library (text) for Book)", "print(a)  # [2]");
  verdict->session = g_strdup("after 2 earlier blocks of its heading");
  expect(verdict, FALSE, 0, 41, VERDICT_FALSE,
         "says '[2]', printed [1] (after 2 earlier blocks of its heading; fixture library (text) "
         "for Book)",
         "print(a)  # [2]");
}
END_TEST

/* What to install must never be cut off. */
START_TEST(what_a_fixture_needs_is_told_in_full) {
  g_autofree gchar *reason = g_strdup_printf("fixture library needs %080d: install it", 1);
  g_autofree gchar *cut = g_strdup_printf("needs %080d: install it", 1);
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_NEEDS, "not run", reason);
  fail_fixture(transcript, reason, NULL);
  expect(verdict, FALSE, 0, 40, VERDICT_NEEDS, reason, NULL);
  transcript->outcome = OUTCOME_RAISED;
  g_autoptr(Verdict) other = verdict_with(VERDICT_NEEDS, "not run", cut);
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, other, FALSE);
  ck_assert(g_str_has_suffix(((ProblemLine *)g_ptr_array_index(problems, 0))->sentence, "..."));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("problems");
  TCase *tests = tcase_create("problems");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_contradicted_claim_says_both_sides);
  tcase_add_test(tests, claims_that_hold_are_not_mentioned);
  tcase_add_test(tests, the_verb_follows_the_claim);
  tcase_add_test(tests, long_output_is_compared_at_its_first_difference);
  tcase_add_test(tests, output_that_ends_early_says_so);
  tcase_add_test(tests, an_exception_is_told_at_its_line);
  tcase_add_test(tests, a_line_that_cannot_be_is_not_believed);
  tcase_add_test(tests, a_syntax_error_has_its_place_but_once);
  tcase_add_test(tests, a_hang_is_told_where_it_waits);
  tcase_add_test(tests, a_deadlock_has_its_proof_where_the_main_thread_waits);
  tcase_add_test(tests, a_deadlock_in_shutdown_is_told_where_another_thread_waits);
  tcase_add_loop_test(tests, every_target_has_its_words, 0, G_N_ELEMENTS(sentences));
  tcase_add_loop_test(tests, what_a_fixture_found_false_is_told, 0, G_N_ELEMENTS(fields));
  tcase_add_test(tests, what_it_ran_with_is_told);
  tcase_add_test(tests, what_a_fixture_needs_is_told_in_full);
  tcase_add_test(tests, a_fragment_is_one_line_without_code);
  tcase_add_test(tests, needs_is_not_said_twice);
  tcase_add_loop_test(tests, what_is_in_order_says_nothing, 0, G_N_ELEMENTS(silent));
  tcase_add_loop_test(tests, every_other_class_says_something, 0, VERDICT_CLASSES);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
