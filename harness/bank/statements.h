/*
 * statements.h: the statements and comments of a piece of Python source.
 *
 * Made from the tokens alone, in one pass and without a Python: good enough to
 * say which statement a comment stands on, and never wrong about lines. Code
 * that does not compile gives statements too. Private to bank/.
 */
#pragma once

#include <glib.h>
#include <string.h>

#include "bank/python_tokens.h"

typedef enum {
  STATEMENT_PRINT,      /* one call of print() and nothing else */
  STATEMENT_EXPRESSION, /* any other bare expression */
  STATEMENT_ASSIGNMENT, /* =, +=, an annotation */
  STATEMENT_IMPORT,
  STATEMENT_RAISE,
  STATEMENT_DECORATOR,
  STATEMENT_DEF,
  STATEMENT_CLASS,
  STATEMENT_BLOCK, /* any other line that opens a block: if, for, try ... */
  STATEMENT_OTHER, /* return, del, assert, pass ... */
} StatementKind;

/* Inside what a statement stands, added up over all that encloses it. */
enum {
  PLACE_FUNCTION = 1 << 0,
  PLACE_CLASS = 1 << 1,
  PLACE_LOOP = 1 << 2,
  PLACE_TRY = 1 << 3, /* try, except, finally, with: an exception may end there */
  PLACE_CONDITION = 1 << 4,
};

/* One logical line. With a body on the line of its header (`if x: f()`) or
 * with ';', kind is that of its last part. */
typedef struct {
  StatementKind kind;
  guint place;      /* PLACE_... */
  guint first_line; /* source lines from 1 */
  guint last_line;
  guint block_last;   /* last line of the block that it opens; else last_line */
  guint column;       /* its indentation in bytes */
  gint parent;        /* index of the header it stands under; -1 for none */
  gint comment;       /* index of the comment that trails it; -1 for none */
  const gchar *start; /* its code, into the source; may hold inner comments */
  gsize length;
  guint first_token;   /* index of its first */
  guint token_count;   /* and how many its code has, inner comments among them */
  gboolean is_header;  /* opens a block on the following lines */
  gboolean is_several; /* parts with ';', or a body on the header's line */
} Statement;

typedef enum {
  COMMENT_TRAILING, /* after the last line of a statement */
  COMMENT_INSIDE,   /* between the lines of one */
  COMMENT_OWN,      /* on a line of its own, between statements */
} CommentPlace;

typedef struct {
  CommentPlace place;
  guint line;
  guint column;
  gint statement;    /* the one it trails or is inside of; for COMMENT_OWN the
                        last one before it, or -1 */
  const gchar *text; /* behind its '#', into the source */
  gsize length;
} Comment;

typedef struct {
  GArray *statements; /* Statement, in order */
  GArray *comments;   /* Comment, in order */
  GArray *tokens;     /* PythonToken, in order: all but TOKEN_BREAK */
} Statements;

/* source must outlive the result. */
Statements *statements_read(const gchar *source, gsize size);
void statements_free(Statements *statements);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statements, statements_free)

/* TRUE where a token is exactly this word. */
static inline gboolean token_is(const PythonToken *token, const gchar *word) {
  gsize length = strlen(word);
  return token->length == length && memcmp(token->start, word, length) == 0;
}
