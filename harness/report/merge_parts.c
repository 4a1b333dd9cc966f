#include "report/merge_parts.h"

#include <stdarg.h>
#include <string.h>

#include "report/fixtures_used.h"
#include "report/json_read.h"
#include "report/merge_shape.h"
#include "report/shard.h"

void merge_part_free(gpointer data) {
  MergePart *part = data;
  if (part == NULL)
    return;
  g_free(part->name);
  g_clear_object(&part->parser);
  g_clear_pointer(&part->places, g_array_unref);
  g_clear_pointer(&part->ranks, g_array_unref);
  g_free(part);
}

gboolean merge_refuse(GError **error, MergeError code, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, MERGE_ERROR, (gint)code, message);
  return FALSE;
}

/* NULL where it is not a list of numbers. */
static GArray *numbers_of(JsonObject *object, const gchar *name) {
  JsonArray *array = json_read_array(object, name);
  if (array == NULL)
    return NULL;
  guint length = json_array_get_length(array);
  g_autoptr(GArray) numbers = g_array_sized_new(FALSE, FALSE, sizeof(guint), length);
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element(array, i);
    if (!json_is_count(node))
      return NULL;
    guint number = (guint)json_node_get_int(node);
    g_array_append_val(numbers, number);
  }
  return g_steal_pointer(&numbers);
}

/* --- does it add up? ------------------------------------------------------------------ */

typedef struct {
  guint classes[VERDICT_CLASSES];
  guint hold;
  guint contradicted;
  guint unchecked;
} Counts;

static gboolean count_claims(JsonArray *claims, Counts *counts) {
  for (guint i = 0; i < json_array_get_length(claims); i++) {
    JsonNode *node = json_array_get_element(claims, i);
    JsonNode *holds = JSON_NODE_HOLDS_OBJECT(node)
                          ? json_object_get_member(json_node_get_object(node), "holds")
                          : NULL;
    if (holds == NULL)
      return FALSE;
    if (JSON_NODE_HOLDS_NULL(holds))
      counts->unchecked++;
    else if (!JSON_NODE_HOLDS_VALUE(holds) || json_node_get_value_type(holds) != G_TYPE_BOOLEAN)
      return FALSE;
    else if (json_node_get_boolean(holds))
      counts->hold++;
    else
      counts->contradicted++;
  }
  return TRUE;
}

/* Whether a snippet has what is used of it here. */
static gboolean count_snippet(JsonNode *node, Counts *counts) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return FALSE;
  JsonObject *snippet = json_node_get_object(node);
  const gchar *name = json_read_string(snippet, "class");
  JsonArray *claims = json_read_array(snippet, "claims");
  if (name == NULL || claims == NULL || json_read_string(snippet, "id") == NULL ||
      json_read_string(snippet, "content_id") == NULL ||
      !json_object_has_member(snippet, "session") || !count_claims(claims, counts))
    return FALSE;
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    if (g_str_equal(name, verdict_class_name((VerdictClass) class))) {
      counts->classes[class]++;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean adds_up(JsonObject *root, guint snippets, const Counts *counts) {
  JsonObject *ledger = json_read_object(root, "ledger");
  JsonObject *claims = json_read_object(root, "claims");
  guint blocks, hold, contradicted, unchecked;
  if (ledger == NULL || claims == NULL || !json_read_number(root, "blocks", &blocks) ||
      blocks != snippets || !json_read_number(claims, "hold", &hold) ||
      !json_read_number(claims, "contradicted", &contradicted) ||
      !json_read_number(claims, "not_checkable", &unchecked) || hold != counts->hold ||
      contradicted != counts->contradicted || unchecked != counts->unchecked)
    return FALSE;
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    guint count;
    if (!json_read_number(ledger, verdict_class_name((VerdictClass) class), &count) ||
        count != counts->classes[class])
      return FALSE;
  }
  return TRUE;
}

static gboolean check_snippets(const MergePart *part, const gchar *digest, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint length = json_array_get_length(part->snippets);
  Counts counts = {0};
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element(part->snippets, i);
    if (!count_snippet(node, &counts))
      return merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is damaged: snippet %u of it is none",
                          part->name, i + 1);
  }
  gboolean is_same = length == part->places->len;
  for (guint i = 0; is_same && i < length; i++) {
    JsonObject *snippet = json_array_get_object_element(part->snippets, i);
    guint place = g_array_index(part->places, guint, i);
    is_same = i == 0 || place > g_array_index(part->places, guint, i - 1);
    shard_digest_add(sum, place, json_object_get_string_member(snippet, "id"),
                     json_object_get_string_member(snippet, "content_id"), part->index);
  }
  if (!is_same || !g_str_equal(g_checksum_get_string(sum), digest))
    return merge_refuse(
        error, MERGE_ERROR_DAMAGED,
        "'%s' was changed after it was written: its snippets are not those of shard %u/%u",
        part->name, part->index, part->count);
  if (!adds_up(part->root, length, &counts))
    return merge_refuse(error, MERGE_ERROR_DAMAGED,
                        "'%s' was changed after it was written: its counts do not fit its snippets",
                        part->name);
  return TRUE;
}

/* --- reading -------------------------------------------------------------------------- */

static gboolean read_shard(MergePart *part, GError **error) {
  JsonNode *node = json_object_get_member(part->root, "shard");
  if (node == NULL || JSON_NODE_HOLDS_NULL(node))
    return merge_refuse(error, MERGE_ERROR_DAMAGED,
                        "'%s' is not the report of a shard (proctor check --shard I/N --json FILE)",
                        part->name);
  JsonObject *shard = json_read_object(part->root, "shard");
  const gchar *digest = shard != NULL ? json_read_string(shard, "part") : NULL;
  part->snippets = json_read_array(part->root, "snippets");
  if (digest == NULL || part->snippets == NULL || !json_read_number(shard, "index", &part->index) ||
      !json_read_number(shard, "count", &part->count) || part->index < 1 ||
      part->index > part->count || (part->bank = json_read_string(shard, "bank")) == NULL ||
      (part->split = json_read_string(shard, "split")) == NULL ||
      (part->places = numbers_of(shard, "places")) == NULL ||
      (part->ranks = numbers_of(shard, "ranks")) == NULL)
    return merge_refuse(error, MERGE_ERROR_DAMAGED,
                        "'%s' is damaged: it does not say which shard it is", part->name);
  return check_snippets(part, digest, error);
}

/* What merge_fixtures() goes by. */
static gboolean check_fixtures(const MergePart *part, GError **error) {
  JsonArray *fixtures = json_read_array(part->root, "fixtures");
  gboolean is_fine = fixtures != NULL && json_array_get_length(fixtures) == part->ranks->len;
  for (guint i = 0; is_fine && i < part->ranks->len; i++) {
    JsonNode *node = json_array_get_element(fixtures, i);
    JsonObject *use = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    guint number;
    is_fine = use != NULL && json_read_string(use, "name") != NULL &&
              json_read_string(use, "path") != NULL && json_read_number(use, "blocks", &number) &&
              json_read_number(use, "unready", &number);
  }
  return is_fine || merge_refuse(error, MERGE_ERROR_DAMAGED,
                                 "'%s' is damaged: its fixtures cannot be read", part->name);
}

/* All that is not looked at before it is joined. */
static gboolean check_members(const MergePart *part, GError **error) {
  const gchar *name;
  const gchar *type;
  if (!merge_report_is_sound(part->root, &name, &type))
    return merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is damaged: its '%s' is not %s",
                        part->name, name, type);
  for (guint i = 0; i < json_array_get_length(part->snippets); i++)
    if (!merge_snippet_is_sound(json_array_get_object_element(part->snippets, i), &name, &type))
      return merge_refuse(error, MERGE_ERROR_DAMAGED,
                          "'%s' is damaged: '%s' of snippet %u of it is not %s", part->name, name,
                          i + 1, type);
  return TRUE;
}

static gboolean read_head(MergePart *part, const gchar *version, GError **error) {
  const gchar *wrote = json_read_string(part->root, "proctor");
  gboolean is_incomplete;
  guint code;
  if (wrote == NULL || !json_read_truth(part->root, "incomplete", &is_incomplete))
    return merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is no report of proctor check",
                        part->name);
  if (!g_str_equal(wrote, version))
    return merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' is of proctor %s, this is %s", part->name,
                        wrote, version);
  if (!read_shard(part, error) || !check_fixtures(part, error))
    return FALSE;
  if (is_incomplete)
    return merge_refuse(error, MERGE_ERROR_DAMAGED,
                        "'%s' is not complete: shard %u/%u was interrupted; run it again",
                        part->name, part->index, part->count);
  if (!json_read_truth(part->root, "strict", &part->is_strict) ||
      !json_read_number(part->root, "exit_code", &code))
    return merge_refuse(error, MERGE_ERROR_DAMAGED,
                        "'%s' is damaged: it does not say how its check ended", part->name);
  if (!check_members(part, error))
    return FALSE;
  part->python = json_read_string(part->root, "python");
  part->selection = json_read_string(part->root, "selection");
  return TRUE;
}

MergePart *merge_part_read(const gchar *name, const gchar *text, gsize size, const gchar *version,
                           GError **error) {
  g_autoptr(MergePart) part = g_new0(MergePart, 1);
  g_autoptr(GError) failure = NULL;
  const gchar *problem;
  part->name = g_strdup(name);
  if (!merge_text_is_sound(text, size, &problem)) {
    merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is damaged, it is no JSON of proctor: %s", name,
                 problem);
    return NULL;
  }
  part->parser = json_parser_new_immutable();
  if (!json_parser_load_from_data(part->parser, text, (gssize)size, &failure)) {
    merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is damaged, it is no JSON: %s", name,
                 failure->message);
    return NULL;
  }
  JsonNode *root = json_parser_get_root(part->parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
    merge_refuse(error, MERGE_ERROR_DAMAGED, "'%s' is no report of proctor check", name);
    return NULL;
  }
  part->root = json_node_get_object(root);
  return read_head(part, version, error) ? g_steal_pointer(&part) : NULL;
}

/* --- members that each has a part of -------------------------------------------------- */

JsonNode *merge_same(const GPtrArray *parts, const gchar *name, GError **error) {
  const MergePart *first = g_ptr_array_index(parts, 0);
  JsonNode *node = json_object_get_member(first->root, name);
  for (guint i = 1; i < parts->len; i++) {
    const MergePart *part = g_ptr_array_index(parts, i);
    JsonNode *other = json_object_get_member(part->root, name);
    if (other == NULL || !json_node_equal(node, other)) {
      merge_refuse(error, MERGE_ERROR_FOREIGN, "'%s' and '%s' do not agree about '%s'", first->name,
                   part->name, name);
      return NULL;
    }
  }
  return json_node_copy(node);
}

typedef struct {
  JsonObject *use; /* joined */
  guint rank;
} Use;

static void use_clear(gpointer data) {
  Use *use = data;
  json_object_unref(use->use);
}

static gint by_fixture(gconstpointer left, gconstpointer right) {
  const Use *one = left;
  const Use *other = right;
  gint order = strcmp(json_read_string(one->use, "name"), json_read_string(other->use, "name"));
  if (order == 0)
    order = strcmp(json_read_string(one->use, "path"), json_read_string(other->use, "path"));
  if (order != 0)
    return order;
  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  return g_strcmp0(json_read_string(one->use, "variant"), json_read_string(other->use, "variant"));
}

static void join_use(GArray *uses, JsonObject *more, guint rank) {
  for (guint i = 0; i < uses->len; i++) {
    JsonObject *use = g_array_index(uses, Use, i).use;
    if (g_strcmp0(json_read_string(use, "path"), json_read_string(more, "path")) != 0 ||
        g_strcmp0(json_read_string(use, "variant"), json_read_string(more, "variant")) != 0)
      continue;
    static const gchar *const counts[] = {"blocks", "unready"};
    for (guint j = 0; j < G_N_ELEMENTS(counts); j++)
      json_object_set_int_member(use, counts[j],
                                 json_object_get_int_member(use, counts[j]) +
                                     json_object_get_int_member(more, counts[j]));
    static const gchar *const texts[] = {"failure", "traceback"};
    if (json_read_string(use, "failure") == NULL)
      for (guint j = 0; j < G_N_ELEMENTS(texts); j++)
        if (json_read_string(more, texts[j]) != NULL)
          json_object_set_string_member(use, texts[j], json_read_string(more, texts[j]));
    return;
  }
  /* What was read cannot be changed. */
  Use added = {json_object_new(), rank};
  g_autoptr(GList) names = json_object_get_members(more);
  for (const GList *name = names; name != NULL; name = name->next)
    json_object_set_member(added.use, name->data,
                           json_node_copy(json_object_get_member(more, name->data)));
  g_array_append_val(uses, added);
}

static GArray *join_uses(const GPtrArray *parts) {
  GArray *uses = g_array_new(FALSE, FALSE, sizeof(Use));
  g_array_set_clear_func(uses, use_clear);
  for (guint i = 0; i < parts->len; i++) {
    const MergePart *part = g_ptr_array_index(parts, i);
    JsonArray *fixtures = json_read_array(part->root, "fixtures");
    for (guint j = 0; j < part->ranks->len; j++)
      join_use(uses, json_array_get_object_element(fixtures, j),
               g_array_index(part->ranks, guint, j));
  }
  g_array_sort(uses, by_fixture);
  return uses;
}

JsonNode *merge_fixtures(const GPtrArray *parts) {
  g_autoptr(GArray) uses = join_uses(parts);
  JsonArray *array = json_array_new();
  for (guint i = 0; i < uses->len; i++)
    json_array_add_object_element(array, json_object_ref(g_array_index(uses, Use, i).use));
  JsonNode *node = json_node_new(JSON_NODE_ARRAY);
  json_node_take_array(node, array);
  return node;
}

gchar *merge_fixtures_text(const GPtrArray *parts) {
  g_autoptr(GArray) uses = join_uses(parts);
  FixturesUsed *used = fixtures_used_new();
  for (guint i = 0; i < uses->len; i++) {
    const Use *each = &g_array_index(uses, Use, i);
    FixtureUse *use = g_new0(FixtureUse, 1);
    use->name = g_strdup(json_read_string(each->use, "name"));
    use->path = g_strdup(json_read_string(each->use, "path"));
    use->variant = g_strdup(json_read_string(each->use, "variant"));
    use->rank = each->rank;
    json_read_number(each->use, "blocks", &use->blocks);
    json_read_number(each->use, "unready", &use->unready);
    g_ptr_array_add(used->uses, use);
  }
  gchar *text = fixtures_used_text(used);
  fixtures_used_free(used);
  return text;
}
