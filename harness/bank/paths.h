/*
 * paths.h: paths as reports show them, and files that stand above documents. Private to bank/.
 */
#pragma once

#include <glib.h>

/* A path as a reader would name it: from the current folder where it lies there, else whole.
 * Newly allocated. */
gchar *path_shown(const gchar *path);

/* What stands under this name beside the first of these documents (Document *), or in the nearest
 * folder above that has one which is meant; NULL for none. Newly allocated. */
gchar *path_find_above(const GPtrArray *documents, const gchar *name,
                       gboolean (*is_meant)(const gchar *path));
