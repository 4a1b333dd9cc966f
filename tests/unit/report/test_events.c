/* Events put together for a person. */
#include <check.h>
#include <stdlib.h>

#include "report/events.h"

static Transcript *transcript;

static void set_up(void) {
  transcript = transcript_new();
}

static void tear_down(void) {
  transcript_free(transcript);
}

static Event *add(const gchar *kind, guint line, const gchar *text, gint64 count,
                  guint64 spent_ns) {
  Event *event = g_new0(Event, 1);
  *event = (Event){.kind = g_strdup(kind),
                   .line = line,
                   .count = count,
                   .spent_ns = spent_ns,
                   .text = g_strdup(text)};
  g_ptr_array_add(transcript->events, event);
  return event;
}

static void expect(const gchar *const *texts) {
  g_autoptr(GPtrArray) groups = events_group(transcript);
  guint count = g_strv_length((GStrv)texts);
  ck_assert_uint_eq(groups->len, count);
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *text = event_group_text(g_ptr_array_index(groups, i), 40);
    ck_assert_str_eq(text, texts[i]);
  }
}

START_TEST(equal_events_of_a_line_are_one) {
  for (guint i = 0; i < 3; i++) {
    g_autofree gchar *one = g_strdup_printf("SELECT a WHERE id = %u", i + 8);
    g_autofree gchar *other = g_strdup_printf("SELECT b2 WHERE name = '%u x'", i);
    add("sql", 2, one, 1, 500000);
    add("sql", 2, other, 2, 100000);
  }
  add("sql", 3, "SELECT a WHERE id = 8", 1, 100000);
  add("sql", 2, "SELECT b3 WHERE name = ''", 0, 0);
  expect((const gchar *const[]){"sql SELECT a WHERE id = 8 x 3 (3 rows, 1.5 ms)",
                                "sql SELECT b2 WHERE name = '0 x' x 3 (6 rows, 0.3 ms)",
                                "sql SELECT a WHERE id = 8 (1 row, 0.1 ms)",
                                "sql SELECT b3 WHERE name = '' (0 rows, 0.0 ms)", NULL});
}
END_TEST

START_TEST(what_is_not_said_is_left_out) {
  add("sql", 1, "BEGIN", -1, G_MAXUINT64);
  add("http", 1, "GET /", 200, G_MAXUINT64);
  add("http", 1, "GET /", -1, 5);
  add("sql", 1, "SELECT\n\033[2J", -1, G_MAXUINT64)->is_shown = TRUE;
  add("sql", 1, "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -1, G_MAXUINT64);
  expect((const gchar *const[]){"sql BEGIN", "http GET / x 2",
                                "sql SELECT\\n\\x1b[2J (only to show a value)",
                                "sql SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...", NULL});
}
END_TEST

START_TEST(sums_do_not_overflow) {
  add("sql", 1, "A", G_MAXINT64, G_MAXUINT64 - 1);
  add("sql", 1, "A", 2, 3);
  expect((const gchar *const[]){"sql A x 2", NULL});
}
END_TEST

int main(void) {
  Suite *suite = suite_create("events");
  TCase *tests = tcase_create("events");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, equal_events_of_a_line_are_one);
  tcase_add_test(tests, what_is_not_said_is_left_out);
  tcase_add_test(tests, sums_do_not_overflow);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
