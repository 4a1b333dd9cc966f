/* The class that a run gives its snippet. */
#include <signal.h>
#include <stdlib.h>

#include "judge/python2.h"
#include "transcripts.h"

static void need(Transcript *transcript, const gchar *name) {
  g_strfreev(transcript->names_needed);
  transcript->names_needed = g_strsplit(name, " ", -1);
}

static void expect(const Snippet *snippet, const Transcript *transcript, VerdictClass class,
                   const gchar *reason) {
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_str_eq(verdict_class_name(verdict->class), verdict_class_name(class));
  ck_assert_ptr_nonnull(verdict->outcome);
  ck_assert_ptr_null(verdict->session);
  if (reason != NULL)
    ck_assert_str_eq(verdict->reason, reason);
  else
    ck_assert_ptr_null(verdict->reason);
}

START_TEST(a_run_without_claims_ran) {
  g_autoptr(Snippet) snippet = make_snippet("x = 1\n");
  g_autoptr(Transcript) transcript = transcript_new();
  expect(snippet, transcript, VERDICT_RAN, NULL);
}
END_TEST

START_TEST(what_did_not_run_is_said) {
  g_autoptr(Snippet) snippet = make_snippet("Book.objects\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Transcript) held = transcript_new();
  held->outcome = OUTCOME_HELD;
  need(held, "Book");
  expect(snippet, held, VERDICT_FRAGMENT, "name 'Book' is bound nowhere");
  need(held, "Book Avg");
  expect(snippet, held, VERDICT_FRAGMENT, "names 'Book', 'Avg' are bound nowhere");
  g_autoptr(Transcript) failed = transcript_new();
  failed->outcome = OUTCOME_FAILED;
  failed->failure = g_strdup("no worker");
  expect(snippet, failed, VERDICT_INFRA, "no worker");
}
END_TEST

START_TEST(a_missing_name_makes_a_fragment) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\nBook\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "2");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  add_raised(transcript, 2, "NameError", NULL, "name 'Book' is not defined", FALSE)->name =
      g_strdup("Book");
  need(transcript, "Book");
  expect(snippet, transcript, VERDICT_FRAGMENT, "name 'Book' is bound nowhere");
  /* A NameError for a name that is bound somewhere is the snippet's own. */
  need(transcript, "Other");
  add_claim(snippet, CLAIM_LITERAL, 1, "1");
  g_ptr_array_remove_index(snippet->claims, 0);
  expect(snippet, transcript, VERDICT_RAISED, "NameError: name 'Book' is not defined, line 2");
}
END_TEST

START_TEST(what_is_missing_here_is_named) {
  g_autoptr(Snippet) snippet = make_snippet("x = input()\n");
  static const struct {
    const gchar *type, *base, *message, *name, *reason;
  } missing[] = {
      {"ModuleNotFoundError", "ImportError", "No module named 'django'", "django.db",
       "needs django"},
      {"ImportError", NULL, "cannot import name 'x' from 'y'", "y",
       "cannot import name 'x' from 'y'"},
      {"FileNotFoundError", "OSError", "[Errno 2] No such file or directory: 'a.txt'", NULL,
       "needs the file 'a.txt'"},
      {"EOFError", NULL, "EOF when reading a line", NULL, "needs input"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(missing); i++) {
    g_autoptr(Transcript) transcript = transcript_new();
    add_raised(transcript, 1, missing[i].type, missing[i].base, missing[i].message, FALSE)->name =
        g_strdup(missing[i].name);
    expect(snippet, transcript, VERDICT_NEEDS, missing[i].reason);
  }
}
END_TEST

START_TEST(nothing_is_accused_where_something_is_missing) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\nimport django\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "2");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  add_raised(transcript, 2, "ModuleNotFoundError", "ImportError", "No module named 'django'", FALSE)
      ->name = g_strdup("django");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_NEEDS);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
}
END_TEST

START_TEST(an_exception_nobody_claimed_raised) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\n1 / 0\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "1");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  add_raised(transcript, 2, "ZeroDivisionError", NULL, "division by zero", FALSE);
  expect(snippet, transcript, VERDICT_RAISED, "ZeroDivisionError: division by zero, line 2");
  /* A claim that is false counts for more. */
  add_claim(snippet, CLAIM_LITERAL, 1, "2");
  expect(snippet, transcript, VERDICT_FALSE, NULL);
}
END_TEST

START_TEST(an_exception_in_a_thread_is_one_too) {
  g_autoptr(Snippet) snippet = make_snippet("start()\n");
  g_autoptr(Transcript) transcript = transcript_new();
  Raised *raised = add_raised(transcript, 1, "KeyError", NULL, "'a'", FALSE);
  raised->in_thread = TRUE;
  transcript->outcome = OUTCOME_FINISHED;
  expect(snippet, transcript, VERDICT_RAISED, "KeyError: 'a' in a thread, line 1");
}
END_TEST

START_TEST(an_exit_makes_no_run_green) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\nimport os\nos._exit(0)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "1");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  transcript->outcome = OUTCOME_EXITED;
  expect(snippet, transcript, VERDICT_RAISED, "exits 0");
  transcript->exit_code = 3;
  expect(snippet, transcript, VERDICT_RAISED, "exits 3");

  /* sys.exit(0) with code behind it, and as the last thing. */
  g_autoptr(Snippet) early = make_snippet("import sys\nsys.exit(0)\nprint(1)\n");
  g_autoptr(Snippet) last = make_snippet("import sys\nsys.exit(0)\n# the end\n");
  g_autoptr(Transcript) exited = transcript_new();
  add_raised(exited, 2, "SystemExit", NULL, "0", FALSE);
  exited->outcome = OUTCOME_FINISHED;
  expect(early, exited, VERDICT_RAISED, "exits 0 before its end");
  expect(last, exited, VERDICT_RAN, NULL);
}
END_TEST

START_TEST(a_run_that_was_ended_has_its_class) {
  g_autoptr(Snippet) snippet = make_snippet("x\n");
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_SIGNALLED;
  transcript->signal = SIGSEGV;
  expect(snippet, transcript, VERDICT_CRASHED, NULL);
  transcript->outcome = OUTCOME_STOPPED;
  transcript->limit = LIMIT_WALL;
  expect(snippet, transcript, VERDICT_LIMIT, NULL);
  transcript->outcome = OUTCOME_STUCK;
  expect(snippet, transcript, VERDICT_HUNG, "all its threads wait, and nothing can wake them");
  transcript->outcome = OUTCOME_STOPPED;
  transcript->limit = LIMIT_OUTPUT;
  expect(snippet, transcript, VERDICT_LIMIT, NULL);
  g_autoptr(Transcript) memory = transcript_new();
  add_raised(memory, 1, "MemoryError", NULL, "", FALSE);
  expect(snippet, memory, VERDICT_LIMIT, "used more memory than it may");
}
END_TEST

START_TEST(what_does_not_compile_says_why) {
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "SyntaxError", NULL, "invalid syntax", FALSE);
  transcript->outcome = OUTCOME_UNPARSABLE;
  g_autoptr(Snippet) broken = make_snippet("x = = 1\n");
  expect(broken, transcript, VERDICT_UNPARSABLE, "SyntaxError: invalid syntax");
  g_autoptr(Snippet) old = make_snippet("print 'hello'\n");
  expect(old, transcript, VERDICT_UNPARSABLE, "reads as Python 2");
}
END_TEST

/* --- with an expectation ----------------------------------------------------- */

static Verdict *judge_accepted(const Snippet *snippet, const Transcript *transcript,
                               const gchar *outcome, const gchar *where, const gchar *output) {
  g_autoptr(Expectation) expectation = expectation_new("a.txt", "a/1", snippet->content_id);
  const gchar *const relations[] = {where, NULL};
  g_ptr_array_add(expectation->parts, expectation_part_new(NULL, outcome, relations, output));
  const Transcript *const runs[] = {transcript};
  Sheet sheet = {.snippet = snippet,
                 .transcripts = runs,
                 .count = 1,
                 .expectation = expectation,
                 .python = "3.11.2"};
  return judge_sheet(&sheet);
}

START_TEST(what_was_accepted_is_verified_and_what_differs_has_changed) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\n");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  g_autoptr(Verdict) met = judge_accepted(snippet, transcript, "finishes", NULL, "1\n");
  ck_assert_int_eq(met->class, VERDICT_VERIFIED);
  g_autoptr(Verdict) changed = judge_accepted(snippet, transcript, "finishes", NULL, "2\n");
  ck_assert_int_eq(changed->class, VERDICT_CHANGED);
  ck_assert_ptr_nonnull(changed->difference);
  /* A claim that is false counts for more than either. */
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Verdict) met_but_false = judge_accepted(snippet, transcript, "finishes", NULL, "1\n");
  ck_assert_int_eq(met_but_false->class, VERDICT_FALSE);
  g_autoptr(Verdict) changed_and_false =
      judge_accepted(snippet, transcript, "finishes", NULL, "2\n");
  ck_assert_int_eq(changed_and_false->class, VERDICT_FALSE);
}
END_TEST

START_TEST(any_outcome_can_be_accepted) {
  g_autoptr(Snippet) snippet = make_snippet("a.acquire()\na.acquire()\n");
  g_autoptr(Transcript) raised = transcript_new();
  add_raised(raised, 1, "ValueError", NULL, "no", FALSE);
  g_autoptr(Verdict) raises = judge_accepted(snippet, raised, "raises ValueError", NULL, "");
  ck_assert_int_eq(raises->class, VERDICT_VERIFIED);
  ck_assert_ptr_null(raises->reason);
  g_autoptr(Verdict) other = judge_accepted(snippet, raised, "finishes", NULL, "");
  ck_assert_int_eq(other->class, VERDICT_CHANGED);
  g_autoptr(Transcript) stuck = transcript_new();
  hold(add_waiting(stuck, 0, 2, "", "a"), 0, 1);
  g_autoptr(Verdict) deadlock = judge_accepted(snippet, stuck, "deadlocks at 2", NULL, "");
  ck_assert_int_eq(deadlock->class, VERDICT_VERIFIED);
  g_autoptr(Transcript) crashed = transcript_new();
  crashed->outcome = OUTCOME_SIGNALLED;
  crashed->signal = SIGSEGV;
  g_autoptr(Verdict) crash = judge_accepted(snippet, crashed, "killed by SIGSEGV", NULL, "");
  ck_assert_int_eq(crash->class, VERDICT_VERIFIED);
}
END_TEST

START_TEST(what_proves_nothing_has_not_changed) {
  g_autoptr(Snippet) snippet = make_snippet("import django\n");
  g_autoptr(Transcript) missing = transcript_new();
  add_raised(missing, 1, "ModuleNotFoundError", "ImportError", "No module named 'django'", FALSE)
      ->name = g_strdup("django");
  g_autoptr(Verdict) needs = judge_accepted(snippet, missing, "finishes", NULL, "");
  ck_assert_int_eq(needs->class, VERDICT_NEEDS);
  g_autoptr(Transcript) failed = transcript_new();
  failed->outcome = OUTCOME_FAILED;
  failed->failure = g_strdup("no worker");
  g_autoptr(Verdict) infra = judge_accepted(snippet, failed, "finishes", NULL, "");
  ck_assert_int_eq(infra->class, VERDICT_INFRA);
}
END_TEST

START_TEST(a_relation_that_is_not_clear_is_said) {
  g_autoptr(Snippet) snippet = make_snippet("print(a, b)\n");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1.01s 1.00s");
  g_autoptr(Verdict) verdict = judge_accepted(snippet, transcript, "finishes", "one > two",
                                              "{one:seconds}s {two:seconds}s\n");
  ck_assert(verdict->wants_more);
  ck_assert_int_eq(verdict->expectation, EXPECTATION_UNCLEAR);
  ck_assert_int_eq(verdict->class, VERDICT_VERIFIED);
  ck_assert(g_str_has_prefix(verdict->reason, "cannot tell on this machine"));
}
END_TEST

static const struct {
  const gchar *source;
  gboolean is_python2;
} sources[] = {
    {"print x\n", TRUE},
    {"if x:\n    print 'a', b\n", TRUE},
    {">>> print x\n", TRUE},
    {"try:\n    f()\nexcept ValueError, e:\n    pass\n", TRUE},
    {"x = `y`\n", TRUE},
    {"exec \"x = 1\"\n", TRUE},
    {"raise ValueError, 'no'\n", TRUE},
    {"if a <> b:\n", TRUE},
    {"mode = 0777\n", TRUE},
    {"print(x)\n", FALSE},
    {"print (x)\n", FALSE},
    {"print = 3\n", FALSE},
    {"except (A, B) as e:\n", FALSE},
    {"raise ValueError('a, b')\n", FALSE},
    {"x = 0\ny = 0.5\nz = 100\n", FALSE},
    {"# print x\n", FALSE},
    {"x = '<>'\n", FALSE},
    {"", FALSE},
};

START_TEST(python_2_is_known_by_its_looks) {
  ck_assert_msg(source_is_python2(sources[_i].source) == sources[_i].is_python2, "%s",
                sources[_i].source);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("judge");
  TCase *tests = tcase_create("classes");
  tcase_add_test(tests, a_run_without_claims_ran);
  tcase_add_test(tests, what_did_not_run_is_said);
  tcase_add_test(tests, a_missing_name_makes_a_fragment);
  tcase_add_test(tests, what_is_missing_here_is_named);
  tcase_add_test(tests, nothing_is_accused_where_something_is_missing);
  tcase_add_test(tests, an_exception_nobody_claimed_raised);
  tcase_add_test(tests, an_exception_in_a_thread_is_one_too);
  tcase_add_test(tests, an_exit_makes_no_run_green);
  tcase_add_test(tests, a_run_that_was_ended_has_its_class);
  tcase_add_test(tests, what_does_not_compile_says_why);
  tcase_add_test(tests, what_was_accepted_is_verified_and_what_differs_has_changed);
  tcase_add_test(tests, any_outcome_can_be_accepted);
  tcase_add_test(tests, what_proves_nothing_has_not_changed);
  tcase_add_test(tests, a_relation_that_is_not_clear_is_said);
  tcase_add_loop_test(tests, python_2_is_known_by_its_looks, 0, G_N_ELEMENTS(sources));
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
