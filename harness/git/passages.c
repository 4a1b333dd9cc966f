#include "git/passages.h"

/* A passage has so many lines, or letters and digits, at least. */
#define LINES_LEAST 3
#define WEIGHT_LEAST 20
/* A line of less has nothing of its own. */
#define LINE_LEAST 3
/* Of a line that stands in very many places, these are looked at. */
#define PLACES_MOST 64

typedef struct {
  guint source;
  guint line; /* from 0 */
} Place;

typedef struct {
  guint first; /* line of `after`, from 0 */
  guint count;
  guint weight;
  guint order; /* in which they were found */
  Place place;
} Block;

static gboolean is_slight(const gchar *plain) {
  return line_weight(plain) < LINE_LEAST;
}

/* Lines that have nothing of their own may have stayed: which of them did is chance. */
static gboolean is_taken(const PassageSource *source, guint line) {
  return source->kept == NULL || !source->kept[line] || is_slight(lines_plain(source->lines)[line]);
}

static gboolean is_put(const Lines *after, const guint8 *is_new, guint line) {
  return is_new[line] || is_slight(lines_plain(after)[line]);
}

static gint heaviest_first(gconstpointer left, gconstpointer right) {
  const Block *one = left;
  const Block *other = right;
  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  return one->order < other->order ? -1 : one->order > other->order;
}

/* const gchar * (by its pointer) -> GArray of Place, of the lines that were taken away. */
static GHashTable *places_of(const GPtrArray *sources) {
  GHashTable *places = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  for (guint i = 0; i < sources->len; i++) {
    const PassageSource *source = g_ptr_array_index(sources, i);
    for (guint line = 0; line < source->lines->count; line++) {
      const gchar *plain = lines_plain(source->lines)[line];
      if ((source->kept != NULL && source->kept[line]) || is_slight(plain))
        continue;
      GArray *known = g_hash_table_lookup(places, plain);
      if (known == NULL) {
        known = g_array_new(FALSE, FALSE, sizeof(Place));
        g_hash_table_insert(places, (gpointer)plain, known);
      }
      if (known->len < PLACES_MOST)
        g_array_append_val(known, ((Place){i, line}));
    }
  }
  return places;
}

/* The whole passage around two lines that are the same. */
static Block block_around(const Lines *after, const guint8 *is_new, guint line,
                          const PassageSource *source, Place place) {
  Block block = {.first = line, .place = place};
  const gchar *const *here = lines_plain(after);
  const gchar *const *there = lines_plain(source->lines);
  while (block.first > 0 && block.place.line > 0 &&
         here[block.first - 1] == there[block.place.line - 1] &&
         is_put(after, is_new, block.first - 1) && is_taken(source, block.place.line - 1)) {
    block.first--;
    block.place.line--;
  }
  guint strong = 0;
  while (block.first + block.count < after->count &&
         block.place.line + block.count < source->lines->count &&
         here[block.first + block.count] == there[block.place.line + block.count] &&
         is_put(after, is_new, block.first + block.count) &&
         is_taken(source, block.place.line + block.count)) {
    guint weight = line_weight(here[block.first + block.count]);
    block.weight += weight;
    strong += weight >= LINE_LEAST;
    block.count++;
  }
  if (strong < LINES_LEAST && block.weight < WEIGHT_LEAST)
    block.weight = 0;
  return block;
}

/* Of each line, whether passages are to be looked for around it: those that matter; where one has
 * nothing of its own, its neighbours. Caller frees. */
static guint8 *seeds_of(const Lines *after, const guint8 *wanted) {
  guint8 *seeds = g_new0(guint8, after->count + 1);
  for (guint line = 0; line < after->count; line++) {
    if (!wanted[line])
      continue;
    guint before = line;
    guint behind = line;
    while (before > 0 && is_slight(lines_plain(after)[before]))
      before--;
    while (behind + 1 < after->count && is_slight(lines_plain(after)[behind]))
      behind++;
    seeds[before] = seeds[behind] = 1;
  }
  return seeds;
}

/* Block, each once, of all passages around the seeds. */
static GArray *blocks_of(const Lines *after, const guint8 *is_new, const guint8 *seeds,
                         const GPtrArray *sources) {
  GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Block));
  g_autoptr(GHashTable) places = places_of(sources);
  /* A passage is a diagonal: source and distance -> its end. */
  g_autoptr(GHashTable) ends = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint line = 0; line < after->count; line++) {
    const GArray *known =
        is_new[line] && seeds[line] ? g_hash_table_lookup(places, lines_plain(after)[line]) : NULL;
    for (guint i = 0; known != NULL && i < known->len; i++) {
      Place place = g_array_index(known, Place, i);
      gint64 diagonal = ((gint64)place.source << 32) | (guint32)(place.line - line);
      if (GPOINTER_TO_UINT(g_hash_table_lookup(ends, &diagonal)) > line)
        continue;
      Block block =
          block_around(after, is_new, line, g_ptr_array_index(sources, place.source), place);
      block.order = blocks->len;
      g_hash_table_replace(ends, g_memdup2(&diagonal, sizeof diagonal),
                           GUINT_TO_POINTER(block.first + block.count));
      if (block.weight > 0)
        g_array_append_val(blocks, block);
    }
  }
  return blocks;
}

GArray *passages_find(const Lines *after, const guint8 *is_new, const guint8 *wanted,
                      const GPtrArray *sources) {
  GArray *origins = g_array_sized_new(FALSE, TRUE, sizeof(PassageOrigin), after->count);
  g_array_set_size(origins, after->count);
  g_autofree guint8 *seeds = seeds_of(after, wanted);
  g_autoptr(GArray) blocks = blocks_of(after, is_new, seeds, sources);
  g_array_sort(blocks, heaviest_first);
  for (guint i = 0; i < blocks->len; i++) {
    const Block *block = &g_array_index(blocks, Block, i);
    for (guint k = 0; k < block->count; k++) {
      PassageOrigin *origin = &g_array_index(origins, PassageOrigin, block->first + k);
      if (wanted[block->first + k] && origin->source == NULL) {
        origin->source = g_ptr_array_index(sources, block->place.source);
        origin->line = block->place.line + k + 1;
      }
    }
  }
  return origins;
}

gboolean passages_may_be_from(const Lines *before, const Lines *after, const guint8 *is_new) {
  g_autoptr(GHashTable) words = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < after->count; i++) {
    if (is_new[i] && !is_slight(lines_plain(after)[i]))
      g_hash_table_add(words, (gpointer)lines_plain(after)[i]);
  }
  for (guint i = 0; i < before->count; i++) {
    if (g_hash_table_contains(words, lines_plain(before)[i]))
      return TRUE;
  }
  return FALSE;
}
