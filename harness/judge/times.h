/*
 * times.h: what repeated measurements of two times tell. Private to judge/.
 *
 * Never an absolute time, only which of two of one run is longer, and only where
 * repetition makes that clear on this machine.
 */
#pragma once

#include <glib.h>

typedef enum {
  TIMES_HOLD,    /* clearly more than 0 */
  TIMES_FAIL,    /* clearly less */
  TIMES_UNKNOWN, /* another run may tell */
  TIMES_UNCLEAR, /* as many runs as we make do not tell */
} TimesTold;

/* Each margin is from one run: log(left / right) for a relation left > right. One run
 * tells that it holds where the margin is wide; that it fails is only told by
 * several that agree, and by a tenth at least. */
TimesTold times_tell(const gdouble *margins, guint count);

/* The same for "left and right are about the same": within a factor of 1.25. */
TimesTold times_tell_same(const gdouble *margins, guint count);

/* The margin of "left is not less than right, or hardly": of left * 1.25 > right. */
gdouble times_shortly_less(gdouble margin);
