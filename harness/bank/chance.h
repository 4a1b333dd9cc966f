/*
 * chance.h: what time, chance, addresses or the machine decide.
 *
 * Follows names from where such a value comes into the code (random, perf_counter,
 * id(), os ...) through assignments, loops, functions and classes, line by line
 * and without regard to order: it would rather call one statement too many
 * undecided than one too few. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/statements.h"

typedef struct Chance Chance;

/* statements and their source must outlive the result. */
Chance *chance_read(const Statements *statements);

/* Why what a statement shows is not the same on every run and machine, as a
 * phrase ("decided by chance: random"), or NULL. The caller frees it. expected
 * is what is claimed of it: the order of a set matters to some claims only. */
gchar *chance_reason(const Chance *chance, guint statement, const gchar *expected);

/* The same for the value of a variable, seen behind a statement (-1: before all). */
gchar *chance_reason_of_name(const Chance *chance, const gchar *name, gsize length, gint statement,
                             const gchar *expected);

/* The same for all statements that print, as one: for a block of output. */
gchar *chance_reason_of_all(const Chance *chance);

/* TRUE for the words that a closer look begins with: those that stand for such a
 * value somewhere, `is` and `except`. */
gboolean chance_knows(const PythonToken *word);

void chance_free(Chance *chance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chance, chance_free)
