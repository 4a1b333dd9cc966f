/*
 * python2.h: source that only an old Python reads.
 */
#pragma once

#include <glib.h>

/* TRUE where a line has a form that Python 2 reads and Python 3 does not: a
 * print statement, `except X, e:`, backquotes, `exec "..."`, `raise X, "..."`,
 * `<>`, `0777`. A guess from the text, meant for source that does not compile. */
gboolean source_is_python2(const gchar *source);
