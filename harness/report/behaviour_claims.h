/*
 * behaviour_claims.h: claims of two versions of a snippet. Private to report/.
 */
#pragma once

#include "report/behaviour.h"

ClaimSeen *claim_seen_new(const Snippet *snippet, const ClaimResult *result);
void claim_seen_free(gpointer data);

/* before, after: ClaimSeen *. One number for each of after: which of before it is, or -1 for none.
 * What says the same of the same code goes first. Newly allocated. */
gint *claims_match(const GPtrArray *before, const GPtrArray *after);
