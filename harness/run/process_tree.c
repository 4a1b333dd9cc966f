#include "run/process_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A fork bomb makes new processes while we look for them. */
#define ROUNDS 50

gboolean process_read_file(const gchar *path, gchar *text, gsize room) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return FALSE;
  ssize_t size = read(descriptor, text, room - 1);
  close(descriptor);
  if (size < 0)
    return FALSE;
  text[size] = '\0';
  return TRUE;
}

gboolean process_parse_stat(const gchar *line, pid_t *parent, guint64 *ticks) {
  /* The second field is a name in brackets that may hold anything. */
  const gchar *at = strrchr(line, ')');
  int parent_read;
  unsigned long long user, system;
  long long children_user, children_system;
  if (at == NULL ||
      sscanf(at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld",
             &parent_read, &user, &system, &children_user, &children_system) != 5)
    return FALSE;
  *parent = (pid_t)parent_read;
  *ticks = user + system + (guint64)MAX(children_user, 0) + (guint64)MAX(children_system, 0);
  return TRUE;
}

static gboolean read_stat(pid_t process, pid_t *parent, guint64 *ticks) {
  gchar path[64], text[1024];
  g_snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
  return process_read_file(path, text, sizeof text) && process_parse_stat(text, parent, ticks);
}

typedef struct {
  pid_t process, parent;
} Kin;

/* Every process of the machine: kernels need not have the file `children`. */
static GArray *read_all(void) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(Kin));
  g_autoptr(GDir) folder = g_dir_open("/proc", 0, NULL);
  const gchar *name;
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    Kin kin;
    guint64 ticks;
    if (!g_ascii_isdigit(*name))
      continue;
    kin.process = (pid_t)atoi(name);
    if (read_stat(kin.process, &kin.parent, &ticks))
      g_array_append_val(all, kin);
  }
  return all;
}

GArray *process_tree_list(pid_t root) {
  g_autoptr(GArray) all = read_all();
  GArray *tree = g_array_new(FALSE, FALSE, sizeof(pid_t));
  pid_t parent = root;
  for (guint at = 0;; at++) {
    for (guint i = 0; i < all->len; i++) {
      Kin *kin = &g_array_index(all, Kin, i);
      if (kin->parent == parent) {
        g_array_append_val(tree, kin->process);
        kin->parent = 0; /* once: a reused id must not make a circle */
      }
    }
    if (at == tree->len)
      return tree;
    parent = g_array_index(tree, pid_t, at);
  }
}

guint64 process_cpu_ticks(pid_t process) {
  pid_t parent;
  guint64 ticks;
  return read_stat(process, &parent, &ticks) ? ticks : 0;
}

gboolean process_is_there(pid_t process) {
  pid_t parent;
  guint64 ticks;
  return read_stat(process, &parent, &ticks);
}

guint64 process_private_bytes(pid_t process) {
  gchar path[64], text[256];
  unsigned long long resident, shared;
  g_snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
  if (!process_read_file(path, text, sizeof text) ||
      sscanf(text, "%*u %llu %llu", &resident, &shared) != 2 || shared > resident)
    return 0;
  return (resident - shared) * (guint64)sysconf(_SC_PAGESIZE);
}

guint64 process_delay_ns(pid_t process) {
  gchar path[64], text[256];
  unsigned long long delay;
  g_snprintf(path, sizeof path, "/proc/%d/schedstat", (int)process);
  return process_read_file(path, text, sizeof text) && sscanf(text, "%*u %llu", &delay) == 1 ? delay
                                                                                             : 0;
}

void process_tree_kill_below(pid_t root) {
  g_autoptr(GArray) tree = NULL;
  guint before = 0;
  for (guint round = 0; round < ROUNDS; round++) {
    g_clear_pointer(&tree, g_array_unref);
    tree = process_tree_list(root);
    if (tree->len == before)
      break;
    before = tree->len;
    for (guint i = 0; i < tree->len; i++)
      kill(g_array_index(tree, pid_t, i), SIGSTOP);
  }
  for (guint i = tree->len; i > 0; i--)
    kill(g_array_index(tree, pid_t, i - 1), SIGKILL);
}

void process_tree_kill(pid_t root) {
  siginfo_t info;
  kill(root, SIGSTOP);
  /* Only when it stands still can no fork of its be under way. */
  while (waitid(P_PID, (id_t)root, &info, WSTOPPED | WEXITED | WNOWAIT) < 0 && errno == EINTR)
    ;
  process_tree_kill_below(root);
  kill(root, SIGKILL);
}
