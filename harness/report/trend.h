/*
 * trend.h: whether something takes longer than it used to.
 *
 * Pure. The last few of a row of times against all before them. Only what is clear counts: a
 * machine is busy now and then, and nobody should look into that.
 */
#pragma once

#include <glib.h>

/* The last so many are compared with those before, of which there must be at least that. */
#define TREND_LAST 3u
#define TREND_LEAST 5u

/* Times that anything may change: what any process takes to start, or a machine to look up. */
#define TREND_OF_WORK 0.005 /* seconds of CPU time */
#define TREND_OF_WAITING 0.1

typedef struct {
  guint count;        /* of all */
  gdouble before;     /* median of the earlier ones */
  gdouble deviation;  /* of those: median of the distances from it */
  gdouble now;        /* median of the last ones */
  gboolean is_slower; /* beyond noise: half as long again, far outside the earlier ones' spread,
                         each of the last ones longer than almost all before, by more than
                         `least` */
} Trend;

/* times: the oldest first. Where there are too few, only count is set. */
Trend trend_of(const gdouble *times, guint count, gdouble least);

/* "takes 3.1 times as long as before: 62 ms, the median of the last 3 runs; 20 ms before, of 12
 * runs"; NULL where it is not slower. Caller frees. */
gchar *trend_text(const Trend *trend);

/* "62 ms", "1.4 s", "0.85 ms": ASCII alone; caller frees. */
gchar *trend_time_text(gdouble seconds);
