#include "cli/source.h"

#include <string.h>

#include "cli/common.h"

gboolean source_open_repository(Source *source, gchar **paths) {
  g_autoptr(GError) error = NULL;
  if (source->repository != NULL)
    return TRUE;
  source->repository = repository_open(paths != NULL && *paths != NULL ? *paths : ".", &error);
  if (source->repository == NULL)
    complain("%s", error->message);
  return source->repository != NULL;
}

/* FALSE after having complained. */
static gboolean open_revision(Source *source, const gchar *revision) {
  g_autoptr(GError) error = NULL;
  source->commit = repository_resolve(source->repository, revision, &error);
  if (source->commit != NULL)
    source->owned = repository_files(source->repository, source->commit, &error);
  if (source->owned == NULL) {
    complain("%s", error->message);
    return FALSE;
  }
  source->text = g_strdup_printf("%s (%s)", revision, source->commit->short_id);
  return TRUE;
}

static gboolean open_index(Source *source) {
  g_autoptr(GError) error = NULL;
  source->owned = repository_staged(source->repository, &error);
  if (source->owned == NULL) {
    complain("%s", error->message);
    return FALSE;
  }
  /* Before the first commit there is none. */
  source->commit = repository_head(source->repository, NULL);
  source->text = g_strdup("the index");
  return TRUE;
}

/* What is not in the repository would be read from the disk, which is not what was asked for. */
static gboolean has_path(const Source *source, const gchar *path) {
  g_autofree gchar *below = path_below(repository_root(source->repository), path);
  if (below == NULL)
    complain("%s: not in the repository of '%s'", path, repository_root(source->repository));
  else if (files_kind(source->files, path) == FILE_MISSING)
    complain("%s: not in %s", path, source->text);
  else
    return TRUE;
  return FALSE;
}

Source *source_open(const gchar *revision, gboolean is_staged, gchar **paths) {
  static gchar here[] = ".";
  static gchar *const nothing[] = {here, NULL};
  g_autoptr(Source) source = g_new0(Source, 1);
  source->files = files_disk();
  if (revision == NULL && !is_staged)
    return g_steal_pointer(&source);
  if (revision != NULL && is_staged) {
    complain("--rev and --staged: the documents are read from one of them");
    return NULL;
  }
  if (!source_open_repository(source, paths) ||
      !(is_staged ? open_index(source) : open_revision(source, revision)))
    return NULL;
  source->files = source->owned;
  for (gchar *const *path = paths != NULL && *paths != NULL ? paths : nothing; *path != NULL;
       path++)
    if (!has_path(source, *path))
      return NULL;
  return g_steal_pointer(&source);
}

Source *source_open_for(const gchar *revision, const gchar *reference, gchar **paths) {
  const gchar *colon = strrchr(reference, ':');
  if (revision == NULL || colon == NULL || (paths != NULL && *paths != NULL))
    return source_open(revision, FALSE, paths);
  g_autofree gchar *file = g_strndup(reference, (gsize)(colon - reference));
  gchar *named[] = {file, NULL};
  return source_open(revision, FALSE, named);
}

void source_free(Source *source) {
  if (source == NULL)
    return;
  files_free(source->owned);
  g_clear_pointer(&source->commit, commit_free);
  g_clear_pointer(&source->repository, repository_free);
  g_free(source->text);
  g_free(source);
}
