/*
 * Theory of operation. The supervisor starts this program; let that process be
 * W. With a pid namespace, W forks Z and becomes its warden:
 *
 *   supervisor -- W (warden) -- Z (zygote, pid 1 inside) -- S (a snippet) -- ...
 *
 * Z reaps S, and as pid 1 all that S leaves; W reaps Z. Each of W and Z asks
 * to be killed when its parent dies; when Z dies, the kernel ends the whole
 * namespace. So nothing outlives the supervisor, however that ends. Without a
 * pid namespace W is itself the zygote; it then is a subreaper, so that
 * orphans come to it, and finds them by its list of children.
 *
 * Signals from inside a pid namespace reach its pid 1 only if it handles them:
 * the zygote blocks all (zygote.c), so that a snippet can neither end nor stop
 * it. Without one, SIGKILL from a snippet of the same user ends the zygote; the
 * supervisor then starts another.
 */
#include "worker/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCRATCH_OPTIONS "size=256m,nr_inodes=65536,mode=0700"

/* --- namespaces -------------------------------------------------------- */

static int write_file(const char *path, const char *text) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0)
    return -1;
  ssize_t written = write(descriptor, text, strlen(text));
  close(descriptor);
  return written < 0 ? -1 : 0;
}

/* A user namespace in which this user is itself. */
static int enter_as_user(uid_t user, gid_t group) {
  if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
    return -1;
  char map[64];
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", group, group);
  write_file("/proc/self/gid_map", map);
  snprintf(map, sizeof map, "%u %u 1", user, user);
  return write_file("/proc/self/uid_map", map);
}

/* What a snippet of root has no use for, and could harm the zygote or the whole
 * machine with. */
static const int taken_rights[] = {CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYS_BOOT,
                                   CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_TIME};

/* So that no program that a snippet starts gets them back. */
static void bar_rights(void) {
  for (size_t i = 0; i < sizeof taken_rights / sizeof *taken_rights; i++)
    prctl(PR_CAPBSET_DROP, taken_rights[i], 0, 0, 0);
}

/* In a snippet's process. Returns 0 or -1 with errno. */
static int drop_rights(bool all) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct rights[2] = {{0}};
  if (!all && syscall(SYS_capget, &head, rights) < 0)
    return -1;
  for (size_t i = 0; i < sizeof taken_rights / sizeof *taken_rights; i++) {
    struct __user_cap_data_struct *word = &rights[CAP_TO_INDEX(taken_rights[i])];
    unsigned kept = ~CAP_TO_MASK(taken_rights[i]);
    word->effective &= kept;
    word->permitted &= kept;
    word->inheritable &= kept;
  }
  return (int)syscall(SYS_capset, &head, rights);
}

/* Reaps the zygote and ends as it did. */
_Noreturn static void guard_zygote(pid_t zygote) {
  close(WIRE_CONTROL_FD);
  close(WIRE_JOURNAL_FD);
  int status = 0;
  while (waitpid(zygote, &status, 0) < 0 && errno == EINTR)
    ;
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void sandbox_enter(Sandbox *sandbox, const char *scratch) {
  struct stat status;
  *sandbox = (Sandbox){.scratch = scratch};
  if (stat(scratch, &status) == 0)
    sandbox->device = status.st_dev;
  uid_t user = geteuid();
  gid_t group = getegid();
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0) {
    if (enter_as_user(user, group) < 0) {
      bar_rights();
      prctl(PR_SET_CHILD_SUBREAPER, 1);
      return;
    }
    sandbox->drops_rights = true;
  }
  bar_rights();
  pid_t zygote = fork();
  if (zygote > 0)
    guard_zygote(zygote);
  if (zygote < 0) /* this process can have no children any more */
    _exit(71);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sandbox->isolation = WIRE_OWN_PIDS;
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
    return;
  sandbox->isolation |= WIRE_OWN_MOUNTS;
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
    sandbox->isolation |= WIRE_OWN_PROC;
}

/* --- the scratch folder ------------------------------------------------ */

static bool is_dots(const char *name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* Opens a folder itself, not what a link points at, and makes it ours to
 * change. */
static int open_folder(int parent, const char *name) {
  int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int descriptor = openat(parent, name, flags);
  if (descriptor < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0)
    descriptor = openat(parent, name, flags);
  if (descriptor >= 0)
    fchmod(descriptor, 0700);
  return descriptor;
}

/* Moves a folder up into top, under a name that is free there. */
static bool move_up(int from, const char *name, int top) {
  static unsigned long number;   /* no name is tried twice */
  fchmodat(from, name, 0700, 0); /* or it could not be moved */
  for (;;) {
    char fresh[32];
    snprintf(fresh, sizeof fresh, ".%lx", number++);
    if (renameat2(from, name, top, fresh, RENAME_NOREPLACE) == 0)
      return true;
    if (errno != EEXIST)
      return false;
  }
}

/* Empties the folder `name` of top: its files go, its folders move up into
 * top, so that no depth of nesting matters. Returns whether anything did. */
static bool flatten(int top, const char *name) {
  bool is_progress = false;
  int descriptor = open_folder(top, name);
  DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (!is_dots(entry->d_name) &&
        (unlinkat(descriptor, entry->d_name, 0) == 0 || move_up(descriptor, entry->d_name, top)))
      is_progress = true;
  if (folder)
    closedir(folder);
  else if (descriptor >= 0)
    close(descriptor);
  return is_progress;
}

/* One pass over a folder's entries; whether any was left, and any went. */
static void empty_once(int top, bool *is_empty, bool *is_progress) {
  *is_empty = *is_progress = false;
  int again = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = again >= 0 ? fdopendir(again) : NULL;
  if (!folder)
    return;
  *is_empty = true;
  for (struct dirent *entry; (entry = readdir(folder));) {
    const char *name = entry->d_name;
    if (is_dots(name) || unlinkat(top, name, 0) == 0 || unlinkat(top, name, AT_REMOVEDIR) == 0) {
      *is_progress |= !is_dots(name);
      continue;
    }
    *is_progress |= flatten(top, name);
    if (unlinkat(top, name, AT_REMOVEDIR) == 0)
      *is_progress = true;
    else
      *is_empty = false;
  }
  closedir(folder);
}

static int empty_folder(const char *path) {
  int top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (top < 0)
    return -1;
  fchmod(top, 0700);
  bool is_empty, is_progress;
  do {
    empty_once(top, &is_empty, &is_progress);
  } while (is_progress);
  close(top);
  if (is_empty)
    return 0;
  errno = ENOTEMPTY;
  return -1;
}

int sandbox_scratch_make(Sandbox *sandbox) {
  if (!(sandbox->isolation & WIRE_OWN_MOUNTS))
    return empty_folder(sandbox->scratch);
  return mount("scratch", sandbox->scratch, "tmpfs", MS_NOSUID | MS_NODEV, SCRATCH_OPTIONS);
}

int sandbox_scratch_drop(Sandbox *sandbox) {
  if (!(sandbox->isolation & WIRE_OWN_MOUNTS))
    return empty_folder(sandbox->scratch) < 0 && errno != ENOENT ? -1 : 0;
  /* A snippet of root may have taken the mount away, or put others on it. */
  struct stat status;
  while (stat(sandbox->scratch, &status) == 0 && status.st_dev != sandbox->device)
    if (umount2(sandbox->scratch, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
      return -1;
  return 0;
}

/* --- limits ------------------------------------------------------------ */

#ifdef PROCTOR_ADDRESS_SANITIZER
#define LIMITS_ADDRESSES false
#else
#define LIMITS_ADDRESSES true
#endif

static int limit(int what, rlim_t soft, rlim_t hard) {
  struct rlimit now;
  if (getrlimit(what, &now) < 0)
    return -1;
  if (hard > now.rlim_max)
    hard = now.rlim_max;
  if (soft > hard)
    soft = hard;
  return setrlimit(what, &(struct rlimit){.rlim_cur = soft, .rlim_max = hard});
}

/* Where the machine's memory runs out, the kernel shall take a snippet, and not
 * whatever is largest. */
static void come_first_without_memory(void) {
  write_file("/proc/self/oom_score_adj", "1000");
}

int sandbox_limit(const Sandbox *sandbox, const WireRun *run) {
  come_first_without_memory();
  if (drop_rights(sandbox->drops_rights) < 0)
    return -1;
  if (limit(RLIMIT_CORE, 0, 0) < 0)
    return -1;
  if (run->cpu_seconds > 0 && limit(RLIMIT_CPU, run->cpu_seconds, run->cpu_seconds + 1) < 0)
    return -1;
  if (run->file_bytes > 0 && limit(RLIMIT_FSIZE, run->file_bytes, run->file_bytes) < 0)
    return -1;
  if (LIMITS_ADDRESSES && run->address_bytes > 0 &&
      limit(RLIMIT_AS, run->address_bytes, run->address_bytes) < 0)
    return -1;
  return 0;
}

/* --- the end of a run -------------------------------------------------- */

void sandbox_kill(const Sandbox *sandbox, pid_t group) {
  kill(-group, SIGKILL);
  kill(group, SIGKILL); /* it may have gone to another group; it is not reaped yet */
  if (sandbox->isolation & WIRE_OWN_PIDS)
    kill(-1, SIGKILL);
}

/* Kills the processes that the kernel lists as our children. */
static void kill_children(void) {
  char path[64], list[4096];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  ssize_t size = read(descriptor, list, sizeof list - 1);
  close(descriptor);
  if (size <= 0)
    return;
  list[size] = '\0';
  for (char *at = list, *end; *at; at = end) {
    long child = strtol(at, &end, 10);
    if (end == at)
      break;
    if (child > 1)
      kill((pid_t)child, SIGKILL);
    while (*end == ' ')
      end++;
  }
}

unsigned sandbox_sweep(const Sandbox *sandbox, pid_t group) {
  unsigned survivors = 0;
  /* Those that ended by themselves are not survivors. */
  pid_t reaped;
  do {
    reaped = waitpid(-1, NULL, WNOHANG);
  } while (reaped > 0 || (reaped < 0 && errno == EINTR));
  kill(-group, SIGKILL);
  if (sandbox->isolation & WIRE_OWN_PIDS) {
    kill(-1, SIGKILL);
    for (;;) {
      reaped = waitpid(-1, NULL, 0);
      if (reaped > 0)
        survivors++;
      else if (errno != EINTR)
        return survivors;
    }
  }
  /* Each one that ends may hand us its own children: until there are none. */
  for (;;) {
    kill_children();
    reaped = waitpid(-1, NULL, 0);
    if (reaped > 0)
      survivors++;
    else if (errno != EINTR)
      return survivors;
  }
}
