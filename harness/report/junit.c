/*
 * JUnit's XML.
 *
 * Each case is put into words when its verdict comes and waits on the spool: a suite begins with
 * its counts, which are known last.
 */
#include <string.h>

#include "report/destination.h"
#include "report/finding.h"
#include "report/health_text.h"
#include "report/order.h"
#include "report/problems.h"
#include "report/spool.h"
#include "report/text.h"
#include "report/xml.h"

#define OUTPUT_MAX 65536 /* bytes of a stream; JSON has all of it */

/* What a suite counts. */
typedef struct {
  guint cases;
  guint failures;
  guint errors;
  guint skipped;
  guint64 wall_ns;
} Counts;

typedef struct {
  ReportSink sink;
  FormatOptions options;
  gchar *base;
  Destination *destination;
  Spool *spool;
  Order *order;
  const GPtrArray *documents; /* borrowed */
  Counts *counts;             /* one a document */
  GHashTable *ranks;          /* Document * to its place in documents */
  GPtrArray *problems;        /* gchar *: "path: message" */
  GPtrArray *remarks;         /* GString *, one a document; NULL for none */
} Junit;

static void string_free(gpointer data) {
  if (data != NULL)
    g_string_free(data, TRUE);
}

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  Junit *junit = (Junit *)sink;
  junit->documents = documents;
  junit->order = order_new(documents);
  junit->counts = g_new0(Counts, documents->len);
  g_ptr_array_set_size(junit->remarks, (gint)documents->len);
  for (guint i = 0; i < documents->len; i++)
    g_hash_table_insert(junit->ranks, g_ptr_array_index(documents, i), GUINT_TO_POINTER(i));
}

static guint rank_of(const Junit *junit, const Document *document) {
  return GPOINTER_TO_UINT(g_hash_table_lookup(junit->ranks, document));
}

/* In a line of text, where a name of a file may not end the line. */
static gchar *shown_path(const Junit *junit, const gchar *path) {
  g_autofree gchar *relative = path_in(junit->options.base, path);
  return text_one_line(relative, -1, 0);
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  Junit *junit = (Junit *)sink;
  g_autofree gchar *shown = shown_path(junit, path);
  g_ptr_array_add(junit->problems, g_strdup_printf("%s: %s", shown, message));
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, G_GNUC_UNUSED const gchar *variant,
                       const gchar *failure, G_GNUC_UNUSED const gchar *traceback) {
  on_problem(sink, fixture->shown_path, failure);
}

static void note(Junit *junit, const Document *document, guint line, const gchar *rule,
                 const gchar *message) {
  GString **notes = (GString **)&g_ptr_array_index(junit->remarks, rank_of(junit, document));
  if (*notes == NULL)
    *notes = g_string_new(NULL);
  g_autofree gchar *path = shown_path(junit, document->path);
  g_string_append_printf(*notes, "%s:%u: %s: %s\n", path, line, rule, message);
}

static void on_remark(ReportSink *sink, const Document *document, const Remark *remark) {
  note((Junit *)sink, document, remark->line, "note", remark->message);
}

/* --- cases ----------------------------------------------------------------------- */

/* "docs/bank.md:9: false: says ...", the line of code below, and what differs. */
static gchar *sentences_of(const Junit *junit, const Snippet *snippet, const Verdict *verdict,
                           const GPtrArray *problems) {
  g_autofree gchar *path = shown_path(junit, snippet->document->path);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    g_string_append_printf(text, "%s:%u: %s: %s\n", path, problem->line,
                           verdict_class_name(problem->class), problem->sentence);
    if (problem->code != NULL)
      g_string_append_printf(text, "%5u | %s\n", problem->line, problem->code);
  }
  if (verdict->expectation == EXPECTATION_DIFFERS && verdict->difference != NULL)
    g_string_append(text, verdict->difference);
  return g_string_free(text, FALSE);
}

static void append_stream(GString *to, const gchar *name, const gchar *before,
                          const GString *stream) {
  if (*before == '\0' && stream->len == 0)
    return;
  gsize half = OUTPUT_MAX / 2;
  g_string_append_printf(to, "      <%s>", name);
  xml_append_text(to, before, -1);
  if (stream->len <= OUTPUT_MAX) {
    xml_append_text(to, stream->str, (gssize)stream->len);
  } else {
    xml_append_text(to, stream->str, (gssize)half);
    g_string_append_printf(to, "\n... %" G_GSIZE_FORMAT " bytes are left out ...\n",
                           stream->len - OUTPUT_MAX);
    xml_append_text(to, stream->str + stream->len - half, (gssize)half);
  }
  g_string_append_printf(to, "</%s>\n", name);
}

static void append_end(GString *to, const gchar *element, const gchar *type, const gchar *message,
                       const gchar *text) {
  g_string_append_printf(to, "      <%s", element);
  if (type != NULL)
    xml_append_attribute(to, "type", type);
  xml_append_attribute(to, "message", message);
  if (*text == '\0') {
    g_string_append(to, "/>\n");
    return;
  }
  g_string_append_c(to, '>');
  xml_append_text(to, text, -1);
  g_string_append_printf(to, "</%s>\n", element);
}

static void append_begin(GString *to, const Snippet *snippet, guint64 wall_ns) {
  g_string_append(to, "    <testcase");
  xml_append_attribute(to, "name", snippet->id);
  xml_append_attribute(to, "classname", snippet->document->name);
  gchar seconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(seconds, sizeof seconds, "%.3f", (gdouble)wall_ns / 1e9);
  xml_append_attribute(to, "time", seconds);
  g_string_append(to, ">\n");
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  static const gchar *const elements[] = {
      [GRADE_FAILED] = "failure", [GRADE_ERROR] = "error", [GRADE_SKIPPED] = "skipped"};
  Junit *junit = (Junit *)sink;
  Counts *counts = &junit->counts[rank_of(junit, snippet->document)];
  Grade grade = grade_of_class(verdict->class, junit->options.is_strict);
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(snippet, transcript, verdict, junit->options.is_strict);
  g_autofree gchar *summary = verdict_summary(verdict, problems);
  g_autofree gchar *sentences = sentences_of(junit, snippet, verdict, problems);
  counts->cases++;
  counts->failures += grade == GRADE_FAILED;
  counts->errors += grade == GRADE_ERROR;
  counts->skipped += grade == GRADE_SKIPPED;
  counts->wall_ns += transcript->usage.wall_ns;

  g_autoptr(GString) text = g_string_new(NULL);
  append_begin(text, snippet, transcript->usage.wall_ns);
  if (grade != GRADE_PASSED)
    append_end(text, elements[grade], verdict_class_name(verdict->class),
               summary != NULL ? summary : verdict_class_name(verdict->class), sentences);
  append_stream(text, "system-out", grade == GRADE_PASSED ? sentences : "", transcript->output);
  append_stream(text, "system-err", "", transcript->errors);
  g_string_append(text, "    </testcase>\n");
  spool_keep(junit->spool, order_place(junit->order, snippet), text->str);
}

/* What was not asked for has no verdict. */
static void add_left_out(Junit *junit, const ReportSummary *summary) {
  g_autofree gchar *reason = left_out_summary(summary->selection);
  for (guint i = 0; i < junit->documents->len; i++) {
    const Document *document = g_ptr_array_index(junit->documents, i);
    for (guint j = 0; j < document->snippets->len; j++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, j);
      guint place = order_place(junit->order, snippet);
      if (spool_has(junit->spool, place))
        continue;
      g_autoptr(GString) text = g_string_new(NULL);
      append_begin(text, snippet, 0);
      append_end(text, "skipped", NULL, reason, "");
      g_string_append(text, "    </testcase>\n");
      spool_keep(junit->spool, place, text->str);
      junit->counts[i].cases++;
      junit->counts[i].skipped++;
    }
  }
}

/* --- suites ---------------------------------------------------------------------- */

static void append_counts(GString *to, const Counts *counts, gboolean is_suite) {
  gchar seconds[G_ASCII_DTOSTR_BUF_SIZE];
  xml_append_number(to, "tests", counts->cases);
  xml_append_number(to, "failures", counts->failures);
  xml_append_number(to, "errors", counts->errors);
  if (is_suite)
    xml_append_number(to, "skipped", counts->skipped);
  g_ascii_formatd(seconds, sizeof seconds, "%.3f", (gdouble)counts->wall_ns / 1e9);
  xml_append_attribute(to, "time", seconds);
}

static void append_property(GString *to, const gchar *name, const gchar *value) {
  g_string_append(to, "      <property");
  xml_append_attribute(to, "name", name);
  xml_append_attribute(to, "value", value);
  g_string_append(to, "/>\n");
}

static void append_sections(GString *to, const Health *health, const Document *document) {
  for (guint i = 0; i < health->sections->len; i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    if (section->document != document)
      continue;
    g_autofree gchar *title = health_section_title(section, 0);
    g_autofree gchar *name = g_strdup_printf("section: %s", title);
    g_autofree gchar *counts = health_section_text(section);
    append_property(to, name, counts);
  }
}

static void append_properties(GString *to, const Junit *junit, const ReportSummary *summary,
                              const Document *document) {
  g_string_append(to, "    <properties>\n");
  append_property(to, "proctor", junit->options.version);
  if (summary->python != NULL)
    append_property(to, "python", summary->python);
  if (summary->health != NULL)
    append_sections(to, summary->health, document);
  g_string_append(to, "    </properties>\n");
}

static gboolean write_suite(Junit *junit, guint rank, const ReportSummary *summary,
                            GError **error) {
  const Document *document = g_ptr_array_index(junit->documents, rank);
  const GString *remarks = g_ptr_array_index(junit->remarks, rank);
  g_autofree gchar *path = path_in(junit->options.base, document->path);
  g_autoptr(GString) text = g_string_new("  <testsuite");
  xml_append_attribute(text, "name", document->name);
  xml_append_attribute(text, "file", path);
  append_counts(text, &junit->counts[rank], TRUE);
  g_string_append(text, ">\n");
  append_properties(text, junit, summary, document);
  destination_write(junit->destination, text->str, text->len);
  for (guint i = 0; i < document->snippets->len; i++) {
    guint place = order_place(junit->order, g_ptr_array_index(document->snippets, i));
    if (!spool_write(junit->spool, place, junit->destination, error))
      return FALSE;
  }
  g_string_truncate(text, 0);
  if (remarks != NULL) {
    g_string_append(text, "    <system-out>");
    xml_append_text(text, remarks->str, -1);
    g_string_append(text, "</system-out>\n");
  }
  g_string_append(text, "  </testsuite>\n");
  destination_write(junit->destination, text->str, text->len);
  return TRUE;
}

/* A suite of one case for what is no snippet's: it fails where the check does. */
static void write_problems(Junit *junit, Counts *counts) {
  if (junit->problems->len == 0)
    return;
  g_ptr_array_add(junit->problems, NULL);
  g_autofree gchar *all = g_strjoinv("\n", (gchar **)junit->problems->pdata);
  g_autoptr(GString) text = g_string_new("  <testsuite name=\"proctor\"");
  append_counts(text, counts, TRUE);
  g_string_append(text, ">\n    <testcase name=\"all of the bank can be used\" "
                        "classname=\"proctor\" time=\"0.000\">\n");
  if (counts->errors > 0)
    append_end(text, "error", "problem", g_ptr_array_index(junit->problems, 0), all);
  else
    append_stream(text, "system-out", all, &(GString){0});
  g_string_append(text, "    </testcase>\n  </testsuite>\n");
  destination_write(junit->destination, text->str, text->len);
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  Junit *junit = (Junit *)sink;
  add_left_out(junit, summary);
  for (guint i = 0; summary->health != NULL && i < summary->health->notes->len; i++) {
    const HealthNote *health = g_ptr_array_index(summary->health->notes, i);
    note(junit, health->document, health->line, health_kind_name(health->kind), health->message);
  }

  Counts problems = {.cases = junit->problems->len > 0,
                     .errors = junit->problems->len > 0 && summary->exit_code != 0};
  Counts all = problems;
  for (guint i = 0; i < junit->documents->len; i++) {
    const Counts *counts = &junit->counts[i];
    all.cases += counts->cases;
    all.failures += counts->failures;
    all.errors += counts->errors;
    all.wall_ns += counts->wall_ns;
  }
  g_autoptr(GString) head = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
  xml_append_attribute(head, "name", "proctor");
  append_counts(head, &all, FALSE);
  g_string_append(head, ">\n");
  destination_write(junit->destination, head->str, head->len);
  write_problems(junit, &problems);
  for (guint i = 0; i < junit->documents->len; i++)
    if ((junit->counts[i].cases > 0 || g_ptr_array_index(junit->remarks, i) != NULL) &&
        !write_suite(junit, i, summary, error))
      return FALSE;
  destination_print(junit->destination, "</testsuites>\n");
  return destination_commit(junit->destination, error);
}

static void on_free(ReportSink *sink) {
  Junit *junit = (Junit *)sink;
  destination_free(junit->destination);
  spool_free(junit->spool);
  order_free(junit->order);
  g_free(junit->counts);
  g_hash_table_unref(junit->ranks);
  g_ptr_array_unref(junit->problems);
  g_ptr_array_unref(junit->remarks);
  g_free(junit->base);
  g_free(junit);
}

ReportSink *junit_sink_new(const FormatOptions *options, GError **error) {
  g_autoptr(Destination) destination = destination_open(options->path, error);
  g_autoptr(Spool) spool = destination != NULL ? spool_new(error) : NULL;
  if (spool == NULL)
    return NULL;
  Junit *junit = g_new0(Junit, 1);
  junit->sink = (ReportSink){.begin = on_begin,
                             .problem = on_problem,
                             .remark = on_remark,
                             .fixture = on_fixture,
                             .verdict = on_verdict,
                             .unfinished = on_verdict,
                             .end = on_end,
                             .free = on_free};
  junit->options = *options;
  junit->options.base = junit->base = g_strdup(options->base);
  junit->destination = g_steal_pointer(&destination);
  junit->spool = g_steal_pointer(&spool);
  junit->ranks = g_hash_table_new(NULL, NULL);
  junit->problems = g_ptr_array_new_with_free_func(g_free);
  junit->remarks = g_ptr_array_new_with_free_func(string_free);
  return &junit->sink;
}
