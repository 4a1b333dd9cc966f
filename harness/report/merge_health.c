#include "report/json_read.h"
#include "report/merge_parts.h"

/* An object in which the numbers under these names are those of all added up; the rest must be the
 * same in each. objects: JsonObject *. NULL where it is not. */
static JsonObject *add_up(const GPtrArray *objects, gboolean (*is_sum)(const gchar *name)) {
  g_autoptr(JsonObject) joined = json_object_new();
  for (guint i = 0; i < objects->len; i++) {
    JsonObject *object = g_ptr_array_index(objects, i);
    g_autoptr(GList) names = json_object_get_members(object);
    for (const GList *name = names; name != NULL; name = name->next) {
      JsonNode *node = json_object_get_member(object, name->data);
      JsonNode *known = json_object_get_member(joined, name->data);
      if (known == NULL)
        json_object_set_member(joined, name->data, json_node_copy(node));
      else if (is_sum(name->data) && json_is_count(node) && json_is_count(known))
        json_object_set_int_member(joined, name->data,
                                   json_node_get_int(known) + json_node_get_int(node));
      else if (!json_node_equal(known, node))
        return NULL;
    }
  }
  return g_steal_pointer(&joined);
}

/* What only the verdicts of its snippets say. */
static gboolean is_of_verdicts(const gchar *name) {
  return g_str_equal(name, health_kind_name(HEALTH_NO_CHECK));
}

static gboolean is_any(G_GNUC_UNUSED const gchar *name) {
  return TRUE;
}

/* In the order of the classes, as one report has them. */
static JsonObject *in_order(JsonObject *classes) {
  JsonObject *ordered = json_object_new();
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    const gchar *name = verdict_class_name((VerdictClass) class);
    if (json_object_has_member(classes, name))
      json_object_set_member(ordered, name, json_node_copy(json_object_get_member(classes, name)));
  }
  return ordered;
}

/* The same object of each, with what is counted of its snippets added up. objects: JsonObject *. */
static JsonObject *join_counted(const GPtrArray *objects) {
  static const gchar *const groups[] = {"counts", "classes"};
  JsonObject *first = g_ptr_array_index(objects, 0);
  g_autoptr(JsonObject) joined = json_object_new();
  g_autoptr(GList) names = json_object_get_members(first);
  for (const GList *name = names; name != NULL; name = name->next) {
    const gboolean is_classes = g_str_equal(name->data, groups[1]);
    if (is_classes || g_str_equal(name->data, groups[0])) {
      g_autoptr(GPtrArray) counts = g_ptr_array_new();
      for (guint i = 0; i < objects->len; i++) {
        JsonObject *of = json_read_object(g_ptr_array_index(objects, i), name->data);
        if (of == NULL)
          return NULL;
        g_ptr_array_add(counts, of);
      }
      g_autoptr(JsonObject) sums = add_up(counts, is_classes ? is_any : is_of_verdicts);
      if (sums == NULL)
        return NULL;
      json_object_set_object_member(joined, name->data,
                                    is_classes ? in_order(sums) : json_object_ref(sums));
      continue;
    }
    JsonNode *node = json_object_get_member(first, name->data);
    for (guint i = 1; i < objects->len && !g_str_equal(name->data, "sections"); i++) {
      JsonNode *other = json_object_get_member(g_ptr_array_index(objects, i), name->data);
      if (other == NULL || !json_node_equal(node, other))
        return NULL;
    }
    json_object_set_member(joined, name->data, json_node_copy(node));
  }
  return g_steal_pointer(&joined);
}

/* The i-th section of each. */
static JsonObject *join_section(const GPtrArray *healths, guint place) {
  g_autoptr(GPtrArray) sections = g_ptr_array_new();
  for (guint i = 0; i < healths->len; i++) {
    JsonNode *node =
        json_array_get_element(json_read_array(g_ptr_array_index(healths, i), "sections"), place);
    if (!JSON_NODE_HOLDS_OBJECT(node))
      return NULL;
    g_ptr_array_add(sections, json_node_get_object(node));
  }
  return join_counted(sections);
}

static JsonObject *join_healths(const GPtrArray *healths) {
  g_autoptr(JsonObject) joined = join_counted(healths);
  guint length = 0;
  for (guint i = 0; i < healths->len; i++) {
    JsonArray *sections = json_read_array(g_ptr_array_index(healths, i), "sections");
    if (sections == NULL || (i > 0 && json_array_get_length(sections) != length))
      return NULL;
    length = json_array_get_length(sections);
  }
  g_autoptr(JsonArray) all = json_array_new();
  for (guint i = 0; i < length; i++) {
    JsonObject *section = join_section(healths, i);
    if (section == NULL)
      return NULL;
    json_array_add_object_element(all, section);
  }
  if (joined != NULL)
    json_object_set_array_member(joined, "sections", json_array_ref(all));
  return g_steal_pointer(&joined);
}

/* The first that does not fit the first of all, by the name of its file. */
static const gchar *stranger_of(const GPtrArray *parts, const gchar *name) {
  const MergePart *first = g_ptr_array_index(parts, 0);
  JsonObject *health = json_read_object(first->root, name);
  for (guint i = 1; i < parts->len; i++) {
    const MergePart *part = g_ptr_array_index(parts, i);
    JsonObject *other = json_read_object(part->root, name);
    g_autoptr(GPtrArray) pair = g_ptr_array_new();
    g_ptr_array_add(pair, health);
    g_ptr_array_add(pair, other);
    g_autoptr(JsonObject) joined = health != NULL && other != NULL ? join_healths(pair) : NULL;
    if (joined == NULL && (health != NULL || other != NULL))
      return part->name;
  }
  return first->name;
}

JsonNode *merge_health(const GPtrArray *parts, const gchar *name, GError **error) {
  g_autoptr(GPtrArray) healths = g_ptr_array_new();
  for (guint i = 0; i < parts->len; i++) {
    const MergePart *part = g_ptr_array_index(parts, i);
    JsonObject *health = json_read_object(part->root, name);
    if (health != NULL)
      g_ptr_array_add(healths, health);
  }
  if (healths->len == 0)
    return merge_same(parts, name, error);
  JsonObject *joined = healths->len == parts->len ? join_healths(healths) : NULL;
  if (joined == NULL) {
    const MergePart *first = g_ptr_array_index(parts, 0);
    g_set_error(error, MERGE_ERROR, MERGE_ERROR_FOREIGN, "'%s' and '%s' do not agree about '%s'",
                first->name, stranger_of(parts, name), name);
    return NULL;
  }
  JsonNode *node = json_node_new(JSON_NODE_OBJECT);
  json_node_take_object(node, joined);
  return node;
}

/* A note that was in order there is in order here. */
static void read_note(Health *health, JsonNode *node, GHashTable *documents) {
  JsonObject *note = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
  const gchar *path = note != NULL ? json_read_string(note, "file") : NULL;
  const gchar *word = note != NULL ? json_read_string(note, "kind") : NULL;
  HealthNote read = {0};
  if (path == NULL || word == NULL || !json_read_number(note, "line", &read.line) ||
      !json_read_number(note, "count", &read.count))
    return;
  while (read.kind < HEALTH_KINDS && !g_str_equal(word, health_kind_name(read.kind)))
    read.kind++;
  if (read.kind == HEALTH_KINDS)
    return;
  Document *document = g_hash_table_lookup(documents, path);
  if (document == NULL) {
    document = document_new(path, path);
    g_hash_table_insert(documents, document->path, document);
  }
  read.document = document;
  read.message = g_strdup(json_read_string(note, "message"));
  g_ptr_array_add(health->notes, g_memdup2(&read, sizeof read));
}

Health *merge_health_read(JsonObject *root, GHashTable *documents) {
  JsonObject *joined = json_read_object(root, "health");
  JsonObject *counts = joined != NULL ? json_read_object(joined, "counts") : NULL;
  JsonArray *notes = joined != NULL ? json_read_array(joined, "notes") : NULL;
  if (counts == NULL || notes == NULL)
    return NULL;
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  Health *health = health_new(none);
  for (guint i = 0; i < json_array_get_length(notes); i++)
    read_note(health, json_array_get_element(notes, i), documents);
  for (guint kind = 0; kind < HEALTH_KINDS; kind++)
    json_read_number(counts, health_kind_name((HealthKind)kind), &health->counts[kind]);
  json_read_number(joined, "questions", &health->questions);
  json_read_number(joined, "snippets", &health->snippets);
  return health;
}
