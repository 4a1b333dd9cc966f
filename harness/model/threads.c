#include "model/threads.h"

Waiting *waiting_new(guint thread, const gchar *name, guint line, const gchar *what,
                     const gchar *lock) {
  Waiting *waiting = g_new0(Waiting, 1);
  waiting->thread = thread;
  waiting->name = g_strdup(name);
  waiting->line = line;
  waiting->what = g_strdup(what);
  waiting->lock = g_strdup(lock);
  waiting->holder_name = g_strdup("");
  return waiting;
}

void waiting_free(Waiting *waiting) {
  if (waiting == NULL)
    return;
  g_free(waiting->name);
  g_free(waiting->what);
  g_free(waiting->lock);
  g_free(waiting->holder_name);
  g_free(waiting);
}

static const Waiting *waiting_of(const GPtrArray *waits, guint thread) {
  for (guint i = 0; i < waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(waits, i);
    if (waiting->thread == thread)
      return waiting;
  }
  return NULL;
}

gboolean waiting_is_cycle(const GPtrArray *waits, guint from) {
  const Waiting *first = g_ptr_array_index(waits, from);
  const Waiting *at = first;
  for (guint steps = 0; at != NULL && at->is_known && steps < waits->len; steps++) {
    if (at->holder == first->thread)
      return TRUE;
    at = waiting_of(waits, at->holder);
  }
  return FALSE;
}

static void share_free(gpointer data) {
  GilShare *share = data;
  g_free(share->name);
  g_free(share);
}

GilTimeline *gil_timeline_new(void) {
  GilTimeline *timeline = g_new0(GilTimeline, 1);
  timeline->shares = g_ptr_array_new_with_free_func(share_free);
  timeline->turns = g_array_new(FALSE, FALSE, sizeof(GilTurn));
  return timeline;
}

void gil_timeline_free(GilTimeline *timeline) {
  if (timeline == NULL)
    return;
  g_ptr_array_unref(timeline->shares);
  g_array_unref(timeline->turns);
  g_free(timeline);
}

void gil_timeline_add_share(GilTimeline *timeline, guint thread, const gchar *name, guint64 held_ns,
                            guint64 waited_ns, guint64 turns) {
  GilShare *share = g_new0(GilShare, 1);
  *share = (GilShare){thread, g_strdup(name), held_ns, waited_ns, turns};
  g_ptr_array_add(timeline->shares, share);
}
