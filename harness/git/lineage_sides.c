/* The two sides, and which document is which. */
#include "git/lineage_sides.h"

#include <string.h>

static void side_init(Side *side, const GPtrArray *documents) {
  side->documents = documents;
  side->items = g_array_new(FALSE, FALSE, sizeof(Item));
  side->starts = g_array_new(FALSE, FALSE, sizeof(guint));
  side->pairs = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    guint nobody = NOBODY;
    g_array_append_val(side->starts, side->items->len);
    g_array_append_val(side->pairs, nobody);
    for (guint k = 0; k < document->snippets->len; k++) {
      Item item = {g_ptr_array_index(document->snippets, k), i, k, NOBODY};
      g_array_append_val(side->items, item);
    }
  }
  g_array_append_val(side->starts, side->items->len);
}

void sides_init(Sides *sides, const GPtrArray *before, const GPtrArray *after) {
  side_init(&sides->before, before);
  side_init(&sides->after, after);
}

static void side_clear(Side *side) {
  g_clear_pointer(&side->items, g_array_unref);
  g_clear_pointer(&side->starts, g_array_unref);
  g_clear_pointer(&side->pairs, g_array_unref);
}

void sides_clear(Sides *sides) {
  side_clear(&sides->before);
  side_clear(&sides->after);
}

const gchar *item_place(const Item *item) {
  const gchar *id = item->snippet->id, *name = item->snippet->document->name;
  gsize length = strlen(name);
  return strncmp(id, name, length) == 0 && id[length] == '/' ? id + length + 1 : id;
}

const gchar *item_title(const Item *item) {
  return item->snippet->question != NULL ? item->snippet->question->title : "";
}

gchar *item_heading(const Item *item) {
  const Question *question = item->snippet->question;
  if (question == NULL)
    return g_strdup("");
  g_autofree gchar *above = question->section != NULL ? g_strjoinv("\n", question->section) : NULL;
  return g_strdup_printf("%s\n%s", above != NULL ? above : "", question->title);
}

void items_join(Sides *sides, guint before, guint after) {
  item_at(&sides->before, before)->partner = after;
  item_at(&sides->after, after)->partner = before;
}

gboolean items_share_document(const Sides *sides, guint before, guint after) {
  return side_pair(&sides->before, item_at(&sides->before, before)->document) ==
         item_at(&sides->after, after)->document;
}

GArray *sides_steady(const Sides *sides, guint before) {
  /* A longest rising sequence, by the least end of those of each length. */
  guint start = side_start(&sides->before, before), end = side_start(&sides->before, before + 1);
  g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(guint)); /* numbers of older items */
  g_autofree guint *previous = g_new(guint, end - start + 1);
  for (guint i = start; i < end; i++) {
    guint after = item_at(&sides->before, i)->partner;
    if (after == NOBODY || !items_share_document(sides, i, after))
      continue;
    guint low = 0, high = ends->len;
    while (low < high) {
      guint middle = low + (high - low) / 2;
      if (item_at(&sides->before, g_array_index(ends, guint, middle))->partner < after)
        low = middle + 1;
      else
        high = middle;
    }
    previous[i - start] = low > 0 ? g_array_index(ends, guint, low - 1) : NOBODY;
    if (low == ends->len)
      g_array_append_val(ends, i);
    else
      g_array_index(ends, guint, low) = i;
  }
  GArray *steady = g_array_sized_new(FALSE, FALSE, sizeof(guint), ends->len);
  g_array_set_size(steady, ends->len);
  guint at = ends->len > 0 ? g_array_index(ends, guint, ends->len - 1) : NOBODY;
  for (guint i = ends->len; i > 0; i--) {
    g_array_index(steady, guint, i - 1) = at;
    at = previous[at - start];
  }
  return steady;
}

/* --- documents ------------------------------------------------------------------------- */

/* So many documents may hold the same before it says nothing about any of them. */
#define OWNERS_MOST 8u

typedef struct {
  guint before, after;
  guint contents; /* of snippets that both have */
  guint titles;   /* of questions, likewise */
  guint rank;     /* what is better founded goes first */
} Likely;

/* What is in documents -> GArray of guint: their numbers, rising. */
static GHashTable *owners_new(const Side *side) {
  GHashTable *owners =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  for (guint i = 0; i < side->items->len; i++) {
    const Item *item = item_at(side, i);
    const gchar *const keys[] = {item->snippet->content_id, item_title(item)};
    for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
      g_autofree gchar *key = g_strdup_printf("%u%s", k, keys[k]);
      GArray *numbers = g_hash_table_lookup(owners, key);
      if (numbers == NULL) {
        numbers = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(owners, g_steal_pointer(&key), numbers);
      }
      if (numbers->len == 0 || g_array_index(numbers, guint, numbers->len - 1) != item->document)
        g_array_append_val(numbers, item->document);
    }
  }
  return owners;
}

static Likely *likely_take(GHashTable *table, guint before, guint after) {
  gint64 key = (gint64)before << 32 | after;
  Likely *likely = g_hash_table_lookup(table, &key);
  if (likely == NULL) {
    likely = g_new0(Likely, 1);
    likely->before = before;
    likely->after = after;
    g_hash_table_insert(table, g_memdup2(&key, sizeof key), likely);
  }
  return likely;
}

static const gchar *path_of(const Side *side, guint document) {
  return ((const Document *)g_ptr_array_index(side->documents, document))->path;
}

static guint count_of(const Side *side, guint document) {
  return side_start(side, document + 1) - side_start(side, document);
}

/* Path -> number + 1. */
static GHashTable *paths_new(const Side *side) {
  GHashTable *paths = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < side->documents->len; i++)
    g_hash_table_insert(paths, (gpointer)path_of(side, i), GUINT_TO_POINTER(i + 1));
  return paths;
}

static gboolean share_base_name(const Sides *sides, const Likely *likely) {
  g_autofree gchar *before = g_path_get_basename(path_of(&sides->before, likely->before));
  g_autofree gchar *after = g_path_get_basename(path_of(&sides->after, likely->after));
  return g_str_equal(before, after);
}

/* 0 for a pair that is none. */
static guint rank_of(const Sides *sides, const Likely *likely, GHashTable *old_paths,
                     GHashTable *new_paths) {
  const gchar *before = path_of(&sides->before, likely->before);
  const gchar *after = path_of(&sides->after, likely->after);
  if (g_str_equal(before, after))
    return likely->contents > 0 ? 5 : 2;
  gboolean is_rename =
      !g_hash_table_contains(new_paths, before) && !g_hash_table_contains(old_paths, after);
  guint fewer =
      MIN(count_of(&sides->before, likely->before), count_of(&sides->after, likely->after));
  if (is_rename && likely->contents > 0)
    return 4;
  if (likely->contents > 0 && 2 * likely->contents >= fewer)
    return 3;
  return is_rename && (2 * likely->titles >= fewer || share_base_name(sides, likely)) ? 1 : 0;
}

static gint by_rank(gconstpointer left, gconstpointer right) {
  const Likely *one = *(Likely *const *)left, *other = *(Likely *const *)right;
  if (one->rank != other->rank)
    return one->rank > other->rank ? -1 : 1;
  if (one->contents != other->contents)
    return one->contents > other->contents ? -1 : 1;
  if (one->titles != other->titles)
    return one->titles > other->titles ? -1 : 1;
  if (one->before != other->before)
    return one->before < other->before ? -1 : 1;
  return (one->after > other->after) - (one->after < other->after);
}

/* What is shared, counted once for each snippet and heading of the newer side. */
static void shares_count(const Sides *sides, GHashTable *table) {
  g_autoptr(GHashTable) old_owners = owners_new(&sides->before);
  g_autoptr(GHashTable) new_owners = owners_new(&sides->after);
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init(&iter, new_owners);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    const GArray *after = value, *before = g_hash_table_lookup(old_owners, key);
    if (before == NULL || before->len > OWNERS_MOST || after->len > OWNERS_MOST)
      continue;
    for (guint i = 0; i < before->len; i++)
      for (guint k = 0; k < after->len; k++) {
        Likely *likely =
            likely_take(table, g_array_index(before, guint, i), g_array_index(after, guint, k));
        if (*(gchar *)key == '0')
          likely->contents++;
        else if (((gchar *)key)[1] != '\0')
          likely->titles++;
      }
  }
}

void documents_pair(Sides *sides) {
  g_autoptr(GHashTable) table = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr(GHashTable) old_paths = paths_new(&sides->before);
  g_autoptr(GHashTable) new_paths = paths_new(&sides->after);
  shares_count(sides, table);
  for (guint i = 0; i < sides->after.documents->len; i++) {
    gpointer same = g_hash_table_lookup(old_paths, path_of(&sides->after, i));
    if (same != NULL)
      likely_take(table, GPOINTER_TO_UINT(same) - 1, i);
  }

  g_autoptr(GPtrArray) all = g_ptr_array_new();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, table);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Likely *likely = value;
    likely->rank = rank_of(sides, likely, old_paths, new_paths);
    if (likely->rank > 0)
      g_ptr_array_add(all, likely);
  }
  g_ptr_array_sort(all, by_rank);
  for (guint i = 0; i < all->len; i++) {
    const Likely *likely = g_ptr_array_index(all, i);
    guint *before = &g_array_index(sides->before.pairs, guint, likely->before);
    guint *after = &g_array_index(sides->after.pairs, guint, likely->after);
    if (*before != NOBODY || *after != NOBODY)
      continue;
    *before = likely->after;
    *after = likely->before;
  }
}
