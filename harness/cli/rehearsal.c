#include "cli/rehearsal.h"

#include "cli/common.h"

#define SEEDED 3u /* sittings under hash seeds 1, 2 and 3 */

typedef struct {
  Rehearsal *rehearsal;
  GHashTable *wanted; /* Snippet *: that have no verdict of this sitting yet */
  gboolean is_first;
  GHashTable *with_earlier; /* Document *: some wanted snippet of it needs earlier blocks */
} Session;

static void rehearsed_free(gpointer data) {
  Rehearsed *rehearsed = data;
  g_free(rehearsed->reason);
  g_ptr_array_unref(rehearsed->runs);
  g_free(rehearsed);
}

void rehearsal_free(Rehearsal *rehearsal) {
  if (rehearsal == NULL)
    return;
  g_hash_table_unref(rehearsal->by_snippet);
  g_free(rehearsal->python);
  g_free(rehearsal);
}

static Checked *copy_checked(const Checked *checked) {
  Checked *copy = g_new(Checked, 1);
  *copy = *checked;
  copy->rule = g_strdup(checked->rule);
  copy->said = g_strdup(checked->said);
  copy->actual = g_strdup(checked->actual);
  copy->note = g_strdup(checked->note);
  return copy;
}

/* What an expectation is compared with. */
static Transcript *copy_ending(const Transcript *transcript) {
  Transcript *copy = transcript_new();
  copy->outcome = transcript->outcome;
  copy->exit_code = transcript->exit_code;
  copy->signal = transcript->signal;
  copy->limit = transcript->limit;
  copy->output_cut = transcript->output_cut;
  g_string_append_len(copy->output, transcript->output->str, (gssize)transcript->output->len);
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    g_ptr_array_add(copy->waits, waiting_new(waiting->thread, waiting->name, waiting->line,
                                             waiting->what, waiting->lock));
  }
  for (guint i = 0; i < transcript->checked->len; i++) {
    const Checked *checked = g_ptr_array_index(transcript->checked, i);
    if (checked->kind == CHECKED_FINAL)
      g_ptr_array_add(copy->checked, copy_checked(checked));
  }
  const Raised *final = transcript_final_exception(transcript);
  if (final != NULL) {
    Raised *raised = g_new0(Raised, 1);
    raised->line = final->line;
    raised->outer_line = final->outer_line;
    raised->type = g_strdup(final->type);
    raised->bases = g_strdupv(final->bases);
    raised->message = g_strdup(final->message);
    raised->name = g_strdup(final->name);
    g_ptr_array_add(copy->raised, raised);
  }
  return copy;
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Session *session = data;
  if (!g_hash_table_remove(session->wanted, snippet))
    return TRUE;
  Rehearsed *rehearsed = g_hash_table_lookup(session->rehearsal->by_snippet, snippet);
  if (rehearsed == NULL) {
    rehearsed = g_new0(Rehearsed, 1);
    rehearsed->class = verdict->class;
    rehearsed->reason = g_strdup(verdict->reason);
    rehearsed->runs = g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
    g_hash_table_insert(session->rehearsal->by_snippet, (gpointer)snippet, rehearsed);
  }
  if (session->is_first && transcript->prelude > 0)
    g_hash_table_add(session->with_earlier, (gpointer)snippet->document);
  g_ptr_array_add(rehearsed->runs, copy_ending(transcript));
  return g_hash_table_size(session->wanted) > 0;
}

static void part_free(gpointer data) {
  Document *part = data; /* borrows the rest of its document */
  g_ptr_array_unref(part->snippets);
  g_free(part);
}

/* Their documents up to the last one of them, or, where none of a document's needs
 * an earlier block, them alone. */
static GPtrArray *parts_of(const GPtrArray *snippets, GHashTable *wanted, const Session *session) {
  GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < snippets->len; i++) {
    const Document *document = ((const Snippet *)g_ptr_array_index(snippets, i))->document;
    if (!g_hash_table_add(seen, (gpointer)document))
      continue;
    gboolean takes_all =
        session->is_first || g_hash_table_contains(session->with_earlier, document);
    GPtrArray *chosen = g_ptr_array_new();
    guint behind_last = 0;
    for (guint k = 0; k < document->snippets->len; k++) {
      gpointer snippet = g_ptr_array_index(document->snippets, k);
      gboolean is_wanted = g_hash_table_contains(wanted, snippet);
      if (is_wanted || takes_all)
        g_ptr_array_add(chosen, snippet);
      if (is_wanted)
        behind_last = chosen->len;
    }
    g_ptr_array_set_size(chosen, (gint)behind_last);
    Document *part = g_new0(Document, 1);
    *part = *document;
    part->snippets = chosen;
    g_ptr_array_add(parts, part);
  }
  return parts;
}

/* Those that can be accepted, after the first sitting. */
static void fill_wanted(const Session *session, const GPtrArray *snippets) {
  for (guint i = 0; i < snippets->len; i++) {
    gpointer snippet = g_ptr_array_index(snippets, i);
    const Rehearsed *rehearsed = g_hash_table_lookup(session->rehearsal->by_snippet, snippet);
    g_autofree gchar *refusal = rehearsed != NULL ? rehearsed_refusal(rehearsed) : NULL;
    if (refusal == NULL)
      g_hash_table_add(session->wanted, snippet);
  }
}

static gboolean sit_once(Session *session, const GPtrArray *snippets, const RunnerOptions *options,
                         const Expectations *expectations) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  fill_wanted(session, snippets);
  if (g_hash_table_size(session->wanted) == 0)
    return TRUE;
  g_autoptr(GPtrArray) parts = parts_of(snippets, session->wanted, session);
  Sitting sitting = {.documents = parts,
                     .verdict = on_verdict,
                     .data = session,
                     .expectations = expectations,
                     .is_rehearsal = TRUE};
  if (!sitting_hold(&sitting, options, &end, &error)) {
    complain("%s", error->message);
    return FALSE;
  }
  if (g_hash_table_size(session->wanted) > 0) {
    complain("interrupted: nothing was written");
    return FALSE;
  }
  if (session->rehearsal->python == NULL)
    session->rehearsal->python = g_steal_pointer(&end.python);
  return TRUE;
}

Rehearsal *rehearsal_hold(const GPtrArray *snippets, const RunnerOptions *options,
                          const Expectations *expectations) {
  g_autoptr(Rehearsal) rehearsal = g_new0(Rehearsal, 1);
  g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) with_earlier = g_hash_table_new(NULL, NULL);
  rehearsal->by_snippet = g_hash_table_new_full(NULL, NULL, NULL, rehearsed_free);
  Session session = {.rehearsal = rehearsal, .wanted = wanted, .with_earlier = with_earlier};
  for (guint i = 0; i < REHEARSAL_RUNS; i++) {
    RunnerOptions seeded = *options;
    session.is_first = i == 0;
    seeded.hash_seed = i < REHEARSAL_RUNS - SEEDED ? 0 : i - (REHEARSAL_RUNS - SEEDED) + 1;
    if (!sit_once(&session, snippets, &seeded, expectations))
      return NULL;
  }
  return g_steal_pointer(&rehearsal);
}

gchar *rehearsed_refusal(const Rehearsed *rehearsed) {
  switch (rehearsed->class) {
  case VERDICT_LIMIT:
  case VERDICT_FRAGMENT:
  case VERDICT_NEEDS:
  case VERDICT_UNPARSABLE:
  case VERDICT_SKIPPED:
  case VERDICT_INFRA:
    return rehearsed->reason != NULL
               ? g_strdup_printf("%s: %s", verdict_class_name(rehearsed->class), rehearsed->reason)
               : g_strdup(verdict_class_name(rehearsed->class));
  default:
    return NULL;
  }
}
