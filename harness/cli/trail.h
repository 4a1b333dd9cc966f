/*
 * trail.h: one snippet, followed back through the commits of its repository.
 *
 * At each commit the bank is read as git keeps it, unless all that was asked of another commit has
 * the same answers there. The snippet is found by what it is there (git/lineage.h): moved,
 * renumbered, in a renamed document, edited. Where it left the paths that were named, or the
 * bank could not be read for a while, it is found again all the same.
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
  gchar *problem;           /* why the bank cannot be read; else NULL */
} Stand;

typedef struct Trail Trail;

/* Begins with the snippet that reference names, at a commit. All that is given is borrowed and
 * outlives it. NULL after having complained. */
Trail *trail_begin(Repository *repository, const Commit *commit, const gchar *reference,
                   gchar **paths, const EquipmentArguments *equipment, const gchar *expected,
                   GDestroyNotify free_judged);

/* How it stands at a commit that was looked at, or at a parent of such a one, `child`. */
const Stand *trail_look(Trail *trail, const Commit *commit, const Commit *child);
/* NULL where it was not looked at. */
const Stand *trail_stand(const Trail *trail, const Commit *commit);

/* All states so far: TrailState *, in the order in which they were found. Borrowed. */
const GPtrArray *trail_states(const Trail *trail);
/* At how many commits it was looked, and how often a bank was read. */
guint trail_commits(const Trail *trail);
guint trail_readings(const Trail *trail);

void trail_free(Trail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trail, trail_free)
