/*
 * html_page.h: the parts of the page that are not snippets. Private to report/.
 */
#pragma once

#include <glib.h>

#include "report/fixtures_used.h"
#include "report/html_outline.h"
#include "report/report.h"

/* All up to the first document: what the page may do, its style, the contents, the summary.
 * problems: gchar *, one line each, then lines of a traceback or none. */
typedef struct {
  const GPtrArray *outline; /* HtmlDocument * */
  const ReportSummary *summary;
  const gchar *version;
  const GPtrArray *problems;
  const FixturesUsed *fixtures;
  guint counts[VERDICT_CLASSES + 1]; /* snippets of each class; the last: left out */
} HtmlPage;

void html_page_begin(GString *to, const HtmlPage *page);
/* is_only: its title is that of the page. */
void html_document_begin(GString *to, const HtmlDocument *entry, gboolean is_only);
void html_section_begin(GString *to, const HtmlSection *section);
void html_question_begin(GString *to, const HtmlDocument *entry, const HtmlQuestion *question);
void html_page_end(GString *to, const HtmlPage *page);
