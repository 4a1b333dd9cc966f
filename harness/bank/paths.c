#include "bank/paths.h"

#include <string.h>

gchar *path_shown(const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *here = g_get_current_dir();
  gsize length = strlen(here);
  gboolean is_below = g_str_has_prefix(whole, here) && whole[length] == '/';
  return g_utf8_make_valid(is_below ? whole + length + 1 : whole, -1);
}
