/* Kept results were made at other times, by processes with other hashes of strings and other
 * addresses. So what differs between them only makes a snippet suspect; what counts are runs of
 * both versions side by side. */
#include "cli/rerunning.h"

/* How often both versions of a snippet are run, alternately, to compare their times. */
#define TIMED_RUNS 5u

/* What one sitting found: const Snippet * -> Behaviour *, owned. */
typedef GHashTable Found;

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  g_hash_table_insert(data, (gpointer)snippet, behaviour_new(snippet, transcript, verdict));
  return TRUE;
}

static Found *found_new(void) {
  return g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)behaviour_free);
}

/* NULL where it did not come to its end: after having complained, unless a signal ended it. */
static Found *sit(Hall *hall, const Material *material, GHashTable *wanted, gboolean *is_over) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  g_autoptr(GHashTable) found = found_new();
  if (g_hash_table_size(wanted) == 0)
    return g_steal_pointer(&found);
  Sitting sitting = {.documents = material->bank->documents,
                     .wanted = wanted,
                     .verdict = on_verdict,
                     .data = found,
                     .expectations = material->expectations};
  if (!hall_sit(hall, &sitting, &end, &error)) {
    complain("%s", error->message);
    return NULL;
  }
  *is_over = end.is_over;
  return end.is_over ? g_steal_pointer(&found) : NULL;
}

/* The snippets of one side of those changes for which a test holds; NULL: all. */
static GHashTable *wanted_of(const Rerunning *rerunning, gboolean is_after,
                             gboolean (*test)(const BehaviourChange *change)) {
  GHashTable *wanted = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < rerunning->changes->len; i++) {
    const BehaviourChange *change = g_ptr_array_index(rerunning->changes, i);
    const Snippet *snippet = is_after ? change->after : change->before;
    if (snippet != NULL && change->after != NULL && change->because != NULL &&
        (test == NULL || test(change)))
      g_hash_table_add(wanted, (gpointer)snippet);
  }
  return wanted;
}

/* Both sides once; in the other order where is_turned. FALSE as sit(). */
static gboolean sit_both(const Rerunning *rerunning, Hall *hall, GHashTable *old_wanted,
                         GHashTable *new_wanted, gboolean is_turned, Found **was, Found **is,
                         gboolean *is_over) {
  *was = *is = NULL;
  for (guint turn = 0; turn < 2; turn++) {
    gboolean is_after = (turn == 1) != is_turned;
    Found **found = is_after ? is : was;
    *found = sit(hall, is_after ? rerunning->after : rerunning->before,
                 is_after ? new_wanted : old_wanted, is_over);
    if (*found == NULL) {
      g_clear_pointer(was, g_hash_table_unref);
      g_clear_pointer(is, g_hash_table_unref);
      return FALSE;
    }
  }
  return TRUE;
}

static const Behaviour *find(Found *found, const Snippet *snippet) {
  return snippet != NULL ? g_hash_table_lookup(found, snippet) : NULL;
}

/* NULL where it is not there; the caller's. */
static Behaviour *take(Found *found, const Snippet *snippet) {
  gpointer behaviour = NULL;
  if (snippet != NULL)
    g_hash_table_steal_extended(found, snippet, NULL, &behaviour);
  return behaviour;
}

/* What ran alone before and after has nothing of its earlier blocks: then nothing changed. */
static void settle_doubt(BehaviourChange *change) {
  if (!change->is_doubtful || change->was == NULL || change->is == NULL || !change->was->is_alone ||
      !change->is->is_alone)
    return;
  g_clear_pointer(&change->because, g_free);
  g_clear_pointer(&change->was, behaviour_free);
  g_clear_pointer(&change->is, behaviour_free);
}

static gboolean run_once(Rerunning *rerunning, gboolean *is_over) {
  g_autoptr(GHashTable) old_wanted = wanted_of(rerunning, FALSE, NULL);
  g_autoptr(GHashTable) new_wanted = wanted_of(rerunning, TRUE, NULL);
  g_autoptr(GHashTable) was = NULL;
  g_autoptr(GHashTable) is = NULL;
  if (!sit_both(rerunning, rerunning->hall, old_wanted, new_wanted, FALSE, &was, &is, is_over))
    return FALSE;
  for (guint i = 0; i < rerunning->changes->len; i++) {
    BehaviourChange *change = g_ptr_array_index(rerunning->changes, i);
    change->was = take(was, change->before);
    change->is = take(is, change->after);
    settle_doubt(change);
    behaviour_compare(change);
  }
  return TRUE;
}

/* Each version twice more: both with the same hashes of strings, then both with others. */
static gboolean confirm(Rerunning *rerunning, gboolean *is_over) {
  g_autoptr(GHashTable) old_wanted = wanted_of(rerunning, FALSE, behaviour_is_suspect);
  g_autoptr(GHashTable) new_wanted = wanted_of(rerunning, TRUE, behaviour_is_suspect);
  if (g_hash_table_size(new_wanted) == 0)
    return TRUE;
  Found *was[2] = {NULL}, *is[2] = {NULL};
  gboolean could_run = TRUE;
  for (guint round = 0; round < 2 && could_run; round++) {
    RunnerOptions options = *rerunning->options;
    options.hash_seed = round + 1;
    g_autoptr(Hall) hall = hall_open(&options, NULL);
    could_run = sit_both(rerunning, hall, old_wanted, new_wanted, round == 1, &was[round],
                         &is[round], is_over);
    rerunning->runs += hall_runs(hall);
  }
  for (guint i = 0; could_run && i < rerunning->changes->len; i++) {
    BehaviourChange *change = g_ptr_array_index(rerunning->changes, i);
    if (change->after == NULL || !g_hash_table_contains(new_wanted, change->after))
      continue;
    const Behaviour *old[2], *new[2];
    for (guint round = 0; round < 2; round++) {
      old[round] = find(was[round], change->before);
      new[round] = find(is[round], change->after);
    }
    behaviour_confirm(change, old, new);
  }
  for (guint round = 0; round < 2; round++) {
    g_clear_pointer(&was[round], g_hash_table_unref);
    g_clear_pointer(&is[round], g_hash_table_unref);
  }
  return could_run;
}

/* The runs of a change whose times are compared: Behaviour *, owned. */
typedef struct {
  BehaviourChange *change;
  GPtrArray *was, *is;
} Timed;

static void timed_free(gpointer data) {
  Timed *timed = data;
  g_ptr_array_unref(timed->was);
  g_ptr_array_unref(timed->is);
  g_free(timed);
}

static GPtrArray *timed_collect(const Rerunning *rerunning) {
  GPtrArray *all = g_ptr_array_new_with_free_func(timed_free);
  for (guint i = 0; i < rerunning->changes->len; i++) {
    BehaviourChange *change = g_ptr_array_index(rerunning->changes, i);
    if (change->after == NULL || !behaviour_is_slow_suspect(change))
      continue;
    Timed *timed = g_new0(Timed, 1);
    timed->change = change;
    timed->was = g_ptr_array_new_with_free_func((GDestroyNotify)behaviour_free);
    timed->is = g_ptr_array_new_with_free_func((GDestroyNotify)behaviour_free);
    g_ptr_array_add(all, timed);
  }
  return all;
}

/* What ended otherwise than it did is not compared. */
static void timed_add(Timed *timed, Found *was, Found *is) {
  BehaviourChange *change = timed->change;
  g_autoptr(Behaviour) old = take(was, change->before);
  g_autoptr(Behaviour) new = take(is, change->after);
  if (old == NULL || new == NULL || old->class != change->was->class ||
      new->class != change->is->class)
    return;
  g_ptr_array_add(timed->was, g_steal_pointer(&old));
  g_ptr_array_add(timed->is, g_steal_pointer(&new));
}

/* One after the other, so that at least we do not keep the machine busy meanwhile. */
static gboolean time_again(Rerunning *rerunning, gboolean *is_over) {
  g_autoptr(GPtrArray) all = timed_collect(rerunning);
  if (all->len == 0)
    return TRUE;
  RunnerOptions options = *rerunning->options;
  options.lanes = 1;
  g_autoptr(Hall) hall = hall_open(&options, NULL);
  gboolean could_run = TRUE;
  for (guint round = 0; round < TIMED_RUNS && could_run; round++) {
    g_autoptr(GHashTable) old_wanted = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) new_wanted = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < all->len; i++) {
      const Timed *timed = g_ptr_array_index(all, i);
      if (!behaviour_time_is_open(timed->was, timed->is))
        continue;
      g_hash_table_add(old_wanted, (gpointer)timed->change->before);
      g_hash_table_add(new_wanted, (gpointer)timed->change->after);
    }
    g_autoptr(GHashTable) was = NULL;
    g_autoptr(GHashTable) is = NULL;
    could_run =
        sit_both(rerunning, hall, old_wanted, new_wanted, round % 2 == 1, &was, &is, is_over);
    for (guint i = 0; could_run && i < all->len; i++)
      timed_add(g_ptr_array_index(all, i), was, is);
  }
  rerunning->runs += hall_runs(hall);
  for (guint i = 0; could_run && i < all->len; i++) {
    Timed *timed = g_ptr_array_index(all, i);
    behaviour_time(timed->change, timed->was, timed->is);
  }
  return could_run;
}

gboolean rerunning_do(Rerunning *rerunning, gboolean *is_over) {
  *is_over = TRUE;
  gboolean could_run =
      run_once(rerunning, is_over) && confirm(rerunning, is_over) && time_again(rerunning, is_over);
  rerunning->python = g_strdup(hall_python(rerunning->hall));
  return could_run;
}
