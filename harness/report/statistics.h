/*
 * statistics.h: what repeated measurements say together.
 *
 * Pure. The unit is whatever the samples have.
 */
#pragma once

#include <glib.h>

typedef struct {
  guint count;
  gdouble median;
  gdouble deviation; /* median of the distances from the median */
  gdouble mean;
  gdouble least;
  gdouble most;
  gdouble lower_quartile; /* by linear interpolation, as Python's "inclusive" method */
  gdouble upper_quartile;
  guint mild_outliers;   /* more than 1.5 times the quartiles' distance outside of them */
  guint severe_outliers; /* more than 3 times; these are not among the mild */
} Statistics;

/* All 0 for no samples. */
Statistics statistics_of(const gdouble *samples, guint count);

/* How many samples lie in each of so many equal parts between least and most. */
void statistics_histogram(const gdouble *samples, guint count, guint *bins, guint bin_count);
