#include "worker/value.h"

#include "worker/fixture.h"
#include "worker/probe_fork.h"

/* More items than that no document states. */
#define ITEMS_MAX 10000
#define TEXT_MAX (4 * JOURNAL_TEXT_MAX)
#define BITS_MAX 14000 /* below Python's own limit of digits */
#define DEPTH_MAX 32

#define COPY_MS 500u
/* A value within a loop must not cost the loop its time. */
#define COPIES_MAX 100

typedef enum { VALUE_PLAIN, VALUE_FOREIGN, VALUE_HUGE } ValueKind;

static ValueKind kind_of(PyObject *value, int depth, int *items);

static ValueKind worse(ValueKind one, ValueKind other) {
  return one > other ? one : other;
}

static ValueKind kind_of_items(PyObject *value, int depth, int *items) {
  ValueKind kind = VALUE_PLAIN;
  bool is_list = PyList_CheckExact(value);
  Py_ssize_t size = is_list ? PyList_GET_SIZE(value) : PyTuple_GET_SIZE(value);
  for (Py_ssize_t i = 0; kind != VALUE_HUGE && i < size; i++)
    kind = worse(kind, kind_of(is_list ? PyList_GET_ITEM(value, i) : PyTuple_GET_ITEM(value, i),
                               depth + 1, items));
  return kind;
}

static ValueKind kind_of_table(PyObject *value, int depth, int *items) {
  ValueKind kind = VALUE_PLAIN;
  PyObject *key, *item;
  Py_ssize_t position = 0;
  while (kind != VALUE_HUGE && PyDict_Next(value, &position, &key, &item))
    kind = worse(kind, worse(kind_of(key, depth + 1, items), kind_of(item, depth + 1, items)));
  return kind;
}

/* Iterating over a set calls nothing of the snippet's. */
static ValueKind kind_of_set(PyObject *value, int depth, int *items) {
  ValueKind kind = VALUE_PLAIN;
  PyObject *iterator = PyObject_GetIter(value), *item;
  while (kind != VALUE_HUGE && iterator && (item = PyIter_Next(iterator))) {
    kind = worse(kind, kind_of(item, depth + 1, items));
    Py_DECREF(item);
  }
  Py_XDECREF(iterator);
  PyErr_Clear();
  return kind;
}

static ValueKind kind_of_integer(PyObject *value) {
  int overflow;
  PyLong_AsLongLongAndOverflow(value, &overflow);
  if (overflow == 0)
    return VALUE_PLAIN;
  PyObject *bits = PyObject_CallMethod(value, "bit_length", NULL);
  bool fits = bits && PyLong_AsLong(bits) <= BITS_MAX;
  Py_XDECREF(bits);
  PyErr_Clear();
  return fits ? VALUE_PLAIN : VALUE_HUGE;
}

static bool is_simple(PyObject *value) {
  PyTypeObject *type = Py_TYPE(value);
  return value == Py_None || value == Py_Ellipsis || value == Py_NotImplemented ||
         type == &PyBool_Type || type == &PyFloat_Type || type == &PyComplex_Type ||
         type == &PyRange_Type || type == &PyFunction_Type || type == &PyCFunction_Type ||
         type == &PyType_Type || type == &PyGen_Type || type->tp_repr == PyBaseObject_Type.tp_repr;
}

static ValueKind kind_of_long(Py_ssize_t size) {
  return size <= (Py_ssize_t)TEXT_MAX ? VALUE_PLAIN : VALUE_HUGE;
}

static ValueKind kind_of(PyObject *value, int depth, int *items) {
  if (--*items < 0)
    return VALUE_HUGE;
  if (is_simple(value))
    return VALUE_PLAIN;
  if (PyLong_CheckExact(value))
    return kind_of_integer(value);
  if (PyUnicode_CheckExact(value))
    return kind_of_long(PyUnicode_GET_LENGTH(value));
  if (PyBytes_CheckExact(value))
    return kind_of_long(PyBytes_GET_SIZE(value));
  if (PyByteArray_CheckExact(value))
    return kind_of_long(PyByteArray_GET_SIZE(value));
  if (depth > DEPTH_MAX)
    return VALUE_FOREIGN; /* perhaps it contains itself */
  if (PyList_CheckExact(value) || PyTuple_CheckExact(value))
    return kind_of_items(value, depth, items);
  if (PyDict_CheckExact(value))
    return kind_of_table(value, depth, items);
  if (PyAnySet_CheckExact(value))
    return kind_of_set(value, depth, items);
  return VALUE_FOREIGN;
}

static bool copy_is_due(void) {
  static int copies;
  return copies < COPIES_MAX && copies++ >= 0;
}

/* --- values ------------------------------------------------------------ */

typedef struct {
  PyObject *value;
  NoteOf of;
} ValueJob;

static void value_job(void *data) {
  const ValueJob *job = data;
  PyObject *repr = PyObject_Repr(job->value);
  if (!repr)
    return;
  PyObject *shown = fixture_shown(job->value, true);
  apart_note();
  note_value(job->value, repr, shown, job->of);
}

void value_note(PyObject *value, NoteOf of) {
  if (!note_journal())
    return;
  PyObject *pending = compat_take_exception();
  int items = ITEMS_MAX;
  PyObject *shown = fixture_shown(value, false);
  ValueKind kind = shown ? VALUE_PLAIN : kind_of(value, 0, &items);
  PyObject *repr = !shown && kind == VALUE_PLAIN ? PyObject_Repr(value) : NULL;
  PyErr_Clear();
  if (repr || shown)
    note_value(value, repr ? repr : shown, shown, of);
  else if (kind == VALUE_FOREIGN && copy_is_due())
    apart_run(value_job, &(ValueJob){value, of}, COPY_MS);
  Py_XDECREF(repr);
  Py_XDECREF(shown);
  compat_set_exception(pending);
}

/* --- exceptions -------------------------------------------------------- */

/* Whether str() of it is Python's own, and what it is made of is, too. */
static bool is_plain_exception(PyObject *exception) {
  PyTypeObject *own = Py_TYPE(exception);
  while (own && (own->tp_flags & Py_TPFLAGS_HEAPTYPE))
    own = own->tp_base;
  if (!own || own->tp_str != Py_TYPE(exception)->tp_str)
    return false;
  PyObject *arguments = ((PyBaseExceptionObject *)exception)->args;
  int items = ITEMS_MAX;
  return arguments && kind_of(arguments, 0, &items) == VALUE_PLAIN;
}

typedef struct {
  PyObject *exception;
  uint32_t line;
} SeenJob;

static void seen_job(void *data) {
  const SeenJob *job = data;
  apart_note();
  note_seen(job->exception, job->line);
}

void value_note_seen(PyObject *exception, uint32_t line) {
  if (!note_journal() || !PyExceptionInstance_Check(exception))
    return;
  PyObject *pending = compat_take_exception();
  if (is_plain_exception(exception))
    note_seen(exception, line);
  else if (copy_is_due())
    apart_run(seen_job, &(SeenJob){exception, line}, COPY_MS);
  compat_set_exception(pending);
}
