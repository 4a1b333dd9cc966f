#include "files/files.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(proctor - files - error - quark, files_error)

/* --- names ------------------------------------------------------------------------------- */

gboolean path_is_document(const gchar *path) {
  static const gchar *const extensions[] = {".md", ".markdown", ".txt"};
  g_autofree gchar *lower = g_ascii_strdown(path, -1);
  for (guint i = 0; i < G_N_ELEMENTS(extensions); i++)
    if (g_str_has_suffix(lower, extensions[i]))
      return TRUE;
  return FALSE;
}

const gchar *path_behind(const gchar *above, const gchar *below) {
  gsize length = strlen(above);
  while (length > 0 && above[length - 1] == '/')
    length--;
  if (strncmp(below, above, length) != 0 || (below[length] != '/' && below[length] != '\0'))
    return NULL;
  return below + length + strspn(below + length, "/");
}

gchar *path_from_here(const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *here = g_get_current_dir();
  const gchar *rest = path_behind(here, whole);
  return rest != NULL && *rest != '\0' ? g_strdup(rest) : g_steal_pointer(&whole);
}

/* --- which tree answers ----------------------------------------------------------------- */

gchar *path_below(const gchar *folder, const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  const gchar *rest = path_behind(folder, whole);
  if (rest != NULL)
    return g_strdup(rest);
  /* The outermost link that leads there counts: those in the folder are its own. */
  for (gchar *end = strchr(whole + 1, '/');; end = strchr(end + 1, '/')) {
    if (end != NULL)
      *end = '\0';
    gchar *real = realpath(whole, NULL);
    g_autofree gchar *joined =
        real != NULL && end != NULL ? g_strconcat(real, "/", end + 1, NULL) : g_strdup(real);
    gboolean is_below = real != NULL && path_behind(folder, real) != NULL;
    free(real);
    if (is_below)
      return g_strdup(path_behind(folder, joined));
    if (joined == NULL || end == NULL)
      return NULL;
    *end = '/';
  }
}

static const Files *answering(const Files *files, const gchar *path) {
  if (files->root == NULL)
    return files;
  g_autofree gchar *below = path_below(files->root, path);
  return below != NULL ? files : files_disk();
}

gboolean files_is_disk(const Files *files, const gchar *path) {
  return answering(files, path) == files_disk();
}

/* --- what is asked ------------------------------------------------------------------------ */

FileKind files_kind(const Files *files, const gchar *path) {
  files = answering(files, path);
  return files->kind(files, path, NULL);
}

gchar *files_identity(const Files *files, const gchar *path) {
  gchar *identity = NULL;
  files = answering(files, path);
  files->kind(files, path, &identity);
  return identity;
}

gboolean files_read(const Files *files, const gchar *path, gsize most, gchar **text, gsize *size,
                    GError **error) {
  files = answering(files, path);
  return files->read(files, path, most, text, size, error);
}

GPtrArray *files_list(const Files *files, const gchar *path, GError **error) {
  files = answering(files, path);
  return files->list(files, path, error);
}

gchar *files_real(const Files *files, const gchar *path) {
  files = answering(files, path);
  if (files->real != NULL)
    return files->real(files, path);
  g_autofree gchar *below = files->root != NULL ? path_below(files->root, path) : NULL;
  return below != NULL ? g_build_filename(files->root, below, NULL)
                       : g_canonicalize_filename(path, NULL);
}

void files_free(Files *files) {
  if (files == NULL || files->free == NULL)
    return;
  g_clear_pointer(&files->root, g_free);
  files->free(files);
}

/* --- what is in a folder ------------------------------------------------------------------ */

FileEntry *file_entry_new(const gchar *name, FileKind kind, gboolean is_link) {
  FileEntry *entry = g_new0(FileEntry, 1);
  entry->name = g_strdup(name);
  entry->kind = kind;
  entry->is_link = is_link;
  return entry;
}

void file_entry_free(gpointer data) {
  FileEntry *entry = data;
  g_free(entry->name);
  g_free(entry);
}

static gint by_name(gconstpointer left, gconstpointer right) {
  const FileEntry *one = *(FileEntry *const *)left, *other = *(FileEntry *const *)right;
  return strcmp(one->name, other->name);
}

void file_entries_sort(GPtrArray *entries) {
  g_ptr_array_sort(entries, by_name);
}

void files_set_too_large(GError **error, const gchar *path, gsize most) {
  g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "%s: larger than %" G_GSIZE_FORMAT " MB",
              path, most >> 20);
}
