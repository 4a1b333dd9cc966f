#include "report/fixtures_used.h"

#include <string.h>

#include "report/text.h"

static void use_free(gpointer data) {
  FixtureUse *use = data;
  g_free(use->name);
  g_free(use->path);
  g_free(use->variant);
  g_free(use->failure);
  g_free(use->traceback);
  g_free(use);
}

FixturesUsed *fixtures_used_new(void) {
  FixturesUsed *used = g_new0(FixturesUsed, 1);
  used->uses = g_ptr_array_new_with_free_func(use_free);
  return used;
}

void fixtures_used_free(FixturesUsed *used) {
  if (used == NULL)
    return;
  g_ptr_array_unref(used->uses);
  g_free(used);
}

static guint rank_of(const Fixture *fixture, const gchar *variant) {
  for (guint i = 0; i < fixture->variants->len; i++) {
    const FixtureVariant *other = g_ptr_array_index(fixture->variants, i);
    if (g_strcmp0(other->name, variant) == 0)
      return i;
  }
  return 0;
}

static gint by_name(gconstpointer left, gconstpointer right) {
  const FixtureUse *one = *(FixtureUse *const *)left, *other = *(FixtureUse *const *)right;
  gint names = strcmp(one->name, other->name);
  if (names == 0)
    names = strcmp(one->path, other->path);
  if (names != 0)
    return names;
  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  return g_strcmp0(one->variant, other->variant);
}

static FixtureUse *use_of(FixturesUsed *used, const Fixture *fixture, const gchar *variant) {
  for (guint i = 0; i < used->uses->len; i++) {
    FixtureUse *use = g_ptr_array_index(used->uses, i);
    if (strcmp(use->path, fixture->shown_path) == 0 && g_strcmp0(use->variant, variant) == 0)
      return use;
  }
  FixtureUse *use = g_new0(FixtureUse, 1);
  use->name = g_strdup(fixture->name);
  use->path = g_strdup(fixture->shown_path);
  use->variant = g_strdup(variant);
  use->rank = rank_of(fixture, variant);
  g_ptr_array_add(used->uses, use);
  g_ptr_array_sort(used->uses, by_name);
  return use;
}

void fixtures_used_add(FixturesUsed *used, const Transcript *transcript) {
  const FixtureChoice *choice = transcript->fixture;
  if (choice == NULL || choice->fixture == NULL || transcript->outcome == OUTCOME_SKIPPED)
    return;
  FixtureUse *use = use_of(used, choice->fixture, transcript->variant);
  if (transcript->outcome != OUTCOME_UNREADY) {
    use->blocks++;
    return;
  }
  use->unready++;
  fixtures_used_fail(used, choice->fixture, transcript->variant,
                     transcript->failure != NULL ? transcript->failure : "it is not ready",
                     transcript->traceback);
}

gboolean fixtures_used_fail(FixturesUsed *used, const Fixture *fixture, const gchar *variant,
                            const gchar *failure, const gchar *traceback) {
  FixtureUse *use = use_of(used, fixture, variant);
  if (use->failure != NULL)
    return strcmp(use->failure, failure) != 0;
  use->failure = g_strdup(failure);
  use->traceback = g_strdup(traceback);
  return TRUE;
}

/* The uses of one fixture, from `first` on; returns the index behind them. */
static guint append_fixture(const FixturesUsed *used, guint first, GString *text) {
  const FixtureUse *one = g_ptr_array_index(used->uses, first);
  g_autoptr(GString) parts = g_string_new(NULL);
  guint blocks = 0, unready = 0, end = first;
  for (; end < used->uses->len; end++) {
    const FixtureUse *use = g_ptr_array_index(used->uses, end);
    if (strcmp(use->path, one->path) != 0)
      break;
    blocks += use->blocks;
    unready += use->unready;
    if (use->variant != NULL && use->blocks > 0)
      g_string_append_printf(parts, "%s%u %s", parts->len > 0 ? ", " : "", use->blocks,
                             use->variant);
  }
  if (blocks + unready == 0)
    return end;
  if (unready > 0)
    g_string_append_printf(parts, "%s%u not run: it is not ready", parts->len > 0 ? ", " : "",
                           unready);
  g_autofree gchar *count = text_count(blocks + unready, "block");
  g_autofree gchar *name = text_one_line(one->name, -1, 0);
  g_autofree gchar *safe = text_one_line(parts->str, -1, 0);
  g_string_append_printf(text, "%s with fixture %s%s%s\n", count, name, *safe != '\0' ? ": " : "",
                         safe);
  return end;
}

gchar *fixtures_used_text(const FixturesUsed *used) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < used->uses->len;)
    i = append_fixture(used, i, text);
  return g_string_free(text, FALSE);
}
