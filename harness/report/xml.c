#include "report/xml.h"

#include <string.h>

#include "report/text.h"

static void append(GString *to, const gchar *bytes, gssize size, gboolean is_attribute) {
  g_autofree gchar *valid = text_valid(bytes, size);
  for (const gchar *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    switch (character) {
    case '<':
      g_string_append(to, "&lt;");
      break;
    case '>': /* "]]>" may not stand there */
      g_string_append(to, "&gt;");
      break;
    case '&':
      g_string_append(to, "&amp;");
      break;
    case '"':
      g_string_append(to, "&quot;");
      break;
    case '\r': /* a reader makes a newline of it where it stands by itself */
      g_string_append(to, "&#13;");
      break;
    case '\n':
    case '\t':
      if (is_attribute)
        g_string_append_printf(to, "&#%u;", character);
      else
        g_string_append_c(to, *at);
      break;
    default:
      if (character < 0x20)
        g_string_append_printf(to, "\\x%02x", character);
      else if (character == 0xfffe || character == 0xffff)
        g_string_append_printf(to, "\\u%04x", character);
      else
        g_string_append_len(to, at, g_utf8_next_char(at) - at);
    }
  }
}

void xml_append_text(GString *to, const gchar *bytes, gssize size) {
  append(to, bytes, size, FALSE);
}

void xml_append_attribute(GString *to, const gchar *name, const gchar *value) {
  g_string_append_printf(to, " %s=\"", name);
  append(to, value, -1, TRUE);
  g_string_append_c(to, '"');
}

void xml_append_number(GString *to, const gchar *name, guint number) {
  g_string_append_printf(to, " %s=\"%u\"", name, number);
}
