#include "bank/bank_files.h"

#include <string.h>

#include "bank/bank.h"

#define SAMPLE_SIZE 1024

static void file_free(gpointer data) {
  BankFile *file = data;
  g_free(file->path);
  g_free(file->name);
  g_clear_error(&file->failure);
  g_free(file);
}

BankFiles *bank_files_new(const Files *tree) {
  BankFiles *files = g_new0(BankFiles, 1);
  files->tree = tree;
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

/* As an error of this room; always FALSE. */
static gboolean hand_on(GError **error, const GError *failure) {
  gboolean is_unusable = g_error_matches(failure, FILES_ERROR, FILES_ERROR_UNUSABLE);
  g_set_error_literal(error, BANK_ERROR, is_unusable ? BANK_ERROR_UNUSABLE : BANK_ERROR_MISSING,
                      failure->message);
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

/* What cannot be told apart is not seen: reading it says why. */
static gboolean is_seen(BankFiles *files, const gchar *path) {
  gchar *identity = files_identity(files->tree, path);
  return identity != NULL && !g_hash_table_add(files->seen, identity);
}

static gint compare_files(gconstpointer a, gconstpointer b) {
  const BankFile *left = *(const BankFile *const *)a, *right = *(const BankFile *const *)b;
  return strcmp(left->path, right->path);
}

/* Puts the folder's own folders into the queue; FALSE where it cannot be read. */
static gboolean walk_folder(BankFiles *files, const gchar *folder, gsize root_length, GQueue *queue,
                            GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(GPtrArray) entries = files_list(files->tree, folder, &failure);
  if (entries == NULL)
    return hand_on(error, failure);
  for (guint i = 0; i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    gboolean is_folder = entry->kind == FILE_FOLDER;
    if (is_folder ? entry->is_link || entry->name[0] == '.' : !path_is_document(entry->name))
      continue;
    g_autofree gchar *path = g_build_filename(folder, entry->name, NULL);
    if (is_folder) {
      g_queue_push_tail(queue, g_steal_pointer(&path));
    } else if (!is_seen(files, path)) {
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
  FileKind kind = files_kind(files->tree, path);
  if (kind == FILE_FOLDER)
    return walk(files, path, error);
  if (kind == FILE_MISSING || kind == FILE_UNKNOWN) {
    g_autofree gchar *text = NULL;
    gsize size;
    return bank_file_load(files->tree, path, &text, &size, error); /* says why */
  }
  if (!is_seen(files, path)) {
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

gboolean bank_file_load(const Files *tree, const gchar *path, gchar **text, gsize *size,
                        GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autofree gchar *bytes = NULL;
  gsize length;
  if (!files_read(tree, path, BANK_DOCUMENT_MAX, &bytes, &length, &failure))
    return hand_on(error, failure);
  if (is_binary(bytes, length)) {
    g_set_error(error, BANK_ERROR, BANK_ERROR_UNUSABLE, "%s: a binary file, not a text", path);
    return FALSE;
  }
  *text = g_steal_pointer(&bytes);
  *size = length;
  return TRUE;
}
