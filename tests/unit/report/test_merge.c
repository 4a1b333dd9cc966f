/* Reports of shards: joined into the one of a single check, and refused where they do not fit. */
#include <check.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/merge.h"
#include "report/report.h"
#include "report/shard.h"

#define SNIPPETS 5u
#define SHARDS 2u

static gchar *folder;
static gchar *path;
static gchar *split;
static gchar *parts[SHARDS]; /* the reports */
static gchar *whole;         /* of a single check */
static Merge *merge;

/* The places 0, 2, 4 are of shard 1. */
static guint shard_of(guint place) {
  return place % SHARDS + 1;
}

static GPtrArray *bank_new(void) {
  GPtrArray *documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  for (guint place = 0; place < SNIPPETS; place++) {
    if (place == 0 || place == 3)
      g_ptr_array_add(documents,
                      document_new(place == 0 ? "a.md" : "b.md", place == 0 ? "a" : "b"));
    g_autofree gchar *source = g_strdup_printf("print(%u)  # %u\n", place, place);
    Document *document = g_ptr_array_index(documents, documents->len - 1);
    Snippet *snippet = add_snippet(document, source, 1 + 4 * place);
    add_claim(snippet, 1, "0", "0");
  }
  return documents;
}

/* What a check of the shard writes; of all of it for 0. The last snippet is false. */
static gchar *report_new_of(const GPtrArray *documents, guint index) {
  g_autoptr(Health) health = health_new(documents);
  g_autoptr(Report) report = report_new();
  g_autoptr(GError) error = NULL;
  report_add(report, json_sink_new(path, "1.2.3", &error));
  report_begin(report, documents);
  ReportSummary summary = {.seconds = 0.25 * index,
                           .lanes = 1,
                           .python = "3.11.2",
                           .health = health,
                           .shard = {.index = index,
                                     .count = index != 0 ? SHARDS : 0,
                                     .bank = index != 0 ? "0123" : NULL,
                                     .split = index != 0 ? split : NULL}};
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    HealthSection *section = health_add_section(health, document, g_strdup("Core"), 1);
    health_note(health, section,
                (HealthNote){.kind = HEALTH_GAP,
                             .count = 1,
                             .document = document,
                             .line = 1,
                             .message = g_strdup("number 2 is missing")});
  }
  g_autoptr(Transcript) transcript = transcript_new();
  for (guint i = 0, place = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint j = 0; j < document->snippets->len; j++, place++) {
      if (index != 0 && shard_of(place) != index) {
        summary.left_out++;
        continue;
      }
      const Snippet *snippet = g_ptr_array_index(document->snippets, j);
      gboolean is_false = place == SNIPPETS - 1;
      g_autoptr(Verdict) verdict =
          verdict_with(is_false ? VERDICT_FALSE : VERDICT_VERIFIED, "finishes", NULL);
      verdict_add_result(verdict, g_ptr_array_index(snippet->claims, 0),
                         is_false ? CLAIM_CONTRADICTED : CLAIM_HOLDS, "0", NULL);
      ledger_add(&summary.ledger, verdict);
      summary.exit_code |= is_false;
      report_verdict(report, snippet, transcript, verdict);
    }
  }
  ck_assert(report_end(report, &summary, &error));
  gchar *text = NULL;
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static gchar *split_of(const GPtrArray *documents) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint i = 0, place = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint j = 0; j < document->snippets->len; j++, place++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, j);
      shard_digest_add(sum, place, snippet->id, snippet->content_id, shard_of(place));
    }
  }
  return g_strdup(g_checksum_get_string(sum));
}

static void set_up(void) {
  folder = g_dir_make_tmp("proctor-merge-XXXXXX", NULL);
  path = g_build_filename(folder, "report.json", NULL);
  g_autoptr(GPtrArray) documents = bank_new();
  split = split_of(documents);
  for (guint i = 0; i < SHARDS; i++)
    parts[i] = report_new_of(documents, i + 1);
  whole = report_new_of(documents, 0);
  merge = merge_new("1.2.3");
}

static void tear_down(void) {
  merge_free(merge);
  for (guint i = 0; i < SHARDS; i++)
    g_free(parts[i]);
  g_free(whole);
  g_free(split);
  g_unlink(path);
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_free(path);
  g_free(folder);
}

static gboolean add(const gchar *name, const gchar *text, GError **error) {
  return merge_add(merge, name, text, strlen(text), error);
}

static void expect_error(const GError *error, MergeError code, const gchar *words) {
  ck_assert(g_error_matches(error, MERGE_ERROR, (gint)code));
  ck_assert_msg(strstr(error->message, words) != NULL, "%s", error->message);
}

/* The second report, with one part of its text put in the place of another, does not go with the
 * first. */
static void expect_refused(const gchar *from, const gchar *to, MergeError code,
                           const gchar *words) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) halves = g_strsplit(parts[1], from, 2);
  ck_assert_msg(g_strv_length(halves) == 2, "no %s", from);
  g_autofree gchar *changed = g_strjoinv(to, halves);
  ck_assert(add("one", parts[0], NULL));
  ck_assert(!add("other", changed, &error));
  expect_error(error, code, words);
  ck_assert_ptr_nonnull(strstr(error->message, "other"));
}

/* --- joining ------------------------------------------------------------------------ */

static JsonObject *read_report(JsonParser *parser, const gchar *text) {
  ck_assert(json_parser_load_from_data(parser, text, -1, NULL));
  return json_node_get_object(json_parser_get_root(parser));
}

static void expect_whole(void) {
  g_autoptr(GError) error = NULL;
  ck_assert_msg(merge_join(merge, &error), "%s", error != NULL ? error->message : "");
  ck_assert(merge_write(merge, path, NULL));
  g_autofree gchar *text = NULL;
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(JsonParser) joined = json_parser_new();
  g_autoptr(JsonParser) single = json_parser_new();
  JsonObject *one = read_report(joined, text);
  JsonObject *other = read_report(single, whole);
  ck_assert_double_eq(json_object_get_double_member(one, "seconds"), 0.5);
  json_object_remove_member(one, "seconds");
  json_object_remove_member(other, "seconds");
  ck_assert(json_node_equal(json_parser_get_root(joined), json_parser_get_root(single)));
}

START_TEST(all_parts_are_the_report_of_a_single_check) {
  ck_assert(add("one", parts[0], NULL));
  ck_assert(add("other", parts[1], NULL));
  expect_whole();
  const MergeEnd *end = merge_end(merge);
  ck_assert_uint_eq(end->summary.ledger.blocks, SNIPPETS);
  ck_assert_uint_eq(end->summary.ledger.contradicted, 1);
  ck_assert_uint_eq(end->summary.left_out, 0);
  ck_assert_uint_eq(end->summary.shards, SHARDS);
  ck_assert_int_eq(end->summary.exit_code, 1);
  ck_assert_uint_eq(end->summary.health->counts[HEALTH_GAP], 2);
}
END_TEST

START_TEST(their_order_does_not_matter) {
  ck_assert(add("other", parts[1], NULL));
  ck_assert(add("one", parts[0], NULL));
  expect_whole();
}
END_TEST

/* --- refusing ----------------------------------------------------------------------- */

START_TEST(a_missing_part_is_named) {
  g_autoptr(GError) error = NULL;
  ck_assert(add("one", parts[0], NULL));
  ck_assert(!merge_join(merge, &error));
  expect_error(error, MERGE_ERROR_SHARDS, "shard 2/2 is missing");
}
END_TEST

START_TEST(no_part_is_an_error) {
  g_autoptr(GError) error = NULL;
  ck_assert(!merge_join(merge, &error));
  expect_error(error, MERGE_ERROR_SHARDS, "no reports");
}
END_TEST

START_TEST(a_doubled_part_is_refused) {
  g_autoptr(GError) error = NULL;
  ck_assert(add("one", parts[0], NULL));
  ck_assert(!add("copy", parts[0], &error));
  expect_error(error, MERGE_ERROR_SHARDS, "shard 1/2 is there twice: 'one' and 'copy'");
}
END_TEST

START_TEST(a_whole_bank_is_no_part) {
  g_autoptr(GError) error = NULL;
  ck_assert(!add("whole", whole, &error));
  expect_error(error, MERGE_ERROR_DAMAGED, "'whole' is not the report of a shard");
}
END_TEST

/* What is changed, to what, and what is said of it. */
static const struct {
  const gchar *from, *to;
  MergeError code;
  const gchar *words;
} foreign[] = {
    {"\"proctor\": \"1.2.3\"", "\"proctor\": \"1.2.4\"", MERGE_ERROR_FOREIGN, "1.2.4"},
    {"\"python\": \"3.11.2\"", "\"python\": \"3.12.0\"", MERGE_ERROR_FOREIGN, "3.12.0"},
    {"\"bank\": \"0123\"", "\"bank\": \"4567\"", MERGE_ERROR_FOREIGN, "another bank"},
    {"\"split\": \"", "\"split\": \"0", MERGE_ERROR_FOREIGN, "split otherwise"},
    {"\"strict\": false", "\"strict\": true", MERGE_ERROR_FOREIGN, "--strict"},
    {"\"selection\": null", "\"selection\": \"changed since v1\"", MERGE_ERROR_FOREIGN,
     "changed since v1"},
    {"\"count\": 2", "\"count\": 3", MERGE_ERROR_FOREIGN, "2/3"},
    {"\"incomplete\": false", "\"incomplete\": true", MERGE_ERROR_DAMAGED, "was interrupted"},
    /* One that was changed after it was written. */
    {"\"verified\": 2", "\"verified\": 3", MERGE_ERROR_DAMAGED, "its counts"},
    {"\"hold\": 2", "\"hold\": 1", MERGE_ERROR_DAMAGED, "its counts"},
    {"\"blocks\": 2", "\"blocks\": 3", MERGE_ERROR_DAMAGED, "its counts"},
    {"\"class\":\"verified\"", "\"class\":\"false\"", MERGE_ERROR_DAMAGED, "its counts"},
    {"\"id\":\"a/2\"", "\"id\":\"a/3\"", MERGE_ERROR_DAMAGED, "its snippets"},
    {"\"places\": [1, 3]", "\"places\": [3, 1]", MERGE_ERROR_DAMAGED, "its snippets"},
    {"\"places\": [1, 3]", "\"places\": [1]", MERGE_ERROR_DAMAGED, "its snippets"},
    {"\"index\": 2", "\"index\": 1", MERGE_ERROR_DAMAGED, "its snippets"},
    /* One that is none. */
    {"\"class\":\"verified\"", "\"class\":\"fine\"", MERGE_ERROR_DAMAGED, "is none"},
    {"\"index\": 2", "\"index\": 3", MERGE_ERROR_DAMAGED, "which shard"},
    {"\"index\": 2", "\"index\": \"2\"", MERGE_ERROR_DAMAGED, "which shard"},
    {"\"places\": [1", "\"places\": [-1", MERGE_ERROR_DAMAGED, "which shard"},
    {"\"fixtures\": [", "\"fixtures\": [1", MERGE_ERROR_DAMAGED, "its fixtures"},
    {"\"exit_code\": 0", "\"exit_code\": null", MERGE_ERROR_DAMAGED, "how its check ended"},
    {"\"snippets\": [", "\"snippets\": [[", MERGE_ERROR_DAMAGED, "no JSON"},
    {"\"proctor\": ", "\"protector\": ", MERGE_ERROR_DAMAGED, "no report"},
    /* One whose members are not what they should be. */
    {"\"seconds\": 0.500", "\"seconds\": [[]]", MERGE_ERROR_DAMAGED, "its 'seconds' is not a time"},
    {"\"seconds\": 0.500", "\"seconds\": -1", MERGE_ERROR_DAMAGED, "its 'seconds' is not a time"},
    {"\"seconds\"", "\"minutes\"", MERGE_ERROR_DAMAGED, "its 'seconds' is not a time"},
    {"\"left_out\": 3", "\"left_out\": 1e308", MERGE_ERROR_DAMAGED,
     "its 'left_out' is not a whole number"},
    {"\"known\": 0", "\"known\": null", MERGE_ERROR_DAMAGED, "its 'known' is not a whole number"},
    {"\"ledger\": {", "\"ledger\": {\"more\": [1], ", MERGE_ERROR_DAMAGED,
     "its 'ledger' is not a set of counts"},
    {"\"stdout\":\"\"", "\"stdout\":[1]", MERGE_ERROR_DAMAGED,
     "'stdout' of snippet 1 of it is not a text"},
    {"\"session\":null", "\"session\":[1]", MERGE_ERROR_DAMAGED,
     "'session' of snippet 1 of it is not a text"},
    {"\"python\": ", "/* [ */ \"python\": ", MERGE_ERROR_DAMAGED, "between its values"},
};

START_TEST(what_does_not_fit_is_refused) {
  expect_refused(foreign[_i].from, foreign[_i].to, foreign[_i].code, foreign[_i].words);
}
END_TEST

START_TEST(what_is_no_report_is_refused) {
  static const gchar *const texts[] = {"", "{", "[]", "7", "null", "{}", "\xff\xfe"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    ck_assert(!add("bad", texts[i], &error));
    expect_error(error, MERGE_ERROR_DAMAGED, "'bad' ");
  }
}
END_TEST

START_TEST(what_is_nested_too_deep_is_refused) {
  for (guint i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    g_autofree gchar *deep = g_strnfill(100000, "[{"[i]);
    ck_assert(!add("deep", deep, &error));
    expect_error(error, MERGE_ERROR_DAMAGED, "'deep' is damaged");
    expect_error(error, MERGE_ERROR_DAMAGED, "too deep");
  }
}
END_TEST

/* Brackets in a string are none, and an escaped quote does not end it. */
START_TEST(brackets_in_a_string_are_no_depth) {
  g_autofree gchar *many = g_strnfill(1000, '[');
  g_autofree gchar *text = g_strdup_printf("\"stdout\":\"\\\"%s\"", many);
  g_auto(GStrv) halves = g_strsplit(parts[1], "\"stdout\":\"\"", 2);
  g_autofree gchar *changed = g_strjoinv(text, halves);
  ck_assert_str_ne(changed, parts[1]);
  ck_assert(add("one", parts[0], NULL));
  ck_assert(add("other", changed, NULL));
}
END_TEST

/* Each fits by itself; only together it shows. */
START_TEST(health_must_be_the_same_in_all) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) halves = g_strsplit(parts[1], "number 2 is missing", 2);
  g_autofree gchar *changed = g_strjoinv("number 3 is missing", halves);
  ck_assert_str_ne(changed, parts[1]);
  ck_assert(add("one", parts[0], NULL));
  ck_assert(add("other", changed, NULL));
  ck_assert(!merge_join(merge, &error));
  expect_error(error, MERGE_ERROR_FOREIGN, "'other'");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("merge");
  TCase *tests = tcase_create("merge");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, all_parts_are_the_report_of_a_single_check);
  tcase_add_test(tests, their_order_does_not_matter);
  tcase_add_test(tests, a_missing_part_is_named);
  tcase_add_test(tests, no_part_is_an_error);
  tcase_add_test(tests, a_doubled_part_is_refused);
  tcase_add_test(tests, a_whole_bank_is_no_part);
  tcase_add_loop_test(tests, what_does_not_fit_is_refused, 0, (int)G_N_ELEMENTS(foreign));
  tcase_add_test(tests, what_is_no_report_is_refused);
  tcase_add_test(tests, what_is_nested_too_deep_is_refused);
  tcase_add_test(tests, brackets_in_a_string_are_no_depth);
  tcase_add_test(tests, health_must_be_the_same_in_all);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
