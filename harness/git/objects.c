#include "git/objects.h"

#include <string.h>

/* Trees of a long history are kept as long as they are not more than this: 100 bytes each. */
#define FOLDER_ENTRIES_MAX (1u << 20)

/* --- ids ------------------------------------------------------------------------ */

guint object_hash(gconstpointer id) {
  guint hash;
  memcpy(&hash, ((const git_oid *)id)->id, sizeof hash); /* as good as random */
  return hash;
}

gboolean object_equal(gconstpointer one, gconstpointer other) {
  return git_oid_equal(one, other) != 0;
}

git_oid *object_copy(const git_oid *id) {
  return g_memdup2(id, sizeof *id);
}

void object_of(const Commit *commit, git_oid *id) {
  git_oid_fromstr(id, commit->id);
}

/* --- messages ------------------------------------------------------------------- */

const gchar *git_words(void) {
  const git_error *last = git_error_last();
  return last != NULL && last->message != NULL ? last->message : "libgit2 does not say why";
}

static gboolean is_partial(const Repository *repository) {
  g_autofree gchar *path =
      g_build_filename(git_repository_commondir(repository->git), "config", NULL);
  git_config *config = NULL;
  git_config_iterator *entries = NULL;
  git_config_entry *entry;
  gboolean answer = FALSE;
  if (git_config_open_ondisk(&config, path) == 0 &&
      git_config_iterator_new(&entries, config) == 0) {
    while (!answer && git_config_next(&entry, entries) == 0)
      answer = g_str_has_prefix(entry->name, "remote.") &&
               g_str_has_suffix(entry->name, ".partialclonefilter");
  }
  git_config_iterator_free(entries);
  git_config_free(config);
  return answer;
}

void object_complain(const Repository *repository, const git_oid *id, const gchar *what, int code,
                     GError **error) {
  gchar text[GIT_OID_HEXSZ + 1];
  git_oid_tostr(text, sizeof text, id);
  g_autofree gchar *words = g_strdup(git_words()); /* the next call may overwrite it */
  if (code != GIT_ENOTFOUND)
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                "%s cannot be read, git's object %s is damaged: %s ('git fsck' says more)", what,
                text, words);
  else if (is_partial(repository))
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                "%s cannot be read: this is a partial clone without git's object %s "
                "('git fetch --refetch --no-filter' brings all of them)",
                what, text);
  else
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                "%s cannot be read: git's object %s is missing ('git fsck' says more)", what, text);
}

/* --- folders -------------------------------------------------------------------- */

static void entry_free(gpointer data) {
  FolderEntry *entry = data;
  g_free(entry->name);
  g_clear_pointer(&entry->folder, folder_release);
  g_free(entry);
}

Folder *folder_new(void) {
  Folder *folder = g_rc_box_new0(Folder);
  folder->entries = g_ptr_array_new_with_free_func(entry_free);
  return folder;
}

Folder *folder_hold(Folder *folder) {
  return g_rc_box_acquire(folder);
}

static void folder_clear(gpointer data) {
  Folder *folder = data;
  g_ptr_array_unref(folder->entries);
}

void folder_release(Folder *folder) {
  g_rc_box_release_full(folder, folder_clear);
}

FolderEntry *folder_add(Folder *folder, gchar *name, guint mode, const git_oid *id) {
  FolderEntry *entry = g_new0(FolderEntry, 1);
  entry->name = name;
  entry->mode = mode;
  entry->id = *id;
  g_ptr_array_add(folder->entries, entry);
  return entry;
}

static gint by_name(gconstpointer left, gconstpointer right) {
  const FolderEntry *one = *(const FolderEntry *const *)left;
  const FolderEntry *other = *(const FolderEntry *const *)right;
  return strcmp(one->name, other->name);
}

/* git sorts a folder as if its name ended in a slash. */
void folder_sort(Folder *folder) {
  g_ptr_array_sort(folder->entries, by_name);
}

const FolderEntry *folder_find(const Folder *folder, const gchar *name, gsize size) {
  guint first = 0;
  guint end = folder->entries->len;
  while (first < end) {
    guint middle = first + (end - first) / 2;
    const FolderEntry *entry = g_ptr_array_index(folder->entries, middle);
    gint order = strncmp(entry->name, name, size);
    if (order == 0 && entry->name[size] == '\0')
      return entry;
    if (order < 0)
      first = middle + 1;
    else
      end = middle;
  }
  return NULL;
}

Folder *folder_read(Repository *repository, const git_oid *id, const gchar *what, GError **error) {
  Folder *known = g_hash_table_lookup(repository->folders, id);
  if (known != NULL)
    return folder_hold(known);
  git_tree *tree;
  int code = git_tree_lookup(&tree, repository->git, id);
  if (code != 0) {
    object_complain(repository, id, what, code, error);
    return NULL;
  }
  Folder *folder = folder_new();
  gsize count = git_tree_entrycount(tree);
  for (gsize i = 0; i < count; i++) {
    const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
    folder_add(folder, g_strdup(git_tree_entry_name(entry)), git_tree_entry_filemode(entry),
               git_tree_entry_id(entry));
  }
  git_tree_free(tree);
  folder_sort(folder);
  if (repository->folder_entries > FOLDER_ENTRIES_MAX) {
    g_hash_table_remove_all(repository->folders);
    repository->folder_entries = 0;
  }
  repository->folder_entries += folder->entries->len + 1;
  g_hash_table_insert(repository->folders, object_copy(id), folder_hold(folder));
  return folder;
}

Folder *folder_of_commit(Repository *repository, const Commit *commit, GError **error) {
  git_oid id;
  object_of(commit, &id);
  git_commit *object = commit_lookup(repository, &id, error);
  if (object == NULL)
    return NULL;
  g_autofree gchar *what = g_strdup_printf("the top folder of commit %s", commit->short_id);
  Folder *folder = folder_read(repository, git_commit_tree_id(object), what, error);
  git_commit_free(object);
  return folder;
}

Folder *folder_of_entry(Repository *repository, const FolderEntry *entry, const gchar *what,
                        GError **error) {
  if (entry->folder != NULL)
    return folder_hold(entry->folder);
  return folder_read(repository, &entry->id, what, error);
}

const FolderEntry *folder_walk(Repository *repository, Folder *top, const gchar *path,
                               Folder **owner, GError **error) {
  g_autoptr(Folder) folder = folder_hold(top);
  const gchar *name = path;
  for (;;) {
    gsize size = strcspn(name, "/");
    const FolderEntry *entry = folder_find(folder, name, size);
    if (entry == NULL || name[size] == '\0') {
      if (entry != NULL)
        *owner = g_steal_pointer(&folder);
      return entry;
    }
    if (entry->mode != GIT_FILEMODE_TREE)
      return NULL;
    g_autofree gchar *what = g_strndup(path, (gsize)(name - path) + size);
    Folder *next = folder_of_entry(repository, entry, what, error);
    if (next == NULL)
      return NULL;
    folder_release(folder);
    folder = next;
    name += size + 1;
  }
}

gboolean blob_read(Repository *repository, const git_oid *id, const gchar *what, gchar **text,
                   gsize *size, GError **error) {
  git_odb_object *object;
  int code = git_odb_read(&object, repository->objects, id);
  if (code != 0) {
    object_complain(repository, id, what, code, error);
    return FALSE;
  }
  *size = git_odb_object_size(object);
  *text = g_malloc(*size + 1);
  memcpy(*text, git_odb_object_data(object), *size);
  (*text)[*size] = '\0';
  git_odb_object_free(object);
  return TRUE;
}

/* --- commits -------------------------------------------------------------------- */

gboolean commit_is_edge(const Repository *repository, const git_oid *id) {
  return g_hash_table_contains(repository->edges, id);
}

git_commit *commit_lookup(Repository *repository, const git_oid *id, GError **error) {
  git_commit *commit;
  int code = git_commit_lookup(&commit, repository->git, id);
  if (code == 0)
    return commit;
  gchar text[GIT_OID_HEXSZ + 1];
  git_oid_tostr(text, sizeof text, id);
  g_autofree gchar *what = g_strdup_printf("commit %.7s", text);
  object_complain(repository, id, what, code, error);
  return NULL;
}

/* The commit itself still names the parents that a shallow clone has left out. */
GArray *commit_parents(const Repository *repository, git_commit *commit) {
  guint count =
      commit_is_edge(repository, git_commit_id(commit)) ? 0 : git_commit_parentcount(commit);
  GArray *parents = g_array_sized_new(FALSE, FALSE, sizeof(git_oid), count);
  for (guint i = 0; i < count; i++)
    g_array_append_vals(parents, git_commit_parent_id(commit, i), 1);
  return parents;
}

static gchar *valid(const gchar *text) {
  return text != NULL ? g_utf8_make_valid(text, -1) : g_strdup("");
}

/* The short form of a full id. */
static gchar *shorten(git_commit *commit) {
  git_buf text = {0};
  gchar *answer;
  if (git_object_short_id(&text, (git_object *)commit) == 0 && text.ptr != NULL)
    answer = g_strdup(text.ptr);
  else
    answer = g_strndup(git_oid_tostr_s(git_commit_id(commit)), 7);
  git_buf_dispose(&text);
  return answer;
}

Commit *commit_new(Repository *repository, git_commit *object) {
  Commit *commit = g_new0(Commit, 1);
  commit->id = g_strdup(git_oid_tostr_s(git_commit_id(object)));
  commit->short_id = shorten(object);
  commit->summary = valid(git_commit_summary(object));
  const git_signature *author = git_commit_author(object);
  if (author != NULL) {
    if (repository->mailmap == NULL &&
        git_mailmap_from_repository(&repository->mailmap, repository->git) != 0)
      (void)git_mailmap_new(&repository->mailmap);
    const char *name = author->name;
    const char *email = author->email;
    (void)git_mailmap_resolve(&name, &email, repository->mailmap, author->name, author->email);
    commit->author = valid(name);
    commit->email = valid(email);
    commit->time = author->when.time;
    commit->offset = author->when.offset;
  } else {
    commit->author = g_strdup("");
    commit->email = g_strdup("");
  }
  g_autoptr(GArray) parents = commit_parents(repository, object);
  commit->parents = g_new0(gchar *, parents->len + 1);
  for (guint i = 0; i < parents->len; i++)
    commit->parents[i] = g_strdup(git_oid_tostr_s(&g_array_index(parents, git_oid, i)));
  return commit;
}

Commit *commit_copy(const Commit *commit) {
  Commit *copy = g_memdup2(commit, sizeof *commit);
  copy->id = g_strdup(commit->id);
  copy->short_id = g_strdup(commit->short_id);
  copy->author = g_strdup(commit->author);
  copy->email = g_strdup(commit->email);
  copy->summary = g_strdup(commit->summary);
  copy->parents = g_strdupv(commit->parents);
  return copy;
}

void commit_free(Commit *commit) {
  if (commit == NULL)
    return;
  g_free(commit->id);
  g_free(commit->short_id);
  g_free(commit->author);
  g_free(commit->email);
  g_free(commit->summary);
  g_strfreev(commit->parents);
  g_free(commit);
}
