/*
 * Theory of operation. Of a comparison the left side is evaluated first and by itself, so that
 * it can be told what it was; the rest then finds it under a name that no source can write. One
 * that is true holds, one that is false or raises does not. Where a name is missing, or the text
 * is no expression, nothing is known.
 */
#include "worker/finals.h"

#include <stdlib.h>
#include <string.h>

#include "worker/note.h"
#include "worker/syntax.h"

#define LEFT "<left>"
#define FILE_NAME "<after>"
#define REPR_MAX 4096

bool finals_are_there(const WireUnit *unit) {
  for (uint32_t i = 0; i < unit->probe_count; i++)
    if (unit->probes[i].kind == WIRE_PROBE_FINAL)
      return true;
  return false;
}

/* The syntax tree of the text: an ast.Expression. New reference, as all here. */
static PyObject *text_parse(PyObject *text) {
  PyCompilerFlags how = {.cf_flags = PyCF_ONLY_AST, .cf_feature_version = PY_MINOR_VERSION};
  PyObject *stripped = PyObject_CallMethod(text, "strip", NULL);
  const char *source = stripped ? PyUnicode_AsUTF8(stripped) : NULL;
  PyObject *tree = source ? Py_CompileStringFlags(source, FILE_NAME, Py_eval_input, &how) : NULL;
  Py_XDECREF(stripped);
  return tree;
}

static PyObject *tree_evaluate(PyObject *tree, PyObject *namespace, PyObject *locals) {
  PyObject *compile = PyDict_GetItemString(PyEval_GetBuiltins(), "compile"); /* borrowed */
  PyObject *code =
      compile ? PyObject_CallFunction(compile, "Ossii", tree, FILE_NAME, "eval", 0, 1) : NULL;
  PyObject *value = code ? PyEval_EvalCode(code, namespace, locals) : NULL;
  Py_XDECREF(code);
  if (!value && !PyErr_Occurred())
    PyErr_SetString(PyExc_RuntimeError, "there is no compile()");
  return value;
}

/* Evaluates the left side of a comparison, and puts a name in its place. */
static PyObject *left_evaluate(PyObject *tree, PyObject *comparison, PyObject *namespace,
                               PyObject *locals) {
  PyObject *ast = PyImport_ImportModule("_ast"), *value = NULL, *name = NULL;
  PyObject *left = ast ? PyObject_GetAttrString(comparison, "left") : NULL;
  PyObject *load_type = left ? PyObject_GetAttrString(ast, "Load") : NULL;
  PyObject *load = load_type ? PyObject_CallFunctionObjArgs(load_type, NULL) : NULL;
  if (load && PyObject_SetAttrString(tree, "body", left) == 0)
    value = tree_evaluate(tree, namespace, locals);
  if (value)
    name = syntax_new(ast, "Name", Py_BuildValue("{s:s,s:O}", "id", LEFT, "ctx", load), left);
  if (!name || PyObject_SetAttrString(comparison, "left", name) < 0 ||
      PyObject_SetAttrString(tree, "body", comparison) < 0 ||
      PyDict_SetItemString(locals, LEFT, value) < 0)
    Py_CLEAR(value);
  Py_XDECREF(name);
  Py_XDECREF(load);
  Py_XDECREF(load_type);
  Py_XDECREF(left);
  Py_XDECREF(ast);
  return value;
}

/* Its value; *left is that of a comparison's left side, else NULL. */
static PyObject *text_evaluate(PyObject *text, PyObject *namespace, PyObject **left) {
  PyObject *tree = text_parse(text), *locals = tree ? PyDict_New() : NULL, *value = NULL;
  PyObject *body = locals ? PyObject_GetAttrString(tree, "body") : NULL;
  bool is_comparison = body && syntax_is(body, "Compare");
  if (is_comparison)
    *left = left_evaluate(tree, body, namespace, locals);
  if (body && (*left || !is_comparison))
    value = tree_evaluate(tree, namespace, locals);
  Py_XDECREF(body);
  Py_XDECREF(locals);
  Py_XDECREF(tree);
  return value;
}

/* "ValueError: bad"; only its type where it has no text, or cannot tell it. NULL without an
 * exception where that fails. */
static PyObject *exception_text(PyObject *exception) {
  PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(exception), "__name__");
  PyObject *message = name && PyUnicode_Check(name) ? PyObject_Str(exception) : NULL;
  PyErr_Clear();
  if (!message)
    return name;
  PyObject *text =
      PyUnicode_FromFormat(PyUnicode_GET_LENGTH(message) > 0 ? "%U: %U" : "%U", name, message);
  Py_DECREF(message);
  Py_DECREF(name);
  PyErr_Clear();
  return text;
}

/* What does not tell anything about the snippet. */
static bool is_no_answer(PyObject *exception) {
  return PyErr_GivenExceptionMatches(exception, PyExc_NameError) ||
         PyErr_GivenExceptionMatches(exception, PyExc_SyntaxError);
}

static PyObject *cut_repr(PyObject *value) {
  PyObject *repr = PyObject_Repr(value);
  PyErr_Clear();
  if (repr && PyUnicode_GET_LENGTH(repr) > REPR_MAX)
    Py_SETREF(repr, PyUnicode_Substring(repr, 0, REPR_MAX));
  PyErr_Clear();
  return repr;
}

static void final_check(const WireProbe *probe, PyObject *rule, PyObject *namespace) {
  PyObject *left = NULL;
  PyObject *text = PyUnicode_DecodeUTF8(probe->text, (Py_ssize_t)probe->size, "replace");
  PyObject *value = text ? text_evaluate(text, namespace, &left) : NULL;
  int is_true = value ? PyObject_IsTrue(value) : -1;
  NoteChecked checked = {
      .kind = JOURNAL_CHECKED_FINAL, .line = probe->line, .rule = rule, .said = text};
  if (is_true > 0) {
    checked.end = JOURNAL_CHECKED_HOLDS;
  } else if (is_true == 0) {
    checked.end = JOURNAL_CHECKED_CONTRADICTED;
    checked.actual = cut_repr(left ? left : value);
  } else {
    PyObject *exception = compat_take_exception();
    PyObject *words = exception ? exception_text(exception) : NULL;
    bool is_unclear = !exception || is_no_answer(exception);
    checked.end = is_unclear ? JOURNAL_CHECKED_UNCLEAR : JOURNAL_CHECKED_CONTRADICTED;
    *(is_unclear ? &checked.note : &checked.actual) = words;
    Py_XDECREF(exception);
  }
  note_checked(&checked);
  Py_XDECREF(checked.actual);
  Py_XDECREF(checked.note);
  Py_XDECREF(left);
  Py_XDECREF(value);
  Py_XDECREF(text);
  PyErr_Clear();
}

void finals_leave(const WireUnit *unit, const char *why) {
  PyObject *rule = PyUnicode_FromString("after"), *note = rule ? PyUnicode_FromString(why) : NULL;
  for (uint32_t i = 0; note && i < unit->probe_count; i++) {
    const WireProbe *probe = &unit->probes[i];
    if (probe->kind != WIRE_PROBE_FINAL)
      continue;
    PyObject *text = PyUnicode_DecodeUTF8(probe->text, (Py_ssize_t)probe->size, "replace");
    note_checked(&(NoteChecked){.kind = JOURNAL_CHECKED_FINAL,
                                .end = JOURNAL_CHECKED_UNCLEAR,
                                .line = probe->line,
                                .rule = rule,
                                .said = text,
                                .note = note});
    Py_XDECREF(text);
    PyErr_Clear();
  }
  Py_XDECREF(note);
  Py_XDECREF(rule);
  PyErr_Clear();
}

void finals_check(const WireUnit *unit, PyObject *namespace) {
  PyObject *rule = PyUnicode_FromString("after");
  PyObject *errors = syntax_hush(); /* what the compiler warns of is no output of the snippet */
  for (uint32_t i = 0; rule && i < unit->probe_count; i++)
    if (unit->probes[i].kind == WIRE_PROBE_FINAL)
      final_check(&unit->probes[i], rule, namespace);
  syntax_unhush(errors);
  Py_XDECREF(rule);
  PyErr_Clear();
}
