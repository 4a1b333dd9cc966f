#include "git/changes.h"

#include <string.h>

static gboolean same(const gchar *one, const gchar *other) {
  return g_strcmp0(one, other) == 0;
}

/* --- what it runs with ----------------------------------------------------------------- */

static gboolean same_fixture(const FixtureChoice *one, const FixtureChoice *other) {
  if (one == NULL || other == NULL)
    return one == other;
  if (!same(one->variant, other->variant) || !same(one->problem, other->problem) ||
      one->is_late != other->is_late || one->is_configured != other->is_configured ||
      (one->fixture == NULL) != (other->fixture == NULL))
    return FALSE;
  if (one->fixture == NULL)
    return TRUE;
  /* What could not be read may be anything. */
  return same(one->fixture->name, other->fixture->name) && one->fixture->digest != NULL &&
         same(one->fixture->digest, other->fixture->digest);
}

static gboolean same_settings(const Settings *one, const Settings *other) {
  static const Settings nothing = {0};
  one = one != NULL ? one : &nothing;
  other = other != NULL ? other : &nothing;
  return same(one->fixture, other->fixture) && same(one->variant, other->variant) &&
         same(one->skip, other->skip) && same(one->python, other->python) &&
         one->wall_ms == other->wall_ms && one->memory_bytes == other->memory_bytes &&
         one->output_bytes == other->output_bytes;
}

static gboolean same_code(const Snippet *one, const Snippet *other) {
  return one->kind == other->kind && same(one->content_id, other->content_id);
}

static gboolean same_session(const Kin *kin, const ChangesSide *before, const ChangesSide *after) {
  g_autoptr(GPtrArray) old = before->session(kin->before, before->data);
  g_autoptr(GPtrArray) new = after->session(kin->after, after->data);
  if (old->len != new->len)
    return FALSE;
  for (guint i = 0; i < old->len; i++) {
    const Snippet *one = g_ptr_array_index(old, i), *other = g_ptr_array_index(new, i);
    if (!same_code(one, other) || !same_fixture(one->choice, other->choice) ||
        !same_settings(one->settings, other->settings))
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
static gboolean same_claim(const Claim *one, const Claim *other) {
  return one->rule == other->rule && one->target == other->target &&
         one->first_line == other->first_line && one->last_line == other->last_line &&
         one->rival == other->rival && same(one->names, other->names) &&
         same(one->expected, other->expected) &&
         (one->cautious == NULL) == (other->cautious == NULL);
}

static gboolean same_said(const Snippet *one, const Snippet *other) {
  for (guint i = 0, k = 0;;) {
    const Claim *old = outside_claim_next(one, &i), *new = outside_claim_next(other, &k);
    if (old == NULL || new == NULL)
      return old == new;
    if (!same_claim(old, new))
      return FALSE;
  }
}

/* --- what was accepted --------------------------------------------------------------------- */

static gboolean same_lists(const GStrv one, const GStrv other) {
  return g_strv_equal((const gchar *const *)one, (const gchar *const *)other);
}

static gboolean same_part(const ExpectationPart *one, const ExpectationPart *other) {
  return same(one->python, other->python) && same(one->outcome, other->outcome) &&
         same(one->output, other->output) && same_lists(one->where, other->where) &&
         same_lists(one->after, other->after);
}

/* Which content it was accepted for only says to whom it belongs. */
static gboolean same_expectation(const Expectation *one, const Expectation *other) {
  if (one == NULL || other == NULL)
    return one == other;
  if ((one->problem == NULL) != (other->problem == NULL) || one->parts->len != other->parts->len)
    return FALSE;
  for (guint i = 0; i < one->parts->len; i++)
    if (!same_part(g_ptr_array_index(one->parts, i), g_ptr_array_index(other->parts, i)))
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
