/* Which commit made it bad: small histories, each a line "commit parents sight", newest first. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "git/culprit.h"

/* A sight is a word and what its commits share: those with equal sights are the same. */
typedef struct {
  GPtrArray *history;  /* Commit * */
  GHashTable *sights;  /* id -> "bad", "bad2", ... */
  GHashTable *looked;  /* id */
  const gchar *broken; /* the commit at which looking fails */
} World;

static World world_new(const gchar *text) {
  World world = {g_ptr_array_new_with_free_func((GDestroyNotify)commit_free),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), NULL};
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
    guint count = g_strv_length(words);
    Commit *commit = g_new0(Commit, 1);
    commit->id = g_strdup(words[0]);
    commit->parents = g_new0(gchar *, count);
    for (guint j = 1; j + 1 < count; j++)
      commit->parents[j - 1] = g_strdup(words[j]);
    g_ptr_array_add(world.history, commit);
    g_hash_table_insert(world.sights, g_strdup(words[0]), g_strdup(words[count - 1]));
  }
  return world;
}

static void world_clear(World *world) {
  g_ptr_array_unref(world->history);
  g_hash_table_unref(world->sights);
  g_hash_table_unref(world->looked);
}

static Sight look(const Commit *commit, const Commit *child, gpointer data) {
  World *world = data;
  const gchar *sight = g_hash_table_lookup(world->sights, commit->id);
  if (child != NULL) {
    ck_assert(g_hash_table_contains(world->looked, child->id));
    ck_assert(g_strv_contains((const gchar *const *)child->parents, commit->id));
  }
  ck_assert(g_hash_table_add(world->looked, g_strdup(commit->id)));
  if (g_strcmp0(commit->id, world->broken) == 0)
    return SIGHT_FAILED;
  return g_str_has_prefix(sight, "bad")       ? SIGHT_BAD
         : g_str_has_prefix(sight, "good")    ? SIGHT_GOOD
         : g_str_has_prefix(sight, "unclear") ? SIGHT_UNCLEAR
                                              : SIGHT_ABSENT;
}

static gboolean is_same(const Commit *commit, const Commit *parent, gpointer data) {
  World *world = data;
  ck_assert(g_hash_table_contains(world->looked, commit->id));
  ck_assert(g_hash_table_contains(world->looked, parent->id));
  return g_str_equal(g_hash_table_lookup(world->sights, commit->id),
                     g_hash_table_lookup(world->sights, parent->id));
}

static Culprits *search(World *world) {
  CulpritCalls calls = {look, is_same, world};
  return culprits_find(world->history, &calls);
}

/* Expects these culprits, and that so many commits were looked at (0: whatever). */
static void expect(const gchar *history, const gchar *expected, gboolean is_first, guint looks) {
  World world = world_new(history);
  g_autoptr(Culprits) culprits = search(&world);
  ck_assert_ptr_nonnull(culprits);
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; i < culprits->commits->len; i++) {
    const Commit *commit = g_ptr_array_index(culprits->commits, i);
    g_string_append_printf(found, "%s%s", i > 0 ? " " : "", commit->id);
  }
  ck_assert_str_eq(found->str, expected);
  ck_assert_int_eq(culprits->is_first, is_first);
  if (looks > 0)
    ck_assert_uint_eq(g_hash_table_size(world.looked), looks);
  world_clear(&world);
}

START_TEST(the_first_bad_one_after_a_good_one) {
  expect("d c bad\nc b bad\nb a good\na good\n", "c", FALSE, 3);
  expect("c b bad\nb a good\na good\n", "c", FALSE, 2);
}
END_TEST

START_TEST(what_is_not_bad_has_no_culprit) {
  expect("b a good\na bad\n", "", FALSE, 1);
  expect("b a absent\na bad\n", "", FALSE, 1);
  expect("b a unclear\na bad\n", "", FALSE, 1);
  expect("", "", FALSE, 0);
}
END_TEST

START_TEST(bad_from_its_beginning) {
  expect("c b bad\nb a bad\na absent\n", "b", FALSE, 0);
  expect("b a bad\na bad\n", "a", TRUE, 0);
}
END_TEST

START_TEST(the_last_time_counts) {
  expect("f e bad\ne d bad\nd c good\nc b bad\nb a good\na good\n", "e", FALSE, 3);
}
END_TEST

START_TEST(on_a_side_branch) {
  expect("m p s2 bad\n"
         "p o good\n"
         "s2 s1 bad\n"
         "s1 o good\n"
         "o good\n",
         "s2", FALSE, 4);
  /* The branch began before it went wrong on the main one. */
  expect("m p s bad\n"
         "p o bad\n"
         "s o good\n"
         "o good\n",
         "p", FALSE, 4);
}
END_TEST

START_TEST(the_merge_itself) {
  expect("m p s bad\np o good\ns o good\no good\n", "m", FALSE, 3);
  expect("m p s bad\np o good\ns o absent\no absent\n", "m", FALSE, 3);
}
END_TEST

START_TEST(branches_that_went_wrong_apart) {
  /* The nearest is the newest. */
  expect("m p s bad\np o bad\ns o bad\no good\n", "p", FALSE, 0);
  /* A merge that brought it into a branch is not it. */
  expect("m p s bad\n"
         "p n bad\n"
         "s n2 n bad\n"
         "n2 o good\n"
         "n o bad\n"
         "o good\n",
         "n", FALSE, 0);
}
END_TEST

START_TEST(all_that_may_be_it) {
  expect("d c bad\nc b unclear1\nb a unclear2\na good\n", "d c b", FALSE, 0);
  /* c has changed nothing. */
  expect("d c bad\nc b unclear\nb a unclear\na good\n", "d b", FALSE, 0);
  /* Nor has a merge of the same. */
  expect("d c bad\nc b s unclear\nb a unclear\ns b good\na good\n", "d b", FALSE, 0);
  expect("c b bad\nb a unclear1\na unclear2\n", "c b a", TRUE, 0);
}
END_TEST

START_TEST(bad_on_both_sides_of_what_is_unclear) {
  expect("d c bad\nc b unclear\nb a bad\na good\n", "b", FALSE, 0);
  /* One way to something bad is enough. */
  expect("d c bad\nc b s unclear\nb a good\ns a bad\na good\n", "s", FALSE, 0);
  expect("d c s bad\nc a unclear\ns a bad\na good\n", "s", FALSE, 0);
}
END_TEST

START_TEST(good_before_and_behind_what_is_unclear) {
  expect("d c bad\nc b good\nb a unclear\na bad\n", "d", FALSE, 2);
}
END_TEST

START_TEST(a_long_history) {
  g_autoptr(GString) history = g_string_new(NULL);
  for (guint i = 50000; i > 0; i--)
    g_string_append_printf(history, "c%u c%u %s\n", i, i - 1,
                           i % 7 == 3  ? "unclear"
                           : i > 12345 ? "bad"
                                       : "good");
  g_string_append(history, "c0 good\n");
  expect(history->str, "c12346", FALSE, 0);
}
END_TEST

START_TEST(a_history_that_was_cut) {
  /* A parent that is not in it. */
  expect("c b bad\nb a bad\n", "b", TRUE, 0);
}
END_TEST

START_TEST(a_look_that_fails_ends_it) {
  static const gchar *const broken[] = {"d", "c", "b"};
  for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
    World world = world_new("d c bad\nc b unclear\nb a bad\na good\n");
    world.broken = broken[i];
    ck_assert_ptr_null(search(&world));
    ck_assert_uint_eq(g_hash_table_size(world.looked), i + 1);
    world_clear(&world);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("culprit");
  TCase *tests = tcase_create("histories");
  tcase_set_timeout(tests, 60); /* the long one, under sanitizers */
  tcase_add_test(tests, the_first_bad_one_after_a_good_one);
  tcase_add_test(tests, what_is_not_bad_has_no_culprit);
  tcase_add_test(tests, bad_from_its_beginning);
  tcase_add_test(tests, the_last_time_counts);
  tcase_add_test(tests, on_a_side_branch);
  tcase_add_test(tests, the_merge_itself);
  tcase_add_test(tests, branches_that_went_wrong_apart);
  tcase_add_test(tests, all_that_may_be_it);
  tcase_add_test(tests, bad_on_both_sides_of_what_is_unclear);
  tcase_add_test(tests, good_before_and_behind_what_is_unclear);
  tcase_add_test(tests, a_long_history);
  tcase_add_test(tests, a_history_that_was_cut);
  tcase_add_test(tests, a_look_that_fails_ends_it);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
