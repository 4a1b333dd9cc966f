#include "report/report.h"

struct Report {
  GPtrArray *sinks;
};

static void sink_free(gpointer data) {
  ReportSink *sink = data;
  if (sink->free != NULL)
    sink->free(sink);
}

Report *report_new(void) {
  Report *report = g_new0(Report, 1);
  report->sinks = g_ptr_array_new_with_free_func(sink_free);
  return report;
}

void report_add(Report *report, ReportSink *sink) {
  g_ptr_array_add(report->sinks, sink);
}

/* Passes an event on to each sink that wants it. */
#define TELL(report, member, ...)                                                                  \
  do {                                                                                             \
    for (guint i = 0; i < (report)->sinks->len; i++) {                                             \
      ReportSink *sink = g_ptr_array_index((report)->sinks, i);                                    \
      if (sink->member != NULL)                                                                    \
        sink->member(sink, __VA_ARGS__);                                                           \
    }                                                                                              \
  } while (0)

void report_begin(Report *report, const GPtrArray *documents) {
  TELL(report, begin, documents);
}

void report_problem(Report *report, const gchar *path, const gchar *message) {
  TELL(report, problem, path, message);
}

void report_remark(Report *report, const Document *document, const Remark *remark) {
  TELL(report, remark, document, remark);
}

void report_fixture(Report *report, const Fixture *fixture, const gchar *variant,
                    const gchar *failure, const gchar *traceback) {
  TELL(report, fixture, fixture, variant, failure, traceback);
}

void report_verdict(Report *report, const Snippet *snippet, const Transcript *transcript,
                    const Verdict *verdict) {
  TELL(report, verdict, snippet, transcript, verdict);
}

static void tell_unfinished(Report *report, const GPtrArray *snippets) {
  g_autoptr(Transcript) transcript = transcript_new();
  g_autoptr(Verdict) verdict = verdict_new(VERDICT_INFRA);
  transcript->outcome = OUTCOME_FAILED;
  verdict->outcome = g_strdup("not run to its end");
  verdict->reason = g_strdup("the run was interrupted");
  for (guint each = 0; each < snippets->len; each++) {
    const Snippet *snippet = g_ptr_array_index(snippets, each);
    TELL(report, unfinished, snippet, transcript, verdict);
  }
}

gboolean report_end(Report *report, const ReportSummary *summary, GError **error) {
  gboolean is_written = TRUE;
  if (summary->unfinished != NULL)
    tell_unfinished(report, summary->unfinished);
  for (guint i = 0; i < report->sinks->len; i++) {
    ReportSink *sink = g_ptr_array_index(report->sinks, i);
    /* The first error is told; the other sinks end all the same. */
    if (sink->end != NULL && !sink->end(sink, summary, is_written ? error : NULL))
      is_written = FALSE;
  }
  return is_written;
}

void report_free(Report *report) {
  if (report == NULL)
    return;
  g_ptr_array_unref(report->sinks);
  g_free(report);
}
