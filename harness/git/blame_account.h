/*
 * blame_account.h: which of its lines a file has from the commits before it. Private to blame.
 */
#pragma once

#include "git/blame.h"
#include "git/lines.h"
#include "git/objects.h"

/* A line that somebody asked about. */
typedef struct {
  guint line;  /* where the walk is, from 1 */
  guint index; /* of its Origin */
} Wanted;

typedef struct {
  Repository *repository;
  GPtrArray *origins;  /* Origin *, NULL where it is not known yet */
  GHashTable *commits; /* git_oid * -> Commit *: those that wrote something */
  GStringChunk *words;
  GHashTable *texts;    /* git_oid * -> Lines *: those at hand */
  GHashTable *suspects; /* git_oid * (of the suspect) -> Suspect *, owned */
  GSequence *queue;     /* Suspect *, newest first */
} Blame;

/* A version of all files that stands before another. */
typedef struct {
  git_oid id;
  Folder *top;
  git_diff *diff; /* to the other, with renames; NULL until it was asked for */
} Parent;

/* A commit, or what is not committed yet, and what stands before it. */
typedef struct {
  Blame *blame;
  const git_oid *id;  /* NULL: what is not committed */
  Folder *top;        /* NULL: what is not committed */
  const Files *files; /* what is not committed; else NULL */
  GArray *parents;    /* Parent */
} Step;

/* The line is a commit's, in one of its files. */
gboolean pass_on(Blame *blame, const git_oid *id, const gchar *path, Wanted wanted, GError **error);
/* The line was written by the step. */
gboolean settle(const Step *step, const gchar *path, Wanted wanted, GError **error);

/* The lines of a blob. Borrowed until the step is over. */
const Lines *text_of(Blame *blame, const git_oid *id, const gchar *path, GError **error);
/* The id of a file below a top folder. FALSE where it is not there, or *error is set. */
gboolean file_at(Blame *blame, Folder *top, const gchar *path, git_oid *id, GError **error);

/* A parent that has the very same file gets all of the lines (Wanted). */
gboolean account_whole(const Step *step, const gchar *path, const git_oid *id, const GArray *wanted,
                       gboolean *is_passed, GError **error);
/* Each line is passed on to a parent or settled. wanted is used up. */
gboolean account_file(Step *step, const gchar *path, const Lines *text, GArray *wanted,
                      GError **error);
