/*
 * value.h: notes values without disturbing the run.
 *
 * What repr() says of Python's own simple values is asked here; of everything
 * else, whose repr() may be the snippet's code, in a copy of the process.
 *
 * All functions need the GIL, leave an exception that is set as it is, and never
 * fail: what cannot be noted is left out.
 */
#pragma once

#include "worker/note.h"

/* value: borrowed. */
void value_note(PyObject *value, NoteOf of);

/* Likewise an exception (borrowed) that leaves the subject's statement which
 * begins on a line: its str() may be the snippet's code, too. */
void value_note_seen(PyObject *exception, uint32_t line);
