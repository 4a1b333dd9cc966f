/* What stands for a fixture in the key of a kept result: all that it may read from its own folder.
 * A folder is known by the files in it, as git knows it: an empty one is nothing. */
#include <string.h>

#include "bank/fixtures.h"

/* Nobody's fixtures are larger; a loop of links ends here, too. */
#define ENTRIES_MAX 20000
#define BYTES_MAX ((gsize)128 << 20)
#define DEPTH_MAX 32

typedef struct {
  const Files *files;
  GChecksum *sum;
  guint entries;
  gsize bytes;
} Digestion;

/* What editors, systems and Python itself leave. */
static gboolean is_passed_over(const gchar *name) {
  return *name == '.' || g_str_equal(name, "__pycache__") || g_str_has_suffix(name, ".pyc");
}

/* The length in front tells it from what follows. */
static void add(Digestion *digestion, const gchar *text, gsize size) {
  guint64 length = GUINT64_TO_LE((guint64)size);
  g_checksum_update(digestion->sum, (const guchar *)&length, sizeof length);
  g_checksum_update(digestion->sum, (const guchar *)text, (gssize)size);
}

static gboolean add_file(Digestion *digestion, const gchar *path) {
  g_autofree gchar *text = NULL;
  gsize size;
  if (!files_read(digestion->files, path, BYTES_MAX - digestion->bytes, &text, &size, NULL))
    return FALSE;
  digestion->bytes += size;
  add(digestion, text, size);
  return TRUE;
}

/* place is what the folder is called from the top one: "" or "data/". FALSE where something cannot
 * be read, or is too much. */
static gboolean add_folder(Digestion *digestion, const gchar *folder, const gchar *place,
                           guint depth) {
  g_autoptr(GPtrArray) entries = files_list(digestion->files, folder, NULL);
  if (entries == NULL || depth > DEPTH_MAX)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const FileEntry *entry = g_ptr_array_index(entries, i);
    if (is_passed_over(entry->name))
      continue;
    if (++digestion->entries > ENTRIES_MAX || entry->kind == FILE_UNKNOWN)
      return FALSE;
    g_autofree gchar *path = g_build_filename(folder, entry->name, NULL);
    g_autofree gchar *name = g_strconcat(place, entry->name, NULL);
    if (entry->kind == FILE_FOLDER) {
      g_autofree gchar *below = g_strconcat(name, "/", NULL);
      if (!add_folder(digestion, path, below, depth + 1))
        return FALSE;
      continue;
    }
    add(digestion, name, strlen(name));
    add(digestion, entry->kind == FILE_REGULAR ? "-" : "?", 1);
    if (entry->kind == FILE_REGULAR && !add_file(digestion, path))
      return FALSE;
  }
  return TRUE;
}

/* NULL where there is none. */
static gchar *folder_digest(const Files *files, const gchar *folder) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  Digestion digestion = {.files = files, .sum = sum};
  return add_folder(&digestion, folder, "", 0) ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

GHashTable *fixtures_chosen(const GPtrArray *documents) {
  GHashTable *fixtures = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      if (snippet->choice != NULL && snippet->choice->fixture != NULL)
        g_hash_table_add(fixtures, (gpointer)snippet->choice->fixture);
    }
  }
  return fixtures;
}

void fixtures_digest(const Files *files, const GPtrArray *fixtures, const GPtrArray *documents) {
  g_autoptr(GHashTable) wanted = fixtures_chosen(documents);
  /* folder -> its digest, or NULL */
  g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < fixtures->len; i++) {
    Fixture *fixture = g_ptr_array_index(fixtures, i);
    if (fixture->digest != NULL || !g_hash_table_contains(wanted, fixture))
      continue;
    g_autofree gchar *folder = g_path_get_dirname(fixture->path);
    gpointer digest;
    if (!g_hash_table_lookup_extended(folders, folder, NULL, &digest)) {
      digest = folder_digest(files, folder);
      g_hash_table_insert(folders, g_steal_pointer(&folder), digest);
    }
    if (digest == NULL)
      continue;
    g_autofree gchar *both = g_strconcat(digest, " ", fixture->name, NULL);
    fixture->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);
  }
}
