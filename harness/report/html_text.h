/*
 * html_text.h: text of documents and snippets as HTML.
 *
 * Whatever it holds, it is shown and does nothing: characters of HTML are escaped, and control
 * characters, direction-changing ones and what is no UTF-8 are shown as Python writes them. All
 * of it is fit for the text of an element and for an attribute in double quotes. Private to
 * report/.
 */
#pragma once

#include <glib.h>

/* One line. What is longer than width characters is cut; width 0 cuts nothing. */
void html_append(GString *to, const gchar *text, gsize width);

/* Like printf(); the arguments are not escaped. */
#define html_append_markup g_string_append_printf

/* What a program wrote, or an expectation says: its lines as spans of the class, each a line of
 * its own. After the first few the rest is folded; far behind these it is cut, with a note. */
void html_append_lines(GString *to, const gchar *bytes, gsize size, const gchar *css_class);

/* An id for an element: blanks become '_'. */
void html_append_id(GString *to, const gchar *name);
/* "#", and the same fit for a link. */
void html_append_link(GString *to, const gchar *name);

/* A line of Python with its comments, strings, numbers and keywords marked. The state is carried
 * from line to line of one snippet, from {0}. */
typedef struct {
  gchar quote; /* of the text that goes on from the line before, which is a triple one; or 0 */
} HtmlCode;
void html_append_code(GString *to, HtmlCode *code, const gchar *line, gsize width);
