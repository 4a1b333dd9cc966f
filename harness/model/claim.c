#include "model/claim.h"

Claim *claim_new(ClaimRule rule, ClaimTarget target, guint line, const gchar *text,
                 const gchar *expected) {
  Claim *claim = g_new0(Claim, 1);
  claim->rule = rule;
  claim->target = target;
  claim->line = line;
  claim->text = g_strdup(text);
  claim->expected = g_strdup(expected);
  return claim;
}

void claim_free(Claim *claim) {
  if (claim == NULL)
    return;
  g_free(claim->text);
  g_free(claim->expected);
  g_free(claim->cautious);
  g_free(claim->names);
  g_free(claim->word);
  g_free(claim->code);
  g_free(claim);
}

const gchar *claim_rule_name(ClaimRule rule) {
  switch (rule) {
  case CLAIM_LITERAL:
    return "literal";
  case CLAIM_TRUTH:
    return "truth";
  case CLAIM_PROSE:
    return "value-then-prose";
  case CLAIM_LABEL:
    return "label";
  case CLAIM_ARROW:
    return "arrow";
  case CLAIM_VERB:
    return "verb";
  case CLAIM_TEXT:
    return "text";
  case CLAIM_EXCEPTION:
    return "exception";
  case CLAIM_TRANSCRIPT:
    return "transcript";
  case CLAIM_OUTPUT:
    return "output-block";
  case CLAIM_NAMED:
    return "named-value";
  case CLAIM_HANG:
    return "hang";
  case CLAIM_WORKS:
    return "works";
  case CLAIM_SPEED:
    return "speed";
  case CLAIM_FIELD:
    return "field";
  case CLAIM_PROMISE:
    return "promise";
  }
  g_return_val_if_reached("unknown");
}

Unclaimed *unclaimed_new(guint line, const gchar *text, const gchar *reason) {
  Unclaimed *unclaimed = g_new0(Unclaimed, 1);
  unclaimed->line = line;
  unclaimed->text = g_strdup(text);
  unclaimed->reason = g_strdup(reason);
  return unclaimed;
}

void unclaimed_free(Unclaimed *unclaimed) {
  if (unclaimed == NULL)
    return;
  g_free(unclaimed->text);
  g_free(unclaimed->reason);
  g_free(unclaimed);
}
