#include "report/claim_place.h"

#include <string.h>

gboolean line_find(Bytes document, guint number, Line *line) {
  const gchar *at = document.bytes, *end = at + document.size;
  if (document.size >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
    at += 3;
  for (guint i = 1; at < end; i++) {
    const gchar *stop = at;
    while (stop < end && *stop != '\n' && *stop != '\r')
      stop++;
    gsize ending = stop == end ? 0 : *stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1;
    if (i == number) {
      *line = (Line){at, (gsize)(stop - at), ending};
      return TRUE;
    }
    at = stop + ending;
  }
  return FALSE;
}

gsize chomped(const gchar *text, gsize length) {
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  return length;
}

gboolean tail_find(Line line, const gchar *text, gsize *begin) {
  gsize length = chomped(line.at, line.length), wanted = chomped(text, strlen(text));
  if (wanted > length || memcmp(line.at + length - wanted, text, wanted) != 0)
    return FALSE;
  *begin = length - wanted;
  return TRUE;
}

gboolean comment_find(Bytes document, const Snippet *snippet, const Claim *claim, Line *comment) {
  Line line;
  gsize begin;
  g_autofree gchar *source = snippet_line_text(snippet, claim->line);
  if (source == NULL || !line_find(document, snippet_document_line(snippet, claim->line), &line))
    return FALSE;
  /* A tab of the indentation may have become blanks. */
  gsize indentation = strspn(source, " \t");
  if (!tail_find(line, source + indentation, &begin))
    return FALSE;
  g_autofree gchar *wanted = g_strndup(claim->text, strcspn(claim->text, "\n"));
  g_strstrip(wanted);
  gboolean is_found = FALSE;
  for (gsize at = indentation; source[at] != '\0'; at++) {
    if (source[at] != '#')
      continue;
    g_autofree gchar *behind = g_strstrip(g_strdup(source + at + 1));
    if (!g_str_equal(behind, wanted))
      continue;
    const gchar *start = line.at + begin + (at - indentation) + 1;
    *comment = (Line){start, line.length - (gsize)(start - line.at), line.ending};
    is_found = TRUE;
    if (at == claim->column)
      break;
  }
  return is_found;
}

/* Bytes that begin no character are one each. */
static guint characters(const gchar *bytes, gsize size) {
  guint count = 0;
  const gchar *end = bytes + size;
  while (bytes < end) {
    gunichar character = g_utf8_get_char_validated(bytes, end - bytes);
    gboolean is_one = character == (gunichar)-1 || character == (gunichar)-2 || *bytes == '\0';
    bytes = is_one ? bytes + 1 : g_utf8_next_char(bytes);
    count++;
  }
  return count;
}

static void place_of_byte(Bytes document, gsize offset, guint *line, guint *column) {
  const gchar *at = document.bytes, *end = at + MIN(offset, document.size);
  if (document.size >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0 && offset >= 3)
    at += 3;
  const gchar *begin = at;
  *line = 1;
  for (; at < end; at++) {
    if (*at == '\r' && at + 1 < end && at[1] == '\n')
      at++;
    if (*at == '\n' || *at == '\r') {
      begin = at + 1;
      (*line)++;
    }
  }
  *column = characters(begin, (gsize)(end - begin)) + 1;
}

Region region_of_bytes(Bytes document, gsize offset, gsize length) {
  Region region;
  place_of_byte(document, offset, &region.line, &region.column);
  place_of_byte(document, offset + length, &region.end_line, &region.end_column);
  return region;
}

static guint line_count(const gchar *text) {
  g_autofree gchar *whole = g_strchomp(g_strdup(text));
  guint lines = 1;
  for (const gchar *at = whole; *at != '\0'; at++)
    lines += *at == '\n';
  return lines;
}

Region region_of_claim(Bytes document, const Snippet *snippet, const Claim *claim) {
  Region region = {.line = claim_document_line(snippet, claim)};
  region.end_line = region.line;
  if (claim->prose_line != 0)
    return region;
  region.end_line += line_count(claim->text) - 1;
  Line first, last;
  if (document.bytes == NULL || !line_find(document, region.end_line, &last))
    return region;
  if (comment_find(document, snippet, claim, &first)) {
    const gchar *sign = first.at - 1;
    Line line;
    if (!line_find(document, region.line, &line))
      return region;
    region.column = characters(line.at, (gsize)(sign - line.at)) + 1;
  } else {
    /* What a session or a block of output shows: its first line has to be there. */
    g_autofree gchar *shown = g_strndup(claim->text, strcspn(claim->text, "\n"));
    gsize begin;
    if (*shown == '\0' || !line_find(document, region.line, &first) ||
        !tail_find(first, shown, &begin))
      return region;
    region.column = characters(first.at, begin) + 1;
  }
  region.end_column = characters(last.at, chomped(last.at, last.length)) + 1;
  return region;
}
