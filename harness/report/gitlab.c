/*
 * GitLab's code quality report: what its documentation asks for, and nothing else.
 */
#include "report/destination.h"
#include "report/findings_sink.h"
#include "report/json_members.h"

static void add(JsonBuilder *builder, const Finding *finding) {
  static const gchar *const severities[LEVELS] = {"info", "minor", "major"};
  json_builder_begin_object(builder);
  json_add_text(builder, "description", finding->message);
  json_add_text(builder, "check_name", finding->rule);
  json_add_text(builder, "fingerprint", finding->fingerprint);
  json_add_text(builder, "severity", severities[finding->level]);
  json_open_object(builder, "location");
  json_add_text(builder, "path", finding->path);
  json_open_object(builder, "lines");
  json_add_number(builder, "begin", MAX(1, finding->region.line));
  if (finding->region.end_line > finding->region.line)
    json_add_number(builder, "end", finding->region.end_line);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
}

static gboolean write_report(gpointer data, const GPtrArray *findings,
                             G_GNUC_UNUSED const ReportSummary *summary, GError **error) {
  Destination *destination = data;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_array(builder);
  for (guint i = 0; i < findings->len; i++)
    add(builder, g_ptr_array_index(findings, i));
  json_builder_end_array(builder);
  g_autofree gchar *text = json_built(builder, TRUE);
  destination_print(destination, "%s\n", text);
  return destination_commit(destination, error);
}

ReportSink *gitlab_sink_new(const FormatOptions *options, GError **error) {
  static const FindingsCalls calls = {.write = write_report,
                                      .free = (GDestroyNotify)destination_free};
  Destination *destination = destination_open(options->path, error);
  return destination != NULL ? findings_sink_new(options, &calls, destination) : NULL;
}
