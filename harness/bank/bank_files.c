#include "bank/bank_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bank/bank.h"

#define SAMPLE_SIZE 1024

static void file_free(gpointer data) {
  BankFile *file = data;
  g_free(file->path);
  g_free(file->name);
  g_clear_error(&file->failure);
  g_free(file);
}

BankFiles *bank_files_new(void) {
  BankFiles *files = g_new0(BankFiles, 1);
  files->found = g_ptr_array_new_with_free_func(file_free);
  files->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return files;
}

void bank_files_free(BankFiles *files) {
  if (files == NULL)
    return;
  g_ptr_array_unref(files->found);
  g_hash_table_unref(files->seen);
  g_free(files);
}

static void set_missing(GError **error, const gchar *path, gint code) {
  if (code == ENOENT)
    g_set_error(error, BANK_ERROR, BANK_ERROR_MISSING, "%s: no such file or folder", path);
  else
    g_set_error(error, BANK_ERROR, BANK_ERROR_MISSING, "%s: cannot be read: %s", path,
                g_strerror(code));
}

static gboolean is_document_name(const gchar *name) {
  static const gchar *const extensions[] = {".md", ".markdown", ".txt"};
  g_autofree gchar *lower = g_ascii_strdown(name, -1);
  for (guint i = 0; i < G_N_ELEMENTS(extensions); i++)
    if (g_str_has_suffix(lower, extensions[i]))
      return TRUE;
  return FALSE;
}

/* "python/core.md" is called "python/core"; ids are UTF-8 even where the name of
 * a file is not. */
static gchar *name_without_extension(const gchar *relative) {
  const gchar *slash = strrchr(relative, '/');
  const gchar *base = slash != NULL ? slash + 1 : relative;
  const gchar *dot = strrchr(base, '.');
  return g_utf8_make_valid(relative, dot != NULL && dot > base ? dot - relative : -1);
}

static BankFile *add_file(BankFiles *files, const gchar *path, const gchar *relative,
                          gboolean is_named) {
  BankFile *file = g_new0(BankFile, 1);
  file->path = g_strdup(path);
  file->name = name_without_extension(relative);
  file->is_named = is_named;
  g_ptr_array_add(files->found, file);
  return file;
}

static gboolean is_seen(BankFiles *files, const struct stat *status) {
  return !g_hash_table_add(files->seen,
                           g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                           (guint64)status->st_dev, (guint64)status->st_ino));
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const gchar *const *)a, *(const gchar *const *)b);
}

static gint compare_files(gconstpointer a, gconstpointer b) {
  const BankFile *left = *(const BankFile *const *)a, *right = *(const BankFile *const *)b;
  return strcmp(left->path, right->path);
}

/* Puts the folder's own folders into the queue; FALSE where it cannot be read. */
static gboolean walk_folder(BankFiles *files, const gchar *folder, gsize root_length, GQueue *queue,
                            GError **error) {
  DIR *opened = opendir(folder);
  if (opened == NULL) {
    set_missing(error, folder, errno);
    return FALSE;
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (struct dirent *entry; (entry = readdir(opened)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      g_ptr_array_add(names, g_strdup(entry->d_name));
  closedir(opened);
  g_ptr_array_sort(names, compare_names);

  for (guint i = 0; i < names->len; i++) {
    const gchar *name = g_ptr_array_index(names, i);
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    struct stat status;
    if (g_lstat(path, &status) != 0)
      continue;
    if (S_ISDIR(status.st_mode)) {
      if (name[0] != '.')
        g_queue_push_tail(queue, g_steal_pointer(&path));
    } else if (is_document_name(name)) {
      if (g_stat(path, &status) == 0 && (S_ISDIR(status.st_mode) || is_seen(files, &status)))
        continue;
      const gchar *relative = path + root_length;
      add_file(files, path, relative + strspn(relative, "/"), FALSE);
    }
  }
  return TRUE;
}

static gboolean walk(BankFiles *files, const gchar *named, GError **error) {
  g_autoqueue(GQueue) folders = g_queue_new();
  g_autofree gchar *root = g_strdup(named);
  for (gsize end = strlen(root); end > 1 && root[end - 1] == '/'; end--)
    root[end - 1] = '\0';
  guint first = files->found->len;
  g_queue_push_tail(folders, g_strdup(root));
  gboolean is_root = TRUE;
  for (gchar *folder; (folder = g_queue_pop_head(folders)) != NULL; g_free(folder)) {
    g_autoptr(GError) failure = NULL;
    if (!walk_folder(files, folder, strlen(root), folders, &failure)) {
      if (is_root) {
        g_propagate_error(error, g_steal_pointer(&failure));
        g_free(folder);
        return FALSE;
      }
      add_file(files, folder, folder, FALSE)->failure = g_steal_pointer(&failure);
    }
    is_root = FALSE;
  }
  /* The files of this walk alone. */
  if (files->found->len > first)
    qsort(files->found->pdata + first, files->found->len - first, sizeof(gpointer), compare_files);
  return TRUE;
}

gboolean bank_files_add(BankFiles *files, const gchar *path, GError **error) {
  struct stat status;
  if (g_stat(path, &status) != 0) {
    set_missing(error, path, errno);
    return FALSE;
  }
  if (S_ISDIR(status.st_mode))
    return walk(files, path, error);
  if (!is_seen(files, &status)) {
    g_autofree gchar *base = g_path_get_basename(path);
    add_file(files, path, base, TRUE);
  }
  return TRUE;
}

/* A NUL among much that is no text; one alone is a slip, and is remarked on. */
static gboolean is_binary(const gchar *text, gsize size) {
  gsize sample = MIN(size, SAMPLE_SIZE), strange = 0;
  if (memchr(text, '\0', sample) == NULL)
    return FALSE;
  for (const gchar *at = text, *end = text + sample; at < end;) {
    const gchar *bad;
    g_utf8_validate_len(at, (gsize)(end - at), &bad);
    for (; at < bad; at++)
      strange += g_ascii_iscntrl(*at) && strchr("\t\n\r\f\b\033", *at) == NULL;
    if (bad == end)
      break;
    strange++;
    at = bad + 1;
  }
  return strange * 3 > sample;
}

static gchar *read_up_to_limit(gint descriptor, gsize expected, gsize *size, gint *code) {
  gsize room = expected + 1;
  gchar *text = g_malloc(room);
  *size = 0;
  for (;;) {
    if (*size == room) {
      room = MIN(room * 2, (gsize)BANK_DOCUMENT_MAX + 1);
      text = g_realloc(text, room);
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
    if (got == 0 || *size > BANK_DOCUMENT_MAX)
      return text;
  }
}

static void set_irregular(GError **error, const gchar *path) {
  g_set_error(error, BANK_ERROR, BANK_ERROR_UNUSABLE, "%s: not a regular file", path);
}

static gboolean load(gint descriptor, const gchar *path, gchar **text, gsize *size,
                     GError **error) {
  struct stat status;
  gint code = 0;
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
      status.st_size <= BANK_DOCUMENT_MAX
          ? read_up_to_limit(descriptor, (gsize)status.st_size, &length, &code)
          : NULL;
  if (code != 0) {
    set_missing(error, path, code);
    return FALSE;
  }
  if (bytes == NULL || length > BANK_DOCUMENT_MAX) {
    g_set_error(error, BANK_ERROR, BANK_ERROR_UNUSABLE, "%s: larger than %u MB", path,
                BANK_DOCUMENT_MAX >> 20);
    return FALSE;
  }
  if (is_binary(bytes, length)) {
    g_set_error(error, BANK_ERROR, BANK_ERROR_UNUSABLE, "%s: a binary file, not a text", path);
    return FALSE;
  }
  *text = g_steal_pointer(&bytes);
  *size = length;
  return TRUE;
}

gboolean bank_file_load(const gchar *path, gchar **text, gsize *size, GError **error) {
  struct stat status;
  /* Opening a device can do things by itself, so it is looked at first, and
   * once more when it is open. */
  if (g_stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
    set_irregular(error, path);
    return FALSE;
  }
  gint descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) {
    set_missing(error, path, errno);
    return FALSE;
  }
  gboolean done = load(descriptor, path, text, size, error);
  close(descriptor);
  return done;
}
