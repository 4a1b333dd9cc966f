/*
 * literal_shape.h: whether two values are built alike, whatever they hold. Private to judge/.
 *
 * What rows a database holds decides how long a list is and what stands in it; the code
 * decides that it is a list of dictionaries, and often their keys.
 */
#pragma once

#include <glib.h>

/* TRUE where `actual` can never be built as `claimed` says, whatever data there is: one is a list
 * and the other a dictionary; their keys differ and all keys of actual are spelled in code
 * (each part between '_' is a word of it); a list of simple values is one of tuples, or of
 * dictionaries whose keys are spelled; an empty list is None. FALSE for anything that holds no
 * values. */
gboolean literal_shape_differs(const gchar *claimed, const gchar *actual, const gchar *code);
