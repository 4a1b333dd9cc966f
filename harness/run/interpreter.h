/*
 * interpreter.h: which Python a worker is, without starting it.
 *
 * A worker says once what it is (`--describe`): version and build, its libpython, the folders
 * that it imports from. That text is kept by the caller, together with the digest of the worker's
 * own file, and trusted as long as both files are the same; what is installed in the folders is
 * looked at each time.
 */
#pragma once

#include <glib.h>

#include "model/result_key.h"

typedef struct {
  gchar *text;                  /* to be kept under interpreter_name() */
  gchar *version;               /* "3.11.2" */
  guint8 digest[RESULT_DIGEST]; /* of all that a run can see of it */
} Interpreter;

/* The name under which the text is kept: the worker's path, size and time. NULL where it is not
 * there. Caller frees. */
gchar *interpreter_name(const gchar *worker);

/* From a text that was kept; NULL where it cannot be trusted any more, or is NULL. */
Interpreter *interpreter_recall(const gchar *text);

/* Starts the worker to ask it. NULL with RUN_ERROR_START. May be called in any thread. */
Interpreter *interpreter_ask(const gchar *worker, GError **error);
void interpreter_free(Interpreter *interpreter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interpreter, interpreter_free)
