/*
 * watcher.h: which files were saved, removed or came to be, below the folders that are watched.
 *
 * A file counts when whoever wrote it has closed it, or moved it to its place, so that nobody reads
 * half of one. Hidden folders count only where they were named. Folders that come to be below one
 * that is watched are watched, too, with all that is in them by then. One that is named may be
 * gone, and come back.
 *
 * Nothing here waits or needs a main loop: events are read when they are asked for.
 */
#pragma once

#include <glib.h>

#define WATCHER_ERROR (watcher_error_quark())
typedef enum {
  WATCHER_ERROR_LIMIT, /* the system gives no more of these */
} WatcherError;
GQuark watcher_error_quark(void);

typedef struct Watcher Watcher;

Watcher *watcher_new(GError **error);
void watcher_free(Watcher *watcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watcher, watcher_free)

/* Watches what the path names: a folder with all below it, or a file; one that is not there may
 * come. What is watched already stays so. Relative paths are those of now. */
gboolean watcher_add(Watcher *watcher, const gchar *path, GError **error);

/* Becomes readable when there is something to be taken. */
gint watcher_descriptor(const Watcher *watcher);

/* What has changed since the last time: absolute paths, gchar *, each once, in order; of a folder
 * that came or went, its own. Empty for nothing. *is_lost, which may be NULL, is set to whether
 * events were lost, so that anything may have changed. Caller unrefs. */
GPtrArray *watcher_take(Watcher *watcher, gboolean *is_lost);

/* Folders that are watched. */
guint watcher_count(const Watcher *watcher);
