#include "worker/locks.h"

#include <string.h>
#include <unistd.h>

#include "worker/board.h"
#include "worker/pycompat.h"

/* Flags of methods, as they say how a function is called. */
#define PLAIN METH_NOARGS
#define TUPLE METH_VARARGS
#define TUPLE_NAMES (METH_VARARGS | METH_KEYWORDS)
#define ARRAY METH_FASTCALL
#define ARRAY_NAMES (METH_FASTCALL | METH_KEYWORDS)
#ifdef METH_METHOD
#define ARRAY_NAMES_CLASS (METH_METHOD | METH_FASTCALL | METH_KEYWORDS)
#endif

typedef PyObject *NamesFunction(PyObject *self, PyObject *arguments, PyObject *names);
typedef PyObject *ArrayFunction(PyObject *self, PyObject *const *arguments, Py_ssize_t count);
typedef PyObject *ArrayNamesFunction(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *names);
typedef PyObject *ArrayNamesClassFunction(PyObject *self, PyTypeObject *type,
                                          PyObject *const *arguments, size_t count,
                                          PyObject *names);

/* --- what the calls ask for -------------------------------------------- */

/* Of acquire(blocking=True, timeout=-1), get(block=True, timeout=None) and their
 * like: whether one call waits without a limit. Not where an argument would have
 * to be asked what it means; a call that is wrong may seem to. */

static bool is_endless(PyObject *limit) {
  if (limit == Py_None)
    return true;
  if (PyFloat_CheckExact(limit))
    return PyFloat_AS_DOUBLE(limit) < 0;
  if (!PyLong_CheckExact(limit))
    return false;
  int overflow;
  long number = PyLong_AsLongAndOverflow(limit, &overflow);
  return number < 0 && overflow == 0;
}

/* The named arguments of a call, if there are any, say nothing else. */
static bool is_endless_named(PyObject *name, PyObject *value) {
  if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "timeout") == 0)
    return is_endless(value);
  return value == Py_True;
}

static bool is_endless_array(PyObject *const *arguments, Py_ssize_t count, PyObject *names) {
  if (count > 0 && (arguments[0] != Py_True || (count > 1 && !is_endless(arguments[1]))))
    return false;
  for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); i++)
    if (!is_endless_named(PyTuple_GET_ITEM(names, i), arguments[count + i]))
      return false;
  return true;
}

static bool is_endless_tuple(PyObject *arguments, PyObject *names) {
  PyObject *name, *value;
  Py_ssize_t position = 0;
  while (names && PyDict_Next(names, &position, &name, &value))
    if (!is_endless_named(name, value))
      return false;
  return is_endless_array(((PyTupleObject *)arguments)->ob_item, PyTuple_GET_SIZE(arguments), NULL);
}

/* --- locks ------------------------------------------------------------- */

/* The functions of a kind of lock. */
typedef struct {
  NamesFunction *acquire;
  PyCFunction release;
  destructor free;
  bool counts; /* its thread may take it again */
} LockKind;

static LockKind plain_lock = {.counts = false}, counting_lock = {.counts = true};
static PyObject *without_waiting; /* the arguments (False,) */

/* acquire() and acquire(True, -1), as with statements and Thread.join call it:
 * calls that are right for certain, and equal to one without waiting and then
 * one with. */
static bool is_usual_call(PyObject *arguments, PyObject *names) {
  Py_ssize_t count = PyTuple_GET_SIZE(arguments);
  if (names)
    return false;
  if (count == 0)
    return true;
  PyObject *limit = count == 2 ? PyTuple_GET_ITEM(arguments, 1) : NULL;
  int overflow;
  return PyTuple_GET_ITEM(arguments, 0) == Py_True &&
         (count == 1 || (limit && PyLong_CheckExact(limit) &&
                         PyLong_AsLongAndOverflow(limit, &overflow) == -1 && overflow == 0));
}

static PyObject *acquire(const LockKind *kind, PyObject *self, PyObject *arguments,
                         PyObject *names) {
  if (!board_is_on())
    return kind->acquire(self, arguments, names);
  BoardPause pause = {.row = NULL};
  PyObject *result = NULL;
  if (is_usual_call(arguments, names)) {
    result = kind->acquire(self, without_waiting, NULL);
    if (result == Py_False) {
      Py_CLEAR(result);
      board_pause(&pause, BOARD_LOCK, self, "", UINT32_MAX);
      result = kind->acquire(self, arguments, names);
      board_go_on(&pause);
    }
  } else {
    if (board_is_held(self, kind->counts) && is_endless_tuple(arguments, names))
      board_pause(&pause, BOARD_LOCK, self, "", UINT32_MAX);
    result = kind->acquire(self, arguments, names);
    board_go_on(&pause);
  }
  if (result == Py_True)
    board_took(self, kind->counts);
  return result;
}

static PyObject *release(const LockKind *kind, PyObject *self, PyObject *arguments) {
  PyObject *result = kind->release(self, arguments);
  if (result)
    board_released(self);
  return result;
}

static PyObject *on_acquire(PyObject *self, PyObject *arguments, PyObject *names) {
  return acquire(&plain_lock, self, arguments, names);
}

static PyObject *on_release(PyObject *self, PyObject *arguments) {
  return release(&plain_lock, self, arguments);
}

static void on_free(PyObject *self) {
  board_free(self);
  plain_lock.free(self);
}

static PyObject *on_counting_acquire(PyObject *self, PyObject *arguments, PyObject *names) {
  return acquire(&counting_lock, self, arguments, names);
}

static PyObject *on_counting_release(PyObject *self, PyObject *arguments) {
  return release(&counting_lock, self, arguments);
}

static void on_counting_free(PyObject *self) {
  board_free(self);
  counting_lock.free(self);
}

/* Condition.wait gives up a lock that was taken several times, and takes it
 * again. */
static PyCFunction release_save, acquire_restore;

static PyObject *on_release_save(PyObject *self, PyObject *arguments) {
  PyObject *result = release_save(self, arguments);
  if (result)
    board_free(self);
  return result;
}

static PyObject *on_acquire_restore(PyObject *self, PyObject *arguments) {
  BoardPause pause = {.row = NULL};
  if (board_is_held(self, true))
    board_pause(&pause, BOARD_LOCK, self, "", UINT32_MAX);
  PyObject *result = acquire_restore(self, arguments);
  board_go_on(&pause);
  if (!result)
    return NULL;
  PyObject *state = PyTuple_GET_SIZE(arguments) == 1 ? PyTuple_GET_ITEM(arguments, 0) : NULL;
  PyObject *depth = state && PyTuple_CheckExact(state) && PyTuple_GET_SIZE(state) == 2
                        ? PyTuple_GET_ITEM(state, 0)
                        : NULL;
  unsigned long times = depth && PyLong_CheckExact(depth) ? PyLong_AsUnsignedLongMask(depth) : 1;
  board_took_times(self, times > 0 && times < UINT32_MAX ? (uint32_t)times : 1);
  return result;
}

static PyCFunction set_sentinel;

static PyObject *on_set_sentinel(PyObject *self, PyObject *none) {
  PyObject *lock = set_sentinel(self, none);
  if (lock)
    board_took_for_life(lock);
  return lock;
}

/* --- other things that may wait without end ---------------------------- */

static PyCFunction thread_join, threads_shutdown, queue_empty;

static PyObject *on_thread_join(PyObject *self, PyObject *arguments) {
  BoardPause pause = {.row = NULL};
  Py_ssize_t count = PyTuple_GET_SIZE(arguments);
  if (board_is_on() && (count == 0 || (count == 1 && is_endless(PyTuple_GET_ITEM(arguments, 0))))) {
    PyObject *identity = PyObject_GetAttrString(self, "ident");
    unsigned long number =
        identity && PyLong_Check(identity) ? PyLong_AsUnsignedLongMask(identity) : 0;
    Py_XDECREF(identity);
    PyErr_Clear();
    board_pause(&pause, BOARD_THREAD, self, "_ThreadHandle.join",
                number ? board_find_thread(number) : UINT32_MAX);
  }
  PyObject *result = thread_join(self, arguments);
  board_go_on(&pause);
  return result;
}

static PyObject *on_threads_shutdown(PyObject *self, PyObject *none) {
  BoardPause pause;
  board_pause(&pause, BOARD_THREAD, self, "", UINT32_MAX);
  PyObject *result = threads_shutdown(self, none);
  board_go_on(&pause);
  return result;
}

/* Notes a wait of SimpleQueue.get where there is nothing to get. */
static void queue_pause(BoardPause *pause, PyObject *self, bool is_without_limit) {
  pause->row = NULL;
  if (!board_is_on() || !is_without_limit || !queue_empty)
    return;
  PyObject *is_empty = queue_empty(self, NULL);
  if (is_empty == Py_True)
    board_pause(pause, BOARD_QUEUE, self, "SimpleQueue.get", UINT32_MAX);
  Py_XDECREF(is_empty);
  PyErr_Clear();
}

static ArrayNamesFunction *queue_get;

static PyObject *on_queue_get(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                              PyObject *names) {
  BoardPause pause;
  queue_pause(&pause, self, is_endless_array(arguments, count, names));
  PyObject *result = queue_get(self, arguments, count, names);
  board_go_on(&pause);
  return result;
}

#ifdef ARRAY_NAMES_CLASS
static ArrayNamesClassFunction *queue_get_of_class;

static PyObject *on_queue_get_of_class(PyObject *self, PyTypeObject *type,
                                       PyObject *const *arguments, size_t count, PyObject *names) {
  BoardPause pause;
  Py_ssize_t given = PyVectorcall_NARGS(count);
  queue_pause(&pause, self, is_endless_array(arguments, given, names));
  PyObject *result = queue_get_of_class(self, type, arguments, count, names);
  board_go_on(&pause);
  return result;
}
#endif

static ArrayNamesFunction *epoll_poll;

/* poll(timeout=None, maxevents=-1) */
static PyObject *on_epoll_poll(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                               PyObject *names) {
  BoardPause pause = {.row = NULL};
  bool is_without_limit = count == 0 || is_endless(arguments[0]);
  for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); i++)
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, i), "timeout") == 0)
      is_without_limit = is_endless(arguments[count + i]);
  if (board_is_on() && is_without_limit)
    board_pause(&pause, BOARD_EVENTS, self, "epoll.poll", UINT32_MAX);
  PyObject *result = epoll_poll(self, arguments, count, names);
  board_go_on(&pause);
  return result;
}

/* --- timers ------------------------------------------------------------ */

static ArrayFunction *set_timer;
static PyCFunction set_alarm;

/* Whether a number of seconds is, for certain, none. */
static bool is_zero(PyObject *seconds) {
  if (PyFloat_CheckExact(seconds))
    return PyFloat_AS_DOUBLE(seconds) == 0;
  int overflow;
  return PyLong_CheckExact(seconds) && PyLong_AsLongAndOverflow(seconds, &overflow) == 0 &&
         overflow == 0;
}

/* Said before it is so: its signal may come at once. */
static PyObject *on_set_timer(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
  if (count >= 2 && !is_zero(arguments[1]))
    board_timer();
  return set_timer(self, arguments, count);
}

static PyObject *on_set_alarm(PyObject *self, PyObject *seconds) {
  if (!is_zero(seconds))
    board_timer();
  return set_alarm(self, seconds);
}

/* --- putting them in place --------------------------------------------- */

/* Writes a pointer by way of the kernel, which says where memory is read-only
 * instead of ending the process. */
static bool pointer_write(void **at, void *value) {
  int ends[2];
  if (pipe(ends) < 0)
    return false;
  bool is_written = write(ends[1], &value, sizeof value) == (ssize_t)sizeof value &&
                    read(ends[0], at, sizeof value) == (ssize_t)sizeof value;
  close(ends[0]);
  close(ends[1]);
  return is_written;
}

/* What a function of a module, or a method of a type, leads to; NULL where there
 * is none of that kind. owner: a borrowed reference or NULL. */
static PyMethodDef *definition_of(PyObject *owner, const char *name) {
  PyObject *found = owner ? PyObject_GetAttrString(owner, name) : NULL;
  PyMethodDef *definition = NULL;
  if (found && PyType_Check(owner) && Py_IS_TYPE(found, &PyMethodDescr_Type))
    definition = ((PyMethodDescrObject *)found)->d_method;
  else if (found && PyCFunction_CheckExact(found))
    definition = ((PyCFunctionObject *)found)->m_ml;
  Py_XDECREF(found); /* its definition is not the object's */
  PyErr_Clear();
  return definition;
}

/* Replaces the function behind a name. *original is what it was; where it is
 * set already, only that function is replaced. Functions are passed as pointers
 * to data because each is of another type. */
static bool replace(PyObject *owner, const char *name, int flags, void *ours, void **original) {
  PyMethodDef *definition = definition_of(owner, name);
  const int called_as = METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O | METH_FASTCALL
#ifdef METH_METHOD
                        | METH_METHOD
#endif
      ;
  if (!definition || (definition->ml_flags & called_as) != flags)
    return false;
  void **at = (void **)&definition->ml_meth;
  if (*original && *original != *at)
    return false;
  *original = *at;
  return pointer_write(at, ours);
}

/* A module's attribute: new reference, NULL without an exception. */
static PyObject *attribute_of(PyObject *module, const char *name) {
  PyObject *found = module ? PyObject_GetAttrString(module, name) : NULL;
  PyErr_Clear();
  return found;
}

static void locks_replace(PyObject *type, LockKind *kind, NamesFunction *ours,
                          PyCFunction release_ours, destructor free_ours) {
  static const char *const acquires[] = {"acquire", "acquire_lock", "__enter__"};
  static const char *const releases[] = {"release", "release_lock", "__exit__"};
  if (!type || !PyType_Check(type))
    return;
  for (size_t i = 0; i < sizeof acquires / sizeof *acquires; i++)
    replace(type, acquires[i], TUPLE_NAMES, (void *)ours, (void **)&kind->acquire);
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
    replace(type, releases[i], i == 2 ? TUPLE : PLAIN, (void *)release_ours,
            (void **)&kind->release);
  kind->free = ((PyTypeObject *)type)->tp_dealloc;
  ((PyTypeObject *)type)->tp_dealloc = free_ours;
}

/* Imports a module, and makes it unimported again where it was not there: what
 * it is made of stays, and with it what was replaced. */
static PyObject *module_borrow(const char *name) {
  PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
  bool is_there = PyDict_GetItemString(modules, name);
  PyObject *module = PyImport_ImportModule(name);
  if (module && !is_there && PyDict_DelItemString(modules, name) < 0)
    PyErr_Clear();
  PyErr_Clear();
  return module;
}

static void threads_install(void) {
  PyObject *module = module_borrow("_thread");
  PyObject *lock = attribute_of(module, "LockType"), *counting = attribute_of(module, "RLock");
  PyObject *handle = attribute_of(module, "_ThreadHandle");
  locks_replace(lock, &plain_lock, on_acquire, on_release, on_free);
  locks_replace(counting, &counting_lock, on_counting_acquire, on_counting_release,
                on_counting_free);
  replace(counting, "_release_save", PLAIN, (void *)on_release_save, (void **)&release_save);
  replace(counting, "_acquire_restore", TUPLE, (void *)on_acquire_restore,
          (void **)&acquire_restore);
  replace(module, "_set_sentinel", PLAIN, (void *)on_set_sentinel, (void **)&set_sentinel);
  replace(handle, "join", TUPLE, (void *)on_thread_join, (void **)&thread_join);
  replace(module, "_shutdown", PLAIN, (void *)on_threads_shutdown, (void **)&threads_shutdown);
  Py_XDECREF(handle);
  Py_XDECREF(counting);
  Py_XDECREF(lock);
  Py_XDECREF(module);
}

static void queue_install(void) {
  PyObject *module = module_borrow("_queue");
  PyObject *type = attribute_of(module, "SimpleQueue");
  PyMethodDef *empty = definition_of(type, "empty");
  if (empty && empty->ml_flags == METH_NOARGS) {
    queue_empty = empty->ml_meth;
    if (!replace(type, "get", ARRAY_NAMES, (void *)on_queue_get, (void **)&queue_get)) {
#ifdef ARRAY_NAMES_CLASS
      replace(type, "get", ARRAY_NAMES_CLASS, (void *)on_queue_get_of_class,
              (void **)&queue_get_of_class);
#endif
    }
  }
  Py_XDECREF(type);
  Py_XDECREF(module);
}

static void others_install(void) {
  PyObject *module = module_borrow("select");
  PyObject *type = attribute_of(module, "epoll");
  replace(type, "poll", ARRAY_NAMES, (void *)on_epoll_poll, (void **)&epoll_poll);
  Py_XDECREF(type);
  Py_XDECREF(module);
  module = module_borrow("_signal");
  replace(module, "setitimer", ARRAY, (void *)on_set_timer, (void **)&set_timer);
  replace(module, "alarm", METH_O, (void *)on_set_alarm, (void **)&set_alarm);
  Py_XDECREF(module);
}

void locks_install(void) {
#ifndef Py_GIL_DISABLED /* rows of locks are written with the GIL held */
  without_waiting = Py_BuildValue("(O)", Py_False);
  if (without_waiting) {
    threads_install();
    queue_install();
    others_install();
  }
  PyErr_Clear();
#endif
}
