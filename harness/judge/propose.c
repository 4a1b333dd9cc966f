/*
 * The lines of several runs are cut into chunks: a line that all runs have at its place, an
 * {unordered} block, or a {...}. What an older expectation says of the lines of a chunk takes
 * the place of what is proposed for it, as far as it fits all runs.
 */
#include "judge/propose.h"

#include <string.h>

#include "judge/expect_align.h"
#include "judge/expect_outcome.h"
#include "judge/propose_line.h"
#include "judge/relation.h"

G_DEFINE_QUARK(proctor - propose - error - quark, propose_error)

/* Lines that changed places are looked for in ranges of so many lines; longer ones are
 * taken as a whole. */
#define SPLIT_MAX 60

typedef struct {
  guint first; /* lines of the first run that it stands for */
  guint count;
  gchar *text;      /* ends in a newline */
  gchar **variants; /* the line in each run, for a line at its place; else NULL */
} Chunk;

typedef struct {
  GPtrArray **lines; /* of each run: gchar * */
  guint runs;
  Naming naming;
  GPtrArray *chunks; /* Chunk *, in order */
} Proposal;

static void chunk_free(gpointer data) {
  Chunk *chunk = data;
  g_free(chunk->text);
  g_free(chunk->variants); /* the lines belong to the runs */
  g_free(chunk);
}

/* Takes text over. */
static Chunk *add_chunk(Proposal *proposal, guint first, guint count, gchar *text) {
  Chunk *chunk = g_new0(Chunk, 1);
  *chunk = (Chunk){.first = first, .count = count};
  chunk->text = text;
  g_ptr_array_add(proposal->chunks, chunk);
  return chunk;
}

/* --- stretches of as many lines in each run ------------------------------------------ */

/* Where it begins in each run. */
typedef struct {
  guint *offsets;
  guint count;
} Stretch;

static gchar *line_of(const Proposal *proposal, const Stretch *stretch, guint run, guint index) {
  return g_ptr_array_index(proposal->lines[run], stretch->offsets[run] + index);
}

static void add_line(Proposal *proposal, const Stretch *stretch, guint index) {
  gchar **variants = g_new0(gchar *, proposal->runs + 1);
  for (guint run = 0; run < proposal->runs; run++)
    variants[run] = line_of(proposal, stretch, run, index);
  g_autofree gchar *line = propose_line(variants, proposal->runs, &proposal->naming);
  Chunk *chunk = add_chunk(proposal, stretch->offsets[0] + index, 1, g_strconcat(line, "\n", NULL));
  chunk->variants = variants;
}

static gboolean same_at(const Proposal *proposal, const Stretch *stretch, guint index,
                        Shape shape) {
  g_autofree gchar *first = line_shape(line_of(proposal, stretch, 0, index), shape);
  for (guint run = 1; run < proposal->runs; run++) {
    g_autofree gchar *other = line_shape(line_of(proposal, stretch, run, index), shape);
    if (!g_str_equal(first, other))
      return FALSE;
  }
  return TRUE;
}

static gint by_text(gconstpointer left, gconstpointer right) {
  return strcmp(*(gchar *const *)left, *(gchar *const *)right);
}

static GPtrArray *shapes_of(const Proposal *proposal, const Stretch *stretch, guint run, guint from,
                            guint to, Shape shape) {
  GPtrArray *shapes = g_ptr_array_new_with_free_func(g_free);
  for (guint i = from; i < to; i++)
    g_ptr_array_add(shapes, line_shape(line_of(proposal, stretch, run, i), shape));
  return shapes;
}

/* Whether all runs have the same lines there, in whatever order. */
static gboolean same_lines(const Proposal *proposal, const Stretch *stretch, guint from, guint to,
                           Shape shape) {
  g_autoptr(GPtrArray) first = shapes_of(proposal, stretch, 0, from, to, shape);
  g_ptr_array_sort(first, by_text);
  for (guint run = 1; run < proposal->runs; run++) {
    g_autoptr(GPtrArray) other = shapes_of(proposal, stretch, run, from, to, shape);
    g_ptr_array_sort(other, by_text);
    for (guint i = 0; i < first->len; i++)
      if (!g_str_equal(first->pdata[i], other->pdata[i]))
        return FALSE;
  }
  return TRUE;
}

/* Each line fits all lines of its shape, in all runs. */
static void add_unordered(Proposal *proposal, const Stretch *stretch, guint from, guint to,
                          Shape shape) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) alike =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  for (guint run = 0; run < proposal->runs; run++)
    for (guint i = from; i < to; i++) {
      gchar *key = line_shape(line_of(proposal, stretch, run, i), shape);
      GPtrArray *list = g_hash_table_lookup(alike, key);
      if (list == NULL)
        g_hash_table_insert(alike, g_strdup(key), list = g_ptr_array_new());
      g_ptr_array_add(list, line_of(proposal, stretch, run, i));
      g_free(key);
    }
  Naming bare = proposal->naming;
  bare.is_bare = TRUE;
  g_autoptr(GHashTable) proposed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  for (guint i = from; i < to; i++) {
    g_autofree gchar *key = line_shape(line_of(proposal, stretch, 0, i), shape);
    gpointer kept;
    const GPtrArray *list;
    g_hash_table_lookup_extended(alike, key, &kept, (gpointer *)&list);
    gchar *line = g_hash_table_lookup(proposed, kept);
    if (line == NULL)
      g_hash_table_insert(proposed, kept,
                          line = propose_line((gchar *const *)list->pdata, list->len, &bare));
    g_ptr_array_add(lines, g_strdup(line));
  }
  /* The same text whatever the order was. */
  g_ptr_array_sort(lines, by_text);
  g_ptr_array_add(lines, NULL);
  g_autofree gchar *joined = g_strjoinv("\n", (gchar **)lines->pdata);
  add_chunk(proposal, stretch->offsets[0] + from, to - from,
            g_strconcat("{unordered}\n", joined, "\n{end}\n", NULL));
}

/* TRUE where the lines could be described without giving any of them up. */
static gboolean add_range(Proposal *proposal, const Stretch *stretch, guint from, guint to,
                          Shape shape) {
  gboolean in_place = TRUE;
  for (guint i = from; in_place && i < to; i++)
    in_place = same_at(proposal, stretch, i, shape);
  if (in_place)
    for (guint i = from; i < to; i++)
      add_line(proposal, stretch, i);
  else if (same_lines(proposal, stretch, from, to, shape))
    add_unordered(proposal, stretch, from, to, shape);
  else
    return FALSE;
  return TRUE;
}

/* The shortest part of the range, from its beginning, that one shape describes; 0 for none. */
static guint add_shortest(Proposal *proposal, const Stretch *stretch, guint from, guint to) {
  for (guint shape = SHAPE_EXACT; shape < SHAPES; shape++)
    for (guint end = from + 1; end <= to; end++)
      if (add_range(proposal, stretch, from, end, (Shape)shape))
        return end - from;
  return 0;
}

/* Lines that differ, up to the next that do not. */
static void add_changed(Proposal *proposal, const Stretch *stretch, guint from, guint to) {
  if (to - from > SPLIT_MAX)
    for (guint shape = SHAPE_EXACT; shape < SHAPES; shape++)
      if (add_range(proposal, stretch, from, to, (Shape)shape))
        return;
  while (from < to) {
    guint added = to - from <= SPLIT_MAX ? add_shortest(proposal, stretch, from, to) : 0;
    if (added == 0)
      add_line(proposal, stretch, from);
    from += MAX(added, 1);
  }
}

/* Where lines changed places over lines that did not, the ranges between them are not the
 * same in each run, but all of them together are. */
static gboolean is_one_range(const Proposal *proposal, const Stretch *stretch, guint first,
                             guint last) {
  for (guint shape = SHAPE_EXACT; shape <= SHAPE_LOOSE; shape++) {
    gboolean is_each = TRUE;
    for (guint from = first, to; is_each && from < last; from = to) {
      gboolean is_stable = same_at(proposal, stretch, from, (Shape)shape);
      for (to = from + 1; to < last; to++)
        if (same_at(proposal, stretch, to, (Shape)shape) != is_stable)
          break;
      is_each = is_stable || same_lines(proposal, stretch, from, to, (Shape)shape);
    }
    if (is_each)
      return FALSE;
    if (same_lines(proposal, stretch, first, last, (Shape)shape))
      return TRUE;
  }
  return FALSE;
}

static void add_stretch(Proposal *proposal, const Stretch *stretch) {
  guint first = stretch->count, last = 0;
  for (guint i = 0; i < stretch->count; i++)
    if (!same_at(proposal, stretch, i, SHAPE_EXACT)) {
      first = MIN(first, i);
      last = i + 1;
    }
  gboolean is_one = first < last && is_one_range(proposal, stretch, first, last);
  for (guint i = 0; i < stretch->count;) {
    guint end = i + 1;
    if (same_at(proposal, stretch, i, SHAPE_EXACT)) {
      add_line(proposal, stretch, i);
    } else {
      while (end < stretch->count &&
             (is_one ? end < last : !same_at(proposal, stretch, end, SHAPE_EXACT)))
        end++;
      add_changed(proposal, stretch, i, end);
    }
    i = end;
  }
}

/* --- runs of as many lines, or not --------------------------------------------------- */

static void propose_lines(Proposal *proposal) {
  g_autofree guint *offsets = g_new0(guint, proposal->runs);
  guint fewest = G_MAXUINT;
  gboolean same_count = TRUE;
  for (guint run = 0; run < proposal->runs; run++) {
    fewest = MIN(fewest, proposal->lines[run]->len);
    same_count = same_count && proposal->lines[run]->len == proposal->lines[0]->len;
  }
  Stretch stretch = {offsets, 0};
  if (same_count) {
    stretch.count = fewest;
    add_stretch(proposal, &stretch);
    return;
  }
  while (stretch.count < fewest && same_at(proposal, &stretch, stretch.count, SHAPE_LOOSER))
    stretch.count++;
  guint before = stretch.count, behind = 0;
  add_stretch(proposal, &stretch);
  while (before + behind < fewest) {
    for (guint run = 0; run < proposal->runs; run++)
      offsets[run] = proposal->lines[run]->len - behind - 1;
    if (!same_at(proposal, &stretch, 0, SHAPE_LOOSER))
      break;
    behind++;
  }
  guint count = proposal->lines[0]->len - before - behind;
  add_chunk(proposal, before, count, g_strdup("{...}\n"));
  for (guint run = 0; run < proposal->runs; run++)
    offsets[run] = proposal->lines[run]->len - behind;
  stretch.count = behind;
  add_stretch(proposal, &stretch);
}

/* --- what stays of the old one -------------------------------------------------------- */

typedef struct {
  const Pattern *pattern;
  GArray *owners; /* Step: of each line of the first run */
  guint next;     /* item; those before it are written, or gone */
  GString *text;
} Keeping;

/* A {...} stays where it stood, also where it covers nothing this time. */
static void keep_empty(Keeping *keeping, guint item) {
  for (; keeping->next < item; keeping->next++) {
    const PatternItem *passed = g_ptr_array_index(keeping->pattern->items, keeping->next);
    if (passed->kind == ITEM_ANY)
      g_string_append(keeping->text, "{...}\n");
  }
}

static void keep_item(Keeping *keeping, guint index) {
  const PatternItem *item = g_ptr_array_index(keeping->pattern->items, index);
  keep_empty(keeping, index);
  keeping->next = index + 1;
  if (item->kind == ITEM_ANY)
    g_string_append(keeping->text, "{...}\n");
  if (item->kind == ITEM_UNORDERED)
    g_string_append(keeping->text, "{unordered}\n");
  for (guint i = 0; i < item->lines->len; i++) {
    const PatternLine *line = g_ptr_array_index(item->lines, i);
    g_string_append_printf(keeping->text, "%s\n", line->raw);
  }
  if (item->kind == ITEM_UNORDERED)
    g_string_append(keeping->text, "{end}\n");
}

static gboolean fits_all(const PatternLine *line, gchar *const *variants) {
  for (; *variants != NULL; variants++) {
    g_autoptr(Bindings) own = bindings_new();
    if (!pattern_line_match(line, *variants, own))
      return FALSE;
  }
  return TRUE;
}

/* The first line behind those from `first` on that are the same item's. */
static guint owned_until(const Keeping *keeping, guint first) {
  const Step *owner = &g_array_index(keeping->owners, Step, first);
  guint end = first;
  while (end < keeping->owners->len) {
    const Step *other = &g_array_index(keeping->owners, Step, end);
    if (other->kind != owner->kind || other->item != owner->item)
      break;
    end++;
  }
  return end;
}

/* Writes what the old pattern has for a chunk; returns the line behind it, or that
 * where the chunk begins when it has nothing. */
static guint keep_chunk(Keeping *keeping, const Chunk *chunk) {
  if (chunk->count == 0)
    return chunk->first;
  const Step *owner = &g_array_index(keeping->owners, Step, chunk->first);
  if (owner->kind == STEP_NEW || owner->item < keeping->next)
    return chunk->first;
  const PatternItem *item = g_ptr_array_index(keeping->pattern->items, owner->item);
  guint end = owned_until(keeping, chunk->first);
  if (item->kind == ITEM_LINE &&
      (chunk->variants == NULL || !fits_all(g_ptr_array_index(item->lines, 0), chunk->variants)))
    return chunk->first;
  if (item->kind == ITEM_UNORDERED && end - chunk->first != item->lines->len)
    return chunk->first;
  keep_item(keeping, owner->item);
  return end;
}

static gchar *join_chunks(const Proposal *proposal, const Pattern *old) {
  g_autoptr(GArray) owners = g_array_new(FALSE, FALSE, sizeof(Step));
  Keeping keeping = {.pattern = old, .owners = owners, .text = g_string_new(NULL)};
  if (old != NULL) {
    g_autoptr(GArray) steps = pattern_align(old, proposal->lines[0]);
    for (guint i = 0; i < steps->len; i++)
      if (g_array_index(steps, Step, i).kind != STEP_GONE)
        g_array_append_val(owners, g_array_index(steps, Step, i));
  }
  guint done = 0; /* lines of the first run */
  for (guint i = 0; i < proposal->chunks->len; i++) {
    const Chunk *chunk = g_ptr_array_index(proposal->chunks, i);
    if (chunk->count > 0 && chunk->first < done)
      continue;
    guint end = old != NULL ? keep_chunk(&keeping, chunk) : chunk->first;
    if (end == chunk->first) {
      g_string_append(keeping.text, chunk->text);
      end = chunk->first + chunk->count;
    }
    done = end;
  }
  if (old != NULL)
    keep_empty(&keeping, old->items->len);
  return g_string_free(keeping.text, FALSE);
}

/* --- parts ---------------------------------------------------------------------------- */

static gboolean reads_clock(const gchar *source) {
  static const gchar *const words[] = {"perf_counter", "monotonic",    "time.time",
                                       "timeit",       "process_time", NULL};
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr(source, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void take_names(Naming *naming, const Pattern *pattern) {
  for (guint i = 0; i < pattern->items->len; i++) {
    const PatternItem *item = g_ptr_array_index(pattern->items, i);
    for (guint j = 0; j < item->lines->len; j++) {
      const PatternLine *line = g_ptr_array_index(item->lines, j);
      for (guint k = 0; k < line->pieces->len; k++) {
        const PatternPiece *piece = g_ptr_array_index(line->pieces, k);
        if (piece->capture.name != NULL)
          g_hash_table_add(naming->taken, g_strdup(piece->capture.name));
      }
    }
  }
}

/* The relations all of whose names are captured. */
static GStrv where_kept(const ExpectationPart *old, const gchar *output) {
  g_autoptr(GStrvBuilder) kept = g_strv_builder_new();
  g_autoptr(Pattern) pattern = pattern_new(output, NULL);
  for (gchar **text = old != NULL ? old->where : NULL; text != NULL && *text != NULL; text++) {
    g_autoptr(Relation) relation = relation_new(*text, NULL);
    gboolean is_fine = relation != NULL && pattern != NULL;
    for (const gchar *const *name = is_fine ? relation_names(relation) : NULL;
         name != NULL && *name != NULL; name++)
      is_fine = is_fine && pattern_capture(pattern, *name) != NULL;
    if (is_fine)
      g_strv_builder_add(kept, *text);
  }
  return g_strv_builder_end(kept);
}

/* The outcome of all runs; that of the old part where it is met. */
static gchar *propose_outcome(const ExpectationPart *old, const Transcript *const *runs,
                              guint count, GError **error) {
  g_autofree gchar *first = NULL;
  gboolean old_is_met = old != NULL && outcome_is_fine(old->outcome);
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *outcome = outcome_of(runs[i]);
    if (outcome == NULL || runs[i]->output_cut > 0) {
      g_set_error(error, PROPOSE_ERROR, PROPOSE_ERROR_RUN,
                  outcome == NULL ? "it was not run" : "it prints more than is kept");
      return NULL;
    }
    old_is_met = old_is_met && outcome_is_met(old->outcome, runs[i]);
    if (first == NULL) {
      first = g_steal_pointer(&outcome);
    } else if (!g_str_equal(first, outcome)) {
      if (g_str_has_prefix(first, "deadlocks") && g_str_has_prefix(outcome, "deadlocks")) {
        g_free(first);
        first = g_strdup("deadlocks"); /* not at the same line each time */
        continue;
      }
      g_set_error(error, PROPOSE_ERROR, PROPOSE_ERROR_VARIES,
                  "it does not end the same way each time: '%s' and '%s'", first, outcome);
      return NULL;
    }
  }
  return old_is_met ? g_strdup(old->outcome) : g_steal_pointer(&first);
}

ExpectationPart *propose_part(const ExpectationPart *old, const gchar *python,
                              const Snippet *snippet, const Transcript *const *runs, guint count,
                              GError **error) {
  g_autofree gchar *outcome = propose_outcome(old, runs, count, error);
  if (outcome == NULL)
    return NULL;
  g_autoptr(Pattern) pattern = old != NULL ? pattern_new(old->output, NULL) : NULL;
  g_autofree GPtrArray **lines = g_new0(GPtrArray *, count);
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) large = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  Proposal proposal = {
      .lines = lines,
      .runs = count,
      .naming = {.taken = taken, .large = large, .is_timed = reads_clock(snippet->source)},
      .chunks = g_ptr_array_new_with_free_func(chunk_free)};
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *text = output_text(runs[i]);
    lines[i] = output_lines(text);
  }
  if (pattern != NULL)
    take_names(&proposal.naming, pattern);
  propose_lines(&proposal);

  ExpectationPart *part = NULL;
  for (guint keeps = pattern != NULL ? 2 : 1; part == NULL && keeps-- > 0;) {
    g_autofree gchar *output = join_chunks(&proposal, keeps > 0 ? pattern : NULL);
    g_auto(GStrv) where = where_kept(old, output);
    part = expectation_part_new(python, outcome, (const gchar *const *)where, output);
    if (old != NULL)
      expectation_part_set_after(part, (const gchar *const *)old->after);
    if (keeps > 0 && !part_fits(part, runs, count))
      g_clear_pointer(&part, expectation_part_free);
  }
  if (!part_fits(part, runs, count)) {
    g_clear_pointer(&part, expectation_part_free);
    g_set_error(error, PROPOSE_ERROR, PROPOSE_ERROR_VARIES,
                "what it prints varies in a way that no matcher describes");
  }
  for (guint i = 0; i < count; i++)
    g_ptr_array_unref(lines[i]);
  g_ptr_array_unref(proposal.chunks);
  return part;
}

gboolean part_fits(const ExpectationPart *part, const Transcript *const *runs, guint count) {
  g_autoptr(Pattern) pattern = pattern_new(part->output, NULL);
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *text = output_text(runs[i]);
    g_autoptr(GPtrArray) lines = output_lines(text);
    g_autoptr(Bindings) bindings = bindings_new();
    if (pattern == NULL || !outcome_is_met(part->outcome, runs[i]) ||
        !pattern_match(pattern, lines, bindings))
      return FALSE;
  }
  return TRUE;
}

gchar *part_problem(const ExpectationPart *part) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Pattern) pattern = pattern_new(part->output, &error);
  if (pattern == NULL)
    return g_strdup_printf("line %d of the output: %s", error->code, error->message);
  if (!outcome_is_fine(part->outcome))
    return g_strdup_printf("no outcome is called '%s'", part->outcome);
  for (gchar **text = part->where; *text != NULL; text++) {
    g_autoptr(Relation) relation = relation_new(*text, &error);
    if (relation == NULL)
      return g_strdup_printf("'%s': %s", *text, error->message);
    for (const gchar *const *name = relation_names(relation); *name != NULL; name++)
      if (pattern_capture(pattern, *name) == NULL)
        return g_strdup_printf("'%s': no {%s:...} captures '%s'", *text, *name, *name);
  }
  return NULL;
}
