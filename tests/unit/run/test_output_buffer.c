/* Heads and tails of streams, and writes found again in them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run/alignment.h"
#include "run/output_buffer.h"
#include "wire/journal.h"

static OutputBuffer buffer;

static void setup(void) {
  output_buffer_init(&buffer);
}

static void teardown(void) {
  output_buffer_clear(&buffer);
}

static void append(const gchar *text) {
  output_buffer_append(&buffer, text, strlen(text));
}

/* Byte number i of a long stream. */
static gchar byte_at(guint64 i) {
  return (gchar)('a' + (i * 7 + i / 1000) % 26);
}

static void append_long(gsize size, gsize chunk) {
  g_autofree gchar *bytes = g_malloc(chunk);
  for (gsize done = 0; done < size; done += chunk) {
    gsize here = MIN(chunk, size - done);
    for (gsize i = 0; i < here; i++)
      bytes[i] = byte_at(done + i);
    output_buffer_append(&buffer, bytes, here);
  }
}

START_TEST(a_short_stream_is_kept_whole) {
  append("one ");
  append("");
  append("two");
  gsize cut;
  GString *text = output_buffer_text(&buffer, 0, &cut);
  ck_assert_str_eq(text->str, "one two");
  ck_assert_uint_eq(cut, 0);
  g_string_free(text, TRUE);
  text = output_buffer_text(&buffer, 4, &cut);
  ck_assert_str_eq(text->str, "two");
  g_string_free(text, TRUE);
  text = output_buffer_text(&buffer, 7, &cut);
  ck_assert_str_eq(text->str, "");
  g_string_free(text, TRUE);
}
END_TEST

START_TEST(head_and_tail_are_a_whole_where_nothing_is_between) {
  const gsize size = OUTPUT_HEAD + OUTPUT_TAIL;
  append_long(size, 4096);
  gsize cut;
  GString *text = output_buffer_text(&buffer, 0, &cut);
  ck_assert_uint_eq(cut, 0);
  ck_assert_uint_eq(text->len, size);
  guint wrong = 0;
  for (gsize i = 0; i < size; i++)
    wrong += text->str[i] != byte_at(i);
  ck_assert_uint_eq(wrong, 0);
  g_string_free(text, TRUE);
}
END_TEST

START_TEST(a_flood_keeps_its_head_and_its_tail) {
  const gsize chunks[] = {1000, 65536, 100000, 1 << 20};
  const gsize size = 5000000;
  for (guint k = 0; k < G_N_ELEMENTS(chunks); k++) {
    output_buffer_clear(&buffer);
    output_buffer_init(&buffer);
    append_long(size, chunks[k]);
    gsize cut;
    GString *text = output_buffer_text(&buffer, 0, &cut);
    ck_assert_uint_eq(buffer.total, size);
    ck_assert_uint_eq(text->len + cut, size);
    ck_assert_uint_ge(text->len, OUTPUT_HEAD + OUTPUT_TAIL);
    ck_assert_uint_le(text->len, OUTPUT_HEAD + 2 * OUTPUT_TAIL);
    guint wrong = 0;
    for (gsize i = 0; i < text->len; i++)
      wrong += text->str[i] != byte_at(i < OUTPUT_HEAD ? i : i + cut);
    ck_assert_uint_eq(wrong, 0);
    g_string_free(text, TRUE);
  }
}
END_TEST

START_TEST(a_text_may_begin_anywhere) {
  append_long(1000000, 4096);
  gsize cut;
  GString *text = output_buffer_text(&buffer, OUTPUT_HEAD + 10, &cut);
  ck_assert_uint_eq(text->len, buffer.tail->len);
  ck_assert_uint_eq(cut, 1000000 - buffer.tail->len - OUTPUT_HEAD - 10);
  g_string_free(text, TRUE);
  text = output_buffer_text(&buffer, 999999, &cut);
  ck_assert_uint_eq(text->len, 1);
  ck_assert_uint_eq(cut, 0);
  g_string_free(text, TRUE);
}
END_TEST

/* --- alignment --------------------------------------------------------- */

static gboolean find(Alignment *alignment, const gchar *text, guint64 *offset) {
  return alignment_find(alignment, strlen(text), journal_hash(text, strlen(text)), offset);
}

START_TEST(writes_are_found_one_after_the_other) {
  append("one\ntwo\none\n");
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  guint64 offset;
  ck_assert(find(&alignment, "one\n", &offset) && offset == 0);
  ck_assert(find(&alignment, "two\n", &offset) && offset == 4);
  ck_assert(find(&alignment, "one\n", &offset) && offset == 8);
  ck_assert(!find(&alignment, "one\n", &offset));
}
END_TEST

START_TEST(bytes_that_nobody_noted_are_passed_over) {
  append("from a subprocess\none\nand more\ntwo\n");
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  guint64 offset;
  ck_assert(find(&alignment, "one\n", &offset) && offset == 18);
  ck_assert(find(&alignment, "two\n", &offset) && offset == 31);
}
END_TEST

START_TEST(two_threads_may_be_noted_in_the_other_order) {
  append("second\nfirst\nthird\n");
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  guint64 offset;
  ck_assert(find(&alignment, "first\n", &offset) && offset == 7);
  ck_assert(find(&alignment, "second\n", &offset) && offset == 0);
  ck_assert(find(&alignment, "third\n", &offset) && offset == 13);
}
END_TEST

START_TEST(what_was_noted_and_never_written_is_given_up) {
  append("one\ntwo\n");
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  guint64 offset = 77;
  ck_assert(!find(&alignment, "lost\n", &offset));
  ck_assert(!alignment_find(&alignment, G_MAXUINT64, 1, &offset));
  ck_assert(!alignment_find(&alignment, 0, 1, &offset));
  ck_assert_uint_eq(offset, 77);
  ck_assert(find(&alignment, "one\n", &offset) && offset == 0);
}
END_TEST

START_TEST(a_write_may_reach_from_head_to_tail) {
  append_long(OUTPUT_HEAD - 2, 4096);
  append("abcd");
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  alignment.at = OUTPUT_HEAD - 2;
  guint64 offset;
  ck_assert(find(&alignment, "abcd", &offset) && offset == OUTPUT_HEAD - 2);
}
END_TEST

START_TEST(writes_of_a_flood_are_found_in_head_and_tail) {
  Alignment alignment;
  for (guint i = 0; i < 100000; i++) {
    gchar line[32];
    g_snprintf(line, sizeof line, "line %u\n", i);
    append(line);
  }
  alignment_init(&alignment, &buffer);
  guint found = 0;
  guint64 last = 0;
  for (guint i = 0; i < 100000; i++) {
    gchar line[32];
    guint64 offset;
    g_snprintf(line, sizeof line, "line %u\n", i);
    if (find(&alignment, line, &offset)) {
      found++;
      last = offset + strlen(line);
    }
  }
  ck_assert_uint_gt(found, 25000);
  ck_assert_uint_lt(found, 40000);
  ck_assert_uint_eq(last, buffer.total);
}
END_TEST

START_TEST(hostile_notes_cost_a_bounded_amount) {
  append_long(2000000, 65536);
  Alignment alignment;
  alignment_init(&alignment, &buffer);
  guint64 offset, start = alignment.budget;
  for (guint i = 0; i < 100000; i++)
    alignment_find(&alignment, 1 + i % 5000, i, &offset);
  ck_assert_uint_lt(alignment.budget, start);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("output_buffer");
  TCase *tests = tcase_create("buffer");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_short_stream_is_kept_whole);
  tcase_add_test(tests, head_and_tail_are_a_whole_where_nothing_is_between);
  tcase_add_test(tests, a_flood_keeps_its_head_and_its_tail);
  tcase_add_test(tests, a_text_may_begin_anywhere);
  suite_add_tcase(suite, tests);
  TCase *finding = tcase_create("alignment");
  tcase_set_timeout(finding, 60);
  tcase_add_checked_fixture(finding, setup, teardown);
  tcase_add_test(finding, writes_are_found_one_after_the_other);
  tcase_add_test(finding, bytes_that_nobody_noted_are_passed_over);
  tcase_add_test(finding, two_threads_may_be_noted_in_the_other_order);
  tcase_add_test(finding, what_was_noted_and_never_written_is_given_up);
  tcase_add_test(finding, a_write_may_reach_from_head_to_tail);
  tcase_add_test(finding, writes_of_a_flood_are_found_in_head_and_tail);
  tcase_add_test(finding, hostile_notes_cost_a_bounded_amount);
  suite_add_tcase(suite, finding);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
