#include "report/json_read.h"

static JsonNode *member_of(JsonObject *object, const gchar *name, JsonNodeType type) {
  JsonNode *node = json_object_get_member(object, name);
  return node != NULL && json_node_get_node_type(node) == type ? node : NULL;
}

JsonObject *json_read_object(JsonObject *object, const gchar *name) {
  JsonNode *node = member_of(object, name, JSON_NODE_OBJECT);
  return node != NULL ? json_node_get_object(node) : NULL;
}

JsonArray *json_read_array(JsonObject *object, const gchar *name) {
  JsonNode *node = member_of(object, name, JSON_NODE_ARRAY);
  return node != NULL ? json_node_get_array(node) : NULL;
}

const gchar *json_read_string(JsonObject *object, const gchar *name) {
  JsonNode *node = member_of(object, name, JSON_NODE_VALUE);
  return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
             ? json_node_get_string(node)
             : NULL;
}

gboolean json_is_count(JsonNode *node) {
  return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
         json_node_get_value_type(node) == G_TYPE_INT64 && json_node_get_int(node) >= 0 &&
         json_node_get_int(node) <= G_MAXUINT;
}

gboolean json_read_number(JsonObject *object, const gchar *name, guint *number) {
  JsonNode *node = json_object_get_member(object, name);
  if (!json_is_count(node))
    return FALSE;
  *number = (guint)json_node_get_int(node);
  return TRUE;
}

gboolean json_read_truth(JsonObject *object, const gchar *name, gboolean *is_true) {
  JsonNode *node = member_of(object, name, JSON_NODE_VALUE);
  if (node == NULL || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
    return FALSE;
  *is_true = json_node_get_boolean(node);
  return TRUE;
}
