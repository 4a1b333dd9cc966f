/* What is proposed for several runs. */
#include <stdlib.h>

#include "judge/propose.h"
#include "transcripts.h"

#define RUNS_MAX 4

static const struct {
  const gchar *outputs[RUNS_MAX]; /* up to the first NULL */
  const gchar *proposal;
} cases[] = {
    {{"a\nb\n", "a\nb\n"}, "a\nb\n"},
    {{"", ""}, ""},
    {{"no newline", "no newline"}, "no newline\n"},
    {{"{...}\n", "{...}\n"}, "\\{...}\n"},
    {{"n = 5\n", "n = 7\n"}, "n = {n:int}\n"},
    {{"5\n", "7\n"}, "{n1:int}\n"},
    {{"5 7\n", "6 8\n"}, "{n1:int} {n2:int}\n"},
    {{"x is 5\n", "x is 5.5\n"}, "x is {n1:number}\n"},
    {{"x is 5.25\n", "x is 5.5\n"}, "x is {n1:float}\n"},
    {{"delta: -5\n", "delta: 7\n"}, "delta: {delta:int}\n"},
    {{"Sequential time: 0.52s\n", "Sequential time: 0.50s\n"},
     "Sequential time: {sequential_time:seconds}s\n"},
    {{"Took 0.52 seconds\n", "Took 0.50 seconds\n"}, "Took {time1:seconds} seconds\n"},
    {{"t=1 t=2\n", "t=3 t=4\n"}, "t={t:int} t={t2:int}\n"},
    {{"<A object at 0x7f00aa>\n", "<A object at 0x7f00aa>\n"}, "<A object at {:address}>\n"},
    {{"0x7f00aa\n", "0x7f00ab\n"}, "{:address}\n"},
    {{"id 140001112223\nid 140001112223\n", "id 140001112224\nid 140001112224\n"},
     "id {n1:int}\nid {n1:int}\n"},
    {{"set {'a', 'b'}\n", "set {'b', 'a'}\n"}, "set {'{:text}'}\n"},
    {{"C:\\1\n", "C:\\2\n"}, "C:{:/\\\\/}{n1:int}\n"},
    /* order */
    {{"a\nb\nend\n", "b\na\nend\n"}, "{unordered}\na\nb\n{end}\nend\n"},
    {{"w1\nw2\nw3\n", "w3\nw2\nw1\n"}, "{unordered}\nw1\nw2\nw3\n{end}\n"},
    {{"a 0.5 s\nb 0.6 s\n", "b 0.7 s\na 0.8 s\n"},
     "{unordered}\na {:seconds} s\nb {:seconds} s\n{end}\n"},
    {{"a\nb\nT: 0.5s\n", "b\na\nT: 0.6s\n"}, "{unordered}\na\nb\n{end}\nT: {t:seconds}s\n"},
    /* other lines, and another number of them */
    {{"begin\nfoo\n", "begin\nbar baz\n"}, "begin\n{:text}\n"},
    {{"begin\nx\ny\nend 5\n", "begin\nz\nend 6\n"}, "begin\n{...}\nend {n1:int}\n"},
    {{"begin\nend\n", "begin\nx\nend\n"}, "begin\n{...}\nend\n"},
    {{"", "x\n"}, "{...}\n"},
};

typedef struct {
  Snippet *snippet;
  Transcript *runs[RUNS_MAX];
  guint count;
} Runs;

static Runs runs_new(const gchar *source, const gchar *const *outputs) {
  Runs runs = {.snippet = make_snippet(source)};
  while (runs.count < RUNS_MAX && outputs[runs.count] != NULL) {
    runs.runs[runs.count] = transcript_new();
    g_string_append(runs.runs[runs.count]->output, outputs[runs.count]);
    runs.count++;
  }
  return runs;
}

static void runs_clear(Runs *runs) {
  snippet_free(runs->snippet);
  for (guint i = 0; i < runs->count; i++)
    transcript_free(runs->runs[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Runs, runs_clear)

static ExpectationPart *propose(const Runs *runs, const ExpectationPart *old, GError **error) {
  return propose_part(old, NULL, runs->snippet, (const Transcript *const *)runs->runs, runs->count,
                      error);
}

START_TEST(what_varied_becomes_a_matcher) {
  g_auto(Runs) runs = runs_new("pass\n", cases[_i].outputs);
  g_autoptr(GError) error = NULL;
  g_autoptr(ExpectationPart) part = propose(&runs, NULL, &error);
  ck_assert_msg(part != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq(part->output, cases[_i].proposal);
  ck_assert_str_eq(part->outcome, "finishes");
  ck_assert_ptr_null(part_problem(part));
  ck_assert(part_fits(part, (const Transcript *const *)runs.runs, runs.count));
}
END_TEST

START_TEST(a_clock_is_never_exact) {
  const gchar *const outputs[] = {"Took 0.10 s for 3 s\n", "Took 0.10 s for 3 s\n", NULL};
  g_auto(Runs) runs = runs_new("import time\nt = time.perf_counter()\n", outputs);
  g_autoptr(ExpectationPart) part = propose(&runs, NULL, NULL);
  ck_assert_str_eq(part->output, "Took {time1:seconds} s for 3 s\n");
}
END_TEST

static const struct {
  const gchar *old, *outputs[RUNS_MAX], *proposal;
} kept[] = {
    {"total {mine:number}\nx\n", {"total 5\ny\n", "total 6\ny\n"}, "total {mine:number}\ny\n"},
    {"total 5\nx {mine:int}\n", {"total 6\nx 1\n", "total 6\nx 2\n"}, "total 6\nx {mine:int}\n"},
    {"total 5\nx {mine:int}\n", {"total 6\nx a\n"}, "total 6\nx a\n"},
    {"{...}\nend\n", {"a\nb\nfin\n"}, "{...}\nfin\n"},
    {"a\n{...}\nend\nlast\n", {"a\nb\nc\nend\nfin\n"}, "a\n{...}\nend\nfin\n"},
    {"a\n{...}\nend\nlast\n", {"a\nend\nfin\n"}, "a\n{...}\nend\nfin\n"},
    {"{unordered}\na\nb {:int}\n{end}\nend\n",
     {"b 1\na\nfin\n", "a\nb 2\nfin\n"},
     "{unordered}\na\nb {:int}\n{end}\nfin\n"},
    {"{n1:int}\nx\n", {"5\n6\n", "7\n8\n"}, "{n1:int}\n{n3:int}\n"},
    {"{:word} is fine\nx\n", {"it is fine\ny\n"}, "{:word} is fine\ny\n"},
};

START_TEST(what_still_fits_stays) {
  g_auto(Runs) runs = runs_new("pass\n", kept[_i].outputs);
  g_autoptr(ExpectationPart) old = expectation_part_new(NULL, "finishes", NULL, kept[_i].old);
  g_autoptr(GError) error = NULL;
  g_autoptr(ExpectationPart) part = propose(&runs, old, &error);
  ck_assert_msg(part != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq(part->output, kept[_i].proposal);
}
END_TEST

START_TEST(relations_stay_as_long_as_they_speak_of_something) {
  const gchar *const where[] = {"a < b", "a < c", NULL};
  const gchar *const outputs[] = {"1 2\nx\n", NULL};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  g_autoptr(ExpectationPart) old =
      expectation_part_new(NULL, "finishes", where, "{a:int} {b:int}\n{c:int}\n");
  g_autoptr(ExpectationPart) part = propose(&runs, old, NULL);
  ck_assert_str_eq(part->output, "{a:int} {b:int}\nx\n");
  ck_assert_str_eq(part->where[0], "a < b");
  ck_assert_ptr_null(part->where[1]);
}
END_TEST

START_TEST(what_is_to_be_true_after_the_run_stays) {
  const gchar *const after[] = {"x == 1", NULL};
  const gchar *const outputs[] = {"other\n", NULL};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  g_autoptr(ExpectationPart) old = expectation_part_new(NULL, "finishes", NULL, "one\n");
  expectation_part_set_after(old, after);
  g_autoptr(ExpectationPart) part = propose(&runs, old, NULL);
  ck_assert_str_eq(part->output, "other\n");
  ck_assert_str_eq(part->after[0], "x == 1");
  ck_assert_ptr_null(part->after[1]);
}
END_TEST

START_TEST(a_looser_outcome_stays) {
  const gchar *const outputs[] = {"x\n", NULL};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  runs.runs[0]->outcome = OUTCOME_STUCK;
  g_ptr_array_add(runs.runs[0]->waits, waiting_new(0, "MainThread", 4, "", "lock"));
  g_autoptr(ExpectationPart) fresh = propose(&runs, NULL, NULL);
  ck_assert_str_eq(fresh->outcome, "deadlocks at 4");
  g_autoptr(ExpectationPart) old = expectation_part_new(NULL, "never ends", NULL, "y\n");
  g_autoptr(ExpectationPart) part = propose(&runs, old, NULL);
  ck_assert_str_eq(part->outcome, "never ends");
}
END_TEST

START_TEST(what_ends_in_several_ways_is_refused) {
  const gchar *const outputs[] = {"x\n", "x\n", NULL};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  g_autoptr(GError) error = NULL;
  runs.runs[1]->outcome = OUTCOME_EXITED;
  runs.runs[1]->exit_code = 3;
  ck_assert_ptr_null(propose(&runs, NULL, &error));
  ck_assert(g_error_matches(error, PROPOSE_ERROR, PROPOSE_ERROR_VARIES));
  ck_assert_str_eq(error->message,
                   "it does not end the same way each time: 'finishes' and 'exits 3'");
}
END_TEST

START_TEST(what_was_cut_is_refused) {
  const gchar *const outputs[] = {"x\n", NULL};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  g_autoptr(GError) error = NULL;
  runs.runs[0]->output_cut = 1;
  ck_assert_ptr_null(propose(&runs, NULL, &error));
  ck_assert(g_error_matches(error, PROPOSE_ERROR, PROPOSE_ERROR_RUN));
}
END_TEST

START_TEST(a_part_has_problems) {
  const gchar *const where[] = {"a < zebra", NULL};
  g_autoptr(ExpectationPart) part = expectation_part_new(NULL, "finishes", where, "{a:int}\n");
  g_autofree gchar *problem = part_problem(part);
  ck_assert_str_eq(problem, "'a < zebra': no {zebra:...} captures 'zebra'");
}
END_TEST

/* Each shape is described once, however many lines have it. */
START_TEST(many_shuffled_lines_are_one_block) {
  g_autoptr(GString) one = g_string_new(NULL), other = g_string_new(NULL);
  for (guint i = 0; i < 4000; i++) {
    g_string_append_printf(one, "%s 0.%u s\n", i % 2 ? "a" : "b", 1000 + i);
    g_string_append_printf(other, "%s 0.%u s\n", i % 2 ? "b" : "a", 5999 - i);
  }
  const gchar *const outputs[RUNS_MAX] = {one->str, other->str};
  g_auto(Runs) runs = runs_new("pass\n", outputs);
  g_autoptr(ExpectationPart) part = propose(&runs, NULL, NULL);
  ck_assert(g_str_has_prefix(part->output, "{unordered}\na {:seconds} s\na {:seconds} s\n"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expect_propose");
  TCase *tests = tcase_create("expect_propose");
  tcase_add_loop_test(tests, what_varied_becomes_a_matcher, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tests, a_clock_is_never_exact);
  tcase_add_loop_test(tests, what_still_fits_stays, 0, G_N_ELEMENTS(kept));
  tcase_add_test(tests, relations_stay_as_long_as_they_speak_of_something);
  tcase_add_test(tests, what_is_to_be_true_after_the_run_stays);
  tcase_add_test(tests, a_looser_outcome_stays);
  tcase_add_test(tests, what_ends_in_several_ways_is_refused);
  tcase_add_test(tests, what_was_cut_is_refused);
  tcase_add_test(tests, a_part_has_problems);
  tcase_add_test(tests, many_shuffled_lines_are_one_block);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
