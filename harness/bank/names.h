/*
 * names.h: names in code, those inside f-strings among them.
 *
 * Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/statements.h"

/* Tokens in order, without breaks; behind an f-string come those of its
 * replacement fields. */
typedef struct {
  const PythonToken *outer, *outer_end; /* that are still to come */
  guint depth;                          /* behind the last of these that came */
  PythonScanner inner;
  gboolean is_inside;
  const gchar *rest, *end; /* of the f-string that is gone through */
} NameScanner;

/* All of the code. */
void name_scanner_init(NameScanner *scanner, const Statements *statements);
/* One statement of it. */
void name_scanner_init_statement(NameScanner *scanner, const Statements *statements,
                                 const Statement *statement);
gboolean name_scanner_next(NameScanner *scanner, PythonToken *token);

/* For hash tables whose keys are PythonToken. */
guint name_hash(gconstpointer name);
gboolean name_equal(gconstpointer first, gconstpointer second);

/* What the names of some code say about all of it. */
typedef struct {
  gboolean is_missing; /* it uses a name that neither it nor Python itself binds
                          (blind to order and scope) */
  gboolean may_vary;   /* something in it may come from time, chance or the
                          machine: worth asking chance.h */
} Names;

Names names_read(const Statements *statements);

/* TRUE where the code uses a name that neither it nor Python itself binds, and that
 * is_known() does not know. */
gboolean names_need(const Statements *statements,
                    gboolean (*is_known)(const gchar *name, gsize length, gpointer data),
                    gpointer data);
