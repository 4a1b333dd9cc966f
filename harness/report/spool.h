/*
 * spool.h: what is said about each snippet, kept out of memory until the run ends.
 *
 * Verdicts come in any order; reports keep the bank's. Each piece is written to a temporary file
 * without a name when it is known, and read back in order. Private to report/.
 */
#pragma once

#include <glib.h>

#include "report/destination.h"

typedef struct Spool Spool;

/* NULL with a GFileError. */
Spool *spool_new(GError **error);
void spool_free(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

/* Keeps the piece of one place, from 0 (see order.h); "" is a piece, too. One that is kept again
 * replaces the one before. A write that fails shows when the piece is read. */
void spool_keep(Spool *spool, guint place, const gchar *piece);
gboolean spool_has(const Spool *spool, guint place);

/* Writes the piece of a place, which is there. FALSE with a GFileError where it could not be kept:
 * nothing that is right can be written then. */
gboolean spool_write(Spool *spool, guint place, Destination *destination, GError **error);
