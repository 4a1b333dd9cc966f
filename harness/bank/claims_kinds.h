/*
 * claims_kinds.h: kinds of claims that are read from more than one comment's text.
 *
 * Each returns whether it added claims; where it did not, the comment is still to
 * be accounted for. Private to the claims of bank/.
 */
#pragma once

#include "bank/script.h"

/* A line of a block that is code which was commented out, and what is said of it
 * behind it or on the lines below it. Returns how many comments that takes, 0
 * for none. */
guint commented_read(Script *script, CommentBlock block, guint index);

/* "x is now [1, 2]", "a = 1, b = 2": behind a statement, or alone on a line. */
gboolean named_read_trailing(Script *script, const Comment *comment);
gboolean named_read_own(Script *script, CommentBlock block, guint index);

/* "slower", over or behind a print of a measured time. */
gboolean speed_read(Script *script, CommentBlock block, guint index);

/* "This raises a TypeError" over the code that does. */
gboolean exception_read_above(Script *script, CommentBlock block);

/* "This hangs", "works fine" on lines of their own. */
gboolean outcome_read_own(Script *script, CommentBlock block);
