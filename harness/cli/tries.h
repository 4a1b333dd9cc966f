/*
 * tries.h: how one snippet runs outside of an exam: with which fixture, in which variant, and
 * after which earlier blocks.
 *
 * It is tried alone and held back if it needs a name; then after the earlier blocks
 * under its heading, then after all earlier ones of its document, and at last as it is.
 * Being held back does nothing: the first attempt that is not is the run.
 *
 * With a fixture, each of these is with it, and in each variant until one raises nothing; where
 * all raise, the first of them is the run. Where the fixture is late, it is tried without first;
 * where it cannot be made ready, without it then, and that it is not ready is the run if that
 * does not do. A block without a fixture has that of the nearest earlier block before it.
 */
#pragma once

#include <glib.h>

#include "run/runner.h"

typedef struct {
  const Snippet *subject;
  GPtrArray *prelude;          /* const Snippet *, of this attempt */
  const FixtureChoice *choice; /* of this attempt, once it is filled in; NULL for none */
  gboolean has_fixture;        /* its own is tried */
  gboolean is_second;          /* it was tried with its fixture, or without, before */
  gboolean is_certain;         /* this one is the run, however it ends */
  guint place;                 /* which earlier blocks */
  guint variant;
} Tries;

Tries tries_new(const Snippet *subject);
void tries_clear(Tries *tries);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tries, tries_clear)

/* Fills in the snippet, what runs before it, its fixture and hold_back of a request for this
 * attempt; the request borrows from both. */
void tries_fill(Tries *tries, RunRequest *request);

/* TRUE where what this attempt prints is what the run prints, as it comes. */
gboolean tries_shows(const Tries *tries);

/* Goes to the next attempt; FALSE where the one that ended so is the run. */
gboolean tries_next(Tries *tries, OutcomeKind outcome);
