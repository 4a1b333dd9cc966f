/*
 * html_beside.h: what there is to see of a run beside each line of its snippet, as HTML. Private to
 * report/.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* Of one line. */
typedef struct {
  GString *output; /* bytes that it wrote; NULL for none */
  GString *said;   /* markup: values, exceptions, what became of its claims; NULL for none */
  guint values, events;
  gboolean has_state; /* a claim was read on the line: the one that is told is the worst */
  ClaimState state;
} HtmlRow;

typedef struct {
  const Snippet *snippet; /* borrowed, as are the next two */
  const Transcript *transcript;
  const Verdict *verdict;
  guint lines;    /* of the source that are shown */
  HtmlRow *rows;  /* of source lines, from 1; 0 is for what has no line */
  GString *head;  /* markup: sentences above the code */
  GString *below; /* markup: claims that are not read on a line of it */
} HtmlBeside;

/* transcript and verdict are NULL where it was not asked for: then there is nothing to see. */
HtmlBeside *html_beside_new(const Snippet *snippet, const Transcript *transcript,
                            const Verdict *verdict);
void html_beside_free(HtmlBeside *beside);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HtmlBeside, html_beside_free)

/* The cells beside a line, from 1; nothing where there is nothing to see. */
void html_append_beside(GString *to, const HtmlBeside *beside, guint line);
