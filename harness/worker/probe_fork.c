/*
 * Theory of operation. The copy is forked as os.fork() does it, without its
 * warning about threads. The snippet's process waits for exactly this child,
 * holding the GIL, and kills it when its time is over. SIGCHLD is at its default
 * meanwhile and blocked in this thread, so that the snippet's handler does not
 * hear of our child; where one of the snippet's own children ends in that time,
 * it is told afterwards.
 *
 * Of what the two processes share beyond memory, positions in open files are put
 * back, and the standard descriptors, pipes, sockets and the journal are kept away.
 * What the code does to files themselves, or to other processes, stays done. The copy leaves by
 * _exit, so that neither buffers are flushed nor atexit is called. A child that
 * has noted its result says so by its exit status. What it forks itself is in
 * its process group, becomes our child when it is gone, and is ended then.
 */
#include "worker/probe_fork.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker/capture.h"
#include "worker/examine.h"
#include "worker/note.h"

/* With less time left nothing is begun: it could not be told from hanging. */
#define LEAST_MS 200u

enum { STATUS_SILENT = 96, STATUS_NOTED = 97 };

#define FILES_MAX 64 /* descriptors whose positions are put back */

/* Without process descriptors a child's end is asked for this often. */
#define POLL_MS 1

static uint64_t spent_ns;
static bool has_waited;
static bool has_hooks; /* of the snippet, that would be called */
/* For a copy: */
static JournalHead *kept_journal;
static pid_t copy;
static uint32_t kept_process;
static bool has_lost; /* pipes or sockets */

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void apart_heed(const WireUnit *unit) {
  static const char *const hooks[] = {"register_at_fork"};
  for (uint32_t i = 0; i < unit->piece_count; i++)
    has_hooks =
        has_hooks || examine_has_word(unit->pieces[i].source, unit->pieces[i].size, hooks, 1);
}

/* --- what both processes share ----------------------------------------- */

typedef struct {
  off_t positions[FILES_MAX]; /* -1 where there is none */
  struct sigaction on_child;
  bool had_zombie, had_pending;
  sigset_t mask;
  PyObject *random; /* state of the random module's generator, or NULL */
  PyObject *loop;   /* asyncio's running one, or NULL */
} Shared;

static bool has_zombie(void) {
  siginfo_t ended = {0};
  return waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0;
}

static bool child_signal_is_pending(void) {
  sigset_t pending;
  return sigpending(&pending) == 0 && sigismember(&pending, SIGCHLD) == 1;
}

/* An attribute of a module, if that is loaded: new reference, or NULL without an
 * exception. */
static PyObject *loaded(const char *name, const char *attribute) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed, as the module */
  PyObject *module = modules && PyDict_Check(modules) ? PyDict_GetItemString(modules, name) : NULL;
  PyObject *value =
      module && PyModule_CheckExact(module) ? PyObject_GetAttrString(module, attribute) : NULL;
  PyErr_Clear();
  return value;
}

/* The generator behind random.random(), which a forked process seeds anew. */
static PyObject *random_generator(void) {
  return loaded("random", "_inst");
}

/* A forked process has no running event loop. */
static PyObject *loop_keep(void) {
  PyObject *get = loaded("_asyncio", "_get_running_loop");
  PyObject *loop = get ? PyObject_CallFunctionObjArgs(get, NULL) : NULL;
  Py_XDECREF(get);
  PyErr_Clear();
  return loop;
}

static void loop_put_back(PyObject *loop) {
  PyObject *set = loop && loop != Py_None ? loaded("_asyncio", "_set_running_loop") : NULL;
  Py_XDECREF(set ? PyObject_CallFunctionObjArgs(set, loop, NULL) : NULL);
  Py_XDECREF(set);
  PyErr_Clear();
}

/* Calls a method of the generator's C type. */
static PyObject *random_call(PyObject *generator, const char *method, PyObject *argument) {
  PyTypeObject *base = Py_TYPE(generator)->tp_base;
  PyObject *function = base ? PyObject_GetAttrString((PyObject *)base, method) : NULL;
  PyObject *result =
      function ? PyObject_CallFunctionObjArgs(function, generator, argument, NULL) : NULL;
  Py_XDECREF(function);
  PyErr_Clear();
  return result;
}

static void shared_keep(Shared *shared) {
  for (int file = 0; file < FILES_MAX; file++)
    shared->positions[file] = lseek(file, 0, SEEK_CUR);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &child, &shared->mask);
  shared->had_pending = child_signal_is_pending();
  sigaction(SIGCHLD, NULL, &shared->on_child);
  if (shared->on_child.sa_handler != SIG_DFL) {
    struct sigaction by_default = {.sa_handler = SIG_DFL};
    shared->had_zombie = has_zombie();
    sigaction(SIGCHLD, &by_default, NULL);
  }
  PyObject *generator = random_generator();
  shared->random = generator ? random_call(generator, "getstate", NULL) : NULL;
  Py_XDECREF(generator);
  shared->loop = loop_keep();
}

static void shared_put_back(Shared *shared) {
  Py_CLEAR(shared->random);
  Py_CLEAR(shared->loop);
  for (int file = 0; file < FILES_MAX; file++)
    if (shared->positions[file] >= 0 && lseek(file, 0, SEEK_CUR) != shared->positions[file])
      lseek(file, shared->positions[file], SEEK_SET);
  if (!shared->had_pending && child_signal_is_pending()) {
    sigset_t child;
    struct timespec at_once = {0};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigtimedwait(&child, NULL, &at_once);
  }
  if (shared->on_child.sa_handler != SIG_DFL) {
    sigaction(SIGCHLD, &shared->on_child, NULL);
    if (!shared->had_zombie && has_zombie())
      kill(getpid(), SIGCHLD);
  }
  pthread_sigmask(SIG_SETMASK, &shared->mask, NULL);
}

/* --- the copy ---------------------------------------------------------- */

static void keep_away(int file, int null) {
  struct stat status;
  int flags = file > 2 && file != null ? fcntl(file, F_GETFD) : -1;
  if (flags < 0 || fstat(file, &status) < 0 ||
      !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return;
  if (dup3(null, file, flags & FD_CLOEXEC ? O_CLOEXEC : 0) < 0)
    _exit(STATUS_SILENT);
  has_lost = true;
}

/* What is read from a pipe or a socket, nobody else reads. The code does not find them
 * empty, but closed: that cannot be taken for a value (apart_lost_stream()). */
static void keep_streams_away(void) {
  int null = open("/dev/null", O_PATH | O_CLOEXEC);
  DIR *files = opendir("/proc/self/fd");
  if (null < 0 || !files)
    _exit(STATUS_SILENT);
  for (struct dirent *entry; (entry = readdir(files));)
    keep_away(atoi(entry->d_name), null);
  closedir(files);
  close(null);
}

bool apart_lost_stream(PyObject *exception) {
  if (!has_lost || !PyErr_GivenExceptionMatches(exception, PyExc_OSError))
    return false;
  PyObject *code = PyObject_GetAttrString(exception, "errno");
  bool is_lost = code && PyLong_Check(code) && PyLong_AsLong(code) == EBADF;
  Py_XDECREF(code);
  PyErr_Clear();
  return is_lost;
}

_Noreturn static void copy_run(Shared *shared, void (*job)(void *data), void *data) {
  kept_journal = note_journal();
  copy = getpid();
  note_to(NULL);
  capture_note(false);
  journal_set_process((uint32_t)copy);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  PyOS_AfterFork_Child();
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int file = 0; file < 3; file++)
    if (null < 0 || dup2(null, file) < 0)
      _exit(STATUS_SILENT);
  keep_streams_away();
  sigaction(SIGCHLD, &shared->on_child, NULL);
  pthread_sigmask(SIG_SETMASK, &shared->mask, NULL);
  PyObject *generator = shared->random ? random_generator() : NULL;
  if (generator)
    Py_XDECREF(random_call(generator, "setstate", shared->random));
  Py_XDECREF(generator);
  loop_put_back(shared->loop);
  job(data);
  _exit(note_journal() ? STATUS_NOTED : STATUS_SILENT);
}

void apart_note(void) {
  if (getpid() != copy) /* the code has forked */
    _exit(STATUS_SILENT);
  journal_set_process(kept_process);
  note_to(kept_journal);
}

/* Waits for the child's end; kills it after limit_ms. Returns false where it is
 * not known how it ended. */
static bool child_wait(pid_t child, uint64_t limit_ms, int *status, bool *is_late) {
  int process = (int)syscall(SYS_pidfd_open, child, 0u);
  uint64_t end = now_ns() + limit_ms * 1000000u;
  pid_t ended;
  *is_late = false;
  while ((ended = waitpid(child, status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
    uint64_t now = now_ns();
    if (now >= end) {
      *is_late = true;
      kill(child, SIGKILL);
      while ((ended = waitpid(child, status, 0)) < 0 && errno == EINTR)
        ;
      break;
    }
    struct pollfd ready = {.fd = process, .events = POLLIN};
    poll(&ready, 1, process < 0 ? POLL_MS : (int)((end - now) / 1000000u) + 1);
  }
  if (process >= 0)
    close(process);
  return ended == child;
}

/* Ends what a child has left. */
static void group_end(pid_t child) {
  pid_t ended;
  if (kill(-child, SIGKILL) < 0)
    return;
  while ((ended = waitpid(-child, NULL, 0)) > 0 || (ended < 0 && errno == EINTR))
    ;
}

static ApartEnd end_of(bool is_known, bool is_late, int status) {
  if (!is_known)
    return APART_SILENT;
  if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOTED)
    return APART_NOTED;
  if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SILENT)
    return APART_SILENT;
  return is_late ? APART_STOPPED : APART_DIED;
}

ApartEnd apart_run(void (*job)(void *data), void *data, uint32_t limit_ms) {
  int error = errno, status = 0;
  uint64_t begin = now_ns(), spent_ms = spent_ns / 1000000u;
  if (spent_ms + LEAST_MS > APART_TOTAL_MS || has_hooks || compat_is_finalizing())
    return APART_NOT_RUN;
  uint64_t left_ms = APART_TOTAL_MS - spent_ms;
  PyObject *pending = compat_take_exception();
  Shared shared = {0};
  shared_keep(&shared);
  kept_process = journal_process();
  int is_reaper = 0;
  prctl(PR_GET_CHILD_SUBREAPER, &is_reaper);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  PyOS_BeforeFork();
  pid_t child = fork();
  if (child == 0)
    copy_run(&shared, job, data);
  if (child > 0)
    setpgid(child, child); /* here too: it may have ended before it came to it */
  PyOS_AfterFork_Parent();
  ApartEnd end = APART_NOT_RUN;
  if (child > 0) {
    bool is_late;
    bool is_known = child_wait(child, limit_ms < left_ms ? limit_ms : left_ms, &status, &is_late);
    end = end_of(is_known, is_late, status);
    group_end(child);
  }
  prctl(PR_SET_CHILD_SUBREAPER, is_reaper);
  shared_put_back(&shared);
  compat_set_exception(pending);
  spent_ns += now_ns() - begin;
  has_waited = true;
  errno = error;
  return end;
}

int apart_check_signals(void) {
  if (!has_waited)
    return 0;
  has_waited = false;
  return PyErr_CheckSignals();
}
