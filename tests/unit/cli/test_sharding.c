/* Who gets what: the parts are equal, whole where they can be, and always the same. */
#include <check.h>
#include <stdlib.h>

#include "cli/sharding.h"

#define ITEMS_MAX 400u

static ShardItem items[ITEMS_MAX];
static guint part_of[ITEMS_MAX];
static gchar ids[ITEMS_MAX][16];
static guint count;

static void set_up(void) {
  count = 0;
}

static void add(guint document, guint question, guint64 ns) {
  g_snprintf(ids[count], sizeof ids[count], "%u/%u.%03u", document, question, count);
  items[count] = (ShardItem){ids[count], document, question, ns};
  count++;
}

static guint64 sum_of(guint part) {
  guint64 sum = 0;
  for (guint i = 0; i < count; i++)
    sum += part_of[i] == part ? items[i].ns : 0;
  return sum;
}

START_TEST(short_documents_stay_whole) {
  for (guint i = 0; i < 120; i++)
    add(i / 3, i, 10 + i % 7);
  shards_split(items, count, 4, part_of);
  for (guint i = 0; i < count; i++)
    ck_assert_uint_eq(part_of[i], part_of[i - i % 3]);
}
END_TEST

START_TEST(a_long_document_is_split_between_questions) {
  for (guint i = 0; i < 200; i++)
    add(0, i / 5, 10);
  shards_split(items, count, 4, part_of);
  for (guint i = 0; i < count; i++)
    ck_assert_uint_eq(part_of[i], part_of[i - i % 5]);
  for (guint part = 0; part < 4; part++)
    ck_assert_uint_eq(sum_of(part), 500);
}
END_TEST

START_TEST(a_long_question_is_split_between_blocks) {
  for (guint i = 0; i < 100; i++)
    add(0, 0, 10);
  shards_split(items, count, 4, part_of);
  for (guint part = 0; part < 4; part++)
    ck_assert_uint_le(sum_of(part), 250 * 5 / 4);
}
END_TEST

START_TEST(no_part_has_a_quarter_too_much) {
  g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
  guint64 all = 0;
  for (guint i = 0; i < ITEMS_MAX; i++) {
    add(i / 9, i / 4, 1 + (guint64)g_rand_int_range(random, 0, 1000));
    all += items[i].ns;
  }
  shards_split(items, count, 5, part_of);
  for (guint part = 0; part < 5; part++)
    ck_assert_uint_le(sum_of(part), all / 5 + all / 20 + 1000);
}
END_TEST

START_TEST(the_longest_has_a_part_of_its_own) {
  for (guint i = 0; i < 30; i++)
    add(i, i, i == 17 ? 100000 : 10);
  shards_split(items, count, 3, part_of);
  ck_assert_uint_eq(part_of[17], 0);
  for (guint i = 0; i < count; i++)
    ck_assert(i == 17 || part_of[i] != 0);
}
END_TEST

START_TEST(there_may_be_more_parts_than_blocks) {
  add(0, 0, 10);
  add(0, 1, 10);
  shards_split(items, count, 7, part_of);
  ck_assert_uint_ne(part_of[0], part_of[1]);
  shards_split(items, 0, 7, part_of);
}
END_TEST

START_TEST(blocks_that_take_no_time_are_split_too) {
  for (guint i = 0; i < 8; i++)
    add(i, i, 0);
  shards_split(items, count, 2, part_of);
  for (guint i = 0; i < count; i++)
    ck_assert_uint_lt(part_of[i], 2);
}
END_TEST

START_TEST(one_part_has_all) {
  for (guint i = 0; i < 50; i++)
    add(i / 7, i / 2, i);
  shards_split(items, count, 1, part_of);
  for (guint i = 0; i < count; i++)
    ck_assert_uint_eq(part_of[i], 0);
}
END_TEST

START_TEST(a_guess_is_longer_for_what_sleeps) {
  ck_assert_uint_gt(shard_guess("import time\ntime.sleep(1)\n"),
                    shard_guess("import time\ntime.sleep(0.1)\n"));
  ck_assert_uint_gt(shard_guess("import time\n"), shard_guess("pass\n"));
  ck_assert_uint_lt(shard_guess("time.sleep(1e300)\n"), G_GUINT64_CONSTANT(60000000000));
  ck_assert_uint_gt(shard_guess("time.sleep(-1)\ntime.sleep(nan)\n"), 0);
}
END_TEST

static const struct {
  const gchar *text;
  gboolean is_fine;
} shards[] = {
    {"1/1", TRUE},
    {"2/4", TRUE},
    {"4/4", TRUE},
    {"1000/1000", TRUE},
    {"0/4", FALSE},
    {"5/4", FALSE},
    {"x", FALSE},
    {"1/", FALSE},
    {"/4", FALSE},
    {"1/0", FALSE},
    {"0/0", FALSE},
    {"-1/4", FALSE},
    {"1/4/4", FALSE},
    {" 1/4", FALSE},
    {"1/4 ", FALSE},
    {"1/1001", FALSE},
    {"", FALSE},
    {"1.0/4", FALSE},
    {"99999999999999999999/4", FALSE},
};

START_TEST(a_shard_is_one_of_several) {
  guint index = 77, all = 77;
  ck_assert_int_eq(shard_parse(shards[_i].text, &index, &all), shards[_i].is_fine);
  ck_assert(shards[_i].is_fine ? index >= 1 && index <= all : index == 77 && all == 77);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("sharding");
  TCase *tests = tcase_create("sharding");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, short_documents_stay_whole);
  tcase_add_test(tests, a_long_document_is_split_between_questions);
  tcase_add_test(tests, a_long_question_is_split_between_blocks);
  tcase_add_loop_test(tests, no_part_has_a_quarter_too_much, 0, 20);
  tcase_add_test(tests, the_longest_has_a_part_of_its_own);
  tcase_add_test(tests, there_may_be_more_parts_than_blocks);
  tcase_add_test(tests, blocks_that_take_no_time_are_split_too);
  tcase_add_test(tests, one_part_has_all);
  tcase_add_test(tests, a_guess_is_longer_for_what_sleeps);
  tcase_add_loop_test(tests, a_shard_is_one_of_several, 0, G_N_ELEMENTS(shards));
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
