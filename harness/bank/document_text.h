/*
 * document_text.h: a document's bytes, made ready to be read.
 *
 * What follows sees valid UTF-8 with LF at the end of every line, whatever the
 * file held: a byte order mark is dropped, CRLF and a lone CR become LF, a last
 * newline is added, and bytes that are not UTF-8, as well as NUL, become
 * U+FFFD. The first of those is remembered with its place in the file as it
 * was. Private to bank/.
 */
#pragma once

#include <glib.h>

typedef struct {
  gchar *text;      /* ends in a newline unless empty; NUL-terminated */
  gsize size;       /* without the NUL */
  GArray *starts;   /* gsize: where line n begins, at n - 1 */
  guint bad_line;   /* of the first bad byte, 0 for none */
  guint bad_column; /* in bytes from 1 */
  guchar bad_byte;
} DocumentText;

DocumentText *document_text_new(const gchar *bytes, gsize size);
void document_text_free(DocumentText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DocumentText, document_text_free)

guint document_text_line_count(const DocumentText *text);

/* One line, from 1, without its newline; borrowed. Beyond the end: NULL, 0. */
const gchar *document_text_line(const DocumentText *text, guint line, gsize *length);

/* TRUE for a line of blanks only, and beyond the end. */
gboolean document_text_is_blank(const DocumentText *text, guint line);

/* Columns of blanks before the first other character that stands beyond the
 * given columns of container (blanks and '>'); tab stops are 4 apart. */
guint document_text_indentation(const DocumentText *text, guint line, guint columns);

/* Lines first to last without that many columns of container. */
GString *document_text_slice(const DocumentText *text, guint first, guint last, guint columns);

/* Removes the blanks that all lines but blank ones begin with. */
void text_remove_common_indentation(GString *text);
