#include "bank/config_values.h"

#include <math.h>
#include <string.h>

/* A decimal number and nothing strange: no sign, no hexadecimal, no "inf". */
static gboolean number_read(const gchar **at, gdouble *number) {
  gsize length = strspn(*at, "0123456789.");
  gchar digits[32], *end;
  if (length == 0 || length >= sizeof digits || !g_ascii_isdigit(**at))
    return FALSE;
  memcpy(digits, *at, length);
  digits[length] = '\0';
  *number = g_ascii_strtod(digits, &end);
  *at += length;
  return *end == '\0';
}

gboolean config_seconds(const gchar *text, guint *milliseconds) {
  gdouble seconds;
  if (!number_read(&text, &seconds) || *text != '\0' || seconds < 0.001 ||
      seconds > CONFIG_SECONDS_MAX)
    return FALSE;
  *milliseconds = (guint)ceil(seconds * 1000);
  return TRUE;
}

gboolean config_size(const gchar *text, guint64 least, guint64 most, guint64 *bytes) {
  static const struct {
    const gchar *name;
    guint shift;
  } units[] = {{"", 0},    {"B", 0},    {"kB", 10}, {"KiB", 10},
               {"MB", 20}, {"MiB", 20}, {"GB", 30}, {"GiB", 30}};
  gdouble number;
  if (!number_read(&text, &number))
    return FALSE;
  text += strspn(text, " ");
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
    if (g_ascii_strcasecmp(text, units[i].name) != 0)
      continue;
    gdouble size = number * (gdouble)((guint64)1 << units[i].shift);
    if (size < (gdouble)least || size > (gdouble)most)
      return FALSE;
    *bytes = (guint64)size;
    return TRUE;
  }
  return FALSE;
}

gchar *config_reason(const gchar *text) {
  static const gchar *const empty[] = {"yes", "no", "true", "false", "on", "off", "y", "n", NULL};
  g_autofree gchar *reason = g_strdelimit(g_strdup(text), "\t\r\n\v\f", ' ');
  g_strstrip(reason);
  g_autofree gchar *small = g_ascii_strdown(reason, -1);
  gboolean has_letter = FALSE;
  for (const gchar *at = reason; *at != '\0'; at = g_utf8_next_char(at))
    has_letter = has_letter || g_unichar_isalpha(g_utf8_get_char(at));
  return has_letter && !g_strv_contains(empty, small) ? g_steal_pointer(&reason) : NULL;
}
