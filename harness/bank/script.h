/*
 * script.h: what is known of a script while its comments are read.
 *
 * What takes a pass over the code is found out when the first claim asks. Lines
 * and indexes are those of statements.h. Private to the claims of bank/.
 */
#pragma once

#include "bank/chance.h"
#include "bank/claims_comment.h"
#include "bank/claims_common.h"
#include "bank/names.h"
#include "bank/statements.h"
#include "bank/word_set.h"

typedef struct {
  Snippet *snippet;
  const Statements *statements;
  guint group; /* index of the first statement behind the last claim */

  /* Ask the functions below. */
  Names names;
  gboolean knows_names;
  Chance *chance;
  Words *words;
  WordSet exceptions;
  gboolean knows_exceptions;
  WordSet bound; /* names and the line that first binds them */
  gboolean knows_bound;
  WordSet locals; /* parameters and variables of functions */
  gboolean knows_locals;
  gboolean knows_source, has_threads, imports_all;
  gboolean knows_reach, reaches_out; /* it has to do with files, processes, the network */
  GArray *timed;                     /* gint: statements that print a measured time */

  /* For code that is commented out. */
  guint nested_line;        /* the last such line that stood in a block of such lines */
  gint commented_statement; /* the last such line without an exception of its own stood */
  gboolean has_commented;   /* behind this statement, where there was one at all */
} Script;

/* Comments that follow each other line by line: indexes of the first and last. */
typedef struct {
  guint first, last;
} CommentBlock;

void script_init(Script *script, Snippet *snippet, const Statements *statements);
void script_clear(Script *script);

static inline const Statement *script_statement(const Script *script, gint index) {
  return &g_array_index(script->statements->statements, Statement, index);
}

static inline const Comment *script_comment(const Script *script, guint index) {
  return &g_array_index(script->statements->comments, Comment, index);
}

/* The statement after this index (-1 for the first), or NULL. */
const Statement *script_next(const Script *script, gint index);

const Words *script_words(Script *script);
const Names *script_names(Script *script);

/* TRUE where the code raises or catches something of this name. */
gboolean script_raises(Script *script, const gchar *name, gsize length);

/* The line on which the code first binds a name (an assignment, a parameter, a
 * loop, with, import); 0 where it never does. Blind to scope. */
guint script_binding_line(Script *script, const gchar *name, gsize length);

/* TRUE where an import binds the name. */
gboolean script_imports(Script *script, const gchar *name, gsize length);

/* TRUE where threads, processes or tasks are in play. */
gboolean script_has_threads(Script *script);

/* TRUE where `import *` may bind any name. */
gboolean script_imports_all(Script *script);

/* Why what a statement shows is not the same on every run, or NULL; owned. */
gchar *script_chance(Script *script, gint index, const gchar *expected);

/* The same for a variable's value behind a statement. */
gchar *script_name_chance(Script *script, const gchar *name, gsize length, gint index,
                          const gchar *expected);

/* "x" or "a, b": the variables that a statement binds, or the object that it
 * changes, of which a claim on it may speak; NULL for none. is_item is set where
 * only a part of that is bound: d["a"] = 1, o.x = 1. The caller frees it. */
gchar *script_changed_names(Script *script, const Statement *statement, gboolean *is_item);

/* TRUE where an assignment writes its value out: x = 5, x = [1, 2]. */
gboolean statement_assigns_value(const Script *script, const Statement *statement);

/* Adds a claim of a statement. Takes the reading's strings over; the claim is the
 * snippet's. */
Claim *script_claim(Script *script, Reading *reading, gint index, const Comment *comment,
                    const gchar *text);

/* comment_read(), and what only the code around it tells: that a name is an
 * exception's, and outcomes ("hangs", "works"). is_shown: it stands on a statement
 * that prints, whose words it may repeat. */
Reading script_read(Script *script, const gchar *text, gsize size, gboolean is_shown);

/* FALSE where script_read() surely finds no exception: quicker. */
gboolean script_names_failure(Script *script, const gchar *text, gsize size);

/* Why a reading of a text cannot speak of a statement; NULL where it can. */
const gchar *script_unfit(Script *script, const Statement *statement, const Reading *reading,
                          const gchar *text, gsize size);

/* Without the blanks before it. The caller frees it. */
gchar *comment_text(const Comment *comment);
