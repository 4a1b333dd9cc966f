/*
 * scratch.h: private folders, and how they go away again.
 */
#pragma once

#include <glib.h>

/* Removes the folder at path with all that is in it, which may be anything
 * that a snippet can make: links are removed and never followed, folders of
 * mode 000 are opened up, and depth costs neither stack nor descriptors. What
 * cannot be removed stays; returns FALSE then. */
gboolean scratch_remove(const gchar *path);
