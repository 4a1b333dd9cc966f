#include "run/plan.h"

#include <string.h>

/* So many short ones before anything long: a first verdict at once. */
#define SHORT_FIRST 4
#define LONG_DIGITS 6 /* a number of so many digits is a long loop's bound */

/* What stands in material that waits for others: locks, queues, events. */
static const gchar *const endless[] = {
    ".acquire(", "Lock()",   ".wait(",  ".get()", "Barrier(",   "while True",
    "while 1",   "_forever", "Event()", "Queue(", "Semaphore(",
};

/* And in what takes its time. */
static const gchar *const lasting[] = {
    ".join()", "sleep(", "timeit", "perf_counter", "Process(", "Pool(", "Executor(",
};

static gboolean has_any(const gchar *source, const gchar *const *words, gsize count) {
  for (gsize i = 0; i < count; i++)
    if (strstr(source, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* 1000000, 10_000_000 or 10**6. */
static gboolean has_large_number(const gchar *source) {
  guint digits = 0;
  for (const gchar *at = source; *at != '\0'; at++) {
    if (g_ascii_isdigit(*at)) {
      if (++digits > LONG_DIGITS)
        return TRUE;
    } else if (*at != '_' || digits == 0) {
      digits = 0;
    }
  }
  for (const gchar *at = source; (at = strstr(at, "10**")) != NULL; at += 4)
    if (g_ascii_strtoull(at + 4, NULL, 10) >= LONG_DIGITS)
      return TRUE;
  return FALSE;
}

PlanGuess plan_guess(const Snippet *snippet) {
  if (has_any(snippet->source, endless, G_N_ELEMENTS(endless)))
    return PLAN_ENDLESS;
  if (has_any(snippet->source, lasting, G_N_ELEMENTS(lasting)) || has_large_number(snippet->source))
    return PLAN_LONG;
  return PLAN_SHORT;
}

guint *plan_order(const GPtrArray *snippets) {
  guint *order = g_new(guint, snippets->len);
  g_autofree guint8 *guesses = g_new(guint8, snippets->len);
  guint at = 0, first = 0;
  for (guint i = 0; i < snippets->len; i++)
    guesses[i] = (guint8)plan_guess(g_ptr_array_index(snippets, i));
  for (; first < snippets->len && at < SHORT_FIRST; first++) {
    if (guesses[first] == PLAN_SHORT) {
      order[at++] = first;
      guesses[first] = G_MAXUINT8; /* taken */
    }
  }
  static const PlanGuess groups[] = {PLAN_ENDLESS, PLAN_LONG, PLAN_SHORT};
  for (guint group = 0; group < G_N_ELEMENTS(groups); group++)
    for (guint i = 0; i < snippets->len; i++)
      if (guesses[i] == groups[group])
        order[at++] = i;
  return order;
}
