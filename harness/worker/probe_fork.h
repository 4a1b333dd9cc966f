/*
 * probe_fork.h: does something in a copy of the snippet's process, so that the
 * run itself is not disturbed by it: runs a commented-out line (probe_code.h), or
 * asks an object for its repr() where the snippet's own code answers (value.h).
 *
 * Needs the GIL, which is kept while the copy runs, and leaves an exception that
 * is set as it is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wire/wire.h"
#include "worker/pycompat.h"

/* Reads a unit that is about to run: where it asks to be called when its process
 * forks, there are to be no copies. */
void apart_heed(const WireUnit *unit);

/* A run spends no more on all its copies together. */
#define APART_TOTAL_MS 3000u

typedef enum {
  APART_NOTED,   /* it noted what there was to note */
  APART_SILENT,  /* it came to its end without */
  APART_STOPPED, /* it did not end in time, and was killed */
  APART_DIED,    /* it ended in another way */
  APART_NOT_RUN, /* there was no time left, or no process to be had */
} ApartEnd;

/* Calls job(data) in a forked process and waits for its end, limit_ms at most.
 * There, notes go nowhere until apart_note(), descriptors 0 to 2, pipes and sockets lead nowhere,
 * and it ends when job returns, without Python's shutdown. */
ApartEnd apart_run(void (*job)(void *data), void *data, uint32_t limit_ms);

/* To be called afterwards, where an exception can be raised: runs the snippet's
 * handlers of signals that came while it waited for a copy, since some versions
 * would not look before the next call, which may be one that sleeps. Returns 0, or
 * -1 with the handler's exception. */
int apart_check_signals(void);

/* For a job: whether an exception tells only that a copy has none of the pipes and
 * sockets of the run. */
bool apart_lost_stream(PyObject *exception);

/* For a job: what is noted from here on counts as the run's own. */
void apart_note(void);
