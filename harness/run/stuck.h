/*
 * stuck.h: tells a run that can never go on from one that is slow.
 *
 * Private to run/. A run is stuck where it is one process, each thread of which
 * sleeps without a time limit: in a futex wait on memory of this process alone,
 * or in an event loop that only this process can wake (own_events.h); no signal
 * is pending, no timer is armed, none that a timer or a descriptor sends is
 * handled. Then nothing is left that could wake any of them. Two looks that
 * agree on the threads and on how often each was switched are needed, because
 * the threads are looked at one after the other: the first may wake when we look
 * at the last.
 *
 * Where /proc does not let us look, nothing is stuck: we do not claim what we
 * cannot see. A timer that was set behind Python's back and would end the process
 * by an unhandled SIGALRM cannot be seen.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#include "run/zygote.h"

typedef struct {
  pid_t thread;
  guint32 kernel_id; /* what gettid() says there, in a pid namespace perhaps */
  guint64 switches;
  int events; /* of which epoll instance it waits for events; -1 for none */
} StuckThread;

/* One look at a process: StuckThread, by `thread`, so that the main thread's is
 * the first. */
typedef GArray StuckLook;

typedef enum {
  STUCK_NOT,
  STUCK_PERHAPS, /* look again in a few milliseconds */
  STUCK_PROVEN,
} StuckAnswer;

/* The watch over one run; all zero at its beginning. What kept the run going at
 * one look is what is asked first at the next, so that most looks read one file
 * or two. */
typedef struct {
  pid_t process;   /* the snippet's; 0: not found yet */
  pid_t mover;     /* its thread that could go on; 0 for none */
  pid_t companion; /* another process of the run; 0 for none */
  StuckLook *look; /* where all of them waited; or NULL */
} StuckWatch;

/* Looks at the run that zygote has now. Where it is proven, watch->look tells of
 * its threads. */
StuckAnswer stuck_watch(StuckWatch *watch, const Zygote *zygote);
void stuck_watch_clear(StuckWatch *watch);

/* The look at all threads of a process, or NULL where one may go on: *mover is
 * that one (0 where it cannot be said). Caller unrefs. */
StuckLook *stuck_look(pid_t process, pid_t *mover);

/* TRUE where both are looks and nothing moved between them. Either may be
 * NULL. */
gboolean stuck_looks_agree(const StuckLook *first, const StuckLook *second);

/* What one thread's /proc/PID/task/TID/status and syscall say: TRUE where it
 * waits without end. *thread is filled in then, but for `thread`. */
gboolean stuck_thread_waits(const gchar *status, const gchar *syscall, StuckThread *thread);
