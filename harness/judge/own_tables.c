#include "judge/own_tables.h"

#include <string.h>

struct OwnTables {
  GHashTable *classes; /* gchar *: in small letters */
  GHashTable *filled;  /* gchar *: tables that a row was put into */
};

OwnTables *own_tables_new(void) {
  OwnTables *tables = g_new0(OwnTables, 1);
  tables->classes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  tables->filled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return tables;
}

void own_tables_free(OwnTables *tables) {
  if (tables == NULL)
    return;
  g_hash_table_unref(tables->classes);
  g_hash_table_unref(tables->filled);
  g_free(tables);
}

void own_tables_declare(OwnTables *tables, const gchar *name, gsize length) {
  g_hash_table_add(tables->classes, g_ascii_strdown(name, (gssize)length));
}

/* app_order, app_order_tags: one of its words is a class. */
static gboolean is_declared(const OwnTables *tables, const gchar *table) {
  g_auto(GStrv) words = g_strsplit(table, "_", -1);
  for (gchar **word = words; *word != NULL; word++) {
    g_autofree gchar *small = g_ascii_strdown(*word, -1);
    if (g_hash_table_contains(tables->classes, small))
      return TRUE;
  }
  return FALSE;
}

/* The next word or sign at *at, newly allocated, a name without its quotes; NULL at the end. The
 * texts in quotes ' are passed over. */
static gchar *token_next(const gchar **at) {
  const gchar *begin = *at;
  while (*begin == ' ' || *begin == '\n' || *begin == '\'') {
    const gchar *end = *begin == '\'' ? strchr(begin + 1, '\'') : begin;
    begin = end != NULL ? end + 1 : begin + strlen(begin);
  }
  gchar quote = *begin == '"' || *begin == '`' ? *begin : '\0';
  gsize length = 0;
  if (quote != '\0') {
    begin++;
    length = strcspn(begin, quote == '"' ? "\"" : "`");
  } else {
    while (g_ascii_isalnum(begin[length]) || begin[length] == '_')
      length++;
    length = length == 0 && *begin != '\0' ? 1 : length;
  }
  *at = begin + length + (quote != '\0' && begin[length] != '\0');
  return length > 0 ? g_strndup(begin, length) : NULL;
}

/* The tables of a statement, in their order. */
static GPtrArray *tables_of(const gchar *statement, gboolean *is_insert) {
  static const gchar *const before[] = {"FROM", "JOIN", "INTO", "UPDATE", "TABLE", NULL};
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autofree gchar *last = g_strdup("");
  gchar *token;
  *is_insert = FALSE;
  for (const gchar *at = statement; (token = token_next(&at)) != NULL;) {
    if (g_strv_contains(before, last) && strcmp(token, "(") != 0)
      g_ptr_array_add(names, g_strdup(token));
    *is_insert = *is_insert || (strcmp(last, "INTO") == 0 && names->len == 1);
    g_free(last);
    last = g_ascii_strup(token, -1);
    g_free(token);
  }
  return names;
}

gboolean own_tables_cover(OwnTables *tables, const Event *event) {
  if (strcmp(event->kind, "transaction") == 0)
    return TRUE;
  if (strcmp(event->kind, "sql") != 0)
    return FALSE;
  gboolean is_insert;
  g_autoptr(GPtrArray) names = tables_of(event->text, &is_insert);
  for (guint i = 0; i < names->len; i++) {
    const gchar *name = g_ptr_array_index(names, i);
    if (i == 0 && is_insert && is_declared(tables, name))
      g_hash_table_add(tables->filled, g_strdup(name));
    if (!g_hash_table_contains(tables->filled, name))
      return FALSE;
  }
  return names->len > 0;
}
