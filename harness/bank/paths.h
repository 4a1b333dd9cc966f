/*
 * paths.h: paths as reports show them, and files that stand above documents. Private to bank/.
 */
#pragma once

#include <glib.h>

/* A path as a reader would name it: from the current folder where it lies there, else whole.
 * Newly allocated. */
gchar *path_shown(const gchar *path);
