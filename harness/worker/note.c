#include "worker/note.h"

#include <stdarg.h>
#include <string.h>

#include "worker/stack.h"

/* Values may fill a quarter of the journal: a claim within a long loop must not
 * crowd out the rest. */
#define VALUES_MAX (JOURNAL_SIZE / 4)
/* So must not what a commented-out line prints: characters of it. */
#define PROBED_MAX 4096
/* Nor the statements of a loop. */
#define EVENTS_MAX (JOURNAL_SIZE / 4)

static JournalHead *journal;
static PyObject *units;     /* file name to number */
static PyObject *last_file; /* the one that was looked up last and found: */
static uint32_t last_unit;  /* nearly always the same object again */
static uint32_t subject;    /* the highest number: the block that is run */
static size_t values_noted;
static size_t events_noted;

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

bool note_find_unit(PyObject *file, uint32_t *unit) {
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

bool note_is_subject(uint32_t unit) {
  return unit == subject;
}

/* Adds a frame that encloses those added before. What a function of an earlier
 * block does for the subject is the doing of the subject's line that called. */
static void place_add(NotePlace *place, PyFrameObject *frame, int line) {
  PyCodeObject *code = PyFrame_GetCode(frame);
  uint32_t unit;
  if (line > 0 && note_find_unit(code->co_filename, &unit)) {
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
  static _Atomic uint32_t seen;
  static unsigned long main_thread;
  static _Thread_local uint32_t number = UINT32_MAX;
  if (number == UINT32_MAX) {
    /* The zygote's only thread asks first, before it forks. */
    if (!main_thread)
      main_thread = PyThread_get_thread_ident();
    number = PyThread_get_thread_ident() == main_thread ? 0 : atomic_fetch_add(&seen, 1) + 1;
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
  if (file && PyUnicode_Check(file) && line && PyLong_Check(line) && note_find_unit(file, &unit)) {
    uint32_t number = (uint32_t)PyLong_AsUnsignedLongMask(line);
    place = (NotePlace){.unit = unit, .line = number, .outer_line = number};
  }
  Py_XDECREF(file);
  Py_XDECREF(line);
  PyErr_Clear();
  return place;
}

/* Several texts on their way into an entry. */
typedef struct {
  PyObject *bytes[6]; /* owned; NULL where memory was short */
  int count;
  size_t room;
  bool is_complete;
} Texts;

/* Adds a str, or "" for another object or NULL; steals it. */
static void texts_add(Texts *texts, PyObject *text) {
  PyObject *bytes = text_bytes(text);
  Py_XDECREF(text);
  texts->is_complete = (texts->count == 0 || texts->is_complete) && bytes;
  texts->room += bytes ? text_room((size_t)PyBytes_GET_SIZE(bytes)) : 0;
  texts->bytes[texts->count++] = bytes;
}

/* Type, base classes, message and name; four empty ones for NULL. */
static void texts_add_exception(Texts *texts, PyObject *exception) {
  PyObject *type = exception ? (PyObject *)Py_TYPE(exception) : NULL;
  texts_add(texts, type ? type_text(type) : NULL);
  texts_add(texts, type ? bases_text(type) : NULL);
  texts_add(texts, type ? message_text(exception) : NULL);
  texts_add(texts, type ? missing_text(exception) : NULL);
}

/* Notes an entry of a type, with these texts, and lets go of them. `fixed` is the entry without
 * its head, which the journal makes. false where it is not to be. */
static bool texts_note(Texts *texts, JournalType type, const void *fixed, size_t size) {
  const size_t head = sizeof(JournalEntry);
  char *entry = texts->is_complete ? journal_reserve(journal, type, size, texts->room) : NULL;
  char *at = entry ? entry + size : NULL;
  if (entry)
    memcpy(entry + head, (const char *)fixed + head, size - head);
  for (int i = 0; i < texts->count; i++) {
    PyObject *bytes = texts->bytes[i];
    if (entry)
      journal_put_text(&at, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
    Py_XDECREF(bytes);
  }
  if (entry)
    journal_commit(entry);
  return entry != NULL;
}

/* statement: first line of the one that it left, 0 where it left them all. */
static void exception_note(PyObject *exception, uint32_t flags, uint32_t statement) {
  if (!journal)
    return;
  PyObject *pending = compat_take_exception();
  Texts texts = {0};
  texts_add_exception(&texts, exception);
  NotePlace place =
      flags & JOURNAL_RAISED_COMPILING ? syntax_place(exception) : exception_place(exception);
  if (PyErr_GivenExceptionMatches(exception, PyExc_SystemExit))
    flags |= JOURNAL_RAISED_EXIT;
  JournalRaised raised = {.unit = place.unit,
                          .line = place.line,
                          .outer_line = statement > 0 ? statement : place.outer_line,
                          .flags = flags,
                          .texts = (uint32_t)texts.count};
  texts_note(&texts, JOURNAL_RAISED, &raised, sizeof raised);
  compat_set_exception(pending);
}

void note_exception(PyObject *exception, uint32_t flags) {
  exception_note(exception, flags, 0);
}

void note_seen(PyObject *exception, uint32_t line) {
  exception_note(exception, JOURNAL_RAISED_SEEN, line);
}

void note_value(PyObject *value, PyObject *repr, PyObject *shown, NoteOf of) {
  if (!journal || values_noted > VALUES_MAX)
    return;
  PyObject *pending = compat_take_exception();
  Texts texts = {0};
  texts_add(&texts, PyObject_GetAttrString((PyObject *)Py_TYPE(value), "__name__"));
  Py_INCREF(repr);
  texts_add(&texts, repr);
  texts_add(&texts, PyUnicode_FromString(of.names));
  Py_XINCREF(shown);
  texts_add(&texts, shown);
  JournalValue noted = {.unit = of.unit,
                        .line = of.line,
                        .is_cut = texts.is_complete &&
                                  PyBytes_GET_SIZE(texts.bytes[1]) > JOURNAL_TEXT_MAX,
                        .texts = (uint32_t)texts.count};
  if (texts_note(&texts, JOURNAL_VALUE, &noted, sizeof noted))
    values_noted += sizeof noted + texts.room;
  PyErr_Clear();
  compat_set_exception(pending);
}

void note_passed(uint32_t unit, uint32_t line) {
  JournalPassed *entry =
      journal ? journal_reserve(journal, JOURNAL_PASSED, sizeof *entry, 0) : NULL;
  if (!entry)
    return;
  entry->unit = unit;
  entry->line = line;
  journal_commit(entry);
}

void note_probed(uint32_t unit, uint32_t line, JournalProbeEnd end, PyObject *exception,
                 PyObject *repr, PyObject *printed) {
  if (!journal)
    return;
  PyObject *pending = compat_take_exception();
  Texts texts = {0};
  texts_add_exception(&texts, exception);
  texts_add(&texts, repr ? PyUnicode_Substring(repr, 0, PROBED_MAX) : NULL);
  texts_add(&texts, printed ? PyUnicode_Substring(printed, 0, PROBED_MAX) : NULL);
  JournalProbed probed = {.unit = unit, .line = line, .end = end, .texts = (uint32_t)texts.count};
  texts_note(&texts, JOURNAL_PROBED, &probed, sizeof probed);
  compat_set_exception(pending);
}

/* --- fixtures ---------------------------------------------------------- */

static void texts_add_borrowed(Texts *texts, PyObject *text) {
  Py_XINCREF(text);
  texts_add(texts, text);
}

void note_happened(const NoteHappened *happened) {
  if (!journal)
    return;
  if (events_noted >= EVENTS_MAX) {
    atomic_fetch_add(&journal->lost, 1);
    return;
  }
  PyObject *pending = compat_take_exception();
  NotePlace place = note_place();
  Texts texts = {0};
  texts_add_borrowed(&texts, happened->kind);
  texts_add_borrowed(&texts, happened->text);
  JournalEvent event = {.unit = place.unit,
                        .line = place.line,
                        .outer_line = place.outer_line,
                        .thread = note_thread(),
                        .flags = happened->flags,
                        .spent_ns = happened->spent_ns,
                        .count = happened->count,
                        .texts = (uint32_t)texts.count};
  if (texts_note(&texts, JOURNAL_EVENT, &event, sizeof event))
    events_noted += sizeof event + texts.room;
  compat_set_exception(pending);
}

PyObject *note_lines(void) {
  PyObject *lines = PyList_New(0);
  StackFrame frame;
  for (bool is_more = stack_innermost(&frame); lines && is_more; is_more = stack_back(&frame)) {
    uint32_t unit;
    int line;
    if (!note_find_unit(frame.code->co_filename, &unit) || unit != subject ||
        (line = stack_line(&frame)) == 0)
      continue;
    PyObject *number = PyLong_FromLong(line);
    if (!number || PyList_Append(lines, number) < 0)
      Py_CLEAR(lines);
    Py_XDECREF(number);
  }
  PyObject *result = lines ? PyList_AsTuple(lines) : NULL;
  Py_XDECREF(lines);
  return result;
}

void note_checked(const NoteChecked *checked) {
  if (!journal)
    return;
  PyObject *pending = compat_take_exception();
  Texts texts = {0};
  texts_add_borrowed(&texts, checked->rule);
  texts_add_borrowed(&texts, checked->said);
  texts_add_borrowed(&texts, checked->actual);
  texts_add_borrowed(&texts, checked->note);
  JournalChecked noted = {.kind = checked->kind,
                          .end = checked->end,
                          .line = checked->line,
                          .first = checked->first,
                          .last = checked->last,
                          .texts = (uint32_t)texts.count};
  texts_note(&texts, JOURNAL_CHECKED, &noted, sizeof noted);
  compat_set_exception(pending);
}

void note_unready(PyObject *summary, PyObject *traceback) {
  if (!journal)
    return;
  Texts texts = {0};
  texts_add_borrowed(&texts, summary);
  texts_add_borrowed(&texts, traceback);
  JournalText unready = {.texts = (uint32_t)texts.count};
  texts_note(&texts, JOURNAL_UNREADY, &unready, sizeof unready);
}
