#include "bank/document_text.h"

#include <string.h>

static const gchar byte_order_mark[] = "\xEF\xBB\xBF";

static gboolean is_blank(gchar character) {
  return character == ' ' || character == '\t';
}

/* Line and column of a byte of the text as it was. */
static void find_place(const gchar *bytes, const gchar *bad, guint *line, guint *column) {
  const gchar *line_start = bytes;
  *line = 1;
  for (const gchar *at = bytes; at < bad; at++) {
    if (*at != '\n' && *at != '\r')
      continue;
    if (*at == '\r' && at + 1 < bad && at[1] == '\n')
      at++;
    ++*line;
    line_start = at + 1;
  }
  *column = (guint)(bad - line_start) + 1;
}

/* Appends a stretch with its line ends made LF. */
static void append_lines(GString *out, const gchar *at, gsize size) {
  const gchar *end = at + size;
  for (const gchar *stop; (stop = memchr(at, '\r', (gsize)(end - at))) != NULL; at = stop + 1) {
    g_string_append_len(out, at, stop - at);
    if (stop + 1 == end || stop[1] != '\n')
      g_string_append_c(out, '\n');
  }
  g_string_append_len(out, at, end - at);
}

DocumentText *document_text_new(const gchar *bytes, gsize size) {
  DocumentText *text = g_new0(DocumentText, 1);
  GString *out = g_string_sized_new(size + 2);
  const gchar *at = bytes, *end = bytes + size;

  if (size >= 3 && memcmp(bytes, byte_order_mark, 3) == 0)
    at += 3;
  while (at < end) {
    const gchar *bad;
    g_utf8_validate_len(at, (gsize)(end - at), &bad);
    if (bad < end && text->bad_line == 0) {
      find_place(bytes, bad, &text->bad_line, &text->bad_column);
      text->bad_byte = (guchar)*bad;
    }
    /* A CR just before a bad byte ends its line whatever follows. */
    append_lines(out, at, (gsize)(bad - at));
    if (bad == end)
      break;
    g_string_append(out, "\xEF\xBF\xBD");
    at = bad + 1;
  }
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c(out, '\n');
  text->size = out->len;
  text->text = g_string_free(out, FALSE);

  text->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (gsize start = 0; start < text->size;) {
    g_array_append_val(text->starts, start);
    const gchar *stop = memchr(text->text + start, '\n', text->size - start);
    start = (gsize)(stop - text->text) + 1;
  }
  return text;
}

void document_text_free(DocumentText *text) {
  if (text == NULL)
    return;
  g_free(text->text);
  g_array_unref(text->starts);
  g_free(text);
}

guint document_text_line_count(const DocumentText *text) {
  return text->starts->len;
}

const gchar *document_text_line(const DocumentText *text, guint line, gsize *length) {
  *length = 0;
  if (line == 0 || line > text->starts->len)
    return NULL;
  gsize start = g_array_index(text->starts, gsize, line - 1);
  gsize stop = line < text->starts->len ? g_array_index(text->starts, gsize, line) : text->size;
  *length = stop - start - 1;
  return text->text + start;
}

gboolean document_text_is_blank(const DocumentText *text, guint line) {
  gsize length;
  const gchar *at = document_text_line(text, line, &length);
  for (gsize i = 0; i < length; i++)
    if (!is_blank(at[i]))
      return FALSE;
  return TRUE;
}

static guint next_column(gchar character, guint column) {
  return character == '\t' ? (column / 4 + 1) * 4 : column + 1;
}

/* Skips the container's columns; spare is what a tab reached beyond them. */
static gsize skip_container(const gchar *at, gsize length, guint columns, guint *column) {
  gsize i = 0;
  *column = 0;
  while (i < length && *column < columns && (is_blank(at[i]) || at[i] == '>'))
    *column = next_column(at[i++], *column);
  return i;
}

guint document_text_indentation(const DocumentText *text, guint line, guint columns) {
  gsize length;
  guint column;
  const gchar *at = document_text_line(text, line, &length);
  gsize i = skip_container(at, length, columns, &column);
  while (i < length && is_blank(at[i]))
    column = next_column(at[i++], column);
  return column > columns ? column - columns : 0;
}

GString *document_text_slice(const DocumentText *text, guint first, guint last, guint columns) {
  GString *slice = g_string_new(NULL);
  for (guint line = first; line <= last; line++) {
    gsize length;
    guint column;
    const gchar *at = document_text_line(text, line, &length);
    gsize i = skip_container(at, length, columns, &column);
    for (; column > columns; column--)
      g_string_append_c(slice, ' ');
    g_string_append_len(slice, at + i, (gssize)(length - i));
    g_string_append_c(slice, '\n');
  }
  return slice;
}

void text_remove_common_indentation(GString *text) {
  const gchar *common = NULL;
  gsize width = 0;
  for (gsize start = 0; start < text->len;) {
    const gchar *line = text->str + start;
    const gchar *stop = memchr(line, '\n', text->len - start);
    gsize length = stop != NULL ? (gsize)(stop - line) : text->len - start;
    gsize blanks = 0;
    while (blanks < length && is_blank(line[blanks]))
      blanks++;
    if (blanks < length) {
      if (common == NULL) {
        common = line;
        width = blanks;
      }
      gsize same = 0;
      while (same < MIN(width, blanks) && line[same] == common[same])
        same++;
      width = same;
      if (width == 0)
        return;
    }
    start += length + 1;
  }
  if (width == 0)
    return;

  gchar *out = text->str;
  for (gsize start = 0; start < text->len;) {
    const gchar *line = text->str + start;
    const gchar *stop = memchr(line, '\n', text->len - start);
    gsize length = stop != NULL ? (gsize)(stop - line) + 1 : text->len - start;
    gsize drop = 0; /* a blank line may be shorter than the rest */
    while (drop < width && drop < length && is_blank(line[drop]))
      drop++;
    memmove(out, line + drop, length - drop);
    out += length - drop;
    start += length;
  }
  g_string_truncate(text, (gsize)(out - text->str));
}
