/*
 * snapshot.h: what the zygotes of one fixture, in one variant, have in common.
 *
 * Private to run/. A zygote that has loaded a fixture runs what wants that fixture and nothing
 * else; one that has loaded none runs the rest. So requests wait in one queue for each snapshot.
 */
#pragma once

#include <glib.h>

#include "run/runner.h"

/* What somebody asked for. */
typedef struct {
  RunRequest request; /* with a copy of the list of its prelude */
  RunnerDone done;
  gpointer data;
  guint64 number; /* in the order of submission */
  gboolean is_second_try;
} Job;

Job *job_new(const RunRequest *request, RunnerDone done, gpointer data);
void job_free(Job *job);

typedef struct {
  gchar *fixture; /* absolute path; NULL for none, as all but jobs, then */
  gchar *variant; /* "" for none */
  gchar *title;   /* "fixture library.py", "fixture library.py (text)" */
  GQueue jobs;    /* Job *, owned: those that wait, in order of their numbers */
  guint failures; /* zygotes that were lost before they had been of any use */
  gchar *failure; /* why no zygote of it can be had, one line; or NULL */
  gchar *traceback;
  gboolean is_ours;  /* the failure is no fixture's */
  gboolean has_left; /* something may be on the database server, see sweep.h: */
  guint32 left_run;  /* runs with a higher number have begun later */
} Snapshot;

/* fixture and variant are copied, and may be NULL. */
Snapshot *snapshot_new(const gchar *fixture, const gchar *variant);
void snapshot_free(Snapshot *snapshot);

/* No zygote of it can be had: what waits for one, and what comes, will not be run. The texts
 * are copied, and count only the first time; traceback may be NULL. */
void snapshot_break(Snapshot *snapshot, gboolean is_ours, const gchar *failure,
                    const gchar *traceback);

/* The transcript of a job that was not run because of that; the caller's. */
Transcript *snapshot_refusal(const Snapshot *snapshot, const Job *job);
