/*
 * text.h: what snippets and documents wrote, made fit for a reader.
 *
 * Output of a snippet may hold anything: escape sequences that would drive the
 * reader's terminal, bytes that are no UTF-8, a million characters on a line.
 * Reports show it through these functions and never raw.
 */
#pragma once

#include <glib.h>

/* Valid UTF-8 without NUL: other bytes become \xHH, the rest stays as it is.
 * size -1 means up to the terminating NUL. */
gchar *text_valid(const gchar *bytes, gssize size);

/* JSON as json-glib 1.6 writes it, made valid: U+001F, which it leaves as it is, is escaped.
 * Takes the text. */
gchar *text_json(gchar *json);

/* One line that does nothing to a terminal: newlines, tabs, control and
 * direction-changing characters, and what is no UTF-8, become escapes as
 * Python writes them (\n, \x1b, \u202e). What is longer than width characters
 * is cut and ends in "..."; width 0 cuts nothing. */
gchar *text_one_line(const gchar *bytes, gssize size, gsize width);

/* The same for a line of code: tabs become four blanks. */
gchar *text_code_line(const gchar *line, gsize width);

/* When a commit was made, by its author's clock, in a format of g_date_time_format(): time is in
 * seconds since 1970, offset in minutes east. "?" for what is no date. */
gchar *text_date(gint64 time, gint offset, const gchar *format);

/* "1 block", "3 blocks"; the plural is the singular with an s. */
gchar *text_count(guint count, const gchar *singular);
