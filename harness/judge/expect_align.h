/*
 * expect_align.h: which lines of an output are which of the accepted ones, where not all of them
 * fit. For showing a difference, and for keeping what was written by hand. Private to judge/.
 */
#pragma once

#include "judge/expect_pattern.h"

typedef enum {
  STEP_SAME, /* the line fits the item's line */
  STEP_ANY,  /* the line is covered by a {...} */
  STEP_GONE, /* nothing fits the item's line */
  STEP_NEW,  /* the line fits nothing */
} StepKind;

typedef struct {
  StepKind kind;
  guint item;  /* in the pattern; not for STEP_NEW */
  guint inner; /* of its lines */
  guint line;  /* of the output; not for STEP_GONE */
} Step;

/* Every line of the output is in one step, in its order, and so is every line of the
 * items. lines: gchar *. Returns Step; caller unrefs. */
GArray *pattern_align(const Pattern *pattern, const GPtrArray *lines);

/* What differs, as Verdict.difference has it, without what lies far from a difference; ""
 * for nothing. At most a few hundred lines. */
gchar *pattern_difference(const Pattern *pattern, const GPtrArray *lines);
