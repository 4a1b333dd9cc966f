#include "report/findings_sink.h"

typedef struct {
  ReportSink sink;
  FormatOptions options;
  gchar *base;
  FindingsCalls calls;
  gpointer data;
  GHashTable *ranks; /* Document * to its number, from 1 */
  GPtrArray *findings;
} FindingsSink;

static guint rank_of(const FindingsSink *list, const Document *document) {
  return GPOINTER_TO_UINT(g_hash_table_lookup(list->ranks, document));
}

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  FindingsSink *list = (FindingsSink *)sink;
  for (guint i = 0; i < documents->len; i++)
    g_hash_table_insert(list->ranks, g_ptr_array_index(documents, i), GUINT_TO_POINTER(i + 1));
  if (list->calls.begin != NULL)
    list->calls.begin(list->data);
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  FindingsSink *list = (FindingsSink *)sink;
  findings_add_problem(list->findings, &list->options, "problem", path, message);
}

static void on_remark(ReportSink *sink, const Document *document, const Remark *remark) {
  FindingsSink *list = (FindingsSink *)sink;
  findings_add_remark(list->findings, &list->options, rank_of(list, document), document, remark);
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, G_GNUC_UNUSED const gchar *variant,
                       const gchar *failure, G_GNUC_UNUSED const gchar *traceback) {
  FindingsSink *list = (FindingsSink *)sink;
  findings_add_problem(list->findings, &list->options, "fixture", fixture->shown_path, failure);
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  FindingsSink *list = (FindingsSink *)sink;
  findings_add_verdict(list->findings, &list->options, rank_of(list, snippet->document), snippet,
                       transcript, verdict);
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  FindingsSink *list = (FindingsSink *)sink;
  for (guint i = 0; summary->health != NULL && i < summary->health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(summary->health->notes, i);
    findings_add_health(list->findings, &list->options, rank_of(list, note->document), note);
  }
  findings_finish(list->findings);
  return list->calls.write(list->data, list->findings, summary, error);
}

static void on_free(ReportSink *sink) {
  FindingsSink *list = (FindingsSink *)sink;
  list->calls.free(list->data);
  g_hash_table_unref(list->ranks);
  g_ptr_array_unref(list->findings);
  g_free(list->base);
  g_free(list);
}

ReportSink *findings_sink_new(const FormatOptions *options, const FindingsCalls *calls,
                              gpointer data) {
  FindingsSink *list = g_new0(FindingsSink, 1);
  list->sink = (ReportSink){.begin = on_begin,
                            .problem = on_problem,
                            .remark = on_remark,
                            .fixture = on_fixture,
                            .verdict = on_verdict,
                            .unfinished = on_verdict,
                            .end = on_end,
                            .free = on_free};
  list->base = g_strdup(options->base);
  list->options = *options;
  list->options.base = list->base;
  list->calls = *calls;
  list->data = data;
  list->ranks = g_hash_table_new(NULL, NULL);
  list->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
  return &list->sink;
}
