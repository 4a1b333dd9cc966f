/*
 * run.h: how `proctor run` reads its argument.
 */
#pragma once

#include <glib.h>

/* TRUE for a file to run and FALSE for a snippet's id: "-", what ends in .py,
 * and any regular file that is no document. */
gboolean run_names_file(const gchar *reference);
