/*
 * culprit.h: the commit at which something became bad.
 *
 * Pure: a graph of commits and somebody who looks at one. Nothing is assumed of the history: what
 * is bad may have been good, bad and good again before, and branches may disagree. The culprit is
 * the nearest bad commit, going back from the bad end through bad ones, all of whose parents are
 * good or do not have what is looked at. Where it cannot be told of some commits what they are,
 * and that leaves several possible culprits, all of them are named.
 */
#pragma once

#include "git/repository.h"

typedef enum {
  SIGHT_GOOD,
  SIGHT_BAD,
  SIGHT_UNCLEAR, /* cannot be told */
  SIGHT_ABSENT,  /* what is looked at is not there yet */
  SIGHT_FAILED,  /* the search has to end */
} Sight;

typedef struct {
  /* Looks at a commit: once at each that is asked for, and at a child of it (NULL for the bad
   * end) before it. */
  Sight (*look)(const Commit *commit, const Commit *child, gpointer data);
  /* Whether all that decides is the same in a commit and its parent, which were both looked at:
   * neither has then made it unclear, or bad. */
  gboolean (*is_same)(const Commit *commit, const Commit *parent, gpointer data);
  gpointer data;
} CulpritCalls;

typedef struct {
  GPtrArray *commits; /* const Commit *, the newest first; one: it is sure */
  gboolean is_first;  /* one of them has no parent at all: it may be older where the history is
                         cut off */
} Culprits;
void culprits_free(Culprits *culprits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Culprits, culprits_free)

/* history: Commit *, borrowed, as repository_history() gives them: the first is the bad end.
 * Empty where that is not bad. NULL where a look failed. */
Culprits *culprits_find(const GPtrArray *history, const CulpritCalls *calls);
