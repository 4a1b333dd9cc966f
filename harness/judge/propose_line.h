/*
 * propose_line.h: one line of output as several runs wrote it. Private to judge/.
 */
#pragma once

#include <glib.h>

/* The names that were given, and what decides about them. */
typedef struct {
  GHashTable *taken; /* gchar *: names that are in use, owned */
  GHashTable *large; /* what a large number was in each run -> its name, both owned: where the
                        same comes again, it is the same number */
  gboolean is_timed; /* the code reads a clock */
  gboolean is_bare;  /* give no names: the lines may come in another order */
} Naming;

/* What is left of a line when what may vary is taken out of it. */
typedef enum {
  SHAPE_EXACT,  /* nothing is */
  SHAPE_LOOSE,  /* fractions and addresses */
  SHAPE_LOOSER, /* all numbers */
  SHAPES
} Shape;

gchar *line_shape(const gchar *line, Shape shape);

/* A line of a pattern that fits all of them. */
gchar *propose_line(gchar *const *variants, guint count, Naming *naming);
