/*
 * trace.h: who held the GIL and when, as Chrome trace event files.
 *
 * https://ui.perfetto.dev and chrome://tracing open them: a row for each thread, with
 * when it held the GIL, when it waited for it, and what it wrote.
 */
#pragma once

#include "report/report.h"

/* Writes FOLDER/ID.json, "__" for each "/" of the id, for every run that has a timeline
 * of the GIL: those with several threads. The folder is made now. NULL with a GFileError
 * where it cannot be. A file that cannot be written makes the end fail. */
ReportSink *trace_sink_new(const gchar *folder, GError **error);

/* The same for one run; TRUE also where it has no timeline, and nothing is written. */
gboolean trace_write(const gchar *folder, const Snippet *snippet, const Transcript *transcript,
                     GError **error);
