/*
 * own_tables.h: which statements of a database have to do with the snippet's own rows alone.
 * Private to judge/.
 *
 * A snippet that declares `class Order` and puts rows into a table app_order works with these,
 * and not with those of a fixture. A table that it declares but puts nothing into is not meant
 * to be empty: who shows `Order.objects.count()  # 3` has rows in mind.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

typedef struct OwnTables OwnTables;

OwnTables *own_tables_new(void);
void own_tables_free(OwnTables *tables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OwnTables, own_tables_free)

/* The snippet declares a class of this name. */
void own_tables_declare(OwnTables *tables, const gchar *name, gsize length);

/* Events are to be asked in their order. TRUE where only rows take part that the snippet made, or
 * none: a transaction begins or ends. */
gboolean own_tables_cover(OwnTables *tables, const Event *event);
