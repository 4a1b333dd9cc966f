/*
 * relation.h: `threaded > 0.7 * sequential`, between what an output captured.
 *
 * One comparison of < <= > >= == != or ~ (equal within a quarter of the smaller one)
 * between two sums of + - * / ( ), numbers and names. Pure.
 */
#pragma once

#include <glib.h>

#define RELATION_ERROR (relation_error_quark())
typedef enum {
  RELATION_ERROR_SYNTAX, /* the message names the column */
  RELATION_ERROR_VALUE,  /* a name has no number, or there is a division by 0 */
} RelationError;
GQuark relation_error_quark(void);

typedef struct Relation Relation;

/* NULL with RELATION_ERROR_SYNTAX. */
Relation *relation_new(const gchar *text, GError **error);
void relation_free(Relation *relation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Relation, relation_free)

/* The names in it, in order; one that is used twice is there twice. */
const gchar *const *relation_names(const Relation *relation);

/* The number of a name; FALSE with an error. */
typedef gboolean (*RelationLookup)(gpointer data, const gchar *name, gdouble *value,
                                   GError **error);

typedef struct {
  gboolean holds;
  gdouble left, right; /* the two sides */
  gdouble margin;      /* how clearly it holds: more than 0, or less; log(left / right) for
                          left > right, and so on; times_tell() takes it */
  gboolean is_near;    /* for `~`, margin is log(left / right), which times_tell_same() takes */
} RelationResult;

/* FALSE with RELATION_ERROR_VALUE, or what the lookup says. */
gboolean relation_evaluate(const Relation *relation, RelationLookup lookup, gpointer data,
                           RelationResult *result, GError **error);
