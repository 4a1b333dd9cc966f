#include "run/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static DIR *open_folder(int parent, const gchar *name) {
  int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int descriptor = openat(parent, name, flags);
  if (descriptor < 0)
    return NULL;
  DIR *folder = fdopendir(descriptor);
  if (folder == NULL)
    close(descriptor);
  return folder;
}

static gboolean is_folder(int parent, const gchar *name) {
  struct stat status;
  return fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

static gboolean is_dots(const gchar *name) {
  return g_str_equal(name, ".") || g_str_equal(name, "..");
}

/* Empties one folder into its parent: its files are removed, its folders are
 * moved up beside it, so that there is never more than one level to go down. */
static void lift(int parent, const gchar *name, guint *count) {
  fchmodat(parent, name, 0700, 0); /* known to be no link */
  DIR *folder = open_folder(parent, name);
  if (folder == NULL)
    return;
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    if (is_dots(entry->d_name))
      continue;
    if (!is_folder(dirfd(folder), entry->d_name)) {
      unlinkat(dirfd(folder), entry->d_name, 0);
      continue;
    }
    gchar lifted[32];
    do
      g_snprintf(lifted, sizeof lifted, "lifted-%u", (*count)++);
    while (faccessat(parent, lifted, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
    fchmodat(dirfd(folder), entry->d_name, 0700, 0);
    renameat(dirfd(folder), entry->d_name, parent, lifted);
  }
  closedir(folder);
}

/* One pass over what is in the folder; FALSE where it changed nothing. */
static gboolean sweep(DIR *folder, guint *count) {
  gboolean has_removed = FALSE;
  int descriptor = dirfd(folder);
  rewinddir(folder);
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    if (is_dots(entry->d_name))
      continue;
    if (is_folder(descriptor, entry->d_name)) {
      lift(descriptor, entry->d_name, count);
      has_removed |= unlinkat(descriptor, entry->d_name, AT_REMOVEDIR) == 0;
    } else {
      has_removed |= unlinkat(descriptor, entry->d_name, 0) == 0;
    }
  }
  return has_removed;
}

gboolean scratch_remove(const gchar *path) {
  DIR *folder = open_folder(AT_FDCWD, path);
  if (folder != NULL) {
    guint count = 0;
    while (sweep(folder, &count))
      ;
    closedir(folder);
  }
  return rmdir(path) == 0;
}
