#include "report/html_beside.h"

#include <string.h>

#include "report/events.h"
#include "report/html_snippet.h"
#include "report/html_text.h"
#include "report/problems.h"

#define SOURCE_LINES_MAX 1000u
#define SENTENCE_WIDTH 400
#define VALUES_MAX 4u /* of a line */
#define EVENT_WIDTH 160
#define EVENTS_MAX 6u

static HtmlRow *row_at(HtmlBeside *beside, guint line) {
  return &beside->rows[line <= beside->lines ? line : 0];
}

static GString *said_at(HtmlBeside *beside, guint line) {
  HtmlRow *row = row_at(beside, line);
  if (row->said == NULL)
    row->said = g_string_new(NULL);
  return row->said;
}

/* --- what the run did ---------------------------------------------------------------- */

static gint by_offset(gconstpointer a, gconstpointer b) {
  const Write *left = *(const Write *const *)a, *right = *(const Write *const *)b;
  return (left->offset > right->offset) - (left->offset < right->offset);
}

/* What no line wrote stays for the place below the code. */
static void take_output(HtmlBeside *beside) {
  const GString *output = beside->transcript->output;
  g_autoptr(GPtrArray) writes = g_ptr_array_new();
  for (guint i = 0; i < beside->transcript->writes->len; i++) {
    const Write *write = &g_array_index(beside->transcript->writes, Write, i);
    if (write->stream == STREAM_OUTPUT && write->offset <= output->len &&
        write->length <= output->len - write->offset)
      g_ptr_array_add(writes, (gpointer)write);
  }
  g_ptr_array_sort(writes, by_offset);
  gsize done = 0;
  for (guint i = 0; i <= writes->len; i++) {
    const Write *write = i < writes->len ? g_ptr_array_index(writes, i) : NULL;
    gsize begin = write != NULL ? write->offset : output->len;
    if (begin < done)
      continue;
    HtmlRow *rows[] = {row_at(beside, 0), write != NULL ? row_at(beside, write->line) : NULL};
    gsize lengths[] = {begin - done, write != NULL ? write->length : 0};
    for (guint j = 0; j < G_N_ELEMENTS(rows); j++) {
      if (lengths[j] == 0)
        continue;
      if (rows[j]->output == NULL)
        rows[j]->output = g_string_new(NULL);
      g_string_append_len(rows[j]->output, output->str + done, (gssize)lengths[j]);
      done += lengths[j];
    }
  }
}

static void take_values(HtmlBeside *beside) {
  for (guint i = 0; i < beside->transcript->values->len; i++) {
    const Value *value = g_ptr_array_index(beside->transcript->values, i);
    const gchar *text = value->shown != NULL ? value->shown : value->repr;
    if (text == NULL || (value->names == NULL && g_str_equal(text, "None")) ||
        ++row_at(beside, value->line)->values > VALUES_MAX)
      continue;
    GString *to = said_at(beside, value->line);
    g_string_append(to, "<span class=\"v\">");
    if (value->names != NULL)
      html_append(to, value->names, SENTENCE_WIDTH);
    g_string_append(to, value->names != NULL ? " = " : "→ ");
    html_append(to, text, SENTENCE_WIDTH);
    g_string_append(to, "</span>");
  }
}

static gboolean is_told_otherwise(const Transcript *transcript, guint place) {
  const Raised *raised = g_ptr_array_index(transcript->raised, place);
  for (guint i = 0; raised->is_seen && i < transcript->raised->len; i++) {
    const Raised *other = g_ptr_array_index(transcript->raised, i);
    if (i != place && !other->is_seen && g_strcmp0(other->type, raised->type) == 0 &&
        g_strcmp0(other->message, raised->message) == 0)
      return TRUE;
  }
  return FALSE;
}

static void append_exception(GString *to, const Raised *raised, const gchar *more) {
  g_string_append(to, "<span class=\"x\">");
  html_append(to, raised->type != NULL ? raised->type : "exception", SENTENCE_WIDTH);
  if (raised->message != NULL && *raised->message != '\0') {
    g_string_append(to, ": ");
    html_append(to, raised->message, SENTENCE_WIDTH);
  }
  html_append_markup(to, "%s</span>", more);
}

static void take_exceptions(HtmlBeside *beside) {
  const Transcript *transcript = beside->transcript;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (is_told_otherwise(transcript, i))
      continue;
    const gchar *more = raised->in_thread ? " <i>in a thread</i>"
                        : raised->is_seen ? " <i>seen here</i>"
                        : raised->passed  ? " <i>the run went on</i>"
                                          : "";
    append_exception(said_at(beside, raised->line != 0 ? raised->line : raised->outer_line), raised,
                     more);
  }
}

static void take_probed(HtmlBeside *beside) {
  for (guint i = 0; i < beside->transcript->probed->len; i++) {
    const Probed *probed = g_ptr_array_index(beside->transcript->probed, i);
    GString *to = said_at(beside, probed->line);
    if (probed->raised != NULL) {
      append_exception(to, probed->raised, " <i>run aside</i>");
    } else if (probed->repr != NULL) {
      g_string_append(to, "<span class=\"v\">→ ");
      html_append(to, probed->repr, SENTENCE_WIDTH);
      g_string_append(to, " <i>run aside</i></span>");
    } else {
      static const gchar *const ends[] = {"ran to its end", "raised", "is no Python", "was stopped",
                                          "died"};
      html_append_markup(to, "<span class=\"note\">run aside: %s</span>", ends[probed->end]);
    }
  }
}

static void take_events(HtmlBeside *beside) {
  g_autoptr(GPtrArray) groups = events_group(beside->transcript);
  for (guint i = 0; i < groups->len; i++) {
    const EventGroup *group = g_ptr_array_index(groups, i);
    if (++row_at(beside, group->first->line)->events > EVENTS_MAX)
      continue;
    g_autofree gchar *text = event_group_text(group, EVENT_WIDTH);
    GString *to = said_at(beside, group->first->line);
    g_string_append(to, "<span class=\"e\">");
    html_append(to, text, 0);
    g_string_append(to, "</span>");
  }
}

/* --- claims -------------------------------------------------------------------------- */

static gint badness(ClaimState state) {
  return state == CLAIM_CONTRADICTED ? 2 : state == CLAIM_NOT_CHECKABLE ? 1 : 0;
}

static const gchar *state_class(ClaimState state) {
  return state == CLAIM_HOLDS ? "ok" : state == CLAIM_CONTRADICTED ? "bad" : "warn";
}

static const gchar *state_sign(ClaimState state) {
  return state == CLAIM_HOLDS ? "✓" : state == CLAIM_CONTRADICTED ? "✗" : "?";
}

static const gchar *state_word(ClaimState state) {
  return state == CLAIM_HOLDS          ? "holds"
         : state == CLAIM_CONTRADICTED ? "contradicted"
                                       : "not checkable";
}

static void append_result(GString *to, const ClaimResult *result) {
  if (result->state == CLAIM_CONTRADICTED) {
    g_autofree gchar *sentence = problem_of_claim(result);
    g_string_append(to, "<span class=\"r bad\">");
    html_append(to, sentence, 0);
    g_string_append(to, "</span>");
  } else if (result->note != NULL) {
    g_string_append(to, result->state == CLAIM_HOLDS ? "<span class=\"note\">"
                                                     : "<span class=\"note\">not checkable: ");
    html_append(to, result->note, SENTENCE_WIDTH);
    g_string_append(to, "</span>");
  }
}

/* A claim of the prose, of a block of output, or of a check after the run. */
static void append_far_claim(HtmlBeside *beside, const ClaimResult *result) {
  const Claim *claim = result->claim;
  guint line = claim->prose_line != 0 ? claim->prose_line
               : claim->line != 0     ? snippet_document_line(beside->snippet, claim->line)
                                      : 0;
  html_append_markup(beside->below, "<li class=\"%s\"><b>%s %s</b> ", state_class(result->state),
                     state_sign(result->state), state_word(result->state));
  if (line != 0)
    html_append_markup(beside->below, "line %u: ", line);
  g_autofree gchar *text = g_strstrip(g_strdup(claim->text != NULL ? claim->text : ""));
  g_string_append(beside->below, "<q>");
  html_append(beside->below, text, 160);
  g_string_append(beside->below, "</q> ");
  append_result(beside->below, result);
  g_string_append(beside->below, "</li>");
}

static void take_claims(HtmlBeside *beside) {
  for (guint i = 0; i < beside->verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(beside->verdict->results, i);
    const Claim *claim = result->claim;
    if (claim->prose_line != 0 || claim->line == 0 || claim->line > beside->lines) {
      append_far_claim(beside, result);
      continue;
    }
    HtmlRow *row = row_at(beside, claim->line);
    if (!row->has_state || badness(result->state) > badness(row->state))
      row->state = result->state;
    row->has_state = TRUE;
    append_result(said_at(beside, claim->line), result);
  }
}

/* --- what the verdict says ----------------------------------------------------------- */

/* Sentences of the class itself, at their line where they have one. */
static void take_problems(HtmlBeside *beside) {
  GString *head = beside->head;
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(beside->snippet, beside->transcript, beside->verdict, TRUE);
  VerdictClass class = beside->verdict->class;
  gboolean has_place = class == VERDICT_HUNG || class == VERDICT_CRASHED ||
                       class == VERDICT_LIMIT || class == VERDICT_UNPARSABLE;
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    gboolean is_claim =
        problem->class == VERDICT_FALSE && verdict_count(beside->verdict, CLAIM_CONTRADICTED) > 0;
    gboolean is_shown = problem->class == VERDICT_RAISED && beside->transcript->raised->len > 0;
    if (is_claim || is_shown)
      continue;
    GString *to = has_place && problem->code != NULL
                      ? said_at(beside, problem->line - beside->snippet->first_line + 1)
                      : head;
    html_append_markup(to, to == head ? "<p class=\"why %s\">" : "<span class=\"r %s\">",
                       html_tone(class));
    html_append(to, problem->sentence, 0);
    g_string_append(to, to == head ? "</p>" : "</span>");
  }
  gboolean is_said = class != VERDICT_VERIFIED && class != VERDICT_FALSE && class != VERDICT_RAISED;
  const gchar *notes[] = {beside->verdict->session, beside->verdict->fixture};
  for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
    if (notes[i] == NULL || (is_said && problems->len > 0))
      continue;
    g_string_append(head, i == 0 ? "<p class=\"why\">ran " : "<p class=\"why\">with ");
    html_append(head, notes[i], 0);
    g_string_append(head, "</p>");
  }
  if (class == VERDICT_SKIPPED && beside->verdict->reason != NULL) {
    g_string_append(head, "<p class=\"why\">");
    html_append(head, beside->verdict->reason, 0);
    g_string_append(head, "</p>");
  }
}

/* --- all of it ----------------------------------------------------------------------- */

HtmlBeside *html_beside_new(const Snippet *snippet, const Transcript *transcript,
                            const Verdict *verdict) {
  HtmlBeside *beside = g_new0(HtmlBeside, 1);
  beside->snippet = snippet;
  beside->transcript = transcript;
  beside->verdict = verdict;
  beside->lines = MIN(snippet->last_line - snippet->first_line + 1, SOURCE_LINES_MAX);
  beside->rows = g_new0(HtmlRow, beside->lines + 1);
  beside->head = g_string_new(NULL);
  beside->below = g_string_new(NULL);
  if (verdict == NULL)
    return beside;
  take_output(beside);
  take_values(beside);
  take_exceptions(beside);
  take_probed(beside);
  take_claims(beside);
  take_problems(beside);
  take_events(beside);
  return beside;
}

void html_beside_free(HtmlBeside *beside) {
  if (beside == NULL)
    return;
  for (guint line = 0; line <= beside->lines; line++) {
    HtmlRow *row = &beside->rows[line];
    if (row->output != NULL)
      g_string_free(row->output, TRUE);
    if (row->said != NULL)
      g_string_free(row->said, TRUE);
  }
  g_free(beside->rows);
  g_string_free(beside->head, TRUE);
  g_string_free(beside->below, TRUE);
  g_free(beside);
}

void html_append_beside(GString *to, const HtmlBeside *beside, guint line) {
  const HtmlRow *row = &beside->rows[line];
  if (row->output == NULL && row->said == NULL && !row->has_state)
    return;
  if (row->has_state)
    html_append_markup(to,
                       "<td class=\"m %s\"><span role=\"img\" aria-label=\"%s\" "
                       "title=\"%s\">%s</span></td>",
                       state_class(row->state), state_word(row->state), state_word(row->state),
                       state_sign(row->state));
  else
    g_string_append(to, "<td class=\"m\"></td>");
  g_string_append(to, "<td class=\"out\">");
  if (row->output != NULL) {
    g_string_append(to, "<samp>");
    html_append_lines(to, row->output->str, row->output->len, "w");
    g_string_append(to, "</samp>");
  }
  if (row->said != NULL)
    g_string_append_len(to, row->said->str, (gssize)row->said->len);
  guint more = (row->values > VALUES_MAX ? row->values - VALUES_MAX : 0) +
               (row->events > EVENTS_MAX ? row->events - EVENTS_MAX : 0);
  if (more > 0)
    html_append_markup(to, "<span class=\"note\">and %u more</span>", more);
  g_string_append(to, "</td>");
}
