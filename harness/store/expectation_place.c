#include "store/expectation_place.h"

#include <string.h>

#include "model/document.h"

const gchar *place_problem(const gchar *place) {
  if (!g_utf8_validate(place, -1, NULL))
    return "its name is not UTF-8";
  for (const gchar *at = place; *at != '\0'; at = g_utf8_next_char(at)) {
    GUnicodeType type = g_unichar_type(g_utf8_get_char(at));
    if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR)
      return "there is a control character in its name";
  }
  g_auto(GStrv) parts = g_strsplit(place, "/", -1);
  for (gchar **part = parts; *part != NULL; part++)
    if (**part == '\0' || g_str_equal(*part, ".") || g_str_equal(*part, ".."))
      return "a part of its name is empty, '.' or '..'";
  return NULL;
}

gchar *place_of(const gchar *folder, const gchar *file) {
  g_autofree gchar *root = g_strdup(folder);
  g_autoptr(GString) place = g_string_new(NULL);
  while (!g_str_has_prefix(file, root)) {
    gsize end = strlen(root) - 1;
    while (end > 0 && root[end - 1] != '/')
      end--;
    root[MAX(end, 1)] = '\0';
    g_string_append(place, "up/");
  }
  g_string_append(place, file + strlen(root));
  gsize stem = place->len > 3 ? place->len - 3 : 0;
  if (g_str_has_suffix(place->str, ".md") && stem > 0 && place->str[stem - 1] != '/')
    g_string_truncate(place, stem);
  return g_string_free(g_steal_pointer(&place), FALSE);
}

gboolean path_is_file(const Files *files, const gchar *path) {
  FileKind kind = files_kind(files, path);
  return kind == FILE_REGULAR || kind == FILE_UNKNOWN;
}

gboolean place_is_taken(const Files *files, const gchar *root, const gchar *place) {
  g_autofree gchar *path = g_strconcat(root, place, NULL);
  g_autofree gchar *with_extension = g_strconcat(path, ".md", NULL);
  return path_is_file(files, with_extension) || path_is_file(files, path);
}

static gchar *common_folder(const gchar *left, const gchar *right) {
  gsize same = 0;
  for (gsize i = 0;; i++) {
    gboolean left_ends = left[i] == '\0' || left[i] == '/';
    gboolean right_ends = right[i] == '\0' || right[i] == '/';
    if (left_ends && right_ends)
      same = i;
    if (left[i] != right[i] || left[i] == '\0')
      break;
  }
  return same == 0 ? g_strdup("/") : g_strndup(left, same);
}

gchar *expectations_find_folder(const Files *files, const GPtrArray *documents) {
  g_autofree gchar *folder = NULL;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_autofree gchar *path = g_canonicalize_filename(document->path, NULL);
    g_autofree gchar *own = g_path_get_dirname(path);
    g_autofree gchar *before = g_steal_pointer(&folder);
    folder = before == NULL ? g_steal_pointer(&own) : common_folder(before, own);
  }
  while (folder != NULL) {
    g_autofree gchar *candidate = g_build_filename(folder, "expected", NULL);
    if (files_kind(files, candidate) == FILE_FOLDER)
      return g_steal_pointer(&candidate);
    g_autofree gchar *above = g_path_get_dirname(folder);
    if (g_str_equal(above, folder))
      break;
    g_free(folder);
    folder = g_steal_pointer(&above);
  }
  return NULL;
}
