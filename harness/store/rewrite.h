/*
 * rewrite.h: the user's files, changed without losing anything.
 *
 * A file is opened, its text is read, and a new text takes its place in one step
 * (a new file beside it, written out and synced, then renamed over it), with the same
 * mode, owner where that is possible, and through a symbolic link: the file that it names is
 * replaced, the link stays. Killed at any moment, the file has the old text or the
 * new one. What somebody else wrote in the meantime is never written over. A file that has
 * several names (hard links) is not written: the new text would have one of them only.
 */
#pragma once

#include <glib.h>

#define REWRITE_ERROR (rewrite_error_quark())
typedef enum {
  REWRITE_ERROR_CHANGED,   /* the file is not what it was when it was read */
  REWRITE_ERROR_READ_ONLY, /* its mode lets nobody write */
  REWRITE_ERROR_KIND,      /* not a regular file */
  REWRITE_ERROR_CI,        /* CI=true: nothing is written */
  REWRITE_ERROR_LINKED,    /* it has several names (hard links) */
} RewriteError;
GQuark rewrite_error_quark(void);

typedef struct Rewrite Rewrite;

/* Reads a file. NULL with a GFileError, or REWRITE_ERROR_KIND. */
Rewrite *rewrite_open(const gchar *path, GError **error);

/* The same for a file that must not exist yet; its folders are made when it is written. */
Rewrite *rewrite_open_new(const gchar *path, GError **error);

/* What was read, NUL-terminated; "" for a new one. */
const gchar *rewrite_text(const Rewrite *rewrite, gsize *size);

/* Puts text in its place. The same bytes: nothing is written at all. May be called
 * again, with another text. */
gboolean rewrite_put(Rewrite *rewrite, const gchar *text, gsize size, GError **error);

/* Removes the file, and folders that are empty then, up to `stop`, which stays. */
gboolean rewrite_remove(Rewrite *rewrite, const gchar *stop, GError **error);

void rewrite_free(Rewrite *rewrite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rewrite, rewrite_free)

/* TRUE under CI=true (or CI=1): rewrite_put and rewrite_remove refuse. */
gboolean rewrite_is_forbidden(void);
