/*
 * quiet.h: what is printed for a while goes nowhere: descriptors 1 and 2 lead to /dev/null.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  int kept[2]; /* what was there; -1: nothing */
  int count;   /* of the descriptors that lead nowhere now */
} Quiet;

/* All need the GIL: what Python still holds back is written first. false, with errno, and
 * nothing is changed, where there is no descriptor left to keep the old ones at. */
bool quiet_begin(Quiet *quiet);

/* The same for descriptor 1 alone. */
bool quiet_begin_output(Quiet *quiet);

/* As it was before. false where that could not be: what was kept has been closed meanwhile. */
bool quiet_end(Quiet *quiet);
