/* Health: what is a question, what is missing, and above all what is not to be told. */
#include "bank/health.h"
#include "bank_suite.h"

/* What is told of a document, but for answers without a snippet: "gap 5 x2; ..." in order. */
static gchar *told_of(const gchar *text) {
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  g_ptr_array_add(documents, read_text(text));
  g_autoptr(Health) health = bank_health(documents);
  GString *told = g_string_new(NULL);
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    if (note->kind != HEALTH_NO_SNIPPET)
      g_string_append_printf(told, "%s%s %u x%u", told->len > 0 ? "; " : "",
                             health_kind_name(note->kind), note->line, note->count);
  }
  return g_string_free(told, FALSE);
}

static void check_told(const gchar *text, const gchar *told) {
  g_autofree gchar *got = told_of(text);
  ck_assert_msg(g_str_equal(got, told), "told '%s', not '%s', of:\n%s", got, told, text);
}

#define NOTHING(text) check_told(text, "")

START_TEST(a_question_with_nothing_under_it) {
  check_told("# All\n## 1. What?\nText.\n## 2. Why?\n\n## 3. How?\n",
             "no-answer 4 x1; no-answer 6 x1");
  check_told("## 1. What?\n<!-- later -->\n\n---\n\n## 2. Why?\nText.\n", "no-answer 1 x1");
  check_told("## 1. What?\nTODO\n## 2. Why?\n**TODO:** say why\n## 3. How?\n**Answer:**\n",
             "no-answer 1 x1; no-answer 3 x1; no-answer 5 x1");
  check_told("## 1. What?\n\n**[⬆ Back to Top](#all)**\n\n## 2. Why?\n<a id=\"x\"></a>\n",
             "no-answer 1 x1; no-answer 5 x1");
  check_told("# Notes\n## What is it?\n## Why so?\nText.\n", "no-answer 2 x1");
}
END_TEST

START_TEST(whatever_a_reader_sees_is_an_answer) {
  NOTHING("## 1. What?\n![it](it.png)\n## 2. Why?\n<img src=\"it.png\">\n## 3. How?\n- so\n");
  NOTHING("## 1. What?\n\n    x = 1\n\n## 2. Why?\n```sql\nselect 1\n```\n## 3. How?\n> so\n");
  NOTHING("## 1. What?\n1. first\n2. then\n## 2. Why?\n### Because it is so\n");
  NOTHING("## 1. What?\n| a | b |\n|---|---|\n## 2. Why?\nTodo lists are lists.\n");
  NOTHING("## 1. What?\n## Answer\nText.\n## 2. Why?\n## Answer\nText.\n");
  NOTHING("## 1. What?\n<details><summary>Answer</summary>\n\nText.\n\n</details>\n");
}
END_TEST

START_TEST(what_stands_over_others_is_no_question) {
  NOTHING("# All\n## Core\n### 1. What?\nText.\n### 2. Why?\nText.\n## Web\n### 1. How?\nText.\n");
  NOTHING("# All\n## Core\n# 1. What?\nText.\n# 2. Why?\nText.\n## Web\n# 1. How?\nText.\n");
  NOTHING("# Core\n# 1. What?\nText.\n# Web\n# 2. How?\nText.\n");
  NOTHING("# 1. Basics\n## 1.1 What?\nText.\n## 1.2 Why?\nText.\n# 2. More\n## 2.1 How?\nText.\n");
  NOTHING("# Guide\n## Lists\n### Sorting\nText.\n## Dicts\nText.\n");
  NOTHING("## creative\n# Licence\nText.\n");
  NOTHING("# 4.2 Inheritance\n## Exercise: left blank\n## More\nText.\n");
}
END_TEST

START_TEST(numbers_that_are_missing) {
  check_told("# 1. A\nt\n# 2. B\nt\n# 4. D\nt\n# 9. I\nt\n", "gap 5 x1; gap 7 x4");
  check_told("# Q1\nt\n# Q2\nt\n# Q4\nt\n", "gap 5 x1");
  check_told("# 1. A\n## 1.1 B\nt\n## 1.3 C\nt\n# 2. D\n## 2.1 E\nt\n## 2.2 F\nt\n", "gap 4 x1");
  /* Of a section that begins with 2, where others begin with 1. */
  check_told("# All\n## A\n### 1. a\nt\n### 2. b\nt\n## B\n### 2. c\nt\n### 3. d\nt\n", "gap 8 x1");
  /* One that is counted through. */
  check_told("# All\n## A\n### 1. a\nt\n### 2. b\nt\n## B\n### 3. c\nt\n### 4. d\nt\n## C\n"
             "### 6. e\nt\n### 7. f\nt\n",
             "gap 13 x1");
}
END_TEST

START_TEST(numbers_that_are_twice_there) {
  check_told("# 1. A\nt\n# 2. B\nt\n# 2. C\nt\n# 3. D\nt\n", "double 5 x1");
  check_told("# 1. A\nt\n# 2. B\nt\n# 3. C\nt\n# 2. D\nt\n# 4. E\nt\n", "double 7 x1");
  /* A heading is missing: the numbers start anew. */
  check_told("# 1. A\nt\n# 2. B\nt\n# 3. C\nt\n# 1. D\nt\n# 2. E\nt\n# 4. F\nt\n",
             "double 7 x1; double 9 x1; gap 11 x1");
}
END_TEST

START_TEST(numbers_that_are_as_they_should_be) {
  NOTHING("# 4. What?\nt\n# 5. Why?\nt\n");
  NOTHING("# 1. A\nt\n# 3. C\nt\n# 2. B\nt\n# 4. D\nt\n");
  NOTHING("# Log\n## 3.2 New\nt\n## 3.1 Old\nt\n## 3.0 First\nt\n");
  NOTHING("# 10. J\nt\n# 9. I\nt\n# 7. G\nt\n# 6. F\nt\n");
  /* Numbers of another site. */
  NOTHING("# 1. Two\nt\n# 15. Three\nt\n# 20. Valid\nt\n# 53. Maximum\nt\n# 56. Merge\nt\n");
  NOTHING("# 2019. A\nt\n# 2020. B\nt\n# 2024. C\nt\n");
  NOTHING("# 101. A\nt\n# 102. B\nt\n# 201. C\nt\n# 202. D\nt\n");
  /* Steps of each, and a heading whose level is a slip. */
  NOTHING("# 1. A\nt\n## 1. do\nt\n## 2. so\nt\n# 2. B\nt\n## 1. do\nt\n## 2. so\nt\n");
  NOTHING("## 1. A\nt\n## 2. B\nt\n### 3. C\nt\n## 4. D\nt\n");
  NOTHING("# All\n## A\n### 1. a\nt\n### 2. b\nt\n## B\n### 3. c\nt\n## C\n### 1. d\nt\n");
}
END_TEST

START_TEST(questions_that_are_only_listed) {
  check_told("# All\n## A\n# 1. What?\nt\n# 2. Why?\nt\n## B\n\n1. REST or RPC?\n2. Caches.\n"
             "3. What is CORS?\n\n---\n\n## C\n1. Locks.\n2. Queues.\n",
             "no-answer 9 x3; no-answer 16 x2");
  check_told("# To do\n## Web\n1. What is REST?\n2. What is CORS?\n", "no-answer 3 x2");
}
END_TEST

START_TEST(lists_that_are_no_questions) {
  NOTHING("# All\n## Contents\n1. What is it?\n2. Why is it?\n## A\n# 1. What?\nt\n# 2. Why?\nt\n");
  NOTHING("# All\n## List\n1. [What?](#w)\n2. [Why?](#y)\n## A\n# 1. What?\nt\n# 2. Why?\nt\n");
  NOTHING("# All\n## A\n# 1. What?\nt\n# 2. Why?\nt\n## Thanks\n1. Fork it.\n2. Push it.\n");
  NOTHING("# All\n## A\n# 1. What?\nt\n# 2. Why?\nt\n## B\nSome say:\n\n1. Is it?\n2. It is?\n");
  NOTHING("# All\n## A\n# 1. What?\n1. Is it?\n2. Was it?\n# 2. Why?\nt\n");
  NOTHING("# All\n## A\n# 1. What?\nt\n# 2. Why?\nt\n## B\n1. Is it?\n\n   It is.\n2. Was it?\n");
}
END_TEST

START_TEST(code_that_is_not_rendered) {
  check_told("# 1. A\nSo:\n        x = 1\n        print(x)  # 1\n", "not-rendered 3 x1");
  check_told("# 1. A\n\n>>> 1 + 1\n2\n", "not-rendered 3 x1");
}
END_TEST

START_TEST(counts_of_sections) {
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  g_ptr_array_add(documents,
                  read_text("# All\n\n```py\nx\n```\n## A\n### 1. a\n```py\ny\n```\n"
                            "### 2. b\ntext\n### 4. d\n## B\n### 1. e\n```py\nz\n```\n"));
  g_autoptr(Health) health = bank_health(documents);
  const Document *document = g_ptr_array_index(documents, 0);
  ck_assert_uint_eq(health->questions, 5); /* the title has a snippet */
  ck_assert_uint_eq(health->snippets, 3);
  ck_assert_uint_eq(health->sections->len, 3);
  const HealthSection *a = g_ptr_array_index(health->sections, 1);
  ck_assert_str_eq(a->title, "A");
  ck_assert_uint_eq(a->line, 7);
  ck_assert_uint_eq(a->questions, 3);
  ck_assert_uint_eq(a->snippets, 1);
  ck_assert_uint_eq(a->counts[HEALTH_NO_SNIPPET], 1);
  ck_assert_uint_eq(a->counts[HEALTH_NO_ANSWER], 1);
  ck_assert_uint_eq(a->counts[HEALTH_GAP], 1);

  /* Verdicts in any order. */
  g_autoptr(Verdict) ran = verdict_new(VERDICT_RAN);
  g_autoptr(Verdict) verified = verdict_new(VERDICT_VERIFIED);
  health_add(health, snippet_at(document, 2), ran);
  health_add(health, snippet_at(document, 0), ran);
  health_add(health, snippet_at(document, 1), verified);
  ck_assert_uint_eq(health->counts[HEALTH_NO_CHECK], 2);
  ck_assert_uint_eq(a->classes[VERDICT_VERIFIED], 1);
  guint line = 0;
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    ck_assert_uint_le(line, note->line);
    line = note->line;
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      a_question_with_nothing_under_it,
      whatever_a_reader_sees_is_an_answer,
      what_stands_over_others_is_no_question,
      numbers_that_are_missing,
      numbers_that_are_twice_there,
      numbers_that_are_as_they_should_be,
      questions_that_are_only_listed,
      lists_that_are_no_questions,
      code_that_is_not_rendered,
      counts_of_sections,
      NULL,
  };
  return run_case("health", tests);
}
