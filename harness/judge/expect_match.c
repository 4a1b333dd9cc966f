/*
 * The lines of an output against the items of a pattern.
 *
 * {...} on a line of its own divides the items into stretches, each of which
 * stands for a fixed number of lines. The first stretch is tried at the beginning,
 * the last at the end, and each between them at the first place where it fits: that
 * leaves the most for what follows, so that nothing has to be tried twice.
 *
 * What {unordered} may take is limited: where that is spent, nothing fits any more.
 */
#include <string.h>

#include "judge/expect_pattern.h"

/* What finding texts for the lines of {unordered} may cost, in looks at a text, for a whole
 * output. About a second. */
#define COST_MAX 100000000u
#define COST_OF_MATCH 200u /* of a regular expression */
#define COST_OF_TEXT 20u   /* of having it among those that wait */

/* --- unordered lines ------------------------------------------------------------- */

typedef struct {
  const PatternItem *item;
  gchar *const *texts;
  guint count;
  gint *taken;       /* of each text, the line that it has; -1 */
  gboolean *visited; /* texts, on the way to a free one */
  guint *left;       /* of COST_MAX */
} Assignment;

static gboolean spend(guint *left, gsize cost) {
  *left -= (guint)MIN(cost, *left);
  return *left > 0;
}

/* FALSE where its plain text at either end tells already that it does not fit. */
static gboolean ends_fit(const PatternLine *line, const gchar *text) {
  const PatternPiece *first = g_ptr_array_index(line->pieces, 0);
  const PatternPiece *last = g_ptr_array_index(line->pieces, line->pieces->len - 1);
  return (first->literal == NULL || g_str_has_prefix(text, first->literal)) &&
         (last->literal == NULL || g_str_has_suffix(text, last->literal));
}

static gboolean line_fits(const PatternLine *line, const gchar *text, guint *left) {
  if (!spend(left, 1) || !ends_fit(line, text) || !spend(left, COST_OF_MATCH))
    return FALSE;
  g_autoptr(Bindings) own = bindings_new();
  return pattern_line_match(line, text, own);
}

static gboolean assign_free(Assignment *assignment, guint index) {
  const PatternLine *line = g_ptr_array_index(assignment->item->lines, index);
  for (guint i = 0; i < assignment->count && spend(assignment->left, 1); i++)
    if (assignment->taken[i] < 0 && line_fits(line, assignment->texts[i], assignment->left)) {
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
  for (guint i = 0; i < assignment->count && spend(assignment->left, 1); i++) {
    if (assignment->visited[i] || assignment->taken[i] < 0)
      continue;
    guint other_index = (guint)assignment->taken[i];
    const PatternLine *other = g_ptr_array_index(assignment->item->lines, other_index);
    if (other->exact != NULL || !line_fits(line, assignment->texts[i], assignment->left))
      continue;
    assignment->visited[i] = TRUE;
    if (assign_line(assignment, other_index)) {
      assignment->taken[i] = (gint)index;
      return TRUE;
    }
  }
  return FALSE;
}

static void item_assign(const PatternItem *item, gchar *const *texts, guint count, gint *taken,
                        guint *left) {
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
  assignment.left = left;
  for (guint k = 0; k < item->lines->len; k++) {
    const PatternLine *line = g_ptr_array_index(item->lines, k);
    if (line->exact != NULL)
      continue;
    memset(visited, 0, count * sizeof *visited);
    assign_line(&assignment, k);
  }
}

void pattern_item_assign(const PatternItem *item, gchar *const *texts, guint count, gint *taken) {
  guint left = COST_MAX;
  item_assign(item, texts, count, taken, &left);
}

static gboolean unordered_match(const PatternItem *item, gchar *const *texts, Bindings *bindings,
                                guint *left) {
  guint count = item->lines->len;
  if (!spend(left, (gsize)count * COST_OF_TEXT))
    return FALSE;
  g_autofree gint *taken = g_new(gint, count + 1);
  item_assign(item, texts, count, taken, left);
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
                              const GPtrArray *lines, guint at, Bindings *bindings, guint *left) {
  guint bound = bindings->len;
  if (at + stretch->lines > lines->len)
    return FALSE;
  for (guint i = stretch->first; i < stretch->end; i++) {
    const PatternItem *item = g_ptr_array_index(pattern->items, i);
    gchar *const *texts = (gchar *const *)lines->pdata + at;
    gboolean fits = item->kind == ITEM_LINE
                        ? pattern_line_match(g_ptr_array_index(item->lines, 0), *texts, bindings)
                        : unordered_match(item, texts, bindings, left);
    if (!fits) {
      g_array_set_size(bindings, bound);
      return FALSE;
    }
    at += item->lines->len;
  }
  return TRUE;
}

static gboolean stretches_match(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings,
                                guint *left) {
  Stretch stretch = stretch_from(pattern, 0);
  guint at = stretch.lines;
  if (!stretch_match(pattern, &stretch, lines, 0, bindings, left))
    return FALSE;
  if (stretch.end == pattern->items->len)
    return lines->len == at;
  while (TRUE) {
    stretch = stretch_from(pattern, stretch.end + 1);
    if (stretch.end == pattern->items->len)
      return lines->len >= at + stretch.lines &&
             stretch_match(pattern, &stretch, lines, lines->len - stretch.lines, bindings, left);
    while (!stretch_match(pattern, &stretch, lines, at, bindings, left))
      if (++at + stretch.lines > lines->len)
        return FALSE;
    at += stretch.lines;
  }
}

gboolean pattern_match_within(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings,
                              gboolean *is_spent) {
  guint bound = bindings->len, left = COST_MAX;
  if (stretches_match(pattern, lines, bindings, &left))
    return TRUE;
  g_array_set_size(bindings, bound);
  *is_spent = left == 0;
  return FALSE;
}

gboolean pattern_match(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings) {
  gboolean is_spent;
  return pattern_match_within(pattern, lines, bindings, &is_spent);
}
