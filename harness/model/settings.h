/*
 * settings.h: what the bank's configuration says about a snippet.
 *
 * A field that nobody set is NULL or 0: then the command's own option or default counts.
 */
#pragma once

#include <glib.h>

typedef struct {
  gchar *fixture;       /* name of the fixture to run with; "none": with none; NULL: found by
                           the names that the snippet needs */
  gchar *variant;       /* of that fixture; NULL: each in turn, until one fits */
  gchar *fixture_place; /* where these two are said: "bank.yaml:4:14"; NULL where they are not */
  gchar *variant_place;
  gchar *skip;          /* why it is not to be run; NULL: it is */
  gchar *python;        /* versions that it is for, as python_range_is_fine() takes them */
  guint wall_ms;        /* limits for a run of it */
  guint64 memory_bytes; /* of each process, and of all together */
  guint64 output_bytes;
} Settings;

Settings *settings_new(void);
void settings_free(Settings *settings);

/* Sets each field of settings that is set in `over`; strings are copied. Another fixture takes the
 * variant of the one before it away. */
void settings_override(Settings *settings, const Settings *over);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)
