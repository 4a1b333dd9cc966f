#include "cli/trail.h"

#include <string.h>

#include "bank/session.h"
#include "cli/common.h"

/* Of so many readings it is asked whether another commit is the same. */
#define READINGS_ASKED 16u

/* At so many commits behind one without the snippet it is looked for. */
#define BEHIND_MOST 8u

/* A bank as it was read once. */
typedef struct {
  Files *files;
  GStrv paths;            /* that it was read by; NULL: the current folder */
  Material *material;     /* NULL with a problem, and where nothing is there */
  gchar *problem;         /* NULL where it is merely not there yet */
  const Snippet *subject; /* whose `others` were asked for last */
  GPtrArray *others;      /* gchar *: as others_of() says */
} Reading;

/* A stand, and what its parents are followed from. */
typedef struct {
  Stand stand;
  Reading *reading;
  Reading *anchor;         /* the nearest one with the snippet: this one, or a descendant's */
  const Snippet *anchored; /* the snippet in that */
  TrailState *state;       /* and its state */
  gboolean is_behind;      /* the anchor's bank may have other texts of other documents */
} Post;

struct Trail {
  Repository *repository;
  const EquipmentArguments *equipment;
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
  g_clear_pointer(&reading->others, g_ptr_array_unref);
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

static Changes changes_between(const Material *before, const Material *after, const Kin *kin) {
  const ChangesSide old = {earlier_of, expectation_of, (gpointer)before};
  const ChangesSide new = {earlier_of, expectation_of, (gpointer)after};
  return changes_of(kin, &old, &new);
}

static TrailState *state_new(Trail *trail, const Material *material, const Snippet *snippet) {
  TrailState *state = g_new0(TrailState, 1);
  state->material = material;
  state->snippet = snippet;
  g_ptr_array_add(trail->states, state);
  return state;
}

/* The one in which all is as it is here, which another branch may have led to; or a new one. */
static TrailState *state_of(Trail *trail, const Material *material, const Snippet *snippet) {
  for (guint i = 0; i < trail->states->len; i++) {
    TrailState *state = g_ptr_array_index(trail->states, i);
    const Kin kin = {.before = snippet, .after = state->snippet};
    if (g_str_equal(state->snippet->content_id, snippet->content_id) &&
        changes_between(material, state->material, &kin) == 0)
      return state;
  }
  return state_new(trail, material, snippet);
}

/* --- reading ------------------------------------------------------------------------------- */

static gboolean is_there(const Files *files, gchar **paths) {
  for (; paths != NULL && *paths != NULL; paths++) {
    if (files_kind(files, *paths) == FILE_MISSING)
      return FALSE;
  }
  return TRUE;
}

/* Takes files over. */
static Reading *read_bank(Trail *trail, Files *files, gchar **paths) {
  Reading *reading = g_new0(Reading, 1);
  reading->files = files;
  reading->paths = g_strdupv(paths);
  g_ptr_array_add(trail->readings, reading);
  if (!is_there(files, paths))
    return reading;
  g_autoptr(GError) error = NULL;
  reading->material =
      material_read(MATERIAL_EXPECTED, files, reading->paths, trail->equipment, &error);
  if (reading->material == NULL)
    reading->problem = g_strdup(error->message);
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

/* --- what other documents decide ------------------------------------------------------------ */

static gboolean is_accepted_for(const Expectation *expectation, const Snippet *snippet) {
  return expectation->content_id == NULL ||
         g_str_has_prefix(snippet->content_id, expectation->content_id);
}

/* Whether it has the expectation that it has, or none, whatever other documents say: none but its
 * own was accepted for its content, and none has moved (store/expectations.h). */
static gboolean is_expected_alone(const Material *material, const Snippet *snippet) {
  if (material->expectations == NULL)
    return TRUE;
  const Expectation *own = expectations_of(material->expectations, snippet, NULL);
  g_autoptr(GPtrArray) stale = expectations_stale(material->expectations, TRUE);
  for (guint i = 0; i < stale->len; i++)
    if (is_accepted_for(g_ptr_array_index(stale, i), snippet))
      return FALSE;
  for (guint i = 0; i < material->bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(material->bank->documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *other = g_ptr_array_index(document->snippets, k);
      gboolean is_moved = FALSE;
      const Expectation *its = expectations_of(material->expectations, other, &is_moved);
      if (is_moved || (its != NULL && its != own && is_accepted_for(its, snippet)))
        return FALSE;
    }
  }
  return own == NULL || is_accepted_for(own, snippet);
}

/* What of a fixture's folder is read as a document counts as the fixture. */
static gboolean is_of_a_fixture(const Material *material, const Document *document) {
  g_autofree gchar *path = g_canonicalize_filename(document->path, NULL);
  for (guint i = 0; i < material->equipment->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(material->equipment->fixtures, i);
    g_autofree gchar *folder = g_path_get_dirname(fixture->shown_path);
    g_autofree gchar *whole = g_canonicalize_filename(folder, NULL);
    if (path_behind(whole, path) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Paths of the documents whose texts have no part in how the snippet stands: all but its own.
 * Empty where they have: through an expectation, or by ids. */
static const GPtrArray *others_of(Reading *reading, const Snippet *snippet) {
  if (reading->others != NULL && reading->subject == snippet)
    return reading->others;
  const GPtrArray *documents = reading->material->bank->documents;
  g_clear_pointer(&reading->others, g_ptr_array_unref);
  reading->others = g_ptr_array_new();
  reading->subject = snippet;
  gboolean is_alone = is_expected_alone(reading->material, snippet);
  for (guint i = 0; i < documents->len && is_alone; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    if (document == snippet->document || is_of_a_fixture(reading->material, document))
      continue;
    is_alone = !g_str_equal(document->name, snippet->document->name);
    g_ptr_array_add(reading->others, document->path);
  }
  if (!is_alone)
    g_ptr_array_set_size(reading->others, 0);
  return reading->others;
}

/* Whether only such documents were edited. Then the snippet is what it is in the anchor: one that
 * lies where it lay, in a document that is as it was, is the same. */
static gboolean stands_same(const Trail *trail, const Commit *commit, const Post *post) {
  const GPtrArray *others = others_of(post->anchor, post->anchored);
  return others->len > 0 &&
         repository_answers_same_but(trail->repository, post->anchor->files, commit, others);
}

static const Snippet *snippet_at(const Bank *bank, const gchar *path, guint number) {
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    if (g_str_equal(document->path, path))
      return number < document->snippets->len ? g_ptr_array_index(document->snippets, number)
                                              : NULL;
  }
  return NULL;
}

/* Reads the bank as it is at the post's own commit, so that what is older is compared with what
 * came next, not with what all other documents have become since. */
static void catch_up(Trail *trail, Post *post) {
  const Snippet *snippet = post->anchored;
  guint number;
  post->is_behind = FALSE;
  if (!g_ptr_array_find(snippet->document->snippets, snippet, &number))
    return;
  Reading *own = reading_at(trail, post->stand.commit, post->anchor);
  snippet = own->material != NULL ? snippet_at(own->material->bank, snippet->document->path, number)
                                  : NULL;
  if (snippet == NULL)
    return;
  post->reading = post->anchor = own;
  post->anchored = snippet;
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
  *found = kin->before;
  *changes = changes_between(older->material, newer->material, kin);
  return TRUE;
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

/* Why it is not known how it stands: what git could not read may have held it. NULL where it is
 * known: it is what it was, or another document is the one that could not be read. */
static const gchar *doubt_of(const Reading *asked, const Reading *reading, const Post *child,
                             const Snippet *snippet, Changes changes) {
  const gchar *damage = asked->files != NULL ? repository_damage(asked->files) : NULL;
  if (damage == NULL && reading->files != NULL)
    damage = repository_damage(reading->files);
  if (damage == NULL || snippet == NULL || reading->material == NULL)
    return damage;
  gboolean is_other = reading->material->bank->problems->len > 0 &&
                      g_str_equal(snippet->document->path, child->anchored->document->path);
  return changes == 0 || is_other ? NULL : damage;
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
  Post *from = known == NULL && child != NULL ? g_hash_table_lookup(trail->posts, child->id) : NULL;
  if (known != NULL || from == NULL)
    return known;

  if (from->anchor != NULL && stands_same(trail, commit, from)) {
    Post *same = post_add(trail, commit, from->anchor);
    post_fill(same, from->anchored, from->state);
    same->is_behind = TRUE;
    return &same->stand;
  }
  if (from->is_behind)
    catch_up(trail, from);
  Reading *reading = reading_at(trail, commit, from->anchor);
  const Reading *asked = reading;
  const Snippet *snippet = NULL;
  Changes changes = 0;
  if (reading == from->anchor)
    snippet = from->anchored;
  else
    find(trail, commit, from, &reading, &snippet, &changes);
  const gchar *doubt = doubt_of(asked, reading, from, snippet, changes);
  Post *post = post_add(trail, commit, reading);
  post->stand.changes = changes;
  if (snippet != NULL && doubt == NULL) {
    post_fill(post, snippet,
              changes == 0 ? from->state : state_of(trail, reading->material, snippet));
  } else if (doubt != NULL || reading->problem != NULL) {
    post->stand.problem = g_strdup(reading->problem != NULL ? reading->problem : doubt);
    post->stand.is_damaged = doubt != NULL || reading->files == NULL;
    post->anchor = from->anchor;
    post->anchored = from->anchored;
    post->state = from->state;
  } else {
    post->stand.material = reading->material;
    post->anchor = from->anchor;
    post->anchored = from->anchored;
    post->state = from->state;
  }
  return &post->stand;
}

const Stand *trail_behind(Trail *trail, GHashTable *commits, const Stand *absent) {
  g_autoptr(GPtrArray) open = g_ptr_array_new(); /* const Commit *, the nearest first */
  g_ptr_array_add(open, (gpointer)absent->commit);
  for (guint i = 0; i < open->len; i++) {
    const Commit *child = g_ptr_array_index(open, i);
    for (gchar **id = child->parents; *id != NULL; id++) {
      const Commit *commit = g_hash_table_lookup(commits, *id);
      const Stand *stand = commit != NULL ? trail_look(trail, commit, child) : NULL;
      if (stand != NULL && stand->state != NULL)
        return stand;
      if (stand != NULL && open->len <= BEHIND_MOST && !g_ptr_array_find(open, commit, NULL))
        g_ptr_array_add(open, (gpointer)commit);
    }
  }
  return NULL;
}

Changes trail_changes(const Stand *older, const Stand *newer) {
  if (older->state == newer->state)
    return 0;
  const Kin kin = {.before = older->snippet, .after = newer->snippet};
  return changes_between(older->material, newer->material, &kin);
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
                   gchar **paths, const EquipmentArguments *equipment, GDestroyNotify free_judged,
                   GError **error) {
  g_autoptr(Trail) trail = g_new0(Trail, 1);
  trail->repository = repository;
  trail->equipment = equipment;
  trail->free_judged = free_judged;
  trail->readings = g_ptr_array_new_with_free_func(reading_free);
  trail->states = g_ptr_array_new();
  trail->posts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, post_free);

  Reading *reading = g_new0(Reading, 1);
  g_ptr_array_add(trail->readings, reading);
  reading->files = repository_files(repository, commit, error);
  if (reading->files == NULL)
    return NULL;
  reading->material =
      material_read_for(MATERIAL_EXPECTED, reference, reading->files, paths, equipment, error);
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
