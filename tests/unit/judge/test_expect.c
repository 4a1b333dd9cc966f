/* Relations, outcomes, and an expectation against transcripts. */
#include <stdlib.h>

#include "judge/expect_outcome.h"
#include "judge/relation.h"
#include "transcripts.h"

/* --- relations --- */

static gboolean lookup(G_GNUC_UNUSED gpointer data, const gchar *name, gdouble *value,
                       GError **error) {
  if (strlen(name) == 1 && *name >= 'a' && *name <= 'e') {
    *value = *name - 'a' + 1;
    return TRUE;
  }
  g_set_error(error, RELATION_ERROR, RELATION_ERROR_VALUE, "no %s", name);
  return FALSE;
}

static const struct {
  const gchar *text;
  gboolean holds;
} relations[] = {
    {"a < b", TRUE},           {"b < a", FALSE},       {"a<=1", TRUE},
    {"a + b * c == 7", TRUE},  {"(a+b)*c == 9", TRUE}, {"d / b == 2.0", TRUE},
    {"a - b - c == -4", TRUE}, {"-a < 0", TRUE},       {"e >= 5", TRUE},
    {"a != b", TRUE},          {"d ~ e", TRUE},        {"c ~ d", FALSE},
    {"c ~ 1e3", FALSE},        {"a > .5", TRUE},       {"0 ~ 0", TRUE},
    {"a * -1 < 0", TRUE},
};

START_TEST(a_relation_is_evaluated) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Relation) relation = relation_new(relations[_i].text, &error);
  RelationResult result;
  ck_assert_msg(relation != NULL, "%s", error != NULL ? error->message : "");
  ck_assert(relation_evaluate(relation, lookup, NULL, &result, &error));
  ck_assert_msg(result.holds == relations[_i].holds, "%s: %g and %g", relations[_i].text,
                result.left, result.right);
}
END_TEST

static const struct {
  const gchar *text, *message;
} broken_relations[] = {
    {"", "column 1: a number or a name belongs here"},
    {"a", "column 2: one of < <= > >= == != ~ belongs here"},
    {"a <", "column 4: a number or a name belongs here"},
    {"a < b < c", "column 7: nothing more belongs here"},
    {"(a < b", "column 4: ')' belongs here"},
    {"a = b", "column 3: one of < <= > >= == != ~ belongs here"},
    {"a < 1e999", "column 5: the number is too large"},
};

START_TEST(a_broken_relation_says_where) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(relation_new(broken_relations[_i].text, &error));
  ck_assert_str_eq(error->message, broken_relations[_i].message);
}
END_TEST

START_TEST(a_relation_is_only_so_deep) {
  g_autofree gchar *signs = g_strnfill(900, '-');
  g_autofree gchar *deep = g_strconcat("a < ", signs, "1", NULL);
  g_autofree gchar *brackets = g_strnfill(5000, '(');
  ck_assert_ptr_null(relation_new(deep, NULL));
  ck_assert_ptr_null(relation_new(brackets, NULL));
}
END_TEST

START_TEST(a_relation_without_a_value_is_an_error) {
  g_autoptr(Relation) by_zero = relation_new("a / (b - 2) > 1", NULL);
  g_autoptr(Relation) unknown = relation_new("a > zebra", NULL);
  RelationResult result;
  ck_assert(!relation_evaluate(by_zero, lookup, NULL, &result, NULL));
  ck_assert(!relation_evaluate(unknown, lookup, NULL, &result, NULL));
  ck_assert_str_eq(relation_names(unknown)[1], "zebra");
}
END_TEST

/* --- outcomes --- */

static const struct {
  const gchar *text;
  gboolean is_fine;
} outcomes[] = {
    {"finishes", TRUE},
    {"raises ValueError", TRUE},
    {"raises", FALSE},
    {"raises a mess", FALSE},
    {"exits 3", TRUE},
    {"exits -1", TRUE},
    {"exits x", FALSE},
    {"deadlocks", TRUE},
    {"deadlocks at 9", TRUE},
    {"deadlocks at x", FALSE},
    {"never ends", TRUE},
    {"killed by SIGSEGV", TRUE},
    {"killed by signal 40", TRUE},
    {"killed", FALSE},
    {"stopped", TRUE},
    {"does not compile", TRUE},
    {"finished", FALSE},
};

START_TEST(an_outcome_is_one_of_these) {
  ck_assert_msg(outcome_is_fine(outcomes[_i].text) == outcomes[_i].is_fine, "%s",
                outcomes[_i].text);
}
END_TEST

static Transcript *stuck_at(guint line) {
  Transcript *transcript = transcript_new();
  transcript->outcome = OUTCOME_STUCK;
  g_ptr_array_add(transcript->waits, waiting_new(0, "MainThread", 0, "join", ""));
  g_ptr_array_add(transcript->waits, waiting_new(1, "t", line, "", "lock"));
  return transcript;
}

START_TEST(an_outcome_is_met) {
  g_autoptr(Transcript) stuck = stuck_at(9);
  ck_assert(outcome_is_met("deadlocks", stuck));
  ck_assert(outcome_is_met("never ends", stuck));
  ck_assert(outcome_is_met("deadlocks at 9", stuck));
  ck_assert(!outcome_is_met("deadlocks at 8", stuck));
  ck_assert(!outcome_is_met("finishes", stuck));
  g_autofree gchar *text = outcome_of(stuck);
  ck_assert_str_eq(text, "deadlocks at 9");

  g_autoptr(Transcript) raised = transcript_new();
  add_raised(raised, 3, "json.decoder.JSONDecodeError", "ValueError", "bad", FALSE);
  ck_assert(outcome_is_met("raises JSONDecodeError", raised));
  ck_assert(outcome_is_met("raises json.decoder.JSONDecodeError", raised));
  ck_assert(!outcome_is_met("raises ValueError", raised));

  g_autoptr(Transcript) loop = transcript_new();
  loop->outcome = OUTCOME_STOPPED;
  loop->limit = LIMIT_CPU;
  ck_assert(outcome_is_met("never ends", loop));
  loop->limit = LIMIT_MEMORY;
  ck_assert(!outcome_is_met("never ends", loop));
  ck_assert(outcome_is_met("stopped", loop));
}
END_TEST

/* --- the whole --- */

typedef struct {
  Snippet *snippet;
  Expectation *expectation;
  GPtrArray *runs;
} Accepted;

static Accepted accepted_new(const gchar *outcome, const gchar *relation, const gchar *output) {
  const gchar *const where[] = {relation, NULL};
  Accepted fixture = {make_snippet("pass\n"), NULL,
                      g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free)};
  fixture.expectation = expectation_new("e.txt", "e", fixture.snippet->content_id);
  g_ptr_array_add(fixture.expectation->parts, expectation_part_new(NULL, outcome, where, output));
  return fixture;
}

static Transcript *fixture_run(Accepted *fixture, const gchar *text) {
  Transcript *transcript = transcript_new();
  add_print(transcript, 1, text);
  g_ptr_array_add(fixture->runs, transcript);
  return transcript;
}

static Verdict *fixture_judge(const Accepted *fixture) {
  Sheet sheet = {.snippet = fixture->snippet,
                 .transcripts = (const Transcript *const *)fixture->runs->pdata,
                 .count = fixture->runs->len,
                 .expectation = fixture->expectation,
                 .python = "3.11.2"};
  return judge_sheet(&sheet);
}

static void accepted_clear(Accepted *fixture) {
  snippet_free(fixture->snippet);
  expectation_free(fixture->expectation);
  g_ptr_array_unref(fixture->runs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Accepted, accepted_clear)

static const struct {
  const gchar *outcome, *relation, *output, *happened;
  ExpectationState state;
  const gchar *difference;
} comparisons[] = {
    {"finishes", NULL, "x\n", "x", EXPECTATION_MET, NULL},
    {"finishes", "n > 2", "n={n:int}\n", "n=3", EXPECTATION_MET, NULL},
    {"finishes", NULL, "x\n", "y", EXPECTATION_DIFFERS, "-x\n+y\n"},
    {"exits 3", NULL, "x\n", "x", EXPECTATION_DIFFERS,
     "! outcome: accepted 'exits 3', happened 'finishes'\n"},
    {"finishes", "n > 2", "n={n:int}\n", "n=1", EXPECTATION_DIFFERS,
     "! n > 2: does not hold: 1 and 2\n"},
    {"finishes", "n >", "n={n:int}\n", "n=1", EXPECTATION_DIFFERS,
     "! e.txt: 'n >': column 4: a number or a name belongs here\n"},
    {"finishes", "m > 1", "n={n:int}\n", "n=1", EXPECTATION_DIFFERS,
     "! e.txt: a relation speaks of 'm', which no {m:...} captures\n"},
    {"finishes", "w > 1", "n={w:word}\n", "n=x", EXPECTATION_DIFFERS,
     "! w > 1: w is 'x', which is no number\n"},
    {"finishes", "a == 16", "{a:address}\n", "0x10", EXPECTATION_MET, NULL},
    {"finishes", "n == 1234", "{n:int}\n", "1,234", EXPECTATION_MET, NULL},
    {"finishes", NULL, "{unordered}\n", "x", EXPECTATION_DIFFERS,
     "! e.txt: {unordered} without {end}\n"},
    {"finishs", NULL, "x\n", "x", EXPECTATION_DIFFERS, "! e.txt: no outcome is called 'finishs'\n"},
};

START_TEST(an_expectation_is_compared) {
  g_auto(Accepted) fixture =
      accepted_new(comparisons[_i].outcome, comparisons[_i].relation, comparisons[_i].output);
  fixture_run(&fixture, comparisons[_i].happened);
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, comparisons[_i].state);
  ck_assert_pstr_eq(verdict->difference, comparisons[_i].difference);
  ck_assert(!verdict->wants_more);
}
END_TEST

/* What is to be true after the run, and what was found out about it. */
static const struct {
  CheckedEnd end;
  const gchar *actual, *note;
  guint number; /* that it was found out about; 0 for none */
  ExpectationState state;
  const gchar *difference;
} finals[] = {
    {CHECKED_HOLDS, NULL, NULL, 2, EXPECTATION_MET, NULL},
    {CHECKED_CONTRADICTED, "2", NULL, 2, EXPECTATION_DIFFERS, "! count() == 0: is 2\n"},
    {CHECKED_CONTRADICTED, NULL, NULL, 2, EXPECTATION_DIFFERS, "! count() == 0: is not so\n"},
    {CHECKED_UNCLEAR, NULL, "NameError: count", 2, EXPECTATION_DIFFERS,
     "! count() == 0: NameError: count\n"},
    {CHECKED_UNCLEAR, NULL, NULL, 2, EXPECTATION_DIFFERS, "! count() == 0: cannot tell\n"},
    {CHECKED_HOLDS, NULL, NULL, 3, EXPECTATION_DIFFERS,
     "! count() == 0: the run did not come to its end\n"},
};

START_TEST(what_is_to_be_true_after_the_run_is_compared) {
  const gchar *const after[] = {"x", "count() == 0", NULL};
  g_auto(Accepted) fixture = accepted_new("finishes", NULL, "x\n");
  expectation_part_set_after(g_ptr_array_index(fixture.expectation->parts, 0), after);
  Transcript *transcript = fixture_run(&fixture, "x");
  add_checked(transcript, CHECKED_FINAL, CHECKED_HOLDS, 1, "x", NULL);
  add_checked(transcript, CHECKED_FINAL, finals[_i].end, finals[_i].number, "count() == 0",
              finals[_i].actual)
      ->note = g_strdup(finals[_i].note);
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, finals[_i].state);
  ck_assert_pstr_eq(verdict->difference, finals[_i].difference);
  ck_assert_int_eq(verdict->class,
                   finals[_i].state == EXPECTATION_MET ? VERDICT_VERIFIED : VERDICT_CHANGED);
  ck_assert_uint_eq(verdict->results->len, 0);
}
END_TEST

START_TEST(a_broken_file_is_never_passed_over) {
  g_auto(Accepted) fixture = accepted_new("finishes", NULL, "x\n");
  fixture.expectation->problem = g_strdup("e.txt:1: nonsense");
  fixture_run(&fixture, "x");
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->class, VERDICT_CHANGED);
  ck_assert_str_eq(verdict->difference, "! e.txt:1: nonsense\n");
}
END_TEST

START_TEST(what_did_not_run_is_not_compared) {
  g_auto(Accepted) fixture = accepted_new("finishes", NULL, "x\n");
  fixture_run(&fixture, "x")->outcome = OUTCOME_HELD;
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, EXPECTATION_UNTESTED);
}
END_TEST

/* Where the code is what was accepted, another Python cannot read it; else it was broken. */
START_TEST(what_does_not_compile_any_more_has_changed) {
  g_auto(Accepted) fixture = accepted_new("finishes", NULL, "x\n");
  fixture_run(&fixture, "x")->outcome = OUTCOME_UNPARSABLE;
  g_autoptr(Verdict) same = fixture_judge(&fixture);
  ck_assert_int_eq(same->expectation, EXPECTATION_UNTESTED);
  g_free(fixture.expectation->content_id);
  fixture.expectation->content_id = g_strdup("0123456");
  g_autoptr(Verdict) edited = fixture_judge(&fixture);
  ck_assert_int_eq(edited->expectation, EXPECTATION_DIFFERS);
}
END_TEST

START_TEST(another_python_has_another_part) {
  g_auto(Accepted) fixture = accepted_new("finishes", NULL, "x\n");
  g_ptr_array_add(fixture.expectation->parts,
                  expectation_part_new("3.11+", "finishes", NULL, "y\n"));
  fixture_run(&fixture, "y");
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, EXPECTATION_MET);
}
END_TEST

START_TEST(times_are_told_from_several_runs) {
  g_auto(Accepted) fixture = accepted_new("finishes", "a > b", "{a:seconds} s and {b:seconds} s\n");
  fixture_run(&fixture, "1.0 s and 1.0 s");
  g_autoptr(Verdict) one = fixture_judge(&fixture);
  ck_assert_int_eq(one->expectation, EXPECTATION_UNCLEAR);
  ck_assert(one->wants_more);
  ck_assert_str_eq(one->difference, "! a > b: cannot tell on this machine\n");
  while (fixture.runs->len < JUDGE_RUNS_MAX)
    fixture_run(&fixture, fixture.runs->len % 2 == 0 ? "1.0 s and 1.2 s" : "1.2 s and 1.0 s");
  g_autoptr(Verdict) all = fixture_judge(&fixture);
  ck_assert_int_eq(all->expectation, EXPECTATION_UNCLEAR);
  ck_assert(!all->wants_more);
}
END_TEST

START_TEST(clear_times_need_one_run) {
  g_auto(Accepted) fixture = accepted_new("finishes", "a > 2 * b", "{a:seconds} {b:seconds}\n");
  fixture_run(&fixture, "5.0 1.0");
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, EXPECTATION_MET);
  ck_assert(!verdict->wants_more);
}
END_TEST

START_TEST(times_fail_when_all_runs_agree) {
  g_auto(Accepted) fixture = accepted_new("finishes", "a > b", "{a:seconds} {b:seconds}\n");
  while (fixture.runs->len < JUDGE_RUNS_MAX)
    fixture_run(&fixture, fixture.runs->len % 2 == 0 ? "1.0 5.0" : "1.0 5.1");
  g_autoptr(Verdict) verdict = fixture_judge(&fixture);
  ck_assert_int_eq(verdict->expectation, EXPECTATION_DIFFERS);
  ck_assert_str_eq(verdict->difference,
                   "! a > b: does not hold in 9 runs; in the first: 1 and 5\n");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expect");
  TCase *tests = tcase_create("expect");
  tcase_add_loop_test(tests, a_relation_is_evaluated, 0, G_N_ELEMENTS(relations));
  tcase_add_loop_test(tests, a_broken_relation_says_where, 0, G_N_ELEMENTS(broken_relations));
  tcase_add_test(tests, a_relation_is_only_so_deep);
  tcase_add_test(tests, a_relation_without_a_value_is_an_error);
  tcase_add_loop_test(tests, an_outcome_is_one_of_these, 0, G_N_ELEMENTS(outcomes));
  tcase_add_test(tests, an_outcome_is_met);
  tcase_add_loop_test(tests, an_expectation_is_compared, 0, G_N_ELEMENTS(comparisons));
  tcase_add_loop_test(tests, what_is_to_be_true_after_the_run_is_compared, 0, G_N_ELEMENTS(finals));
  tcase_add_test(tests, a_broken_file_is_never_passed_over);
  tcase_add_test(tests, what_did_not_run_is_not_compared);
  tcase_add_test(tests, what_does_not_compile_any_more_has_changed);
  tcase_add_test(tests, another_python_has_another_part);
  tcase_add_test(tests, times_are_told_from_several_runs);
  tcase_add_test(tests, clear_times_need_one_run);
  tcase_add_test(tests, times_fail_when_all_runs_agree);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
