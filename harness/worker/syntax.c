#include "worker/syntax.h"

#include <string.h>

const char *const syntax_blocks[] = {"body", "handlers", "orelse", "finalbody", "cases", NULL};

bool syntax_is(PyObject *node, const char *kind) {
  const char *name = Py_TYPE(node)->tp_name;
  const char *dot = strrchr(name, '.');
  return strcmp(dot ? dot + 1 : name, kind) == 0;
}

uint32_t syntax_number(PyObject *node, const char *name) {
  PyObject *value = PyObject_GetAttrString(node, name);
  long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : 0;
  Py_XDECREF(value);
  PyErr_Clear();
  return number > 0 ? (uint32_t)number : 0;
}

PyObject *syntax_list(PyObject *node, const char *name) {
  PyObject *value = PyObject_GetAttrString(node, name);
  if (value && !PyList_Check(value))
    Py_CLEAR(value);
  PyErr_Clear();
  return value;
}

PyObject *syntax_new(PyObject *ast, const char *kind, PyObject *arguments, PyObject *place) {
  static const char *const places[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
  PyObject *type = arguments ? PyObject_GetAttrString(ast, kind) : NULL;
  PyObject *none = type ? PyTuple_New(0) : NULL;
  PyObject *node = none ? PyObject_Call(type, none, arguments) : NULL;
  for (size_t i = 0; node && i < sizeof places / sizeof *places; i++) {
    PyObject *value = PyObject_GetAttrString(place, places[i]);
    if (!value || PyObject_SetAttrString(node, places[i], value) < 0)
      Py_CLEAR(node);
    Py_XDECREF(value);
  }
  Py_XDECREF(none);
  Py_XDECREF(type);
  Py_XDECREF(arguments);
  return node;
}

PyObject *syntax_hush(void) {
  PyObject *errors = PySys_GetObject("stderr"); /* borrowed */
  Py_XINCREF(errors);
  PySys_SetObject("stderr", Py_None);
  return errors;
}

void syntax_unhush(PyObject *errors) {
  PyObject *pending = compat_take_exception();
  PySys_SetObject("stderr", errors);
  Py_XDECREF(errors);
  compat_set_exception(pending);
}
