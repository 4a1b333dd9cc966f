/* Names that several fixtures provide so that a snippet cannot choose between them. Many
 * fixtures may share many names: so no pairs are looked at, but for the names of the same
 * fixtures once a table of their signs. */
#include "bank/fixtures.h"

/* So many names, and so many fixtures, does a line list. */
#define LISTED 3

static void list_add(GHashTable *table, const gchar *key, Fixture *fixture) {
  GPtrArray *list = g_hash_table_lookup(table, key);
  if (list == NULL) {
    list = g_ptr_array_new();
    g_hash_table_insert(table, (gpointer)key, list);
  }
  g_ptr_array_add(list, fixture);
}

static GHashTable *table_new(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
}

/* Whether some of these is neither the fixture itself nor behind or before it. */
static gboolean has_rival(const Fixture *fixture, const GPtrArray *others) {
  for (guint i = 0; others != NULL && i < others->len; i++) {
    const Fixture *other = g_ptr_array_index(others, i);
    if (other != fixture && !fixture_is_behind(fixture, other) &&
        !fixture_is_behind(other, fixture))
      return TRUE;
  }
  return FALSE;
}

/* Whether one snippet can be meant by both: without signs any can. */
static gboolean is_torn(const Fixture *fixture, const GPtrArray *providers, GHashTable *by_sign,
                        const GPtrArray *without_signs) {
  if (fixture->signs[0] == NULL)
    return has_rival(fixture, providers);
  if (has_rival(fixture, without_signs))
    return TRUE;
  for (gchar **sign = fixture->signs; *sign != NULL; sign++)
    if (has_rival(fixture, g_hash_table_lookup(by_sign, *sign)))
      return TRUE;
  return FALSE;
}

/* Those of the providers of a name that another is a rival of; caller unrefs. */
static GPtrArray *torn_of(GPtrArray *providers) {
  g_autoptr(GHashTable) by_sign = table_new();
  g_autoptr(GPtrArray) without_signs = g_ptr_array_new();
  GPtrArray *torn = g_ptr_array_new();
  if (providers->len < 2)
    return torn;
  for (guint i = 0; i < providers->len; i++) {
    Fixture *fixture = g_ptr_array_index(providers, i);
    if (fixture->signs[0] == NULL)
      g_ptr_array_add(without_signs, fixture);
    for (gchar **sign = fixture->signs; *sign != NULL; sign++)
      list_add(by_sign, *sign, fixture);
  }
  for (guint i = 0; i < providers->len; i++) {
    Fixture *fixture = g_ptr_array_index(providers, i);
    if (is_torn(fixture, providers, by_sign, without_signs))
      g_ptr_array_add(torn, fixture);
  }
  return torn;
}

/* "a", "a and b", "a, b and c", "a, b, c and 4 more" */
static void list_append(GString *text, const GPtrArray *items) {
  guint listed = MIN(items->len, LISTED);
  for (guint i = 0; i < listed; i++) {
    gboolean is_last = i > 0 && i + 1 == items->len;
    g_string_append_printf(text, "%s%s",
                           i == 0    ? ""
                           : is_last ? " and "
                                     : ", ",
                           (const gchar *)g_ptr_array_index(items, i));
  }
  if (items->len > listed)
    g_string_append_printf(text, " and %u more", items->len - listed);
}

typedef struct {
  GPtrArray *names; /* gchar *, quoted, owned */
  GPtrArray *torn;  /* Fixture * */
} Conflict;

static Conflict *conflict_new(GPtrArray *providers) {
  Conflict *conflict = g_new0(Conflict, 1);
  conflict->names = g_ptr_array_new_with_free_func(g_free);
  conflict->torn = torn_of(providers);
  return conflict;
}

static void conflict_free(gpointer data) {
  Conflict *conflict = data;
  g_ptr_array_unref(conflict->names);
  g_ptr_array_unref(conflict->torn);
  g_free(conflict);
}

static gchar *conflict_text(const Conflict *conflict) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < conflict->torn->len; i++)
    g_ptr_array_add(paths, ((const Fixture *)g_ptr_array_index(conflict->torn, i))->shown_path);
  list_append(text, conflict->names);
  g_string_append(text, conflict->names->len == 1 ? " is provided by " : " are provided by ");
  list_append(text, paths);
  g_string_append(text, ": where none has more of a snippet's names, bank.yaml has to say which "
                        "is meant");
  return g_string_free(text, FALSE);
}

/* Who provides each name, and the names in the order of the fixtures. */
static GHashTable *providers_of(const GPtrArray *fixtures, GPtrArray *names) {
  GHashTable *providers = table_new();
  for (guint i = 0; i < fixtures->len; i++) {
    Fixture *fixture = g_ptr_array_index(fixtures, i);
    for (gchar **name = fixture->provides; *name != NULL; name++) {
      if (!g_hash_table_contains(providers, *name))
        g_ptr_array_add(names, *name);
      list_add(providers, *name, fixture);
    }
  }
  return providers;
}

GPtrArray *fixtures_conflicts(const GPtrArray *fixtures) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func(conflict_free);
  g_autoptr(GHashTable) by_name = providers_of(fixtures, names);
  g_autoptr(GHashTable) by_providers =
      g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  for (guint i = 0; i < names->len; i++) {
    const gchar *name = g_ptr_array_index(names, i);
    GPtrArray *providers = g_hash_table_lookup(by_name, name);
    g_autoptr(GBytes) key = g_bytes_new(providers->pdata, providers->len * sizeof(gpointer));
    Conflict *conflict = g_hash_table_lookup(by_providers, key);
    if (conflict == NULL) {
      conflict = conflict_new(providers);
      g_ptr_array_add(conflicts, conflict);
      g_hash_table_insert(by_providers, g_steal_pointer(&key), conflict);
    }
    g_ptr_array_add(conflict->names, g_strdup_printf("'%s'", name));
  }
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < conflicts->len; i++)
    if (((const Conflict *)g_ptr_array_index(conflicts, i))->torn->len > 0)
      g_ptr_array_add(lines, conflict_text(g_ptr_array_index(conflicts, i)));
  return lines;
}
