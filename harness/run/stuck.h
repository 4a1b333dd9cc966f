/*
 * stuck.h: tells a process that can never go on from one that is slow.
 *
 * Private to run/. A process is stuck where each of its threads sleeps in a
 * futex wait without a time limit on memory of this process alone, no signal is
 * pending, none that a timer sends is handled, and it has no children: then
 * nothing is left that could wake any of them. Two looks that agree on the
 * threads and on how often each was switched are needed, because a thread that
 * is being woken still reads as waiting for a moment.
 *
 * Where /proc does not let us look, a process is not stuck: we do not claim
 * what we cannot see. A timer that would end the process by an unhandled
 * SIGALRM cannot be seen.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* One look at the threads of a process: for each its id and its switches. */
typedef GArray StuckLook;

/* The look, or NULL where some thread may go on. Caller unrefs. */
StuckLook *stuck_look(pid_t process);

/* TRUE where both are looks and nothing moved between them. Either may be
 * NULL. */
gboolean stuck_looks_agree(const StuckLook *first, const StuckLook *second);

/* What one thread's /proc/PID/task/TID/status and syscall say: TRUE where it
 * can only be woken by another thread of its process. *switches is set then. */
gboolean stuck_thread_waits(const gchar *status, const gchar *syscall, guint64 *switches);
