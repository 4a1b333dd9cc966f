/* Findings: levels, places, fingerprints; what was left out, in reports of tests. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/finding.h"

START_TEST(a_class_fails_where_the_check_does) {
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    gboolean is_ours = class == VERDICT_INFRA;
    gboolean is_fine = class == VERDICT_VERIFIED || class == VERDICT_SKIPPED;
    ck_assert_int_eq(grade_of_class(class, FALSE) == GRADE_FAILED, verdict_class_fails(class));
    ck_assert_int_eq(grade_of_class(class, TRUE) == GRADE_FAILED, !is_fine && !is_ours);
    ck_assert_int_eq(grade_of_class(class, FALSE) == GRADE_ERROR, is_ours);
    for (guint is_strict = 0; is_strict < 2; is_strict++) {
      Grade grade = grade_of_class(class, is_strict);
      ck_assert_int_eq(level_of_class(class, is_strict) == LEVEL_ERROR,
                       grade == GRADE_FAILED || grade == GRADE_ERROR);
    }
    if (!is_fine) { /* each that can be told has its rule */
      guint count;
      const FindingRule *rules = finding_rules(&count);
      guint index = finding_rule_index(verdict_class_name(class));
      ck_assert_str_eq(rules[index].name, verdict_class_name(class));
      ck_assert_int_eq(rules[index].level, level_of_class(class, FALSE));
    }
  }
}
END_TEST

START_TEST(each_note_of_health_has_its_rule) {
  guint count;
  const FindingRule *rules = finding_rules(&count);
  for (guint kind = 0; kind < HEALTH_KINDS; kind++)
    ck_assert_str_eq(rules[finding_rule_index(health_kind_name(kind))].name,
                     health_kind_name(kind));
}
END_TEST

static void expect_path(const gchar *base, const gchar *path, const gchar *wanted) {
  g_autofree gchar *found = path_in(base, path);
  ck_assert_str_eq(found, wanted);
}

START_TEST(paths_are_relative_to_the_base) {
  g_autofree gchar *here = g_get_current_dir();
  g_autofree gchar *above = g_path_get_dirname(here);
  g_autofree gchar *name = g_path_get_basename(here);
  g_autofree gchar *below = g_build_filename(name, "a.md", NULL);
  g_autofree gchar *beside = g_strconcat(here, "beside/a.md", NULL);
  expect_path(here, "./docs/../a.md", "a.md");
  expect_path(above, "a.md", below);
  expect_path(here, "../a.md", "../a.md");
  expect_path(here, beside, beside);
  expect_path("/", "/etc/a.md", "etc/a.md");
  expect_path(NULL, "./a.md", "./a.md");
}
END_TEST

/* --- regions ----------------------------------------------------------------------- */

static void expect_region(Region region, guint line, guint column, guint end_line,
                          guint end_column) {
  ck_assert_uint_eq(region.line, line);
  ck_assert_uint_eq(region.column, column);
  ck_assert_uint_eq(region.end_line, end_line);
  ck_assert_uint_eq(region.end_column, end_column);
}

static Bytes bytes_of(const gchar *text) {
  return (Bytes){text, strlen(text)};
}

START_TEST(columns_are_counted_in_characters) {
  Bytes text = bytes_of("\xEF\xBB\xBF"
                        "é😀x\r\nab\rc\xff"
                        "d");
  expect_region(region_of_bytes(text, 3, 6), 1, 1, 1, 3);
  expect_region(region_of_bytes(text, 12, 1), 2, 1, 2, 2);
  expect_region(region_of_bytes(text, 15, 3), 3, 1, 3, 4);
  expect_region(region_of_bytes(text, 9, 6), 1, 3, 3, 1);
}
END_TEST

START_TEST(the_region_of_a_claim_is_its_comment) {
  g_autoptr(Document) document = document_new("a.md", "a");
  Snippet *snippet = add_snippet(document, "print('é')  # x  \n", 3);
  Claim *claim = add_claim(snippet, 1, "x", "x");
  claim->column = 13;
  expect_region(region_of_claim(bytes_of("#\r\n> ```\r\n> print('é')  # x  \r\n"), snippet, claim),
                3, 15, 3, 18);
  /* The document is another one now, or not to be had. */
  expect_region(region_of_claim(bytes_of("#\n\nprint(2)  # y\n"), snippet, claim), 3, 0, 3, 0);
  expect_region(region_of_claim((Bytes){0}, snippet, claim), 3, 0, 3, 0);
}
END_TEST

START_TEST(a_claim_of_several_lines_spans_them) {
  g_autoptr(Document) document = document_new("a.md", "a");
  Snippet *snippet = add_snippet(document, ">>> f()\n", 2);
  Claim *claim = add_claim(snippet, 2, "one\ntwo\n", "one\ntwo\n");
  expect_region(region_of_claim(bytes_of("```\n>>> f()\n  one\n  two\n```\n"), snippet, claim), 3,
                3, 4, 6);
}
END_TEST

/* --- fingerprints ------------------------------------------------------------------- */

static void add_false(GPtrArray *findings, Document *document, const gchar *source, guint line) {
  const FormatOptions options = {0};
  Snippet *snippet = add_snippet(document, source, line);
  Claim *claim = add_claim(snippet, 1, "2", "2");
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  g_autoptr(Transcript) transcript = transcript_new();
  verdict_add_result(verdict, claim, CLAIM_CONTRADICTED, "1", NULL);
  findings_add_verdict(findings, &options, 1, snippet, transcript, verdict);
}

static GPtrArray *two_alike(const gchar *name, guint first, guint second) {
  g_autoptr(Document) document = document_new(name, name);
  GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
  add_false(findings, document, "print(1)  # 2\n", second); /* verdicts come in any order */
  add_false(findings, document, "print(1)  # 2\n", first);
  findings_finish(findings);
  return findings;
}

START_TEST(fingerprints_are_unique_and_stay_where_things_move) {
  g_autoptr(GPtrArray) before = two_alike("a", 3, 9);
  g_autoptr(GPtrArray) after = two_alike("b", 30, 90);
  const Finding *first = g_ptr_array_index(before, 0), *second = g_ptr_array_index(before, 1);
  ck_assert_uint_eq(first->region.line, 3);
  ck_assert_uint_eq(second->region.line, 9);
  ck_assert_str_ne(first->fingerprint, second->fingerprint);
  for (guint i = 0; i < 2; i++)
    ck_assert_str_eq(((const Finding *)g_ptr_array_index(before, i))->fingerprint,
                     ((const Finding *)g_ptr_array_index(after, i))->fingerprint);
}
END_TEST

static void add_note(Health *health, const Document *document, HealthKind kind, guint line,
                     const gchar *message) {
  HealthSection *section = health_add_section(health, document, g_strdup(""), line);
  health_note(health, section,
              (HealthNote){.kind = kind,
                           .count = 1,
                           .document = document,
                           .line = line,
                           .message = g_strdup(message)});
}

START_TEST(what_is_a_remark_and_a_note_of_health_is_told_once) {
  const FormatOptions options = {0};
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  Document *document = document_new("a.md", "a");
  g_ptr_array_add(documents, document);
  g_autoptr(Health) health = health_new(documents);
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
  document_remark(document, REMARK_NOT_RENDERED, 7, 0, g_strdup("shown as prose"));
  add_note(health, document, HEALTH_NOT_RENDERED, 7, "is not rendered");
  add_note(health, document, HEALTH_NOT_RENDERED, 8, "is not rendered");
  findings_add_remark(findings, &options, 1, document, g_ptr_array_index(document->remarks, 0));
  for (guint i = 0; i < 2; i++)
    findings_add_health(findings, &options, 1, g_ptr_array_index(health->notes, i));
  findings_finish(findings);
  ck_assert_uint_eq(findings->len, 2);
}
END_TEST

/* The message names the other line, which does not stay. */
START_TEST(the_fingerprint_of_a_double_number_stays_where_it_moves) {
  const FormatOptions options = {0};
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  Document *document = document_new("a.md", "a");
  g_ptr_array_add(documents, document);
  Question *question = question_new("4", "When?", NULL, 19);
  g_ptr_array_add(document->questions, question);
  g_autofree gchar *first = NULL;
  for (guint line = 15; line <= 25; line += 10) {
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    g_autofree gchar *message = g_strdup_printf("number 4 is at line %u already", line);
    const HealthNote note = {.kind = HEALTH_DOUBLE,
                             .count = 1,
                             .document = document,
                             .question = question,
                             .line = line + 4,
                             .message = message};
    findings_add_health(findings, &options, 1, &note);
    findings_finish(findings);
    const Finding *finding = g_ptr_array_index(findings, 0);
    ck_assert_str_eq(finding->message, message);
    if (first != NULL)
      ck_assert_str_eq(finding->fingerprint, first);
    else
      first = g_strdup(finding->fingerprint);
  }
}
END_TEST

/* --- what was left out ----------------------------------------------------------------- */

static gchar *report_of_one_of_two(ReportSink *(*make)(const FormatOptions *, GError **)) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-finding-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename(folder, "report", NULL);
  const FormatOptions options = {.path = path, .version = "1"};
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  Document *document = document_new("a.md", "a");
  g_ptr_array_add(documents, document);
  add_snippet(document, "a()\n", 1);
  const Snippet *wanted = add_snippet(document, "b()\n", 4);
  g_autoptr(Health) health = health_new(documents);
  add_note(health, document, HEALTH_GAP, 9, "2 is missing");
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_VERIFIED, "finishes", NULL);
  g_autoptr(Transcript) transcript = transcript_new();
  ReportSummary summary = {.left_out = 1, .selection = "changed since v1", .health = health};
  ledger_add(&summary.ledger, verdict);

  g_autoptr(Report) report = report_new();
  report_add(report, make(&options, NULL));
  report_begin(report, documents);
  report_verdict(report, wanted, transcript, verdict);
  ck_assert(report_end(report, &summary, NULL));
  gchar *text = NULL;
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_unlink(path);
  g_rmdir(folder);
  return text;
}

START_TEST(what_was_left_out_is_skipped_in_junit) {
  g_autofree gchar *text = report_of_one_of_two(junit_sink_new);
  ck_assert_ptr_nonnull(
      strstr(text, "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\" time=\"0.000\">"));
  ck_assert_ptr_nonnull(strstr(text,
                               "<testcase name=\"a/1\" classname=\"a\" time=\"0.000\">\n"
                               "      <skipped message=\"left out: not changed since v1\"/>"));
  ck_assert_ptr_nonnull(strstr(text, "<system-out>a.md:9: gap: 2 is missing\n"));
  ck_assert_ptr_nonnull(strstr(text, "<property name=\"section: (no section)\" "
                                     "value=\"0 questions, 0 blocks, 1 gap\"/>"));
}
END_TEST

START_TEST(what_was_left_out_is_skipped_in_tap) {
  g_autofree gchar *text = report_of_one_of_two(tap_sink_new);
  ck_assert_str_eq(text, "TAP version 14\n"
                         "1..2\n"
                         "ok 1 - a/1 # SKIP left out: not changed since v1\n"
                         "ok 2 - a/2\n"
                         "# a.md:9: gap: 2 is missing\n"
                         "# a.md:9: section: (no section): 0 questions, 0 blocks, 1 gap\n");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("finding");
  TCase *tests = tcase_create("finding");
  tcase_add_test(tests, a_class_fails_where_the_check_does);
  tcase_add_test(tests, each_note_of_health_has_its_rule);
  tcase_add_test(tests, paths_are_relative_to_the_base);
  tcase_add_test(tests, columns_are_counted_in_characters);
  tcase_add_test(tests, the_region_of_a_claim_is_its_comment);
  tcase_add_test(tests, a_claim_of_several_lines_spans_them);
  tcase_add_test(tests, fingerprints_are_unique_and_stay_where_things_move);
  tcase_add_test(tests, what_is_a_remark_and_a_note_of_health_is_told_once);
  tcase_add_test(tests, the_fingerprint_of_a_double_number_stays_where_it_moves);
  tcase_add_test(tests, what_was_left_out_is_skipped_in_junit);
  tcase_add_test(tests, what_was_left_out_is_skipped_in_tap);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
