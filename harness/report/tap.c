/*
 * TAP version 14, which readers of version 13 read as well.
 *
 * The plan comes before the first point; by then all problems of the bank have been told. They
 * are one point, the last, which fails where the check does.
 */
#include <string.h>

#include "report/destination.h"
#include "report/finding.h"
#include "report/health_text.h"
#include "report/order.h"
#include "report/problems.h"
#include "report/text.h"

typedef struct {
  ReportSink sink;
  FormatOptions options;
  gchar *base;
  Destination *destination;
  Order *order;
  GPtrArray *snippets; /* const Snippet *, in the bank's order */
  gchar **points;      /* words of each place that waits; NULL for none */
  gboolean *is_known;
  guint next;          /* place that is written next */
  GPtrArray *problems; /* gchar * */
  gboolean has_plan;
} Tap;

/* A description ends at the line's end or at a "#", unless that is escaped. */
static void append_description(GString *to, const gchar *text) {
  g_autofree gchar *line = text_one_line(text, -1, 0);
  for (const gchar *at = line; *at != '\0'; at++) {
    if (*at == '\\' || *at == '#')
      g_string_append_c(to, '\\');
    g_string_append_c(to, *at);
  }
}

static void append_point(GString *to, gboolean is_ok, guint number, const gchar *description) {
  g_string_append_printf(to, "%s %u - ", is_ok ? "ok" : "not ok", number);
  append_description(to, description);
}

static void append_directive(GString *to, const gchar *reason) {
  g_autofree gchar *line = text_one_line(reason, -1, 0);
  g_string_append_printf(to, " # SKIP %s\n", line);
}

/* A string between double quotes, as YAML and the subsets of it that readers of TAP know read it.
 */
static void append_string(GString *to, const gchar *name, const gchar *text) {
  g_autofree gchar *valid = text_valid(text, -1);
  g_string_append_printf(to, "%s: \"", name);
  for (const gchar *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    if (character == '"' || character == '\\')
      g_string_append_printf(to, "\\%c", *at);
    else if (character == '\n')
      g_string_append(to, "\\n");
    else if (character == '\t')
      g_string_append(to, "\\t");
    else if (character < 0x20 || (character >= 0x7f && character < 0xa0))
      g_string_append_printf(to, "\\x%02x", character);
    else if (character == 0x2028 || character == 0x2029 || character == 0xfeff ||
             character >= 0xfffe)
      g_string_append_printf(to, character > 0xffff ? "\\U%08x" : "\\u%04x", character);
    else
      g_string_append_len(to, at, g_utf8_next_char(at) - at);
  }
  g_string_append(to, "\"\n");
}

static void append_diagnostics(GString *to, const Tap *tap, const Snippet *snippet,
                               const Transcript *transcript, const Verdict *verdict,
                               const GPtrArray *problems) {
  gchar milliseconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree gchar *path = path_in(tap->options.base, snippet->document->path);
  g_ascii_formatd(milliseconds, sizeof milliseconds, "%.3f",
                  (gdouble)transcript->usage.wall_ns / 1e6);
  g_string_append(to, "  ---\n");
  append_string(to, "  class", verdict_class_name(verdict->class));
  append_string(to, "  outcome", verdict->outcome != NULL ? verdict->outcome : "not run");
  append_string(to, "  file", path);
  g_string_append_printf(to, "  line: %u\n  duration_ms: %s\n  problems:\n", snippet->first_line,
                         milliseconds);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    g_string_append_printf(to, "    - line: %u\n", problem->line);
    append_string(to, "      class", verdict_class_name(problem->class));
    append_string(to, "      message", problem->sentence);
  }
  g_string_append(to, "  ...\n");
}

/* --- as it comes ------------------------------------------------------------------ */

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  Tap *tap = (Tap *)sink;
  tap->order = order_new(documents);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint j = 0; j < document->snippets->len; j++)
      g_ptr_array_add(tap->snippets, g_ptr_array_index(document->snippets, j));
  }
  tap->points = g_new0(gchar *, tap->order->count + 1);
  tap->is_known = g_new0(gboolean, tap->order->count);
  destination_print(tap->destination, "TAP version %u\n", tap->options.tap_version == 13 ? 13 : 14);
}

static void comment(const Tap *tap, const gchar *path, guint line, const gchar *rule,
                    const gchar *message) {
  g_autofree gchar *relative = path_in(tap->options.base, path);
  g_autofree gchar *shown = text_one_line(relative, -1, 0);
  g_autofree gchar *safe = text_one_line(message, -1, 0);
  if (line != 0)
    destination_print(tap->destination, "# %s:%u: %s: %s\n", shown, line, rule, safe);
  else
    destination_print(tap->destination, "# %s: %s: %s\n", shown, rule, safe);
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  Tap *tap = (Tap *)sink;
  comment(tap, path, 0, "problem", message);
  g_autofree gchar *relative = path_in(tap->options.base, path);
  g_ptr_array_add(tap->problems, g_strdup_printf("%s: %s", relative, message));
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, G_GNUC_UNUSED const gchar *variant,
                       const gchar *failure, G_GNUC_UNUSED const gchar *traceback) {
  on_problem(sink, fixture->shown_path, failure);
}

static void on_remark(ReportSink *sink, const Document *document, const Remark *remark) {
  comment((Tap *)sink, document->path, remark->line, "note", remark->message);
}

static void plan(Tap *tap) {
  if (tap->has_plan)
    return;
  guint points = tap->order->count + (tap->problems->len > 0);
  destination_print(tap->destination, "1..%u%s\n", points,
                    points == 0 ? " # SKIP there is nothing to run" : "");
  tap->has_plan = TRUE;
}

static void keep(Tap *tap, const Snippet *snippet, const Transcript *transcript,
                 const Verdict *verdict) {
  guint place = order_place(tap->order, snippet);
  Grade grade = grade_of_class(verdict->class, tap->options.is_strict);
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(snippet, transcript, verdict, tap->options.is_strict);
  g_autofree gchar *summary = verdict_summary(verdict, problems);
  g_autoptr(GString) text = g_string_new(NULL);
  append_point(text, grade == GRADE_PASSED || grade == GRADE_SKIPPED, place + 1, snippet->id);
  if (grade == GRADE_SKIPPED)
    append_directive(text, summary != NULL ? summary : verdict_class_name(verdict->class));
  else
    g_string_append_c(text, '\n');
  if (problems->len > 0)
    append_diagnostics(text, tap, snippet, transcript, verdict, problems);
  tap->points[place] = g_string_free(g_steal_pointer(&text), FALSE);
  tap->is_known[place] = TRUE;
}

static void write_known(Tap *tap) {
  while (tap->next < tap->order->count && tap->is_known[tap->next]) {
    destination_print(tap->destination, "%s", tap->points[tap->next]);
    g_clear_pointer(&tap->points[tap->next], g_free);
    tap->next++;
  }
  destination_flush(tap->destination);
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  Tap *tap = (Tap *)sink;
  plan(tap);
  keep(tap, snippet, transcript, verdict);
  write_known(tap);
}

/* --- the end ---------------------------------------------------------------------- */

static void add_left_out(Tap *tap, const ReportSummary *summary) {
  g_autofree gchar *reason = left_out_summary(summary->selection);
  for (guint place = tap->next; place < tap->order->count; place++) {
    if (tap->is_known[place])
      continue;
    const Snippet *snippet = g_ptr_array_index(tap->snippets, place);
    g_autoptr(GString) text = g_string_new(NULL);
    append_point(text, TRUE, place + 1, snippet->id);
    append_directive(text, reason);
    tap->points[place] = g_string_free(g_steal_pointer(&text), FALSE);
    tap->is_known[place] = TRUE;
  }
}

static void write_problems(Tap *tap, gboolean has_failed) {
  if (tap->problems->len == 0)
    return;
  g_autoptr(GString) text = g_string_new(NULL);
  append_point(text, !has_failed, tap->order->count + 1, "all of the bank can be used");
  g_string_append(text, "\n  ---\n  problems:\n");
  for (guint i = 0; i < tap->problems->len; i++)
    append_string(text, "    - message", g_ptr_array_index(tap->problems, i));
  g_string_append(text, "  ...\n");
  destination_write(tap->destination, text->str, text->len);
}

static void write_health(const Tap *tap, const Health *health) {
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    comment(tap, note->document->path, note->line, health_kind_name(note->kind), note->message);
  }
  for (guint i = 0; i < health->sections->len; i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    g_autofree gchar *title = health_section_title(section, 0);
    g_autofree gchar *counts = health_section_text(section);
    g_autofree gchar *message = g_strdup_printf("%s: %s", title, counts);
    comment(tap, section->document->path, section->line, "section", message);
  }
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  Tap *tap = (Tap *)sink;
  plan(tap);
  add_left_out(tap, summary);
  write_known(tap);
  write_problems(tap, summary->exit_code != 0);
  if (summary->health != NULL)
    write_health(tap, summary->health);
  return destination_commit(tap->destination, error);
}

static void on_free(ReportSink *sink) {
  Tap *tap = (Tap *)sink;
  for (guint place = 0; tap->order != NULL && place < tap->order->count; place++)
    g_free(tap->points[place]);
  destination_free(tap->destination);
  order_free(tap->order);
  g_ptr_array_unref(tap->snippets);
  g_ptr_array_unref(tap->problems);
  g_free(tap->points);
  g_free(tap->is_known);
  g_free(tap->base);
  g_free(tap);
}

ReportSink *tap_sink_new(const FormatOptions *options, GError **error) {
  Destination *destination = destination_open(options->path, error);
  if (destination == NULL)
    return NULL;
  Tap *tap = g_new0(Tap, 1);
  tap->sink = (ReportSink){.begin = on_begin,
                           .problem = on_problem,
                           .remark = on_remark,
                           .fixture = on_fixture,
                           .verdict = on_verdict,
                           .unfinished = on_verdict,
                           .end = on_end,
                           .free = on_free};
  tap->options = *options;
  tap->options.base = tap->base = g_strdup(options->base);
  tap->destination = destination;
  tap->snippets = g_ptr_array_new();
  tap->problems = g_ptr_array_new_with_free_func(g_free);
  return &tap->sink;
}
