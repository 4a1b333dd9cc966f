/*
 * expect.h: an expectation against a transcript. Private to judge/.
 */
#pragma once

#include "judge/judge.h"

/* Sets the verdict's expectation, difference and, where a relation of times is not
 * clear yet, wants_more. Without an expectation for this Python: EXPECTATION_NONE. */
void expect_compare(const Sheet *sheet, Verdict *verdict);
