/*
 * quiet.h: what is printed for a while goes nowhere: descriptors 1 and 2 lead to /dev/null.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  int kept[2]; /* what was there; -1: nothing */
  bool is_on;
} Quiet;

/* Needs the GIL, as the other: what Python still holds back is written first. false, and
 * nothing is changed, where there is no descriptor left. */
bool quiet_begin(Quiet *quiet);
bool quiet_end(Quiet *quiet);
