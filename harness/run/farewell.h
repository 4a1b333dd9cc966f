/*
 * farewell.h: why a zygote is gone, in words.
 *
 * Private to run/.
 */
#pragma once

#include <glib.h>

#include "run/zygote.h"

/* What is known of a zygote that is to end. */
typedef struct {
  const gchar *title; /* of its fixture, as Snapshot has it; NULL for none */
  const gchar *words; /* why we end it; NULL where it ended by itself */
  gboolean is_loading;
  gboolean has_served; /* a run has ended on it */
} FarewellCase;

typedef struct {
  gchar *words;          /* why it is gone, one line; it speaks of the fixture where there is one */
  gchar *lines;          /* what it wrote to its standard error; NULL for nothing */
  gboolean is_own_fault; /* the worker failed, not what it had loaded */
  gint status;           /* as waitpid gives it */
} Farewell;

/* Ends it, and says why. */
Farewell farewell_take(Zygote *zygote, const FarewellCase *about);
void farewell_clear(Farewell *farewell);
