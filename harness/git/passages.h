/*
 * passages.h: passages that a commit has moved. Private to this room.
 *
 * A line that is new where it stands may have been moved there. It is followed where it is part of
 * a passage, one line after the other, that was taken away elsewhere in the same commit, and that
 * is long enough not to be there twice by chance.
 */
#pragma once

#include "git/lines.h"

/* A text from which lines were taken. */
typedef struct {
  const gchar *path; /* borrowed, as the others */
  const Lines *lines;
  const guint8 *kept; /* of each line: it was not taken away; NULL: all were */
} PassageSource;

/* Where a line was. */
typedef struct {
  const PassageSource *source; /* NULL: nowhere */
  guint line;                  /* from 1 */
} PassageOrigin;

/* For each line of `after` the place that it was moved from: PassageOrigin; caller unreferences.
 * is_new: of each of them. wanted: of each, whether it matters. sources: PassageSource *, those
 * that are to be preferred first. */
GArray *passages_find(const Lines *after, const guint8 *is_new, const guint8 *wanted,
                      const GPtrArray *sources);

/* Whether a text has any line at all that could be part of a passage with a new one. */
gboolean passages_may_be_from(const Lines *before, const Lines *after, const guint8 *is_new);
