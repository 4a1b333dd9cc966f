/*
 * bindings.h: what some code binds for the code that runs behind it in the same session, and
 * which modules it imports.
 *
 * Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/statements.h"

/* Each is called once for each place; name points into the source. */
typedef struct {
  /* A name that a statement of the module itself binds: an assignment, def, class, import, for,
   * with, except, :=. "*" where an import may bind any. */
  void (*on_name)(const gchar *name, gsize length, gpointer data);
  /* A module that is imported, wherever in the code: "django.db". For `from django.db import
   * models`, also "django.db.models", which may be one. A relative import gives none. Not
   * terminated; without blanks. */
  void (*on_module)(const gchar *module, gsize length, gpointer data);
  gpointer data;
} BindingCalls;

/* Either call may be NULL. */
void bindings_read(const Statements *statements, const BindingCalls *calls);
