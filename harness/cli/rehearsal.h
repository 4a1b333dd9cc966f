/*
 * rehearsal.h: snippets that sit the exam several times, some under other hash seeds, to show
 * what is the same each time.
 */
#pragma once

#include "cli/sitting.h"

#define REHEARSAL_RUNS 5u

typedef struct {
  VerdictClass class; /* of the first sitting, without an expectation */
  gchar *reason;      /* may be NULL */
  GPtrArray *runs;    /* Transcript *: REHEARSAL_RUNS of them, or one for a class that cannot be
                         accepted; how they ended, what they printed, and what their
                         expectation looked at; nothing else */
} Rehearsed;

typedef struct {
  GHashTable *by_snippet; /* const Snippet * -> Rehearsed * */
  gchar *python;          /* "3.11.2" */
} Rehearsal;

/* NULL after having complained: also where it was interrupted. snippets: const Snippet *. Each
 * is run after the earlier blocks that it needs. What their expectations want true after a run is
 * looked at. */
Rehearsal *rehearsal_hold(const GPtrArray *snippets, const RunnerOptions *options,
                          const Expectations *expectations);
void rehearsal_free(Rehearsal *rehearsal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rehearsal, rehearsal_free)

/* Why what a snippet does cannot be accepted; NULL where it can. Newly allocated. */
gchar *rehearsed_refusal(const Rehearsed *rehearsed);
