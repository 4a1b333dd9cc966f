#include "bank/paths.h"

#include <fnmatch.h>
#include <string.h>

#include "model/document.h"

gchar *path_shown(const gchar *path) {
  g_autofree gchar *short_path = path_from_here(path);
  return g_utf8_make_valid(short_path, -1);
}

gchar *path_find_above(const Files *files, const GPtrArray *documents, const gchar *name,
                       gboolean (*is_meant)(const Files *files, const gchar *path)) {
  if (documents->len == 0)
    return NULL;
  const Document *first = g_ptr_array_index(documents, 0);
  g_autofree gchar *path = g_canonicalize_filename(first->path, NULL);
  g_autofree gchar *folder = g_path_get_dirname(path);
  for (;;) {
    g_autofree gchar *candidate = g_build_filename(folder, name, NULL);
    if (is_meant(files, candidate))
      return g_steal_pointer(&candidate);
    g_autofree gchar *above = g_path_get_dirname(folder);
    if (g_str_equal(above, folder))
      return NULL;
    g_free(folder);
    folder = g_steal_pointer(&above);
  }
}

/* --- patterns ---------------------------------------------------------------------------- */

/* What a part of a pattern says where it stands for one name alone; NULL where it does not. */
static gchar *part_name(const gchar *part) {
  g_autoptr(GString) name = g_string_new(NULL);
  for (; *part != '\0'; part++) {
    if (strchr("*?[", *part) != NULL)
      return NULL;
    part += *part == '\\' && part[1] != '\0';
    g_string_append_c(name, *part);
  }
  return g_string_free(g_steal_pointer(&name), FALSE);
}

/* Below a folder, for the parts of the pattern that are left. */
static guint count_below(const Files *files, const gchar *folder, gchar *const *parts, guint most) {
  while (*parts != NULL && **parts == '\0')
    parts++;
  if (*parts == NULL || most == 0)
    return files_kind(files, folder) != FILE_MISSING ? MIN(most, 1) : 0;
  g_autofree gchar *name = part_name(*parts);
  if (name != NULL) {
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    return count_below(files, path, parts + 1, most);
  }
  g_autoptr(GPtrArray) entries = files_list(files, folder, NULL);
  if (entries == NULL) {
    FileKind kind = files_kind(files, folder);
    return kind == FILE_FOLDER || kind == FILE_UNKNOWN ? most : 0;
  }
  guint count = 0;
  for (guint i = 0; i < entries->len && count < most; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    if (fnmatch(*parts, entry->name, FNM_PERIOD) != 0)
      continue;
    g_autofree gchar *path = g_build_filename(folder, entry->name, NULL);
    count += parts[1] == NULL ? 1 : count_below(files, path, parts + 1, most - count);
  }
  return count;
}

guint path_count_matches(const Files *files, const gchar *pattern, guint most) {
  g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
  return count_below(files, "/", parts, most);
}
