/* Headings: numbers, slugs, and which snippets' ids follow from an outline. */
#include "bank/headings.h"
#include "bank_suite.h"

static void check_split(const gchar *text, const gchar *number, const gchar *title) {
  g_autofree gchar *got_number = NULL, *got_title = NULL;
  heading_split(text, &got_number, &got_title);
  ck_assert_pstr_eq(got_number, number);
  ck_assert_str_eq(got_title, title);
}

START_TEST(numbers_of_many_styles) {
  check_split("13. What is it?", "13", "What is it?");
  check_split("13) What is it?", "13", "What is it?");
  check_split("13: What", "13", "What");
  check_split("Q13: What", "13", "What");
  check_split("q.13 What", "13", "What");
  check_split("Question 13.", "13", "");
  check_split("Question #13 - What", "13", "What");
  check_split("1.2 Names", "1.2", "Names");
  check_split("1.What", "1", "What");
  check_split("13.", "13", "");
}
END_TEST

START_TEST(what_only_looks_like_a_number) {
  check_split("3 ways to sort", NULL, "3 ways to sort");
  check_split("3.x and later", NULL, "3.x and later");
  check_split("Questions", NULL, "Questions");
  check_split("Queues", NULL, "Queues");
  check_split("2024", NULL, "2024");
  check_split("", NULL, "");
}
END_TEST

static void check_slug(const gchar *text, const gchar *slug) {
  g_autofree gchar *got = heading_slug(text);
  ck_assert_str_eq(got, slug);
}

START_TEST(slugs) {
  check_slug("Advanced Python / Design", "advanced-python-design");
  check_slug("What's new?", "whats-new");
  check_slug("  *args & **kwargs!", "args-kwargs");
  check_slug("Größe über Maß", "größe-über-maß");
  check_slug("???", "untitled");
  check_slug("", "untitled");
  g_autofree gchar *longest = heading_slug("word word word word word word word word word word word "
                                           "word word word word word word word word");
  ck_assert_uint_le(strlen(longest), 64);
  ck_assert(g_str_has_suffix(longest, "-word"));
}
END_TEST

/* Replaces each "@" line by a snippet and compares all ids. */
static void check_ids(const gchar *outline, const gchar *const *ids) {
  g_auto(GStrv) lines = g_strsplit(outline, "\n", -1);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; lines[i] != NULL; i++) {
    gboolean is_code = strcmp(lines[i], "@") == 0;
    g_string_append_printf(text, "%s\n", is_code ? "\n```py\nx\n```\n" : lines[i]);
  }
  g_autoptr(Document) document = read_text(text->str);
  for (guint i = 0; i < document->snippets->len; i++) {
    ck_assert_ptr_nonnull(ids[i]);
    ck_assert_str_eq(snippet_at(document, i)->id, ids[i]);
  }
  ck_assert_ptr_null(ids[document->snippets->len]);
}

START_TEST(sections_over_numbered_questions) {
  const gchar *const ids[] = {"notes/top.1",
                              "notes/core/1.1",
                              "notes/core/1.2",
                              "notes/core/2.1",
                              "notes/core/2.2",
                              "notes/web-design/1.1",
                              NULL};
  check_ids("@\n# All\n## Core\n### 1. A\n@\n@\n### 2. B\n@\n#### Example\n@\n"
            "## Web / Design\n### 1. C\n@",
            ids);
}
END_TEST

START_TEST(sections_may_be_deeper_than_their_questions) {
  const gchar *const ids[] = {"notes/core/1.1", "notes/core/2.1", "notes/core/2.2",
                              "notes/web/1.1",  "notes/web/3.1",  NULL};
  check_ids("# All questions\n## Core\n# 1. A\n@\n# 2. B\n@\n### Note\n@\n"
            "## Web\n# 1. C\n@\n# 3. D\n@",
            ids);
}
END_TEST

START_TEST(without_numbers_the_innermost_heading_is_the_question) {
  const gchar *const ids[] = {"notes/guide.1",         "notes/lists.1", "notes/lists/sorting.1",
                              "notes/lists/sorting.2", "notes/dicts.1", NULL};
  check_ids("# Guide\n@\n## Lists\n@\n### Sorting\n@\n@\n## Dicts\n@", ids);
}
END_TEST

START_TEST(a_numbered_title_is_a_title_where_the_rest_is_not) {
  const gchar *const ids[] = {"notes/names.1", "notes/scopes.1", NULL};
  check_ids("# 1.2 Binding\n## Names\n@\n## Scopes\n@", ids);
  const gchar *const one[] = {"notes/7.1", "notes/7.2", NULL};
  check_ids("# 7. Only one\n@\n## Answer\n@", one);
}
END_TEST

START_TEST(an_unnumbered_heading_beside_the_questions_is_no_section) {
  const gchar *const ids[] = {"notes/introduction.1", "notes/1.1", "notes/summary.1", NULL};
  check_ids("# All\n## Introduction\n@\n## 1. A\n@\n## Summary\n@", ids);
}
END_TEST

START_TEST(numbered_questions_in_numbered_chapters) {
  const gchar *const ids[] = {"notes/basics/1.1", "notes/basics/2.1", "notes/more/1.1", NULL};
  check_ids("# All\n## 1. Basics\n### 1. A\n@\n### 2. B\n@\n## 2. More\n### 1. C\n@", ids);
}
END_TEST

START_TEST(repeated_names_are_told_apart) {
  const gchar *const ids[] = {"notes/a/1.1", "notes/a/1.2", "notes/a/1~2.1", "notes/a/1~3.1", NULL};
  check_ids("# All\n## A\n### 1. X\n@\n@\n### 1. X\n@\n### 1. X\n@", ids);
}
END_TEST

START_TEST(headings_may_be_empty) {
  const gchar *const ids[] = {"notes/untitled/2.1", NULL};
  check_ids("# All\n##\n### 2. A\n@", ids);
  const gchar *const numbered[] = {"notes/3/4.1", NULL};
  check_ids("# All\n## 3.\n### 4. A\n@", numbered);
}
END_TEST

START_TEST(a_question_knows_its_heading) {
  g_autoptr(Document) document =
      read_text("# T\n\n## The *Core*\n\n### 3. [What](u) is `x`?\n\n```py\nx\n```\n");
  const Question *question = snippet_at(document, 0)->question;
  ck_assert_str_eq(question->number, "3");
  ck_assert_str_eq(question->title, "What is x?");
  ck_assert_uint_eq(g_strv_length(question->section), 1);
  ck_assert_str_eq(question->section[0], "The Core");
  ck_assert_uint_eq(question->line, 5);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      numbers_of_many_styles,
      what_only_looks_like_a_number,
      slugs,
      sections_over_numbered_questions,
      sections_may_be_deeper_than_their_questions,
      without_numbers_the_innermost_heading_is_the_question,
      a_numbered_title_is_a_title_where_the_rest_is_not,
      an_unnumbered_heading_beside_the_questions_is_no_section,
      numbered_questions_in_numbered_chapters,
      repeated_names_are_told_apart,
      headings_may_be_empty,
      a_question_knows_its_heading,
      NULL,
  };
  return run_case("headings", tests);
}
