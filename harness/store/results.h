/*
 * results.h: what runs did, kept from one check to the next; and their history.
 *
 * One SQLite file. Everything in it can be had again by running: a file that is lost, damaged or
 * of another version costs time, and nothing else. Several proctors may have it open at once. What
 * is kept is written in batches, off the way of the run, and is whole or not there however the
 * process ends. How long a result may be trusted is not known here: see run/key.h.
 */
#pragma once

#include <glib.h>

#include "model/result_key.h"
#include "model/transcript.h"
#include "model/verdict.h"

#define RESULTS_ERROR (results_error_quark())
typedef enum {
  RESULTS_ERROR_OPEN,  /* the file cannot be made or opened: no folder, no right, no space */
  RESULTS_ERROR_TAKEN, /* something else is in its place: another program's file, a folder */
} ResultsError;
GQuark results_error_quark(void);

typedef struct Results Results;

/* Opens the file, or makes it with the folders above it. One that is damaged or of another
 * version is replaced; *remark, which may be NULL, is then set to a line that says so. What cannot
 * be told to be ours is taken for a damaged one only in the user's own place. */
Results *results_open(const gchar *path, gchar **remark, GError **error);

/* Writes what is still to be written, and closes. Old results that nobody asked for go. What went
 * wrong with the file since it was opened, as one line; NULL for nothing. Caller frees. */
gchar *results_close(Results *results);

/* Nothing is asked for a while: others may tidy the file up. */
void results_rest(Results *results);

/* "~/.cache/proctor/results.sqlite": the user's own file. Caller frees. */
gchar *results_default_path(void);

/* The transcript of the number-th run (from 0) under this key: the caller's; its `fixture` is
 * NULL, to be set by the caller, its `kept_us` when it was made. NULL where there is none. */
Transcript *results_find(Results *results, const ResultKey *key, guint number);

/* A view of what is in the file now, for one other thread. NULL where there is none to be had. It
 * is made and freed by the thread that has the results, when nobody looks through it. */
typedef struct ResultsView ResultsView;
ResultsView *results_view_new(Results *results);
Transcript *results_view_find(ResultsView *view, const ResultKey *key, guint number);
/* It has looked enough: others may tidy the file up. */
void results_view_rest(ResultsView *view);
void results_view_free(ResultsView *view, Results *results);

/* What results_find() would give for it, but with its `kept_us`; NULL for one that is too long. */
Transcript *results_copy(const Transcript *transcript);

/* Keeps a transcript. content_id is its snippet's, so that results_compare() finds it. */
void results_keep(Results *results, const ResultKey *key, guint number, const gchar *content_id,
                  const Transcript *transcript);

#define RESULTS_NEVER_RUN "it was never run here"

/* Why there is no result under this key: what is different in the result of the same snippet that
 * is most like it, as a phrase: "its fixture has changed since 2026-11-20", RESULTS_NEVER_RUN.
 * Caller frees. */
gchar *results_compare(Results *results, const ResultKey *key, const gchar *content_id);

/* A text that is kept under a name: how a worker described itself; how a bank was split. NULL for
 * none; caller frees. */
gchar *results_text(Results *results, const gchar *name);
void results_keep_text(Results *results, const gchar *name, const gchar *text);
/* The text under the name if one is there that is younger than so many seconds, else this one,
 * which is then kept: of several proctors at once, all get the same. Caller frees. */
gchar *results_agree_text(Results *results, const gchar *name, const gchar *text, guint seconds);

/* Adds to the file at `path`, which is made where there is none, all that another one holds. FALSE
 * with RESULTS_ERROR; then nothing was added. */
gboolean results_join(const gchar *path, const gchar *other, GError **error);

/* --- history ------------------------------------------------------------------------- */

/* What became of a snippet once. */
typedef struct {
  gint64 at_us;         /* real time */
  const gchar *id;      /* of the snippet */
  const gchar *path;    /* of its document, absolute */
  const gchar *content; /* its content id */
  const gchar *commit;  /* that was checked out or read, 40 digits; NULL where there is none */
  gboolean is_dirty;    /* its document was not as in that commit; fixtures, expectations and the
                           configuration may have been others all the same */
  const gchar *python;  /* "3.11.2" */
  VerdictClass class;
  const gchar *said; /* the verdict in a few words; NULL for nothing */
  guint64 wall_ns;
  guint64 cpu_ns; /* user and system */
} HistoryEntry;

/* Adds one. Strings are copied. The last hundred of a snippet id with the same content stay. */
void results_note(Results *results, const HistoryEntry *entry);

/* Calls back for the entries of this document's snippet id and for those of these content ids
 * (NULL-terminated; may be NULL), oldest first; entry is borrowed for the call. */
void results_history(Results *results, const gchar *path, const gchar *id,
                     const gchar *const *contents,
                     void (*each)(const HistoryEntry *entry, gpointer data), gpointer data);

/* The last entries, `most` of them, of this snippet id with this content, oldest first; entry is
 * borrowed for the call. What was noted a moment ago may be missing: results_wait(). */
void results_past(Results *results, const gchar *id, const gchar *content, guint most,
                  void (*each)(const HistoryEntry *entry, gpointer data), gpointer data);

/* Waits until all is written that was kept and noted. */
void results_wait(Results *results);

/* What a snippet of this content took when it was last noted, in nanoseconds of CPU and of wall
 * time; FALSE where that is not known. */
gboolean results_times(Results *results, const gchar *content_id, guint64 *cpu_ns,
                       guint64 *wall_ns);
