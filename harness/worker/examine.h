/*
 * examine.h: which names a unit binds, and which it needs from elsewhere.
 *
 * CPython's own symbol tables say it. A needed name is *certain* where the
 * unit's top level surely uses it when it runs: not inside a function, nor
 * after a condition, nor behind a statement that ends the run.
 */
#pragma once

#include <stdbool.h>

#include "wire/wire.h"
#include "worker/pycompat.h"

/* Once, in the zygote. Returns 0, or -1 with a Python exception. */
int examine_prepare(void);

/* Notes JOURNAL_NAMES for a unit that is about to run in namespace (borrowed),
 * and, where hold_back says so and it surely needs a name that nothing there
 * binds, JOURNAL_HELD: then true is returned. A unit that does not compile
 * needs nothing. Leaves no exception: what cannot be found out is not said. */
bool examine_unit(const WireUnit *unit, PyObject *namespace, bool hold_back);

/* Whether one of `count` words stands in the unit's source, even in a comment. */
bool examine_has_word(const char *source, size_t size, const char *const *words, size_t count);

/* The symbol table of a script: new reference, NULL without an exception where
 * it does not compile. */
PyObject *examine_table(const WireUnit *unit);

/* Whether a function can load a name without making it a variable of another
 * scope than it is. function is the name of the one that begins on `line` of the
 * source; false where there are several. */
bool examine_can_load(PyObject *table, PyObject *function, uint32_t line, PyObject *name);
