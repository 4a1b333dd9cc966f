#include "cli/sitting.h"

#include <glib-unix.h>
#include <signal.h>

#include "cli/hall.h"

static const gint watched[] = {SIGINT, SIGTERM, SIGHUP};

/* Of the process, as the signals are. GLib tells of a signal only those sources that are there when
 * it comes: with sources of its own, a watch would never hear of one that came a moment before. */
struct SignalWatch {
  guint users;
  gint signal;
  guint sources[G_N_ELEMENTS(watched)];
};

static SignalWatch shared;

static gboolean on_signal(gpointer data) {
  if (shared.signal == 0)
    shared.signal = GPOINTER_TO_INT(data);
  return G_SOURCE_CONTINUE;
}

SignalWatch *signal_watch_new(void) {
  for (guint i = 0; shared.users == 0 && i < G_N_ELEMENTS(watched); i++)
    shared.sources[i] = g_unix_signal_add(watched[i], on_signal, GINT_TO_POINTER(watched[i]));
  shared.users++;
  return &shared;
}

gint signal_watch_signal(const SignalWatch *watch) {
  return watch->signal;
}

void signal_watch_free(SignalWatch *watch) {
  if (watch == NULL || --watch->users > 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(watched); i++)
    g_source_remove(watch->sources[i]);
  watch->signal = 0;
}

gboolean sitting_hold(const Sitting *sitting, const RunnerOptions *options, SittingEnd *end,
                      GError **error) {
  g_autoptr(Hall) hall = hall_open(options, NULL);
  return hall_sit(hall, sitting, end, error);
}

void sitting_end_clear(SittingEnd *end) {
  g_clear_pointer(&end->python, g_free);
}
