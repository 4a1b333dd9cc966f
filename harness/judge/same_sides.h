/*
 * same_sides.h: comparisons whose end no data decides. Private to judge/.
 */
#pragma once

#include <glib.h>

/* TRUE where a statement compares what the same call gives twice, `f(1) is f(1)`, `f(1) == f(1)`,
 * or an object with what its method gives, `queryset.all() is queryset`; it may be printed. */
gboolean sides_are_same(const gchar *code);
