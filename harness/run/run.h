/*
 * run.h: one run, from its request to its transcript.
 *
 * Private to run/. A Run is what a lane gathers while it lasts; who gathers, and when it is
 * over, is lane.c's business.
 */
#pragma once

#include <glib.h>

#include "run/output_buffer.h"
#include "run/runner.h"
#include "run/snapshot.h"
#include "run/stuck.h"
#include "wire/journal.h"
#include "wire/wire.h"

/* What a run may use. */
typedef struct {
  guint wall_ms;
  guint cpu_seconds;
  guint64 output_bytes;
  guint64 address_bytes;
} RunLimits;

/* The options', but for what the snippet's settings say and may say. */
RunLimits run_limits(const RunnerOptions *options, const Snippet *snippet);

/* A run, from its request to its transcript. */
typedef struct {
  Job *job;
  guint32 number;
  RunLimits limits;
  OutputBuffer streams[2]; /* by StreamKind */
  JournalHead *journal;    /* a copy, once it has ended */
  Board *board;            /* likewise; NULL where nothing was written on it */
  WireDone done;
  LimitKind limit;
  StuckLook *stuck;      /* its threads, where it was proven to be stuck; or NULL */
  gchar *failure;        /* ours */
  gboolean is_unstarted; /* its zygote was lost before it had begun */
} Run;

/* Takes job over. */
Run *run_new(Job *job, guint32 number, const RunnerOptions *options);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* The transcript of a run that has ended; the caller's. */
Transcript *run_transcript(const Run *run);
