/* What was not edited is found by its content: by as much else as is the same first, then wherever
 * there is only one such, then in its order. What is left is for likeness to say. */
#include "git/lineage.h"

#include <string.h>

#include "git/lineage_sides.h"

/* Between two snippets that stayed: longer than these, times each other, and what is repeated
 * there is taken in its order instead. */
#define GAP_MOST 1000000u

struct Lineage {
  GPtrArray *all;  /* Kin *, owned */
  GHashTable *kin; /* const Snippet * -> Kin * */
};

/* --- by a key that is there once ---------------------------------------------------------- */

typedef enum {
  KEY_TITLE = 1 << 0,
  KEY_PLACE = 1 << 1,
  KEY_ORDINAL = 1 << 2,
  KEY_DOCUMENT = 1 << 3, /* each document for itself */
} KeyParts;

/* NULL for an item that has no such key. document is its own number on the older side. */
static gchar *key_of(const Item *item, guint document, KeyParts parts) {
  if ((parts & KEY_DOCUMENT) && document == NOBODY)
    return NULL;
  return g_strdup_printf(
      "%s\n%u\n%u\n%s\n%s", item->snippet->content_id, parts & KEY_DOCUMENT ? document : 0,
      parts & KEY_ORDINAL ? item->snippet->ordinal : 0, parts & KEY_PLACE ? item_place(item) : "",
      parts & KEY_TITLE ? item_title(item) : "");
}

/* Who has a key. */
typedef struct {
  guint before, after; /* number + 1; 0 for none */
  gboolean is_several;
} Holders;

static void holders_note(GHashTable *table, gchar *key, guint number, gboolean is_after) {
  if (key == NULL)
    return;
  Holders *holders = g_hash_table_lookup(table, key);
  if (holders == NULL) {
    holders = g_new0(Holders, 1);
    g_hash_table_insert(table, key, holders);
  } else {
    g_free(key);
  }
  guint *holder = is_after ? &holders->after : &holders->before;
  holders->is_several |= *holder != 0;
  *holder = number + 1;
}

/* Joins those whose key only one has on each side. */
static void unique_join(Sides *sides, KeyParts parts) {
  g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < sides->before.items->len; i++) {
    const Item *item = item_at(&sides->before, i);
    if (item->partner == NOBODY)
      holders_note(table, key_of(item, item->document, parts), i, FALSE);
  }
  for (guint i = 0; i < sides->after.items->len; i++) {
    const Item *item = item_at(&sides->after, i);
    if (item->partner == NOBODY)
      holders_note(table, key_of(item, side_pair(&sides->after, item->document), parts), i, TRUE);
  }
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, table);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Holders *holders = value;
    if (holders->before != 0 && holders->after != 0 && !holders->is_several)
      items_join(sides, holders->before - 1, holders->after - 1);
  }
}

/* --- what is repeated ---------------------------------------------------------------------- */

static const gchar *content_of(const Side *side, const GArray *numbers, guint i) {
  return item_at(side, g_array_index(numbers, guint, i))->snippet->content_id;
}

/* Those of [from, to) that have no partner: guint. */
static GArray *left_over(const Side *side, guint from, guint to) {
  GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = from; i < to; i++)
    if (item_at(side, i)->partner == NOBODY)
      g_array_append_val(numbers, i);
  return numbers;
}

/* The longest common subsequence of what is left in two stretches. */
static void gap_join(Sides *sides, guint before, guint before_end, guint after, guint after_end) {
  g_autoptr(GArray) old = left_over(&sides->before, before, before_end);
  g_autoptr(GArray) new = left_over(&sides->after, after, after_end);
  if (old->len == 0 || new->len == 0 || (guint64)old->len *new->len > GAP_MOST)
    return;
  gsize width = new->len + 1;
  g_autofree guint16 *longest = g_new0(guint16, (old->len + 1) * width);
  for (guint i = old->len; i-- > 0;)
    for (guint k = new->len; k-- > 0;) {
      const guint16 *below = &longest[(i + 1) * width + k];
      guint16 *here = &longest[i * width + k];
      *here = g_str_equal(content_of(&sides->before, old, i), content_of(&sides->after, new, k))
                  ? below[1] + 1
                  : MAX(below[0], here[1]);
    }
  for (guint i = 0, k = 0; i < old->len && k < new->len;) {
    const guint16 *here = &longest[i * width + k];
    if (g_str_equal(content_of(&sides->before, old, i), content_of(&sides->after, new, k)))
      items_join(sides, g_array_index(old, guint, i++), g_array_index(new, guint, k++));
    else if (here[width] >= here[1])
      i++;
    else
      k++;
  }
}

/* Between those that stayed where they are. */
static void repeated_join(Sides *sides, guint before) {
  guint after = side_pair(&sides->before, before);
  if (after == NOBODY)
    return;
  g_autoptr(GArray) steady = sides_steady(sides, before);
  guint old = side_start(&sides->before, before), new = side_start(&sides->after, after);
  for (guint i = 0; i < steady->len; i++) {
    guint number = g_array_index(steady, guint, i);
    guint partner = item_at(&sides->before, number)->partner;
    gap_join(sides, old, number, new, partner);
    old = number + 1;
    new = partner + 1;
  }
  gap_join(sides, old, side_start(&sides->before, before + 1), new,
           side_start(&sides->after, after + 1));
}

/* What is still left of a content, in its order: the first to the first. */
static void ordered_join(Sides *sides, KeyParts parts) {
  g_autoptr(GHashTable) queues =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
  for (guint i = 0; i < sides->before.items->len; i++) {
    const Item *item = item_at(&sides->before, i);
    if (item->partner != NOBODY)
      continue;
    g_autofree gchar *key = key_of(item, item->document, parts);
    GQueue *queue = g_hash_table_lookup(queues, key);
    if (queue == NULL) {
      queue = g_queue_new();
      g_hash_table_insert(queues, g_steal_pointer(&key), queue);
    }
    g_queue_push_tail(queue, GUINT_TO_POINTER(i));
  }
  for (guint i = 0; i < sides->after.items->len; i++) {
    const Item *item = item_at(&sides->after, i);
    if (item->partner != NOBODY)
      continue;
    g_autofree gchar *key = key_of(item, side_pair(&sides->after, item->document), parts);
    GQueue *queue = key != NULL ? g_hash_table_lookup(queues, key) : NULL;
    if (queue != NULL && !g_queue_is_empty(queue))
      items_join(sides, GPOINTER_TO_UINT(g_queue_pop_head(queue)), i);
  }
}

/* --- what became of them ------------------------------------------------------------------- */

/* Documents with the headings in them, on one side. */
static GHashTable *headings_of(const Side *side) {
  GHashTable *headings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < side->items->len; i++) {
    const Item *item = item_at(side, i);
    g_autofree gchar *heading = item_heading(item);
    g_hash_table_add(headings, g_strdup_printf("%u/%s", item->document, heading));
  }
  return headings;
}

static gboolean has_heading(GHashTable *headings, guint document, const gchar *heading) {
  g_autofree gchar *key = g_strdup_printf("%u/%s", document, heading);
  return g_hash_table_contains(headings, key);
}

/* Whether it stands under another question: one heading that was worded otherwise is the same. */
static gboolean changed_question(const Item *before, const Item *after, GHashTable *old_headings,
                                 GHashTable *new_headings) {
  g_autofree gchar *old = item_heading(before);
  g_autofree gchar *new = item_heading(after);
  return !g_str_equal(old, new) && (has_heading(new_headings, after->document, old) ||
                                    has_heading(old_headings, before->document, new));
}

/* A document that is read with others may get another name without having been renamed. */
static gboolean is_renamed(const Snippet *before, const Snippet *after) {
  const Item old = {.snippet = before}, new = {.snippet = after};
  return !g_str_equal(item_place(&old), item_place(&new)) ||
         !g_str_equal(before->document->path, after->document->path);
}

static void kin_add(Lineage *lineage, const Snippet *before, const Snippet *after,
                    gboolean is_moved) {
  Kin *kin = g_new0(Kin, 1);
  kin->before = before;
  kin->after = after;
  if (before != NULL && after != NULL) {
    kin->is_edited =
        !g_str_equal(before->content_id, after->content_id) || before->kind != after->kind;
    kin->is_renamed = is_renamed(before, after);
    kin->is_moved = is_moved;
  }
  g_ptr_array_add(lineage->all, kin);
  if (before != NULL)
    g_hash_table_insert(lineage->kin, (gpointer)before, kin);
  if (after != NULL)
    g_hash_table_insert(lineage->kin, (gpointer)after, kin);
}

static void kin_collect(Lineage *lineage, const Sides *sides) {
  g_autoptr(GHashTable) steady = g_hash_table_new(NULL, NULL); /* of the older side */
  for (guint i = 0; i < sides->before.documents->len; i++) {
    g_autoptr(GArray) numbers = sides_steady(sides, i);
    for (guint k = 0; k < numbers->len; k++)
      g_hash_table_add(steady, item_at(&sides->before, g_array_index(numbers, guint, k)));
  }
  g_autoptr(GHashTable) old_headings = headings_of(&sides->before);
  g_autoptr(GHashTable) new_headings = headings_of(&sides->after);
  for (guint i = 0; i < sides->after.items->len; i++) {
    const Item *after = item_at(&sides->after, i);
    if (after->partner == NOBODY) {
      kin_add(lineage, NULL, after->snippet, FALSE);
      continue;
    }
    const Item *before = item_at(&sides->before, after->partner);
    kin_add(lineage, before->snippet, after->snippet,
            !g_hash_table_contains(steady, before) ||
                changed_question(before, after, old_headings, new_headings));
  }
  for (guint i = 0; i < sides->before.items->len; i++) {
    const Item *before = item_at(&sides->before, i);
    if (before->partner == NOBODY)
      kin_add(lineage, before->snippet, NULL, FALSE);
  }
}

Lineage *lineage_new(const GPtrArray *before, const GPtrArray *after) {
  Lineage *lineage = g_new0(Lineage, 1);
  lineage->all = g_ptr_array_new_with_free_func(g_free);
  lineage->kin = g_hash_table_new(NULL, NULL);
  Sides sides;
  sides_init(&sides, before, after);
  documents_pair(&sides);
  unique_join(&sides, KEY_DOCUMENT | KEY_PLACE | KEY_TITLE);
  unique_join(&sides, KEY_DOCUMENT | KEY_TITLE | KEY_ORDINAL);
  unique_join(&sides, KEY_DOCUMENT | KEY_PLACE);
  unique_join(&sides, KEY_DOCUMENT | KEY_TITLE);
  unique_join(&sides, KEY_DOCUMENT);
  unique_join(&sides, KEY_TITLE);
  unique_join(&sides, 0);
  for (guint i = 0; i < before->len; i++)
    repeated_join(&sides, i);
  ordered_join(&sides, KEY_DOCUMENT);
  ordered_join(&sides, 0);
  similar_join(&sides);
  kin_collect(lineage, &sides);
  sides_clear(&sides);
  return lineage;
}

void lineage_free(Lineage *lineage) {
  if (lineage == NULL)
    return;
  g_hash_table_unref(lineage->kin);
  g_ptr_array_unref(lineage->all);
  g_free(lineage);
}

const GPtrArray *lineage_all(const Lineage *lineage) {
  return lineage->all;
}

const Kin *lineage_of(const Lineage *lineage, const Snippet *snippet) {
  return g_hash_table_lookup(lineage->kin, snippet);
}
