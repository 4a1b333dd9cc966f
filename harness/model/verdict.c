#include "model/verdict.h"

Verdict *verdict_new(VerdictClass class) {
  Verdict *verdict = g_new0(Verdict, 1);
  verdict->class = class;
  verdict->results = g_ptr_array_new();
  verdict->claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
  return verdict;
}

static void result_free(gpointer data, G_GNUC_UNUSED gpointer user) {
  ClaimResult *result = data;
  g_free(result->actual);
  g_free(result->note);
  g_free(result);
}

void verdict_free(Verdict *verdict) {
  if (verdict == NULL)
    return;
  g_free(verdict->outcome);
  g_free(verdict->reason);
  g_free(verdict->session);
  g_free(verdict->fixture);
  g_free(verdict->difference);
  g_ptr_array_foreach(verdict->results, result_free, NULL);
  g_ptr_array_unref(verdict->results);
  g_ptr_array_unref(verdict->claims);
  g_free(verdict);
}

void verdict_add_result(Verdict *verdict, const Claim *claim, ClaimState state, const gchar *actual,
                        const gchar *note) {
  ClaimResult *result = g_new0(ClaimResult, 1);
  result->claim = claim;
  result->state = state;
  result->actual = g_strdup(actual);
  result->note = g_strdup(note);
  g_ptr_array_add(verdict->results, result);
}

guint verdict_count(const Verdict *verdict, ClaimState state) {
  guint count = 0;
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    count += result->state == state;
  }
  return count;
}

const gchar *verdict_class_name(VerdictClass class) {
  static const gchar *const names[VERDICT_CLASSES] = {
      [VERDICT_VERIFIED] = "verified",     [VERDICT_FALSE] = "false",
      [VERDICT_CHANGED] = "changed",       [VERDICT_RAN] = "ran",
      [VERDICT_RAISED] = "raised",         [VERDICT_HUNG] = "hung",
      [VERDICT_LIMIT] = "limit",           [VERDICT_CRASHED] = "crashed",
      [VERDICT_FRAGMENT] = "fragment",     [VERDICT_NEEDS] = "needs",
      [VERDICT_UNPARSABLE] = "unparsable", [VERDICT_SKIPPED] = "skipped",
      [VERDICT_INFRA] = "infra",
  };
  g_return_val_if_fail(class < VERDICT_CLASSES, "unknown");
  return names[class];
}

gboolean verdict_class_fails(VerdictClass class) {
  return class == VERDICT_FALSE || class == VERDICT_CHANGED || class == VERDICT_HUNG ||
         class == VERDICT_CRASHED;
}

void ledger_add(Ledger *ledger, const Verdict *verdict) {
  ledger->blocks++;
  ledger->classes[verdict->class]++;
  ledger->held += verdict_count(verdict, CLAIM_HOLDS);
  ledger->contradicted += verdict_count(verdict, CLAIM_CONTRADICTED);
  ledger->unchecked += verdict_count(verdict, CLAIM_NOT_CHECKABLE);
}
