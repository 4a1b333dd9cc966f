/*
 * findings_sink.h: what the formats share that are lists of problems: all but the writing.
 * Private to report/.
 */
#pragma once

#include "report/finding.h"

typedef struct {
  void (*begin)(gpointer data); /* before anything is told; may be NULL */
  /* At the end: Finding *, in the bank's order. */
  gboolean (*write)(gpointer data, const GPtrArray *findings, const ReportSummary *summary,
                    GError **error);
  GDestroyNotify free; /* data */
} FindingsCalls;

/* Takes data over. */
ReportSink *findings_sink_new(const FormatOptions *options, const FindingsCalls *calls,
                              gpointer data);
