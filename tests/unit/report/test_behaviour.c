/* What changed between two runs of a snippet. */
#include "report/behaviour.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/line_diff.h"

/* --- lines ------------------------------------------------------------------------------- */

static void check_diff(const gchar *before, const gchar *after, const gchar *expected) {
  g_autofree gchar *actual = line_diff(before, after);
  ck_assert_str_eq(actual, expected);
}

START_TEST(differences_of_lines) {
  check_diff("", "", "");
  check_diff("a\n", "a\n", "");
  check_diff("a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n");
  check_diff("", "a\n", "@@ -0,0 +1 @@\n+a\n");
  check_diff("a\nb\nc\n", "a\nc\n", "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
  check_diff("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of output\n");
  check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
             "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  check_diff("a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n", "c\n1\n2\n3\n4\n5\n6\n7\n8\nd\n",
             "@@ -1,4 +1,4 @@\n-a\n+c\n 1\n 2\n 3\n@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-b\n+d\n");
  check_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "c\n1\n2\n3\n4\n5\n6\nd\n",
             "@@ -1,8 +1,8 @@\n-a\n+c\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+d\n");
}
END_TEST

START_TEST(many_lines) {
  g_autoptr(GString) before = g_string_new(NULL);
  g_autoptr(GString) after = g_string_new(NULL);
  for (guint i = 0; i < 20000; i++) {
    g_string_append_printf(before, "%u\n", i);
    g_string_append_printf(after, "%u\n", i * 2 + 1);
  }
  g_autofree gchar *actual = line_diff(before->str, after->str);
  ck_assert(g_str_has_prefix(actual, "@@ -1,20000 +1,20000 @@\n-0\n"));
}
END_TEST

static void check_steady(const gchar *once, const gchar *again, const gchar *expected) {
  g_autofree gchar *actual = line_diff_steady(once, again);
  ck_assert_pstr_eq(actual, expected);
}

START_TEST(what_two_runs_have_in_common) {
  check_steady("a b\n", "a b\n", "a b\n");
  check_steady("took 0.12 s\nend\n", "took 0.3 s\nend\n", "took " VARYING " s\nend\n");
  check_steady("a b\n", "c\n", VARYING "\n");
  check_steady("{a, b, c} end", "{b, c, a} end", VARYING " end");
  check_steady("a\n", "a\nb\n", NULL);
  check_steady("took " VARYING " s", "took 1 s", "took " VARYING " s");
}
END_TEST

START_TEST(what_varies_is_equal_to_anything) {
  check_diff("took " VARYING " s\n", "took 5 s\n", "");
  check_diff("took " VARYING " s\n", "took 5 m\n", "@@ -1 +1 @@\n-took " VARYING " s\n+took 5 m\n");
  check_diff("took " VARYING " s\n", "took 5 s more\n",
             "@@ -1 +1 @@\n-took " VARYING " s\n+took 5 s more\n");
  check_diff("took " VARYING " s\n", "took 5 m 2 s\n", "");
  check_diff("a " VARYING "\n", VARYING " b\n", "");
  check_diff("a " VARYING "\n", "a\n", "@@ -1 +1 @@\n-a " VARYING "\n+a\n");
  check_diff(VARYING "\n", "anything at all\n", "");
}
END_TEST

/* --- runs -------------------------------------------------------------------------------- */

typedef struct {
  Document *before, *after;
  Snippet *old, *new;
  BehaviourChange *change;
} World;

static World *world_with(const gchar *old_source, const gchar *new_source) {
  World *world = g_new0(World, 1);
  world->before = document_new("a.md", "a");
  world->after = document_new("a.md", "a");
  world->old = add_snippet(world->before, old_source, 10);
  world->new = add_snippet(world->after, new_source, 20);
  world->change = behaviour_change_new(world->old, world->new);
  world->change->because = g_strdup("its code changed");
  world->change->is_edited = world->change->compares_runs = TRUE;
  return world;
}

static void world_free(World *world) {
  behaviour_change_free(world->change);
  document_free(world->before);
  document_free(world->after);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static World *world_new(void) {
  return world_with("print(1)\nx\n", "print(2)\nx\n");
}

static Behaviour *run(const Snippet *snippet, VerdictClass class, const gchar *output) {
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(class, "finishes", NULL);
  g_string_append(transcript->output, output);
  return behaviour_new(snippet, transcript, verdict);
}

static Behaviour *claiming(const Snippet *snippet, VerdictClass class, ClaimState first,
                           ClaimState second) {
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(class, "finishes", NULL);
  const ClaimState states[] = {first, second};
  for (guint i = 0; i < snippet->claims->len; i++)
    verdict_add_result(verdict, g_ptr_array_index(snippet->claims, i), states[i], "9", NULL);
  return behaviour_new(snippet, transcript, verdict);
}

static void timed(Behaviour *behaviour, guint64 cpu_ms) {
  behaviour->cpu_ns = cpu_ms * 1000000;
  behaviour->wall_ns = cpu_ms * 1000000;
}

/* Two runs more of each version. */
static void confirm(World *world, const gchar *was1, const gchar *was2, const gchar *is1,
                    const gchar *is2) {
  VerdictClass old = world->change->was->class, new = world->change->is->class;
  g_autoptr(Behaviour) was_one = run(world->old, old, was1);
  g_autoptr(Behaviour) was_two = run(world->old, old, was2);
  g_autoptr(Behaviour) is_one = run(world->new, new, is1);
  g_autoptr(Behaviour) is_two = run(world->new, new, is2);
  behaviour_confirm(world->change, (const Behaviour *[]){was_one, was_two},
                    (const Behaviour *[]){is_one, is_two});
}

static BehaviourReport report_of(const GPtrArray *changes) {
  return (BehaviourReport){.before = {"main (1a2b3c4)", "1a2b3c4", 3},
                           .after = {"the disk", NULL, 3},
                           .changes = changes};
}

static gchar *text_of(const World *world) {
  g_autoptr(GPtrArray) changes = g_ptr_array_new();
  g_ptr_array_add(changes, world->change);
  BehaviourReport report = report_of(changes);
  return behaviour_text(&report, FALSE);
}

static void check_says(const World *world, const gchar *expected) {
  g_autofree gchar *text = text_of(world);
  ck_assert_msg(strstr(text, expected) != NULL, "not '%s' in:\n%s", expected, text);
}

START_TEST(the_same_again) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "1\n");
  world->change->is = run(world->new, VERDICT_RAN, "1\n");
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, 0);
  ck_assert(!behaviour_is_suspect(world->change));
  ck_assert(!behaviour_is_worse(world->change));
  check_says(world, "3 blocks; 1 compared\nnothing behaves otherwise\nnothing was run, ");
}
END_TEST

START_TEST(another_output) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "1\n");
  world->change->is = run(world->new, VERDICT_RAN, "2\n");
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, NEWS_OUTPUT);
  ck_assert(behaviour_is_suspect(world->change));
  confirm(world, "1\n", "1\n", "2\n", "2\n");
  ck_assert_uint_eq(world->change->news, NEWS_OUTPUT);
  ck_assert(!world->change->varies);
  ck_assert(!behaviour_is_worse(world->change));
  check_says(world, "a.md:20: another output\n    @@ -1 +1 @@\n    -1\n    +2\n");
}
END_TEST

START_TEST(an_output_that_varies_is_no_news) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "took 1 s\n");
  world->change->is = run(world->new, VERDICT_RAN, "took 2 s\n");
  behaviour_compare(world->change);
  confirm(world, "took 3 s\n", "took 4 s\n", "took 5 s\n", "took 6 s\n");
  ck_assert_uint_eq(world->change->news, 0);
  ck_assert(world->change->varies);
  check_says(world, "1 varies from run to run");
}
END_TEST

START_TEST(what_is_the_same_with_the_same_hashes_is_no_news) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "{a, b}\n");
  world->change->is = run(world->new, VERDICT_RAN, "{b, a}\n");
  behaviour_compare(world->change);
  confirm(world, "{a, b}\n", "{a, b}\n", "{a, b}\n", "{a, b}\n");
  ck_assert_uint_eq(world->change->news, 0);
}
END_TEST

START_TEST(what_is_steady_of_an_output_that_varies_counts) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "took 1 s\none\n");
  world->change->is = run(world->new, VERDICT_RAN, "took 2 s\ntwo\n");
  behaviour_compare(world->change);
  confirm(world, "took 3 s\none\n", "took 4 s\none\n", "took 5 s\ntwo\n", "took 6 s\ntwo\n");
  ck_assert_uint_eq(world->change->news, NEWS_OUTPUT);
  ck_assert_str_eq(world->change->output_diff,
                   "@@ -1,2 +1,2 @@\n took " VARYING " s\n-one\n+two\n");
}
END_TEST

START_TEST(a_verdict_that_varies_is_no_news) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_VERIFIED, "1\n");
  world->change->is = run(world->new, VERDICT_RAISED, "1\n");
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, NEWS_CLASS);
  g_autoptr(Behaviour) was = run(world->old, VERDICT_VERIFIED, "1\n");
  g_autoptr(Behaviour) raised = run(world->new, VERDICT_RAISED, "1\n");
  g_autoptr(Behaviour) verified = run(world->new, VERDICT_VERIFIED, "1\n");
  behaviour_confirm(world->change, (const Behaviour *[]){was, was},
                    (const Behaviour *[]){raised, verified});
  ck_assert_uint_eq(world->change->news, 0);
  ck_assert(world->change->varies);
}
END_TEST

START_TEST(runs_that_failed_take_nothing_back) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_VERIFIED, "1\n");
  world->change->is = run(world->new, VERDICT_RAISED, "1\n");
  behaviour_compare(world->change);
  g_autoptr(Behaviour) infra = run(world->new, VERDICT_INFRA, "");
  behaviour_confirm(world->change, (const Behaviour *[]){NULL, NULL},
                    (const Behaviour *[]){infra, infra});
  ck_assert_uint_eq(world->change->news, NEWS_CLASS);
}
END_TEST

START_TEST(claims_are_known_again_by_the_code_that_they_speak_of) {
  g_autoptr(World) world =
      world_with("print(f(1))  # 3\nprint(f(2))  # 4\n", "print(f(0))  # 2\nprint(f(1))  # 3\n");
  for (guint i = 1; i <= 2; i++) {
    add_claim(world->old, i, i == 1 ? "3" : "4", i == 1 ? "3" : "4")->column = 13;
    add_claim(world->new, i, i == 1 ? "2" : "3", i == 1 ? "2" : "3")->column = 13;
  }
  world->change->was = claiming(world->old, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  world->change->is = claiming(world->new, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->became_false->len, 1);
  ck_assert_uint_eq(world->change->became_true->len, 1);
  ck_assert(behaviour_is_worse(world->change));
  check_says(world, "a.md:20: became false: says '2', printed 9\n    print(f(0))  # 2\n"
                    "a.md:21: became true: '3'\n");
  check_says(world, "1 claim became false, 1 claim became true\n");
}
END_TEST

START_TEST(a_claim_that_stays_false_is_no_news) {
  g_autoptr(World) world = world_with("print(1)  # 2\n", "print(1)  # 3\n");
  add_claim(world->old, 1, "2", "2")->column = 10;
  add_claim(world->new, 1, "3", "3")->column = 10;
  world->change->was = claiming(world->old, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  world->change->is = claiming(world->new, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, 0);
  ck_assert(!behaviour_is_worse(world->change));
}
END_TEST

START_TEST(another_class) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "1\n");
  world->change->is = run(world->new, VERDICT_HUNG, "1\n");
  behaviour_compare(world->change);
  ck_assert(behaviour_is_worse(world->change));
  check_says(world, "a.md:20: hung, was ran: finishes\n");
  check_says(world, "1 verdict changed");
}
END_TEST

START_TEST(what_could_not_be_run) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_NEEDS, "");
  world->change->is = run(world->new, VERDICT_NEEDS, "");
  behaviour_compare(world->change);
  ck_assert_ptr_nonnull(world->change->incomparable);
  ck_assert(!behaviour_is_suspect(world->change));
  check_says(world, "a.md:20: cannot be compared: needs");
  /* That it can be run now, or no more, is news. */
  g_autoptr(World) other = world_new();
  other->change->was = run(other->old, VERDICT_VERIFIED, "");
  other->change->is = run(other->new, VERDICT_NEEDS, "");
  behaviour_compare(other->change);
  ck_assert_ptr_null(other->change->incomparable);
  check_says(other, "needs, was verified");
  g_autoptr(World) third = world_new();
  third->change->was = run(third->old, VERDICT_INFRA, "");
  third->change->is = run(third->new, VERDICT_FALSE, "");
  behaviour_compare(third->change);
  ck_assert(!behaviour_is_worse(third->change));
}
END_TEST

START_TEST(runs_do_not_count_where_only_what_is_said_changed) {
  g_autoptr(World) world = world_new();
  world->change->compares_runs = world->change->is_edited = FALSE;
  world->change->was = run(world->old, VERDICT_VERIFIED, "1\n");
  world->change->is = run(world->new, VERDICT_CHANGED, "2\n");
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, NEWS_CLASS);
  ck_assert(!behaviour_is_suspect(world->change));
  check_says(world, "(its code changed)");
}
END_TEST

START_TEST(a_snippet_that_was_added) {
  g_autoptr(World) world = world_with("x\n", "print(1)  # 2\n");
  add_claim(world->new, 1, "2", "2");
  world->change->before = NULL;
  world->change->is = claiming(world->new, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  behaviour_compare(world->change);
  ck_assert(behaviour_is_worse(world->change));
  check_says(world, "a.md:20: added, and false: says '2', printed 9\n");
}
END_TEST

START_TEST(a_snippet_that_was_removed_or_moved) {
  g_autoptr(World) world = world_new();
  world->change->is_moved = TRUE;
  check_says(world, "a.md:20: moved from a.md:10\n");
  world->change->is_moved = FALSE;
  world->change->after = NULL;
  check_says(world, "a.md:10: removed\n");
  check_says(world, "1 removed\n");
}
END_TEST

/* --- times ------------------------------------------------------------------------------- */

static GPtrArray *runs(const Snippet *snippet, guint least, guint step) {
  GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)behaviour_free);
  for (guint i = 0; i < 5; i++) {
    Behaviour *one = run(snippet, VERDICT_RAN, "");
    timed(one, least + i * step);
    g_ptr_array_add(all, one);
  }
  return all;
}

START_TEST(times) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "");
  world->change->is = run(world->new, VERDICT_RAN, "");
  timed(world->change->was, 10);
  timed(world->change->is, 25);
  ck_assert(!behaviour_is_slow_suspect(world->change)); /* only 15 ms */
  timed(world->change->is, 100);
  behaviour_compare(world->change);
  ck_assert_uint_eq(world->change->news, 0);
  ck_assert(behaviour_is_slow_suspect(world->change));

  g_autoptr(GPtrArray) before = runs(world->old, 10, 5);
  g_autoptr(GPtrArray) overlapping = runs(world->new, 20, 20);
  g_autoptr(GPtrArray) clear = runs(world->new, 90, 5);
  ck_assert(!behaviour_time_is_open(before, overlapping));
  ck_assert(behaviour_time_is_open(before, clear));
  behaviour_time(world->change, before, overlapping);
  ck_assert_uint_eq(world->change->news, 0);
  behaviour_time(world->change, before, clear);
  ck_assert_uint_eq(world->change->news, NEWS_TIME);
  ck_assert(!behaviour_is_worse(world->change));
  check_says(world, "slower: 0.1 s (0.09 to 0.11) of CPU, was 0.02 s (0.01 to 0.03); 5 runs each");
  behaviour_time(world->change, clear, before);
  check_says(world, "faster: ");
}
END_TEST

/* --- Markdown ---------------------------------------------------------------------------- */

static gchar *markdown_of(const World *world) {
  g_autoptr(GPtrArray) changes = g_ptr_array_new();
  g_ptr_array_add(changes, world->change);
  BehaviourReport report = report_of(changes);
  return behaviour_markdown(&report);
}

START_TEST(nothing_gets_out_of_its_cell) {
  g_autoptr(World) world = world_with("print(1)  # 2\n", "print(1)  # 2\n");
  g_free(world->after->path);
  world->after->path = g_strdup("a|`b`.md");
  add_claim(world->new, 1, "| </td> `x` @all #1 *b*", "2");
  world->change->was = claiming(world->old, VERDICT_VERIFIED, CLAIM_HOLDS, CLAIM_HOLDS);
  world->change->is = claiming(world->new, VERDICT_FALSE, CLAIM_CONTRADICTED, CLAIM_HOLDS);
  behaviour_compare(world->change);
  g_autofree gchar *text = markdown_of(world);
  const gchar *expected = "| ``a\\|`b`.md:20`` | **became false**: says '\\| &lt;/td&gt; \\`x\\` "
                          "@\xe2\x80\x8b"
                          "all #\xe2\x80\x8b"
                          "1 \\*b\\*', printed 9 |\n";
  ck_assert_msg(strstr(text, expected) != NULL, "%s", text);
}
END_TEST

START_TEST(nothing_gets_out_of_its_fence) {
  g_autoptr(World) world = world_new();
  world->change->was = run(world->old, VERDICT_RAN, "```\n</details>\n");
  world->change->is = run(world->new, VERDICT_RAN, "````\n</details>\n\x1b[2J\n");
  behaviour_compare(world->change);
  g_autofree gchar *text = markdown_of(world);
  const gchar *expected = "<details><summary>Output of <code>a.md:20</code></summary>\n\n"
                          "`````diff\n@@ -1,2 +1,3 @@\n-```\n+````\n </details>\n+\\x1b[2J\n`````\n"
                          "\n</details>\n";
  ck_assert_msg(strstr(text, expected) != NULL, "%s", text);
}
END_TEST

START_TEST(a_comment_stays_short_enough) {
  g_autoptr(GPtrArray) changes =
      g_ptr_array_new_with_free_func((GDestroyNotify)behaviour_change_free);
  g_autoptr(Document) document = document_new("a.md", "a");
  g_autoptr(GString) output = g_string_new(NULL);
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf(output, "line %u\n", i);
  for (guint i = 0; i < 300; i++) {
    Snippet *snippet = add_snippet(document, "x\n", i);
    BehaviourChange *change = behaviour_change_new(snippet, snippet);
    change->compares_runs = TRUE;
    change->was = run(snippet, VERDICT_RAN, "");
    change->is = run(snippet, VERDICT_RAN, output->str);
    behaviour_compare(change);
    g_ptr_array_add(changes, change);
  }
  BehaviourReport report = report_of(changes);
  g_autofree gchar *text = behaviour_markdown(&report);
  ck_assert_uint_lt(strlen(text), 60000);
  ck_assert(strstr(text, "\nand 240 more.\n") != NULL);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("behaviour");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 30);
  tcase_add_test(all, differences_of_lines);
  tcase_add_test(all, many_lines);
  tcase_add_test(all, what_two_runs_have_in_common);
  tcase_add_test(all, what_varies_is_equal_to_anything);
  tcase_add_test(all, the_same_again);
  tcase_add_test(all, another_output);
  tcase_add_test(all, an_output_that_varies_is_no_news);
  tcase_add_test(all, what_is_the_same_with_the_same_hashes_is_no_news);
  tcase_add_test(all, what_is_steady_of_an_output_that_varies_counts);
  tcase_add_test(all, a_verdict_that_varies_is_no_news);
  tcase_add_test(all, runs_that_failed_take_nothing_back);
  tcase_add_test(all, claims_are_known_again_by_the_code_that_they_speak_of);
  tcase_add_test(all, a_claim_that_stays_false_is_no_news);
  tcase_add_test(all, another_class);
  tcase_add_test(all, what_could_not_be_run);
  tcase_add_test(all, runs_do_not_count_where_only_what_is_said_changed);
  tcase_add_test(all, a_snippet_that_was_added);
  tcase_add_test(all, a_snippet_that_was_removed_or_moved);
  tcase_add_test(all, times);
  tcase_add_test(all, nothing_gets_out_of_its_cell);
  tcase_add_test(all, nothing_gets_out_of_its_fence);
  tcase_add_test(all, a_comment_stays_short_enough);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
