/*
 * sitting.h: an exam sat from its first run to its last.
 *
 * Listens to signals: SIGINT, SIGTERM and SIGHUP end it early. When it returns, the signals have
 * their default action again, so that a second Ctrl-C ends whatever the caller still does.
 */
#pragma once

#include <glib.h>

#include "run/exam.h"
#include "run/runner.h"
#include "store/expectations.h"

typedef struct {
  GPtrArray *documents;     /* Document * */
  const GHashTable *wanted; /* Snippet *: those whose verdicts are asked for; others are run where
                               one of these needs them. NULL: all */
  /* As in ExamCalls; FALSE ends the sitting early. */
  gboolean (*verdict)(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict,
                      gpointer data);
  gpointer data;
  const Expectations *expectations; /* assigned to the documents; NULL for none */
  gboolean is_rehearsal; /* they do not count for the verdicts: they only say what is looked at
                            after a run */
} Sitting;

typedef struct {
  gboolean is_over; /* every snippet has its verdict */
  gchar *python;    /* "3.11.2"; NULL where no worker has said so */
  guint isolation;  /* WIRE_OWN_... bits, where python is not NULL */
} SittingEnd;

/* In a hall (hall.h) of its own, in which nothing is kept: all is run, and no process of ours is
 * left when it returns. FALSE with RUN_ERROR where no run could be started. */
gboolean sitting_hold(const Sitting *sitting, const RunnerOptions *options, SittingEnd *end,
                      GError **error);

void sitting_end_clear(SittingEnd *end);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SittingEnd, sitting_end_clear)

/* Notes the first of the signals; a main context iteration that waits returns
 * when it comes. Free it when nothing is left to be ended. All watches that are
 * alive at a time see the same: one that is made while another is alive has
 * what that has noted. */
typedef struct SignalWatch SignalWatch;
SignalWatch *signal_watch_new(void);
gint signal_watch_signal(const SignalWatch *watch); /* 0 for none yet */
void signal_watch_free(SignalWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignalWatch, signal_watch_free)
