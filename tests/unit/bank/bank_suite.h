/* bank_suite.h: what every suite of this folder needs. */
#pragma once

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bank/bank.h"

/* The document that a text is. */
static inline Document *read_text(const gchar *text) {
  return bank_parse("notes.md", "notes", text, strlen(text));
}

static inline const Snippet *snippet_at(const Document *document, guint i) {
  ck_assert_uint_lt(i, document->snippets->len);
  return g_ptr_array_index(document->snippets, i);
}

static inline const Remark *remark_at(const Document *document, guint i) {
  ck_assert_uint_lt(i, document->remarks->len);
  return g_ptr_array_index(document->remarks, i);
}

/* The only snippet of a text, which stands at these lines. */
static inline void check_only(const gchar *text, const gchar *source, guint first, guint last) {
  g_autoptr(Document) document = read_text(text);
  ck_assert_msg(document->snippets->len == 1, "%u snippets in: %s", document->snippets->len, text);
  const Snippet *snippet = snippet_at(document, 0);
  ck_assert_str_eq(snippet->source, source);
  ck_assert_uint_eq(snippet->first_line, first);
  ck_assert_uint_eq(snippet->last_line, last);
}

static inline void check_none(const gchar *text) {
  g_autoptr(Document) document = read_text(text);
  ck_assert_msg(document->snippets->len == 0, "a snippet in: %s", text);
}

/* Runs one case's tests as a program does. */
static inline int run_case(const gchar *name, const TTest *const *tests) {
  Suite *suite = suite_create(name);
  TCase *all = tcase_create(name);
  for (; *tests != NULL; tests++)
    tcase_add_test(all, *tests);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
