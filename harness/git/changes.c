#include "git/changes.h"

#include <string.h>

static gboolean same(const gchar *first, const gchar *second) {
  return g_strcmp0(first, second) == 0;
}

/* --- what it runs with ----------------------------------------------------------------- */

static gboolean same_fixture(const FixtureChoice *first, const FixtureChoice *second) {
  if (first == NULL || second == NULL)
    return first == second;
  if (!same(first->variant, second->variant) || !same(first->problem, second->problem) ||
      first->is_late != second->is_late || first->is_configured != second->is_configured ||
      (first->fixture == NULL) != (second->fixture == NULL))
    return FALSE;
  if (first->fixture == NULL)
    return TRUE;
  /* What could not be read may be anything. */
  return same(first->fixture->name, second->fixture->name) && first->fixture->digest != NULL &&
         same(first->fixture->digest, second->fixture->digest);
}

static gboolean same_settings(const Settings *first, const Settings *second) {
  static const Settings nothing = {0};
  first = first != NULL ? first : &nothing;
  second = second != NULL ? second : &nothing;
  return same(first->fixture, second->fixture) && same(first->variant, second->variant) &&
         same(first->skip, second->skip) && same(first->python, second->python) &&
         first->wall_ms == second->wall_ms && first->memory_bytes == second->memory_bytes &&
         first->output_bytes == second->output_bytes;
}

static gboolean same_code(const Snippet *first, const Snippet *second) {
  return first->kind == second->kind && same(first->content_id, second->content_id);
}

static gboolean same_session(const Kin *kin, const ChangesSide *before, const ChangesSide *after) {
  g_autoptr(GPtrArray) old = before->session(kin->before, before->data);
  g_autoptr(GPtrArray) new = after->session(kin->after, after->data);
  if (old->len != new->len)
    return FALSE;
  for (guint i = 0; i < old->len; i++) {
    const Snippet *first = g_ptr_array_index(old, i), *second = g_ptr_array_index(new, i);
    if (!same_code(first, second) || !same_fixture(first->choice, second->choice) ||
        !same_settings(first->settings, second->settings))
      return FALSE;
  }
  return TRUE;
}

/* --- what is said about it ----------------------------------------------------------------- */

static guint lines_of(const Snippet *snippet) {
  return snippet->last_line - snippet->first_line + 1;
}

static const Claim *outside_claim_next(const Snippet *snippet, guint *index) {
  while (*index < snippet->claims->len) {
    const Claim *claim = g_ptr_array_index(snippet->claims, (*index)++);
    if (claim->prose_line != 0 || claim->line > lines_of(snippet))
      return claim;
  }
  return NULL;
}

/* Wording of prose does not count where it says the same. */
static gboolean same_claim(const Claim *first, const Claim *second) {
  return first->rule == second->rule && first->target == second->target &&
         first->first_line == second->first_line && first->last_line == second->last_line &&
         first->rival == second->rival && same(first->names, second->names) &&
         same(first->expected, second->expected) &&
         (first->cautious == NULL) == (second->cautious == NULL);
}

static gboolean same_said(const Snippet *first, const Snippet *second) {
  for (guint i = 0, k = 0;;) {
    const Claim *old = outside_claim_next(first, &i), *new = outside_claim_next(second, &k);
    if (old == NULL || new == NULL)
      return old == new;
    if (!same_claim(old, new))
      return FALSE;
  }
}

/* --- what was accepted --------------------------------------------------------------------- */

static gboolean same_lists(gchar *const *first, gchar *const *second) {
  return g_strv_equal((const gchar *const *)first, (const gchar *const *)second);
}

static gboolean same_part(const ExpectationPart *first, const ExpectationPart *second) {
  return same(first->python, second->python) && same(first->outcome, second->outcome) &&
         same(first->output, second->output) && same_lists(first->where, second->where) &&
         same_lists(first->after, second->after);
}

/* Which content it was accepted for only says to whom it belongs. */
static gboolean same_expectation(const Expectation *first, const Expectation *second) {
  if (first == NULL || second == NULL)
    return first == second;
  if ((first->problem == NULL) != (second->problem == NULL) ||
      first->parts->len != second->parts->len)
    return FALSE;
  for (guint i = 0; i < first->parts->len; i++)
    if (!same_part(g_ptr_array_index(first->parts, i), g_ptr_array_index(second->parts, i)))
      return FALSE;
  return TRUE;
}

static const Expectation *expectation_of(const ChangesSide *side, const Snippet *snippet) {
  return side->expectation != NULL ? side->expectation(snippet, side->data) : NULL;
}

/* --- all of it ----------------------------------------------------------------------------- */

Changes changes_of(const Kin *kin, const ChangesSide *before, const ChangesSide *after) {
  const Snippet *old = kin->before, *new = kin->after;
  if (old == NULL)
    return CHANGE_ADDED;
  Changes changes = 0;
  if (!same_code(old, new))
    changes |= CHANGE_CODE;
  /* Its claims are new with the code, and what comes after that is read with it. */
  else if (!same_said(old, new))
    changes |= CHANGE_SAID;
  if (!same_session(kin, before, after))
    changes |= CHANGE_SESSION;
  if (!same_fixture(old->choice, new->choice))
    changes |= CHANGE_FIXTURE;
  if (!same_expectation(expectation_of(before, old), expectation_of(after, new)))
    changes |= CHANGE_EXPECTATION;
  if (!same_settings(old->settings, new->settings))
    changes |= CHANGE_SETTINGS;
  return changes;
}

gchar *changes_text(Changes changes) {
  static const struct {
    Changes change;
    const gchar *name;
  } names[] = {{CHANGE_CODE, "its code"},
               {CHANGE_SESSION, "its earlier blocks"},
               {CHANGE_SAID, "what is said about it"},
               {CHANGE_FIXTURE, "its fixture"},
               {CHANGE_EXPECTATION, "its expectation"},
               {CHANGE_SETTINGS, "its settings"}};
  if (changes == 0)
    return g_strdup("");
  if (changes & CHANGE_ADDED)
    return g_strdup("it is new");
  g_autoptr(GPtrArray) said = g_ptr_array_new();
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (changes & names[i].change)
      g_ptr_array_add(said, (gpointer)names[i].name);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < said->len; i++)
    g_string_append_printf(text, "%s%s",
                           i == 0              ? ""
                           : i + 1 < said->len ? ", "
                                               : " and ",
                           (const gchar *)g_ptr_array_index(said, i));
  g_string_append(text, " changed");
  return g_string_free(text, FALSE);
}
