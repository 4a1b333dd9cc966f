/*
 * Theory of operation. The Python side is two files that are part of this program:
 * fixture_loader.py, which runs in the zygote and is gone then, and fixture_module.py, the
 * module `proctor`, whose functions with an underscore are called here. What they note goes
 * through two functions of ours that stand in that module.
 *
 * Events count only while the subject runs: what the fixture does before and after it, and what
 * earlier blocks did, is nobody's claim. What our looking at a value causes is noted as such.
 * While a fixture's own code runs before or after the snippet, what it prints goes nowhere.
 */
#include "worker/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "worker/capture.h"
#include "worker/deadline.h"
#include "worker/finals.h"
#include "worker/fixture_sources.h"
#include "worker/note.h"
#include "worker/points.h"
#include "worker/quiet.h"
#include "worker/syntax.h"
#include "worker/units.h"

#define MODULE "proctor"

/* So long all hooks of one moment may take: longer than any that does its work, and shorter than
 * what a run is allowed by default. Where it is allowed less, deadline.c shortens this. */
#define HOOKS_MS 5000u

static PyObject *module;              /* owned; NULL without a fixture */
static PyObject *at_exit;             /* owned: atexit.register, as it was before the fixture */
static PyObject *summary, *traceback; /* owned: why it is not ready; NULL where it is */
static PyObject *counted;             /* owned: numbers of the remarks that words speak of */
static bool has_shows;
static bool has_places; /* of the snippet, some that may concern it */
/* What it provides: UTF-8 and value of each. A snippet gets what it mentions, because each
 * costs it a page or two. */
static struct {
  char *name;
  PyObject *value; /* owned, as the name */
} * provided;
static size_t provided_count;
/* What is said to take longer. */
static char late[512] = "what the expectation wants true afterwards";
static bool is_watching;                 /* events count */
static _Thread_local bool is_looking_on; /* at a value */

bool fixture_is_loaded(void) {
  return module != NULL;
}

/* --- what the module calls --------------------------------------------- */

/* kind and text (str), seconds (float) or None, count (int) or None: event() has made them so.
 * Returns the lines that it happened on, or None where it does not count. */
static PyObject *on_event(PyObject *Py_UNUSED(self), PyObject *arguments) {
  PyObject *kind, *text, *seconds, *count;
  if (!PyArg_ParseTuple(arguments, "UUOO", &kind, &text, &seconds, &count))
    return NULL;
  double spent = PyNumber_Check(seconds) ? PyFloat_AsDouble(seconds) : -1;
  int overflow = 0;
  long long number = PyLong_Check(count) ? PyLong_AsLongLongAndOverflow(count, &overflow) : -1;
  PyErr_Clear(); /* what cannot be told is not said: the snippet would get it */
  if (!is_watching || !note_journal())
    Py_RETURN_NONE;
  note_happened(&(NoteHappened){.kind = kind,
                                .text = text,
                                .spent_ns = spent >= 0 && spent <= 1e9
                                                ? (uint64_t)(spent * 1e9)
                                                : UINT64_MAX, /* as no number is */
                                .count = number < 0 ? -1 : number,
                                .flags = is_looking_on ? JOURNAL_EVENT_SHOWN : 0});
  if (is_looking_on)
    Py_RETURN_NONE;
  return note_lines();
}

/* kind, end, line, first, last, rule, said, actual or None, note or None. */
static PyObject *on_checked(PyObject *Py_UNUSED(self), PyObject *arguments) {
  NoteChecked checked;
  int kind, end;
  if (!PyArg_ParseTuple(arguments, "iiIIIOOOO", &kind, &end, &checked.line, &checked.first,
                        &checked.last, &checked.rule, &checked.said, &checked.actual,
                        &checked.note))
    return NULL;
  checked.kind = (JournalCheckedKind)kind;
  checked.end = (JournalCheckedEnd)end;
  note_checked(&checked);
  Py_RETURN_NONE;
}

static PyMethodDef event_def = {"_note_event", on_event, METH_VARARGS, NULL};
/* Functions that are registered with atexit go in the reverse order: what the fixture has
 * registered stands between these two. */
static PyObject *on_exit_begin(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none)) {
  note_event(JOURNAL_HOOK);
  Py_RETURN_NONE;
}

static PyObject *on_exit_end(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none)) {
  note_event(JOURNAL_HOOKED);
  Py_RETURN_NONE;
}

static PyMethodDef exit_begin_def = {"_exit_begin", on_exit_begin, METH_NOARGS, NULL};
static PyMethodDef exit_end_def = {"_exit_end", on_exit_end, METH_NOARGS, NULL};
static PyMethodDef checked_def = {"_note_checked", on_checked, METH_VARARGS, NULL};

/* --- loading ----------------------------------------------------------- */

/* Runs a source of ours in a namespace. */
static int source_run(const char *source, const char *file, PyObject *namespace) {
  PyObject *code = Py_CompileString(source, file, Py_file_input);
  PyObject *result = code ? PyEval_EvalCode(code, namespace, namespace) : NULL;
  Py_XDECREF(result);
  Py_XDECREF(code);
  return result ? 0 : -1;
}

static int put_function(PyObject *namespace, PyMethodDef *definition) {
  PyObject *function = PyCFunction_New(definition, NULL);
  int result = function ? PyDict_SetItemString(namespace, definition->ml_name, function) : -1;
  Py_XDECREF(function);
  return result;
}

/* Has it called at the end. Returns 0, or -1 with an exception. */
static int exit_register(PyMethodDef *definition) {
  PyObject *function = PyCFunction_New(definition, NULL);
  PyObject *result = function ? PyObject_CallFunctionObjArgs(at_exit, function, NULL) : NULL;
  Py_XDECREF(result);
  Py_XDECREF(function);
  return result ? 0 : -1;
}

static int exit_prepare(void) {
  PyObject *atexit = PyImport_ImportModule("atexit");
  at_exit = atexit ? PyObject_GetAttrString(atexit, "register") : NULL;
  Py_XDECREF(atexit);
  return at_exit ? exit_register(&exit_end_def) : -1;
}

static int module_make(void) {
  module = PyImport_AddModule(MODULE); /* borrowed */
  Py_XINCREF(module);
  PyObject *namespace = module ? PyModule_GetDict(module) : NULL; /* borrowed */
  if (!namespace || PyDict_SetItemString(namespace, "__builtins__", PyEval_GetBuiltins()) < 0 ||
      put_function(namespace, &event_def) < 0 || put_function(namespace, &checked_def) < 0)
    return -1;
  return source_run(fixture_module_source, "<proctor>", namespace);
}

/* Calls the loader: new reference to None, or to what is wrong. */
static PyObject *loader_call(const char *path, const char *variant) {
  PyObject *namespace = Py_BuildValue("{s:s}", "__name__", "_proctor_loader");
  PyObject *load = NULL, *result = NULL, *file = PyUnicode_DecodeFSDefault(path);
  if (namespace && PyDict_SetItemString(namespace, "__builtins__", PyEval_GetBuiltins()) == 0 &&
      source_run(fixture_loader_source, "<proctor loader>", namespace) == 0)
    load = PyDict_GetItemString(namespace, "load"); /* borrowed */
  if (load && file)
    result = PyObject_CallFunction(load, "Oz", file, *variant ? variant : NULL);
  else if (!PyErr_Occurred())
    PyErr_SetString(PyExc_RuntimeError, "the loader of fixtures is not whole");
  Py_XDECREF(file);
  Py_XDECREF(namespace);
  return result;
}

/* Whether a list, or a table, of the module has something in it; -1 with an exception. */
static int has_any(const char *name) {
  PyObject *list = PyObject_GetAttrString(module, name);
  int result = list ? PyObject_IsTrue(list) : -1;
  Py_XDECREF(list);
  return result;
}

/* Keeps what is wrong with it, unless that is None. */
static int problem_keep(PyObject *problem) {
  PyObject *words, *trace;
  if (problem == Py_None)
    return 0;
  if (!PyArg_ParseTuple(problem, "UU", &words, &trace))
    return -1;
  Py_INCREF(words);
  Py_XSETREF(summary, words);
  Py_INCREF(trace);
  Py_XSETREF(traceback, trace);
  return 0;
}

static int provided_keep(void) {
  PyObject *names = PyObject_GetAttrString(module, "_provided"), *name, *value;
  Py_ssize_t position = 0;
  provided = names ? calloc((size_t)PyDict_Size(names) + 1, sizeof *provided) : NULL;
  if (names && !provided)
    PyErr_NoMemory();
  while (provided && PyDict_Next(names, &position, &name, &value)) {
    const char *text = PyUnicode_AsUTF8(name);
    char *copy = text ? strdup(text) : NULL;
    if (!copy)
      break;
    Py_INCREF(value);
    provided[provided_count].name = copy;
    provided[provided_count++].value = value;
  }
  Py_XDECREF(names);
  return PyErr_Occurred() ? -1 : 0;
}

/* Runs it: new reference to None, or to what is wrong. */
static PyObject *load(const char *path, const char *variant) {
  /* Says that a process which the fixture forked came back from it. */
  volatile char *has_returned =
      mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (has_returned == MAP_FAILED)
    return PyErr_SetFromErrno(PyExc_OSError);
  pid_t own = getpid();
  PyObject *problem = loader_call(path, variant);
  if (getpid() != own) {
    *has_returned = 1;
    _exit(0);
  }
  if (problem && *has_returned)
    Py_SETREF(problem, PyObject_CallMethod(module, "_forked", NULL));
  munmap((void *)(uintptr_t)has_returned, 1);
  return problem;
}

int fixture_load(const char *path, const char *variant) {
  if (module_make() < 0 || exit_prepare() < 0)
    return -1;
  const char *slash = strrchr(path, '/');
  snprintf(late, sizeof late, "%s: its hooks (before, place, shows, words, after)",
           slash ? slash + 1 : path);
  /* What it prints meanwhile stands in no snippet's output; its errors tell how it ended. */
  Quiet quiet;
  if (!quiet_begin_output(&quiet)) {
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
  }
  PyObject *problem = load(path, variant);
  if (!quiet_end(&quiet) && problem) {
    PyErr_SetString(PyExc_OSError, "it closed descriptors that are not its own");
    Py_CLEAR(problem);
  }
  int result = problem ? problem_keep(problem) : -1;
  Py_XDECREF(problem);
  if (result < 0 || summary)
    return result;
  int shows = has_any("_shows");
  has_shows = shows > 0;
  return shows < 0 ? -1 : provided_keep();
}

/* --- in the snippet's process ------------------------------------------ */

/* Notes that the fixture is not ready, for which an exception or `summary` says why, and ends
 * the run. */
_Noreturn static void not_ready(void) {
  PyObject *exception = compat_take_exception();
  PyObject *problem = exception ? PyObject_CallMethod(module, "_problem", "O", exception) : NULL;
  if (problem && problem_keep(problem) < 0)
    Py_CLEAR(summary);
  PyErr_Clear();
  note_unready(summary, traceback);
  note_exit(JOURNAL_END, 0);
  _exit(0);
}

/* For an expected condition, which has no traceback. */
_Noreturn static void not_ready_because(const char *reason) {
  PyObject *type = PyObject_GetAttrString(module, "NotReady");
  if (type)
    PyErr_SetString(type, reason);
  Py_XDECREF(type);
  not_ready();
}

/* Around what the fixture does by itself in a snippet's process. */
typedef struct {
  Quiet quiet;
  bool has_deadline;
} Hooks;

#define NO_DESCRIPTOR "no descriptor is left to keep apart what is printed"
#define NOT_ITS_OWN "a hook of the fixture closed descriptors that are not its own"

/* false, where what they print would be the snippet's: then they are not to be run. */
static bool hooks_begin(Hooks *hooks) {
  if (!quiet_begin(&hooks->quiet))
    return false;
  note_event(JOURNAL_HOOK);
  hooks->has_deadline = deadline_begin(HOOKS_MS, late);
  return true;
}

/* false: what the snippet prints from here on is lost. Leaves an exception as it is. */
static bool hooks_end(Hooks *hooks) {
  if (hooks->has_deadline)
    deadline_end();
  note_event(JOURNAL_HOOKED);
  return quiet_end(&hooks->quiet);
}

/* The comments and paragraphs that words may speak of: new list. */
static PyObject *remarks_of(const WireUnit *subject) {
  PyObject *remarks = PyList_New(0);
  for (uint32_t i = 0; remarks && i < subject->probe_count; i++) {
    const WireProbe *probe = &subject->probes[i];
    if (probe->kind != WIRE_PROBE_REMARK && probe->kind != WIRE_PROBE_PROSE)
      continue;
    int kind = probe->kind == WIRE_PROBE_REMARK ? JOURNAL_CHECKED_REMARK : JOURNAL_CHECKED_PROSE;
    PyObject *text = PyUnicode_DecodeUTF8(probe->text, (Py_ssize_t)probe->size, "replace");
    PyObject *remark =
        text ? Py_BuildValue("(IiIIIN)", i, kind, probe->line, probe->first, probe->last, text)
             : NULL;
    if (!remark || PyList_Append(remarks, remark) < 0)
      Py_CLEAR(remarks);
    Py_XDECREF(remark);
  }
  return remarks;
}

static bool pieces_mention(const WireUnit *unit, const char *name) {
  size_t size = strlen(name);
  for (uint32_t i = 0; i < unit->piece_count; i++)
    if (memmem(unit->pieces[i].source, unit->pieces[i].size, name, size))
      return true;
  for (uint32_t i = 0; i < unit->probe_count; i++)
    if (unit->probes[i].kind == WIRE_PROBE_FINAL &&
        memmem(unit->probes[i].text, unit->probes[i].size, name, size))
      return true;
  return false;
}

/* Puts the names that the request mentions into namespace. Returns 0, or -1 with an exception. */
static int names_put(PyObject *namespace, const WireRequest *request) {
  for (size_t i = 0; i < provided_count; i++) {
    bool is_mentioned = false;
    for (uint32_t k = 0; k < request->unit_count && !is_mentioned; k++)
      is_mentioned = pieces_mention(&request->units[k], provided[i].name);
    if (is_mentioned && PyDict_SetItemString(namespace, provided[i].name, provided[i].value) < 0)
      return -1;
  }
  return 0;
}

/* The sources of a request's units: new list. */
static PyObject *sources_of(const WireRequest *request) {
  PyObject *sources = PyList_New(0);
  for (uint32_t i = 0; sources && i < request->unit_count; i++) {
    size_t size;
    char *text = units_text(&request->units[i], &size);
    PyObject *source =
        text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, "replace") : PyErr_NoMemory();
    if (!source || PyList_Append(sources, source) < 0)
      Py_CLEAR(sources);
    Py_XDECREF(source);
    free(text);
  }
  return sources;
}

void fixture_begin(PyObject *namespace, const WireRequest *request) {
  if (!module)
    return;
  if (summary || names_put(namespace, request) < 0)
    not_ready();
  Hooks hooks;
  if (!hooks_begin(&hooks))
    not_ready_because(NO_DESCRIPTOR);
  int places = 0;
  PyObject *sources = sources_of(request);
  PyObject *remarks = remarks_of(&request->units[request->unit_count - 1]);
  PyObject *begun = sources && remarks
                        ? PyObject_CallMethod(module, "_begin", "OOO", namespace, sources, remarks)
                        : NULL;
  if (begun && PyArg_ParseTuple(begun, "Op", &counted, &places))
    Py_INCREF(counted);
  has_places = places;
  bool is_fine = hooks_end(&hooks);
  Py_XDECREF(begun);
  Py_XDECREF(remarks);
  Py_XDECREF(sources);
  if (!counted || exit_register(&exit_begin_def) < 0)
    not_ready();
  if (!is_fine)
    not_ready_because(NOT_ITS_OWN);
}

void fixture_watch(void) {
  is_watching = true;
}

bool fixture_places(void) {
  return has_places;
}

PyObject *fixture_place(PyObject *tree, bool is_subject) {
  if (!has_places)
    return NULL;
  Hooks hooks;
  if (!hooks_begin(&hooks))
    not_ready_because(NO_DESCRIPTOR);
  PyObject *errors = syntax_hush();
  PyObject *placed =
      PyObject_CallMethod(module, "_place", "OO", tree, is_subject ? Py_True : Py_False);
  syntax_unhush(errors);
  bool is_fine = hooks_end(&hooks);
  if (!placed)
    not_ready();
  if (!is_fine)
    not_ready_because(NOT_ITS_OWN);
  if (placed == Py_None)
    Py_CLEAR(placed);
  return placed;
}

bool fixture_counts(uint32_t number) {
  PyObject *key = counted ? PyLong_FromUnsignedLong(number) : NULL;
  bool result = key && PySequence_Contains(counted, key) == 1;
  Py_XDECREF(key);
  PyErr_Clear();
  return result;
}

PyObject *fixture_shown(PyObject *value, bool is_copy) {
  if (!has_shows)
    return NULL;
  PyObject *pending = compat_take_exception();
  bool was_looking = is_looking_on;
  is_looking_on = true;
  /* Flushing first, as a Quiet does, would change what a process that it forks holds back. */
  bool was_muted = capture_mute(true);
  bool has_deadline = !is_copy && deadline_begin(HOOKS_MS, late);
  if (!is_copy)
    note_event(JOURNAL_HOOK);
  PyObject *shown =
      PyObject_CallMethod(module, "_shown", "OO", value, is_copy ? Py_True : Py_False);
  if (!is_copy)
    note_event(JOURNAL_HOOKED);
  if (has_deadline)
    deadline_end();
  capture_mute(was_muted);
  is_looking_on = was_looking;
  if (shown && !PyUnicode_Check(shown))
    Py_CLEAR(shown);
  compat_set_exception(pending);
  return shown;
}

/* --- after it ---------------------------------------------------------- */

/* As Python's shutdown does it, which does nothing the second time. */
static void threads_join(void) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed, as the module */
  PyObject *threading =
      modules && PyDict_Check(modules) ? PyDict_GetItemString(modules, "threading") : NULL;
  PyObject *all = threading ? PyObject_GetAttrString(threading, "_active") : NULL;
  if (all && PyDict_CheckExact(all) && PyDict_GET_SIZE(all) > 1)
    Py_XDECREF(PyObject_CallMethod(threading, "_shutdown", NULL));
  Py_XDECREF(all);
  PyErr_Clear();
}

/* How often the statements were run, by the numbers of their remarks. */
static PyObject *times_of(const WireUnit *subject) {
  PyObject *times = PyDict_New();
  for (uint32_t i = 0; times && i < subject->probe_count; i++) {
    uint64_t count;
    if (!points_count(i, &count))
      continue;
    PyObject *key = PyLong_FromUnsignedLong(i), *value = PyLong_FromUnsignedLongLong(count);
    if (!key || !value || PyDict_SetItem(times, key, value) < 0)
      Py_CLEAR(times);
    Py_XDECREF(key);
    Py_XDECREF(value);
  }
  return times;
}

/* Something of the fixture's kept us from finding out what it would say. */
static void note_unclear(PyObject *why) {
  PyObject *rule = PyUnicode_FromString("checks");
  PyObject *said =
      rule ? PyUnicode_FromString("what is checked when the snippet has been run") : NULL;
  if (said)
    note_checked(&(NoteChecked){.kind = JOURNAL_CHECKED_AFTER,
                                .end = JOURNAL_CHECKED_UNCLEAR,
                                .rule = rule,
                                .said = said,
                                .note = why});
  Py_XDECREF(said);
  Py_XDECREF(rule);
  PyErr_Clear();
}

static void finish(const WireUnit *subject, PyObject *exception) {
  PyObject *times = times_of(subject);
  PyObject *result =
      times ? PyObject_CallMethod(module, "_finish", "OO", exception ? exception : Py_None, times)
            : NULL;
  PyObject *error = result ? NULL : compat_take_exception();
  PyObject *why = error ? PyObject_CallMethod(module, "_where", "O", error) : NULL;
  PyErr_Clear();
  if (!result)
    note_unclear(why);
  Py_XDECREF(why);
  Py_XDECREF(error);
  Py_XDECREF(result);
  Py_XDECREF(times);
}

/* They were not run, and nothing is known. */
static void leave(const WireUnit *subject, const char *reason) {
  finals_leave(subject, reason);
  PyObject *why = module ? PyUnicode_FromString(reason) : NULL;
  if (module)
    note_unclear(why);
  Py_XDECREF(why);
  PyErr_Clear();
}

void fixture_finish(const WireUnit *subject, PyObject *namespace, PyObject *exception, int status) {
  bool has_finals = finals_are_there(subject);
  if (!module && !has_finals)
    return;
  /* What its threads still do belongs to the snippet; python3 waits for them now, too. */
  note_event(JOURNAL_ENDING);
  threads_join();
  note_exit(JOURNAL_CHECKING, status);
  is_watching = false;
  Hooks hooks;
  if (!hooks_begin(&hooks)) {
    leave(subject, NO_DESCRIPTOR);
    return;
  }
  if (has_finals)
    finals_check(subject, namespace);
  if (module)
    finish(subject, exception);
  if (!hooks_end(&hooks) && module)
    not_ready_because(NOT_ITS_OWN);
}
