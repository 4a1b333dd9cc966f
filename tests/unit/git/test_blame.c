/* Who last wrote a line, through everything that histories do to it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git/blame.h"
#include "git_world.h"

#define LESSON                                                                                     \
  "# Lists\n\n"                                                                                    \
  "```python\n"                                                                                    \
  "numbers = [1, 2]\n"                                                                             \
  "for number in numbers:\n"                                                                       \
  "    print(number)  # 1\n"                                                                       \
  "print(len(numbers))  # Output: 2\n"                                                             \
  "```\n"

/* Asserts who wrote each line: "Ada:first Ada:first -:", where -: is not committed. */
static void assert_blame(const Files *files, const Commit *commit, Repository *repository,
                         const gchar *path, guint first, guint last, const gchar *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint line = first; line <= last; line++)
    g_array_append_val(lines, line);
  g_autoptr(GPtrArray) origins = blame_lines(repository, files, commit, path, lines, &error);
  ck_assert_msg(origins != NULL, "%s", origins == NULL ? error->message : "");
  ck_assert_uint_eq(origins->len, lines->len);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < origins->len; i++) {
    const Origin *origin = g_ptr_array_index(origins, i);
    if (i > 0)
      g_string_append_c(text, ' ');
    if (origin->commit == NULL)
      g_string_append_c(text, '-');
    else
      g_string_append_printf(text, "%s:%s@%s:%u%s", origin->commit->author, origin->commit->summary,
                             origin->path, origin->line, origin->is_edge ? "!" : "");
  }
  ck_assert_str_eq(text->str, expected);
}

/* Of the files on the disk. */
static void assert_written(const gchar *path, guint first, guint last, const gchar *expected) {
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = commit_at(repository, "HEAD");
  assert_blame(files_disk(), head, repository, path, first, last, expected);
}

/* Replaces a text that stands in a file. */
static void edit(const gchar *path, const gchar *from, const gchar *to) {
  g_autofree gchar *text = NULL;
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  ck_assert_msg(strstr(text, from) != NULL, "'%s' is not in %s", from, path);
  g_autoptr(GString) edited = g_string_new(text);
  g_string_replace(edited, from, to, 1);
  put(path, edited->str);
}

static void make_lesson(void) {
  begin("bank");
  put("a.md", LESSON);
  commit_as("Ada", "first");
}

START_TEST(a_line_is_whose_commit_put_it_there) {
  make_lesson();
  edit("a.md", "Output: 2", "Output: 3");
  commit_as("Grace", "claim");
  edit("a.md", "# Lists\n", "# Lists\n\nProse, and\nmore of it.\n");
  commit_as("Edsger", "prose");
  assert_written("a.md", 9, 10, "Ada:first@a.md:6 Grace:claim@a.md:7");
  assert_written("a.md", 3, 3, "Edsger:prose@a.md:3");
}
END_TEST

START_TEST(what_is_not_committed_is_nobodys) {
  make_lesson();
  edit("a.md", "# Lists\n", "# Lists\n\nMore.\n");
  edit("a.md", "Output: 2", "Output: 4");
  assert_written("a.md", 8, 9, "Ada:first@a.md:6 -");
  put("new.md", "something\n");
  assert_written("new.md", 1, 1, "-");
  /* Moved on the disk alone: it was hers before. */
  put("a.md", "# Nothing left\n");
  put("b.md", LESSON);
  assert_written("b.md", 6, 7, "Ada:first@a.md:6 Ada:first@a.md:7");
}
END_TEST

START_TEST(a_revision_and_the_index_have_lines_of_their_own) {
  make_lesson();
  edit("a.md", "Output: 2", "Output: 3");
  commit_as("Grace", "claim");
  edit("a.md", "print(number)", "print(-number)");
  run("git add a.md");
  put("a.md", "");
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = commit_at(repository, "HEAD");
  g_autoptr(Commit) first = commit_at(repository, "HEAD~1");
  g_autoptr(Files) staged = repository_staged(repository, NULL);
  g_autoptr(Files) old = repository_files(repository, first, NULL);
  assert_blame(staged, head, repository, "a.md", 6, 7, "- Grace:claim@a.md:7");
  assert_blame(old, first, repository, "a.md", 7, 7, "Ada:first@a.md:7");
}
END_TEST

START_TEST(a_renamed_file_keeps_its_lines) {
  make_lesson();
  run("mkdir lists; git mv a.md lists/b.md");
  edit("lists/b.md", "Output: 2", "Output: 5");
  commit_as("Grace", "renamed");
  assert_written("lists/b.md", 6, 7, "Ada:first@a.md:6 Grace:renamed@lists/b.md:7");
}
END_TEST

START_TEST(a_moved_passage_keeps_its_lines) {
  make_lesson();
  put("b.md", "# Other\n\nSome prose of it.\n\nAnd its end.\n");
  commit_as("Ada", "second");
  put("a.md", "# Lists\n\nNothing is left of it here.\n");
  put("b.md", "# Other\n\nSome prose of it.\n\n"
              "```python\n"
              "numbers = [1, 2]\n"
              "for number in numbers:\n"
              "    print(number)  # 1\n"
              "print(len(numbers))  # Output: 7\n"
              "```\n\n"
              "And its end.\n");
  commit_as("Grace", "moved");
  assert_written("b.md", 5, 9,
                 "Ada:first@a.md:3 Ada:first@a.md:4 Ada:first@a.md:5 Ada:first@a.md:6 "
                 "Grace:moved@b.md:9");
}
END_TEST

START_TEST(a_passage_is_followed_within_its_file) {
  begin("bank");
  put("a.md", "# One\n\n"
              "```python\nfirst = [1, 2, 3]\nprint(first)  # [1, 2, 3]\n```\n\n# Two\n\n"
              "```python\nsecond = {4: 5}\nprint(second)  # {4: 5}\n```\n");
  commit_as("Ada", "first");
  put("a.md", "# Two\n\n"
              "```python\nsecond = {4: 5}\nprint(second)  # {4: 5}\n```\n\n# One\n\n"
              "```python\nfirst = [1, 2, 3]\nprint(first)  # [1, 2, 3]\n```\n");
  commit_as("Grace", "swapped");
  assert_written("a.md", 4, 5, "Ada:first@a.md:11 Ada:first@a.md:12");
  assert_written("a.md", 11, 12, "Ada:first@a.md:4 Ada:first@a.md:5");
}
END_TEST

START_TEST(a_copy_is_its_own) {
  make_lesson();
  put("b.md", LESSON);
  commit_as("Grace", "copied");
  assert_written("b.md", 6, 6, "Grace:copied@b.md:6");
  assert_written("a.md", 6, 6, "Ada:first@a.md:6");
}
END_TEST

START_TEST(a_short_line_is_not_taken_for_a_moved_one) {
  begin("bank");
  put("a.md", "x = 1\n\n\n\none\ntwo\nthree\n");
  put("b.md", "b\n");
  commit_as("Ada", "first");
  put("a.md", "one\ntwo\nthree\n");
  put("b.md", "b\nx = 1\n");
  commit_as("Grace", "again");
  assert_written("b.md", 2, 2, "Grace:again@b.md:2");
}
END_TEST

START_TEST(an_indented_block_is_the_same) {
  make_lesson();
  put("a.md", "# Lists\n\n1. In a list:\n\n"
              "   ```python\n"
              "   numbers = [1, 2]\n"
              "   for number in numbers:\n"
              "       print(number)  # 1\n"
              "   print(len(numbers))  # Output: 2\n"
              "   ```\n");
  commit_as("Grace", "indented");
  assert_written("a.md", 8, 9, "Ada:first@a.md:6 Ada:first@a.md:7");
  /* A statement that is taken out of its loop is another one. */
  edit("a.md", "       print(number)", "   print(number)");
  commit_as("Edsger", "out of the loop");
  assert_written("a.md", 8, 9, "Edsger:out of the loop@a.md:8 Ada:first@a.md:7");
}
END_TEST

START_TEST(a_block_indented_by_blanks_alone_is_the_same) {
  begin("bank");
  put("a.md", "Text.\n\n    first = 1\n    for x in y:\n        print(x)\n\nMore.\n");
  commit_as("Ada", "first");
  put("a.md", "- Text.\n\n      first = 1\n      for x in y:\n          print(x)\n\nMore.\n");
  commit_as("Grace", "indented");
  assert_written("a.md", 3, 5, "Ada:first@a.md:3 Ada:first@a.md:4 Ada:first@a.md:5");
  edit("a.md", "          print(x)", "      print(x)");
  commit_as("Edsger", "out");
  assert_written("a.md", 4, 5, "Ada:first@a.md:4 Edsger:out@a.md:5");
}
END_TEST

START_TEST(in_python_indentation_counts) {
  begin("bank");
  put("f.py", "def setup():\n    for x in y:\n        z(x)\n");
  commit_as("Ada", "first");
  put("f.py", "def setup():\n    for x in y:\n    z(x)\n");
  commit_as("Grace", "out");
  assert_written("f.py", 2, 3, "Ada:first@f.py:2 Grace:out@f.py:3");
}
END_TEST

START_TEST(ends_of_lines_do_not_matter) {
  make_lesson();
  run("sed -i 's/$/\\r/' a.md");
  commit_as("Grace", "for another system");
  assert_written("a.md", 6, 6, "Ada:first@a.md:6");
}
END_TEST

START_TEST(a_merge_gives_each_line_to_whom_it_had_it_from) {
  make_lesson();
  run("git checkout -q -b side");
  edit("a.md", "Output: 2", "Output: 8");
  commit_as("Grace", "on the side");
  run("git checkout -q main");
  edit("a.md", "# Lists", "# All lists");
  commit_as("Edsger", "on main");
  run("git -c user.name=Merger -c user.email=m@m merge -q --no-commit side");
  edit("a.md", "numbers = [1, 2]", "numbers = [1, 2, 3]");
  commit_as("Merger", "merge");
  assert_written("a.md", 1, 1, "Edsger:on main@a.md:1");
  assert_written("a.md", 4, 7,
                 "Merger:merge@a.md:4 Ada:first@a.md:5 Ada:first@a.md:6 "
                 "Grace:on the side@a.md:7");
}
END_TEST

START_TEST(a_rename_on_a_branch_is_merged) {
  make_lesson();
  run("git checkout -q -b side; git mv a.md b.md");
  commit_as("Grace", "renamed");
  run("git checkout -q main");
  edit("a.md", "Output: 2", "Output: 8");
  commit_as("Edsger", "edited");
  run("GIT_COMMITTER_DATE='1765000000 +0000' git -c user.name=M -c user.email=m@m"
      " merge -q side -m merge");
  assert_written("b.md", 6, 7, "Ada:first@a.md:6 Edsger:edited@a.md:7");
}
END_TEST

START_TEST(what_comes_back_is_whose_commit_brought_it_back) {
  make_lesson();
  put("a.md", "# Lists\n");
  commit_as("Grace", "removed");
  put("a.md", LESSON);
  commit_as("Edsger", "back");
  assert_written("a.md", 1, 1, "Ada:first@a.md:1");
  assert_written("a.md", 6, 6, "Edsger:back@a.md:6");
}
END_TEST

START_TEST(a_shallow_clone_does_not_know_more) {
  make_lesson();
  edit("a.md", "Output: 2", "Output: 3");
  commit_as("Grace", "claim");
  edit("a.md", "# Lists", "# All");
  commit_as("Edsger", "title");
  run("git clone -q --depth 2 file://\"$PWD\" ../clone");
  ck_assert_int_eq(chdir("../clone"), 0);
  assert_written("a.md", 1, 1, "Edsger:title@a.md:1");
  assert_written("a.md", 6, 6, "Grace:claim@a.md:6!");
}
END_TEST

START_TEST(a_mailmap_says_who_somebody_is) {
  make_lesson();
  put(".mailmap", "Ada Lovelace <ada@example.org> <Ada@example.org>\n");
  assert_written("a.md", 6, 6, "Ada Lovelace:first@a.md:6");
}
END_TEST

START_TEST(a_document_that_is_a_link_is_what_it_leads_to) {
  make_lesson();
  run("mkdir docs; ln -s ../a.md docs/link.md");
  commit_as("Grace", "linked");
  assert_written("docs/link.md", 6, 6, "Ada:first@a.md:6");
}
END_TEST

START_TEST(what_cannot_be_told_is_an_error) {
  make_lesson();
  g_autofree gchar *blob = shell("git rev-parse HEAD:a.md");
  edit("a.md", "Output: 2", "Output: 3");
  commit_as("Grace", "claim");
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
  g_array_append_val(lines, (guint){6});
  g_autoptr(GError) error = NULL;
  run("rm -f .git/objects/%.2s/%s", blob, blob + 2);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = commit_at(repository, "HEAD");
  ck_assert_ptr_null(blame_lines(repository, files_disk(), head, "a.md", lines, &error));
  ck_assert_ptr_nonnull(strstr(error->message, blob));
  assert_said(&error, REPOSITORY_ERROR_OBJECT, "is missing");
  g_array_index(lines, guint, 0) = 99;
  ck_assert_ptr_null(blame_lines(repository, files_disk(), head, "a.md", lines, &error));
  assert_said(&error, FILES_ERROR_MISSING, "a.md:99: there are only 8 lines");
  ck_assert_ptr_null(blame_lines(repository, files_disk(), head, "no.md", lines, &error));
  assert_said(&error, FILES_ERROR_MISSING, "no.md: no such file or folder");
}
END_TEST

/* Each line of what git's own blame says, where it can say it: all are edits of one file. */
START_TEST(it_agrees_with_git_on_edits) {
  begin("bank");
  g_autoptr(GRand) random = g_rand_new_with_seed(5);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < 60; i++)
    g_ptr_array_add(texts, g_strdup_printf("line %u of the first", i));
  for (guint step = 0; step < 30; step++) {
    for (guint i = 0; i < 4; i++) {
      guint line = (guint)g_rand_int_range(random, 0, (gint32)texts->len);
      if (i == 3)
        g_ptr_array_remove_index(texts, line);
      else
        g_ptr_array_insert(texts, (gint)line, g_strdup_printf("%u unlike %u", step * 7 + i, line));
    }
    g_autoptr(GString) whole = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++)
      g_string_append_printf(whole, "%s\n", (gchar *)g_ptr_array_index(texts, i));
    put("a.md", whole->str);
    g_autofree gchar *name = g_strdup_printf("step %u", step);
    commit_as("Ada", name);
  }
  g_autofree gchar *expected = shell("git blame --line-porcelain a.md | sed -n 's/^summary //p'");
  g_auto(GStrv) summaries = g_strsplit(expected, "\n", -1);
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint line = 1; line <= texts->len; line++)
    g_array_append_val(lines, line);
  g_autoptr(Repository) repository = repository_here();
  g_autoptr(Commit) head = commit_at(repository, "HEAD");
  g_autoptr(GPtrArray) origins = blame_lines(repository, files_disk(), head, "a.md", lines, NULL);
  ck_assert_uint_eq(g_strv_length(summaries), origins->len);
  for (guint i = 0; i < origins->len; i++) {
    const Origin *origin = g_ptr_array_index(origins, i);
    ck_assert_str_eq(origin->commit->summary, summaries[i]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("blame");
  TCase *tests = tcase_create("blame");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, git_world_setup, git_world_teardown);
  tcase_add_test(tests, a_line_is_whose_commit_put_it_there);
  tcase_add_test(tests, what_is_not_committed_is_nobodys);
  tcase_add_test(tests, a_revision_and_the_index_have_lines_of_their_own);
  tcase_add_test(tests, a_renamed_file_keeps_its_lines);
  tcase_add_test(tests, a_moved_passage_keeps_its_lines);
  tcase_add_test(tests, a_passage_is_followed_within_its_file);
  tcase_add_test(tests, a_copy_is_its_own);
  tcase_add_test(tests, a_short_line_is_not_taken_for_a_moved_one);
  tcase_add_test(tests, an_indented_block_is_the_same);
  tcase_add_test(tests, a_block_indented_by_blanks_alone_is_the_same);
  tcase_add_test(tests, in_python_indentation_counts);
  tcase_add_test(tests, ends_of_lines_do_not_matter);
  tcase_add_test(tests, a_merge_gives_each_line_to_whom_it_had_it_from);
  tcase_add_test(tests, a_rename_on_a_branch_is_merged);
  tcase_add_test(tests, what_comes_back_is_whose_commit_brought_it_back);
  tcase_add_test(tests, a_shallow_clone_does_not_know_more);
  tcase_add_test(tests, a_mailmap_says_who_somebody_is);
  tcase_add_test(tests, a_document_that_is_a_link_is_what_it_leads_to);
  tcase_add_test(tests, what_cannot_be_told_is_an_error);
  tcase_add_test(tests, it_agrees_with_git_on_edits);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
