/* The report for programs, read back. */
#include <check.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/report.h"

static gchar *folder;
static gchar *path;
static GPtrArray *documents;
static Document *document;
static Report *report;
static JsonParser *parser;

static void set_up(void) {
  folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  path = g_build_filename(folder, "report.json", NULL);
  documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  document = document_new("notes.md", "notes");
  g_ptr_array_add(documents, document);
  add_snippet(document, "print(1)  # 2\n", 10);
  add_snippet(document, "b()\n", 20);
  report = report_new();
  ReportSink *sink = json_sink_new(path, "1.2.3", NULL);
  ck_assert_ptr_nonnull(sink);
  report_add(report, sink);
  report_begin(report, documents);
  parser = json_parser_new();
}

static void tear_down(void) {
  g_object_unref(parser);
  report_free(report);
  g_unlink(path);
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_free(path);
  g_free(folder);
  g_ptr_array_unref(documents);
}

static JsonObject *end(const ReportSummary *summary) {
  ck_assert(report_end(report, summary, NULL));
  ck_assert(json_parser_load_from_file(parser, path, NULL));
  return json_node_get_object(json_parser_get_root(parser));
}

static JsonObject *snippet_at(JsonObject *root, guint index) {
  return json_array_get_object_element(json_object_get_array_member(root, "snippets"), index);
}

static void tell(guint index, VerdictClass class, const Transcript *transcript) {
  g_autoptr(Verdict) verdict = verdict_with(class, "finishes", NULL);
  report_verdict(report, g_ptr_array_index(document->snippets, index), transcript, verdict);
}

START_TEST(snippets_keep_the_banks_order) {
  g_autoptr(Transcript) transcript = transcript_new();
  tell(1, VERDICT_RAN, transcript);
  tell(0, VERDICT_VERIFIED, transcript);
  ReportSummary summary = {.ledger.blocks = 2};
  JsonObject *root = end(&summary);
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 0), "id"), "notes/1");
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 0), "class"), "verified");
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 1), "id"), "notes/2");
}
END_TEST

START_TEST(the_ledger_has_every_class) {
  ReportSummary summary = {.ledger = {.blocks = 3}};
  summary.ledger.classes[VERDICT_NEEDS] = 3;
  JsonObject *root = end(&summary);
  JsonObject *ledger = json_object_get_object_member(root, "ledger");
  ck_assert_uint_eq(json_object_get_size(ledger), VERDICT_CLASSES);
  ck_assert_int_eq(json_object_get_int_member(ledger, "needs"), 3);
  ck_assert_int_eq(json_object_get_int_member(ledger, "infra"), 0);
}
END_TEST

START_TEST(claims_say_whether_they_hold) {
  static const ClaimState states[] = {CLAIM_HOLDS, CLAIM_CONTRADICTED, CLAIM_NOT_CHECKABLE};
  Snippet *snippet = g_ptr_array_index(document->snippets, 0);
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_FALSE, "finishes", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(states); i++)
    verdict_add_result(verdict, add_claim(snippet, 1, "2", "2"), states[i], i == 1 ? "1" : NULL,
                       NULL);
  report_verdict(report, snippet, transcript, verdict);
  ReportSummary summary = {0};
  JsonArray *claims = json_object_get_array_member(snippet_at(end(&summary), 0), "claims");
  JsonObject *holds = json_array_get_object_element(claims, 0);
  JsonObject *fails = json_array_get_object_element(claims, 1);
  JsonObject *unknown = json_array_get_object_element(claims, 2);
  ck_assert(json_object_get_boolean_member(holds, "holds"));
  ck_assert(!json_object_get_boolean_member(fails, "holds"));
  ck_assert(json_object_get_null_member(unknown, "holds"));
  ck_assert_int_eq(json_object_get_int_member(fails, "line"), 10);
  ck_assert_str_eq(json_object_get_string_member(fails, "actual"), "1");
  ck_assert(json_object_get_null_member(holds, "actual"));
}
END_TEST

START_TEST(threads_are_told_with_lines_of_the_document) {
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_STUCK;
  Waiting *waiting = waiting_new(0, "MainThread", 1, "", "lock");
  waiting->is_known = TRUE;
  waiting->holder = 1;
  g_free(waiting->holder_name);
  waiting->holder_name = g_strdup("worker");
  waiting->holder_line = 1;
  g_ptr_array_add(transcript->waits, waiting);
  g_ptr_array_add(transcript->waits, waiting_new(1, "worker", 0, "Queue.get", ""));
  transcript->gil = gil_timeline_new();
  gil_timeline_add_share(transcript->gil, 1, "worker", 1500000000, 250000000, 3);
  GilTurn turn = {1, 100, 500000000, 2000000000};
  g_array_append_val(transcript->gil->turns, turn);
  transcript->gil->turns_lost = 2;
  transcript->gil->wall_ns = 2000000000;
  tell(0, VERDICT_HUNG, transcript);
  ReportSummary summary = {0};
  JsonObject *snippet = snippet_at(end(&summary), 0);

  JsonArray *waits = json_object_get_array_member(snippet, "waits");
  ck_assert_uint_eq(json_array_get_length(waits), 2);
  JsonObject *known = json_array_get_object_element(waits, 0);
  ck_assert_int_eq(json_object_get_int_member(known, "line"), 10);
  ck_assert_int_eq(json_object_get_int_member(known, "holder"), 1);
  ck_assert_str_eq(json_object_get_string_member(known, "holder_name"), "worker");
  ck_assert_int_eq(json_object_get_int_member(known, "holder_line"), 10);
  JsonObject *unknown = json_array_get_object_element(waits, 1);
  ck_assert_str_eq(json_object_get_string_member(unknown, "what"), "Queue.get");
  ck_assert(json_object_get_null_member(unknown, "line"));
  ck_assert(json_object_get_null_member(unknown, "holder"));

  JsonObject *gil = json_object_get_object_member(snippet, "gil");
  JsonObject *thread =
      json_array_get_object_element(json_object_get_array_member(gil, "threads"), 0);
  ck_assert_double_eq_tol(json_object_get_double_member(thread, "held_seconds"), 1.5, 1e-9);
  ck_assert_double_eq_tol(json_object_get_double_member(thread, "waiting_seconds"), 0.25, 1e-9);
  ck_assert_int_eq(json_object_get_int_member(thread, "turns"), 3);
  JsonArray *row = json_array_get_array_element(json_object_get_array_member(gil, "timeline"), 0);
  ck_assert_int_eq(json_array_get_int_element(row, 0), 1);
  ck_assert_double_eq_tol(json_array_get_double_element(row, 1), 0.5, 1e-9);
  ck_assert_double_eq_tol(json_array_get_double_element(row, 2), 2, 1e-9);
  ck_assert_int_eq(json_object_get_int_member(gil, "timeline_lost"), 2);
}
END_TEST

START_TEST(expectations_have_a_state_and_a_difference) {
  static const gchar *const names[] = {"none", "met", "differs", "unclear", "untested"};
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_CHANGED, "finishes", NULL);
  verdict->expectation = (ExpectationState)_i;
  verdict->difference = _i == EXPECTATION_DIFFERS ? g_strdup("-a\n+b\n") : NULL;
  report_verdict(report, g_ptr_array_index(document->snippets, 0), transcript, verdict);
  ReportSummary summary = {0};
  JsonObject *snippet = snippet_at(end(&summary), 0);
  ck_assert_str_eq(json_object_get_string_member(snippet, "expectation"), names[_i]);
  ck_assert_int_eq(json_object_get_null_member(snippet, "difference"), _i != EXPECTATION_DIFFERS);
  ck_assert(json_object_get_null_member(snippet, "gil"));
}
END_TEST

START_TEST(claims_say_what_they_may_speak_of) {
  Snippet *snippet = g_ptr_array_index(document->snippets, 0);
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_VERIFIED, "finishes", NULL);
  Claim *claim = add_claim(snippet, 1, "2", "2");
  claim->names = g_strdup("a, b");
  claim->code = g_strdup("b()");
  claim->code_line = 1;
  verdict_add_result(verdict, claim, CLAIM_HOLDS, NULL, NULL);
  verdict_add_result(verdict, add_claim(snippet, 1, "2", "2"), CLAIM_HOLDS, NULL, NULL);
  report_verdict(report, snippet, transcript, verdict);
  ReportSummary summary = {0};
  JsonArray *claims = json_object_get_array_member(snippet_at(end(&summary), 0), "claims");
  JsonObject *one = json_array_get_object_element(claims, 0);
  JsonObject *other = json_array_get_object_element(claims, 1);
  ck_assert_str_eq(json_object_get_string_member(one, "names"), "a, b");
  ck_assert_int_eq(json_object_get_int_member(one, "code_line"), 10);
  ck_assert(json_object_get_null_member(other, "names"));
  ck_assert(json_object_get_null_member(other, "code_line"));
}
END_TEST

START_TEST(bytes_that_are_no_text_are_escaped) {
  static const gchar bytes[] = "caf\xc3\xa9\n\"\\\033\x1f\x7f\xff\0end";
  g_autoptr(Transcript) transcript = transcript_new();
  g_string_append_len(transcript->output, bytes, sizeof bytes - 1);
  tell(0, VERDICT_RAN, transcript);
  ReportSummary summary = {0};
  ck_assert_str_eq(json_object_get_string_member(snippet_at(end(&summary), 0), "stdout"),
                   "caf\xc3\xa9\n\"\\\033\x1f\x7f\\xff\\x00"
                   "end");
  g_autofree gchar *text = NULL;
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  ck_assert_ptr_null(strchr(text, 0x1f));
  ck_assert_ptr_nonnull(strstr(text, "\\u001f\\u007f"));
}
END_TEST

START_TEST(fixtures_and_their_events_are_kept) {
  g_autoptr(Fixture) library = library_new();
  g_autoptr(FixtureChoice) choice = choice_new(library);
  g_autoptr(Transcript) transcript = transcript_new();
  use_fixture(transcript, choice, "relation");
  Event *event = g_new0(Event, 1);
  *event = (Event){.kind = g_strdup("sql"),
                   .line = 1,
                   .outer_line = 1,
                   .time_ns = 500000000,
                   .spent_ns = 250000000,
                   .count = 3,
                   .text = g_strdup("SELECT \xff")};
  g_ptr_array_add(transcript->events, event);
  event = g_new0(Event, 1);
  *event = (Event){.kind = g_strdup("sql"),
                   .spent_ns = G_MAXUINT64,
                   .count = -1,
                   .is_shown = TRUE,
                   .text = g_strdup("SELECT")};
  g_ptr_array_add(transcript->events, event);
  transcript->events_lost = 5;
  tell(0, VERDICT_VERIFIED, transcript);
  g_autoptr(Transcript) without = transcript_new();
  tell(1, VERDICT_VERIFIED, without);
  ReportSummary summary = {0};
  JsonObject *root = end(&summary);
  JsonObject *snippet = snippet_at(root, 0);

  JsonObject *fixture = json_object_get_object_member(snippet, "fixture");
  ck_assert_str_eq(json_object_get_string_member(fixture, "name"), "library");
  ck_assert_str_eq(json_object_get_string_member(fixture, "variant"), "relation");
  ck_assert_str_eq(json_object_get_string_member(fixture, "path"), "fixtures/library.py");
  ck_assert(!json_object_get_boolean_member(fixture, "configured"));
  JsonArray *names = json_object_get_array_member(fixture, "names");
  ck_assert_str_eq(json_array_get_string_element(names, 1), "author");

  JsonArray *events = json_object_get_array_member(snippet, "events");
  JsonObject *known = json_array_get_object_element(events, 0);
  ck_assert_str_eq(json_object_get_string_member(known, "text"), "SELECT \\xff");
  ck_assert_int_eq(json_object_get_int_member(known, "line"), 10);
  ck_assert_double_eq_tol(json_object_get_double_member(known, "at"), 0.5, 1e-9);
  ck_assert_double_eq_tol(json_object_get_double_member(known, "seconds"), 0.25, 1e-9);
  ck_assert_int_eq(json_object_get_int_member(known, "count"), 3);
  ck_assert(!json_object_get_boolean_member(known, "shown"));
  JsonObject *unknown = json_array_get_object_element(events, 1);
  ck_assert(json_object_get_null_member(unknown, "line"));
  ck_assert(json_object_get_null_member(unknown, "seconds"));
  ck_assert(json_object_get_null_member(unknown, "count"));
  ck_assert(json_object_get_boolean_member(unknown, "shown"));
  ck_assert_int_eq(json_object_get_int_member(snippet, "events_lost"), 5);
  ck_assert(json_object_get_null_member(snippet_at(root, 1), "fixture"));

  JsonArray *fixtures = json_object_get_array_member(root, "fixtures");
  ck_assert_uint_eq(json_array_get_length(fixtures), 1);
  JsonObject *use = json_array_get_object_element(fixtures, 0);
  ck_assert_str_eq(json_object_get_string_member(use, "variant"), "relation");
  ck_assert_int_eq(json_object_get_int_member(use, "blocks"), 1);
  ck_assert_int_eq(json_object_get_int_member(use, "unready"), 0);
  ck_assert(json_object_get_null_member(use, "failure"));
}
END_TEST

START_TEST(a_fixture_that_is_not_ready_has_its_traceback) {
  g_autoptr(Fixture) library = library_new();
  g_autoptr(FixtureChoice) choice = choice_new(library);
  g_autoptr(Transcript) transcript = transcript_new();
  use_fixture(transcript, choice, NULL);
  fail_fixture(transcript, "it raises", "Traceback\n");
  tell(0, VERDICT_NEEDS, transcript);
  g_autoptr(Fixture) broken = fixture_new("broken", "/b/broken.py", "broken.py");
  report_fixture(report, broken, NULL, "no header", NULL);
  ReportSummary summary = {0};
  JsonObject *root = end(&summary);
  JsonObject *snippet = snippet_at(root, 0);
  ck_assert_str_eq(json_object_get_string_member(snippet, "failure"), "it raises");
  ck_assert_str_eq(json_object_get_string_member(snippet, "traceback"), "Traceback\n");
  JsonArray *fixtures = json_object_get_array_member(root, "fixtures");
  JsonObject *unused = json_array_get_object_element(fixtures, 0);
  JsonObject *unready = json_array_get_object_element(fixtures, 1);
  ck_assert_str_eq(json_object_get_string_member(unused, "failure"), "no header");
  ck_assert_int_eq(json_object_get_int_member(unused, "blocks"), 0);
  ck_assert_str_eq(json_object_get_string_member(unready, "name"), "library");
  ck_assert_str_eq(json_object_get_string_member(unready, "traceback"), "Traceback\n");
  ck_assert_int_eq(json_object_get_int_member(unready, "unready"), 1);
}
END_TEST

START_TEST(a_skip_has_its_reason) {
  Snippet *snippet = g_ptr_array_index(document->snippets, 0);
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = OUTCOME_SKIPPED;
  transcript->failure = g_strdup("needs a printer");
  snippet->settings = settings_new();
  snippet->settings->skip = g_strdup("needs a printer");
  tell(0, VERDICT_SKIPPED, transcript);
  g_autoptr(Transcript) other = transcript_new();
  other->failure = g_strdup("left from before");
  tell(1, VERDICT_RAN, other);
  ReportSummary summary = {0};
  JsonObject *root = end(&summary);
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 0), "skip"), "needs a printer");
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 0), "failure"),
                   "needs a printer");
  ck_assert(json_object_get_null_member(snippet_at(root, 1), "skip"));
  ck_assert(json_object_get_null_member(snippet_at(root, 1), "failure"));
}
END_TEST

START_TEST(what_the_prose_says_has_its_line) {
  Snippet *snippet = g_ptr_array_index(document->snippets, 0);
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_VERIFIED, "finishes", NULL);
  Claim *claim = add_field_claim(verdict, CLAIM_FIELD, 0, 7, "two queries");
  claim->word = g_strdup("queries");
  verdict_add_result(verdict, claim, CLAIM_HOLDS, NULL, NULL);
  verdict_add_result(verdict, add_field_claim(verdict, CLAIM_PROMISE, 1, 0, "nothing is left"),
                     CLAIM_HOLDS, NULL, NULL);
  report_verdict(report, snippet, transcript, verdict);
  ReportSummary summary = {0};
  JsonArray *claims = json_object_get_array_member(snippet_at(end(&summary), 0), "claims");
  JsonObject *prose = json_array_get_object_element(claims, 0);
  JsonObject *promise = json_array_get_object_element(claims, 1);
  ck_assert_str_eq(json_object_get_string_member(prose, "rule"), "field");
  ck_assert_str_eq(json_object_get_string_member(prose, "word"), "queries");
  ck_assert_int_eq(json_object_get_int_member(prose, "line"), 7);
  ck_assert_int_eq(json_object_get_int_member(prose, "prose_line"), 7);
  ck_assert_str_eq(json_object_get_string_member(promise, "rule"), "promise");
  ck_assert_int_eq(json_object_get_int_member(promise, "line"), 10);
  ck_assert(json_object_get_null_member(promise, "prose_line"));
}
END_TEST

START_TEST(what_was_interrupted_is_infra) {
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(GPtrArray) unfinished = g_ptr_array_new();
  g_ptr_array_add(unfinished, g_ptr_array_index(document->snippets, 0));
  tell(1, VERDICT_RAN, transcript);
  ReportSummary summary = {.is_incomplete = TRUE, .unfinished = unfinished};
  JsonObject *root = end(&summary);
  ck_assert(json_object_get_boolean_member(root, "incomplete"));
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 0), "class"), "infra");
  ck_assert_str_eq(json_object_get_string_member(snippet_at(root, 1), "class"), "ran");
}
END_TEST

START_TEST(problems_and_remarks_are_kept) {
  document_remark(document, REMARK_UNCLOSED, 7, 0, g_strdup("never closed"));
  report_remark(report, document, g_ptr_array_index(document->remarks, 0));
  report_problem(report, "other.md", "permission denied");
  ReportSummary summary = {0};
  JsonObject *root = end(&summary);
  JsonObject *remark =
      json_array_get_object_element(json_object_get_array_member(root, "remarks"), 0);
  JsonObject *problem =
      json_array_get_object_element(json_object_get_array_member(root, "problems"), 0);
  ck_assert_str_eq(json_object_get_string_member(remark, "kind"), "unclosed");
  ck_assert_int_eq(json_object_get_int_member(remark, "line"), 7);
  ck_assert_str_eq(json_object_get_string_member(problem, "file"), "other.md");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("json");
  TCase *tests = tcase_create("json");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, snippets_keep_the_banks_order);
  tcase_add_test(tests, the_ledger_has_every_class);
  tcase_add_test(tests, claims_say_whether_they_hold);
  tcase_add_test(tests, threads_are_told_with_lines_of_the_document);
  tcase_add_loop_test(tests, expectations_have_a_state_and_a_difference, EXPECTATION_NONE,
                      EXPECTATION_UNTESTED + 1);
  tcase_add_test(tests, claims_say_what_they_may_speak_of);
  tcase_add_test(tests, bytes_that_are_no_text_are_escaped);
  tcase_add_test(tests, fixtures_and_their_events_are_kept);
  tcase_add_test(tests, a_fixture_that_is_not_ready_has_its_traceback);
  tcase_add_test(tests, a_skip_has_its_reason);
  tcase_add_test(tests, what_the_prose_says_has_its_line);
  tcase_add_test(tests, what_was_interrupted_is_infra);
  tcase_add_test(tests, problems_and_remarks_are_kept);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
