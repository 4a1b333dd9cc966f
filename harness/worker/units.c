#include "worker/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker/capture.h"
#include "worker/fixture.h"
#include "worker/note.h"
#include "worker/points.h"
#include "worker/probe_fork.h"
#include "worker/probes.h"
#include "worker/syntax.h"
#include "worker/value.h"

char *units_text(const WireUnit *unit, size_t *size) {
  size_t room = 1;
  for (uint32_t i = 0; i < unit->piece_count; i++)
    room += unit->pieces[i].size + 1 + unit->pieces[i].line;
  char *text = malloc(room);
  if (!text)
    return NULL;
  size_t at = 0;
  uint32_t line = 1;
  for (uint32_t i = 0; i < unit->piece_count; i++) {
    const WirePiece *piece = &unit->pieces[i];
    if (at > 0 && text[at - 1] != '\n') {
      text[at++] = '\n';
      line++;
    }
    for (; line < piece->line && at + piece->size < room; line++)
      text[at++] = '\n';
    memcpy(text + at, piece->source, piece->size);
    at += piece->size;
    for (uint32_t k = 0; k < piece->size; k++)
      line += piece->source[k] == '\n';
  }
  text[at] = '\0';
  *size = at;
  return text;
}

/* The text of one piece, in the same way, with the line's end that the prompt
 * wants. */
static char *piece_text(const WirePiece *piece) {
  char *text = malloc((size_t)piece->line + piece->size + 2);
  if (!text)
    return NULL;
  size_t before = piece->line > 0 ? piece->line - 1 : 0;
  memset(text, '\n', before);
  memcpy(text + before, piece->source, piece->size);
  bool has_end = piece->size > 0 && piece->source[piece->size - 1] == '\n';
  memcpy(text + before + piece->size, has_end ? "" : "\n", has_end ? 1 : 2);
  return text;
}

/* Compiles a piece from its text; flags as compile() takes them. New
 * reference. */
static PyObject *piece_compile(const WirePiece *piece, PyObject *file, int start, int flags) {
  if (memchr(piece->source, '\0', piece->size)) {
    PyErr_SetString(PyExc_SyntaxError, "source code cannot contain null bytes");
    return NULL;
  }
  char *text = piece_text(piece);
  if (!text)
    return PyErr_NoMemory();
  PyCompilerFlags how = {.cf_flags = flags, .cf_feature_version = PY_MINOR_VERSION};
  PyObject *result = Py_CompileStringObject(text, file, start, &how, -1);
  free(text);
  return result;
}

PyObject *units_parse(const WirePiece *piece) {
  PyObject *file = PyUnicode_FromString("<names>");
  PyObject *tree = file ? piece_compile(piece, file, Py_file_input, PyCF_ONLY_AST) : NULL;
  Py_XDECREF(file);
  return tree;
}

/* Runs a code object and adds the __future__ flags that it was compiled with
 * to *flags. Returns 0 or -1 with an exception. */
static int code_run(PyObject *code, PyObject *namespace, int *flags) {
  *flags |= ((PyCodeObject *)code)->co_flags & PyCF_MASK;
  PyObject *result = PyEval_EvalCode(code, namespace, namespace);
  Py_XDECREF(result);
  return result ? 0 : -1;
}

/* Notes the exception that is set, and prints it as an uncaught one. The run
 * goes on, except after SystemExit: then -1. */
static int exception_pass(uint32_t flags) {
  if (PyErr_ExceptionMatches(PyExc_SystemExit))
    return -1;
  PyObject *exception = compat_take_exception();
  note_exception(exception, flags | JOURNAL_RAISED_PASSED);
  compat_set_exception(exception);
  capture_flush();
  PyErr_Print();
  return 0;
}

/* --- scripts, by their syntax tree ------------------------------------- */

static bool has_line(const uint32_t *lines, uint32_t count, uint32_t first, uint32_t last) {
  for (uint32_t i = 0; i < count; i++)
    if (lines[i] >= first && lines[i] <= last)
      return true;
  return false;
}

/* Makes the statement `value` into `note(value, line)`. */
static int value_wrap(PyObject *ast, PyObject *statement, uint32_t line) {
  PyObject *function = NULL, *number = NULL, *call = NULL, *load = NULL;
  PyObject *value = PyObject_GetAttrString(statement, "value");
  PyObject *load_type = PyObject_GetAttrString(ast, "Load");
  int result = -1;
  if (!value || !load_type || !(load = PyObject_CallFunctionObjArgs(load_type, NULL)))
    goto done;
  function =
      syntax_new(ast, "Name", Py_BuildValue("{s:s,s:O}", "id", NOTE_VALUE, "ctx", load), value);
  number = syntax_new(ast, "Constant", Py_BuildValue("{s:I}", "value", line), value);
  if (!function || !number)
    goto done;
  call = syntax_new(
      ast, "Call",
      Py_BuildValue("{s:O,s:[OO],s:[]}", "func", function, "args", value, number, "keywords"),
      value);
  if (call)
    result = PyObject_SetAttrString(statement, "value", call);
done:
  Py_XDECREF(call);
  Py_XDECREF(number);
  Py_XDECREF(function);
  Py_XDECREF(load);
  Py_XDECREF(load_type);
  Py_XDECREF(value);
  return result;
}

/* Wraps the bare expressions asked for, in a body and in the blocks of its
 * for, if, while, with, try and match statements. */
static int values_wrap(PyObject *ast, PyObject *body, const WireUnit *unit) {
  int result = 0;
  for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(body); i++) {
    PyObject *statement = PyList_GET_ITEM(body, i);
    uint32_t line = syntax_number(statement, "lineno");
    if (syntax_is(statement, "Expr")) {
      if (has_line(unit->value_lines, unit->value_count, line, line))
        result = value_wrap(ast, statement, line);
      continue;
    }
    if (syntax_is(statement, "FunctionDef") || syntax_is(statement, "AsyncFunctionDef") ||
        syntax_is(statement, "ClassDef"))
      continue;
    for (const char *const *field = syntax_blocks; result == 0 && *field; field++) {
      PyObject *block = syntax_list(statement, *field);
      if (block)
        result = values_wrap(ast, block, unit);
      Py_XDECREF(block);
    }
  }
  return result;
}

/* A string alone: at the head of a part it would become the docstring. */
static bool is_string_statement(PyObject *statement) {
  if (!syntax_is(statement, "Expr"))
    return false;
  PyObject *value = PyObject_GetAttrString(statement, "value");
  PyObject *constant =
      value && syntax_is(value, "Constant") ? PyObject_GetAttrString(value, "value") : NULL;
  bool is_string = constant && PyUnicode_Check(constant);
  Py_XDECREF(constant);
  Py_XDECREF(value);
  PyErr_Clear();
  return is_string;
}

/* Compiles the statements [from, to) of a body as a module; new reference. The
 * points of probes are in it. */
static PyObject *part_compile(PyObject *ast, PyObject *body, Py_ssize_t from, Py_ssize_t to,
                              const char *path, int flags) {
  PyObject *module_type = NULL, *module = NULL, *compile = NULL, *code = NULL;
  PyObject *part = PyList_GetSlice(body, from, to);
  while (part && from > 0 && PyList_GET_SIZE(part) > 0 &&
         is_string_statement(PyList_GET_ITEM(part, 0)))
    if (PyList_SetSlice(part, 0, 1, NULL) < 0)
      Py_CLEAR(part);
  PyObject *nothing = PyList_New(0);
  if (!part || !nothing || !(module_type = PyObject_GetAttrString(ast, "Module")))
    goto done;
  module = PyObject_CallFunctionObjArgs(module_type, part, nothing, NULL);
  compile = PyDict_GetItemString(PyEval_GetBuiltins(), "compile"); /* borrowed */
  Py_XINCREF(compile);
  if (module && compile) /* dont_inherit: the flags are ours to say */
    code = PyObject_CallFunction(compile, "Ossii", module, path, "exec", flags, 1);
done:
  Py_XDECREF(compile);
  Py_XDECREF(module);
  Py_XDECREF(module_type);
  Py_XDECREF(nothing);
  Py_XDECREF(part);
  return points_bind(code);
}

static PyObject *on_value(PyObject *self, PyObject *arguments) {
  PyObject *value;
  unsigned int line;
  if (!PyArg_ParseTuple(arguments, "OI", &value, &line))
    return NULL;
  value_note(value, (NoteOf){(uint32_t)PyLong_AsUnsignedLong(self), line, ""});
  if (apart_check_signals() < 0)
    return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef value_def = {NOTE_VALUE, on_value, METH_VARARGS, NULL};

static int value_function_install(uint32_t unit) {
  PyObject *number = PyLong_FromUnsignedLong(unit);
  PyObject *function = number ? PyCFunction_New(&value_def, number) : NULL;
  int result = function ? PyDict_SetItemString(PyEval_GetBuiltins(), NOTE_VALUE, function) : -1;
  Py_XDECREF(function);
  Py_XDECREF(number);
  return result;
}

/* Whether an exception of this statement does not end the script. */
static bool is_passing(const WireUnit *unit, PyObject *statement) {
  if (unit->passing_count == 0)
    return false;
  uint32_t first = syntax_number(statement, "lineno");
  uint32_t last = syntax_number(statement, "end_lineno");
  return has_line(unit->passing_lines, unit->passing_count, first, last < first ? first : last);
}

/* The syntax tree's body, and the module ast: new references. */
static int script_parse(const UnitFile *file, PyObject **ast, PyObject **body) {
  PyObject *path = PyUnicode_DecodeFSDefault(file->path);
  PyObject *tree =
      path ? piece_compile(&file->unit->pieces[0], path, Py_file_input, PyCF_ONLY_AST) : NULL;
  Py_XDECREF(path);
  PyObject *placed = tree ? fixture_place(tree, note_is_subject(file->number)) : NULL;
  if (placed)
    Py_SETREF(tree, placed);
  *body = tree ? PyObject_GetAttrString(tree, "body") : NULL;
  Py_XDECREF(tree);
  *ast = *body ? PyImport_ImportModule("_ast") : NULL;
  if (*ast)
    return 0;
  Py_CLEAR(*body);
  return -1;
}

static int script_run_file(const UnitFile *file, PyObject *namespace, uint32_t *flags) {
  FILE *stream = fopen(file->path, "rb");
  if (!stream) {
    PyErr_SetFromErrnoWithFilename(PyExc_OSError, file->path);
    return -1;
  }
  PyCompilerFlags how = {.cf_flags = 0, .cf_feature_version = PY_MINOR_VERSION};
  PyObject *result =
      PyRun_FileExFlags(stream, file->path, Py_file_input, namespace, namespace, 1, &how);
  if (result) {
    Py_DECREF(result);
    return 0;
  }
  /* Only an exception of the compiler has no traceback. */
  PyObject *exception = compat_take_exception();
  PyObject *traceback = PyException_GetTraceback(exception);
  if (!traceback)
    *flags |= JOURNAL_RAISED_COMPILING;
  Py_XDECREF(traceback);
  compat_set_exception(exception);
  return -1;
}

/* The body with all that is asked for in it, and the code of the whole: new
 * references, all NULL with an exception. What python3 refuses, before it runs
 * anything, is refused here too; but it may be what is asked for that does not
 * compile: then less is asked. */
static int script_compile(const UnitFile *file, PyObject **ast, PyObject **body, PyObject **whole) {
  enum { ALL, WITHOUT_NAMES, WITHOUT_PROBES };
  const WireUnit *unit = file->unit;
  PyObject *errors = NULL;
  *ast = *body = *whole = NULL;
  for (int step = probes_are_there(unit) ? ALL : WITHOUT_PROBES; step <= WITHOUT_PROBES; step++) {
    Py_CLEAR(*ast);
    Py_CLEAR(*body);
    PyErr_Clear();
    points_count_none();
    if (script_parse(file, ast, body) < 0)
      break;
    if (unit->value_count > 0 && values_wrap(*ast, *body, unit) < 0)
      continue;
    if (step < WITHOUT_PROBES &&
        probes_insert(*ast, *body, file, step == ALL ? PROBES_ALL : PROBES_WITHOUT_NAMES) < 0)
      continue;
    if ((*whole = part_compile(*ast, *body, 0, PyList_GET_SIZE(*body), file->path, 0)))
      break;
    if (!errors) /* it has been warned of */
      errors = syntax_hush();
  }
  if (errors)
    syntax_unhush(errors);
  if (*whole)
    return 0;
  Py_CLEAR(*ast);
  Py_CLEAR(*body);
  return -1;
}

static int script_run_in_parts(const UnitFile *file, PyObject *namespace, uint32_t *flags) {
  const WireUnit *unit = file->unit;
  PyObject *ast, *body, *whole;
  int result = 0, future = 0;
  if (unit->value_count > 0 && value_function_install(file->number) < 0)
    return -1;
  if (script_compile(file, &ast, &body, &whole) < 0) {
    PyErr_Clear();
    return script_run_file(file, namespace, flags); /* says it as python3 does */
  }
  if (unit->passing_count == 0) {
    Py_CLEAR(ast);
    Py_CLEAR(body);
    result = code_run(whole, namespace, &future);
  }
  Py_ssize_t count = body ? PyList_GET_SIZE(body) : 0;
  for (Py_ssize_t from = 0, to; result == 0 && from < count; from = to) {
    bool passing = is_passing(unit, PyList_GET_ITEM(body, from));
    for (to = from + 1; to < count; to++) {
      PyObject *next = PyList_GET_ITEM(body, to);
      if (!probes_is_added(next) && (passing || is_passing(unit, next)))
        break;
    }
    PyObject *errors = syntax_hush(); /* the whole has been warned of */
    PyObject *code = part_compile(ast, body, from, to, file->path, future);
    syntax_unhush(errors);
    result = code ? code_run(code, namespace, &future) : -1;
    Py_XDECREF(code);
    if (result < 0 && passing)
      result = exception_pass(0);
  }
  Py_XDECREF(whole);
  Py_XDECREF(ast);
  Py_XDECREF(body);
  return result;
}

static void script_run_earlier(const UnitFile *file, PyObject *namespace) {
  PyObject *ast, *body;
  int future = 0;
  if (script_parse(file, &ast, &body) == 0) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(body); i++) {
      PyObject *code = part_compile(ast, body, i, i + 1, file->path, future);
      if (code)
        code_run(code, namespace, &future);
      Py_XDECREF(code);
      PyErr_Clear();
    }
    Py_DECREF(ast);
    Py_DECREF(body);
  }
  PyErr_Clear();
}

/* --- transcripts ------------------------------------------------------- */

static int prompt_run(const UnitFile *file, uint32_t piece, PyObject *namespace, int *future,
                      uint32_t *flags) {
  PyObject *path = PyUnicode_DecodeFSDefault(file->path);
  PyObject *code =
      path ? piece_compile(&file->unit->pieces[piece], path, Py_single_input, *future) : NULL;
  Py_XDECREF(path);
  if (!code) {
    *flags |= JOURNAL_RAISED_COMPILING;
    return -1;
  }
  int result = code_run(code, namespace, future);
  Py_DECREF(code);
  return result;
}

static int transcript_run(const UnitFile *file, PyObject *namespace, bool is_subject) {
  int future = 0, result = 0;
  if (is_subject && probes_are_there(file->unit) && points_count_prompts(file) < 0)
    return -1;
  for (uint32_t i = 0; result == 0 && i < file->unit->piece_count; i++) {
    uint32_t flags = 0;
    if (is_subject)
      points_count_line(file->unit->pieces[i].line);
    if (prompt_run(file, i, namespace, &future, &flags) == 0)
      continue;
    if (is_subject)
      result = exception_pass(flags);
    else
      PyErr_Clear();
  }
  return result;
}

void units_run_earlier(const UnitFile *file, PyObject *namespace) {
  apart_heed(file->unit);
  if (file->unit->kind == WIRE_SCRIPT)
    script_run_earlier(file, namespace);
  else
    transcript_run(file, namespace, false);
}

int units_run_subject(const UnitFile *file, PyObject *namespace, uint32_t *flags) {
  const WireUnit *unit = file->unit;
  apart_heed(unit);
  if (unit->kind == WIRE_TRANSCRIPT)
    return transcript_run(file, namespace, true);
  bool is_plain = unit->value_count == 0 && unit->passing_count == 0 && !probes_are_there(unit) &&
                  !fixture_places();
  if (is_plain || memchr(unit->pieces[0].source, '\0', unit->pieces[0].size))
    return script_run_file(file, namespace, flags);
  return script_run_in_parts(file, namespace, flags);
}
