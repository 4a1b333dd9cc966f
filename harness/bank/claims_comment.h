/*
 * claims_comment.h: one comment's text, read without the code around it.
 *
 * Private to the claims of bank/.
 */
#pragma once

#include <glib.h>

#include "model/claim.h"

/* What a text says. expected and cautious are owned. */
typedef struct {
  gboolean is_claim;
  ClaimRule rule;
  gchar *expected;      /* what is to be compared; an exception's name */
  gchar *cautious;      /* why it may not accuse; NULL where it may */
  const gchar *reason;  /* why it is no claim */
  gboolean is_whole;    /* the whole of what is claimed is one value */
  gboolean is_integer;  /* and that is a bare integer: perhaps a number of a line */
  gboolean is_clear;    /* whole, or set apart from the prose behind it */
  gboolean is_label;    /* a label that announces output, and nothing behind it */
  gboolean says_output; /* a label or verb that can only mean what is printed */
} Reading;

/* bytes are behind the '#', of one line. */
Reading comment_read(const gchar *bytes, gsize size);

/* "The count is 2 (two names)", "Size drops back to 3": a value that a sentence ends in,
 * as a cautious CLAIM_VERB. For text that comment_read() takes for plain text. */
Reading comment_states(const gchar *bytes, gsize size);

void reading_clear(Reading *reading);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* TRUE where a line is Python that was commented out. */
gboolean comment_is_code(const gchar *bytes, gsize size);

/* A word or sign that takes the certainty out of a text ("about", "~"), as a
 * phrase; or NULL. The caller frees it. is_output: the text stands apart behind a
 * value that a label calls output, so that what was expected takes nothing from it. */
gchar *hedge_find(const gchar *text, gsize size, gboolean is_output);

/* Length of a label with its sign, like "Output:" or "=>", and the blanks behind
 * it; 0 where text begins with none. */
gsize label_length(const gchar *text, gsize size, gboolean *says_output);

/* The exception that a text says is raised: a name's length, and where it begins
 * in text; 0 where it says no such thing. cautious is set to a phrase, which the
 * caller frees, where it is not meant for sure. */
gsize exception_claimed(const gchar *text, gsize size, const gchar **name, gchar **cautious);
