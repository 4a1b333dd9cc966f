/*
 * prose.h: the paragraphs beside each snippet, while a document is read.
 *
 * A paragraph belongs to the snippet before it and to the one behind it, as far as no heading and
 * no other code stands between. Of very many the nearest count. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/document_text.h"
#include "model/snippet.h"

typedef struct {
  const DocumentText *text;
  Snippet *before; /* the snippet that what comes next stands behind; or NULL */
  GQueue waiting;  /* Prose *: what the next snippet stands behind */
} ProseReader;

void prose_reader_init(ProseReader *reader, const DocumentText *text);
void prose_reader_clear(ProseReader *reader);

/* Lines of a paragraph, first to last, in a container of so many columns; none where first is
 * beyond last. */
void prose_reader_take(ProseReader *reader, guint first, guint last, guint columns);

/* A snippet; it gets what was taken since the last one. */
void prose_reader_snippet(ProseReader *reader, Snippet *snippet);

/* A heading, or code that is no snippet. */
void prose_reader_cut(ProseReader *reader);
