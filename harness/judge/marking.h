/*
 * marking.h: one claim against the evidence. Private to judge/.
 */
#pragma once

#include "judge/evidence.h"
#include "judge/fixture_data.h"
#include "judge/judge.h"
#include "judge/literal.h"
#include "judge/match.h"
#include "model/verdict.h"

/* What is noted of a statement that runs again and again is noted as often at most:
 * after so many times others may have followed. */
#define NOTED_TIMES 8u

typedef struct {
  const Snippet *snippet;
  const Transcript *transcript; /* the first of the sheet's */
  const Evidence *evidence;
  const GPtrArray *runs;   /* Evidence * of each transcript; the first is the one above */
  GStrv lines;             /* of the source, see source.h */
  const gchar *missing;    /* why nothing may be accused: a name or a module is
                              missing, or nothing ran; NULL where it may */
  const FixtureData *data; /* what a fixture may have decided; NULL for none */
  guint failed_line;       /* line of the first exception that no claim speaks of: what
                              follows it in a session proves nothing; 0 for none */
} Case;

/* What becomes of a claim. actual is owned, as is note. */
typedef struct {
  ClaimState state;
  gchar *actual;
  gchar *note;
  gboolean wants_more; /* another run could tell */
  ClaimPardon pardon;
} Mark;

/* One for each target of a claim. */
Mark mark_line(const Case *cause, const Claim *claim);
Mark mark_exception(const Case *cause, const Claim *claim);
Mark mark_passing(const Case *cause, const Claim *claim);
Mark mark_example(const Case *cause, const Claim *claim);
Mark mark_output(const Case *cause, const Claim *claim);
Mark mark_names(const Case *cause, const Claim *claim);
Mark mark_hang(const Case *cause, const Claim *claim);
Mark mark_speed(const Case *cause, const Claim *claim);

/* Whatever the target, for code that is commented out. */
Mark mark_probed(const Case *cause, const Claim *claim);

/* The makers of marks. Strings are copied; NULL is fine. */
Mark mark_holds(const gchar *actual, const gchar *note);
Mark mark_unchecked(const gchar *actual, const gchar *note);

/* Contradicted, unless the claim is cautious, something is missing or the data of a fixture
 * decided it: then it cannot be checked, and the note says why. */
Mark mark_accuse(const Case *cause, const Claim *claim, const gchar *actual, const gchar *note);

/* Nothing of what the line does was seen: why. */
Mark mark_unseen(const Case *cause, const Claim *claim);

/* Holds where the claim agrees with any of the values (const Value *). */
gboolean mark_any_value(const GPtrArray *values, const gchar *expected, Mark *mark);

/* A value as a reader would write it: as its fixture shows it, else its repr. Borrowed. */
const gchar *value_text(const Value *value);

/* How a claim agrees with the repr of a value, or with what a fixture shows for it; *agreed is
 * set to the one that does. */
Match value_match(const gchar *expected, const Value *value, const gchar **agreed);

/* TRUE where all of them have the same repr; also for none. */
gboolean values_are_equal(const GPtrArray *values);

/* Both are values, of these kinds, and not the same. */
Mark mark_values(const Case *cause, const Claim *claim, LiteralKind claimed, LiteralKind kind,
                 const gchar *actual);

/* Why a value that is not the claimed one proves nothing: it was cut, varies, or was
 * shortened by the author; NULL where it proves something. */
const gchar *value_pardon(const gchar *expected, const Value *value);

/* Something was raised, and it is not what is claimed. */
Mark mark_other_exception(const Case *cause, const Claim *claim, const Raised *raised);
Mark mark_claimed_exception(const Claim *claim, const Raised *raised);

/* TRUE where the claim means this exception; an unnamed one means any. */
gboolean claim_means(const Claim *claim, const Raised *raised);

/* TRUE where the claim only says that there is some exception. */
gboolean claim_names_no_exception(const Claim *claim);

/* How often the statement that begins on a line was noted to have run to its end. */
guint times_passed(const Transcript *transcript, guint line);

/* TRUE where an exception was noted as it left the lines themselves. */
gboolean raised_left(const Raised *raised, guint first_line, guint last_line);

/* TRUE where an exception of this (unqualified) name was meant by what was
 * raised: its class or a base of it. */
gboolean raised_is(const Raised *raised, const gchar *name);

/* TRUE where it says that something is missing here, not that the text is
 * wrong: a name, a module, a file, input. */
gboolean raised_is_missing(const Raised *raised);

/* TRUE for the built-in exceptions of plain mistakes: where one of them is meant
 * and another is raised, the text is wrong. */
gboolean exception_is_plain(const gchar *name);

/* TRUE where a text shows <...> of anything but a class: such reprs hold
 * addresses and paths, and are worded anew from version to version. */
gboolean repr_may_vary(const gchar *text);

/* "ValueError: bad", on one line. */
gchar *raised_text(const Raised *raised);

/* The name of the exception that a shown traceback or its last line ends in, and
 * its message; NULL where want shows none. */
gchar *want_exception(const gchar *want, gchar **message);
