/*
 * probes.h: puts what the probes of a script ask for into its syntax tree.
 *
 * Where a probe stands, a statement `point @ operand` is added, whose point is
 * an object of ours among the constants of the code (points.h): so nothing is looked up by
 * a name that the script could see or change, nothing is called that a profiler
 * would count or the recursion limit stop, and no traceback changes. A statement
 * inside a block or a function is wrapped into
 *
 *     try: STATEMENT
 *     except: point @ None; raise
 *
 * Where a script looks at its own code (dis, settrace), nothing is added.
 */
#pragma once

#include "worker/units.h"

typedef enum {
  PROBES_ALL,
  PROBES_WITHOUT_NAMES, /* no loading of variables in functions: where that does not compile */
} ProbesKind;

/* Whether anything is asked for in the unit's tree; what is for the end of the run alone is
 * not. */
bool probes_are_there(const WireUnit *unit);

/* Changes the body of the module's tree for the probes of its file; ast is the
 * module _ast. A probe that has no place there is left out. Returns 0, or -1 with
 * a Python exception. */
int probes_insert(PyObject *ast, PyObject *body, const UnitFile *file, ProbesKind kind);

/* Whether a statement of the module was added and belongs to the one before: it is
 * to be run only when that was run to its end. */
bool probes_is_added(PyObject *statement);
