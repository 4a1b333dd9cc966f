/*
 * Theory of operation
 *
 * A thread that has state S and the same count of switches at two looks slept
 * all the time between them. If that is true of every thread, there was a moment
 * when all of them slept at once, and since only one of them could have woken
 * another, they sleep for ever. A thread that is being woken still reads as "in
 * futex", but no longer as S.
 *
 * A run is looked at often, and mostly goes on, so looks begin with what is
 * cheap: the one file about the thread, or the other process, that kept it going
 * last time. All threads are read when that one waits too, all processes of the
 * machine only when two looks at all threads agree.
 */
#include "run/stuck.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "run/own_events.h"
#include "run/process_tree.h"

#define TEXT_MAX (8u << 10)

/* The text behind "\nName:" and blanks; NULL where there is no such line. */
static const gchar *status_field(const gchar *status, const gchar *name) {
  gsize length = strlen(name);
  for (const gchar *line = status; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n')
      line++;
    if (strncmp(line, name, length) == 0 && line[length] == ':') {
      line += length + 1;
      return line + strspn(line, " \t");
    }
  }
  return NULL;
}

static gboolean status_number(const gchar *status, const gchar *name, guint base, guint64 *number) {
  const gchar *text = status_field(status, name);
  return text != NULL && g_ascii_isxdigit(*text) &&
         (*number = g_ascii_strtoull(text, NULL, base), TRUE);
}

/* The last number of "NSpid:	4711	12"; 0 where there is none. */
static guint32 innermost_id(const gchar *status) {
  const gchar *at = status_field(status, "NSpid");
  guint32 id = 0;
  while (at != NULL && g_ascii_isdigit(*at)) {
    gchar *end;
    id = (guint32)g_ascii_strtoull(at, &end, 10);
    at = end + strspn(end, " \t");
  }
  return id;
}

static guint64 signal_bit(int number) {
  return (guint64)1 << (number - 1);
}

/* Signals that the kernel may send later to a process that is alone. Those of
 * POSIX timers may be any: the timers are looked for. */
static guint64 awaited_signals(void) {
  return signal_bit(SIGALRM) | signal_bit(SIGVTALRM) | signal_bit(SIGPROF) | signal_bit(SIGIO) |
         signal_bit(SIGURG);
}

static gboolean is_endless_futex_wait(unsigned long long operation, unsigned long long timeout) {
  unsigned long long command = operation & FUTEX_CMD_MASK;
  return timeout == 0 && (operation & FUTEX_PRIVATE_FLAG) != 0 &&
         (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI);
}

static gboolean is_endless_event_wait(long number, unsigned long long timeout) {
#ifdef SYS_epoll_wait
  if (number == SYS_epoll_wait)
    return (int)timeout < 0;
#endif
#ifdef SYS_epoll_pwait2
  if (number == SYS_epoll_pwait2)
    return timeout == 0;
#endif
  return number == SYS_epoll_pwait && (int)timeout < 0;
}

/* "202 0xADDRESS 0x189 0x0 0x0 ...": its number and arguments. *events as in
 * StuckThread. */
static gboolean is_endless_wait(const gchar *syscall, int *events) {
  long number;
  unsigned long long first, second, fourth;
  if (sscanf(syscall, "%ld %llx %llx %*x %llx", &number, &first, &second, &fourth) != 4)
    return FALSE;
  if (number == SYS_futex) {
    *events = -1;
    return is_endless_futex_wait(second, fourth);
  }
  *events = (int)first;
  return is_endless_event_wait(number, fourth);
}

gboolean stuck_thread_waits(const gchar *status, const gchar *syscall, StuckThread *thread) {
  const gchar *state = status_field(status, "State");
  guint64 pending, shared, caught, voluntary, forced;
  int events;
  if (state == NULL || *state != 'S' || !status_number(status, "SigPnd", 16, &pending) ||
      !status_number(status, "ShdPnd", 16, &shared) ||
      !status_number(status, "SigCgt", 16, &caught) ||
      !status_number(status, "voluntary_ctxt_switches", 10, &voluntary) ||
      !status_number(status, "nonvoluntary_ctxt_switches", 10, &forced))
    return FALSE;
  if (pending != 0 || shared != 0 || (caught & awaited_signals()) != 0 ||
      !is_endless_wait(syscall, &events))
    return FALSE;
  thread->kernel_id = innermost_id(status);
  thread->switches = voluntary + forced;
  thread->events = events;
  return TRUE;
}

/* --- looks ------------------------------------------------------------- */

static gboolean read_task_file(pid_t process, pid_t thread, const gchar *name, gchar *text,
                               gsize room) {
  gchar path[96];
  g_snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)process, (int)thread, name);
  return process_read_file(path, text, room);
}

static gboolean events_are_own(pid_t process, int events) {
  return events < 0 || own_events_only(process, events);
}

/* Only whether it is worth looking at the others. One that is gone moves no more. */
static gboolean moves(pid_t process, pid_t thread) {
  gchar syscall[512];
  int events;
  return read_task_file(process, thread, "syscall", syscall, sizeof syscall) &&
         !(is_endless_wait(syscall, &events) && events_are_own(process, events));
}

static gboolean look_at_thread(pid_t process, StuckThread *thread) {
  gchar status[TEXT_MAX], syscall[512];
  return read_task_file(process, thread->thread, "status", status, sizeof status) &&
         read_task_file(process, thread->thread, "syscall", syscall, sizeof syscall) &&
         stuck_thread_waits(status, syscall, thread) && events_are_own(process, thread->events);
}

/* POSIX timers; a kernel that does not list them does not let us know. */
static gboolean has_timers(pid_t process) {
  gchar path[64], text[64];
  g_snprintf(path, sizeof path, "/proc/%d/timers", (int)process);
  return process_read_file(path, text, sizeof text) && *text != '\0';
}

static gint compare_threads(gconstpointer a, gconstpointer b) {
  pid_t first = ((const StuckThread *)a)->thread, second = ((const StuckThread *)b)->thread;
  return first < second ? -1 : first > second;
}

/* The ids of a process's threads (as StuckThread), the main thread first. */
static GArray *list_threads(pid_t process, GDir *folder) {
  GArray *threads = g_array_new(FALSE, TRUE, sizeof(StuckThread));
  const gchar *name;
  while ((name = g_dir_read_name(folder)) != NULL) {
    StuckThread thread = {.thread = (pid_t)atoi(name)};
    g_array_append_val(threads, thread);
  }
  g_array_sort(threads, compare_threads);
  for (guint i = 1; i < threads->len; i++) {
    StuckThread *first = &g_array_index(threads, StuckThread, 0);
    StuckThread *here = &g_array_index(threads, StuckThread, i);
    if (here->thread == process) { /* ids have started again from below */
      *here = *first;
      first->thread = process;
    }
  }
  return threads;
}

StuckLook *stuck_look(pid_t process, pid_t *mover) {
  g_autofree gchar *path = g_strdup_printf("/proc/%d/task", (int)process);
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  *mover = 0;
  if (folder == NULL)
    return NULL;
  g_autoptr(GArray) look = list_threads(process, folder);
  for (guint i = 0; i < look->len; i++) {
    StuckThread *thread = &g_array_index(look, StuckThread, i);
    if (!look_at_thread(process, thread)) {
      *mover = thread->thread;
      return NULL;
    }
  }
  return look->len > 0 && !has_timers(process) ? g_steal_pointer(&look) : NULL;
}

gboolean stuck_looks_agree(const StuckLook *first, const StuckLook *second) {
  if (first == NULL || second == NULL || first->len != second->len)
    return FALSE;
  for (guint i = 0; i < first->len; i++) {
    const StuckThread *before = &g_array_index(first, StuckThread, i);
    const StuckThread *after = &g_array_index(second, StuckThread, i);
    if (before->thread != after->thread || before->switches != after->switches)
      return FALSE;
  }
  return TRUE;
}

/* --- the watch --------------------------------------------------------- */

void stuck_watch_clear(StuckWatch *watch) {
  g_clear_pointer(&watch->look, g_array_unref);
  *watch = (StuckWatch){0};
}

static gboolean find_process(StuckWatch *watch, const Zygote *zygote) {
  if (watch->process == 0) {
    g_autoptr(GArray) tree = zygote_list_processes(zygote);
    if (tree->len > 0)
      watch->process = g_array_index(tree, pid_t, 0);
  }
  return watch->process != 0;
}

/* Also checks that what we watch is what it was: an id may be given again. */
static gboolean is_alone(StuckWatch *watch, const Zygote *zygote) {
  g_autoptr(GArray) tree = zygote_list_processes(zygote);
  gboolean is_in = FALSE;
  for (guint i = 0; i < tree->len; i++) {
    pid_t process = g_array_index(tree, pid_t, i);
    if (process == watch->process)
      is_in = TRUE;
    else
      watch->companion = process;
  }
  if (!is_in)
    watch->process = 0;
  return is_in && tree->len == 1;
}

/* TRUE where what kept it going last time, or else its main thread, does so
 * again. */
static gboolean still_moves(StuckWatch *watch) {
  if (watch->companion != 0 && process_is_there(watch->companion))
    return TRUE;
  watch->companion = 0;
  return moves(watch->process, watch->mover != 0 ? watch->mover : watch->process);
}

/* Takes a look that all wait; or NULL, if any moves. */
static StuckLook *take_look(StuckWatch *watch, const Zygote *zygote) {
  if (zygote_board(zygote)->timer_armed != 0 || !find_process(watch, zygote) || still_moves(watch))
    return NULL;
  return stuck_look(watch->process, &watch->mover);
}

StuckAnswer stuck_watch(StuckWatch *watch, const Zygote *zygote) {
  g_autoptr(GArray) before = g_steal_pointer(&watch->look);
  watch->look = take_look(watch, zygote);
  if (watch->look == NULL)
    return STUCK_NOT;
  if (!stuck_looks_agree(before, watch->look))
    return STUCK_PERHAPS;
  if (is_alone(watch, zygote))
    return STUCK_PROVEN;
  g_clear_pointer(&watch->look, g_array_unref);
  return STUCK_NOT;
}
