/* Snippets whose code was edited: each goes to what it is most like, as long as it is like enough.
 * How alike two must be depends on what else speaks for them. */
#include <string.h>

#include "git/likeness.h"
#include "git/lineage_sides.h"

/* What so many snippets share does not lead from one to the other. */
#define POSTINGS_MOST 8u
/* How many of those that share most with a snippet are looked at. */
#define CANDIDATES_MOST 6u
/* Of a heading with very many snippets, the nearest. */
#define SIBLINGS_MOST 16u
/* Shorter code is alike by chance: elsewhere in the bank it is not looked for. */
#define FEATURES_FEW 10u

typedef struct {
  guint before, after;
  gdouble weight; /* what speaks for it in all */
} Match;

typedef struct {
  Sides *sides;
  GPtrArray *old_features, *new_features; /* GArray *, one an item; NULL for partners */
  GArray *postings;                       /* Posting, in order */
  GHashTable *headings;                   /* of older items that are left: document and title ->
                                             GArray of guint */
  GHashTable *places;                     /* likewise: document and place -> number + 1 */
  GArray *matches;
} Similar;

typedef struct {
  Feature feature;
  guint item;
} Posting;

static void free_features(gpointer features) {
  if (features != NULL)
    g_array_unref(features);
}

static GPtrArray *features_read(const Side *side) {
  GPtrArray *all = g_ptr_array_new_with_free_func(free_features);
  for (guint i = 0; i < side->items->len; i++) {
    const Item *item = item_at(side, i);
    g_ptr_array_add(all, item->partner == NOBODY ? features_of(item->snippet->source) : NULL);
  }
  return all;
}

static gint by_feature(gconstpointer left, gconstpointer right) {
  const Posting *one = left, *other = right;
  if (one->feature != other->feature)
    return one->feature < other->feature ? -1 : 1;
  return (one->item > other->item) - (one->item < other->item);
}

/* Each feature of the older side that not too many have. */
static GArray *postings_new(const GPtrArray *features) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Posting));
  for (guint i = 0; i < features->len; i++) {
    const GArray *own = g_ptr_array_index(features, i);
    for (guint k = 0; own != NULL && k < own->len; k++) {
      Posting posting = {g_array_index(own, Feature, k), i};
      if (k == 0 || posting.feature != g_array_index(own, Feature, k - 1))
        g_array_append_val(all, posting);
    }
  }
  g_array_sort(all, by_feature);
  GArray *few = g_array_new(FALSE, FALSE, sizeof(Posting));
  for (guint from = 0, to; from < all->len; from = to) {
    const Posting *first = &g_array_index(all, Posting, from);
    for (to = from; to < all->len; to++)
      if (g_array_index(all, Posting, to).feature != first->feature)
        break;
    if (to - from <= POSTINGS_MOST && !(first->feature & FEATURE_IS_COMMON))
      g_array_append_vals(few, first, to - from);
  }
  return few;
}

static gchar *key_of(guint document, const gchar *text) {
  return g_strdup_printf("%u/%s", document, text);
}

static void headings_read(Similar *similar) {
  const Side *side = &similar->sides->before;
  for (guint i = 0; i < side->items->len; i++) {
    const Item *item = item_at(side, i);
    if (item->partner != NOBODY)
      continue;
    g_autofree gchar *heading = key_of(item->document, item_title(item));
    GArray *list = g_hash_table_lookup(similar->headings, heading);
    if (list == NULL) {
      list = g_array_new(FALSE, FALSE, sizeof(guint));
      g_hash_table_insert(similar->headings, g_steal_pointer(&heading), list);
    }
    g_array_append_val(list, i);
    g_hash_table_insert(similar->places, key_of(item->document, item_place(item)),
                        GUINT_TO_POINTER(i + 1));
  }
}

/* The item beside it, if both stand in the same document. */
static const Item *neighbour(const Side *side, guint number, gint step) {
  guint document = item_at(side, number)->document;
  if (step < 0 ? number == side_start(side, document)
               : number + 1 == side_start(side, document + 1))
    return NULL;
  return item_at(side, step < 0 ? number - 1 : number + 1);
}

/* Whether what stands before, or behind, both is the same snippet. */
static gboolean share_neighbour(const Sides *sides, guint before, guint after) {
  for (gint step = -1; step <= 1; step += 2) {
    const Item *old = neighbour(&sides->before, before, step);
    const Item *new = neighbour(&sides->after, after, step);
    if (old == NULL && new == NULL)
      return TRUE;
    if (old != NULL && new != NULL &&
        old->partner != NOBODY &&item_at(&sides->after, old->partner) == new)
      return TRUE;
  }
  return FALSE;
}

/* Notes the pair where it is like enough. */
static void try_pair(Similar *similar, guint before, guint after) {
  const Sides *sides = similar->sides;
  const Item *old = item_at(&sides->before, before), *new = item_at(&sides->after, after);
  const GArray *one = g_ptr_array_index(similar->old_features, before);
  const GArray *other = g_ptr_array_index(similar->new_features, after);
  gboolean is_near = items_share_document(sides, before, after);
  gboolean has_title = *item_title(old) != '\0' && g_str_equal(item_title(old), item_title(new));
  gboolean has_place = is_near && g_str_equal(item_place(old), item_place(new));
  gboolean has_neighbour = is_near && share_neighbour(sides, before, after);
  if (!is_near && !has_title && MIN(one->len, other->len) < FEATURES_FEW)
    return;
  gdouble wanted = 0.6, bonus = 0;
  if (is_near) {
    wanted = 0.5;
    if (has_neighbour)
      wanted = 0.4;
    if (has_title || has_place)
      wanted = 0.35;
    if (has_title && has_place)
      wanted = 0.1;
    bonus += 0.1;
  }
  gdouble likeness = features_likeness(one, other);
  if (likeness < wanted)
    return;
  bonus += (has_title ? 0.3 : 0) + (has_place ? 0.1 : 0) + (has_neighbour ? 0.1 : 0);
  Match match = {before, after, likeness + bonus};
  g_array_append_val(similar->matches, match);
}

/* Items of the older side with how many features they share. */
typedef struct {
  guint item, count;
} Shared;

static gint by_count(gconstpointer left, gconstpointer right) {
  const Shared *one = left, *other = right;
  if (one->count != other->count)
    return one->count > other->count ? -1 : 1;
  return (one->item > other->item) - (one->item < other->item);
}

static guint posting_find(const GArray *postings, Feature feature) {
  guint low = 0, high = postings->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(postings, Posting, middle).feature < feature)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void try_those_that_share(Similar *similar, guint after, GHashTable *tried) {
  const GArray *own = g_ptr_array_index(similar->new_features, after);
  g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < own->len; i++) {
    Feature feature = g_array_index(own, Feature, i);
    if (i > 0 && feature == g_array_index(own, Feature, i - 1))
      continue;
    for (guint k = posting_find(similar->postings, feature); k < similar->postings->len; k++) {
      const Posting *posting = &g_array_index(similar->postings, Posting, k);
      if (posting->feature != feature)
        break;
      gpointer key = GUINT_TO_POINTER(posting->item + 1);
      guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
      g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
    }
  }
  g_autoptr(GArray) shared = g_array_new(FALSE, FALSE, sizeof(Shared));
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init(&iter, counts);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    Shared one = {GPOINTER_TO_UINT(key) - 1, GPOINTER_TO_UINT(value)};
    g_array_append_val(shared, one);
  }
  g_array_sort(shared, by_count);
  for (guint i = 0; i < MIN(shared->len, CANDIDATES_MOST); i++) {
    guint before = g_array_index(shared, Shared, i).item;
    if (g_hash_table_add(tried, GUINT_TO_POINTER(before + 1)))
      try_pair(similar, before, after);
  }
}

static void try_all_for(Similar *similar, guint after) {
  const Sides *sides = similar->sides;
  const Item *item = item_at(&sides->after, after);
  g_autoptr(GHashTable) tried = g_hash_table_new(NULL, NULL);
  guint document = side_pair(&sides->after, item->document);
  if (document != NOBODY) {
    g_autofree gchar *place = key_of(document, item_place(item));
    g_autofree gchar *heading = key_of(document, item_title(item));
    gpointer same = g_hash_table_lookup(similar->places, place);
    if (same != NULL && g_hash_table_add(tried, same))
      try_pair(similar, GPOINTER_TO_UINT(same) - 1, after);
    const GArray *siblings = g_hash_table_lookup(similar->headings, heading);
    guint from = 0; /* the first that is about as far behind the document's beginning */
    if (siblings != NULL && siblings->len > SIBLINGS_MOST) {
      for (guint high = siblings->len; from < high;) {
        guint middle = from + (high - from) / 2, number = g_array_index(siblings, guint, middle);
        if (item_at(&sides->before, number)->position < item->position)
          from = middle + 1;
        else
          high = middle;
      }
      from -= MIN(from, SIBLINGS_MOST / 2);
    }
    for (guint i = from; siblings != NULL && i < MIN(siblings->len, from + SIBLINGS_MOST); i++) {
      guint before = g_array_index(siblings, guint, i);
      if (g_hash_table_add(tried, GUINT_TO_POINTER(before + 1)))
        try_pair(similar, before, after);
    }
  }
  try_those_that_share(similar, after, tried);
}

static gint by_weight(gconstpointer left, gconstpointer right) {
  const Match *one = left, *other = right;
  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  if (one->after != other->after)
    return one->after < other->after ? -1 : 1;
  return (one->before > other->before) - (one->before < other->before);
}

void similar_join(Sides *sides) {
  Similar similar = {.sides = sides,
                     .old_features = features_read(&sides->before),
                     .new_features = features_read(&sides->after),
                     .headings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify)g_array_unref),
                     .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .matches = g_array_new(FALSE, FALSE, sizeof(Match))};
  similar.postings = postings_new(similar.old_features);
  headings_read(&similar);
  for (guint i = 0; i < sides->after.items->len; i++)
    if (item_at(&sides->after, i)->partner == NOBODY)
      try_all_for(&similar, i);

  g_array_sort(similar.matches, by_weight);
  for (guint i = 0; i < similar.matches->len; i++) {
    const Match *match = &g_array_index(similar.matches, Match, i);
    if (item_at(&sides->before, match->before)->partner == NOBODY &&
        item_at(&sides->after, match->after)->partner == NOBODY)
      items_join(sides, match->before, match->after);
  }
  g_ptr_array_unref(similar.old_features);
  g_ptr_array_unref(similar.new_features);
  g_array_unref(similar.postings);
  g_array_unref(similar.matches);
  g_hash_table_unref(similar.headings);
  g_hash_table_unref(similar.places);
}
