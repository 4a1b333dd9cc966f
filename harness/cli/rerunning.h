/*
 * rerunning.h: two versions of a bank run beside each other, and what is doubtful run again.
 */
#pragma once

#include "cli/hall.h"
#include "cli/material.h"
#include "report/behaviour.h"

typedef struct {
  const Material *before, *after;
  const RunnerOptions *options;
  Hall *hall;               /* for the first run of each: kept results count */
  const GPtrArray *changes; /* BehaviourChange *: those with `because` are run; of those that were
                               added, the newer side */
  guint runs;               /* out: how many were made beside those of the hall */
  gchar *python;            /* out, owned */
} Rerunning;

/* Fills in the behaviours of the changes, and compares them. One that is doubtful, and that no
 * earlier block ran before in either version, loses its `because`. FALSE after having complained,
 * or where *is_over is set to FALSE: a signal ended it. */
gboolean rerunning_do(Rerunning *rerunning, gboolean *is_over);
