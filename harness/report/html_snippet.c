#include "report/html_snippet.h"

#include <string.h>

#include "report/events.h"
#include "report/html_text.h"
#include "report/problems.h"
#include "report/text.h"

#define SOURCE_LINES_MAX 1000u
#define CODE_WIDTH 400
#define SENTENCE_WIDTH 400
#define VALUES_MAX 4u /* of a line */
#define EVENT_WIDTH 160
#define EVENTS_MAX 6u

/* What there is to see beside one line. */
typedef struct {
  GString *output; /* bytes that it wrote */
  GString *said;   /* markup: values, exceptions, what became of its claims */
  guint values, events;
  gboolean has_state; /* a claim was read on the line: the one that is told is the worst */
  ClaimState state;
} Row;

typedef struct {
  const Snippet *snippet;
  const Transcript *transcript; /* NULL where it was not asked for, as is the verdict */
  const Verdict *verdict;
  guint lines;
  Row *rows;      /* of source lines, from 1; 0 is for what has no line */
  GString *below; /* markup: claims beside the code */
} Page;

const gchar *html_tone(VerdictClass class) {
  switch (class) {
  case VERDICT_VERIFIED:
    return "ok";
  case VERDICT_FALSE:
  case VERDICT_CHANGED:
  case VERDICT_HUNG:
  case VERDICT_CRASHED:
  case VERDICT_INFRA:
    return "bad";
  case VERDICT_RAN:
  case VERDICT_SKIPPED:
    return "quiet";
  default:
    return "warn";
  }
}

const gchar *html_sign(VerdictClass class) {
  const gchar *tone = html_tone(class);
  return *tone == 'o' ? "✓" : *tone == 'b' ? "✗" : *tone == 'w' ? "!" : "·";
}

static Row *row_at(Page *page, guint line) {
  return &page->rows[line <= page->lines ? line : 0];
}

static GString *said_at(Page *page, guint line) {
  Row *row = row_at(page, line);
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
static void take_output(Page *page) {
  const GString *output = page->transcript->output;
  g_autoptr(GPtrArray) writes = g_ptr_array_new();
  for (guint i = 0; i < page->transcript->writes->len; i++) {
    const Write *write = &g_array_index(page->transcript->writes, Write, i);
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
    Row *rows[] = {row_at(page, 0), write != NULL ? row_at(page, write->line) : NULL};
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

static void take_values(Page *page) {
  for (guint i = 0; i < page->transcript->values->len; i++) {
    const Value *value = g_ptr_array_index(page->transcript->values, i);
    const gchar *text = value->shown != NULL ? value->shown : value->repr;
    if (text == NULL || (value->names == NULL && g_str_equal(text, "None")) ||
        ++row_at(page, value->line)->values > VALUES_MAX)
      continue;
    GString *to = said_at(page, value->line);
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

static void take_exceptions(Page *page) {
  const Transcript *transcript = page->transcript;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (is_told_otherwise(transcript, i))
      continue;
    const gchar *more = raised->in_thread ? " <i>in a thread</i>"
                        : raised->is_seen ? " <i>seen here</i>"
                        : raised->passed  ? " <i>the run went on</i>"
                                          : "";
    append_exception(said_at(page, raised->line != 0 ? raised->line : raised->outer_line), raised,
                     more);
  }
}

static void take_probed(Page *page) {
  for (guint i = 0; i < page->transcript->probed->len; i++) {
    const Probed *probed = g_ptr_array_index(page->transcript->probed, i);
    GString *to = said_at(page, probed->line);
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

static void take_events(Page *page) {
  g_autoptr(GPtrArray) groups = events_group(page->transcript);
  for (guint i = 0; i < groups->len; i++) {
    const EventGroup *group = g_ptr_array_index(groups, i);
    if (++row_at(page, group->first->line)->events > EVENTS_MAX)
      continue;
    g_autofree gchar *text = event_group_text(group, EVENT_WIDTH);
    GString *to = said_at(page, group->first->line);
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
static void append_far_claim(Page *page, const ClaimResult *result) {
  const Claim *claim = result->claim;
  guint line = claim->prose_line != 0 ? claim->prose_line
               : claim->line != 0     ? snippet_document_line(page->snippet, claim->line)
                                      : 0;
  html_append_markup(page->below, "<li class=\"%s\"><b>%s %s</b> ", state_class(result->state),
                     state_sign(result->state), state_word(result->state));
  if (line != 0)
    html_append_markup(page->below, "line %u: ", line);
  g_autofree gchar *text = g_strstrip(g_strdup(claim->text != NULL ? claim->text : ""));
  g_string_append(page->below, "<q>");
  html_append(page->below, text, 160);
  g_string_append(page->below, "</q> ");
  append_result(page->below, result);
  g_string_append(page->below, "</li>");
}

static void take_claims(Page *page) {
  for (guint i = 0; i < page->verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(page->verdict->results, i);
    const Claim *claim = result->claim;
    if (claim->prose_line != 0 || claim->line == 0 || claim->line > page->lines) {
      append_far_claim(page, result);
      continue;
    }
    Row *row = row_at(page, claim->line);
    if (!row->has_state || badness(result->state) > badness(row->state))
      row->state = result->state;
    row->has_state = TRUE;
    append_result(said_at(page, claim->line), result);
  }
}

/* --- the element --------------------------------------------------------------------- */

/* Sentences of the class itself, at their line where they have one. */
static void take_problems(Page *page, GString *head) {
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(page->snippet, page->transcript, page->verdict, TRUE);
  VerdictClass class = page->verdict->class;
  gboolean has_place = class == VERDICT_HUNG || class == VERDICT_CRASHED ||
                       class == VERDICT_LIMIT || class == VERDICT_UNPARSABLE;
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    gboolean is_claim =
        problem->class == VERDICT_FALSE && verdict_count(page->verdict, CLAIM_CONTRADICTED) > 0;
    gboolean is_shown = problem->class == VERDICT_RAISED && page->transcript->raised->len > 0;
    if (is_claim || is_shown)
      continue;
    GString *to = has_place && problem->code != NULL
                      ? said_at(page, problem->line - page->snippet->first_line + 1)
                      : head;
    html_append_markup(to, to == head ? "<p class=\"why %s\">" : "<span class=\"r %s\">",
                       html_tone(class));
    html_append(to, problem->sentence, 0);
    g_string_append(to, to == head ? "</p>" : "</span>");
  }
  gboolean is_said = class != VERDICT_VERIFIED && class != VERDICT_FALSE && class != VERDICT_RAISED;
  const gchar *notes[] = {page->verdict->session, page->verdict->fixture};
  for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
    if (notes[i] == NULL || (is_said && problems->len > 0))
      continue;
    g_string_append(head, i == 0 ? "<p class=\"why\">ran " : "<p class=\"why\">with ");
    html_append(head, notes[i], 0);
    g_string_append(head, "</p>");
  }
  if (class == VERDICT_SKIPPED && page->verdict->reason != NULL) {
    g_string_append(head, "<p class=\"why\">");
    html_append(head, page->verdict->reason, 0);
    g_string_append(head, "</p>");
  }
}

static void append_head(const Page *page, GString *to, const GString *notes) {
  const Snippet *snippet = page->snippet;
  const gchar *name = "not run";
  const gchar *tone = "quiet", *sign = "·";
  if (page->verdict != NULL) {
    name = verdict_class_name(page->verdict->class);
    tone = html_tone(page->verdict->class);
    sign = html_sign(page->verdict->class);
  }
  html_append_markup(to, "<article class=\"snip %s\" id=\"",
                     page->verdict != NULL ? name : "left-out");
  html_append_id(to, snippet->id);
  html_append_markup(to, "\"><header><b class=\"badge %s\">%s %s</b> <a class=\"where\" href=\"",
                     tone, sign, name);
  html_append_link(to, snippet->id);
  g_string_append(to, "\">");
  html_append(to, snippet->document->path, 0);
  html_append_markup(to, ":%u", snippet->first_line);
  if (snippet->last_line > snippet->first_line)
    html_append_markup(to, "–%u", snippet->last_line);
  g_string_append(to, "</a> <span class=\"id\">");
  html_append(to, snippet->id, 0);
  g_string_append(to, "</span>");
  guint64 wall = page->transcript != NULL ? page->transcript->usage.wall_ns : 0;
  if (wall > 0)
    html_append_markup(to,
                       wall < 1000000000u ? "<span class=\"time\">%.1f ms</span>"
                                          : "<span class=\"time\">%.2f s</span>",
                       wall < 1000000000u ? (gdouble)wall / 1e6 : (gdouble)wall / 1e9);
  g_string_append(to, "</header>");
  g_string_append_len(to, notes->str, (gssize)notes->len);
}

static void append_source(GString *to, const Snippet *snippet, HtmlCode *code, const gchar *line) {
  if (snippet->kind != SNIPPET_TRANSCRIPT) {
    html_append_code(to, code, line, CODE_WIDTH);
    return;
  }
  gboolean has_prompt = g_str_has_prefix(line, ">>>") || g_str_has_prefix(line, "...");
  if (!has_prompt) {
    g_string_append(to, "<span class=\"o\">");
    html_append(to, line, CODE_WIDTH);
    g_string_append(to, "</span>");
    return;
  }
  html_append_markup(to, "<span class=\"p\">%s</span>", *line == '>' ? "&gt;&gt;&gt;" : "...");
  html_append_code(to, code, line + 3, CODE_WIDTH);
}

static void append_beside(GString *to, const Row *row) {
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

static void append_table(const Page *page, GString *to) {
  g_string_append(
      to, "<table class=\"code\"><colgroup><col class=\"l\"><col class=\"l2\"><col class=\"l3\">"
          "<col></colgroup><tbody>\n");
  HtmlCode code = {0};
  const gchar *at = page->snippet->source;
  for (guint line = 1; line <= page->lines; line++) {
    const gchar *stop = strchr(at, '\n');
    gsize length = stop != NULL ? (gsize)(stop - at) : strlen(at);
    g_autofree gchar *text = g_strndup(at, length);
    html_append_markup(to, "<tr><th scope=\"row\">%u</th><td class=\"src\">",
                       snippet_document_line(page->snippet, line));
    append_source(to, page->snippet, &code, text);
    g_string_append(to, "</td>");
    append_beside(to, &page->rows[line]);
    g_string_append(to, "</tr>\n");
    at += length + (stop != NULL);
  }
  guint all = page->snippet->last_line - page->snippet->first_line + 1;
  if (all > page->lines)
    html_append_markup(to,
                       "<tr><th></th><td class=\"src\"><span class=\"cut\">%u more lines "
                       "are left out here</span></td></tr>\n",
                       all - page->lines);
  g_string_append(to, "</tbody></table>\n");
}

/* The folder that a snippet ran in has another name each time: "/tmp/proctor-ab12cd/1/". */
static GString *without_scratch(const gchar *bytes, gsize size) {
  static const gchar mark[] = "/proctor-";
  GString *text = g_string_sized_new(size);
  const gchar *end = bytes + size;
  for (const gchar *at = bytes; at < end;) {
    const gchar *found = memmem(at, (gsize)(end - at), mark, strlen(mark));
    if (found == NULL) {
      g_string_append_len(text, at, end - at);
      break;
    }
    const gchar *behind = found + strlen(mark);
    while (behind < end && g_ascii_isalnum(*behind))
      behind++;
    gboolean is_folder = behind - found == (gssize)strlen(mark) + 6 && behind + 1 < end &&
                         *behind == '/' && g_ascii_isdigit(behind[1]);
    while (is_folder && ++behind < end && g_ascii_isdigit(*behind))
      continue;
    is_folder = is_folder && behind < end && *behind == '/';
    g_string_append_len(text, at, (is_folder ? found : behind) - at);
    while (is_folder && text->len > 0 && strchr("\"' \n(", text->str[text->len - 1]) == NULL)
      g_string_truncate(text, text->len - 1);
    at = is_folder ? behind + 1 : behind;
  }
  return text;
}

/* Folded where nothing is wrong: then it is a claimed exception's traceback, or a warning. */
static void append_stream(GString *to, const Page *page, const gchar *title, const gchar *bytes,
                          gsize size, gsize cut) {
  if (size == 0 && cut == 0)
    return;
  const gchar *tone = html_tone(page->verdict->class);
  gboolean is_open = g_str_equal(tone, "bad") || g_str_equal(tone, "warn");
  g_autoptr(GString) text = without_scratch(bytes, size);
  html_append_markup(to, "<details class=\"below\"%s><summary>%s</summary><samp>",
                     is_open ? " open" : "", title);
  html_append_lines(to, text->str, text->len, "w");
  if (cut > 0)
    html_append_markup(to,
                       "<span class=\"cut\">%" G_GSIZE_FORMAT
                       " bytes were dropped from the middle while it ran</span>",
                       cut);
  g_string_append(to, "</samp></details>\n");
}

static void append_difference(GString *to, const gchar *difference) {
  g_string_append(to, "<div class=\"below\"><h5>difference with what was accepted</h5><samp>");
  g_auto(GStrv) lines = g_strsplit(difference, "\n", -1);
  for (guint i = 0; lines[i] != NULL && i < 200; i++) {
    const gchar *css_class = *lines[i] == '-'   ? "minus"
                             : *lines[i] == '+' ? "plus"
                             : *lines[i] == '!' ? "mind"
                                                : "w";
    if (*lines[i] != '\0' || lines[i + 1] != NULL)
      html_append_lines(to, lines[i], strlen(lines[i]), css_class);
  }
  g_string_append(to, "</samp></div>\n");
}

static void append_below(const Page *page, GString *to) {
  if (page->below->len > 0)
    html_append_markup(to, "<ul class=\"claims\">%s</ul>\n", page->below->str);
  const Row *rest = &page->rows[0];
  const Transcript *transcript = page->transcript;
  if (transcript == NULL)
    return;
  if (rest->said != NULL)
    html_append_markup(to, "<div class=\"below\"><h5>at no line</h5>%s</div>\n", rest->said->str);
  append_stream(to, page, "printed by no line of the snippet",
                rest->output != NULL ? rest->output->str : "",
                rest->output != NULL ? rest->output->len : 0, transcript->output_cut);
  append_stream(to, page, "standard error", transcript->errors->str, transcript->errors->len,
                transcript->errors_cut);
  if (transcript->traceback != NULL)
    append_stream(to, page, "traceback of the fixture", transcript->traceback,
                  strlen(transcript->traceback), 0);
  if (page->verdict->difference != NULL)
    append_difference(to, page->verdict->difference);
}

static void row_clear(Row *row) {
  if (row->output != NULL)
    g_string_free(row->output, TRUE);
  if (row->said != NULL)
    g_string_free(row->said, TRUE);
}

gchar *html_snippet(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict) {
  Page page = {.snippet = snippet, .transcript = transcript, .verdict = verdict};
  page.lines = MIN(snippet->last_line - snippet->first_line + 1, SOURCE_LINES_MAX);
  page.rows = g_new0(Row, page.lines + 1);
  page.below = g_string_new(NULL);
  g_autoptr(GString) notes = g_string_new(NULL);
  if (verdict != NULL) {
    take_output(&page);
    take_values(&page);
    take_exceptions(&page);
    take_probed(&page);
    take_claims(&page);
    take_problems(&page, notes);
    take_events(&page);
  }
  GString *to = g_string_new(NULL);
  append_head(&page, to, notes);
  append_table(&page, to);
  append_below(&page, to);
  g_string_append(to, "</article>\n");
  for (guint i = 0; i <= page.lines; i++)
    row_clear(&page.rows[i]);
  g_free(page.rows);
  g_string_free(page.below, TRUE);
  return g_string_free(to, FALSE);
}
