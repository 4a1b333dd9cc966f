#include "worker/points.h"

#include <stdlib.h>
#include <string.h>

#include "worker/probe_fork.h"
#include "worker/value.h"

static Probe *probes;
static uint32_t probe_count;

typedef struct {
  PyObject_HEAD PointAction action;
  Probe *probe;
} Point;

static bool is_due(unsigned *times) {
  if (*times >= WIRE_PROBE_TIMES)
    return false;
  ++*times;
  return true;
}

static void value_noted(Probe *probe, PyObject *value) {
  value_note(value, (NoteOf){.unit = probe->unit, .line = probe->wire->line, .names = probe->text});
}

/* The names' values in the frame's namespace: new reference to one value, or to
 * a tuple; NULL without an exception where one is not bound. */
static PyObject *names_look(const Probe *probe) {
  PyObject *locals = PyEval_GetLocals(); /* borrowed */
  Py_ssize_t count = PyTuple_GET_SIZE(probe->names);
  PyObject *values = locals && PyDict_CheckExact(locals) && count > 0 ? PyTuple_New(count) : NULL;
  for (Py_ssize_t i = 0; values && i < count; i++) {
    PyObject *value = PyDict_GetItem(locals, PyTuple_GET_ITEM(probe->names, i)); /* borrowed */
    Py_XINCREF(value);
    if (value)
      PyTuple_SET_ITEM(values, i, value);
    else
      Py_CLEAR(values);
  }
  PyErr_Clear();
  if (values && count == 1) {
    PyObject *value = PyTuple_GET_ITEM(values, 0);
    Py_INCREF(value);
    Py_SETREF(values, value);
  }
  return values;
}

static void exception_noted(Probe *probe) {
  PyObject *type, *value, *traceback;
  PyErr_GetExcInfo(&type, &value, &traceback);
  if (value)
    value_note_seen(value, probe->wire->line);
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(traceback);
}

static void point_reached(PointAction action, Probe *probe, PyObject *given) {
  PyObject *value;
  switch (action) {
  case POINT_PASSED:
  case POINT_RETURN:
    if (is_due(&probe->passes))
      note_passed(probe->unit, probe->wire->line);
    break;
  case POINT_RAISED:
    if (is_due(&probe->exceptions))
      exception_noted(probe);
    break;
  case POINT_VALUE:
    if (is_due(&probe->values))
      value_noted(probe, given);
    break;
  case POINT_LOOK:
    if (is_due(&probe->values) && (value = names_look(probe))) {
      value_noted(probe, value);
      Py_DECREF(value);
    }
    break;
  case POINT_CODE:
    if (is_due(&probe->trials) && !apart_run_code(&probe->code))
      probe->trials = WIRE_PROBE_TIMES;
    break;
  case POINT_COUNT:
    probe->count++;
    break;
  case POINT_MISSED:
  case POINT_ACTIONS:
    break;
  }
}

static PyTypeObject *point_type;

static PyObject *point_at(PyObject *left, PyObject *right) {
  if (Py_TYPE(left) != point_type)
    Py_RETURN_NOTIMPLEMENTED;
  const Point *point = (const Point *)(const void *)left;
  if (note_journal())
    point_reached(point->action, point->probe, right);
  if (apart_check_signals() < 0)
    return NULL;
  Py_INCREF(right);
  return right;
}

static void point_free(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

static PyType_Slot point_slots[] = {
    {Py_nb_matrix_multiply, point_at}, {Py_tp_dealloc, point_free}, {0, NULL}};
static PyType_Spec point_spec = {"builtins.point", sizeof(Point), 0, Py_TPFLAGS_DEFAULT,
                                 point_slots};

static PyObject *point_new(uint32_t number) {
  PointAction action = number % POINT_ACTIONS;
  if (action == POINT_MISSED) {
    Py_INCREF(PyExc_NameError);
    return PyExc_NameError;
  }
  Point *point = PyObject_New(Point, point_type);
  if (point) {
    point->action = action;
    point->probe = &probes[number / POINT_ACTIONS];
  }
  return (PyObject *)point;
}

/* --- the probes --------------------------------------------------------- */

/* What is no name of a variable, and what a class may give another one. */
static bool can_be_name(const char *text, size_t size) {
  static const char *const words[] = {"None", "True", "False"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (size == strlen(words[i]) && strncmp(text, words[i], size) == 0)
      return false;
  return size < 2 || strncmp(text, "__", 2) != 0;
}

/* "x, y" as a tuple; empty where it is anything else. */
static PyObject *names_read(const char *text) {
  PyObject *names = PyList_New(0);
  for (const char *at = text; names && *at;) {
    at += strspn(at, " ");
    size_t size = strcspn(at, ", ");
    PyObject *name = PyUnicode_FromStringAndSize(at, (Py_ssize_t)size);
    if (!name || PyUnicode_IsIdentifier(name) != 1 || !can_be_name(at, size) ||
        PyList_Append(names, name) < 0)
      Py_CLEAR(names);
    Py_XDECREF(name);
    at += size;
    at += strspn(at, " ,");
  }
  PyErr_Clear();
  PyObject *result = names ? PyList_AsTuple(names) : PyTuple_New(0);
  Py_XDECREF(names);
  return result;
}

int points_read(const UnitFile *file) {
  const WireUnit *unit = file->unit;
  if (probes)
    return 0;
  point_type = (PyTypeObject *)PyType_FromSpec(&point_spec);
  char *path = strdup(file->path); /* it is needed as long as the process is there */
  probes = point_type && path ? calloc(unit->probe_count, sizeof *probes) : NULL;
  for (; probes && probe_count < unit->probe_count; probe_count++) {
    Probe *probe = &probes[probe_count];
    probe->wire = &unit->probes[probe_count];
    probe->unit = file->number;
    probe->path = path;
    probe->text = strndup(probe->wire->size > 0 ? probe->wire->text : "", probe->wire->size);
    bool has_names = probe->wire->kind == WIRE_PROBE_AFTER || probe->wire->kind == WIRE_PROBE_AT;
    if (probe->text && has_names)
      probe->names = names_read(probe->text);
    if (!probe->text || (has_names && !probe->names))
      break;
  }
  if (probe_count < unit->probe_count && !PyErr_Occurred())
    PyErr_NoMemory();
  return probe_count < unit->probe_count ? -1 : 0;
}

Probe *points_probe(uint32_t number) {
  return &probes[number];
}

bool points_count(uint32_t number, uint64_t *count) {
  if (number >= probe_count || !probes[number].is_counted)
    return false;
  *count = probes[number].count;
  return true;
}

int points_count_prompts(const UnitFile *file) {
  if (points_read(file) < 0)
    return -1;
  for (uint32_t i = 0; i < probe_count; i++)
    for (uint32_t k = 0; k < file->unit->piece_count; k++)
      if (probes[i].wire->kind == WIRE_PROBE_REMARK &&
          probes[i].wire->first == file->unit->pieces[k].line)
        probes[i].is_counted = true;
  return 0;
}

void points_count_line(uint32_t line) {
  for (uint32_t i = 0; i < probe_count; i++)
    probes[i].count += probes[i].is_counted && probes[i].wire->first == line;
}

void points_count_none(void) {
  for (uint32_t i = 0; i < probe_count; i++)
    probes[i].is_counted = false;
}

/* --- their place in code ----------------------------------------------- */

/* In the tree a point is a constant of this first item and its number. */
#define POINT_MARK "<proctor: point>"

PyObject *points_constant(const Probe *probe, PointAction action) {
  uint32_t number = (uint32_t)(probe - probes) * POINT_ACTIONS + action;
  return Py_BuildValue("(sI)", POINT_MARK, number);
}

static bool is_mark(PyObject *constant, uint32_t *number) {
  if (!PyTuple_CheckExact(constant) || PyTuple_GET_SIZE(constant) != 2)
    return false;
  PyObject *mark = PyTuple_GET_ITEM(constant, 0), *value = PyTuple_GET_ITEM(constant, 1);
  if (!PyUnicode_CheckExact(mark) || !PyLong_CheckExact(value) ||
      PyUnicode_CompareWithASCIIString(mark, POINT_MARK) != 0)
    return false;
  *number = (uint32_t)PyLong_AsUnsignedLongMask(value);
  return *number / POINT_ACTIONS < probe_count;
}

/* What a constant of code becomes: new reference, or NULL with an exception. */
static PyObject *constant_bind(PyObject *constant) {
  uint32_t number;
  if (is_mark(constant, &number))
    return point_new(number);
  Py_INCREF(constant);
  return PyCode_Check(constant) ? points_bind(constant) : constant;
}

/* New reference to code with other constants. */
static PyObject *code_replace(PyObject *code, PyObject *constants) {
  PyObject *replace = PyObject_GetAttrString(code, "replace");
  PyObject *none = PyTuple_New(0), *how = Py_BuildValue("{s:O}", "co_consts", constants);
  PyObject *result = replace && none && how ? PyObject_Call(replace, none, how) : NULL;
  Py_XDECREF(how);
  Py_XDECREF(none);
  Py_XDECREF(replace);
  return result;
}

PyObject *points_bind(PyObject *code) {
  if (!code || !point_type)
    return code;
  PyObject *constants = PyObject_GetAttrString(code, "co_consts");
  PyObject *bound = constants ? PyTuple_New(PyTuple_GET_SIZE(constants)) : NULL;
  bool has_changed = false;
  if (bound && Py_EnterRecursiveCall(" in probes"))
    Py_CLEAR(bound);
  else if (bound) {
    for (Py_ssize_t i = 0; bound && i < PyTuple_GET_SIZE(constants); i++) {
      PyObject *constant = constant_bind(PyTuple_GET_ITEM(constants, i));
      has_changed = has_changed || constant != PyTuple_GET_ITEM(constants, i);
      if (constant)
        PyTuple_SET_ITEM(bound, i, constant);
      else
        Py_CLEAR(bound);
    }
    Py_LeaveRecursiveCall();
  }
  PyObject *result = NULL;
  if (bound && has_changed)
    result = code_replace(code, bound);
  else if (bound)
    result = code, Py_INCREF(code);
  Py_XDECREF(bound);
  Py_XDECREF(constants);
  Py_DECREF(code);
  return result;
}
