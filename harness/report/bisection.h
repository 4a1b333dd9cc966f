/*
 * bisection.h: since when a snippet is what it is, for a person and for programs.
 *
 * Plain data; all strings are owned.
 */
#pragma once

#include <glib.h>

#include "model/verdict.h"

/* A commit that may have made it so. */
typedef struct {
  gchar *id;
  gchar *short_id;
  gchar *author;
  gchar *email;
  gint64 time; /* of the author, seconds */
  gint offset; /* of the author's clock, minutes east */
  gchar *summary;
  gchar *path;   /* of the snippet's document there; NULL where it cannot be told */
  guint line;    /* of its first line of code there */
  gchar *change; /* "its code changed"; "" for nothing, "it is new" */
  gchar *state;  /* what it is there where it cannot run: "unparsable", or why the bank could not
                    be read; else NULL */
} BisectionCommit;

/* What became of it at a commit. */
typedef struct {
  VerdictClass class;
  gchar *place;    /* "docs/a.md:12" of the claim, or of the code */
  GPtrArray *said; /* gchar *: what there is to say, a line each: "says '1', printed 2" */
  gchar *output;   /* what it printed, as much as is worth reading; NULL where it did not run */
  gchar *source;
} BisectionState;

typedef struct {
  gchar *id;  /* of the snippet, as it stands at the bad end */
  gchar *end; /* the bad end, as it was named, "HEAD (1a2b3c4)" */
  gchar *cut; /* why the history ends where it does: "the clone is shallow"; NULL where it is
                 whole */
  BisectionState *now;
  gboolean is_fine;       /* nothing is wrong with that */
  GPtrArray *commits;     /* BisectionCommit *, owned, the newest first */
  gboolean is_first;      /* one of them has no parent */
  BisectionState *before; /* NULL where it was not there, or not known */
  BisectionState *since;
  gchar *difference; /* of the code, lines that begin with "-", "+" or " "; "" for none */
  guint looked;      /* at so many commits, */
  guint states;      /* with so many states that can differ, */
  guint judged;      /* so many of which were looked into: */
  guint runs;        /* so many runs, */
  guint known;       /* and so many that were known */
  gdouble seconds;
} Bisection;

Bisection *bisection_new(void);
void bisection_free(Bisection *bisection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bisection, bisection_free)
void bisection_state_free(BisectionState *state);
void bisection_commit_free(BisectionCommit *commit);

/* FALSE where it is fine, and never was anything else. */
gboolean bisection_is_found(const Bisection *bisection);

/* Several lines. */
gchar *bisection_text(const Bisection *bisection);

/* One object: id, end, class, commits (id, author, email, date, summary, file, line, change,
 * state), certain, before, since (class, place, said, output, or null), looked, states, judged,
 * runs, known, seconds. Ends in a newline. */
gchar *bisection_json(const Bisection *bisection);
