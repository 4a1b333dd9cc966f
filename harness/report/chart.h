/*
 * chart.h: how a snippet went over many runs, in a few lines of text.
 *
 * Pure. Runs of the same content that ended in the same way, one after another, are a row: what
 * it was, a bar for the time of each, from when to when.
 */
#pragma once

#include <glib.h>

#include "model/verdict.h"

/* A run; strings are borrowed where it is given to a function. */
typedef struct {
  gint64 at_us;         /* real time */
  const gchar *content; /* content id of the snippet */
  const gchar *python;  /* "3.11.2" */
  VerdictClass class;
  gdouble wall; /* seconds */
  gdouble cpu;
} ChartRun;

typedef enum {
  CHART_PLAIN, /* ASCII alone */
  CHART_FINE,  /* blocks of Unicode */
} ChartStyle;

/* A row of bars: 0 is the lowest, most the highest. Caller frees. */
gchar *chart_bars(const gdouble *values, guint count, gdouble most, ChartStyle style);

/* Several lines, each indented by two: the rows, then median and spread, then what is slower than
 * it was. runs: the oldest first. Empty for none. Caller frees. */
gchar *chart_text(const ChartRun *runs, guint count, ChartStyle style);

/* What is slower in the last run's content than it was before, with the same Python: a phrase, as
 * of trend_text(); NULL for nothing that is clear. Caller frees. */
gchar *chart_regression(const ChartRun *runs, guint count);
