#include "judge/proof.h"

#include <string.h>

/* So many threads are described; of further ones it is said how many there are. */
#define THREADS_SHOWN 3u

static gboolean is_join(const Waiting *waiting) {
  return g_str_has_suffix(waiting->what, "join") &&
         (waiting->holder_line == 0 || g_strrstr(waiting->what, "Thread") != NULL);
}

/* What would have to happen, by the library's function that waits for it. */
static const gchar *what_is_lacking(const Waiting *waiting) {
  static const struct {
    const gchar *what, *lacking;
  } known[] = {
      {"Queue.get", "put anything in"},   {"Queue.put", "take anything out"},
      {"Queue.join", "finish its tasks"}, {"Condition.wait", "notify it"},
      {"Event.wait", "set it"},           {"Barrier.wait", "join it"},
      {"acquire", "release it"},          {"join", "end it"},
  };
  if (waiting->what[0] == '\0')
    return "release it";
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (strstr(waiting->what, known[i].what) != NULL)
      return known[i].lacking;
  return "set it";
}

static gboolean is_waiting(const Transcript *transcript, guint thread) {
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    if (waiting->thread == thread)
      return TRUE;
  }
  return FALSE;
}

static void append_holder(GString *text, const Snippet *snippet, const Transcript *transcript,
                          const Waiting *waiting) {
  g_autofree gchar *line =
      waiting->holder_line != 0
          ? g_strdup_printf(" at line %u", snippet_document_line(snippet, waiting->holder_line))
          : g_strdup("");
  if (waiting->holder == waiting->thread)
    g_string_append_printf(text, ", which it took itself%s", line);
  else
    g_string_append_printf(text, ", which %s took%s%s", waiting->holder_name, line,
                           is_waiting(transcript, waiting->holder) ? "" : " and never released");
}

static void append_waiting(GString *text, const Snippet *snippet, const Transcript *transcript,
                           const Waiting *waiting, const gchar *here) {
  g_string_append_printf(text, "%s waits", waiting->name);
  if (here != NULL)
    g_string_append_printf(text, " %s", here);
  else if (waiting->line != 0)
    g_string_append_printf(text, " at line %u", snippet_document_line(snippet, waiting->line));
  else if (transcript->is_ending && waiting->thread == 0)
    g_string_append(text, " in the shutdown");
  if (waiting->what[0] != '\0')
    g_string_append_printf(text, " in %s", waiting->what);
  if (waiting->is_known &&
      (is_join(waiting) || (waiting->holder_line == 0 && waiting->lock[0] == '\0'))) {
    if (waiting->holder == waiting->thread)
      g_string_append(text, " for its own end");
    else
      g_string_append_printf(text, " for %s to end", waiting->holder_name);
    return;
  }
  if (here == NULL && waiting->line == 0 && transcript->is_ending && waiting->thread == 0 &&
      !waiting->is_known) {
    g_string_append(text, " for the other threads to end");
    return;
  }
  if (waiting->lock[0] != '\0')
    g_string_append_printf(text, " for '%s'", waiting->lock);
  else if (waiting->what[0] == '\0')
    g_string_append(text, " for a lock");
  if (waiting->is_known)
    append_holder(text, snippet, transcript, waiting);
  else
    g_string_append_printf(text, ", and nobody is left to %s", what_is_lacking(waiting));
}

static guint index_of(const GPtrArray *waits, guint thread) {
  for (guint i = 0; i < waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(waits, i);
    if (waiting->thread == thread)
      return i;
  }
  return waits->len;
}

/* The order in which threads are told: `first` unless it is in a cycle, then a cycle, each
 * followed by the one that it waits for, then the others. Returns how many are in the
 * cycle, and where it begins in *begin. */
static guint order_threads(const GPtrArray *waits, guint first, guint *order, guint *begin) {
  g_autofree gboolean *is_told = g_new0(gboolean, waits->len + 1);
  guint count = 0, start = 0;
  if (first < waits->len && waiting_is_cycle(waits, first)) {
    start = first;
  } else {
    if (first < waits->len) {
      order[count++] = first;
      is_told[first] = TRUE;
    }
    while (start < waits->len && !waiting_is_cycle(waits, start))
      start++;
  }
  *begin = count;
  for (guint at = start; at < waits->len && !is_told[at];) {
    const Waiting *waiting = g_ptr_array_index(waits, at);
    order[count++] = at;
    is_told[at] = TRUE;
    at = waiting->is_known ? index_of(waits, waiting->holder) : waits->len;
  }
  guint in_cycle = count - *begin;
  for (guint i = 0; i < waits->len; i++)
    if (!is_told[i])
      order[count++] = i;
  return in_cycle;
}

static gchar *threads_text(const Snippet *snippet, const Transcript *transcript, guint here) {
  const GPtrArray *waits = transcript->waits;
  GString *text = g_string_new(transcript->is_ending ? "after its last statement, " : "");
  g_autofree guint *order = g_new0(guint, waits->len);
  guint begin, in_cycle = order_threads(waits, here, order, &begin);
  guint most = MAX(THREADS_SHOWN, begin + MIN(in_cycle, 2 * THREADS_SHOWN));
  guint shown = MIN(waits->len, most);
  for (guint i = 0; i < shown; i++) {
    if (i > 0)
      g_string_append(text, "; ");
    if (i == begin && in_cycle > 1)
      g_string_append(text, "a deadlock: ");
    append_waiting(text, snippet, transcript, g_ptr_array_index(waits, order[i]),
                   order[i] == here ? "here" : NULL);
  }
  if (waits->len > shown)
    g_string_append_printf(text, "; and %u more", waits->len - shown);
  return g_string_free(text, FALSE);
}

gchar *proof_text(const Snippet *snippet, const Transcript *transcript) {
  guint count = transcript->waits->len;
  if (count > 0)
    return threads_text(snippet, transcript, count);
  GString *text = g_string_new(transcript->is_ending ? "after its last statement, " : "");
  g_string_append(text, "all its threads wait, and nothing can wake them");
  if (transcript->last_line != 0)
    g_string_append_printf(text, ": it stopped at line %u",
                           snippet_document_line(snippet, transcript->last_line));
  return g_string_free(text, FALSE);
}

gchar *proof_text_here(const Snippet *snippet, const Transcript *transcript, guint here) {
  return threads_text(snippet, transcript, here);
}

gchar *proof_of_thread_here(const Snippet *snippet, const Transcript *transcript,
                            const Waiting *waiting) {
  GString *text = g_string_new(NULL);
  append_waiting(text, snippet, transcript, waiting, "here");
  return g_string_free(text, FALSE);
}
