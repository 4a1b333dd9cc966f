/*
 * repository.h: the repository that a bank lies in, and its revisions.
 *
 * The entry to this room, which alone uses libgit2. Nothing here changes a repository, and nothing
 * is checked out. Where something cannot be had, the message says what the repository is (a
 * shallow clone, one without commits, a damaged one) and what its user can do.
 */
#pragma once

#include <glib.h>

#include "files/files.h"

#define REPOSITORY_ERROR (repository_error_quark())
typedef enum {
  REPOSITORY_ERROR_NONE,     /* no repository here, or one that cannot be opened */
  REPOSITORY_ERROR_REVISION, /* no such revision; no commit yet; several fit */
  REPOSITORY_ERROR_SHALLOW,  /* what is wanted lies behind the end of a shallow clone */
  REPOSITORY_ERROR_OBJECT,   /* an object is missing or damaged */
} RepositoryError;
GQuark repository_error_quark(void);

typedef struct Repository Repository;

/* The repository that path lies in: a work tree, one of its further work trees, a submodule, or a
 * bare one. path need not be there; messages name the folder that it is, or would be, in. */
Repository *repository_open(const gchar *path, GError **error);
void repository_free(Repository *repository);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Repository, repository_free)

/* The absolute folder at which the top of its trees stands: of the work tree; of a bare
 * repository the current folder. Borrowed. */
const gchar *repository_root(const Repository *repository);
gboolean repository_is_shallow(const Repository *repository);

/* A commit. Strings are owned. */
typedef struct {
  gchar *id;       /* 40 digits */
  gchar *short_id; /* as short as is unambiguous, 7 at least */
  gchar *author;   /* the name */
  gchar *email;
  gint64 time;    /* of the author, seconds */
  gint offset;    /* of the author's clock, minutes east */
  gchar *summary; /* the first line of its message */
  GStrv parents;  /* ids; never NULL */
} Commit;
void commit_free(Commit *commit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Commit, commit_free)

/* The commit that a revision names, as git does: "main", "HEAD~3", "v1.0", an id's beginning. */
Commit *repository_resolve(Repository *repository, const gchar *revision, GError **error);

/* "A..B" as two revisions, either of which may be left out (HEAD); "A...B": from where both parted.
 * FALSE without a complaint, and nothing set, where there are no dots in it. */
gboolean revision_range_split(const gchar *text, gchar **from, gchar **to, gboolean *is_parting);

/* The best common ancestor. */
Commit *repository_merge_base(Repository *repository, const Commit *one, const Commit *other,
                              GError **error);

/* What is checked out; NULL with REPOSITORY_ERROR_REVISION where no commit is yet. */
Commit *repository_head(Repository *repository, GError **error);

/* The commits that can be reached from one, itself first, each before its parents; those that
 * `until` reaches are left out, where that is not NULL. Commit *, owned. In a shallow clone the
 * last ones simply have no parents there: *is_cut is set then. */
GPtrArray *repository_history(Repository *repository, const Commit *from, const Commit *until,
                              gboolean *is_cut, GError **error);

/* The files of a commit, of the index (`git add`). The caller frees both before the repository. */
Files *repository_files(Repository *repository, const Commit *commit, GError **error);
Files *repository_staged(Repository *repository, GError **error);

/* Why something that was asked of these files so far, and is there, could not be read: an object is
 * missing or damaged. The first message, borrowed; NULL for nothing, and for the disk. */
const gchar *repository_damage(const Files *files);

/* Whether all that was ever asked of `asked`, the files of a commit, has the same answer at
 * another: what was made of it is the same there, too. Cheap: only ids are compared. */
gboolean repository_answers_same(Repository *repository, const Files *asked, const Commit *commit);
/* The same, where what is written in the files of these paths (gchar *), as they were asked for,
 * may be another; they must be there. */
gboolean repository_answers_same_but(Repository *repository, const Files *asked,
                                     const Commit *commit, const GPtrArray *paths);
