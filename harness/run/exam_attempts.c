#include "run/exam_attempts.h"

#include "run/exam_weigh.h"

/* Whether there is a fixture that it can run with. */
static gboolean is_usable(const FixtureChoice *choice) {
  return choice != NULL && choice->fixture != NULL && choice->fixture->problem == NULL;
}

Attempts attempts_new(const Snippet *snippet) {
  Attempts attempts = {.choice = is_usable(snippet->choice) ? snippet->choice : NULL};
  attempts.only = attempts.choice != NULL ? attempts.choice->variant : NULL;
  attempts.has_fixture = attempts.choice != NULL && !attempts.choice->is_late;
  return attempts;
}

static guint count_variants(const Attempts *attempts) {
  if (!attempts->has_fixture || attempts->only != NULL)
    return 1;
  return MAX(attempts->choice->fixture->variants->len, 1);
}

const FixtureChoice *attempts_choice(const Attempts *attempts) {
  return attempts->has_fixture ? attempts->choice : NULL;
}

static const gchar *variant_name(const Attempts *attempts, guint place) {
  const GPtrArray *variants = attempts->choice->fixture->variants;
  if (attempts->only != NULL)
    return attempts->only;
  if (place >= variants->len)
    return NULL;
  const FixtureVariant *variant = g_ptr_array_index(variants, place);
  return variant->name;
}

const gchar *attempts_variant(const Attempts *attempts) {
  return attempts->has_fixture ? variant_name(attempts, attempts->variant) : NULL;
}

guint attempts_find_variant(const Attempts *attempts, const gchar *name, guint otherwise) {
  for (guint i = 0; i < count_variants(attempts); i++)
    if (g_strcmp0(variant_name(attempts, i), name) == 0)
      return i;
  return otherwise;
}

void attempts_note_best(Attempts *attempts) {
  attempts->best = attempts->variant;
}

/* At each level the preferred variant comes first, and the others in their order. */
static guint variant_of_turn(const Attempts *attempts, guint turn) {
  if (turn == 0)
    return attempts->preferred;
  return turn <= attempts->preferred ? turn - 1 : turn;
}

gboolean attempts_next_variant(Attempts *attempts, OutcomeKind last, const Transcript *best,
                               const Verdict *best_verdict) {
  if (attempts->turn + 1 >= count_variants(attempts) || last == OUTCOME_UNREADY ||
      !run_may_fit_better(best, best_verdict))
    return FALSE;
  /* What is still missing after these blocks is no variant's. */
  if (attempts->level != LEVEL_ALONE && last == OUTCOME_HELD)
    return FALSE;
  attempts->variant = variant_of_turn(attempts, ++attempts->turn);
  return TRUE;
}

void attempts_enter(Attempts *attempts, Level level, guint variant) {
  attempts->level = level;
  attempts->preferred = variant;
  attempts->variant = variant;
  attempts->turn = 0;
}

gboolean attempts_next_round(Attempts *attempts, const Transcript *best,
                             const Verdict *best_verdict) {
  if (attempts->choice == NULL || attempts->is_second)
    return FALSE;
  /* Without the fixture it may still run; and what seems false with a fixture that only its
   * names chose must not be accused if it holds without. */
  gboolean is_wanted = attempts->has_fixture ? best->outcome == OUTCOME_UNREADY ||
                                                   (run_may_be_explained(best_verdict) &&
                                                    !attempts->choice->is_configured)
                                             : run_is_unsatisfying(best, best_verdict);
  if (!is_wanted)
    return FALSE;
  attempts->has_fixture = !attempts->has_fixture;
  attempts->is_second = TRUE;
  attempts->best = 0;
  attempts_enter(attempts, LEVEL_ALONE, 0);
  return TRUE;
}

void attempts_borrow(Attempts *attempts, const FixtureChoice *choice, const gchar *variant) {
  attempts->choice = choice;
  attempts->only = variant;
  attempts->has_fixture = TRUE;
  attempts->is_second = TRUE;
  attempts->best = 0;
}

gboolean attempts_second_counts(const Attempts *attempts, const Transcript *first,
                                const Verdict *first_verdict, const Transcript *second,
                                const Verdict *second_verdict) {
  /* The fixture might have explained what is missing, or seems false. */
  if (attempts->has_fixture && second->outcome == OUTCOME_UNREADY)
    return TRUE;
  if (first->outcome == OUTCOME_UNREADY)
    return run_is_better(second_verdict, first_verdict) &&
           !run_is_unsatisfying(second, second_verdict);
  return run_fits_better(second, second_verdict, first_verdict) ||
         run_got_further(second, second_verdict, first_verdict);
}
