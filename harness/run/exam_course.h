/*
 * exam_course.h: how far one snippet has come: the best of its runs so far, and what comes next.
 * Private to run/.
 *
 * Who makes the runs, and who waits for whose verdict, is exam.c's business.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"
#include "model/verdict.h"
#include "run/exam_attempts.h"
#include "run/exam_prelude.h"

/* The best one of some runs. */
typedef struct {
  Transcript *transcript; /* NULL where there was none yet */
  Verdict *verdict;
  gboolean is_usable;          /* later blocks may run after it */
  const FixtureChoice *choice; /* that it was made with, both borrowed */
  const gchar *variant;
} Attempt;

typedef struct {
  const Earlier *blocks; /* of its document; borrowed */
  guint position;        /* its own among them */
  gsize *retained;       /* counts what transcripts are kept */
  Attempts attempts;
  Attempt best;        /* of this round */
  Attempt before;      /* of the round before */
  GHashTable *held;    /* keys of claims that held in any run; NULL where there is but one way */
  GPtrArray *prelude;  /* const Snippet *, of the run that it has or waits for; NULL for none */
  guint prelude_tried; /* blocks before its last run */
} Course;

Course course_of(const Earlier *blocks, guint position, gsize *retained);
void course_clear(Course *course);

/* Keeps the better one of this run and the best so far. Takes both over. */
void course_weigh(Course *course, Transcript *transcript, Verdict *verdict);

/* Goes to the next variant of what it has just tried; FALSE where there is none, or none is
 * wanted: last is how that ended. */
gboolean course_next_variant(Course *course, OutcomeKind last);

typedef enum {
  COURSE_WAITS, /* for the verdicts on earlier blocks */
  COURSE_RUNS,  /* after its prelude, as its attempts say */
  COURSE_ENDS,  /* its best run is known: course_conclude() */
} CourseNext;

/* What comes after all variants were tried; are_settled: all earlier blocks have their verdicts. */
CourseNext course_next(Course *course, gboolean are_settled);

/* Leaves the run that counts as the best one, and says in its verdict what only all runs show. */
void course_conclude(Course *course);
