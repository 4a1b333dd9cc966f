/*
 * deadline.h: ends the process where a fixture's own code takes too long, so that no limit of
 * the run is blamed on the snippet. Without a thread: a timer sends a signal.
 */
#pragma once

/* From here on; after so many milliseconds JOURNAL_UNREADY is noted, with this text (which stays
 * the caller's until the end), and the process ends. One at a time. */
void deadline_begin(unsigned milliseconds, const char *text);
void deadline_end(void);
