/*
 * expect_outcome.h: `outcome:` of an expectation, against how a run ended. Private to judge/.
 *
 *   finishes · raises ValueError · exits 3 · deadlocks · deadlocks at 9 · never ends ·
 *   killed by SIGSEGV · stopped · does not compile
 */
#pragma once

#include "model/transcript.h"

/* TRUE for a text of one of these forms. */
gboolean outcome_is_fine(const gchar *outcome);

/* An exception is compared by the name of its class; "deadlocks at 9" wants a thread
 * that waits in source line 9; "never ends" covers whatever does not, "stopped" any limit. */
gboolean outcome_is_met(const gchar *outcome, const Transcript *transcript);

/* How a run ended, in the form above, as exactly as is the same each time; newly allocated.
 * NULL for what cannot be accepted: it was not run, or proctor failed. */
gchar *outcome_of(const Transcript *transcript);
