/*
 * fixtures_used.h: which fixtures a check ran its snippets with, and which were not ready.
 *
 * Private to report/. Strings are copied, so that it outlives fixtures and transcripts.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

/* A fixture in one of its variants. */
typedef struct {
  gchar *name;
  gchar *path;      /* as reports print it */
  gchar *variant;   /* NULL for none */
  guint rank;       /* of the variant in its file: the first is 0 */
  guint blocks;     /* that ran with it */
  guint unready;    /* that could not, because it was not ready */
  gchar *failure;   /* why, in one line; NULL where it was ready */
  gchar *traceback; /* lines; NULL where there is none */
} FixtureUse;

typedef struct {
  GPtrArray *uses; /* FixtureUse *, by name, then in the order of the file's variants */
} FixturesUsed;

FixturesUsed *fixtures_used_new(void);
void fixtures_used_free(FixturesUsed *used);

/* Counts one run; passes over one without a fixture. */
void fixtures_used_add(FixturesUsed *used, const Transcript *transcript);

/* Keeps why a fixture cannot be used. FALSE where just that was kept before. variant and
 * traceback may be NULL. */
gboolean fixtures_used_fail(FixturesUsed *used, const Fixture *fixture, const gchar *variant,
                            const gchar *failure, const gchar *traceback);

/* "15 blocks with fixture library: 12 relation, 3 text", a line for each fixture that ran any
 * or was not ready for any; "" for none. Newly allocated. */
gchar *fixtures_used_text(const FixturesUsed *used);
