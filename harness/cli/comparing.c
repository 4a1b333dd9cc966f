#include "cli/comparing.h"

#include <string.h>

#include "bank/session.h"

/* --- reading ------------------------------------------------------------------------------- */

/* What of the options is there: a folder of fixtures that came later is none of this version. */
static void arguments_keep(const Files *files, const EquipmentArguments *all,
                           EquipmentArguments *there) {
  if (all->config != NULL && files_kind(files, all->config) != FILE_MISSING)
    there->config = g_strdup(all->config);
  there->expected = g_strdup(all->expected);
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
  gboolean has_folder = FALSE;
  for (gchar **folder = all->fixtures; folder != NULL && *folder != NULL; folder++)
    if (files_kind(files, *folder) != FILE_MISSING) {
      g_strv_builder_add(folders, *folder);
      has_folder = TRUE;
    }
  if (has_folder)
    there->fixtures = g_strv_builder_end(folders);
}

/* Documents in the folder of a path that are not in `newer`. */
static void add_predecessors(GStrvBuilder *there, const Files *files, const Files *newer,
                             const gchar *path) {
  if (newer == NULL || files_kind(newer, path) != FILE_REGULAR)
    return;
  g_autofree gchar *folder = g_path_get_dirname(path);
  g_autoptr(GPtrArray) entries = files_list(files, folder, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    if (!path_is_document(entry->name) || entry->kind != FILE_REGULAR)
      continue;
    g_autofree gchar *name = strchr(path, '/') != NULL ? g_build_filename(folder, entry->name, NULL)
                                                       : g_strdup(entry->name);
    if (files_kind(newer, name) == FILE_MISSING)
      g_strv_builder_add(there, name);
  }
}

/* NULL for the current folder; an empty list where nothing is there. */
static GStrv paths_keep(const Files *files, const Files *newer, gchar **paths) {
  static gchar here[] = ".";
  static gchar *folder[] = {here, NULL};
  gboolean has_names = paths != NULL && *paths != NULL;
  g_autoptr(GStrvBuilder) there = g_strv_builder_new();
  for (gchar **path = has_names ? paths : folder; *path != NULL; path++)
    if (files_kind(files, *path) != FILE_MISSING)
      g_strv_builder_add(there, *path);
    else
      add_predecessors(there, files, newer, *path);
  GStrv kept = g_strv_builder_end(there);
  if (!has_names && *kept != NULL)
    g_clear_pointer(&kept, g_strfreev);
  return kept;
}

VersionEnd version_open(const Files *files, const Files *newer, gchar **paths,
                        const EquipmentArguments *equipment, Material **material, gchar **problem) {
  g_auto(GStrv) there = paths_keep(files, newer, paths);
  if (there != NULL && *there == NULL)
    return VERSION_ABSENT;
  g_auto(EquipmentArguments) arguments = {0};
  arguments_keep(files, equipment, &arguments);
  g_autoptr(GError) error = NULL;
  g_autoptr(Material) read = material_read(MATERIAL_EXPECTED, files, there, &arguments, &error);
  const gchar *damage = repository_damage(files);
  if (read == NULL || damage != NULL) { /* a document that cannot be read is not one that was not */
    *problem = g_strdup(read == NULL ? error->message : damage);
    return VERSION_BROKEN;
  }
  *material = g_steal_pointer(&read);
  return VERSION_READ;
}

/* --- comparing ----------------------------------------------------------------------------- */

/* A version, and what its blocks may need. */
typedef struct {
  const Material *material;
  Sessions *sessions;
} Version;

struct Comparison {
  Version before, after;
  GPtrArray *nothing; /* the documents of a bank that is not there */
  Lineage *lineage;
};

static GPtrArray *session_in(const Snippet *snippet, gpointer data) {
  return sessions_of(((const Version *)data)->sessions, snippet);
}

static const Expectation *expectation_in(const Snippet *snippet, gpointer data) {
  const Expectations *expectations = ((const Version *)data)->material->expectations;
  return expectations != NULL ? expectations_of(expectations, snippet, NULL) : NULL;
}

static const GPtrArray *documents_of(const Comparison *comparison, const Version *version) {
  return version->material != NULL ? version->material->bank->documents : comparison->nothing;
}

Comparison *comparison_new(const Material *before, const Material *after) {
  Comparison *comparison = g_new0(Comparison, 1);
  comparison->before = (Version){before, sessions_new()};
  comparison->after = (Version){after, sessions_new()};
  comparison->nothing = g_ptr_array_new();
  comparison->lineage = lineage_new(documents_of(comparison, &comparison->before),
                                    documents_of(comparison, &comparison->after));
  return comparison;
}

void comparison_free(Comparison *comparison) {
  if (comparison == NULL)
    return;
  lineage_free(comparison->lineage);
  sessions_free(comparison->before.sessions);
  sessions_free(comparison->after.sessions);
  g_ptr_array_unref(comparison->nothing);
  g_free(comparison);
}

const Lineage *comparison_lineage(const Comparison *comparison) {
  return comparison->lineage;
}

Changes comparison_changes(const Comparison *comparison, const Kin *kin) {
  const ChangesSide before = {session_in, expectation_in, (gpointer)&comparison->before};
  const ChangesSide after = {session_in, expectation_in, (gpointer)&comparison->after};
  return changes_of(kin, &before, &after);
}

gchar *revision_text(const gchar *revision, const Commit *commit) {
  if (strlen(revision) >= strlen(commit->short_id) && g_str_has_prefix(commit->id, revision))
    return g_strdup(commit->short_id);
  return g_strdup_printf("%s (%s)", revision, commit->short_id);
}
