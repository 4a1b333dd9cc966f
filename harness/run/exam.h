/*
 * exam.h: which snippet runs when, alone or after earlier blocks.
 *
 * The rule, from what material in the wild needs:
 *  1. each snippet runs alone;
 *  2. if it then misses a name that an earlier block of its document binds, or
 *     its marking says that it does not satisfy, it runs again after the
 *     earlier blocks under its heading, and if that does not do either, after
 *     all earlier blocks of its document;
 *  3. the better of the runs counts, the earlier one where they are equal;
 *  4. while the verdict on that one says that it wants more, the same run is
 *     repeated, and marked with all its repetitions.
 *
 * It runs again when the verdicts on those earlier blocks are in, so that none
 * that never ends is among them: what does not compile, hangs, crashes or leaves
 * the process is left out, as are slow ones unless they bind a name that is
 * missing; at most 200 run before another, the nearest ones. A claim that holds
 * alone is not accused for what earlier blocks did.
 *
 * A snippet with a fixture runs with it in each of these, in its first variant, and in the
 * next ones while the runs do not satisfy; what satisfies in one is not accused for another,
 * and a claim that held with any is not false. Further:
 *  - where the fixture is late, because an earlier block of the document binds one of its
 *    names, all is tried without it first, and with it only if that does not satisfy: then
 *    how it ends with all its names counts, not that it was not run without them;
 *  - where it cannot be made ready, or something seems false with it that nobody has
 *    configured, all is tried without it, too. Unless that satisfies, what the fixture needs
 *    is the verdict;
 *  - an earlier block that counts with a fixture runs again only with the same. One without
 *    a fixture that misses what such a block binds runs after it, with its fixture.
 *
 * Where only some verdicts are asked for, the other blocks are not run, but for those before one
 * that waits for them: its verdict is the same as if all had been asked for.
 *
 * What the configuration skips, or wants only for other Pythons, is not run.
 *
 * The exam knows nothing of claims or processes: marking and running are
 * functions that it is given, so that it is tested without either.
 */
#pragma once

#include <glib.h>

#include "model/document.h"
#include "model/transcript.h"
#include "model/verdict.h"
#include "run/runner.h"

typedef struct {
  /* Starts a run; calls done exactly once, never before it returns. */
  void (*submit)(gpointer runner, const RunRequest *request, RunnerDone done, gpointer data);
  gpointer runner;
  /* Marks a run: the first of count transcripts; the others are repetitions of it, which
   * were asked for by the verdict before (wants_more). The verdict is the caller's. */
  Verdict *(*mark)(const Snippet *snippet, const Transcript *const *transcripts, guint count,
                   gpointer data);
  /* The final verdict of a snippet: once each, in the order in which they
   * become known. transcript is of the run that counts. Both are borrowed. */
  void (*verdict)(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict,
                  gpointer data);
  gpointer data;
  const gchar *python;      /* the one of this run, "3.11"; NULL: none is skipped for it */
  const GHashTable *wanted; /* const Snippet *: those whose verdicts are asked for; NULL: all */
} ExamCalls;

/* Whether it is one of these. */
gboolean exam_wants(const GHashTable *wanted, const Snippet *snippet);

typedef struct Exam Exam;

/* documents: Document *, borrowed, as is everything in calls. */
Exam *exam_new(GPtrArray *documents, const ExamCalls *calls);

/* The request that the exam makes first for a snippet, unless it is skipped. */
RunRequest exam_first_request(const Snippet *snippet);

/* Submits the first runs. The rest follows from their callbacks. */
void exam_start(Exam *exam);

/* TRUE when every snippet that is asked for has its final verdict. */
gboolean exam_is_over(const Exam *exam);

void exam_free(Exam *exam);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exam, exam_free)
