/*
 * line_diff.h: two texts as a unified diff. Pure.
 */
#pragma once

#include <glib.h>

/* What stands in a text for words that are not the same each time: it is like any word, or any
 * several. */
#define VARYING "\xe2\x80\xa6"

/* "@@ -1,2 +1,3 @@" and lines that begin with ' ', '-' or '+'; "" where both are alike: lines count
 * as equal that differ only where VARYING stands. Newly allocated, valid UTF-8. Texts are as long
 * as may be; of many thousands of lines that differ it does not find the shortest way. */
gchar *line_diff(const gchar *before, const gchar *after);

/* One text of two runs of the same: words that differ become one VARYING. NULL where they have not
 * as many lines. Newly allocated. */
gchar *line_diff_steady(const gchar *once, const gchar *again);
