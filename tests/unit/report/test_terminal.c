/* The report for a person: order, ledger, progress. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/report.h"

static GPtrArray *documents;
static Document *first;
static Document *second;
static Transcript *transcript;
static char *text;
static size_t size;
static FILE *out;
static Report *report;
static Ledger ledger;

static void set_up(void) {
  documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  first = document_new("first.md", "first");
  second = document_new("second.md", "second");
  g_ptr_array_add(documents, first);
  g_ptr_array_add(documents, second);
  add_snippet(first, "a()\n", 10);
  add_snippet(first, "b()\n", 20);
  add_snippet(second, "c()\n", 5);
  transcript = transcript_new();
  out = open_memstream(&text, &size);
  report = report_new();
  ledger = (Ledger){0};
}

static void tear_down(void) {
  report_free(report);
  fclose(out);
  free(text);
  transcript_free(transcript);
  g_ptr_array_unref(documents);
}

static void begin(TerminalOptions options) {
  options.out = out;
  report_add(report, terminal_sink_new(&options));
  report_begin(report, documents);
}

static void tell(const Document *document, guint index, VerdictClass class, const gchar *reason) {
  g_autoptr(Verdict) verdict = verdict_with(class, "finishes", reason);
  ledger_add(&ledger, verdict);
  report_verdict(report, g_ptr_array_index(document->snippets, index), transcript, verdict);
}

static void end(gboolean is_incomplete, GPtrArray *unfinished) {
  ReportSummary summary = {.ledger = ledger,
                           .is_incomplete = is_incomplete,
                           .seconds = 1.25,
                           .lanes = 2,
                           .python = "3.11.2",
                           .unfinished = unfinished};
  ck_assert(report_end(report, &summary, NULL));
  fflush(out);
}

START_TEST(problems_come_in_the_banks_order) {
  begin((TerminalOptions){0});
  document_remark(first, REMARK_NOT_RENDERED, 19, 0, g_strdup("shown as prose"));
  report_remark(report, first, g_ptr_array_index(first->remarks, 0));
  tell(second, 0, VERDICT_FRAGMENT, "needs C");
  tell(first, 1, VERDICT_FRAGMENT, "needs B");
  fflush(out);
  ck_assert_str_eq(text, "");
  tell(first, 0, VERDICT_FRAGMENT, "needs A");
  fflush(out);
  ck_assert_str_eq(text, "first.md:10: fragment: needs A\n"
                         "first.md:19: note: shown as prose\n"
                         "first.md:20: fragment: needs B\n"
                         "second.md:5: fragment: needs C\n");
}
END_TEST

START_TEST(the_ledger_names_what_there_is) {
  begin((TerminalOptions){0});
  tell(first, 0, VERDICT_RAN, NULL);
  tell(first, 1, VERDICT_VERIFIED, NULL);
  tell(second, 0, VERDICT_RAN, NULL);
  ledger.held = 4;
  ledger.contradicted = 1;
  ledger.unchecked = 2;
  end(FALSE, NULL);
  ck_assert_str_eq(text, "3 blocks: 1 verified, 2 ran\n"
                         "7 claims: 4 hold, 1 contradicted, 2 could not be checked\n"
                         "1.2 s on 2 workers, Python 3.11.2\n");
}
END_TEST

START_TEST(an_interrupted_run_tells_what_it_knows) {
  begin((TerminalOptions){0});
  g_autoptr(GPtrArray) unfinished = g_ptr_array_new();
  g_ptr_array_add(unfinished, g_ptr_array_index(first->snippets, 0));
  g_ptr_array_add(unfinished, g_ptr_array_index(first->snippets, 1));
  tell(second, 0, VERDICT_FRAGMENT, "needs C");
  ledger.blocks = 3;
  ledger.classes[VERDICT_INFRA] = 2;
  end(TRUE, unfinished);
  ck_assert_str_eq(text, "second.md:5: fragment: needs C\n"
                         "\n"
                         "incomplete: 2 of 3 blocks were not run to their end (infra)\n"
                         "3 blocks: 1 fragment, 2 infra\n"
                         "1.2 s on 2 workers, Python 3.11.2\n");
}
END_TEST

START_TEST(remarks_of_a_document_without_snippets_are_told) {
  Document *empty = document_new("zzz.md", "zzz");
  g_ptr_array_add(documents, empty);
  document_remark(empty, REMARK_UNCLOSED, 7, 0, g_strdup("never closed"));
  begin((TerminalOptions){0});
  report_remark(report, empty, g_ptr_array_index(empty->remarks, 0));
  tell(first, 0, VERDICT_VERIFIED, NULL);
  tell(first, 1, VERDICT_VERIFIED, NULL);
  tell(second, 0, VERDICT_VERIFIED, NULL);
  end(FALSE, NULL);
  ck_assert_ptr_nonnull(strstr(text, "zzz.md:7: note: never closed\n"));
}
END_TEST

START_TEST(a_hostile_file_name_is_escaped) {
  begin((TerminalOptions){0});
  report_problem(report, "bad\033[2J\n.md", "no\rpermission");
  fflush(out);
  ck_assert_str_eq(text, "bad\\x1b[2J\\n.md: problem: no\\rpermission\n");
}
END_TEST

START_TEST(colour_only_where_it_is_wanted) {
  begin((TerminalOptions){.use_colour = TRUE});
  tell(first, 0, VERDICT_HUNG, NULL);
  fflush(out);
  ck_assert_ptr_nonnull(strstr(text, "\033[31mhung:\033[0m"));
}
END_TEST

static void tell_difference(const gchar *difference) {
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_CHANGED, "finishes", NULL);
  verdict->expectation = EXPECTATION_DIFFERS;
  verdict->difference = g_strdup(difference);
  report_verdict(report, g_ptr_array_index(first->snippets, 0), transcript, verdict);
  tell(first, 1, VERDICT_RAN, NULL);
  fflush(out);
}

START_TEST(a_difference_stands_below) {
  begin((TerminalOptions){0});
  tell_difference("  same\n-old\n+new \033[2J\n! a > b\n");
  ck_assert_str_eq(text, "first.md:10: changed: differs from what was accepted\n"
                         "        same\n"
                         "      -old\n"
                         "      +new \\x1b[2J\n"
                         "      ! a > b\n");
}
END_TEST

START_TEST(a_difference_is_coloured_for_a_person) {
  begin((TerminalOptions){.use_colour = TRUE});
  tell_difference("-old\n+new\n");
  ck_assert_ptr_nonnull(strstr(text, "\033[31m-old\033[0m\n"));
  ck_assert_ptr_nonnull(strstr(text, "\033[32m+new\033[0m\n"));
}
END_TEST

START_TEST(a_long_difference_is_cut) {
  g_autofree gchar *rows = g_strnfill(23, '\n');
  g_autofree gchar *difference = g_strconcat("+first", rows, "+last\n", NULL);
  begin((TerminalOptions){0});
  tell_difference(difference);
  ck_assert_ptr_nonnull(strstr(text, "+first"));
  ck_assert_ptr_null(strstr(text, "+last"));
  ck_assert_ptr_nonnull(strstr(text, "      and 4 more: proctor review\n"));
}
END_TEST

/* --- fixtures ------------------------------------------------------------------ */

START_TEST(fixtures_are_counted_by_variant) {
  g_autoptr(Fixture) library = library_new();
  g_autoptr(FixtureChoice) choice = choice_new(library);
  g_autoptr(Fixture) other = fixture_new("api", "/bank/fixtures/api.py", "fixtures/api.py");
  g_autoptr(FixtureChoice) plain = choice_new(other);
  begin((TerminalOptions){0});
  use_fixture(transcript, choice, "relation");
  tell(first, 0, VERDICT_VERIFIED, NULL);
  use_fixture(transcript, choice, "text");
  tell(first, 1, VERDICT_VERIFIED, NULL);
  use_fixture(transcript, plain, NULL);
  tell(second, 0, VERDICT_VERIFIED, NULL);
  end(FALSE, NULL);
  ck_assert_ptr_nonnull(strstr(text, "\n1 block with fixture api\n"
                                     "2 blocks with fixture library: 1 text, 1 relation\n"));
}
END_TEST

START_TEST(a_fixture_that_is_not_ready_is_told_once) {
  g_autoptr(Fixture) library = library_new();
  g_autoptr(FixtureChoice) choice = choice_new(library);
  begin((TerminalOptions){0});
  use_fixture(transcript, choice, "text");
  fail_fixture(transcript, "library.py:3: ValueError: bad", "Traceback:\n  line 3\n");
  tell(second, 0, VERDICT_NEEDS, "library.py:3: ValueError: bad");
  use_fixture(transcript, choice, "relation");
  tell(first, 1, VERDICT_NEEDS, "library.py:3: ValueError: bad");
  fflush(out);
  ck_assert_str_eq(text, ""); /* with the first of its blocks, in any run */
  tell(first, 0, VERDICT_NEEDS, "library.py:3: ValueError: bad");
  end(FALSE, NULL);
  ck_assert_msg(g_str_has_prefix(text,
                                 "fixtures/library.py: problem: library.py:3: ValueError: bad\n"
                                 "      Traceback:\n"
                                 "        line 3\n"
                                 "first.md:10: needs: library.py:3: ValueError: bad\n"
                                 "first.md:20: needs: library.py:3: ValueError: bad\n"
                                 "second.md:5: needs: library.py:3: ValueError: bad\n"),
                "%s", text);
  ck_assert_ptr_nonnull(
      strstr(text, "3 blocks with fixture library: 3 not run: it is not ready\n"));
}
END_TEST

START_TEST(a_fixture_that_cannot_be_used_is_told_at_once) {
  g_autoptr(Fixture) library = library_new();
  begin((TerminalOptions){0});
  report_fixture(report, library, NULL, "library.py:1:1: PROVIDES is no list\nof names", NULL);
  report_fixture(report, library, NULL, "library.py:1:1: PROVIDES is no list\nof names", NULL);
  fflush(out);
  ck_assert_str_eq(text, "fixtures/library.py: problem: library.py:1:1: PROVIDES is no list\\nof "
                         "names\n");
  end(FALSE, NULL);
  ck_assert_ptr_null(strstr(text, "with fixture"));
}
END_TEST

START_TEST(a_long_traceback_is_cut_in_its_middle) {
  g_autoptr(Fixture) library = library_new();
  g_autoptr(GString) traceback = g_string_new(NULL);
  for (guint i = 1; i <= 40; i++)
    g_string_append_printf(traceback, "line %u\n", i);
  begin((TerminalOptions){0});
  report_fixture(report, library, "text", "bad", traceback->str);
  fflush(out);
  ck_assert_ptr_nonnull(strstr(text, "      line 4\n      ...\n      line 15\n"));
  ck_assert_ptr_nonnull(strstr(text, "      line 40\n"));
}
END_TEST

START_TEST(progress_is_counted_and_wiped) {
  char *shown = NULL;
  size_t shown_size;
  FILE *progress = open_memstream(&shown, &shown_size);
  begin((TerminalOptions){.progress = progress});
  tell(first, 0, VERDICT_CRASHED, NULL);
  fflush(progress);
  ck_assert_ptr_nonnull(strstr(shown, "1/3, 1 wrong"));
  tell(first, 1, VERDICT_VERIFIED, NULL);
  tell(second, 0, VERDICT_VERIFIED, NULL);
  end(FALSE, NULL);
  fflush(progress);
  ck_assert(g_str_has_suffix(shown, "\r\033[K"));
  report_free(report);
  report = NULL;
  fclose(progress);
  free(shown);
}
END_TEST

START_TEST(a_report_that_cannot_be_written_is_an_error) {
  g_autoptr(GError) error = NULL;
  FILE *full = fopen("/dev/full", "w");
  TerminalOptions options = {.out = full};
  report_add(report, terminal_sink_new(&options));
  report_begin(report, documents);
  ReportSummary summary = {.ledger = ledger};
  ck_assert(!report_end(report, &summary, &error));
  ck_assert_ptr_nonnull(error);
  fclose(full);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("terminal");
  TCase *tests = tcase_create("terminal");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, problems_come_in_the_banks_order);
  tcase_add_test(tests, the_ledger_names_what_there_is);
  tcase_add_test(tests, an_interrupted_run_tells_what_it_knows);
  tcase_add_test(tests, remarks_of_a_document_without_snippets_are_told);
  tcase_add_test(tests, a_hostile_file_name_is_escaped);
  tcase_add_test(tests, colour_only_where_it_is_wanted);
  tcase_add_test(tests, a_difference_stands_below);
  tcase_add_test(tests, a_difference_is_coloured_for_a_person);
  tcase_add_test(tests, a_long_difference_is_cut);
  tcase_add_test(tests, fixtures_are_counted_by_variant);
  tcase_add_test(tests, a_fixture_that_is_not_ready_is_told_once);
  tcase_add_test(tests, a_fixture_that_cannot_be_used_is_told_at_once);
  tcase_add_test(tests, a_long_traceback_is_cut_in_its_middle);
  tcase_add_test(tests, progress_is_counted_and_wiped);
  tcase_add_test(tests, a_report_that_cannot_be_written_is_an_error);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
