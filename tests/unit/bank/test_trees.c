/* A bank that does not lie on the disk, and one that differs from what lies there. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "bank/config.h"
#include "bank/fixtures.h"
#include "bank_suite.h"
#include "memory_files.h"

#define DOCUMENT "# One\n\n```python\nBook.objects.count()\n```\n"
#define FIXTURE "\"\"\"Books.\"\"\"\nPROVIDES = [\"Book\"]\n"

/* Nothing lies there. */
#define ROOT "/nowhere/bank"

static Bank *read_bank(const Files *files, const gchar *path) {
  g_autoptr(GError) error = NULL;
  const gchar *const paths[] = {path, NULL};
  Bank *bank = bank_read(files, paths, &error);
  ck_assert_msg(bank != NULL, "%s", error != NULL ? error->message : "");
  return bank;
}

static void check_names(const Bank *bank, const gchar *expected) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    g_string_append_printf(names, "%s%s", i > 0 ? " " : "", document->name);
  }
  ck_assert_str_eq(names->str, expected);
}

START_TEST(folders_are_walked) {
  g_autoptr(Files) files = memory_files_new(ROOT);
  memory_files_put(files, "b.md", DOCUMENT);
  memory_files_put(files, "a/c.txt", "x\n");
  memory_files_put(files, "a/c.py", "x\n");
  memory_files_put(files, ".github/d.md", DOCUMENT);
  memory_files_link(files, "again.md", "b.md");
  memory_files_link(files, "linked", "a");
  g_autoptr(Bank) bank = read_bank(files, ROOT);
  check_names(bank, "a/c again");
  const Document *document = g_ptr_array_index(bank->documents, 1);
  ck_assert_str_eq(document->path, ROOT "/again.md");
  ck_assert_uint_eq(document->snippets->len, 1);
  g_autoptr(Bank) linked = read_bank(files, ROOT "/linked");
  check_names(linked, "c");
}
END_TEST

START_TEST(what_is_missing) {
  g_autoptr(Files) files = memory_files_new(ROOT);
  g_autoptr(GError) error = NULL;
  const gchar *const paths[] = {ROOT "/gone.md", NULL};
  ck_assert_ptr_null(bank_read(files, paths, &error));
  ck_assert(g_error_matches(error, BANK_ERROR, BANK_ERROR_MISSING));
  ck_assert_str_eq(error->message, ROOT "/gone.md: not in memory");
}
END_TEST

/* What the configuration names is looked for where it lies itself. */
START_TEST(configurations) {
  g_autoptr(Files) files = memory_files_new(ROOT);
  g_autoptr(GError) error = NULL;
  memory_files_put(files, "docs/one.md", DOCUMENT);
  memory_files_put(files, "docs/two.md", DOCUMENT);
  memory_files_put(files, "more/library.py", FIXTURE);
  memory_files_put(files, "bank.yaml",
                   "fixtures: more\n"
                   "documents:\n"
                   "  docs/two.md: {timeout: 3}\n"
                   "  linked/one.md: {timeout: 5}\n"
                   "  '*/o?e.md': {memory: 64 MB, snippets: {one.1: {output: 1 MB}}}\n");
  memory_files_link(files, "linked", "docs");
  g_autoptr(Bank) bank = read_bank(files, ROOT "/docs/one.md");
  g_autofree gchar *found = config_find(files, bank->documents);
  ck_assert_pstr_eq(found, ROOT "/bank.yaml");
  g_autoptr(Config) config = config_read(files, found, &error);
  ck_assert_msg(config != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq(config_fixtures(config)[0], ROOT "/more");
  ck_assert_msg(config_apply(config, bank->documents, &error), "%s",
                error != NULL ? error->message : "");
  const Snippet *snippet = snippet_at(g_ptr_array_index(bank->documents, 0), 0);
  ck_assert_uint_eq(snippet->settings->wall_ms, 5000);
  ck_assert_uint_eq(snippet->settings->memory_bytes, 64 << 20);
  ck_assert_uint_eq(snippet->settings->output_bytes, 1 << 20);

  static const struct {
    const gchar *text, *words;
  } cases[] = {
      {"fixtures: gone\n", "there is no folder 'gone'"},
      {"expected: docs/one.md\n", "'docs/one.md' is no folder"},
      {"documents: {docs/three.md: {timeout: 3}}\n", "there is no document 'docs/three.md'"},
      {"documents: {'*/three.md': {timeout: 3}}\n", "there is no document '*/three.md'"},
      /* The pattern fits no more than what was read. */
      {"documents: {'docs/o*.md': {sections: {Gone: {timeout: 3}}}}\n", "there is no section"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) wrong = NULL;
    memory_files_put(files, "bank.yaml", cases[i].text);
    g_autoptr(Config) other = config_read(files, found, &wrong);
    ck_assert(other == NULL || !config_apply(other, bank->documents, &wrong));
    ck_assert_msg(strstr(wrong->message, cases[i].words) != NULL, "%s", wrong->message);
  }
  /* Here it fits another document as well, and a section of that may be meant. */
  memory_files_put(files, "bank.yaml", "documents: {'docs/*': {sections: {Gone: {timeout: 3}}}}\n");
  g_autoptr(Config) wide = config_read(files, found, NULL);
  ck_assert(config_apply(wide, bank->documents, NULL));
}
END_TEST

/* --- fixtures ------------------------------------------------------------------------------ */

/* The fixture that the bank's only snippet has, with its digest. Its owner is *fixtures. */
static const Fixture *chosen_of(const Files *files, const Bank *bank, GPtrArray **fixtures) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *folder = fixtures_find_folder(files, bank->documents);
  ck_assert_ptr_nonnull(folder);
  const gchar *const folders[] = {folder, NULL};
  *fixtures = fixtures_read(files, folders, &error);
  ck_assert_ptr_nonnull(*fixtures);
  ck_assert(fixtures_choose(*fixtures, bank->documents, &error));
  fixtures_digest(files, *fixtures, bank->documents);
  const Snippet *snippet = snippet_at(g_ptr_array_index(bank->documents, 0), 0);
  ck_assert_ptr_nonnull(snippet->choice);
  return snippet->choice->fixture;
}

static gchar *digest_of(const Files *files, const gchar *root) {
  GPtrArray *fixtures;
  g_autofree gchar *path = g_build_filename(root, "one.md", NULL);
  g_autoptr(Bank) bank = read_bank(files, path);
  gchar *digest = g_strdup(chosen_of(files, bank, &fixtures)->digest);
  g_ptr_array_unref(fixtures);
  return digest;
}

static Files *library_new(const gchar *root) {
  Files *files = memory_files_new(root);
  memory_files_put(files, "one.md", DOCUMENT);
  memory_files_put(files, "fixtures/library.py", FIXTURE);
  memory_files_put(files, "fixtures/other.py", "PROVIDES = [\"Other\"]\n");
  memory_files_put(files, "fixtures/data/books.csv", "a,b\n");
  return files;
}

START_TEST(only_what_is_chosen_has_a_digest) {
  GPtrArray *fixtures;
  g_autoptr(Files) files = library_new(ROOT);
  g_autoptr(Bank) bank = read_bank(files, ROOT "/one.md");
  const Fixture *fixture = chosen_of(files, bank, &fixtures);
  ck_assert_str_eq(fixture->name, "library");
  ck_assert_str_eq(fixture->path, ROOT "/fixtures/library.py");
  ck_assert_uint_eq(strlen(fixture->digest), 64);
  const Fixture *other = g_ptr_array_index(fixtures, 1);
  ck_assert_str_eq(other->name, "other");
  ck_assert_ptr_null(other->digest);
  g_ptr_array_unref(fixtures);
}
END_TEST

START_TEST(what_a_digest_stands_for) {
  g_autoptr(Files) files = library_new(ROOT), elsewhere = library_new("/nowhere/else");
  g_autofree gchar *before = digest_of(files, ROOT);
  g_autofree gchar *same = digest_of(elsewhere, "/nowhere/else");
  ck_assert_str_eq(before, same);
  static const struct {
    const gchar *path, *text;
    gboolean changes;
  } cases[] = {
      {"fixtures/.library.py.swp", "x", FALSE},
      {"fixtures/__pycache__/library.pyc", "x", FALSE},
      {"fixtures/data/__pycache__/x.py", "x", FALSE},
      {"one.md", DOCUMENT "More.\n", FALSE},
      {"fixtures/data/books.csv", "a,c\n", TRUE},
      {"fixtures/data/books.csv", "a,b\n", FALSE}, /* back again */
      {"fixtures/_helper.py", "", TRUE},
      {"fixtures/other.py", "PROVIDES = [\"Another\"]\n", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Files) changed = library_new(ROOT);
    memory_files_put(changed, cases[i].path, cases[i].text);
    g_autofree gchar *after = digest_of(changed, ROOT);
    ck_assert_msg((strcmp(before, after) != 0) == cases[i].changes, "%s", cases[i].path);
  }
}
END_TEST

/* What is cut off one file and put before the next is a change. */
START_TEST(digests_keep_files_apart) {
  g_autoptr(Files) one = library_new(ROOT), other = library_new(ROOT);
  memory_files_put(one, "fixtures/data/a", "1");
  memory_files_put(one, "fixtures/data/b", "23");
  memory_files_put(other, "fixtures/data/a", "12");
  memory_files_put(other, "fixtures/data/b", "3");
  g_autofree gchar *of_one = digest_of(one, ROOT), *of_other = digest_of(other, ROOT);
  ck_assert_str_ne(of_one, of_other);
}
END_TEST

/* git knows no empty folders. */
START_TEST(the_disk_and_a_tree_agree) {
  g_autofree gchar *made = g_dir_make_tmp("proctor-trees-XXXXXX", NULL);
  g_autofree gchar *fixtures = g_build_filename(made, "fixtures", NULL);
  g_autofree gchar *data = g_build_filename(fixtures, "data", NULL);
  g_autofree gchar *cache = g_build_filename(fixtures, "__pycache__", NULL);
  g_autofree gchar *empty = g_build_filename(fixtures, "empty", NULL);
  const struct {
    const gchar *folder, *name, *text;
  } all[] = {{made, "one.md", DOCUMENT},
             {fixtures, "library.py", FIXTURE},
             {fixtures, "other.py", "PROVIDES = [\"Other\"]\n"},
             {data, "books.csv", "a,b\n"},
             {cache, "library.pyc", "x"}};
  ck_assert_int_eq(g_mkdir(fixtures, 0700) + g_mkdir(data, 0700) + g_mkdir(cache, 0700) +
                       g_mkdir(empty, 0700),
                   0);
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    g_autofree gchar *path = g_build_filename(all[i].folder, all[i].name, NULL);
    ck_assert(g_file_set_contents(path, all[i].text, -1, NULL));
  }
  g_autoptr(Files) files = library_new(ROOT);
  g_autofree gchar *of_tree = digest_of(files, ROOT), *of_disk = digest_of(files_disk(), made);
  ck_assert_str_eq(of_tree, of_disk);

  /* What cannot be read has none: a result under it would say too much. */
  g_autofree gchar *loop = g_build_filename(data, "loop", NULL);
  ck_assert_int_eq(symlink("loop", loop), 0);
  g_autofree gchar *none = digest_of(files_disk(), made);
  ck_assert_ptr_null(none);
  g_unlink(loop);
  ck_assert_int_eq(symlink("..", loop), 0);
  none = digest_of(files_disk(), made);
  ck_assert_ptr_null(none);
  g_unlink(loop);
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    g_autofree gchar *path = g_build_filename(all[i].folder, all[i].name, NULL);
    g_unlink(path);
  }
  ck_assert_int_eq(g_rmdir(cache) + g_rmdir(data) + g_rmdir(empty) + g_rmdir(fixtures), 0);
  g_rmdir(made);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {folders_are_walked,
                                what_is_missing,
                                configurations,
                                only_what_is_chosen_has_a_digest,
                                what_a_digest_stands_for,
                                digests_keep_files_apart,
                                the_disk_and_a_tree_agree,
                                NULL};
  return run_case("trees", tests);
}
