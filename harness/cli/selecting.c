#include "cli/selecting.h"

#include <string.h>

#include "cli/comparing.h"
#include "cli/sharding.h"

void selecting_arguments_clear(SelectingArguments *arguments) {
  g_free(arguments->revision);
  g_free(arguments->since);
  g_free(arguments->shard);
}

void selection_free(Selection *selection) {
  if (selection == NULL)
    return;
  g_clear_pointer(&selection->wanted, g_hash_table_unref);
  g_clear_pointer(&selection->doubtful, g_hash_table_unref);
  g_clear_pointer(&selection->older, material_free);
  files_free(selection->older_files);
  g_free(selection->text);
  g_free((gchar *)selection->shard.bank);
  g_free((gchar *)selection->shard.split);
  g_free(selection);
}

static void want(Selection *selection, const Snippet *snippet, gchar *reason) {
  g_hash_table_insert(selection->wanted, (gpointer)snippet, reason);
}

static void want_all(Selection *selection, const Material *material, const gchar *reason) {
  for (guint i = 0; i < material->bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(material->bank->documents, i);
    for (guint k = 0; k < document->snippets->len; k++)
      want(selection, g_ptr_array_index(document->snippets, k), g_strdup(reason));
  }
}

static void want_changed(Selection *selection, const Material *material) {
  g_autoptr(Comparison) comparison = comparison_new(selection->older, material);
  selection->doubtful = g_hash_table_new(NULL, NULL);
  const GPtrArray *all = lineage_all(comparison_lineage(comparison));
  for (guint i = 0; i < all->len; i++) {
    const Kin *kin = g_ptr_array_index(all, i);
    Changes changes = kin->after != NULL ? comparison_changes(comparison, kin) : 0;
    if (changes != 0)
      want(selection, kin->after, changes_text(changes));
    if (changes == CHANGE_SESSION)
      g_hash_table_insert(selection->doubtful, (gpointer)kin->after, (gpointer)kin->before);
  }
}

/* The commit to compare with; *is_none where none is there yet. NULL after having complained, or
 * where that is so. */
static Commit *older_commit(const SelectingArguments *arguments, Source *source, gchar **paths,
                            gboolean *is_none) {
  g_autoptr(GError) error = NULL;
  *is_none = FALSE;
  if (arguments->since != NULL && strstr(arguments->since, "..") != NULL) {
    complain("--since takes one revision; what changed from one to another is for 'proctor diff'");
    return NULL;
  }
  if (!source_open_repository(source, paths))
    return NULL;
  Commit *commit = arguments->since != NULL
                       ? repository_resolve(source->repository, arguments->since, &error)
                       : repository_head(source->repository, &error);
  if (commit != NULL)
    return commit;
  *is_none = arguments->since == NULL &&
             g_error_matches(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION);
  if (!*is_none)
    complain("%s", error->message);
  return NULL;
}

/* FALSE after having complained. */
static gboolean select_changed(Selection *selection, const SelectingArguments *arguments,
                               Source *source, const Material *material, gchar **paths,
                               const EquipmentArguments *equipment) {
  g_autoptr(GError) error = NULL;
  gboolean is_none;
  g_autoptr(Commit) commit = older_commit(arguments, source, paths, &is_none);
  if (commit == NULL && !is_none)
    return FALSE;
  selection->wanted = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  if (commit == NULL) {
    want_all(selection, material, "it is new: there is no commit yet");
    selection->text = g_strdup("new: there is no commit yet");
    return TRUE;
  }
  g_autofree gchar *revision =
      revision_text(arguments->since != NULL ? arguments->since : "HEAD", commit);
  selection->older_files = repository_files(source->repository, commit, &error);
  if (selection->older_files == NULL) {
    complain("%s", error->message);
    return FALSE;
  }
  g_autofree gchar *problem = NULL;
  if (version_open(selection->older_files, source->files, paths, equipment, &selection->older,
                   &problem) == VERSION_BROKEN) {
    /* Nothing can be said to be as it was. */
    g_autofree gchar *reason = g_strdup_printf("the bank cannot be read as it was at %s", revision);
    complain("%s, so that every block is checked: %s", reason, problem);
    want_all(selection, material, reason);
    return TRUE;
  }
  want_changed(selection, material);
  selection->text = g_strdup_printf("changed since %s", revision);
  return TRUE;
}

Selection *selection_open(const SelectingArguments *arguments, Source *source,
                          const Material *material, gchar **paths,
                          const EquipmentArguments *equipment, Hall *hall) {
  g_autoptr(Selection) selection = g_new0(Selection, 1);
  if ((arguments->since != NULL || arguments->is_staged) &&
      !select_changed(selection, arguments, source, material, paths, equipment))
    return NULL;
  if (arguments->shard != NULL && !sharding_select(arguments->shard, material, hall_options(hall),
                                                   hall_results(hall), selection))
    return NULL;
  return g_steal_pointer(&selection);
}
