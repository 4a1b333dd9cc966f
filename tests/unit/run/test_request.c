/* What claims of the subject make of its request. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/request.h"
#include "wire/wire.h"

static Snippet *snippet;
static RunRequest request; /* without what a test adds */
static WireRequest request_read;
static void *storage;

static void setup(void) {
  snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "x = 1\n", 1);
  request = (RunRequest){.snippet = snippet};
  storage = NULL;
}

static void teardown(void) {
  wire_request_clear(storage);
  snippet_free(snippet);
}

static Claim *add(ClaimTarget target, guint line, guint first_line) {
  Claim *claim = claim_new(CLAIM_LITERAL, target, line, "text", "1");
  claim->first_line = claim->last_line = first_line;
  g_ptr_array_add(snippet->claims, claim);
  return claim;
}

/* The subject as the worker reads it. */
static const WireUnit *subject(void) {
  guint32 size = 0;
  int descriptor = request_write(&request, &size);
  ck_assert_int_ge(descriptor, 0);
  ck_assert_int_eq(wire_request_read(descriptor, size, &request_read, &storage), 0);
  close(descriptor);
  return &request_read.units[request_read.unit_count - 1];
}

static void assert_probe(const WireUnit *unit, guint index, WireProbeKind kind, guint line,
                         guint column, const gchar *text) {
  ck_assert_uint_lt(index, unit->probe_count);
  const WireProbe *probe = &unit->probes[index];
  ck_assert_uint_eq(probe->kind, kind);
  ck_assert_uint_eq(probe->line, line);
  ck_assert_uint_eq(probe->column, column);
  ck_assert_uint_eq(probe->size, strlen(text));
  ck_assert(probe->size == 0 || memcmp(probe->text, text, probe->size) == 0);
}

START_TEST(a_line_that_prints_needs_no_probe) {
  add(CLAIM_OF_LINE, 1, 1)->is_print = TRUE;
  add(CLAIM_OF_SNIPPET, 9, 0);
  add(CLAIM_OF_SPEED, 2, 2);
  const WireUnit *unit = subject();
  ck_assert_uint_eq(unit->probe_count, 0);
  ck_assert_uint_eq(unit->value_count, 0);
  ck_assert_uint_eq(unit->passing_count, 0);
}
END_TEST

START_TEST(values_exceptions_and_names) {
  add(CLAIM_OF_LINE, 1, 1)->is_value = TRUE;
  add(CLAIM_OF_LINE, 1, 1)->is_value = TRUE;
  add(CLAIM_OF_EXCEPTION, 2, 2);
  add(CLAIM_OF_PASSING, 3, 3);
  add(CLAIM_OF_PASSING, 4, 3);
  add(CLAIM_OF_LINE, 5, 5)->names = g_strdup("x, y");
  add(CLAIM_OF_NAMES, 6, 6)->names = g_strdup("x");
  add(CLAIM_OF_HANG, 7, 7);
  const WireUnit *unit = subject();
  ck_assert_uint_eq(unit->value_count, 1);
  ck_assert_uint_eq(unit->value_lines[0], 1);
  ck_assert_uint_eq(unit->passing_count, 1);
  ck_assert_uint_eq(unit->passing_lines[0], 2);
  ck_assert_uint_eq(unit->probe_count, 5);
  assert_probe(unit, 0, WIRE_PROBE_AFTER, 2, 0, "");
  assert_probe(unit, 1, WIRE_PROBE_AFTER, 3, 0, "");
  assert_probe(unit, 2, WIRE_PROBE_AFTER, 5, 0, "x, y");
  assert_probe(unit, 3, WIRE_PROBE_AFTER, 6, 0, "x");
  assert_probe(unit, 4, WIRE_PROBE_AFTER, 7, 0, "");
}
END_TEST

START_TEST(comments_that_are_passed) {
  Claim *named = add(CLAIM_OF_NAMES, 4, 0);
  named->names = g_strdup("args");
  named->column = 8;
  for (guint i = 0; i < 2; i++) {
    Claim *code = add(i == 0 ? CLAIM_OF_EXCEPTION : CLAIM_OF_LINE, 6, 5);
    code->code = g_strdup("t[0] = 1");
    code->code_line = 5;
    code->column = 2;
    code->is_value = TRUE;
    code->names = g_strdup("t");
  }
  add(CLAIM_OF_NAMES, 7, 0); /* of what? */
  const WireUnit *unit = subject();
  ck_assert_uint_eq(unit->value_count, 0);
  ck_assert_uint_eq(unit->passing_count, 0);
  ck_assert_uint_eq(unit->probe_count, 2);
  assert_probe(unit, 0, WIRE_PROBE_AT, 4, 8, "args");
  assert_probe(unit, 1, WIRE_PROBE_CODE, 5, 2, "t[0] = 1");
}
END_TEST

START_TEST(there_are_no_more_than_may_be) {
  for (guint i = 1; i <= WIRE_PROBES_MAX + 10; i++)
    add(CLAIM_OF_PASSING, i, i);
  ck_assert_uint_eq(subject()->probe_count, WIRE_PROBES_MAX);
}
END_TEST

/* --- for the time after the run ---------------------------------------- */

static void add_remark(guint line, guint first_line, guint last_line, const gchar *text) {
  Unclaimed *remark = unclaimed_new(line, text, "prose");
  remark->first_line = first_line;
  remark->last_line = last_line;
  g_ptr_array_add(snippet->unclaimed, remark);
}

START_TEST(a_fixture_is_told_what_stands_beside_the_code) {
  static const gchar *const after[] = {"x == 1", "True", NULL};
  FixtureChoice *choice = fixture_choice_new(NULL, NULL);
  add(CLAIM_OF_PASSING, 3, 3);
  add_remark(2, 1, 1, "No query yet");
  add_remark(3, 0, 0, "at the end");
  add_remark(4, 1, 1, "");
  g_ptr_array_add(snippet->prose, prose_new(20, "It deletes\nall of them."));
  request.after = after;
  const WireUnit *unit = subject();
  ck_assert_uint_eq(unit->probe_count, 3); /* an expectation needs no fixture */
  assert_probe(unit, 1, WIRE_PROBE_FINAL, 1, 0, "x == 1");
  assert_probe(unit, 2, WIRE_PROBE_FINAL, 2, 0, "True");
  wire_request_clear(storage);

  request.fixture = choice;
  unit = subject();
  ck_assert_uint_eq(unit->probe_count, 6);
  assert_probe(unit, 0, WIRE_PROBE_AFTER, 3, 0, "");
  assert_probe(unit, 1, WIRE_PROBE_FINAL, 1, 0, "x == 1");
  assert_probe(unit, 3, WIRE_PROBE_REMARK, 2, 0, "No query yet");
  ck_assert_uint_eq(unit->probes[3].first, 1);
  ck_assert_uint_eq(unit->probes[3].last, 1);
  assert_probe(unit, 4, WIRE_PROBE_REMARK, 3, 0, "at the end");
  assert_probe(unit, 5, WIRE_PROBE_PROSE, 1, 0, "It deletes\nall of them.");
  fixture_choice_free(choice);
}
END_TEST

START_TEST(a_session_has_remarks_too) {
  FixtureChoice *choice = fixture_choice_new(NULL, NULL);
  snippet_free(snippet);
  snippet = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, ">>> f()  # one query\n1\n", 1);
  g_ptr_array_add(snippet->examples, example_new(1, 1, "f()  # one query\n", "1\n", 2));
  add_remark(1, 1, 1, "one query");
  request = (RunRequest){.snippet = snippet, .fixture = choice};
  const WireUnit *unit = subject();
  ck_assert_uint_eq(unit->kind, WIRE_TRANSCRIPT);
  ck_assert_uint_eq(unit->probe_count, 1);
  assert_probe(unit, 0, WIRE_PROBE_REMARK, 1, 0, "one query");
  fixture_choice_free(choice);
}
END_TEST

START_TEST(long_texts_are_cut_at_a_character_and_do_not_add_up) {
  FixtureChoice *choice = fixture_choice_new(NULL, NULL);
  g_autoptr(GString) text = g_string_new("x");
  while (text->len < 40000)
    g_string_append(text, "\u00e9");
  for (guint i = 0; i < 2000; i++)
    g_ptr_array_add(snippet->prose, prose_new(i + 1, text->str));
  request.fixture = choice;
  const WireUnit *unit = subject();
  guint64 total = 0;
  for (guint i = 0; i < unit->probe_count; i++) {
    ck_assert(g_utf8_validate_len(unit->probes[i].text, unit->probes[i].size, NULL));
    ck_assert_uint_le(unit->probes[i].size, 16 << 10);
    total += unit->probes[i].size;
  }
  ck_assert_uint_eq(unit->probes[0].size, (16 << 10) - 1);
  ck_assert_uint_le(total, 1 << 20);
  ck_assert_uint_ge(total, 1000000);
  fixture_choice_free(choice);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("request");
  TCase *tests = tcase_create("request");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_line_that_prints_needs_no_probe);
  tcase_add_test(tests, values_exceptions_and_names);
  tcase_add_test(tests, comments_that_are_passed);
  tcase_add_test(tests, there_are_no_more_than_may_be);
  tcase_add_test(tests, a_fixture_is_told_what_stands_beside_the_code);
  tcase_add_test(tests, a_session_has_remarks_too);
  tcase_add_test(tests, long_texts_are_cut_at_a_character_and_do_not_add_up);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
