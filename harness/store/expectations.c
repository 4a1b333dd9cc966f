#include "store/expectations.h"

#include <string.h>

#include "store/expectation_place.h"
#include "store/expectation_text.h"

#define SUFFIX ".txt"
#define KEY_LENGTH 7 /* of content ids, in the index */

/* Nobody writes a larger one. */
#define FILE_MAX ((gsize)64 << 20)

/* So many files are looked at for documents that a place may belong to. */
#define WALK_MAX 200000

/* A document that was assigned, and where its expectations belong. */
typedef struct {
  const Document *document;
  gchar *file;        /* its whole path; of its folder, the real one */
  gchar *place;       /* what the ids of its files begin with */
  gchar *problem;     /* why it can have none; or NULL */
  gboolean has_exact; /* some lie at its place */
  GPtrArray *adopted; /* tails of its place that are its own, too; borrowed */
  GHashTable *own;    /* own part of an id -> Entry *, at its place, or else at a tail of it */
  GHashTable *names;  /* own parts of its snippets */
} Home;

/* A document that a place may be a tail of: one that is there, or one that was assigned. */
typedef struct {
  gchar *stem; /* the whole path without its extension */
  Home *home;  /* NULL where it was not assigned */
  gboolean is_hidden;
} Known;

typedef enum {
  OWNER_GONE,     /* no document is there */
  OWNER_UNCLEAR,  /* one of several */
  OWNER_NOT_READ, /* one that is there, and was not assigned */
  OWNER_READ,
} OwnerKind;

typedef struct {
  Expectation *expectation;
  const Snippet *snippet; /* whose it is; NULL for none */
  gboolean is_moved;      /* it lies where another id would */
  OwnerKind owner;
  Home *home;            /* of OWNER_READ */
  gsize place_length;    /* of what stands for the document in its id */
  const gchar *tail;     /* that, where it is but the end of the document's place; or NULL */
  gboolean is_contested; /* its place may be that of a document which was not assigned, too */
} Entry;

struct Expectations {
  const Files *files;
  gchar *folder;
  gchar *root; /* whose documents they are of: the folder above, ends in '/' */
  gchar *real_folder;
  GPtrArray *entries;     /* Entry *, owned, in order of their paths */
  GHashTable *by_id;      /* gchar * -> Entry * */
  GHashTable *by_content; /* first digits of the content id -> GPtrArray of Entry * */
  GHashTable *by_snippet; /* const Snippet * -> Entry * */
  GPtrArray *homes;       /* Home *, owned */
  GHashTable *by_place;   /* gchar * -> Home * */
  GHashTable *by_file;    /* gchar * -> Home * */
  GHashTable *own;        /* const Snippet * -> its id without the document's name, owned */
  GHashTable *is_live;    /* place -> whether a document is there, as it was found */
  GHashTable *by_end;     /* last part of a stem -> GPtrArray of Known *; NULL until needed */
  GPtrArray *known;       /* Known *, owned */
  GHashTable *tails;      /* strings that entries borrow */
  guint walked;
  gboolean is_incomplete; /* not all documents are known */
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
static void lists_add(GHashTable *lists, gchar *key, gpointer entry) {
  GPtrArray *list = g_hash_table_lookup(lists, key);
  if (list == NULL) {
    list = g_ptr_array_new();
    g_hash_table_insert(lists, g_strdup(key), list);
  }
  g_ptr_array_add(list, entry);
  g_free(key);
}

static void home_free(gpointer data) {
  Home *home = data;
  g_free(home->file);
  g_free(home->place);
  g_free(home->problem);
  g_ptr_array_unref(home->adopted);
  g_hash_table_unref(home->own);
  g_hash_table_unref(home->names);
  g_free(home);
}

static void known_free(gpointer data) {
  Known *known = data;
  g_free(known->stem);
  g_free(known);
}

/* --- reading ------------------------------------------------------------------- */

static gint by_path(gconstpointer left, gconstpointer right) {
  const Entry *one = *(Entry *const *)left, *other = *(Entry *const *)right;
  return strcmp(one->expectation->path, other->expectation->path);
}

/* Does not fail: what is wrong becomes the problem of the expectation. */
static Expectation *file_read(const Files *files, const gchar *path, const gchar *id) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = NULL;
  gsize size = 0;
  Expectation *expectation = NULL;
  if (files_read(files, path, FILE_MAX, &text, &size, &error))
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
  const Files *files = expectations->files;
  g_autoptr(GPtrArray) found = files_list(files, folder, error);
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++) {
    const FileEntry *file = g_ptr_array_index(found, i);
    g_autofree gchar *path = g_build_filename(folder, file->name, NULL);
    if (file->kind == FILE_REGULAR && *file->name != '.' && g_str_has_suffix(file->name, SUFFIX)) {
      g_autofree gchar *id =
          g_strdup_printf("%s%.*s", prefix, (int)(strlen(file->name) - strlen(SUFFIX)), file->name);
      Entry *entry = g_new0(Entry, 1);
      entry->expectation = file_read(files, path, id);
      g_ptr_array_add(expectations->entries, entry);
    } else if (file->kind == FILE_FOLDER && !file->is_link) {
      g_autofree gchar *below = g_strconcat(prefix, file->name, "/", NULL);
      if (!folder_read(expectations, path, below, error))
        return FALSE;
    }
  }
  return TRUE;
}

Expectations *expectations_read(const Files *files, const gchar *folder, GError **error) {
  g_autoptr(Expectations) expectations = g_new0(Expectations, 1);
  expectations->files = files;
  expectations->folder = g_strdup(folder);
  expectations->entries = g_ptr_array_new_with_free_func(entry_free);
  expectations->by_id = g_hash_table_new(g_str_hash, g_str_equal);
  expectations->by_content = lists_new();
  expectations->by_snippet = g_hash_table_new(NULL, NULL);
  expectations->homes = g_ptr_array_new_with_free_func(home_free);
  expectations->by_place = g_hash_table_new(g_str_hash, g_str_equal);
  expectations->by_file = g_hash_table_new(g_str_hash, g_str_equal);
  expectations->own = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  expectations->is_live = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  expectations->known = g_ptr_array_new_with_free_func(known_free);
  expectations->tails = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gchar *whole = g_canonicalize_filename(folder, NULL);
  g_autofree gchar *above = g_path_get_dirname(whole);
  g_autofree gchar *root = files_real(files, above);
  expectations->root = g_str_equal(root, "/") ? g_strdup("/") : g_strconcat(root, "/", NULL);
  expectations->real_folder = files_real(files, folder);
  if (files_kind(files, folder) != FILE_MISSING && !folder_read(expectations, folder, "", error))
    return NULL;
  g_ptr_array_sort(expectations->entries, by_path);
  for (guint i = 0; i < expectations->entries->len; i++) {
    Entry *entry = g_ptr_array_index(expectations->entries, i);
    const Expectation *expectation = entry->expectation;
    g_hash_table_insert(expectations->by_id, expectation->id, entry);
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
  g_hash_table_unref(expectations->by_content);
  g_hash_table_unref(expectations->by_snippet);
  g_hash_table_unref(expectations->by_place);
  g_hash_table_unref(expectations->by_file);
  g_hash_table_unref(expectations->own);
  g_hash_table_unref(expectations->is_live);
  g_clear_pointer(&expectations->by_end, g_hash_table_unref);
  g_hash_table_unref(expectations->tails);
  g_ptr_array_unref(expectations->known);
  g_ptr_array_unref(expectations->homes);
  g_free(expectations->root);
  g_free(expectations->real_folder);
  g_free(expectations);
}

/* --- where a document's belong -------------------------------------------------- */

/* Whether a document whose place this is lies there. */
static gboolean place_is_live(Expectations *expectations, const gchar *place) {
  gpointer known;
  if (g_hash_table_lookup_extended(expectations->is_live, place, NULL, &known))
    return GPOINTER_TO_INT(known);
  gboolean is_live = place_is_taken(expectations->files, expectations->root, place);
  g_autofree gchar *root = g_strdup(expectations->root);
  for (const gchar *at = place; !is_live && g_str_has_prefix(at, "up/");) {
    at += strlen("up/");
    g_autofree gchar *up = g_strconcat(root, "../", NULL);
    is_live = place_is_taken(expectations->files, up, at);
    g_free(root);
    root = g_steal_pointer(&up);
  }
  g_hash_table_insert(expectations->is_live, g_strdup(place), GINT_TO_POINTER(is_live));
  return is_live;
}

/* The id without the document's name. What the bank put at its end to tell it from one in
 * another document ("13~2.1") depends on what else was read: each document counts anew. */
static gchar *own_part(const Document *document, const Snippet *snippet, GHashTable *copies) {
  gsize length = strlen(document->name);
  const gchar *own = snippet->id;
  if (g_str_has_prefix(own, document->name) && own[length] == '/')
    own += length + 1;
  const gchar *dot = strrchr(own, '.');
  if (dot == NULL)
    return g_strdup(own);
  const gchar *end = dot;
  while (end > own && g_ascii_isdigit(end[-1]))
    end--;
  end = end > own && end < dot && end[-1] == '~' ? end - 1 : dot;
  g_autofree gchar *base = g_strndup(own, (gsize)(end - own));
  gchar *whole = g_strndup(own, (gsize)(dot - own));
  GPtrArray *list = g_hash_table_lookup(copies, base);
  guint copy = 0;
  if (list == NULL || !g_ptr_array_find_with_equal_func(list, whole, g_str_equal, &copy)) {
    copy = list != NULL ? list->len : 0;
    lists_add(copies, g_strdup(base), whole);
    list = g_hash_table_lookup(copies, base);
    g_ptr_array_set_free_func(list, g_free);
  } else {
    g_free(whole);
  }
  return copy == 0 ? g_strconcat(base, dot, NULL) : g_strdup_printf("%s~%u%s", base, copy + 1, dot);
}

static void add_home(Expectations *expectations, const Document *document) {
  g_autofree gchar *whole = g_canonicalize_filename(document->path, NULL);
  g_autofree gchar *above = g_path_get_dirname(whole);
  g_autofree gchar *base = g_path_get_basename(whole);
  g_autofree gchar *folder = files_real(expectations->files, above);
  g_autoptr(GHashTable) copies = lists_new();
  Home *home = g_new0(Home, 1);
  home->document = document;
  home->file = g_build_filename(folder, base, NULL);
  home->place = place_of(expectations->root, home->file);
  home->adopted = g_ptr_array_new();
  home->own = g_hash_table_new(g_str_hash, g_str_equal);
  home->names = g_hash_table_new(g_str_hash, g_str_equal);
  home->problem = g_strdup(place_problem(home->place));
  g_ptr_array_add(expectations->homes, home);
  g_hash_table_insert(expectations->by_file, home->file, home);
  if (home->problem == NULL && strchr(base, '.') == NULL) {
    g_autofree gchar *other = g_strconcat(home->file, ".md", NULL);
    if (path_is_file(expectations->files, other))
      home->problem = g_strdup("its place is that of the .md of the same name");
  }
  if (home->problem == NULL && g_hash_table_contains(expectations->by_place, home->place))
    home->problem = g_strdup("its place is that of another document");
  if (home->problem == NULL)
    g_hash_table_insert(expectations->by_place, home->place, home);
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    gchar *own = own_part(document, snippet, copies);
    g_hash_table_insert(expectations->own, (gpointer)snippet, own);
    g_hash_table_add(home->names, own);
  }
}

static Home *home_of(const Expectations *expectations, const Snippet *snippet) {
  for (guint i = 0; i < expectations->homes->len; i++) {
    Home *home = g_ptr_array_index(expectations->homes, i);
    if (home->document == snippet->document)
      return home;
  }
  return NULL;
}

/* --- which document a file belongs to ------------------------------------------- */

static void add_known(Expectations *expectations, const gchar *file, Home *home,
                      gboolean is_hidden) {
  const gchar *base = strrchr(file, '/') + 1, *dot = strrchr(base, '.');
  gsize length = dot != NULL && dot > base ? (gsize)(dot - file) : strlen(file);
  Known *known = g_new0(Known, 1);
  known->stem = g_strndup(file, length);
  known->home = home;
  known->is_hidden = is_hidden && home == NULL;
  g_ptr_array_add(expectations->known, known);
  lists_add(expectations->by_end, g_strdup(known->stem + (base - file)), known);
}

static void walk(Expectations *expectations, const gchar *folder, gboolean is_hidden) {
  g_autoptr(GPtrArray) found = files_list(expectations->files, folder, NULL);
  if (found == NULL) {
    expectations->is_incomplete = TRUE;
    return;
  }
  for (guint i = 0; i < found->len; i++) {
    const FileEntry *file = g_ptr_array_index(found, i);
    if (strcmp(file->name, ".git") == 0)
      continue;
    if (++expectations->walked > WALK_MAX) {
      expectations->is_incomplete = TRUE;
      break;
    }
    gboolean is_folder = file->kind == FILE_FOLDER && !file->is_link;
    if (!is_folder && !path_is_document(file->name))
      continue;
    g_autofree gchar *path = g_strconcat(folder, file->name, NULL);
    if (is_folder) {
      g_autofree gchar *below = g_strconcat(path, "/", NULL);
      if (strcmp(path, expectations->real_folder) != 0)
        walk(expectations, below, is_hidden || *file->name == '.');
    } else if ((file->kind == FILE_REGULAR || file->kind == FILE_UNKNOWN) &&
               !g_hash_table_contains(expectations->by_file, path)) {
      add_known(expectations, path, NULL, is_hidden);
    }
  }
}

/* All documents: only where a file lies at the place of none. */
static void find_documents(Expectations *expectations) {
  if (expectations->by_end != NULL)
    return;
  expectations->by_end = lists_new();
  for (guint i = 0; i < expectations->homes->len; i++) {
    Home *home = g_ptr_array_index(expectations->homes, i);
    add_known(expectations, home->file, home, FALSE);
  }
  walk(expectations, expectations->root, FALSE);
}

static gboolean stem_ends_in(const gchar *stem, const gchar *place) {
  gsize length = strlen(stem), end = strlen(place);
  return length > end && stem[length - end - 1] == '/' && g_str_has_suffix(stem, place);
}

/* By the end of a document's path: that of one document alone. */
static void find_owner_by_tail(Expectations *expectations, Entry *entry) {
  const gchar *id = entry->expectation->id;
  const Known *found = NULL;
  guint seen = 0, hidden = 0;
  find_documents(expectations);
  for (gsize length = strlen(id); length > 0; length--) {
    if (id[length] != '/')
      continue;
    g_autofree gchar *place = g_strndup(id, length);
    const gchar *slash = strrchr(place, '/');
    const GPtrArray *list =
        g_hash_table_lookup(expectations->by_end, slash != NULL ? slash + 1 : place);
    for (guint i = 0; list != NULL && i < list->len; i++) {
      const Known *known = g_ptr_array_index(list, i);
      if (known == found || !stem_ends_in(known->stem, place))
        continue;
      hidden += known->is_hidden;
      if (known->is_hidden)
        continue;
      seen++;
      found = known;
      entry->place_length = length;
    }
  }
  if (seen > 1 || (seen == 0 && hidden > 0) || expectations->is_incomplete)
    entry->owner = OWNER_UNCLEAR;
  else if (seen == 0)
    entry->owner = OWNER_GONE;
  else if (found->home == NULL || found->home->problem != NULL)
    entry->owner = OWNER_NOT_READ;
  else {
    gchar *tail = g_strndup(id, entry->place_length);
    entry->owner = OWNER_READ;
    entry->home = found->home;
    entry->tail = g_hash_table_lookup(expectations->tails, tail);
    if (entry->tail == NULL) {
      g_hash_table_add(expectations->tails, tail);
      entry->tail = tail;
    } else {
      g_free(tail);
    }
  }
}

/* The longest place that has a document: "guide/intro/1.1" is of guide/intro.md before it
 * is of guide.md. NULL with is_live FALSE where there is none at all. */
static Home *owner_of_id(Expectations *expectations, const gchar *id, gsize *place_length,
                         gboolean *is_live, gboolean *is_contested) {
  Home *owner = NULL;
  *is_live = *is_contested = FALSE;
  for (gsize length = strlen(id); length > 0; length--) {
    if (id[length] != '/')
      continue;
    g_autofree gchar *place = g_strndup(id, length);
    Home *home = g_hash_table_lookup(expectations->by_place, place);
    if (home == NULL && !place_is_live(expectations, place))
      continue;
    if (*is_live) {
      *is_contested |= home == NULL;
      continue;
    }
    *is_live = TRUE;
    *place_length = length;
    owner = home;
  }
  return owner;
}

static void find_owner(Expectations *expectations, Entry *entry) {
  gboolean is_live;
  entry->home = owner_of_id(expectations, entry->expectation->id, &entry->place_length, &is_live,
                            &entry->is_contested);
  if (!is_live)
    find_owner_by_tail(expectations, entry);
  else
    entry->owner = entry->home != NULL ? OWNER_READ : OWNER_NOT_READ;
  if (entry->owner != OWNER_READ)
    return;
  Home *home = entry->home;
  const gchar *own = entry->expectation->id + entry->place_length + 1;
  home->has_exact |= entry->tail == NULL;
  const Entry *other = g_hash_table_lookup(home->own, own);
  if (other == NULL || (other->tail != NULL && entry->tail == NULL))
    g_hash_table_insert(home->own, (gpointer)own, entry);
}

/* A tail is the place of a document where something at it was accepted for what that says. */
static gboolean is_adopted(const Entry *entry) {
  return entry->tail == NULL || g_ptr_array_find(entry->home->adopted, entry->tail, NULL);
}

/* --- whose is which ------------------------------------------------------------ */

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

/* Whether a file may leave its place for a snippet elsewhere. */
static gboolean may_move(const Entry *entry, const Home *home) {
  if (entry->owner == OWNER_GONE)
    return TRUE;
  if (entry->owner != OWNER_READ || entry->is_contested)
    return FALSE;
  const gchar *own = entry->expectation->id + entry->place_length + 1;
  return entry->home == home || !g_hash_table_contains(entry->home->names, own);
}

/* One of the rules of the header, for a snippet that has none yet. */
static void rule_apply(Expectations *expectations, guint rule, Home *home, const Snippet *snippet) {
  if (g_hash_table_contains(expectations->by_snippet, snippet))
    return;
  Entry *given = NULL;
  if (rule == 2) {
    g_autofree gchar *key = g_strndup(snippet->content_id, KEY_LENGTH);
    const GPtrArray *list = g_hash_table_lookup(expectations->by_content, key);
    for (guint i = 0; given == NULL && list != NULL && i < list->len; i++) {
      Entry *entry = g_ptr_array_index(list, i);
      if (entry->snippet == NULL && is_for_content(entry->expectation, snippet) &&
          may_move(entry, home))
        given = entry;
    }
  } else {
    Entry *entry = g_hash_table_lookup(home->own, g_hash_table_lookup(expectations->own, snippet));
    if (entry != NULL && entry->snippet == NULL &&
        (rule == 3 ? is_adopted(entry) : is_for_content(entry->expectation, snippet)))
      given = entry;
  }
  if (given == NULL)
    return;
  entry_give(expectations, given, snippet, rule == 2);
  if (given->home == home && !is_adopted(given))
    g_ptr_array_add(home->adopted, (gpointer)given->tail);
}

void expectations_assign(Expectations *expectations, const GPtrArray *documents) {
  for (guint i = 0; i < documents->len; i++)
    add_home(expectations, g_ptr_array_index(documents, i));
  for (guint i = 0; i < expectations->entries->len; i++)
    find_owner(expectations, g_ptr_array_index(expectations->entries, i));
  for (guint rule = 1; rule <= 3; rule++)
    for (guint i = 0; i < expectations->homes->len; i++) {
      Home *home = g_ptr_array_index(expectations->homes, i);
      const GPtrArray *snippets = home->document->snippets;
      for (guint j = 0; home->problem == NULL && j < snippets->len; j++)
        rule_apply(expectations, rule, home, g_ptr_array_index(snippets, j));
    }
}

const Expectation *expectations_of(const Expectations *expectations, const Snippet *snippet,
                                   gboolean *is_moved) {
  const Entry *entry = g_hash_table_lookup(expectations->by_snippet, snippet);
  if (is_moved != NULL)
    *is_moved = entry != NULL && entry->is_moved;
  return entry != NULL ? entry->expectation : NULL;
}

static void set_problem(GError **error, const Snippet *snippet, const gchar *problem) {
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not accepted: %s", snippet->id,
              problem);
}

gchar *expectations_path(Expectations *expectations, const Snippet *snippet, GError **error) {
  const Entry *entry = g_hash_table_lookup(expectations->by_snippet, snippet);
  if (entry != NULL && !entry->is_moved)
    return g_strdup(entry->expectation->path);
  const Home *home = home_of(expectations, snippet);
  const gchar *own = g_hash_table_lookup(expectations->own, snippet);
  const gchar *problem = home == NULL ? "its document was not read" : home->problem;
  /* Beside those that it has: where those were accepted from another folder, at that place. */
  gboolean is_exact = home != NULL && (home->has_exact || home->adopted->len == 0);
  for (; problem == NULL; is_exact = TRUE) {
    const gchar *place = is_exact ? home->place : g_ptr_array_index(home->adopted, 0);
    g_autofree gchar *id = g_strconcat(place, "/", own, NULL);
    gsize length;
    gboolean is_live, is_contested;
    const Home *owner = owner_of_id(expectations, id, &length, &is_live, &is_contested);
    if (is_live ? owner == home : !is_exact) {
      g_autofree gchar *name = g_strconcat(id, SUFFIX, NULL);
      problem = place_problem(id);
      if (problem == NULL)
        return g_build_filename(expectations->folder, name, NULL);
    } else if (is_exact) {
      problem = "its place belongs to another document";
    }
  }
  set_problem(error, snippet, problem);
  return NULL;
}

/* --- what is left -------------------------------------------------------------- */

GPtrArray *expectations_stale(const Expectations *expectations, gboolean is_whole) {
  GPtrArray *stale = g_ptr_array_new();
  for (guint i = 0; i < expectations->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(expectations->entries, i);
    if (entry->snippet != NULL || entry->expectation->problem != NULL)
      continue;
    gboolean is_stale = entry->owner == OWNER_READ ? !entry->is_contested && is_adopted(entry)
                                                   : is_whole && entry->owner == OWNER_GONE;
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

const Snippet *expectations_owner(const Expectations *expectations, const gchar *path) {
  for (guint i = 0; i < expectations->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(expectations->entries, i);
    if (g_str_equal(entry->expectation->path, path))
      return entry->snippet;
  }
  return NULL;
}
