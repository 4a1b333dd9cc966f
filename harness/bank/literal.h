/*
 * literal.h: Python literals read without Python, as far as a fixture's header has them.
 *
 * Strings, implicitly joined ones among them, and lists, tuples and sets of strings, and
 * dictionaries from strings to strings. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/python_tokens.h"

/* One element, and where it stands. */
typedef struct {
  gchar *text;
  gchar *value; /* of a dictionary's entry; NULL in a list */
  const PythonToken *token;
} LiteralItem;

typedef enum { LITERAL_LIST, LITERAL_DICTIONARY } LiteralKind;

/* Reads what stands from *at on, which is moved behind it; tokens end at `end`. Comments are
 * passed over. Items (LiteralItem) are owned by the array. Where it is no such literal, NULL:
 * *at is the token that is wrong, or end, and *reason (static) says why, or is NULL where the
 * caller knows better. An empty {} is a dictionary. */
GArray *literal_read(const PythonToken **at, const PythonToken *end, LiteralKind *kind,
                     const gchar **reason);

/* The text of one string token; NULL with a reason where it has none: bytes, an f-string, one
 * that is not closed, an escape that means no character. Newly allocated. */
gchar *literal_text_of(const PythonToken *token, const gchar **reason);
