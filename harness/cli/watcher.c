/*
 * Inotify watches folders, not files: one that is replaced by another would be lost otherwise. A
 * path that was named is found by its name in its folder, and that folder, if it is not there
 * itself, from the nearest one above it that is.
 */
#include "cli/watcher.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"

G_DEFINE_QUARK(proctor - watcher - error - quark, watcher_error)

#define EVENTS                                                                                     \
  (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF |         \
   IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)
#define BUFFER_SIZE 16384u

typedef struct {
  gint number; /* inotify's */
  gchar *path;
  gboolean is_deep;  /* all that is in it counts; else only `names` */
  GHashTable *names; /* gchar *: what was named in it, or leads to what was */
} Folder;

struct Watcher {
  gint descriptor;
  GHashTable *by_number; /* Folder *, owned */
  GPtrArray *roots;      /* gchar *: what was named */
  GHashTable *changed;   /* gchar * */
  gboolean is_lost;
};

static void folder_free(gpointer data) {
  Folder *folder = data;
  g_free(folder->path);
  g_hash_table_unref(folder->names);
  g_free(folder);
}

Watcher *watcher_new(GError **error) {
  gint descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) {
    g_set_error(error, WATCHER_ERROR, WATCHER_ERROR_LIMIT, "cannot watch files: %s",
                g_strerror(errno));
    return NULL;
  }
  Watcher *watcher = g_new0(Watcher, 1);
  watcher->descriptor = descriptor;
  watcher->by_number = g_hash_table_new_full(NULL, NULL, NULL, folder_free);
  watcher->roots = g_ptr_array_new_with_free_func(g_free);
  watcher->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return watcher;
}

void watcher_free(Watcher *watcher) {
  if (watcher == NULL)
    return;
  close(watcher->descriptor);
  g_hash_table_unref(watcher->by_number);
  g_ptr_array_unref(watcher->roots);
  g_hash_table_unref(watcher->changed);
  g_free(watcher);
}

gint watcher_descriptor(const Watcher *watcher) {
  return watcher->descriptor;
}

guint watcher_count(const Watcher *watcher) {
  return g_hash_table_size(watcher->by_number);
}

static void note(Watcher *watcher, const gchar *path) {
  g_hash_table_add(watcher->changed, g_strdup(path));
}

/* --- folders ------------------------------------------------------------------------ */

/* NULL without an error where there is no such folder. */
static Folder *watch_folder(Watcher *watcher, const gchar *path, GError **error) {
  gint number = inotify_add_watch(watcher->descriptor, path, EVENTS);
  if (number < 0) {
    if (errno == ENOSPC || errno == ENOMEM)
      g_set_error(error, WATCHER_ERROR, WATCHER_ERROR_LIMIT,
                  "cannot watch '%s': no more than %u folders can be watched "
                  "(fs.inotify.max_user_watches)",
                  path, watcher_count(watcher));
    return NULL;
  }
  Folder *folder = g_hash_table_lookup(watcher->by_number, GINT_TO_POINTER(number));
  if (folder != NULL && strcmp(folder->path, path) == 0)
    return folder;
  if (folder != NULL) { /* the same folder by another name, or one that was moved */
    g_free(folder->path);
    folder->path = g_strdup(path);
  } else {
    folder = g_new0(Folder, 1);
    *folder = (Folder){.number = number,
                       .path = g_strdup(path),
                       .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    g_hash_table_insert(watcher->by_number, GINT_TO_POINTER(number), folder);
  }
  return folder;
}

static gboolean is_folder(const gchar *path) {
  struct stat status;
  return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* With all below it. What is found counts as changed where `is_new`: it may have been written
 * before it was watched. FALSE with an error only for the limit. */
static gboolean watch_below(Watcher *watcher, const gchar *path, gboolean is_new, GError **error) {
  GError *failure = NULL;
  Folder *folder = watch_folder(watcher, path, &failure);
  if (folder == NULL) {
    if (failure == NULL)
      return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
  }
  folder->is_deep = TRUE;
  g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
  for (const gchar *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
    g_autofree gchar *child = g_build_filename(path, name, NULL);
    gboolean is_deeper = is_folder(child);
    if (is_deeper && *name == '.')
      continue;
    if (is_new)
      note(watcher, child);
    if (is_deeper && !watch_below(watcher, child, is_new, error))
      return FALSE;
  }
  return TRUE;
}

static void forget_folder(Watcher *watcher, Folder *folder) {
  g_hash_table_remove(watcher->by_number, GINT_TO_POINTER(folder->number));
}

/* It was moved away: what is written there is no business of ours. */
static void forget_below(Watcher *watcher, const gchar *path) {
  g_autoptr(GList) folders = g_hash_table_get_values(watcher->by_number);
  for (const GList *each = folders; each != NULL; each = each->next) {
    Folder *folder = each->data;
    if (path_behind(path, folder->path) == NULL)
      continue;
    inotify_rm_watch(watcher->descriptor, folder->number);
    forget_folder(watcher, folder);
  }
}

/* --- what was named ------------------------------------------------------------------ */

/* Watches the root, and the name that leads to it in the nearest folder above it that is there. */
static gboolean watch_root(Watcher *watcher, const gchar *root, gboolean is_new, GError **error) {
  GError *failure = NULL;
  if (is_new && g_file_test(root, G_FILE_TEST_EXISTS))
    note(watcher, root);
  /* A link that was named is followed, as the bank does. */
  if (g_file_test(root, G_FILE_TEST_IS_DIR) && !watch_below(watcher, root, is_new, error))
    return FALSE;
  g_autofree gchar *at = g_strdup(root);
  while (!g_str_equal(at, "/")) {
    g_autofree gchar *name = g_path_get_basename(at);
    g_autofree gchar *above = g_path_get_dirname(at);
    Folder *folder = watch_folder(watcher, above, &failure);
    if (failure != NULL) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    if (folder != NULL) {
      g_hash_table_add(folder->names, g_steal_pointer(&name));
      return TRUE;
    }
    g_free(at);
    at = g_steal_pointer(&above);
  }
  return TRUE;
}

gboolean watcher_add(Watcher *watcher, const gchar *path, GError **error) {
  g_autofree gchar *root = g_canonicalize_filename(path, NULL);
  if (!watch_root(watcher, root, FALSE, error))
    return FALSE;
  if (!g_ptr_array_find_with_equal_func(watcher->roots, root, g_str_equal, NULL))
    g_ptr_array_add(watcher->roots, g_steal_pointer(&root));
  return TRUE;
}

/* Something came that may be a root, or lead to one. */
static void find_roots(Watcher *watcher, const gchar *path) {
  for (guint i = 0; i < watcher->roots->len; i++) {
    const gchar *root = g_ptr_array_index(watcher->roots, i);
    if (path_behind(path, root) != NULL && !watch_root(watcher, root, TRUE, NULL))
      watcher->is_lost = TRUE;
  }
}

/* The folder through which a root was watched is gone: from one above it, then. */
static void find_roots_below(Watcher *watcher, const gchar *path) {
  for (guint i = 0; i < watcher->roots->len; i++) {
    const gchar *root = g_ptr_array_index(watcher->roots, i);
    if (path_behind(path, root) != NULL && !watch_root(watcher, root, FALSE, NULL))
      watcher->is_lost = TRUE;
  }
}

/* --- events -------------------------------------------------------------------------- */

/* A link is there at once; a file only when its writer closes it. */
static gboolean is_linked(const gchar *path) {
  struct stat status;
  return lstat(path, &status) == 0 && (S_ISLNK(status.st_mode) || status.st_nlink > 1);
}

static void on_entry(Watcher *watcher, Folder *folder, const struct inotify_event *event) {
  gboolean is_of_folder = (event->mask & IN_ISDIR) != 0;
  gboolean is_named = g_hash_table_contains(folder->names, event->name);
  /* Folder may be gone when its roots have been looked for. */
  gboolean is_deep = folder->is_deep && !(is_of_folder && *event->name == '.');
  if (!is_named && !is_deep)
    return;
  g_autofree gchar *path = g_build_filename(folder->path, event->name, NULL);
  if ((event->mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
    if (is_of_folder)
      forget_below(watcher, path);
    note(watcher, path);
    if (is_named)
      find_roots_below(watcher, path);
    return;
  }
  if ((event->mask & IN_CREATE) != 0 && !is_of_folder && !is_linked(path))
    return;
  note(watcher, path);
  if (is_of_folder && is_deep && !watch_below(watcher, path, TRUE, NULL))
    watcher->is_lost = TRUE;
  if (is_named)
    find_roots(watcher, path);
}

static void on_event(Watcher *watcher, const struct inotify_event *event) {
  if ((event->mask & IN_Q_OVERFLOW) != 0) {
    watcher->is_lost = TRUE;
    return;
  }
  Folder *folder = g_hash_table_lookup(watcher->by_number, GINT_TO_POINTER(event->wd));
  if (folder == NULL)
    return;
  if (event->len > 0) {
    on_entry(watcher, folder, event);
  } else if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0) {
    g_autofree gchar *path = g_strdup(folder->path);
    if ((event->mask & IN_MOVE_SELF) != 0) {
      /* One below a folder that is watched was forgotten when it left that; this is one at whose
       * folder only its name is watched, or that was moved back since. */
      if (is_folder(path))
        return;
      forget_below(watcher, path);
    } else {
      forget_folder(watcher, folder);
    }
    note(watcher, path);
    find_roots_below(watcher, path);
  }
}

static void read_events(Watcher *watcher) {
  union {
    struct inotify_event event; /* for its alignment */
    gchar bytes[BUFFER_SIZE];
  } buffer;
  for (;;) {
    gssize size = read(watcher->descriptor, buffer.bytes, sizeof buffer.bytes);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return;
    for (gssize at = 0; at < size;) {
      const struct inotify_event *event = (const struct inotify_event *)(gpointer)&buffer.bytes[at];
      on_event(watcher, event);
      at += (gssize)(sizeof *event + event->len);
    }
  }
}

static gint by_text(gconstpointer left, gconstpointer right) {
  return strcmp(*(const gchar *const *)left, *(const gchar *const *)right);
}

GPtrArray *watcher_take(Watcher *watcher, gboolean *is_lost) {
  read_events(watcher);
  if (watcher->is_lost)
    for (guint i = 0; i < watcher->roots->len; i++)
      watch_root(watcher, g_ptr_array_index(watcher->roots, i), FALSE, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, watcher->changed);
  while (g_hash_table_iter_next(&iter, &path, NULL))
    g_ptr_array_add(paths, g_strdup(path));
  g_hash_table_remove_all(watcher->changed);
  g_ptr_array_sort(paths, by_text);
  if (is_lost != NULL)
    *is_lost = watcher->is_lost;
  watcher->is_lost = FALSE;
  return paths;
}
