/*
 * The walk is our own: libgit2 gives up where a shallow clone ends, and its revwalk has no
 * promise on the order of commits whose clocks are wrong.
 */
#include <string.h>

#include "git/objects.h"

/* A commit of a walk. */
typedef struct {
  git_oid id;
  gint64 time;     /* of the committer */
  GArray *parents; /* git_oid */
  guint waiting;   /* children that were not given out yet */
  guint flags;
} Node;

static void node_free(gpointer data) {
  Node *node = data;
  g_array_unref(node->parents);
  g_free(node);
}

/* git_oid * (of the node) -> Node *, owned. */
static GHashTable *nodes_new(void) {
  return g_hash_table_new_full(object_hash, object_equal, NULL, node_free);
}

static Node *node_of(Repository *repository, GHashTable *nodes, const git_oid *id, GError **error) {
  Node *node = g_hash_table_lookup(nodes, id);
  if (node != NULL)
    return node;
  git_commit *commit = commit_lookup(repository, id, error);
  if (commit == NULL)
    return NULL;
  node = g_new0(Node, 1);
  node->id = *id;
  node->time = git_commit_time(commit);
  node->parents = commit_parents(repository, commit);
  git_commit_free(commit);
  g_hash_table_insert(nodes, &node->id, node);
  return node;
}

/* Sets flag at all that can be reached from start, but passes over those with a flag of
 * `without`. */
static gboolean paint(Repository *repository, GHashTable *nodes, const git_oid *start, guint flag,
                      guint without, GError **error) {
  g_autoptr(GPtrArray) open = g_ptr_array_new();
  Node *first = node_of(repository, nodes, start, error);
  if (first == NULL)
    return FALSE;
  g_ptr_array_add(open, first);
  while (open->len > 0) {
    Node *node = g_ptr_array_steal_index_fast(open, open->len - 1);
    if ((node->flags & (flag | without)) != 0)
      continue;
    node->flags |= flag;
    for (guint i = 0; i < node->parents->len; i++) {
      Node *parent = node_of(repository, nodes, &g_array_index(node->parents, git_oid, i), error);
      if (parent == NULL)
        return FALSE;
      g_ptr_array_add(open, parent);
    }
  }
  return TRUE;
}

enum { IN = 1, OUT = 2, LOWER = 4 };

static gint newest_first(gconstpointer left, gconstpointer right,
                         G_GNUC_UNUSED gpointer user_data) {
  const Node *one = left;
  const Node *other = right;
  if (one->time != other->time)
    return one->time > other->time ? -1 : 1;
  return memcmp(&one->id, &other->id, sizeof one->id); /* the same each time */
}

GPtrArray *repository_history(Repository *repository, const Commit *from, const Commit *until,
                              gboolean *is_cut, GError **error) {
  g_autoptr(GHashTable) nodes = nodes_new();
  g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
  git_oid start;
  git_oid end;
  object_of(from, &start);
  if (until != NULL) {
    object_of(until, &end);
    if (!paint(repository, nodes, &end, OUT, 0, error))
      return NULL;
  }
  if (!paint(repository, nodes, &start, IN, OUT, error))
    return NULL;
  GHashTableIter iterator;
  Node *node;
  g_hash_table_iter_init(&iterator, nodes);
  while (g_hash_table_iter_next(&iterator, NULL, (gpointer *)&node)) {
    for (guint i = 0; (node->flags & IN) != 0 && i < node->parents->len; i++) {
      Node *parent = g_hash_table_lookup(nodes, &g_array_index(node->parents, git_oid, i));
      parent->waiting++;
    }
  }
  g_autoptr(GSequence) ready = g_sequence_new(NULL);
  node = g_hash_table_lookup(nodes, &start);
  if ((node->flags & IN) != 0)
    g_sequence_insert_sorted(ready, node, newest_first, NULL);
  gboolean cut = FALSE;
  while (!g_sequence_is_empty(ready)) {
    GSequenceIter *next = g_sequence_get_begin_iter(ready);
    node = g_sequence_get(next);
    g_sequence_remove(next);
    git_commit *object = commit_lookup(repository, &node->id, error);
    if (object == NULL)
      return NULL;
    g_ptr_array_add(history, commit_new(repository, object));
    git_commit_free(object);
    cut = cut || commit_is_edge(repository, &node->id);
    for (guint i = 0; i < node->parents->len; i++) {
      Node *parent = g_hash_table_lookup(nodes, &g_array_index(node->parents, git_oid, i));
      if (--parent->waiting == 0 && (parent->flags & IN) != 0)
        g_sequence_insert_sorted(ready, parent, newest_first, NULL);
    }
  }
  if (is_cut != NULL)
    *is_cut = cut;
  return g_steal_pointer(&history);
}

/* The newest common ancestor that no other common ancestor descends from. */
Commit *repository_merge_base(Repository *repository, const Commit *one, const Commit *other,
                              GError **error) {
  g_autoptr(GHashTable) nodes = nodes_new();
  git_oid first;
  git_oid second;
  object_of(one, &first);
  object_of(other, &second);
  if (!paint(repository, nodes, &first, IN, 0, error) ||
      !paint(repository, nodes, &second, OUT, 0, error))
    return NULL;
  GHashTableIter iterator;
  Node *node;
  Node *best = NULL;
  g_hash_table_iter_init(&iterator, nodes);
  while (g_hash_table_iter_next(&iterator, NULL, (gpointer *)&node)) {
    /* Parents of a common ancestor are some, too: those are not the best. */
    for (guint i = 0; (node->flags & (IN | OUT)) == (IN | OUT) && i < node->parents->len; i++) {
      Node *parent = g_hash_table_lookup(nodes, &g_array_index(node->parents, git_oid, i));
      parent->flags |= LOWER;
    }
  }
  g_hash_table_iter_init(&iterator, nodes);
  while (g_hash_table_iter_next(&iterator, NULL, (gpointer *)&node)) {
    if ((node->flags & (IN | OUT | LOWER)) == (IN | OUT) &&
        (best == NULL || newest_first(node, best, NULL) < 0))
      best = node;
  }
  if (best == NULL) {
    if (repository_is_shallow(repository))
      g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_SHALLOW,
                  "where %s and %s parted lies behind the end of this shallow clone ('git fetch "
                  "--unshallow', or 'fetch-depth: 0' in CI, brings the rest)",
                  one->short_id, other->short_id);
    else
      g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                  "%s and %s have no commit in common", one->short_id, other->short_id);
    return NULL;
  }
  git_commit *object = commit_lookup(repository, &best->id, error);
  if (object == NULL)
    return NULL;
  Commit *commit = commit_new(repository, object);
  git_commit_free(object);
  return commit;
}
