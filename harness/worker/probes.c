#include "worker/probes.h"

#include <stdlib.h>
#include <string.h>

#include "worker/examine.h"
#include "worker/fixture.h"
#include "worker/place.h"
#include "worker/points.h"
#include "worker/syntax.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- nodes ------------------------------------------------------------- */

/* A place in a body that is to be changed. */
typedef struct {
  Probe *probe;
  PyObject *body; /* owned */
  Py_ssize_t first, end;
  bool is_top;
  bool has_own_namespace; /* the module's or a class's: names are looked up there */
  bool can_load;          /* else, in a function: names can be loaded */
} Mark;

typedef struct {
  PyObject *ast;
  const UnitFile *file;
  Lines lines;
  PyObject *table; /* of symbols; NULL until it is needed */
  ProbesKind kind;
  Probe *probe; /* whose place is sought */
  Mark *marks;
  uint32_t mark_count;
} Insertion;

static PyObject *none_new(PyObject *ast, PyObject *place) {
  return syntax_new(ast, "Constant", Py_BuildValue("{s:O}", "value", Py_None), place);
}

/* A node without fields: an operator or a context. */
static PyObject *plain_new(PyObject *ast, const char *kind) {
  PyObject *type = PyObject_GetAttrString(ast, kind);
  PyObject *node = type ? PyObject_CallFunctionObjArgs(type, NULL) : NULL;
  Py_XDECREF(type);
  return node;
}

static PyObject *mark_new(PyObject *ast, const Probe *probe, PointAction action, PyObject *place) {
  return syntax_new(ast, "Constant",
                    Py_BuildValue("{s:N}", "value", points_constant(probe, action)), place);
}

/* `point @ operand`; steals operand. */
static PyObject *point_node(PyObject *ast, const Probe *probe, PointAction action,
                            PyObject *operand, PyObject *place) {
  PyObject *point = operand ? mark_new(ast, probe, action, place) : NULL;
  PyObject *operator= point ? plain_new(ast, "MatMult") : NULL;
  PyObject *node = operator? syntax_new(ast, "BinOp",
                                        Py_BuildValue("{s:O,s:O,s:O}", "left", point,
                                                      "op", operator, "right", operand),
                                        place)
                           : NULL;
  Py_XDECREF(operator);
  Py_XDECREF(point);
  Py_XDECREF(operand);
  return node;
}

/* The statement of it. */
static PyObject *point_statement(PyObject *ast, const Probe *probe, PointAction action,
                                 PyObject *operand, PyObject *place) {
  PyObject *node = point_node(ast, probe, action, operand, place);
  PyObject *statement =
      node ? syntax_new(ast, "Expr", Py_BuildValue("{s:O}", "value", node), place) : NULL;
  Py_XDECREF(node);
  return statement;
}

/* `try: body / except type: handler`; steals all but ast and place; type may be
 * NULL. */
static PyObject *try_new(PyObject *ast, PyObject *body, PyObject *type, bool has_type,
                         PyObject *handler_body, PyObject *place) {
  PyObject *handler = NULL, *result = NULL;
  if (body && handler_body && (type || !has_type))
    handler = syntax_new(ast, "ExceptHandler",
                         Py_BuildValue("{s:O,s:O,s:O}", "type", type ? type : Py_None, "name",
                                       Py_None, "body", handler_body),
                         place);
  if (handler)
    result = syntax_new(ast, "Try",
                        Py_BuildValue("{s:O,s:[O],s:[],s:[]}", "body", body, "handlers", handler,
                                      "orelse", "finalbody"),
                        place);
  Py_XDECREF(handler);
  Py_XDECREF(handler_body);
  Py_XDECREF(type);
  Py_XDECREF(body);
  return result;
}

/* A list of one or two nodes, which it steals; NULL where one is NULL. */
static PyObject *list_of(PyObject *one, PyObject *other, bool has_other) {
  PyObject *list = one && (other || !has_other) ? PyList_New(has_other ? 2 : 1) : NULL;
  if (!list) {
    Py_XDECREF(one);
    Py_XDECREF(other);
    return NULL;
  }
  PyList_SET_ITEM(list, 0, one);
  if (has_other)
    PyList_SET_ITEM(list, 1, other);
  return list;
}

/* The names as an expression. */
static PyObject *names_node(PyObject *ast, const Probe *probe, PyObject *place) {
  Py_ssize_t count = PyTuple_GET_SIZE(probe->names);
  PyObject *load = plain_new(ast, "Load");
  PyObject *nodes = load ? PyList_New(0) : NULL, *result = NULL;
  for (Py_ssize_t i = 0; nodes && i < count; i++) {
    PyObject *node = syntax_new(
        ast, "Name",
        Py_BuildValue("{s:O,s:O}", "id", PyTuple_GET_ITEM(probe->names, i), "ctx", load), place);
    if (!node || PyList_Append(nodes, node) < 0)
      Py_CLEAR(nodes);
    Py_XDECREF(node);
  }
  if (nodes && count == 1) {
    result = PyList_GET_ITEM(nodes, 0);
    Py_INCREF(result);
  } else if (nodes) {
    result =
        syntax_new(ast, "Tuple", Py_BuildValue("{s:O,s:O}", "elts", nodes, "ctx", load), place);
  }
  Py_XDECREF(nodes);
  Py_XDECREF(load);
  return result;
}

/* What notes the names at a mark: new reference; None where nothing does. */
static PyObject *names_statement(PyObject *ast, const Mark *mark, PyObject *place) {
  const Probe *probe = mark->probe;
  if (PyTuple_GET_SIZE(probe->names) > 0 && mark->has_own_namespace)
    return point_statement(ast, probe, POINT_LOOK, none_new(ast, place), place);
  if (PyTuple_GET_SIZE(probe->names) == 0 || !mark->can_load)
    Py_RETURN_NONE;
  PyObject *note = point_statement(ast, probe, POINT_VALUE, names_node(ast, probe, place), place);
  PyObject *pass = syntax_new(ast, "Pass", PyDict_New(), place);
  return try_new(ast, list_of(note, NULL, false), mark_new(ast, probe, POINT_MISSED, place), true,
                 list_of(pass, NULL, false), place);
}

/* --- changing a body --------------------------------------------------- */

#define ADDED "_is_added"

bool probes_is_added(PyObject *statement) {
  return PyObject_HasAttrString(statement, ADDED);
}

/* Inserts a statement, which it steals; None is passed over. */
static int body_insert(PyObject *body, Py_ssize_t at, PyObject *statement, bool is_added) {
  int result = statement ? 0 : -1;
  if (statement && statement != Py_None) {
    result = is_added ? PyObject_SetAttrString(statement, ADDED, Py_True) : 0;
    if (result == 0)
      result = PyList_Insert(body, at, statement);
  }
  Py_XDECREF(statement);
  return result;
}

/* Wraps the statements of a mark, so that exceptions are noted. */
static int body_wrap(PyObject *ast, const Mark *mark) {
  PyObject *place = PyList_GET_ITEM(mark->body, mark->first);
  PyObject *part = PyList_GetSlice(mark->body, mark->first, mark->end);
  PyObject *note = point_statement(ast, mark->probe, POINT_RAISED, none_new(ast, place), place);
  PyObject *again =
      syntax_new(ast, "Raise", Py_BuildValue("{s:O,s:O}", "exc", Py_None, "cause", Py_None), place);
  PyObject *wrapped = try_new(ast, part, NULL, false, list_of(note, again, true), place);
  PyObject *list = list_of(wrapped, NULL, false);
  int result = list ? PyList_SetSlice(mark->body, mark->first, mark->end, list) : -1;
  Py_XDECREF(list);
  return result;
}

/* `return value` becomes `return point @ value`. */
static int return_wrap(PyObject *ast, const Probe *probe, PyObject *statement) {
  PyObject *value = PyObject_GetAttrString(statement, "value");
  if (!value || value == Py_None) {
    PyErr_Clear();
    Py_XDECREF(value);
    return 0;
  }
  Py_INCREF(value);
  PyObject *node = point_node(ast, probe, POINT_RETURN, value, value);
  int result = node ? PyObject_SetAttrString(statement, "value", node) : -1;
  Py_XDECREF(node);
  Py_DECREF(value);
  return result;
}

static bool is_string(PyObject *statement) {
  PyObject *value =
      syntax_is(statement, "Expr") ? PyObject_GetAttrString(statement, "value") : NULL;
  PyObject *constant =
      value && syntax_is(value, "Constant") ? PyObject_GetAttrString(value, "value") : NULL;
  bool result = constant && PyUnicode_Check(constant);
  Py_XDECREF(constant);
  Py_XDECREF(value);
  PyErr_Clear();
  return result;
}

/* Whether a try around it would change more than it should: what declares names,
 * and docstrings. */
static bool is_declaring(PyObject *statement) {
  return syntax_is(statement, "AnnAssign") || syntax_is(statement, "Global") ||
         syntax_is(statement, "Nonlocal") || is_string(statement);
}

/* The first probe of a statement wraps it; *end is where what notes values goes. */
static int mark_wrap(PyObject *ast, const Mark *mark, Py_ssize_t *end) {
  PyObject *last = PyList_GET_ITEM(mark->body, mark->end - 1);
  bool can_wrap = !mark->is_top;
  for (Py_ssize_t i = mark->first; i < mark->end; i++)
    can_wrap = can_wrap && !is_declaring(PyList_GET_ITEM(mark->body, i));
  Py_ssize_t behind = can_wrap ? mark->first + 1 : mark->end;
  *end = behind + 1;
  if (syntax_is(last, "Return") && return_wrap(ast, mark->probe, last) < 0)
    return -1;
  if (can_wrap && body_wrap(ast, mark) < 0)
    return -1;
  PyObject *place = PyList_GET_ITEM(mark->body, mark->first);
  return body_insert(mark->body, behind,
                     point_statement(ast, mark->probe, POINT_PASSED, none_new(ast, place), place),
                     true);
}

static int mark_before(PyObject *ast, const Mark *mark) {
  const WireProbe *wire = mark->probe->wire;
  bool is_remark = wire->kind == WIRE_PROBE_REMARK;
  uint32_t line = is_remark ? wire->first : wire->line;
  PyObject *type = PyObject_GetAttrString(ast, "Pass"), *none = PyTuple_New(0);
  PyObject *where = Py_BuildValue("{s:I,s:I,s:I,s:I}", "lineno", line, "col_offset", wire->column,
                                  "end_lineno", line, "end_col_offset", wire->column + 1);
  PyObject *place = type && none && where ? PyObject_Call(type, none, where) : NULL;
  PyObject *statement = NULL;
  if (place && wire->kind == WIRE_PROBE_AT)
    statement = names_statement(ast, mark, place);
  else if (place)
    statement = point_statement(ast, mark->probe, is_remark ? POINT_COUNT : POINT_CODE,
                                none_new(ast, place), place);
  int result = body_insert(mark->body, mark->first, statement, false);
  Py_XDECREF(place);
  Py_XDECREF(where);
  Py_XDECREF(none);
  Py_XDECREF(type);
  return result;
}

/* --- what can be done where -------------------------------------------- */

static bool is_future_import(PyObject *statement) {
  PyObject *module =
      syntax_is(statement, "ImportFrom") ? PyObject_GetAttrString(statement, "module") : NULL;
  bool result = module && PyUnicode_Check(module) &&
                PyUnicode_CompareWithASCIIString(module, "__future__") == 0;
  Py_XDECREF(module);
  PyErr_Clear();
  return result;
}

/* The first index at which something may stand: behind a docstring and the last
 * import of __future__. */
static Py_ssize_t first_free(const Place *place) {
  Py_ssize_t free = 0;
  if (PyList_GET_SIZE(place->body) > 0 && is_string(PyList_GET_ITEM(place->body, 0)))
    free = 1;
  for (Py_ssize_t i = 0; place->is_top && i < PyList_GET_SIZE(place->body); i++)
    if (is_future_import(PyList_GET_ITEM(place->body, i)))
      free = i + 1;
  return free;
}

/* Whether the names can be loaded in a function. */
static bool can_load(Insertion *insertion, const Scope *scope, const Probe *probe) {
  if (insertion->kind == PROBES_WITHOUT_NAMES || !probe->names)
    return false;
  if (!insertion->table && !(insertion->table = examine_table(insertion->file->unit)))
    return false;
  uint32_t line = syntax_number(scope->node, "lineno");
  uint32_t before = insertion->file->unit->pieces[0].line - 1;
  PyObject *function = PyObject_GetAttrString(scope->node, "name");
  bool result = function != NULL;
  for (Py_ssize_t i = 0; result && i < PyTuple_GET_SIZE(probe->names); i++)
    result = examine_can_load(insertion->table, function, line - before,
                              PyTuple_GET_ITEM(probe->names, i));
  Py_XDECREF(function);
  PyErr_Clear();
  return result;
}

/* Adds the names that a function declares global or nonlocal (kind) to a list. */
static int declared_collect(PyObject *node, const char *kind, PyObject *names) {
  int result = 0;
  for (const char *const *field = syntax_blocks; result == 0 && *field; field++) {
    PyObject *body = syntax_list(node, *field);
    for (Py_ssize_t i = 0; body && result == 0 && i < PyList_GET_SIZE(body); i++) {
      PyObject *statement = PyList_GET_ITEM(body, i);
      if (syntax_is(statement, kind)) {
        PyObject *declared = syntax_list(statement, "names");
        Py_ssize_t size = PyList_GET_SIZE(names);
        result = declared ? PyList_SetSlice(names, size, size, declared) : -1;
        Py_XDECREF(declared);
      } else if (!syntax_is(statement, "FunctionDef") && !syntax_is(statement, "ClassDef") &&
                 !syntax_is(statement, "AsyncFunctionDef")) {
        result = Py_EnterRecursiveCall(" in probes") ? -1 : 0;
        if (result == 0) {
          result = declared_collect(statement, kind, names);
          Py_LeaveRecursiveCall();
        }
      }
    }
    Py_XDECREF(body);
  }
  return result;
}

static PyObject *declared_by(PyObject *function, const char *kind) {
  PyObject *names = PyList_New(0);
  PyObject *result =
      names && declared_collect(function, kind, names) == 0 ? PyList_AsTuple(names) : NULL;
  Py_XDECREF(names);
  return result;
}

static bool is_name_byte(char byte) {
  return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || (byte & 0x80);
}

/* `__x`, which a class gives another name. */
static bool has_private_name(const char *text) {
  while (*text) {
    const char *name = text;
    while (is_name_byte(*text))
      text++;
    bool is_private = text - name > 2 && strncmp(name, "__", 2) == 0;
    if (is_private && strncmp(text - 2, "__", 2) != 0)
      return true;
    text += text == name;
  }
  return false;
}

/* What is known of the place of code; false where it means something else in a
 * place of its own. */
static int code_describe(Insertion *insertion, const Place *place, bool *is_fine) {
  static const char *const own_class[] = {"super", "__class__"};
  /* A comprehension in a class does not see the class's names; compiled apart from
   * it, it does. */
  static const char *const comprehension[] = {"for"};
  Probe *probe = insertion->probe;
  unsigned functions = 0, classes = 0;
  for (const Scope *scope = place->scope; scope; scope = scope->outer) {
    functions += scope->kind == SCOPE_FUNCTION;
    classes += scope->kind == SCOPE_CLASS;
  }
  bool in_function = place->scope->kind == SCOPE_FUNCTION;
  *is_fine =
      !(in_function && classes > 0 &&
        examine_has_word(probe->text, strlen(probe->text), own_class, COUNT(own_class))) &&
      !(place->scope->kind == SCOPE_CLASS &&
        examine_has_word(probe->text, strlen(probe->text), comprehension, COUNT(comprehension))) &&
      !(classes > 0 && has_private_name(probe->text));
  probe->code = (ApartCode){.unit = probe->unit,
                            .line = probe->wire->line,
                            .path = probe->path,
                            .text = probe->text,
                            .is_top = place->is_top,
                            .is_nested = functions > in_function};
  if (!in_function)
    return 0;
  probe->code.is_async = syntax_is(place->scope->node, "AsyncFunctionDef");
  probe->code.globals = declared_by(place->scope->node, "Global");
  probe->code.nonlocals = declared_by(place->scope->node, "Nonlocal");
  return probe->code.globals && probe->code.nonlocals ? 0 : -1;
}

static int mark_found(const Place *place, void *data) {
  Insertion *insertion = data;
  Probe *probe = insertion->probe;
  Mark mark = {.probe = probe,
               .body = place->body,
               .first = place->first,
               .end = place->end,
               .is_top = place->is_top,
               .has_own_namespace = place->scope->kind != SCOPE_FUNCTION};
  Py_ssize_t least = first_free(place);
  if (probe->wire->kind == WIRE_PROBE_REMARK) { /* in the gap before it */
    mark.end = mark.first;
    probe->is_counted = true;
  }
  if (probe->wire->kind == WIRE_PROBE_AFTER) {
    if (mark.end < least)
      return 0;
  } else if (mark.first < least) {
    mark.first = mark.end = least;
  }
  if (probe->wire->kind == WIRE_PROBE_CODE) {
    bool is_fine;
    int result = code_describe(insertion, place, &is_fine);
    if (result < 0 || !is_fine)
      return result;
  }
  if (!mark.has_own_namespace)
    mark.can_load = can_load(insertion, place->scope, probe);
  Py_INCREF(mark.body);
  insertion->marks[insertion->mark_count++] = mark;
  return 0;
}

/* --- the whole --------------------------------------------------------- */

/* From the back of each body to its front, so that what is still to be changed
 * stays where it is: the end of a mark decides, gaps come after what begins
 * there; the probes of one place stay in order. */
static int marks_compare(const void *one, const void *other) {
  const Mark *left = one, *right = other;
  if (left->body != right->body)
    return left->body < right->body ? -1 : 1;
  if (left->first != right->first)
    return left->first > right->first ? -1 : 1;
  if (left->end != right->end)
    return left->end > right->end ? -1 : 1;
  bool is_gap = left->first == left->end;
  /* Of several in a gap each is put before those put there earlier; behind a
   * statement the first one wraps it. */
  return (left->probe < right->probe) == is_gap ? 1 : -1;
}

static int marks_apply(Insertion *insertion) {
  PyObject *ast = insertion->ast;
  Py_ssize_t end = 0;
  int result = 0;
  qsort(insertion->marks, insertion->mark_count, sizeof(Mark), marks_compare);
  for (uint32_t i = 0; result == 0 && i < insertion->mark_count; i++) {
    Mark *mark = &insertion->marks[i];
    if (mark->probe->wire->kind != WIRE_PROBE_AFTER) {
      result = mark_before(ast, mark);
      continue;
    }
    const Mark *before = i > 0 ? mark - 1 : NULL;
    if (!before || before->body != mark->body || before->first != mark->first)
      result = mark_wrap(ast, mark, &end);
    PyObject *place = PyList_GET_ITEM(mark->body, mark->first);
    Py_ssize_t size = PyList_GET_SIZE(mark->body);
    if (result == 0)
      result = body_insert(mark->body, end, names_statement(ast, mark, place), true);
    end += PyList_GET_SIZE(mark->body) - size;
  }
  return result;
}

/* Where a script may look at its own code, nothing is to be found there. */
static bool looks_at_itself(const WireUnit *unit) {
  static const char *const words[] = {
      "dis",     "settrace", "setprofile", "monitoring", "__code__", "f_code",   "gi_code",
      "cr_code", "ag_code",  "co_code",    "co_consts",  "f_trace",  "f_lasti",  "tb_lasti",
      "bdb",     "pdb",      "trace",      "coverage",   "marshal",  "cProfile", "profile",
  };
  return examine_has_word(unit->pieces[0].source, unit->pieces[0].size, words, COUNT(words));
}

/* Whether a probe has a place in the tree. */
static bool is_placed(const WireUnit *unit, uint32_t number) {
  switch ((WireProbeKind)unit->probes[number].kind) {
  case WIRE_PROBE_AFTER:
  case WIRE_PROBE_AT:
  case WIRE_PROBE_CODE:
    return true;
  case WIRE_PROBE_REMARK:
    return unit->probes[number].first > 0 && fixture_counts(number);
  case WIRE_PROBE_PROSE:
  case WIRE_PROBE_FINAL:
    break;
  }
  return false;
}

bool probes_are_there(const WireUnit *unit) {
  for (uint32_t i = 0; i < unit->probe_count; i++)
    if (is_placed(unit, i))
      return true;
  return false;
}

int probes_insert(PyObject *ast, PyObject *body, const UnitFile *file, ProbesKind kind) {
  const WireUnit *unit = file->unit;
  const WirePiece *piece = &unit->pieces[0];
  if (!probes_are_there(unit) || looks_at_itself(unit))
    return 0;
  if (points_read(file) < 0)
    return -1;
  Insertion insertion = {.ast = ast, .file = file, .kind = kind};
  insertion.marks = calloc(unit->probe_count, sizeof(Mark));
  int result =
      insertion.marks && lines_read(&insertion.lines, piece->source, piece->size, piece->line) ? 0
                                                                                               : -1;
  if (result < 0)
    PyErr_NoMemory();
  for (uint32_t i = 0; result == 0 && i < unit->probe_count; i++) {
    const WireProbe *wire = &unit->probes[i];
    insertion.probe = points_probe(i);
    if (!is_placed(unit, i))
      continue;
    if (wire->kind == WIRE_PROBE_AFTER)
      result = place_of_statement(body, wire->line, mark_found, &insertion);
    else if (wire->kind == WIRE_PROBE_REMARK)
      result = place_of_outer_statement(body, wire->first, mark_found, &insertion);
    else
      result = place_of_comment(body, &insertion.lines, wire->line, wire->column, mark_found,
                                &insertion);
  }
  if (result == 0)
    result = marks_apply(&insertion);
  for (uint32_t i = 0; i < insertion.mark_count; i++)
    Py_DECREF(insertion.marks[i].body);
  free(insertion.marks);
  lines_free(&insertion.lines);
  Py_XDECREF(insertion.table);
  return result;
}
