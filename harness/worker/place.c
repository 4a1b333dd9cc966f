#include "worker/place.h"

#include <stdlib.h>
#include <string.h>

#include "worker/syntax.h"

/* --- lines ------------------------------------------------------------- */

bool lines_read(Lines *lines, const char *source, size_t size, uint32_t first) {
  uint32_t count = 1;
  for (size_t i = 0; i < size; i++)
    count += source[i] == '\n';
  *lines = (Lines){.first = first, .count = count, .starts = calloc(count + 1, sizeof(char *))};
  if (!lines->starts)
    return false;
  uint32_t line = 0;
  lines->starts[line++] = source;
  for (size_t i = 0; i < size; i++)
    if (source[i] == '\n')
      lines->starts[line++] = source + i + 1;
  lines->starts[count] = source + size;
  return true;
}

void lines_free(Lines *lines) {
  free(lines->starts);
}

/* Where the text of a line begins, and its end; NULL for a line that is none. */
static const char *line_text(const Lines *lines, uint32_t line, const char **end) {
  if (line < lines->first || line - lines->first >= lines->count)
    return NULL;
  const char *at = lines->starts[line - lines->first];
  *end = lines->starts[line - lines->first + 1];
  while (at < *end && strchr(" \t\f\r\n", *at))
    at++;
  return at;
}

/* Whether code stands on a line between two others. */
static bool has_code_between(const Lines *lines, uint32_t before, uint32_t after) {
  for (uint32_t line = before + 1; line < after; line++) {
    const char *end, *at = line_text(lines, line, &end);
    if (!at)
      return false;
    if (at < end && *at != '#')
      return true;
  }
  return false;
}

/* --- statements -------------------------------------------------------- */

static uint32_t line_of(PyObject *statement) {
  return syntax_number(statement, "lineno");
}

static uint32_t end_of(PyObject *statement) {
  uint32_t line = line_of(statement), end = syntax_number(statement, "end_lineno");
  return end < line ? line : end;
}

/* A decorator's, where it has some. */
static uint32_t first_line_of(PyObject *statement) {
  PyObject *decorators = syntax_list(statement, "decorator_list");
  uint32_t line = line_of(statement);
  if (decorators && PyList_GET_SIZE(decorators) > 0) {
    uint32_t first = line_of(PyList_GET_ITEM(decorators, 0));
    line = first > 0 && first < line ? first : line;
  }
  Py_XDECREF(decorators);
  return line;
}

/* Adds a body that is not empty. */
static int bodies_add(PyObject *bodies, PyObject *node, const char *field) {
  PyObject *body = syntax_list(node, field);
  int result = body && PyList_GET_SIZE(body) > 0 ? PyList_Append(bodies, body) : 0;
  Py_XDECREF(body);
  return result;
}

/* All bodies that a statement has, in the order of the source: new list. */
static PyObject *bodies_of(PyObject *statement) {
  PyObject *bodies = PyList_New(0);
  for (const char *const *field = syntax_blocks; bodies && *field; field++) {
    bool is_nested = strcmp(*field, "handlers") == 0 || strcmp(*field, "cases") == 0;
    PyObject *nodes = is_nested ? syntax_list(statement, *field) : NULL;
    int result = is_nested ? 0 : bodies_add(bodies, statement, *field);
    for (Py_ssize_t i = 0; nodes && result == 0 && i < PyList_GET_SIZE(nodes); i++)
      result = bodies_add(bodies, PyList_GET_ITEM(nodes, i), "body");
    Py_XDECREF(nodes);
    if (result < 0)
      Py_CLEAR(bodies);
  }
  return bodies;
}

/* The scope of what stands in a statement. */
static Scope scope_in(PyObject *statement, const Scope *scope) {
  if (syntax_is(statement, "FunctionDef") || syntax_is(statement, "AsyncFunctionDef"))
    return (Scope){.outer = scope, .kind = SCOPE_FUNCTION, .node = statement};
  if (syntax_is(statement, "ClassDef"))
    return (Scope){.outer = scope, .kind = SCOPE_CLASS, .node = statement};
  return *scope;
}

/* What is looked for, and where to. */
typedef struct {
  const Lines *lines;
  uint32_t line, column;
  bool is_outer; /* the outermost statements of the line are wanted */
  PlaceFound *found;
  void *data;
} Search;

static int statement_search(const Search *search, PyObject *body, const Scope *scope, bool is_top);

/* Searches what stands inside a statement; 1 where it was found there. */
static int bodies_search(const Search *search, PyObject *statement, const Scope *scope) {
  if (first_line_of(statement) > search->line || end_of(statement) < search->line)
    return 0;
  PyObject *bodies = bodies_of(statement);
  if (!bodies || Py_EnterRecursiveCall(" in probes")) {
    Py_XDECREF(bodies);
    return -1;
  }
  Scope inner = scope_in(statement, scope);
  int result = 0;
  for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(bodies); i++)
    result = statement_search(search, PyList_GET_ITEM(bodies, i), &inner, false);
  Py_LeaveRecursiveCall();
  Py_DECREF(bodies);
  return result;
}

/* 1 where it was found, or -1 with an exception. */
static int statement_search(const Search *search, PyObject *body, const Scope *scope, bool is_top) {
  Py_ssize_t count = PyList_GET_SIZE(body);
  Place place = {.body = body, .first = -1, .is_top = is_top, .scope = scope};
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *statement = PyList_GET_ITEM(body, i);
    bool is_at = line_of(statement) == search->line;
    int result = is_at && search->is_outer ? 0 : bodies_search(search, statement, scope);
    if (result != 0)
      return result;
    if (!is_at)
      continue;
    if (place.first < 0)
      place.first = i;
    place.end = i + 1;
  }
  if (place.first < 0)
    return 0;
  return search->found(&place, search->data) < 0 ? -1 : 1;
}

static int place_of(Search search, PyObject *body) {
  Scope module = {.kind = SCOPE_MODULE};
  return statement_search(&search, body, &module, true) < 0 ? -1 : 0;
}

int place_of_statement(PyObject *body, uint32_t line, PlaceFound *found, void *data) {
  return place_of((Search){.line = line, .found = found, .data = data}, body);
}

int place_of_outer_statement(PyObject *body, uint32_t line, PlaceFound *found, void *data) {
  return place_of((Search){.line = line, .is_outer = true, .found = found, .data = data}, body);
}

/* --- comments ---------------------------------------------------------- */

/* Whether a body stands on lines of its own, and at a column where a comment
 * could be one of its lines. */
static bool can_hold(const Search *search, PyObject *body) {
  PyObject *first = PyList_GET_ITEM(body, 0);
  uint32_t column = syntax_number(first, "col_offset"), line = first_line_of(first);
  const char *end, *at = line_text(search->lines, line, &end);
  /* A decorator's column is that of its statement. */
  return at && at == search->lines->starts[line - search->lines->first] + column &&
         search->column >= column;
}

/* Which of the bodies of a statement a comment behind its first line belongs to,
 * by line alone; -1 for none: it stands within a header. */
static Py_ssize_t body_at(const Search *search, PyObject *bodies) {
  for (Py_ssize_t i = PyList_GET_SIZE(bodies); i-- > 0;) {
    uint32_t first = first_line_of(PyList_GET_ITEM(PyList_GET_ITEM(bodies, i), 0));
    if (first < search->line)
      return i;
    if (i == 0)
      return has_code_between(search->lines, search->line, first) ? -1 : 0;
    PyObject *before = PyList_GET_ITEM(bodies, i - 1);
    uint32_t end = end_of(PyList_GET_ITEM(before, PyList_GET_SIZE(before) - 1));
    /* behind `else:` or its like? */
    if (end < search->line && has_code_between(search->lines, end, search->line))
      return has_code_between(search->lines, search->line, first) ? -1 : i;
  }
  return -1;
}

/* Whether a body is no more than the `elif` of its statement. */
static bool is_elif(const Search *search, PyObject *body) {
  PyObject *first = PyList_GET_ITEM(body, 0);
  const char *end, *at = line_text(search->lines, line_of(first), &end);
  return syntax_is(first, "If") && at && end - at > 4 && memcmp(at, "elif", 4) == 0;
}

static int comment_search(const Search *search, PyObject *body, const Scope *scope, bool is_top);

/* Whether the comment belongs into the statement before it: then *result says
 * what came of it. */
static bool is_inside(const Search *search, PyObject *statement, const Scope *scope, int *result) {
  bool is_within = end_of(statement) >= search->line;
  PyObject *bodies = bodies_of(statement);
  *result = bodies ? 0 : -1;
  if (!bodies)
    return true;
  Py_ssize_t at = PyList_GET_SIZE(bodies) > 0 ? body_at(search, bodies) : -1;
  PyObject *body = at >= 0 ? PyList_GET_ITEM(bodies, at) : NULL;
  bool has_more = body && is_elif(search, body);
  bool is_inner = body && !has_more && can_hold(search, body);
  if (has_more && Py_EnterRecursiveCall(" in probes") == 0) {
    is_inner = is_inside(search, PyList_GET_ITEM(body, 0), scope, result);
    Py_LeaveRecursiveCall();
  } else if (is_inner && Py_EnterRecursiveCall(" in probes") == 0) {
    Scope inner = scope_in(statement, scope);
    *result = comment_search(search, body, &inner, false);
    Py_LeaveRecursiveCall();
  } else if (is_inner || has_more) {
    *result = -1;
  }
  Py_DECREF(bodies);
  return is_inner || is_within || *result < 0;
}

static int comment_search(const Search *search, PyObject *body, const Scope *scope, bool is_top) {
  Py_ssize_t at = 0;
  int result;
  while (at < PyList_GET_SIZE(body) && first_line_of(PyList_GET_ITEM(body, at)) < search->line)
    at++;
  if (at > 0 && is_inside(search, PyList_GET_ITEM(body, at - 1), scope, &result))
    return result;
  Place place = {.body = body, .first = at, .end = at, .is_top = is_top, .scope = scope};
  return search->found(&place, search->data);
}

int place_of_comment(PyObject *body, const Lines *lines, uint32_t line, uint32_t column,
                     PlaceFound *found, void *data) {
  Search search = {.lines = lines, .line = line, .column = column, .found = found, .data = data};
  Scope module = {.kind = SCOPE_MODULE};
  return comment_search(&search, body, &module, true);
}
