/* bank.yaml: what it may hold, what it gives to snippets, and every error with its place. */
#include <glib/gstdio.h>

#include "bank/config.h"
#include "bank_suite.h"

/* --- the file ----------------------------------------------------------------------------- */

static Config *parsed(const gchar *text, GError **error) {
  return config_parse(files_disk(), "bank.yaml", text, strlen(text), error);
}

/* message: behind "bank.yaml:"; NULL where the text is fine. */
static void check_file(const gchar *text, const gchar *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = parsed(text, &error);
  ck_assert_msg((config != NULL) == (message == NULL), "%s: %s", text,
                error != NULL ? error->message : "fine");
  if (message == NULL)
    return;
  g_autofree gchar *whole = g_strconcat("bank.yaml:", message, NULL);
  ck_assert_msg(g_str_equal(error->message, whole), "%s\ngives\n%s\nwanted\n%s", text,
                error->message, whole);
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX) ||
            g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_NAMES));
}

START_TEST(what_is_fine) {
  check_file("", NULL);
  check_file("# nothing\n", NULL);
  check_file("---\n...\n", NULL);
  check_file("~", NULL);
  check_file("\xef\xbb\xbftimeout: 5\r\n", NULL);
  check_file("documents:\n", NULL);
  check_file("documents: {a.md: , b.md: {sections: , snippets: {}}}", NULL);
  check_file("expected: ../not/there/yet", NULL);
  check_file("fixtures: []", NULL);
  check_file("documents:\n  a.md: &same\n    timeout: 5\n  b.md: *same\n", NULL);
  check_file("{fixture: none, variant: a, skip: \"needs a printer\", python: 3.11+, timeout: 0.5,"
             " memory: 512 MB, output: 1048576}",
             NULL);
}
END_TEST

START_TEST(what_is_no_yaml) {
  check_file("a: [1\nb: 2", "2:2: did not find expected ',' or ']', while parsing a flow sequence");
  check_file("timeout: 5\n\tmemory: 1 GB\n", "2:1: a tab cannot indent: use blanks");
  check_file("timeout: 5\n\xff: 1", "2:1: invalid leading UTF-8 octet");
  check_file("timeout: 5\n--- \ntimeout: 6\n", "2:1: a second YAML document begins here");
  check_file("documents: *nobody", "1:12: found undefined alias");
}
END_TEST

START_TEST(keys) {
  check_file("5", "1:1: the file has to be a mapping of keys to values");
  check_file("- a", "1:1: the file has to be a mapping of keys to values");
  check_file("fixtuer: a", "1:1: unknown key 'fixtuer': did you mean 'fixture'?");
  check_file("\n  limit: a", "2:3: unknown key 'limit'");
  check_file("timeout: 1\nmemory: 1 GB\ntimeout: 2", "3:1: 'timeout' is there twice");
  check_file("[a, b]: c", "1:1: a key has to be a text, not a list");
  check_file("sections: {}", "1:1: 'sections' stands under a document, not here");
  check_file("documents: {a.md: {fixtures: x}}",
             "1:20: 'fixtures' stands at the top of the file, not here");
  check_file("documents: {a.md: {section: {}}}",
             "1:20: unknown key 'section': did you mean 'sections'?");
  check_file("documents: {a.md: {sections: {T: {snippets: {}}}}}",
             "1:35: 'snippets' stands under a document, not here");
  check_file("documents: {a.md: {sections: {T: 5}}}",
             "1:34: 'T' has to be a mapping of keys to values");
  check_file("documents: [a.md]", "1:12: 'documents' has to be a mapping of keys to values");
  check_file("documents: {a.md: {}, a.md: {}}", "1:23: 'a.md' is there twice");
  check_file("documents: {'': {}}", "1:13: a document without a name");
  check_file("documents:\n  a.md: &x {timeout: 1}\n  b.md: {<<: *x}",
             "3:10: '<<' is not read: write out what is to be merged");
  check_file("documents: &loop {a.md: *loop}", "1:19: unknown key 'a.md'");
  check_file("\"a\\0b\": 1", "1:1: there is a NUL in a key");
}
END_TEST

START_TEST(values) {
  static const gchar python[] =
      "'python' takes versions such as \"3.12\", \"3.9-3.11\", \"3.12+\": ";
  check_file("timeout:", "1:9: 'timeout' has no value");
  check_file("skip: null", "1:7: 'skip' has no value");
  check_file("timeout: [5]", "1:10: timeout has to be a text, not a list");
  check_file("skip: yes", "1:7: 'skip' takes the reason, in words: 'yes'");
  check_file("skip: 3", "1:7: 'skip' takes the reason, in words: '3'");
  check_file("skip: ''", "1:7: 'skip' takes the reason, in words: ''");
  check_file("fixture: a/b", "1:10: 'fixture' takes a fixture's name, or none: 'a/b'");
  check_file("variant: ''", "1:10: 'variant' takes the name of a fixture's variant: ''");
  g_autofree gchar *old = g_strdup_printf("1:9: %s'two'", python);
  check_file("python: two", old);
  check_file("expected:", "1:10: 'expected' has no value");
  check_file("expected: ''", "1:11: 'expected' names no folder");
  check_file("fixtures: nowhere-at-all", "1:11: there is no folder 'nowhere-at-all'");
  check_file("fixtures: [., nowhere-at-all]", "1:15: there is no folder 'nowhere-at-all'");
  check_file("fixtures: [[]]", "1:12: fixtures has to be a text, not a list");
  static const gchar *const times[] = {"0", "-1", "1e3", "0.0001", "86401", "5 s", "0x5", "inf"};
  for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
    g_autofree gchar *text = g_strdup_printf("timeout: %s", times[i]);
    g_autofree gchar *message = g_strdup_printf(
        "1:10: 'timeout' takes seconds, more than 0 and at most 86400: '%s'", times[i]);
    check_file(text, message);
  }
  static const gchar *const sizes[] = {"15 MB",
                                       "1025 GB",
                                       "1 TB",
                                       "many",
                                       "-5 GB",
                                       "1..5 GB",
                                       "99999999999999999999999999999999999"};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autofree gchar *text = g_strdup_printf("memory: %s", sizes[i]);
    g_autofree gchar *message =
        g_strdup_printf("1:9: 'memory' takes a size from 16 MB to 1024 GB: '%s'", sizes[i]);
    check_file(text, message);
  }
  check_file("output: 1", "1:9: 'output' takes a size from 1 kB to 1 GB: '1'");
}
END_TEST

/* A text of this many opening brackets, or anchors, is refused at once. */
START_TEST(strange_files) {
  g_autofree gchar *deep = g_strnfill(100000, '[');
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(parsed(deep, &error));
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX));
  g_clear_error(&error);
  g_autoptr(GString) anchors = g_string_new("documents: [");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf(anchors, "&a%u 1,", i);
  ck_assert_ptr_null(parsed(anchors->str, &error));
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX));
  g_clear_error(&error);

  g_autofree gchar *folder = g_dir_make_tmp("proctor-config-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename(folder, "bank.yaml", NULL);
  g_autofree gchar *large = g_strnfill(10 << 20, '#');
  ck_assert(g_file_set_contents(path, large, -1, NULL));
  ck_assert_ptr_null(config_read(files_disk(), path, &error));
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_READ));
  ck_assert_ptr_nonnull(strstr(error->message, "larger than 1 MB"));
  g_clear_error(&error);
  ck_assert_ptr_null(config_read(files_disk(), folder, &error));
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_READ));
  g_unlink(path);
  g_clear_error(&error);
  ck_assert_ptr_null(config_read(files_disk(), path, &error));
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_READ));
  g_rmdir(folder);
}
END_TEST

/* --- what it gives ---------------------------------------------------------------------------- */

static const gchar material[] = "# Bank\n"
                                "```python\n1\n```\n" /* bank.1 */
                                "## Queries\n"
                                "# 1. Lazy\n```python\n1\n```\n```python\n2\n```\n"
                                "# 2. Slow\n```python\n3\n```\n"
                                "## Transactions\n"
                                "# 1. Lazy\n```python\n4\n```\n";

/* The documents "/bank/a.md", "/bank/deep/b.md" with this material. */
static GPtrArray *documents_make(void) {
  static const gchar *const names[] = {"a", "deep/b"};
  GPtrArray *documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree gchar *path = g_strdup_printf("/bank/%s.md", names[i]);
    g_ptr_array_add(documents, bank_parse(path, names[i], material, strlen(material)));
  }
  return documents;
}

static gchar *settings_text(const Settings *settings) {
  GString *text = g_string_new(NULL);
  if (settings == NULL)
    return g_strdup("-");
  if (settings->fixture != NULL)
    g_string_append_printf(text, "f=%s ", settings->fixture);
  if (settings->variant != NULL)
    g_string_append_printf(text, "v=%s ", settings->variant);
  if (settings->skip != NULL)
    g_string_append_printf(text, "s=%s ", settings->skip);
  if (settings->python != NULL)
    g_string_append_printf(text, "p=%s ", settings->python);
  if (settings->wall_ms != 0)
    g_string_append_printf(text, "t=%u ", settings->wall_ms);
  if (settings->memory_bytes != 0)
    g_string_append_printf(text, "m=%" G_GUINT64_FORMAT " ", settings->memory_bytes);
  if (settings->output_bytes != 0)
    g_string_append_printf(text, "o=%" G_GUINT64_FORMAT " ", settings->output_bytes);
  return g_strchomp(g_string_free(text, FALSE));
}

/* Applies the text to the documents; what the snippets of the first one got, a line each. */
static gchar *applied(const gchar *text, GPtrArray **documents, GError **error) {
  g_autoptr(Config) config =
      config_parse(files_disk(), "/bank/bank.yaml", text, strlen(text), error);
  *documents = documents_make();
  if (config == NULL || !config_apply(config, *documents, error))
    return NULL;
  GString *lines = g_string_new(NULL);
  const Document *first = g_ptr_array_index(*documents, 0);
  for (guint i = 0; i < first->snippets->len; i++) {
    g_autofree gchar *line = settings_text(snippet_at(first, i)->settings);
    g_string_append_printf(lines, "%s\n", line);
  }
  return g_string_free(lines, FALSE);
}

static void check_settings(const gchar *text, const gchar *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  g_autofree gchar *lines = applied(text, &documents, &error);
  ck_assert_msg(lines != NULL, "%s: %s", text, error != NULL ? error->message : "");
  ck_assert_msg(g_str_equal(lines, expected), "%s\ngives\n%swanted\n%s", text, lines, expected);
}

START_TEST(levels) {
  check_settings("", "-\n-\n-\n-\n-\n");
  check_settings("timeout: 5", "t=5000\nt=5000\nt=5000\nt=5000\nt=5000\n");
  check_settings("timeout: 5\n"
                 "memory: 1.5 GB\n"
                 "documents:\n"
                 "  a.md:\n"
                 "    output: 2 kB\n"
                 "    sections:\n"
                 "      Lazy: {timeout: 0.25}\n"
                 "      Queries: {timeout: 2, skip: \" a\\n b \"}\n"
                 "    snippets:\n"
                 "      queries/1.2: {timeout: 7, python: '3.11+'}\n"
                 "      a/transactions/1.1: {memory: 20MiB}\n",
                 "t=5000 m=1610612736 o=2048\n"
                 "s=a  b t=250 m=1610612736 o=2048\n"
                 "s=a  b p=3.11+ t=7000 m=1610612736 o=2048\n"
                 "s=a  b t=2000 m=1610612736 o=2048\n"
                 "t=250 m=20971520 o=2048\n");
}
END_TEST

START_TEST(another_fixture_has_other_variants) {
  check_settings("fixture: x\nvariant: one\n"
                 "documents: {a.md: {sections: {Slow: {fixture: y}, Transactions: {fixture: x}}}}",
                 "f=x v=one\nf=x v=one\nf=x v=one\nf=y\nf=x v=one\n");
}
END_TEST

START_TEST(documents_by_pattern) {
  check_settings("documents: {'*.md': {timeout: 1}}", "t=1000\nt=1000\nt=1000\nt=1000\nt=1000\n");
  check_settings("documents: {./a.md: {timeout: 1}, '?.md': {timeout: 2}, /bank/a.md: {skip: why}}",
                 "s=why t=2000\ns=why t=2000\ns=why t=2000\ns=why t=2000\ns=why t=2000\n");
  check_settings("documents: {'d*/*.md': {timeout: 1}}", "-\n-\n-\n-\n-\n");
}
END_TEST

START_TEST(places_of_what_is_named) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  g_autofree gchar *lines =
      applied("fixture: x\ndocuments:\n  a.md:\n    variant: one\n", &documents, &error);
  ck_assert_ptr_nonnull(lines);
  const Settings *settings = snippet_at(g_ptr_array_index(documents, 0), 0)->settings;
  ck_assert_str_eq(settings->fixture_place, "/bank/bank.yaml:1:10");
  ck_assert_str_eq(settings->variant_place, "/bank/bank.yaml:4:14");
}
END_TEST

/* message: behind "/bank/bank.yaml:". No snippet gets anything. */
static void check_refused(const gchar *text, const gchar *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  g_autofree gchar *lines = applied(text, &documents, &error);
  ck_assert_msg(lines == NULL, "%s is fine", text);
  ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_NAMES));
  g_autofree gchar *whole = g_strconcat("/bank/bank.yaml:", message, NULL);
  ck_assert_str_eq(error->message, whole);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++)
      ck_assert_ptr_null(snippet_at(document, k)->settings);
  }
}

START_TEST(what_is_not_there) {
  check_refused("timeout: 1\ndocuments: {b.md: {}}",
                "2:13: there is no document 'b.md': did you mean 'a.md'?");
  check_refused("documents: {'x*.md': {}}", "1:13: there is no document 'x*.md'");
  check_refused("documents: {a.md: {sections: {Transaction: {}}}}",
                "1:31: there is no section 'Transaction' in 'a.md': did you mean 'Transactions'?");
  check_refused("documents: {a.md: {sections: {2. Slow: {}}}}",
                "1:31: there is no section '2. Slow' in 'a.md': without its number it is 'Slow'");
  check_refused("timeout: 5\ndocuments: {a.md: {snippets: {2.2: {}}}}",
                "2:31: there is no snippet '2.2' in 'a.md': did you mean '1.2'?");
  check_refused("documents: {a.md: {snippets: {querys/1.1: {}}}}",
                "1:31: there is no snippet 'querys/1.1' in 'a.md': did you mean 'queries/1.1'?");
  check_refused("documents: {a.md: {snippets: {1.1: {}}}}",
                "1:31: '1.1' fits 2 snippets: a/queries/1.1, a/transactions/1.1");
}
END_TEST

/* Named, there, and not among the documents that are read: nothing to say. */
START_TEST(documents_that_were_not_read) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-config-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename(folder, "bank.yaml", NULL);
  g_autofree gchar *one = g_build_filename(folder, "one.md", NULL);
  g_autofree gchar *two = g_build_filename(folder, "two.md", NULL);
  static const gchar text[] = "documents:\n"
                              "  two.md: {sections: {Nobody: {timeout: 5}}}\n"
                              "  '*.md': {sections: {Elsewhere: {timeout: 5}}}\n";
  ck_assert(g_file_set_contents(path, text, -1, NULL));
  ck_assert(g_file_set_contents(one, "# One\n```python\n1\n```\n", -1, NULL));
  ck_assert(g_file_set_contents(two, "# Elsewhere\n```python\n1\n```\n", -1, NULL));
  const gchar *const paths[] = {one, NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(Bank) bank = bank_read(files_disk(), paths, NULL);
  ck_assert_ptr_nonnull(bank);
  g_autofree gchar *found = config_find(files_disk(), bank->documents);
  ck_assert_str_eq(found, path);
  g_autoptr(Config) config = config_read(files_disk(), path, &error);
  ck_assert_ptr_nonnull(config);
  ck_assert(config_apply(config, bank->documents, &error));
  ck_assert_ptr_null(snippet_at(g_ptr_array_index(bank->documents, 0), 0)->settings);

  /* Where all are read it is an error. */
  const gchar *const both[] = {one, two, NULL};
  g_autoptr(Bank) whole = bank_read(files_disk(), both, NULL);
  ck_assert(!config_apply(config, whole->documents, &error));
  ck_assert_ptr_nonnull(strstr(error->message, ":2:23: there is no section 'Nobody' in 'two.md'"));
  g_unlink(path);
  g_unlink(one);
  g_unlink(two);
  g_rmdir(folder);
}
END_TEST

START_TEST(folders_that_it_names) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-config-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename(folder, "bank.yaml", NULL);
  g_autofree gchar *name = g_path_get_basename(folder);
  g_autofree gchar *text = g_strdup_printf("fixtures: ../%s\nexpected: kept/../here\n", name);
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = config_parse(files_disk(), path, text, strlen(text), &error);
  ck_assert_msg(config != NULL, "%s", error != NULL ? error->message : "");
  g_autofree gchar *expected = g_build_filename(folder, "here", NULL);
  ck_assert_str_eq(config_path(config), path);
  ck_assert_str_eq(config_expected(config), expected);
  ck_assert_str_eq(config_fixtures(config)[0], folder);
  ck_assert_ptr_null(config_fixtures(config)[1]);
  g_rmdir(folder);
  g_autoptr(Config) empty = parsed("", NULL);
  ck_assert_ptr_null(config_expected(empty));
  ck_assert_ptr_null(config_fixtures(empty));
}
END_TEST

int main(void) {
  const TTest *const tests[] = {what_is_fine,
                                what_is_no_yaml,
                                keys,
                                values,
                                strange_files,
                                levels,
                                another_fixture_has_other_variants,
                                documents_by_pattern,
                                places_of_what_is_named,
                                what_is_not_there,
                                documents_that_were_not_read,
                                folders_that_it_names,
                                NULL};
  return run_case("config", tests);
}
