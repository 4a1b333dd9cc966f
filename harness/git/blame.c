/*
 * Lines are handed from a commit to its parents, newest commit first, many at once. A commit's
 * parent gets those that it has, whatever else was changed around them; what none has was written
 * by the commit.
 */
#include "git/blame.h"

#include <string.h>

#include "git/blame_account.h"

/* Texts that are kept at hand. */
#define TEXTS_MOST 128

/* A commit that still has lines to account for. */
typedef struct {
  git_oid id;
  gint64 time;
  GHashTable *files; /* gchar *: path -> GArray of Wanted */
} Suspect;

void origin_free(Origin *origin) {
  if (origin == NULL)
    return;
  commit_free(origin->commit);
  g_free(origin->path);
  g_free(origin);
}

/* --- suspects ------------------------------------------------------------------- */

static void suspect_free(gpointer data) {
  Suspect *suspect = data;
  g_hash_table_unref(suspect->files);
  g_free(suspect);
}

static gint newest_first(gconstpointer left, gconstpointer right,
                         G_GNUC_UNUSED gpointer user_data) {
  const Suspect *one = left;
  const Suspect *other = right;
  if (one->time != other->time)
    return one->time > other->time ? -1 : 1;
  return memcmp(&one->id, &other->id, sizeof one->id);
}

gboolean pass_on(Blame *blame, const git_oid *id, const gchar *path, Wanted wanted,
                 GError **error) {
  Suspect *suspect = g_hash_table_lookup(blame->suspects, id);
  if (suspect == NULL) {
    git_commit *commit = commit_lookup(blame->repository, id, error);
    if (commit == NULL)
      return FALSE;
    suspect = g_new0(Suspect, 1);
    suspect->id = *id;
    suspect->time = git_commit_time(commit);
    suspect->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    git_commit_free(commit);
    g_hash_table_insert(blame->suspects, &suspect->id, suspect);
    g_sequence_insert_sorted(blame->queue, suspect, newest_first, NULL);
  }
  GArray *lines = g_hash_table_lookup(suspect->files, path);
  if (lines == NULL) {
    lines = g_array_new(FALSE, FALSE, sizeof(Wanted));
    g_hash_table_insert(suspect->files, g_strdup(path), lines);
  }
  g_array_append_val(lines, wanted);
  return TRUE;
}

/* The line was written here. */
gboolean settle(const Step *step, const gchar *path, Wanted wanted, GError **error) {
  Blame *blame = step->blame;
  Origin *origin = g_new0(Origin, 1);
  origin->path = g_strdup(path);
  origin->line = wanted.line;
  g_ptr_array_index(blame->origins, wanted.index) = origin;
  if (step->id == NULL)
    return TRUE;
  origin->is_edge = commit_is_edge(blame->repository, step->id);
  const Commit *known = g_hash_table_lookup(blame->commits, step->id);
  if (known == NULL) {
    git_commit *object = commit_lookup(blame->repository, step->id, error);
    if (object == NULL)
      return FALSE;
    Commit *commit = commit_new(blame->repository, object);
    git_commit_free(object);
    g_hash_table_insert(blame->commits, object_copy(step->id), commit);
    known = commit;
  }
  origin->commit = commit_copy(known);
  return TRUE;
}

/* --- steps ---------------------------------------------------------------------- */

static void parent_clear(gpointer data) {
  Parent *parent = data;
  g_clear_pointer(&parent->top, folder_release);
  git_diff_free(parent->diff);
}

static gboolean parent_add(Step *step, const git_oid *id, GError **error) {
  git_commit *commit = commit_lookup(step->blame->repository, id, error);
  if (commit == NULL)
    return FALSE;
  Parent parent = {.id = *id};
  parent.top = folder_read(step->blame->repository, git_commit_tree_id(commit),
                           "the top folder of a commit", error);
  git_commit_free(commit);
  if (parent.top == NULL)
    return FALSE;
  g_array_append_val(step->parents, parent);
  return TRUE;
}

static void step_clear(Step *step) {
  g_clear_pointer(&step->parents, g_array_unref);
  g_clear_pointer(&step->top, folder_release);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static void step_begin(Step *step, Blame *blame) {
  step->blame = blame;
  step->parents = g_array_new(FALSE, FALSE, sizeof(Parent));
  g_array_set_clear_func(step->parents, parent_clear);
}

static gboolean step_commit(Blame *blame, Suspect *suspect, GError **error) {
  g_auto(Step) step = {0};
  step_begin(&step, blame);
  step.id = &suspect->id;
  git_commit *commit = commit_lookup(blame->repository, &suspect->id, error);
  if (commit == NULL)
    return FALSE;
  step.top = folder_read(blame->repository, git_commit_tree_id(commit),
                         "the top folder of a commit", error);
  g_autoptr(GArray) parents = commit_parents(blame->repository, commit);
  git_commit_free(commit);
  if (step.top == NULL)
    return FALSE;
  for (guint i = 0; i < parents->len; i++) {
    if (!parent_add(&step, &g_array_index(parents, git_oid, i), error))
      return FALSE;
  }
  GHashTableIter iterator;
  gpointer path;
  gpointer wanted;
  g_hash_table_iter_init(&iterator, suspect->files);
  while (g_hash_table_iter_next(&iterator, &path, &wanted)) {
    git_oid id;
    gboolean is_passed;
    if (!file_at(blame, step.top, path, &id, error)) {
      if (error != NULL && *error == NULL)
        g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                    "%s is not in commit %.7s, where it must be", (gchar *)path,
                    git_oid_tostr_s(&suspect->id));
      return FALSE;
    }
    if (!account_whole(&step, path, &id, wanted, &is_passed, error))
      return FALSE;
    if (is_passed)
      continue;
    const Lines *text = text_of(blame, &id, path, error);
    if (text == NULL || !account_file(&step, path, text, wanted, error))
      return FALSE;
  }
  return TRUE;
}

/* --- the whole ------------------------------------------------------------------ */

/* What the lines are counted in, which no commit need have. */
static gboolean begin(Blame *blame, const Files *files, const Commit *commit, const gchar *path,
                      GArray *wanted, GError **error) {
  g_autofree gchar *text = NULL;
  gsize size;
  if (!files_read(files, path, FILES_TEXT_MAX, &text, &size, error))
    return FALSE;
  g_auto(Step) step = {0};
  step_begin(&step, blame);
  step.files = files;
  git_oid id;
  if (commit != NULL) {
    object_of(commit, &id);
    if (!parent_add(&step, &id, error))
      return FALSE;
  }
  /* With links followed, as the trees have it. */
  g_autofree gchar *real = files_real(files, path);
  g_autofree gchar *place = path_below(blame->repository->root, real);
  if (place == NULL) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                "%s lies outside of the repository in '%s'", path, blame->repository->root);
    return FALSE;
  }
  g_autoptr(Lines) lines = lines_new(blame->words, place, text, size);
  for (guint i = 0; i < wanted->len; i++) {
    guint line = g_array_index(wanted, Wanted, i).line;
    if (line == 0 || line > lines->count) {
      g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s:%u: there are only %u lines", path,
                  line, lines->count);
      return FALSE;
    }
  }
  git_oid own;
  gboolean is_passed;
  git_odb_hash(&own, text, size, GIT_OBJECT_BLOB);
  return account_whole(&step, place, &own, wanted, &is_passed, error) &&
         (is_passed || account_file(&step, place, lines, wanted, error));
}

static gboolean walk(Blame *blame, GError **error) {
  while (!g_sequence_is_empty(blame->queue)) {
    GSequenceIter *first = g_sequence_get_begin_iter(blame->queue);
    Suspect *suspect = g_sequence_get(first);
    g_sequence_remove(first);
    g_hash_table_steal(blame->suspects, &suspect->id);
    if (g_hash_table_size(blame->texts) > TEXTS_MOST)
      g_hash_table_remove_all(blame->texts);
    gboolean is_fine = step_commit(blame, suspect, error);
    suspect_free(suspect);
    if (!is_fine)
      return FALSE;
  }
  return TRUE;
}

GPtrArray *blame_lines(Repository *repository, const Files *files, const Commit *commit,
                       const gchar *path, const GArray *lines, GError **error) {
  g_autoptr(GError) broken = NULL;
  g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(Wanted));
  g_autoptr(GPtrArray) origins = g_ptr_array_new_with_free_func((GDestroyNotify)origin_free);
  g_ptr_array_set_size(origins, (gint)lines->len);
  for (guint i = 0; i < lines->len; i++)
    g_array_append_val(wanted, ((Wanted){g_array_index(lines, guint, i), i}));
  Blame blame = {
      .repository = repository,
      .origins = origins,
      .commits =
          g_hash_table_new_full(object_hash, object_equal, g_free, (GDestroyNotify)commit_free),
      .words = g_string_chunk_new(1 << 16),
      .texts = g_hash_table_new_full(object_hash, object_equal, g_free, (GDestroyNotify)lines_free),
      .suspects = g_hash_table_new_full(object_hash, object_equal, NULL, suspect_free),
      .queue = g_sequence_new(NULL),
  };
  gboolean is_fine = begin(&blame, files, commit, path, wanted, &broken) && walk(&blame, &broken);
  g_sequence_free(blame.queue);
  g_hash_table_unref(blame.suspects);
  g_hash_table_unref(blame.texts);
  g_string_chunk_free(blame.words);
  g_hash_table_unref(blame.commits);
  if (is_fine)
    return g_steal_pointer(&origins);
  g_propagate_error(error, g_steal_pointer(&broken));
  return NULL;
}
