/* memory_files.h: a tree of files made by a test. */
#pragma once

#include "files/files.h"

/* An empty one that stands at an absolute folder, which need not be there. */
Files *memory_files_new(const gchar *root);

/* path is from the root; folders come with what is in them. */
void memory_files_put(Files *files, const gchar *path, const gchar *text);
/* A link; target is the path from the root of what it leads to. */
void memory_files_link(Files *files, const gchar *path, const gchar *target);
