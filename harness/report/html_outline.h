/*
 * html_outline.h: documents, sections and questions in the order of the page. Private to report/.
 */
#pragma once

#include <glib.h>

#include "model/health.h"
#include "model/snippet.h"
#include "report/order.h"

/* What a question is filtered by: bit n for a snippet of VerdictClass n, and these. */
#define HTML_NO_ANSWER (1u << VERDICT_CLASSES)
#define HTML_NO_SNIPPET (2u << VERDICT_CLASSES)
#define HTML_LEFT_OUT (4u << VERDICT_CLASSES)

typedef struct {
  const Question *question; /* NULL for what stands before the first heading */
  GPtrArray *notes;         /* const HealthNote *, about it; NULL for none */
  guint first, last;        /* places of its snippets: first to last - 1 */
  guint32 bits;
} HtmlQuestion;

typedef struct {
  gchar *title;      /* "Django > ORM", "" for none */
  GArray *questions; /* HtmlQuestion */
  guint32 bits;
} HtmlSection;

typedef struct {
  const Document *document;
  gchar *title;        /* its own, or its path */
  GPtrArray *sections; /* HtmlSection * */
  guint32 bits;
} HtmlDocument;

/* Which class a place has; VERDICT_CLASSES for none, which was left out. */
typedef struct {
  const guint8 *classes;
  const Order *order;
  const Health *health; /* or NULL */
} HtmlOutlineSource;

/* HtmlDocument *; caller unrefs. */
GPtrArray *html_outline(const GPtrArray *documents, const HtmlOutlineSource *source);

/* The worst of what the bits say, for a sign beside a title: a class; VERDICT_CLASSES for none. */
guint html_worst(guint32 bits);
