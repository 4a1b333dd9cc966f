#include "report/trend.h"

#include "report/statistics.h"

/* What a median of distances is of the standard deviation, where chance is normal. */
#define DEVIATION_OF_NORMAL 1.4826

Trend trend_of(const gdouble *times, guint count, gdouble least) {
  Trend trend = {.count = count};
  if (count < TREND_LAST + TREND_LEAST)
    return trend;
  guint earlier_count = count - TREND_LAST;
  const gdouble *last = times + earlier_count;
  Statistics earlier = statistics_of(times, earlier_count);
  trend.before = earlier.median;
  trend.deviation = earlier.deviation;
  trend.now = statistics_of(last, TREND_LAST).median;

  gdouble spread = DEVIATION_OF_NORMAL * earlier.deviation;
  gdouble fence = earlier.upper_quartile + 3 * (earlier.upper_quartile - earlier.lower_quartile);
  trend.is_slower = trend.now > 1.5 * trend.before && trend.now > trend.before + 6 * spread &&
                    trend.now > trend.before + least;
  for (guint i = 0; i < TREND_LAST; i++)
    trend.is_slower = trend.is_slower && last[i] > fence;
  return trend;
}

gchar *trend_time_text(gdouble seconds) {
  gboolean is_long = seconds >= 0.9995;
  gdouble value = is_long ? seconds : seconds * 1e3;
  gint decimals = value < 0.995 ? 2 : value < 9.95 ? 1 : 0;
  return g_strdup_printf("%.*f %s", decimals, value, is_long ? "s" : "ms");
}

gchar *trend_text(const Trend *trend) {
  if (!trend->is_slower)
    return NULL;
  g_autofree gchar *now = trend_time_text(trend->now);
  g_autofree gchar *before = trend_time_text(trend->before);
  g_autoptr(GString) text = g_string_new("takes ");
  if (trend->before > 0)
    g_string_append_printf(text, "%.*f times as long as before", trend->now < 9.95 * trend->before,
                           trend->now / trend->before);
  else
    g_string_append(text, "longer than before");
  g_string_append_printf(text, ": %s, the median of the last %u runs; %s before, of %u runs", now,
                         TREND_LAST, before, trend->count - TREND_LAST);
  return g_string_free(g_steal_pointer(&text), FALSE);
}
