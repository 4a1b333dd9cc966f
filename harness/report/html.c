/*
 * The bank as one page.
 *
 * A snippet is put into HTML when its verdict comes and waits in a temporary file; the page is put
 * together when the run ends. There is no script: filters are rules of the style sheet, and the
 * page's own policy allows nothing but that style sheet, so that nothing a snippet writes can do
 * anything, and nothing is loaded from anywhere.
 */
#include "report/destination.h"
#include "report/fixtures_used.h"
#include "report/formats.h"
#include "report/grade.h"
#include "report/html_outline.h"
#include "report/html_page.h"
#include "report/html_snippet.h"
#include "report/order.h"
#include "report/spool.h"

typedef struct {
  ReportSink sink;
  Destination *destination;
  gchar *version;
  const GPtrArray *documents;
  Order *order;
  Spool *spool;
  guint8 *classes; /* of each place: a VerdictClass, or VERDICT_CLASSES for none */
  GPtrArray *problems;
  FixturesUsed *fixtures;
} HtmlSink;

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  HtmlSink *html = (HtmlSink *)sink;
  html->documents = documents;
  html->order = order_new(documents);
  html->classes = g_malloc(html->order->count + 1);
  for (guint place = 0; place < html->order->count; place++)
    html->classes[place] = VERDICT_CLASSES;
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  HtmlSink *html = (HtmlSink *)sink;
  g_ptr_array_add(html->problems, g_strdup_printf("%s: %s", path, message));
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, const gchar *variant,
                       const gchar *failure, const gchar *traceback) {
  HtmlSink *html = (HtmlSink *)sink;
  if (fixtures_used_fail(html->fixtures, fixture, variant, failure, traceback))
    g_ptr_array_add(html->problems, g_strdup_printf("%s: %s%s%s", fixture->shown_path, failure,
                                                    traceback != NULL ? "\n" : "",
                                                    traceback != NULL ? traceback : ""));
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  HtmlSink *html = (HtmlSink *)sink;
  guint place = order_place(html->order, snippet);
  fixtures_used_add(html->fixtures, transcript);
  g_autofree gchar *piece = html_snippet(snippet, transcript, verdict);
  spool_keep(html->spool, place, piece);
  html->classes[place] = (guint8)verdict->class;
}

static void flush(HtmlSink *html, GString *text) {
  destination_write(html->destination, text->str, text->len);
  g_string_truncate(text, 0);
}

static gboolean write_snippets(HtmlSink *html, const HtmlDocument *entry,
                               const HtmlQuestion *question, GError **error) {
  guint begin = order_place_of_line(html->order, entry->document, 1);
  for (guint place = question->first; place < question->last; place++) {
    if (spool_has(html->spool, place)) {
      if (!spool_write(html->spool, place, html->destination, error))
        return FALSE;
      continue;
    }
    const Snippet *snippet = g_ptr_array_index(entry->document->snippets, place - begin);
    g_autofree gchar *piece = html_snippet(snippet, NULL, NULL);
    destination_print(html->destination, "%s", piece);
  }
  return TRUE;
}

static gboolean write_document(HtmlSink *html, const HtmlDocument *entry, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  html_document_begin(text, entry, html->documents->len == 1);
  for (guint i = 0; i < entry->sections->len; i++) {
    const HtmlSection *section = g_ptr_array_index(entry->sections, i);
    html_section_begin(text, section);
    for (guint j = 0; j < section->questions->len; j++) {
      const HtmlQuestion *question = &g_array_index(section->questions, HtmlQuestion, j);
      html_question_begin(text, entry, question);
      flush(html, text);
      if (!write_snippets(html, entry, question, error))
        return FALSE;
      g_string_append(text, "</section>\n");
    }
    g_string_append(text, "</section>\n");
  }
  g_string_append(text, "</section>\n");
  flush(html, text);
  return TRUE;
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  HtmlSink *html = (HtmlSink *)sink;

  const HtmlOutlineSource source = {html->classes, html->order, summary->health};
  g_autoptr(GPtrArray) outline = html_outline(html->documents, &source);
  HtmlPage page = {.outline = outline,
                   .summary = summary,
                   .version = html->version,
                   .problems = html->problems,
                   .fixtures = html->fixtures};
  for (guint place = 0; place < html->order->count; place++)
    page.counts[html->classes[place]]++;
  g_autoptr(GString) text = g_string_new(NULL);
  html_page_begin(text, &page);
  flush(html, text);
  for (guint i = 0; i < outline->len; i++) {
    const HtmlDocument *entry = g_ptr_array_index(outline, i);
    if (entry->sections->len > 0 && !write_document(html, entry, error))
      return FALSE;
  }
  html_page_end(text, &page);
  flush(html, text);
  return destination_commit(html->destination, error);
}

static void on_free(ReportSink *sink) {
  HtmlSink *html = (HtmlSink *)sink;
  destination_free(html->destination);
  spool_free(html->spool);
  order_free(html->order);
  g_ptr_array_unref(html->problems);
  fixtures_used_free(html->fixtures);
  g_free(html->classes);
  g_free(html->version);
  g_free(html);
}

ReportSink *html_sink_new(const gchar *path, const gchar *version, GError **error) {
  g_autoptr(Destination) destination = destination_open(path, error);
  if (destination == NULL)
    return NULL;
  g_autoptr(Spool) spool = spool_new(error);
  if (spool == NULL)
    return NULL;
  HtmlSink *html = g_new0(HtmlSink, 1);
  html->sink = (ReportSink){.begin = on_begin,
                            .problem = on_problem,
                            .fixture = on_fixture,
                            .verdict = on_verdict,
                            .unfinished = on_verdict,
                            .end = on_end,
                            .free = on_free};
  html->destination = g_steal_pointer(&destination);
  html->spool = g_steal_pointer(&spool);
  html->version = g_strdup(version);
  html->problems = g_ptr_array_new_with_free_func(g_free);
  html->fixtures = fixtures_used_new();
  return &html->sink;
}
