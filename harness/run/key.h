/*
 * key.h: the key under which the result of a run is kept.
 */
#pragma once

#include "model/result_key.h"
#include "run/runner.h"

/* The key of a request on a runner with these options, under a Python that interpreter.h has
 * described by this digest (RESULT_DIGEST bytes). FALSE where its result must not be kept: one
 * whose fixture has no digest, or cannot be used, or that somebody watches. */
gboolean run_key(const RunRequest *request, const RunnerOptions *options, const guint8 *interpreter,
                 ResultKey *key);

/* Whether a result of that age (`kept_us`) may be used. What time has decided, which another
 * program on the machine may have taken, is trusted for a day and then run again: a run that was
 * stopped at its limit of wall or CPU time, as was one of its probes, and one whose times are
 * compared (is_timed). Of what is beyond that day on either side nothing is known. */
gboolean run_is_trusted(const Transcript *transcript, gboolean is_timed, gint64 now_us);
/* Whether it is one of these. */
gboolean run_is_timed(const Transcript *transcript, gboolean is_timed);

/* FALSE for a result that another run may not share: our own failure, a fixture that was not
 * ready. */
gboolean run_is_lasting(const Transcript *transcript);
