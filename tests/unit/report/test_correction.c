/* What a document should say instead: documents as bytes, claims made by hand. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/snippet.h"
#include "report/correction.h"

static Document *document;

static void set_up(void) {
  document = document_new("notes.md", "notes");
}

static void tear_down(void) {
  document_free(document);
}

/* A case: a document whose snippet begins on a line, and one claim of it. */
typedef struct {
  const gchar *bytes;
  const gchar *source;
  guint first_line;
  ClaimRule rule;
  ClaimTarget target;
  guint line; /* source line of the claim */
  const gchar *text;
  const gchar *expected;
  const gchar *actual;
  const gchar *result; /* the document afterwards; or the reason why there is none */
  gboolean below;
} Instance;

static gchar *correct(const Instance *instance) {
  g_autoptr(Snippet) snippet =
      snippet_new(document, NULL, SNIPPET_SCRIPT, instance->source, instance->first_line);
  Claim *claim = claim_new(instance->rule, instance->target, instance->line, instance->text,
                           instance->expected);
  g_ptr_array_add(snippet->claims, claim);
  claim->below = instance->below;
  ClaimResult result = {claim, CLAIM_CONTRADICTED, (gchar *)instance->actual, NULL};
  gsize size = strlen(instance->bytes);
  gchar *reason = NULL;
  Correction *correction = correction_of_claim(instance->bytes, size, snippet, &result, &reason);
  if (correction == NULL)
    return reason;
  ck_assert_ptr_null(reason);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  g_ptr_array_add(all, correction);
  gsize new_size;
  return corrections_apply(instance->bytes, size, all, &new_size);
}

static const Instance instances[] = {
    /* The value alone; label, prose and quotes stay. */
    {"p(x)  # [1, 2]\n", "p(x)  # [1, 2]\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "[1, 2]", "[1, 2]",
     "[1, 3]\n", "p(x)  # [1, 3]\n"},
    {"p(x)  # Output: [1] (note [1])\n", "p(x)  # Output: [1] (note [1])\n", 1, CLAIM_LABEL,
     CLAIM_OF_LINE, 1, "Output: [1] (note [1])", "[1]", "[2]", "p(x)  # Output: [2] (note [1])\n"},
    {"p(1)  #> 1\n", "p(1)  #> 1\n", 1, CLAIM_ARROW, CLAIM_OF_LINE, 1, "> 1", "1", "2",
     "p(1)  #> 2\n"},
    {"f()  # 1 since 1 is odd\n", "f()  # 1 since 1 is odd\n", 1, CLAIM_PROSE, CLAIM_OF_LINE, 1,
     "1 since 1 is odd", "1", "3", "f()  # 3 since 1 is odd\n"},
    {"s  # \"ab\"\n", "s  # \"ab\"\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "\"ab\"", "\"ab\"",
     "'ac'", "s  # \"ac\"\n"},
    {"s  # \"ab\"\n", "s  # \"ab\"\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "\"ab\"", "\"ab\"",
     "'a\"c'", "s  # 'a\"c'\n"},
    {"s  # [\"a\"]\n", "s  # [\"a\"]\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "[\"a\"]", "[\"a\"]",
     "['b']", "s  # [\"b\"]\n"},
    {"p(s)  # 'ab'\n", "p(s)  # 'ab'\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "'ab'", "'ab'", "ac\n",
     "p(s)  # 'ac'\n"},
    {"s  # Ada Lovelace\n", "s  # Ada Lovelace\n", 1, CLAIM_TEXT, CLAIM_OF_LINE, 1, "Ada Lovelace",
     "Ada Lovelace", "'Ada Byron'", "s  # Ada Byron\n"},
    {"# args is a tuple: (1, 2)\n", "# args is a tuple: (1, 2)\n", 1, CLAIM_NAMED, CLAIM_OF_NAMES,
     1, "args is a tuple: (1, 2)", "(1, 2)", "(1, 2, 3)", "# args is a tuple: (1, 2, 3)\n"},
    {"a, b = f()  # 1, 2\n", "a, b = f()  # 1, 2\n", 1, CLAIM_LITERAL, CLAIM_OF_NAMES, 1, "1, 2",
     "1, 2", "(1, 3)", "a, b = f()  # 1, 3\n"},
    /* '#' in strings, before and behind. */
    {"p('# 1')  # 1\n", "p('# 1')  # 1\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "1", "1", "# 1",
     "p('# 1')  # # 1\n"},
    /* What stands around it in the document stays, byte by byte. */
    {"\xEF\xBB\xBFp(1)  # 2\r\n\r\nend", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2",
     "2", "1", "\xEF\xBB\xBFp(1)  # 1\r\n\r\nend"},
    {"a\r> \tp(1)\t#  2 \t\rend", "\tp(1)\t#  2 \t\n", 2, CLAIM_LITERAL, CLAIM_OF_LINE, 1, " 2 \t",
     "2", "1", "a\r> \tp(1)\t#  1 \t\rend"},
    {"1. x\n\n\tp(1)  # 2", "  p(1)  # 2\n", 3, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", "1",
     "1. x\n\n\tp(1)  # 1"},
    {"p('\xc3\xa9')  # \xc3\xa0 \xe2\x86\x92\n", "p('\xc3\xa9')  # \xc3\xa0 \xe2\x86\x92\n", 1,
     CLAIM_TEXT, CLAIM_OF_LINE, 1, "\xc3\xa0 \xe2\x86\x92", "\xc3\xa0 \xe2\x86\x92",
     "\xc3\xa9 \xe2\x86\x92", "p('\xc3\xa9')  # \xc3\xa9 \xe2\x86\x92\n"},
    /* Exceptions: the name, and a message only where there is one. */
    {"f()  # TypeError - no\n", "f()  # TypeError - no\n", 1, CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION,
     1, "TypeError - no", "TypeError", "ValueError: bad", "f()  # ValueError - no\n"},
    {"f()  # raises TypeError: no way  \n", "f()  # raises TypeError: no way  \n", 1,
     CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1, "raises TypeError: no way", "TypeError",
     "ValueError: bad", "f()  # raises ValueError: bad  \n"},
    {"f()  # TypeError\n", "f()  # TypeError\n", 1, CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1,
     "TypeError", "TypeError", "decimal.InvalidOperation: x", "f()  # InvalidOperation\n"},
    {"# t[0] = 1  # TypeError\n", "# t[0] = 1  # TypeError\n", 1, CLAIM_EXCEPTION,
     CLAIM_OF_EXCEPTION, 1, "TypeError", "TypeError", "IndexError", "# t[0] = 1  # IndexError\n"},
    /* Several lines: each behind what stands before it. */
    {"> f()\n>  #> a\n>  #> b\n", "f()\n #> a\n #> b\n", 1, CLAIM_ARROW, CLAIM_OF_LINE, 2,
     "> a\n> b", "a\nb", "a\nc\nd\n", "> f()\n>  #> a\n>  #> c\n>  #> d\n", TRUE},
    {"f()\r\n# Output:\r\n#   a\r\n#   b\r\n", "f()\n# Output:\n#   a\n#   b\n", 1, CLAIM_LABEL,
     CLAIM_OF_LINE, 2, "Output:\n  a\n  b", "  a\n  b", "  a\n", "f()\r\n# Output:\r\n#   a\r\n",
     TRUE},
    {"f()\n# Output:\n# 5\n", "f()\n# Output:\n# 5\n", 1, CLAIM_LABEL, CLAIM_OF_LINE, 2,
     "Output:\n5", "5", "6\n", "f()\n# Output:\n# 6\n", TRUE},
    {"f()\n# 1\n# 2\n", "f()\n# 1\n# 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 2, "1\n2", "1\n2",
     "1\n3\n", "f()\n# 1\n# 3\n", TRUE},
    {"f()\n#> a\n#>\n#> b", "f()\n#> a\n#>\n#> b\n", 1, CLAIM_ARROW, CLAIM_OF_LINE, 2,
     "> a\n>\n> b", "a\n\nb", "a\n\nc\n", "f()\n#> a\n#>\n#> c", TRUE},
    /* Sessions, and blocks of output. */
    {"  >>> 1 + 1\n  3\n  >>> 2\n  2\n", ">>> 1 + 1\n3\n>>> 2\n2\n", 1, CLAIM_TRANSCRIPT,
     CLAIM_OF_EXAMPLE, 2, "3", "3\n", "2", "  >>> 1 + 1\n  2\n  >>> 2\n  2\n"},
    {">>> f()\nTraceback (most recent call last):\n  ...\nTypeError: no\n",
     ">>> f()\nTraceback (most recent call last):\n  ...\nTypeError: no\n", 1, CLAIM_TRANSCRIPT,
     CLAIM_OF_EXAMPLE, 2, "Traceback (most recent call last):\n  ...\nTypeError: no",
     "Traceback (most recent call last):\n  ...\nTypeError: no", "ValueError: bad",
     ">>> f()\nTraceback (most recent call last):\n  ...\nValueError: bad\n"},
    {"f()\n\nOutput:\n\n> ~~~\n> a\n> b \n> ~~~\n", "f()\n", 1, CLAIM_OUTPUT, CLAIM_OF_SNIPPET, 6,
     "a\nb \n", "a\nb \n", "a\nc\nd\n", "f()\n\nOutput:\n\n> ~~~\n> a\n> c\n> d\n> ~~~\n", TRUE},
    {">>> p(s)\n# 'ab'\n", ">>> p(s)\n# 'ab'\n", 1, CLAIM_TRANSCRIPT, CLAIM_OF_EXAMPLE, 2, "# 'ab'",
     "'ab'\n", "ac\n", ">>> p(s)\n# 'ac'\n"},
    /* What is not sure stays. */
    {"f()  # prints 3, or 3.5, or 3\n", "f()  # prints 3, or 3.5, or 3\n", 1, CLAIM_VERB,
     CLAIM_OF_LINE, 1, "prints 3, or 3.5, or 3", "3", "4", "its comment says it more than once"},
    {"other\n", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", "1",
     "its place in the file is not sure"},
    {"p(1)  # 2\n", "p(1)  # 2\n", 7, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", "1",
     "its place in the file is not sure"},
    {"p(1)  # 2\n", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", "1\n2\n",
     "what it shows has several lines"},
    {"p(1)  # 2\n", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", "\033[2J",
     "what it shows holds control characters"},
    {"p(1)  # 2\n", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2",
     "<A object at 0x7f12>", "what it shows holds an address"},
    {"p(1)  # 2\n", "p(1)  # 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 1, "2", "2", NULL,
     "nothing is shown there"},
    {"f()  # TypeError\n", "f()  # TypeError\n", 1, CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1,
     "TypeError", "TypeError", "raises nothing", "nothing is raised there"},
    {"f()  # hangs\n", "f()  # hangs\n", 1, CLAIM_HANG, CLAIM_OF_HANG, 1, "hangs", "hangs",
     "goes on", "that it goes on is not said by another value"},
    {"f()  # fine\n", "f()  # fine\n", 1, CLAIM_WORKS, CLAIM_OF_PASSING, 1, "fine", "fine",
     "TypeError", "that it raises is not said by another value"},
    {"f()\n# 1\n# 2\n", "f()\n# 1\n# 2\n", 1, CLAIM_LITERAL, CLAIM_OF_LINE, 2, "1\n2", "1\n2",
     "1\n2\n3\n", "it spans another number of lines than what happened", TRUE},
    {"f()\n\nOutput:\n\n```\na\nb\n```\n", "f()\n", 1, CLAIM_OUTPUT, CLAIM_OF_SNIPPET, 6, "a\nb\n",
     "a\nb\n", "a\n```\n", "what it shows does not fit in there", TRUE},
    {">>> f()\nTraceback (most recent call last):\n  ...\nTypeError: no\n",
     ">>> f()\nTraceback (most recent call last):\n  ...\nTypeError: no\n", 1, CLAIM_TRANSCRIPT,
     CLAIM_OF_EXAMPLE, 2, "Traceback (most recent call last):\n  ...\nTypeError: no",
     "Traceback (most recent call last):\n  ...\nTypeError: no", "5", "it shows a traceback"},
};

START_TEST(claims_are_corrected_in_their_own_style) {
  g_autofree gchar *result = correct(&instances[_i]);
  ck_assert_str_eq(result, instances[_i].result);
}
END_TEST

START_TEST(a_long_value_makes_no_comment) {
  g_autofree gchar *value = g_strnfill(1000, '7');
  Instance instance = instances[0];
  instance.actual = value;
  g_autofree gchar *result = correct(&instance);
  ck_assert_str_eq(result, "what it shows is too long for a comment");
}
END_TEST

/* --- patches -------------------------------------------------------------------------- */

static gchar *patch_with(const gchar *path, const gchar *bytes, const gchar *from,
                         const gchar *to) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  gsize length = strlen(from);
  for (const gchar *at = bytes; (at = strstr(at, from)) != NULL; at += length) {
    Correction *correction = g_new0(Correction, 1);
    *correction = (Correction){(gsize)(at - bytes), length, g_strdup(to)};
    g_ptr_array_add(all, correction);
  }
  return g_string_free(corrections_patch(path, bytes, strlen(bytes), all), FALSE);
}

static const struct {
  const gchar *path, *bytes, *from, *to, *patch;
} patches[] = {
    {"a.md", "1\n2\n3\n4\n5\nX\n7\n8\n9\n10\n", "X", "6",
     "--- a/a.md\n+++ b/a.md\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-X\n+6\n 7\n 8\n 9\n"},
    {"./d/a.md", "X\n", "X", "Y\nZ", "--- a/d/a.md\n+++ b/d/a.md\n@@ -1 +1,2 @@\n-X\n+Y\n+Z\n"},
    {"/a b.md", "1\r\nX", "X", "Y",
     "--- a/a b.md\t\n+++ b/a b.md\t\n@@ -1,2 +1,2 @@\n 1\r\n-X\n\\ No newline at end of file\n"
     "+Y\n\\ No newline at end of file\n"},
    {"a\"\n.md", "X\n", "X", "Y",
     "--- \"a/a\\\"\\012.md\"\n+++ \"b/a\\\"\\012.md\"\n@@ -1 +1 @@\n-X\n+Y\n"},
    /* Two in a line; two whose contexts touch, and one further away. */
    {"a", "X X\n2\nX\n4\n", "X", "Y",
     "--- a/a\n+++ b/a\n@@ -1,4 +1,4 @@\n-X X\n+Y Y\n 2\n-X\n+Y\n 4\n"},
    {"a", "X\n2\n3\n4\n5\n6\n7\n8\nX\n", "X", "Y\nZ",
     "--- a/a\n+++ b/a\n@@ -1,4 +1,5 @@\n-X\n+Y\n+Z\n 2\n 3\n 4\n@@ -6,4 +7,5 @@\n 6\n 7\n 8\n-X\n"
     "+Y\n+Z\n"},
    {"a", "1\n", "X", "Y", ""},
};

START_TEST(patches_are_what_other_tools_read) {
  g_autofree gchar *patch =
      patch_with(patches[_i].path, patches[_i].bytes, patches[_i].from, patches[_i].to);
  ck_assert_str_eq(patch, patches[_i].patch);
}
END_TEST

START_TEST(a_patch_is_not_cut_at_a_nul) {
  static const gchar bytes[] = "a\0b\nX\nc\0d\n";
  static const gchar wanted[] = "--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n a\0b\n-X\n+Y\n c\0d\n";
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  Correction *correction = g_new0(Correction, 1);
  *correction = (Correction){4, 1, g_strdup("Y")};
  g_ptr_array_add(all, correction);
  g_autoptr(GString) patch = corrections_patch("a", bytes, sizeof bytes - 1, all);
  ck_assert_uint_eq(patch->len, sizeof wanted - 1);
  ck_assert_mem_eq(patch->str, wanted, sizeof wanted);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("correction");
  TCase *tests = tcase_create("correction");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_loop_test(tests, claims_are_corrected_in_their_own_style, 0, G_N_ELEMENTS(instances));
  tcase_add_test(tests, a_long_value_makes_no_comment);
  tcase_add_loop_test(tests, patches_are_what_other_tools_read, 0, G_N_ELEMENTS(patches));
  tcase_add_test(tests, a_patch_is_not_cut_at_a_nul);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
