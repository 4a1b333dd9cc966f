/*
 * evidence.h: a transcript, asked by line.
 *
 * Everything that it gives out is text: valid UTF-8 without NUL, and no more
 * than EVIDENCE_MAX bytes of it, whatever the snippet wrote.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

#define EVIDENCE_MAX (64u << 10)

typedef struct Evidence Evidence;

/* transcript must outlive it. */
Evidence *evidence_new(const Transcript *transcript);
void evidence_free(Evidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evidence, evidence_free)

/* What some lines wrote to standard output. */
typedef struct {
  gchar *text; /* never NULL */
  guint writes;
  guint ends;         /* writes that end a line: how often a print() ran */
  gboolean is_cut;    /* there was more */
  gboolean in_thread; /* some of it was written by another thread */
} Shown;

/* By the innermost line of each write, and by the outermost. */
Shown evidence_written(const Evidence *evidence, guint first_line, guint last_line);
Shown evidence_written_under(const Evidence *evidence, guint first_line, guint last_line);
void shown_clear(Shown *shown);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shown, shown_clear)

/* The values (const Value *) that were noted for a line: of the bare expression that
 * begins there, where names is NULL, else of those variables. Caller unrefs. */
GPtrArray *evidence_values(const Evidence *evidence, guint line, const gchar *names);

/* The first exception that the lines raised and did not catch, or NULL. One that was
 * only seen on its way does not count. */
const Raised *evidence_raised(const Evidence *evidence, guint first_line, guint last_line);

/* TRUE where the run is known to have gone past this line of the module. */
gboolean evidence_is_past(const Evidence *evidence, guint line);

/* A copy as valid UTF-8 without NUL, cut. */
gchar *evidence_text(const gchar *bytes, gsize size);
