/*
 * capture.h: notes which line of which thread writes what to sys.stdout and
 * sys.stderr, what ends a thread, and who calls os._exit.
 *
 * The streams stay the very objects that Python made, with their types and
 * buffering, so that bytes reach the descriptors when and in the order in which
 * they would under python3. Only the methods through which every text passes,
 * write and flush, are found in the streams' own dictionaries first, where ours
 * stand; they note and then do what the type's do.
 */
#pragma once

#include <stdbool.h>

/* Puts it in place, once, in the zygote, before anything is frozen; needs a
 * Python whose streams are made as for a pipe. Returns 0, or -1 with a Python
 * exception. */
int capture_install(void);

/* Whether writes are noted from here on; at first they are not. */
void capture_note(bool on);

/* Whether what this thread writes to these streams goes nowhere; returns whether it did. */
bool capture_mute(bool on);

/* As after a script: flushes sys.stderr, then sys.stdout; what fails there is
 * passed over, an exception that is set stays. */
void capture_flush(void);

/* Flushes what Python itself made, for the very end. */
void capture_flush_own(void);

/* Whether sys.stdout and sys.stderr are still Python's own objects. */
bool capture_is_whole(void);

/* Whether flushing a stream failed while Python was shutting down: it then
 * exits with 120. */
bool capture_flush_failed(void);

/* Makes sys.stdout line buffered, as on a terminal. Returns 0, or -1 with a
 * Python exception. */
int capture_line_buffered(void);
