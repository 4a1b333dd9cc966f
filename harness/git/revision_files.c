/*
 * A path is followed through folders that are read once for all revisions: trees are named by what
 * they hold, so that the 300 versions of a bank share most of them. Links are followed in the
 * tree, never on the disk.
 */
#include <string.h>

#include "git/objects.h"

/* As the kernel has it. */
#define LINKS_MAX 40
#define LINK_SIZE_MAX 4096

/* What was asked about a path. */
enum { ASKED_KIND = 1, ASKED_TEXT = 2, ASKED_LIST = 4 };

typedef struct {
  Files files;
  Repository *repository; /* borrowed */
  Folder *top;
  gchar *text;       /* "commit 1a2b3c4", "the index" */
  gchar *damage;     /* of repository_damage() */
  GHashTable *asked; /* gchar *: place, as it was asked for -> what: flags */
} RevisionFiles;

/* Where a path leads to. */
typedef struct {
  FileKind kind;
  gchar *place;             /* without links: "docs/a.md", "" for the top */
  Folder *owner;            /* keeps the entry */
  const FolderEntry *entry; /* NULL for the top, and for nothing */
  Folder *folder;           /* of a folder, where it can be read */
} Target;

static void target_clear(Target *target) {
  g_free(target->place);
  g_clear_pointer(&target->owner, folder_release);
  g_clear_pointer(&target->folder, folder_release);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

static FileKind kind_of_mode(guint mode) {
  if (mode == GIT_FILEMODE_TREE)
    return FILE_FOLDER;
  return mode == GIT_FILEMODE_COMMIT ? FILE_OTHER : FILE_REGULAR;
}

/* --- following a path ----------------------------------------------------------- */

typedef struct {
  RevisionFiles *tree;
  GPtrArray *folders; /* Folder *, from the top */
  GPtrArray *names;   /* gchar *, of all but the top */
  GQueue *rest;       /* gchar *, names still to be followed */
  guint links;
} Walk;

static void walk_push_front(Walk *walk, const gchar *path) {
  g_auto(GStrv) names = g_strsplit(path, "/", -1);
  for (guint i = g_strv_length(names); i > 0; i--)
    g_queue_push_head(walk->rest, g_steal_pointer(&names[i - 1]));
}

static gchar *walk_place(const Walk *walk, const gchar *name) {
  g_autoptr(GString) place = g_string_new(NULL);
  for (guint i = 0; i < walk->names->len; i++)
    g_string_append_printf(place, "%s%s", i > 0 ? "/" : "",
                           (const gchar *)g_ptr_array_index(walk->names, i));
  if (name != NULL)
    g_string_append_printf(place, "%s%s", place->len > 0 ? "/" : "", name);
  return g_string_free(g_steal_pointer(&place), FALSE);
}

static gboolean rest_is_empty(const Walk *walk) {
  for (const GList *link = walk->rest->head; link != NULL; link = link->next) {
    const gchar *name = link->data;
    if (*name != '\0' && !g_str_equal(name, "."))
      return FALSE;
  }
  return TRUE;
}

/* Puts what a link holds in front of the rest. FALSE where it leads nowhere, or out of the tree. */
static gboolean walk_follow(Walk *walk, const FolderEntry *entry, const gchar *what,
                            GError **error) {
  g_autofree gchar *text = NULL;
  gsize size;
  if (++walk->links > LINKS_MAX)
    return FALSE;
  if (!blob_read(walk->tree->repository, &entry->id, what, &text, &size, error))
    return FALSE;
  if (size == 0 || size > LINK_SIZE_MAX)
    return FALSE;
  const gchar *target = text;
  if (*target == '/') {
    const gchar *root = walk->tree->repository->root;
    gsize length = strlen(root);
    if (strncmp(target, root, length) != 0 || target[length] != '/')
      return FALSE;
    target += length;
    g_ptr_array_set_size(walk->folders, 1);
    g_ptr_array_set_size(walk->names, 0);
  }
  walk_push_front(walk, target);
  return TRUE;
}

/* FALSE with an error only where an object cannot be read. */
static gboolean walk_run(Walk *walk, Target *target, GError **error) {
  RevisionFiles *tree = walk->tree;
  target->kind = FILE_MISSING;
  for (;;) {
    g_autofree gchar *name = g_queue_pop_head(walk->rest);
    if (name == NULL) {
      Folder *folder = g_ptr_array_index(walk->folders, walk->folders->len - 1);
      target->kind = FILE_FOLDER;
      target->folder = folder_hold(folder);
      g_free(target->place);
      target->place = walk_place(walk, NULL);
      return TRUE;
    }
    if (*name == '\0' || g_str_equal(name, "."))
      continue;
    if (g_str_equal(name, "..")) {
      if (walk->names->len == 0)
        return TRUE;
      g_ptr_array_set_size(walk->folders, (gint)walk->folders->len - 1);
      g_ptr_array_set_size(walk->names, (gint)walk->names->len - 1);
      continue;
    }
    Folder *folder = g_ptr_array_index(walk->folders, walk->folders->len - 1);
    const FolderEntry *entry = folder_find(folder, name, strlen(name));
    if (entry == NULL)
      return TRUE;
    g_free(target->place);
    target->place = walk_place(walk, name);
    g_clear_pointer(&target->owner, folder_release);
    target->owner = folder_hold(folder);
    target->entry = entry;
    g_autofree gchar *what = g_strdup_printf("%s in %s", target->place, tree->text);
    if (entry->mode == GIT_FILEMODE_TREE) {
      Folder *inner = folder_of_entry(tree->repository, entry, what, error);
      if (inner == NULL) {
        target->kind = FILE_UNKNOWN;
        return FALSE;
      }
      g_ptr_array_add(walk->folders, inner);
      g_ptr_array_add(walk->names, g_steal_pointer(&name));
      continue;
    }
    if (entry->mode == GIT_FILEMODE_LINK) {
      GError *broken = NULL;
      if (walk_follow(walk, entry, what, &broken))
        continue;
      if (broken == NULL)
        return TRUE;
      target->kind = FILE_UNKNOWN;
      g_propagate_error(error, broken);
      return FALSE;
    }
    if (rest_is_empty(walk))
      target->kind = kind_of_mode(entry->mode);
    return TRUE;
  }
}

/* Hands an error on, and remembers the first. */
static void suffer(RevisionFiles *tree, GError *broken, GError **error) {
  if (tree->damage == NULL)
    tree->damage = g_strdup(broken->message);
  g_propagate_error(error, broken);
}

/* place: from the top; NULL for what is not below it. As walk_run(). */
static gboolean target_find(RevisionFiles *tree, const gchar *place, Target *target,
                            GError **error) {
  target->kind = FILE_MISSING;
  if (place == NULL)
    return TRUE;
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func((GDestroyNotify)folder_release);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  GQueue rest = G_QUEUE_INIT;
  Walk walk = {tree, folders, names, &rest, 0};
  g_ptr_array_add(folders, folder_hold(tree->top));
  walk_push_front(&walk, place);
  GError *broken = NULL;
  gboolean is_fine = walk_run(&walk, target, &broken);
  g_queue_clear_full(&rest, g_free);
  if (broken != NULL)
    suffer(tree, broken, error);
  return is_fine;
}

/* --- answers -------------------------------------------------------------------- */

static void note(RevisionFiles *tree, const gchar *place, guint what) {
  gpointer before = g_hash_table_lookup(tree->asked, place);
  guint all = GPOINTER_TO_UINT(before) | what;
  if (GPOINTER_TO_UINT(before) != all)
    g_hash_table_replace(tree->asked, g_strdup(place), GUINT_TO_POINTER(all));
}

static gchar *place_asked(RevisionFiles *tree, const gchar *path, guint what) {
  gchar *place = repository_place(tree->repository, path);
  if (place != NULL)
    note(tree, place, what);
  return place;
}

static FileKind revision_kind(const Files *files, const gchar *path, gchar **identity) {
  RevisionFiles *tree = (RevisionFiles *)files;
  g_autofree gchar *place = place_asked(tree, path, ASKED_KIND);
  g_auto(Target) target = {0};
  (void)target_find(tree, place, &target, NULL);
  if (identity != NULL && target.kind != FILE_MISSING)
    *identity = g_strconcat("git:", target.place, NULL);
  return target.kind;
}

static gchar *revision_real(const Files *files, const gchar *path) {
  RevisionFiles *tree = (RevisionFiles *)files;
  g_autofree gchar *place = place_asked(tree, path, ASKED_KIND);
  g_auto(Target) target = {0};
  (void)target_find(tree, place, &target, NULL);
  if (target.kind != FILE_MISSING)
    return g_build_filename(files->root, target.place, NULL);
  return place != NULL ? g_build_filename(files->root, place, NULL)
                       : g_canonicalize_filename(path, NULL);
}

/* TRUE for a path that leads to something that can be read. */
static gboolean target_open(RevisionFiles *tree, const gchar *path, const gchar *place,
                            Target *target, GError **error) {
  if (!target_find(tree, place, target, error))
    return FALSE;
  if (target->kind != FILE_MISSING)
    return TRUE;
  g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: no such file or folder in %s", path,
              tree->text);
  return FALSE;
}

static gboolean revision_read(const Files *files, const gchar *path, gsize most, gchar **text,
                              gsize *size, GError **error) {
  RevisionFiles *tree = (RevisionFiles *)files;
  g_autofree gchar *place = place_asked(tree, path, ASKED_TEXT);
  g_auto(Target) target = {0};
  if (!target_open(tree, path, place, &target, error))
    return FALSE;
  if (target.kind != FILE_REGULAR) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "%s: not a regular file in %s", path,
                tree->text);
    return FALSE;
  }
  if (target.entry->has_conflict) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE,
                "%s: has a merge conflict in the index: 'git add' it when that is resolved", path);
    return FALSE;
  }
  /* Its size first: what is too large is not to be unpacked. */
  size_t length;
  git_object_t type;
  const git_oid *id = &target.entry->id;
  int code = git_odb_read_header(&length, &type, tree->repository->objects, id);
  if (code == 0 && length > most) {
    files_set_too_large(error, path, most);
    return FALSE;
  }
  g_autofree gchar *what = g_strdup_printf("%s in %s", target.place, tree->text);
  GError *broken = NULL;
  if (code != 0)
    object_complain(tree->repository, id, what, code, &broken);
  else
    (void)blob_read(tree->repository, id, what, text, size, &broken);
  if (broken != NULL)
    suffer(tree, broken, error);
  return broken == NULL;
}

/* FileEntry *, of a folder at a place without links. */
static GPtrArray *entries_of(RevisionFiles *tree, const Folder *folder, const gchar *place) {
  GPtrArray *entries = g_ptr_array_new_with_free_func(file_entry_free);
  for (guint i = 0; i < folder->entries->len; i++) {
    const FolderEntry *entry = g_ptr_array_index(folder->entries, i);
    FileKind kind = kind_of_mode(entry->mode);
    gboolean is_link = entry->mode == GIT_FILEMODE_LINK;
    if (is_link) {
      g_auto(Target) target = {0};
      g_autofree gchar *inner = g_build_path("/", place, entry->name, NULL);
      (void)target_find(tree, inner, &target, NULL);
      kind = target.kind;
    }
    g_ptr_array_add(entries, file_entry_new(entry->name, kind, is_link));
  }
  return entries;
}

static GPtrArray *revision_list(const Files *files, const gchar *path, GError **error) {
  RevisionFiles *tree = (RevisionFiles *)files;
  g_autofree gchar *place = place_asked(tree, path, ASKED_LIST);
  g_auto(Target) target = {0};
  if (!target_open(tree, path, place, &target, error))
    return NULL;
  if (target.kind != FILE_FOLDER) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "%s: not a folder in %s", path,
                tree->text);
    return NULL;
  }
  return entries_of(tree, target.folder, target.place);
}

static void revision_free(Files *files) {
  RevisionFiles *tree = (RevisionFiles *)files;
  folder_release(tree->top);
  g_hash_table_unref(tree->asked);
  g_free(tree->text);
  g_free(tree->damage);
  g_free(tree->files.root);
  g_free(tree);
}

static RevisionFiles *revision_files_new(Repository *repository, Folder *top, gchar *text) {
  RevisionFiles *tree = g_new0(RevisionFiles, 1);
  tree->files = (Files){.kind = revision_kind,
                        .read = revision_read,
                        .list = revision_list,
                        .real = revision_real,
                        .free = revision_free,
                        .root = g_strdup(repository->root)};
  tree->repository = repository;
  tree->top = top;
  tree->text = text;
  tree->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return tree;
}

const gchar *repository_damage(const Files *files) {
  return files->free == revision_free ? ((const RevisionFiles *)files)->damage : NULL;
}

Files *repository_files(Repository *repository, const Commit *commit, GError **error) {
  Folder *top = folder_of_commit(repository, commit, error);
  if (top == NULL)
    return NULL;
  gchar *text = g_strdup_printf("commit %s", commit->short_id);
  return &revision_files_new(repository, top, text)->files;
}

/* --- the same answers ----------------------------------------------------------- */

static gboolean lists_same(RevisionFiles *one, const Target *first, RevisionFiles *other,
                           const Target *second) {
  if (first->folder == NULL || second->folder == NULL)
    return FALSE;
  g_autoptr(GPtrArray) left = entries_of(one, first->folder, first->place);
  g_autoptr(GPtrArray) right = entries_of(other, second->folder, second->place);
  if (left->len != right->len)
    return FALSE;
  for (guint i = 0; i < left->len; i++) {
    const FileEntry *here = g_ptr_array_index(left, i);
    const FileEntry *there = g_ptr_array_index(right, i);
    if (!g_str_equal(here->name, there->name) || here->kind != there->kind ||
        here->is_link != there->is_link)
      return FALSE;
  }
  return TRUE;
}

static gboolean answer_same(RevisionFiles *one, RevisionFiles *other, const gchar *place,
                            guint asked) {
  g_auto(Target) first = {0};
  g_auto(Target) second = {0};
  if (!target_find(one, place, &first, NULL) || !target_find(other, place, &second, NULL) ||
      first.kind != second.kind)
    return FALSE;
  if (first.kind == FILE_MISSING)
    return TRUE;
  if (!g_str_equal(first.place, second.place))
    return FALSE;
  if ((asked & ASKED_TEXT) != 0 && first.kind == FILE_REGULAR &&
      !git_oid_equal(&first.entry->id, &second.entry->id))
    return FALSE;
  return (asked & ASKED_LIST) == 0 || first.kind != FILE_FOLDER || first.folder == second.folder ||
         lists_same(one, &first, other, &second);
}

gboolean repository_answers_same(Repository *repository, const Files *asked, const Commit *commit) {
  return repository_answers_same_but(repository, asked, commit, NULL);
}

gboolean repository_answers_same_but(Repository *repository, const Files *asked,
                                     const Commit *commit, const GPtrArray *paths) {
  g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; paths != NULL && i < paths->len; i++) {
    gchar *path = repository_place(repository, g_ptr_array_index(paths, i));
    if (path != NULL)
      g_hash_table_add(places, path);
  }
  RevisionFiles *one = (RevisionFiles *)asked;
  Folder *top = folder_of_commit(repository, commit, NULL);
  if (top == NULL)
    return FALSE;
  RevisionFiles *other = revision_files_new(repository, top, g_strdup(commit->short_id));
  GHashTableIter iterator;
  gpointer place;
  gpointer what;
  gboolean is_same = TRUE;
  g_hash_table_iter_init(&iterator, one->asked);
  while (is_same && one->top != top && g_hash_table_iter_next(&iterator, &place, &what)) {
    guint minded = g_hash_table_contains(places, place) ? ASKED_KIND | ASKED_LIST : G_MAXUINT;
    is_same = answer_same(one, other, place, GPOINTER_TO_UINT(what) & minded);
  }
  revision_free(&other->files);
  return is_same;
}

/* --- the index ------------------------------------------------------------------ */

/* The folder in which a path of the index stands, made where it is new. */
static Folder *folder_for(GHashTable *folders, const gchar *path, const gchar **name) {
  const gchar *slash = strrchr(path, '/');
  g_autofree gchar *above = slash != NULL ? g_strndup(path, (gsize)(slash - path)) : g_strdup("");
  Folder *folder = g_hash_table_lookup(folders, above);
  *name = slash != NULL ? slash + 1 : path;
  if (folder != NULL)
    return folder;
  const gchar *own;
  Folder *parent = folder_for(folders, above, &own);
  FolderEntry *entry = folder_add(parent, g_strdup(own), GIT_FILEMODE_TREE, &(git_oid){0});
  entry->folder = folder_new();
  g_hash_table_insert(folders, g_steal_pointer(&above), entry->folder);
  return entry->folder;
}

static Folder *folder_of_index(git_index *index) {
  /* Paths -> Folder *, which their parents own. */
  g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Folder *top = folder_new();
  g_hash_table_insert(folders, g_strdup(""), top);
  gsize count = git_index_entrycount(index);
  for (gsize i = 0; i < count; i++) {
    const git_index_entry *staged = git_index_get_byindex(index, i);
    gboolean has_conflict = git_index_entry_is_conflict(staged) != 0;
    const gchar *name;
    if ((staged->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0)
      continue; /* `git add -N`: a commit would not have it */
    Folder *folder = folder_for(folders, staged->path, &name);
    if (has_conflict && folder->entries->len > 0) { /* one entry for each side */
      const FolderEntry *last = g_ptr_array_index(folder->entries, folder->entries->len - 1);
      if (g_str_equal(last->name, name))
        continue;
    }
    folder_add(folder, g_strdup(name), staged->mode, &staged->id)->has_conflict = has_conflict;
  }
  GHashTableIter iterator;
  Folder *folder;
  g_hash_table_iter_init(&iterator, folders);
  while (g_hash_table_iter_next(&iterator, NULL, (gpointer *)&folder))
    folder_sort(folder);
  return top;
}

Files *repository_staged(Repository *repository, GError **error) {
  git_index *index = NULL;
  int code;
  if (git_repository_is_bare(repository->git) && repository->index_path == NULL) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                "nothing can be staged in '%s': it is a bare repository",
                git_repository_path(repository->git));
    return NULL;
  }
  if (repository->index_path != NULL)
    code = git_index_open(&index, repository->index_path);
  else
    code = git_repository_index(&index, repository->git);
  if (code == 0)
    code = git_index_read(index, 0);
  if (code != 0) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                "the index of the repository in '%s' cannot be read: %s", repository->root,
                git_words());
    git_index_free(index);
    return NULL;
  }
  Folder *top = folder_of_index(index);
  git_index_free(index);
  return &revision_files_new(repository, top, g_strdup("the index"))->files;
}
