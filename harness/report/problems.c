#include "report/problems.h"

#include <string.h>

#include "report/text.h"

#define TEXT_WIDTH 72
#define CODE_WIDTH 100

void problem_line_free(ProblemLine *problem) {
  g_free(problem->sentence);
  g_free(problem->code);
  g_free(problem);
}

static gint by_line(gconstpointer left, gconstpointer right) {
  const ProblemLine *first = *(ProblemLine *const *)left;
  const ProblemLine *second = *(ProblemLine *const *)right;
  return (first->line > second->line) - (first->line < second->line);
}

/* Takes sentence over. line is a source line; 0 where none is known: then it is
 * told at the first, which is not shown. */
static ProblemLine *add(GPtrArray *problems, const Snippet *snippet, VerdictClass class, guint line,
                        gchar *sentence, gboolean with_code) {
  ProblemLine *problem = g_new0(ProblemLine, 1);
  problem->line = snippet_document_line(snippet, MAX(1, line));
  problem->class = class;
  problem->sentence = sentence;
  if (with_code) {
    g_autofree gchar *code = snippet_line_text(snippet, line);
    if (code != NULL && *g_strchug(code) != '\0')
      problem->code = text_code_line(code, CODE_WIDTH);
  }
  g_ptr_array_add(problems, problem);
  return problem;
}

/* What the claim is compared with is the value of variables. */
static gboolean speaks_of_names(const ClaimResult *result) {
  const Claim *claim = result->claim;
  if (claim->names == NULL)
    return FALSE;
  return claim->target == CLAIM_OF_NAMES || (claim->target == CLAIM_OF_LINE && !claim->is_print &&
                                             (!claim->is_value || result->note != NULL));
}

static const gchar *verb_of(const Claim *claim) {
  switch (claim->target) {
  case CLAIM_OF_LINE:
    return claim->is_print ? "printed" : claim->is_value ? "got" : "has";
  case CLAIM_OF_EXCEPTION:
  case CLAIM_OF_PASSING:
    return "raised";
  case CLAIM_OF_NAMES:
    return "has";
  case CLAIM_OF_HANG:
    return "but it";
  case CLAIM_OF_SPEED:
    return "but it takes";
  case CLAIM_OF_FIELD:
    return "but";
  case CLAIM_OF_EXAMPLE:
  case CLAIM_OF_SNIPPET:
    return "printed";
  }
  g_return_val_if_reached("got");
}

/* Where two texts of several lines first differ: line number from 1, and the
 * two lines. FALSE where both have one line at most. */
static gboolean first_difference(const gchar *expected, const gchar *actual, guint *number,
                                 gchar **said, gchar **happened) {
  if (strchr(expected, '\n') == NULL && strchr(actual, '\n') == NULL)
    return FALSE;
  g_auto(GStrv) left = g_strsplit(expected, "\n", -1);
  g_auto(GStrv) right = g_strsplit(actual, "\n", -1);
  guint line = 0;
  while (left[line] != NULL && right[line] != NULL && g_str_equal(left[line], right[line]))
    line++;
  *number = line + 1;
  *said = g_strdup(left[line]);
  *happened = g_strdup(right[line]);
  return TRUE;
}

static gchar *quoted(const gchar *text) {
  g_autofree gchar *line = text_one_line(text, -1, TEXT_WIDTH);
  return g_strdup_printf("'%s'", line);
}

/* What a fixture says of the run, in its own words. */
static gchar *problem_of_field(const ClaimResult *result) {
  g_autofree gchar *trimmed = g_strstrip(g_strdup(result->claim->text));
  g_autofree gchar *said = quoted(trimmed);
  g_autofree gchar *happened =
      text_one_line(result->actual != NULL ? result->actual : "", -1, TEXT_WIDTH);
  if (result->claim->rule == CLAIM_PROMISE)
    return g_strdup_printf("%s does not hold%s%s", said, *happened != '\0' ? ": " : "", happened);
  return g_strdup_printf("says %s, but %s", said, *happened != '\0' ? happened : "that is not so");
}

gchar *problem_of_claim(const ClaimResult *result) {
  const Claim *claim = result->claim;
  if (claim->target == CLAIM_OF_FIELD)
    return problem_of_field(result);
  g_autofree gchar *verb = NULL;
  if (speaks_of_names(result)) {
    g_autofree gchar *names = text_one_line(claim->names, -1, TEXT_WIDTH);
    verb = g_strdup_printf("%s %s", names, strchr(names, ',') != NULL ? "are" : "is");
  } else {
    verb = g_strdup(verb_of(claim));
  }
  g_autofree gchar *expected = g_strchomp(g_strdup(claim->expected != NULL ? claim->expected : ""));
  g_autofree gchar *actual = g_strchomp(g_strdup(result->actual != NULL ? result->actual : ""));
  g_autofree gchar *said_line = NULL;
  g_autofree gchar *actual_line = NULL;
  guint number;
  const gchar *shown = strrchr(expected, '\n');
  if (strstr(expected, "Traceback (most recent call last)") != NULL && shown != NULL &&
      *actual != '\0' && strchr(actual, '\n') == NULL) {
    /* Of a traceback, its last line counts. */
    g_autofree gchar *said = quoted(shown + 1);
    g_autofree gchar *happened = text_one_line(actual, -1, TEXT_WIDTH);
    return g_strdup_printf("says %s, got %s", said, happened);
  }
  if (first_difference(expected, actual, &number, &said_line, &actual_line)) {
    g_autofree gchar *said = said_line != NULL ? quoted(said_line) : g_strdup("no more");
    g_autofree gchar *happened = actual_line != NULL ? quoted(actual_line) : g_strdup("no more");
    return g_strdup_printf("line %u of the output: says %s, %s %s", number, said, verb, happened);
  }
  g_autofree gchar *trimmed = g_strstrip(g_strdup(claim->text));
  g_autofree gchar *said = quoted(trimmed);
  g_autofree gchar *happened =
      *actual != '\0' ? text_one_line(actual, -1, TEXT_WIDTH) : g_strdup("nothing");
  if (g_str_has_prefix(happened, "raises ")) /* "raises nothing" brings its verb */
    g_clear_pointer(&verb, g_free);
  return g_strdup_printf("says %s, %s%s%s", said, verb != NULL ? verb : "", verb != NULL ? " " : "",
                         happened);
}

/* The exception that the run is known for: the one that ended it, else the last
 * that was seen. */
static const Raised *exception_of(const Transcript *transcript) {
  const Raised *final = transcript_final_exception(transcript);
  guint count = transcript->raised->len;
  if (final != NULL || transcript->outcome == OUTCOME_STOPPED ||
      transcript->outcome == OUTCOME_STUCK || transcript->outcome == OUTCOME_SIGNALLED ||
      count == 0)
    return final;
  return g_ptr_array_index(transcript->raised, count - 1);
}

/* Where a stuck run waits: the main thread, else the first thread that has a line. */
static guint line_of_waits(const Transcript *transcript) {
  guint line = 0;
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    if (waiting->thread == 0 && waiting->line != 0)
      return waiting->line;
    if (line == 0)
      line = waiting->line;
  }
  return line;
}

/* 0 where that is not known. */
static guint source_line_of_run(const Snippet *snippet, const Transcript *transcript) {
  guint lines = snippet->last_line - snippet->first_line + 1;
  const Raised *final = exception_of(transcript);
  guint line = line_of_waits(transcript);
  if (line == 0)
    line = transcript->last_line;
  if (final != NULL)
    line = final->line != 0 ? final->line : final->outer_line;
  return line <= lines ? line : 0;
}

guint problem_line_of_run(const Snippet *snippet, const Transcript *transcript) {
  return snippet_document_line(snippet, MAX(1, source_line_of_run(snippet, transcript)));
}

/* "after 3 earlier blocks of its heading" and "fixture library for Book" belong to what was
 * seen. Takes sentence over. */
static gchar *with_session(gchar *sentence, const Verdict *verdict) {
  if (verdict->session == NULL && verdict->fixture == NULL)
    return sentence;
  gboolean has_both = verdict->session != NULL && verdict->fixture != NULL;
  g_autofree gchar *fixture =
      verdict->fixture != NULL ? text_one_line(verdict->fixture, -1, 0) : g_strdup("");
  gchar *longer =
      g_strdup_printf("%s (%s%s%s)", sentence, verdict->session != NULL ? verdict->session : "",
                      has_both ? "; " : "", fixture);
  g_free(sentence);
  return longer;
}

static gchar *exception_text(const Transcript *transcript, const Verdict *verdict) {
  const Raised *final = transcript_final_exception(transcript);
  if (final == NULL)
    return text_one_line(verdict->reason != NULL ? verdict->reason : verdict->outcome, -1, 0);
  g_autofree gchar *type = text_one_line(final->type, -1, TEXT_WIDTH);
  if (final->message == NULL || *final->message == '\0')
    return g_steal_pointer(&type);
  g_autofree gchar *message = text_one_line(final->message, -1, TEXT_WIDTH);
  return g_strdup_printf("%s: %s", type, message);
}

/* "invalid syntax (snippet.py, line 1)": the place is told better. */
static void cut_place(gchar *message) {
  gchar *place = g_strrstr(message, " (");
  if (place != NULL && strstr(place, ", line ") != NULL && g_str_has_suffix(place, ")"))
    *place = '\0';
}

/* The sentence of the class itself, as distinct from those of its claims. */
static gchar *class_sentence(const Transcript *transcript, const Verdict *verdict) {
  const gchar *outcome = verdict->outcome != NULL ? verdict->outcome : "no outcome";
  const gchar *plain = verdict->reason != NULL ? verdict->reason : outcome;
  switch (verdict->class) {
  case VERDICT_RAISED:
  case VERDICT_UNPARSABLE: {
    g_autofree gchar *exception = exception_text(transcript, verdict);
    if (verdict->class == VERDICT_RAISED || verdict->reason == NULL)
      return g_steal_pointer(&exception);
    g_autofree gchar *reason = text_one_line(verdict->reason, -1, TEXT_WIDTH);
    gboolean is_same = g_str_equal(reason, exception);
    cut_place(exception);
    if (is_same)
      return g_steal_pointer(&exception);
    return g_strdup_printf("%s (%s)", exception, reason);
  }
  case VERDICT_HUNG:
    return text_one_line(plain, -1, 0);
  case VERDICT_CHANGED:
    return text_one_line(
        verdict->reason != NULL ? verdict->reason : "differs from what was accepted", -1, 0);
  case VERDICT_LIMIT:
  case VERDICT_CRASHED:
    return text_one_line(outcome, -1, 0);
  case VERDICT_NEEDS:
    if (transcript->outcome == OUTCOME_UNREADY) /* which package, and what brings it */
      return text_one_line(plain, -1, 0);
    return text_one_line(g_str_has_prefix(plain, "needs ") ? plain + strlen("needs ") : plain, -1,
                         TEXT_WIDTH);
  case VERDICT_RAN:
    return g_strdup(verdict->results->len == 0 ? "says nothing that could be checked"
                                               : "none of its claims could be checked");
  default:
    return text_one_line(plain, -1, 0);
  }
}

GPtrArray *problems_of_verdict(const Snippet *snippet, const Transcript *transcript,
                               const Verdict *verdict, gboolean is_strict) {
  GPtrArray *problems = g_ptr_array_new_with_free_func((GDestroyNotify)problem_line_free);
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->state != CLAIM_CONTRADICTED)
      continue;
    ProblemLine *problem = add(problems, snippet, VERDICT_FALSE, result->claim->line,
                               with_session(problem_of_claim(result), verdict), TRUE);
    problem->line = claim_document_line(snippet, result->claim);
    problem->result = result;
  }

  switch (verdict->class) {
  case VERDICT_VERIFIED:
  case VERDICT_SKIPPED:
    break;
  case VERDICT_FALSE:
    if (problems->len == 0)
      add(problems, snippet, VERDICT_FALSE, 0,
          with_session(class_sentence(transcript, verdict), verdict), TRUE);
    break;
  case VERDICT_RAN:
    if (is_strict)
      add(problems, snippet, VERDICT_RAN, 0,
          with_session(class_sentence(transcript, verdict), verdict), FALSE);
    break;
  case VERDICT_FRAGMENT:
  case VERDICT_INFRA:
    /* The line of code says nothing more here. */
    add(problems, snippet, verdict->class, source_line_of_run(snippet, transcript),
        with_session(class_sentence(transcript, verdict), verdict), FALSE);
    break;
  case VERDICT_CHANGED:
    add(problems, snippet, VERDICT_CHANGED, 0,
        with_session(class_sentence(transcript, verdict), verdict), FALSE);
    break;
  default:
    add(problems, snippet, verdict->class, source_line_of_run(snippet, transcript),
        with_session(class_sentence(transcript, verdict), verdict), TRUE);
    break;
  }
  g_ptr_array_sort(problems, by_line);
  return problems;
}
