#include "run/stuck.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "run/process_tree.h"

typedef struct {
  pid_t thread;
  guint64 switches;
} ThreadLook;

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

static guint64 signal_bit(int number) {
  return (guint64)1 << (number - 1);
}

/* "202 0xADDRESS 0x189 0x0 0x0 ...": its number and arguments. */
static gboolean is_endless_wait(const gchar *syscall) {
  long number;
  unsigned long long operation, timeout;
  if (sscanf(syscall, "%ld %*x %llx %*x %llx", &number, &operation, &timeout) != 3 ||
      number != SYS_futex || timeout != 0 || (operation & FUTEX_PRIVATE_FLAG) == 0)
    return FALSE;
  unsigned long long command = operation & FUTEX_CMD_MASK;
  return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI;
}

gboolean stuck_thread_waits(const gchar *status, const gchar *syscall, guint64 *switches) {
  const gchar *state = status_field(status, "State");
  guint64 pending, shared, caught, voluntary, forced;
  if (state == NULL || *state != 'S' || !status_number(status, "SigPnd", 16, &pending) ||
      !status_number(status, "ShdPnd", 16, &shared) ||
      !status_number(status, "SigCgt", 16, &caught) ||
      !status_number(status, "voluntary_ctxt_switches", 10, &voluntary) ||
      !status_number(status, "nonvoluntary_ctxt_switches", 10, &forced))
    return FALSE;
  guint64 timers = signal_bit(SIGALRM) | signal_bit(SIGVTALRM) | signal_bit(SIGPROF);
  if (pending != 0 || shared != 0 || (caught & timers) != 0 || !is_endless_wait(syscall))
    return FALSE;
  *switches = voluntary + forced;
  return TRUE;
}

static gchar *read_task_file(pid_t process, const gchar *thread, const gchar *name) {
  g_autofree gchar *path = g_strdup_printf("/proc/%d/task/%s/%s", (int)process, thread, name);
  gchar *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static gboolean has_children(pid_t process) {
  g_autoptr(GArray) children = process_tree_list(process);
  return children->len > 0;
}

static gint compare_threads(gconstpointer a, gconstpointer b) {
  pid_t first = ((const ThreadLook *)a)->thread, second = ((const ThreadLook *)b)->thread;
  return first < second ? -1 : first > second;
}

StuckLook *stuck_look(pid_t process) {
  g_autofree gchar *path = g_strdup_printf("/proc/%d/task", (int)process);
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  if (folder == NULL)
    return NULL;
  g_autoptr(GArray) look = g_array_new(FALSE, FALSE, sizeof(ThreadLook));
  const gchar *name;
  while ((name = g_dir_read_name(folder)) != NULL) {
    g_autofree gchar *status = read_task_file(process, name, "status");
    g_autofree gchar *syscall = read_task_file(process, name, "syscall");
    ThreadLook thread = {.thread = (pid_t)atoi(name)};
    if (status == NULL || syscall == NULL || !stuck_thread_waits(status, syscall, &thread.switches))
      return NULL;
    g_array_append_val(look, thread);
  }
  if (look->len == 0 || has_children(process))
    return NULL;
  g_array_sort(look, compare_threads);
  return g_steal_pointer(&look);
}

gboolean stuck_looks_agree(const StuckLook *first, const StuckLook *second) {
  if (first == NULL || second == NULL || first->len != second->len)
    return FALSE;
  for (guint i = 0; i < first->len; i++) {
    const ThreadLook *before = &g_array_index(first, ThreadLook, i);
    const ThreadLook *after = &g_array_index(second, ThreadLook, i);
    if (before->thread != after->thread || before->switches != after->switches)
      return FALSE;
  }
  return TRUE;
}
