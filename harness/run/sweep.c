#include "run/sweep.h"

#include "run/transcript_builder.h"
#include "run/zygote.h"

#define WAIT_MS 5000

void sweep_note_run(Snapshot *snapshot, const Run *run, guint32 runs) {
  if (snapshot->fixture == NULL || !zygote_has_database())
    return;
  if (transcript_has_entry(run->journal, run->number, JOURNAL_END)) {
    /* It has looked when it began: at what had been left by then. */
    if (run->number > snapshot->left_run)
      snapshot->has_left = FALSE;
  } else if (run->limit != LIMIT_NONE || run->stuck != NULL ||
             transcript_has_entry(run->journal, run->number, JOURNAL_START)) {
    snapshot->has_left = TRUE;
    snapshot->left_run = runs;
  }
}

void sweep_lanes(GPtrArray *lanes, const GPtrArray *snapshots, guint wait_ms,
                 Lane *(*start)(Snapshot *snapshot, gpointer data), gpointer data) {
  gint64 end_us = g_get_monotonic_time() + (gint64)MIN(wait_ms, WAIT_MS) * 1000;
  gboolean has_database = zygote_has_database();
  /* First those that hold something: it is taken away only when they are gone. */
  for (guint i = lanes->len; i-- > 0;) {
    Lane *lane = g_ptr_array_index(lanes, i);
    Snapshot *snapshot = lane_snapshot(lane);
    gboolean is_ours = has_database && snapshot->fixture != NULL && snapshot->failure == NULL;
    if (is_ours && lane_state(lane) == LANE_STARTING)
      continue;
    if (is_ours && lane_state(lane) == LANE_RUNNING)
      snapshot->has_left = TRUE;
    g_ptr_array_remove_index_fast(lanes, i);
  }
  for (guint i = 0; i < lanes->len; i++)
    lane_await_load(g_ptr_array_index(lanes, i), end_us);
  g_ptr_array_set_size(lanes, 0);
  for (guint i = 0; i < snapshots->len; i++) {
    Snapshot *snapshot = g_ptr_array_index(snapshots, i);
    Lane *lane = snapshot->has_left && snapshot->failure == NULL && g_get_monotonic_time() < end_us
                     ? start(snapshot, data)
                     : NULL;
    if (lane != NULL)
      lane_await_load(lane, end_us);
    lane_free(lane);
  }
}
