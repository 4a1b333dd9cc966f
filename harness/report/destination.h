/*
 * destination.h: where a report is written to.
 *
 * A file is written beside its final place and renamed when all of it is
 * there, so that nobody ever reads half of one, and an old one survives a run
 * that fails. Standard output ("-"), and what is no regular file (a pipe, a
 * device), is written to directly.
 */
#pragma once

#include <glib.h>

typedef struct Destination Destination;

/* Opens it now, so that a path that cannot be written is found before any
 * work is done. NULL with a GFileError. */
Destination *destination_open(const gchar *path, GError **error);

/* A write that fails makes the commit fail. */
void destination_write(Destination *destination, const gchar *bytes, gsize size);
void destination_print(Destination *destination, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* For readers of a pipe who want it as it comes. A failure makes the commit fail. */
void destination_flush(Destination *destination);

/* Flushes and puts it in place. FALSE with a GFileError of the first failure;
 * call it once. */
gboolean destination_commit(Destination *destination, GError **error);

/* Without a commit before, nothing is left of what was written to a file. */
void destination_free(Destination *destination);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Destination, destination_free)
