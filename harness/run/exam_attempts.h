/*
 * exam_attempts.h: which attempt at a snippet comes next. Pure; private to run/.
 *
 * An attempt is with or without the fixture, in one of its variants, and alone or after
 * earlier blocks. A round is a series of attempts, all with the fixture or all without, with
 * a best one of its own: first each variant alone, until one fits; then, where that can
 * help, after earlier blocks, the variant that is the likeliest there first. Most snippets
 * have one round of one variant: no fixture. A snippet with one may have two rounds, of
 * which the better counts: with the fixture and without, or, where it is late, the other way
 * round. A snippet without one that misses a name which an earlier block binds with a fixture
 * has a second round with that one's, after earlier blocks only.
 *
 * What the runs did stands in exam.c; here is only what follows from it.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

typedef enum { LEVEL_ALONE, LEVEL_HEADING, LEVEL_DOCUMENT, LEVELS } Level;

typedef struct {
  const FixtureChoice *choice; /* NULL: there is no fixture to be had */
  const gchar *only;           /* variant that counts; NULL: each */
  gboolean has_fixture;        /* this round is with it */
  gboolean is_second;          /* round */
  Level level;                 /* of this attempt */
  guint variant;               /* of this attempt: its place among those that count; 0 without */
  guint best;                  /* variant of the best attempt of this round */
  guint preferred;             /* the one that this level began with */
  guint turn;                  /* how many of this level came before this attempt */
} Attempts;

/* The first attempt: alone, with the fixture unless it is late or unusable. */
Attempts attempts_new(const Snippet *snippet);

/* The present attempt's choice and variant, both borrowed from the snippet; NULL for none. */
const FixtureChoice *attempts_choice(const Attempts *attempts);
const gchar *attempts_variant(const Attempts *attempts);
/* The place of the variant of that name; `otherwise` where there is none. */
guint attempts_find_variant(const Attempts *attempts, const gchar *name, guint otherwise);

/* The present attempt is the best one of its round. */
void attempts_note_best(Attempts *attempts);

/* Goes to the next variant of this level. FALSE where there is none, or none is wanted: last
 * is how the present attempt ended, best is the best one of this round. */
gboolean attempts_next_variant(Attempts *attempts, OutcomeKind last, const Transcript *best,
                               const Verdict *best_verdict);

/* Goes to another level of this round, which begins with this variant. */
void attempts_enter(Attempts *attempts, Level level, guint variant);

/* Goes to the second round. FALSE where there is none, or none is wanted. */
gboolean attempts_next_round(Attempts *attempts, const Transcript *best,
                             const Verdict *best_verdict);

/* Goes to a second round that has not begun yet: attempts_enter() does. */
void attempts_borrow(Attempts *attempts, const FixtureChoice *choice, const gchar *variant);

/* When both rounds are over: whether the second one counts. */
gboolean attempts_second_counts(const Attempts *attempts, const Transcript *first,
                                const Verdict *first_verdict, const Transcript *second,
                                const Verdict *second_verdict);
