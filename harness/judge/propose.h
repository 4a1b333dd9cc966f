/*
 * propose.h: an expectation that fits several runs of a snippet.
 *
 * Pure. What was the same in all runs is exact. What varied becomes a capture, named after
 * the label before it where there is one: a number {n1:int} or {n1:float}, one in front of
 * a unit of time {sequential_time:seconds}, an address {:address}, anything else {:text}; lines
 * that came in another order, an {unordered} block; a stretch of another number of lines, {...}.
 * Figures in seconds of code that reads a clock are captured even where they were the same.
 */
#pragma once

#include "model/expectation.h"
#include "model/snippet.h"
#include "model/transcript.h"

#define PROPOSE_ERROR (propose_error_quark())
typedef enum {
  PROPOSE_ERROR_VARIES, /* it ends in another way from run to run */
  PROPOSE_ERROR_RUN,    /* it did not run, or printed more than is kept */
} ProposeError;
GQuark propose_error_quark(void);

/* A part for these runs, at least one. old, which may be NULL, is the part that is in its place
 * now: each of its lines that still fits stays as it is written, and so do its relations,
 * as long as what they speak of is captured, and all that is to be true after the run. python is
 * for the new part; NULL for all. */
ExpectationPart *propose_part(const ExpectationPart *old, const gchar *python,
                              const Snippet *snippet, const Transcript *const *runs, guint count,
                              GError **error);

/* TRUE where outcome and output of a part fit all the runs; relations and what is to be true
 * after the run do not count. */
gboolean part_fits(const ExpectationPart *part, const Transcript *const *runs, guint count);

/* What is wrong with a part in itself, NULL for nothing: an outcome, a matcher or a relation
 * that cannot be read. Newly allocated. */
gchar *part_problem(const ExpectationPart *part);

/* How two texts differ, line by line, as Verdict.difference has it; newly allocated. */
gchar *text_difference(const gchar *before, const gchar *after);
