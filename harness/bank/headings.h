/*
 * headings.h: from a document's headings to its questions and their sections.
 *
 * A question is a numbered heading ("13. Title", "13) Title", "Q13: Title",
 * "Question 13", of any level); its section are the unnumbered headings above
 * it. Which headings stand above is not told by their level alone: real banks
 * have sections of level 2 over questions of level 1. So a level is a section
 * level where an unnumbered heading of that level is directly followed by a
 * numbered one of another level whose number starts anew. An unnumbered heading
 * that is deeper than the question it stands in, and of no section level,
 * belongs to that question.
 *
 * Where no heading is numbered, every heading is a question and its ancestors
 * are its section.
 *
 * The document's title, its first heading where that is the only one of its
 * level, is in no section. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "model/document.h"

typedef struct {
  guint level; /* 1 to 6 */
  guint line;
  const gchar *text; /* borrowed while headings_read() runs */
  /* Filled by headings_read(): */
  Question *question; /* what begins here, owned by the document; NULL where
                         the heading belongs to the question before it */
  gchar *path;        /* its ids' part behind the document's name, owned */
} Heading;

/* Reads an array of Heading and adds the questions to the document. */
void headings_read(Document *document, GArray *headings);

/* For g_array_set_clear_func(). */
void heading_clear(gpointer heading);

/* Splits "13. Title" into its number, or NULL, and title; both new. */
void heading_split(const gchar *text, gchar **number, gchar **title);

/* "Advanced Python / Design" becomes "advanced-python-design": letters and
 * digits in lower case, whatever else stands between them as one '-';
 * apostrophes vanish, and it ends with a whole word of the first 64 bytes. */
gchar *heading_slug(const gchar *text);
