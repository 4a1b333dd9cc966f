/*
 * claim_place.h: where a claim stands in the bytes of its document. Private to report/.
 *
 * A claim is found again: the source line that it stands on is the end of a line of the
 * document, whatever marks of containers and indentation stand before it.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

typedef struct {
  const gchar *bytes;
  gsize size;
} Bytes;

/* A line of the document as it lies on disk. */
typedef struct {
  const gchar *at;
  gsize length;
  gsize ending; /* of its line end: 0 to 2 */
} Line;

/* LF, CRLF and a lone CR end lines, as for the bank; so does the end. A byte order mark is no part
 * of the first. */
gboolean line_find(Bytes document, guint number, Line *line);

/* Where the line's end `text` begins in it; blanks behind it do not count. */
gboolean tail_find(Line line, const gchar *text, gsize *begin);

/* The comment of a claim: what stands behind its sign, up to the end of the line. */
gboolean comment_find(Bytes document, const Snippet *snippet, const Claim *claim, Line *comment);

/* The length without blanks at the end. */
gsize chomped(const gchar *text, gsize length);

/* Part of a document. Lines and columns are counted from 1, columns in characters; end_column is
 * the one behind the last. 0: not known. */
typedef struct {
  guint line;
  guint column;
  guint end_line;
  guint end_column;
} Region;

/* The region of length bytes from offset on. */
Region region_of_bytes(Bytes document, gsize offset, gsize length);

/* The region of a claim: its comment from its sign on, or the lines that it spans. Columns are 0
 * where it is not found again, as with a document that changed meanwhile. document.bytes may be
 * NULL. */
Region region_of_claim(Bytes document, const Snippet *snippet, const Claim *claim);
