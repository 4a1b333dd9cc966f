/*
 * objects.h: what the files of this room share: the open repository, folders of trees, texts.
 * Private to it.
 */
#pragma once

#include <git2.h>

#include "git/repository.h"

typedef struct Folder Folder;

/* What a folder holds under a name. */
typedef struct {
  gchar *name;
  guint mode; /* as git writes it */
  git_oid id;
  Folder *folder;        /* of the index, which has no trees: the folder itself; else NULL */
  gboolean has_conflict; /* of the index: it is not merged */
} FolderEntry;

/* A tree as git keeps it, or one that was made up of the index's paths. Counted. */
struct Folder {
  GPtrArray *entries; /* FolderEntry *, owned, in order of the bytes of their names */
};

struct Repository {
  git_repository *git;
  git_odb *objects;
  git_mailmap *mailmap; /* NULL until a name was asked for */
  gchar *root;
  gchar *index_path;    /* of GIT_INDEX_FILE, absolute; NULL: the repository's own */
  GHashTable *edges;    /* git_oid *: commits whose parents a shallow clone does not have */
  GHashTable *folders;  /* git_oid * -> Folder *: those that were read */
  guint folder_entries; /* in all of them */
};

/* Keys of hash tables: git_oid *, for which g_free() is right. */
guint object_hash(gconstpointer id);
gboolean object_equal(gconstpointer one, gconstpointer other);
git_oid *object_copy(const git_oid *id);
/* What of a commit's is looked up by others of this room. */
void object_of(const Commit *commit, git_oid *id);

Folder *folder_new(void);
Folder *folder_hold(Folder *folder);
void folder_release(Folder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_release)
/* Takes the entry's name over. Whoever adds out of order sorts afterwards. */
FolderEntry *folder_add(Folder *folder, gchar *name, guint mode, const git_oid *id);
void folder_sort(Folder *folder);
const FolderEntry *folder_find(const Folder *folder, const gchar *name, gsize size);

/* The tree with this id; what is what it belongs to, for messages. Caller releases. */
Folder *folder_read(Repository *repository, const git_oid *id, const gchar *what, GError **error);
/* The top folder of a commit. */
Folder *folder_of_commit(Repository *repository, const Commit *commit, GError **error);
/* The folder that an entry of a folder is. */
Folder *folder_of_entry(Repository *repository, const FolderEntry *entry, const gchar *what,
                        GError **error);
/* What stands at a path below a folder, without following links; NULL where there is nothing.
 * *owner keeps it alive. */
const FolderEntry *folder_walk(Repository *repository, Folder *top, const gchar *path,
                               Folder **owner, GError **error);

/* The whole of a blob, with a NUL behind it. */
gboolean blob_read(Repository *repository, const git_oid *id, const gchar *what, gchar **text,
                   gsize *size, GError **error);

/* A commit that must be there. */
git_commit *commit_lookup(Repository *repository, const git_oid *id, GError **error);
/* The ids of its parents that are there: none behind the end of a shallow clone. git_oid. */
GArray *commit_parents(const Repository *repository, git_commit *commit);
gboolean commit_is_edge(const Repository *repository, const git_oid *id);
Commit *commit_new(Repository *repository, git_commit *object);
Commit *commit_copy(const Commit *commit);

/* Says that an object cannot be had: what is "the commit", "the file docs/a.md". */
void object_complain(const Repository *repository, const git_oid *id, const gchar *what, int code,
                     GError **error);
/* The last message of libgit2's, or something in its place. Borrowed. */
const gchar *git_words(void);

/* The path in the repository's trees of a path of the disk: "docs/a.md", "" for the top; NULL
 * where it does not lie below that. */
gchar *repository_place(const Repository *repository, const gchar *path);
