/*
 * marking.h: one claim against the evidence. Private to judge/.
 */
#pragma once

#include "judge/evidence.h"
#include "model/verdict.h"

typedef struct {
  const Snippet *snippet;
  const Transcript *transcript;
  const Evidence *evidence;
  const gchar *missing; /* why nothing may be accused: a name or a module is
                           missing, or nothing ran; NULL where it may */
  guint failed_line;    /* line of the first exception that no claim speaks of: what
                           follows it in a session proves nothing; 0 for none */
} Case;

/* What becomes of a claim. actual is owned, as is note. */
typedef struct {
  ClaimState state;
  gchar *actual;
  gchar *note;
} Mark;

Mark mark_line(const Case *cause, const Claim *claim);
Mark mark_exception(const Case *cause, const Claim *claim);
Mark mark_example(const Case *cause, const Claim *claim);
Mark mark_output(const Case *cause, const Claim *claim);

/* The makers of marks. Strings are copied; NULL is fine. */
Mark mark_holds(const gchar *actual, const gchar *note);
Mark mark_unchecked(const gchar *actual, const gchar *note);

/* Contradicted, unless the claim is cautious or something is missing: then it
 * cannot be checked, and the note says why. */
Mark mark_accuse(const Case *cause, const Claim *claim, const gchar *actual, const gchar *note);

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
