/*
 * grade.h: what a verdict comes to in reports that know less than thirteen classes. Private to
 * report/; formats.h has the table.
 */
#pragma once

#include <glib.h>

#include "model/verdict.h"

/* In a report of tests. */
typedef enum { GRADE_PASSED, GRADE_FAILED, GRADE_ERROR, GRADE_SKIPPED } Grade;

/* In a list of problems. */
typedef enum { LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR, LEVELS } Level;

Grade grade_of_class(VerdictClass class, gboolean is_strict);
Level level_of_class(VerdictClass class, gboolean is_strict);

/* "false: says '1', printed 2 (and 3 more)", "skipped: needs a network": one line. problems are
 * those of problems_of_verdict(); NULL where there is nothing to say. Newly allocated. */
gchar *verdict_summary(const Verdict *verdict, const GPtrArray *problems);

/* The same of one that was not asked for; selection is the report's. */
gchar *left_out_summary(const gchar *selection);
