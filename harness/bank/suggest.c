#include "bank/suggest.h"

#include <string.h>

/* Longer words are not compared. */
#define WORD_MAX_BYTES 100
/* Nor are more candidates than these. */
#define CANDIDATES_MAX 2000

/* How many letters have to be put in, left out, changed, or swapped with their neighbour, blind to
 * case. */
static guint distance(const gchar *left, const gchar *right) {
  guint rows[3][WORD_MAX_BYTES + 1];
  guint *before = rows[0], *last = rows[1], *now = rows[2];
  gsize width = strlen(right);
  for (guint j = 0; j <= width; j++)
    last[j] = j;
  for (guint i = 1; left[i - 1] != '\0'; i++) {
    now[0] = i;
    for (guint j = 1; j <= width; j++) {
      gboolean is_same = g_ascii_tolower(left[i - 1]) == g_ascii_tolower(right[j - 1]);
      now[j] = MIN(MIN(last[j], now[j - 1]) + 1, last[j - 1] + !is_same);
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        now[j] = MIN(now[j], before[j - 2] + 1);
    }
    guint *spare = before;
    before = last;
    last = now;
    now = spare;
  }
  return last[width];
}

gchar *suggestion(const gchar *word, const gchar *const *candidates, guint count) {
  gsize length = strlen(word);
  const gchar *nearest = NULL;
  guint least = MAX((guint)MIN(length, 9) / 3, 1) + 1; /* it must be less */
  for (guint i = 0; i < MIN(count, CANDIDATES_MAX) && length <= WORD_MAX_BYTES; i++) {
    if (strlen(candidates[i]) > WORD_MAX_BYTES)
      continue;
    guint steps = distance(word, candidates[i]);
    if (steps < least && steps < length) {
      least = steps;
      nearest = candidates[i];
    }
  }
  return nearest != NULL ? g_strdup_printf(": did you mean '%s'?", nearest) : g_strdup("");
}
