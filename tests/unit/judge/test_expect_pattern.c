/* Accepted output with its matchers, against lines. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "judge/expect_align.h"
#include "judge/propose.h"

static gboolean matches(const gchar *body, const gchar *text, Bindings *bindings) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Pattern) pattern = pattern_new(body, &error);
  ck_assert_msg(pattern != NULL, "%s", error != NULL ? error->message : "");
  g_autoptr(GPtrArray) lines = output_lines(text);
  gboolean result = pattern_match(pattern, lines, bindings);
  g_array_set_size(bindings, 0); /* their names are the pattern's */
  return result;
}

static const struct {
  const gchar *body, *text;
  gboolean matches;
} pairs[] = {
    /* plain text */
    {"", "", TRUE},
    {"a\nb\n", "a\nb\n", TRUE},
    {"a\nb", "a  \nb", TRUE},
    {"a\nb\n", "a\r\nb\r\n", TRUE},
    {"a\n", "a\n\n", FALSE},
    {"", "\n", FALSE},
    {" a\n", "a\n", FALSE},
    {"{'a': {1, 2}, 'b': {}}\n", "{'a': {1, 2}, 'b': {}}\n", TRUE},
    {"...\n", "...\n", TRUE},
    {"...\n", "anything\n", FALSE},
    {"{x} {} {x:5} {x:.2f} {0:int\n", "{x} {} {x:5} {x:.2f} {0:int\n", TRUE},
    {"{end}\n", "{end}\n", TRUE},
    {"a.b\n", "axb\n", FALSE},
    /* types */
    {"n = {n:int}", "n = -1,234", TRUE},
    {"n = {n:int}", "n = 1.5", FALSE},
    {"{:float}", "1.5", TRUE},
    {"{:float}", "1e-05", TRUE},
    {"{:float}", "nan", TRUE},
    {"{:float}", "3", FALSE},
    {"{:number} {:number}", "3 -2.5", TRUE},
    {"{:seconds}s", "0.25s", TRUE},
    {"{:seconds}s", "-0.25s", FALSE},
    {"{:seconds} s", "3 s", TRUE},
    {"<{:word}>", "<a-b>", TRUE},
    {"<{:word}>", "<a b>", FALSE},
    {"[{:text}]", "[a b]", TRUE},
    {"[{:text}]", "[]", TRUE},
    {"<A object at {:address}>", "<A object at 0x7f12ab>", TRUE},
    {"<A object at {:address}>", "<A object at 7f12ab>", FALSE},
    {"{:hex}", "deadBEEF01", TRUE},
    {"{:hex}", "xyz", FALSE},
    {"{:/[a-c]+/}!", "abc!", TRUE},
    {"{:/[a-c]+/}!", "abd!", FALSE},
    {"{:/a|b/}c", "ac", TRUE},
    {"{:/\\d{2}:\\d{2}\\/x/}", "12:30/x", TRUE},
    {"a {...} z", "a b c z", TRUE},
    {"a {...} z", "a z", FALSE},
    /* lines */
    {"{...}", "", TRUE},
    {"{...}", "a\nb\n", TRUE},
    {"a\n{...}\nd", "a\nb\nc\nd", TRUE},
    {"a\n{...}\nd", "a\nd", TRUE},
    {"a\n{...}\nd", "a\nb", FALSE},
    {"{...}\nb\n{...}\nb\n{...}", "a\nb\nc\nb", TRUE},
    {"{...}\nb\n{...}\nb\n{...}", "a\nb\nc", FALSE},
    {"a\n{...}\na", "a", FALSE},
    {"{unordered}\na\nb\na\n{end}\nc", "b\na\na\nc", TRUE},
    {"{unordered}\na\nb\n{end}", "a\na", FALSE},
    {"{unordered}\n{:int}\n{:number}\n{end}", "1.5\n2", TRUE},
    {"{unordered}\n{:number}\n{:int}\n1\n{end}", "1\n2\n3.5", TRUE},
    {"{unordered}\n{:number}\n{:int}\n{end}", "1.5\n2.5", FALSE},
    /* names */
    {"{a:int} {a:int}", "5 5", TRUE},
    {"{a:int} {a:int}", "5 6", FALSE},
    {"{a:int}\n{b:word}\n{a:int}", "5\nx\n5", TRUE},
    {"{a:int}\n{b:word}\n{a:int}", "5\nx\n6", FALSE},
    {"{a:text}, {a:text}.", "x+(, x+(.", TRUE},
    {"{...}\n{a:word}\n{...}\n<{a:word}>", "x\ny\n<x>", TRUE},
    /* escapes */
    {"\\{n:int}", "{n:int}", TRUE},
    {"\\{n:int}", "5", FALSE},
    {"\\\\{n:int}", "\\{n:int}", TRUE},
    {"{'d': \\{...}}", "{'d': {...}}", TRUE},
    {"\\{unordered}\n\\{end}", "{unordered}\n{end}", TRUE},
    {"C:{:/\\\\/}{n:int}", "C:\\5", TRUE},
};

START_TEST(output_is_matched) {
  g_autoptr(Bindings) bindings = bindings_new();
  ck_assert_msg(matches(pairs[_i].body, pairs[_i].text, bindings) == pairs[_i].matches,
                "%s against %s", pairs[_i].body, pairs[_i].text);
}
END_TEST

/* Whatever Python prints stands for itself when it is escaped. */
static const gchar *const plain[] = {
    "",
    "{...}",
    "\\{...}",
    "{n:int} and \\{n:int}",
    "{unordered}",
    "{end}",
    "\\{end}",
    "\\\\{end}",
    "{'a': {...}, 'b': {}}",
    "{:/x/}",
    "\\",
    "a\\",
    "{{x:int}}",
    "f'{x:float}'",
    "{x:int",
    "\\\\\\{x:word}\\",
};

START_TEST(an_escaped_line_stands_for_itself) {
  g_autoptr(Bindings) bindings = bindings_new();
  g_autofree gchar *escaped = pattern_escape(plain[_i]);
  g_autofree gchar *body = g_strconcat(escaped, "\n", NULL);
  g_autofree gchar *text = g_strconcat(plain[_i], "\n", NULL);
  g_autofree gchar *other = g_strconcat(plain[_i], "!\n", NULL);
  ck_assert_msg(matches(body, text, bindings), "%s", escaped);
  ck_assert(!matches(body, other, bindings));
  g_autofree gchar *part = pattern_escape_part(plain[_i], TRUE);
  g_autofree gchar *mixed = g_strconcat(part, "{:int}\n", NULL);
  g_autofree gchar *number = g_strconcat(plain[_i], "12\n", NULL);
  ck_assert_msg(matches(mixed, number, bindings), "%s", mixed);
}
END_TEST

static const struct {
  const gchar *body, *message;
  gint line;
} broken[] = {
    {"a\n{unordered}\nb\n", "{unordered} without {end}", 2},
    {"a\nb\n{x:/(/}\n", NULL, 3},
    {"{:/a)(b/}\n", NULL, 1},
    {"{:/a(*ACCEPT)b/}\n", "'(*' has no place in a regular expression", 1},
    {"a\n{:/\\\\\\Qa/}\n", "'\\Q' has no place in a regular expression", 2},
    {"{a_name_that_is_much_longer_than_any_needs:int}\n", NULL, 1},
};

START_TEST(what_cannot_be_read_is_an_error) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(pattern_new(broken[_i].body, &error));
  ck_assert_int_eq(error->code, broken[_i].line);
  if (broken[_i].message != NULL)
    ck_assert_str_eq(error->message, broken[_i].message);
}
END_TEST

/* Would take longer than the test may without a limit. */
START_TEST(an_expression_that_explodes_ends) {
  g_autoptr(Bindings) bindings = bindings_new();
  g_autofree gchar *text = g_strnfill(20000, 'a');
  ck_assert(!matches("{:/(a|aa|a?)+(a|aa|a?)+b/}", text, bindings));
}
END_TEST

START_TEST(names_are_kept) {
  g_autoptr(Pattern) pattern = pattern_new("T: {t:seconds}s\n{...}\n{id:address}\n", NULL);
  g_autoptr(GPtrArray) lines = output_lines("T: 0.5s\nx\n0xff\n");
  g_autoptr(Bindings) bindings = bindings_new();
  ck_assert(pattern_match(pattern, lines, bindings));
  ck_assert_str_eq(bindings_find(bindings, "t")->text, "0.5");
  ck_assert_int_eq(bindings_find(bindings, "t")->kind, CAPTURE_SECONDS);
  ck_assert_str_eq(bindings_find(bindings, "id")->text, "0xff");
  ck_assert_ptr_null(bindings_find(bindings, "x"));
  ck_assert_ptr_nonnull(pattern_capture(pattern, "t"));
  ck_assert_ptr_null(pattern_capture(pattern, "x"));
}
END_TEST

static const struct {
  const gchar *body, *text, *difference;
} differences[] = {
    {"a\nb\n", "a\nb\n", ""},
    {"a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n"},
    {"a\n", "a\nb\n", " a\n+b\n"},
    {"a\nb\n", "b\n", "-a\n b\n"},
    {"n {n:int}\n", "n x\n", "-n {n:int}\n+n x\n"},
    {"{a:int}\n{a:int}\n", "1\n2\n", " 1\n-{a:int}\n+2\n"},
    {"a\n{...}\nz\n", "a\nb\ny\n", " a\n b\n-z\n+y\n"},
    {"{unordered}\na\nb\n{end}\nz\n", "b\nc\nz\n", "-a\n b\n+c\n z\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\nx\n",
     " \xe2\x80\xa6\n 6\n 7\n 8\n-9\n+x\n"},
};

START_TEST(a_difference_is_shown) {
  g_autoptr(Pattern) pattern = pattern_new(differences[_i].body, NULL);
  g_autoptr(GPtrArray) lines = output_lines(differences[_i].text);
  g_autofree gchar *difference = pattern_difference(pattern, lines);
  ck_assert_str_eq(difference, differences[_i].difference);
}
END_TEST

START_TEST(texts_are_compared_as_they_are) {
  g_autofree gchar *difference = text_difference("{...}\n{n:int}\n", "{...}\n5\n");
  ck_assert_str_eq(difference, " {...}\n-{n:int}\n+5\n");
}
END_TEST

#define MANY 3000u

/* Not in quadratic time, and not without an end. */
START_TEST(many_unordered_lines_are_compared) {
  g_autoptr(GString) body = g_string_new("{unordered}\n");
  g_autoptr(GString) vague = g_string_new("{unordered}\n");
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < MANY; i++) {
    g_string_append_printf(body, "job %u: {:seconds} s\n", i);
    g_string_append_printf(vague, "{:word} {:/%u/} {:word} {:word}\n", i);
    g_string_append_printf(text, "job %u: 0.5 s\n", MANY - 1 - i);
  }
  g_string_append(body, "{end}\n");
  g_string_append(vague, "{end}\n");
  g_autoptr(GPtrArray) lines = output_lines(text->str);
  g_autoptr(Bindings) bindings = bindings_new();
  g_autoptr(Pattern) pattern = pattern_new(body->str, NULL);
  gboolean is_spent = FALSE;
  ck_assert(pattern_match_within(pattern, lines, bindings, &is_spent));
  g_autoptr(Pattern) endless = pattern_new(vague->str, NULL);
  ck_assert(!pattern_match_within(endless, lines, bindings, &is_spent));
  ck_assert(is_spent);
}
END_TEST

START_TEST(an_escaped_verb_is_none) {
  g_autoptr(Bindings) bindings = bindings_new();
  ck_assert(matches("{:/\\(*a/}\n", "((a\n", bindings));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("expect_pattern");
  TCase *tests = tcase_create("expect_pattern");
  tcase_add_loop_test(tests, output_is_matched, 0, G_N_ELEMENTS(pairs));
  tcase_add_loop_test(tests, an_escaped_line_stands_for_itself, 0, G_N_ELEMENTS(plain));
  tcase_add_loop_test(tests, what_cannot_be_read_is_an_error, 0, G_N_ELEMENTS(broken));
  tcase_add_test(tests, an_expression_that_explodes_ends);
  tcase_add_test(tests, names_are_kept);
  tcase_add_loop_test(tests, a_difference_is_shown, 0, G_N_ELEMENTS(differences));
  tcase_add_test(tests, texts_are_compared_as_they_are);
  tcase_add_test(tests, many_unordered_lines_are_compared);
  tcase_add_test(tests, an_escaped_verb_is_none);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
