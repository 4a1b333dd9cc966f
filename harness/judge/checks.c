#include "judge/checks.h"

/* The claim that a check makes; owned by the verdict. */
static Claim *claim_of(const Snippet *snippet, const Checked *checked) {
  ClaimRule rule = checked->kind == CHECKED_AFTER ? CLAIM_PROMISE : CLAIM_FIELD;
  gboolean is_prose = checked->kind == CHECKED_PROSE;
  Claim *claim = claim_new(rule, CLAIM_OF_FIELD, is_prose ? 0 : MAX(1, checked->line),
                           checked->said, checked->said);
  claim->word = g_strdup(checked->rule);
  claim->prose_line = is_prose ? snippet_prose_line(snippet, checked->line) : 0;
  claim->first_line = is_prose ? 0 : checked->first_line;
  claim->last_line = is_prose ? 0 : checked->last_line;
  return claim;
}

/* Why a contradiction proves nothing; NULL where it does. */
static const gchar *pardon(const Case *cause, gboolean is_whole, const Checked *checked) {
  if (cause->missing != NULL)
    return cause->missing;
  if (checked->first_line == 0)
    return is_whole ? NULL : "the run did not reach its end";
  if (evidence_raised(cause->evidence, checked->first_line, checked->last_line) != NULL)
    return "its line raised an exception";
  if (!evidence_is_past(cause->evidence, checked->last_line))
    return "its line was never reached";
  return NULL;
}

static void add_result(const Case *cause, gboolean is_whole, const Checked *checked,
                       Verdict *verdict) {
  Claim *claim = claim_of(cause->snippet, checked);
  g_ptr_array_add(verdict->claims, claim);
  const gchar *reason = NULL;
  switch (checked->end) {
  case CHECKED_HOLDS:
    verdict_add_result(verdict, claim, CLAIM_HOLDS, checked->actual, checked->note);
    return;
  case CHECKED_CONTRADICTED:
    reason = pardon(cause, is_whole, checked);
    verdict_add_result(verdict, claim, reason != NULL ? CLAIM_NOT_CHECKABLE : CLAIM_CONTRADICTED,
                       checked->actual, reason != NULL ? reason : checked->note);
    return;
  case CHECKED_UNCLEAR:
    reason = checked->note != NULL ? checked->note : "the fixture cannot tell";
    verdict_add_result(verdict, claim, CLAIM_NOT_CHECKABLE, checked->actual, reason);
    return;
  }
}

static gchar *key_of(const Checked *checked) {
  return g_strdup_printf("%d %u %s\n%s", checked->kind, checked->line, checked->rule,
                         checked->said);
}

/* A comment that a fixture's words read means what they say: read as a value it may be misread,
 * "3 queries" as a 3. */
static void pardon_others(const Verdict *verdict, const Claim *field) {
  for (guint i = 0; i < verdict->results->len; i++) {
    ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->claim->target == CLAIM_OF_FIELD || result->state != CLAIM_CONTRADICTED ||
        result->claim->line != field->line)
      continue;
    result->state = CLAIM_NOT_CHECKABLE;
    g_free(result->note);
    result->note = g_strdup("the words of the fixture read the comment otherwise");
  }
}

/* A word meets many a paragraph that does not say what it is about. */
static gboolean is_of_nothing(const Checked *checked) {
  return checked->kind == CHECKED_PROSE && checked->end == CHECKED_UNCLEAR &&
         checked->actual == NULL && checked->note == NULL;
}

void checks_mark(const Case *cause, gboolean is_whole, Verdict *verdict) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const GPtrArray *checks = cause->transcript->checked;
  for (guint i = 0; i < checks->len; i++) {
    const Checked *checked = g_ptr_array_index(checks, i);
    /* What the expectation wants is for expect.c. */
    if (checked->kind == CHECKED_FINAL || is_of_nothing(checked) ||
        !g_hash_table_add(seen, key_of(checked)))
      continue;
    add_result(cause, is_whole, checked, verdict);
    if (checked->kind == CHECKED_REMARK)
      pardon_others(verdict, g_ptr_array_index(verdict->claims, verdict->claims->len - 1));
  }
}
