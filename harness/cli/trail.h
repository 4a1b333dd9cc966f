/*
 * trail.h: one snippet, followed back through the commits of its repository.
 *
 * At each commit the bank is read as git keeps it, unless all that was asked of another commit has
 * the same answers there, or has them but for documents that have no part in the snippet. The
 * snippet is found by what it is there (git/lineage.h): moved, renumbered, in a renamed document,
 * edited. Where it left the paths that were named, or the bank could not be read for a while, it is
 * found again all the same.
 */
#pragma once

#include "cli/material.h"
#include "git/changes.h"
#include "git/repository.h"

/* Commits at which all that decides the verdict is the same share one. */
typedef struct {
  const Material *material;
  const Snippet *snippet;
  gpointer judged; /* the caller's: what became of it; NULL at first */
} TrailState;

/* How the snippet stands at a commit. */
typedef struct {
  const Commit *commit;
  const Material *material; /* NULL where the bank cannot be read there */
  const Snippet *snippet;   /* NULL where it is not there, or not known */
  TrailState *state;        /* NULL without a snippet */
  Changes changes;          /* since this commit, in the child that was followed back from */
  gchar *problem;           /* why the bank, or what may have held it, cannot be read; else NULL */
  gboolean is_damaged;      /* and that is so because git does not have all of the commit */
} Stand;

typedef struct Trail Trail;

/* Begins with the snippet that reference names, at a commit. All that is given is borrowed and
 * outlives it. */
Trail *trail_begin(Repository *repository, const Commit *commit, const gchar *reference,
                   gchar **paths, const EquipmentArguments *equipment, GDestroyNotify free_judged,
                   GError **error);

/* How it stands at a commit that was looked at, or at a parent of such a one, `child`. */
const Stand *trail_look(Trail *trail, const Commit *commit, const Commit *child);

/* The nearest stand with the snippet behind one where it is not there, as far as a snippet may be
 * away for a while: code with a syntax error may be none. NULL for none: it is new. commits: id ->
 * const Commit *. */
const Stand *trail_behind(Trail *trail, GHashTable *commits, const Stand *absent);

/* What changed from one stand with the snippet to another. */
Changes trail_changes(const Stand *older, const Stand *newer);
/* NULL where it was not looked at. */
const Stand *trail_stand(const Trail *trail, const Commit *commit);

/* All states so far: TrailState *, in the order in which they were found. Borrowed. */
const GPtrArray *trail_states(const Trail *trail);
/* At how many commits it was looked. */
guint trail_commits(const Trail *trail);

void trail_free(Trail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trail, trail_free)
