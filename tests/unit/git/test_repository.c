/* Repositories of every kind, opened; revisions, histories; what is said where there is nothing. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git_world.h"

static void assert_unknown(const gchar *revision, gint code, const gchar *text) {
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_resolve(repository, revision, &error));
  assert_said(&error, code, text);
}

static void assert_no_repository(const gchar *path, const gchar *text) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_open(path, &error));
  assert_said(&error, REPOSITORY_ERROR_NONE, text);
}

/* --- opening -------------------------------------------------------------------- */

START_TEST(a_work_tree_is_found_from_any_path_in_it) {
  begin("bank");
  put("docs/lists/a.md", "a\n");
  commit_as("Ada", "first");
  g_autofree gchar *root = g_get_current_dir();
  const gchar *paths[] = {".", "docs", "docs/lists/a.md", "docs/not/there/yet.md", root};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Repository) repository = repository_open(paths[i], NULL);
    ck_assert_msg(repository != NULL, "%s", paths[i]);
    ck_assert_str_eq(repository_root(repository), root);
    ck_assert(!repository_is_shallow(repository));
  }
}
END_TEST

START_TEST(outside_of_one_it_says_so) {
  assert_no_repository("lesson.md", " lies in no git repository");
  put("broken/.git/HEAD", "nonsense");
  put("broken/.git/objects/x", "");
  assert_no_repository("broken/lesson.md", "broken lies in no git repository");
  begin("newer");
  run("git config core.repositoryFormatVersion 1; git config extensions.objectFormat sha512");
  assert_no_repository("x.md", "newer: the git repository that it lies in cannot be opened");
}
END_TEST

START_TEST(a_bare_one_has_its_top_at_the_current_folder) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  run("git clone -q --bare . ../bare.git");
  ck_assert_int_eq(chdir("../bare.git"), 0);
  g_autofree gchar *here = g_get_current_dir();
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) commit = commit_at(repository, "main");
  g_autoptr(GError) error = NULL;
  ck_assert_str_eq(repository_root(repository), here);
  ck_assert_str_eq(commit->summary, "first");
  ck_assert_ptr_null(repository_staged(repository, &error));
  assert_said(&error, REPOSITORY_ERROR_NONE, "it is a bare repository");
}
END_TEST

START_TEST(a_further_work_tree_is_one_of_its_own) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  run("git worktree add -q ../other -b other");
  ck_assert_int_eq(chdir("../other"), 0);
  put("b.md", "b\n");
  commit_as("Grace", "on the other branch");
  g_autofree gchar *here = g_get_current_dir();
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = repository_head(repository, NULL);
  ck_assert_str_eq(repository_root(repository), here);
  ck_assert_str_eq(head->summary, "on the other branch");
  ck_assert_str_eq(head->author, "Grace");
  ck_assert_str_eq(head->email, "Grace@example.org");
  ck_assert_int_eq(head->offset, 120);
  /* As git sets them for a hook in it. */
  g_setenv("GIT_DIR", "../bank/.git/worktrees/other", TRUE);
  g_autoptr(Repository) hooked = repository_here();
  ck_assert_str_eq(repository_root(hooked), here);
}
END_TEST

START_TEST(a_submodule_is_one_of_its_own) {
  begin("inner");
  put("a.md", "a\n");
  commit_as("Ada", "inner");
  ck_assert_int_eq(chdir(".."), 0);
  begin("outer");
  run("git -c protocol.file.allow=always submodule --quiet add ../inner lessons");
  commit_as("Grace", "outer");
  g_autoptr(Repository) inner = repository_open("lessons/a.md", NULL);
  g_autoptr(Repository) outer = repository_open(".gitmodules", NULL);
  g_autoptr(Commit) first = repository_head(inner, NULL);
  g_autoptr(Commit) second = repository_head(outer, NULL);
  ck_assert_str_eq(first->summary, "inner");
  ck_assert_str_eq(second->summary, "outer");
  g_autoptr(Files) files = repository_files(outer, second, NULL);
  ck_assert_int_eq(files_kind(files, "lessons"), FILE_OTHER);
  ck_assert_int_eq(files_kind(files, "lessons/a.md"), FILE_MISSING);
}
END_TEST

START_TEST(variables_of_git_are_heeded) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  ck_assert_int_eq(chdir(".."), 0);
  g_autofree gchar *here = g_get_current_dir();
  run("mv bank/.git store");
  g_setenv("GIT_DIR", "store", TRUE);
  g_setenv("GIT_WORK_TREE", "bank", TRUE);
  g_autofree gchar *root = g_build_filename(here, "bank", NULL);
  g_autoptr(Repository) repository = repository_open("bank/a.md", NULL);
  ck_assert_str_eq(repository_root(repository), root);
  assert_no_repository("elsewhere/a.md", "the work tree of the repository that GIT_DIR names");
  /* Without GIT_WORK_TREE it is the current folder. */
  g_unsetenv("GIT_WORK_TREE");
  g_autoptr(Repository) other = repository_open("bank/a.md", NULL);
  ck_assert_str_eq(repository_root(other), here);
  g_setenv("GIT_DIR", "nowhere", TRUE);
  assert_no_repository("bank/a.md", "GIT_DIR, 'nowhere', lies in no git repository");
}
END_TEST

START_TEST(a_search_stops_where_git_is_told_to_stop) {
  begin("bank");
  put("docs/a.md", "a\n");
  g_autofree gchar *here = g_get_current_dir();
  g_setenv("GIT_CEILING_DIRECTORIES", here, TRUE);
  assert_no_repository("docs/a.md", "lies in no git repository");
}
END_TEST

START_TEST(somebody_elses_is_read_when_git_is_told_to) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  if (geteuid() != 0)
    return; /* only root can give files away */
  ck_assert_int_eq(chown(".", 12345, 12345), 0);
  g_autofree gchar *here = g_get_current_dir();
  g_autofree gchar *hint = g_strdup_printf("git config --global --add safe.directory %s", here);
  assert_no_repository("a.md", hint);
  g_setenv("GIT_CONFIG_COUNT", "1", TRUE);
  g_setenv("GIT_CONFIG_KEY_0", "safe.directory", TRUE);
  g_setenv("GIT_CONFIG_VALUE_0", "*", TRUE);
  repository_free(repository_here());
  g_unsetenv("GIT_CONFIG_COUNT");
  assert_no_repository("a.md", hint);
  g_autofree gchar *trust = g_strdup_printf("[safe]\ndirectory = %s\n", here);
  put("../trust", trust);
  g_setenv("GIT_CONFIG_GLOBAL", "../trust", TRUE);
  repository_free(repository_here());
  run("git config safe.directory '*'"); /* its own word does not count */
  g_setenv("GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  assert_no_repository("a.md", hint);
}
END_TEST

START_TEST(received_objects_are_seen_by_the_hook) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  run("git init -q --bare ../server.git");
  put("b.md", "b\n");
  g_autofree gchar *id = g_strdup(commit_as("Ada", "second"));
  run("git push -q ../server.git HEAD~1:refs/heads/main");
  ck_assert_int_eq(chdir("../server.git"), 0);
  assert_unknown(id, REPOSITORY_ERROR_REVISION, "there is no commit");
  g_setenv("GIT_OBJECT_DIRECTORY", "../bank/.git/objects", TRUE);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) commit = commit_at(repository, id);
  ck_assert_str_eq(commit->summary, "second");
}
END_TEST

/* --- revisions ------------------------------------------------------------------ */

START_TEST(revisions_are_what_git_takes_them_for) {
  begin("bank");
  g_autofree gchar *first = g_strdup(commit_as("Ada", "first"));
  commit_as("Ada", "second");
  run("git tag -a -m one v1 HEAD~1; git tag -a -m two v1-again v1; git branch side v1");
  g_autoptr(Repository) repository = repository_here();
  g_autofree gchar *abbreviated = g_strndup(first, 9);
  const gchar *revisions[] = {"HEAD~1",    "main^", "v1", "v1-again", "side",
                              abbreviated, first,   "@~", ":/first"};
  for (guint i = 0; i < G_N_ELEMENTS(revisions); i++) {
    g_autoptr(Commit) commit = commit_at(repository, revisions[i]);
    ck_assert_str_eq(commit->id, first);
    ck_assert_str_eq(commit->summary, "first");
    ck_assert(g_str_has_prefix(first, commit->short_id));
    ck_assert_uint_ge(strlen(commit->short_id), 7);
    ck_assert_uint_eq(g_strv_length(commit->parents), 0);
  }
  run("git checkout -q --detach v1");
  g_autoptr(Commit) head = repository_head(repository, NULL);
  ck_assert_str_eq(head->id, first);
}
END_TEST

START_TEST(what_is_no_commit_is_said) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  run("git tag blob HEAD:a.md; git tag -a -m tree tree HEAD^{tree}");
  assert_unknown("HEAD^{tree}", REPOSITORY_ERROR_REVISION,
                 "'HEAD^{tree}' names no commit, but a tree");
  assert_unknown("blob", REPOSITORY_ERROR_REVISION, "'blob' names no commit, but a blob");
  assert_unknown("tree", REPOSITORY_ERROR_REVISION, "'tree' names no commit, but a tag");
  assert_unknown("develop", REPOSITORY_ERROR_REVISION, "there is no revision 'develop'");
  assert_unknown("HEAD~1", REPOSITORY_ERROR_REVISION, "there is no revision 'HEAD~1'");
  assert_unknown("", REPOSITORY_ERROR_REVISION, "there is no revision ''");
  assert_unknown("a b", REPOSITORY_ERROR_REVISION, "there is no revision 'a b'");
  assert_unknown("0123456789012345678901234567890123456789", REPOSITORY_ERROR_REVISION,
                 "there is no commit 0123456789012345678901234567890123456789");
}
END_TEST

START_TEST(an_unborn_branch_has_no_commit) {
  begin("bank");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_head(repository, &error));
  assert_said(&error, REPOSITORY_ERROR_REVISION, "there is no commit yet: branch 'main' is empty");
  assert_unknown("HEAD", REPOSITORY_ERROR_REVISION, "there is no commit yet");
  assert_unknown("main", REPOSITORY_ERROR_REVISION, "there is no commit yet");
}
END_TEST

START_TEST(a_branch_of_the_remote_is_proposed) {
  begin("bank");
  commit_as("Ada", "first");
  run("git clone -q . ../clone; git -C ../clone checkout -q --detach; "
      "git -C ../clone branch -q -D main");
  ck_assert_int_eq(chdir("../clone"), 0);
  assert_unknown("main", REPOSITORY_ERROR_REVISION,
                 "there is no revision 'main' here, but there is 'origin/main'");
}
END_TEST

/* Enough objects that two begin with the same four digits: which, git says itself. */
START_TEST(an_abbreviation_must_be_unambiguous) {
  begin("bank");
  commit_as("Ada", "first");
  run("for i in $(seq 700); do echo \"blob\nmark :$i\ndata <<E\n$i\nE\"; done"
      " | git fast-import --quiet");
  run("for i in $(seq 700); do"
      "   echo \"commit refs/heads/x$i\ncommitter A <a@b> $i +0000\ndata 1\nx\";"
      " done | git fast-import --quiet");
  g_autofree gchar *commits = shell("git rev-list --all | cut -c -4 | sort | uniq -d | head -1");
  ck_assert_uint_eq(strlen(commits), 4);
  assert_unknown(commits, REPOSITORY_ERROR_REVISION, "is ambiguous, several objects begin");
  g_autofree gchar *one =
      shell("git rev-list --all | cut -c -4 | sort | uniq -u > commits;"
            "git cat-file --batch-all-objects --batch-check='%%(objecttype) %%(objectname)'"
            " | sed -n 's/^blob \\(....\\).*/\\1/p' | sort -u | comm -12 - commits | head -1");
  ck_assert_uint_eq(strlen(one), 4);
  g_autofree gchar *whole = shell("git rev-parse %s^{commit}", one);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) commit = commit_at(repository, one);
  ck_assert_str_eq(commit->id, whole);
}
END_TEST

START_TEST(ranges_are_taken_apart) {
  const struct {
    const gchar *text, *from, *to;
    gboolean is_parting;
  } rows[] = {{"a..b", "a", "b", FALSE},   {"a..", "a", "HEAD", FALSE},
              {"..b", "HEAD", "b", FALSE}, {"a...b", "a", "b", TRUE},
              {"...b", "HEAD", "b", TRUE}, {"v1.0..v1.1", "v1.0", "v1.1", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree gchar *from = NULL;
    g_autofree gchar *to = NULL;
    gboolean is_parting = !rows[i].is_parting;
    ck_assert(revision_range_split(rows[i].text, &from, &to, &is_parting));
    ck_assert_str_eq(from, rows[i].from);
    ck_assert_str_eq(to, rows[i].to);
    ck_assert_int_eq(is_parting, rows[i].is_parting);
  }
  ck_assert(!revision_range_split("v1.0", NULL, NULL, NULL));
}
END_TEST

/* --- histories ------------------------------------------------------------------ */

static gchar *summaries(const GPtrArray *history) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < history->len; i++) {
    const Commit *commit = g_ptr_array_index(history, i);
    g_string_append_printf(text, "%s%s", i > 0 ? " " : "", commit->summary);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void assert_history(const gchar *from, const gchar *until, gboolean cut,
                           const gchar *expected) {
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) first = commit_at(repository, from);
  g_autoptr(Commit) last = until != NULL ? commit_at(repository, until) : NULL;
  gboolean is_cut = !cut;
  g_autoptr(GPtrArray) history = repository_history(repository, first, last, &is_cut, NULL);
  ck_assert_ptr_nonnull(history);
  g_autofree gchar *text = summaries(history);
  ck_assert_str_eq(text, expected);
  ck_assert_int_eq(is_cut, cut);
}

static void make_merge(void) {
  begin("bank");
  commit_as("Ada", "1");
  commit_as("Ada", "2");
  run("git checkout -q -b side HEAD~1");
  commit_as("Ada", "3");
  commit_as("Ada", "4");
  run("git checkout -q main");
  commit_as("Ada", "5");
  run("GIT_COMMITTER_DATE='1770000000 +0000' GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=b"
      " git merge -q --no-ff -m merge side");
}

START_TEST(a_history_has_children_before_parents) {
  make_merge();
  assert_history("main", NULL, FALSE, "merge 5 4 3 2 1");
  assert_history("main", "main~1", FALSE, "merge 4 3");
  assert_history("main", "side", FALSE, "merge 5 2");
  assert_history("main~1", "main", FALSE, "");
  assert_history("main", "main", FALSE, "");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) merge = commit_at(repository, "main");
  ck_assert_uint_eq(g_strv_length(merge->parents), 2);
}
END_TEST

START_TEST(children_come_first_whatever_their_clocks_say) {
  begin("bank");
  const gchar *times[] = {"1900000000", "1700000000", "1800000000", "1600000000"};
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    run("GIT_COMMITTER_DATE='%s +0000' git -c user.name=a -c user.email=b commit -q "
        "--allow-empty -m %u",
        times[i], i);
  assert_history("main", NULL, FALSE, "3 2 1 0");
}
END_TEST

START_TEST(a_merge_base_is_the_best_one) {
  make_merge();
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) main = commit_at(repository, "main");
  g_autoptr(Commit) before = commit_at(repository, "main~1");
  g_autoptr(Commit) side = commit_at(repository, "side");
  g_autoptr(Commit) parting = repository_merge_base(repository, before, side, NULL);
  g_autoptr(Commit) merged = repository_merge_base(repository, main, side, NULL);
  g_autoptr(GError) error = NULL;
  ck_assert_str_eq(parting->summary, "1");
  ck_assert_str_eq(merged->summary, "4");
  run("git checkout -q --orphan other");
  commit_as("Ada", "alone");
  g_autoptr(Commit) other = commit_at(repository, "other");
  ck_assert_ptr_null(repository_merge_base(repository, other, side, &error));
  assert_said(&error, REPOSITORY_ERROR_REVISION, "have no commit in common");
}
END_TEST

START_TEST(a_shallow_clone_says_that_it_is_one) {
  make_merge();
  g_autofree gchar *old = shell("git rev-parse side~1");
  run("git branch -q other side");
  run("git clone -q --depth 2 --no-single-branch file://\"$PWD\" ../clone");
  ck_assert_int_eq(chdir("../clone"), 0);
  g_autoptr(Repository) repository = repository_here();
  ck_assert(repository_is_shallow(repository));
  assert_history("HEAD", NULL, TRUE, "merge 5 4 3");
  assert_unknown("HEAD~5", REPOSITORY_ERROR_SHALLOW,
                 "no revision 'HEAD~5' in this shallow clone ('git fetch --unshallow', or "
                 "'fetch-depth: 0' in CI, brings the rest)");
  g_autoptr(Commit) one = commit_at(repository, "HEAD~1");
  g_autoptr(Commit) other = commit_at(repository, "origin/side");
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_merge_base(repository, one, other, &error));
  assert_said(&error, REPOSITORY_ERROR_SHALLOW, "behind the end of this shallow clone");
  /* A work tree of it is as shallow. */
  run("git worktree add -q ../tree --detach");
  ck_assert_int_eq(chdir("../tree"), 0);
  assert_history("HEAD", NULL, TRUE, "merge 5 4 3");
}
END_TEST

/* --- damage --------------------------------------------------------------------- */

static void lose(const gchar *revision) {
  g_autofree gchar *path = shell("git rev-parse %s | sed 's,^..,.git/objects/&/,'", revision);
  run("rm -f %s", path);
}

START_TEST(a_missing_commit_is_named) {
  begin("bank");
  commit_as("Ada", "first");
  g_autofree gchar *first = g_strdup(commit_as("Ada", "second"));
  commit_as("Ada", "third");
  lose("HEAD~1");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = repository_head(repository, NULL);
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(repository_history(repository, head, NULL, NULL, &error));
  ck_assert_ptr_nonnull(strstr(error->message, first));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "is missing ('git fsck' says more)");
  lose("HEAD");
  assert_unknown("main", REPOSITORY_ERROR_OBJECT, "the commit of 'main' cannot be read");
  assert_unknown("HEAD", REPOSITORY_ERROR_OBJECT, "the commit of 'HEAD' cannot be read");
}
END_TEST

START_TEST(a_damaged_object_is_named) {
  begin("bank");
  put("docs/a.md", "a\n");
  put("b.md", "b\n");
  commit_as("Ada", "first");
  g_autofree gchar *blob = shell("git rev-parse HEAD:docs/a.md");
  g_autofree gchar *path = g_strdup_printf(".git/objects/%.2s/%s", blob, blob + 2);
  run("chmod u+w %s; echo nonsense > %s", path, path);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = repository_head(repository, NULL);
  g_autoptr(Files) files = repository_files(repository, head, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size;
  ck_assert_int_eq(files_kind(files, "docs/a.md"), FILE_REGULAR);
  ck_assert(!files_read(files, "docs/a.md", 100, &text, &size, &error));
  ck_assert_ptr_nonnull(strstr(error->message, blob));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "docs/a.md in commit ");
  lose("HEAD:docs");
  g_autoptr(Files) again = repository_files(repository, head, NULL);
  g_autoptr(Repository) fresh = repository_here();
  g_autoptr(Files) damaged = repository_files(fresh, head, NULL);
  ck_assert_int_eq(files_kind(damaged, "docs"), FILE_UNKNOWN);
  ck_assert_int_eq(files_kind(damaged, "docs/a.md"), FILE_UNKNOWN);
  ck_assert_ptr_null(files_list(damaged, "docs", &error));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "docs in commit ");
  ck_assert(!files_read(damaged, "docs/a.md", 100, &text, &size, &error));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "is missing");
  ck_assert(files_read(damaged, "b.md", 100, &text, &size, NULL));
  ck_assert_str_eq(text, "b\n");
}
END_TEST

START_TEST(a_partial_clone_says_that_it_is_one) {
  begin("bank");
  put("a.md", "a\n");
  commit_as("Ada", "first");
  run("git config uploadpack.allowFilter true;"
      "git clone -q --no-checkout --filter=blob:none file://\"$PWD\" ../clone");
  ck_assert_int_eq(chdir("../clone"), 0);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = repository_head(repository, NULL);
  g_autoptr(Files) files = repository_files(repository, head, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size;
  ck_assert(!files_read(files, "a.md", 100, &text, &size, &error));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "this is a partial clone without git's object");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("repository");
  TCase *tests = tcase_create("repository");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, git_world_setup, git_world_teardown);
  tcase_add_test(tests, a_work_tree_is_found_from_any_path_in_it);
  tcase_add_test(tests, outside_of_one_it_says_so);
  tcase_add_test(tests, a_bare_one_has_its_top_at_the_current_folder);
  tcase_add_test(tests, a_further_work_tree_is_one_of_its_own);
  tcase_add_test(tests, a_submodule_is_one_of_its_own);
  tcase_add_test(tests, variables_of_git_are_heeded);
  tcase_add_test(tests, a_search_stops_where_git_is_told_to_stop);
  tcase_add_test(tests, somebody_elses_is_read_when_git_is_told_to);
  tcase_add_test(tests, received_objects_are_seen_by_the_hook);
  tcase_add_test(tests, revisions_are_what_git_takes_them_for);
  tcase_add_test(tests, what_is_no_commit_is_said);
  tcase_add_test(tests, an_unborn_branch_has_no_commit);
  tcase_add_test(tests, a_branch_of_the_remote_is_proposed);
  tcase_add_test(tests, an_abbreviation_must_be_unambiguous);
  tcase_add_test(tests, ranges_are_taken_apart);
  tcase_add_test(tests, a_history_has_children_before_parents);
  tcase_add_test(tests, children_come_first_whatever_their_clocks_say);
  tcase_add_test(tests, a_merge_base_is_the_best_one);
  tcase_add_test(tests, a_shallow_clone_says_that_it_is_one);
  tcase_add_test(tests, a_missing_commit_is_named);
  tcase_add_test(tests, a_damaged_object_is_named);
  tcase_add_test(tests, a_partial_clone_says_that_it_is_one);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
