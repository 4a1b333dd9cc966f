/*
 * answer.h: whether anything stands under a question.
 *
 * A reader of the page decides: comments, rules, anchors, links back to the top, and words that
 * only keep a place free ("TODO", "Answer:") are nothing. A numbered list of single lines under a
 * heading without a number, and nothing else, is kept apart: its entries may be questions that are
 * still to be answered. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/document_text.h"
#include "bank/markdown.h"
#include "model/document.h"

/* One block that stands under the question; NULL, before the first heading, is passed over. */
void answer_read(Question *question, const DocumentText *text, const Block *block);

/* TRUE for what keeps a place free, or says nothing: "TODO", "Answer:", "[Back to top](#top)", an
 * anchor, a comment. */
gboolean answer_is_empty(const gchar *text, gsize length);
