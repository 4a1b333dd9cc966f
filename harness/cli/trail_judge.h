/*
 * trail_judge.h: what becomes of a snippet in the states of its trail.
 *
 * All in one hall, several states at a time.
 */
#pragma once

#include "cli/hall.h"
#include "cli/trail.h"
#include "report/bisection.h"

typedef enum {
  JUDGE_WHOLE,  /* as a check does, after whichever earlier blocks make it better */
  JUDGE_NEEDED, /* only after those that it may need (session_of()): one run for most */
} JudgeDepth;

/* Judges states (TrailState *): sets `judged` to a BisectionState. Those that are judged are passed
 * over. FALSE where it was interrupted, or after having complained. */
gboolean trail_judge(Hall *hall, const GPtrArray *states, JudgeDepth depth);

/* NULL where it was not judged. */
const BisectionState *trail_judged(const TrailState *state);
