#include "cli/sharding.h"

#include <stdlib.h>
#include <string.h>

#include "report/shard.h"

/* A piece is at most this part of a part, so that no part has more than a quarter too much, but
 * for one block that takes longer than that. */
#define PIECES_LEAST 4u
#define AGREED_SECONDS 86400u
/* Measured on public banks: what a block without a known time takes. */
#define GUESS_NS 4000000u
#define GUESS_LINE_NS 20000u
#define GUESS_IMPORT_NS 3000000u
#define GUESS_SLEEP_MAX 10.0
/* What starting and marking any block takes; so that many short ones are not nothing. */
#define FIXED_NS 2000000u

gboolean shard_parse(const gchar *text, guint *index, guint *count) {
  const gchar *slash = strchr(text, '/');
  g_autofree gchar *first = slash != NULL ? g_strndup(text, (gsize)(slash - text)) : NULL;
  guint64 which, all;
  if (slash == NULL || !g_ascii_string_to_unsigned(first, 10, 0, G_MAXUINT, &which, NULL) ||
      !g_ascii_string_to_unsigned(slash + 1, 10, 0, G_MAXUINT, &all, NULL)) {
    complain("--shard takes I/N, as in 2/4, the second of four: '%s'", text);
    return FALSE;
  }
  if (all < 1 || all > SHARDS_MAX || which < 1 || which > all) {
    complain("--shard: of %" G_GUINT64_FORMAT " shards there is no number %" G_GUINT64_FORMAT
             ": I/N is 1/N to N/N, with at most %u shards",
             all, which, SHARDS_MAX);
    return FALSE;
  }
  *index = (guint)which;
  *count = (guint)all;
  return TRUE;
}

/* --- the parts ------------------------------------------------------------------- */

/* Items from first to before end, which stay together. */
typedef struct {
  const gchar *id; /* of the first */
  guint first;
  guint end;
  guint64 ns;
} Piece;

typedef struct {
  const ShardItem *items;
  guint64 most; /* of a piece */
  GArray *pieces;
  Piece open; /* not closed yet */
} Cutting;

static void close_piece(Cutting *cutting) {
  if (cutting->open.first < cutting->open.end)
    g_array_append_val(cutting->pieces, cutting->open);
  cutting->open = (Piece){.first = cutting->open.end, .end = cutting->open.end};
}

/* Puts the items from the open piece's end up to `end`, in all ns, into it, or into the next. */
static void add_unit(Cutting *cutting, guint end, guint64 ns) {
  if (cutting->open.ns + ns > cutting->most)
    close_piece(cutting);
  if (cutting->open.first == cutting->open.end)
    cutting->open.id = cutting->items[cutting->open.first].id;
  cutting->open.end = end;
  cutting->open.ns += ns;
}

static guint64 time_of(const ShardItem *items, guint first, guint end) {
  guint64 ns = 0;
  for (guint i = first; i < end; i++)
    ns += items[i].ns;
  return ns;
}

static void cut_question(Cutting *cutting, guint first, guint end) {
  guint64 ns = time_of(cutting->items, first, end);
  if (ns <= cutting->most) {
    add_unit(cutting, end, ns);
    return;
  }
  close_piece(cutting);
  for (guint i = first; i < end; i++)
    add_unit(cutting, i + 1, cutting->items[i].ns);
  close_piece(cutting);
}

static void cut_document(Cutting *cutting, guint first, guint end) {
  for (guint start = first, i = first; i < end; i++) {
    if (i + 1 < end && cutting->items[i + 1].question == cutting->items[start].question)
      continue;
    cut_question(cutting, start, i + 1);
    start = i + 1;
  }
  close_piece(cutting);
}

static gint by_time(gconstpointer left, gconstpointer right) {
  const Piece *one = left;
  const Piece *other = right;
  if (one->ns != other->ns)
    return one->ns > other->ns ? -1 : 1;
  return strcmp(one->id, other->id);
}

void shards_split(const ShardItem *items, guint count, guint parts, guint *part_of) {
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  Cutting cutting = {
      .items = items, .most = time_of(items, 0, count) / parts / PIECES_LEAST, .pieces = pieces};
  for (guint start = 0, i = 0; i < count; i++) {
    if (i + 1 < count && items[i + 1].document == items[start].document)
      continue;
    cut_document(&cutting, start, i + 1);
    start = i + 1;
  }
  g_array_sort(pieces, by_time);
  g_autofree guint64 *has = g_new0(guint64, parts);
  for (guint i = 0; i < pieces->len; i++) {
    const Piece *piece = &g_array_index(pieces, Piece, i);
    guint least = 0;
    for (guint part = 1; part < parts; part++)
      if (has[part] < has[least])
        least = part;
    has[least] += piece->ns;
    for (guint item = piece->first; item < piece->end; item++)
      part_of[item] = least;
  }
}

guint64 shard_guess(const gchar *source) {
  guint64 ns = GUESS_NS;
  gboolean begins_line = TRUE;
  for (const gchar *at = source; *at != '\0'; at++) {
    if (begins_line) {
      ns += GUESS_LINE_NS;
      ns += g_str_has_prefix(at, "import ") || g_str_has_prefix(at, "from ") ? GUESS_IMPORT_NS : 0;
    }
    begins_line = *at == '\n';
    if (*at == 's' && g_str_has_prefix(at, "sleep(")) {
      gdouble seconds = g_ascii_strtod(at + strlen("sleep("), NULL);
      if (seconds > 0) /* and a number */
        ns += (guint64)(MIN(seconds, GUESS_SLEEP_MAX) * 1e9);
    }
  }
  return ns;
}

/* --- the bank -------------------------------------------------------------------- */

static void add_text(GChecksum *sum, const gchar *text) {
  g_checksum_update(sum, (const guchar *)(text != NULL ? "+" : "-"), 1);
  if (text != NULL)
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void add_number(GChecksum *sum, guint64 number) {
  gchar text[32];
  g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, number);
  add_text(sum, text);
}

static void add_settings(GChecksum *sum, const Settings *settings) {
  if (settings == NULL)
    return;
  add_text(sum, settings->fixture);
  add_text(sum, settings->variant);
  add_text(sum, settings->skip);
  add_text(sum, settings->python);
  add_number(sum, settings->wall_ms);
  add_number(sum, settings->memory_bytes);
  add_number(sum, settings->output_bytes);
}

static void add_expectation(GChecksum *sum, const Expectation *expectation) {
  if (expectation == NULL)
    return;
  add_text(sum, expectation->problem);
  for (guint i = 0; i < expectation->parts->len; i++) {
    const ExpectationPart *part = g_ptr_array_index(expectation->parts, i);
    g_autofree gchar *where = g_strjoinv("\n", part->where);
    g_autofree gchar *after = g_strjoinv("\n", part->after);
    add_text(sum, part->python);
    add_text(sum, part->outcome);
    add_text(sum, where);
    add_text(sum, after);
    add_text(sum, part->output);
  }
}

/* All that a verdict follows from but for the run, so that two parts of the same text are of the
 * same bank wherever that lies. */
static void add_snippet(GChecksum *sum, const Material *material, const Snippet *snippet) {
  add_text(sum, snippet->id);
  add_text(sum, snippet->content_id);
  add_number(sum, snippet->first_line);
  add_number(sum, snippet->kind);
  for (guint i = 0; snippet->prose != NULL && i < snippet->prose->len; i++) {
    const Prose *prose = g_ptr_array_index(snippet->prose, i);
    add_text(sum, prose->text);
  }
  add_settings(sum, snippet->settings);
  if (snippet->choice != NULL) {
    const Fixture *fixture = snippet->choice->fixture;
    add_text(sum, fixture != NULL ? fixture->name : NULL);
    add_text(sum, fixture != NULL ? fixture->digest : NULL);
    add_text(sum, snippet->choice->variant);
  }
  if (material->expectations != NULL)
    add_expectation(sum, expectations_of(material->expectations, snippet, NULL));
}

/* A snippet of the bank that was selected. */
typedef struct {
  const Snippet *snippet;
  guint place; /* in the bank, from 0 */
} Selected;

typedef struct {
  GArray *snippets; /* Selected */
  GArray *items;    /* ShardItem, of the same */
  gchar *bank;      /* digest of all snippets, selected or not, and of the options */
} Splitting;

static guint64 weigh(Results *results, const Snippet *snippet) {
  guint64 cpu_ns, wall_ns;
  if (snippet->settings != NULL && snippet->settings->skip != NULL)
    return FIXED_NS;
  if (results != NULL && results_times(results, snippet->content_id, &cpu_ns, &wall_ns))
    return MAX(cpu_ns, wall_ns) + FIXED_NS;
  return shard_guess(snippet->source) + FIXED_NS;
}

/* Those that decide verdicts and that are the same on all machines. */
static void add_options(GChecksum *sum, const RunnerOptions *options) {
  add_text(sum, worker_version(options->worker));
  add_number(sum, options->wall_ms);
  add_number(sum, options->output_bytes);
}

static void splitting_fill(Splitting *splitting, const Material *material,
                           const RunnerOptions *options, Results *results, GHashTable *wanted) {
  const GPtrArray *documents = material->bank->documents;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint place = 0;
  add_options(sum, options);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    const Question *question = NULL;
    guint questions = 0;
    add_text(sum, document->name);
    for (guint j = 0; j < document->snippets->len; j++, place++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, j);
      add_snippet(sum, material, snippet);
      questions += snippet->question != question;
      question = snippet->question;
      if (wanted != NULL && !g_hash_table_contains(wanted, snippet))
        continue;
      ShardItem item = {
          .id = snippet->id, .document = i, .question = questions, .ns = weigh(results, snippet)};
      Selected selected = {snippet, place};
      g_array_append_val(splitting->items, item);
      g_array_append_val(splitting->snippets, selected);
    }
  }
  splitting->bank = g_strdup(g_checksum_get_string(sum));
}

/* The parts as a text, "0,3,1", and back: FALSE where it is not one of so many. */
static gchar *parts_text(const guint *part_of, guint count) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf(text, "%s%u", i > 0 ? "," : "", part_of[i]);
  return g_string_free(text, FALSE);
}

static gboolean parts_read(const gchar *text, guint *part_of, guint count, guint parts) {
  g_autofree guint *read = g_new(guint, MAX(count, 1));
  const gchar *at = text;
  for (guint i = 0; i < count; i++) {
    gchar *end;
    guint64 part = g_ascii_strtoull(at, &end, 10);
    if (end == at || part >= parts || *end != (i + 1 < count ? ',' : '\0'))
      return FALSE;
    read[i] = (guint)part;
    at = end + 1;
  }
  memcpy(part_of, read, count * sizeof *read);
  return TRUE;
}

/* What others that keep their results where we do have split, or will. */
static void agree(Results *results, const Splitting *splitting, guint parts, guint *part_of) {
  guint count = splitting->items->len;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  add_text(sum, splitting->bank);
  add_number(sum, parts);
  for (guint i = 0; i < count; i++)
    add_number(sum, g_array_index(splitting->snippets, Selected, i).place);
  g_autofree gchar *name = g_strdup_printf("split %s", g_checksum_get_string(sum));
  g_autofree gchar *ours = parts_text(part_of, count);
  g_autofree gchar *agreed = results_agree_text(results, name, ours, AGREED_SECONDS);
  if (agreed != NULL)
    parts_read(agreed, part_of, count, parts);
}

gboolean sharding_select(const gchar *shard, const Material *material, const RunnerOptions *options,
                         Results *results, Selection *selection) {
  guint index, count;
  if (!shard_parse(shard, &index, &count))
    return FALSE;
  g_autoptr(GArray) snippets = g_array_new(FALSE, FALSE, sizeof(Selected));
  g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(ShardItem));
  Splitting splitting = {.snippets = snippets, .items = items};
  splitting_fill(&splitting, material, options, results, selection->wanted);
  g_autofree guint *part_of = g_new0(guint, MAX(items->len, 1));
  shards_split((const ShardItem *)(gpointer)items->data, items->len, count, part_of);
  if (results != NULL)
    agree(results, &splitting, count, part_of);

  g_autoptr(GHashTable) wanted = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  g_autoptr(GChecksum) split = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint i = 0; i < items->len; i++) {
    const Selected *selected = &g_array_index(snippets, Selected, i);
    const Snippet *snippet = selected->snippet;
    shard_digest_add(split, selected->place, snippet->id, snippet->content_id, part_of[i] + 1);
    if (part_of[i] + 1 != index)
      continue;
    const gchar *why =
        selection->wanted != NULL ? g_hash_table_lookup(selection->wanted, snippet) : NULL;
    g_hash_table_insert(wanted, (gpointer)snippet,
                        why != NULL ? g_strdup(why)
                                    : g_strdup_printf("it is in shard %u/%u", index, count));
  }
  g_clear_pointer(&selection->wanted, g_hash_table_unref);
  selection->wanted = g_steal_pointer(&wanted);
  selection->shard = (ReportShard){.index = index,
                                   .count = count,
                                   .bank = splitting.bank,
                                   .split = g_strdup(g_checksum_get_string(split))};
  return TRUE;
}
