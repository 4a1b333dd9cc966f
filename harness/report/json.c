/*
 * The report for programs.
 *
 * Each snippet is one line of JSON, written to a temporary file when its
 * verdict comes; the end of the run puts them together in the bank's order.
 */
#include "report/json.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "report/destination.h"
#include "report/fixtures_used.h"
#include "report/json_health.h"
#include "report/json_members.h"
#include "report/json_run.h"
#include "report/order.h"
#include "report/report.h"
#include "report/shard.h"
#include "report/spool.h"
#include "report/text.h"

typedef struct {
  ReportSink sink;
  Destination *destination;
  gchar *version;
  const GPtrArray *documents;
  Order *order;
  Spool *spool;        /* one line a snippet */
  GPtrArray *problems; /* gchar *, JSON of each */
  GPtrArray *remarks;
  FixturesUsed *fixtures;
} JsonSink;

/* The value built, on one line, without a newline. */
static gchar *one_line(JsonBuilder *builder) {
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return text_json(json_to_string(root, FALSE));
}

static void add_question(JsonBuilder *builder, const Question *question) {
  json_builder_set_member_name(builder, "section");
  json_builder_begin_array(builder);
  for (guint i = 0; question != NULL && question->section[i] != NULL; i++) {
    g_autofree gchar *title = text_valid(question->section[i], -1);
    json_builder_add_string_value(builder, title);
  }
  json_builder_end_array(builder);
  if (question == NULL) {
    json_add_text(builder, "question", NULL);
    return;
  }
  json_builder_set_member_name(builder, "question");
  json_builder_begin_object(builder);
  json_add_text(builder, "number", question->number);
  json_add_text(builder, "title", question->title);
  json_add_number(builder, "line", question->line);
  json_builder_end_object(builder);
}

static void add_snippet(JsonBuilder *builder, const Snippet *snippet) {
  static const gchar *const kinds[] = {"script", "transcript"};
  static const gchar *const placements[] = {"fenced", "indented", "swallowed"};
  json_add_text(builder, "id", snippet->id);
  json_add_text(builder, "content_id", snippet->content_id);
  json_add_text(builder, "file", snippet->document->path);
  json_add_number(builder, "line", snippet->first_line);
  json_add_number(builder, "end_line", snippet->last_line);
  add_question(builder, snippet->question);
  json_add_number(builder, "ordinal", snippet->ordinal);
  json_add_text(builder, "kind", kinds[snippet->kind]);
  json_add_text(builder, "placement", placements[snippet->placement]);
}

gchar *json_of_snippet(const Snippet *snippet) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_snippet(builder, snippet);
  json_builder_end_object(builder);
  return one_line(builder);
}

static void add_claims(JsonBuilder *builder, const Snippet *snippet, const Verdict *verdict) {
  json_builder_set_member_name(builder, "claims");
  json_builder_begin_array(builder);
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    json_builder_begin_object(builder);
    json_add_number(builder, "line", claim_document_line(snippet, result->claim));
    json_add_text(builder, "text", result->claim->text);
    json_add_text(builder, "rule", claim_rule_name(result->claim->rule));
    json_builder_set_member_name(builder, "holds");
    if (result->state == CLAIM_NOT_CHECKABLE)
      json_builder_add_null_value(builder);
    else
      json_builder_add_boolean_value(builder, result->state == CLAIM_HOLDS);
    json_add_text(builder, "actual", result->actual);
    json_add_text(builder, "note", result->note);
    json_add_text(builder, "names", result->claim->names);
    json_add_text(builder, "word", result->claim->word);
    json_add_line_if(builder, "code_line", snippet,
                     result->claim->code != NULL ? result->claim->code_line : 0);
    json_add_number_if(builder, "prose_line", result->claim->prose_line != 0,
                       result->claim->prose_line);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

static gchar *snippet_json(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict) {
  static const gchar *const expectations[] = {"none", "met", "differs", "unclear", "untested"};
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_snippet(builder, snippet);
  json_add_text(builder, "class", verdict_class_name(verdict->class));
  json_add_text(builder, "outcome", verdict->outcome != NULL ? verdict->outcome : "not run");
  json_add_text(builder, "reason", verdict->reason);
  json_add_text(builder, "session", verdict->session);
  json_add_text(builder, "skip", snippet->settings != NULL ? snippet->settings->skip : NULL);
  json_add_run(builder, snippet, transcript);
  json_add_text(builder, "expectation", expectations[verdict->expectation]);
  json_add_text(builder, "difference", verdict->difference);
  add_claims(builder, snippet, verdict);
  json_builder_end_object(builder);
  return one_line(builder);
}

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  JsonSink *json = (JsonSink *)sink;
  json->documents = documents;
  json->order = order_new(documents);
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  JsonSink *json = (JsonSink *)sink;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_add_text(builder, "file", path);
  json_add_text(builder, "message", message);
  json_builder_end_object(builder);
  g_ptr_array_add(json->problems, one_line(builder));
}

static void on_remark(ReportSink *sink, const Document *document, const Remark *remark) {
  static const gchar *const kinds[] = {"not-rendered", "unclosed", "encoding"};
  JsonSink *json = (JsonSink *)sink;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_add_text(builder, "file", document->path);
  json_add_number(builder, "line", remark->line);
  json_add_number_if(builder, "column", remark->column != 0, remark->column);
  json_add_text(builder, "kind", kinds[remark->kind]);
  json_add_text(builder, "message", remark->message);
  json_builder_end_object(builder);
  g_ptr_array_add(json->remarks, one_line(builder));
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, const gchar *variant,
                       const gchar *failure, const gchar *traceback) {
  JsonSink *json = (JsonSink *)sink;
  fixtures_used_fail(json->fixtures, fixture, variant, failure, traceback);
}

static gchar *fixture_json(const FixtureUse *use) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_add_text(builder, "name", use->name);
  json_add_text(builder, "variant", use->variant);
  json_add_text(builder, "path", use->path);
  json_add_number(builder, "blocks", use->blocks);
  json_add_number(builder, "unready", use->unready);
  json_add_text(builder, "failure", use->failure);
  json_add_text(builder, "traceback", use->traceback);
  json_builder_end_object(builder);
  return one_line(builder);
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  JsonSink *json = (JsonSink *)sink;
  fixtures_used_add(json->fixtures, transcript);
  g_autofree gchar *text = snippet_json(snippet, transcript, verdict);
  spool_keep(json->spool, order_place(json->order, snippet), text);
}

static gboolean write_snippets(JsonSink *json, GError **error) {
  const gchar *separator = "\n    ";
  destination_print(json->destination, "  \"snippets\": [");
  for (guint place = 0; place < json->order->count; place++) {
    if (!spool_has(json->spool, place))
      continue;
    destination_print(json->destination, "%s", separator);
    if (!spool_write(json->spool, place, json->destination, error))
      return FALSE;
    separator = ",\n    ";
  }
  destination_print(json->destination, "%s]\n}\n", *separator == ',' ? "\n  " : "");
  return TRUE;
}

static void write_list(Destination *out, const gchar *name, const GPtrArray *lines) {
  destination_print(out, "  \"%s\": [", name);
  for (guint i = 0; i < lines->len; i++)
    destination_print(out, "%s\n    %s", i > 0 ? "," : "",
                      (const gchar *)g_ptr_array_index(lines, i));
  destination_print(out, "%s],\n", lines->len > 0 ? "\n  " : "");
}

static void write_selection(const JsonSink *json, const gchar *selection) {
  g_autoptr(JsonNode) node = json_node_new(JSON_NODE_NULL);
  if (selection != NULL) {
    g_autofree gchar *valid = text_valid(selection, -1);
    json_node_init_string(node, valid);
  }
  g_autofree gchar *text = json_to_string(node, FALSE);
  destination_print(json->destination, "  \"selection\": %s,\n", text);
}

static void write_shard(const JsonSink *json, const ReportShard *shard) {
  g_autoptr(GArray) snippets = g_array_new(FALSE, FALSE, sizeof(ShardSnippet));
  for (guint i = 0, place = 0; i < json->documents->len; i++) {
    const Document *document = g_ptr_array_index(json->documents, i);
    for (guint j = 0; j < document->snippets->len; j++, place++) {
      ShardSnippet each = {place, g_ptr_array_index(document->snippets, j)};
      if (spool_has(json->spool, place))
        g_array_append_val(snippets, each);
    }
  }
  g_autofree gchar *text = shard_json(shard, snippets, json->fixtures);
  destination_print(json->destination, "  \"shard\": %s,\n", text);
}

static void write_head(const JsonSink *json, const ReportSummary *summary) {
  Destination *out = json->destination;
  const Ledger *ledger = &summary->ledger;
  gchar seconds[G_ASCII_DTOSTR_BUF_SIZE];
  destination_print(out, "{\n  \"proctor\": \"%s\",\n", json->version);
  if (summary->python != NULL)
    destination_print(out, "  \"python\": \"%s\",\n", summary->python);
  else
    destination_print(out, "  \"python\": null,\n");
  destination_print(out, "  \"seconds\": %s,\n",
                    g_ascii_formatd(seconds, sizeof seconds, "%.3f", summary->seconds));
  destination_print(out, "  \"incomplete\": %s,\n", summary->is_incomplete ? "true" : "false");
  destination_print(out, "  \"blocks\": %u,\n  \"ledger\": {", ledger->blocks);
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    destination_print(out, "%s\"%s\": %u", class > 0 ? ", " : "", verdict_class_name(class),
                      ledger->classes[class]);
  destination_print(
      out, "},\n  \"claims\": {\"hold\": %u, \"contradicted\": %u, \"not_checkable\": %u},\n",
      ledger->held, ledger->contradicted, ledger->unchecked);
  destination_print(out, "  \"strict\": %s,\n  \"exit_code\": %d,\n",
                    summary->is_strict ? "true" : "false", summary->exit_code);
  destination_print(out, "  \"known\": %u,\n", summary->known);
  destination_print(out, "  \"left_out\": %u,\n", summary->left_out);
  write_selection(json, summary->selection);
  write_shard(json, &summary->shard);
  g_autofree gchar *health = json_of_health(summary->health);
  destination_print(out, "  \"health\": %s,\n", health);
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  JsonSink *json = (JsonSink *)sink;
  Destination *out = json->destination;
  write_head(json, summary);
  write_list(out, "problems", json->problems);
  write_list(out, "remarks", json->remarks);
  g_autoptr(GPtrArray) fixtures = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < json->fixtures->uses->len; i++)
    g_ptr_array_add(fixtures, fixture_json(g_ptr_array_index(json->fixtures->uses, i)));
  write_list(out, "fixtures", fixtures);
  return write_snippets(json, error) && destination_commit(json->destination, error);
}

static void on_free(ReportSink *sink) {
  JsonSink *json = (JsonSink *)sink;
  destination_free(json->destination);
  spool_free(json->spool);
  g_ptr_array_unref(json->problems);
  g_ptr_array_unref(json->remarks);
  fixtures_used_free(json->fixtures);
  order_free(json->order);
  g_free(json->version);
  g_free(json);
}

ReportSink *json_sink_new(const gchar *path, const gchar *version, GError **error) {
  g_autoptr(Destination) destination = destination_open(path, error);
  if (destination == NULL)
    return NULL;
  g_autoptr(Spool) spool = spool_new(error);
  if (spool == NULL)
    return NULL;
  JsonSink *json = g_new0(JsonSink, 1);
  json->sink = (ReportSink){.begin = on_begin,
                            .problem = on_problem,
                            .remark = on_remark,
                            .fixture = on_fixture,
                            .verdict = on_verdict,
                            .unfinished = on_verdict,
                            .end = on_end,
                            .free = on_free};
  json->destination = g_steal_pointer(&destination);
  json->version = g_strdup(version);
  json->spool = g_steal_pointer(&spool);
  json->problems = g_ptr_array_new_with_free_func(g_free);
  json->remarks = g_ptr_array_new_with_free_func(g_free);
  json->fixtures = fixtures_used_new();
  return &json->sink;
}
