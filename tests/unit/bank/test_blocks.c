/* Which blocks of a document are snippets, and where they stand. */
#include "bank_suite.h"

START_TEST(fences_of_every_form) {
  check_only("```python\nx = 1\n```\n", "x = 1\n", 2, 2);
  check_only("a\n~~~ py\nx = 1\ny\n~~~\n", "x = 1\ny\n", 3, 4);
  check_only("`````python\n```\nx\n```\n`````\n", "```\nx\n```\n", 2, 4);
  check_only("``` Python  \nx\n```\n", "x\n", 2, 2);
  check_only("```{.python .numberLines}\nx\n```\n", "x\n", 2, 2);
  check_only("```python title=\"a[0].py\"\nx[0]\n```\n", "x[0]\n", 2, 2);
  check_only("   ```py\n   x\n     y\n   ```\n", "x\n  y\n", 2, 3);
  check_only("```py\n\nx\n\n```\n", "\nx\n\n", 2, 4);
  check_only("```pycon\nPython 3\n>>> x\n1\n```\n", "Python 3\n>>> x\n1\n", 2, 4);
}
END_TEST

START_TEST(fences_in_containers) {
  check_only("- a\n\n  ```py\n  x = [1]\n  ```\n", "x = [1]\n", 4, 4);
  check_only("1. a\n   ```py\n   if x:\n       y\n   ```\n2. b\n", "if x:\n    y\n", 3, 4);
  check_only("> ```py\n> x = a[0]\n> ```\n", "x = a[0]\n", 2, 2);
  check_only("> - ~~~py\n>   x\n>   ~~~\n", "x\n", 2, 2);
  check_only("- a\n\n      x = f()\n      y = [g()]\n", "x = f()\ny = [g()]\n", 3, 4);
}
END_TEST

START_TEST(common_indentation_is_removed) {
  check_only("```py\n    x = 1\n\n      y = 2\n  \n```\n", "x = 1\n\n  y = 2\n\n", 2, 5);
  check_only("```py\n\tx = 1\n\t\ty = 2\n```\n", "x = 1\n\ty = 2\n", 2, 3);
}
END_TEST

START_TEST(code_is_as_written_whatever_cmark_is_shown) {
  g_autofree gchar *far = g_strnfill(300, ' ');
  g_autofree gchar *text = g_strdup_printf("```py\nx = [[1], a[0] <= b <!c\n%s- y[1]\n```\n", far);
  g_autofree gchar *source = g_strdup_printf("x = [[1], a[0] <= b <!c\n%s- y[1]\n", far);
  check_only(text, source, 2, 3);
  check_only("> - a\n>\n>       x[0] = [f()]\n>       \tif [1]: y[2]\n",
             "x[0] = [f()]\n\tif [1]: y[2]\n", 3, 4);
}
END_TEST

START_TEST(what_is_not_run) {
  check_none("```\nx = 1\n```\n");
  check_none("```bash\nx = 1\n```\n");
  check_none("```json\n{\"a\": 1}\n```\n");
  check_none("````markdown\n```python\nx = 1\n```\n````\n");
  check_none("<!--\n```python\nx = 1\n```\n\n    x = f(1)\n-->\n");
  check_none("```python\n```\n");
  check_none("```python\n\n  \n```\n");
  check_none("`python x = 1`\n");
  check_none("    $ python main.py\n");
  check_none("    just indented words\n");
  check_none(">> quoted twice\n");
  check_none("");
}
END_TEST

START_TEST(a_plain_fence_counts_with_prompts) {
  g_autoptr(Document) document = read_text("```\n# note\n>>> x\n1\n```\n\n```text\n>>> y\n```\n");
  ck_assert_uint_eq(document->snippets->len, 2);
  const Snippet *snippet = snippet_at(document, 0);
  ck_assert_int_eq(snippet->kind, SNIPPET_TRANSCRIPT);
  ck_assert_str_eq(snippet->source, "# note\n>>> x\n1\n");
  ck_assert_uint_eq(snippet->examples->len, 1);
}
END_TEST

START_TEST(a_script_with_a_prompt_further_down_is_a_script) {
  g_autoptr(Document) document = read_text("```python\nx = 1\n>>> x\n1\n```\n");
  ck_assert_int_eq(snippet_at(document, 0)->kind, SNIPPET_SCRIPT);
}
END_TEST

START_TEST(indented_code_that_reads_as_python) {
  check_only("Text.\n\n    x = 1\n   \n      \n    print(x)\n\nText.\n", "x = 1\n\n  \nprint(x)\n",
             3, 6);
  check_only("        x = f()\n            \n        y = 2\nProse behind it.\n",
             "x = f()\n    \ny = 2\n", 1, 3);
  check_only("    >>> x\n    1\n", ">>> x\n1\n", 1, 2);
  check_only("# 13. A\nText.\n\n    x = 1\n# 14. B\n", "x = 1\n", 4, 4);
}
END_TEST

static void check_swallowed(const gchar *text, const gchar *source, guint first, guint last) {
  check_only(text, source, first, last);
  g_autoptr(Document) document = read_text(text);
  ck_assert_int_eq(snippet_at(document, 0)->placement, SNIPPET_SWALLOWED);
  ck_assert_uint_eq(document->remarks->len, 1);
  ck_assert_int_eq(remark_at(document, 0)->kind, REMARK_NOT_RENDERED);
  ck_assert_uint_eq(remark_at(document, 0)->line, first);
}

START_TEST(swallowed_blocks_are_taken_whole) {
  check_swallowed("Text:\n    x = [1]\n    print(x)\n", "x = [1]\nprint(x)\n", 2, 3);
  check_swallowed("Text:\n        import a\n        \n        a.b()\nText.\n",
                  "import a\n\na.b()\n", 2, 4);
  check_swallowed("Text:\n    def f(a):\n        # note\n        return a\n\n    f([1])\n",
                  "def f(a):\n    # note\n    return a\n\nf([1])\n", 2, 6);
  check_swallowed("Text:\n    x = 1\nmore text\n", "x = 1\n", 2, 2);
  check_swallowed("- item:\n      x = 1\n", "x = 1\n", 2, 2);
  check_swallowed("Text:\n\tx = 1\n", "x = 1\n", 2, 2);
  check_swallowed("Text:\n    >>> x\n    1\n", ">>> x\n1\n", 2, 3);
}
END_TEST

START_TEST(two_swallowed_runs_of_a_paragraph) {
  g_autoptr(Document) document = read_text("One:\n    x = 1\ntwo:\n    y = 2\n");
  ck_assert_uint_eq(document->snippets->len, 2);
  ck_assert_uint_eq(snippet_at(document, 1)->first_line, 4);
}
END_TEST

START_TEST(indented_prose_is_left_alone) {
  check_none("A paragraph that goes on\n    with a line further in (as some do)\n");
  check_none("- an item that goes on\n    import duties are high\n");
  check_none("Text:\n  x = 1\n");
  check_none("- item\n    x = 1\n");
  g_autoptr(Document) document = read_text("Some words\n    further in.\n\n    x = f()\n");
  ck_assert_uint_eq(document->snippets->len, 1);
  ck_assert_int_eq(snippet_at(document, 0)->placement, SNIPPET_INDENTED);
  ck_assert_uint_eq(snippet_at(document, 0)->first_line, 4);
}
END_TEST

START_TEST(prompts_at_the_margin) {
  check_only("Text:\n>>> x = [1]\n>>> for i in x:\n...     i\n1\n\nText.\n",
             ">>> x = [1]\n>>> for i in x:\n...     i\n1\n", 2, 5);
  check_only(">>> # heading?\n>>> x\n- 1\n\nText\n", ">>> # heading?\n>>> x\n- 1\n", 1, 3);
  check_none(">>> I do not agree\n");
}
END_TEST

/* All that must not depend on how the file ends its lines. */
static void check_same(const gchar *text, gsize size) {
  g_autoptr(Document) document = bank_parse("notes.md", "notes", text, size);
  ck_assert_uint_eq(document->snippets->len, 2);
  ck_assert_uint_eq(document->remarks->len, 1);
  const Snippet *first = snippet_at(document, 0), *second = snippet_at(document, 1);
  ck_assert_str_eq(first->source, "x = '''a\n\nb'''\n");
  ck_assert_uint_eq(first->first_line, 4);
  ck_assert_uint_eq(first->last_line, 6);
  ck_assert_str_eq(first->content_id, "f4bd0413eb86e8798975ab30dfcc0acfd55851eb");
  ck_assert_str_eq(second->source, "print(x)\n");
  ck_assert_uint_eq(second->first_line, 10);
}

START_TEST(line_ends_make_no_difference) {
  const gchar *text = "# A\n\n```py\nx = '''a\n\nb'''\n```\n\nText:\n    print(x)\n";
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree gchar *crlf = g_strjoinv("\r\n", lines);
  g_autofree gchar *cr = g_strjoinv("\r", lines);
  g_autofree gchar *marked = g_strconcat("\xEF\xBB\xBF", text, NULL);
  check_same(text, strlen(text));
  check_same(crlf, strlen(crlf));
  check_same(cr, strlen(cr));
  check_same(marked, strlen(marked));
  check_same(text, strlen(text) - 1);
}
END_TEST

START_TEST(bad_bytes_are_said_once_and_repaired) {
  const gchar text[] = "# A\r\nb\xFFz\n\n```py\nx = '\0'\n```\n";
  g_autoptr(Document) document = bank_parse("notes.md", "notes", text, sizeof text - 1);
  ck_assert_uint_eq(document->remarks->len, 1);
  ck_assert_int_eq(remark_at(document, 0)->kind, REMARK_ENCODING);
  ck_assert_uint_eq(remark_at(document, 0)->line, 2);
  ck_assert_uint_eq(remark_at(document, 0)->column, 2);
  ck_assert_str_eq(remark_at(document, 0)->message, "byte 0xff is not UTF-8");
  ck_assert_str_eq(snippet_at(document, 0)->source, "x = '\xEF\xBF\xBD'\n");
}
END_TEST

START_TEST(an_unclosed_fence_still_counts) {
  const gchar *const texts[] = {
      "\n```python\nx = 1\n",
      "\n```python\nx = 1",
      "\n- ```python\n  x = 1\n\nb\n",
      "\n> ```python\n> x = 1\n```\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Document) document = read_text(texts[i]);
    ck_assert_str_eq(snippet_at(document, 0)->source, "x = 1\n");
    ck_assert_int_eq(remark_at(document, 0)->kind, REMARK_UNCLOSED);
    ck_assert_uint_eq(remark_at(document, 0)->line, 2);
  }
}
END_TEST

START_TEST(nesting_of_any_depth_is_bounded) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 100000; i++)
    g_string_append_c(text, '>');
  g_string_append(text, " x\n\n");
  for (int i = 0; i < 1000; i++)
    g_string_append_printf(text, "%*s- a\n", 2 * i, "");
  for (int i = 0; i < 20000; i++)
    g_string_append(text, "- ");
  for (int i = 0; i < 40000; i++)
    g_string_append(text, "\n");
  g_string_append(text, "a ");
  for (int i = 0; i < 20000; i++)
    g_string_append(text, "![[]()");
  g_string_append(text, "\n\n```py\nx[0]\n```\n");
  g_autoptr(Document) document = read_text(text->str);
  ck_assert_uint_eq(document->snippets->len, 1);
  ck_assert_str_eq(snippet_at(document, 0)->source, "x[0]\n");
}
END_TEST

/* The claims that a block of output behind the snippet made. */
static guint count_outputs(const gchar *text) {
  g_autoptr(Document) document = read_text(text);
  guint found = 0;
  const Snippet *snippet = snippet_at(document, 0);
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    found += claim->rule == CLAIM_OUTPUT;
  }
  return found;
}

START_TEST(a_block_of_output_follows_its_snippet) {
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n\n```\n12\n```\n"), 1);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\nOutput:\n```\n12\n```\n"), 1);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n**Output:**\n\n    12\n"), 1);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n\nThis prints:\n\n```text\n12\n```\n"),
                    1);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n\nNow install it.\n\n```\n12\n```\n"), 0);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n\n# Next\n\n```\n12\n```\n"), 0);
  ck_assert_uint_eq(count_outputs("```py\nprint(12)\n```\n\n```bash\n12\n```\n\n```\n12\n```\n"),
                    0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      fences_of_every_form,
      fences_in_containers,
      common_indentation_is_removed,
      code_is_as_written_whatever_cmark_is_shown,
      what_is_not_run,
      a_plain_fence_counts_with_prompts,
      a_script_with_a_prompt_further_down_is_a_script,
      indented_code_that_reads_as_python,
      swallowed_blocks_are_taken_whole,
      two_swallowed_runs_of_a_paragraph,
      indented_prose_is_left_alone,
      prompts_at_the_margin,
      line_ends_make_no_difference,
      bad_bytes_are_said_once_and_repaired,
      an_unclosed_fence_still_counts,
      nesting_of_any_depth_is_bounded,
      a_block_of_output_follows_its_snippet,
      NULL,
  };
  return run_case("blocks", tests);
}
