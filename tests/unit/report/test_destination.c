/* Files that are replaced whole, or not at all. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/destination.h"

static gchar *folder;
static gchar *path;

static void set_up(void) {
  folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  path = g_build_filename(folder, "report.json", NULL);
}

/* Fails where anything but report.json is left. */
static void tear_down(void) {
  g_unlink(path);
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_free(path);
  g_free(folder);
}

static void expect_content(const gchar *expected) {
  g_autofree gchar *content = NULL;
  ck_assert(g_file_get_contents(path, &content, NULL, NULL));
  ck_assert_str_eq(content, expected);
}

START_TEST(a_file_is_there_when_it_is_whole) {
  g_autoptr(Destination) destination = destination_open(path, NULL);
  destination_print(destination, "%s", "new");
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
  ck_assert(destination_commit(destination, NULL));
  expect_content("new");
}
END_TEST

START_TEST(without_a_commit_the_old_one_stays) {
  ck_assert(g_file_set_contents(path, "old", -1, NULL));
  Destination *destination = destination_open(path, NULL);
  destination_print(destination, "%s", "new");
  destination_free(destination);
  expect_content("old");
}
END_TEST

START_TEST(permissions_of_the_old_one_stay) {
  struct stat status;
  ck_assert(g_file_set_contents(path, "old", -1, NULL));
  chmod(path, 0640);
  g_autoptr(Destination) destination = destination_open(path, NULL);
  ck_assert(destination_commit(destination, NULL));
  ck_assert_int_eq(stat(path, &status), 0);
  ck_assert_uint_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_symbolic_link_stays_one) {
  g_autofree gchar *link = g_build_filename(folder, "link", NULL);
  ck_assert(g_file_set_contents(path, "old", -1, NULL));
  ck_assert_int_eq(symlink("report.json", link), 0);
  g_autoptr(Destination) destination = destination_open(link, NULL);
  destination_print(destination, "%s", "new");
  ck_assert(destination_commit(destination, NULL));
  ck_assert(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  expect_content("new");
  g_unlink(link);
}
END_TEST

START_TEST(a_device_is_not_replaced) {
  struct stat status;
  g_autoptr(Destination) destination = destination_open("/dev/null", NULL);
  destination_print(destination, "%s", "new");
  ck_assert(destination_commit(destination, NULL));
  ck_assert_int_eq(stat("/dev/null", &status), 0);
  ck_assert(S_ISCHR(status.st_mode));
}
END_TEST

START_TEST(a_full_device_is_an_error) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Destination) destination = destination_open("/dev/full", NULL);
  destination_print(destination, "%s", "new");
  ck_assert(!destination_commit(destination, &error));
  ck_assert_ptr_nonnull(strstr(error->message, "/dev/full"));
}
END_TEST

START_TEST(a_path_that_cannot_be_is_found_at_once) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(destination_open(folder, &error));
  ck_assert_ptr_nonnull(strstr(error->message, folder));
  g_clear_error(&error);
  g_autofree gchar *missing = g_build_filename(folder, "missing", "report.json", NULL);
  ck_assert_ptr_null(destination_open(missing, &error));
  ck_assert_ptr_nonnull(strstr(error->message, missing));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("destination");
  TCase *tests = tcase_create("destination");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_file_is_there_when_it_is_whole);
  tcase_add_test(tests, without_a_commit_the_old_one_stays);
  tcase_add_test(tests, permissions_of_the_old_one_stay);
  tcase_add_test(tests, a_symbolic_link_stays_one);
  tcase_add_test(tests, a_device_is_not_replaced);
  tcase_add_test(tests, a_full_device_is_an_error);
  tcase_add_test(tests, a_path_that_cannot_be_is_found_at_once);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
