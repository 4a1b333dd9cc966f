#include "report/text.h"

#include <string.h>

static void append_byte(GString *to, guchar byte) {
  g_string_append_printf(to, "\\x%02x", byte);
}

gchar *text_valid(const gchar *bytes, gssize size) {
  gsize left = size < 0 ? strlen(bytes) : (gsize)size;
  GString *valid = g_string_sized_new(left);
  while (left > 0) {
    const gchar *end;
    /* Stops at the first bad byte, and at a NUL. */
    g_utf8_validate_len(bytes, left, &end);
    g_string_append_len(valid, bytes, end - bytes);
    left -= (gsize)(end - bytes);
    bytes = end;
    if (left > 0) {
      append_byte(valid, (guchar)*bytes);
      bytes++;
      left--;
    }
  }
  return g_string_free(valid, FALSE);
}

gchar *text_json(gchar *json) {
  if (strchr(json, 0x1f) == NULL)
    return json;
  /* It can only stand in a string. */
  g_autofree gchar *taken = json;
  g_auto(GStrv) parts = g_strsplit(taken, "\x1f", -1);
  return g_strjoinv("\\u001f", parts);
}

/* Characters that a terminal or an editor acts upon instead of showing them. */
static gboolean acts(gunichar character) {
  switch (g_unichar_type(character)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return TRUE;
  case G_UNICODE_FORMAT:
    /* The two joiners are part of ordinary text, of many emoji among others. */
    return character != 0x200c && character != 0x200d;
  default:
    return FALSE;
  }
}

static void append_escape(GString *to, gunichar character) {
  if (character == '\n')
    g_string_append(to, "\\n");
  else if (character == '\t')
    g_string_append(to, "\\t");
  else if (character == '\r')
    g_string_append(to, "\\r");
  else if (character <= 0xff)
    append_byte(to, (guchar)character);
  else if (character <= 0xffff)
    g_string_append_printf(to, "\\u%04x", character);
  else
    g_string_append_printf(to, "\\U%08x", character);
}

static gchar *one_line(const gchar *bytes, gssize size, gsize width, const gchar *tab) {
  gsize left = size < 0 ? strlen(bytes) : (gsize)size;
  GString *line = g_string_new(NULL);
  gsize characters = 0;
  gsize cut_at = 0; /* where "..." begins if it has to be cut */
  while (left > 0) {
    gsize before = line->len;
    gunichar character = g_utf8_get_char_validated(bytes, (gssize)MIN(left, 6));
    gsize length = 1;
    if (character == (gunichar)-1 || character == (gunichar)-2 || character == 0) {
      append_byte(line, (guchar)*bytes);
    } else {
      length = (gsize)g_unichar_to_utf8(character, NULL);
      if (character == '\t' && tab != NULL)
        g_string_append(line, tab);
      else if (acts(character))
        append_escape(line, character);
      else
        g_string_append_len(line, bytes, (gssize)length);
    }
    characters += length > 1 && line->len - before == length ? 1 : line->len - before;
    if (width > 3 && characters <= width - 3)
      cut_at = line->len;
    if (width > 0 && characters > width) {
      g_string_truncate(line, cut_at);
      g_string_append(line, "...");
      break;
    }
    bytes += length;
    left -= length;
  }
  return g_string_free(line, FALSE);
}

gchar *text_one_line(const gchar *bytes, gssize size, gsize width) {
  return one_line(bytes, size, width, NULL);
}

gchar *text_code_line(const gchar *line, gsize width) {
  return one_line(line, -1, width, "    ");
}

gchar *text_count(guint count, const gchar *singular) {
  return g_strdup_printf("%u %s%s", count, singular, count == 1 ? "" : "s");
}

gchar *text_date(gint64 time, gint offset, const gchar *format) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(offset * 60);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
  return local != NULL ? g_date_time_format(local, format) : g_strdup("?");
}
