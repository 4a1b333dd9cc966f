/*
 * Theory of operation. This process was forked from the zygote and shares its
 * memory until it writes to it. It takes a process group of its own, puts the
 * supervisor's pipes at 1 and 2, closes every other descriptor (the journal
 * stays mapped), sets its limits, and becomes what python3 is after it has
 * started with a script's name: a fresh __main__, sys.argv, sys.path. Then it
 * runs the units and ends as python3 does (shutdown.h). What goes wrong here is
 * noted as our failure and ends it with EXIT_FAILED; nothing of it is printed.
 */
#include "worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "worker/board.h"
#include "worker/capture.h"
#include "worker/deadline.h"
#include "worker/examine.h"
#include "worker/fixture.h"
#include "worker/gil.h"
#include "worker/note.h"
#include "worker/pycompat.h"
#include "worker/quiet.h"
#include "worker/shutdown.h"
#include "worker/units.h"

#define EXIT_FAILED 70
#define EARLIER_FOLDER ".earlier"

static PyObject *first_main;  /* the zygote's own __main__: kept, never run */
static PyObject *loader_type; /* SourceFileLoader */
static PyObject *collect;     /* gc.collect */

_Noreturn static void fail(const char *step) {
  int error = errno;
  PyObject *exception = compat_take_exception();
  PyObject *text = exception ? PyObject_Repr(exception) : NULL;
  const char *reason = text ? PyUnicode_AsUTF8(text) : NULL;
  note_failure("%s: %s", step, reason ? reason : strerror(error));
  _exit(EXIT_FAILED);
}

/* A process that the snippet forks says so in what it notes; the board is not
 * its own. */
static void on_fork(void) {
  journal_set_process((uint32_t)getpid());
  gil_begin(NULL);
  board_begin(NULL);
}

int child_prepare(void) {
  pthread_atfork(NULL, NULL, on_fork);
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  first_main = PyDict_GetItemString(modules, "__main__");
  Py_XINCREF(first_main);
  PyObject *importer = PyImport_ImportModule("_frozen_importlib_external");
  loader_type = importer ? PyObject_GetAttrString(importer, "SourceFileLoader") : NULL;
  Py_XDECREF(importer);
  PyObject *collector = PyImport_ImportModule("gc");
  collect = collector ? PyObject_GetAttrString(collector, "collect") : NULL;
  Py_XDECREF(collector);
  if (!first_main && !PyErr_Occurred())
    PyErr_SetString(PyExc_RuntimeError, "there is no __main__");
  return first_main && loader_type && collect ? 0 : -1;
}

/* --- the process ------------------------------------------------------- */

static void close_others(void) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
    return;
#endif
  struct rlimit open_files;
  int limit = getrlimit(RLIMIT_NOFILE, &open_files) == 0 ? (int)open_files.rlim_cur : 65536;
  for (int descriptor = 3; descriptor < limit; descriptor++)
    close(descriptor);
}

static void set_descriptors(const ChildRun *child) {
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || dup2(null, 0) < 0 || dup2(child->descriptors[WIRE_FD_OUTPUT], 1) < 0 ||
      dup2(child->descriptors[WIRE_FD_ERRORS], 2) < 0)
    fail("descriptors");
  close_others();
}

static void note_start(JournalHead *journal) {
  struct timespec now;
  struct rusage usage;
  clock_gettime(CLOCK_MONOTONIC, &now);
  getrusage(RUSAGE_SELF, &usage);
  journal->start_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  journal->start_peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
}

/* --- the files --------------------------------------------------------- */

static void write_unit(const WireUnit *unit, const char *path) {
  size_t size;
  char *text = units_text(unit, &size);
  int descriptor =
      text ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644) : -1;
  size_t at = 0;
  while (descriptor >= 0 && at < size) {
    ssize_t written = write(descriptor, text + at, size - at);
    if (written < 0 && errno != EINTR)
      fail("write the source");
    at += written > 0 ? (size_t)written : 0;
  }
  if (descriptor < 0 || close(descriptor) < 0)
    fail("write the source");
  free(text);
}

/* Writes a unit's file and says which unit it is. path has PATH_MAX bytes. */
static void make_unit(const char *scratch, const WireRequest *request, uint32_t number,
                      char *path) {
  bool is_subject = number + 1 == request->unit_count;
  int length =
      is_subject
          ? snprintf(path, PATH_MAX, "%s/%.*s", scratch, (int)request->name_size, request->name)
          : snprintf(path, PATH_MAX, "%s/" EARLIER_FOLDER "/%u.py", scratch, number + 1);
  if (length < 0 || length >= PATH_MAX) {
    errno = ENAMETOOLONG;
    fail("name the source");
  }
  write_unit(&request->units[number], path);
  PyObject *file = PyUnicode_DecodeFSDefault(path);
  if (!file || note_unit(file, number) < 0)
    fail("remember the source");
  Py_DECREF(file);
}

/* --- the interpreter's state ------------------------------------------- */

/* python3 collects while it starts, so that __main__ is older than all that its
 * script makes. The order of finalisers at the end can depend on it. */
static void age_main(void) {
  PyObject *found = PyObject_CallFunction(collect, "i", 0);
  if (!found)
    fail("collect garbage");
  Py_DECREF(found);
}

/* A fresh __main__ in the place of the zygote's; borrowed from sys.modules. */
static PyObject *make_main(const char *path) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  PyObject *module = PyModule_New("__main__");
  if (!module || PyDict_SetItemString(modules, "__main__", module) < 0)
    fail("make __main__");
  PyObject *namespace = PyModule_GetDict(module); /* borrowed, as is all of it */
  PyObject *name, *value;
  Py_ssize_t position = 0;
  /* In the order in which python3 has them. */
  PyDict_Clear(namespace);
  while (PyDict_Next(PyModule_GetDict(first_main), &position, &name, &value)) {
    PyObject *fresh = PyDict_CheckExact(value) ? PyDict_Copy(value) : NULL;
    if (PyDict_SetItem(namespace, name, fresh ? fresh : value) < 0)
      fail("make __main__");
    Py_XDECREF(fresh);
  }
  Py_DECREF(module);
  PyObject *file = PyUnicode_DecodeFSDefault(path);
  PyObject *loader = file ? PyObject_CallFunction(loader_type, "sO", "__main__", file) : NULL;
  if (!loader || PyDict_SetItemString(namespace, "__file__", file) < 0 ||
      PyDict_SetItemString(namespace, "__loader__", loader) < 0)
    fail("make __main__");
#if COMPAT_MAIN_HAS_CACHED
  if (PyDict_SetItemString(namespace, "__cached__", Py_None) < 0)
    fail("make __main__");
#endif
  Py_DECREF(loader);
  Py_DECREF(file);
  age_main();
  return namespace;
}

/* As python3 does after a script that did not end by SystemExit. */
static void strip_main(PyObject *namespace) {
  PyObject *pending = compat_take_exception();
  if (PyDict_DelItemString(namespace, "__file__") < 0)
    PyErr_Clear();
#if COMPAT_MAIN_HAS_CACHED
  if (PyDict_DelItemString(namespace, "__cached__") < 0)
    PyErr_Clear();
#endif
  compat_set_exception(pending);
}

static void set_arguments(const WireRequest *request) {
  PyObject *name = PyUnicode_DecodeFSDefaultAndSize(request->name, request->name_size);
  PyObject *arguments = name ? Py_BuildValue("[O]", name) : NULL;
  if (!arguments || PySys_SetObject("argv", arguments) < 0)
    fail("set sys.argv");
  Py_DECREF(arguments);
#if COMPAT_HAS_ORIGINAL_ARGUMENTS
  PyObject *original = Py_BuildValue("[sO]", PROCTOR_PYTHON_PROGRAM, name);
  if (!original || PySys_SetObject("orig_argv", original) < 0)
    fail("set sys.orig_argv");
  Py_DECREF(original);
#endif
  Py_DECREF(name);
}

/* --- the run ----------------------------------------------------------- */

/* Runs the units before the subject, with their output going nowhere. */
static void run_earlier(const WireRequest *request, const char *scratch, PyObject *namespace) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/" EARLIER_FOLDER, scratch);
  if (mkdir(path, 0755) < 0)
    fail("make a folder for the earlier blocks");
  Quiet quiet;
  if (!quiet_begin(&quiet))
    fail("descriptors");
  for (uint32_t i = 0; i + 1 < request->unit_count; i++) {
    make_unit(scratch, request, i, path);
    units_run_earlier(&(UnitFile){.unit = &request->units[i], .number = i, .path = path},
                      namespace);
  }
  if (!quiet_end(&quiet))
    fail("descriptors");
}

/* The status that SystemExit asks for; prints what is no number. Takes the
 * exception that is set. */
static int exit_status(void) {
  PyObject *exception = compat_take_exception();
  fflush(stdout);
  PyObject *code = PyObject_GetAttrString(exception, "code");
  if (!code) { /* python3 prints the exception then */
    PyErr_Clear();
    code = exception;
    Py_INCREF(code);
  }
  int status = 0;
  if (PyLong_Check(code)) {
    status = (int)PyLong_AsLong(code) & 0xff;
    if (PyErr_Occurred())
      status = 0xff;
  } else if (code != Py_None) {
    PyObject *errors = PySys_GetObject("stderr"); /* borrowed */
    if (errors && errors != Py_None)
      PyFile_WriteObject(code, errors, Py_PRINT_RAW);
    else {
      PyObject_Print(code, stderr, Py_PRINT_RAW);
      fflush(stderr);
    }
    PySys_WriteStderr("\n");
    status = 1;
  }
  compat_drop_exit_error();
  Py_DECREF(code);
  Py_DECREF(exception);
  return status;
}

/* Notes and prints the exception (stolen) that ended the subject, as python3 does.
 * Returns the status to exit with. */
static int run_ended(PyObject *exception, uint32_t flags, PyObject *namespace) {
  bool is_exit = PyErr_GivenExceptionMatches(exception, PyExc_SystemExit);
  bool is_interrupt = (PyObject *)Py_TYPE(exception) == PyExc_KeyboardInterrupt;
  note_exception(exception, flags);
  compat_set_exception(exception);
  if (is_exit)
    return exit_status();
  PyErr_Print();
  strip_main(namespace);
  return is_interrupt ? SHUTDOWN_BY_SIGINT : 1;
}

static int run_units(const WireRequest *request, const char *scratch) {
  char path[PATH_MAX];
  uint32_t subject = request->unit_count - 1, flags = 0;
  const WireUnit *unit = &request->units[subject];
  make_unit(scratch, request, subject, path);
  set_arguments(request);
  PyObject *namespace = make_main(path); /* borrowed; sys.modules may lose it */
  Py_INCREF(namespace);
  if ((request->flags & WIRE_LINE_BUFFERED) && capture_line_buffered() < 0)
    fail("buffer by lines");
  fixture_begin(namespace, request);
  note_event(JOURNAL_START);
  gil_begin(journal_board(note_journal()));
  if (subject > 0)
    run_earlier(request, scratch, namespace);
  if (examine_unit(unit, namespace, request->flags & WIRE_HOLD_BACK)) {
    note_exit(JOURNAL_END, 0);
    _exit(0);
  }
  note_event(JOURNAL_SUBJECT);
  capture_note(true);
  fixture_watch();
  UnitFile file = {.unit = unit, .number = subject, .path = path};
  int status = 0;
  int result = units_run_subject(&file, namespace, &flags);
  capture_flush();
  PyObject *exception = result < 0 ? compat_take_exception() : NULL;
  if (exception) {
    Py_INCREF(exception);
    status = run_ended(exception, flags, namespace);
  } else {
    strip_main(namespace);
  }
  fixture_finish(unit, namespace, exception, status);
  Py_XDECREF(exception);
  Py_DECREF(namespace);
  return status;
}

void child_run(const ChildRun *child) {
  PyOS_AfterFork_Child();
  journal_set_process(0);
  note_to(child->journal);
  note_start(child->journal);
  deadline_run(child->run->wall_ms);
  board_begin(journal_board(child->journal));
  setpgid(0, 0);

  WireRequest request;
  void *storage; /* mapped to the end of the process */
  if (wire_request_read(child->descriptors[WIRE_FD_REQUEST], child->run->request_size, &request,
                        &storage) < 0)
    fail("read the request");
  set_descriptors(child);
  if (chdir(child->sandbox->scratch) < 0)
    fail("enter the scratch folder");
  if (sandbox_limit(child->sandbox, child->run) < 0)
    fail("set limits");
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  shutdown_run(run_units(&request, child->sandbox->scratch));
}
