#include "cli/sitting.h"

#include <glib-unix.h>
#include <signal.h>

#include "cli/hall.h"

static const gint watched[] = {SIGINT, SIGTERM, SIGHUP};

typedef struct {
  SignalWatch *watch;
  gint number;
  guint source;
} WatchedSignal;

struct SignalWatch {
  gint signal;
  WatchedSignal signals[G_N_ELEMENTS(watched)];
};

static gboolean on_signal(gpointer data) {
  WatchedSignal *which = data;
  if (which->watch->signal == 0)
    which->watch->signal = which->number;
  return G_SOURCE_CONTINUE;
}

SignalWatch *signal_watch_new(void) {
  SignalWatch *watch = g_new0(SignalWatch, 1);
  for (guint i = 0; i < G_N_ELEMENTS(watched); i++) {
    WatchedSignal *which = &watch->signals[i];
    *which = (WatchedSignal){watch, watched[i], 0};
    which->source = g_unix_signal_add(watched[i], on_signal, which);
  }
  return watch;
}

gint signal_watch_signal(const SignalWatch *watch) {
  return watch->signal;
}

void signal_watch_free(SignalWatch *watch) {
  if (watch == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(watched); i++)
    g_source_remove(watch->signals[i].source);
  g_free(watch);
}

gboolean sitting_hold(const Sitting *sitting, SittingEnd *end, GError **error) {
  g_autoptr(Hall) hall = hall_open(sitting->options, NULL);
  return hall_sit(hall, sitting, end, error);
}

void sitting_end_clear(SittingEnd *end) {
  g_clear_pointer(&end->python, g_free);
}
