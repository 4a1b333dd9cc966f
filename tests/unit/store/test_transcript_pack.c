/* A transcript as bytes, and back: each of its members. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "store/transcript_pack.h"

static gchar *texts[] = {(gchar *)"os", (gchar *)"x", NULL};

static void add_threads(Transcript *transcript) {
  Waiting *waiting = waiting_new(1, "worker", 7, "Queue.get", "lock");
  waiting->is_known = TRUE;
  waiting->holder = 2;
  g_free(waiting->holder_name);
  waiting->holder_name = g_strdup("MainThread");
  waiting->holder_line = 9;
  g_ptr_array_add(transcript->waits, waiting);
  transcript->gil = gil_timeline_new();
  gil_timeline_add_share(transcript->gil, 1, "worker", 10, 20, 30);
  const GilTurn turns[] = {{1, 5, 6, 9}, {2, 1, 7, 8}, {1, 20, 21, 400}};
  g_array_append_vals(transcript->gil->turns, turns, G_N_ELEMENTS(turns));
  transcript->gil->turns_lost = 3;
  transcript->gil->wall_ns = 500;
}

static Raised *raised_new(const gchar *type) {
  Raised *raised = g_new0(Raised, 1);
  *raised =
      (Raised){.line = 4, .outer_line = 5, .passed = TRUE, .in_thread = TRUE, .is_seen = TRUE};
  raised->type = g_strdup(type);
  raised->bases = g_strdupv(texts);
  raised->message = g_strdup("no \xc3\xa4");
  raised->name = g_strdup("y");
  return raised;
}

static void add_seen(Transcript *transcript) {
  Value *value = g_new0(Value, 1);
  *value = (Value){3, g_strdup("x"), g_strdup("int"), g_strdup("1"), g_strdup("one"), TRUE};
  g_ptr_array_add(transcript->values, value);
  g_ptr_array_add(transcript->raised, raised_new("ValueError"));
  const guint passed[] = {1, 300, G_MAXUINT};
  g_array_append_vals(transcript->passed, passed, G_N_ELEMENTS(passed));
  Probed *probed = g_new0(Probed, 1);
  *probed = (Probed){8, PROBE_RAISED, raised_new("KeyError"), g_strdup("2"), g_strdup("said")};
  g_ptr_array_add(transcript->probed, probed);
  Event *event = g_new0(Event, 1);
  *event = (Event){g_strdup("sql"), 1, 2, 3, 1000, G_MAXUINT64, -1, TRUE, g_strdup("SELECT 1")};
  g_ptr_array_add(transcript->events, event);
  event = g_new0(Event, 1);
  *event = (Event){g_strdup("sql"), 1, 2, 3, 900, 0, 5, FALSE, g_strdup("SELECT 2")};
  g_ptr_array_add(transcript->events, event);
  transcript->events_lost = 6;
  Checked *checked = g_new0(Checked, 1);
  *checked =
      (Checked){CHECKED_FINAL,      CHECKED_UNCLEAR, 1, 2, 3, g_strdup("rule"), g_strdup("said"),
                g_strdup("actual"), g_strdup("note")};
  g_ptr_array_add(transcript->checked, checked);
}

static Transcript *full(void) {
  Transcript *transcript = transcript_new();
  transcript->outcome = OUTCOME_STUCK;
  transcript->exit_code = -3;
  transcript->signal = 11;
  transcript->limit = LIMIT_MEMORY;
  transcript->wall_limit_ms = 10000;
  transcript->is_ending = TRUE;
  transcript->last_line = 12;
  transcript->failure = g_strdup("why");
  transcript->traceback = g_strdup("lines\n");
  g_string_append_len(transcript->output, "a\0b", 3);
  g_string_append(transcript->errors, "\xff");
  transcript->output_cut = 1u << 20;
  transcript->errors_cut = 2;
  const Write writes[] = {{STREAM_OUTPUT, 1, 2, 3, 400, 0, 3}, {STREAM_ERRORS, 4, 5, 6, 300, 0, 1}};
  g_array_append_vals(transcript->writes, writes, G_N_ELEMENTS(writes));
  transcript->writes_lost = 4;
  add_seen(transcript);
  add_threads(transcript);
  transcript->variant = g_strdup("text");
  g_strfreev(transcript->names_bound);
  transcript->names_bound = g_strdupv(texts);
  g_strfreev(transcript->names_needed);
  transcript->names_needed = g_strdupv(texts);
  transcript->names_certain = 1;
  transcript->prelude = 2;
  transcript->survivors = 3;
  transcript->usage = (Usage){1, 2, 3, G_MAXUINT64, 5, 6};
  return transcript;
}

static Transcript *again(const Transcript *transcript) {
  g_autoptr(GBytes) packed = transcript_pack(transcript);
  gsize size;
  gconstpointer bytes = g_bytes_get_data(packed, &size);
  Transcript *unpacked = transcript_unpack(bytes, size);
  ck_assert_ptr_nonnull(unpacked);
  g_autoptr(GBytes) second = transcript_pack(unpacked);
  ck_assert(g_bytes_equal(packed, second));
  return unpacked;
}

START_TEST(what_is_said_of_the_end) {
  g_autoptr(Transcript) one = full();
  g_autoptr(Transcript) other = again(one);
  ck_assert_int_eq(other->outcome, OUTCOME_STUCK);
  ck_assert_int_eq(other->exit_code, -3);
  ck_assert_int_eq(other->signal, 11);
  ck_assert_int_eq(other->limit, LIMIT_MEMORY);
  ck_assert_uint_eq(other->wall_limit_ms, 10000);
  ck_assert(other->is_ending);
  ck_assert_uint_eq(other->last_line, 12);
  ck_assert_str_eq(other->failure, "why");
  ck_assert_str_eq(other->traceback, "lines\n");
  ck_assert_str_eq(other->variant, "text");
  ck_assert_uint_eq(other->prelude, 2);
  ck_assert_uint_eq(other->survivors, 3);
  ck_assert_mem_eq(&other->usage, &one->usage, sizeof one->usage);
  ck_assert(g_strv_equal((const gchar *const *)other->names_bound, (const gchar *const *)texts));
  ck_assert(g_strv_equal((const gchar *const *)other->names_needed, (const gchar *const *)texts));
  ck_assert_uint_eq(other->names_certain, 1);
  ck_assert_ptr_null(other->fixture);
  ck_assert_int_eq(other->kept_us, 0);
}
END_TEST

START_TEST(the_streams_and_who_wrote_them) {
  g_autoptr(Transcript) one = full();
  g_autoptr(Transcript) other = again(one);
  ck_assert(g_string_equal(other->output, one->output));
  ck_assert(g_string_equal(other->errors, one->errors));
  ck_assert_uint_eq(other->output_cut, 1u << 20);
  ck_assert_uint_eq(other->errors_cut, 2);
  ck_assert_uint_eq(other->writes->len, 2);
  for (guint i = 0; i < 2; i++) {
    const Write *was = &g_array_index(one->writes, Write, i);
    const Write *is = &g_array_index(other->writes, Write, i);
    ck_assert_int_eq(is->stream, was->stream);
    ck_assert_uint_eq(is->line, was->line);
    ck_assert_uint_eq(is->outer_line, was->outer_line);
    ck_assert_uint_eq(is->thread, was->thread);
    ck_assert_uint_eq(is->time_ns, was->time_ns);
    ck_assert_uint_eq(is->offset, was->offset);
    ck_assert_uint_eq(is->length, was->length);
  }
  ck_assert_uint_eq(other->writes_lost, 4);
}
END_TEST

static void assert_raised(const Raised *raised, const gchar *type) {
  ck_assert_uint_eq(raised->line, 4);
  ck_assert_uint_eq(raised->outer_line, 5);
  ck_assert(raised->passed && raised->in_thread && raised->is_seen);
  ck_assert_str_eq(raised->type, type);
  ck_assert(g_strv_equal((const gchar *const *)raised->bases, (const gchar *const *)texts));
  ck_assert_str_eq(raised->message, "no \xc3\xa4");
  ck_assert_str_eq(raised->name, "y");
}

START_TEST(what_was_seen) {
  g_autoptr(Transcript) one = full();
  g_autoptr(Transcript) other = again(one);
  const Value *value = g_ptr_array_index(other->values, 0);
  ck_assert_uint_eq(value->line, 3);
  ck_assert_str_eq(value->names, "x");
  ck_assert_str_eq(value->type, "int");
  ck_assert_str_eq(value->repr, "1");
  ck_assert_str_eq(value->shown, "one");
  ck_assert(value->is_cut);
  assert_raised(g_ptr_array_index(other->raised, 0), "ValueError");
  ck_assert_mem_eq(other->passed->data, one->passed->data, 3 * sizeof(guint));
  const Probed *probed = g_ptr_array_index(other->probed, 0);
  ck_assert_uint_eq(probed->line, 8);
  ck_assert_int_eq(probed->end, PROBE_RAISED);
  assert_raised(probed->raised, "KeyError");
  ck_assert_str_eq(probed->repr, "2");
  ck_assert_str_eq(probed->output, "said");
}
END_TEST

START_TEST(what_a_fixture_said) {
  g_autoptr(Transcript) one = full();
  g_autoptr(Transcript) other = again(one);
  const Event *event = g_ptr_array_index(other->events, 0);
  ck_assert_str_eq(event->kind, "sql");
  ck_assert_uint_eq(event->line, 1);
  ck_assert_uint_eq(event->outer_line, 2);
  ck_assert_uint_eq(event->thread, 3);
  ck_assert_uint_eq(event->time_ns, 1000);
  ck_assert(event->spent_ns == G_MAXUINT64);
  ck_assert_int_eq(event->count, -1);
  ck_assert(event->is_shown);
  ck_assert_str_eq(event->text, "SELECT 1");
  event = g_ptr_array_index(other->events, 1);
  ck_assert_uint_eq(event->time_ns, 900);
  ck_assert_uint_eq(event->spent_ns, 0);
  ck_assert_int_eq(event->count, 5);
  ck_assert_uint_eq(other->events_lost, 6);
  const Checked *checked = g_ptr_array_index(other->checked, 0);
  ck_assert_int_eq(checked->kind, CHECKED_FINAL);
  ck_assert_int_eq(checked->end, CHECKED_UNCLEAR);
  ck_assert_uint_eq(checked->line, 1);
  ck_assert_uint_eq(checked->first_line, 2);
  ck_assert_uint_eq(checked->last_line, 3);
  ck_assert_str_eq(checked->rule, "rule");
  ck_assert_str_eq(checked->said, "said");
  ck_assert_str_eq(checked->actual, "actual");
  ck_assert_str_eq(checked->note, "note");
}
END_TEST

START_TEST(what_its_threads_did) {
  g_autoptr(Transcript) one = full();
  g_autoptr(Transcript) other = again(one);
  const Waiting *waiting = g_ptr_array_index(other->waits, 0);
  ck_assert_uint_eq(waiting->thread, 1);
  ck_assert_str_eq(waiting->name, "worker");
  ck_assert_uint_eq(waiting->line, 7);
  ck_assert_str_eq(waiting->what, "Queue.get");
  ck_assert_str_eq(waiting->lock, "lock");
  ck_assert(waiting->is_known);
  ck_assert_uint_eq(waiting->holder, 2);
  ck_assert_str_eq(waiting->holder_name, "MainThread");
  ck_assert_uint_eq(waiting->holder_line, 9);
  const GilShare *share = g_ptr_array_index(other->gil->shares, 0);
  ck_assert_uint_eq(share->thread, 1);
  ck_assert_str_eq(share->name, "worker");
  ck_assert_uint_eq(share->held_ns, 10);
  ck_assert_uint_eq(share->waited_ns, 20);
  ck_assert_uint_eq(share->turns, 30);
  ck_assert_uint_eq(other->gil->turns->len, 3);
  for (guint i = 0; i < 3; i++) {
    const GilTurn *was = &g_array_index(one->gil->turns, GilTurn, i);
    const GilTurn *is = &g_array_index(other->gil->turns, GilTurn, i);
    ck_assert_uint_eq(is->thread, was->thread);
    ck_assert_uint_eq(is->asked_ns, was->asked_ns);
    ck_assert_uint_eq(is->start_ns, was->start_ns);
    ck_assert_uint_eq(is->end_ns, was->end_ns);
  }
  ck_assert_uint_eq(other->gil->turns_lost, 3);
  ck_assert_uint_eq(other->gil->wall_ns, 500);
}
END_TEST

START_TEST(an_empty_one_is_small) {
  g_autoptr(Transcript) one = transcript_new();
  g_autoptr(Transcript) other = again(one);
  g_autoptr(GBytes) packed = transcript_pack(one);
  ck_assert_uint_lt(g_bytes_get_size(packed), 64);
  ck_assert_ptr_null(other->failure);
  ck_assert_ptr_null(other->gil);
  ck_assert_ptr_null(other->variant);
  ck_assert_uint_eq(g_strv_length(other->names_bound), 0);
}
END_TEST

START_TEST(one_that_is_too_long_is_not_packed) {
  g_autoptr(Transcript) transcript = transcript_new();
  g_string_set_size(transcript->output, TRANSCRIPT_PACK_MAX + 1);
  ck_assert_ptr_null(transcript_pack(transcript));
  g_string_set_size(transcript->output, TRANSCRIPT_PACK_MAX - 4);
  ck_assert_ptr_null(transcript_pack(transcript));
}
END_TEST

START_TEST(what_is_cut_short_or_has_a_rest_is_nothing) {
  g_autoptr(Transcript) one = full();
  g_autoptr(GBytes) packed = transcript_pack(one);
  gsize size;
  const guint8 *bytes = g_bytes_get_data(packed, &size);
  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2(bytes, cut > 0 ? cut : 1); /* for a sanitizer to watch */
    ck_assert_ptr_null(transcript_unpack(copy, cut));
  }
  g_autofree guint8 *longer = g_malloc0(size + 1);
  memcpy(longer, bytes, size);
  ck_assert_ptr_null(transcript_unpack(longer, size + 1));
  longer[0]++; /* the version */
  ck_assert_ptr_null(transcript_unpack(longer, size));
}
END_TEST

int main(int count, char **arguments) {
  if (count == 2) { /* the file of that name becomes a seed for the fuzzer */
    g_autoptr(Transcript) transcript = full();
    g_autoptr(GBytes) packed = transcript_pack(transcript);
    gsize size;
    const gchar *bytes = g_bytes_get_data(packed, &size);
    return g_file_set_contents(arguments[1], bytes, (gssize)size, NULL) ? 0 : 1;
  }
  Suite *suite = suite_create("transcript_pack");
  TCase *tests = tcase_create("transcript_pack");
  tcase_add_test(tests, what_is_said_of_the_end);
  tcase_add_test(tests, the_streams_and_who_wrote_them);
  tcase_add_test(tests, what_was_seen);
  tcase_add_test(tests, what_a_fixture_said);
  tcase_add_test(tests, what_its_threads_did);
  tcase_add_test(tests, an_empty_one_is_small);
  tcase_add_test(tests, one_that_is_too_long_is_not_packed);
  tcase_add_test(tests, what_is_cut_short_or_has_a_rest_is_nothing);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
