/* Files rewritten, by writers that are killed or fail at each of their system calls. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/rewrite.h"

/* --- faults: the linker sends these calls through here -------------------------- */

typedef enum { FAULT_NONE, FAULT_KILL_BEFORE, FAULT_KILL_AFTER, FAULT_ERROR } Fault;

static Fault fault;
static guint fault_at; /* which call it strikes, from 1 */
static guint calls;

/* TRUE where the call is to fail. */
static gboolean strikes_before(void) {
  calls++;
  if (fault == FAULT_KILL_BEFORE && calls == fault_at)
    raise(SIGKILL);
  return fault == FAULT_ERROR && calls == fault_at;
}

static void strike_after(void) {
  if (fault == FAULT_KILL_AFTER && calls == fault_at)
    raise(SIGKILL);
}

#define WRAPPED(name, parameters, arguments)                                                       \
  int __real_##name parameters;                                                                    \
  int __wrap_##name parameters;                                                                    \
  int __wrap_##name parameters {                                                                   \
    if (strikes_before()) {                                                                        \
      errno = EIO;                                                                                 \
      return -1;                                                                                   \
    }                                                                                              \
    int result = __real_##name arguments;                                                          \
    int code = errno;                                                                              \
    strike_after();                                                                                \
    errno = code;                                                                                  \
    return result;                                                                                 \
  }

WRAPPED(open, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAPPED(fchmod, (int descriptor, mode_t mode), (descriptor, mode))
WRAPPED(fsync, (int descriptor), (descriptor))
WRAPPED(rename, (const char *from, const char *to), (from, to))
WRAPPED(renameat2, (int old, const char *from, int new, const char *to, unsigned flags),
        (old, from, new, to, flags))
WRAPPED(unlink, (const char *path), (path))
WRAPPED(flock, (int descriptor, int operation), (descriptor, operation))
WRAPPED(mkdir, (const char *path, mode_t mode), (path, mode))
WRAPPED(rmdir, (const char *path), (path))

/* Writes come in pieces, so that a text can be half written. */
ssize_t __real_write(int descriptor, const void *bytes, size_t size);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t size);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t size) {
  if (strikes_before()) {
    errno = ENOSPC;
    return -1;
  }
  ssize_t written = __real_write(descriptor, bytes, MIN(size, 5));
  strike_after();
  return written;
}

/* --- a folder for each test ------------------------------------------------------- */

static gchar *folder;
static gchar *path;
static gchar *leftover;

static void set_up(void) {
  g_unsetenv("CI");
  fault = FAULT_NONE;
  folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  path = g_build_filename(folder, "notes.md", NULL);
  leftover = g_build_filename(folder, ".notes.md.proctor~", NULL);
  ck_assert(g_file_set_contents(path, "old text", -1, NULL));
}

/* Fails where anything but notes.md is left. */
static void tear_down(void) {
  g_unlink(path);
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_free(leftover);
  g_free(path);
  g_free(folder);
}

static void expect_content(const gchar *of, const gchar *expected) {
  g_autofree gchar *content = NULL;
  ck_assert(g_file_get_contents(of, &content, NULL, NULL));
  ck_assert_str_eq(content, expected);
}

static gboolean put(Rewrite *rewrite, const gchar *text, GError **error) {
  return rewrite_put(rewrite, text, strlen(text), error);
}

static struct stat status_of(const gchar *of) {
  struct stat status;
  ck_assert_int_eq(stat(of, &status), 0);
  return status;
}

static void expect_refused(Rewrite *rewrite, RewriteError code) {
  g_autoptr(GError) error = NULL;
  ck_assert(!put(rewrite, "new text", &error));
  ck_assert_msg(g_error_matches(error, REWRITE_ERROR, (gint)code), "%s", error->message);
  ck_assert_ptr_nonnull(strstr(error->message, "notes.md"));
}

/* --- what it does ------------------------------------------------------------------ */

START_TEST(a_text_takes_the_place_of_another) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  gsize size;
  ck_assert_str_eq(rewrite_text(rewrite, &size), "old text");
  ck_assert_uint_eq(size, 8);
  ck_assert(put(rewrite, "new", NULL));
  expect_content(path, "new");
  ck_assert_str_eq(rewrite_text(rewrite, &size), "new");
  ck_assert(put(rewrite, "newer", NULL));
  expect_content(path, "newer");
}
END_TEST

START_TEST(bytes_of_any_kind_are_kept) {
  static const gchar bytes[] = "\xef\xbb\xbf"
                               "a\r\nb\0c\xff";
  ck_assert(g_file_set_contents(path, bytes, sizeof bytes - 1, NULL));
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  gsize size;
  ck_assert_mem_eq(rewrite_text(rewrite, &size), bytes, sizeof bytes - 1);
  ck_assert_uint_eq(size, sizeof bytes - 1);
  ck_assert(rewrite_put(rewrite, bytes + 3, sizeof bytes - 4, NULL));
  g_autofree gchar *content = NULL;
  ck_assert(g_file_get_contents(path, &content, &size, NULL));
  ck_assert_uint_eq(size, sizeof bytes - 4);
  ck_assert_mem_eq(content, bytes + 3, size);
}
END_TEST

START_TEST(the_same_bytes_write_nothing) {
  struct stat before = status_of(path);
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  chmod(path, 0444); /* even where nothing could be written */
  ck_assert(put(rewrite, "old text", NULL));
  struct stat after = status_of(path);
  ck_assert_uint_eq(before.st_ino, after.st_ino);
  ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}
END_TEST

START_TEST(mode_and_owner_stay) {
  chmod(path, 02755);
  struct stat before = status_of(path);
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  ck_assert(put(rewrite, "new", NULL));
  struct stat after = status_of(path);
  ck_assert_uint_eq(after.st_mode, before.st_mode);
  ck_assert_uint_eq(after.st_uid, before.st_uid);
  ck_assert_uint_eq(after.st_gid, before.st_gid);
}
END_TEST

START_TEST(a_symbolic_link_stays_one) {
  g_autofree gchar *link = g_build_filename(folder, "link.md", NULL);
  ck_assert_int_eq(symlink("notes.md", link), 0);
  g_autoptr(Rewrite) rewrite = rewrite_open(link, NULL);
  ck_assert(put(rewrite, "new", NULL));
  ck_assert(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  ck_assert(!g_file_test(path, G_FILE_TEST_IS_SYMLINK));
  expect_content(path, "new");
  g_unlink(link);
}
END_TEST

START_TEST(names_of_one_file_are_not_parted) {
  g_autofree gchar *other = g_build_filename(folder, "other.md", NULL);
  ck_assert_int_eq(link(path, other), 0);
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  expect_refused(rewrite, REWRITE_ERROR_LINKED);
  expect_content(path, "old text");
  ck_assert_uint_eq(status_of(path).st_ino, status_of(other).st_ino);
  g_unlink(other);
  ck_assert(put(rewrite, "new", NULL));
}
END_TEST

START_TEST(a_long_name_is_no_hindrance) {
  g_autofree gchar *name = g_strnfill(255, 'n');
  g_autofree gchar *longest = g_build_filename(folder, name, NULL);
  g_autoptr(Rewrite) rewrite = rewrite_open_new(longest, NULL);
  ck_assert(put(rewrite, "new", NULL));
  expect_content(longest, "new");
  g_unlink(longest);
}
END_TEST

/* --- what it refuses ----------------------------------------------------------------- */

START_TEST(what_others_wrote_is_not_written_over) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  ck_assert(g_file_set_contents(path, "other text", -1, NULL));
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
  expect_content(path, "other text");
}
END_TEST

START_TEST(a_change_that_keeps_size_and_time_is_seen) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  struct stat before = status_of(path);
  const struct timespec times[] = {before.st_atim, before.st_mtim};
  FILE *file = fopen(path, "r+");
  fputs("OLD", file);
  fclose(file);
  ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
  expect_content(path, "OLD text");
}
END_TEST

START_TEST(a_file_that_was_replaced_by_its_like_is_another) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  ck_assert(g_file_set_contents(path, "old text", -1, NULL)); /* renames over it */
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
}
END_TEST

START_TEST(a_file_that_is_gone_is_not_made_again) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  g_unlink(path);
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(read_only_is_respected) {
  chmod(path, 0444); /* also where root runs this */
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  expect_refused(rewrite, REWRITE_ERROR_READ_ONLY);
  g_autoptr(GError) error = NULL;
  ck_assert(!rewrite_remove(rewrite, folder, &error));
  ck_assert(g_error_matches(error, REWRITE_ERROR, REWRITE_ERROR_READ_ONLY));
  expect_content(path, "old text");
}
END_TEST

START_TEST(nothing_is_written_under_ci) {
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  g_setenv("CI", "true", TRUE);
  ck_assert(rewrite_is_forbidden());
  expect_refused(rewrite, REWRITE_ERROR_CI);
  ck_assert(!rewrite_remove(rewrite, folder, NULL));
  g_unsetenv("CI");
  expect_content(path, "old text");
}
END_TEST

START_TEST(only_regular_files_are_opened) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(rewrite_open(folder, &error));
  ck_assert(g_error_matches(error, REWRITE_ERROR, REWRITE_ERROR_KIND));
  g_clear_error(&error);
  ck_assert_ptr_null(rewrite_open("/dev/null", &error));
  ck_assert(g_error_matches(error, REWRITE_ERROR, REWRITE_ERROR_KIND));
  g_clear_error(&error);
  g_unlink(path);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  ck_assert_ptr_null(rewrite_open(path, &error)); /* and nobody waits for its writer */
  ck_assert(g_error_matches(error, REWRITE_ERROR, REWRITE_ERROR_KIND));
  g_clear_error(&error);
  g_unlink(path);
  ck_assert_ptr_null(rewrite_open(path, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
}
END_TEST

START_TEST(two_writers_do_not_meet) {
  int other = open(leftover, O_WRONLY | O_CREAT | O_EXCL, 0600);
  ck_assert_int_eq(flock(other, LOCK_EX), 0);
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
  ck_assert(g_file_test(leftover, G_FILE_TEST_EXISTS));
  close(other);
  ck_assert(put(rewrite, "new", NULL));
  ck_assert(!g_file_test(leftover, G_FILE_TEST_EXISTS));
}
END_TEST

/* --- new files, and removal ------------------------------------------------------------ */

START_TEST(a_new_file_gets_its_folders) {
  g_autofree gchar *outer = g_build_filename(folder, "expected", NULL);
  g_autofree gchar *inner = g_build_filename(outer, "notes", NULL);
  g_autofree gchar *file = g_build_filename(inner, "1.txt", NULL);
  g_autoptr(Rewrite) rewrite = rewrite_open_new(file, NULL);
  ck_assert_str_eq(rewrite_text(rewrite, NULL), "");
  mode_t mask = umask(027);
  ck_assert(put(rewrite, "new", NULL));
  umask(mask);
  expect_content(file, "new");
  ck_assert_uint_eq(status_of(file).st_mode & 0777, 0640);
  ck_assert(put(rewrite, "newer", NULL));
  ck_assert(rewrite_remove(rewrite, folder, NULL));
  ck_assert(!g_file_test(outer, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(an_empty_new_file_is_a_file) {
  g_unlink(path);
  g_autoptr(Rewrite) rewrite = rewrite_open_new(path, NULL);
  ck_assert(put(rewrite, "", NULL));
  expect_content(path, "");
}
END_TEST

START_TEST(a_file_that_is_there_is_not_replaced_by_a_new_one) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(rewrite_open_new(path, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST));
  g_unlink(path);
  g_autoptr(Rewrite) rewrite = rewrite_open_new(path, NULL);
  ck_assert(g_file_set_contents(path, "other text", -1, NULL));
  expect_refused(rewrite, REWRITE_ERROR_CHANGED);
  expect_content(path, "other text");
}
END_TEST

START_TEST(folders_that_are_in_use_stay) {
  g_autofree gchar *inner = g_build_filename(folder, "inner", NULL);
  g_autofree gchar *one = g_build_filename(inner, "1.txt", NULL);
  g_autofree gchar *two = g_build_filename(inner, "2.txt", NULL);
  g_autoptr(Rewrite) first = rewrite_open_new(one, NULL);
  g_autoptr(Rewrite) second = rewrite_open_new(two, NULL);
  ck_assert(put(first, "1", NULL) && put(second, "2", NULL));
  ck_assert(rewrite_remove(first, folder, NULL));
  expect_content(two, "2");
  ck_assert(rewrite_remove(second, inner, NULL));
  ck_assert(g_file_test(inner, G_FILE_TEST_IS_DIR)); /* the stop itself stays */
  g_rmdir(inner);
}
END_TEST

START_TEST(what_changed_is_not_removed) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
  ck_assert(g_file_set_contents(path, "other text", -1, NULL));
  ck_assert(!rewrite_remove(rewrite, folder, &error));
  ck_assert(g_error_matches(error, REWRITE_ERROR, REWRITE_ERROR_CHANGED));
  expect_content(path, "other text");
}
END_TEST

/* --- killed, and failing ---------------------------------------------------------------- */

static gboolean is_old_or_new(const gchar *old) {
  g_autofree gchar *content = NULL;
  if (!g_file_get_contents(path, &content, NULL, NULL))
    return old == NULL;
  return g_strcmp0(content, old) == 0 || g_str_equal(content, "a new text of some length");
}

/* One writer in a process of its own, struck at its call `at`. FALSE where it came to
 * its end without having made so many. */
static gboolean strike_writer(Fault kind, guint at, gboolean is_new) {
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    fault = kind;
    fault_at = at;
    calls = 0;
    Rewrite *rewrite = is_new ? rewrite_open_new(path, NULL) : rewrite_open(path, NULL);
    _exit(rewrite != NULL && put(rewrite, "a new text of some length", NULL) ? 0 : 1);
  }
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void strike_everywhere(Fault kind, gboolean is_new) {
  const gchar *old = is_new ? NULL : "old text";
  guint at = 1;
  for (;; at++) {
    if (is_new)
      g_unlink(path);
    else
      ck_assert(g_file_set_contents(path, old, -1, NULL));
    if (!strike_writer(kind, at, is_new))
      break;
    ck_assert_msg(is_old_or_new(old), "struck at call %u", at);
    /* Whatever it left is no hindrance to the next, which clears it away. */
    gboolean is_there = g_file_test(path, G_FILE_TEST_EXISTS);
    g_autoptr(Rewrite) rewrite = is_there ? rewrite_open(path, NULL) : rewrite_open_new(path, NULL);
    g_autofree gchar *text = g_strdup_printf("after %u", at);
    ck_assert(put(rewrite, text, NULL));
    expect_content(path, text);
    ck_assert(!g_file_test(leftover, G_FILE_TEST_EXISTS));
  }
  ck_assert_uint_gt(at, 10); /* it did strike */
  expect_content(path, "a new text of some length");
}

START_TEST(a_killed_writer_leaves_the_old_text_or_the_new) {
  strike_everywhere(_i == 0 ? FAULT_KILL_BEFORE : FAULT_KILL_AFTER, FALSE);
}
END_TEST

START_TEST(a_killed_writer_of_a_new_file_leaves_none_or_all) {
  strike_everywhere(_i == 0 ? FAULT_KILL_BEFORE : FAULT_KILL_AFTER, TRUE);
}
END_TEST

START_TEST(a_failing_call_loses_nothing) {
  guint failures = 0;
  gboolean is_over = FALSE;
  for (guint at = 1; !is_over; at++) {
    fault = FAULT_NONE;
    ck_assert(g_file_set_contents(path, "old text", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(Rewrite) rewrite = rewrite_open(path, NULL);
    fault = FAULT_ERROR;
    fault_at = at;
    calls = 0;
    gboolean is_put = put(rewrite, "a new text of some length", &error);
    is_over = calls < at;
    fault = FAULT_NONE;
    ck_assert_msg(is_old_or_new("old text"), "call %u failed", at);
    ck_assert(is_put == (error == NULL));
    failures += !is_put;
    g_unlink(leftover); /* there only where unlink() itself failed */
  }
  ck_assert_uint_gt(failures, 8);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("rewrite");
  TCase *tests = tcase_create("rewrite");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a_text_takes_the_place_of_another);
  tcase_add_test(tests, bytes_of_any_kind_are_kept);
  tcase_add_test(tests, the_same_bytes_write_nothing);
  tcase_add_test(tests, mode_and_owner_stay);
  tcase_add_test(tests, a_symbolic_link_stays_one);
  tcase_add_test(tests, names_of_one_file_are_not_parted);
  tcase_add_test(tests, a_long_name_is_no_hindrance);
  tcase_add_test(tests, what_others_wrote_is_not_written_over);
  tcase_add_test(tests, a_change_that_keeps_size_and_time_is_seen);
  tcase_add_test(tests, a_file_that_was_replaced_by_its_like_is_another);
  tcase_add_test(tests, a_file_that_is_gone_is_not_made_again);
  tcase_add_test(tests, read_only_is_respected);
  tcase_add_test(tests, nothing_is_written_under_ci);
  tcase_add_test(tests, only_regular_files_are_opened);
  tcase_add_test(tests, two_writers_do_not_meet);
  tcase_add_test(tests, a_new_file_gets_its_folders);
  tcase_add_test(tests, an_empty_new_file_is_a_file);
  tcase_add_test(tests, a_file_that_is_there_is_not_replaced_by_a_new_one);
  tcase_add_test(tests, folders_that_are_in_use_stay);
  tcase_add_test(tests, what_changed_is_not_removed);
  tcase_add_loop_test(tests, a_killed_writer_leaves_the_old_text_or_the_new, 0, 2);
  tcase_add_loop_test(tests, a_killed_writer_of_a_new_file_leaves_none_or_all, 0, 2);
  tcase_add_test(tests, a_failing_call_loses_nothing);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
