#include "run/farewell.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define WORKER_USAGE 64 /* statuses of a worker that did not do what it was told */
#define WORKER_BROKEN 71
#define WORKER_SPOILT 72 /* by the fixture that it had loaded */
#define WORKER_SAYS "proctor-worker: "

/* How a zygote ended by itself; newly allocated. Behind a warden its signal is a status
 * above 128. */
static gchar *end_text(gint status) {
  gint number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) - 128;
  if (number > 0 && number != SIGKILL && sigabbrev_np(number) != NULL)
    return g_strdup_printf("was killed by SIG%s", sigabbrev_np(number));
  if (WIFEXITED(status) && WEXITSTATUS(status) <= 128)
    return g_strdup_printf("ended its process (exit %d)", WEXITSTATUS(status));
  return g_strdup("was killed");
}

/* The worker says so when it does not understand, or cannot do, what we want of it. */
static gboolean blames_itself(gint status, const gchar *words) {
  return words != NULL && WIFEXITED(status) &&
         (WEXITSTATUS(status) == WORKER_USAGE || WEXITSTATUS(status) == WORKER_BROKEN) &&
         (g_str_has_prefix(words, "usage: ") || g_str_has_prefix(words, WORKER_SAYS));
}

/* What the worker says of itself where the fixture is at fault; NULL where that is not so. */
static const gchar *spoilt_text(gint status, const gchar *words) {
  gboolean is_spoilt = words != NULL && WIFEXITED(status) && WEXITSTATUS(status) == WORKER_SPOILT &&
                       g_str_has_prefix(words, WORKER_SAYS);
  return is_spoilt ? words + strlen(WORKER_SAYS) : NULL;
}

Farewell farewell_take(Zygote *zygote, const FarewellCase *about) {
  const gchar *title = about->title, *words = about->words;
  if (words == NULL && title != NULL)
    zygote_await_end(zygote);
  Farewell farewell = {.status = zygote_end(zygote)};
  farewell.lines = zygote_last_lines(zygote);
  farewell.is_own_fault = blames_itself(farewell.status, farewell.lines);
  if (words != NULL) {
    farewell.words = about->is_loading ? g_strdup_printf("%s %s", title, words) : g_strdup(words);
  } else if (title != NULL && !about->has_served && !farewell.is_own_fault) {
    g_autofree gchar *end = end_text(farewell.status);
    const gchar *spoilt = spoilt_text(farewell.status, farewell.lines);
    farewell.words = spoilt != NULL
                         ? g_strdup_printf("%s left no worker that can go on: %s", title, spoilt)
                         : g_strdup_printf("%s %s %s it was run", title, end,
                                           about->is_loading ? "while" : "after");
  } else {
    farewell.words = zygote_last_words(zygote);
  }
  return farewell;
}

void farewell_clear(Farewell *farewell) {
  g_clear_pointer(&farewell->words, g_free);
  g_clear_pointer(&farewell->lines, g_free);
}
