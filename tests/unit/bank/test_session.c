/* Which earlier blocks a snippet may need. */
#include "bank/session.h"

#include "bank_suite.h"

/* How many of the earlier blocks, of a document whose last block is asked about. Blocks are
 * divided by "--", headings begin with "#". */
static guint needs(const gchar *text) {
  GString *markdown = g_string_new("```python\n");
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (gchar **line = lines; *line != NULL; line++) {
    if (g_str_equal(*line, "--"))
      g_string_append(markdown, "```\n\n```python\n");
    else if (**line == '#')
      g_string_append_printf(markdown, "```\n\n%s\n\n```python\n", *line);
    else
      g_string_append_printf(markdown, "%s\n", *line);
  }
  g_string_append(markdown, "```\n");
  g_autoptr(Document) document = read_text(markdown->str);
  g_string_free(markdown, TRUE);
  const Snippet *snippet = snippet_at(document, document->snippets->len - 1);
  g_autoptr(GPtrArray) session = session_of(snippet);
  for (guint i = 0; i < session->len; i++)
    ck_assert_ptr_eq(g_ptr_array_index(session, i),
                     snippet_at(document, document->snippets->len - 1 - session->len + i));
  return session->len;
}

START_TEST(what_binds_its_names_itself_needs_nothing) {
  ck_assert_uint_eq(needs("x = 1\n--\nx = 2\nprint(x)"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nprint(len('abc'))"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nfor x in range(3): print(x)"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nprint([x for x in range(3)])"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nprint(sorted([1], key=lambda x: -x))"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\ndef f(x):\n    return x\nprint(f(2))"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nimport x\nprint(x)"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nfor a, x in []:\n    pass\nwith a as x:\n    print(x)"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nprint(dict(x=1), a.x) if (a := 1) else 0"), 0);
  ck_assert_uint_eq(needs("x = 1\n--\nx: int = 3\nprint(f'{x}')"), 0);
}
END_TEST

START_TEST(a_name_of_an_earlier_block) {
  ck_assert_uint_eq(needs("x = 1\n--\nprint(x)"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\ny = 2\n--\nprint(x)"), 2);
  ck_assert_uint_eq(needs("x = 1\n--\nprint(f'{x}')"), 1);
  ck_assert_uint_eq(needs("def f(): pass\n--\nf()"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\ndef f():\n    return x\nprint(f())"), 1);
  ck_assert_uint_eq(needs(">>> x = 1\n--\n>>> x\n1"), 1);
}
END_TEST

START_TEST(a_name_of_its_fixture) {
  static const gchar *const names[] = {"x", NULL};
  g_autoptr(Document) document = read_text("```python\nx = 1\n```\n\n```python\nprint(x)\n```\n");
  Fixture fixture = {.name = (gchar *)"shelf"};
  Snippet *snippet = g_ptr_array_index(document->snippets, 1);
  snippet->choice = fixture_choice_new(&fixture, names);
  g_autoptr(GPtrArray) own = session_of(snippet);
  ck_assert_uint_eq(own->len, 0);
  snippet->choice->is_late = TRUE;
  g_autoptr(GPtrArray) late = session_of(snippet);
  ck_assert_uint_eq(late->len, 1);
}
END_TEST

START_TEST(a_name_that_is_bound_too_late) {
  ck_assert_uint_eq(needs("x = 1\n--\nprint(x)\nx = 2"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\nx += 1\nprint(x)"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\nx = x + 1\nprint(x)"), 1);
  ck_assert_uint_eq(needs("x = y = 1\n--\nx, y = y, x"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\nx = 0\nx = x + 1\nprint(x)"), 0);
}
END_TEST

START_TEST(what_no_earlier_block_binds) {
  ck_assert_uint_eq(needs("y = 1\n--\nprint(x)"), 0);
  /* That of a fixture is mentioned everywhere, and bound nowhere. */
  ck_assert_uint_eq(needs("print(Book.objects.all())\n--\nprint(Book.objects.count())"), 0);
  ck_assert_uint_eq(needs("print(x)"), 0);
}
END_TEST

START_TEST(names_bound_out_of_sight) {
  ck_assert_uint_eq(needs("exec('x = 1')\n--\nprint(x)"), 1);
  ck_assert_uint_eq(needs("def f():\n    global x\n    x = 1\nf()\n--\nprint(x)"), 1);
  ck_assert_uint_eq(needs("globals()['y'] = 1\n--\nprint(x)"), 0);
  ck_assert_uint_eq(needs("from os.path import *\n--\nprint(join('a', 'b'))"), 1);
  ck_assert_uint_eq(needs("x = 1\n--\nprint(eval('x'))"), 1);
  /* What is Python's own was bound to something else. */
  ck_assert_uint_eq(needs("print = None\n--\nprint(1)"), 1);
}
END_TEST

START_TEST(under_its_heading_or_in_all_of_the_document) {
  ck_assert_uint_eq(needs("a = 1\n# One\nx = 1\n--\ny = 1\n--\nprint(x)"), 2);
  ck_assert_uint_eq(needs("x = 1\n# One\ny = 1\n--\nprint(x)"), 2);
  ck_assert_uint_eq(needs("x = 1\n# One\ny = 1\n--\nprint(x, y)"), 2);
  ck_assert_uint_eq(needs("x = 1\n# One\nx = y = 1\n--\nprint(x, y)"), 1);
  ck_assert_uint_eq(needs("x = 1\n# One\nz = 1\n# Two\nprint(x)"), 2);
}
END_TEST

START_TEST(far_above) {
  g_autoptr(GString) text = g_string_new("x = 1\n--\n");
  for (guint i = 0; i < 1500; i++)
    g_string_append(text, "y = 1\n--\n");
  g_autofree gchar *far = g_strconcat(text->str, "print(x)", NULL);
  g_autofree gchar *near = g_strconcat(text->str, "print(y)", NULL);
  ck_assert_uint_eq(needs(far), 0);
  ck_assert_uint_eq(needs(near), 1000);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {what_binds_its_names_itself_needs_nothing,
                                a_name_of_an_earlier_block,
                                a_name_of_its_fixture,
                                a_name_that_is_bound_too_late,
                                what_no_earlier_block_binds,
                                names_bound_out_of_sight,
                                under_its_heading_or_in_all_of_the_document,
                                far_above,
                                NULL};
  return run_case("session", tests);
}
