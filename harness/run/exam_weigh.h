/*
 * exam_weigh.h: what a run and the verdict on it say to the exam. Pure; private to run/.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"
#include "model/verdict.h"

/* Names that a run would have needed. Earlier blocks help where they bind any
 * of them, but a run that was held back will be again until the first `certain`
 * ones are all bound. */
typedef struct {
  GPtrArray *names; /* strings of the transcript */
  guint certain;
} Missing;

Missing missing_names(const Transcript *transcript, const Verdict *verdict);
void missing_clear(Missing *missing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Missing, missing_clear)

/* Whether it helps that those names are bound for which is_bound is set. */
gboolean missing_are_found(const Missing *missing, const gboolean *is_bound);

/* Whether it is worse than it should be, which the order of the document may explain. */
gboolean run_may_be_explained(const Verdict *verdict);

/* Whether earlier blocks could make more of it. */
gboolean run_is_unsatisfying(const Transcript *transcript, const Verdict *verdict);

/* Whether this verdict is to count instead of the one before. */
gboolean run_is_better(const Verdict *verdict, const Verdict *than);

/* Whether the snippet could fit another variant of its fixture better: it does not run to its
 * end, something seems false, or nothing that it says was found true. */
gboolean run_may_fit_better(const Transcript *transcript, const Verdict *verdict);

/* Like run_is_better(), for runs with different fixtures or variants: what satisfies counts
 * instead of what accuses, whatever was compared. */
gboolean run_fits_better(const Transcript *transcript, const Verdict *verdict, const Verdict *than);

/* Whether it ran, and how it ended is its own doing, where the other was not run for a name that
 * it misses: no earlier block had a part in it. */
gboolean run_got_further(const Transcript *transcript, const Verdict *verdict, const Verdict *than);

/* Earlier blocks bind names that the snippet uses: that they decide its claims, too, counts. Else
 * a claim that was contradicted alone stays so, unless it holds after them. */
void run_accept_excuses(Verdict *verdict);

/* Adds what holds in a run to a set of strings, but for what a line was about to do that raised an
 * exception; and, where a claim that seems false in the run that counts held in another one, with
 * another variant, takes that back. */
void run_note_held(const Transcript *transcript, const Verdict *verdict, GHashTable *held);
void run_pardon(const Transcript *transcript, Verdict *verdict, GHashTable *held);

/* Whether a later block may run after it: nothing that ends a process, or takes
 * it to a limit. */
gboolean run_is_usable(const Transcript *transcript);

/* About how many bytes a transcript keeps. */
gsize run_weight(const Transcript *transcript);
