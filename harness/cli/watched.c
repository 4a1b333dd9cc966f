/*
 * What only edits documents that are known is the usual case, and a large bank takes its time to be
 * read: then those documents alone are parsed, and take the places of what they were. All else
 * (one that is new, or gone, another configuration) reads everything again.
 */
#include "cli/watched.h"

#include <stdlib.h>
#include <string.h>

#include "bank/bank_files.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "store/expectation_text.h"

struct Watched {
  gchar **paths;
  const EquipmentArguments *equipment;
  Watcher *watcher;
  WatchedReplaced replaced;
  gpointer data;
  Material *material;
  GHashTable *places;   /* gchar *, absolute, to Document * */
  GHashTable *fixtures; /* gchar *: folders that hold fixtures */
  GHashTable *dirty;    /* gchar *, a path as its document has it, to whether it was touched */
  gboolean is_behind;   /* the last reading failed */
  gboolean is_stale;
};

void watched_free(Watched *watched) {
  if (watched == NULL)
    return;
  g_hash_table_unref(watched->places);
  g_hash_table_unref(watched->fixtures);
  g_hash_table_unref(watched->dirty);
  g_clear_pointer(&watched->material, material_free);
  g_free(watched);
}

const Material *watched_material(const Watched *watched) {
  return watched->material;
}

gboolean watched_take_stale(Watched *watched) {
  gboolean is_stale = watched->is_stale;
  watched->is_stale = FALSE;
  return is_stale;
}

static GPtrArray *dirty_ones(const Watched *watched, gboolean are_touched) {
  const GPtrArray *documents = watched->material->bank->documents;
  GPtrArray *dirty = g_ptr_array_new();
  for (guint i = 0; i < documents->len; i++) {
    Document *document = g_ptr_array_index(documents, i);
    gpointer is_touched;
    if (g_hash_table_lookup_extended(watched->dirty, document->path, NULL, &is_touched) &&
        (!are_touched || GPOINTER_TO_INT(is_touched)))
      g_ptr_array_add(dirty, document);
  }
  return dirty;
}

GPtrArray *watched_dirty(const Watched *watched) {
  return dirty_ones(watched, FALSE);
}

GPtrArray *watched_touched(const Watched *watched) {
  return dirty_ones(watched, TRUE);
}

void watched_settle(Watched *watched, const GPtrArray *documents) {
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_hash_table_remove(watched->dirty, document->path);
  }
}

static void soil(Watched *watched, const Document *document) {
  if (!g_hash_table_contains(watched->dirty, document->path))
    g_hash_table_insert(watched->dirty, g_strdup(document->path), GINT_TO_POINTER(FALSE));
}

static void touch(Watched *watched, const Document *document) {
  g_hash_table_insert(watched->dirty, g_strdup(document->path), GINT_TO_POINTER(TRUE));
}

/* --- what it depends on ---------------------------------------------------------------- */

static void watch(Watched *watched, const gchar *path) {
  g_autoptr(GError) error = NULL;
  if (!watcher_add(watched->watcher, path, &error))
    complain("%s", error->message);
}

/* Those of all documents, also where a link leads. */
static void find_places(Watched *watched) {
  const GPtrArray *documents = watched->material->bank->documents;
  g_hash_table_remove_all(watched->places);
  for (guint i = 0; i < documents->len; i++) {
    Document *document = g_ptr_array_index(documents, i);
    gchar *absolute = g_canonicalize_filename(document->path, NULL);
    gchar *real = realpath(absolute, NULL);
    if (real != NULL && strcmp(real, absolute) != 0) {
      watch(watched, real);
      g_hash_table_insert(watched->places, g_strdup(real), document);
    }
    free(real); /* libc's */
    g_hash_table_insert(watched->places, absolute, document);
  }
}

/* What is looked for beside the first document and above it may come to be there. */
static void watch_above(Watched *watched) {
  static const gchar *const names[] = {CONFIG_NAME, "fixtures", "expected"};
  const GPtrArray *documents = watched->material->bank->documents;
  const gchar *first =
      documents->len > 0 ? ((const Document *)g_ptr_array_index(documents, 0))->path : ".";
  g_autofree gchar *absolute = g_canonicalize_filename(first, NULL);
  for (gchar *slash; (slash = strrchr(absolute, '/')) != NULL && slash != absolute;) {
    *slash = '\0';
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
      g_autofree gchar *path = g_build_filename(absolute, names[i], NULL);
      watch(watched, path);
    }
  }
}

static void watch_all(Watched *watched) {
  const Material *material = watched->material;
  const Equipment *equipment = material->equipment;
  static gchar here_name[] = ".";
  static gchar *here[] = {here_name, NULL};
  gchar **paths = watched->paths != NULL && *watched->paths != NULL ? watched->paths : here;
  for (gchar **path = paths; *path != NULL; path++)
    watch(watched, *path);
  if (equipment->config != NULL)
    watch(watched, config_path(equipment->config));
  if (material->expectations != NULL)
    watch(watched, expectations_folder(material->expectations));
  watch_above(watched);
  g_hash_table_remove_all(watched->fixtures);
  for (guint i = 0; i < equipment->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(equipment->fixtures, i);
    g_autofree gchar *folder = g_path_get_dirname(fixture->path);
    g_autofree gchar *absolute = g_canonicalize_filename(folder, NULL);
    if (g_hash_table_add(watched->fixtures, g_strdup(absolute)))
      watch(watched, absolute);
  }
  find_places(watched);
}

static gboolean is_below(const gchar *lower, const gchar *upper) {
  const gchar *rest = path_behind(upper, lower);
  return rest != NULL && *rest != '\0';
}

static gboolean is_of_fixtures(const Watched *watched, const gchar *path) {
  GHashTableIter iter;
  gpointer folder;
  g_hash_table_iter_init(&iter, watched->fixtures);
  while (g_hash_table_iter_next(&iter, &folder, NULL))
    if (is_below(path, folder))
      return TRUE;
  return g_str_has_suffix(path, ".py"); /* of a folder that has none yet */
}

/* A folder of documents that went, or one that came. */
static gboolean is_folder_of_any(const Watched *watched, const gchar *path) {
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return TRUE;
  GHashTableIter iter;
  gpointer place;
  g_hash_table_iter_init(&iter, watched->places);
  while (g_hash_table_iter_next(&iter, &place, NULL))
    if (is_below(place, path))
      return TRUE;
  const Expectations *expectations = watched->material->expectations;
  g_autofree gchar *expected =
      expectations != NULL ? g_canonicalize_filename(expectations_folder(expectations), NULL)
                           : NULL;
  return expected != NULL &&
         (path_behind(expected, path) != NULL || path_behind(path, expected) != NULL);
}

gboolean watched_minds(const Watched *watched, const gchar *path, gboolean is_running) {
  g_autofree gchar *name = g_path_get_basename(path);
  const Config *config = watched->material->equipment->config;
  g_autofree gchar *configured =
      config != NULL ? g_canonicalize_filename(config_path(config), NULL) : NULL;
  /* What Python writes beside modules. */
  if (strstr(path, "__pycache__") != NULL || g_str_has_suffix(path, ".pyc"))
    return FALSE;
  if (g_hash_table_contains(watched->places, path) || path_is_document(path) ||
      g_str_equal(name, CONFIG_NAME) || g_strcmp0(path, configured) == 0)
    return TRUE;
  if (is_of_fixtures(watched, path))
    return !is_running || g_str_has_suffix(path, ".py");
  return is_folder_of_any(watched, path);
}

/* --- reading ---------------------------------------------------------------------------- */

Watched *watched_open(gchar **paths, const EquipmentArguments *equipment, Watcher *watcher,
                      WatchedReplaced replaced, gpointer data) {
  g_autoptr(Watched) watched = g_new0(Watched, 1);
  watched->paths = paths;
  watched->equipment = equipment;
  watched->watcher = watcher;
  watched->replaced = replaced;
  watched->data = data;
  watched->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  watched->fixtures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  watched->dirty = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  watched->material = material_open(files_disk(), paths, equipment);
  if (watched->material == NULL)
    return NULL;
  watch_all(watched);
  const GPtrArray *documents = watched->material->bank->documents;
  for (guint i = 0; i < documents->len; i++)
    soil(watched, g_ptr_array_index(documents, i));
  return g_steal_pointer(&watched);
}

/* The documents at these paths, each once, if nothing else changed; else NULL. */
static GPtrArray *known_documents(const Watched *watched, const GPtrArray *paths) {
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  for (guint i = 0; i < paths->len; i++) {
    Document *document = g_hash_table_lookup(watched->places, g_ptr_array_index(paths, i));
    if (document == NULL)
      return NULL;
    if (!g_ptr_array_find(documents, document, NULL))
      g_ptr_array_add(documents, document);
  }
  return g_steal_pointer(&documents);
}

/* NULL where it is not there any more, or is no document now. */
static Document *read_document(const Document *known) {
  g_autofree gchar *text = NULL;
  gsize size;
  if (!bank_file_load(files_disk(), known->path, &text, &size, NULL) ||
      g_str_has_prefix(text, "---")) /* perhaps it has become an expectation */
    return NULL;
  return bank_parse(known->path, known->name, text, size);
}

/* --- whose expectations are others --------------------------------------------------------- */

/* What is expected of the snippets of each document, as a text: gchar *, its path, to gchar *. */
static GHashTable *expected_texts(const Material *material) {
  GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const GPtrArray *documents = material->bank->documents;
  for (guint i = 0; material->expectations != NULL && i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      const Expectation *expectation = expectations_of(material->expectations, snippet, NULL);
      if (expectation == NULL)
        continue;
      g_autofree gchar *written = expectation->problem == NULL
                                      ? expectation_text_write("", 0, expectation)
                                      : g_strdup(expectation->problem);
      g_string_append_printf(text, "%u\n%s", k, written);
    }
    if (text->len > 0)
      g_hash_table_insert(texts, g_strdup(document->path), g_strdup(text->str));
  }
  return texts;
}

/* An edit may have given a file of expectations to a snippet of a document that nobody edited. */
static void soil_other_expectations(Watched *watched, GHashTable *before) {
  const GPtrArray *documents = watched->material->bank->documents;
  g_autoptr(GHashTable) now = expected_texts(watched->material);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    if (g_strcmp0(g_hash_table_lookup(before, document->path),
                  g_hash_table_lookup(now, document->path)) != 0)
      soil(watched, document);
  }
}

/* Which file belongs to which snippet is for all documents to say. */
static gboolean read_expectations(Watched *watched) {
  Material *material = watched->material;
  g_autoptr(GError) error = NULL;
  const gchar *folder = equipment_expected(material->equipment, watched->equipment->expected);
  if (expecting_read(files_disk(), folder, material->bank->documents, FALSE,
                     &material->expectations, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

/* In place of `before`, which are the bank's. FALSE after having complained;
 * *is_fit is FALSE where they must be read with the whole bank. */
static gboolean replace_documents(Watched *watched, GPtrArray *before, gboolean *is_fit) {
  g_autoptr(GError) error = NULL;
  Material *material = watched->material;
  GPtrArray *documents = material->bank->documents;
  g_autoptr(GPtrArray) after = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  for (guint i = 0; i < before->len; i++) {
    Document *document = read_document(g_ptr_array_index(before, i));
    if (document == NULL) {
      *is_fit = FALSE;
      return FALSE;
    }
    g_ptr_array_add(after, document);
  }
  if (!equipment_give(material->equipment, after, &error)) {
    complain("%s", error->message);
    return FALSE;
  }
  watched->replaced(before, after, watched->data);
  gboolean is_expected = material->expectations != NULL;
  g_autoptr(GHashTable) expected = expected_texts(material);
  g_clear_pointer(&material->expectations, expectations_free); /* they are of the old ones */
  g_ptr_array_set_free_func(after, NULL);
  for (guint i = 0; i < before->len; i++) {
    guint place;
    Document *document = g_ptr_array_index(after, i);
    touch(watched, document);
    if (!g_ptr_array_find(documents, g_ptr_array_index(before, i), &place))
      continue;
    document_free(g_ptr_array_index(documents, place));
    g_ptr_array_index(documents, place) = document;
  }
  find_places(watched);
  if (is_expected && !read_expectations(watched))
    return FALSE;
  soil_other_expectations(watched, expected);
  return TRUE;
}

static gboolean reread_all(Watched *watched, const GPtrArray *paths, gboolean is_all) {
  g_autoptr(Material) material = material_open(files_disk(), watched->paths, watched->equipment);
  if (material == NULL)
    return FALSE;
  watched->replaced(watched->material->bank->documents, material->bank->documents, watched->data);
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const GPtrArray *documents = watched->material->bank->documents;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_hash_table_add(known, g_strdup(document->path));
  }
  g_autoptr(GHashTable) expected = expected_texts(watched->material);
  g_autoptr(Material) old = g_steal_pointer(&watched->material);
  watched->material = g_steal_pointer(&material);
  watch_all(watched);
  documents = watched->material->bank->documents;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    if (!g_hash_table_contains(known, document->path))
      touch(watched, document);
    else if (is_all)
      soil(watched, document);
  }
  for (guint i = 0; i < paths->len; i++) {
    const Document *document = g_hash_table_lookup(watched->places, g_ptr_array_index(paths, i));
    if (document != NULL)
      touch(watched, document);
  }
  soil_other_expectations(watched, expected);
  return TRUE;
}

/* Whether all that changed are documents: known ones, new ones, folders of them. */
static gboolean are_documents(const Watched *watched, const GPtrArray *paths) {
  const Expectations *expectations = watched->material->expectations;
  g_autofree gchar *expected =
      expectations != NULL ? g_canonicalize_filename(expectations_folder(expectations), NULL)
                           : NULL;
  for (guint i = 0; i < paths->len; i++) {
    const gchar *path = g_ptr_array_index(paths, i);
    if (!g_hash_table_contains(watched->places, path) &&
        (!path_is_document(path) || (expected != NULL && is_below(path, expected))))
      return FALSE;
  }
  return TRUE;
}

gboolean watched_reread(Watched *watched, const GPtrArray *paths, gboolean is_lost) {
  for (guint i = 0; i < paths->len; i++)
    watched->is_stale |= is_of_fixtures(watched, g_ptr_array_index(paths, i));
  watched->is_stale |= is_lost;
  gboolean is_all = is_lost || watched->is_behind || !are_documents(watched, paths);
  g_autoptr(GPtrArray) known = is_all ? NULL : known_documents(watched, paths);
  gboolean is_fit = known != NULL;
  gboolean is_read = is_fit && replace_documents(watched, known, &is_fit);
  if (!is_fit)
    is_read = reread_all(watched, paths, is_all);
  watched->is_behind = !is_read;
  return is_read;
}
