/*
 * The new text is written to a file beside the old one and renamed over it.
 *
 * That file's name follows from the name of the file that is rewritten
 * (.NAME.proctor~, which nothing takes for a document or an expectation), so that
 * what a killed writer left is found and removed by the next one. While a writer
 * lives, it holds a lock on it: two never replace the same file at once.
 */
#include "store/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

G_DEFINE_QUARK(proctor - rewrite - error - quark, rewrite_error)

struct Rewrite {
  gchar *path;      /* as it was named */
  gchar *target;    /* with symbolic links followed */
  gchar *temporary; /* beside the target */
  gchar *text;
  gsize size;
  gboolean is_new;
  struct stat seen; /* what was read; of no meaning for a new file */
};

gboolean rewrite_is_forbidden(void) {
  const gchar *ci = g_getenv("CI");
  return ci != NULL && (g_ascii_strcasecmp(ci, "true") == 0 || g_str_equal(ci, "1"));
}

static gboolean fail(const gchar *what, const gchar *path, GError **error) {
  gint code = errno;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot %s '%s': %s", what, path,
              g_strerror(code));
  return FALSE;
}

static gboolean refuse(RewriteError code, const gchar *path, const gchar *why, GError **error) {
  g_set_error(error, REWRITE_ERROR, code, "'%s' %s", path, why);
  return FALSE;
}

/* A cut name is as good: what counts is that it is always the same. */
static gchar *temporary_name(const gchar *target) {
  g_autofree gchar *folder = g_path_get_dirname(target);
  g_autofree gchar *name = g_path_get_basename(target);
  return g_strdup_printf("%s/.%.200s.proctor~", folder, name);
}

static Rewrite *rewrite_make(const gchar *path, gchar *target) {
  Rewrite *rewrite = g_new0(Rewrite, 1);
  rewrite->path = g_strdup(path);
  rewrite->target = target;
  rewrite->temporary = temporary_name(target);
  return rewrite;
}

/* --- reading ----------------------------------------------------------------- */

static gboolean read_all(int descriptor, GString *text) {
  gchar buffer[64 << 10];
  for (;;) {
    ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return got == 0;
    g_string_append_len(text, buffer, got);
  }
}

/* What a regular file holds; status is of the file that was read. */
static gboolean read_file(const gchar *target, const gchar *path, GString *text,
                          struct stat *status, GError **error) {
  /* Not to wait for the other side of a named pipe. */
  int descriptor = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    return fail("read", path, error);
  gboolean is_read = fstat(descriptor, status) == 0;
  gboolean is_regular = !is_read || S_ISREG(status->st_mode);
  if (is_read && is_regular)
    is_read = read_all(descriptor, text);
  int code = errno;
  close(descriptor);
  errno = code;
  if (!is_regular)
    return refuse(REWRITE_ERROR_KIND, path, "is no regular file", error);
  return is_read || fail("read", path, error);
}

Rewrite *rewrite_open(const gchar *path, GError **error) {
  char *followed = realpath(path, NULL);
  if (followed == NULL) {
    fail("read", path, error);
    return NULL;
  }
  g_autoptr(Rewrite) rewrite = rewrite_make(path, g_strdup(followed));
  free(followed);
  g_autoptr(GString) text = g_string_new(NULL);
  if (!read_file(rewrite->target, path, text, &rewrite->seen, error))
    return NULL;
  rewrite->size = text->len;
  rewrite->text = g_string_free(g_steal_pointer(&text), FALSE);
  return g_steal_pointer(&rewrite);
}

Rewrite *rewrite_open_new(const gchar *path, GError **error) {
  struct stat status;
  if (lstat(path, &status) == 0) {
    errno = EEXIST;
    fail("make", path, error);
    return NULL;
  }
  if (errno != ENOENT) {
    fail("make", path, error);
    return NULL;
  }
  Rewrite *rewrite = rewrite_make(path, g_canonicalize_filename(path, NULL));
  rewrite->text = g_strdup("");
  rewrite->is_new = TRUE;
  return rewrite;
}

const gchar *rewrite_text(const Rewrite *rewrite, gsize *size) {
  if (size != NULL)
    *size = rewrite->size;
  return rewrite->text;
}

void rewrite_free(Rewrite *rewrite) {
  if (rewrite == NULL)
    return;
  g_free(rewrite->path);
  g_free(rewrite->target);
  g_free(rewrite->temporary);
  g_free(rewrite->text);
  g_free(rewrite);
}

/* --- may it be written? ------------------------------------------------------- */

/* The same file with the same bytes as when it was read. */
static gboolean is_as_read(const Rewrite *rewrite, GError **error) {
  static const gchar changed[] = "changed after it was read";
  const struct stat *seen = &rewrite->seen;
  struct stat now;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) problem = NULL;
  if (!read_file(rewrite->target, rewrite->path, text, &now, &problem)) {
    if (g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
        g_error_matches(problem, REWRITE_ERROR, REWRITE_ERROR_KIND))
      return refuse(REWRITE_ERROR_CHANGED, rewrite->path, changed, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  if (now.st_dev != seen->st_dev || now.st_ino != seen->st_ino || now.st_size != seen->st_size ||
      now.st_mtim.tv_sec != seen->st_mtim.tv_sec || now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec ||
      text->len != rewrite->size || memcmp(text->str, rewrite->text, text->len) != 0)
    return refuse(REWRITE_ERROR_CHANGED, rewrite->path, changed, error);
  return TRUE;
}

static gboolean is_allowed(const Rewrite *rewrite, GError **error) {
  return !rewrite_is_forbidden() ||
         refuse(REWRITE_ERROR_CI, rewrite->path, "is not written: CI is set", error);
}

/* Mode bits are asked, too: root could write anything. */
static gboolean may_write(const Rewrite *rewrite, GError **error) {
  struct stat status;
  if (rewrite->is_new || stat(rewrite->target, &status) != 0)
    return TRUE; /* what is wrong with it is told when it is read again */
  if ((status.st_mode & 0222) == 0 || access(rewrite->target, W_OK) != 0)
    return refuse(REWRITE_ERROR_READ_ONLY, rewrite->path, "is read-only", error);
  return TRUE;
}

/* --- folders ------------------------------------------------------------------ */

/* A rename or a new name survives a loss of power when its folder is synced. Some
 * file systems cannot sync folders, and then have nothing to sync. */
static gboolean sync_folder_of(const gchar *path, GError **error) {
  g_autofree gchar *folder = g_path_get_dirname(path);
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return errno == EACCES || fail("write", folder, error);
  gboolean is_synced = fsync(descriptor) == 0 || errno == EINVAL;
  int code = errno;
  close(descriptor);
  errno = code;
  return is_synced || fail("write", folder, error);
}

static gboolean make_folders(const gchar *folder, GError **error) {
  if (mkdir(folder, 0777) == 0)
    return sync_folder_of(folder, error);
  if (errno == EEXIST)
    return TRUE; /* where it is no folder, opening a file in it says so */
  if (errno != ENOENT)
    return fail("make", folder, error);
  g_autofree gchar *parent = g_path_get_dirname(folder);
  if (g_str_equal(parent, folder) || !make_folders(parent, error))
    return g_str_equal(parent, folder) ? fail("make", folder, error) : FALSE;
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    return fail("make", folder, error);
  return sync_folder_of(folder, error);
}

/* --- writing ------------------------------------------------------------------ */

/* What is left of a writer that was killed is unlocked. */
static gboolean remove_leftover(const Rewrite *rewrite, GError **error) {
  int descriptor = open(rewrite->temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0)
    return errno == ENOENT || fail("write", rewrite->temporary, error);
  gboolean is_left = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  gboolean is_removed = is_left && (unlink(rewrite->temporary) == 0 || errno == ENOENT);
  int code = errno;
  close(descriptor);
  errno = code;
  if (!is_left && errno == EWOULDBLOCK)
    return refuse(REWRITE_ERROR_CHANGED, rewrite->path, "is being written by another proctor",
                  error);
  return is_removed || fail("write", rewrite->temporary, error);
}

/* Opens the file beside it, locked and empty; -1 with an error. */
static int open_temporary(const Rewrite *rewrite, GError **error) {
  for (guint attempts = 0; attempts < 10; attempts++) {
    /* A new file's mode is for the umask to say; another's is set later. */
    int descriptor = open(rewrite->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          rewrite->is_new ? 0666 : 0600);
    if (descriptor < 0 && errno != EEXIST) {
      fail("write", rewrite->temporary, error);
      return -1;
    }
    struct stat ours, there;
    if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0 &&
        fstat(descriptor, &ours) == 0 && lstat(rewrite->temporary, &there) == 0 &&
        ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
      return descriptor;
    if (descriptor >= 0)
      close(descriptor); /* another took it for a leftover before it was locked */
    else if (!remove_leftover(rewrite, error))
      return -1;
  }
  refuse(REWRITE_ERROR_CHANGED, rewrite->path, "is being written by another proctor", error);
  return -1;
}

static gboolean write_all(int descriptor, const gchar *text, gsize size) {
  while (size > 0) {
    ssize_t written = write(descriptor, text, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return FALSE;
    text += written;
    size -= (gsize)written;
  }
  return TRUE;
}

/* Access lists and labels, as far as the file system and our rights allow. */
static void copy_attributes(const gchar *from, int to) {
  gchar names[4096], value[4096];
  ssize_t length = listxattr(from, names, sizeof names);
  for (ssize_t at = 0; at < length; at += (ssize_t)strlen(names + at) + 1) {
    ssize_t size = getxattr(from, names + at, value, sizeof value);
    if (size >= 0)
      (void)!fsetxattr(to, names + at, value, (gsize)size, 0);
  }
}

/* Owner first: changing it takes set-user-id away. A mode that could not be kept is
 * an error, an owner that could not is not: no other user may give a file away. */
static gboolean keep_status(const Rewrite *rewrite, int descriptor) {
  const struct stat *seen = &rewrite->seen;
  if (rewrite->is_new)
    return TRUE;
  if (fchown(descriptor, seen->st_uid, seen->st_gid) != 0)
    (void)!fchown(descriptor, (uid_t)-1, seen->st_gid);
  copy_attributes(rewrite->target, descriptor);
  return fchmod(descriptor, seen->st_mode & 07777) == 0;
}

/* A name that is there is not replaced. Not every file system knows the flag. */
static gboolean put_new(const Rewrite *rewrite, GError **error) {
  gboolean is_put =
      renameat2(AT_FDCWD, rewrite->temporary, AT_FDCWD, rewrite->target, RENAME_NOREPLACE) == 0;
  if (!is_put && (errno == EINVAL || errno == ENOSYS)) {
    is_put = link(rewrite->temporary, rewrite->target) == 0;
    if (is_put)
      unlink(rewrite->temporary);
  }
  if (!is_put && errno == EEXIST)
    return refuse(REWRITE_ERROR_CHANGED, rewrite->path, "was made by somebody else meanwhile",
                  error);
  return is_put || fail("make", rewrite->path, error);
}

/* A new file under one of its names would part it from the others. Asked when no
 * leftover of ours can be one of them. */
static gboolean has_one_name(const Rewrite *rewrite, GError **error) {
  struct stat status;
  if (stat(rewrite->target, &status) != 0)
    return fail("read", rewrite->path, error);
  if (status.st_nlink <= 1)
    return TRUE;
  g_autofree gchar *why =
      g_strdup_printf("is not written: it has %ju names (hard links)", (uintmax_t)status.st_nlink);
  return refuse(REWRITE_ERROR_LINKED, rewrite->path, why, error);
}

static gboolean put_in_place(const Rewrite *rewrite, GError **error) {
  if (rewrite->is_new)
    return put_new(rewrite, error);
  if (!is_as_read(rewrite, error) || !has_one_name(rewrite, error))
    return FALSE;
  return rename(rewrite->temporary, rewrite->target) == 0 || fail("write", rewrite->path, error);
}

/* Everything up to the new name; status is of the new file. */
static gboolean replace(const Rewrite *rewrite, const gchar *text, gsize size, struct stat *status,
                        GError **error) {
  int descriptor = open_temporary(rewrite, error);
  if (descriptor < 0)
    return FALSE;
  gboolean is_written = write_all(descriptor, text, size) && keep_status(rewrite, descriptor) &&
                        fsync(descriptor) == 0 && fstat(descriptor, status) == 0;
  if (!is_written)
    fail("write", rewrite->temporary, error);
  gboolean is_put = is_written && put_in_place(rewrite, error);
  if (!is_put)
    unlink(rewrite->temporary);
  close(descriptor); /* and with it the lock, when the name is no longer ours */
  return is_put;
}

gboolean rewrite_put(Rewrite *rewrite, const gchar *text, gsize size, GError **error) {
  if (!is_allowed(rewrite, error))
    return FALSE;
  if (!rewrite->is_new && size == rewrite->size && memcmp(text, rewrite->text, size) == 0)
    return TRUE;
  if (!may_write(rewrite, error))
    return FALSE;
  if (rewrite->is_new) {
    g_autofree gchar *folder = g_path_get_dirname(rewrite->target);
    if (!make_folders(folder, error))
      return FALSE;
  }
  struct stat status;
  if (!replace(rewrite, text, size, &status, error))
    return FALSE;
  gchar *copy = g_malloc(size + 1);
  memcpy(copy, text, size);
  copy[size] = '\0';
  g_free(rewrite->text);
  rewrite->text = copy;
  rewrite->size = size;
  rewrite->seen = status;
  rewrite->is_new = FALSE;
  return sync_folder_of(rewrite->target, error);
}

gboolean rewrite_remove(Rewrite *rewrite, const gchar *stop, GError **error) {
  if (!is_allowed(rewrite, error) || !may_write(rewrite, error) ||
      !remove_leftover(rewrite, error) || !is_as_read(rewrite, error))
    return FALSE;
  /* Of a symbolic link only the link goes: what it names may serve others. */
  if (unlink(rewrite->path) != 0)
    return fail("remove", rewrite->path, error);
  if (!sync_folder_of(rewrite->path, error))
    return FALSE;
  char *end = realpath(stop, NULL);
  g_autofree gchar *named = g_path_get_dirname(rewrite->path);
  char *folder = realpath(named, NULL);
  gsize length = end != NULL ? strlen(end) : 0;
  while (end != NULL && folder != NULL && strncmp(folder, end, length) == 0 &&
         folder[length] == '/' && rmdir(folder) == 0)
    *strrchr(folder, '/') = '\0';
  free(folder);
  free(end);
  return TRUE;
}
