#include "bank/id_counter.h"

struct IdCounter {
  GHashTable *copies; /* name -> how often it was given, with or without '~' */
};

IdCounter *id_counter_new(void) {
  IdCounter *ids = g_new0(IdCounter, 1);
  ids->copies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return ids;
}

void id_counter_free(IdCounter *ids) {
  if (ids == NULL)
    return;
  g_hash_table_unref(ids->copies);
  g_free(ids);
}

gchar *id_counter_take(IdCounter *ids, gchar *wanted) {
  guint copies = GPOINTER_TO_UINT(g_hash_table_lookup(ids->copies, wanted));
  gchar *name = g_strdup(wanted);
  /* A file may be called "name~2" by itself. */
  while (g_hash_table_contains(ids->copies, name)) {
    g_free(name);
    name = g_strdup_printf("%s~%u", wanted, ++copies);
  }
  g_hash_table_insert(ids->copies, g_strdup(name), GUINT_TO_POINTER(1));
  g_hash_table_replace(ids->copies, wanted, GUINT_TO_POINTER(MAX(copies, 1)));
  return name;
}
