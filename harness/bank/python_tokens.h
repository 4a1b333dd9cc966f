/*
 * python_tokens.h: Python source cut into tokens, without Python.
 *
 * Good for finding comments, strings and statements in code that may not even
 * compile; it never fails, and always gets to the end in linear time. Private
 * to bank/.
 */
#pragma once

#include <glib.h>

typedef enum {
  TOKEN_NAME, /* identifiers and keywords; any non-ASCII letter counts */
  TOKEN_NUMBER,
  TOKEN_STRING,   /* with its prefix; an unclosed one reaches to the line's, or
                     a triple-quoted one to the source's end */
  TOKEN_OPERATOR, /* the longest that fits: "**=", "->", ":=", "(" */
  TOKEN_COMMENT,  /* with its '#', without its newline */
  TOKEN_NEWLINE,  /* ends a logical line: one statement, or several with ';' */
  TOKEN_BREAK,    /* a newline that ends none: blank or comment line, inside
                     brackets, after a backslash */
  TOKEN_ERROR,    /* one character that begins no token: '$', '?', a curly quote */
  TOKEN_END,
} PythonTokenKind;

typedef struct {
  PythonTokenKind kind;
  const gchar *start; /* into the source */
  gsize length;
  guint line;      /* source line on which it begins, from 1 */
  guint last_line; /* and ends */
  guint column;    /* in bytes from 0; tabs count as one */
  guint depth;     /* of brackets that are open behind it */
} PythonToken;

typedef struct {
  const gchar *at, *end, *line_start;
  guint line;
  guint depth;           /* of open brackets */
  gboolean in_statement; /* a token was seen since the last NEWLINE */
} PythonScanner;

void python_scanner_init(PythonScanner *scanner, const gchar *source, gsize size);

/* FALSE at the end, with a token of kind TOKEN_END. A last line without a
 * newline gets its TOKEN_NEWLINE all the same (of length 0). */
gboolean python_scanner_next(PythonScanner *scanner, PythonToken *token);

/* TRUE for Python's reserved words (soft keywords not among them). */
gboolean python_is_keyword(const gchar *word, gsize length);
