/*
 * What /proc says about processes, and folders that they leave: canned text,
 * and real children of this test.
 */
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/process_tree.h"
#include "run/scratch.h"
#include "run/stuck.h"

/* --- canned text ------------------------------------------------------- */

#define STATUS(state, pending, caught)                                                             \
  "Name:\tpython3\nState:\t" state "\nSigPnd:\t" pending "\nShdPnd:\t0000000000000000\n"           \
  "SigCgt:\t" caught "\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n"
#define NONE "0000000000000000"
#define SLEEPS STATUS("S (sleeping)", NONE, "0000000000000002")
#define FUTEX(operation, timeout)                                                                  \
  G_STRINGIFY(SYS_NUMBER)                                                                          \
  " 0x7f0012345678 " operation " 0x0 " timeout " 0x0 0xffffffff 0x7ffd1 0x7f00\n"
#ifdef __x86_64__
#define SYS_NUMBER 202
#else
#define SYS_NUMBER 98
#endif

START_TEST(a_thread_in_an_endless_wait_waits) {
  guint64 switches = 0;
  ck_assert(stuck_thread_waits(SLEEPS, FUTEX("0x189", "0x0"), &switches));
  ck_assert_uint_eq(switches, 15);
  ck_assert(stuck_thread_waits(SLEEPS, FUTEX("0x80", "0x0"), &switches));
}
END_TEST

START_TEST(any_doubt_is_no_wait) {
  guint64 switches = 77;
  const gchar *endless = FUTEX("0x189", "0x0");
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x189", "0x7ffd1234"), &switches));
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x109", "0x0"), &switches)); /* shared */
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x81", "0x0"), &switches));  /* a wake */
  ck_assert(!stuck_thread_waits(SLEEPS, "running\n", &switches));
  ck_assert(!stuck_thread_waits(SLEEPS, "0 0x0 0x1 0x2 0x0 0x0 0x0 0x0 0x0\n", &switches));
  ck_assert(!stuck_thread_waits(SLEEPS, "", &switches));
  ck_assert(!stuck_thread_waits(STATUS("R (running)", NONE, NONE), endless, &switches));
  ck_assert(
      !stuck_thread_waits(STATUS("S (sleeping)", "0000000000004000", NONE), endless, &switches));
  /* It handles SIGALRM: a timer may be what it waits for. */
  ck_assert(
      !stuck_thread_waits(STATUS("S (sleeping)", NONE, "0000000000002000"), endless, &switches));
  ck_assert(!stuck_thread_waits("", endless, &switches));
  ck_assert(!stuck_thread_waits("State:\tS (sleeping)\n", endless, &switches));
  ck_assert_uint_eq(switches, 77);
}
END_TEST

START_TEST(a_stat_line_is_read_whatever_the_name) {
  pid_t parent = 0;
  guint64 ticks = 0;
  ck_assert(process_parse_stat("42 (a) b) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1",
                               &parent, &ticks));
  ck_assert_int_eq(parent, 7);
  ck_assert_uint_eq(ticks, 127);
  ck_assert(!process_parse_stat("42 (a) S 7", &parent, &ticks));
  ck_assert(!process_parse_stat("", &parent, &ticks));
}
END_TEST

/* --- real children ----------------------------------------------------- */

/* Starts a child that runs body and then waits for ever; it is on its way to
 * that when this returns. */
static pid_t start_child(void (*body)(void)) {
  int ready[2];
  ck_assert_int_eq(pipe(ready), 0);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    close(ready[0]);
    signal(SIGALRM, SIG_DFL); /* Check handles it, and so would we */
    ck_assert_int_eq(write(ready[1], "", 1), 1);
    body();
    for (;;)
      pause();
  }
  char byte;
  close(ready[1]);
  ck_assert_int_eq(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  return child;
}

static void end_child(pid_t child) {
  process_tree_kill(child);
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFSIGNALED(status));
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *take_lock(void *unused) {
  pthread_mutex_lock(&lock);
  return unused;
}

static void lock_twice(void) {
  pthread_t other;
  pthread_mutex_lock(&lock);
  pthread_create(&other, NULL, take_lock, NULL);
  pthread_mutex_lock(&lock);
}

static void wait_with_a_limit(void) {
  struct timespec end;
  pthread_mutex_lock(&lock);
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 1000;
  pthread_mutex_timedlock(&lock, &end);
}

static void spin(void) {
  for (volatile unsigned long i = 0;; i++)
    ;
}

static void have_a_family(void) {
  if (fork() == 0 && fork() == 0)
    setsid();
}

START_TEST(two_threads_that_wait_for_each_other_are_stuck) {
  pid_t child = start_child(lock_twice);
  gboolean is_stuck = FALSE;
  while (!is_stuck) { /* the suite's time limit ends this */
    g_autoptr(GArray) first = stuck_look(child);
    g_autoptr(GArray) second = stuck_look(child);
    is_stuck = stuck_looks_agree(first, second) && first->len == 2;
    sched_yield();
  }
  end_child(child);
}
END_TEST

START_TEST(who_waits_with_a_limit_or_works_is_not_stuck) {
  void (*bodies[])(void) = {wait_with_a_limit, spin, have_a_family};
  for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
    pid_t child = start_child(bodies[i]);
    for (guint k = 0; k < 200; k++)
      ck_assert_ptr_null(stuck_look(child));
    end_child(child);
  }
  ck_assert_ptr_null(stuck_look(0x7fffffff));
  ck_assert(!stuck_looks_agree(NULL, NULL));
}
END_TEST

START_TEST(a_tree_is_killed_to_the_last) {
  pid_t child = start_child(have_a_family);
  g_autoptr(GArray) tree = process_tree_list(child);
  while (tree->len < 2) { /* the suite's time limit ends this */
    g_array_unref(tree);
    tree = process_tree_list(child);
  }
  ck_assert_uint_eq(tree->len, 2);
  end_child(child);
  for (guint i = 0; i < tree->len; i++) {
    /* Whoever reaps them may take its time: gone, or a zombie of another. */
    g_autofree gchar *path = g_strdup_printf("/proc/%d/stat", (int)g_array_index(tree, pid_t, i));
    g_autofree gchar *stat = NULL;
    while (g_file_get_contents(path, &stat, NULL, NULL) && strstr(stat, ") Z") == NULL)
      g_clear_pointer(&stat, g_free);
  }
}
END_TEST

START_TEST(work_is_seen_as_ticks) {
  pid_t child = start_child(spin);
  while (process_cpu_ticks(child) == 0) /* the suite's time limit ends this */
    sched_yield();
  end_child(child);
  ck_assert_uint_eq(process_cpu_ticks(child), 0);
}
END_TEST

/* --- folders ----------------------------------------------------------- */

START_TEST(a_folder_goes_with_all_that_is_in_it) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_autofree gchar *outside = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_autofree gchar *kept = g_build_filename(outside, "kept", NULL);
  ck_assert(g_file_set_contents(kept, "x", 1, NULL));
  int top = open(folder, O_RDONLY | O_DIRECTORY);
  ck_assert_int_ge(top, 0);
  ck_assert_int_eq(symlinkat(outside, top, "link"), 0);
  ck_assert_int_eq(mkfifoat(top, "pipe", 0600), 0);
  ck_assert_int_eq(mkdirat(top, "closed", 0700), 0);
  ck_assert_int_eq(mkdirat(top, "closed/inner", 0700), 0);
  ck_assert_int_eq(symlinkat(outside, top, "closed/inner/link"), 0);
  ck_assert_int_eq(mkdirat(top, "lifted-0", 0700), 0);
  ck_assert_int_eq(mkdirat(top, "lifted-0/lifted-1", 0700), 0);
  fchmodat(top, "closed/inner", 0, 0);
  fchmodat(top, "closed", 0, 0);
  close(top);
  ck_assert(scratch_remove(folder));
  ck_assert(!g_file_test(folder, G_FILE_TEST_EXISTS));
  ck_assert(g_file_test(kept, G_FILE_TEST_EXISTS));
  ck_assert(scratch_remove(outside));
}
END_TEST

START_TEST(depth_costs_nothing) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  int at = open(folder, O_RDONLY | O_DIRECTORY);
  for (guint i = 0; i < 2000; i++) {
    ck_assert_int_eq(mkdirat(at, "d", 0700), 0);
    int next = openat(at, "d", O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(next, 0);
    close(at);
    at = next;
  }
  close(at);
  ck_assert(scratch_remove(folder));
  ck_assert(!g_file_test(folder, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(what_is_no_folder_is_not_touched) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_autofree gchar *link = g_build_filename(folder, "link", NULL);
  g_autofree gchar *target = g_build_filename(folder, "target", NULL);
  ck_assert_int_eq(mkdir(target, 0700), 0);
  ck_assert_int_eq(symlink(target, link), 0);
  ck_assert(!scratch_remove(link));
  ck_assert(g_file_test(target, G_FILE_TEST_IS_DIR));
  ck_assert(scratch_remove(folder));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("processes");
  TCase *canned = tcase_create("canned");
  tcase_add_test(canned, a_thread_in_an_endless_wait_waits);
  tcase_add_test(canned, any_doubt_is_no_wait);
  tcase_add_test(canned, a_stat_line_is_read_whatever_the_name);
  suite_add_tcase(suite, canned);
  TCase *real = tcase_create("real");
  tcase_set_timeout(real, 60);
  tcase_add_test(real, two_threads_that_wait_for_each_other_are_stuck);
  tcase_add_test(real, who_waits_with_a_limit_or_works_is_not_stuck);
  tcase_add_test(real, a_tree_is_killed_to_the_last);
  tcase_add_test(real, work_is_seen_as_ticks);
  suite_add_tcase(suite, real);
  TCase *folders = tcase_create("folders");
  tcase_set_timeout(folders, 60);
  tcase_add_test(folders, a_folder_goes_with_all_that_is_in_it);
  tcase_add_test(folders, depth_costs_nothing);
  tcase_add_test(folders, what_is_no_folder_is_not_touched);
  suite_add_tcase(suite, folders);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
