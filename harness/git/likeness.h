/*
 * likeness.h: how alike two pieces of code are. Private to git/.
 *
 * Compared is which tokens stand beside which, wherever in the code: lines that were put in another
 * order, or are indented otherwise, stay alike. What every code has (`print(`, brackets) counts
 * for little.
 */
#pragma once

#include <glib.h>

/* A pair of neighbours; with FEATURE_IS_COMMON for one that says little. */
typedef guint32 Feature;
#define FEATURE_IS_COMMON 1u

/* In the order of their numbers, as often as they occur. Caller unrefs. */
GArray *features_of(const gchar *source);

/* From 0, nothing in common, to 1. */
gdouble features_likeness(const GArray *one, const GArray *other);
