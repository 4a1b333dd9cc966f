/*
 * problems.h: what there is to say about a verdict, in words.
 *
 * One sentence a problem, for a person who reads it in a terminal or in the
 * log of a CI run, with the line of the document that it is about.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

typedef struct {
  guint line;                /* of the document */
  VerdictClass class;        /* the word before the sentence */
  gchar *sentence;           /* one line, safe to print */
  gchar *code;               /* the document's line, safe to print; or NULL */
  const ClaimResult *result; /* the verdict's, of a claim that is contradicted; NULL for what is
                                said of the snippet as a whole */
} ProblemLine;

void problem_line_free(ProblemLine *problem);

/* The problems of one verdict, in order of their lines: ProblemLine *, owned
 * by the array. Empty for a verified or skipped snippet; for one that merely
 * ran, too, unless is_strict. */
GPtrArray *problems_of_verdict(const Snippet *snippet, const Transcript *transcript,
                               const Verdict *verdict, gboolean is_strict);

/* "says 'Output: [1]', printed [1, 2]" of a claim that is contradicted. */
gchar *problem_of_claim(const ClaimResult *result);

/* The document's line on which a run ended, or went wrong; its first where
 * nothing better is known. */
guint problem_line_of_run(const Snippet *snippet, const Transcript *transcript);
