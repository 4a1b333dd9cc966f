/*
 * place.h: where in a syntax tree a line of the source stands.
 */
#pragma once

#include "wire/wire.h"
#include "worker/pycompat.h"

typedef enum { SCOPE_MODULE, SCOPE_CLASS, SCOPE_FUNCTION } ScopeKind;

typedef struct Scope Scope;
struct Scope {
  const Scope *outer; /* NULL for the module */
  ScopeKind kind;
  PyObject *node; /* borrowed from the tree; NULL for the module */
};

/* The statements [first, end) of a body, or the gap before `first` where that is
 * `end`. */
typedef struct {
  PyObject *body; /* borrowed from the tree */
  Py_ssize_t first, end;
  bool is_top;        /* it is the module's own body */
  const Scope *scope; /* the innermost; valid in the callback only */
} Place;

/* Gets a place while its scopes are known. */
typedef int PlaceFound(const Place *place, void *data);

/* The lines of a source. */
typedef struct {
  uint32_t first; /* number of the first line */
  uint32_t count;
  const char **starts; /* count + 1 */
} Lines;

/* Fills in *lines, which points into source; false without memory. */
bool lines_read(Lines *lines, const char *source, size_t size, uint32_t first);
void lines_free(Lines *lines);

/* Finds the innermost statements that begin on a line and calls found for them,
 * if there are any. Returns what that returned, 0, or -1 with an exception. */
int place_of_statement(PyObject *body, uint32_t line, PlaceFound *found, void *data);

/* Likewise the outermost ones. */
int place_of_outer_statement(PyObject *body, uint32_t line, PlaceFound *found, void *data);

/* Likewise the gap in which a comment stands that is alone on its line. */
int place_of_comment(PyObject *body, const Lines *lines, uint32_t line, uint32_t column,
                     PlaceFound *found, void *data);
