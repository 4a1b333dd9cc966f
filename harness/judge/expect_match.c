/*
 * The lines of an output against the items of a pattern.
 *
 * {...} on a line of its own divides the items into stretches, each of which
 * stands for a fixed number of lines. The first stretch is tried at the beginning,
 * the last at the end, and each between them at the first place where it fits: that
 * leaves the most for what follows, so that nothing has to be tried twice.
 */
#include <string.h>

#include "judge/expect_pattern.h"

/* --- unordered lines ------------------------------------------------------------- */

typedef struct {
  const PatternItem *item;
  gchar *const *texts;
  guint count;
  gint *taken;       /* of each text, the line that it has; -1 */
  gboolean *visited; /* texts, on the way to a free one */
} Assignment;

static gboolean line_fits(const PatternLine *line, const gchar *text) {
  g_autoptr(Bindings) own = bindings_new();
  return pattern_line_match(line, text, own);
}

static gboolean assign_free(Assignment *assignment, guint index) {
  const PatternLine *line = g_ptr_array_index(assignment->item->lines, index);
  for (guint i = 0; i < assignment->count; i++)
    if (assignment->taken[i] < 0 && line_fits(line, assignment->texts[i])) {
      assignment->taken[i] = (gint)index;
      return TRUE;
    }
  return FALSE;
}

/* Finds a text for a line, where others may change theirs (Kuhn's algorithm). */
static gboolean assign_line(Assignment *assignment, guint index) {
  const PatternLine *line = g_ptr_array_index(assignment->item->lines, index);
  if (assign_free(assignment, index))
    return TRUE;
  for (guint i = 0; i < assignment->count; i++) {
    if (assignment->visited[i] || assignment->taken[i] < 0)
      continue;
    guint other_index = (guint)assignment->taken[i];
    const PatternLine *other = g_ptr_array_index(assignment->item->lines, other_index);
    if (other->exact != NULL || !line_fits(line, assignment->texts[i]))
      continue;
    assignment->visited[i] = TRUE;
    if (assign_line(assignment, other_index)) {
      assignment->taken[i] = (gint)index;
      return TRUE;
    }
  }
  return FALSE;
}

void pattern_item_assign(const PatternItem *item, gchar *const *texts, guint count, gint *taken) {
  /* An exact line can only have a text that is the same: any of them. */
  g_autoptr(GHashTable) waiting =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_queue_free);
  for (guint i = 0; i < count; i++) {
    GQueue *same = g_hash_table_lookup(waiting, texts[i]);
    taken[i] = -1;
    if (same == NULL)
      g_hash_table_insert(waiting, texts[i], same = g_queue_new());
    g_queue_push_tail(same, GUINT_TO_POINTER(i));
  }
  for (guint k = 0; k < item->lines->len; k++) {
    const PatternLine *line = g_ptr_array_index(item->lines, k);
    GQueue *same = line->exact != NULL ? g_hash_table_lookup(waiting, line->exact) : NULL;
    if (same != NULL && !g_queue_is_empty(same))
      taken[GPOINTER_TO_UINT(g_queue_pop_head(same))] = (gint)k;
  }
  g_autofree gboolean *visited = g_new(gboolean, count + 1);
  Assignment assignment = {
      .item = item, .texts = texts, .count = count, .taken = taken, .visited = visited};
  for (guint k = 0; k < item->lines->len; k++) {
    const PatternLine *line = g_ptr_array_index(item->lines, k);
    if (line->exact != NULL)
      continue;
    memset(visited, 0, count * sizeof *visited);
    assign_line(&assignment, k);
  }
}

static gboolean unordered_match(const PatternItem *item, gchar *const *texts, Bindings *bindings) {
  guint count = item->lines->len;
  g_autofree gint *taken = g_new(gint, count + 1);
  pattern_item_assign(item, texts, count, taken);
  for (guint i = 0; i < count; i++)
    if (taken[i] < 0 ||
        !pattern_line_match(g_ptr_array_index(item->lines, (guint)taken[i]), texts[i], bindings))
      return FALSE;
  return TRUE;
}

/* --- stretches ------------------------------------------------------------------- */

typedef struct {
  guint first; /* items */
  guint end;
  guint lines; /* that they stand for */
} Stretch;

static Stretch stretch_from(const Pattern *pattern, guint first) {
  Stretch stretch = {first, first, 0};
  for (; stretch.end < pattern->items->len; stretch.end++) {
    const PatternItem *item = g_ptr_array_index(pattern->items, stretch.end);
    if (item->kind == ITEM_ANY)
      break;
    stretch.lines += item->lines->len;
  }
  return stretch;
}

/* Without effect on the bindings where it does not fit. */
static gboolean stretch_match(const Pattern *pattern, const Stretch *stretch,
                              const GPtrArray *lines, guint at, Bindings *bindings) {
  guint bound = bindings->len;
  if (at + stretch->lines > lines->len)
    return FALSE;
  for (guint i = stretch->first; i < stretch->end; i++) {
    const PatternItem *item = g_ptr_array_index(pattern->items, i);
    gchar *const *texts = (gchar *const *)lines->pdata + at;
    gboolean fits = item->kind == ITEM_LINE
                        ? pattern_line_match(g_ptr_array_index(item->lines, 0), *texts, bindings)
                        : unordered_match(item, texts, bindings);
    if (!fits) {
      g_array_set_size(bindings, bound);
      return FALSE;
    }
    at += item->lines->len;
  }
  return TRUE;
}

static gboolean stretches_match(const Pattern *pattern, const GPtrArray *lines,
                                Bindings *bindings) {
  Stretch stretch = stretch_from(pattern, 0);
  guint at = stretch.lines;
  if (!stretch_match(pattern, &stretch, lines, 0, bindings))
    return FALSE;
  if (stretch.end == pattern->items->len)
    return lines->len == at;
  while (TRUE) {
    stretch = stretch_from(pattern, stretch.end + 1);
    if (stretch.end == pattern->items->len)
      return lines->len >= at + stretch.lines &&
             stretch_match(pattern, &stretch, lines, lines->len - stretch.lines, bindings);
    while (!stretch_match(pattern, &stretch, lines, at, bindings))
      if (++at + stretch.lines > lines->len)
        return FALSE;
    at += stretch.lines;
  }
}

gboolean pattern_match(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings) {
  guint bound = bindings->len;
  if (stretches_match(pattern, lines, bindings))
    return TRUE;
  g_array_set_size(bindings, bound);
  return FALSE;
}
