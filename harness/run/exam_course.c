#include "run/exam_course.h"

#include "run/exam_weigh.h"

Course course_of(const Earlier *blocks, guint position, gsize *retained) {
  return (Course){.blocks = blocks,
                  .position = position,
                  .retained = retained,
                  .attempts = attempts_new(blocks[position].snippet)};
}

static const Snippet *subject_of(const Course *course) {
  return course->blocks[course->position].snippet;
}

static void set_prelude(Course *course, GPtrArray *prelude) {
  g_clear_pointer(&course->prelude, g_ptr_array_unref);
  course->prelude = prelude;
}

/* --- the best run -------------------------------------------------------- */

static void attempt_clear(Course *course, Attempt *attempt) {
  if (attempt->transcript != NULL)
    *course->retained -= run_weight(attempt->transcript);
  g_clear_pointer(&attempt->transcript, transcript_free);
  g_clear_pointer(&attempt->verdict, verdict_free);
}

/* Takes both over. */
static void keep(Course *course, Transcript *transcript, Verdict *verdict, gboolean is_usable) {
  const Attempts *attempts = &course->attempts;
  attempt_clear(course, &course->best);
  course->best = (Attempt){transcript, verdict, is_usable, attempts_choice(attempts),
                           attempts_variant(attempts)};
  *course->retained += run_weight(transcript);
  attempts_note_best(&course->attempts);
}

void course_clear(Course *course) {
  attempt_clear(course, &course->best);
  attempt_clear(course, &course->before);
  set_prelude(course, NULL);
  g_clear_pointer(&course->held, g_hash_table_unref);
}

static gchar *session_text(guint count, Level level) {
  return g_strdup_printf("after %u earlier block%s of its %s", count, count == 1 ? "" : "s",
                         level == LEVEL_HEADING ? "heading" : "document");
}

void course_weigh(Course *course, Transcript *transcript, Verdict *verdict) {
  const Attempts *attempts = &course->attempts;
  Attempt *best = &course->best;
  gboolean is_usable = run_is_usable(transcript);
  gboolean is_same = attempts->variant == attempts->best;
  /* What hangs after earlier blocks would do so again. */
  if (attempts->level != LEVEL_ALONE && is_same && best->transcript != NULL)
    is_usable = best->is_usable = best->is_usable && is_usable;
  if (course->held == NULL && attempts->choice != NULL)
    course->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (course->held != NULL)
    run_note_held(transcript, verdict, course->held);
  if (course->prelude != NULL &&
      prelude_lends(course->blocks, course->position, course->prelude, transcript))
    run_accept_excuses(verdict);
  if (attempts->level != LEVEL_ALONE) {
    g_free(verdict->session);
    verdict->session = session_text(course->prelude_tried, attempts->level);
  }
  if (best->transcript == NULL || (is_same ? run_is_better(verdict, best->verdict)
                                           : run_fits_better(transcript, verdict, best->verdict))) {
    keep(course, transcript, verdict, is_usable);
    return;
  }
  transcript_free(transcript);
  verdict_free(verdict);
}

/* --- what comes next ------------------------------------------------------- */

/* Which variant is the likeliest after earlier blocks: the best one so far, or, where it was not
 * even run, that of the block whose names it needs. */
static guint likely_variant(const Course *course, const Missing *missing) {
  const Attempts *attempts = &course->attempts;
  const FixtureChoice *choice = attempts_choice(attempts);
  const Earlier *lender = NULL;
  if (choice != NULL && course->best.transcript->outcome == OUTCOME_HELD)
    lender = prelude_lender(course->blocks, course->position, choice->fixture, missing);
  return lender != NULL ? attempts_find_variant(attempts, lender->variant, attempts->best)
                        : attempts->best;
}

/* The names of a late fixture are meant to be those of the document, first of all. */
static gboolean is_replaced(const Attempt *lead) {
  return lead->choice != NULL && lead->choice->is_late &&
         run_may_fit_better(lead->transcript, lead->verdict);
}

/* Whether earlier blocks could make more of it. */
static gboolean is_unsatisfying(const Attempt *lead) {
  return run_is_unsatisfying(lead->transcript, lead->verdict) || is_replaced(lead);
}

static Missing what_is_missing(const Attempt *lead) {
  Missing missing = missing_names(lead->transcript, lead->verdict);
  for (gchar **name = lead->choice != NULL ? lead->choice->names : NULL;
       is_replaced(lead) && *name != NULL; name++)
    g_ptr_array_add(missing.names, *name);
  return missing;
}

/* Lets it run after earlier blocks from this level on, where that can help. */
static gboolean enter_level(Course *course, Level level, const Attempt *lead) {
  const FixtureChoice *choice = attempts_choice(&course->attempts);
  if (!is_unsatisfying(lead))
    return FALSE;
  g_auto(Missing) missing = what_is_missing(lead);
  for (; level < LEVELS; level++) {
    gboolean is_found;
    g_autoptr(GPtrArray) prelude =
        prelude_collect(course->blocks, course->position, level,
                        choice != NULL ? choice->fixture : NULL, &missing, &is_found);
    if (prelude->len > course->prelude_tried && (is_found || run_may_be_explained(lead->verdict))) {
      guint variant = course->best.transcript != NULL ? likely_variant(course, &missing) : 0;
      attempts_enter(&course->attempts, level, variant);
      set_prelude(course, g_steal_pointer(&prelude));
      return TRUE;
    }
  }
  return FALSE;
}

/* Whether the verdicts on earlier blocks, which are not all in, must be in first. Where none of
 * them can help, there is nothing to wait for. */
static gboolean must_wait(const Course *course) {
  const Attempt *best = &course->best;
  if (!is_unsatisfying(best))
    return FALSE;
  if (run_may_be_explained(best->verdict))
    return TRUE;
  g_auto(Missing) missing = what_is_missing(best);
  return !prelude_is_hopeless(course->blocks, course->position, &missing);
}

/* A block without a fixture goes on with the work of an earlier one that has one: with that. */
static gboolean borrow(Course *course) {
  const Attempt *best = &course->best;
  if (course->attempts.choice != NULL || !run_is_unsatisfying(best->transcript, best->verdict))
    return FALSE;
  g_auto(Missing) missing = missing_names(best->transcript, best->verdict);
  const Earlier *lender = prelude_lender(course->blocks, course->position, NULL, &missing);
  if (lender == NULL)
    return FALSE;
  attempts_borrow(&course->attempts, lender->choice, lender->variant);
  course->before = course->best;
  course->best = (Attempt){0};
  course->prelude_tried = 0;
  if (!enter_level(course, LEVEL_HEADING, &course->before)) {
    course->best = course->before;
    course->before = (Attempt){0};
    return FALSE;
  }
  return TRUE;
}

gboolean course_next_variant(Course *course, OutcomeKind last) {
  return attempts_next_variant(&course->attempts, last, course->best.transcript,
                               course->best.verdict);
}

CourseNext course_next(Course *course, gboolean are_settled) {
  Attempts *attempts = &course->attempts;
  if (!are_settled && must_wait(course))
    return COURSE_WAITS;
  if (are_settled && (enter_level(course, attempts->level + 1, &course->best) || borrow(course)))
    return COURSE_RUNS;
  if (attempts_next_round(attempts, course->best.transcript, course->best.verdict)) {
    course->before = course->best;
    course->best = (Attempt){0};
    course->prelude_tried = 0;
    set_prelude(course, NULL);
    return COURSE_RUNS;
  }
  return COURSE_ENDS;
}

/* --- the end --------------------------------------------------------------- */

/* Which of the two rounds counts. */
static void choose_round(Course *course) {
  if (course->before.transcript == NULL)
    return;
  if (course->best.transcript == NULL ||
      !attempts_second_counts(&course->attempts, course->before.transcript, course->before.verdict,
                              course->best.transcript, course->best.verdict)) {
    Attempt kept = course->before;
    course->before = course->best;
    course->best = kept;
  }
  attempt_clear(course, &course->before);
}

/* What keeps a block from being run that only misses something is what it needs. */
static void explain_missing(Course *course) {
  Verdict *verdict = course->best.verdict;
  const FixtureChoice *choice = subject_of(course)->choice;
  if (verdict->class != VERDICT_FRAGMENT && verdict->class != VERDICT_NEEDS)
    return;
  const gchar *needs = choice == NULL ? NULL : choice->problem;
  if (needs == NULL && choice != NULL && choice->fixture != NULL)
    needs = choice->fixture->problem;
  if (needs == NULL && verdict->class == VERDICT_FRAGMENT) {
    g_auto(Missing) missing = missing_names(course->best.transcript, verdict);
    const Earlier *unready = prelude_unready(course->blocks, course->position, &missing);
    needs = unready != NULL ? unready->needs : NULL;
  }
  if (needs == NULL)
    return;
  verdict->class = VERDICT_NEEDS;
  g_free(verdict->reason);
  verdict->reason = g_strdup(needs);
}

/* It would run with a fixture that was passed over: only the reader knows whether that is meant. */
static void tell_passed_over(const Course *course) {
  Verdict *verdict = course->best.verdict;
  const Fixture *fixture = subject_of(course)->passed_over;
  if (fixture == NULL || verdict->class != VERDICT_FRAGMENT || verdict->reason == NULL)
    return;
  gchar **needed = course->best.transcript->names_needed;
  gboolean are_several =
      course->best.transcript->outcome == OUTCOME_HELD && g_strv_length(needed) > 1;
  for (gchar **name = needed; *name != NULL; name++)
    if (!g_strv_contains((const gchar *const *)fixture->provides, *name))
      return;
  gchar *reason = g_strdup_printf("%s (fixture %s provides %s, but nothing else here speaks of its "
                                  "field: bank.yaml can say so)",
                                  verdict->reason, fixture->name, are_several ? "them" : "it");
  g_free(verdict->reason);
  verdict->reason = reason;
}

void course_conclude(Course *course) {
  choose_round(course);
  Attempt *best = &course->best;
  if (best->choice != NULL && best->verdict->fixture == NULL)
    best->verdict->fixture = fixture_choice_text(best->choice, best->variant);
  if (course->held != NULL)
    run_pardon(best->transcript, best->verdict, course->held);
  explain_missing(course);
  tell_passed_over(course);
}
