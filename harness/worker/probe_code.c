/*
 * What the code does is to be what it would do if it were no comment. In a module
 * it runs in the module's namespace, in a class in the class's. In a function it is
 * compiled as the body of a function of its own, which has the locals for
 * arguments: so what it binds is local, as it would be (`count += 1` raises
 * UnboundLocalError). Where that cannot be had, nothing is noted.
 */
#include "worker/probe_code.h"

#include <stdlib.h>
#include <string.h>

#include "worker/note.h"
#include "worker/probe_fork.h"
#include "worker/syntax.h"

#define LIMIT_MS 2000u

/* Compiles text, so that it begins on a line; flags as compile() takes them.
 * New reference. */
static PyObject *text_compile(const ApartCode *code, const char *text, uint32_t line, int start,
                              int flags) {
  size_t size = strlen(text), before = line > 0 ? line - 1 : 0;
  char *source = malloc(before + size + 2);
  PyObject *file = source ? PyUnicode_DecodeFSDefault(code->path) : NULL;
  PyObject *result = NULL;
  if (file) {
    memset(source, '\n', before);
    memcpy(source + before, text, size);
    memcpy(source + before + size, "\n", 2);
    PyCompilerFlags how = {.cf_flags = flags, .cf_feature_version = PY_MINOR_VERSION};
    result = Py_CompileStringObject(source, file, start, &how, -1);
  }
  Py_XDECREF(file);
  free(source);
  return result;
}

/* Compiles a tree; new reference. */
static PyObject *tree_compile(const ApartCode *code, PyObject *tree, const char *mode, int flags) {
  PyObject *compile = PyDict_GetItemString(PyEval_GetBuiltins(), "compile"); /* borrowed */
  if (!compile) {
    PyErr_SetString(PyExc_RuntimeError, "no compile()");
    return NULL;
  }
  return PyObject_CallFunction(compile, "Ossii", tree, code->path, mode, flags & ~PyCF_ONLY_AST, 1);
}

/* The value of the one expression that the code is: new reference, NULL for
 * other code, without an exception. */
static PyObject *only_expression(PyObject *tree) {
  PyObject *body = syntax_list(tree, "body");
  PyObject *value = NULL;
  if (body && PyList_GET_SIZE(body) == 1 && syntax_is(PyList_GET_ITEM(body, 0), "Expr"))
    value = PyObject_GetAttrString(PyList_GET_ITEM(body, 0), "value");
  PyErr_Clear();
  Py_XDECREF(body);
  return value;
}

/* A place that is being run, and what came of it. */
typedef struct {
  const ApartCode *code;
  PyObject *frame_code; /* of the frame in which it stands; all borrowed */
  PyObject *globals;
  PyObject *locals;
  int flags;       /* for the compiler: __future__ */
  PyObject *value; /* new reference, or NULL with an exception */
  bool is_refused; /* the compiler refuses it, by itself */
  bool is_unknown; /* what it would do in its place cannot be said */
} Trial;

/* At module level or in a class. */
static void trial_run_plain(Trial *trial, PyObject *tree) {
  PyObject *expression = only_expression(tree);
  PyObject *whole = tree;
  Py_INCREF(whole);
  if (expression) {
    Py_SETREF(whole, text_compile(trial->code, "0", 1, Py_eval_input, PyCF_ONLY_AST));
    if (whole && PyObject_SetAttrString(whole, "body", expression) < 0)
      Py_CLEAR(whole);
  }
  PyObject *made =
      whole ? tree_compile(trial->code, whole, expression ? "eval" : "exec", trial->flags) : NULL;
  if (made)
    trial->value = PyEval_EvalCode(made, trial->globals, trial->locals);
  else if (trial->code->is_top)
    trial->is_refused = true;
  else
    trial->is_unknown = true;
  Py_XDECREF(made);
  Py_XDECREF(whole);
  Py_XDECREF(expression);
}

/* Adds those names of the frame's code that are bound: to `to`, a dictionary. */
static int names_copy(PyObject *names, PyObject *locals, PyObject *to) {
  int result = names && PyTuple_Check(names) ? 0 : -1;
  for (Py_ssize_t i = 0; result == 0 && i < PyTuple_GET_SIZE(names); i++) {
    PyObject *name = PyTuple_GET_ITEM(names, i);
    PyObject *value = PyDict_GetItem(locals, name); /* borrowed */
    if (value && PyUnicode_IsIdentifier(name) == 1)
      result = PyDict_SetItem(to, name, value);
  }
  return result;
}

/* Takes what is in `from` and named in names over to `to`. */
static int names_move(PyObject *names, PyObject *from, PyObject *to) {
  int result = 0;
  for (Py_ssize_t i = 0; names && result == 0 && i < PyTuple_GET_SIZE(names); i++) {
    PyObject *value = PyDict_GetItem(from, PyTuple_GET_ITEM(names, i)); /* borrowed */
    if (value && (result = PyDict_SetItem(to, PyTuple_GET_ITEM(names, i), value)) == 0)
      result = PyDict_DelItem(from, PyTuple_GET_ITEM(names, i));
  }
  return result;
}

/* Sorts the frame's variables: those that are the function's own into
 * `arguments`, those of enclosing functions into `outside`, which has the
 * globals. */
static int variables_sort(const Trial *trial, PyObject *arguments, PyObject *outside) {
  static const char *const own[] = {"co_varnames", "co_cellvars"};
  int result = 0;
  for (size_t i = 0; result == 0 && i < 2; i++) {
    PyObject *names = PyObject_GetAttrString(trial->frame_code, own[i]);
    result = names_copy(names, trial->locals, arguments);
    Py_XDECREF(names);
  }
  PyObject *names = PyObject_GetAttrString(trial->frame_code, "co_freevars");
  if (result == 0)
    result = names_copy(names, trial->locals, outside);
  Py_XDECREF(names);
  return result < 0 ? result : names_move(trial->code->nonlocals, outside, arguments);
}

/* "def probe(a, b):\n global c\n return 0\n" as a tree: new reference. */
static PyObject *function_tree(const Trial *trial, PyObject *arguments) {
  const ApartCode *code = trial->code;
  PyObject *comma = PyUnicode_FromString(", ");
  PyObject *list = comma ? PyDict_Keys(arguments) : NULL;
  PyObject *given = list ? PyUnicode_Join(comma, list) : NULL;
  PyObject *declared = NULL, *source = NULL, *tree = NULL;
  bool has_globals = code->globals && PyTuple_GET_SIZE(code->globals) > 0;
  if (given)
    declared = has_globals ? PyUnicode_Join(comma, code->globals) : PyUnicode_FromString("");
  if (declared)
    source =
        PyUnicode_FromFormat("%sdef probe(%U):\n%s%U\n return 0\n", code->is_async ? "async " : "",
                             given, has_globals ? " global " : " pass", declared);
  const char *text = source ? PyUnicode_AsUTF8(source) : NULL;
  if (text)
    tree = text_compile(code, text, 1, Py_file_input, PyCF_ONLY_AST);
  Py_XDECREF(source);
  Py_XDECREF(declared);
  Py_XDECREF(given);
  Py_XDECREF(list);
  Py_XDECREF(comma);
  return tree;
}

/* Puts the code into the function's tree in the place of `return 0`. */
static int function_fill(PyObject *function, PyObject *tree) {
  PyObject *functions = syntax_list(function, "body");
  PyObject *body = functions ? syntax_list(PyList_GET_ITEM(functions, 0), "body") : NULL;
  PyObject *expression = only_expression(tree);
  PyObject *statements = syntax_list(tree, "body");
  int result = -1;
  if (body && expression)
    result = PyObject_SetAttrString(PyList_GET_ITEM(body, PyList_GET_SIZE(body) - 1), "value",
                                    expression);
  else if (body && statements)
    result = PyList_SetSlice(body, PyList_GET_SIZE(body) - 1, PyList_GET_SIZE(body), statements);
  Py_XDECREF(statements);
  Py_XDECREF(expression);
  Py_XDECREF(body);
  Py_XDECREF(functions);
  return result;
}

/* What a coroutine returns, if it does so without waiting: new reference. */
static PyObject *coroutine_run(Trial *trial, PyObject *coroutine) {
  PyObject *sent = PyObject_CallMethod(coroutine, "send", "O", Py_None);
  if (sent) { /* it waits for its event loop */
    Py_DECREF(sent);
    trial->is_unknown = true;
    Py_INCREF(Py_None);
    return Py_None;
  }
  if (!PyErr_ExceptionMatches(PyExc_StopIteration))
    return NULL;
  PyObject *stop = compat_take_exception();
  PyObject *value = PyObject_GetAttrString(stop, "value");
  Py_DECREF(stop);
  return value;
}

/* A generator would not run. */
static bool is_generator(PyObject *function) {
  const int kinds = CO_GENERATOR | CO_ASYNC_GENERATOR;
  return (((PyCodeObject *)PyFunction_GET_CODE(function))->co_flags & kinds) != 0;
}

static void trial_run_in_function(Trial *trial, PyObject *tree) {
  PyObject *arguments = PyDict_New(), *outside = PyDict_Copy(trial->globals);
  PyObject *function_whole = NULL, *made = NULL, *result = NULL, *none = PyTuple_New(0);
  trial->is_unknown = true; /* until it runs */
  if (!none || !arguments || !outside || variables_sort(trial, arguments, outside) < 0)
    goto done;
  function_whole = function_tree(trial, arguments);
  if (!function_whole || function_fill(function_whole, tree) < 0)
    goto done;
  made = tree_compile(trial->code, function_whole, "exec", trial->flags);
  result = made ? PyEval_EvalCode(made, outside, outside) : NULL;
  PyObject *function = result ? PyDict_GetItemString(outside, "probe") : NULL; /* borrowed */
  if (!function || !PyFunction_Check(function) || is_generator(function))
    goto done;
  Py_INCREF(function);
  PyObject *hidden = PyDict_GetItemString(trial->globals, "probe"); /* borrowed */
  if (hidden ? PyDict_SetItemString(outside, "probe", hidden)
             : PyDict_DelItemString(outside, "probe"))
    PyErr_Clear();
  trial->is_unknown = false;
  trial->value = PyObject_Call(function, none, arguments);
  if (trial->value && trial->code->is_async)
    Py_SETREF(trial->value, coroutine_run(trial, trial->value));
  Py_DECREF(function);
done:
  Py_XDECREF(none);
  Py_XDECREF(result);
  Py_XDECREF(made);
  Py_XDECREF(function_whole);
  Py_XDECREF(outside);
  Py_XDECREF(arguments);
}

/* A new io.StringIO as a stream of sys; new reference. */
static PyObject *stream_replace(const char *name) {
  PyObject *module = PyImport_ImportModule("io");
  PyObject *stream = module ? PyObject_CallMethod(module, "StringIO", NULL) : NULL;
  Py_XDECREF(module);
  if (!stream || PySys_SetObject(name, stream) < 0)
    PyErr_Clear();
  return stream;
}

/* In a class within functions, and in these, a name that is not found may be one
 * that the code would have found in its place. */
static bool is_doubtful(const Trial *trial, PyObject *exception) {
  return trial->is_unknown ||
         (trial->code->is_nested && PyErr_GivenExceptionMatches(exception, PyExc_NameError) &&
          !PyErr_GivenExceptionMatches(exception, PyExc_UnboundLocalError));
}

static void trial_run(Trial *trial) {
  PyObject *tree = text_compile(trial->code, trial->code->text, trial->code->line, Py_file_input,
                                PyCF_ONLY_AST | trial->flags);
  bool in_function = (((PyCodeObject *)trial->frame_code)->co_flags & CO_OPTIMIZED) != 0;
  if (!tree)
    trial->is_refused = true;
  else if (in_function)
    trial_run_in_function(trial, tree);
  else
    trial_run_plain(trial, tree);
  Py_XDECREF(tree);
}

/* In the copy. */
static void code_job(void *data) {
  const ApartCode *code = data;
  PyObject *printed_to = stream_replace("stdout");
  Py_XDECREF(stream_replace("stderr"));
  PyFrameObject *frame = PyEval_GetFrame(); /* borrowed, as the others */
  PyObject *locals = PyEval_GetLocals();
  if (!frame || !locals || !printed_to) {
    PyErr_Clear();
    return;
  }
  PyCodeObject *frame_code = PyFrame_GetCode(frame);
  Trial trial = {.code = code,
                 .frame_code = (PyObject *)frame_code,
                 .globals = PyEval_GetGlobals(),
                 .locals = locals,
                 .flags = frame_code->co_flags & PyCF_MASK};
  trial_run(&trial);
  PyObject *exception = compat_take_exception();
  if (is_doubtful(&trial, exception ? exception : Py_None) ||
      (exception && apart_lost_stream(exception)))
    return;
  PyObject *repr = trial.value && trial.value != Py_None ? PyObject_Repr(trial.value) : NULL;
  PyErr_Clear();
  PyObject *printed = PyObject_CallMethod(printed_to, "getvalue", NULL);
  PyErr_Clear();
  apart_note();
  note_probed(code->unit, code->line,
              trial.is_refused ? JOURNAL_PROBE_UNPARSABLE
              : exception      ? JOURNAL_PROBE_RAISED
                               : JOURNAL_PROBE_FINISHED,
              exception, repr, printed);
}

bool apart_run_code(const ApartCode *code) {
  switch (apart_run(code_job, (void *)code, LIMIT_MS)) {
  case APART_NOTED:
    return true;
  case APART_SILENT:
  case APART_NOT_RUN:
    return false;
  case APART_STOPPED:
    note_probed(code->unit, code->line, JOURNAL_PROBE_STOPPED, NULL, NULL, NULL);
    return false;
  case APART_DIED:
    note_probed(code->unit, code->line, JOURNAL_PROBE_DIED, NULL, NULL, NULL);
    return true;
  }
  return false;
}
