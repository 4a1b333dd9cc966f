#include "bank/paths.h"

#include <string.h>

#include "model/document.h"

gchar *path_shown(const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *here = g_get_current_dir();
  gsize length = strlen(here);
  gboolean is_below = g_str_has_prefix(whole, here) && whole[length] == '/';
  return g_utf8_make_valid(is_below ? whole + length + 1 : whole, -1);
}

gchar *path_find_above(const GPtrArray *documents, const gchar *name,
                       gboolean (*is_meant)(const gchar *path)) {
  if (documents->len == 0)
    return NULL;
  const Document *first = g_ptr_array_index(documents, 0);
  g_autofree gchar *path = g_canonicalize_filename(first->path, NULL);
  g_autofree gchar *folder = g_path_get_dirname(path);
  for (;;) {
    g_autofree gchar *candidate = g_build_filename(folder, name, NULL);
    if (is_meant(candidate))
      return g_steal_pointer(&candidate);
    g_autofree gchar *above = g_path_get_dirname(folder);
    if (g_str_equal(above, folder))
      return NULL;
    g_free(folder);
    folder = g_steal_pointer(&above);
  }
}
