#include "worker/board_names.h"

#include <string.h>

/* So many names of __main__ are looked at, and attributes of all of them. */
#define NAMES_MAX 1000
#define ATTRIBUTES_MAX 10000

static void put(char *text, size_t room, const char *found) {
  snprintf(text, room, "%s", found);
}

/* The text of a str, NULL without an exception where it has none. */
static const char *words(PyObject *text) {
  const char *found = text && PyUnicode_Check(text) ? PyUnicode_AsUTF8(text) : NULL;
  if (!found)
    PyErr_Clear();
  return found;
}

/* Borrowed; no exception. */
static PyObject *entry_of(PyObject *dictionary, const char *name) {
  PyObject *found =
      dictionary && PyDict_Check(dictionary) ? PyDict_GetItemString(dictionary, name) : NULL;
  return found;
}

/* The dictionary of a module that is imported; borrowed, NULL where it is not. */
static PyObject *namespace_of(const char *name) {
  PyObject *module = entry_of(PyImport_GetModuleDict(), name);
  return module && PyModule_Check(module) ? PyModule_GetDict(module) : NULL;
}

/* --- places ------------------------------------------------------------ */

NotePlace place_of_stack(StackFrame *called) {
  NotePlace place = {.unit = UINT32_MAX};
  StackFrame frame, inner = {.code = NULL};
  if (called)
    called->code = NULL;
  for (bool is_frame = stack_innermost(&frame); is_frame; is_frame = stack_back(&frame)) {
    uint32_t unit;
    if (!note_find_unit(frame.code->co_filename, &unit)) {
      inner = frame;
      continue;
    }
    int line = stack_line(&frame);
    bool is_subject = note_is_subject(unit);
    if (line > 0 && (place.unit == UINT32_MAX || is_subject)) {
      if (called && place.unit == UINT32_MAX)
        *called = inner;
      place = (NotePlace){.unit = unit, .line = (uint32_t)line, .outer_line = (uint32_t)line};
    }
    if (is_subject)
      break;
  }
  return place;
}

/* --- threads ----------------------------------------------------------- */

void name_of_thread(unsigned long identity, char *text, size_t room) {
  PyObject *active = entry_of(namespace_of("threading"), "_active"); /* borrowed */
  PyObject *number = active && PyDict_CheckExact(active) ? PyLong_FromUnsignedLong(identity) : NULL;
  PyObject *thread = number ? PyDict_GetItem(active, number) : NULL; /* borrowed */
  Py_XDECREF(number);
  if (!thread)
    return;
  /* A class of the snippet may have made a property of it. */
  static PyObject *attribute;
  if (!attribute)
    attribute = PyUnicode_InternFromString("_name");
  if (!attribute || _PyType_Lookup(Py_TYPE(thread), attribute))
    return;
  PyObject *name = PyObject_GenericGetAttr(thread, attribute);
  const char *found = words(name);
  if (found)
    put(text, room, found);
  Py_XDECREF(name);
  PyErr_Clear();
}

/* --- functions --------------------------------------------------------- */

#if !COMPAT_CODE_HAS_QUALNAME
/* The name of the class that has this function; NULL where it is no method. */
static const char *class_of(const StackFrame *frame) {
  PyObject *order = frame->first ? Py_TYPE(frame->first)->tp_mro : NULL;
  for (Py_ssize_t i = 0; order && i < PyTuple_GET_SIZE(order); i++) {
    PyObject *type = PyTuple_GET_ITEM(order, i);
    PyObject *dictionary = PyType_Check(type) ? ((PyTypeObject *)type)->tp_dict : NULL;
    PyObject *function = dictionary ? PyDict_GetItem(dictionary, frame->code->co_name) : NULL;
    if (function && PyFunction_Check(function) &&
        PyFunction_GET_CODE(function) == (PyObject *)frame->code)
      return ((PyTypeObject *)type)->tp_name;
  }
  return NULL;
}
#endif

/* The package of a module: "asyncio" for asyncio.runners. */
static int package_length(const char *module) {
  const char *dot = strrchr(module, '.');
  return (int)(dot ? (size_t)(dot - module) : strlen(module));
}

void name_of_function(const StackFrame *frame, char *text, size_t room) {
#if COMPAT_CODE_HAS_QUALNAME
  const char *name = words(frame->code->co_qualname);
  if (name && strchr(name, '.')) {
    const char *inner = strstr(name, ".<locals>");
    snprintf(text, room, "%.*s", (int)(inner ? (size_t)(inner - name) : strlen(name)), name);
    return;
  }
#else
  const char *name = words(frame->code->co_name), *type = class_of(frame);
  if (name && type) {
    snprintf(text, room, "%s.%s", type, name);
    return;
  }
#endif
  const char *module = words(entry_of(frame->globals, "__name__"));
  if (name && module)
    snprintf(text, room, "%.*s.%s", package_length(module), module, name);
  else if (name)
    put(text, room, name);
}

/* --- objects ----------------------------------------------------------- */

/* Whether an instance of a Python class has the object as an attribute. */
typedef struct {
  PyObject *object, *dictionary;
  int left;
  bool is_found;
} Search;

static int search_visit(PyObject *here, void *data) {
  Search *search = data;
  if (here == search->object)
    search->is_found = true;
  else if (PyDict_CheckExact(here) && !search->dictionary)
    search->dictionary = here;
  return search->is_found || --search->left < 0;
}

static bool is_attribute(Search *search, PyObject *instance) {
  PyTypeObject *type = Py_TYPE(instance);
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !PyType_IS_GC(type) || PyType_Check(instance) ||
      !PyObject_IS_GC(instance))
    return false;
  search->dictionary = NULL;
  type->tp_traverse(instance, search_visit, search);
  PyObject *dictionary = search->dictionary;
  if (!search->is_found && dictionary && search->left > 0)
    Py_TYPE(dictionary)->tp_traverse(dictionary, search_visit, search);
  return search->is_found;
}

static bool put_name(PyObject *name, char *text, size_t room) {
  const char *found = words(name);
  if (!found || strncmp(found, "__", 2) == 0)
    return false;
  put(text, room, found);
  return true;
}

static bool find_name(PyObject *names, PyObject *object, char *text, size_t room) {
  PyObject *name, *value;
  Py_ssize_t position = 0;
  for (int i = 0; object && i < NAMES_MAX && PyDict_Next(names, &position, &name, &value); i++)
    if (value == object && put_name(name, text, room))
      return true;
  return false;
}

void name_of_object(PyObject *object, PyObject *owner, char *text, size_t room) {
  PyObject *names = namespace_of("__main__");
  if (!names || find_name(names, owner, text, room) || find_name(names, object, text, room))
    return;
  PyObject *name, *value;
  Py_ssize_t position = 0;
  Search search = {.object = object, .left = ATTRIBUTES_MAX};
  for (int i = 0; i < NAMES_MAX && PyDict_Next(names, &position, &name, &value); i++) {
    if (is_attribute(&search, value) && put_name(name, text, room))
      return;
    search.is_found = false;
    if (search.left <= 0)
      return;
  }
}
