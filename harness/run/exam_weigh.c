#include "run/exam_weigh.h"

#include <string.h>

Missing missing_names(const Transcript *transcript, const Verdict *verdict) {
  Missing missing = {.names = g_ptr_array_new()};
  if (transcript->outcome == OUTCOME_HELD)
    missing.certain = transcript->names_certain;
  if (transcript->outcome == OUTCOME_HELD || verdict->class == VERDICT_FRAGMENT)
    for (guint i = 0; transcript->names_needed[i] != NULL; i++)
      g_ptr_array_add(missing.names, transcript->names_needed[i]);
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->is_seen && raised->name != NULL && g_str_equal(raised->type, "NameError"))
      g_ptr_array_add(missing.names, raised->name);
  }
  return missing;
}

void missing_clear(Missing *missing) {
  g_ptr_array_unref(missing->names);
}

gboolean missing_are_found(const Missing *missing, const gboolean *is_bound) {
  guint found = 0;
  for (guint i = 0; i < missing->names->len; i++) {
    if (i < missing->certain && !is_bound[i])
      return FALSE;
    found += is_bound[i];
  }
  return found > 0;
}

gboolean run_may_be_explained(const Verdict *verdict) {
  return verdict->class == VERDICT_FALSE || verdict->class == VERDICT_CHANGED;
}

gboolean run_is_unsatisfying(const Transcript *transcript, const Verdict *verdict) {
  if (run_may_be_explained(verdict))
    return TRUE;
  switch (verdict->class) {
  case VERDICT_VERIFIED:
    if (verdict_count(verdict, CLAIM_HOLDS) == verdict->results->len)
      return FALSE;
    break;
  case VERDICT_RAN:
  case VERDICT_RAISED:
  case VERDICT_FRAGMENT:
  case VERDICT_NEEDS:
    break;
  default:
    return FALSE;
  }
  g_auto(Missing) missing = missing_names(transcript, verdict);
  return missing.names->len > 0;
}

static gboolean is_marked(const Verdict *verdict) {
  return verdict->class == VERDICT_VERIFIED || verdict->class == VERDICT_RAN ||
         verdict->class == VERDICT_FALSE || verdict->class == VERDICT_CHANGED;
}

/* A claim that holds in one run and not in another is no false claim. */
static gboolean contradicts_what_held(const Verdict *verdict, const Verdict *before) {
  guint count = MIN(verdict->results->len, before->results->len);
  for (guint i = 0; i < count; i++) {
    const ClaimResult *now = g_ptr_array_index(verdict->results, i);
    const ClaimResult *then = g_ptr_array_index(before->results, i);
    if (now->claim == then->claim && now->state == CLAIM_CONTRADICTED && then->state == CLAIM_HOLDS)
      return TRUE;
  }
  return FALSE;
}

/* Claims that were contradicted alone, and now are not only because blocks ran before. */
static guint count_excused(const Verdict *verdict, const Verdict *before) {
  guint excused = 0, count = MIN(verdict->results->len, before->results->len);
  for (guint i = 0; i < count; i++) {
    const ClaimResult *now = g_ptr_array_index(verdict->results, i);
    const ClaimResult *then = g_ptr_array_index(before->results, i);
    excused += now->claim == then->claim && now->pardon == PARDON_EARLIER &&
               then->state == CLAIM_CONTRADICTED;
  }
  return excused;
}

static gboolean is_as_accepted(const Verdict *verdict) {
  return verdict->expectation == EXPECTATION_MET || verdict->expectation == EXPECTATION_UNCLEAR;
}

gboolean run_is_better(const Verdict *verdict, const Verdict *than) {
  if (!is_marked(verdict))
    return FALSE;
  if (!is_marked(than))
    return !contradicts_what_held(verdict, than);
  guint held = verdict_count(verdict, CLAIM_HOLDS);
  guint wrong = verdict_count(verdict, CLAIM_CONTRADICTED) + count_excused(verdict, than);
  guint held_before = verdict_count(than, CLAIM_HOLDS);
  guint wrong_before = verdict_count(than, CLAIM_CONTRADICTED);
  /* That a contradiction is gone because nothing was compared explains none. */
  if (wrong < wrong_before && held == 0)
    return FALSE;
  gboolean is_accepted = is_as_accepted(verdict), was_accepted = is_as_accepted(than);
  if (wrong > wrong_before || held < held_before || (was_accepted && !is_accepted))
    return FALSE;
  return wrong < wrong_before || held > held_before || (is_accepted && !was_accepted);
}

gboolean run_may_fit_better(const Transcript *transcript, const Verdict *verdict) {
  switch (verdict->class) {
  case VERDICT_FALSE:
  case VERDICT_CHANGED:
  case VERDICT_RAISED:
  case VERDICT_HUNG:
  case VERDICT_CRASHED:
  case VERDICT_FRAGMENT:
  case VERDICT_NEEDS:
    return TRUE;
  case VERDICT_RAN:
    return verdict->results->len > 0 || run_is_unsatisfying(transcript, verdict);
  default:
    return run_is_unsatisfying(transcript, verdict);
  }
}

gboolean run_fits_better(const Transcript *transcript, const Verdict *verdict,
                         const Verdict *than) {
  if (run_may_be_explained(than) && is_marked(verdict) &&
      !run_is_unsatisfying(transcript, verdict) && count_excused(verdict, than) == 0)
    return TRUE;
  return run_is_better(verdict, than);
}

gboolean run_got_further(const Transcript *transcript, const Verdict *verdict,
                         const Verdict *than) {
  return than->class == VERDICT_FRAGMENT && verdict->class != VERDICT_FRAGMENT &&
         verdict->class != VERDICT_INFRA && transcript->prelude == 0;
}

/* Claims that a fixture found are another verdict's other claims. */
static gchar *claim_key(const Claim *claim) {
  return g_strdup_printf("%d %d %u %u %u %s %s", (int)claim->rule, (int)claim->target, claim->line,
                         claim->prose_line, claim->first_line,
                         claim->word != NULL ? claim->word : "", claim->text);
}

/* Whether the lines of a claim about them raised: then they did not do all that they do, and
 * what was seen of it holds by the way. */
static gboolean is_broken_off(const Transcript *transcript, const Claim *claim) {
  gboolean is_of_end = claim->target == CLAIM_OF_EXCEPTION || claim->target == CLAIM_OF_EXAMPLE ||
                       claim->target == CLAIM_OF_SNIPPET || claim->code != NULL;
  for (guint i = 0; !is_of_end && i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->is_seen && claim->first_line > 0 &&
        ((raised->line >= claim->first_line && raised->line <= claim->last_line) ||
         (raised->outer_line >= claim->first_line && raised->outer_line <= claim->last_line)))
      return TRUE;
  }
  return FALSE;
}

void run_accept_excuses(Verdict *verdict) {
  for (guint i = 0; i < verdict->results->len; i++) {
    ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->pardon == PARDON_EARLIER)
      result->pardon = PARDON_NONE;
  }
}

void run_note_held(const Transcript *transcript, const Verdict *verdict, GHashTable *held) {
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->state == CLAIM_HOLDS && !is_broken_off(transcript, result->claim))
      g_hash_table_add(held, claim_key(result->claim));
  }
}

void run_pardon(const Transcript *transcript, Verdict *verdict, GHashTable *held) {
  gboolean is_pardoned = FALSE;
  for (guint i = 0; i < verdict->results->len; i++) {
    ClaimResult *result = g_ptr_array_index(verdict->results, i);
    g_autofree gchar *key = claim_key(result->claim);
    if (result->state != CLAIM_CONTRADICTED || !g_hash_table_contains(held, key))
      continue;
    result->state = CLAIM_NOT_CHECKABLE;
    g_free(result->note);
    result->note = g_strdup("it holds in another run, which nothing else fits");
    is_pardoned = TRUE;
  }
  if (!is_pardoned || verdict->class != VERDICT_FALSE ||
      verdict_count(verdict, CLAIM_CONTRADICTED) > 0)
    return;
  if (verdict->expectation == EXPECTATION_DIFFERS)
    verdict->class = VERDICT_CHANGED;
  else if (transcript->outcome != OUTCOME_FINISHED)
    verdict->class = VERDICT_RAISED;
  else
    verdict->class = verdict_count(verdict, CLAIM_HOLDS) > 0 ? VERDICT_VERIFIED : VERDICT_RAN;
}

gboolean run_is_usable(const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
  case OUTCOME_RAISED:
  case OUTCOME_HELD:
    return TRUE;
  case OUTCOME_EXITED: {
    guint count = transcript->raised->len;
    const Raised *last = count > 0 ? g_ptr_array_index(transcript->raised, count - 1) : NULL;
    return last != NULL && g_str_equal(last->type, "SystemExit");
  }
  default:
    return FALSE;
  }
}

gsize run_weight(const Transcript *transcript) {
  gsize turns = transcript->gil != NULL ? transcript->gil->turns->len : 0;
  return turns * sizeof(GilTurn) + sizeof *transcript + transcript->output->len +
         transcript->errors->len + transcript->writes->len * sizeof(Write) +
         transcript->values->len * (sizeof(Value) + 64) +
         transcript->raised->len * (sizeof(Raised) + 256);
}
