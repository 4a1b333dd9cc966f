/* Only regular files are ever opened, without waiting and by their descriptor, so that a FIFO, a
 * device or a loop of links cannot hold a run up. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"

static void set_missing(GError **error, const gchar *path, gint code) {
  if (code == ENOENT)
    g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: no such file or folder", path);
  else
    g_set_error(error, FILES_ERROR, FILES_ERROR_MISSING, "%s: cannot be read: %s", path,
                g_strerror(code));
}

static void set_irregular(GError **error, const gchar *path) {
  g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "%s: not a regular file", path);
}

/* --- kinds --------------------------------------------------------------------------------- */

static FileKind kind_of_mode(mode_t mode) {
  return S_ISREG(mode) ? FILE_REGULAR : S_ISDIR(mode) ? FILE_FOLDER : FILE_OTHER;
}

static FileKind kind_of_failure(gint code) {
  gboolean is_missing = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG;
  return is_missing ? FILE_MISSING : FILE_UNKNOWN;
}

static FileKind disk_kind(G_GNUC_UNUSED const Files *files, const gchar *path, gchar **identity) {
  struct stat status;
  if (g_stat(path, &status) != 0)
    return kind_of_failure(errno);
  if (identity != NULL)
    *identity = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)status.st_dev,
                                (guint64)status.st_ino);
  return kind_of_mode(status.st_mode);
}

static gchar *disk_real(G_GNUC_UNUSED const Files *files, const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  gchar *real = realpath(whole, NULL);
  gchar *copy = g_strdup(real != NULL ? real : whole);
  free(real);
  return copy;
}

/* --- reading --------------------------------------------------------------------------------- */

/* More than most where the file has more, which is at least expected. What grows meanwhile, or
 * says that it is empty and is not (as in /proc), is read to its end all the same. */
static gchar *read_up_to(gint descriptor, gsize expected, gsize most, gsize *size, gint *code) {
  gsize room = expected + 1;
  gchar *text = g_malloc(room + 1);
  *size = 0;
  for (;;) {
    if (*size == room) {
      room = MIN(room * 2, most + 1);
      text = g_realloc(text, room + 1);
    }
    gssize got = read(descriptor, text + *size, room - *size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      *code = errno;
      g_free(text);
      return NULL;
    }
    *size += (gsize)got;
    if (got == 0 || *size > most) {
      text[*size] = '\0';
      return text;
    }
  }
}

static gboolean load(gint descriptor, const gchar *path, gsize most, gchar **text, gsize *size,
                     GError **error) {
  struct stat status;
  gint code = 0;
  most = MIN(most, G_MAXSSIZE - 2); /* that there is room for one byte more, and the NUL */
  if (fstat(descriptor, &status) != 0) {
    set_missing(error, path, errno);
    return FALSE;
  }
  if (!S_ISREG(status.st_mode)) {
    set_irregular(error, path);
    return FALSE;
  }
  gsize length = 0;
  g_autofree gchar *bytes =
      (guint64)status.st_size <= most
          ? read_up_to(descriptor, (gsize)status.st_size, most, &length, &code)
          : NULL;
  if (code != 0) {
    set_missing(error, path, code);
    return FALSE;
  }
  if (bytes == NULL || length > most) {
    files_set_too_large(error, path, most);
    return FALSE;
  }
  *text = g_steal_pointer(&bytes);
  *size = length;
  return TRUE;
}

static gboolean disk_read(G_GNUC_UNUSED const Files *files, const gchar *path, gsize most,
                          gchar **text, gsize *size, GError **error) {
  struct stat status;
  /* Opening a device can do things by itself, so it is looked at first, and once more when it is
   * open. */
  if (g_stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
    set_irregular(error, path);
    return FALSE;
  }
  gint descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) {
    set_missing(error, path, errno);
    return FALSE;
  }
  gboolean is_read = load(descriptor, path, most, text, size, error);
  close(descriptor);
  return is_read;
}

/* --- folders --------------------------------------------------------------------------------- */

/* What the folder itself says is taken where it says so: asking for each name is dear. */
static FileEntry *entry_of(gint folder, const struct dirent *found) {
  struct stat status;
  gboolean is_link = found->d_type == DT_LNK;
  if (found->d_type == DT_REG || found->d_type == DT_DIR)
    return file_entry_new(found->d_name, found->d_type == DT_DIR ? FILE_FOLDER : FILE_REGULAR,
                          FALSE);
  if (found->d_type == DT_UNKNOWN)
    is_link = fstatat(folder, found->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
              S_ISLNK(status.st_mode);
  FileKind kind = fstatat(folder, found->d_name, &status, 0) == 0 ? kind_of_mode(status.st_mode)
                                                                  : kind_of_failure(errno);
  return file_entry_new(found->d_name, kind, is_link);
}

static GPtrArray *disk_list(G_GNUC_UNUSED const Files *files, const gchar *path, GError **error) {
  DIR *folder = opendir(path);
  if (folder == NULL) {
    set_missing(error, path, errno);
    return NULL;
  }
  GPtrArray *entries = g_ptr_array_new_with_free_func(file_entry_free);
  for (struct dirent *found; (found = readdir(folder)) != NULL;)
    if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0)
      g_ptr_array_add(entries, entry_of(dirfd(folder), found));
  closedir(folder);
  file_entries_sort(entries);
  return entries;
}

const Files *files_disk(void) {
  static const Files disk = {
      .kind = disk_kind, .read = disk_read, .list = disk_list, .real = disk_real};
  return &disk;
}
