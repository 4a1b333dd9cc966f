/*
 * explain_run.h: what one run did, for `proctor explain`.
 */
#pragma once

#include "model/snippet.h"
#include "model/verdict.h"

#define LINE_WIDTH 100

/* Prints a line "  name       value". */
void explain_tell(const gchar *name, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* Prints how it ended and what it ran with, what it wrote, what its threads did, and the events
 * of its fixture, by line. reason says why it was run now; NULL where that is not known. is_timed:
 * time has decided the result. */
void explain_run(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict,
                 const gchar *reason, gboolean is_timed);
