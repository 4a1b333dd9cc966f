/*
 * finals.h: what an expectation wants true when the snippet has been run.
 */
#pragma once

#include "wire/wire.h"
#include "worker/pycompat.h"

/* Whether the unit has any. */
bool finals_are_there(const WireUnit *unit);

/* Evaluates them in namespace (borrowed), in the snippet's own process, and notes
 * JOURNAL_CHECKED. Needs the GIL, leaves no exception. */
void finals_check(const WireUnit *unit, PyObject *namespace);

/* Notes that none of them is clear, and why. Likewise. */
void finals_leave(const WireUnit *unit, const char *why);
