#include "memory_files.h"

#include <string.h>

typedef struct {
  Files base;
  GHashTable *texts; /* path from the root -> text */
  GHashTable *links; /* path from the root -> path from the root */
} MemoryFiles;

/* From the root, with the links in it followed. */
static gchar *place_of(const MemoryFiles *memory, const gchar *path) {
  g_autofree gchar *below = path_below(memory->base.root, path);
  g_assert_nonnull(below); /* the disk answers for everything else */
  g_auto(GStrv) parts = g_strsplit(below, "/", -1);
  g_autoptr(GString) place = g_string_new(NULL);
  for (gchar **part = parts; *part != NULL; part++) {
    g_string_append_printf(place, "%s%s", place->len > 0 ? "/" : "", *part);
    const gchar *target = g_hash_table_lookup(memory->links, place->str);
    if (target != NULL)
      g_string_assign(place, target);
  }
  return g_string_free(g_steal_pointer(&place), FALSE);
}

static FileKind kind_at(const MemoryFiles *memory, const gchar *place) {
  GHashTableIter at;
  gpointer path;
  gsize length = strlen(place);
  if (g_hash_table_contains(memory->texts, place))
    return FILE_REGULAR;
  g_hash_table_iter_init(&at, memory->texts);
  while (g_hash_table_iter_next(&at, &path, NULL))
    if (length == 0 || (g_str_has_prefix(path, place) && ((gchar *)path)[length] == '/'))
      return FILE_FOLDER;
  return FILE_MISSING;
}

static FileKind memory_kind(const Files *files, const gchar *path, gchar **identity) {
  const MemoryFiles *memory = (const MemoryFiles *)files;
  g_autofree gchar *place = place_of(memory, path);
  FileKind kind = kind_at(memory, place);
  if (identity != NULL && kind != FILE_MISSING)
    *identity = g_steal_pointer(&place);
  return kind;
}

static gchar *memory_real(const Files *files, const gchar *path) {
  g_autofree gchar *place = place_of((const MemoryFiles *)files, path);
  return g_build_filename(files->root, place, NULL);
}

static gboolean memory_read(const Files *files, const gchar *path, gsize most, gchar **text,
                            gsize *size, GError **error) {
  const MemoryFiles *memory = (const MemoryFiles *)files;
  g_autofree gchar *place = place_of(memory, path);
  const gchar *found = g_hash_table_lookup(memory->texts, place);
  if (found == NULL) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: not in memory", path);
    return FALSE;
  }
  if (strlen(found) > most) {
    files_set_too_large(error, path, most);
    return FALSE;
  }
  *size = strlen(found);
  *text = g_strdup(found);
  return TRUE;
}

static void add_names(GHashTable *names, const gchar *place, GHashTable *paths) {
  GHashTableIter at;
  gpointer key;
  gsize length = strlen(place);
  g_hash_table_iter_init(&at, paths);
  while (g_hash_table_iter_next(&at, &key, NULL)) {
    const gchar *path = key;
    if (length > 0 && !(g_str_has_prefix(path, place) && path[length] == '/'))
      continue;
    const gchar *rest = path + length + (length > 0);
    g_hash_table_add(names, g_strndup(rest, strcspn(rest, "/")));
  }
}

static GPtrArray *memory_list(const Files *files, const gchar *path, GError **error) {
  const MemoryFiles *memory = (const MemoryFiles *)files;
  g_autofree gchar *place = place_of(memory, path);
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter at;
  gpointer name;
  if (kind_at(memory, place) != FILE_FOLDER) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: not in memory", path);
    return NULL;
  }
  add_names(names, place, memory->texts);
  add_names(names, place, memory->links);
  GPtrArray *entries = g_ptr_array_new_with_free_func(file_entry_free);
  g_hash_table_iter_init(&at, names);
  while (g_hash_table_iter_next(&at, &name, NULL)) {
    g_autofree gchar *inner = *place != '\0' ? g_strconcat(place, "/", name, NULL) : g_strdup(name);
    g_autofree gchar *whole = g_build_filename(files->root, inner, NULL);
    g_ptr_array_add(entries, file_entry_new(name, files_kind(files, whole),
                                            g_hash_table_contains(memory->links, inner)));
  }
  file_entries_sort(entries);
  return entries;
}

static void memory_free(Files *files) {
  MemoryFiles *memory = (MemoryFiles *)files;
  g_hash_table_unref(memory->texts);
  g_hash_table_unref(memory->links);
  g_free(memory);
}

Files *memory_files_new(const gchar *root) {
  MemoryFiles *memory = g_new0(MemoryFiles, 1);
  memory->base = (Files){.kind = memory_kind,
                         .read = memory_read,
                         .list = memory_list,
                         .real = memory_real,
                         .free = memory_free,
                         .root = g_strdup(root)};
  memory->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  memory->links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return &memory->base;
}

void memory_files_put(Files *files, const gchar *path, const gchar *text) {
  g_hash_table_insert(((MemoryFiles *)files)->texts, g_strdup(path), g_strdup(text));
}

void memory_files_link(Files *files, const gchar *path, const gchar *target) {
  g_hash_table_insert(((MemoryFiles *)files)->links, g_strdup(path), g_strdup(target));
}
