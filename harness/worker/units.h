/*
 * units.h: compiles and runs the units of a request in one namespace.
 *
 * A script of which nothing special is asked is run from its file, just as
 * python3 does it. Where values are asked for, or statements whose exceptions
 * do not end it, its syntax tree is compiled instead: a bare expression whose
 * value is asked for is wrapped into a call that notes it, which changes no
 * traceback; what probes ask for is added (probes.h); and the body is cut where
 * an exception does not end it, each part being compiled by itself. A transcript
 * runs prompt by prompt, as typed.
 */
#pragma once

#include "wire/wire.h"
#include "worker/pycompat.h"

/* The function in builtins that notes values: no name that a source can write. */
#define NOTE_VALUE "<note value>"

/* The file of a unit. */
typedef struct {
  const WireUnit *unit;
  uint32_t number; /* in the request */
  const char *path;
} UnitFile;

/* The source of a unit as a file has it: each piece on its own lines. Returns
 * memory for free(), terminated by a NUL that is not counted in *size; NULL
 * without memory. */
char *units_text(const WireUnit *unit, size_t *size);

/* The syntax tree of a piece, with the lines of its unit: new reference, NULL
 * with a Python exception. */
PyObject *units_parse(const WirePiece *piece);

/* Runs each statement of an earlier unit; their exceptions are dropped. */
void units_run_earlier(const UnitFile *file, PyObject *namespace);

/* Runs the subject. Returns 0 at its end, or -1 with the Python exception that
 * ended it; JOURNAL_RAISED_COMPILING is in *flags where it did not compile. */
int units_run_subject(const UnitFile *file, PyObject *namespace, uint32_t *flags);
