#include "report/chart.h"

#include <string.h>

#include "report/statistics.h"
#include "report/text.h"
#include "report/trend.h"

#define ROW_BARS 40u
#define ROWS_MOST 20u

gchar *chart_bars(const gdouble *values, guint count, gdouble most, ChartStyle style) {
  static const gchar *const fine[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const gchar *const plain[] = {".", ":", "-", "=", "+", "*", "%", "#"};
  const gchar *const *levels = style == CHART_FINE ? fine : plain;
  guint level_count = G_N_ELEMENTS(fine);
  GString *bars = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    gdouble part = most > 0 ? CLAMP(values[i] / most, 0, 1) : 0;
    guint level = MIN((guint)(part * (gdouble)level_count), level_count - 1);
    g_string_append(bars, levels[level]);
  }
  return g_string_free(bars, FALSE);
}

static gboolean is_alike(const ChartRun *one, const ChartRun *other) {
  return one->class == other->class && g_str_equal(one->content, other->content) &&
         g_strcmp0(one->python, other->python) == 0;
}

static gchar *day_text(gint64 at_us) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local(utc) : NULL;
  return local != NULL ? g_date_time_format(local, "%Y-%m-%d") : g_strdup("?");
}

static GArray *times_of(const ChartRun *runs, guint count, gboolean is_cpu) {
  GArray *times = g_array_sized_new(FALSE, FALSE, sizeof(gdouble), count);
  for (guint i = 0; i < count; i++)
    g_array_append_val(times, *(is_cpu ? &runs[i].cpu : &runs[i].wall));
  return times;
}

static const gdouble *times(const GArray *array) {
  return (const gdouble *)(const void *)array->data;
}

static gchar *period_text(const ChartRun *first, const ChartRun *last) {
  g_autofree gchar *from = day_text(first->at_us);
  g_autofree gchar *to = day_text(last->at_us);
  return g_str_equal(from, to) ? g_steal_pointer(&from) : g_strdup_printf("%s to %s", from, to);
}

/* present is the content of the last run. */
static void append_row(GString *text, const ChartRun *runs, guint count, gdouble most,
                       const gchar *present, ChartStyle style) {
  guint shown = MIN(count, ROW_BARS);
  g_autoptr(GArray) wall = times_of(runs, count, FALSE);
  g_autofree gchar *bars = chart_bars(times(wall) + count - shown, shown, most, style);
  g_autofree gchar *period = period_text(&runs[0], &runs[count - 1]);
  g_autofree gchar *median = trend_time_text(statistics_of(times(wall), count).median);
  g_autofree gchar *number = text_count(count, "run");
  g_string_append_printf(text, "  %-10s %s%s  %s of %s code, %s, %s\n",
                         verdict_class_name(runs[0].class), shown < count ? "..." : "", bars,
                         number, g_str_equal(runs[0].content, present) ? "this" : "other", period,
                         median);
}

static void append_spread(GString *text, const ChartRun *runs, guint count) {
  g_autoptr(GArray) wall = times_of(runs, count, FALSE);
  g_autoptr(GArray) cpu = times_of(runs, count, TRUE);
  Statistics of_wall = statistics_of(times(wall), count);
  g_autofree gchar *median = trend_time_text(of_wall.median);
  g_autofree gchar *deviation = trend_time_text(of_wall.deviation);
  g_autofree gchar *least = trend_time_text(of_wall.least);
  g_autofree gchar *most = trend_time_text(of_wall.most);
  g_autofree gchar *work = trend_time_text(statistics_of(times(cpu), count).median);
  g_autofree gchar *number = text_count(count, "run");
  g_string_append_printf(
      text, "  time       median %s (deviation %s, %s to %s), of CPU %s; %s of this code\n", median,
      deviation, least, most, work, number);
}

/* The runs of the last one's content and Python. */
static GArray *last_content(const ChartRun *runs, guint count) {
  GArray *same = g_array_new(FALSE, FALSE, sizeof(ChartRun));
  const ChartRun *last = &runs[count - 1];
  for (guint i = 0; i < count; i++) {
    if (g_str_equal(runs[i].content, last->content) && g_strcmp0(runs[i].python, last->python) == 0)
      g_array_append_val(same, runs[i]);
  }
  return same;
}

gchar *chart_regression(const ChartRun *runs, guint count) {
  if (count == 0)
    return NULL;
  g_autoptr(GArray) same = last_content(runs, count);
  const ChartRun *alike = (const ChartRun *)(const void *)same->data;
  /* Where the class is another one, so is what it did. */
  for (guint i = 0; i < same->len; i++) {
    if (alike[i].class != runs[count - 1].class)
      return NULL;
  }
  g_autoptr(GArray) cpu = times_of(alike, same->len, TRUE);
  g_autoptr(GArray) wall = times_of(alike, same->len, FALSE);
  /* What other programs leave of the machine lengthens waiting, much less the work. */
  Trend of_work = trend_of(times(cpu), cpu->len, TREND_OF_WORK);
  Trend of_wall = trend_of(times(wall), wall->len, TREND_OF_WORK);
  Trend of_waiting = trend_of(times(wall), wall->len, TREND_OF_WAITING);
  if (of_work.is_slower && of_wall.is_slower)
    return trend_text(&of_wall);
  return trend_text(&of_waiting);
}

gchar *chart_text(const ChartRun *runs, guint count, ChartStyle style) {
  GString *text = g_string_new(NULL);
  gdouble most = 0;
  guint rows = 0;
  for (guint i = 0; i < count; i++) {
    most = MAX(most, runs[i].wall);
    rows += i == 0 || !is_alike(&runs[i], &runs[i - 1]);
  }
  guint left_out = rows > ROWS_MOST ? rows - ROWS_MOST : 0;
  if (left_out > 0) {
    g_autofree gchar *number = text_count(left_out, "row");
    g_string_append_printf(text, "  %s before\n", number);
  }
  guint row = 0;
  for (guint i = 0, end; i < count; i = end, row++) {
    for (end = i + 1; end < count && is_alike(&runs[end], &runs[i]);)
      end++;
    if (row >= left_out)
      append_row(text, runs + i, end - i, most, runs[count - 1].content, style);
  }
  if (count > 0) {
    g_autoptr(GArray) same = last_content(runs, count);
    append_spread(text, (const ChartRun *)(const void *)same->data, same->len);
  }
  g_autofree gchar *regression = chart_regression(runs, count);
  if (regression != NULL)
    g_string_append_printf(text, "  slower     %s\n", regression);
  return g_string_free(text, FALSE);
}
