#include "report/order.h"

Order *order_new(const GPtrArray *documents) {
  Order *order = g_new0(Order, 1);
  order->begin = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_hash_table_insert(order->begin, (gpointer)document, GUINT_TO_POINTER(order->count));
    order->count += document->snippets->len;
  }
  return order;
}

void order_free(Order *order) {
  if (order == NULL)
    return;
  g_hash_table_unref(order->begin);
  g_free(order);
}

guint order_place_of_line(const Order *order, const Document *document, guint line) {
  guint low = 0;
  guint high = document->snippets->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    const Snippet *snippet = g_ptr_array_index(document->snippets, middle);
    if (snippet->last_line < line)
      low = middle + 1;
    else
      high = middle;
  }
  return GPOINTER_TO_UINT(g_hash_table_lookup(order->begin, document)) + low;
}

guint order_place(const Order *order, const Snippet *snippet) {
  return order_place_of_line(order, snippet->document, snippet->last_line);
}
