/*
 * info_string.h: what the words after a fence say about the code in it.
 *
 * CommonMark leaves their meaning open. Understood are the forms that real
 * material uses: a first word in any case ("python", "py3", "Python3.11",
 * "python title=...", "python:path", "python{1,3}"), and the attributes of
 * Pandoc and R Markdown ("{.python .numberLines}", "{#id .python}", "{python}",
 * "{code-cell} python"). Private to bank/.
 */
#pragma once

#include <glib.h>

typedef enum {
  INFO_PLAIN, /* no word, or one for plain text: text, output, console, ... */
  INFO_PYTHON,
  INFO_SESSION, /* a Python session: pycon, python-repl, doctest, ... */
  INFO_OTHER,
} InfoKind;

/* info may be NULL. */
InfoKind info_string_kind(const gchar *info);
