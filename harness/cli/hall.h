/*
 * hall.h: where snippets sit: one runner and the results that are kept, for as many sittings as a
 * command holds.
 *
 * What a sitting asks to be run is answered from kept results where there are any under the same
 * key (run/key.h); only else is it run, and kept. What time has decided is answered so for a day.
 * The first run starts the runner: a sitting whose results are all known starts no process. The
 * same request twice at a time is run once.
 *
 * Signals end a sitting early, as sitting.h says. A sitting that ends while something runs ends all
 * processes; the next run starts others.
 */
#pragma once

#include "cli/common.h"
#include "cli/sitting.h"
#include "store/results.h"

typedef struct Hall Hall;

/* Opens the results, too: where they cannot be, all is run; that is complained about where a file
 * was named, or something else is in the usual one's place. arguments may be NULL: no results are
 * kept. options outlives the hall. */
Hall *hall_open(const RunnerOptions *options, const ResultsArguments *arguments);

/* Ends all processes. Where results are still to be written, that is done here. */
void hall_close(Hall *hall);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hall, hall_close)

/* Ends all processes: before anything is done that may end proctor, or take long. What was counted
 * and kept is there as before; the next sitting starts others. */
void hall_rest(Hall *hall);

/* Starts the runner before anything is to be run, so that the first run finds it ready. FALSE with
 * RUN_ERROR. */
gboolean hall_warm(Hall *hall, GError **error);

/* FALSE with RUN_ERROR where no run could be started. */
gboolean hall_sit(Hall *hall, const Sitting *sitting, SittingEnd *end, GError **error);

/* Ends the present sitting early, as its verdict() can: to be called from the main loop. */
void hall_stop(Hall *hall);

/* How many runs were made, and how many were answered from what was kept, since it was opened. */
guint hall_runs(const Hall *hall);
guint hall_answers(const Hall *hall);
/* Whether something was run for a snippet in the last sitting. */
gboolean hall_has_run(const Hall *hall, const Snippet *snippet);

/* From now on it is noted why something is run for this snippet, instead of being answered:
 * hall_reason(), a phrase, "its fixture has changed since 2026-11-20". NULL where nothing was.
 * Borrowed. */
void hall_explain(Hall *hall, const Snippet *snippet);
const gchar *hall_reason(const Hall *hall);

/* Those that it was opened with. */
const RunnerOptions *hall_options(const Hall *hall);

/* Whether its result is one that time has decided; within a sitting alone. */
gboolean hall_is_timed(const Hall *hall, const Snippet *snippet, const Transcript *transcript);

/* NULL where none are kept. */
Results *hall_results(Hall *hall);

/* "3.11.2"; NULL where it is not known yet. Borrowed. */
const gchar *hall_python(const Hall *hall);
