/*
 * behaviour.h: what a snippet does in two versions of its bank, and what of that is not the same.
 *
 * Pure. A run differs from another for two reasons: something was changed, or time, chance, an
 * address decides. So what seems to differ is looked at again: both versions are run twice more,
 * each pair with the same hashes of strings, and what is not the same in both runs of one version
 * does not count (behaviour_confirm()). Times count where the spreads of several runs of both do
 * not overlap (behaviour_time()).
 */
#pragma once

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* What became of a claim. */
typedef struct {
  guint line; /* of the document */
  ClaimState state;
  gchar *text;     /* "3", safe to print */
  gchar *sentence; /* "says '3', printed 2", where it is contradicted; else NULL */
  gchar *code;     /* the document's line, safe to print; or NULL */
  gchar *about;    /* what it is known again by: the code that it speaks of, */
  gchar *expected; /* and what it says of that */
} ClaimSeen;

/* One run, and how it was marked: nothing in it belongs to the transcript. */
typedef struct {
  VerdictClass class;
  gboolean has_run;
  gchar *ending;     /* "finishes", "raises ValueError: bad", safe to print */
  gchar *sentence;   /* what the class does not say: "needs django"; NULL for nothing */
  guint line;        /* of the document, where it ended or went wrong */
  gchar *output;     /* what it wrote to both, one after the other; a long one is cut */
  GPtrArray *claims; /* ClaimSeen *, owned */
  guint64 wall_ns, cpu_ns;
  gboolean is_alone; /* no earlier block ran before it */
} Behaviour;

Behaviour *behaviour_new(const Snippet *snippet, const Transcript *transcript,
                         const Verdict *verdict);
void behaviour_free(Behaviour *behaviour);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Behaviour, behaviour_free)

typedef enum {
  NEWS_CLASS = 1 << 0,  /* another class */
  NEWS_ENDING = 1 << 1, /* it ends otherwise */
  NEWS_OUTPUT = 1 << 2, /* another output */
  NEWS_FALSE = 1 << 3,  /* claims became false */
  NEWS_TRUE = 1 << 4,   /* claims became true */
  NEWS_TIME = 1 << 5,   /* it takes much longer, or shorter */
} NewsKinds;

/* Times of several runs, in seconds. */
typedef struct {
  gdouble least, median, most;
} TimeSpread;

/* A snippet in both versions. */
typedef struct {
  const Snippet *before; /* NULL: it was added */
  const Snippet *after;  /* NULL: it was removed */
  gboolean is_renamed, is_moved;
  gboolean is_renumbered; /* renamed, not only its document */
  gchar *because;         /* "its code changed"; NULL where nothing was to be compared */
  gboolean is_edited;     /* its code was, too */
  gboolean is_doubtful;   /* only the earlier blocks changed that it may need */
  gboolean compares_runs; /* more changed than what is said about it */
  Behaviour *was, *is;    /* owned; NULL where it was not run */
  NewsKinds news;
  gboolean varies;         /* from run to run of the same version; that is no news */
  gchar *incomparable;     /* why nothing can be said: "needs django"; or NULL */
  GPtrArray *became_false; /* const ClaimSeen *, of `is` */
  GPtrArray *became_true;  /* likewise */
  gchar *output_diff;      /* unified; NULL without NEWS_OUTPUT */
  gboolean is_cpu;         /* with NEWS_TIME: of CPU, else on the wall */
  TimeSpread time_before, time_after;
  guint timed_runs;
} BehaviourChange;

BehaviourChange *behaviour_change_new(const Snippet *before, const Snippet *after);
void behaviour_change_free(BehaviourChange *change);

/* Fills in what is new in `is` beside `was`, as far as one run of each says. */
void behaviour_compare(BehaviourChange *change);

/* Whether what seems to be new should be looked at again; so it should not where it would take
 * long. */
gboolean behaviour_is_suspect(const BehaviourChange *change);
gboolean behaviour_is_slow_suspect(const BehaviourChange *change);

/* What two further runs of each version leave of it. Any may be NULL: then nothing is taken
 * back. */
void behaviour_confirm(BehaviourChange *change, const Behaviour *const was[2],
                       const Behaviour *const is[2]);

/* Whether these runs (Behaviour *) leave it open that the times of both differ: once they overlap,
 * further ones change nothing. */
gboolean behaviour_time_is_open(const GPtrArray *was, const GPtrArray *is);

/* Adds NEWS_TIME where such runs of both, made alternately, say so. */
void behaviour_time(BehaviourChange *change, const GPtrArray *was, const GPtrArray *is);

/* A claim became false, or the class is one that makes a check fail and was none. */
gboolean behaviour_is_worse(const BehaviourChange *change);

/* One version, for the reports. Strings are borrowed. */
typedef struct {
  const gchar *name;   /* "main (1a2b3c4)", "the disk" */
  const gchar *commit; /* 40 digits; NULL for the disk */
  guint blocks;
} BehaviourVersion;

typedef struct {
  BehaviourVersion before, after;
  const GPtrArray *changes; /* BehaviourChange *, in the order of the newer bank */
  const GPtrArray *renames; /* gchar *: "docs/a.md is docs/b.md now"; NULL for none */
  const gchar *python;      /* NULL where nothing was run, nor known */
  guint runs;               /* that were made */
  gdouble seconds;
  gboolean is_incomplete;
} BehaviourReport;

/* Counts over all changes. */
typedef struct {
  guint compared, added, removed, moved, renumbered, incomparable, varying;
  guint worse;                                     /* snippets that behave worse */
  guint became_false, became_true;                 /* claims */
  guint classes, endings, outputs, slower, faster; /* snippets */
} BehaviourCounts;
BehaviourCounts behaviour_counts(const BehaviourReport *report);

/* For a terminal or a log; for programs, as diff.schema.json describes it; as a comment on a
 * pull request. All end in a newline; newly allocated. */
gchar *behaviour_text(const BehaviourReport *report, gboolean use_colour);
gchar *behaviour_json(const BehaviourReport *report, const gchar *version);
gchar *behaviour_markdown(const BehaviourReport *report);

/* "became false, 1 true; ..." the line of counts that text and Markdown share; newly allocated. */
gchar *behaviour_counts_text(const BehaviourCounts *counts);
/* "0.012 s (0.011 to 0.013)". */
gchar *behaviour_spread_text(const TimeSpread *spread);
