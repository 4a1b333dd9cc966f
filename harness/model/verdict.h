/*
 * verdict.h: the mark that a snippet gets, and the ledger that adds them up.
 *
 * Every snippet found gets exactly one class.
 */
#pragma once

#include <glib.h>

#include "model/expectation.h"
#include "model/snippet.h"
#include "model/transcript.h"

typedef enum {
  VERDICT_VERIFIED,
  VERDICT_FALSE,
  VERDICT_CHANGED,
  VERDICT_RAN,
  VERDICT_RAISED,
  VERDICT_HUNG,
  VERDICT_LIMIT,
  VERDICT_CRASHED,
  VERDICT_FRAGMENT,
  VERDICT_NEEDS,
  VERDICT_UNPARSABLE,
  VERDICT_SKIPPED,
  VERDICT_INFRA,
  VERDICT_CLASSES /* how many there are */
} VerdictClass;

/* What became of a claim. */
typedef enum {
  CLAIM_HOLDS,
  CLAIM_CONTRADICTED,
  CLAIM_NOT_CHECKABLE,
} ClaimState;

/* What else than the snippet may have decided a claim that it contradicts; then it is
 * CLAIM_NOT_CHECKABLE. */
typedef enum {
  PARDON_NONE,
  PARDON_ROWS,    /* the rows of a fixture */
  PARDON_EARLIER, /* what earlier blocks left behind */
} ClaimPardon;

typedef struct {
  const Claim *claim; /* borrowed from the snippet, or of the verdict's own */
  ClaimState state;
  gchar *actual; /* what happened instead, or as well; NULL where nothing
                    was seen */
  gchar *note;   /* why it is not checkable, or "equal as values"; or NULL */
  ClaimPardon pardon;
} ClaimResult;

/* What became of the expectation. */
typedef enum {
  EXPECTATION_NONE,     /* there is none for the snippet, or none for this Python */
  EXPECTATION_MET,      /* what happened is what was accepted */
  EXPECTATION_DIFFERS,  /* it is not */
  EXPECTATION_UNCLEAR,  /* all but a relation of times, which cannot be told on this machine */
  EXPECTATION_UNTESTED, /* nothing ran that it could be compared with */
} ExpectationState;

typedef struct {
  VerdictClass class;
  gchar *outcome;     /* transcript_outcome_text() of the run that was marked */
  gchar *reason;      /* what the class alone does not say: "needs django",
                         "name 'Book' is bound nowhere"; or NULL */
  gchar *session;     /* which earlier blocks ran before it, for the report:
                         "after 3 earlier blocks of its heading"; or NULL */
  gchar *fixture;     /* what it ran with, and why: fixture_choice_text(); or NULL */
  GPtrArray *results; /* ClaimResult *, owned, one a claim, in their order; then those of
                         `claims` */
  GPtrArray *claims;  /* Claim *, owned: what a fixture found to be said, which the snippet
                         alone does not show */
  ExpectationState expectation;
  gchar *difference;   /* for EXPECTATION_DIFFERS and _UNCLEAR: what is not as accepted, lines
                          that begin with "-" (accepted), "+" (happened), " " (both) or "!"
                          (a relation, an outcome); or NULL */
  gboolean wants_more; /* a claim or relation about time is not clear yet: mark it again
                          with one more run */
} Verdict;

Verdict *verdict_new(VerdictClass class);
void verdict_free(Verdict *verdict);

/* actual and note are copied and may be NULL. */
void verdict_add_result(Verdict *verdict, const Claim *claim, ClaimState state, const gchar *actual,
                        const gchar *note);
guint verdict_count(const Verdict *verdict, ClaimState state);

/* "verified", "false", ...; never NULL. */
const gchar *verdict_class_name(VerdictClass class);

/* TRUE for the classes that make a check fail: false, changed, hung, crashed. */
gboolean verdict_class_fails(VerdictClass class);

/* Counts over a whole run. */
typedef struct {
  guint blocks;
  guint classes[VERDICT_CLASSES];
  guint held;         /* claims that hold, */
  guint contradicted; /* are contradicted, */
  guint unchecked;    /* or could not be checked */
} Ledger;

void ledger_add(Ledger *ledger, const Verdict *verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)
