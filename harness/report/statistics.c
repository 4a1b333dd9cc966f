#include "report/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *left, const void *right) {
  gdouble one = *(const gdouble *)left, other = *(const gdouble *)right;
  return (one > other) - (one < other);
}

/* part from 0 to 1 of sorted samples. */
static gdouble quantile(const gdouble *sorted, guint count, gdouble part) {
  gdouble place = part * (gdouble)(count - 1);
  guint below = (guint)place;
  gdouble rest = place - (gdouble)below;
  return rest > 0 ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
}

Statistics statistics_of(const gdouble *samples, guint count) {
  Statistics result = {.count = count};
  if (count == 0)
    return result;
  g_autofree gdouble *sorted = g_new(gdouble, count);
  memcpy(sorted, samples, count * sizeof *samples);
  qsort(sorted, count, sizeof *sorted, by_value);
  result.least = sorted[0];
  result.most = sorted[count - 1];
  result.median = quantile(sorted, count, 0.5);
  result.lower_quartile = quantile(sorted, count, 0.25);
  result.upper_quartile = quantile(sorted, count, 0.75);

  gdouble range = result.upper_quartile - result.lower_quartile, sum = 0;
  for (guint i = 0; i < count; i++) {
    gdouble outside = MAX(result.lower_quartile - sorted[i], sorted[i] - result.upper_quartile);
    result.severe_outliers += outside > 3 * range;
    result.mild_outliers += outside > 1.5 * range && outside <= 3 * range;
    sum += sorted[i];
  }
  result.mean = sum / (gdouble)count;
  for (guint i = 0; i < count; i++)
    sorted[i] = fabs(sorted[i] - result.median);
  qsort(sorted, count, sizeof *sorted, by_value);
  result.deviation = quantile(sorted, count, 0.5);
  return result;
}

void statistics_histogram(const gdouble *samples, guint count, guint *bins, guint bin_count) {
  Statistics all = statistics_of(samples, count);
  gdouble range = all.most - all.least;
  memset(bins, 0, bin_count * sizeof *bins);
  for (guint i = 0; i < count; i++) {
    guint bin = range > 0 ? (guint)((samples[i] - all.least) / range * (gdouble)bin_count) : 0;
    bins[MIN(bin, bin_count - 1)]++;
  }
}
