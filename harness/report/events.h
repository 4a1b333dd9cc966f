/*
 * events.h: what happened in a fixture's field, for a person.
 *
 * A loop that sends the same statement for each row makes one entry: events of a line are put
 * together where their texts differ only in numbers and quoted strings.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

typedef struct {
  const Event *first;
  guint times;
  gint64 count;     /* of all of them together; -1 where it is not said of each */
  guint64 spent_ns; /* likewise; G_MAXUINT64 */
} EventGroup;

/* EventGroup *, in the order of their first events, which are the transcript's. Caller unrefs. */
GPtrArray *events_group(const Transcript *transcript);

/* "sql SELECT ... (2 rows, 0.1 ms)", "sql SELECT ... x 10 (10 rows, 1.2 ms)"; on one line, safe
 * to print, the text cut at width characters. Newly allocated. */
gchar *event_group_text(const EventGroup *group, gsize width);
