/*
 * value.h: Python values written at the beginning of a text.
 *
 * Recognises what a comment may show of a value: literals, containers of them,
 * reprs like Counter({'a': 1}) and <class 'int'>. It only says how far the
 * value reaches; comparing is for the judge. Private to bank/.
 */
#pragma once

#include <glib.h>

typedef enum {
  VALUE_NONE,
  VALUE_INTEGER,   /* 3, -3, 1_000, 0xff */
  VALUE_NUMBER,    /* 3.5, 2j, nan */
  VALUE_STRING,    /* with any prefix; bytes too */
  VALUE_TRUTH,     /* True, False, None */
  VALUE_CONTAINER, /* (...), [...], {...} */
  VALUE_CALL,      /* Name(...) with values inside */
  VALUE_ANGLE,     /* <class 'int'> */
} ValueKind;

/* Length in bytes of the value that text begins with, or 0. A value ends where
 * a word could not go on: "3rd" begins with none. has_dots, which may be NULL,
 * says whether it holds a `...`. */
gsize value_length(const gchar *text, gsize size, ValueKind *kind, gboolean *has_dots);
