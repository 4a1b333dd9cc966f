#include "report/json_health.h"

#include "report/finding.h"
#include "report/json_members.h"

static void add_counts(JsonBuilder *builder, const guint *counts) {
  json_open_object(builder, "counts");
  for (guint kind = 0; kind < HEALTH_KINDS; kind++)
    json_add_number(builder, health_kind_name(kind), counts[kind]);
  json_builder_end_object(builder);
}

static gchar *note_json(const HealthNote *note) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  json_add_text(builder, "kind", health_kind_name(note->kind));
  json_add_text(builder, "file", note->document->path);
  json_add_number(builder, "line", note->line);
  json_add_number(builder, "count", note->count);
  json_add_text(builder, "message", note->message);
  json_add_text(builder, "snippet", note->snippet != NULL ? note->snippet->id : NULL);
  json_builder_end_object(builder);
  return json_built(builder, FALSE);
}

static void add_section(JsonBuilder *builder, const HealthSection *section, const gchar *base) {
  g_autofree gchar *path = path_in(base, section->document->path);
  json_builder_begin_object(builder);
  json_add_text(builder, "file", path);
  json_add_number(builder, "line", section->line);
  json_add_text(builder, "title", section->title);
  json_add_number(builder, "questions", section->questions);
  json_add_number(builder, "snippets", section->snippets);
  add_counts(builder, section->counts);
  json_open_object(builder, "classes");
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    if (section->classes[class] > 0)
      json_add_number(builder, verdict_class_name(class), section->classes[class]);
  json_builder_end_object(builder);
  json_builder_end_object(builder);
}

static gchar *section_json(const HealthSection *section) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  add_section(builder, section, NULL);
  return json_built(builder, FALSE);
}

void json_add_health(JsonBuilder *builder, const gchar *name, const Health *health,
                     const gchar *base) {
  json_open_object(builder, name);
  json_add_number(builder, "questions", health->questions);
  json_add_number(builder, "snippets", health->snippets);
  add_counts(builder, health->counts);
  json_open_array(builder, "sections");
  for (guint i = 0; i < health->sections->len; i++)
    add_section(builder, g_ptr_array_index(health->sections, i), base);
  json_builder_end_array(builder);
  json_builder_end_object(builder);
}

/* Takes line over. */
static void append_line(GString *to, gboolean *is_first, gchar *line) {
  g_string_append_printf(to, "%s\n      %s", *is_first ? "" : ",", line);
  *is_first = FALSE;
  g_free(line);
}

gchar *json_of_health(const Health *health) {
  if (health == NULL)
    return g_strdup("null");
  GString *json = g_string_new(NULL);
  g_string_append_printf(json,
                         "{\n    \"questions\": %u,\n    \"snippets\": %u,\n    \"counts\": {",
                         health->questions, health->snippets);
  for (guint kind = 0; kind < HEALTH_KINDS; kind++)
    g_string_append_printf(json, "%s\"%s\": %u", kind > 0 ? ", " : "", health_kind_name(kind),
                           health->counts[kind]);
  g_string_append(json, "},\n    \"notes\": [");
  gboolean is_first = TRUE;
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    if (note->kind != HEALTH_NO_CHECK)
      append_line(json, &is_first, note_json(note));
  }
  g_string_append_printf(json, "%s],\n    \"sections\": [", is_first ? "" : "\n    ");
  is_first = TRUE;
  for (guint i = 0; i < health->sections->len; i++)
    append_line(json, &is_first, section_json(g_ptr_array_index(health->sections, i)));
  g_string_append_printf(json, "%s]\n  }", is_first ? "" : "\n    ");
  return g_string_free(json, FALSE);
}
