/*
 * SARIF 2.1.0: one run, a rule for each kind of finding, a result for each finding.
 *
 * Paths are relative to %SRCROOT%, which whoever reads it knows: no path of this machine is
 * written. Two checks of the same bank write the same, but for the number of the Python.
 */
#include <string.h>

#include "report/destination.h"
#include "report/findings_sink.h"
#include "report/json_health.h"
#include "report/json_members.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define SOURCE_ROOT "%SRCROOT%"

typedef struct {
  Destination *destination;
  gchar *version;
  gchar *base;
} Sarif;

static const gchar *level_name(Level level) {
  static const gchar *const names[LEVELS] = {"note", "warning", "error"};
  return names[level];
}

static void add_message(JsonBuilder *builder, const gchar *name, const gchar *text) {
  json_open_object(builder, name);
  json_add_text(builder, "text", text);
  json_builder_end_object(builder);
}

/* The bytes of a file's name. One that is absolute is a URI of its own. */
static void add_artifact(JsonBuilder *builder, const gchar *path) {
  g_autofree gchar *escaped = g_uri_escape_bytes((const guint8 *)path, strlen(path), "/");
  json_open_object(builder, "artifactLocation");
  if (g_path_is_absolute(path)) {
    g_autofree gchar *uri = g_strconcat("file://", escaped, NULL);
    json_add_text(builder, "uri", uri);
  } else {
    json_add_text(builder, "uri", escaped);
    json_add_text(builder, "uriBaseId", SOURCE_ROOT);
  }
  json_builder_end_object(builder);
}

static void add_region(JsonBuilder *builder, const gchar *name, const Region *region) {
  json_open_object(builder, name);
  json_add_number(builder, "startLine", region->line);
  if (region->column != 0)
    json_add_number(builder, "startColumn", region->column);
  if (region->end_line > region->line)
    json_add_number(builder, "endLine", region->end_line);
  if (region->end_column != 0)
    json_add_number(builder, "endColumn", region->end_column);
  json_builder_end_object(builder);
}

static void add_location(JsonBuilder *builder, const Finding *finding) {
  json_open_array(builder, "locations");
  json_builder_begin_object(builder);
  json_open_object(builder, "physicalLocation");
  add_artifact(builder, finding->path);
  if (finding->region.line != 0)
    add_region(builder, "region", &finding->region);
  json_builder_end_object(builder);
  if (finding->subject != NULL) {
    json_open_array(builder, "logicalLocations");
    json_builder_begin_object(builder);
    json_add_text(builder, "fullyQualifiedName", finding->subject);
    json_builder_end_object(builder);
    json_builder_end_array(builder);
  }
  json_builder_end_object(builder);
  json_builder_end_array(builder);
}

static void add_fix(JsonBuilder *builder, const Finding *finding) {
  json_open_array(builder, "fixes");
  json_builder_begin_object(builder);
  g_autofree gchar *text = finding->advice != NULL ? g_strdup_printf("Write: %s", finding->advice)
                                                   : g_strdup("Write what really happened");
  add_message(builder, "description", text);
  json_open_array(builder, "artifactChanges");
  json_builder_begin_object(builder);
  add_artifact(builder, finding->path);
  json_open_array(builder, "replacements");
  json_builder_begin_object(builder);
  add_region(builder, "deletedRegion", &finding->replaced);
  add_message(builder, "insertedContent", finding->put);
  json_builder_end_object(builder);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  json_builder_end_array(builder);
}

static void add_result(JsonBuilder *builder, const Finding *finding) {
  json_builder_begin_object(builder);
  json_add_text(builder, "ruleId", finding->rule);
  json_add_number(builder, "ruleIndex", finding_rule_index(finding->rule));
  json_add_text(builder, "level", level_name(finding->level));
  add_message(builder, "message", finding->message);
  add_location(builder, finding);
  json_open_object(builder, "partialFingerprints");
  json_add_text(builder, "proctor/v1", finding->fingerprint);
  json_builder_end_object(builder);
  if (finding->put != NULL)
    add_fix(builder, finding);
  json_builder_end_object(builder);
}

static void add_tool(JsonBuilder *builder, const gchar *version) {
  guint count;
  const FindingRule *rules = finding_rules(&count);
  json_open_object(builder, "tool");
  json_open_object(builder, "driver");
  json_add_text(builder, "name", "proctor");
  json_add_text(builder, "version", version);
  json_open_array(builder, "rules");
  for (guint i = 0; i < count; i++) {
    json_builder_begin_object(builder);
    json_add_text(builder, "id", rules[i].name);
    add_message(builder, "shortDescription", rules[i].text);
    json_open_object(builder, "defaultConfiguration");
    json_add_text(builder, "level", level_name(rules[i].level));
    json_builder_end_object(builder);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
}

static void add_invocation(JsonBuilder *builder, const ReportSummary *summary) {
  gboolean has_failed = summary->is_incomplete || summary->ledger.classes[VERDICT_INFRA] > 0;
  json_open_array(builder, "invocations");
  json_builder_begin_object(builder);
  json_add_truth(builder, "executionSuccessful", !has_failed);
  json_add_number(builder, "exitCode", summary->exit_code);
  if (summary->is_incomplete)
    json_add_text(builder, "exitCodeDescription", "not every block was run to its end");
  json_open_object(builder, "properties");
  json_add_text(builder, "python", summary->python);
  json_add_number(builder, "blocks", summary->ledger.blocks);
  json_add_number(builder, "leftOut", summary->left_out);
  json_open_object(builder, "ledger");
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    json_add_number(builder, verdict_class_name(class), summary->ledger.classes[class]);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  json_builder_end_array(builder);
}

static gboolean write_report(gpointer data, const GPtrArray *findings, const ReportSummary *summary,
                             GError **error) {
  Sarif *sarif = data;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_add_text(builder, "$schema", SCHEMA);
  json_add_text(builder, "version", "2.1.0");
  json_open_array(builder, "runs");
  json_builder_begin_object(builder);
  add_tool(builder, sarif->version);
  add_invocation(builder, summary);
  json_add_text(builder, "columnKind", "unicodeCodePoints");
  json_open_object(builder, "originalUriBaseIds");
  json_open_object(builder, SOURCE_ROOT);
  add_message(builder, "description", "The folder that the bank is checked from.");
  json_builder_end_object(builder);
  json_builder_end_object(builder);
  json_open_array(builder, "results");
  for (guint i = 0; i < findings->len; i++)
    add_result(builder, g_ptr_array_index(findings, i));
  json_builder_end_array(builder);
  if (summary->health != NULL) {
    json_open_object(builder, "properties");
    json_add_health(builder, "health", summary->health, sarif->base);
    json_builder_end_object(builder);
  }
  json_builder_end_object(builder);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  g_autofree gchar *text = json_built(builder, TRUE);
  destination_print(sarif->destination, "%s\n", text);
  return destination_commit(sarif->destination, error);
}

static void sarif_free(gpointer data) {
  Sarif *sarif = data;
  destination_free(sarif->destination);
  g_free(sarif->version);
  g_free(sarif->base);
  g_free(sarif);
}

ReportSink *sarif_sink_new(const FormatOptions *options, GError **error) {
  static const FindingsCalls calls = {.write = write_report, .free = sarif_free};
  Destination *destination = destination_open(options->path, error);
  if (destination == NULL)
    return NULL;
  Sarif *sarif = g_new0(Sarif, 1);
  sarif->destination = destination;
  sarif->version = g_strdup(options->version);
  sarif->base = g_strdup(options->base);
  return findings_sink_new(options, &calls, sarif);
}
