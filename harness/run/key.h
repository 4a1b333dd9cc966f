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

/* FALSE for a result that another run may not share: our own failure, a fixture that was not
 * ready. */
gboolean run_is_lasting(const Transcript *transcript);
