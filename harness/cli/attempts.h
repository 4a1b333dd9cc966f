/*
 * attempts.h: with which earlier blocks one snippet runs outside of an exam.
 *
 * It is tried alone and held back if it needs a name; then after the earlier blocks
 * under its heading, then after all earlier ones of its document, and at last as it is.
 * Being held back does nothing: the first attempt that is not is the run.
 */
#pragma once

#include <glib.h>

#include "run/runner.h"

/* Fills in the snippet, its prelude and hold_back of a request for an attempt, numbered
 * from 0. The request borrows prelude (const Snippet *), which is set to these blocks. */
void attempt_fill(guint attempt, const Snippet *subject, GPtrArray *prelude, RunRequest *request);
