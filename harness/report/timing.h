/*
 * timing.h: repeated runs of one snippet, for a person and for programs.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"

typedef struct {
  const Snippet *snippet;
  gchar *python;       /* "3.11.2"; NULL where it is not known */
  guint prelude;       /* earlier blocks that ran before it each time; their time counts */
  gdouble total;       /* seconds that all of it took */
  GArray *wall;        /* gdouble, seconds, one a run; */
  GArray *user;        /* likewise */
  GArray *system;      /* likewise */
  GArray *peak;        /* gdouble, bytes */
  GPtrArray *outcomes; /* gchar *, one a run */
} Timing;

Timing *timing_new(const Snippet *snippet);
void timing_add(Timing *timing, const Transcript *transcript);
void timing_free(Timing *timing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Timing, timing_free)

/* Several lines; with a histogram of the wall times for a terminal. */
gchar *timing_text(const Timing *timing, gboolean with_histogram);

/* One object: id, file, line, python, prelude, runs, wall and user and system (seconds:
 * median, deviation, mean, min, max, mild_outliers, severe_outliers, samples),
 * peak_bytes (a median), outcomes (how many runs ended how). Ends in a newline. */
gchar *timing_json(const Timing *timing);
