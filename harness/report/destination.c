#include "report/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Destination {
  gchar *path;      /* as it was named */
  gchar *final;     /* with symbolic links followed */
  gchar *temporary; /* NULL where it is written to directly */
  FILE *file;
  gint failure; /* errno of the first write that failed; 0 for none */
};

static gboolean fail(const gchar *path, GError **error) {
  gint code = errno;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot write '%s': %s", path,
              g_strerror(code));
  return FALSE;
}

static gboolean open_directly(Destination *destination, int descriptor, GError **error) {
  if (descriptor < 0)
    return fail(destination->path, error);
  destination->file = fdopen(descriptor, "w");
  if (destination->file != NULL)
    return TRUE;
  close(descriptor);
  return fail(destination->path, error);
}

/* A file that replaces another keeps its permissions; a new one gets what the
 * umask leaves, as mkstemp does not. */
static mode_t mode_for(const struct stat *old) {
  if (old != NULL)
    return old->st_mode & 0777;
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

static gboolean open_beside(Destination *destination, const struct stat *old, GError **error) {
  g_autofree gchar *folder = g_path_get_dirname(destination->final);
  g_autofree gchar *name = g_path_get_basename(destination->final);
  g_autofree gchar *temporary = g_strdup_printf("%s/.%s.XXXXXX", folder, name);
  if (old != NULL && access(destination->final, W_OK) != 0)
    return fail(destination->path, error);
  int descriptor = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(destination->path, error);
  destination->temporary = g_steal_pointer(&temporary);
  fchmod(descriptor, mode_for(old));
  return open_directly(destination, descriptor, error);
}

Destination *destination_open(const gchar *path, GError **error) {
  g_autoptr(Destination) destination = g_new0(Destination, 1);
  destination->path = g_strdup(path);
  if (g_str_equal(path, "-")) {
    destination->file = stdout;
    return g_steal_pointer(&destination);
  }
  char *followed = realpath(path, NULL);
  destination->final = g_strdup(followed != NULL ? followed : path);
  free(followed);

  struct stat old;
  gboolean exists = stat(destination->final, &old) == 0;
  gboolean is_open;
  if (exists && !S_ISREG(old.st_mode))
    is_open = open_directly(destination, open(path, O_WRONLY | O_CLOEXEC), error);
  else
    is_open = open_beside(destination, exists ? &old : NULL, error);
  return is_open ? g_steal_pointer(&destination) : NULL;
}

void destination_write(Destination *destination, const gchar *bytes, gsize size) {
  if (fwrite(bytes, 1, size, destination->file) < size && destination->failure == 0)
    destination->failure = errno;
}

void destination_print(Destination *destination, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (vfprintf(destination->file, format, arguments) < 0 && destination->failure == 0)
    destination->failure = errno;
  va_end(arguments);
}

void destination_flush(Destination *destination) {
  if (fflush(destination->file) != 0 && destination->failure == 0)
    destination->failure = errno;
}

gboolean destination_commit(Destination *destination, GError **error) {
  FILE *file = g_steal_pointer(&destination->file);
  if (fflush(file) != 0 && destination->failure == 0)
    destination->failure = errno;
  if (file != stdout && fclose(file) != 0 && destination->failure == 0)
    destination->failure = errno;
  errno = destination->failure;
  if (errno == 0 && destination->temporary != NULL &&
      rename(destination->temporary, destination->final) == 0)
    g_clear_pointer(&destination->temporary, g_free);
  return errno == 0 || fail(destination->path, error);
}

void destination_free(Destination *destination) {
  if (destination == NULL)
    return;
  if (destination->file != NULL && destination->file != stdout)
    fclose(destination->file);
  if (destination->temporary != NULL)
    unlink(destination->temporary);
  g_free(destination->temporary);
  g_free(destination->final);
  g_free(destination->path);
  g_free(destination);
}
