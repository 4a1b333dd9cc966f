/*
 * transcript_builder.h: what is known of a run, made into its transcript.
 *
 * Private to run/. Pure: the processes are gone, the journal is a copy. The
 * journal was memory of the snippet's own process, so nothing in it is
 * believed: texts become valid UTF-8, lines that the snippet does not have
 * become 0, and a write counts only where the stream shows its bytes. A
 * snippet that forges its journal lies about itself alone.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"
#include "run/output_buffer.h"
#include "run/runner.h"
#include "run/stuck.h"
#include "wire/journal.h"
#include "wire/wire.h"

typedef struct {
  const JournalHead *journal; /* `used` covers no more than what is there */
  const Board *board;         /* a copy, or NULL */
  guint32 run;
  const RunRequest *request; /* with its fixture, if any; NULL: without one */
  guint units;               /* in its request; the last is the subject */
  guint lines;               /* of the subject */
  const OutputBuffer *output;
  const OutputBuffer *errors;
  WireDone done;          /* status as waitpid gives it */
  guint cpu_seconds;      /* its limit; 0 for none */
  LimitKind limit;        /* for which we stopped it */
  const StuckLook *stuck; /* its threads, if we stopped it because they wait; or NULL */
  const gchar *failure;   /* our own, or NULL */
} RunRecord;

/* Never NULL; the caller's. */
Transcript *transcript_build(const RunRecord *record);

/* TRUE where the snippet's own process has noted this of this run. */
gboolean transcript_has_entry(const JournalHead *journal, guint32 run, JournalType type);

/* TRUE where the journal says that the first statement of this run was about
 * to run. */
gboolean transcript_has_started(const JournalHead *journal, guint32 run);
