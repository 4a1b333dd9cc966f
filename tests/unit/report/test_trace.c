/* Trace files, read back. */
#include <check.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/trace.h"

static gchar *folder;
static gchar *path;
static Document *document;
static Snippet *snippet;
static Transcript *transcript;

static void set_up(void) {
  folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  path = g_build_filename(folder, "notes__1.json", NULL);
  document = document_new("notes.md", "notes");
  snippet = add_snippet(document, "a()\nprint('b \"c\"')\n", 10);
  transcript = transcript_new();
}

static void tear_down(void) {
  transcript_free(transcript);
  document_free(document);
  g_unlink(path);
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_free(path);
  g_free(folder);
}

static void add_turn(guint thread, guint64 asked, guint64 start, guint64 end) {
  GilTurn turn = {thread, asked, start, end};
  g_array_append_val(transcript->gil->turns, turn);
}

static void add_write(guint thread, guint line, guint64 time, const gchar *text) {
  Write write = {.stream = STREAM_OUTPUT,
                 .line = line,
                 .outer_line = line,
                 .thread = thread,
                 .time_ns = time,
                 .offset = transcript->output->len,
                 .length = strlen(text)};
  g_string_append(transcript->output, text);
  g_array_append_val(transcript->writes, write);
}

static void fill_timeline(void) {
  transcript->gil = gil_timeline_new();
  gil_timeline_add_share(transcript->gil, 0, "MainThread", 5000, 0, 2);
  gil_timeline_add_share(transcript->gil, 1, "worker \"\\\n", 4000, 3000, 1);
  add_turn(0, 0, 1000, 5000);
  add_turn(1, 2000, 5000, 9500);
  add_turn(0, 6000, 9500, 12001);
  add_write(1, 2, 6500, "b \"c\"\n");
  add_write(0, 0, 700, "early");
}

/* The events of what was written. */
static JsonArray *written(JsonParser *parser) {
  g_autoptr(GError) error = NULL;
  ck_assert(trace_write(folder, snippet, transcript, &error));
  ck_assert_msg(json_parser_load_from_file(parser, path, &error), "%s",
                error != NULL ? error->message : "");
  JsonObject *root = json_node_get_object(json_parser_get_root(parser));
  ck_assert_str_eq(json_object_get_string_member(root, "displayTimeUnit"), "ms");
  return json_object_get_array_member(root, "traceEvents");
}

static const gchar *kind_of(JsonObject *event) {
  return json_object_get_string_member(event, "ph");
}

START_TEST(events_have_what_viewers_need) {
  fill_timeline();
  g_autoptr(JsonParser) parser = json_parser_new();
  JsonArray *events = written(parser);
  gdouble last = 0;
  for (guint i = 0; i < json_array_get_length(events); i++) {
    JsonObject *event = json_array_get_object_element(events, i);
    ck_assert(json_object_has_member(event, "name"));
    ck_assert(json_object_has_member(event, "pid"));
    ck_assert(json_object_has_member(event, "tid"));
    gdouble at = json_object_get_double_member(event, "ts");
    ck_assert_double_ge(at, last);
    last = at;
    if (g_str_equal(kind_of(event), "X"))
      ck_assert_double_gt(json_object_get_double_member(event, "dur"), 0);
    else if (g_str_equal(kind_of(event), "i"))
      ck_assert_str_eq(json_object_get_string_member(event, "s"), "t");
    else
      ck_assert_str_eq(kind_of(event), "M");
  }
}
END_TEST

START_TEST(a_thread_does_one_thing_at_a_time) {
  fill_timeline();
  add_turn(1, 9000, 9400, 13000); /* asked and began while it still held it */
  add_turn(1, 13000, 13000, 13000);
  g_autoptr(JsonParser) parser = json_parser_new();
  JsonArray *events = written(parser);
  gdouble ends[2] = {0};
  guint complete = 0;
  for (guint i = 0; i < json_array_get_length(events); i++) {
    JsonObject *event = json_array_get_object_element(events, i);
    if (!g_str_equal(kind_of(event), "X"))
      continue;
    gint64 thread = json_object_get_int_member(event, "tid");
    gdouble at = json_object_get_double_member(event, "ts");
    ck_assert_double_ge(at + 1e-6, ends[thread]);
    ends[thread] = at + json_object_get_double_member(event, "dur");
    complete++;
  }
  ck_assert_uint_eq(complete, 7); /* four turns, three of them waited for */
  ck_assert_double_eq_tol(ends[1], 13, 1e-9);
}
END_TEST

START_TEST(times_and_lines_are_those_of_the_run) {
  fill_timeline();
  g_autoptr(JsonParser) parser = json_parser_new();
  JsonArray *events = written(parser);
  guint seen = 0;
  for (guint i = 0; i < json_array_get_length(events); i++) {
    JsonObject *event = json_array_get_object_element(events, i);
    const gchar *name = json_object_get_string_member(event, "name");
    gdouble at = json_object_get_double_member(event, "ts");
    if (g_str_equal(name, "waits for the GIL") && json_object_get_int_member(event, "tid") == 1) {
      ck_assert_double_eq_tol(at, 2, 1e-9);
      ck_assert_double_eq_tol(json_object_get_double_member(event, "dur"), 3, 1e-9);
      seen++;
    }
    if (g_str_equal(name, "line 11 writes")) {
      JsonObject *more = json_object_get_object_member(event, "args");
      ck_assert_double_eq_tol(at, 6.5, 1e-9);
      ck_assert_int_eq(json_object_get_int_member(more, "line"), 11);
      ck_assert_str_eq(json_object_get_string_member(more, "text"), "b \"c\"\\n");
      seen++;
    }
    if (g_str_equal(name, "thread_name") && json_object_get_int_member(event, "tid") == 1) {
      JsonObject *more = json_object_get_object_member(event, "args");
      ck_assert_str_eq(json_object_get_string_member(more, "name"), "worker \"\\\\n");
      seen++;
    }
  }
  ck_assert_uint_eq(seen, 3);
}
END_TEST

START_TEST(a_run_without_threads_has_no_file) {
  ck_assert(trace_write(folder, snippet, transcript, NULL));
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(long_names_are_cut_and_stay_apart) {
  g_autofree gchar *tail = g_strnfill(300, 'x');
  g_free(snippet->id);
  snippet->id = g_strdup(tail);
  fill_timeline();
  ck_assert(trace_write(folder, snippet, transcript, NULL));
  g_autofree gchar *begin = g_strndup(tail, 200);
  g_autofree gchar *name = g_strdup_printf("%s-%.12s.json", begin, snippet->content_id);
  g_autofree gchar *cut = g_build_filename(folder, name, NULL);
  ck_assert_int_eq(g_unlink(cut), 0);
}
END_TEST

START_TEST(a_folder_that_cannot_be_is_an_error) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(trace_sink_new("/dev/null/traces", &error));
  ck_assert_ptr_nonnull(strstr(error->message, "/dev/null/traces"));
}
END_TEST

START_TEST(the_report_says_when_a_file_could_not_be_written) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *inner = g_build_filename(folder, "inner", NULL);
  g_autoptr(Report) report = report_new();
  report_add(report, trace_sink_new(inner, NULL));
  g_autoptr(Verdict) verdict = verdict_with(VERDICT_RAN, "finishes", NULL);
  fill_timeline();
  ck_assert_int_eq(g_rmdir(inner), 0);
  ck_assert(g_file_set_contents(inner, "in the way", -1, NULL));
  report_verdict(report, snippet, transcript, verdict);
  ReportSummary summary = {0};
  ck_assert(!report_end(report, &summary, &error));
  ck_assert_ptr_nonnull(strstr(error->message, inner));
  g_unlink(inner);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("trace");
  TCase *tests = tcase_create("trace");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, events_have_what_viewers_need);
  tcase_add_test(tests, a_thread_does_one_thing_at_a_time);
  tcase_add_test(tests, times_and_lines_are_those_of_the_run);
  tcase_add_test(tests, a_run_without_threads_has_no_file);
  tcase_add_test(tests, long_names_are_cut_and_stay_apart);
  tcase_add_test(tests, a_folder_that_cannot_be_is_an_error);
  tcase_add_test(tests, the_report_says_when_a_file_could_not_be_written);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
