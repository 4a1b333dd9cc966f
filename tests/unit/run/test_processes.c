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
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/own_events.h"
#include "run/process_tree.h"
#include "run/scratch.h"
#include "run/stuck.h"

/* --- canned text ------------------------------------------------------- */

#define STATUS(state, pending, caught)                                                             \
  "Name:\tpython3\nState:\t" state "\nNSpid:\t4711\t12\nSigPnd:\t" pending                         \
  "\nShdPnd:\t0000000000000000\n"                                                                  \
  "SigCgt:\t" caught "\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n"
#define NONE "0000000000000000"
#define SLEEPS STATUS("S (sleeping)", NONE, "0000000000000002")
#define FUTEX(operation, timeout)                                                                  \
  G_STRINGIFY(SYS_NUMBER)                                                                          \
  " 0x7f0012345678 " operation " 0x0 " timeout " 0x0 0xffffffff 0x7ffd1 0x7f00\n"
#ifdef __x86_64__
#define SYS_NUMBER 202
#define EVENTS_NUMBER 281
#else
#define SYS_NUMBER 98
#define EVENTS_NUMBER 22
#endif

/* Of an event loop on descriptor 5. */
#define EVENTS(timeout)                                                                            \
  G_STRINGIFY(EVENTS_NUMBER) " 0x5 0x7f0012345678 0x40 " timeout " 0x0 0x8 0x7ffd1 0x7f00\n"

START_TEST(a_thread_in_an_endless_wait_waits) {
  StuckThread thread = {0};
  ck_assert(stuck_thread_waits(SLEEPS, FUTEX("0x189", "0x0"), &thread));
  ck_assert_uint_eq(thread.switches, 15);
  ck_assert_uint_eq(thread.kernel_id, 12);
  ck_assert_int_eq(thread.events, -1);
  ck_assert(stuck_thread_waits(SLEEPS, FUTEX("0x80", "0x0"), &thread));
  ck_assert(stuck_thread_waits(SLEEPS, EVENTS("0xffffffff"), &thread));
  ck_assert_int_eq(thread.events, 5);
  ck_assert(stuck_thread_waits(SLEEPS, EVENTS("0xffffffffffffffff"), &thread));
}
END_TEST

START_TEST(any_doubt_is_no_wait) {
  StuckThread thread = {.switches = 77};
  const gchar *endless = FUTEX("0x189", "0x0");
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x189", "0x7ffd1234"), &thread));
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x109", "0x0"), &thread)); /* shared */
  ck_assert(!stuck_thread_waits(SLEEPS, FUTEX("0x81", "0x0"), &thread));  /* a wake */
  ck_assert(!stuck_thread_waits(SLEEPS, EVENTS("0x0"), &thread));
  ck_assert(!stuck_thread_waits(SLEEPS, EVENTS("0x3e8"), &thread));
  ck_assert(!stuck_thread_waits(SLEEPS, "running\n", &thread));
  ck_assert(!stuck_thread_waits(SLEEPS, "0 0x0 0x1 0x2 0x0 0x0 0x0 0x0 0x0\n", &thread));
  ck_assert(!stuck_thread_waits(SLEEPS, "", &thread));
  ck_assert(!stuck_thread_waits(STATUS("R (running)", NONE, NONE), endless, &thread));
  ck_assert(
      !stuck_thread_waits(STATUS("S (sleeping)", "0000000000004000", NONE), endless, &thread));
  /* It handles SIGALRM: a timer may be what it waits for. */
  ck_assert(
      !stuck_thread_waits(STATUS("S (sleeping)", NONE, "0000000000002000"), endless, &thread));
  ck_assert(!stuck_thread_waits("", endless, &thread));
  ck_assert(!stuck_thread_waits("State:\tS (sleeping)\n", endless, &thread));
  ck_assert_uint_eq(thread.switches, 77);
}
END_TEST

START_TEST(a_watched_descriptor_is_told_with_its_file) {
  int descriptor = -1;
  guint64 inode = 0;
  ck_assert(
      own_events_parse("tfd:       12 events:       19 data: 7f000000000c  pos:0 ino:1a2f sdev:9",
                       &descriptor, &inode));
  ck_assert_int_eq(descriptor, 12);
  ck_assert_uint_eq(inode, 0x1a2f);
  ck_assert(!own_events_parse("tfd:       12 events:       19 data: c", &descriptor, &inode));
  ck_assert(!own_events_parse("pos:\t0 ino:1a2f", &descriptor, &inode));
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

static int watch(int events, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN};
  ck_assert_int_ge(descriptor, 0);
  return epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event);
}

static void wait_for_events(int events) {
  struct epoll_event event;
  for (;;)
    epoll_wait(events, &event, 1, -1);
}

/* An event loop as asyncio's: one end of a pair wakes it. */
static int own_events(void) {
  int pair[2], events = epoll_create1(EPOLL_CLOEXEC);
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ck_assert_int_eq(watch(events, pair[0]), 0);
  return events;
}

static void wait_for_own_events(void) {
  wait_for_events(own_events());
}

static void wait_for_a_counter(void) {
  int events = own_events();
  watch(events, eventfd(0, 0));
  wait_for_events(events);
}

static void wait_for_a_timer(void) {
  int events = own_events();
  watch(events, timerfd_create(CLOCK_MONOTONIC, 0));
  wait_for_events(events);
}

static void wait_for_a_pipe(void) {
  int ends[2], events = own_events();
  ck_assert_int_eq(pipe(ends), 0);
  watch(events, ends[0]);
  wait_for_events(events);
}

static void wait_for_events_of_events(void) {
  int events = epoll_create1(EPOLL_CLOEXEC);
  watch(events, own_events());
  wait_for_events(events);
}

static void wait_for_a_caller(void) {
  int events = own_events(), listening = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  ck_assert_int_eq(bind(listening, (struct sockaddr *)&name, sizeof(sa_family_t)), 0);
  ck_assert_int_eq(listen(listening, 1), 0);
  watch(events, listening);
  wait_for_events(events);
}

/* The other end is a process's that is not looked at. */
static int outer_pair[2];

static void wait_for_another(void) {
  int events = own_events();
  watch(events, outer_pair[0]);
  wait_for_events(events);
}

/* The number says a socket of its own, but what is watched is another file. */
static void wait_behind_a_number(void) {
  int events = epoll_create1(EPOLL_CLOEXEC), pair[2], ends[2];
  ck_assert_int_eq(pipe(ends), 0);
  watch(events, ends[0]);
  ck_assert_int_ge(dup(ends[0]), 0);
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ck_assert_int_eq(dup2(pair[0], ends[0]), ends[0]);
  wait_for_events(events);
}

static void have_a_family(void) {
  if (fork() == 0 && fork() == 0)
    setsid();
}

/* A container's rules may refuse it; then no event loop is ever stuck. */
static gboolean may_take_descriptors(void) {
  int process = (int)syscall(SYS_pidfd_open, getpid(), 0u);
  int copy = (int)syscall(SYS_pidfd_getfd, process, process, 0u);
  close(process);
  return copy >= 0 && close(copy) == 0;
}

START_TEST(who_waits_for_itself_alone_is_stuck) {
  void (*bodies[])(void) = {lock_twice, wait_for_own_events};
  const guint threads[] = {2, 1};
  for (guint i = 0; i < (may_take_descriptors() ? 2 : 1); i++) {
    pid_t mover, child = start_child(bodies[i]);
    gboolean is_stuck = FALSE;
    while (!is_stuck) { /* the suite's time limit ends this */
      g_autoptr(GArray) first = stuck_look(child, &mover);
      g_autoptr(GArray) second = stuck_look(child, &mover);
      is_stuck = stuck_looks_agree(first, second) && first->len == threads[i];
      ck_assert(!is_stuck || g_array_index(first, StuckThread, 0).thread == child);
      sched_yield();
    }
    end_child(child);
  }
}
END_TEST

START_TEST(who_waits_with_a_limit_or_works_is_not_stuck) {
  void (*bodies[])(void) = {wait_with_a_limit,         spin,
                            wait_for_a_counter,        wait_for_a_timer,
                            wait_for_a_pipe,           wait_for_a_caller,
                            wait_for_events_of_events, wait_for_another,
                            wait_behind_a_number};
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, outer_pair), 0);
  for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
    pid_t mover = 0, child = start_child(bodies[i]);
    for (guint k = 0; k < 200; k++) {
      ck_assert_ptr_null(stuck_look(child, &mover));
      ck_assert_int_eq(mover, child);
      sched_yield();
    }
    end_child(child);
  }
  pid_t mover;
  close(outer_pair[0]);
  close(outer_pair[1]);
  ck_assert_ptr_null(stuck_look(0x7fffffff, &mover));
  ck_assert(!stuck_looks_agree(NULL, NULL));
}
END_TEST

START_TEST(looks_agree_only_where_nobody_moved) {
  StuckThread threads[] = {{.thread = 7, .switches = 3}, {.thread = 9, .switches = 4}};
  g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(StuckThread));
  g_autoptr(GArray) second = g_array_new(FALSE, FALSE, sizeof(StuckThread));
  g_array_append_vals(first, threads, 2);
  g_array_append_vals(second, threads, 2);
  ck_assert(stuck_looks_agree(first, second));
  g_array_index(second, StuckThread, 1).switches++;
  ck_assert(!stuck_looks_agree(first, second));
  g_array_index(second, StuckThread, 1) = (StuckThread){.thread = 8, .switches = 4};
  ck_assert(!stuck_looks_agree(first, second));
  g_array_set_size(second, 1);
  ck_assert(!stuck_looks_agree(first, second));
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
  tcase_add_test(canned, a_watched_descriptor_is_told_with_its_file);
  tcase_add_test(canned, looks_agree_only_where_nobody_moved);
  tcase_add_test(canned, a_stat_line_is_read_whatever_the_name);
  suite_add_tcase(suite, canned);
  TCase *real = tcase_create("real");
  tcase_set_timeout(real, 60);
  tcase_add_test(real, who_waits_for_itself_alone_is_stuck);
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
