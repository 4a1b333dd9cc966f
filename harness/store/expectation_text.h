/*
 * expectation_text.h: the text of an expectation's file.
 *
 * Reference of the format:
 *
 *     ---
 *     # a comment, kept when the file is rewritten
 *     snippet: 8c1f0e2b...            # so is one behind a value
 *     outcome: finishes
 *     where:
 *       - threaded > 0.7 * sequential
 *     after:
 *       - len(results) == 4
 *     ---
 *     Sequential time: {sequential:seconds}s
 *     Multithreaded time: {threaded:seconds}s
 *     ---
 *     python: 3.9-3.10
 *     outcome: raises AttributeError
 *     ---
 *
 * A file is one part or several. A part is a head between two lines `---`, and the
 * output up to the next such line or the end of the file. Keys of a head, each at
 * most once: `snippet` (only of the first part, which must have it: seven or more of the
 * digits of a content id), `outcome` (in each), `python` (versions that the part is for:
 * all but one part must say so), `where` (relations, one a line `- ...`), `after` (Python
 * expressions that are true when the snippet has been run, likewise; they are evaluated with its
 * names, one by one, and may use whatever its fixture provides). Anything else is an error. A line
 * of output that is `---`, or that with backslashes before it, has one backslash more in the file.
 *
 * UTF-8, with or without a byte order mark; LF or CRLF. What the outcome, the relations
 * and the output mean is for judge/ to say (judge/expect_pattern.h).
 */
#pragma once

#include "model/expectation.h"

#define EXPECTATION_ERROR (expectation_error_quark())
typedef enum {
  EXPECTATION_ERROR_FORMAT, /* not as above; the message begins with "path:line: " */
} ExpectationError;
GQuark expectation_error_quark(void);

/* Reads text, which need not be terminated. path is for messages and for the
 * Expectation. */
Expectation *expectation_text_read(const gchar *path, const gchar *id, const gchar *text,
                                   gsize size, GError **error);

/* The text for an expectation, in place of `old`, the text that its file has now ("" for
 * none): what did not change keeps its bytes, comments stay where they are, and what is new
 * gets the line ends of the rest. Parts are found again by their `python`. A text that
 * cannot be read is replaced as a whole. NUL-terminated. */
gchar *expectation_text_write(const gchar *old, gsize old_size, const Expectation *expectation);
