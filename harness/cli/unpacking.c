/*
 * Theory of operation: a janitor, a child that makes the folder, tells us its name, and then does
 * nothing but wait for the end of a socket whose other end we hold. However we end, also killed,
 * the kernel closes that; then it removes the folder. At an orderly end we close the socket
 * ourselves and wait until it has done so.
 */
#include "cli/unpacking.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/scratch.h"

#define NAME "proctor-fixtures-XXXXXX"
#define KEY_LENGTH 16
#define DESCRIPTORS_MAX 65536
/* A file of a fixture; a loop of links ends at the depth. */
#define FILE_MAX ((gsize)1 << 30)
#define DEPTH_MAX 32

static struct {
  gchar *folder; /* NULL until it is needed */
  pid_t janitor;
  gint socket;         /* the end that we hold */
  GHashTable *written; /* names of the folders in it */
  guint unnamed;
} unpacked;

/* --- the folder, and its end --------------------------------------------------------------- */

static void on_exit_remove(void) {
  close(unpacked.socket);
  while (waitpid(unpacked.janitor, NULL, 0) < 0 && errno == EINTR)
    ;
  g_clear_pointer(&unpacked.folder, g_free);
  g_clear_pointer(&unpacked.written, g_hash_table_unref);
}

/* Keeps nothing of ours open, else who reads what we print would wait for it. place becomes the
 * folder's name. All signals are blocked. */
G_NORETURN static void janitor_live(gint ours, gchar *place) {
  glong most = sysconf(_SC_OPEN_MAX);
  gchar byte;
  setsid();
  for (gint i = 0; i < (most > 0 && most < DESCRIPTORS_MAX ? (gint)most : DESCRIPTORS_MAX); i++)
    if (i != ours)
      close(i);
  gint code = mkdtemp(place) != NULL && chdir("/") == 0 ? 0 : errno;
  gboolean is_told = write(ours, &code, sizeof code) == sizeof code &&
                     write(ours, place, strlen(place)) == (gssize)strlen(place);
  while (is_told && read(ours, &byte, 1) < 0 && errno == EINTR)
    ;
  scratch_remove(place);
  _exit(0);
}

/* Receives all of size bytes. */
static gboolean hear(gint from, gpointer bytes, gsize size) {
  for (gsize got = 0; got < size;) {
    gssize more = read(from, (gchar *)bytes + got, size - got);
    if (more == 0)
      errno = EPIPE;
    if (more == 0 || (more < 0 && errno != EINTR))
      return FALSE;
    got += more > 0 ? (gsize)more : 0;
  }
  return TRUE;
}

static void set_failure(GError **error, const gchar *what, const gchar *path) {
  gint code = errno;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s '%s': %s", what, path,
              g_strerror(code));
}

/* Sets the janitor and our end of the socket; place becomes the folder's name. */
static gboolean janitor_start(gchar *place, GError **error) {
  gint ends[2], code = 0;
  sigset_t all, before;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    set_failure(error, "cannot make", place);
    return FALSE;
  }
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before); /* Ctrl-C is not for the janitor */
  unpacked.janitor = fork();
  if (unpacked.janitor == 0)
    janitor_live(ends[0], place);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[0]);
  gboolean is_heard = unpacked.janitor > 0 && hear(ends[1], &code, sizeof code) && code == 0 &&
                      hear(ends[1], place, strlen(place));
  unpacked.socket = ends[1];
  if (is_heard)
    return TRUE;
  errno = code != 0 ? code : errno;
  set_failure(error, "cannot make", place);
  if (unpacked.janitor > 0)
    on_exit_remove();
  else
    close(ends[1]);
  return FALSE;
}

static gboolean folder_open(GError **error) {
  if (unpacked.folder != NULL)
    return TRUE;
  gchar *above = realpath(g_get_tmp_dir(), NULL);
  g_autofree gchar *folder = g_build_filename(above != NULL ? above : g_get_tmp_dir(), NAME, NULL);
  free(above);
  if (!janitor_start(folder, error))
    return FALSE;
  unpacked.folder = g_steal_pointer(&folder);
  unpacked.written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  atexit(on_exit_remove);
  return TRUE;
}

/* --- writing -------------------------------------------------------------------------------- */

static gboolean file_write(const Files *files, const gchar *from, const gchar *to, GError **error) {
  g_autofree gchar *text = NULL;
  gsize size;
  return files_read(files, from, FILE_MAX, &text, &size, error) &&
         g_file_set_contents_full(to, text, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

/* Links become what they lead to. */
static gboolean folder_write(const Files *files, const gchar *from, const gchar *to, guint depth,
                             GError **error) {
  g_autoptr(GPtrArray) entries = files_list(files, from, error);
  if (entries == NULL)
    return FALSE;
  if (depth > DEPTH_MAX) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "%s: more than %d folders deep", from,
                DEPTH_MAX);
    return FALSE;
  }
  if (g_mkdir(to, 0700) != 0) {
    set_failure(error, "cannot make", to);
    return FALSE;
  }
  for (guint i = 0; i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    g_autofree gchar *source = g_build_filename(from, entry->name, NULL);
    g_autofree gchar *target = g_build_filename(to, entry->name, NULL);
    gboolean is_written = TRUE;
    if (entry->kind == FILE_FOLDER)
      is_written = folder_write(files, source, target, depth + 1, error);
    else if (entry->kind == FILE_REGULAR || entry->kind == FILE_UNKNOWN)
      is_written = file_write(files, source, target, error);
    if (!is_written)
      return FALSE;
  }
  return TRUE;
}

/* Where the folder of this fixture is written; NULL with an error. */
static gchar *folder_unpack(const Files *files, const gchar *folder, const Fixture *fixture,
                            GError **error) {
  if (!folder_open(error))
    return NULL;
  g_autofree gchar *key = fixture->digest != NULL ? g_strndup(fixture->digest, KEY_LENGTH)
                                                  : g_strdup_printf("%u", ++unpacked.unnamed);
  g_autofree gchar *above = g_build_filename(unpacked.folder, key, NULL);
  g_autofree gchar *name = g_path_get_basename(folder);
  g_autofree gchar *target = g_build_filename(above, name, NULL);
  if (g_hash_table_contains(unpacked.written, target))
    return g_steal_pointer(&target);
  if (g_mkdir(above, 0700) != 0 && errno != EEXIST) {
    set_failure(error, "cannot make", above);
    return NULL;
  }
  if (!folder_write(files, folder, target, 0, error)) {
    scratch_remove(target); /* half of it would be in the way of the next try */
    return NULL;
  }
  g_hash_table_add(unpacked.written, g_strdup(target));
  return g_steal_pointer(&target);
}

/* It may have been written for other documents before. */
static gboolean is_unpacked(const Fixture *fixture) {
  return unpacked.folder != NULL && g_str_has_prefix(fixture->path, unpacked.folder);
}

gboolean fixtures_unpack(const Files *files, const GPtrArray *fixtures, const GPtrArray *documents,
                         GError **error) {
  if (files == files_disk())
    return TRUE;
  g_autoptr(GHashTable) chosen = fixtures_chosen(documents);
  /* folder -> where it is now */
  g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < fixtures->len; i++) {
    Fixture *fixture = g_ptr_array_index(fixtures, i);
    if (!g_hash_table_contains(chosen, fixture) || files_is_disk(files, fixture->path) ||
        is_unpacked(fixture))
      continue;
    g_autofree gchar *folder = g_path_get_dirname(fixture->path);
    g_autofree gchar *name = g_path_get_basename(fixture->path);
    gchar *target = g_hash_table_lookup(folders, folder);
    if (target == NULL) {
      target = folder_unpack(files, folder, fixture, error);
      if (target == NULL)
        return FALSE;
      g_hash_table_insert(folders, g_steal_pointer(&folder), target);
    }
    g_free(fixture->path);
    fixture->path = g_build_filename(target, name, NULL);
  }
  return TRUE;
}
