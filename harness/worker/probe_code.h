/*
 * probe_code.h: runs a line that is commented out, where it stands, in a copy of
 * the snippet's process.
 *
 * Needs the GIL and leaves an exception that is set as it is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "worker/pycompat.h"

/* Code that is commented out, and what is known of the place where it stands. */
typedef struct {
  uint32_t unit;
  uint32_t line;       /* of the code's first line */
  const char *path;    /* of the unit's file */
  const char *text;    /* ends with a NUL */
  bool is_top;         /* a statement of the module itself, in no block: what the compiler
                          says of it is true of the code as it stands */
  bool is_async;       /* in an async function */
  bool is_nested;      /* in a function within a function, or a class in one: a name that is
                          not found may be one of the enclosing function */
  PyObject *globals;   /* tuple of names that its function declares global, or NULL */
  PyObject *nonlocals; /* likewise */
} ApartCode;

/* Runs the code in a copy, with the names of the Python frame that is running,
 * and notes JOURNAL_PROBED; nothing where it cannot be told apart what the code
 * would do in its place. Returns false where it need not be tried again. */
bool apart_run_code(const ApartCode *code);
