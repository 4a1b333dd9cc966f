/*
 * Theory of operation. The zygote starts Python once and then runs one snippet
 * at a time:
 *
 *   RUN arrives     fork a child (child.c); our copies of the descriptors close
 *   while it runs   wait for its end and for STOP, which kills it
 *   at its end      reap it, kill and reap whatever it left, say DONE, drop the
 *                   scratch folder and make the next; where a snippet has made
 *                   that impossible, end, so that another zygote takes over
 *
 * The supervisor's end of the control socket closing, or saying what it should
 * not, ends everything: what runs is killed, and the zygote exits. It writes no
 * output of its own and holds none of the snippet's pipes while one runs. All
 * signals are blocked here; children unblock them.
 */
#include "worker/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker/child.h"
#include "worker/fixture.h"
#include "worker/pycompat.h"

enum {
  ZYGOTE_END = 0,
  ZYGOTE_BROKEN = 71,
  ZYGOTE_SPOILT = 72, /* by the fixture */
};

/* Without process descriptors a child's end is asked for this often. */
#define POLL_MS 5

typedef struct {
  Sandbox sandbox;
  JournalHead *journal;
  bool is_over; /* the supervisor is gone or confused, or there is no scratch folder */
} Zygote;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t timeval_ns(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

/* What arrived while a snippet runs: true where it is to be killed. */
static bool control_says_stop(Zygote *zygote, uint32_t run) {
  WireMessage message;
  int descriptors[WIRE_RUN_FDS];
  int result = wire_receive(WIRE_CONTROL_FD, &message, descriptors);
  if (result == 1 && message.head.type == WIRE_STOP)
    return message.stop.run == run;
  if (result == 1 && message.head.type == WIRE_RUN)
    for (int i = 0; i < WIRE_RUN_FDS; i++)
      close(descriptors[i]);
  zygote->is_over = true;
  return true;
}

/* Waits for the end of the child and of all it leaves; fills in done. Returns 0, or an error
 * number where its end is not to be had. */
static int wait_child(Zygote *zygote, pid_t child, WireDone *done) {
  struct rusage usage = {0};
  int error = 0;
  int process = (int)syscall(SYS_pidfd_open, child, 0u);
  for (;;) {
    struct pollfd ready[2] = {{.fd = process, .events = POLLIN},
                              {.fd = zygote->is_over ? -1 : WIRE_CONTROL_FD, .events = POLLIN}};
    if (poll(ready, 2, process < 0 ? POLL_MS : -1) < 0 && errno != EINTR)
      sandbox_kill(&zygote->sandbox, child);
    if (ready[1].revents && control_says_stop(zygote, done->run))
      sandbox_kill(&zygote->sandbox, child);
    if (process >= 0 && !ready[0].revents)
      continue;
    pid_t reaped = wait4(child, &done->status, WNOHANG, &usage);
    if (reaped < 0 && errno != EINTR)
      error = errno;
    if (reaped == child || error != 0)
      break;
  }
  if (process >= 0)
    close(process);
  done->survivors = sandbox_sweep(&zygote->sandbox, child);
  done->user_ns = timeval_ns(usage.ru_utime);
  done->system_ns = timeval_ns(usage.ru_stime);
  done->peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
  done->switches_voluntary = (uint64_t)usage.ru_nvcsw;
  done->switches_forced = (uint64_t)usage.ru_nivcsw;
  return error;
}

/* Forks a child for a run. Returns its pid, or -1 with errno. */
static pid_t fork_child(const ChildRun *run) {
  PyOS_BeforeFork();
  pid_t child = fork();
  int error = errno;
  if (child == 0)
    child_run(run);
  PyOS_AfterFork_Parent();
  errno = error;
  if (child > 0)
    setpgid(child, child); /* so that the group is there for a STOP at once */
  return child;
}

static int scratch_renew(Zygote *zygote) {
  if (sandbox_scratch_drop(&zygote->sandbox) < 0 ||
      (mkdir(zygote->sandbox.scratch, 0700) < 0 && errno != EEXIST)) /* a snippet may remove it */
    return -1;
  return sandbox_scratch_make(&zygote->sandbox);
}

static void serve_run(Zygote *zygote, const WireRun *run, const int *descriptors) {
  WireMessage message = {.done = {.run = run->run, .status = -1}};
  uint64_t begin = now_ns();
  zygote->journal->run = run->run;
  pid_t child = fork_child(&(ChildRun){.run = run,
                                       .descriptors = descriptors,
                                       .journal = zygote->journal,
                                       .sandbox = &zygote->sandbox});
  int error = child < 0 ? errno : 0;
  for (int i = 0; i < WIRE_RUN_FDS; i++)
    close(descriptors[i]);
  if (child > 0)
    error = wait_child(zygote, child, &message.done);
  message.done.error = (uint32_t)error;
  message.done.wall_ns = now_ns() - begin;
  if (zygote->is_over || wire_send(WIRE_CONTROL_FD, WIRE_DONE, &message, NULL, 0) < 0)
    zygote->is_over = true;
  if (scratch_renew(zygote) < 0) {
    perror("proctor-worker: scratch folder");
    zygote->is_over = true;
  }
}

static int serve(Zygote *zygote) {
  while (!zygote->is_over) {
    WireMessage message;
    int descriptors[WIRE_RUN_FDS];
    int result = wire_receive(WIRE_CONTROL_FD, &message, descriptors);
    if (result == 0)
      break;
    if (result == 1 && message.head.type == WIRE_RUN)
      serve_run(zygote, &message.run, descriptors);
    else if (result < 0 || message.head.type != WIRE_STOP)
      return ZYGOTE_BROKEN;
  }
  sandbox_scratch_drop(&zygote->sandbox);
  return ZYGOTE_END;
}

/* --- what a fixture may have changed ------------------------------------- */

typedef struct {
  struct rlimit limits[RLIM_NLIMITS];
} Kept;

static void process_keep(Kept *kept) {
  for (int i = 0; i < RLIM_NLIMITS; i++)
    getrlimit(i, &kept->limits[i]);
}

/* Of the process, as it was. What is not ours to raise again stays lowered: then the snippets'
 * processes say what they cannot do. */
static void process_restore(const Kept *kept) {
  for (int i = 0; i < RLIM_NLIMITS; i++) {
    struct rlimit limit = kept->limits[i], now;
    if (setrlimit(i, &limit) == 0 || getrlimit(i, &now) < 0)
      continue;
    limit.rlim_max = now.rlim_max;
    if (limit.rlim_cur > limit.rlim_max)
      limit.rlim_cur = limit.rlim_max;
    setrlimit(i, &limit);
  }
  umask(022);
  struct sigaction action;
  /* Children that nobody has to wait for would end unseen. */
  if (sigaction(SIGCHLD, NULL, &action) == 0 &&
      (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT)))
    signal(SIGCHLD, SIG_DFL);
}

int zygote_serve(const char *scratch, const EmbedOptions *options) {
  static Zygote zygote;
  char path[4096];
  if (!realpath(scratch, path)) {
    perror(scratch);
    return ZYGOTE_BROKEN;
  }
  umask(022);
  sandbox_enter(&zygote.sandbox, path);
  if (chdir("/") < 0 || !(zygote.journal = journal_map(WIRE_JOURNAL_FD))) {
    perror("proctor-worker: journal");
    return ZYGOTE_BROKEN;
  }
  if (sandbox_scratch_make(&zygote.sandbox) < 0) {
    perror("proctor-worker: scratch folder");
    return ZYGOTE_BROKEN;
  }
  char reason[512];
  Kept kept;
  process_keep(&kept);
  int result = embed_zygote(&zygote.sandbox, options, reason, sizeof reason);
  process_restore(&kept);
  if (result < 0 || chdir("/") < 0) {
    fprintf(stderr, "proctor-worker: %s\n", result < 0 ? reason : strerror(errno));
    return fixture_is_loaded() ? ZYGOTE_SPOILT : ZYGOTE_BROKEN;
  }
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  WireMessage hello = {.hello = {.python = PY_VERSION_HEX,
                                 .isolation = zygote.sandbox.isolation,
                                 .zygote = (int32_t)getpid()}};
  if (wire_send(WIRE_CONTROL_FD, WIRE_HELLO, &hello, NULL, 0) < 0)
    return ZYGOTE_BROKEN;
  return serve(&zygote);
}
