/*
 * literal.h: Python values in text, compared as Python would compare them.
 *
 * A value is brought into one canonical form, so that two texts show the same
 * value exactly when their forms are the same bytes: 250 and 250.0, 'a' and "a",
 * {1, 2} and {2, 1}, 0xff and 255, 1_000 and 1000. True is not 1 here: to a
 * reader they are different answers. What is known of reprs: Name(args),
 * <class 'int'>, and <... object at 0x...>, whose address counts for nothing.
 */
#pragma once

#include <glib.h>

typedef enum {
  LITERAL_NONE, /* no value, or more than a value */
  LITERAL_NUMBER,
  LITERAL_TEXT,
  LITERAL_BYTES,
  LITERAL_TRUTH, /* True and False */
  LITERAL_NULL,  /* None */
  LITERAL_TUPLE,
  LITERAL_LIST,
  LITERAL_SET,
  LITERAL_DICT,
  LITERAL_CALL,  /* Name(...) */
  LITERAL_ANGLE, /* <...> */
  LITERAL_OTHER, /* Ellipsis */
} LiteralKind;

/* The canonical form of text, which must hold one value and nothing else, or
 * NULL. Newly allocated; may hold any byte but NUL. kind may be NULL. */
gchar *literal_canonical(const gchar *text, LiteralKind *kind);

/* The characters of a text that holds one string, without its quotes; NULL for
 * anything else. */
gchar *literal_string(const gchar *text);

/* What print() shows of the items of a tuple, or of values with commas between
 * them, with a blank between each; NULL for anything else. */
gchar *literal_printed(const gchar *text);

/* TRUE where claimed is a number that an author shortened, or the same text with such
 * numbers in it: 3.14 of 3.141592653589793. 0.3 of 0.30000000000000004 is not: there no
 * digit of the value was left out, the value is another. */
gboolean literal_is_shortened(const gchar *claimed, const gchar *actual);

/* The same, and correctly rounded: 3.14, not 3.15. */
gboolean literal_is_rounded(const gchar *claimed, const gchar *actual);

/* TRUE where claimed says that it is not exact ("~3.14", "about 1000"), and actual is a
 * number that it fits, to the digits that it shows. */
gboolean literal_is_about(const gchar *claimed, const gchar *actual);

/* TRUE where both are containers with the same brackets, and claimed has some of the
 * items of actual and no other. */
gboolean literal_is_among(const gchar *claimed, const gchar *actual);
