#include "git/culprit.h"

#define NOT_LOOKED_AT (-1)

typedef struct {
  const Commit *commit;
  GArray *parents; /* guint: nodes; those that the history does not have are left out */
  gint sight;      /* a Sight, or NOT_LOOKED_AT */
  gboolean is_due; /* bad, and still to be gone back from */
  guint trail;     /* the last walk through unclear ones that came by */
} Node;

typedef struct {
  const CulpritCalls *calls;
  Node *nodes;
  guint count;
  guint trails;
  gboolean is_failed;
} Search;

static void search_clear(Search *search) {
  for (guint i = 0; i < search->count; i++)
    g_array_unref(search->nodes[i].parents);
  g_free(search->nodes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static Search search_new(const GPtrArray *history, const CulpritCalls *calls) {
  Search search = {.calls = calls, .nodes = g_new0(Node, history->len), .count = history->len};
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < history->len; i++) {
    const Commit *commit = g_ptr_array_index(history, i);
    g_hash_table_insert(places, commit->id, GUINT_TO_POINTER(i));
  }
  for (guint i = 0; i < history->len; i++) {
    const Commit *commit = g_ptr_array_index(history, i);
    GArray *parents = g_array_new(FALSE, FALSE, sizeof(guint));
    for (gchar **id = commit->parents; *id != NULL; id++) {
      gpointer place;
      if (!g_hash_table_lookup_extended(places, *id, NULL, &place))
        continue;
      guint parent = GPOINTER_TO_UINT(place);
      g_array_append_val(parents, parent);
    }
    search.nodes[i] = (Node){.commit = commit, .parents = parents, .sight = NOT_LOOKED_AT};
  }
  return search;
}

static Sight look(Search *search, guint at, const Node *child) {
  Node *node = &search->nodes[at];
  if (node->sight == NOT_LOOKED_AT && !search->is_failed)
    node->sight = (gint)search->calls->look(node->commit, child != NULL ? child->commit : NULL,
                                            search->calls->data);
  search->is_failed |= node->sight == SIGHT_FAILED;
  return search->is_failed ? SIGHT_FAILED : (Sight)node->sight;
}

/* Looks at the parents. Bad ones are due; unclear ones, each once, are added to unclear. TRUE
 * where one is bad. */
static gboolean look_back(Search *search, guint at, GArray *unclear) {
  const Node *node = &search->nodes[at];
  gboolean is_bad = FALSE;
  for (guint i = 0; i < node->parents->len && !search->is_failed; i++) {
    guint place = g_array_index(node->parents, guint, i);
    Node *parent = &search->nodes[place];
    Sight sight = look(search, place, node);
    if (sight == SIGHT_BAD) {
      parent->is_due = TRUE;
      is_bad = TRUE;
    } else if (sight == SIGHT_UNCLEAR && parent->trail != search->trails) {
      parent->trail = search->trails;
      g_array_append_val(unclear, place);
    }
  }
  return is_bad;
}

/* One that is as a parent of it has changed nothing. */
static gboolean is_suspect(const Search *search, const Node *node) {
  for (guint i = 0; i < node->parents->len; i++) {
    const Node *parent = &search->nodes[g_array_index(node->parents, guint, i)];
    if (search->calls->is_same(node->commit, parent->commit, search->calls->data))
      return FALSE;
  }
  return TRUE;
}

static gint by_place(gconstpointer one, gconstpointer other) {
  guint first = *(const guint *)one;
  guint second = *(const guint *)other;
  return first < second ? -1 : first > second;
}

/* Goes back from a bad one, through what is unclear. NULL where something bad is behind it. */
static Culprits *go_back(Search *search, guint at) {
  g_autoptr(GArray) unclear = g_array_new(FALSE, FALSE, sizeof(guint));
  search->trails++;
  gboolean is_bad = look_back(search, at, unclear);
  for (guint i = 0; i < unclear->len; i++)
    is_bad = look_back(search, g_array_index(unclear, guint, i), unclear) || is_bad;
  if (is_bad || search->is_failed)
    return NULL;

  Culprits *culprits = g_new0(Culprits, 1);
  culprits->commits = g_ptr_array_new();
  g_array_append_val(unclear, at);
  g_array_sort(unclear, by_place);
  for (guint i = 0; i < unclear->len; i++) {
    guint place = g_array_index(unclear, guint, i);
    const Node *node = &search->nodes[place];
    if (place != at && !is_suspect(search, node))
      continue;
    g_ptr_array_add(culprits->commits, (gpointer)node->commit);
    culprits->is_first |= node->parents->len == 0;
  }
  return culprits;
}

Culprits *culprits_find(const GPtrArray *history, const CulpritCalls *calls) {
  g_auto(Search) search = search_new(history, calls);
  if (search.count > 0 && look(&search, 0, NULL) == SIGHT_BAD)
    search.nodes[0].is_due = TRUE;
  /* Parents stand behind their children, so that one pass is enough. */
  for (guint i = 0; i < search.count && !search.is_failed; i++) {
    Culprits *culprits = search.nodes[i].is_due ? go_back(&search, i) : NULL;
    if (culprits != NULL)
      return culprits;
  }
  if (search.is_failed)
    return NULL;
  Culprits *none = g_new0(Culprits, 1);
  none->commits = g_ptr_array_new();
  return none;
}

void culprits_free(Culprits *culprits) {
  if (culprits == NULL)
    return;
  g_ptr_array_unref(culprits->commits);
  g_free(culprits);
}
