/*
 * process_tree.h: the processes below one of ours, as /proc shows them.
 *
 * Private to run/. A tree that lives on changes while it is read; everything
 * here is a picture that was true a moment ago.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* pid_t of all descendants of root, parents before children, without root.
 * Caller unrefs. */
GArray *process_tree_list(pid_t root);

/* What process has used, with the children that it has reaped, in clock ticks;
 * 0 where it is gone. */
guint64 process_cpu_ticks(pid_t process);

/* What process holds in memory for itself alone, in bytes; 0 where it is gone.
 * What it still shares with the process that forked it is counted too. */
guint64 process_private_bytes(pid_t process);

/* How long its main thread could have run and had to wait for a core; 0 where the kernel does
 * not say. */
guint64 process_delay_ns(pid_t process);

/* FALSE where it is gone. */
gboolean process_is_there(pid_t process);

/* Reads a file that comes in one read, as those of /proc do; cut at room. FALSE
 * where it cannot be read. */
gboolean process_read_file(const gchar *path, gchar *text, gsize room);

/* Kills root and everything below it: all are stopped first, until no new one
 * appears, so that none can fork away. The caller reaps root. */
void process_tree_kill(pid_t root);

/* The same, but for root, which goes on. */
void process_tree_kill_below(pid_t root);

/* Parsed from a line of /proc/PID/stat: FALSE where it is no such line. */
gboolean process_parse_stat(const gchar *line, pid_t *parent, guint64 *ticks);
