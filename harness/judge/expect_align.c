#include "judge/expect_align.h"

#include <string.h>

#include "judge/propose.h"

/* Comparisons that one alignment may take: beyond that, what lies between the parts
 * that fit at both ends is not compared line by line. */
#define CELLS_MAX 200000u

#define CONTEXT 3      /* lines shown around a difference */
#define SHOWN_MAX 200u /* lines of a difference */
#define LINE_MAX_BYTES 400

typedef struct {
  const Pattern *pattern;
  const GPtrArray *lines;
  GArray *steps;
} Aligning;

static const PatternItem *item_at(const Aligning *aligning, guint item) {
  return g_ptr_array_index(aligning->pattern->items, item);
}

static gboolean fits(const Aligning *aligning, guint item, guint line) {
  const PatternItem *at = item_at(aligning, item);
  if (at->kind != ITEM_LINE)
    return FALSE;
  g_autoptr(Bindings) own = bindings_new();
  return pattern_line_match(g_ptr_array_index(at->lines, 0),
                            g_ptr_array_index(aligning->lines, line), own);
}

static void add_step(Aligning *aligning, StepKind kind, guint item, guint inner, guint line) {
  g_array_append_val(aligning->steps, ((Step){kind, item, inner, line}));
}

/* --- what lies between lines that fit --------------------------------------------- */

/* Items and lines between two that fit. */
typedef struct {
  guint item, item_end;
  guint line, count;
  guint any;    /* the first {...} among the items; item_end for none */
  gint *owner;  /* of each line: the item that has it; -1 */
  guint *inner; /* and which of its lines */
} Gap;

/* Gives an {unordered} the lines that it fits; says which of its own are met. */
static void assign_group(const Aligning *aligning, const Gap *gap, guint item, gboolean *is_met) {
  const PatternItem *group = item_at(aligning, item);
  g_autofree gint *taken = g_new(gint, gap->count + 1);
  g_autofree gchar **texts = g_new0(gchar *, gap->count + 1);
  g_autofree guint *places = g_new0(guint, gap->count + 1);
  guint left = 0;
  for (guint i = 0; i < gap->count; i++)
    if (gap->owner[i] < 0) {
      texts[left] = g_ptr_array_index(aligning->lines, gap->line + i);
      places[left++] = i;
    }
  pattern_item_assign(group, texts, left, taken);
  for (guint i = 0; i < left; i++)
    if (taken[i] >= 0) {
      gap->owner[places[i]] = (gint)item;
      gap->inner[places[i]] = (guint)taken[i];
      is_met[taken[i]] = TRUE;
    }
}

/* What is gone of some items: Step. */
static GArray *find_gone(const Aligning *aligning, const Gap *gap, guint item, guint item_end) {
  GArray *gone = g_array_new(FALSE, FALSE, sizeof(Step));
  for (; item < item_end; item++) {
    const PatternItem *group = item_at(aligning, item);
    g_autofree gboolean *is_met = g_new0(gboolean, group->lines->len + 1);
    if (group->kind == ITEM_UNORDERED)
      assign_group(aligning, gap, item, is_met);
    for (guint i = 0; i < group->lines->len; i++)
      if (!is_met[i])
        g_array_append_val(gone, ((Step){STEP_GONE, item, i, 0}));
  }
  return gone;
}

static void add_steps(Aligning *aligning, const GArray *steps) {
  if (steps->len > 0)
    g_array_append_vals(aligning->steps, steps->data, steps->len);
}

static void add_line(Aligning *aligning, const Gap *gap, guint index, gboolean is_covered) {
  guint line = gap->line + index;
  if (gap->owner[index] >= 0)
    add_step(aligning, STEP_SAME, (guint)gap->owner[index], gap->inner[index], line);
  else if (is_covered)
    add_step(aligning, STEP_ANY, gap->any, 0, line);
  else
    add_step(aligning, STEP_NEW, 0, 0, line);
}

/* Items and lines of which none fits as a line of its own. {unordered} may take some of the
 * lines; {...} all the others, but for as many beside it as are gone there. */
static void align_gap(Aligning *aligning, guint item, guint item_end, guint line, guint line_end) {
  guint count = line_end - line;
  g_autofree gint *owner = g_new(gint, count + 1);
  g_autofree guint *inner = g_new0(guint, count + 1);
  Gap gap = {item, item_end, line, count, item, owner, inner};
  for (guint i = 0; i < count; i++)
    owner[i] = -1;
  while (gap.any < item_end && item_at(aligning, gap.any)->kind != ITEM_ANY)
    gap.any++;
  g_autoptr(GArray) before = find_gone(aligning, &gap, item, gap.any);
  g_autoptr(GArray) behind = find_gone(aligning, &gap, gap.any, item_end);
  gboolean is_covered = gap.any < item_end;
  guint head = is_covered ? MIN(before->len, count) : count;
  guint tail = count - MIN(behind->len, count - head);
  add_steps(aligning, before);
  for (guint i = 0; i < tail; i++)
    add_line(aligning, &gap, i, i >= head);
  add_steps(aligning, behind);
  for (guint i = tail; i < count; i++)
    add_line(aligning, &gap, i, FALSE);
}

/* --- the longest common subsequence ------------------------------------------------ */

static void align_between(Aligning *aligning, guint item, guint item_end, guint line,
                          guint line_end) {
  gsize rows = item_end - item, columns = line_end - line, width = columns + 1;
  if (rows == 0 || columns == 0 || rows * columns > CELLS_MAX) {
    align_gap(aligning, item, item_end, line, line_end);
    return;
  }
  g_autofree guint16 *length = g_new0(guint16, (rows + 1) * width);
  g_autofree guint8 *same = g_new0(guint8, rows * columns);
  for (gsize row = rows; row-- > 0;)
    for (gsize column = columns; column-- > 0;) {
      gboolean is_same = fits(aligning, item + (guint)row, line + (guint)column);
      same[row * columns + column] = (guint8)is_same;
      guint16 skip = MAX(length[(row + 1) * width + column], length[row * width + column + 1]);
      guint16 take = (guint16)(length[(row + 1) * width + column + 1] + 1);
      length[row * width + column] = is_same ? MAX(take, skip) : skip;
    }
  gsize row = 0, column = 0, row_gap = 0, column_gap = 0;
  while (row < rows && column < columns) {
    guint16 here = length[row * width + column];
    if (same[row * columns + column] && here == length[(row + 1) * width + column + 1] + 1) {
      align_gap(aligning, item + (guint)row_gap, item + (guint)row, line + (guint)column_gap,
                line + (guint)column);
      add_step(aligning, STEP_SAME, item + (guint)row, 0, line + (guint)column);
      row_gap = ++row;
      column_gap = ++column;
    } else if (here == length[(row + 1) * width + column]) {
      row++;
    } else {
      column++;
    }
  }
  align_gap(aligning, item + (guint)row_gap, item_end, line + (guint)column_gap, line_end);
}

GArray *pattern_align(const Pattern *pattern, const GPtrArray *lines) {
  Aligning aligning = {pattern, lines, g_array_new(FALSE, FALSE, sizeof(Step))};
  guint items = pattern->items->len, first = 0;
  while (first < items && first < lines->len && fits(&aligning, first, first)) {
    add_step(&aligning, STEP_SAME, first, 0, first);
    first++;
  }
  guint last = 0;
  while (first + last < items && first + last < lines->len &&
         fits(&aligning, items - last - 1, lines->len - last - 1))
    last++;
  align_between(&aligning, first, items - last, first, lines->len - last);
  for (guint i = last; i > 0; i--)
    add_step(&aligning, STEP_SAME, items - i, 0, lines->len - i);
  return aligning.steps;
}

/* --- as text ------------------------------------------------------------------------ */

typedef struct {
  gchar sign;
  const gchar *text;
} Row;

/* A line that fits, but for what a name in it stands for elsewhere, does not. */
static GArray *rows_of(const Pattern *pattern, const GPtrArray *lines) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_autoptr(GArray) steps = pattern_align(pattern, lines);
  g_autoptr(Bindings) bindings = bindings_new();
  for (guint i = 0; i < steps->len; i++) {
    const Step *step = &g_array_index(steps, Step, i);
    const PatternLine *accepted = NULL;
    if (step->kind == STEP_SAME || step->kind == STEP_GONE) {
      const PatternItem *item = g_ptr_array_index(pattern->items, step->item);
      accepted = g_ptr_array_index(item->lines, step->inner);
    }
    const gchar *happened = step->kind != STEP_GONE ? g_ptr_array_index(lines, step->line) : NULL;
    gboolean is_same = step->kind == STEP_ANY || (step->kind == STEP_SAME &&
                                                  pattern_line_match(accepted, happened, bindings));
    if (is_same) {
      g_array_append_val(rows, ((Row){' ', happened}));
      continue;
    }
    if (accepted != NULL)
      g_array_append_val(rows,
                         ((Row){'-', accepted->exact != NULL ? accepted->exact : accepted->raw}));
    if (happened != NULL)
      g_array_append_val(rows, ((Row){'+', happened}));
  }
  return rows;
}

static void row_write(GString *text, const Row *row) {
  gsize length = strlen(row->text);
  const gchar *end = row->text + length;
  if (length > LINE_MAX_BYTES)
    end = g_utf8_find_prev_char(row->text, row->text + LINE_MAX_BYTES);
  g_string_append_c(text, row->sign);
  g_string_append_len(text, row->text, end - row->text);
  g_string_append(text, length > LINE_MAX_BYTES ? " \xe2\x80\xa6\n" : "\n");
}

gchar *pattern_difference(const Pattern *pattern, const GPtrArray *lines) {
  g_autoptr(GArray) rows = rows_of(pattern, lines);
  GString *text = g_string_new(NULL);
  guint shown = 0;
  guint next_shown = 0; /* first row that was not shown yet */
  for (guint i = 0; i < rows->len; i++) {
    if (g_array_index(rows, Row, i).sign == ' ')
      continue;
    if (shown > SHOWN_MAX) {
      g_string_append(text, " \xe2\x80\xa6\n");
      break;
    }
    guint from = MAX(next_shown, i > CONTEXT ? i - CONTEXT : 0);
    guint to = MIN(rows->len, i + CONTEXT + 1);
    if (from > next_shown)
      g_string_append(text, " \xe2\x80\xa6\n");
    for (; from < to; from++) {
      /* The context behind ends before the next difference, which shows itself. */
      if (from > i && g_array_index(rows, Row, from).sign != ' ')
        break;
      row_write(text, &g_array_index(rows, Row, from));
      shown++;
    }
    next_shown = MAX(next_shown, from);
  }
  return g_string_free(text, FALSE);
}

gchar *text_difference(const gchar *before, const gchar *after) {
  g_autoptr(GPtrArray) old_lines = output_lines(before);
  g_autoptr(GPtrArray) new_lines = output_lines(after);
  g_autoptr(GString) plain = g_string_new(NULL);
  for (guint i = 0; i < old_lines->len; i++) {
    g_autofree gchar *escaped = pattern_escape(g_ptr_array_index(old_lines, i));
    g_string_append_printf(plain, "%s\n", escaped);
  }
  g_autoptr(Pattern) pattern = pattern_new(plain->str, NULL);
  return pattern_difference(pattern, new_lines);
}
