/*
 * checks.h: what a fixture's words and checks said of a run, as claims of the verdict. Private
 * to judge/.
 *
 * A word that reads a comment or the prose beside a snippet makes a claim of the rule
 * CLAIM_FIELD, what a fixture looked at after the run one of CLAIM_PROMISE. They are confirmed
 * as the fixture says. One that cannot tell, and does not say why, makes none of a paragraph. They
 * accuse only where the run is known to have come so far: past the
 * statement that is spoken of, or, for what is said of the whole, to its end.
 */
#pragma once

#include "judge/marking.h"

/* Adds the claims and their results to the verdict, behind those of the snippet. is_whole says
 * that no exception cut the run short but those that are claimed. */
void checks_mark(const Case *cause, gboolean is_whole, Verdict *verdict);
