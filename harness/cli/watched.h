/*
 * watched.h: a bank that is read again, in part or as a whole, when files of it change.
 */
#pragma once

#include "cli/material.h"
#include "cli/watcher.h"

typedef struct Watched Watched;

/* Documents that take the place of others: Document *; all of both are there during the call. */
typedef void (*WatchedReplaced)(const GPtrArray *before, const GPtrArray *after, gpointer data);

/* Reads all of it, and tells the watcher what it depends on. paths and equipment as for
 * material_open(); all arguments outlive it. NULL after having complained. */
Watched *watched_open(gchar **paths, const EquipmentArguments *equipment, Watcher *watcher,
                      WatchedReplaced replaced, gpointer data);
void watched_free(Watched *watched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watched, watched_free)

/* Whether what is at this path can matter: as a document, the configuration, a fixture, an
 * expectation, a folder of such. While snippets run, what fixtures may write themselves does not.
 */
gboolean watched_minds(const Watched *watched, const gchar *path, gboolean is_running);

/* Reads again what paths (absolute, gchar *) say has changed, or all where is_lost. Documents that
 * must sit again are dirty from then on. FALSE after having complained: then all is as it was, and
 * the next call reads all. */
gboolean watched_reread(Watched *watched, const GPtrArray *paths, gboolean is_lost);

/* Changes with each call of watched_reread(). */
const Material *watched_material(const Watched *watched);

/* A fixture may have changed: what has loaded one is stale. Asked once, then not any more. */
gboolean watched_take_stale(Watched *watched);

/* The dirty ones, Document *, in the bank's order; caller unrefs. Those that were saved themselves
 * are touched: somebody waits for them. */
GPtrArray *watched_dirty(const Watched *watched);
GPtrArray *watched_touched(const Watched *watched);
/* These are not dirty any more. */
void watched_settle(Watched *watched, const GPtrArray *documents);
