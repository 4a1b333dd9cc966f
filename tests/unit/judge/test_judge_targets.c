/* Claims of variables, of passing, of hanging, of speed and of code that is commented
 * out: what is confirmed, what is accused, and above all what is not. */
#include <stdlib.h>

#include "judge/source.h"
#include "transcripts.h"

static void expect(const Snippet *snippet, const Transcript *transcript, ClaimState state,
                   const gchar *actual, VerdictClass class) {
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  const ClaimResult *result = result_at(verdict, 0);
  ck_assert_msg(result->state == state, "state %d, actual %s, note %s", result->state,
                result->actual != NULL ? result->actual : "-",
                result->note != NULL ? result->note : "-");
  if (actual != NULL)
    ck_assert_str_eq(result->actual, actual);
  ck_assert_str_eq(verdict_class_name(verdict->class), verdict_class_name(class));
}

/* --- variables -------------------------------------------------------------- */

/* A comment of its own inside a function, and the variable's values when it was passed. */
static const struct {
  const gchar *expected, *type;
  const gchar *reprs[9];
  ClaimState state;
} described[] = {
    {"(1, 2, 3)", "tuple", {"(1, 2, 3)"}, CLAIM_HOLDS},
    {"(1, 2, 3)", "tuple", {"(1, 2)", "(1, 2, 3)"}, CLAIM_HOLDS},
    {"(1, 2, 3)", "tuple", {"(1, 2)"}, CLAIM_CONTRADICTED},
    {"(1, 2, 3)", "list", {"[1, 2, 3]"}, CLAIM_CONTRADICTED},
    {"(1, 2, 3)", "tuple", {"(1, 2)", "(4, 5)"}, CLAIM_CONTRADICTED},
    {"x = 3", "int", {"3"}, CLAIM_HOLDS},
    {"x = 3", "int", {"4"}, CLAIM_CONTRADICTED},
    {"3", "int", {"4"}, CLAIM_CONTRADICTED},
    {"3", "str", {"'3'"}, CLAIM_HOLDS},
    {"None", "int", {"3"}, CLAIM_CONTRADICTED},
    {"tuple", "tuple", {"(1, 2)"}, CLAIM_HOLDS},
    {"<class 'tuple'>", "tuple", {"(1, 2)"}, CLAIM_HOLDS},
    {"{1, 2}", "set", {"{2, 1}"}, CLAIM_HOLDS},
    {"~3.14", "float", {"3.14159"}, CLAIM_HOLDS},
    {"3.14", "float", {"3.14159"}, CLAIM_HOLDS},
    /* what must not be accused */
    {"3.15", "float", {"3.14159"}, CLAIM_NOT_CHECKABLE},
    {"3", "list", {"[1, 2, 4]"}, CLAIM_NOT_CHECKABLE}, /* how many? */
    {"True", "int", {"1"}, CLAIM_NOT_CHECKABLE},       /* counts as true */
    {"3", "Box", {"<Box object at 0x1>"}, CLAIM_NOT_CHECKABLE},
    {"the first of all", "int", {"3"}, CLAIM_NOT_CHECKABLE},
    {"[1, 2, ...]", "list", {"[1, 3]"}, CLAIM_NOT_CHECKABLE},
    {"9", "int", {"1", "2", "3", "4", "5", "6", "7", "8"}, CLAIM_NOT_CHECKABLE},
    {"3", "int", {NULL}, CLAIM_NOT_CHECKABLE}, /* never reached */
};

START_TEST(a_described_variable_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("def f(x):\n    # x is\n    pass\nf(1)\n");
  Claim *claim = add_target(snippet, CLAIM_NAMED, CLAIM_OF_NAMES, 2, described[_i].expected);
  claim->names = g_strdup("x");
  claim->first_line = claim->last_line = 0;
  g_autoptr(Transcript) transcript = transcript_new();
  for (guint i = 0; i < 9 && described[_i].reprs[i] != NULL; i++)
    add_named(transcript, 2, "x", described[_i].type, described[_i].reprs[i]);
  add_named(transcript, 2, "y", "str", "'of another'");
  add_value(transcript, 2, "str", "'of an expression'");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_msg(result_at(verdict, 0)->state == described[_i].state, "%s: %d %s",
                described[_i].expected, result_at(verdict, 0)->state, result_at(verdict, 0)->note);
  g_free(claim->cautious);
  claim->cautious = g_strdup("hedged: 'maybe'");
  g_autoptr(Verdict) cautious = judge_one(snippet, transcript);
  ck_assert_int_ne(result_at(cautious, 0)->state, CLAIM_CONTRADICTED);
}
END_TEST

START_TEST(the_time_that_agrees_is_noted) {
  g_autoptr(Snippet) snippet = make_snippet("def f(x):\n    # x is\n    pass\n");
  Claim *claim = add_target(snippet, CLAIM_NAMED, CLAIM_OF_NAMES, 2, "5");
  claim->names = g_strdup("x");
  claim->first_line = claim->last_line = 0;
  g_autoptr(Transcript) transcript = transcript_new();
  add_named(transcript, 2, "x", "int", "4");
  add_named(transcript, 2, "x", "int", "5");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_str_eq(result_at(verdict, 0)->note, "the 2nd of 2 times");
}
END_TEST

/* `x = ...  # expected`, on line 1 or inside line 2 of a function. */
static const struct {
  const gchar *source, *text, *expected;
  ClaimRule rule;
  const gchar *reprs[3];
  ClaimState state;
} assignments[] = {
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {"3"}, CLAIM_HOLDS},
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {"4"}, CLAIM_CONTRADICTED},
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {"4", "4"}, CLAIM_CONTRADICTED},
    {"x = f()\n", "Output: [1]", "[1]", CLAIM_LABEL, {"[2]"}, CLAIM_CONTRADICTED},
    {"x = a is b\n", "False", "False", CLAIM_TRUTH, {"True"}, CLAIM_CONTRADICTED},
    {"x = f()\n", "hello", "hello", CLAIM_TEXT, {"'hello'"}, CLAIM_HOLDS},
    {"x = f()\n", "int", "int", CLAIM_TEXT, {"3"}, CLAIM_HOLDS},
    {"x += 1\n", "1, 2, 3", "1, 2, 3", CLAIM_LITERAL, {"1", "2", "3"}, CLAIM_HOLDS},
    {"x += 1\n", "1, 2, 4", "1, 2, 4", CLAIM_LITERAL, {"1", "2", "3"}, CLAIM_NOT_CHECKABLE},
    /* what must not be accused */
    {"x = 5\n", "3", "3", CLAIM_LITERAL, {"5"}, CLAIM_NOT_CHECKABLE},
    {"x = [1, 2]\n", "[3]", "[3]", CLAIM_LITERAL, {"[1, 2]"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "3 more", "3", CLAIM_PROSE, {"4"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "returns 3", "3", CLAIM_VERB, {"4"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "True when done", "True", CLAIM_TRUTH, {"False"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {"[4]"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {"4", "5"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "3", "3", CLAIM_LITERAL, {NULL}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "hello", "hello", CLAIM_TEXT, {"'bye'"}, CLAIM_NOT_CHECKABLE},
    {"x = f()\n", "3.15", "3.15", CLAIM_LITERAL, {"3.1415"}, CLAIM_NOT_CHECKABLE},
    {"def g(y):\n    x = f(y)\n", "3", "3", CLAIM_LITERAL, {"4"}, CLAIM_NOT_CHECKABLE},
    {"def g():\n    x = f()\n", "3", "3", CLAIM_LITERAL, {"4"}, CLAIM_CONTRADICTED},
};

START_TEST(an_assignment_is_marked) {
  guint line = g_str_has_prefix(assignments[_i].source, "def") ? 2 : 1;
  for (guint turn = 0; turn < 2; turn++) {
    g_autoptr(Snippet) snippet = make_snippet(assignments[_i].source);
    Claim *claim = claim_new(assignments[_i].rule, turn == 0 ? CLAIM_OF_NAMES : CLAIM_OF_LINE, line,
                             assignments[_i].text, assignments[_i].expected);
    claim->first_line = claim->last_line = line;
    claim->names = g_strdup("x");
    g_ptr_array_add(snippet->claims, claim);
    g_autoptr(Transcript) transcript = transcript_new();
    for (guint i = 0; i < 3 && assignments[_i].reprs[i] != NULL; i++)
      add_named(transcript, line, "x", "int", assignments[_i].reprs[i]);
    g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
    ck_assert_msg(result_at(verdict, 0)->state == assignments[_i].state, "%s # %s: %d %s",
                  assignments[_i].source, assignments[_i].text, result_at(verdict, 0)->state,
                  result_at(verdict, 0)->note);
  }
}
END_TEST

/* `call  # expected`: its value, and the object afterwards. */
static const struct {
  const gchar *source, *expected, *type, *value, *object, *prints;
  ClaimState state;
} calls[] = {
    {"x.append(3)\n", "[1, 3]", "NoneType", "None", "[1, 3]", NULL, CLAIM_HOLDS},
    {"x.pop()\n", "[1, 2]", "int", "3", "[1, 2]", NULL, CLAIM_HOLDS},
    {"x.pop()\n", "3", "int", "3", "[1, 2]", NULL, CLAIM_HOLDS},
    {"x.show()\n", "hello", "NoneType", "None", "[1, 2]", "hello", CLAIM_HOLDS},
    {"x.sort()\n", "[2, 1]", "NoneType", "None", "[1, 2]", NULL, CLAIM_CONTRADICTED},
    {"x.update(y)\n", "{'a': 1}", "NoneType", "None", "{'a': 2}", NULL, CLAIM_NOT_CHECKABLE},
    /* what must not be accused */
    {"x.pop()\n", "[1, 3]", "int", "3", "[1, 2]", NULL, CLAIM_NOT_CHECKABLE},
    {"x.append(3)\n", "3", "NoneType", "None", "[1, 3]", NULL, CLAIM_NOT_CHECKABLE},
    {"x.append([3])\n", "[3]", "NoneType", "None", "[1, [3]]", NULL, CLAIM_NOT_CHECKABLE},
    {"x.extend(y)\n", "[3, 4]", "NoneType", "None", "[1, 3, 4]", NULL, CLAIM_NOT_CHECKABLE},
    {"x.update(y)\n", "{'b': 2}", "NoneType", "None", "{'a': 1, 'b': 2}", NULL,
     CLAIM_NOT_CHECKABLE},
    {"x.sort()\n", "[2, 1]", "NoneType", "None", NULL, NULL, CLAIM_NOT_CHECKABLE},
    {"x.sort()\n", "[2, 1]", "NoneType", "None", "[1, 2]", "sorting", CLAIM_NOT_CHECKABLE},
    {"x.sort()\n", "[2, 1]", "NoneType", "None", "<Box at 0x1>", NULL, CLAIM_NOT_CHECKABLE},
    {"def f(x):\n    x.sort()\n", "[2, 1]", "NoneType", "None", "[1, 2]", NULL,
     CLAIM_NOT_CHECKABLE},
};

START_TEST(a_method_call_is_marked) {
  guint line = g_str_has_prefix(calls[_i].source, "def") ? 2 : 1;
  g_autoptr(Snippet) snippet = make_snippet(calls[_i].source);
  Claim *claim = add_claim(snippet, CLAIM_LITERAL, line, calls[_i].expected);
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  claim->column = 20;
  claim->names = g_strdup("x");
  g_autoptr(Transcript) transcript = transcript_new();
  add_value(transcript, line, calls[_i].type, calls[_i].value);
  if (calls[_i].object != NULL)
    add_named(transcript, line, "x", "list", calls[_i].object);
  if (calls[_i].prints != NULL)
    add_print(transcript, line, calls[_i].prints);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_msg(result_at(verdict, 0)->state == calls[_i].state, "%s # %s: %d %s", calls[_i].source,
                calls[_i].expected, result_at(verdict, 0)->state, result_at(verdict, 0)->note);
}
END_TEST

/* --- exceptions in blocks, and passing ---------------------------------------- */

/* A claim on line 2: what was noted there. */
static const struct {
  const gchar *source, *claimed;
  const gchar *seen[2];
  guint passed;
  ClaimState state;
} inner[] = {
    {"try:\n    f()\n", "ValueError", {"ValueError"}, 0, CLAIM_HOLDS},
    {"try:\n    f()\n", "ValueError", {"ValueError"}, 3, CLAIM_HOLDS},
    {"try:\n    f()\n", "Exception", {"KeyError"}, 0, CLAIM_HOLDS},
    {"try:\n    f()\n", "ValueError", {"KeyError"}, 0, CLAIM_CONTRADICTED},
    {"try:\n    f()\n", "ValueError", {NULL}, 1, CLAIM_CONTRADICTED},
    {"def g():\n    f()\n", "ValueError", {NULL}, 1, CLAIM_CONTRADICTED},
    {"def g():\n    f()\n", "ValueError", {"KeyError"}, 0, CLAIM_CONTRADICTED},
    {"def g(x):\n    f(x)\n", "ValueError", {"KeyError", "ValueError"}, 2, CLAIM_HOLDS},
    /* what must not be accused */
    {"def g(x):\n    f(x)\n", "ValueError", {NULL}, 1, CLAIM_NOT_CHECKABLE},
    {"def g(x):\n    f(x)\n", "ValueError", {"KeyError"}, 0, CLAIM_NOT_CHECKABLE},
    {"def g():\n    f()\n", "ValueError", {NULL}, 0, CLAIM_NOT_CHECKABLE},
    {"for x in y:\n    f()\n", "ValueError", {NULL}, 8, CLAIM_NOT_CHECKABLE},
    {"try:\n    f()\n", "Exception", {NULL}, 1, CLAIM_NOT_CHECKABLE},
    {"try:\n    f()\n", "ValueError", {"NameError"}, 0, CLAIM_NOT_CHECKABLE},
    {"try:\n    f()\n", "ValueError", {"FileNotFoundError"}, 0, CLAIM_NOT_CHECKABLE},
    {"try:\n    f()\n", "ValueError", {"__main__.MyError"}, 0, CLAIM_NOT_CHECKABLE},
    {"try:\n    f()\n", "MyError", {"ValueError"}, 0, CLAIM_NOT_CHECKABLE},
};

START_TEST(an_inner_exception_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet(inner[_i].source);
  add_claim(snippet, CLAIM_EXCEPTION, 2, inner[_i].claimed)->is_inner = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  for (guint i = 0; i < inner[_i].passed; i++)
    add_passed(transcript, 2);
  for (guint i = 0; i < 2 && inner[_i].seen[i] != NULL; i++)
    add_seen(transcript, 2, inner[_i].seen[i], "no");
  ClaimState state = inner[_i].state;
  expect(snippet, transcript, state, NULL,
         state == CLAIM_HOLDS          ? VERDICT_VERIFIED
         : state == CLAIM_CONTRADICTED ? VERDICT_FALSE
                                       : VERDICT_RAN);
}
END_TEST

START_TEST(what_was_only_seen_makes_no_class) {
  static const gchar *const types[] = {"ValueError", "ModuleNotFoundError", "SystemExit",
                                       "NameError"};
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
    g_autoptr(Snippet) snippet = make_snippet("try:\n    f()\nexcept E:\n    pass\nprint(1)\n");
    add_claim(snippet, CLAIM_LITERAL, 5, "1");
    add_claim(snippet, CLAIM_LITERAL, 5, "2");
    g_autoptr(Transcript) transcript = transcript_new();
    add_seen(transcript, 2, types[i], "no");
    add_print(transcript, 5, "1");
    /* Its false claim is accused: the exception explains nothing. */
    expect(snippet, transcript, CLAIM_HOLDS, "1", VERDICT_FALSE);
  }
}
END_TEST

START_TEST(a_claimed_exception_is_claimed_wherever_it_ends) {
  /* raised on line 2, claimed for the statement on line 4, and it ended the run from 5 */
  g_autoptr(Snippet) snippet = make_snippet("def f():\n    raise E\ndef g():\n    f()\ng()\n");
  add_claim(snippet, CLAIM_EXCEPTION, 4, "ValueError")->is_inner = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_seen(transcript, 4, "ValueError", "no");
  Raised *raised = add_raised(transcript, 2, "ValueError", NULL, "no", FALSE);
  raised->outer_line = 5;
  expect(snippet, transcript, CLAIM_HOLDS, "ValueError: no", VERDICT_VERIFIED);
  g_free(raised->message);
  raised->message = g_strdup("another");
  expect(snippet, transcript, CLAIM_HOLDS, "ValueError: no", VERDICT_RAISED);
}
END_TEST

START_TEST(an_unnamed_error_takes_any_but_a_missing_one) {
  g_autoptr(Snippet) snippet = make_snippet("f()\n");
  add_claim(snippet, CLAIM_EXCEPTION, 1, "Exception");
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "ValueError", NULL, "no", TRUE);
  expect(snippet, transcript, CLAIM_HOLDS, "ValueError: no", VERDICT_VERIFIED);
  g_autoptr(Transcript) missing = transcript_new();
  add_raised(missing, 1, "ModuleNotFoundError", "ImportError", "no", TRUE)->name = g_strdup("gone");
  expect(snippet, missing, CLAIM_NOT_CHECKABLE, NULL, VERDICT_NEEDS);
  g_autoptr(Transcript) fine = transcript_new();
  add_passed(fine, 1);
  expect(snippet, fine, CLAIM_NOT_CHECKABLE, "raises nothing", VERDICT_RAN);
}
END_TEST

START_TEST(a_statement_that_works_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("f()\nprint(1)\n");
  Claim *claim = add_target(snippet, CLAIM_WORKS, CLAIM_OF_PASSING, 1, "");
  g_autoptr(Transcript) passed = transcript_new();
  add_passed(passed, 1);
  expect(snippet, passed, CLAIM_HOLDS, "raises nothing", VERDICT_VERIFIED);
  /* Without a note, what stands behind it and was run says the same. */
  g_autoptr(Transcript) past = transcript_new();
  add_print(past, 2, "1");
  expect(snippet, past, CLAIM_HOLDS, "raises nothing", VERDICT_VERIFIED);
  g_autoptr(Transcript) failed = transcript_new();
  add_raised(failed, 1, "TypeError", NULL, "no", FALSE);
  expect(snippet, failed, CLAIM_CONTRADICTED, "TypeError: no", VERDICT_FALSE);
  claim->cautious = g_strdup("hedged: 'usually'");
  expect(snippet, failed, CLAIM_NOT_CHECKABLE, "TypeError: no", VERDICT_RAISED);
}
END_TEST

START_TEST(what_fails_for_another_reason_is_not_said_to_fail) {
  static const gchar *const types[] = {"NameError", "ModuleNotFoundError", "FileNotFoundError",
                                       "EOFError"};
  static const gchar *const bases[] = {NULL, "ImportError", "OSError", NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
    g_autoptr(Snippet) snippet = make_snippet("f()\n");
    add_target(snippet, CLAIM_WORKS, CLAIM_OF_PASSING, 1, "");
    g_autoptr(Transcript) transcript = transcript_new();
    add_raised(transcript, 1, types[i], bases[i], "no", FALSE);
    g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
    ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  }
  /* Claimed on the same line, never run, or caught below what works. */
  g_autoptr(Snippet) both = make_snippet("f()\n");
  add_target(both, CLAIM_WORKS, CLAIM_OF_PASSING, 1, "");
  add_claim(both, CLAIM_EXCEPTION, 1, "ValueError");
  g_autoptr(Transcript) raised = transcript_new();
  add_raised(raised, 1, "ValueError", NULL, "no", TRUE);
  expect(both, raised, CLAIM_NOT_CHECKABLE, "ValueError: no", VERDICT_VERIFIED);
  g_autoptr(Snippet) plain = make_snippet("def g(x):\n    f(x)\ng(1)\n");
  Claim *claim = add_target(plain, CLAIM_WORKS, CLAIM_OF_PASSING, 2, "");
  claim->is_inner = TRUE;
  g_autoptr(Transcript) nothing = transcript_new();
  expect(plain, nothing, CLAIM_NOT_CHECKABLE, NULL, VERDICT_RAN);
  g_autoptr(Transcript) once = transcript_new();
  add_seen(once, 2, "ValueError", "no");
  expect(plain, once, CLAIM_NOT_CHECKABLE, "ValueError: no", VERDICT_RAN);
  claim->first_line = claim->last_line = 3;
  g_autoptr(Transcript) caught = transcript_new();
  add_seen(caught, 2, "ValueError", "no");
  ((Raised *)g_ptr_array_index(caught->raised, 0))->line = 3;
  add_passed(caught, 3);
  expect(plain, caught, CLAIM_HOLDS, NULL, VERDICT_VERIFIED);
}
END_TEST

START_TEST(what_is_caught_may_be_meant_to_work) {
  g_autoptr(Snippet) snippet = make_snippet("try:\n    f()\nexcept E:\n    pass\n");
  add_target(snippet, CLAIM_WORKS, CLAIM_OF_PASSING, 2, "")->is_inner = TRUE;
  g_autoptr(Transcript) caught = transcript_new();
  add_seen(caught, 2, "ValueError", "no");
  expect(snippet, caught, CLAIM_NOT_CHECKABLE, "ValueError: no", VERDICT_RAN);
  /* noted again, as it ended the run: nothing caught it */
  add_raised(caught, 2, "ValueError", NULL, "no", FALSE);
  expect(snippet, caught, CLAIM_CONTRADICTED, "ValueError: no", VERDICT_FALSE);
}
END_TEST

/* --- hangs ---------------------------------------------------------------------- */

static Claim *add_hang(Snippet *snippet, guint line, const gchar *text) {
  return add_target(snippet, CLAIM_HANG, CLAIM_OF_HANG, line, text);
}

START_TEST(a_claimed_deadlock_is_verified) {
  g_autoptr(Snippet) snippet = make_snippet("a = Lock()\na.acquire()\na.acquire()\n");
  add_hang(snippet, 3, "hangs forever");
  g_autoptr(Transcript) transcript = transcript_new();
  hold(add_waiting(transcript, 0, 3, "", "a"), 0, 2);
  expect(snippet, transcript, CLAIM_HOLDS,
         "MainThread waits here for 'a', which it took itself at line 2", VERDICT_VERIFIED);
}
END_TEST

START_TEST(an_unclaimed_deadlock_is_hung_with_its_proof) {
  g_autoptr(Snippet) snippet = make_snippet("a = Lock()\na.acquire()\na.acquire()\n");
  g_autoptr(Transcript) transcript = transcript_new();
  hold(add_waiting(transcript, 0, 3, "", "a"), 0, 2);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_HUNG);
  ck_assert_str_eq(verdict->reason,
                   "MainThread waits at line 3 for 'a', which it took itself at line 2");
  /* One that is claimed elsewhere is not claimed. */
  add_hang(snippet, 2, "hangs forever");
  expect(snippet, transcript, CLAIM_NOT_CHECKABLE, "never ends", VERDICT_HUNG);
}
END_TEST

START_TEST(a_hang_in_what_a_line_calls_is_its_own) {
  g_autoptr(Snippet) snippet = make_snippet("def f():\n    a.acquire()\n\nf()\n");
  Claim *claim = add_hang(snippet, 4, "deadlock");
  g_autoptr(Transcript) transcript = transcript_new();
  add_waiting(transcript, 0, 2, "", "a");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_HOLDS);
  ck_assert_str_eq(result_at(verdict, 0)->note, "in what its line calls");
  add_passed(transcript, 4); /* it came back from there */
  claim->is_inner = TRUE;
  expect(snippet, transcript, CLAIM_NOT_CHECKABLE, NULL, VERDICT_HUNG);
}
END_TEST

START_TEST(a_claimed_endless_loop_is_not_proved) {
  g_autoptr(Snippet) snippet = make_snippet("while True:\n    x += 1\n");
  add_hang(snippet, 1, "infinite loop");
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_STOPPED;
  transcript->limit = LIMIT_WALL;
  transcript->wall_limit_ms = 10000;
  transcript->last_line = 2;
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_VERIFIED);
  ck_assert_str_eq(result_at(verdict, 0)->note, "still ran after 10 s: not proved");
  /* Stopped behind it, it did go on. */
  g_autoptr(Snippet) behind = make_snippet("f()\nprint(1)\nwork()\n");
  add_hang(behind, 1, "infinite loop");
  transcript->last_line = 3;
  add_print(transcript, 2, "1");
  expect(behind, transcript, CLAIM_NOT_CHECKABLE, NULL, VERDICT_LIMIT);
  transcript->limit = LIMIT_MEMORY;
  transcript->last_line = 2;
  expect(snippet, transcript, CLAIM_NOT_CHECKABLE, NULL, VERDICT_LIMIT);
}
END_TEST

START_TEST(a_run_that_goes_on_is_accused_only_where_it_is_sure) {
  static const struct {
    const gchar *source, *text;
    gboolean is_inner;
    ClaimState state;
  } cases[] = {
      {"f()\nprint(1)\n", "hangs forever", FALSE, CLAIM_CONTRADICTED},
      {"def f():\n    g()\nf()\n", "deadlock!", TRUE, CLAIM_CONTRADICTED},
      {"f()\nprint(1)\n", "blocks", FALSE, CLAIM_NOT_CHECKABLE},
      {"f()\nprint(1)\n", "waits here", FALSE, CLAIM_NOT_CHECKABLE},
      {"def f(x):\n    g(x)\nf(1)\n", "hangs forever", TRUE, CLAIM_NOT_CHECKABLE},
      {"t = Thread(target=f)\nt.join()\n", "deadlock", FALSE, CLAIM_NOT_CHECKABLE},
      {"asyncio.run(f())\n", "never ends", FALSE, CLAIM_NOT_CHECKABLE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Snippet) snippet = make_snippet(cases[i].source);
    guint line = cases[i].is_inner ? 2 : 1;
    Claim *claim = add_hang(snippet, line, cases[i].text);
    claim->is_inner = cases[i].is_inner;
    g_autoptr(Transcript) transcript = transcript_new();
    if (cases[i].is_inner)
      add_passed(transcript, line);
    g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
    ck_assert_msg(result_at(verdict, 0)->state == cases[i].state, "%s # %s: %d", cases[i].source,
                  cases[i].text, result_at(verdict, 0)->state);
    claim->cautious = g_strdup("hedged: 'may'");
    g_autoptr(Verdict) cautious = judge_one(snippet, transcript);
    ck_assert_int_eq(result_at(cautious, 0)->state, CLAIM_NOT_CHECKABLE);
  }
  g_autoptr(Snippet) unreached = make_snippet("if x:\n    f()\n");
  add_hang(unreached, 2, "hangs forever")->is_inner = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  expect(unreached, transcript, CLAIM_NOT_CHECKABLE, NULL, VERDICT_RAN);
}
END_TEST

/* --- speed ------------------------------------------------------------------------ */

/* What line 2, the claim's, and line 1, its rival's, print in each run. */
static Verdict *judge_times(Snippet *snippet, const gchar *own, const gchar *other, guint runs) {
  g_autoptr(GPtrArray) transcripts =
      g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
  for (guint i = 0; i < runs; i++) {
    Transcript *transcript = transcript_new();
    add_print(transcript, 1, other);
    add_print(transcript, 2, own);
    g_ptr_array_add(transcripts, transcript);
  }
  Sheet sheet = {.snippet = snippet,
                 .transcripts = (const Transcript *const *)transcripts->pdata,
                 .count = runs};
  return judge_sheet(&sheet);
}

static const struct {
  const gchar *claimed, *own, *other;
  guint runs;
  ClaimState state;
  gboolean wants_more;
} speeds[] = {
    {"slower", "Threads: 1.82s", "Alone: 1.01s", 1, CLAIM_HOLDS, FALSE},
    {"slower", "0.182 ms", "0.101 ms", 1, CLAIM_HOLDS, FALSE},
    {"slower", "1.5 ms", "900.0 us", 1, CLAIM_HOLDS, FALSE},
    {"slower", "took 1.5 seconds for 3 files", "took 1.0 seconds for 3 files", 1, CLAIM_HOLDS,
     FALSE},
    {"slower", "1.8213", "1.0123", 1, CLAIM_HOLDS, FALSE},
    {"faster", "Threads: 1.82s", "Alone: 1.01s", 1, CLAIM_NOT_CHECKABLE, TRUE},
    {"faster", "Threads: 1.82s", "Alone: 1.01s", 3, CLAIM_CONTRADICTED, FALSE},
    {"faster", "1.01s", "1.00s", 9, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "1.05s", "1.00s", 3, CLAIM_NOT_CHECKABLE, TRUE},
    {"same", "1.05s", "1.00s", 1, CLAIM_NOT_CHECKABLE, TRUE},
    {"same", "1.05s", "1.00s", 3, CLAIM_HOLDS, FALSE},
    {"same", "2.05s", "1.00s", 3, CLAIM_CONTRADICTED, FALSE},
    {"not faster", "1.05s", "1.00s", 3, CLAIM_HOLDS, FALSE},
    {"not faster", "2.05s", "1.00s", 1, CLAIM_HOLDS, FALSE},
    {"not faster", "0.95s", "1.00s", 3, CLAIM_HOLDS, FALSE},
    {"not faster", "0.25s", "1.00s", 3, CLAIM_CONTRADICTED, FALSE},
    {"not slower", "1.05s", "1.00s", 3, CLAIM_HOLDS, FALSE},
    {"not slower", "3.05s", "1.00s", 3, CLAIM_CONTRADICTED, FALSE},
    /* nothing to compare */
    {"faster", "2 s", "1 s", 3, CLAIM_NOT_CHECKABLE, FALSE}, /* too few digits */
    {"faster", "0.2s", "0.1s", 3, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "0.00s", "0.00s", 3, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "done", "1.00s", 3, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "2.05", "1.00s", 3, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "1.05s and 2.05s", "1.00s", 3, CLAIM_NOT_CHECKABLE, FALSE},
    {"faster", "1000000", "10", 3, CLAIM_NOT_CHECKABLE, FALSE},
};

START_TEST(a_speed_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("print(a)\nprint(b)\n");
  Claim *claim = add_target(snippet, CLAIM_SPEED, CLAIM_OF_SPEED, 2, speeds[_i].claimed);
  claim->rival = 1;
  g_autoptr(Verdict) verdict =
      judge_times(snippet, speeds[_i].own, speeds[_i].other, speeds[_i].runs);
  ck_assert_msg(result_at(verdict, 0)->state == speeds[_i].state, "%s: %s %s: %d %s",
                speeds[_i].claimed, speeds[_i].own, speeds[_i].other, result_at(verdict, 0)->state,
                result_at(verdict, 0)->note);
  ck_assert_int_eq(verdict->wants_more, speeds[_i].wants_more);
  claim->cautious = g_strdup("hedged: 'often'");
  g_autoptr(Verdict) cautious =
      judge_times(snippet, speeds[_i].own, speeds[_i].other, speeds[_i].runs);
  ck_assert_int_ne(result_at(cautious, 0)->state, CLAIM_CONTRADICTED);
}
END_TEST

START_TEST(a_speed_says_how_much) {
  g_autoptr(Snippet) snippet = make_snippet("print(a)\nprint(b)\n");
  add_target(snippet, CLAIM_SPEED, CLAIM_OF_SPEED, 2, "slower")->rival = 1;
  g_autoptr(Verdict) verdict = judge_times(snippet, "1.80s", "1.00s", 1);
  ck_assert_str_eq(result_at(verdict, 0)->actual, "1.8 times as long");
}
END_TEST

/* --- code that is commented out ----------------------------------------------------- */

static Claim *add_code(Snippet *snippet, ClaimTarget target, guint line, const gchar *code,
                       const gchar *expected) {
  Claim *claim = add_target(snippet,
                            target == CLAIM_OF_EXCEPTION ? CLAIM_EXCEPTION
                            : target == CLAIM_OF_PASSING ? CLAIM_WORKS
                            : target == CLAIM_OF_HANG    ? CLAIM_HANG
                                                         : CLAIM_LITERAL,
                            target, line, expected);
  claim->code = g_strdup(code);
  claim->code_line = line;
  return claim;
}

static const struct {
  const gchar *source, *code; /* the code stands on line 2 */
  const gchar *claimed;
  ProbeEnd end;
  const gchar *raised;
  guint times;
  ClaimState state;
} probes[] = {
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_RAISED, "StopIteration", 1,
     CLAIM_HOLDS},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_RAISED, "TypeError", 1,
     CLAIM_CONTRADICTED},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_FINISHED, NULL, 1,
     CLAIM_CONTRADICTED},
    {"c = f()\n# x = = 1\n", "x = = 1", "SyntaxError", PROBE_UNPARSABLE, "SyntaxError", 1,
     CLAIM_HOLDS},
    {"def g(c):\n    # next(c)\n", "next(c)", "StopIteration", PROBE_RAISED, "StopIteration", 1,
     CLAIM_HOLDS},
    /* what must not be accused */
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_STOPPED, NULL, 1,
     CLAIM_NOT_CHECKABLE},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_DIED, NULL, 1, CLAIM_NOT_CHECKABLE},
    {"c = f()\n# x = = 1\n", "x = = 1", "TypeError", PROBE_UNPARSABLE, "SyntaxError", 1,
     CLAIM_NOT_CHECKABLE},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_RAISED, "NameError", 1,
     CLAIM_NOT_CHECKABLE},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_RAISED, "__main__.MyError", 1,
     CLAIM_NOT_CHECKABLE},
    {"c = f()\n# next(c)\n", "next(c)", "Exception", PROBE_FINISHED, NULL, 1, CLAIM_NOT_CHECKABLE},
    {"c = f()\n# next(c)\n", "next(c)", "StopIteration", PROBE_FINISHED, NULL, 0,
     CLAIM_NOT_CHECKABLE},
    {"while 1:\n    # next(c)\n", "next(c)", "StopIteration", PROBE_FINISHED, NULL, 8,
     CLAIM_NOT_CHECKABLE},
    {"def g(c):\n    # next(c)\n", "next(c)", "StopIteration", PROBE_FINISHED, NULL, 1,
     CLAIM_NOT_CHECKABLE},
    {"# c = None\n# next(c)\n", "next(c)", "TypeError", PROBE_FINISHED, NULL, 1,
     CLAIM_NOT_CHECKABLE},
    {"# c.close()\n# next(c)\n", "next(c)", "StopIteration", PROBE_FINISHED, NULL, 1,
     CLAIM_NOT_CHECKABLE},
};

START_TEST(a_commented_out_exception_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet(probes[_i].source);
  add_code(snippet, CLAIM_OF_EXCEPTION, 2, probes[_i].code, probes[_i].claimed);
  g_autoptr(Transcript) transcript = transcript_new();
  for (guint i = 0; i < probes[_i].times; i++)
    add_probed(transcript, 2, probes[_i].end, probes[_i].raised);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_msg(result_at(verdict, 0)->state == probes[_i].state, "%s # %s: %d %s",
                probes[_i].source, probes[_i].claimed, result_at(verdict, 0)->state,
                result_at(verdict, 0)->note);
  ck_assert_int_eq(verdict->class, probes[_i].state == CLAIM_HOLDS          ? VERDICT_VERIFIED
                                   : probes[_i].state == CLAIM_CONTRADICTED ? VERDICT_FALSE
                                                                            : VERDICT_RAN);
}
END_TEST

START_TEST(a_commented_out_value_is_marked) {
  static const struct {
    const gchar *claimed, *repr, *output;
    ClaimState state;
  } cases[] = {
      {"3", "3", "", CLAIM_HOLDS},           {"3", NULL, "3\n", CLAIM_HOLDS},
      {"3", "4", "", CLAIM_CONTRADICTED},    {"3", NULL, "4\n", CLAIM_CONTRADICTED},
      {"3", "[4]", "", CLAIM_NOT_CHECKABLE}, {"3", NULL, "four\n", CLAIM_NOT_CHECKABLE},
      {"3", NULL, "", CLAIM_NOT_CHECKABLE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Snippet) snippet = make_snippet("x = f()\n# g(x)\n");
    add_code(snippet, CLAIM_OF_LINE, 2, "g(x)", cases[i].claimed);
    g_autoptr(Transcript) transcript = transcript_new();
    Probed *probed = add_probed(transcript, 2, PROBE_FINISHED, NULL);
    probed->repr = g_strdup(cases[i].repr);
    g_free(probed->output);
    probed->output = g_strdup(cases[i].output);
    g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
    ck_assert_msg(result_at(verdict, 0)->state == cases[i].state, "%s: %d", cases[i].claimed,
                  result_at(verdict, 0)->state);
  }
  g_autoptr(Snippet) snippet = make_snippet("x = f()\n# g(x)\n");
  add_code(snippet, CLAIM_OF_LINE, 2, "g(x)", "3");
  g_autoptr(Transcript) raised = transcript_new();
  add_probed(raised, 2, PROBE_RAISED, "TypeError");
  expect(snippet, raised, CLAIM_NOT_CHECKABLE, "TypeError: no", VERDICT_RAN);
}
END_TEST

START_TEST(commented_out_code_that_works_or_blocks) {
  g_autoptr(Snippet) snippet = make_snippet("a.acquire()\n# a.acquire()\n");
  add_code(snippet, CLAIM_OF_HANG, 2, "a.acquire()", "would hang forever");
  g_autoptr(Transcript) stopped = transcript_new();
  add_probed(stopped, 2, PROBE_STOPPED, NULL);
  expect(snippet, stopped, CLAIM_HOLDS, "does not go on", VERDICT_VERIFIED);
  g_autoptr(Snippet) works = make_snippet("x = 1\n# x.real\n");
  add_code(works, CLAIM_OF_PASSING, 2, "x.real", "");
  g_autoptr(Transcript) ended = transcript_new();
  add_probed(ended, 2, PROBE_FINISHED, NULL);
  expect(works, ended, CLAIM_HOLDS, "raises nothing", VERDICT_VERIFIED);
  g_autoptr(Transcript) failed = transcript_new();
  add_probed(failed, 2, PROBE_RAISED, "AttributeError");
  expect(works, failed, CLAIM_CONTRADICTED, "AttributeError: no", VERDICT_FALSE);
}
END_TEST

START_TEST(commented_out_code_claims_nothing_of_the_run) {
  g_autoptr(Snippet) snippet = make_snippet("x = 1\n# x.y\n");
  add_code(snippet, CLAIM_OF_EXCEPTION, 2, "x.y", "AttributeError");
  g_autoptr(Transcript) transcript = transcript_new();
  add_probed(transcript, 2, PROBE_RAISED, "AttributeError");
  add_raised(transcript, 2, "AttributeError", NULL, "no", FALSE);
  expect(snippet, transcript, CLAIM_HOLDS, NULL, VERDICT_RAISED);
}
END_TEST

/* --- the source ---------------------------------------------------------------------- */

START_TEST(the_source_answers) {
  g_autoptr(Snippet) snippet = make_snippet("class A:\n"
                                            "    def f(self):\n"
                                            "        if x:\n"
                                            "\n"
                                            "            y = 1\n"
                                            "    z = 2\n"
                                            "async def g():\n"
                                            "    w: int = [1, 2]  # list\n"
                                            "v = h()\n");
  g_auto(GStrv) lines = source_lines(snippet);
  ck_assert(source_takes_arguments(lines, 5));
  ck_assert(source_is_in_function(lines, 5));
  ck_assert(!source_is_in_function(lines, 6));
  ck_assert(source_is_in_function(lines, 8));
  ck_assert(!source_takes_arguments(lines, 8));
  ck_assert(!source_is_in_function(lines, 9));
  ck_assert(!source_is_in_function(lines, 0));
  ck_assert(!source_is_in_function(lines, 99));
  ck_assert_uint_eq(source_block_end(lines, 1, 1), 6);
  ck_assert_uint_eq(source_block_end(lines, 3, 3), 5);
  ck_assert_uint_eq(source_block_end(lines, 9, 9), 9);
  ck_assert(source_assigns_literal(lines, 5));
  ck_assert(source_assigns_literal(lines, 8));
  ck_assert(!source_assigns_literal(lines, 9));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("judge_targets");
  TCase *tests = tcase_create("targets");
  tcase_add_loop_test(tests, a_described_variable_is_marked, 0, G_N_ELEMENTS(described));
  tcase_add_test(tests, the_time_that_agrees_is_noted);
  tcase_add_loop_test(tests, an_assignment_is_marked, 0, G_N_ELEMENTS(assignments));
  tcase_add_loop_test(tests, a_method_call_is_marked, 0, G_N_ELEMENTS(calls));
  tcase_add_loop_test(tests, an_inner_exception_is_marked, 0, G_N_ELEMENTS(inner));
  tcase_add_test(tests, what_was_only_seen_makes_no_class);
  tcase_add_test(tests, a_claimed_exception_is_claimed_wherever_it_ends);
  tcase_add_test(tests, an_unnamed_error_takes_any_but_a_missing_one);
  tcase_add_test(tests, a_statement_that_works_is_marked);
  tcase_add_test(tests, what_fails_for_another_reason_is_not_said_to_fail);
  tcase_add_test(tests, what_is_caught_may_be_meant_to_work);
  tcase_add_test(tests, a_claimed_deadlock_is_verified);
  tcase_add_test(tests, an_unclaimed_deadlock_is_hung_with_its_proof);
  tcase_add_test(tests, a_hang_in_what_a_line_calls_is_its_own);
  tcase_add_test(tests, a_claimed_endless_loop_is_not_proved);
  tcase_add_test(tests, a_run_that_goes_on_is_accused_only_where_it_is_sure);
  tcase_add_loop_test(tests, a_speed_is_marked, 0, G_N_ELEMENTS(speeds));
  tcase_add_test(tests, a_speed_says_how_much);
  tcase_add_loop_test(tests, a_commented_out_exception_is_marked, 0, G_N_ELEMENTS(probes));
  tcase_add_test(tests, a_commented_out_value_is_marked);
  tcase_add_test(tests, commented_out_code_that_works_or_blocks);
  tcase_add_test(tests, commented_out_code_claims_nothing_of_the_run);
  tcase_add_test(tests, the_source_answers);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
