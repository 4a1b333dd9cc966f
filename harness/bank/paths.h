/*
 * paths.h: paths as reports show them, and files that stand above documents. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "files/files.h"

/* A path_from_here(), which is UTF-8 even where the name of a file is not. Newly allocated. */
gchar *path_shown(const gchar *path);

/* What stands under this name beside the first of these documents (Document *), or in the nearest
 * folder above that has one which is meant; NULL for none. Newly allocated. */
gchar *path_find_above(const Files *files, const GPtrArray *documents, const gchar *name,
                       gboolean (*is_meant)(const Files *files, const gchar *path));

/* How many paths a pattern fits, up to `most`. It is absolute; '*', '?', '[' and '\\' as in a
 * shell, which do not stand for a dot at the beginning of a name. A folder that cannot be read may
 * hold any number. */
guint path_count_matches(const Files *files, const gchar *pattern, guint most);
