#include "worker/capture.h"

#include <string.h>
#include <unistd.h>

#include "worker/note.h"
#include "worker/pycompat.h"

typedef struct {
  uint32_t number; /* 1: sys.stdout, 2: sys.stderr */
  const char *name;
  PyObject *text;   /* borrowed: NULL when it is gone, see `watch` */
  PyObject *buffer; /* likewise */
  PyObject *watch;  /* weak references to them, which say so */
  PyObject *watch_buffer;
  bool is_utf8; /* how text becomes bytes; else as these say: */
  char encoding[32];
  char errors[32];
  JournalWrite *last; /* the entry of the write before, */
  uint32_t last_run;
  bool last_is_open; /* which may be continued: it ended within a line */
} Stream;

static Stream streams[2] = {{.number = 1, .name = "stdout"}, {.number = 2, .name = "stderr"}};
static bool is_noting;
static bool flush_failed;

/* A write of the text layer, in whose course the bytes below are written: they
 * are noted already. */
static _Thread_local int text_depth;

/* What this thread writes goes nowhere. */
static _Thread_local bool is_muted;

/* The types' own methods; owned. */
static PyObject *text_write, *text_flush, *buffer_write, *exit_at_once, *thread_hook;

static Stream *stream_of(PyObject *self) {
  return PyCapsule_GetPointer(self, NULL);
}

/* The type's own method, with one argument or NULL for none. */
static PyObject *call_method(PyObject *method, PyObject *self, PyObject *argument) {
  PyObject *arguments[] = {self, argument};
  return PyObject_Vectorcall(method, arguments, argument ? 2 : 1, NULL);
}

static PyObject *gone(void) {
  PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
  return NULL;
}

/* The bytes that str becomes in a stream: a pointer into *keep or str itself.
 * false where it has none; no exception is left. */
static bool text_bytes(const Stream *stream, PyObject *text, PyObject **keep, const char **bytes,
                       Py_ssize_t *size) {
  *keep = NULL;
  if (stream->is_utf8) {
    *bytes = PyUnicode_AsUTF8AndSize(text, size);
    if (*bytes)
      return true;
    PyErr_Clear();
  }
  *keep = PyUnicode_AsEncodedString(text, stream->encoding, stream->errors);
  if (!*keep || !PyBytes_Check(*keep)) {
    PyErr_Clear();
    Py_CLEAR(*keep);
    return false;
  }
  *bytes = PyBytes_AS_STRING(*keep);
  *size = PyBytes_GET_SIZE(*keep);
  return true;
}

static uint32_t hash_on(uint32_t hash, const char *bytes, Py_ssize_t size) {
  for (Py_ssize_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
  return hash;
}

/* Begins the note of a write. Where it only continues a line that the same
 * place has begun (print writes its end separately), that entry is returned. */
static JournalWrite *write_begin(Stream *stream, const char *bytes, Py_ssize_t size,
                                 bool *continues) {
  JournalHead *journal = note_journal();
  NotePlace place = note_place();
  uint32_t thread = note_thread();
  JournalWrite *last = stream->last;
  uint64_t end = atomic_load_explicit(&journal->used, memory_order_relaxed);
  *continues = last && stream->last_is_open && stream->last_run == journal->run &&
               (char *)(last + 1) == (char *)(journal + 1) + end && last->unit == place.unit &&
               last->line == place.line && last->outer_line == place.outer_line &&
               last->thread == thread;
  JournalWrite *entry = last;
  if (!*continues) {
    entry = journal_reserve(journal, JOURNAL_WRITE, sizeof *entry, 0);
    if (!entry)
      return NULL;
    entry->unit = place.unit;
    entry->line = place.line;
    entry->outer_line = place.outer_line;
    entry->thread = thread;
    entry->stream = stream->number;
    entry->hash = journal_hash(bytes, (size_t)size);
    entry->length = (uint64_t)size;
    stream->last = entry;
    stream->last_run = journal->run;
    stream->last_is_open = false;
  }
  return entry;
}

/* Ends it, when the stream has taken the bytes. */
static void write_end(Stream *stream, JournalWrite *entry, bool continues, const char *bytes,
                      Py_ssize_t size) {
  if (continues) {
    entry->hash = hash_on(entry->hash, bytes, size);
    entry->length += (uint64_t)size;
  } else {
    journal_commit(entry);
  }
  if (stream->last == entry)
    stream->last_is_open = bytes[size - 1] != '\n';
}

static PyObject *on_text_write(PyObject *self, PyObject *text) {
  Stream *stream = stream_of(self);
  if (!stream->text)
    return gone();
  if (is_muted && PyUnicode_Check(text))
    return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text));
  PyObject *keep = NULL;
  const char *bytes = NULL;
  Py_ssize_t size = 0;
  JournalWrite *entry = NULL;
  bool continues = false;
  if (is_noting && note_journal() && PyUnicode_Check(text) &&
      text_bytes(stream, text, &keep, &bytes, &size) && size > 0)
    entry = write_begin(stream, bytes, size, &continues);
  text_depth++;
  PyObject *result = call_method(text_write, stream->text, text);
  text_depth--;
  if (result && entry)
    write_end(stream, entry, continues, bytes, size);
  Py_XDECREF(keep);
  return result;
}

static PyObject *on_text_flush(PyObject *self, PyObject *Py_UNUSED(none)) {
  Stream *stream = stream_of(self);
  if (!stream->text)
    return gone();
  text_depth++;
  PyObject *result = call_method(text_flush, stream->text, NULL);
  text_depth--;
  if (!result && compat_is_finalizing())
    flush_failed = true;
  return result;
}

static PyObject *on_buffer_write(PyObject *self, PyObject *bytes) {
  Stream *stream = stream_of(self);
  if (!stream->buffer)
    return gone();
  Py_buffer view;
  JournalWrite *entry = NULL;
  bool continues = false;
  if (is_muted && text_depth == 0 && PyBytes_Check(bytes))
    return PyLong_FromSsize_t(PyBytes_GET_SIZE(bytes));
  bool is_seen = is_noting && text_depth == 0 && note_journal() && PyObject_CheckBuffer(bytes);
  if (is_seen && PyObject_GetBuffer(bytes, &view, PyBUF_SIMPLE) < 0) {
    PyErr_Clear();
    is_seen = false;
  }
  if (is_seen && view.len > 0)
    entry = write_begin(stream, view.buf, view.len, &continues);
  PyObject *result = call_method(buffer_write, stream->buffer, bytes);
  if (result && entry)
    write_end(stream, entry, continues, view.buf, view.len);
  if (is_seen)
    PyBuffer_Release(&view);
  return result;
}

/* A stream was destroyed, while a reference to its write may live on. */
static PyObject *on_gone(PyObject *self, PyObject *watch) {
  Stream *stream = stream_of(self);
  *(watch == stream->watch ? &stream->text : &stream->buffer) = NULL;
  Py_RETURN_NONE;
}

static PyObject *on_exit_at_once(PyObject *Py_UNUSED(self), PyObject *arguments,
                                 PyObject *keywords) {
  static char status_name[] = "status";
  static char *names[] = {status_name, NULL};
  int status;
  if (PyArg_ParseTupleAndKeywords(arguments, keywords, "i:_exit", names, &status))
    note_exit(JOURNAL_EXIT, status);
  else
    PyErr_Clear(); /* the real one says it better */
  return PyObject_Call(exit_at_once, arguments, keywords);
}

static PyObject *on_thread_exception(PyObject *Py_UNUSED(self), PyObject *arguments) {
  /* A sequence of type, value, traceback and thread; SystemExit just ends a
   * thread. */
  PyObject *exception = PySequence_Check(arguments) ? PySequence_GetItem(arguments, 1) : NULL;
  if (exception && PyExceptionInstance_Check(exception) &&
      !PyErr_GivenExceptionMatches(exception, PyExc_SystemExit))
    note_exception(exception, JOURNAL_RAISED_THREAD);
  Py_XDECREF(exception);
  PyErr_Clear();
  return PyObject_CallFunctionObjArgs(thread_hook, arguments, NULL);
}

static PyMethodDef text_write_def = {"write", on_text_write, METH_O, NULL};
static PyMethodDef text_flush_def = {"flush", on_text_flush, METH_NOARGS, NULL};
static PyMethodDef buffer_write_def = {"write", on_buffer_write, METH_O, NULL};
static PyMethodDef gone_def = {"gone", on_gone, METH_O, NULL};
static PyMethodDef exit_def = {"_exit", (PyCFunction)(void (*)(void))on_exit_at_once,
                               METH_VARARGS | METH_KEYWORDS,
                               "_exit($module, /, status)\n--\n\n"
                               "Exit to the system with specified status, without normal exit "
                               "processing."};
static PyMethodDef hook_def = {"_excepthook", on_thread_exception, METH_O,
                               "_excepthook($module, (exc_type, exc_value, exc_traceback, "
                               "thread), /)\n--\n\nHandle uncaught Thread.run() exception."};

/* Sets an attribute of object to a function of ours. */
static int put_function(PyObject *object, PyMethodDef *definition, PyObject *self,
                        const char *module) {
  PyObject *module_name = module ? PyUnicode_FromString(module) : NULL;
  PyObject *function = PyCFunction_NewEx(definition, self, module_name);
  Py_XDECREF(module_name);
  int result = function ? PyObject_SetAttrString(object, definition->ml_name, function) : -1;
  Py_XDECREF(function);
  return result;
}

/* The method of object's type, new reference. */
static PyObject *type_method(PyObject *object, const char *name) {
  return PyObject_GetAttrString((PyObject *)Py_TYPE(object), name);
}

static int copy_text_attribute(PyObject *object, const char *name, char *to, size_t room) {
  PyObject *value = PyObject_GetAttrString(object, name);
  const char *text = value ? PyUnicode_AsUTF8(value) : NULL;
  if (text)
    snprintf(to, room, "%s", text);
  Py_XDECREF(value);
  return text ? 0 : -1;
}

static int stream_install(Stream *stream) {
  PyObject *text = PySys_GetObject(stream->name); /* borrowed */
  PyObject *buffer = text ? PyObject_GetAttrString(text, "buffer") : NULL;
  PyObject *capsule = PyCapsule_New(stream, NULL, NULL);
  PyObject *callback = capsule ? PyCFunction_New(&gone_def, capsule) : NULL;
  int result = -1;
  if (!buffer || !callback)
    goto done;
  if (!text_write && !(text_write = type_method(text, "write")))
    goto done;
  if (!text_flush && !(text_flush = type_method(text, "flush")))
    goto done;
  if (!buffer_write && !(buffer_write = type_method(buffer, "write")))
    goto done;
  stream->text = text;
  stream->buffer = buffer;
  stream->watch = PyWeakref_NewRef(text, callback);
  stream->watch_buffer = PyWeakref_NewRef(buffer, callback);
  if (!stream->watch || !stream->watch_buffer ||
      copy_text_attribute(text, "encoding", stream->encoding, sizeof stream->encoding) < 0 ||
      copy_text_attribute(text, "errors", stream->errors, sizeof stream->errors) < 0 ||
      put_function(text, &text_write_def, capsule, NULL) < 0 ||
      put_function(text, &text_flush_def, capsule, NULL) < 0 ||
      put_function(buffer, &buffer_write_def, capsule, NULL) < 0)
    goto done;
  stream->is_utf8 = strcmp(stream->encoding, "utf-8") == 0;
  result = 0;
done:
  Py_XDECREF(callback);
  Py_XDECREF(capsule);
  Py_XDECREF(buffer);
  return result;
}

/* os._exit, also under its first name. */
static int exit_install(void) {
  int result = -1;
  PyObject *posix = PyImport_ImportModule("posix");
  PyObject *os = PyImport_ImportModule("os");
  exit_at_once = posix ? PyObject_GetAttrString(posix, "_exit") : NULL;
  PyObject *ours = NULL;
  if (os && exit_at_once && put_function(posix, &exit_def, NULL, "posix") == 0 &&
      (ours = PyObject_GetAttrString(posix, "_exit")))
    result = PyObject_SetAttrString(os, "_exit", ours);
  Py_XDECREF(ours);
  Py_XDECREF(os);
  Py_XDECREF(posix);
  return result;
}

/* In _thread, from where threading takes it when it is imported. */
static int thread_hook_install(void) {
  PyObject *module = PyImport_ImportModule("_thread");
  thread_hook = module ? PyObject_GetAttrString(module, hook_def.ml_name) : NULL;
  int result = thread_hook ? put_function(module, &hook_def, NULL, "_thread") : -1;
  Py_XDECREF(module);
  return result;
}

int capture_install(void) {
  note_thread(); /* this is the main thread */
  if (stream_install(&streams[0]) < 0 || stream_install(&streams[1]) < 0)
    return -1;
  return exit_install() < 0 || thread_hook_install() < 0 ? -1 : 0;
}

void capture_note(bool on) {
  is_noting = on;
}

bool capture_mute(bool on) {
  bool was_muted = is_muted;
  is_muted = on;
  return was_muted;
}

/* By its method, whatever it is. */
static void flush_one(PyObject *text) {
  PyObject *result = text && text != Py_None ? PyObject_CallMethod(text, "flush", NULL) : NULL;
  Py_XDECREF(result);
  PyErr_Clear();
}

void capture_flush(void) {
  PyObject *pending = compat_take_exception();
  flush_one(PySys_GetObject("stderr"));
  flush_one(PySys_GetObject("stdout"));
  compat_set_exception(pending);
}

void capture_flush_own(void) {
  PyObject *pending = compat_take_exception();
  for (int i = 0; i < 2; i++) {
    text_depth++;
    PyObject *result = streams[i].text ? call_method(text_flush, streams[i].text, NULL) : NULL;
    text_depth--;
    Py_XDECREF(result);
    PyErr_Clear();
  }
  compat_set_exception(pending);
}

bool capture_is_whole(void) {
  return streams[0].text && streams[1].text && PySys_GetObject("stdout") == streams[0].text &&
         PySys_GetObject("stderr") == streams[1].text;
}

bool capture_flush_failed(void) {
  return flush_failed;
}

int capture_line_buffered(void) {
  PyObject *method =
      streams[0].text ? PyObject_GetAttrString(streams[0].text, "reconfigure") : NULL;
  PyObject *none = PyTuple_New(0);
  PyObject *how = Py_BuildValue("{s:O}", "line_buffering", Py_True);
  PyObject *result = method && none && how ? PyObject_Call(method, none, how) : NULL;
  Py_XDECREF(result);
  Py_XDECREF(how);
  Py_XDECREF(none);
  Py_XDECREF(method);
  return result ? 0 : -1;
}
