/*
 * lane.h: one zygote and the run that it has at the moment.
 *
 * Private to run/. A Lane knows how one run goes, from its request to the last
 * byte of its output; which run comes next is runner.c's business.
 */
#pragma once

#include <glib.h>

#include "run/output_buffer.h"
#include "run/runner.h"
#include "run/stuck.h"
#include "wire/journal.h"
#include "wire/wire.h"

/* What somebody asked for. */
typedef struct {
  RunRequest request; /* with a copy of the list of its prelude */
  RunnerDone done;
  gpointer data;
  gboolean is_second_try;
} Job;

Job *job_new(const RunRequest *request, RunnerDone done, gpointer data);
void job_free(Job *job);

/* A run, from its request to its transcript. */
typedef struct {
  Job *job;
  guint32 number;
  OutputBuffer streams[2]; /* by StreamKind */
  JournalHead *journal;    /* a copy, once it has ended */
  Board *board;            /* likewise; NULL where nothing was written on it */
  WireDone done;
  LimitKind limit;
  StuckLook *stuck;      /* its threads, where it was proven to be stuck; or NULL */
  gchar *failure;        /* ours */
  gboolean is_unstarted; /* its zygote was lost before it had begun */
} Run;

void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* The transcript of a run that has ended; the caller's. */
Transcript *run_transcript(const Run *run, const RunnerOptions *options);

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

/* options and context stay the caller's, and must outlive the lane. */
Lane *lane_start(const RunnerOptions *options, GMainContext *context, const gchar *scratch,
                 LaneChanged changed, gpointer data, GError **error);
void lane_free(Lane *lane);

LaneState lane_state(const Lane *lane);

/* Begins a run on a lane that is ready. Takes job over. changed is not called
 * before the main loop runs again. */
void lane_run(Lane *lane, Job *job, guint32 number);

/* To be called now and then while it runs: looks whether it uses a core, and how
 * much memory all its processes hold. */
void lane_watch(Lane *lane);

/* TRUE where the run has used next to no CPU for some time: it leaves its core
 * to another. */
gboolean lane_is_waiting(const Lane *lane);

/* NULL before the zygote's HELLO. */
const WireHello *lane_hello(const Lane *lane);

/* Why the zygote is gone; only for LANE_LOST. Borrowed. */
const gchar *lane_last_words(const Lane *lane);
