/* Claims against transcripts: what is confirmed, what is accused, and what not. */
#include <stdlib.h>

#include "transcripts.h"

/* One print on line 1 that ran once. */
static const struct {
  ClaimRule rule;
  const gchar *claimed, *printed;
  ClaimState state;
} prints[] = {
    {CLAIM_LITERAL, "3", "3", CLAIM_HOLDS},
    {CLAIM_LITERAL, "3", "4", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "250", "250.0", CLAIM_HOLDS},
    {CLAIM_LITERAL, "'a'", "a", CLAIM_HOLDS},
    {CLAIM_LITERAL, "'a'", "b", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "[1, 2]", "[1, 3]", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "[1, 2]", "(1, 2)", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "{1, 2}", "{2, 1}", CLAIM_HOLDS},
    {CLAIM_LITERAL, "0.3", "0.30000000000000004", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "3.14", "3.141592653589793", CLAIM_HOLDS},
    {CLAIM_LITERAL, "3.15", "3.141592653589793", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "3.24", "3.141592653589793", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "[0.33, 0.67]", "[0.3333333333333333, 0.6666666666666666]", CLAIM_HOLDS},
    {CLAIM_LITERAL, "[0.33, 0.66]", "[0.3333333333333333, 0.6666666666666666]",
     CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "~3.14", "3.141592653589793", CLAIM_HOLDS},
    {CLAIM_LITERAL, "[1, 2, ...]", "[1, 2, 3, 4]", CLAIM_HOLDS},
    {CLAIM_LITERAL, "[1, 3, ...]", "[1, 2, 3, 4]", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "<class 'int'>", "<class 'int'>", CLAIM_HOLDS},
    {CLAIM_TEXT, "int", "<class 'int'>", CLAIM_HOLDS},
    {CLAIM_TEXT, "Dog", "<class '__main__.Dog'>", CLAIM_HOLDS},
    {CLAIM_TEXT, "str", "<class 'int'>", CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "(int, Dog)", "(<class 'int'>, <class '__main__.Dog'>)", CLAIM_HOLDS},
    {CLAIM_TEXT, "(Dog, int)", "(<class 'int'>, <class '__main__.Dog'>)", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "<generator object f>", "<generator object f at 0x7f00>", CLAIM_HOLDS},
    {CLAIM_LITERAL, "{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", CLAIM_HOLDS},
    {CLAIM_LITERAL, "{1, 2}", "{1, 3}", CLAIM_CONTRADICTED},
    {CLAIM_TEXT, "total: 5", "5", CLAIM_HOLDS},
    {CLAIM_TEXT, "the total: here", "5", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "1", "[1, 2]", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "1", "hello", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "[1]", "True", CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "2 + 3 = 5", "5", CLAIM_HOLDS},
    {CLAIM_TEXT, "5! = 120", "120", CLAIM_HOLDS},
    {CLAIM_TEXT, "x >= 5", "5", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "5", "Sum: 5", CLAIM_HOLDS},
    {CLAIM_LITERAL, "1, 'a'", "1 a", CLAIM_HOLDS},
    {CLAIM_LITERAL, "<A object at 0x1>", "<A object at 0x2>", CLAIM_HOLDS},
    {CLAIM_LITERAL, "<A object at 0x1>", "<B object at 0x2>", CLAIM_NOT_CHECKABLE},
    {CLAIM_LITERAL, "<class 'int'>", "<class 'str'>", CLAIM_CONTRADICTED},
    {CLAIM_TRUTH, "True", "True", CLAIM_HOLDS},
    {CLAIM_TRUTH, "True", "False", CLAIM_CONTRADICTED},
    {CLAIM_TRUTH, "None", "3", CLAIM_CONTRADICTED},
    {CLAIM_TRUTH, "True", "yes, it is", CLAIM_NOT_CHECKABLE},
    {CLAIM_PROSE, "1", "1", CLAIM_HOLDS},
    {CLAIM_PROSE, "1", "2", CLAIM_CONTRADICTED},
    {CLAIM_PROSE, "1", "many words", CLAIM_NOT_CHECKABLE},
    {CLAIM_LABEL, "[1]", "[2]", CLAIM_CONTRADICTED},
    {CLAIM_LABEL, "5", "Sum: 6", CLAIM_CONTRADICTED},
    {CLAIM_LABEL, "Sum: 5", "Sum: 5", CLAIM_HOLDS},
    {CLAIM_LABEL, "Sum of all: 5", "Sum of all: 6", CLAIM_CONTRADICTED},
    {CLAIM_LABEL, "what you would think", "Sum: 6", CLAIM_NOT_CHECKABLE},
    {CLAIM_ARROW, "hello", "hello", CLAIM_HOLDS},
    {CLAIM_ARROW, "hello", "goodbye", CLAIM_CONTRADICTED},
    {CLAIM_VERB, "3", "3", CLAIM_HOLDS},
    {CLAIM_VERB, "3", "4", CLAIM_CONTRADICTED},
    {CLAIM_VERB, "the sum", "4", CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "Hello Ada", "Hello Ada", CLAIM_HOLDS},
    {CLAIM_TEXT, "Hello Ada, you are 36", "Hello Ada, you are 37", CLAIM_CONTRADICTED},
    {CLAIM_TEXT, "works", "done", CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "int", "<class 'int'>", CLAIM_HOLDS},
    {CLAIM_TEXT, "two lines follow", "a\nb", CLAIM_NOT_CHECKABLE},
};

START_TEST(a_print_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  add_claim(snippet, prints[_i].rule, 1, prints[_i].claimed);
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, prints[_i].printed);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  const ClaimResult *result = result_at(verdict, 0);
  ck_assert_msg(result->state == prints[_i].state, "%s against %s: state %d (%s)",
                prints[_i].claimed, prints[_i].printed, result->state,
                result->note != NULL ? result->note : "");
  ck_assert_str_eq(result->actual, prints[_i].printed);
  ck_assert_int_eq(verdict->class, result->state == CLAIM_HOLDS          ? VERDICT_VERIFIED
                                   : result->state == CLAIM_CONTRADICTED ? VERDICT_FALSE
                                                                         : VERDICT_RAN);
}
END_TEST

/* A bare expression on line 1 and its value. */
static const struct {
  ClaimRule rule;
  const gchar *claimed, *type, *repr;
  ClaimState state;
} values[] = {
    {CLAIM_LITERAL, "3", "int", "3", CLAIM_HOLDS},
    {CLAIM_LITERAL, "3", "int", "4", CLAIM_CONTRADICTED},
    {CLAIM_LITERAL, "'a'", "str", "'a'", CLAIM_HOLDS},
    {CLAIM_LITERAL, "'a'", "str", "'b'", CLAIM_CONTRADICTED},
    {CLAIM_TEXT, "hello there", "str", "'hello there'", CLAIM_HOLDS},
    {CLAIM_TRUTH, "True", "bool", "False", CLAIM_CONTRADICTED},
    {CLAIM_TRUTH, "None", "NoneType", "None", CLAIM_HOLDS},
    /* items.sort()  # [1, 2]: what it changed */
    {CLAIM_LITERAL, "[1, 2]", "NoneType", "None", CLAIM_NOT_CHECKABLE},
    /* items.pop()  # [1, 2]: what is left */
    {CLAIM_LITERAL, "[1, 2]", "int", "3", CLAIM_NOT_CHECKABLE},
    {CLAIM_TEXT, "works", "int", "3", CLAIM_NOT_CHECKABLE},
};

START_TEST(an_expression_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("x\n");
  Claim *claim = add_claim(snippet, values[_i].rule, 1, values[_i].claimed);
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_value(transcript, 1, values[_i].type, values[_i].repr);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_msg(result_at(verdict, 0)->state == values[_i].state, "%s against %s: %d",
                values[_i].claimed, values[_i].repr, result_at(verdict, 0)->state);
}
END_TEST

START_TEST(what_is_called_may_write_it) {
  g_autoptr(Snippet) snippet = make_snippet("def f():\n    print(1)\nf()\n");
  Claim *claim = add_claim(snippet, CLAIM_LITERAL, 3, "1");
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_write_from(transcript, 2, 3, "1");
  add_write_from(transcript, 2, 3, "\n");
  add_value(transcript, 3, "NoneType", "None");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_HOLDS);
}
END_TEST

START_TEST(a_loop_is_confirmed_but_never_accused) {
  static const struct {
    const gchar *claimed;
    ClaimState state;
  } loops[] = {{"0", CLAIM_HOLDS},         {"0 1 2", CLAIM_HOLDS},
               {"0, 1, 2", CLAIM_HOLDS},   {"0 then 1 then 2", CLAIM_HOLDS},
               {"0\n1\n2", CLAIM_HOLDS},   {"2", CLAIM_HOLDS}, /* the last time */
               {"5", CLAIM_NOT_CHECKABLE}, {"0, 1, 3", CLAIM_NOT_CHECKABLE}};
  for (gsize i = 0; i < G_N_ELEMENTS(loops); i++) {
    g_autoptr(Snippet) snippet = make_snippet("for i in range(3):\n    print(i)\n");
    add_claim(snippet, CLAIM_LITERAL, 2, loops[i].claimed);
    g_autoptr(Transcript) transcript = transcript_new();
    for (guint number = 0; number < 3; number++) {
      g_autofree gchar *text = g_strdup_printf("%u", number);
      add_print(transcript, 2, text);
    }
    g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
    ck_assert_msg(result_at(verdict, 0)->state == loops[i].state, "%s", loops[i].claimed);
  }
}
END_TEST

START_TEST(a_joint_claim_takes_the_group) {
  g_autoptr(Snippet) snippet = make_snippet("print(1)\nprint(2)\n# 1\n# 2\n");
  Claim *claim = add_claim(snippet, CLAIM_LITERAL, 2, "1\n2");
  claim->group_line = 1;
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "1");
  add_print(transcript, 2, "2");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_HOLDS);
}
END_TEST

START_TEST(a_cautious_claim_says_why_it_does_not_accuse) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3")->cautious = g_strdup("hedged: 'about'");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "4");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_str_eq(result_at(verdict, 0)->note, "hedged: 'about'");
  ck_assert_str_eq(result_at(verdict, 0)->actual, "4");
  ck_assert_int_eq(verdict->class, VERDICT_RAN);
}
END_TEST

START_TEST(what_earlier_blocks_left_accuses_nobody) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  Claim *claim = add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->prelude = 2;
  add_print(transcript, 1, "4");
  g_autoptr(Verdict) own = judge_one(snippet, transcript);
  ck_assert_int_eq(own->class, VERDICT_FALSE);
  claim->leans = TRUE;
  g_autoptr(Verdict) leaning = judge_one(snippet, transcript);
  ck_assert_int_eq(leaning->class, VERDICT_RAN);
}
END_TEST

START_TEST(a_line_that_never_ran_is_not_accused) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_ptr_null(result_at(verdict, 0)->actual);
}
END_TEST

START_TEST(lines_that_number_themselves_are_not_accused) {
  g_autoptr(Snippet) snippet = make_snippet("print(a)\nprint(b)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "1");
  add_claim(snippet, CLAIM_LITERAL, 2, "2");
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "7");
  add_print(transcript, 2, "8");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_RAN);
  /* Where one of them holds, they are values. */
  g_autoptr(Transcript) other = transcript_new();
  add_print(other, 1, "1");
  add_print(other, 2, "8");
  g_autoptr(Verdict) accused = judge_one(snippet, other);
  ck_assert_int_eq(accused->class, VERDICT_FALSE);
}
END_TEST

/* --- exceptions --------------------------------------------------------------- */

static const struct {
  const gchar *claimed, *raised, *base; /* raised NULL: nothing */
  ClaimState state;
  VerdictClass class;
} exceptions[] = {
    {"TypeError", "TypeError", NULL, CLAIM_HOLDS, VERDICT_VERIFIED},
    {"LookupError", "KeyError", "LookupError", CLAIM_HOLDS, VERDICT_VERIFIED},
    {"MyError", "__main__.MyError", NULL, CLAIM_HOLDS, VERDICT_VERIFIED},
    {"JSONDecodeError", "json.decoder.JSONDecodeError", "ValueError", CLAIM_HOLDS,
     VERDICT_VERIFIED},
    {"TypeError", "ValueError", NULL, CLAIM_CONTRADICTED, VERDICT_FALSE},
    {"TypeError", "__main__.MyError", NULL, CLAIM_NOT_CHECKABLE, VERDICT_RAISED},
    {"TypeError", "NameError", NULL, CLAIM_NOT_CHECKABLE, VERDICT_RAISED},
    {"TypeError", "ModuleNotFoundError", "ImportError", CLAIM_NOT_CHECKABLE, VERDICT_NEEDS},
    {"TypeError", NULL, NULL, CLAIM_CONTRADICTED, VERDICT_FALSE},
};

START_TEST(an_exception_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("t[0] = 1\n");
  add_claim(snippet, CLAIM_EXCEPTION, 1, exceptions[_i].claimed);
  g_autoptr(Transcript) transcript = transcript_new();
  if (exceptions[_i].raised != NULL)
    add_raised(transcript, 1, exceptions[_i].raised, exceptions[_i].base, "no", TRUE);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, exceptions[_i].state);
  ck_assert_int_eq(verdict->class, exceptions[_i].class);
}
END_TEST

START_TEST(an_exceptions_wording_is_a_note) {
  g_autoptr(Snippet) snippet = make_snippet("t[0] = 1\n");
  Claim *claim =
      claim_new(CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1, "TypeError: cannot", "TypeError");
  claim->first_line = claim->last_line = 1;
  g_ptr_array_add(snippet->claims, claim);
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "TypeError", NULL, "may not", TRUE);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_HOLDS);
  ck_assert_str_eq(result_at(verdict, 0)->actual, "TypeError: may not");
  ck_assert_ptr_nonnull(result_at(verdict, 0)->note);
}
END_TEST

START_TEST(an_exceptions_name_may_be_printed) {
  g_autoptr(Snippet) snippet = make_snippet("print(type(e).__name__)\n");
  add_claim(snippet, CLAIM_EXCEPTION, 1, "KeyError")->is_print = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_print(transcript, 1, "KeyError");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_HOLDS);
}
END_TEST

START_TEST(a_line_after_the_end_of_the_run_is_not_accused) {
  g_autoptr(Snippet) snippet = make_snippet("a()\nt[0] = 1\n");
  add_claim(snippet, CLAIM_EXCEPTION, 2, "TypeError");
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "ValueError", NULL, "no", FALSE);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_int_eq(verdict->class, VERDICT_RAISED);
}
END_TEST

START_TEST(a_claimed_syntax_error_holds) {
  g_autoptr(Snippet) snippet = make_snippet("x = = 1\n");
  add_claim(snippet, CLAIM_EXCEPTION, 1, "SyntaxError");
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "SyntaxError", NULL, "invalid syntax", FALSE);
  transcript->outcome = OUTCOME_UNPARSABLE;
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(verdict->class, VERDICT_VERIFIED);
}
END_TEST

/* --- sessions and output --------------------------------------------------------- */

static const struct {
  const gchar *want, *shown, *raised;
  ClaimState state;
} examples[] = {
    {"3\n", "3\n", NULL, CLAIM_HOLDS},
    {"3\n", "4\n", NULL, CLAIM_CONTRADICTED},
    {"'a'\n", "\"a\"\n", NULL, CLAIM_HOLDS},
    {"[1, ..., 9]\n", "[1, 2, 9]\n", NULL, CLAIM_HOLDS},
    {"a\n<BLANKLINE>\nb\n", "a\n\nb\n", NULL, CLAIM_HOLDS},
    {"1\n2\n3\n", "1\n2\n4\n", NULL, CLAIM_CONTRADICTED},
    {"it is drawn on the screen\n", "3\n", NULL, CLAIM_NOT_CHECKABLE},
    {"3\n", "", NULL, CLAIM_NOT_CHECKABLE},
    {"Traceback (most recent call last):\n  File \"<stdin>\", line 1\nKeyError: 'k'\n", "",
     "KeyError", CLAIM_HOLDS},
    {"Traceback (most recent call last):\n  ...\nKeyError: 'k'\n", "3\n", NULL, CLAIM_CONTRADICTED},
    {"KeyError: 'k'\n", "", "KeyError", CLAIM_HOLDS},
    {"Traceback (most recent call last):\nValueError: a\nb\n", "", "ValueError", CLAIM_HOLDS},
    {"Traceback (most recent call last):\n  ...\nDoesNotExist: no book\n", "",
     "library.models.Book.DoesNotExist", CLAIM_HOLDS},
    {"library.models.Book.DoesNotExist: no book\n", "", "library.models.Book.DoesNotExist",
     CLAIM_HOLDS},
    {"Traceback (most recent call last):\n  ...\ndjango.http.Http404: no\n", "", "Http404",
     CLAIM_HOLDS},
    {"Traceback (most recent call last):\nValueError: a\nMyNote: b\n", "", "ValueError",
     CLAIM_HOLDS},
    {"Traceback (most recent call last):\nOutOfStock\n", "", "shop.OutOfStock", CLAIM_HOLDS},
    {"3\n", "", "TypeError", CLAIM_NOT_CHECKABLE},
    {"3\n", "", "NameError", CLAIM_NOT_CHECKABLE},
    {"  File \"<stdin>\", line 1\nSyntaxError: invalid syntax\n", "", "SyntaxError", CLAIM_HOLDS},
    {"SyntaxError: invalid syntax\n", "1\n", NULL, CLAIM_NOT_CHECKABLE},
};

START_TEST(an_example_is_marked) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, ">>> x\n", 1);
  Claim *claim = add_claim(snippet, CLAIM_TRANSCRIPT, 2, examples[_i].want);
  claim->first_line = claim->last_line = 1;
  claim->is_value = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_write_from(transcript, 1, 1, examples[_i].shown);
  if (examples[_i].raised != NULL)
    add_raised(transcript, 1, examples[_i].raised, NULL, "'k'", TRUE);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_msg(result_at(verdict, 0)->state == examples[_i].state, "%s: %d (%s)",
                examples[_i].want, result_at(verdict, 0)->state, result_at(verdict, 0)->note);
}
END_TEST

START_TEST(what_follows_a_failed_example_is_not_accused) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, ">>> a\n>>> b\n", 1);
  Claim *claim = add_claim(snippet, CLAIM_TRANSCRIPT, 3, "3\n");
  claim->first_line = claim->last_line = 2;
  claim->is_value = TRUE;
  g_autoptr(Transcript) transcript = transcript_new();
  add_raised(transcript, 1, "ValueError", NULL, "no", TRUE);
  add_write_from(transcript, 2, 2, "4\n");
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_int_eq(verdict->class, VERDICT_RAISED);
}
END_TEST

static const struct {
  const gchar *claimed, *written;
  ClaimState state;
} outputs[] = {
    {"a\nb\n", "a\nb\n", CLAIM_HOLDS},
    {"a\nb\n2\n", "a\nb\n3\n", CLAIM_CONTRADICTED},
    {"a\nb\nc\nd e\n", "a\nb\nc\nde\n", CLAIM_CONTRADICTED},
    {"a\nb\nd e\n", "a\nb\nde\n", CLAIM_NOT_CHECKABLE},
    {"something else\n", "a\nb\n", CLAIM_NOT_CHECKABLE},
    {"a\n", "", CLAIM_NOT_CHECKABLE},
};

START_TEST(an_output_block_is_marked) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  add_claim(snippet, CLAIM_OUTPUT, 5, outputs[_i].claimed);
  g_autoptr(Transcript) transcript = transcript_new();
  add_write_from(transcript, 1, 1, outputs[_i].written);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, outputs[_i].state);
}
END_TEST

START_TEST(hostile_output_does_no_harm) {
  g_autoptr(Snippet) snippet = make_snippet("print(x)\n");
  add_claim(snippet, CLAIM_LITERAL, 1, "3");
  add_claim(snippet, CLAIM_OUTPUT, 3, "3\n");
  g_autoptr(Transcript) transcript = transcript_new();
  for (guint i = 0; i < 100000; i++)
    add_write_from(transcript, 1, 1, "\xff\xfe[[[[ ...");
  g_string_append_len(transcript->output, "a\0b\n", 4);
  Write write = {.line = 1, .outer_line = 1, .offset = transcript->output->len - 4, .length = 4};
  g_array_append_val(transcript->writes, write);
  Write outside = {.line = 1, .outer_line = 1, .offset = G_MAXSIZE - 2, .length = 100};
  g_array_append_val(transcript->writes, outside);
  g_autoptr(Verdict) verdict = judge_one(snippet, transcript);
  for (guint i = 0; i < 2; i++) {
    ck_assert_int_eq(result_at(verdict, i)->state, CLAIM_NOT_CHECKABLE);
    ck_assert_uint_lt(strlen(result_at(verdict, i)->actual), 5000);
    ck_assert(g_utf8_validate(result_at(verdict, i)->actual, -1, NULL));
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("judge_claims");
  TCase *tests = tcase_create("claims");
  tcase_add_loop_test(tests, a_print_is_marked, 0, G_N_ELEMENTS(prints));
  tcase_add_loop_test(tests, an_expression_is_marked, 0, G_N_ELEMENTS(values));
  tcase_add_test(tests, what_is_called_may_write_it);
  tcase_add_test(tests, a_loop_is_confirmed_but_never_accused);
  tcase_add_test(tests, a_joint_claim_takes_the_group);
  tcase_add_test(tests, a_cautious_claim_says_why_it_does_not_accuse);
  tcase_add_test(tests, what_earlier_blocks_left_accuses_nobody);
  tcase_add_test(tests, a_line_that_never_ran_is_not_accused);
  tcase_add_test(tests, lines_that_number_themselves_are_not_accused);
  tcase_add_loop_test(tests, an_exception_is_marked, 0, G_N_ELEMENTS(exceptions));
  tcase_add_test(tests, an_exceptions_wording_is_a_note);
  tcase_add_test(tests, an_exceptions_name_may_be_printed);
  tcase_add_test(tests, a_line_after_the_end_of_the_run_is_not_accused);
  tcase_add_test(tests, a_claimed_syntax_error_holds);
  tcase_add_loop_test(tests, an_example_is_marked, 0, G_N_ELEMENTS(examples));
  tcase_add_test(tests, what_follows_a_failed_example_is_not_accused);
  tcase_add_loop_test(tests, an_output_block_is_marked, 0, G_N_ELEMENTS(outputs));
  tcase_add_test(tests, hostile_output_does_no_harm);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
