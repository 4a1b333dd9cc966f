/*
 * lane.h: one zygote and the run that it has at the moment.
 *
 * Private to run/. A Lane knows how one run goes, from its request to the last
 * byte of its output; which run comes next is runner.c's business.
 */
#pragma once

#include <glib.h>

#include "run/run.h"
#include "run/runner.h"
#include "run/snapshot.h"
#include "wire/wire.h"

typedef enum {
  LANE_STARTING, /* its zygote has not said HELLO */
  LANE_READY,
  LANE_RUNNING,
  LANE_LOST, /* the zygote is gone: nothing to do but lane_free */
} LaneState;

typedef struct Lane Lane;

/* Called whenever the state has become LANE_READY or LANE_LOST, with the run
 * that has ended by it, now the callee's, or NULL. The lane may be freed in it. */
typedef void (*LaneChanged)(Lane *lane, Run *ended, gpointer data);

/* options, context and snapshot stay the caller's, and must outlive the lane. */
Lane *lane_start(const RunnerOptions *options, GMainContext *context, const gchar *scratch,
                 Snapshot *snapshot, LaneChanged changed, gpointer data, GError **error);
void lane_free(Lane *lane);

LaneState lane_state(const Lane *lane);

/* What it runs requests of. */
Snapshot *lane_snapshot(const Lane *lane);

/* For a lane that is starting and will only be freed then: waits until its fixture is loaded,
 * or the zygote gone; not beyond this monotonic time. */
void lane_await_load(Lane *lane, gint64 end_us);

/* How long it has been in its state. */
gint64 lane_state_us(const Lane *lane);

/* Whether any run has ended on it. */
gboolean lane_has_served(const Lane *lane);

/* Begins a run on a lane that is ready. Takes job over. changed is not called
 * before the main loop runs again. */
void lane_run(Lane *lane, Job *job, guint32 number);

/* To be called now and then while it runs, or loads a fixture: looks whether it uses a core,
 * and how much memory all its processes hold. */
void lane_watch(Lane *lane);

/* TRUE where the run has used next to no CPU for some time: it leaves its core
 * to another. */
gboolean lane_is_waiting(const Lane *lane);

/* NULL before the zygote's HELLO. */
const WireHello *lane_hello(const Lane *lane);

/* Why the zygote is gone, one line; for one with a fixture it speaks of that. Only for
 * LANE_LOST. Borrowed. */
const gchar *lane_last_words(const Lane *lane);
/* What it wrote to its standard error, lines; NULL for nothing. Likewise. */
const gchar *lane_last_lines(const Lane *lane);
/* Whether it is the worker itself that failed, and not what it had loaded. Likewise. */
gboolean lane_failed_itself(const Lane *lane);
