#include "bank/fixtures.h"

#include <string.h>

#include "bank/bank_files.h"
#include "bank/fixture_header.h"
#include "bank/paths.h"

#define FOLDER_NAME "fixtures"
#define SUFFIX ".py"
/* So many files of a folder are looked at. */
#define FILES_MAX 10000

/* NULL where the file has no header, unless its fixture is wanted all the same. */
static Fixture *parse(const gchar *name, const gchar *path, const gchar *shown_path,
                      const gchar *text, gsize size, gboolean is_wanted) {
  g_autoptr(Fixture) fixture = fixture_new(name, path, shown_path);
  if (!fixture_header_read(fixture, text, size)) {
    if (!is_wanted)
      return NULL;
    if (fixture->problem == NULL)
      fixture->problem = g_strdup_printf("%s: assigns neither PROVIDES nor IMPORTS", shown_path);
  }
  return g_steal_pointer(&fixture);
}

Fixture *fixture_parse(const gchar *name, const gchar *path, const gchar *shown_path,
                       const gchar *text, gsize size) {
  return parse(name, path, shown_path, text, size, TRUE);
}

/* --- folders --------------------------------------------------------------------------- */

/* Names of the files of a folder that may be fixtures, in order. */
static GPtrArray *files_of(const Files *files, const gchar *folder, GError **error) {
  g_autoptr(GPtrArray) entries = files_list(files, folder, NULL);
  if (entries == NULL) {
    g_set_error(error, BANK_ERROR, BANK_ERROR_MISSING, "%s: cannot be read as a folder of fixtures",
                folder);
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; names->len < FILES_MAX && i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    const gchar *name = entry->name;
    if (*name != '_' && *name != '.' && g_str_has_suffix(name, SUFFIX) &&
        entry->kind != FILE_FOLDER && g_utf8_validate(name, -1, NULL))
      g_ptr_array_add(names, g_strdup(name));
  }
  return names;
}

/* NULL where the file is no fixture. */
static Fixture *file_read(const Files *files, const gchar *folder, const gchar *file) {
  g_autofree gchar *joined = g_build_filename(folder, file, NULL);
  g_autofree gchar *path = g_canonicalize_filename(joined, NULL);
  g_autofree gchar *shown = path_shown(path);
  g_autofree gchar *name = g_strndup(file, strlen(file) - strlen(SUFFIX));
  g_autofree gchar *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  if (bank_file_load(files, path, &text, &size, &error))
    return parse(name, path, shown, text, size, FALSE);
  Fixture *fixture = fixture_new(name, path, shown);
  const gchar *behind = g_str_has_prefix(error->message, path) ? error->message + strlen(path) : "";
  fixture->problem = g_strdup_printf("%s%s", shown, *behind == ':' ? behind : ": cannot be read");
  return fixture;
}

static gboolean has_fixture(const Files *files, const gchar *folder) {
  g_autoptr(GPtrArray) names = files_of(files, folder, NULL);
  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autoptr(Fixture) fixture = file_read(files, folder, g_ptr_array_index(names, i));
    if (fixture != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_folder_of_fixtures(const Files *files, const gchar *path) {
  return files_kind(files, path) == FILE_FOLDER && has_fixture(files, path);
}

gchar *fixtures_find_folder(const Files *files, const GPtrArray *documents) {
  return path_find_above(files, documents, FOLDER_NAME, is_folder_of_fixtures);
}

static gint by_name(gconstpointer left, gconstpointer right) {
  const Fixture *one = *(Fixture *const *)left, *other = *(Fixture *const *)right;
  return strcmp(one->name, other->name);
}

GPtrArray *fixtures_read(const Files *files, const gchar *const *folders, GError **error) {
  g_autoptr(GPtrArray) fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (; folders != NULL && *folders != NULL; folders++) {
    if (!g_hash_table_add(read, g_canonicalize_filename(*folders, NULL)))
      continue;
    g_autoptr(GPtrArray) names = files_of(files, *folders, error);
    if (names == NULL)
      return NULL;
    for (guint i = 0; i < names->len; i++) {
      g_autoptr(Fixture) fixture = file_read(files, *folders, g_ptr_array_index(names, i));
      if (fixture == NULL || g_hash_table_contains(taken, fixture->name))
        continue;
      g_hash_table_add(taken, fixture->name);
      g_ptr_array_add(fixtures, g_steal_pointer(&fixture));
    }
  }
  g_ptr_array_sort(fixtures, by_name);
  return g_steal_pointer(&fixtures);
}
