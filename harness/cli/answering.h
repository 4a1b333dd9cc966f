/*
 * answering.h: runs, answered from kept results where they are known, and else by a runner.
 *
 * Private to hall.c. Callbacks come from the main loop, as runner.h says; the runner is started by
 * the first run that nothing is known of. What it does is kept, and counts as known only for who
 * asks in a later sitting.
 */
#pragma once

#include "cli/common.h"
#include "store/results.h"

typedef struct Answering Answering;

/* results may be NULL: nothing is kept. With is_none all is run all the same. Both, and the
 * options, outlive it. */
Answering *answering_new(const RunnerOptions *options, Results *results, gboolean is_none);
void answering_free(Answering *answering);

/* Begins a sitting: the first run of each snippet under a key is number 0 again. requests
 * (RunRequest) are those that will be made first; they are taken over, and outlive the sitting. */
void answering_begin(Answering *answering, GArray *requests);

/* Nobody waits for what was submitted any more. Where something runs, all processes end. */
void answering_abandon(Answering *answering);

/* Ends all processes. What has been learned and counted stays; nobody waits for anything. */
void answering_rest(Answering *answering);

/* As runner_submit(). is_timed: its times are compared, so that a kept result does not count for
 * ever (run/key.h). */
void answering_submit(Answering *answering, const RunRequest *request, gboolean is_timed,
                      RunnerDone done, gpointer data);

/* Starts the runner, so that a first run finds it ready. FALSE with RUN_ERROR. */
gboolean answering_warm(Answering *answering, GError **error);

/* Why nothing can be run; NULL where nothing was to be, or it could. */
const GError *answering_failure(const Answering *answering);

/* NULL before anything was run. */
Runner *answering_runner(const Answering *answering);
/* "3.11.2"; NULL where it is not known yet. */
const gchar *answering_python(Answering *answering);

/* From now on it is noted why something is run for this snippet: answering_reason(), a phrase, for
 * the first such run; NULL where there was none. */
void answering_explain(Answering *answering, const Snippet *snippet);
const gchar *answering_reason(const Answering *answering);

guint answering_runs(const Answering *answering);
guint answering_answers(const Answering *answering);
/* Whether a run was made for it since the sitting began. */
gboolean answering_has_run(const Answering *answering, const Snippet *snippet);
