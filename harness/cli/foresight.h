/*
 * foresight.h: what a sitting will ask first, looked up ahead of it by another thread.
 *
 * Private to answering.c. For a bank of which all is known, half of the work is to make keys and to
 * read results. Nothing depends on how far the thread comes: what it has not looked up is looked
 * up by who asks.
 */
#pragma once

#include "run/runner.h"
#include "store/results.h"

typedef struct Foresight Foresight;

/* Takes requests (RunRequest) over. interpreter, as for run_key(), and options are borrowed. NULL
 * where it is not worth it, or cannot be. */
Foresight *foresight_new(GArray *requests, const RunnerOptions *options, const guint8 *interpreter,
                         Results *results);

/* Ends the thread. */
void foresight_free(Foresight *foresight, Results *results);

/* Whether this request was looked up: then *key is its key, and *transcript the caller's: its first
 * result, or NULL where there is none. Once for each request. */
gboolean foresight_take(Foresight *foresight, const RunRequest *request, ResultKey *key,
                        Transcript **transcript);
