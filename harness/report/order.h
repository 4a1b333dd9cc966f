/*
 * order.h: the place of each snippet in the bank.
 *
 * Verdicts become known in any order; reports keep the bank's.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

typedef struct {
  guint count;       /* of snippets */
  GHashTable *begin; /* Document * to the place of its first snippet, or of the
                        next document's */
} Order;

/* documents: Document *; they outlive the order. */
Order *order_new(const GPtrArray *documents);
void order_free(Order *order);

/* 0 to count - 1. */
guint order_place(const Order *order, const Snippet *snippet);

/* The place of the first snippet of document that ends at or after line; or
 * the one behind its last. */
guint order_place_of_line(const Order *order, const Document *document, guint line);
