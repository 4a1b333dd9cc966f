#include "worker/shutdown.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "worker/capture.h"
#include "worker/fixture.h"
#include "worker/note.h"
#include "worker/pycompat.h"
#include "worker/units.h"

/* What a script that is python3's own exits with when its end failed. */
#define EXIT_FLUSH_FAILED 120

/* The module that the second guard replaces: the first in sys.modules that is
 * not exempt from clearing, as sys and builtins are. */
#define FRONT_MODULE "_frozen_importlib"

/* No path of an import: only a key. */
#define GUARD_KEY "/proc/self/fdinfo/proctor"

static PyObject *preloaded; /* tuple of name, module, name, module, ... */
static PyObject *instead;   /* what sys.modules is to have in it, see below */
static PyObject *entries;   /* tuple of what it had: name, value, name, value, ... */
static struct {
  PyObject *dictionary; /* owned */
  Py_ssize_t size;      /* when the zygote was ready */
} * watched;            /* what preloaded modules keep things in */
static size_t watched_count;
static PyObject *unfreeze; /* gc.unfreeze: for the full way, all is looked at again */
static PyTypeObject *stand_in_type, *first_guard_type, *second_guard_type;
static bool is_running;     /* shutdown_run was called */
static bool is_guard_found; /* the first guard has done its work */
static int exit_status;

_Noreturn static void leave(int status) {
  fflush(NULL);
  if (status == SHUTDOWN_BY_SIGINT) {
    signal(SIGINT, SIG_DFL);
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
    kill(getpid(), SIGINT);
    status = 128 + SIGINT;
  }
  _exit(status);
}

static void note_end(int status) {
  note_exit(JOURNAL_END, status == SHUTDOWN_BY_SIGINT ? 128 + SIGINT : status & 0xff);
}

/* --- an object with a module's dictionary ------------------------------ */

typedef struct {
  PyObject_HEAD PyObject *dictionary;
} StandIn;

static void stand_in_free(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_XDECREF(((StandIn *)self)->dictionary);
  type->tp_free(self);
  Py_DECREF(type);
}

static PyMemberDef stand_in_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(StandIn, dictionary), READONLY, NULL},
    {NULL},
};
static PyType_Slot stand_in_slots[] = {
    {Py_tp_dealloc, stand_in_free},
    {Py_tp_members, stand_in_members},
    {0, NULL},
};
static PyType_Spec stand_in_spec = {"builtins.module", sizeof(StandIn), 0, Py_TPFLAGS_DEFAULT,
                                    stand_in_slots};

/* New reference, NULL without an exception set. */
static PyObject *stand_in_new(PyObject *module) {
  StandIn *made = PyObject_New(StandIn, stand_in_type);
  if (!made) {
    PyErr_Clear();
    return NULL;
  }
  made->dictionary = PyModule_GetDict(module);
  Py_INCREF(made->dictionary);
  return (PyObject *)made;
}

/* --- what the script hung into preloaded modules ----------------------- */

/* Python itself puts these into sys and builtins, if only to clear them; the
 * last is ours. */
static const char *const own_names[] = {
    "last_type", "last_value", "last_traceback", "last_exc", "ps1", "ps2", "_", NOTE_VALUE};

static Py_ssize_t size_of(PyObject *dictionary) {
  Py_ssize_t size = PyDict_Size(dictionary);
  for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
    size -= PyDict_GetItemString(dictionary, own_names[i]) != NULL;
  return size;
}

static void watch_one(PyObject *dictionary) {
  Py_INCREF(dictionary);
  watched[watched_count].dictionary = dictionary;
  watched[watched_count++].size = size_of(dictionary);
}

/* Remembers how full the namespaces of all modules are, and the tables in them:
 * those that grow by themselves when something is imported are left out. */
static int watch_preloaded(void) {
  size_t room = 0;
  for (int pass = 0; pass < 2; pass++) {
    PyObject *imports = PySys_GetObject("path_importer_cache"); /* borrowed, as all here */
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(preloaded); i += 2) {
      PyObject *namespace = PyModule_GetDict(PyTuple_GET_ITEM(preloaded, i));
      PyObject *name, *value;
      Py_ssize_t position = 0;
      if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(preloaded, i - 1), "__main__") == 0)
        continue;
      room++;
      if (pass == 1)
        watch_one(namespace);
      while (PyDict_Next(namespace, &position, &name, &value)) {
        if (!PyDict_CheckExact(value) || value == imports || value == PyImport_GetModuleDict())
          continue;
        room++;
        if (pass == 1)
          watch_one(value);
      }
    }
    if (pass == 0 && !(watched = calloc(room, sizeof *watched)))
      return -1;
  }
  return 0;
}

/* The full way: as if nothing had been frozen, or kept here. */
static void let_all_go(void) {
  Py_XDECREF(PyObject_CallNoArgs(unfreeze));
  PyErr_Clear();
  for (size_t i = 0; i < watched_count; i++)
    Py_CLEAR(watched[i].dictionary);
  Py_CLEAR(preloaded);
}

/* Then what is in them may be all that keeps an object of the script. */
static bool preloaded_have_grown(void) {
  for (size_t i = 0; i < watched_count; i++)
    if (size_of(watched[i].dictionary) > watched[i].size)
      return true;
  return false;
}

/* --- the guards -------------------------------------------------------- */

static void second_guard_free(PyObject *self) {
  if (is_running && compat_is_finalizing()) {
    capture_flush_own();
    if (capture_flush_failed())
      exit_status = EXIT_FLUSH_FAILED;
    note_end(exit_status);
    leave(exit_status);
  }
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

/* A module whose clearing ends the process: new reference, which is never
 * given back, so that CPython finds it alive and clears it. */
static PyObject *front_module_new(void) {
  PyObject *module = PyModule_New(FRONT_MODULE);
  PyObject *guard = (PyObject *)PyObject_New(PyObject, second_guard_type);
  /* A leading underscore is cleared before any other name. */
  if (!module || !guard || PyObject_SetAttrString(module, "_guard", guard) < 0)
    Py_CLEAR(module);
  Py_XDECREF(guard);
  PyErr_Clear();
  return module;
}

static bool is_exempt(PyObject *name) {
  return PyUnicode_CompareWithASCIIString(name, "sys") == 0 ||
         PyUnicode_CompareWithASCIIString(name, "builtins") == 0 ||
         PyUnicode_CompareWithASCIIString(name, "__main__") == 0;
}

static void keep_preloaded_modules(void) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  if (!modules || !PyDict_Check(modules))
    return;
  for (Py_ssize_t i = 0; i + 1 < PyTuple_GET_SIZE(preloaded); i += 2) {
    PyObject *name = PyTuple_GET_ITEM(preloaded, i);
    PyObject *module = PyTuple_GET_ITEM(preloaded, i + 1);
    if (is_exempt(name) || PyDict_GetItem(modules, name) != module)
      continue;
    bool is_front = PyUnicode_CompareWithASCIIString(name, FRONT_MODULE) == 0;
    PyObject *other = is_front ? front_module_new() : stand_in_new(module);
    if (other && PyDict_SetItem(modules, name, other) < 0)
      PyErr_Clear();
    if (!is_front)
      Py_XDECREF(other);
  }
}

/* --- the same, for what it costs ---------------------------------------- */

/* To put all these stand-ins there one by one, in each child, would write to as many pages as
 * there are modules, and copying a page costs more than anything else here. So the dictionary
 * as it is to be is made in the zygote, with names and stand-ins that lie side by side and
 * that nobody else refers to, and the two dictionaries change what is in them. */

/* A name of its own, so that no page of the original is written: new reference. */
static PyObject *name_copy(PyObject *name) {
  const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
  return text ? PyUnicode_FromString(text) : NULL;
}

/* What stands for an entry of sys.modules: new reference. */
static PyObject *entry_instead(PyObject *name, PyObject *value) {
  if (PyUnicode_CompareWithASCIIString(name, FRONT_MODULE) == 0)
    return front_module_new();
  PyObject *other = is_exempt(name) || !PyModule_Check(value) ? value : stand_in_new(value);
  if (other == value)
    Py_INCREF(other);
  return other;
}

static int instead_prepare(void) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  PyObject *name, *value;
  Py_ssize_t position = 0, count = 0;
  instead = PyDict_New();
  entries = PyTuple_New(2 * PyDict_Size(modules));
  while (instead && entries && PyDict_Next(modules, &position, &name, &value)) {
    PyObject *copy = name_copy(name), *other = copy ? entry_instead(name, value) : NULL;
    int result = other ? PyDict_SetItem(instead, copy, other) : -1;
    Py_XDECREF(copy); /* of `other` one reference is kept for good: it is never freed */
    if (result < 0)
      return -1;
    Py_INCREF(name);
    PyTuple_SET_ITEM(entries, count++, name);
    Py_INCREF(value);
    PyTuple_SET_ITEM(entries, count++, value);
  }
  return instead && entries ? 0 : -1;
}

/* Whether sys.modules still has what it had, in that order; then what is the snippet's own is
 * put into the other dictionary, and its names into own, a list. */
static bool instead_complete(PyObject *modules, PyObject *own) {
  PyObject *name, *value;
  Py_ssize_t position = 0, at = 0;
  while (PyDict_Next(modules, &position, &name, &value)) {
    bool is_known = at < PyTuple_GET_SIZE(entries);
    bool is_main = PyUnicode_CompareWithASCIIString(name, "__main__") == 0;
    if (is_known && (PyTuple_GET_ITEM(entries, at) != name ||
                     (PyTuple_GET_ITEM(entries, at + 1) != value && !is_main)))
      return false;
    if ((!is_known || is_main) &&
        (PyDict_SetItem(instead, name, value) < 0 || PyList_Append(own, name) < 0))
      return false;
    at += is_known ? 2 : 0;
  }
  return at == PyTuple_GET_SIZE(entries);
}

/* The dictionary that is left keeps no module of the snippet's alive. */
static void own_drop(PyObject *dictionary, PyObject *own) {
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(own); i++)
    if (PyDict_DelItem(dictionary, PyList_GET_ITEM(own, i)) < 0)
      PyErr_Clear();
}

static bool exchange_preloaded_modules(void) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  PyObject *own = PyList_New(0);
  bool is_done = own && modules && PyDict_CheckExact(modules) && instead_complete(modules, own) &&
                 compat_exchange_dictionaries(modules, instead);
  PyErr_Clear();
  if (own) /* where it was not done, `instead` holds them, too */
    own_drop(instead, own);
  Py_XDECREF(own);
  return is_done;
}

static void first_guard_free(PyObject *self) {
  if (is_running && !is_guard_found && compat_is_finalizing() && !capture_flush_failed() &&
      capture_is_whole()) {
    is_guard_found = true;
    PyObject *pending = compat_take_exception();
    if (!fixture_is_loaded() && preloaded_have_grown())
      let_all_go();
    else if (!exchange_preloaded_modules())
      keep_preloaded_modules();
    compat_set_exception(pending);
  }
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

static PyType_Slot first_guard_slots[] = {{Py_tp_dealloc, first_guard_free}, {0, NULL}};
static PyType_Slot second_guard_slots[] = {{Py_tp_dealloc, second_guard_free}, {0, NULL}};
static PyType_Spec first_guard_spec = {"builtins.object", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT,
                                       first_guard_slots};
static PyType_Spec second_guard_spec = {"builtins.object", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT,
                                        second_guard_slots};

/* Lays one in each place that CPython gives up at the right step; in which of
 * them it then does so depends on who else holds that, which differs between
 * versions. */
static int first_guards_lay(void) {
  PyObject *cache = PySys_GetObject("path_importer_cache"); /* both borrowed */
  PyObject *hook = PySys_GetObject("__interactivehook__");
  PyObject *in_cache = (PyObject *)PyObject_New(PyObject, first_guard_type);
  PyObject *in_hook = (PyObject *)PyObject_New(PyObject, first_guard_type);
  int result = -1;
  if (in_cache && in_hook && cache && PyDict_SetItemString(cache, GUARD_KEY, in_cache) == 0)
    result = hook ? PyObject_SetAttrString(hook, "_guard", in_hook) : 0;
  Py_XDECREF(in_cache);
  Py_XDECREF(in_hook);
  return result;
}

int shutdown_prepare(void) {
  stand_in_type = (PyTypeObject *)PyType_FromSpec(&stand_in_spec);
  first_guard_type = (PyTypeObject *)PyType_FromSpec(&first_guard_spec);
  second_guard_type = (PyTypeObject *)PyType_FromSpec(&second_guard_spec);
  if (!stand_in_type || !first_guard_type || !second_guard_type || first_guards_lay() < 0)
    return -1;

  PyObject *collector = PyImport_ImportModule("gc");
  unfreeze = collector ? PyObject_GetAttrString(collector, "unfreeze") : NULL;
  Py_XDECREF(collector);
  if (!unfreeze)
    return -1;

  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  PyObject *name, *module;
  Py_ssize_t position = 0, count = 0;
  PyObject *pairs = PyTuple_New(2 * PyDict_Size(modules));
  while (pairs && PyDict_Next(modules, &position, &name, &module)) {
    if (!PyModule_Check(module))
      continue;
    Py_INCREF(name);
    PyTuple_SET_ITEM(pairs, count++, name);
    Py_INCREF(module);
    PyTuple_SET_ITEM(pairs, count++, module);
  }
  if (pairs && _PyTuple_Resize(&pairs, count) < 0)
    return -1;
  preloaded = pairs;
  return pairs && instead_prepare() == 0 ? watch_preloaded() : -1;
}

void shutdown_run(int status) {
  note_event(JOURNAL_ENDING);
  exit_status = status;
  is_running = true;
  if (Py_FinalizeEx() < 0)
    status = EXIT_FLUSH_FAILED;
  /* Python is gone, but a journal needs none. */
  note_end(status);
  leave(status);
}
