#include "cli/equipping.h"

#include <string.h>

#include "cli/unpacking.h"

void equipment_free(Equipment *equipment) {
  if (equipment == NULL)
    return;
  g_clear_pointer(&equipment->config, config_free);
  g_clear_pointer(&equipment->fixtures, g_ptr_array_unref);
  g_free(equipment);
}

gchar *fixtures_shipped(void) {
  const gchar *named = g_getenv("PROCTOR_FIXTURES_DIR");
  if (named != NULL && *named != '\0')
    return g_strdup(named);
  g_autofree gchar *program = g_file_read_link("/proc/self/exe", NULL);
  if (program != NULL) {
    g_autofree gchar *beside = g_path_get_dirname(program);
    g_autofree gchar *installed = g_canonicalize_filename(PROCTOR_FIXTURES_FROM_BIN, beside);
    if (g_file_test(installed, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&installed);
  }
  if (g_file_test(PROCTOR_FIXTURES_DIR, G_FILE_TEST_IS_DIR))
    return g_strdup(PROCTOR_FIXTURES_DIR);
  return NULL;
}

const Files *files_for_named(const Files *files, const gchar *named) {
  return files_kind(files, named) == FILE_MISSING ? files_disk() : files;
}

/* *config is NULL for none at all. *from is what it is read from. */
static gboolean read_config(const Files **from, const gchar *named, const GPtrArray *documents,
                            Config **config, GError **error) {
  g_autofree gchar *found = named == NULL ? config_find(*from, documents) : NULL;
  const gchar *path = named != NULL ? named : found;
  *config = NULL;
  if (path == NULL)
    return TRUE;
  if (named != NULL)
    *from = files_for_named(*from, named);
  *config = config_read(*from, path, error);
  return *config != NULL;
}

/* Folders that options name: all from the same. */
static const Files *files_for_folders(const Files *files, const gchar *const *folders) {
  for (; *folders != NULL; folders++)
    if (files_for_named(files, *folders) != files)
      return files_disk();
  return files;
}

/* config_files is what the configuration was read from. */
static gboolean read_fixtures(Equipment *equipment, const Files *files, const Files *config_files,
                              const gchar *const *named, const GPtrArray *documents,
                              GError **error) {
  g_autofree gchar *found = NULL;
  const gchar *folders[] = {NULL, NULL};
  equipment->files = named != NULL ? files_for_folders(files, named) : config_files;
  if (named == NULL && equipment->config != NULL)
    named = config_fixtures(equipment->config);
  if (named == NULL) {
    equipment->files = files;
    found = fixtures_find_folder(files, documents);
    if (found == NULL) {
      equipment->files = files_disk();
      found = fixtures_shipped();
    }
    folders[0] = found;
    named = folders;
  }
  equipment->fixtures = fixtures_read(equipment->files, named, error);
  return equipment->fixtures != NULL;
}

gboolean equipment_give(const Equipment *equipment, const GPtrArray *documents, GError **error) {
  if ((equipment->config != NULL && !config_apply(equipment->config, documents, error)) ||
      !fixtures_choose(equipment->fixtures, documents, error))
    return FALSE;
  fixtures_digest(equipment->files, equipment->fixtures, documents);
  return fixtures_unpack(equipment->files, equipment->fixtures, documents, error);
}

Equipment *equipment_read(const Files *files, const EquipmentArguments *arguments,
                          const GPtrArray *documents, GError **error) {
  g_autoptr(Equipment) equipment = g_new0(Equipment, 1);
  const Files *config_files = files;
  if (!read_config(&config_files, arguments->config, documents, &equipment->config, error) ||
      !read_fixtures(equipment, files, config_files, (const gchar *const *)arguments->fixtures,
                     documents, error) ||
      !equipment_give(equipment, documents, error))
    return NULL;
  return g_steal_pointer(&equipment);
}

const gchar *equipment_expected(const Equipment *equipment, const gchar *named) {
  if (named != NULL || equipment->config == NULL)
    return named;
  return config_expected(equipment->config);
}

static gboolean has_torn_choice(const GPtrArray *documents) {
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      if (snippet->choice != NULL && snippet->choice->problem != NULL)
        return TRUE;
    }
  }
  return FALSE;
}

GPtrArray *equipment_conflicts(const Equipment *equipment, const GPtrArray *documents) {
  if (!has_torn_choice(documents))
    return g_ptr_array_new_with_free_func(g_free);
  return fixtures_conflicts(equipment->fixtures);
}
