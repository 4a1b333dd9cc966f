/* What is not as it was about a snippet. */
#include "git/changes.h"

#include <check.h>
#include <stdlib.h>

typedef struct {
  Document *document;
  Snippet *snippet; /* the last one */
  Fixture *fixture;
  Expectation *expectation;
  ChangesSide side;
} World;

/* All that stand before it. */
static GPtrArray *session(const Snippet *snippet, G_GNUC_UNUSED gpointer data) {
  GPtrArray *earlier = g_ptr_array_new();
  const GPtrArray *all = snippet->document->snippets;
  for (guint i = 0; g_ptr_array_index(all, i) != snippet; i++)
    g_ptr_array_add(earlier, g_ptr_array_index(all, i));
  return earlier;
}

static const Expectation *expectation(const Snippet *snippet, gpointer data) {
  const World *world = data;
  return snippet == world->snippet ? world->expectation : NULL;
}

static Snippet *snippet_add(World *world, const gchar *source) {
  world->snippet = snippet_new(world->document, NULL, SNIPPET_SCRIPT, source, 1);
  world->snippet->last_line = 2;
  g_ptr_array_add(world->document->snippets, world->snippet);
  world->snippet->id = g_strdup_printf("a/%u", world->document->snippets->len);
  return world->snippet;
}

static World *world_new(void) {
  World *world = g_new0(World, 1);
  world->document = document_new("a.md", "a");
  world->fixture = fixture_new("library", "/f/library.py", "f/library.py");
  world->fixture->digest = g_strdup("d1");
  world->side = (ChangesSide){session, expectation, world};
  snippet_add(world, "x = 1\n");
  snippet_add(world, "print(x)\n# 1\n");
  return world;
}

static void world_free(World *world) {
  document_free(world->document);
  fixture_free(world->fixture);
  expectation_free(world->expectation);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static Changes compare(const World *before, const World *after) {
  Kin kin = {.before = before->snippet, .after = after->snippet};
  return changes_of(&kin, &before->side, &after->side);
}

#define TWO_WORLDS                                                                                 \
  g_autoptr(World) before = world_new();                                                           \
  g_autoptr(World) after = world_new();                                                            \
  ck_assert_uint_eq(compare(before, after), 0)

START_TEST(what_does_not_count) {
  TWO_WORLDS;
  after->snippet->first_line += 10;
  after->snippet->last_line += 10;
  g_free(after->snippet->id);
  after->snippet->id = g_strdup("b/other/7.1");
  g_ptr_array_add(after->snippet->prose, prose_new(3, "It prints one, slowly."));
  ck_assert_uint_eq(compare(before, after), 0);
}
END_TEST

START_TEST(a_new_one) {
  TWO_WORLDS;
  Kin kin = {.after = after->snippet};
  ck_assert_uint_eq(changes_of(&kin, &before->side, &after->side), CHANGE_ADDED);
}
END_TEST

START_TEST(its_code) {
  TWO_WORLDS;
  g_free(after->snippet->content_id);
  after->snippet->content_id = g_strdup("other");
  ck_assert_uint_eq(compare(before, after), CHANGE_CODE);
}
END_TEST

START_TEST(its_session) {
  TWO_WORLDS;
  Snippet *earlier = g_ptr_array_index(after->document->snippets, 0);
  earlier->settings = settings_new();
  ck_assert_uint_eq(compare(before, after), 0);
  earlier->settings->skip = g_strdup("never");
  ck_assert_uint_eq(compare(before, after), CHANGE_SESSION);
  g_clear_pointer(&earlier->settings->skip, g_free);
  earlier->choice = fixture_choice_new(after->fixture, NULL);
  ck_assert_uint_eq(compare(before, after), CHANGE_SESSION);
  g_clear_pointer(&earlier->choice, fixture_choice_free);
  g_free(earlier->content_id);
  earlier->content_id = g_strdup("other");
  ck_assert_uint_eq(compare(before, after), CHANGE_SESSION);
}
END_TEST

static Claim *claim_add(World *world, guint line, guint prose_line, const gchar *text,
                        const gchar *expected) {
  Claim *claim = claim_new(CLAIM_OUTPUT, CLAIM_OF_SNIPPET, line, text, expected);
  claim->prose_line = prose_line;
  g_ptr_array_add(world->snippet->claims, claim);
  return claim;
}

START_TEST(what_is_said_outside_of_the_code) {
  TWO_WORLDS;
  claim_add(before, 5, 0, "1", "1");
  ck_assert_uint_eq(compare(before, after), CHANGE_SAID);
  claim_add(after, 6, 0, "1", "1"); /* a blank line more above it */
  ck_assert_uint_eq(compare(before, after), 0);
  claim_add(before, 0, 20, "threads are slower", "slower");
  claim_add(after, 0, 30, "and threads run slower, too", "slower");
  ck_assert_uint_eq(compare(before, after), 0);
  claim_add(before, 0, 21, "faster", "faster");
  claim_add(after, 0, 31, "not faster", "not faster");
  ck_assert_uint_eq(compare(before, after), CHANGE_SAID);
}
END_TEST

START_TEST(claims_in_the_code_are_its_code) {
  TWO_WORLDS;
  claim_add(before, 2, 0, "1", "1");
  ck_assert_uint_eq(compare(before, after), 0);
}
END_TEST

START_TEST(its_fixture) {
  TWO_WORLDS;
  before->snippet->choice = fixture_choice_new(before->fixture, NULL);
  ck_assert_uint_eq(compare(before, after), CHANGE_FIXTURE);
  after->snippet->choice = fixture_choice_new(after->fixture, NULL);
  ck_assert_uint_eq(compare(before, after), 0);
  after->snippet->choice->variant = g_strdup("text");
  ck_assert_uint_eq(compare(before, after), CHANGE_FIXTURE);
  g_clear_pointer(&after->snippet->choice->variant, g_free);
  g_free(after->fixture->digest);
  after->fixture->digest = g_strdup("d2");
  ck_assert_uint_eq(compare(before, after), CHANGE_FIXTURE);
  g_clear_pointer(&after->fixture->digest, g_free);
  g_clear_pointer(&before->fixture->digest, g_free);
  ck_assert_uint_eq(compare(before, after), CHANGE_FIXTURE);
}
END_TEST

static Expectation *accepted(const gchar *content, const gchar *output) {
  const gchar *const none[] = {NULL};
  Expectation *made = expectation_new("expected/a/1.txt", "a/1", content);
  g_ptr_array_add(made->parts, expectation_part_new(NULL, "finishes", none, output));
  return made;
}

START_TEST(its_expectation) {
  TWO_WORLDS;
  before->expectation = accepted("c1", "1\n");
  ck_assert_uint_eq(compare(before, after), CHANGE_EXPECTATION);
  after->expectation = accepted("c2", "1\n");
  ck_assert_uint_eq(compare(before, after), 0);
  expectation_free(after->expectation);
  after->expectation = accepted("c1", "2\n");
  ck_assert_uint_eq(compare(before, after), CHANGE_EXPECTATION);
}
END_TEST

START_TEST(its_settings) {
  TWO_WORLDS;
  after->snippet->settings = settings_new();
  ck_assert_uint_eq(compare(before, after), 0);
  after->snippet->settings->wall_ms = 500;
  ck_assert_uint_eq(compare(before, after), CHANGE_SETTINGS);
}
END_TEST

static void check_text(Changes changes, const gchar *text) {
  g_autofree gchar *actual = changes_text(changes);
  ck_assert_str_eq(actual, text);
}

START_TEST(in_words) {
  check_text(0, "");
  check_text(CHANGE_ADDED, "it is new");
  check_text(CHANGE_CODE, "its code changed");
  check_text(CHANGE_SAID | CHANGE_FIXTURE, "what is said about it and its fixture changed");
  check_text(CHANGE_CODE | CHANGE_SESSION | CHANGE_SETTINGS,
             "its code, its earlier blocks and its settings changed");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("changes");
  TCase *all = tcase_create("all");
  tcase_add_test(all, what_does_not_count);
  tcase_add_test(all, a_new_one);
  tcase_add_test(all, its_code);
  tcase_add_test(all, its_session);
  tcase_add_test(all, what_is_said_outside_of_the_code);
  tcase_add_test(all, claims_in_the_code_are_its_code);
  tcase_add_test(all, its_fixture);
  tcase_add_test(all, its_expectation);
  tcase_add_test(all, its_settings);
  tcase_add_test(all, in_words);
  suite_add_tcase(suite, all);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
