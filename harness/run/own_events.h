/*
 * own_events.h: tells an event loop that waits for its own process alone from
 * one that may be woken from outside.
 *
 * Private to run/. An event loop watches at least a pair of sockets that are
 * connected to each other, by which other threads of its process wake it. Where
 * it watches nothing else, and these threads wait as well, nothing is left that
 * could.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* TRUE where all that the epoll instance `descriptor` of process watches are
 * sockets connected to process itself. FALSE for anything else, and where the
 * kernel does not let us see. */
gboolean own_events_only(pid_t process, int descriptor);

/* A line of /proc/PID/fdinfo/EPOLL: FALSE where it is not about a watched
 * descriptor, or does not say which file that is. */
gboolean own_events_parse(const gchar *line, int *descriptor, guint64 *inode);
