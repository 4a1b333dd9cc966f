/*
 * news.h: what is different about a verdict from the one before it, in words.
 *
 * For who looks on while documents are edited: only what is new is told.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* What was last told of a snippet. */
typedef struct {
  VerdictClass class;
  gchar *words; /* its problems without the numbers of lines, which change when it merely moves */
} Mark;

/* before: NULL for a snippet that is new. */
Mark *mark_new(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict);
void mark_free(gpointer data);

/* Lines; NULL where there is nothing new. Of a new snippet only what is wrong is told unless
 * tells_all. before may be NULL. */
gchar *news_of(const Mark *before, const Mark *now, const Snippet *snippet,
               const Transcript *transcript, const Verdict *verdict, gboolean tells_all,
               gboolean use_colour);

/* "28 verified, 1 false"; "" for none. counts has VERDICT_CLASSES. Newly allocated. */
gchar *news_counts(const guint *counts);
