/*
 * claims.h: what the comments of a snippet, and the block of output behind it,
 * say that it does.
 *
 * Fills snippet->claims, in the order of their lines, and snippet->unclaimed,
 * which keeps every other comment with the reason why it is no claim. Linear in
 * the source's length.
 *
 * How comments are read follows from how real material is written: the rule
 * that reads most is a bare value behind a print() or an expression, then labels
 * ("Output: 3"), then values with prose behind them. Prose that only looks like
 * a value is common, so whatever hedges, numbers lines or is decided by chance
 * is marked as cautious: it can be confirmed, but accuses nobody.
 *
 * Beside values there are outcomes ("hangs", "works", "TypeError"), variables that
 * a comment describes, code that is commented out and says what it would do, and
 * times that are compared. A file each: claims_outcome.c, claims_named.c,
 * claims_commented.c, claims_speed.c.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

/* A script's comments; a transcript's examples, which the snippet has already. */
void claims_read_snippet(Snippet *snippet);

/* What introduces the snippet: a short paragraph or label right before it, such
 * as "Output (Python 2.x):". Where it names a version, the snippet's claims speak
 * of that version and accuse nobody. To be called after claims_read_snippet(). */
void claims_read_introduction(Snippet *snippet, const gchar *introduction);

/* A block of output that follows the snippet. label is what introduces it
 * ("Output (Python 2):"), or NULL; first_line is the document's line of its
 * first line. */
void claims_read_output(Snippet *snippet, const gchar *label, const gchar *output,
                        guint first_line);
