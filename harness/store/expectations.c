#include "store/expectations.h"

#include <string.h>

#include "store/expectation_text.h"

#define SUFFIX ".txt"
#define KEY_LENGTH 7 /* of content ids, in the index */

typedef struct {
  Expectation *expectation;
  const Snippet *snippet; /* whose it is; NULL for none */
  gboolean is_moved;      /* it lies where another id would */
} Entry;

struct Expectations {
  gchar *folder;
  GPtrArray *entries;     /* Entry *, owned, in order of their paths */
  GHashTable *by_id;      /* gchar * -> Entry * */
  GHashTable *by_tail;    /* last two parts of the id -> GPtrArray of Entry * */
  GHashTable *by_content; /* first digits of the content id -> GPtrArray of Entry * */
  GHashTable *by_snippet; /* const Snippet * -> Entry * */
  GPtrArray *documents;   /* names of the documents that were assigned; borrowed */
};

static void entry_free(gpointer data) {
  Entry *entry = data;
  expectation_free(entry->expectation);
  g_free(entry);
}

static GHashTable *lists_new(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

/* Takes key over. */
static void lists_add(GHashTable *lists, gchar *key, Entry *entry) {
  GPtrArray *list = g_hash_table_lookup(lists, key);
  if (list == NULL) {
    list = g_ptr_array_new();
    g_hash_table_insert(lists, g_strdup(key), list);
  }
  g_ptr_array_add(list, entry);
  g_free(key);
}

/* The last two parts of an id, "section/13.1": what all ids of one place share. */
static const gchar *id_tail(const gchar *id) {
  const gchar *last = strrchr(id, '/');
  if (last == NULL)
    return id;
  const gchar *before = g_strrstr_len(id, last - id, "/");
  return before != NULL ? before + 1 : id;
}

/* --- reading ------------------------------------------------------------------- */

static gint by_path(gconstpointer left, gconstpointer right) {
  const Entry *one = *(Entry *const *)left, *other = *(Entry *const *)right;
  return strcmp(one->expectation->path, other->expectation->path);
}

/* Does not fail: what is wrong becomes the problem of the expectation. */
static Expectation *file_read(const gchar *path, const gchar *id) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size = 0;
  Expectation *expectation = NULL;
  if (g_file_get_contents(path, &text, &size, &error))
    expectation = expectation_text_read(path, id, text, size, &error);
  if (expectation != NULL)
    return expectation;
  expectation = expectation_new(path, id, NULL);
  expectation->problem = g_strdup(error->message);
  return expectation;
}

/* `prefix` is the folder as ids begin with it: "" or "python-core/". */
static gboolean folder_read(Expectations *expectations, const gchar *folder, const gchar *prefix,
                            GError **error) {
  g_autoptr(GDir) names = g_dir_open(folder, 0, error);
  if (names == NULL)
    return FALSE;
  for (const gchar *name; (name = g_dir_read_name(names)) != NULL;) {
    if (*name == '.')
      continue;
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    if (g_str_has_suffix(name, SUFFIX) && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
      g_autofree gchar *id =
          g_strdup_printf("%s%.*s", prefix, (int)(strlen(name) - strlen(SUFFIX)), name);
      Entry *entry = g_new0(Entry, 1);
      entry->expectation = file_read(path, id);
      g_ptr_array_add(expectations->entries, entry);
    } else if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
               !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
      g_autofree gchar *below = g_strconcat(prefix, name, "/", NULL);
      if (!folder_read(expectations, path, below, error))
        return FALSE;
    }
  }
  return TRUE;
}

Expectations *expectations_read(const gchar *folder, GError **error) {
  g_autoptr(Expectations) expectations = g_new0(Expectations, 1);
  expectations->folder = g_strdup(folder);
  expectations->entries = g_ptr_array_new_with_free_func(entry_free);
  expectations->by_id = g_hash_table_new(g_str_hash, g_str_equal);
  expectations->by_tail = lists_new();
  expectations->by_content = lists_new();
  expectations->by_snippet = g_hash_table_new(NULL, NULL);
  expectations->documents = g_ptr_array_new();
  if (g_file_test(folder, G_FILE_TEST_EXISTS) && !folder_read(expectations, folder, "", error))
    return NULL;
  g_ptr_array_sort(expectations->entries, by_path);
  for (guint i = 0; i < expectations->entries->len; i++) {
    Entry *entry = g_ptr_array_index(expectations->entries, i);
    const Expectation *expectation = entry->expectation;
    g_hash_table_insert(expectations->by_id, expectation->id, entry);
    lists_add(expectations->by_tail, g_strdup(id_tail(expectation->id)), entry);
    if (expectation->content_id != NULL)
      lists_add(expectations->by_content, g_strndup(expectation->content_id, KEY_LENGTH), entry);
  }
  return g_steal_pointer(&expectations);
}

void expectations_free(Expectations *expectations) {
  if (expectations == NULL)
    return;
  g_free(expectations->folder);
  g_ptr_array_unref(expectations->entries);
  g_hash_table_unref(expectations->by_id);
  g_hash_table_unref(expectations->by_tail);
  g_hash_table_unref(expectations->by_content);
  g_hash_table_unref(expectations->by_snippet);
  g_ptr_array_unref(expectations->documents);
  g_free(expectations);
}

/* --- whose is which ------------------------------------------------------------ */

/* TRUE where short is the end of id, at a '/'. */
static gboolean id_ends_in(const gchar *id, const gchar *end) {
  gsize length = strlen(id), end_length = strlen(end);
  return length > end_length && id[length - end_length - 1] == '/' && g_str_has_suffix(id, end);
}

/* The file at a snippet's own place, whoever has it. */
static Entry *entry_at(const Expectations *expectations, const gchar *id) {
  Entry *exact = g_hash_table_lookup(expectations->by_id, id);
  if (exact != NULL)
    return exact;
  const GPtrArray *alike = g_hash_table_lookup(expectations->by_tail, id_tail(id));
  Entry *found = NULL;
  for (guint i = 0; alike != NULL && i < alike->len; i++) {
    Entry *entry = g_ptr_array_index(alike, i);
    const gchar *other = entry->expectation->id;
    if (!id_ends_in(other, id) && !id_ends_in(id, other))
      continue;
    if (found != NULL)
      return NULL;
    found = entry;
  }
  return found;
}

static gboolean is_for_content(const Expectation *expectation, const Snippet *snippet) {
  return expectation->content_id != NULL &&
         g_str_has_prefix(snippet->content_id, expectation->content_id);
}

static void entry_give(Expectations *expectations, Entry *entry, const Snippet *snippet,
                       gboolean is_moved) {
  entry->snippet = snippet;
  entry->is_moved = is_moved;
  g_hash_table_insert(expectations->by_snippet, (gpointer)snippet, entry);
}

/* One of the rules of the header, for a snippet that has none yet. */
static void rule_apply(Expectations *expectations, guint rule, const Snippet *snippet) {
  if (g_hash_table_contains(expectations->by_snippet, snippet))
    return;
  if (rule == 2) {
    g_autofree gchar *key = g_strndup(snippet->content_id, KEY_LENGTH);
    const GPtrArray *list = g_hash_table_lookup(expectations->by_content, key);
    for (guint i = 0; list != NULL && i < list->len; i++) {
      Entry *entry = g_ptr_array_index(list, i);
      if (entry->snippet == NULL && is_for_content(entry->expectation, snippet)) {
        entry_give(expectations, entry, snippet, TRUE);
        return;
      }
    }
    return;
  }
  Entry *entry = entry_at(expectations, snippet->id);
  if (entry != NULL && entry->snippet == NULL &&
      (rule == 3 || is_for_content(entry->expectation, snippet)))
    entry_give(expectations, entry, snippet, FALSE);
}

void expectations_assign(Expectations *expectations, const GPtrArray *documents) {
  for (guint rule = 1; rule <= 3; rule++)
    for (guint i = 0; i < documents->len; i++) {
      const Document *document = g_ptr_array_index(documents, i);
      for (guint j = 0; j < document->snippets->len; j++)
        rule_apply(expectations, rule, g_ptr_array_index(document->snippets, j));
    }
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_ptr_array_add(expectations->documents, document->name);
  }
}

const Expectation *expectations_of(const Expectations *expectations, const Snippet *snippet,
                                   gboolean *is_moved) {
  const Entry *entry = g_hash_table_lookup(expectations->by_snippet, snippet);
  if (is_moved != NULL)
    *is_moved = entry != NULL && entry->is_moved;
  return entry != NULL ? entry->expectation : NULL;
}

gchar *expectations_path(const Expectations *expectations, const Snippet *snippet) {
  const Entry *entry = g_hash_table_lookup(expectations->by_snippet, snippet);
  if (entry != NULL && !entry->is_moved)
    return g_strdup(entry->expectation->path);
  g_autofree gchar *name = g_strconcat(snippet->id, SUFFIX, NULL);
  return g_build_filename(expectations->folder, name, NULL);
}

/* --- what is left -------------------------------------------------------------- */

/* TRUE where an id may be one of a document's, however that was named. */
static gboolean id_is_of_document(const gchar *id, const gchar *name) {
  g_autofree gchar *rooted = g_strconcat("/", id, NULL);
  g_autofree gchar *part = g_strconcat("/", name, "/", NULL);
  if (strstr(rooted, part) != NULL)
    return TRUE;
  for (const gchar *slash = strchr(part + 1, '/'); slash != NULL && slash[1] != '\0';
       slash = strchr(slash + 1, '/'))
    if (g_str_has_prefix(rooted, slash))
      return TRUE;
  return FALSE;
}

GPtrArray *expectations_stale(const Expectations *expectations, gboolean is_whole) {
  GPtrArray *stale = g_ptr_array_new();
  for (guint i = 0; i < expectations->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(expectations->entries, i);
    if (entry->snippet != NULL || entry->expectation->problem != NULL)
      continue;
    gboolean is_stale = is_whole;
    for (guint k = 0; !is_stale && k < expectations->documents->len; k++)
      is_stale =
          id_is_of_document(entry->expectation->id, g_ptr_array_index(expectations->documents, k));
    if (is_stale)
      g_ptr_array_add(stale, entry->expectation);
  }
  return stale;
}

GPtrArray *expectations_broken(const Expectations *expectations) {
  GPtrArray *broken = g_ptr_array_new();
  for (guint i = 0; i < expectations->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(expectations->entries, i);
    if (entry->expectation->problem != NULL)
      g_ptr_array_add(broken, entry->expectation);
  }
  return broken;
}

const gchar *expectations_folder(const Expectations *expectations) {
  return expectations->folder;
}

/* --- where --------------------------------------------------------------------- */

static gchar *common_folder(const gchar *left, const gchar *right) {
  gsize same = 0;
  for (gsize i = 0;; i++) {
    gboolean left_ends = left[i] == '\0' || left[i] == '/';
    gboolean right_ends = right[i] == '\0' || right[i] == '/';
    if (left_ends && right_ends)
      same = i;
    if (left[i] != right[i] || left[i] == '\0')
      break;
  }
  return same == 0 ? g_strdup("/") : g_strndup(left, same);
}

gchar *expectations_find_folder(const GPtrArray *documents) {
  g_autofree gchar *folder = NULL;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_autofree gchar *path = g_canonicalize_filename(document->path, NULL);
    g_autofree gchar *own = g_path_get_dirname(path);
    g_autofree gchar *before = g_steal_pointer(&folder);
    folder = before == NULL ? g_steal_pointer(&own) : common_folder(before, own);
  }
  while (folder != NULL) {
    g_autofree gchar *candidate = g_build_filename(folder, "expected", NULL);
    if (g_file_test(candidate, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&candidate);
    g_autofree gchar *above = g_path_get_dirname(folder);
    if (g_str_equal(above, folder))
      break;
    g_free(folder);
    folder = g_steal_pointer(&above);
  }
  return NULL;
}

const Snippet *expectations_owner(const Expectations *expectations, const gchar *path) {
  for (guint i = 0; i < expectations->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(expectations->entries, i);
    if (g_str_equal(entry->expectation->path, path))
      return entry->snippet;
  }
  return NULL;
}
