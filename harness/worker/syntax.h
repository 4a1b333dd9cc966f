/*
 * syntax.h: looks at nodes of a syntax tree, and makes new ones.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "worker/pycompat.h"

/* Whether node is an ast.<kind>. */
bool syntax_is(PyObject *node, const char *kind);

/* A number attribute of a node, 0 where it has none. */
uint32_t syntax_number(PyObject *node, const char *name);

/* A list attribute of a node: new reference, NULL without an exception where it
 * has none. */
PyObject *syntax_list(PyObject *node, const char *name);

/* A new node at the place of another. Steals arguments, a new dictionary (NULL
 * with an exception passes it on). New reference, NULL with an exception. */
PyObject *syntax_new(PyObject *ast, const char *kind, PyObject *arguments, PyObject *place);

/* The fields in which a statement has lists of statements, or of nodes that have
 * such fields in turn (handlers, cases), in the order of the source; NULL ends. */
extern const char *const syntax_blocks[];

/* What the compiler warns of from here on nobody hears: for what is compiled more
 * than once. New reference, for the other, which ends it and takes it. */
PyObject *syntax_hush(void);
void syntax_unhush(PyObject *errors);
