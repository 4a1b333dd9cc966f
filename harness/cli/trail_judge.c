#include "cli/trail_judge.h"

#include "bank/session.h"
#include "report/problems.h"

#define OUTPUT_MOST 4096

typedef struct {
  GHashTable *states; /* const Snippet * -> TrailState * */
} Session;

static const Expectation *expectation_of(const TrailState *state) {
  const Expectations *expectations = state->material->expectations;
  return expectations != NULL ? expectations_of(expectations, state->snippet, NULL) : NULL;
}

/* --- what is kept of a verdict --------------------------------------------------------------- */

static void add_problems(BisectionState *judged, const Snippet *snippet,
                         const Transcript *transcript, const Verdict *verdict) {
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, TRUE);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    if (i == 0)
      judged->place = g_strdup_printf("%s:%u", snippet->document->path, problem->line);
    g_ptr_array_add(judged->said, g_strdup(problem->sentence));
  }
  if (judged->place == NULL)
    judged->place = g_strdup_printf("%s:%u", snippet->document->path, snippet->first_line);
}

static BisectionState *judged_new(const Snippet *snippet, const Transcript *transcript,
                                  const Verdict *verdict) {
  BisectionState *judged = g_new0(BisectionState, 1);
  judged->class = verdict->class;
  judged->said = g_ptr_array_new_with_free_func(g_free);
  judged->source = g_strdup(snippet->source);
  add_problems(judged, snippet, transcript, verdict);
  if (transcript->outcome != OUTCOME_SKIPPED && transcript->outcome != OUTCOME_UNPARSABLE)
    judged->output = g_strndup(transcript->output->str, MIN(transcript->output->len, OUTPUT_MOST));
  return judged;
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  const Session *session = data;
  TrailState *state = g_hash_table_lookup(session->states, snippet);
  if (state != NULL && state->judged == NULL)
    state->judged = judged_new(snippet, transcript, verdict);
  return TRUE;
}

/* --- sittings -------------------------------------------------------------------------------- */

/* The document, as far as it counts; it borrows the rest. */
static Document *part_of(const Snippet *snippet, JudgeDepth depth) {
  Document *part = g_new0(Document, 1);
  *part = *snippet->document;
  if (depth == JUDGE_WHOLE) {
    part->snippets = g_ptr_array_ref(part->snippets);
    return part;
  }
  g_autoptr(GPtrArray) needed = session_of(snippet);
  part->snippets = g_ptr_array_new();
  for (guint i = 0; i < needed->len; i++)
    g_ptr_array_add(part->snippets, g_ptr_array_index(needed, i));
  g_ptr_array_add(part->snippets, (gpointer)snippet);
  return part;
}

static void part_free(gpointer data) {
  Document *part = data;
  g_ptr_array_unref(part->snippets);
  g_free(part);
}

/* States whose expectations are the same, or that have none. */
static gboolean sit(Hall *hall, const GPtrArray *states, const Expectations *expectations,
                    JudgeDepth depth) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(part_free);
  for (guint i = 0; i < states->len; i++) {
    TrailState *state = g_ptr_array_index(states, i);
    if (g_hash_table_insert(wanted, (gpointer)state->snippet, state))
      g_ptr_array_add(documents, part_of(state->snippet, depth));
  }
  Session session = {wanted};
  Sitting sitting = {.documents = documents,
                     .wanted = wanted,
                     .verdict = on_verdict,
                     .data = &session,
                     .expectations = expectations};
  if (!hall_sit(hall, &sitting, &end, &error)) {
    complain("%s", error->message);
    return FALSE;
  }
  for (guint i = 0; i < states->len; i++) {
    const TrailState *state = g_ptr_array_index(states, i);
    if (state->judged == NULL)
      return FALSE; /* interrupted */
  }
  return TRUE;
}

gboolean trail_judge(Hall *hall, const GPtrArray *states, JudgeDepth depth) {
  /* A sitting has one bank's expectations: states that have one sit alone, the others together. */
  g_autoptr(GPtrArray) together = g_ptr_array_new();
  for (guint i = 0; i < states->len; i++) {
    TrailState *state = g_ptr_array_index(states, i);
    if (state->judged != NULL)
      continue;
    if (expectation_of(state) == NULL) {
      g_ptr_array_add(together, state);
      continue;
    }
    g_autoptr(GPtrArray) alone = g_ptr_array_new();
    g_ptr_array_add(alone, state);
    if (!sit(hall, alone, state->material->expectations, depth))
      return FALSE;
  }
  return together->len == 0 || sit(hall, together, NULL, depth);
}

const BisectionState *trail_judged(const TrailState *state) {
  return state != NULL ? state->judged : NULL;
}
