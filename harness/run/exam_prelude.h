/*
 * exam_prelude.h: which earlier blocks of its document run before a block. Private to run/.
 *
 * The nearest ones, in their order, as many as fit: none that ends a process or takes it to a
 * limit, no slow one unless it binds a name that is missing, and none that counts with a
 * fixture, unless this run is with the same.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "run/exam_attempts.h"
#include "run/exam_weigh.h"

/* What a block says to those behind it. */
typedef struct {
  const Snippet *snippet;
  guint pieces;
  gsize size;
  gboolean is_known; /* it has been run, so that what follows counts */
  gboolean is_usable;
  guint wall_ms;
  const gchar **names;         /* that it binds, NULL at the end; owned, the strings are not */
  const FixtureChoice *choice; /* that it counts with; NULL for no fixture */
  const gchar *variant;        /* of that */
  gchar *needs;                /* why its fixture is not ready; NULL where it is */
} Earlier;

/* The blocks (const Snippet *) to run before blocks[position], with a fixture or NULL;
 * *is_found is set where they bind what is missing. blocks are those of its document. */
GPtrArray *prelude_collect(const Earlier *blocks, guint position, Level level,
                           const Fixture *fixture, const Missing *missing, gboolean *is_found);

/* Whether those blocks, which stand before blocks[position], bind a name that it mentions and does
 * not bind itself. */
gboolean prelude_lends(const Earlier *blocks, guint position, const GPtrArray *prelude,
                       const Transcript *transcript);

/* Whether no earlier block can bind what is missing, however those end that have not been run:
 * they cannot bind a name that they do not mention. */
gboolean prelude_is_hopeless(const Earlier *blocks, guint position, const Missing *missing);

/* The nearest earlier block that binds what is missing and counts with a fixture: with this
 * one, or with any where fixture is NULL. NULL where there is none. */
const Earlier *prelude_lender(const Earlier *blocks, guint position, const Fixture *fixture,
                              const Missing *missing);

/* The nearest earlier block that could not be run for its fixture and mentions what is missing;
 * NULL where there is none. */
const Earlier *prelude_unready(const Earlier *blocks, guint position, const Missing *missing);
