#include "report/events.h"

#include <string.h>

#include "report/text.h"

/* The text with each number as 0 and each quoted string empty. */
static gchar *text_masked(const gchar *text) {
  GString *masked = g_string_sized_new(strlen(text));
  for (const gchar *at = text; *at != '\0';) {
    gboolean is_in_word = masked->len > 0 && (g_ascii_isalpha(masked->str[masked->len - 1]) ||
                                              masked->str[masked->len - 1] == '_');
    if (g_ascii_isdigit(*at) && !is_in_word) {
      while (g_ascii_isdigit(*at) || *at == '.')
        at++;
      g_string_append_c(masked, '0');
    } else if (*at == '\'' && strchr(at + 1, '\'') != NULL) {
      at = strchr(at + 1, '\'') + 1;
      g_string_append(masked, "''");
    } else {
      g_string_append_c(masked, *at++);
    }
  }
  return g_string_free(masked, FALSE);
}

GPtrArray *events_group(const Transcript *transcript) {
  GPtrArray *groups = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < transcript->events->len; i++) {
    const Event *event = g_ptr_array_index(transcript->events, i);
    g_autofree gchar *masked = text_masked(event->text);
    gchar *key = g_strdup_printf("%u %u %s %s", event->line, event->is_shown, event->kind, masked);
    EventGroup *group = g_hash_table_lookup(known, key);
    if (group == NULL) {
      group = g_new0(EventGroup, 1);
      *group = (EventGroup){event, 1, event->count, event->spent_ns};
      g_ptr_array_add(groups, group);
      g_hash_table_insert(known, key, group);
      continue;
    }
    g_free(key);
    group->times++;
    gboolean is_counted =
        group->count >= 0 && event->count >= 0 && group->count <= G_MAXINT64 - event->count;
    group->count = is_counted ? group->count + event->count : -1;
    gboolean is_timed = group->spent_ns != G_MAXUINT64 && event->spent_ns < G_MAXUINT64 / 2 &&
                        group->spent_ns < G_MAXUINT64 / 2;
    group->spent_ns = is_timed ? group->spent_ns + event->spent_ns : G_MAXUINT64;
  }
  return groups;
}

static void append_part(GString *parts, const gchar *part) {
  g_string_append_printf(parts, "%s%s", parts->len > 0 ? ", " : "", part);
}

gchar *event_group_text(const EventGroup *group, gsize width) {
  const Event *event = group->first;
  g_autofree gchar *kind = text_one_line(event->kind, -1, width);
  g_autofree gchar *text = text_one_line(event->text, -1, width);
  g_autoptr(GString) parts = g_string_new(NULL);
  if (group->count >= 0 && strcmp(event->kind, "sql") == 0) {
    g_autofree gchar *rows =
        g_strdup_printf("%" G_GINT64_FORMAT " row%s", group->count, group->count == 1 ? "" : "s");
    append_part(parts, rows);
  } else if (group->count >= 0) {
    g_autofree gchar *count = g_strdup_printf("count %" G_GINT64_FORMAT, group->count);
    append_part(parts, count);
  }
  if (group->spent_ns != G_MAXUINT64) {
    g_autofree gchar *spent = g_strdup_printf("%.1f ms", (gdouble)group->spent_ns / 1e6);
    append_part(parts, spent);
  }
  if (event->is_shown)
    append_part(parts, "only to show a value");
  g_autofree gchar *times =
      group->times > 1 ? g_strdup_printf(" x %u", group->times) : g_strdup("");
  return g_strdup_printf("%s %s%s%s%s%s", kind, text, times, parts->len > 0 ? " (" : "", parts->str,
                         parts->len > 0 ? ")" : "");
}
