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
