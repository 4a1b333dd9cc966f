#include "report/merge_shape.h"

#include <string.h>

#include "model/verdict.h"
#include "report/json_read.h"

/* A report has less than ten levels. */
#define DEPTH_MOST 64u

/* --- bytes ----------------------------------------------------------------------------- */

/* Just behind the string that begins at a quote; size where it does not end. */
static gsize string_skip(const gchar *text, gsize size, gsize at) {
  for (at++; at < size && text[at] != '"'; at++)
    if (text[at] == '\\')
      at++;
  return MIN(at + 1, size);
}

/* json-glib knows comments and other quotes, too, in which brackets would not count. */
static gboolean is_of_json(gchar byte) {
  return byte != '\0' && (g_ascii_isalnum(byte) || strchr(" \t\r\n[]{},:+-.", byte) != NULL);
}

gboolean merge_text_is_sound(const gchar *text, gsize size, const gchar **problem) {
  guint depth = 0;
  for (gsize at = 0; at < size;) {
    const gchar byte = text[at];
    if (byte == '"') {
      at = string_skip(text, size, at);
      continue;
    }
    if (!is_of_json(byte)) {
      *problem = "there is something between its values";
      return FALSE;
    }
    if (byte == '[' || byte == '{')
      depth++;
    else if (depth > 0 && (byte == ']' || byte == '}'))
      depth--;
    if (depth > DEPTH_MOST) {
      *problem = "it is nested too deep";
      return FALSE;
    }
    at++;
  }
  return TRUE;
}

/* --- members --------------------------------------------------------------------------- */

typedef enum {
  SHAPE_TEXT,
  SHAPE_COUNT,
  SHAPE_SECONDS,
  SHAPE_TRUTH,
  SHAPE_OBJECT,
  SHAPE_ARRAY,
  SHAPE_CLASSES, /* a count of each class, and no more */
  SHAPE_CLAIMS,  /* likewise of what became of claims */
} Shape;

typedef struct {
  const gchar *name;
  Shape shape;
  gboolean may_be_null;
} Member;

static const Member of_report[] = {
    {"python", SHAPE_TEXT, TRUE},       {"seconds", SHAPE_SECONDS, FALSE},
    {"incomplete", SHAPE_TRUTH, FALSE}, {"blocks", SHAPE_COUNT, FALSE},
    {"ledger", SHAPE_CLASSES, FALSE},   {"claims", SHAPE_CLAIMS, FALSE},
    {"strict", SHAPE_TRUTH, FALSE},     {"exit_code", SHAPE_COUNT, FALSE},
    {"known", SHAPE_COUNT, FALSE},      {"left_out", SHAPE_COUNT, FALSE},
    {"selection", SHAPE_TEXT, TRUE},    {"shard", SHAPE_OBJECT, FALSE},
    {"health", SHAPE_OBJECT, TRUE},     {"problems", SHAPE_ARRAY, FALSE},
    {"remarks", SHAPE_ARRAY, FALSE},    {"fixtures", SHAPE_ARRAY, FALSE},
    {"snippets", SHAPE_ARRAY, FALSE},
};

static const Member of_snippet[] = {
    {"id", SHAPE_TEXT, FALSE},        {"content_id", SHAPE_TEXT, FALSE},
    {"file", SHAPE_TEXT, FALSE},      {"line", SHAPE_COUNT, FALSE},
    {"end_line", SHAPE_COUNT, FALSE}, {"section", SHAPE_ARRAY, FALSE},
    {"question", SHAPE_OBJECT, TRUE}, {"ordinal", SHAPE_COUNT, FALSE},
    {"kind", SHAPE_TEXT, FALSE},      {"placement", SHAPE_TEXT, FALSE},
    {"class", SHAPE_TEXT, FALSE},     {"outcome", SHAPE_TEXT, FALSE},
    {"reason", SHAPE_TEXT, TRUE},     {"session", SHAPE_TEXT, TRUE},
    {"skip", SHAPE_TEXT, TRUE},       {"exception", SHAPE_OBJECT, TRUE},
    {"failure", SHAPE_TEXT, TRUE},    {"traceback", SHAPE_TEXT, TRUE},
    {"timing", SHAPE_OBJECT, FALSE},  {"stdout", SHAPE_TEXT, FALSE},
    {"stderr", SHAPE_TEXT, FALSE},    {"fixture", SHAPE_OBJECT, TRUE},
    {"events", SHAPE_ARRAY, FALSE},   {"expectation", SHAPE_TEXT, FALSE},
    {"difference", SHAPE_TEXT, TRUE}, {"claims", SHAPE_ARRAY, FALSE},
};

static gboolean is_value(JsonNode *node, GType type) {
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

static gboolean is_duration(JsonNode *node) {
  if (!is_value(node, G_TYPE_DOUBLE) && !is_value(node, G_TYPE_INT64))
    return FALSE;
  gdouble seconds = json_node_get_double(node);
  return seconds >= 0 && seconds <= G_MAXUINT;
}

static gboolean are_counts(JsonNode *node, guint size) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return FALSE;
  g_autoptr(GList) values = json_object_get_values(json_node_get_object(node));
  for (const GList *value = values; value != NULL; value = value->next)
    if (!json_is_count(value->data))
      return FALSE;
  return g_list_length(values) == size;
}

static gboolean has_shape(JsonNode *node, Shape shape) {
  switch (shape) {
  case SHAPE_TEXT:
    return is_value(node, G_TYPE_STRING);
  case SHAPE_COUNT:
    return json_is_count(node);
  case SHAPE_SECONDS:
    return is_duration(node);
  case SHAPE_TRUTH:
    return is_value(node, G_TYPE_BOOLEAN);
  case SHAPE_OBJECT:
    return JSON_NODE_HOLDS_OBJECT(node);
  case SHAPE_ARRAY:
    return JSON_NODE_HOLDS_ARRAY(node);
  case SHAPE_CLASSES:
    return are_counts(node, VERDICT_CLASSES);
  case SHAPE_CLAIMS:
    return are_counts(node, 3);
  }
  return FALSE;
}

static gboolean has_members(JsonObject *object, const Member *members, guint count,
                            const gchar **name, const gchar **type) {
  static const gchar *const types[] = {[SHAPE_TEXT] = "a text",
                                       [SHAPE_COUNT] = "a whole number",
                                       [SHAPE_SECONDS] = "a time",
                                       [SHAPE_TRUTH] = "true or false",
                                       [SHAPE_OBJECT] = "an object",
                                       [SHAPE_ARRAY] = "a list",
                                       [SHAPE_CLASSES] = "a set of counts",
                                       [SHAPE_CLAIMS] = "a set of counts"};
  for (guint i = 0; i < count; i++) {
    const Member *member = &members[i];
    JsonNode *node = json_object_get_member(object, member->name);
    if (node != NULL &&
        ((member->may_be_null && JSON_NODE_HOLDS_NULL(node)) || has_shape(node, member->shape)))
      continue;
    *name = member->name;
    *type = types[member->shape];
    return FALSE;
  }
  return TRUE;
}

gboolean merge_report_is_sound(JsonObject *report, const gchar **name, const gchar **type) {
  return has_members(report, of_report, G_N_ELEMENTS(of_report), name, type);
}

gboolean merge_snippet_is_sound(JsonObject *snippet, const gchar **name, const gchar **type) {
  return has_members(snippet, of_snippet, G_N_ELEMENTS(of_snippet), name, type);
}
