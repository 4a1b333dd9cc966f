#include "cli/tries.h"

enum { ALONE, HEADING, DOCUMENT, AS_IT_IS };

static const FixtureChoice *usable_choice(const Snippet *snippet) {
  const FixtureChoice *choice = snippet->choice;
  return choice != NULL && choice->fixture != NULL && choice->fixture->problem == NULL ? choice
                                                                                       : NULL;
}

Tries tries_new(const Snippet *subject) {
  const FixtureChoice *choice = usable_choice(subject);
  return (Tries){.subject = subject,
                 .prelude = g_ptr_array_new(),
                 .has_fixture = choice != NULL && !choice->is_late};
}

void tries_clear(Tries *tries) {
  g_clear_pointer(&tries->prelude, g_ptr_array_unref);
}

static guint count_variants(const Tries *tries) {
  if (tries->choice == NULL || tries->choice->variant != NULL)
    return 1;
  return MAX(tries->choice->fixture->variants->len, 1);
}

static const gchar *variant_of(const Tries *tries) {
  if (tries->choice == NULL || tries->choice->variant != NULL)
    return tries->choice != NULL ? tries->choice->variant : NULL;
  const GPtrArray *variants = tries->choice->fixture->variants;
  if (tries->variant >= variants->len)
    return NULL;
  const FixtureVariant *variant = g_ptr_array_index(variants, tries->variant);
  return variant->name;
}

static void fill_prelude(Tries *tries) {
  const Snippet *subject = tries->subject;
  g_ptr_array_set_size(tries->prelude, 0);
  for (guint i = 0; tries->place == HEADING || tries->place == DOCUMENT; i++) {
    const Snippet *snippet = g_ptr_array_index(subject->document->snippets, i);
    if (snippet == subject)
      break;
    if (tries->place == DOCUMENT || snippet->question == subject->question)
      g_ptr_array_add(tries->prelude, (gpointer)snippet);
  }
}

static const FixtureChoice *choice_of(const Tries *tries) {
  const FixtureChoice *own = usable_choice(tries->subject);
  if (own != NULL || tries->is_second)
    return tries->has_fixture ? own : NULL;
  const FixtureChoice *borrowed = NULL;
  for (guint i = tries->prelude->len; i > 0 && borrowed == NULL; i--)
    borrowed = usable_choice(g_ptr_array_index(tries->prelude, i - 1));
  return borrowed;
}

void tries_fill(Tries *tries, RunRequest *request) {
  fill_prelude(tries);
  tries->choice = choice_of(tries);
  request->snippet = tries->subject;
  request->prelude = (const Snippet *const *)tries->prelude->pdata;
  request->prelude_count = tries->prelude->len;
  request->fixture = tries->choice;
  request->variant = variant_of(tries);
  request->hold_back = tries->place < AS_IT_IS;
}

gboolean tries_shows(const Tries *tries) {
  return tries->prelude->len == 0 && (tries->is_certain || count_variants(tries) == 1);
}

/* To the first variant and the first place. */
static void start_over(Tries *tries, gboolean has_fixture) {
  tries->has_fixture = has_fixture;
  tries->is_second = TRUE;
  tries->place = ALONE;
  tries->variant = 0;
}

/* Always TRUE: there is a next one. */
static gboolean next_place(Tries *tries) {
  gboolean has_own = usable_choice(tries->subject) != NULL;
  tries->variant = 0;
  if (tries->place == DOCUMENT && has_own && !tries->has_fixture) {
    /* Before it runs as it is, it is tried with the fixture; and if that was not ready, that is
     * what there is to say. */
    tries->is_certain = tries->is_second;
    start_over(tries, TRUE);
  } else {
    tries->place++;
  }
  return TRUE;
}

gboolean tries_next(Tries *tries, OutcomeKind outcome) {
  gboolean is_last_variant = tries->variant + 1 >= count_variants(tries);
  if (tries->is_certain)
    return FALSE;
  switch (outcome) {
  case OUTCOME_HELD:
    return tries->place < AS_IT_IS && next_place(tries);
  case OUTCOME_UNREADY:
    /* Unless it was tried without before, it may do without. */
    if (tries->is_second)
      return FALSE;
    start_over(tries, FALSE);
    return TRUE;
  case OUTCOME_RAISED:
    if (!is_last_variant) {
      tries->variant++;
      return TRUE;
    }
    if (tries->variant == 0)
      return FALSE;
    tries->variant = 0;
    tries->is_certain = TRUE;
    return TRUE;
  default:
    return FALSE;
  }
}
