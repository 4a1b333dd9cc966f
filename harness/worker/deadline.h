/*
 * deadline.h: ends the process where a fixture's own code takes too long, so that no limit of
 * the run is blamed on the snippet. Without a thread: a timer sends a signal.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The run has begun, and is ended from outside after so long; 0: never. */
void deadline_run(uint32_t wall_ms);

/* From here on; after so many milliseconds, or sooner where the run has not so much left, it is
 * noted that what `text` names took longer (JOURNAL_UNREADY: "<text> took longer than 5 s"),
 * and the process ends. One at a time, of all threads: false, and deadline_end() is not to be
 * called, while there is another, or where none can be had. Needs the GIL. */
bool deadline_begin(uint32_t milliseconds, const char *text);
void deadline_end(void);
