#include "judge/times.h"

#include <math.h>

#include "judge/judge.h"

#define WIDE 0.22    /* log of 1.25: more than noise makes of two equal times */
#define FEWEST 3u    /* runs that a spread can be taken from */
#define SURENESS 3.0 /* standard errors between the mean and what it is told from */
#define SLIGHT 0.02  /* two times that differ by less are equal, however sure the mean is */
#define CLEAR 0.095  /* log of 1.1: caches and clocks favour the first or the last by less */

typedef struct {
  gdouble mean;
  gdouble error; /* of the mean */
} Summary;

static Summary summarize(const gdouble *margins, guint count) {
  Summary summary = {0};
  gdouble squares = 0;
  for (guint i = 0; i < count; i++)
    summary.mean += margins[i] / count;
  for (guint i = 0; i < count; i++)
    squares += (margins[i] - summary.mean) * (margins[i] - summary.mean);
  summary.error = sqrt(squares / (count - 1) / count);
  return summary;
}

/* Standard errors that one in a thousand passes by chance (Student's t): a few runs
 * that happen to lie close to each other must not accuse. */
static gdouble sureness_to_fail(guint count) {
  static const gdouble wanted[] = {22.3, 10.2, 7.2, 5.9, 5.2, 4.8, 4.5};
  return wanted[MIN(count - FEWEST, G_N_ELEMENTS(wanted) - 1)];
}

static TimesTold not_told(guint count) {
  return count < JUDGE_RUNS_MAX ? TIMES_UNKNOWN : TIMES_UNCLEAR;
}

TimesTold times_tell(const gdouble *margins, guint count) {
  if (count < FEWEST) {
    for (guint i = 0; i < count; i++)
      if (margins[i] < WIDE)
        return TIMES_UNKNOWN;
    return count > 0 ? TIMES_HOLD : TIMES_UNKNOWN;
  }
  Summary told = summarize(margins, count);
  if (told.mean > SLIGHT && told.mean > SURENESS * told.error)
    return TIMES_HOLD;
  if (told.mean < -CLEAR && -told.mean > sureness_to_fail(count) * told.error)
    return TIMES_FAIL;
  return not_told(count);
}

TimesTold times_tell_same(const gdouble *margins, guint count) {
  if (count < FEWEST)
    return TIMES_UNKNOWN;
  Summary told = summarize(margins, count);
  gdouble apart = fabs(told.mean);
  if (apart + SURENESS * told.error < WIDE)
    return TIMES_HOLD;
  if (apart - sureness_to_fail(count) * told.error > WIDE + CLEAR)
    return TIMES_FAIL;
  return not_told(count);
}

gdouble times_shortly_less(gdouble margin) {
  return margin + WIDE;
}
