/* A bank as git keeps it: the files of a commit and of the index. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git_world.h"

static Files *files_at(Repository *repository, const gchar *revision) {
  g_autoptr(Commit) commit = commit_at(repository, revision);
  Files *files = repository_files(repository, commit, NULL);
  ck_assert_ptr_nonnull(files);
  return files;
}

static void assert_text(const Files *files, const gchar *path, const gchar *expected) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size = 0;
  gboolean is_read = files_read(files, path, 1 << 20, &text, &size, &error);
  ck_assert_msg(is_read, "%s", is_read ? "" : error->message);
  ck_assert_str_eq(text, expected);
  ck_assert_uint_eq(size, strlen(expected));
}

static void assert_unread(const Files *files, const gchar *path, gint code, const gchar *message) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size = 0;
  ck_assert(!files_read(files, path, 1 << 20, &text, &size, &error));
  ck_assert(error->domain == FILES_ERROR);
  assert_said(&error, code, message);
}

/* "a.md docs/ link>" */
static gchar *listed(const Files *files, const gchar *path) {
  g_autoptr(GPtrArray) entries = files_list(files, path, NULL);
  g_autoptr(GString) text = g_string_new(NULL);
  ck_assert_ptr_nonnull(entries);
  for (guint i = 0; i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    g_string_append_printf(text, "%s%s%s%s%s", i > 0 ? " " : "", entry->name,
                           entry->kind == FILE_FOLDER    ? "/"
                           : entry->kind == FILE_MISSING ? "?"
                                                         : "",
                           entry->kind == FILE_OTHER ? "!" : "", entry->is_link ? ">" : "");
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void assert_listed(const Files *files, const gchar *path, const gchar *expected) {
  g_autofree gchar *text = listed(files, path);
  ck_assert_str_eq(text, expected);
}

START_TEST(a_commit_is_read_without_a_checkout) {
  begin("bank");
  put("docs/a.md", "old\n");
  put("docs/a-b.md", "");
  put("docs/a/x.md", "x");
  commit_as("Ada", "first");
  run("git rm -rq docs; rm -rf docs");
  put("docs/a.md", "new\n");
  commit_as("Ada", "second");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) old = files_at(repository, "HEAD~1");
  g_autoptr(Files) new = files_at(repository, "HEAD");
  assert_text(old, "docs/a.md", "old\n");
  assert_text(old, "docs/a-b.md", "");
  assert_text(new, "docs/a.md", "new\n");
  ck_assert_int_eq(files_kind(old, "docs"), FILE_FOLDER);
  ck_assert_int_eq(files_kind(old, "."), FILE_FOLDER);
  ck_assert_int_eq(files_kind(old, "docs/a/x.md"), FILE_REGULAR);
  ck_assert_int_eq(files_kind(new, "docs/a/x.md"), FILE_MISSING);
  ck_assert_int_eq(files_kind(new, "docs/a.md/x"), FILE_MISSING);
  /* By bytes: git itself has a-b.md, a.md, a/. */
  assert_listed(old, "docs", "a/ a-b.md a.md");
  assert_listed(old, ".", "docs/");
  assert_unread(new, "docs/a-b.md", FILES_ERROR_MISSING,
                "docs/a-b.md: no such file or folder in commit ");
  assert_unread(new, "docs", FILES_ERROR_UNUSABLE, "docs: not a regular file in commit ");
  g_autofree gchar *text = NULL;
  gsize size;
  g_autoptr(GError) error = NULL;
  ck_assert(!files_read(new, "docs/a.md", 3, &text, &size, &error));
  assert_said(&error, FILES_ERROR_UNUSABLE, "docs/a.md: larger than");
  ck_assert_ptr_null(files_list(new, "docs/a.md", &error));
  assert_said(&error, FILES_ERROR_UNUSABLE, "docs/a.md: not a folder");
}
END_TEST

START_TEST(paths_are_those_of_the_disk) {
  begin("bank");
  put("docs/lists/a.md", "a\n");
  commit_as("Ada", "first");
  g_autofree gchar *root = g_get_current_dir();
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = files_at(repository, "HEAD");
  run("ln -s bank ../link; ln -s bank/docs ../inner");
  g_autofree gchar *absolute = g_build_filename(root, "docs/lists/a.md", NULL);
  assert_text(files, absolute, "a\n");
  assert_text(files, "docs/../docs/lists/a.md", "a\n");
  assert_text(files, "../bank/docs/lists/a.md", "a\n");
  assert_text(files, "../link/docs/lists/a.md", "a\n");
  assert_text(files, "../inner/lists/a.md", "a\n");
  ck_assert_int_eq(files_kind(files, "../bank"), FILE_FOLDER);
  /* What lies outside is the disk's. */
  put("../elsewhere.md", "e\n");
  assert_text(files, "../elsewhere.md", "e\n");
  assert_unread(files, "../nowhere.md", FILES_ERROR_MISSING, "../nowhere.md: no such file");
  ck_assert_int_eq(chdir("docs/lists"), 0);
  assert_text(files, "a.md", "a\n");
  ck_assert_int_eq(files_kind(files, "../lists"), FILE_FOLDER);
  /* The current folder is one that the disk has no more. */
  run("rm -r ../../docs/lists/a.md");
  assert_text(files, "a.md", "a\n");
}
END_TEST

START_TEST(links_are_followed_in_the_tree) {
  begin("bank");
  put("docs/a.md", "a\n");
  run("ln -s ../docs/a.md docs/link.md; ln -s docs folder; ln -s gone.md lost.md;"
      "ln -s ../../etc/passwd out.md; ln -s /etc/passwd root.md; ln -s loop loop;"
      "ln -s \"$PWD/docs/a.md\" whole.md; ln -s folder/link.md twice.md");
  commit_as("Ada", "first");
  put("docs/a.md", "on disk\n");
  run("rm folder; ln -s /etc folder"); /* the disk's own links do not matter */
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = files_at(repository, "HEAD");
  assert_text(files, "docs/link.md", "a\n");
  assert_text(files, "folder/a.md", "a\n");
  assert_text(files, "twice.md", "a\n");
  assert_text(files, "whole.md", "a\n");
  ck_assert_int_eq(files_kind(files, "lost.md"), FILE_MISSING);
  ck_assert_int_eq(files_kind(files, "out.md"), FILE_MISSING);
  ck_assert_int_eq(files_kind(files, "root.md"), FILE_MISSING);
  ck_assert_int_eq(files_kind(files, "loop"), FILE_MISSING);
  assert_listed(files, ".",
                "docs/ folder/> loop?> lost.md?> out.md?> root.md?> twice.md> whole.md>");
  g_autofree gchar *one = NULL;
  g_autofree gchar *same = NULL;
  g_autofree gchar *folder = NULL;
  files->kind(files, "docs/a.md", &one);
  files->kind(files, "folder/link.md", &same);
  files->kind(files, "docs", &folder);
  ck_assert_str_eq(one, same);
  ck_assert_str_ne(one, folder);
}
END_TEST

START_TEST(the_index_is_what_would_be_committed) {
  begin("bank");
  put("docs/a.md", "old\n");
  put("docs/gone.md", "gone\n");
  commit_as("Ada", "first");
  put("docs/a.md", "staged\n");
  put("docs/b/c.md", "new\n");
  run("git add -A; git rm -q --cached docs/gone.md");
  put("docs/a.md", "on disk\n");
  put("later.md", "later\n");
  run("git add -N later.md");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = repository_staged(repository, NULL);
  assert_text(files, "docs/a.md", "staged\n");
  assert_text(files, "docs/b/c.md", "new\n");
  assert_listed(files, "docs", "a.md b/");
  assert_listed(files, ".", "docs/");
  assert_unread(files, "docs/gone.md", FILES_ERROR_MISSING,
                "docs/gone.md: no such file or folder in the index");
}
END_TEST

START_TEST(the_index_of_a_hook_is_read) {
  begin("bank");
  put("docs/a.md", "old\n");
  commit_as("Ada", "first");
  put("docs/a.md", "other\n");
  run("GIT_INDEX_FILE=.git/next git add docs/a.md");
  g_setenv("GIT_INDEX_FILE", ".git/next", TRUE);
  ck_assert_int_eq(chdir("docs"), 0); /* from the top of the work tree all the same */
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = repository_staged(repository, NULL);
  assert_text(files, "a.md", "other\n");
  /* It is not that of another repository. */
  ck_assert_int_eq(chdir(".."), 0);
  run("env -u GIT_INDEX_FILE git init -q ../other; cd ../other; echo b > b.md;"
      "env -u GIT_INDEX_FILE git add b.md");
  g_autoptr(Repository) another = repository_open("../other/b.md", NULL);
  g_autoptr(Files) theirs = repository_staged(another, NULL);
  assert_text(theirs, "../other/b.md", "b\n");
}
END_TEST

START_TEST(a_conflict_is_said_where_it_is) {
  begin("bank");
  put("a.md", "1\n");
  put("b.md", "b\n");
  commit_as("Ada", "first");
  run("git checkout -q -b side");
  put("a.md", "2\n");
  commit_as("Ada", "second");
  run("git checkout -q main");
  put("a.md", "3\n");
  commit_as("Ada", "third");
  run("git -c user.name=a -c user.email=b merge -q side > /dev/null || true");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = repository_staged(repository, NULL);
  assert_listed(files, ".", "a.md b.md");
  assert_text(files, "b.md", "b\n");
  assert_unread(files, "a.md", FILES_ERROR_UNUSABLE, "a.md: has a merge conflict in the index");
}
END_TEST

START_TEST(a_damaged_index_is_said) {
  begin("bank");
  put("a.md", "1\n");
  commit_as("Ada", "first");
  put(".git/index", "nonsense that is no index at all, whatever its size");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_staged(repository, &error));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "the index of the repository in");
}
END_TEST

START_TEST(only_what_was_asked_decides_whether_answers_are_the_same) {
  begin("bank");
  put("docs/a.md", "a\n");
  put("docs/b.md", "b\n");
  put("other/x.c", "x\n");
  run("ln -s docs/b.md link.md");
  commit_as("Ada", "base");
  put("other/x.c", "y\n");
  commit_as("Ada", "outside");
  put("docs/b.md", "c\n");
  commit_as("Ada", "beside");
  put("docs/c.md", "c\n");
  commit_as("Ada", "added");
  put("docs/a.md", "A\n");
  run("rm docs/c.md");
  put("docs/b.md", "b\n");
  commit_as("Ada", "edited");
  put("docs/a.md", "a\n");
  put("bank.yaml", "x\n");
  commit_as("Ada", "asked for, but not there before");
  run("rm bank.yaml; rm link.md; ln -s docs/a.md link.md");
  commit_as("Ada", "a link");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Files) files = files_at(repository, "HEAD~6");
  g_autoptr(Files) linked = files_at(repository, "HEAD~6");
  g_autoptr(Files) nothing = files_at(repository, "HEAD~6");
  assert_listed(files, "docs", "a.md b.md");
  assert_text(files, "docs/a.md", "a\n");
  ck_assert_int_eq(files_kind(files, "docs/b.md"), FILE_REGULAR);
  ck_assert_int_eq(files_kind(files, "bank.yaml"), FILE_MISSING);
  assert_text(linked, "link.md", "b\n");
  const struct {
    const gchar *revision;
    gboolean files, linked;
  } rows[] = {{"HEAD~6", TRUE, TRUE},   {"HEAD~5", TRUE, TRUE},  {"HEAD~4", TRUE, FALSE},
              {"HEAD~3", FALSE, FALSE}, {"HEAD~2", FALSE, TRUE}, {"HEAD~1", FALSE, TRUE},
              {"HEAD", TRUE, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(Commit) commit = commit_at(repository, rows[i].revision);
    ck_assert_int_eq(repository_answers_same(repository, files, commit), rows[i].files);
    ck_assert_int_eq(repository_answers_same(repository, linked, commit), rows[i].linked);
    ck_assert(repository_answers_same(repository, nothing, commit));
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("revision_files");
  TCase *tests = tcase_create("revision_files");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, git_world_setup, git_world_teardown);
  tcase_add_test(tests, a_commit_is_read_without_a_checkout);
  tcase_add_test(tests, paths_are_those_of_the_disk);
  tcase_add_test(tests, links_are_followed_in_the_tree);
  tcase_add_test(tests, the_index_is_what_would_be_committed);
  tcase_add_test(tests, the_index_of_a_hook_is_read);
  tcase_add_test(tests, a_conflict_is_said_where_it_is);
  tcase_add_test(tests, a_damaged_index_is_said);
  tcase_add_test(tests, only_what_was_asked_decides_whether_answers_are_the_same);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
