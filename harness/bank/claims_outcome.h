/*
 * claims_outcome.h: words for how a statement ends: it hangs, it works, it fails.
 *
 * Private to the claims of bank/.
 */
#pragma once

#include "bank/claims_comment.h"

/* Rule CLAIM_HANG, CLAIM_WORKS, or CLAIM_EXCEPTION with "Exception" for a failure
 * without a name. is_title is set where the text may as well be a heading. */
Reading outcome_read(const gchar *text, gsize size, gboolean *is_title);
