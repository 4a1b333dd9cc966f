/*
 * Theory of operation
 *
 * /proc says which descriptors an epoll instance watches. We take a copy of each
 * from the process (which our child's child lets us) and ask the kernel who is at
 * the other end. A descriptor may have been closed and its number given away
 * while the file lives on and is watched, so the copy must be the file that epoll
 * speaks of: its inode says so.
 */
#include "run/own_events.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/process_tree.h"

#define TEXT_MAX (32u << 10) /* an event loop that watches more than fits is no proof */

gboolean own_events_parse(const gchar *line, int *descriptor, guint64 *inode) {
  unsigned long long number;
  int watched;
  const gchar *at = strstr(line, " ino:");
  if (sscanf(line, "tfd: %d", &watched) != 1 || at == NULL || sscanf(at, " ino:%llx", &number) != 1)
    return FALSE;
  *descriptor = watched;
  *inode = number;
  return TRUE;
}

static gboolean has_option(int descriptor, int option, int wanted) {
  int value;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

/* A socket that listens says that its peer is itself, but anybody may connect. */
static gboolean is_connected_to(int descriptor, pid_t process) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return has_option(descriptor, SO_DOMAIN, AF_UNIX) && has_option(descriptor, SO_ACCEPTCONN, 0) &&
         getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == process;
}

static gboolean is_own(int handle, pid_t process, int descriptor, guint64 inode) {
  struct stat status;
  int copy = (int)syscall(SYS_pidfd_getfd, handle, descriptor, 0u);
  if (copy < 0)
    return FALSE;
  gboolean is_own = fstat(copy, &status) == 0 && S_ISSOCK(status.st_mode) &&
                    status.st_ino == inode && is_connected_to(copy, process);
  close(copy);
  return is_own;
}

/* An event loop watches something: a file that says nothing of it is none. */
static gboolean all_own(int handle, pid_t process, gchar *text) {
  gboolean has_any = FALSE;
  gchar *rest = NULL;
  for (gchar *line = strtok_r(text, "\n", &rest); line != NULL;
       line = strtok_r(NULL, "\n", &rest)) {
    int descriptor;
    guint64 inode;
    if (!g_str_has_prefix(line, "tfd:"))
      continue;
    if (!own_events_parse(line, &descriptor, &inode) || !is_own(handle, process, descriptor, inode))
      return FALSE;
    has_any = TRUE;
  }
  return has_any;
}

gboolean own_events_only(pid_t process, int descriptor) {
  gchar path[64], text[TEXT_MAX];
  g_snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)process, descriptor);
  if (!process_read_file(path, text, sizeof text) || strlen(text) >= sizeof text - 256)
    return FALSE;
  int handle = (int)syscall(SYS_pidfd_open, process, 0u);
  if (handle < 0)
    return FALSE;
  gboolean answer = all_own(handle, process, text);
  close(handle);
  return answer;
}
