#include "report/timing.h"

#include <json-glib/json-glib.h>

#include "report/statistics.h"
#include "report/text.h"

#define BINS 12
#define BAR_WIDTH 40

Timing *timing_new(const Snippet *snippet) {
  Timing *timing = g_new0(Timing, 1);
  timing->snippet = snippet;
  timing->wall = g_array_new(FALSE, FALSE, sizeof(gdouble));
  timing->user = g_array_new(FALSE, FALSE, sizeof(gdouble));
  timing->system = g_array_new(FALSE, FALSE, sizeof(gdouble));
  timing->peak = g_array_new(FALSE, FALSE, sizeof(gdouble));
  timing->outcomes = g_ptr_array_new_with_free_func(g_free);
  return timing;
}

static void add(GArray *to, guint64 value, gdouble unit) {
  gdouble sample = (gdouble)value / unit;
  g_array_append_val(to, sample);
}

void timing_add(Timing *timing, const Transcript *transcript) {
  add(timing->wall, transcript->usage.wall_ns, 1e9);
  add(timing->user, transcript->usage.user_ns, 1e9);
  add(timing->system, transcript->usage.system_ns, 1e9);
  add(timing->peak, transcript->usage.peak_bytes, 1);
  g_ptr_array_add(timing->outcomes, transcript_outcome_text(transcript));
}

void timing_free(Timing *timing) {
  if (timing == NULL)
    return;
  g_free(timing->python);
  g_array_unref(timing->wall);
  g_array_unref(timing->user);
  g_array_unref(timing->system);
  g_array_unref(timing->peak);
  g_ptr_array_unref(timing->outcomes);
  g_free(timing);
}

static Statistics statistics_in(const GArray *samples) {
  return statistics_of((const gdouble *)(const void *)samples->data, samples->len);
}

/* How many runs ended in each way, in the order in which these were seen; the text of
 * the nth is the nth of *texts (borrowed). */
static GArray *count_outcomes(const Timing *timing, GPtrArray *texts) {
  GArray *counts = g_array_new(FALSE, TRUE, sizeof(guint));
  for (guint i = 0; i < timing->outcomes->len; i++) {
    gpointer outcome = g_ptr_array_index(timing->outcomes, i);
    guint place;
    if (!g_ptr_array_find_with_equal_func(texts, outcome, g_str_equal, &place)) {
      place = texts->len;
      g_ptr_array_add(texts, outcome);
      g_array_set_size(counts, texts->len);
    }
    g_array_index(counts, guint, place)++;
  }
  return counts;
}

/* --- for a person ---------------------------------------------------------------- */

typedef struct {
  const gchar *name;
  gdouble factor;
} Unit;

static Unit unit_for(gdouble seconds) {
  if (seconds >= 1)
    return (Unit){"s", 1};
  if (seconds >= 1e-3)
    return (Unit){"ms", 1e3};
  return (Unit){"\xc2\xb5s", 1e6};
}

/* In the unit of another time, and with as many decimals as give that one four digits:
 * 1.234, 12.34, 123.4, 1234. */
static gchar *time_text_like(gdouble seconds, gdouble other) {
  Unit unit = unit_for(other);
  gdouble value = other * unit.factor;
  gint decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
  return g_strdup_printf("%.*f %s", decimals, seconds * unit.factor, unit.name);
}

static gchar *time_text(gdouble seconds) {
  return seconds > 0 ? time_text_like(seconds, seconds) : g_strdup("0 s");
}

static void append_outcomes(GString *out, const Timing *timing) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  g_autoptr(GArray) counts = count_outcomes(timing, texts);
  if (texts->len == 1 && g_str_equal(g_ptr_array_index(texts, 0), "finishes"))
    return;
  g_string_append(out, "  outcome   ");
  for (guint i = 0; i < texts->len; i++) {
    g_autofree gchar *text = text_one_line(g_ptr_array_index(texts, i), -1, 0);
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", text);
    if (texts->len > 1)
      g_string_append_printf(out, " (%u)", g_array_index(counts, guint, i));
  }
  g_string_append(out, texts->len > 1 ? ": it varies\n" : "\n");
}

static void append_outliers(GString *out, const Statistics *wall) {
  guint count = wall->mild_outliers + wall->severe_outliers;
  if (count == 0)
    return;
  g_string_append_printf(out, "  outliers  %u of %u: %u mild, %u severe", count, wall->count,
                         wall->mild_outliers, wall->severe_outliers);
  /* The median stands a few of them; many mean that the runs were not alike. */
  g_string_append(out,
                  wall->severe_outliers * 20 > wall->count || count * 5 > wall->count
                      ? "\n            something else may have been running: repeat it when the "
                        "machine is quiet\n"
                      : "\n");
}

static void append_histogram(GString *out, const GArray *samples, const Statistics *wall) {
  guint bins[BINS], most = 0;
  if (samples->len < BINS || wall->most <= wall->least)
    return;
  statistics_histogram((const gdouble *)(const void *)samples->data, samples->len, bins, BINS);
  for (guint i = 0; i < BINS; i++)
    most = MAX(most, bins[i]);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < BINS; i++) {
    gdouble from = wall->least + (wall->most - wall->least) * i / BINS;
    g_autofree gchar *time = time_text_like(from, wall->median);
    /* One run is seen, however many others there are. */
    guint length = MAX(bins[i] * BAR_WIDTH / most, bins[i] > 0);
    g_autofree gchar *bar = g_strnfill(length, '#');
    g_string_append_printf(out, "  %11s |%-*s %u\n", time, BAR_WIDTH, bar, bins[i]);
  }
}

gchar *timing_text(const Timing *timing, gboolean with_histogram) {
  const Snippet *snippet = timing->snippet;
  Statistics wall = statistics_in(timing->wall);
  Statistics user = statistics_in(timing->user);
  Statistics system = statistics_in(timing->system);
  Statistics peak = statistics_in(timing->peak);
  g_autofree gchar *id = text_one_line(snippet->id, -1, 0);
  g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
  g_autofree gchar *median = time_text_like(wall.median, wall.median);
  g_autofree gchar *deviation = time_text_like(wall.deviation, wall.median);
  g_autofree gchar *mean = time_text_like(wall.mean, wall.median);
  g_autofree gchar *least = time_text_like(wall.least, wall.median);
  g_autofree gchar *most = time_text_like(wall.most, wall.median);
  g_autofree gchar *user_text = time_text(user.median), *system_text = time_text(system.median);
  g_autofree gchar *runs = text_count(wall.count, "run");
  GString *out = g_string_new(NULL);

  g_string_append_printf(out, "%s (%s:%u)", id, path, snippet->first_line);
  if (timing->python != NULL)
    g_string_append_printf(out, ", Python %s", timing->python);
  g_string_append_printf(out, "\n  %s in %.1f s, one after another", runs, timing->total);
  if (timing->prelude > 0) {
    g_autofree gchar *blocks = text_count(timing->prelude, "earlier block");
    g_string_append_printf(out, ", each after %s, whose time counts, too", blocks);
  }
  g_string_append_printf(out,
                         "\n  wall      %s \xc2\xb1 %s (median, and median absolute deviation)\n"
                         "            mean %s, from %s to %s\n"
                         "  CPU       %s user, %s system (medians)\n"
                         "  memory    %.1f MiB at its peak (median)\n",
                         median, deviation, mean, least, most, user_text, system_text,
                         peak.median / (1 << 20));
  append_outcomes(out, timing);
  append_outliers(out, &wall);
  if (with_histogram)
    append_histogram(out, timing->wall, &wall);
  return g_string_free(out, FALSE);
}

/* --- for programs ------------------------------------------------------------------ */

static void add_number(JsonBuilder *builder, const gchar *name, gdouble value) {
  json_builder_set_member_name(builder, name);
  json_builder_add_double_value(builder, value);
}

static void add_count(JsonBuilder *builder, const gchar *name, guint value) {
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

static void add_text(JsonBuilder *builder, const gchar *name, const gchar *text) {
  json_builder_set_member_name(builder, name);
  g_autofree gchar *valid = text != NULL ? text_valid(text, -1) : NULL;
  if (valid != NULL)
    json_builder_add_string_value(builder, valid);
  else
    json_builder_add_null_value(builder);
}

static void add_samples(JsonBuilder *builder, const gchar *name, const GArray *samples) {
  Statistics all = statistics_in(samples);
  json_builder_set_member_name(builder, name);
  json_builder_begin_object(builder);
  add_number(builder, "median", all.median);
  add_number(builder, "deviation", all.deviation);
  add_number(builder, "mean", all.mean);
  add_number(builder, "min", all.least);
  add_number(builder, "max", all.most);
  add_count(builder, "mild_outliers", all.mild_outliers);
  add_count(builder, "severe_outliers", all.severe_outliers);
  json_builder_set_member_name(builder, "samples");
  json_builder_begin_array(builder);
  for (guint i = 0; i < samples->len; i++)
    json_builder_add_double_value(builder, g_array_index(samples, gdouble, i));
  json_builder_end_array(builder);
  json_builder_end_object(builder);
}

gchar *timing_json(const Timing *timing) {
  const Snippet *snippet = timing->snippet;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  g_autoptr(GArray) counts = count_outcomes(timing, texts);
  json_builder_begin_object(builder);
  add_text(builder, "id", snippet->id);
  add_text(builder, "file", snippet->document->path);
  add_count(builder, "line", snippet->first_line);
  add_text(builder, "python", timing->python);
  add_count(builder, "prelude", timing->prelude);
  add_count(builder, "runs", timing->wall->len);
  add_samples(builder, "wall", timing->wall);
  add_samples(builder, "user", timing->user);
  add_samples(builder, "system", timing->system);
  add_number(builder, "peak_bytes", statistics_in(timing->peak).median);
  json_builder_set_member_name(builder, "outcomes");
  json_builder_begin_object(builder);
  for (guint i = 0; i < texts->len; i++)
    add_count(builder, g_ptr_array_index(texts, i), g_array_index(counts, guint, i));
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree gchar *text = text_json(json_to_string(root, TRUE));
  return g_strconcat(text, "\n", NULL);
}
