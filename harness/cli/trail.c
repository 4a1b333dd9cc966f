#include "cli/trail.h"

#include <string.h>

#include "bank/session.h"
#include "cli/common.h"

/* Of so many readings it is asked whether another commit is the same. */
#define READINGS_ASKED 16u

/* A bank as it was read once. */
typedef struct {
  Files *files;
  GStrv paths;        /* that it was read by; NULL: the current folder */
  Material *material; /* NULL with a problem, and where nothing is there */
  gchar *problem;     /* NULL where it is merely not there yet */
} Reading;

/* A stand, and what its parents are followed from. */
typedef struct {
  Stand stand;
  Reading *reading;
  Reading *anchor;         /* the nearest one with the snippet: this one, or a descendant's */
  const Snippet *anchored; /* the snippet in that */
  TrailState *state;       /* and its state */
} Post;

struct Trail {
  Repository *repository;
  const EquipmentArguments *equipment;
  const gchar *expected;
  GDestroyNotify free_judged;
  GPtrArray *readings; /* Reading *, owned, in the order of their making */
  GPtrArray *states;   /* TrailState *, owned */
  GHashTable *posts;   /* id of a commit -> Post *, owned */
};

static void reading_free(gpointer data) {
  Reading *reading = data;
  if (reading == NULL)
    return;
  g_clear_pointer(&reading->material, material_free);
  files_free(reading->files);
  g_strfreev(reading->paths);
  g_free(reading->problem);
  g_free(reading);
}

static void post_free(gpointer data) {
  Post *post = data;
  g_free(post->stand.problem);
  g_free(post);
}

static const Expectation *expectation_of(const Snippet *snippet, gpointer data) {
  const Material *material = data;
  return material->expectations != NULL ? expectations_of(material->expectations, snippet, NULL)
                                        : NULL;
}

static GPtrArray *earlier_of(const Snippet *snippet, G_GNUC_UNUSED gpointer data) {
  return session_of(snippet);
}

static ChangesSide side_of(const Reading *reading) {
  return (ChangesSide){earlier_of, expectation_of, reading->material};
}

static TrailState *state_new(Trail *trail, const Material *material, const Snippet *snippet) {
  TrailState *state = g_new0(TrailState, 1);
  state->material = material;
  state->snippet = snippet;
  g_ptr_array_add(trail->states, state);
  return state;
}

/* --- reading ------------------------------------------------------------------------------- */

static gboolean is_there(const Files *files, gchar **paths) {
  for (; paths != NULL && *paths != NULL; paths++) {
    if (files_kind(files, *paths) == FILE_MISSING)
      return FALSE;
  }
  return TRUE;
}

/* Takes files over. What would be complained about becomes the problem. */
static Reading *read_bank(Trail *trail, Files *files, gchar **paths) {
  Reading *reading = g_new0(Reading, 1);
  reading->files = files;
  reading->paths = g_strdupv(paths);
  g_ptr_array_add(trail->readings, reading);
  if (!is_there(files, paths))
    return reading;
  g_autoptr(GString) complaints = g_string_new(NULL);
  complaints_catch(complaints);
  reading->material = material_open(files, reading->paths, trail->equipment, trail->expected);
  complaints_catch(NULL);
  if (reading->material == NULL)
    reading->problem = g_strdup(complaints->str);
  return reading;
}

static gboolean has_paths(const Reading *reading, const Reading *other) {
  if (reading->paths == NULL || other->paths == NULL)
    return reading->paths == other->paths;
  return g_strv_equal((const gchar *const *)reading->paths, (const gchar *const *)other->paths);
}

/* What is read at a commit by the paths of a reading at a child of it. */
static Reading *reading_at(Trail *trail, const Commit *commit, Reading *child) {
  if (repository_answers_same(trail->repository, child->files, commit))
    return child;
  guint least = trail->readings->len - MIN(trail->readings->len, READINGS_ASKED);
  for (guint i = trail->readings->len; i > least; i--) {
    Reading *reading = g_ptr_array_index(trail->readings, i - 1);
    if (reading->files != NULL && has_paths(reading, child) &&
        repository_answers_same(trail->repository, reading->files, commit))
      return reading;
  }
  g_autoptr(GError) error = NULL;
  Files *files = repository_files(trail->repository, commit, &error);
  if (files != NULL)
    return read_bank(trail, files, child->paths);
  Reading *none = g_new0(Reading, 1);
  none->paths = g_strdupv(child->paths);
  none->problem = g_strdup(error->message);
  g_ptr_array_add(trail->readings, none);
  return none;
}

/* --- following ------------------------------------------------------------------------------ */

/* Sets the snippet where it is in a reading, and what changed since. */
static gboolean find_in(Reading *older, const Reading *newer, const Snippet *snippet,
                        const Snippet **found, Changes *changes) {
  if (older->material == NULL)
    return FALSE;
  g_autoptr(Lineage) lineage =
      lineage_new(older->material->bank->documents, newer->material->bank->documents);
  const Kin *kin = lineage_of(lineage, snippet);
  if (kin == NULL || kin->before == NULL)
    return FALSE;
  ChangesSide before = side_of(older);
  ChangesSide after = side_of(newer);
  *found = kin->before;
  *changes = changes_of(kin, &before, &after);
  return TRUE;
}

/* As it is written from the current folder, where it lies below that. */
static gchar *path_from_here(const gchar *path) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *here = g_get_current_dir();
  gsize size = strlen(here);
  gboolean is_below = strncmp(whole, here, size) == 0 && whole[size] == '/';
  return is_below ? g_strdup(whole + size + 1) : g_steal_pointer(&whole);
}

/* The path of the document in which it was, looked for in the whole of the repository; NULL for
 * none. Caller frees. */
static gchar *find_anywhere(const Trail *trail, const Files *older, const Files *newer,
                            const Snippet *snippet) {
  const gchar *root[] = {repository_root(trail->repository), NULL};
  g_autoptr(Bank) before = bank_read(older, root, NULL);
  g_autoptr(Bank) after = bank_read(newer, root, NULL);
  g_autofree gchar *path = g_canonicalize_filename(snippet->document->path, NULL);
  if (before == NULL || after == NULL)
    return NULL;
  for (guint i = 0; i < after->documents->len; i++) {
    const Document *document = g_ptr_array_index(after->documents, i);
    g_autofree gchar *other = g_canonicalize_filename(document->path, NULL);
    if (!g_str_equal(path, other))
      continue;
    guint number = 0; /* the same document, so that its snippets are the same */
    while (number < snippet->document->snippets->len &&
           g_ptr_array_index(snippet->document->snippets, number) != (gconstpointer)snippet)
      number++;
    if (number >= document->snippets->len)
      return NULL;
    g_autoptr(Lineage) lineage = lineage_new(before->documents, after->documents);
    const Kin *kin = lineage_of(lineage, g_ptr_array_index(document->snippets, number));
    return kin != NULL && kin->before != NULL ? path_from_here(kin->before->document->path) : NULL;
  }
  return NULL;
}

/* Whether the paths name less than the whole tree. */
static gboolean is_narrow(const Trail *trail, const Reading *reading) {
  if (reading->paths != NULL && reading->paths[0] != NULL && reading->paths[1] != NULL)
    return TRUE;
  const gchar *path = reading->paths != NULL && reading->paths[0] != NULL ? reading->paths[0] : ".";
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *root = g_canonicalize_filename(repository_root(trail->repository), NULL);
  return !g_str_equal(whole, root);
}

/* Where it cannot be found, or looks as if it had been edited, where the paths lead, it may have
 * come from elsewhere. */
static gboolean find(Trail *trail, const Commit *commit, const Post *child, Reading **reading,
                     const Snippet **found, Changes *changes) {
  gboolean is_found = find_in(*reading, child->anchor, child->anchored, found, changes);
  if ((is_found && !(*changes & CHANGE_CODE)) || (*reading)->problem != NULL ||
      !is_narrow(trail, *reading))
    return is_found;
  g_autofree gchar *path =
      find_anywhere(trail, (*reading)->files, child->anchor->files, child->anchored);
  if (path == NULL)
    return FALSE;
  if (is_found) {
    g_autofree gchar *here = g_canonicalize_filename((*found)->document->path, NULL);
    g_autofree gchar *there = g_canonicalize_filename(path, NULL);
    if (g_str_equal(here, there))
      return TRUE;
  }
  gchar *paths[] = {path, NULL};
  Files *files = repository_files(trail->repository, commit, NULL);
  if (files == NULL)
    return FALSE;
  *reading = read_bank(trail, files, paths);
  return find_in(*reading, child->anchor, child->anchored, found, changes);
}

static Post *post_add(Trail *trail, const Commit *commit, Reading *reading) {
  Post *post = g_new0(Post, 1);
  post->stand.commit = commit;
  post->reading = reading;
  g_hash_table_insert(trail->posts, commit->id, post);
  return post;
}

static void post_fill(Post *post, const Snippet *snippet, TrailState *state) {
  post->stand.material = post->reading->material;
  post->stand.snippet = snippet;
  post->stand.state = state;
  post->anchor = post->reading;
  post->anchored = snippet;
  post->state = state;
}

const Stand *trail_look(Trail *trail, const Commit *commit, const Commit *child) {
  const Stand *known = trail_stand(trail, commit);
  const Post *from =
      known == NULL && child != NULL ? g_hash_table_lookup(trail->posts, child->id) : NULL;
  if (known != NULL || from == NULL)
    return known;

  Reading *reading = from->anchor != NULL ? reading_at(trail, commit, from->anchor) : from->reading;
  const Snippet *snippet = NULL;
  Changes changes = 0;
  if (from->anchor == NULL) {
    /* It was not there, and is not followed any further. */
  } else if (reading == from->anchor) {
    snippet = from->anchored;
  } else {
    find(trail, commit, from, &reading, &snippet, &changes);
  }
  Post *post = post_add(trail, commit, reading);
  post->stand.changes = changes;
  if (snippet != NULL) {
    post_fill(post, snippet,
              changes == 0 ? from->state : state_new(trail, reading->material, snippet));
  } else if (reading->problem != NULL) {
    post->stand.problem = g_strdup(reading->problem);
    post->anchor = from->anchor;
    post->anchored = from->anchored;
    post->state = from->state;
  } else {
    post->stand.material = reading->material;
  }
  return &post->stand;
}

const Stand *trail_stand(const Trail *trail, const Commit *commit) {
  const Post *post = g_hash_table_lookup(trail->posts, commit->id);
  return post != NULL ? &post->stand : NULL;
}

/* --- its life ------------------------------------------------------------------------------ */

static void state_free(gpointer data, GDestroyNotify free_judged) {
  TrailState *state = data;
  if (free_judged != NULL && state->judged != NULL)
    free_judged(state->judged);
  g_free(state);
}

Trail *trail_begin(Repository *repository, const Commit *commit, const gchar *reference,
                   gchar **paths, const EquipmentArguments *equipment, const gchar *expected,
                   GDestroyNotify free_judged) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Trail) trail = g_new0(Trail, 1);
  trail->repository = repository;
  trail->equipment = equipment;
  trail->expected = expected;
  trail->free_judged = free_judged;
  trail->readings = g_ptr_array_new_with_free_func(reading_free);
  trail->states = g_ptr_array_new();
  trail->posts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, post_free);

  Reading *reading = g_new0(Reading, 1);
  g_ptr_array_add(trail->readings, reading);
  reading->files = repository_files(repository, commit, &error);
  if (reading->files == NULL) {
    complain("%s", error->message);
    return NULL;
  }
  reading->material =
      material_open_for(MATERIAL_EXPECTED, reference, reading->files, paths, equipment, expected);
  if (reading->material == NULL)
    return NULL;
  /* Of FILE:LINE without paths only the file was read. */
  const Snippet *snippet = reading->material->subject;
  gchar *document[] = {snippet->document->path, NULL};
  gboolean is_document = (paths == NULL || *paths == NULL) &&
                         reading->material->bank->documents->len == 1 &&
                         strchr(reference, ':') != NULL;
  reading->paths = g_strdupv(is_document ? document : paths);
  Post *post = post_add(trail, commit, reading);
  post_fill(post, snippet, state_new(trail, reading->material, snippet));
  return g_steal_pointer(&trail);
}

const GPtrArray *trail_states(const Trail *trail) {
  return trail->states;
}

guint trail_commits(const Trail *trail) {
  return g_hash_table_size(trail->posts);
}

guint trail_readings(const Trail *trail) {
  return trail->readings->len;
}

void trail_free(Trail *trail) {
  if (trail == NULL)
    return;
  g_hash_table_unref(trail->posts);
  for (guint i = 0; i < trail->states->len; i++)
    state_free(g_ptr_array_index(trail->states, i), trail->free_judged);
  g_ptr_array_unref(trail->states);
  g_ptr_array_unref(trail->readings);
  g_free(trail);
}
