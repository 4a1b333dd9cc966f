#include "cli/foresight.h"

#include "run/key.h"

#define FEW 200 /* requests that are looked up before a thread is of any use */
#define LEAD                                                                                       \
  64u /* so many before what was asked last the thread goes on, where it was overtaken             \
       */
#define SPINS 2000

/* From ITEM_FREE it goes to who is the first to come by: the thread, or who asks. */
typedef enum { ITEM_FREE, ITEM_BUSY, ITEM_READY, ITEM_GONE } ItemState;

typedef struct {
  gint state;
  gboolean has_key;
  ResultKey key;
  Transcript *transcript;
} Item;

struct Foresight {
  GArray *requests;   /* RunRequest */
  Item *items;        /* one each */
  GHashTable *places; /* const Snippet *: place, and one */
  const RunnerOptions *options;
  const guint8 *interpreter;
  ResultsView *view;
  GThread *thread;
  gint asked; /* place of what was asked last, and one */
  gint is_over;
};

static gpointer look_up(gpointer data) {
  Foresight *foresight = data;
  for (guint i = 0; i < foresight->requests->len && !g_atomic_int_get(&foresight->is_over); i++) {
    guint asked = (guint)g_atomic_int_get(&foresight->asked);
    if (i < asked) /* side by side, both would wait for each other again and again */
      i = MIN(asked + LEAD, foresight->requests->len - 1);
    Item *item = &foresight->items[i];
    if (!g_atomic_int_compare_and_exchange(&item->state, ITEM_FREE, ITEM_BUSY))
      continue;
    const RunRequest *request = &g_array_index(foresight->requests, RunRequest, i);
    item->has_key = run_key(request, foresight->options, foresight->interpreter, &item->key);
    if (item->has_key)
      item->transcript = results_view_find(foresight->view, &item->key, 0);
    g_atomic_int_set(&item->state, ITEM_READY);
  }
  results_view_rest(foresight->view);
  return NULL;
}

Foresight *foresight_new(GArray *requests, const RunnerOptions *options, const guint8 *interpreter,
                         Results *results) {
  ResultsView *view = requests->len > FEW ? results_view_new(results) : NULL;
  if (view == NULL) {
    g_array_unref(requests);
    return NULL;
  }
  Foresight *foresight = g_new0(Foresight, 1);
  foresight->requests = requests;
  foresight->options = options;
  foresight->interpreter = interpreter;
  foresight->view = view;
  foresight->items = g_new0(Item, requests->len);
  foresight->places = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < requests->len; i++)
    g_hash_table_insert(foresight->places, (gpointer)g_array_index(requests, RunRequest, i).snippet,
                        GUINT_TO_POINTER(i + 1));
  foresight->thread = g_thread_new("foresight", look_up, foresight);
  return foresight;
}

void foresight_free(Foresight *foresight, Results *results) {
  if (foresight == NULL)
    return;
  g_atomic_int_set(&foresight->is_over, 1);
  g_thread_join(foresight->thread);
  results_view_free(foresight->view, results);
  for (guint i = 0; i < foresight->requests->len; i++)
    transcript_free(foresight->items[i].transcript);
  g_free(foresight->items);
  g_hash_table_unref(foresight->places);
  g_array_unref(foresight->requests);
  g_free(foresight);
}

static gboolean is_same(const RunRequest *one, const RunRequest *other) {
  return one->snippet == other->snippet && one->prelude_count == other->prelude_count &&
         one->fixture == other->fixture && one->variant == other->variant &&
         one->after == other->after && one->hold_back == other->hold_back &&
         one->line_buffered == other->line_buffered && one->is_merged == other->is_merged &&
         one->on_output == other->on_output;
}

gboolean foresight_take(Foresight *foresight, const RunRequest *request, ResultKey *key,
                        Transcript **transcript) {
  guint place = foresight != NULL
                    ? GPOINTER_TO_UINT(g_hash_table_lookup(foresight->places, request->snippet))
                    : 0;
  if (place == 0 || !is_same(request, &g_array_index(foresight->requests, RunRequest, place - 1)))
    return FALSE;
  Item *item = &foresight->items[place - 1];
  g_atomic_int_set(&foresight->asked, (gint)place);
  if (g_atomic_int_compare_and_exchange(&item->state, ITEM_FREE, ITEM_GONE))
    return FALSE;
  for (guint i = 0; g_atomic_int_get(&item->state) == ITEM_BUSY; i++)
    if (i > SPINS) /* it takes some microseconds, where the thread has a core */
      g_thread_yield();
  if (!g_atomic_int_compare_and_exchange(&item->state, ITEM_READY, ITEM_GONE) || !item->has_key)
    return FALSE;
  *key = item->key;
  *transcript = g_steal_pointer(&item->transcript);
  return TRUE;
}
