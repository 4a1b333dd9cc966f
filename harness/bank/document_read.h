/*
 * document_read.h: which blocks of a document are snippets.
 *
 * - fences that are labelled as Python, and sessions with `>>>` prompts in
 *   fences without a label or with one for plain text;
 * - indented code that reads as Python or is a session;
 * - "swallowed" code: lines of a paragraph that are indented as code is, but
 *   that CommonMark takes for prose since no blank line stands before them.
 *   Together with the indented code right behind, of which they are the first
 *   part, they are one snippet, where that reads as Python;
 * - `>>>` prompts at the margin, up to a blank line.
 *
 * A plain fence, or indented code that is no Python, that comes right behind a
 * script, with at most a line such as "Output:" between, is its output.
 *
 * An id is "document/section/.../question.ordinal": sections and an unnumbered
 * question as slugs (see headings.h), a question's number as it is; "top" for
 * what stands before the first heading. Where a question's part has been given
 * to another in the bank already, "~2", "~3" ... is added before the dot.
 * Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/id_counter.h"
#include "model/document.h"

/* Reads a document as bank_parse() does. ids knows the questions' parts of ids
 * that have been given in the bank, and gets those of this document. */
Document *document_read(const gchar *path, const gchar *name, const gchar *bytes, gsize size,
                        IdCounter *ids);
