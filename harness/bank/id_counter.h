/*
 * id_counter.h: names that are given once only.
 *
 * The first to ask for a name gets it; those after get "name~2", "name~3" and
 * so on. Private to bank/.
 */
#pragma once

#include <glib.h>

typedef struct IdCounter IdCounter;

IdCounter *id_counter_new(void);
void id_counter_free(IdCounter *ids);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IdCounter, id_counter_free)

/* Takes wanted over; returns a new string. Constant time on the average, however
 * often a name is asked for. */
gchar *id_counter_take(IdCounter *ids, gchar *wanted);
