#include "report/merge.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "report/merge_parts.h"
#include "report/shard.h"
#include "report/text.h"

G_DEFINE_QUARK(proctor - merge - error - quark, merge_error)

struct Merge {
  gchar *version;
  GPtrArray *parts; /* MergePart *, in the order of their shards when joined */
  JsonObject *whole;
  GHashTable *documents; /* that the health is about */
  Health *health;
  MergeEnd end;
};

Merge *merge_new(const gchar *version) {
  Merge *merge = g_new0(Merge, 1);
  merge->version = g_strdup(version);
  merge->parts = g_ptr_array_new_with_free_func(merge_part_free);
  merge->documents =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)document_free);
  return merge;
}

void merge_free(Merge *merge) {
  if (merge == NULL)
    return;
  g_clear_pointer(&merge->whole, json_object_unref);
  g_clear_pointer(&merge->health, health_free);
  g_hash_table_unref(merge->documents);
  g_ptr_array_unref(merge->parts);
  g_free(merge->version);
  g_free(merge->end.fixtures);
  g_free(merge);
}

/* --- does it belong to the others? ------------------------------------------------ */

/* Which of the others says what Python there was: one without blocks does not know. */
static const gchar *python_of(const Merge *merge, const gchar **name) {
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *part = g_ptr_array_index(merge->parts, i);
    if (part->python != NULL) {
      *name = part->name;
      return part->python;
    }
  }
  return NULL;
}

static gboolean fits(const Merge *merge, const MergePart *part, GError **error) {
  if (merge->parts->len == 0)
    return TRUE;
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  if (part->count != first->count)
    return merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' is shard %u/%u, but '%s' is shard %u/%u",
                        part->name, part->index, part->count, first->name, first->index,
                        first->count);
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *other = g_ptr_array_index(merge->parts, i);
    if (part->index == other->index)
      return merge_refuse(error, MERGE_ERROR_SHARDS, "shard %u/%u is there twice: '%s' and '%s'",
                          part->index, part->count, other->name, part->name);
  }
  if (!g_str_equal(part->bank, first->bank))
    return merge_refuse(error, MERGE_ERROR_FOREIGN,
                        "'%s' is of another bank than '%s', or of another revision of it",
                        part->name, first->name);
  if (part->is_strict != first->is_strict)
    return merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' was made with --strict, '%s' without it",
                        part->is_strict ? part->name : first->name,
                        part->is_strict ? first->name : part->name);
  if (g_strcmp0(part->selection, first->selection) != 0)
    return merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' is of blocks %s, '%s' of %s", part->name,
                        part->selection != NULL ? part->selection : "of all kinds", first->name,
                        first->selection != NULL ? first->selection : "all blocks");
  if (!g_str_equal(part->split, first->split))
    return merge_refuse(
        error, MERGE_ERROR_FOREIGN,
        "'%s' was split otherwise than '%s': the results of one knew other times (give "
        "all shards the same results, or none)",
        part->name, first->name);
  const gchar *name;
  const gchar *python = python_of(merge, &name);
  if (part->python != NULL && python != NULL && !g_str_equal(part->python, python))
    return merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' was run under Python %s, '%s' under %s",
                        part->name, part->python, name, python);
  return TRUE;
}

gboolean merge_add(Merge *merge, const gchar *name, const gchar *text, gsize size, GError **error) {
  g_autoptr(MergePart) part = merge_part_read(name, text, size, merge->version, error);
  if (part == NULL || !fits(merge, part, error))
    return FALSE;
  g_ptr_array_add(merge->parts, g_steal_pointer(&part));
  return TRUE;
}

/* --- are they all of it? ----------------------------------------------------------- */

static gint by_index(gconstpointer left, gconstpointer right) {
  const MergePart *one = *(const MergePart *const *)left;
  const MergePart *other = *(const MergePart *const *)right;
  return (gint)one->index - (gint)other->index;
}

static gboolean are_all_there(const Merge *merge, GError **error) {
  if (merge->parts->len == 0)
    return merge_refuse(error, MERGE_ERROR_SHARDS, "there are no reports");
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  g_autoptr(GString) missing = g_string_new(NULL);
  guint lacks = first->count - merge->parts->len;
  guint seen = 0;
  for (guint index = 1, next = 0; index <= first->count && seen < lacks; index++) {
    const MergePart *part = next < merge->parts->len ? g_ptr_array_index(merge->parts, next) : NULL;
    if (part != NULL && part->index == index) {
      next++;
      continue;
    }
    seen++;
    g_string_append_printf(missing, "%s%u/%u",
                           seen == 1       ? ""
                           : seen == lacks ? " and "
                                           : ", ",
                           index, first->count);
  }
  if (lacks == 0)
    return TRUE;
  return merge_refuse(error, MERGE_ERROR_SHARDS, "shard%s %s %s missing", lacks == 1 ? "" : "s",
                      missing->str, lacks == 1 ? "is" : "are");
}

/* A snippet of any part. */
typedef struct {
  guint place;
  const MergePart *part;
  JsonNode *node;
} Placed;

static gint by_place(gconstpointer left, gconstpointer right) {
  const Placed *one = left;
  const Placed *other = right;
  return one->place < other->place ? -1 : one->place > other->place;
}

/* All snippets in the bank's order, if they are just those that were split. */
static GArray *place_snippets(const Merge *merge, GError **error) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Placed));
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *part = g_ptr_array_index(merge->parts, i);
    for (guint j = 0; j < part->places->len; j++) {
      Placed placed = {g_array_index(part->places, guint, j), part,
                       json_array_get_element(part->snippets, j)};
      g_array_append_val(all, placed);
    }
  }
  g_array_sort(all, by_place);
  g_autoptr(GChecksum) split = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint i = 0; i < all->len; i++) {
    const Placed *placed = &g_array_index(all, Placed, i);
    const Placed *before = i > 0 ? placed - 1 : NULL;
    JsonObject *snippet = json_node_get_object(placed->node);
    const gchar *id = json_object_get_string_member(snippet, "id");
    if (before != NULL && before->place == placed->place) {
      merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' and '%s' both hold snippet %s",
                   before->part->name, placed->part->name, id);
      return NULL;
    }
    shard_digest_add(split, placed->place, id, json_object_get_string_member(snippet, "content_id"),
                     placed->part->index);
  }
  if (!g_str_equal(g_checksum_get_string(split), first->split)) {
    merge_refuse(
        error, MERGE_ERROR_DAMAGED,
        "the snippets of the %u shards are not those that were split: some are missing, or are "
        "not as they were",
        first->count);
    return NULL;
  }
  return g_steal_pointer(&all);
}

/* --- joining ----------------------------------------------------------------------- */

static gint64 sum_of(const Merge *merge, const gchar *group, const gchar *name) {
  gint64 sum = 0;
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *part = g_ptr_array_index(merge->parts, i);
    JsonObject *object =
        group != NULL ? json_object_get_object_member(part->root, group) : part->root;
    sum += json_object_get_int_member_with_default(object, name, 0);
  }
  return sum;
}

static gdouble longest(const Merge *merge) {
  gdouble seconds = 0;
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *part = g_ptr_array_index(merge->parts, i);
    seconds = MAX(seconds, json_object_get_double_member_with_default(part->root, "seconds", 0));
  }
  return seconds;
}

/* As a single check had ended: failed before wrong before nothing to run before fine. */
static gint exit_code(const Merge *merge) {
  enum { OK = 0, WRONG = 1, FAILED = 3, NOTHING = 4 };
  gint code = NOTHING;
  for (guint i = 0; i < merge->parts->len; i++) {
    const MergePart *part = g_ptr_array_index(merge->parts, i);
    gint of_part = (gint)json_object_get_int_member(part->root, "exit_code");
    if (of_part == FAILED || code == FAILED)
      code = FAILED;
    else if (of_part == WRONG || code == WRONG)
      code = WRONG;
    else if (of_part != NOTHING)
      code = OK;
  }
  return code;
}

static JsonNode *sums_of(const Merge *merge, const gchar *group) {
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  JsonNode *node = json_node_new(JSON_NODE_OBJECT);
  JsonObject *sums = json_object_new();
  g_autoptr(GList) names =
      json_object_get_members(json_object_get_object_member(first->root, group));
  for (const GList *name = names; name != NULL; name = name->next)
    json_object_set_int_member(sums, name->data, sum_of(merge, group, name->data));
  json_node_take_object(node, sums);
  return node;
}

static JsonNode *number_node(gint64 number) {
  return json_node_init_int(json_node_alloc(), number);
}

static JsonNode *text_node(const gchar *text) {
  return text != NULL ? json_node_init_string(json_node_alloc(), text)
                      : json_node_init_null(json_node_alloc());
}

static JsonNode *snippets_node(const GArray *all) {
  JsonNode *node = json_node_new(JSON_NODE_ARRAY);
  JsonArray *array = json_array_sized_new(all->len);
  for (guint i = 0; i < all->len; i++)
    json_array_add_element(array, json_node_copy(g_array_index(all, Placed, i).node));
  json_node_take_array(node, array);
  return node;
}

/* The member of the whole bank's report; NULL with an error where the parts do not agree. */
static JsonNode *join_member(const Merge *merge, const gchar *name, const GArray *snippets,
                             GError **error) {
  static const gchar *const sums[] = {"blocks", "known"};
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  if (g_str_equal(name, "ledger") || g_str_equal(name, "claims"))
    return sums_of(merge, name);
  for (guint i = 0; i < G_N_ELEMENTS(sums); i++)
    if (g_str_equal(name, sums[i]))
      return number_node(sum_of(merge, NULL, name));
  if (g_str_equal(name, "left_out")) /* each part leaves out what the others have */
    return number_node(json_object_get_int_member(first->root, name) +
                       json_object_get_int_member(first->root, "blocks") - (gint64)snippets->len);
  const gchar *of;
  if (g_str_equal(name, "python"))
    return text_node(python_of(merge, &of));
  if (g_str_equal(name, "seconds"))
    return json_node_init_double(json_node_alloc(), longest(merge));
  if (g_str_equal(name, "exit_code"))
    return number_node(exit_code(merge));
  if (g_str_equal(name, "shard"))
    return text_node(NULL);
  if (g_str_equal(name, "fixtures"))
    return merge_fixtures(merge->parts);
  if (g_str_equal(name, "health"))
    return merge_health(merge->parts, name, error);
  if (g_str_equal(name, "snippets"))
    return snippets_node(snippets);
  return merge_same(merge->parts, name, error);
}

static void fill_end(Merge *merge, const GArray *snippets) {
  ReportSummary *summary = &merge->end.summary;
  Ledger *ledger = &summary->ledger;
  JsonObject *classes = json_object_get_object_member(merge->whole, "ledger");
  JsonObject *claims = json_object_get_object_member(merge->whole, "claims");
  ledger->blocks = (guint)json_object_get_int_member(merge->whole, "blocks");
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    ledger->classes[class] =
        (guint)json_object_get_int_member(classes, verdict_class_name((VerdictClass) class));
  ledger->held = (guint)json_object_get_int_member(claims, "hold");
  ledger->contradicted = (guint)json_object_get_int_member(claims, "contradicted");
  ledger->unchecked = (guint)json_object_get_int_member(claims, "not_checkable");
  summary->seconds = json_object_get_double_member(merge->whole, "seconds");
  summary->python = json_object_get_string_member_with_default(merge->whole, "python", NULL);
  summary->selection = json_object_get_string_member_with_default(merge->whole, "selection", NULL);
  summary->known = (guint)json_object_get_int_member_with_default(merge->whole, "known", 0);
  summary->left_out = (guint)json_object_get_int_member_with_default(merge->whole, "left_out", 0);
  summary->is_strict = json_object_get_boolean_member(merge->whole, "strict");
  summary->exit_code = (gint)json_object_get_int_member(merge->whole, "exit_code");
  summary->shards = merge->parts->len;
  merge->health = merge_health_read(merge->whole, merge->documents);
  summary->health = merge->health;
  for (guint i = 0; i < snippets->len; i++) {
    JsonObject *snippet = json_node_get_object(g_array_index(snippets, Placed, i).node);
    merge->end.sessions += !json_object_get_null_member(snippet, "session");
  }
  merge->end.fixtures = merge_fixtures_text(merge->parts);
}

gboolean merge_join(Merge *merge, GError **error) {
  g_ptr_array_sort(merge->parts, by_index);
  if (!are_all_there(merge, error))
    return FALSE;
  g_autoptr(GArray) snippets = place_snippets(merge, error);
  if (snippets == NULL)
    return FALSE;
  const MergePart *first = g_ptr_array_index(merge->parts, 0);
  g_autoptr(JsonObject) whole = json_object_new();
  g_autoptr(GList) names = json_object_get_members(first->root);
  for (const GList *name = names; name != NULL; name = name->next) {
    JsonNode *node = join_member(merge, name->data, snippets, error);
    if (node == NULL)
      return FALSE;
    json_object_set_member(whole, name->data, node);
  }
  merge->whole = g_steal_pointer(&whole);
  fill_end(merge, snippets);
  return TRUE;
}

const MergeEnd *merge_end(const Merge *merge) {
  return &merge->end;
}

/* --- writing ----------------------------------------------------------------------- */

static gchar *node_text(JsonNode *node) {
  return text_json(json_to_string(node, FALSE));
}

gboolean merge_write(const Merge *merge, const gchar *path, GError **error) {
  g_autoptr(Destination) out = destination_open(path, error);
  if (out == NULL)
    return FALSE;
  g_autoptr(GList) names = json_object_get_members(merge->whole);
  destination_print(out, "{");
  for (const GList *name = names; name != NULL; name = name->next) {
    JsonNode *node = json_object_get_member(merge->whole, name->data);
    destination_print(out, "%s\n  \"%s\": ", name != names ? "," : "", (const gchar *)name->data);
    if (!JSON_NODE_HOLDS_ARRAY(node)) {
      g_autofree gchar *text = node_text(node);
      destination_print(out, "%s", text);
      continue;
    }
    /* An element a line, as in the report of a check. */
    JsonArray *array = json_node_get_array(node);
    destination_print(out, "[");
    for (guint i = 0; i < json_array_get_length(array); i++) {
      g_autofree gchar *text = node_text(json_array_get_element(array, i));
      destination_print(out, "%s\n    %s", i > 0 ? "," : "", text);
    }
    destination_print(out, "%s]", json_array_get_length(array) > 0 ? "\n  " : "");
  }
  destination_print(out, "\n}\n");
  return destination_commit(out, error);
}
