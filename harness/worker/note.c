#include "worker/note.h"

#include <stdarg.h>
#include <string.h>

/* Values may fill a quarter of the journal: a claim within a long loop must not
 * crowd out the rest. */
#define VALUES_MAX (JOURNAL_SIZE / 4)

static JournalHead *journal;
static PyObject *units;     /* file name to number */
static PyObject *last_file; /* the one that was looked up last and found: */
static uint32_t last_unit;  /* nearly always the same object again */
static uint32_t subject;    /* the highest number: the block that is run */
static size_t values_noted;

void note_to(JournalHead *to) {
  journal = to;
}

JournalHead *note_journal(void) {
  return journal;
}

int note_unit(PyObject *file, uint32_t unit) {
  if (!units)
    units = PyDict_New();
  PyObject *number = PyLong_FromUnsignedLong(unit);
  int result = units && number ? PyDict_SetItem(units, file, number) : -1;
  Py_XDECREF(number);
  if (unit > subject)
    subject = unit;
  return result;
}

static bool find_unit(PyObject *file, uint32_t *unit) {
  if (file == last_file) {
    *unit = last_unit;
    return true;
  }
  PyObject *number = units ? PyDict_GetItem(units, file) : NULL;
  if (!number)
    return false;
  Py_INCREF(file);
  Py_XSETREF(last_file, file);
  *unit = last_unit = (uint32_t)PyLong_AsUnsignedLong(number);
  return true;
}

/* Adds a frame that encloses those added before. What a function of an earlier
 * block does for the subject is the doing of the subject's line that called. */
static void place_add(NotePlace *place, PyFrameObject *frame, int line) {
  PyCodeObject *code = PyFrame_GetCode(frame);
  uint32_t unit;
  if (line > 0 && find_unit(code->co_filename, &unit)) {
    if (place->unit == UINT32_MAX || (unit == subject && place->unit != subject))
      *place = (NotePlace){.unit = unit, .line = (uint32_t)line};
    if (place->unit == unit)
      place->outer_line = (uint32_t)line;
  }
  Py_DECREF(code);
}

NotePlace note_place(void) {
  NotePlace place = {.unit = UINT32_MAX};
  PyFrameObject *frame = PyEval_GetFrame();
  Py_XINCREF(frame);
  while (frame) {
    place_add(&place, frame, PyFrame_GetLineNumber(frame));
    PyFrameObject *back = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = back;
  }
  return place;
}

uint32_t note_thread(void) {
  static uint32_t seen;
  static unsigned long main_thread;
  static _Thread_local uint32_t number = UINT32_MAX;
  if (number == UINT32_MAX) {
    /* The zygote's only thread asks first, before it forks. */
    if (!main_thread)
      main_thread = PyThread_get_thread_ident();
    number = PyThread_get_thread_ident() == main_thread ? 0 : ++seen;
  }
  return number;
}

void note_event(JournalType type) {
  JournalEntry *entry = journal ? journal_reserve(journal, type, sizeof(JournalEntry), 0) : NULL;
  if (entry)
    journal_commit(entry);
}

void note_exit(JournalType type, int status) {
  JournalExit *entry = journal ? journal_reserve(journal, type, sizeof *entry, 0) : NULL;
  if (!entry)
    return;
  entry->status = status;
  entry->line = type == JOURNAL_EXIT ? note_place().line : 0;
  journal_commit(entry);
}

static size_t text_room(size_t size) {
  return sizeof(uint32_t) + (size > JOURNAL_TEXT_MAX ? JOURNAL_TEXT_MAX : size);
}

void note_failure(const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  size_t size = strlen(text);
  JournalText *entry =
      journal ? journal_reserve(journal, JOURNAL_FAILED, sizeof *entry, text_room(size)) : NULL;
  if (!entry)
    return;
  entry->texts = 1;
  char *at = (char *)(entry + 1);
  journal_put_text(&at, text, size);
  journal_commit(entry);
}

/* "ValueError", "decimal.InvalidOperation"; new reference, or NULL without an
 * exception set. */
static PyObject *type_text(PyObject *type) {
  PyObject *name = PyObject_GetAttrString(type, "__qualname__");
  PyObject *module = PyObject_GetAttrString(type, "__module__");
  if (name && module && PyUnicode_Check(module) &&
      PyUnicode_CompareWithASCIIString(module, "builtins") != 0 &&
      PyUnicode_CompareWithASCIIString(module, "__main__") != 0)
    Py_XSETREF(name, PyUnicode_FromFormat("%U.%U", module, name));
  Py_XDECREF(module);
  PyErr_Clear();
  return name;
}

/* The names of its method resolution order up to object, joined by blanks; new
 * reference, or NULL without an exception set. */
static PyObject *bases_text(PyObject *type) {
  PyObject *order = ((PyTypeObject *)type)->tp_mro;
  PyObject *names = PyList_New(0);
  for (Py_ssize_t i = 0; names && order && i < PyTuple_GET_SIZE(order); i++) {
    PyObject *base = PyTuple_GET_ITEM(order, i);
    PyObject *name = base == (PyObject *)&PyBaseObject_Type ? NULL : type_text(base);
    if (name)
      PyList_Append(names, name);
    Py_XDECREF(name);
  }
  PyObject *blank = PyUnicode_FromString(" ");
  PyObject *text = names && blank ? PyUnicode_Join(blank, names) : NULL;
  Py_XDECREF(blank);
  Py_XDECREF(names);
  PyErr_Clear();
  return text;
}

/* What str() gives, and what name it misses; new references or NULL. */
static PyObject *message_text(PyObject *exception) {
  PyObject *text = PyObject_Str(exception);
  PyErr_Clear();
  return text;
}

static PyObject *missing_text(PyObject *exception) {
  PyObject *name = NULL;
  if (PyErr_GivenExceptionMatches(exception, PyExc_NameError))
    name = compat_missing_name(exception);
  else if (PyErr_GivenExceptionMatches(exception, PyExc_ImportError))
    name = PyObject_GetAttrString(exception, "name");
  PyErr_Clear();
  return name;
}

/* UTF-8 of a str, with surrogates escaped: new reference to bytes, never NULL
 * but in want of memory. */
static PyObject *text_bytes(PyObject *text) {
  PyObject *bytes = text && PyUnicode_Check(text)
                        ? PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace")
                        : PyBytes_FromStringAndSize(NULL, 0);
  PyErr_Clear();
  return bytes;
}

static NotePlace exception_place(PyObject *exception) {
  NotePlace place = {.unit = UINT32_MAX};
  /* The traceback lists the outermost frame first, so it is turned round. */
  PyObject *frames = PyList_New(0);
  PyObject *step = PyException_GetTraceback(exception);
  while (frames && step && PyTraceBack_Check(step)) {
    PyList_Append(frames, step);
    PyObject *next = PyObject_GetAttrString(step, "tb_next");
    Py_SETREF(step, next);
  }
  Py_XDECREF(step);
  for (Py_ssize_t i = frames ? PyList_GET_SIZE(frames) : 0; i-- > 0;) {
    PyObject *frame = PyObject_GetAttrString(PyList_GET_ITEM(frames, i), "tb_frame");
    PyObject *line = PyObject_GetAttrString(PyList_GET_ITEM(frames, i), "tb_lineno");
    if (frame && PyFrame_Check(frame) && line && PyLong_Check(line))
      place_add(&place, (PyFrameObject *)frame, (int)PyLong_AsLong(line));
    Py_XDECREF(frame);
    Py_XDECREF(line);
    PyErr_Clear();
  }
  Py_XDECREF(frames);
  PyErr_Clear();
  return place;
}

/* A SyntaxError says itself where it is. */
static NotePlace syntax_place(PyObject *exception) {
  NotePlace place = {.unit = UINT32_MAX};
  PyObject *file = PyObject_GetAttrString(exception, "filename");
  PyObject *line = PyObject_GetAttrString(exception, "lineno");
  uint32_t unit;
  if (file && PyUnicode_Check(file) && line && PyLong_Check(line) && find_unit(file, &unit)) {
    uint32_t number = (uint32_t)PyLong_AsUnsignedLongMask(line);
    place = (NotePlace){.unit = unit, .line = number, .outer_line = number};
  }
  Py_XDECREF(file);
  Py_XDECREF(line);
  PyErr_Clear();
  return place;
}

void note_exception(PyObject *exception, uint32_t flags) {
  if (!journal)
    return;
  PyObject *pending = compat_take_exception();
  PyObject *type = (PyObject *)Py_TYPE(exception);
  PyObject *texts[4] = {type_text(type), bases_text(type), message_text(exception),
                        missing_text(exception)};
  size_t room = 0;
  PyObject *bytes[4];
  bool complete = true;
  for (int i = 0; i < 4; i++) {
    bytes[i] = text_bytes(texts[i]);
    complete = complete && bytes[i];
    room += bytes[i] ? text_room((size_t)PyBytes_GET_SIZE(bytes[i])) : 0;
  }
  NotePlace place =
      flags & JOURNAL_RAISED_COMPILING ? syntax_place(exception) : exception_place(exception);
  if (PyErr_GivenExceptionMatches(exception, PyExc_SystemExit))
    flags |= JOURNAL_RAISED_EXIT;
  JournalRaised *entry =
      complete ? journal_reserve(journal, JOURNAL_RAISED, sizeof *entry, room) : NULL;
  if (entry) {
    entry->unit = place.unit;
    entry->line = place.line;
    entry->outer_line = place.outer_line;
    entry->flags = flags;
    entry->texts = 4;
    char *at = (char *)(entry + 1);
    for (int i = 0; i < 4; i++)
      journal_put_text(&at, PyBytes_AS_STRING(bytes[i]), (size_t)PyBytes_GET_SIZE(bytes[i]));
    journal_commit(entry);
  }
  for (int i = 0; i < 4; i++) {
    Py_XDECREF(texts[i]);
    Py_XDECREF(bytes[i]);
  }
  compat_set_exception(pending);
}

void note_value(PyObject *value, uint32_t unit, uint32_t line) {
  if (!journal || values_noted > VALUES_MAX)
    return;
  PyObject *pending = compat_take_exception();
  PyObject *text = PyObject_Repr(value);
  PyErr_Clear();
  PyObject *name = text ? PyObject_GetAttrString((PyObject *)Py_TYPE(value), "__name__") : NULL;
  PyErr_Clear();
  PyObject *bytes = text ? text_bytes(text) : NULL;
  PyObject *type = name ? text_bytes(name) : NULL;
  if (bytes && type) {
    size_t size = (size_t)PyBytes_GET_SIZE(bytes);
    size_t type_size = (size_t)PyBytes_GET_SIZE(type);
    size_t room = text_room(size) + text_room(type_size);
    JournalValue *entry = journal_reserve(journal, JOURNAL_VALUE, sizeof *entry, room);
    if (entry) {
      values_noted += sizeof *entry + room;
      entry->unit = unit;
      entry->line = line;
      entry->is_cut = size > JOURNAL_TEXT_MAX;
      entry->texts = 2;
      char *at = (char *)(entry + 1);
      journal_put_text(&at, PyBytes_AS_STRING(type), type_size);
      journal_put_text(&at, PyBytes_AS_STRING(bytes), size);
      journal_commit(entry);
    }
  }
  Py_XDECREF(text);
  Py_XDECREF(name);
  Py_XDECREF(bytes);
  Py_XDECREF(type);
  compat_set_exception(pending);
}
