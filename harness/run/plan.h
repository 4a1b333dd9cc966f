/*
 * plan.h: in which order snippets are run for the first time.
 *
 * Private to run/. A run is over when its longest snippets are, so these should
 * not be begun last; but somebody looks at the screen, so the very first are
 * taken as they come. What is long is guessed from the source, cheaply: a wrong
 * guess costs nothing but order.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

typedef enum {
  PLAN_SHORT,
  PLAN_LONG,    /* may work or sleep for some time */
  PLAN_ENDLESS, /* may wait for ever, to its limit */
} PlanGuess;

PlanGuess plan_guess(const Snippet *snippet);

/* An order for snippets (Snippet *): indexes, newly allocated, as many as there
 * are. The first few short ones come first, then those that may be endless, those
 * that may be long, and the rest; each group in the order given. */
guint *plan_order(const GPtrArray *snippets);
