#include "report/json_members.h"

#include "report/text.h"

void json_add_text(JsonBuilder *builder, const gchar *name, const gchar *text) {
  json_builder_set_member_name(builder, name);
  if (text == NULL) {
    json_builder_add_null_value(builder);
    return;
  }
  g_autofree gchar *valid = text_valid(text, -1);
  json_builder_add_string_value(builder, valid);
}

void json_add_number(JsonBuilder *builder, const gchar *name, gint64 number) {
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, number);
}

void json_add_truth(JsonBuilder *builder, const gchar *name, gboolean is_true) {
  json_builder_set_member_name(builder, name);
  json_builder_add_boolean_value(builder, is_true);
}

void json_add_seconds(JsonBuilder *builder, const gchar *name, guint64 nanoseconds) {
  json_builder_set_member_name(builder, name);
  json_builder_add_double_value(builder, (gdouble)nanoseconds / 1e9);
}

void json_add_bytes(JsonBuilder *builder, const gchar *name, const GString *bytes) {
  g_autofree gchar *valid = text_valid(bytes->str, (gssize)bytes->len);
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, valid);
}

void json_add_number_if(JsonBuilder *builder, const gchar *name, gboolean is_there, gint64 number) {
  if (is_there)
    json_add_number(builder, name, number);
  else
    json_add_text(builder, name, NULL);
}

void json_add_line_if(JsonBuilder *builder, const gchar *name, const Snippet *snippet, guint line) {
  json_add_number_if(builder, name, line != 0,
                     line != 0 ? snippet_document_line(snippet, line) : 0);
}

void json_open_object(JsonBuilder *builder, const gchar *name) {
  json_builder_set_member_name(builder, name);
  json_builder_begin_object(builder);
}

void json_open_array(JsonBuilder *builder, const gchar *name) {
  json_builder_set_member_name(builder, name);
  json_builder_begin_array(builder);
}

gchar *json_built(JsonBuilder *builder, gboolean is_pretty) {
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  return text_json(json_to_string(root, is_pretty));
}
