#include "judge/judge.h"

#include <string.h>

#include "judge/checks.h"
#include "judge/expect.h"
#include "judge/marking.h"
#include "judge/proof.h"
#include "judge/python2.h"
#include "judge/source.h"

/* What a report can take in; a claim of a page of output is cut in it. */
#define ACTUAL_MAX 4096

/* --- what may not be accused -------------------------------------------------- */

static gboolean is_needed(const Transcript *transcript, const gchar *name) {
  return name != NULL && g_strv_contains((const gchar *const *)transcript->names_needed, name);
}

/* Something that the snippet needs is not here: then what it shows proves
 * nothing. */
static const gchar *what_is_missing(const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_HELD:
    return "not run: a name that it needs is bound nowhere";
  case OUTCOME_UNREADY:
    return "not run: its fixture is not ready";
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED:
    return "not run";
  case OUTCOME_UNPARSABLE:
    return "the snippet does not compile";
  default:
    break;
  }
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (raised->is_seen)
      continue;
    if (raised_is(raised, "NameError") && is_needed(transcript, raised->name))
      return "a name that it needs is bound nowhere";
    if (raised_is(raised, "ImportError"))
      return "a module that it needs is missing";
  }
  return NULL;
}

/* --- claims ---------------------------------------------------------------- */

static gboolean did_run(const Transcript *transcript) {
  return transcript->outcome != OUTCOME_HELD && transcript->outcome != OUTCOME_FAILED &&
         transcript->outcome != OUTCOME_UNREADY && transcript->outcome != OUTCOME_SKIPPED;
}

static Mark mark_claim(const Case *cause, const Claim *claim) {
  if (!did_run(cause->transcript))
    return mark_unchecked(NULL, cause->missing);
  if (claim->code != NULL)
    return mark_probed(cause, claim);
  if (claim->target == CLAIM_OF_EXCEPTION)
    return mark_exception(cause, claim);
  /* A session's examples compile one by one: the others may have run. */
  if (cause->transcript->outcome == OUTCOME_UNPARSABLE && claim->target != CLAIM_OF_EXAMPLE)
    return mark_unchecked(NULL, cause->missing);
  switch (claim->target) {
  case CLAIM_OF_LINE:
    return mark_line(cause, claim);
  case CLAIM_OF_EXAMPLE:
    return mark_example(cause, claim);
  case CLAIM_OF_SNIPPET:
    return mark_output(cause, claim);
  case CLAIM_OF_NAMES:
    return mark_names(cause, claim);
  case CLAIM_OF_HANG:
    return mark_hang(cause, claim);
  case CLAIM_OF_PASSING:
    return mark_passing(cause, claim);
  case CLAIM_OF_SPEED:
    return mark_speed(cause, claim);
  case CLAIM_OF_EXCEPTION:
    break; /* above */
  case CLAIM_OF_FIELD:
    break; /* only a verdict has these */
  }
  g_return_val_if_reached(mark_unchecked(NULL, NULL));
}

static gchar *actual_cut(const gchar *actual) {
  if (actual == NULL)
    return NULL;
  g_autofree gchar *trimmed = g_strchomp(g_strdup(actual));
  if (strlen(trimmed) <= ACTUAL_MAX)
    return g_steal_pointer(&trimmed);
  const gchar *end = g_utf8_find_prev_char(trimmed, trimmed + ACTUAL_MAX);
  return g_strdup_printf("%.*s \xe2\x80\xa6", (int)(end - trimmed), trimmed);
}

static gboolean is_whole_number(const gchar *text) {
  return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* `# 1`, `# 2`, `# 3` down a snippet, none of them what its line shows: they
 * number the lines. */
static void pardon_numbering(Verdict *verdict) {
  guint expected = 1, wrong = 0;
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->claim->rule != CLAIM_LITERAL || !is_whole_number(result->claim->expected))
      continue;
    if (result->state == CLAIM_HOLDS ||
        g_ascii_strtoull(result->claim->expected, NULL, 10) != expected)
      return;
    expected++;
    wrong += result->state == CLAIM_CONTRADICTED;
  }
  if (expected < 3 || wrong == 0)
    return;
  for (guint i = 0; i < verdict->results->len; i++) {
    ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->state != CLAIM_CONTRADICTED || result->claim->rule != CLAIM_LITERAL ||
        !is_whole_number(result->claim->expected))
      continue;
    result->state = CLAIM_NOT_CHECKABLE;
    g_free(result->note);
    result->note = g_strdup("may number the lines");
  }
}

/* "breaks" says nothing of a module or a name that only this machine lacks. */
static gboolean is_of_missing(const Transcript *transcript, const Raised *raised) {
  return raised_is(raised, "ImportError") ||
         (raised_is(raised, "NameError") && is_needed(transcript, raised->name));
}

static gboolean is_claimed_where_it_is(const Snippet *snippet, const Transcript *transcript,
                                       const Raised *raised) {
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    if (claim->target == CLAIM_OF_SNIPPET || claim->code != NULL)
      continue;
    if ((raised->line < claim->first_line || raised->line > claim->last_line) &&
        (raised->outer_line < claim->first_line || raised->outer_line > claim->last_line))
      continue;
    if (claim->target == CLAIM_OF_EXCEPTION) {
      if (claim_means(claim, raised) &&
          !(claim_names_no_exception(claim) && is_of_missing(transcript, raised)))
        return TRUE;
    } else if (claim->target == CLAIM_OF_EXAMPLE) {
      g_autofree gchar *message = NULL;
      g_autofree gchar *name = want_exception(claim->expected, &message);
      if (name != NULL && raised_is(raised, name))
        return TRUE;
    }
  }
  return FALSE;
}

/* The lines of a claim are also those from which an exception came further up: it was
 * seen as it left them. */
static gboolean is_claimed(const Snippet *snippet, const Transcript *transcript,
                           const Raised *raised) {
  if (is_claimed_where_it_is(snippet, transcript, raised))
    return TRUE;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *seen = g_ptr_array_index(transcript->raised, i);
    if (seen == raised)
      return FALSE;
    if (seen->is_seen && strcmp(seen->type, raised->type) == 0 &&
        g_strcmp0(seen->message, raised->message) == 0 &&
        is_claimed_where_it_is(snippet, transcript, seen))
      return TRUE;
  }
  return FALSE;
}

/* A block of output that ends in the exception that ended the run. */
static gboolean output_claims(const Verdict *verdict, const Raised *raised) {
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->claim->target != CLAIM_OF_SNIPPET || result->state != CLAIM_HOLDS)
      continue;
    g_autofree gchar *message = NULL;
    g_autofree gchar *name = want_exception(result->claim->expected, &message);
    if (name != NULL && raised_is(raised, name))
      return TRUE;
  }
  return FALSE;
}

/* The first exception that nobody claimed; NULL where there is none. */
static const Raised *find_unclaimed(const Snippet *snippet, const Transcript *transcript,
                                    const Verdict *verdict) {
  const Raised *final = transcript_final_exception(transcript);
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (raised->is_seen || (raised_is(raised, "SystemExit") && raised == final))
      continue;
    if (!is_claimed(snippet, transcript, raised) &&
        !(raised == final && output_claims(verdict, raised)))
      return raised;
  }
  return NULL;
}

static guint first_failed_line(const Snippet *snippet, const Transcript *transcript) {
  guint line = 0;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    guint at = raised->outer_line != 0 ? raised->outer_line : raised->line;
    if (!raised->in_thread && !raised->is_seen && !is_claimed(snippet, transcript, raised) &&
        (line == 0 || at < line))
      line = at;
  }
  return line;
}

/* Where a claim may not accuse, that is what a report says of it; but not in place of a
 * proof, or of what its times tell. */
static gboolean says_why_cautious(const Claim *claim, const Mark *mark) {
  return mark->state == CLAIM_NOT_CHECKABLE && mark->actual != NULL && claim->cautious != NULL &&
         claim->target != CLAIM_OF_HANG && claim->target != CLAIM_OF_SPEED;
}

static gboolean exits_early(const Snippet *snippet, const Transcript *transcript);

/* Nothing cut the run short that the document does not say. */
static gboolean run_is_whole(const Snippet *snippet, const Transcript *transcript,
                             const Verdict *verdict) {
  return (transcript->outcome == OUTCOME_FINISHED || transcript->outcome == OUTCOME_RAISED) &&
         find_unclaimed(snippet, transcript, verdict) == NULL && !exits_early(snippet, transcript);
}

static void mark_all(Verdict *verdict, const Sheet *sheet, const FixtureData *data) {
  const Snippet *snippet = sheet->snippet;
  const Transcript *transcript = sheet->transcripts[0];
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)evidence_free);
  for (guint i = 0; i < sheet->count; i++)
    g_ptr_array_add(runs, evidence_new(sheet->transcripts[i]));
  g_auto(GStrv) lines = source_lines(snippet);
  Case cause = {
      .lines = lines,
      .snippet = snippet,
      .transcript = transcript,
      .evidence = g_ptr_array_index(runs, 0),
      .runs = runs,
      .missing = what_is_missing(transcript),
      .data = data,
      .failed_line = first_failed_line(snippet, transcript),
  };
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    Mark mark = mark_claim(&cause, claim);
    g_autofree gchar *actual = actual_cut(mark.actual);
    const gchar *note = says_why_cautious(claim, &mark) ? claim->cautious : mark.note;
    verdict->wants_more = verdict->wants_more || mark.wants_more;
    verdict_add_result(verdict, claim, mark.state, actual, note);
    ClaimResult *result = g_ptr_array_index(verdict->results, verdict->results->len - 1);
    result->pardon = mark.state == CLAIM_NOT_CHECKABLE ? mark.pardon : PARDON_NONE;
    g_free(mark.actual);
    g_free(mark.note);
  }
  pardon_numbering(verdict);
  checks_mark(&cause, run_is_whole(snippet, transcript, verdict), verdict);
}

/* --- the class --------------------------------------------------------------- */

static gchar *first_line_of(const gchar *text) {
  g_autofree gchar *valid = evidence_text(text, strlen(text));
  valid[strcspn(valid, "\n")] = '\0';
  return g_strdup(valid);
}

static gchar *names_reason(const Transcript *transcript) {
  guint count = g_strv_length(transcript->names_needed);
  if (count == 0)
    return g_strdup("it needs names that are bound nowhere");
  if (count == 1)
    return g_strdup_printf("name '%s' is bound nowhere", transcript->names_needed[0]);
  GString *reason = g_string_new("names ");
  for (guint i = 0; i < count && i < 3; i++)
    g_string_append_printf(reason, "%s'%s'", i > 0 ? ", " : "", transcript->names_needed[i]);
  if (count > 3)
    g_string_append_printf(reason, " and %u more", count - 3);
  g_string_append(reason, " are bound nowhere");
  return g_string_free(reason, FALSE);
}

static VerdictClass class_unparsable(const Snippet *snippet, const Raised *raised, gchar **reason) {
  if (source_is_python2(snippet->source)) {
    *reason = g_strdup("reads as Python 2");
  } else if (raised != NULL) {
    g_autofree gchar *message = first_line_of(raised->message != NULL ? raised->message : "");
    *reason = g_strdup_printf("%s: %s", raised->type, message);
  }
  return VERDICT_UNPARSABLE;
}

/* What an exception that nobody claimed makes of the snippet. */
static VerdictClass class_raised(const Snippet *snippet, const Transcript *transcript,
                                 const Raised *raised, gchar **reason) {
  if (raised_is(raised, "NameError") && is_needed(transcript, raised->name)) {
    *reason = g_strdup_printf("name '%s' is bound nowhere", raised->name);
    return VERDICT_FRAGMENT;
  }
  if (raised_is(raised, "ModuleNotFoundError") && raised->name != NULL) {
    gsize top = strcspn(raised->name, ".");
    *reason = g_strdup_printf("needs %.*s", (int)top, raised->name);
    return VERDICT_NEEDS;
  }
  g_autofree gchar *message = first_line_of(raised->message != NULL ? raised->message : "");
  if (raised_is(raised, "ImportError")) {
    *reason = g_steal_pointer(&message);
    return VERDICT_NEEDS;
  }
  if (raised_is(raised, "FileNotFoundError")) {
    const gchar *file = strchr(message, '\'');
    *reason = file != NULL ? g_strdup_printf("needs the file %s", file)
                           : g_strdup("needs a file that is not there");
    return VERDICT_NEEDS;
  }
  if (raised_is(raised, "EOFError") && strstr(snippet->source, "input") != NULL) {
    *reason = g_strdup("needs input");
    return VERDICT_NEEDS;
  }
  if (raised_is(raised, "MemoryError")) {
    *reason = g_strdup("used more memory than it may");
    return VERDICT_LIMIT;
  }
  if (raised_is(raised, "SyntaxError") && snippet->kind == SNIPPET_TRANSCRIPT)
    return class_unparsable(snippet, raised, reason);
  g_autofree gchar *text = raised_text(raised);
  text[strcspn(text, "\n")] = '\0';
  guint line = raised->line != 0 ? raised->line : raised->outer_line;
  if (line != 0)
    *reason = g_strdup_printf("%s%s, line %u", text, raised->in_thread ? " in a thread" : "",
                              snippet_document_line(snippet, line));
  else
    *reason = g_steal_pointer(&text);
  return VERDICT_RAISED;
}

/* TRUE where code stands behind this line. */
static gboolean has_code_after(const Snippet *snippet, guint line) {
  const gchar *at = snippet->source;
  for (guint now = 1; *at != '\0'; now++) {
    gsize blanks = strspn(at, " \t"), length = strcspn(at, "\n");
    if (now > line && blanks < length && at[blanks] != '#')
      return TRUE;
    at += length;
    if (*at == '\n')
      at++;
  }
  return FALSE;
}

/* An exit half-way never makes a run green. */
static gboolean exits_early(const Snippet *snippet, const Transcript *transcript) {
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->in_thread && !raised->is_seen && !raised->passed &&
        raised_is(raised, "SystemExit") &&
        has_code_after(snippet, MAX(raised->outer_line, raised->line)))
      return TRUE;
  }
  return FALSE;
}

/* `sys.exit(1)  # SystemExit` */
static gboolean exit_is_claimed(const Snippet *snippet, const Transcript *transcript) {
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->is_seen && raised_is(raised, "SystemExit") &&
        is_claimed(snippet, transcript, raised))
      return TRUE;
  }
  return FALSE;
}

/* What a fixture promises by itself confirms nothing where what the text says was only pardoned. */
static gboolean is_confirmed(const Verdict *verdict) {
  guint promises = 0, pardoned = 0;
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    promises += result->state == CLAIM_HOLDS && result->claim->rule == CLAIM_PROMISE;
    pardoned += result->pardon != PARDON_NONE;
  }
  return verdict_count(verdict, CLAIM_HOLDS) > (pardoned > 0 ? promises : 0);
}

static VerdictClass class_finished(const Snippet *snippet, const Transcript *transcript,
                                   const Verdict *verdict, gchar **reason) {
  const Raised *raised = find_unclaimed(snippet, transcript, verdict);
  VerdictClass class = VERDICT_RAN;
  if (raised != NULL && !(raised_is(raised, "SystemExit") && !raised->passed))
    class = class_raised(snippet, transcript, raised, reason);
  else if (transcript->outcome == OUTCOME_FINISHED && exits_early(snippet, transcript)) {
    *reason = g_strdup("exits 0 before its end");
    class = VERDICT_RAISED;
  }
  if (verdict_count(verdict, CLAIM_CONTRADICTED) > 0 &&
      (class == VERDICT_RAN || class == VERDICT_RAISED)) {
    g_clear_pointer(reason, g_free);
    return VERDICT_FALSE;
  }
  return class == VERDICT_RAN && is_confirmed(verdict) ? VERDICT_VERIFIED : class;
}

static gboolean hang_is_claimed(const Verdict *verdict) {
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->claim->target == CLAIM_OF_HANG && result->claim->code == NULL &&
        result->state == CLAIM_HOLDS)
      return TRUE;
  }
  return FALSE;
}

/* A run that never ended, where a claim says so. */
static VerdictClass class_claimed_hang(const Snippet *snippet, const Transcript *transcript,
                                       const Verdict *verdict, gchar **reason) {
  if (verdict_count(verdict, CLAIM_CONTRADICTED) > 0)
    return VERDICT_FALSE;
  const Raised *raised = find_unclaimed(snippet, transcript, verdict);
  return raised != NULL ? class_raised(snippet, transcript, raised, reason) : VERDICT_VERIFIED;
}

static VerdictClass classify(const Snippet *snippet, const Transcript *transcript,
                             const Verdict *verdict, gchar **reason) {
  switch (transcript->outcome) {
  case OUTCOME_FAILED:
    *reason = g_strdup(transcript->failure);
    return VERDICT_INFRA;
  case OUTCOME_UNREADY:
    *reason = g_strdup(transcript->failure);
    return VERDICT_NEEDS;
  case OUTCOME_SKIPPED:
    *reason = g_strdup(transcript->failure);
    return VERDICT_SKIPPED;
  case OUTCOME_HELD:
    *reason = names_reason(transcript);
    return VERDICT_FRAGMENT;
  case OUTCOME_UNPARSABLE:
    if (verdict_count(verdict, CLAIM_HOLDS) > 0)
      return VERDICT_VERIFIED;
    return class_unparsable(snippet, transcript_final_exception(transcript), reason);
  case OUTCOME_SIGNALLED:
    return VERDICT_CRASHED;
  case OUTCOME_STOPPED:
    return hang_is_claimed(verdict) ? class_claimed_hang(snippet, transcript, verdict, reason)
                                    : VERDICT_LIMIT;
  case OUTCOME_STUCK:
    if (hang_is_claimed(verdict))
      return class_claimed_hang(snippet, transcript, verdict, reason);
    *reason = proof_text(snippet, transcript);
    return VERDICT_HUNG;
  case OUTCOME_EXITED:
    if (verdict_count(verdict, CLAIM_CONTRADICTED) > 0)
      return VERDICT_FALSE;
    if (exit_is_claimed(snippet, transcript) &&
        find_unclaimed(snippet, transcript, verdict) == NULL)
      return VERDICT_VERIFIED;
    *reason = g_strdup_printf("exits %d", transcript->exit_code);
    return VERDICT_RAISED;
  case OUTCOME_FINISHED:
  case OUTCOME_RAISED:
    return class_finished(snippet, transcript, verdict, reason);
  }
  g_return_val_if_reached(VERDICT_INFRA);
}

/* The first relation that could not be told, of the difference's lines. */
static gchar *unclear_reason(const Verdict *verdict) {
  g_auto(GStrv) lines =
      g_strsplit(verdict->difference != NULL ? verdict->difference : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '!')
      return g_strdup_printf("cannot tell on this machine: %s", g_strstrip(lines[i] + 1));
  return g_strdup("cannot tell on this machine");
}

/* What an accepted expectation makes of the class. */
static void apply_expectation(Verdict *verdict) {
  gboolean is_false = verdict_count(verdict, CLAIM_CONTRADICTED) > 0;
  switch (verdict->expectation) {
  case EXPECTATION_NONE:
  case EXPECTATION_UNTESTED:
    return;
  case EXPECTATION_DIFFERS:
    /* A module or a file that is not on this machine was not changed by anybody. */
    if (verdict->class != VERDICT_INFRA && verdict->class != VERDICT_NEEDS)
      verdict->class = is_false ? VERDICT_FALSE : VERDICT_CHANGED;
    return;
  case EXPECTATION_MET:
  case EXPECTATION_UNCLEAR:
    if (verdict->class == VERDICT_INFRA)
      return;
    verdict->class = is_false ? VERDICT_FALSE : VERDICT_VERIFIED;
    g_free(verdict->reason);
    verdict->reason =
        verdict->expectation == EXPECTATION_UNCLEAR && !is_false ? unclear_reason(verdict) : NULL;
    return;
  }
}

/* The author's rows, or models, would not have raised it. */
static void explain_raised(Verdict *verdict, const Snippet *snippet, const Transcript *transcript,
                           const FixtureData *data) {
  const Raised *raised = find_unclaimed(snippet, transcript, verdict);
  gchar *reason = NULL;
  if (verdict->class == VERDICT_RAISED && raised != NULL &&
      (verdict->expectation == EXPECTATION_NONE || verdict->expectation == EXPECTATION_UNTESTED))
    reason = fixture_data_explains(data, raised);
  if (reason == NULL)
    return;
  verdict->class = VERDICT_NEEDS;
  g_free(verdict->reason);
  verdict->reason = reason;
}

Verdict *judge_sheet(const Sheet *sheet) {
  const Snippet *snippet = sheet->snippet;
  const Transcript *transcript = sheet->transcripts[0];
  Verdict *verdict = verdict_new(VERDICT_RAN);
  g_autoptr(FixtureData) data = fixture_data_new(snippet, transcript);
  mark_all(verdict, sheet, data);
  expect_compare(sheet, verdict);
  verdict->outcome = transcript_outcome_text(transcript);
  if (transcript->fixture != NULL && transcript->fixture->fixture != NULL)
    verdict->fixture = fixture_choice_text(transcript->fixture, transcript->variant);
  verdict->class = classify(snippet, transcript, verdict, &verdict->reason);
  apply_expectation(verdict);
  explain_raised(verdict, snippet, transcript, data);
  return verdict;
}
