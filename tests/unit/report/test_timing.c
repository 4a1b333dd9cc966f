/* Repeated runs, in words and for programs. */
#include <check.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/timing.h"

static Document *document;
static Timing *timing;

static void set_up(void) {
  document = document_new("notes.md", "notes");
  timing = timing_new(add_snippet(document, "a()\n", 10));
  timing->python = g_strdup("3.11.2");
  timing->total = 3.04;
}

static void tear_down(void) {
  timing_free(timing);
  document_free(document);
}

static void add_run(guint64 wall_us, OutcomeKind outcome) {
  g_autoptr(Transcript) transcript = transcript_new();
  transcript->outcome = outcome;
  transcript->exit_code = outcome == OUTCOME_EXITED ? 3 : 0;
  transcript->usage = (Usage){.wall_ns = wall_us * 1000, .user_ns = 2000000, .peak_bytes = 3 << 20};
  timing_add(timing, transcript);
}

START_TEST(a_person_reads_it) {
  add_run(12000, OUTCOME_FINISHED);
  add_run(10000, OUTCOME_FINISHED);
  add_run(11000, OUTCOME_FINISHED);
  g_autofree gchar *text = timing_text(timing, FALSE);
  ck_assert_str_eq(text, "notes/1 (notes.md:10), Python 3.11.2\n"
                         "  3 runs in 3.0 s, one after another\n"
                         "  wall      11.00 ms \xc2\xb1 1.00 ms (median, and median absolute "
                         "deviation)\n"
                         "            mean 11.00 ms, from 10.00 ms to 12.00 ms\n"
                         "  CPU       2.000 ms user, 0 s system (medians)\n"
                         "  memory    3.0 MiB at its peak (median)\n");
}
END_TEST

START_TEST(what_varies_is_said) {
  add_run(1, OUTCOME_FINISHED);
  add_run(1, OUTCOME_EXITED);
  add_run(1, OUTCOME_FINISHED);
  g_autofree gchar *text = timing_text(timing, FALSE);
  ck_assert_ptr_nonnull(strstr(text, "  outcome   finishes (2), exits 3 (1): it varies\n"));
}
END_TEST

START_TEST(outliers_and_earlier_blocks_are_said) {
  timing->prelude = 2;
  for (guint i = 0; i < 20; i++)
    add_run(1000 + i, OUTCOME_FINISHED);
  add_run(1035, OUTCOME_FINISHED);
  add_run(5000000, OUTCOME_FINISHED);
  g_autofree gchar *text = timing_text(timing, FALSE);
  ck_assert_ptr_nonnull(strstr(text, "each after 2 earlier blocks, whose time counts"));
  ck_assert_ptr_nonnull(strstr(text, "  outliers  2 of 22: 1 mild, 1 severe\n"));
}
END_TEST

START_TEST(a_histogram_has_a_bar_for_each_part) {
  for (guint i = 0; i < 40; i++)
    add_run(i < 39 ? 1000 : 2200, OUTCOME_FINISHED);
  g_autofree gchar *without = timing_text(timing, FALSE);
  g_autofree gchar *with = timing_text(timing, TRUE);
  ck_assert_ptr_null(strstr(without, "|#"));
  ck_assert_ptr_nonnull(strstr(with, "     1.000 ms |########################################"
                                     " 39\n"));
  ck_assert_ptr_nonnull(strstr(with, "     2.100 ms |#                                       "
                                     " 1\n"));
}
END_TEST

START_TEST(programs_get_the_samples) {
  add_run(10000, OUTCOME_FINISHED);
  add_run(30000, OUTCOME_EXITED);
  g_autofree gchar *text = timing_json(timing);
  g_autoptr(JsonParser) parser = json_parser_new();
  ck_assert(json_parser_load_from_data(parser, text, -1, NULL));
  JsonObject *root = json_node_get_object(json_parser_get_root(parser));
  ck_assert_str_eq(json_object_get_string_member(root, "id"), "notes/1");
  ck_assert_int_eq(json_object_get_int_member(root, "line"), 10);
  ck_assert_int_eq(json_object_get_int_member(root, "runs"), 2);
  JsonObject *wall = json_object_get_object_member(root, "wall");
  ck_assert_double_eq_tol(json_object_get_double_member(wall, "median"), 0.02, 1e-9);
  JsonArray *samples = json_object_get_array_member(wall, "samples");
  ck_assert_double_eq_tol(json_array_get_double_element(samples, 1), 0.03, 1e-9);
  JsonObject *outcomes = json_object_get_object_member(root, "outcomes");
  ck_assert_int_eq(json_object_get_int_member(outcomes, "exits 3"), 1);
  ck_assert(g_str_has_suffix(text, "}\n"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("timing");
  TCase *tests = tcase_create("timing");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_person_reads_it);
  tcase_add_test(tests, what_varies_is_said);
  tcase_add_test(tests, outliers_and_earlier_blocks_are_said);
  tcase_add_test(tests, a_histogram_has_a_bar_for_each_part);
  tcase_add_test(tests, programs_get_the_samples);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
