/*
 * Theory of operation. The copy is forked as os.fork() does it, without its
 * warning about threads. The snippet's process waits for exactly this child,
 * holding the GIL, and kills it when its time is over. SIGCHLD is at its default
 * meanwhile and blocked in this thread, so that the snippet's handler does not
 * hear of our child; where one of the snippet's own children ends in that time,
 * it is told afterwards.
 *
 * What the two processes share beyond memory is put back or kept away: positions
 * in open files, the standard descriptors, the journal. The copy leaves by
 * _exit, so that neither buffers are flushed nor atexit is called. A child that
 * has noted its result says so by its exit status. What it forks itself is in
 * its process group, becomes our child when it is gone, and is ended then.
 *
 * Code within a function is compiled as the body of a function that has the
 * locals for arguments: so what it binds is local to it, as it would be in its
 * place (`count += 1` raises UnboundLocalError).
 */
#include "worker/probe_fork.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker/capture.h"
#include "worker/examine.h"
#include "worker/note.h"
#include "worker/syntax.h"

#define CODE_LIMIT_MS 2000u

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

/* --- code -------------------------------------------------------------- */

/* Compiles text, so that it begins on a line; flags as compile() takes them.
 * New reference. */
static PyObject *text_compile(const ApartCode *code, const char *text, uint32_t line, int start,
                              int flags) {
  size_t size = strlen(text), before = line > 0 ? line - 1 : 0;
  char *source = malloc(before + size + 2);
  PyObject *file = source ? PyUnicode_DecodeFSDefault(code->path) : NULL;
  PyObject *result = NULL;
  if (file) {
    memset(source, '\n', before);
    memcpy(source + before, text, size);
    memcpy(source + before + size, "\n", 2);
    PyCompilerFlags how = {.cf_flags = flags, .cf_feature_version = PY_MINOR_VERSION};
    result = Py_CompileStringObject(source, file, start, &how, -1);
  }
  Py_XDECREF(file);
  free(source);
  return result;
}

/* Compiles a tree; new reference. */
static PyObject *tree_compile(const ApartCode *code, PyObject *tree, const char *mode, int flags) {
  PyObject *compile = PyDict_GetItemString(PyEval_GetBuiltins(), "compile"); /* borrowed */
  if (!compile) {
    PyErr_SetString(PyExc_RuntimeError, "no compile()");
    return NULL;
  }
  return PyObject_CallFunction(compile, "Ossii", tree, code->path, mode, flags & ~PyCF_ONLY_AST, 1);
}

/* The value of the one expression that the code is: new reference, NULL for
 * other code, without an exception. */
static PyObject *only_expression(PyObject *tree) {
  PyObject *body = syntax_list(tree, "body");
  PyObject *value = NULL;
  if (body && PyList_GET_SIZE(body) == 1 && syntax_is(PyList_GET_ITEM(body, 0), "Expr"))
    value = PyObject_GetAttrString(PyList_GET_ITEM(body, 0), "value");
  PyErr_Clear();
  Py_XDECREF(body);
  return value;
}

/* A place that is being run, and what came of it. */
typedef struct {
  const ApartCode *code;
  PyObject *frame_code; /* of the frame in which it stands; all borrowed */
  PyObject *globals;
  PyObject *locals;
  int flags;       /* for the compiler: __future__ */
  PyObject *value; /* new reference, or NULL with an exception */
  bool is_refused; /* the compiler refuses it, by itself */
  bool is_unknown; /* what it would do in its place cannot be said */
} Trial;

/* At module level or in a class. */
static void trial_run_plain(Trial *trial, PyObject *tree) {
  PyObject *expression = only_expression(tree);
  PyObject *whole = tree;
  Py_INCREF(whole);
  if (expression) {
    Py_SETREF(whole, text_compile(trial->code, "0", 1, Py_eval_input, PyCF_ONLY_AST));
    if (whole && PyObject_SetAttrString(whole, "body", expression) < 0)
      Py_CLEAR(whole);
  }
  PyObject *made =
      whole ? tree_compile(trial->code, whole, expression ? "eval" : "exec", trial->flags) : NULL;
  if (made)
    trial->value = PyEval_EvalCode(made, trial->globals, trial->locals);
  else if (trial->code->is_top)
    trial->is_refused = true;
  else
    trial->is_unknown = true;
  Py_XDECREF(made);
  Py_XDECREF(whole);
  Py_XDECREF(expression);
}

/* Adds those names of the frame's code that are bound: to `to`, a dictionary. */
static int names_copy(PyObject *names, PyObject *locals, PyObject *to) {
  int result = names && PyTuple_Check(names) ? 0 : -1;
  for (Py_ssize_t i = 0; result == 0 && i < PyTuple_GET_SIZE(names); i++) {
    PyObject *name = PyTuple_GET_ITEM(names, i);
    PyObject *value = PyDict_GetItem(locals, name); /* borrowed */
    if (value && PyUnicode_IsIdentifier(name) == 1)
      result = PyDict_SetItem(to, name, value);
  }
  return result;
}

/* Takes what is in `from` and named in names over to `to`. */
static int names_move(PyObject *names, PyObject *from, PyObject *to) {
  int result = 0;
  for (Py_ssize_t i = 0; names && result == 0 && i < PyTuple_GET_SIZE(names); i++) {
    PyObject *value = PyDict_GetItem(from, PyTuple_GET_ITEM(names, i)); /* borrowed */
    if (value && (result = PyDict_SetItem(to, PyTuple_GET_ITEM(names, i), value)) == 0)
      result = PyDict_DelItem(from, PyTuple_GET_ITEM(names, i));
  }
  return result;
}

/* Sorts the frame's variables: those that are the function's own into
 * `arguments`, those of enclosing functions into `outside`, which has the
 * globals. */
static int variables_sort(const Trial *trial, PyObject *arguments, PyObject *outside) {
  static const char *const own[] = {"co_varnames", "co_cellvars"};
  int result = 0;
  for (size_t i = 0; result == 0 && i < 2; i++) {
    PyObject *names = PyObject_GetAttrString(trial->frame_code, own[i]);
    result = names_copy(names, trial->locals, arguments);
    Py_XDECREF(names);
  }
  PyObject *names = PyObject_GetAttrString(trial->frame_code, "co_freevars");
  if (result == 0)
    result = names_copy(names, trial->locals, outside);
  Py_XDECREF(names);
  return result < 0 ? result : names_move(trial->code->nonlocals, outside, arguments);
}

/* "def probe(a, b):\n global c\n return 0\n" as a tree: new reference. */
static PyObject *function_tree(const Trial *trial, PyObject *arguments) {
  const ApartCode *code = trial->code;
  PyObject *comma = PyUnicode_FromString(", ");
  PyObject *list = comma ? PyDict_Keys(arguments) : NULL;
  PyObject *given = list ? PyUnicode_Join(comma, list) : NULL;
  PyObject *declared = NULL, *source = NULL, *tree = NULL;
  bool has_globals = code->globals && PyTuple_GET_SIZE(code->globals) > 0;
  if (given)
    declared = has_globals ? PyUnicode_Join(comma, code->globals) : PyUnicode_FromString("");
  if (declared)
    source =
        PyUnicode_FromFormat("%sdef probe(%U):\n%s%U\n return 0\n", code->is_async ? "async " : "",
                             given, has_globals ? " global " : " pass", declared);
  const char *text = source ? PyUnicode_AsUTF8(source) : NULL;
  if (text)
    tree = text_compile(code, text, 1, Py_file_input, PyCF_ONLY_AST);
  Py_XDECREF(source);
  Py_XDECREF(declared);
  Py_XDECREF(given);
  Py_XDECREF(list);
  Py_XDECREF(comma);
  return tree;
}

/* Puts the code into the function's tree in the place of `return 0`. */
static int function_fill(PyObject *function, PyObject *tree) {
  PyObject *functions = syntax_list(function, "body");
  PyObject *body = functions ? syntax_list(PyList_GET_ITEM(functions, 0), "body") : NULL;
  PyObject *expression = only_expression(tree);
  PyObject *statements = syntax_list(tree, "body");
  int result = -1;
  if (body && expression)
    result = PyObject_SetAttrString(PyList_GET_ITEM(body, PyList_GET_SIZE(body) - 1), "value",
                                    expression);
  else if (body && statements)
    result = PyList_SetSlice(body, PyList_GET_SIZE(body) - 1, PyList_GET_SIZE(body), statements);
  Py_XDECREF(statements);
  Py_XDECREF(expression);
  Py_XDECREF(body);
  Py_XDECREF(functions);
  return result;
}

/* What a coroutine returns, if it does so without waiting: new reference. */
static PyObject *coroutine_run(Trial *trial, PyObject *coroutine) {
  PyObject *sent = PyObject_CallMethod(coroutine, "send", "O", Py_None);
  if (sent) { /* it waits for its event loop */
    Py_DECREF(sent);
    trial->is_unknown = true;
    Py_INCREF(Py_None);
    return Py_None;
  }
  if (!PyErr_ExceptionMatches(PyExc_StopIteration))
    return NULL;
  PyObject *stop = compat_take_exception();
  PyObject *value = PyObject_GetAttrString(stop, "value");
  Py_DECREF(stop);
  return value;
}

/* A generator would not run. */
static bool is_generator(PyObject *function) {
  const int kinds = CO_GENERATOR | CO_ASYNC_GENERATOR;
  return (((PyCodeObject *)PyFunction_GET_CODE(function))->co_flags & kinds) != 0;
}

static void trial_run_in_function(Trial *trial, PyObject *tree) {
  PyObject *arguments = PyDict_New(), *outside = PyDict_Copy(trial->globals);
  PyObject *function_whole = NULL, *made = NULL, *result = NULL, *none = PyTuple_New(0);
  trial->is_unknown = true; /* until it runs */
  if (!none || !arguments || !outside || variables_sort(trial, arguments, outside) < 0)
    goto done;
  function_whole = function_tree(trial, arguments);
  if (!function_whole || function_fill(function_whole, tree) < 0)
    goto done;
  made = tree_compile(trial->code, function_whole, "exec", trial->flags);
  result = made ? PyEval_EvalCode(made, outside, outside) : NULL;
  PyObject *function = result ? PyDict_GetItemString(outside, "probe") : NULL; /* borrowed */
  if (!function || !PyFunction_Check(function) || is_generator(function))
    goto done;
  Py_INCREF(function);
  PyObject *hidden = PyDict_GetItemString(trial->globals, "probe"); /* borrowed */
  if (hidden ? PyDict_SetItemString(outside, "probe", hidden)
             : PyDict_DelItemString(outside, "probe"))
    PyErr_Clear();
  trial->is_unknown = false;
  trial->value = PyObject_Call(function, none, arguments);
  if (trial->value && trial->code->is_async)
    Py_SETREF(trial->value, coroutine_run(trial, trial->value));
  Py_DECREF(function);
done:
  Py_XDECREF(none);
  Py_XDECREF(result);
  Py_XDECREF(made);
  Py_XDECREF(function_whole);
  Py_XDECREF(outside);
  Py_XDECREF(arguments);
}

/* A new io.StringIO as a stream of sys; new reference. */
static PyObject *stream_replace(const char *name) {
  PyObject *module = PyImport_ImportModule("io");
  PyObject *stream = module ? PyObject_CallMethod(module, "StringIO", NULL) : NULL;
  Py_XDECREF(module);
  if (!stream || PySys_SetObject(name, stream) < 0)
    PyErr_Clear();
  return stream;
}

/* In a class within functions, and in these, a name that is not found may be one
 * that the code would have found in its place. */
static bool is_doubtful(const Trial *trial, PyObject *exception) {
  return trial->is_unknown ||
         (trial->code->is_nested && PyErr_GivenExceptionMatches(exception, PyExc_NameError) &&
          !PyErr_GivenExceptionMatches(exception, PyExc_UnboundLocalError));
}

static void trial_run(Trial *trial) {
  PyObject *tree = text_compile(trial->code, trial->code->text, trial->code->line, Py_file_input,
                                PyCF_ONLY_AST | trial->flags);
  bool in_function = (((PyCodeObject *)trial->frame_code)->co_flags & CO_OPTIMIZED) != 0;
  if (!tree)
    trial->is_refused = true;
  else if (in_function)
    trial_run_in_function(trial, tree);
  else
    trial_run_plain(trial, tree);
  Py_XDECREF(tree);
}

/* In the copy. */
static void code_job(void *data) {
  const ApartCode *code = data;
  PyObject *printed_to = stream_replace("stdout");
  Py_XDECREF(stream_replace("stderr"));
  PyFrameObject *frame = PyEval_GetFrame(); /* borrowed, as the others */
  PyObject *locals = PyEval_GetLocals();
  if (!frame || !locals || !printed_to) {
    PyErr_Clear();
    return;
  }
  PyCodeObject *frame_code = PyFrame_GetCode(frame);
  Trial trial = {.code = code,
                 .frame_code = (PyObject *)frame_code,
                 .globals = PyEval_GetGlobals(),
                 .locals = locals,
                 .flags = frame_code->co_flags & PyCF_MASK};
  trial_run(&trial);
  PyObject *exception = compat_take_exception();
  if (is_doubtful(&trial, exception ? exception : Py_None))
    return;
  PyObject *repr = trial.value && trial.value != Py_None ? PyObject_Repr(trial.value) : NULL;
  PyErr_Clear();
  PyObject *printed = PyObject_CallMethod(printed_to, "getvalue", NULL);
  PyErr_Clear();
  apart_note();
  note_probed(code->unit, code->line,
              trial.is_refused ? JOURNAL_PROBE_UNPARSABLE
              : exception      ? JOURNAL_PROBE_RAISED
                               : JOURNAL_PROBE_FINISHED,
              exception, repr, printed);
}

bool apart_run_code(const ApartCode *code) {
  switch (apart_run(code_job, (void *)code, CODE_LIMIT_MS)) {
  case APART_NOTED:
    return true;
  case APART_SILENT:
  case APART_NOT_RUN:
    return false;
  case APART_STOPPED:
    note_probed(code->unit, code->line, JOURNAL_PROBE_STOPPED, NULL, NULL, NULL);
    return false;
  case APART_DIED:
    note_probed(code->unit, code->line, JOURNAL_PROBE_DIED, NULL, NULL, NULL);
    return true;
  }
  return false;
}
