/*
 * source_rows.h: a snippet's statements, read from the text by brackets, strings and
 * indentation. Private to judge/.
 *
 * Not a parser: what is answered decides only whether something may be accused.
 */
#pragma once

#include "model/snippet.h"

/* A statement of one line or several, or the header of a compound one. */
typedef struct {
  guint first_line;
  guint last_line;
  gsize indent; /* prompts of a session count as blanks */
  gchar *code;  /* without its comments */
  GStrv words;  /* each once: words of it, in strings, too, but not those behind a point */
} SourceRow;

/* SourceRow *, in order; lines without code are in none. Caller unrefs. */
GPtrArray *source_rows(const Snippet *snippet);

/* Whether the row's first word is this one ("async" is passed over). */
gboolean source_row_begins(const SourceRow *row, const gchar *word);

/* The words of a code, as in a row; caller frees. */
GStrv source_words(const gchar *code);
