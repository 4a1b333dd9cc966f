#include "run/exam.h"

#include <string.h>

#include "run/exam_attempts.h"
#include "run/exam_prelude.h"
#include "run/exam_weigh.h"
#include "run/plan.h"

/* Requests that the runner has at a time: enough to keep it busy, whatever its
 * lanes, and few enough that a bank of any size needs no more memory. */
#define WINDOW 256
/* Transcripts that wait for earlier blocks may hold so much before no further
 * first runs are begun. */
#define RETAINED_MAX (64u << 20)

/* What the blocks of one document share. */
typedef struct {
  guint first; /* index of its first entry */
  guint count;
  guint settled; /* all entries before this one have their verdict */
} Paper;

/* The best one of some runs. */
typedef struct {
  Transcript *transcript; /* NULL where there was none yet */
  Verdict *verdict;
  gboolean is_usable;          /* later blocks may run after it */
  const FixtureChoice *choice; /* that it was made with, both borrowed */
  const gchar *variant;
} Attempt;

typedef struct {
  Exam *exam;
  const Snippet *snippet;
  Paper *paper;
  guint position;      /* in its document; those before it stand before it */
  gboolean is_waiting; /* for the verdicts on earlier blocks */
  gboolean is_settled;

  /* while it is not settled */
  Attempts attempts;
  Attempt best;        /* of this round */
  Attempt before;      /* of the round before */
  GHashTable *held;    /* keys of claims that held in any run; NULL where there is but one way */
  GPtrArray *prelude;  /* const Snippet *, of the run that it has or waits for */
  GPtrArray *repeated; /* Transcript *: that run, if it is made again and again, so far */
  guint prelude_tried; /* blocks before its last run */
} Entry;

struct Exam {
  ExamCalls calls;
  Paper *papers;
  Entry *entries;
  Earlier *earlier; /* what each of them says to later ones */
  guint count;
  guint *order;
  guint next;   /* in order */
  GQueue again; /* Entry *, to be run once more, or after earlier blocks */
  guint in_flight;
  guint settled;
  gsize retained;
  GStringChunk *names;
};

/* --- runs -------------------------------------------------------------- */

static void on_done(Transcript *transcript, gpointer data);
static void skip(Entry *entry, gchar *reason);

/* A block that claims a NameError needs a name on purpose. */
static gboolean claims_name_error(const Snippet *snippet) {
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    if (claim->expected != NULL && strstr(claim->expected, "NameError") != NULL)
      return TRUE;
  }
  return FALSE;
}

static void submit(Entry *entry) {
  Exam *exam = entry->exam;
  RunRequest request = {
      .snippet = entry->snippet,
      .hold_back = !claims_name_error(entry->snippet),
      .line_buffered = TRUE,
      .fixture = attempts_choice(&entry->attempts),
      .variant = attempts_variant(&entry->attempts),
  };
  if (entry->prelude != NULL) {
    request.prelude = (const Snippet *const *)entry->prelude->pdata;
    request.prelude_count = entry->prelude->len;
    entry->prelude_tried = entry->prelude->len;
  }
  exam->in_flight++;
  exam->calls.submit(exam->calls.runner, &request, on_done, entry);
}

/* Why it is not to be run; NULL where it is. */
static gchar *skip_reason(const Exam *exam, const Snippet *snippet) {
  const Settings *settings = snippet->settings;
  const gchar *python = exam->calls.python;
  if (settings != NULL && settings->skip != NULL)
    return g_strdup(settings->skip);
  if (settings != NULL && settings->python != NULL && python != NULL &&
      !python_range_covers(settings->python, python))
    return g_strdup_printf("for Python %s, this is %s", settings->python, python);
  return NULL;
}

static void begin(Entry *entry) {
  gchar *reason = skip_reason(entry->exam, entry->snippet);
  if (reason != NULL)
    skip(entry, reason);
  else
    submit(entry);
}

static void fill_window(Exam *exam) {
  while (exam->in_flight < WINDOW) {
    if (!g_queue_is_empty(&exam->again))
      submit(g_queue_pop_head(&exam->again));
    /* What is retained waits for runs that are under way, or to come. */
    else if (exam->next < exam->count && (exam->retained < RETAINED_MAX || exam->in_flight == 0))
      begin(&exam->entries[exam->order[exam->next++]]);
    else
      return;
  }
}

static void attempt_clear(Exam *exam, Attempt *attempt) {
  if (attempt->transcript != NULL)
    exam->retained -= run_weight(attempt->transcript);
  g_clear_pointer(&attempt->transcript, transcript_free);
  g_clear_pointer(&attempt->verdict, verdict_free);
}

/* Takes both over. */
static void keep(Entry *entry, Transcript *transcript, Verdict *verdict, gboolean is_usable) {
  const Attempts *attempts = &entry->attempts;
  attempt_clear(entry->exam, &entry->best);
  entry->best = (Attempt){transcript, verdict, is_usable, attempts_choice(attempts),
                          attempts_variant(attempts)};
  entry->exam->retained += run_weight(transcript);
  attempts_note_best(&entry->attempts);
}

/* --- what a block says to later ones ------------------------------------- */

static Earlier *earlier_of(const Entry *entry) {
  return &entry->exam->earlier[entry - entry->exam->entries];
}

/* The blocks of its document. */
static const Earlier *blocks_of(const Entry *entry) {
  return earlier_of(entry) - entry->position;
}

static void note_run(Entry *entry, const Transcript *transcript, gboolean is_usable) {
  Exam *exam = entry->exam;
  Earlier *earlier = earlier_of(entry);
  guint count = g_strv_length(transcript->names_bound);
  g_free(earlier->names);
  earlier->names = g_new0(const gchar *, count + 1);
  for (guint i = 0; i < count; i++)
    earlier->names[i] = g_string_chunk_insert_const(exam->names, transcript->names_bound[i]);
  earlier->is_known = TRUE;
  earlier->is_usable = is_usable;
  if (transcript->prelude == 0)
    earlier->wall_ms = (guint)MIN(transcript->usage.wall_ns / 1000000, G_MAXINT);
}

/* --- verdicts ------------------------------------------------------------ */

/* Which of the two rounds counts. */
static void choose_round(Entry *entry) {
  if (entry->before.transcript == NULL)
    return;
  if (entry->best.transcript == NULL ||
      !attempts_second_counts(&entry->attempts, entry->before.transcript, entry->before.verdict,
                              entry->best.transcript, entry->best.verdict)) {
    Attempt kept = entry->before;
    entry->before = entry->best;
    entry->best = kept;
  }
  attempt_clear(entry->exam, &entry->before);
}

/* What keeps a block from being run that only misses something is what it needs. */
static void explain_missing(Entry *entry) {
  Verdict *verdict = entry->best.verdict;
  const FixtureChoice *choice = entry->snippet->choice;
  if (verdict->class != VERDICT_FRAGMENT && verdict->class != VERDICT_NEEDS)
    return;
  const gchar *needs = choice == NULL ? NULL : choice->problem;
  if (needs == NULL && choice != NULL && choice->fixture != NULL)
    needs = choice->fixture->problem;
  if (needs == NULL && verdict->class == VERDICT_FRAGMENT) {
    g_auto(Missing) missing = missing_names(entry->best.transcript, verdict);
    const Earlier *unready = prelude_unready(blocks_of(entry), entry->position, &missing);
    needs = unready != NULL ? unready->needs : NULL;
  }
  if (needs == NULL)
    return;
  verdict->class = VERDICT_NEEDS;
  g_free(verdict->reason);
  verdict->reason = g_strdup(needs);
}

/* It would run with a fixture that was passed over: only the reader knows whether that is meant. */
static void tell_passed_over(const Entry *entry) {
  Verdict *verdict = entry->best.verdict;
  const Fixture *fixture = entry->snippet->passed_over;
  if (fixture == NULL || verdict->class != VERDICT_FRAGMENT || verdict->reason == NULL)
    return;
  gchar **needed = entry->best.transcript->names_needed;
  gboolean are_several = entry->best.transcript->outcome == OUTCOME_HELD && g_strv_length(needed) > 1;
  for (gchar **name = needed; *name != NULL; name++)
    if (!g_strv_contains((const gchar *const *)fixture->provides, *name))
      return;
  gchar *reason = g_strdup_printf("%s (fixture %s provides %s, but nothing else here speaks of its "
                                  "field: bank.yaml can say so)",
                                  verdict->reason, fixture->name, are_several ? "them" : "it");
  g_free(verdict->reason);
  verdict->reason = reason;
}

static void settle(Entry *entry) {
  Exam *exam = entry->exam;
  choose_round(entry);
  Attempt *best = &entry->best;
  Earlier *earlier = earlier_of(entry);
  note_run(entry, best->transcript, best->is_usable);
  earlier->choice = best->choice;
  earlier->variant = best->variant;
  if (best->transcript->outcome == OUTCOME_UNREADY)
    earlier->needs = g_strdup(best->verdict->reason);
  if (best->choice != NULL && best->verdict->fixture == NULL)
    best->verdict->fixture = fixture_choice_text(best->choice, best->variant);
  if (entry->held != NULL)
    run_pardon(best->transcript, best->verdict, entry->held);
  explain_missing(entry);
  tell_passed_over(entry);
  exam->settled++;
  entry->is_settled = TRUE;
  exam->calls.verdict(entry->snippet, best->transcript, best->verdict, exam->calls.data);
  attempt_clear(exam, best);
  g_clear_pointer(&entry->prelude, g_ptr_array_unref);
  g_clear_pointer(&entry->held, g_hash_table_unref);
}

/* --- what comes next ------------------------------------------------------- */

static void queue(Entry *entry, GPtrArray *prelude) {
  g_clear_pointer(&entry->prelude, g_ptr_array_unref);
  entry->prelude = prelude;
  g_queue_push_tail(&entry->exam->again, entry);
}

/* Which variant is the likeliest after earlier blocks: the best one so far, or, where it was not
 * even run, that of the block whose names it needs. */
static guint likely_variant(const Entry *entry, const Missing *missing) {
  const Attempts *attempts = &entry->attempts;
  const FixtureChoice *choice = attempts_choice(attempts);
  const Earlier *lender = NULL;
  if (choice != NULL && entry->best.transcript->outcome == OUTCOME_HELD)
    lender = prelude_lender(blocks_of(entry), entry->position, choice->fixture, missing);
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

/* Queues it to run after earlier blocks from this level on, where that can help. */
static gboolean enter_level(Entry *entry, Level level, const Attempt *lead) {
  const FixtureChoice *choice = attempts_choice(&entry->attempts);
  if (!is_unsatisfying(lead))
    return FALSE;
  g_auto(Missing) missing = what_is_missing(lead);
  for (; level < LEVELS; level++) {
    gboolean is_found;
    g_autoptr(GPtrArray) prelude =
        prelude_collect(blocks_of(entry), entry->position, level,
                        choice != NULL ? choice->fixture : NULL, &missing, &is_found);
    if (prelude->len > entry->prelude_tried && (is_found || run_may_be_explained(lead->verdict))) {
      guint variant = entry->best.transcript != NULL ? likely_variant(entry, &missing) : 0;
      attempts_enter(&entry->attempts, level, variant);
      queue(entry, g_steal_pointer(&prelude));
      return TRUE;
    }
  }
  return FALSE;
}

/* Whether the verdicts on earlier blocks must be in first. Where no earlier block can help,
 * there is nothing to wait for. */
static gboolean must_wait(const Entry *entry) {
  const Attempt *best = &entry->best;
  if (entry->paper->settled >= entry->position || !is_unsatisfying(best))
    return FALSE;
  if (run_may_be_explained(best->verdict))
    return TRUE;
  g_auto(Missing) missing = what_is_missing(best);
  return !prelude_is_hopeless(blocks_of(entry), entry->position, &missing);
}

/* A block without a fixture goes on with the work of an earlier one that has one: with that. */
static gboolean borrow(Entry *entry) {
  const Attempt *best = &entry->best;
  if (entry->attempts.choice != NULL || !run_is_unsatisfying(best->transcript, best->verdict))
    return FALSE;
  g_auto(Missing) missing = missing_names(best->transcript, best->verdict);
  const Earlier *lender = prelude_lender(blocks_of(entry), entry->position, NULL, &missing);
  if (lender == NULL)
    return FALSE;
  attempts_borrow(&entry->attempts, lender->choice, lender->variant);
  entry->before = entry->best;
  entry->best = (Attempt){0};
  entry->prelude_tried = 0;
  if (!enter_level(entry, LEVEL_HEADING, &entry->before)) {
    entry->best = entry->before;
    entry->before = (Attempt){0};
    return FALSE;
  }
  return TRUE;
}

/* After a run, or after all earlier blocks have their verdicts. Queues what comes next, waits, or
 * settles it. */
static void go_on(Entry *entry) {
  Attempts *attempts = &entry->attempts;
  if (must_wait(entry)) {
    entry->is_waiting = TRUE;
    return;
  }
  if (entry->paper->settled >= entry->position &&
      (enter_level(entry, attempts->level + 1, &entry->best) || borrow(entry)))
    return;
  if (attempts_next_round(attempts, entry->best.transcript, entry->best.verdict)) {
    entry->before = entry->best;
    entry->best = (Attempt){0};
    entry->prelude_tried = 0;
    queue(entry, NULL);
    return;
  }
  settle(entry);
}

/* A block whose earlier ones are all settled need wait no longer. Not before:
 * one that never ends after those before it must not run before later ones. */
static void advance(Exam *exam, Paper *paper) {
  for (; paper->settled < paper->count; paper->settled++) {
    Entry *entry = &exam->entries[paper->first + paper->settled];
    if (entry->is_waiting) {
      entry->is_waiting = FALSE;
      go_on(entry);
    }
    if (!entry->is_settled)
      return;
  }
}

/* --- results ----------------------------------------------------------- */

static gchar *session_text(guint count, Level level) {
  return g_strdup_printf("after %u earlier block%s of its %s", count, count == 1 ? "" : "s",
                         level == LEVEL_HEADING ? "heading" : "document");
}

/* Keeps the better one of this run and the best so far. Takes both over. */
static void weigh(Entry *entry, Transcript *transcript, Verdict *verdict) {
  const Attempts *attempts = &entry->attempts;
  Attempt *best = &entry->best;
  gboolean is_usable = run_is_usable(transcript);
  gboolean is_same = attempts->variant == attempts->best;
  /* What hangs after earlier blocks would do so again. */
  if (attempts->level != LEVEL_ALONE && is_same && best->transcript != NULL)
    is_usable = best->is_usable = best->is_usable && is_usable;
  if (entry->held != NULL)
    run_note_held(transcript, verdict, entry->held);
  if (attempts->level != LEVEL_ALONE) {
    g_free(verdict->session);
    verdict->session = session_text(entry->prelude_tried, attempts->level);
  }
  if (best->transcript == NULL || (is_same ? run_is_better(verdict, best->verdict)
                                           : run_fits_better(transcript, verdict, best->verdict))) {
    keep(entry, transcript, verdict, is_usable);
    return;
  }
  transcript_free(transcript);
  verdict_free(verdict);
}

static void on_run(Entry *entry, Transcript *transcript, Verdict *verdict) {
  Exam *exam = entry->exam;
  OutcomeKind outcome = transcript->outcome;
  if (entry->held == NULL && entry->attempts.choice != NULL)
    entry->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  weigh(entry, transcript, verdict);
  /* Later blocks may look at it; with a fixture, that would be too soon. */
  if (entry->snippet->choice == NULL && !entry->attempts.is_second)
    note_run(entry, entry->best.transcript, entry->best.is_usable);
  if (attempts_next_variant(&entry->attempts, outcome, entry->best.transcript, entry->best.verdict))
    g_queue_push_tail(&exam->again, entry);
  else
    go_on(entry);
  advance(exam, entry->paper);
}

/* Marks a run with those that it repeats. NULL where it is to be made once more: then it
 * is kept with them. Else the first of them is set in *counting, for the caller, and
 * the others are gone. */
static Verdict *mark(Entry *entry, Transcript *transcript, Transcript **counting) {
  Exam *exam = entry->exam;
  if (entry->repeated == NULL)
    entry->repeated = g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
  g_ptr_array_add(entry->repeated, transcript);
  exam->retained += run_weight(transcript);
  Verdict *verdict =
      exam->calls.mark(entry->snippet, (const Transcript *const *)entry->repeated->pdata,
                       entry->repeated->len, exam->calls.data);
  if (verdict->wants_more) {
    verdict_free(verdict);
    return NULL;
  }
  for (guint i = 0; i < entry->repeated->len; i++)
    exam->retained -= run_weight(g_ptr_array_index(entry->repeated, i));
  *counting = g_ptr_array_index(entry->repeated, 0);
  entry->repeated->pdata[0] = NULL; /* transcript_free() takes it */
  g_clear_pointer(&entry->repeated, g_ptr_array_unref);
  return verdict;
}

static void on_done(Transcript *transcript, gpointer data) {
  Entry *entry = data;
  Exam *exam = entry->exam;
  exam->in_flight--;
  Transcript *counting = NULL;
  Verdict *verdict = mark(entry, transcript, &counting);
  if (verdict == NULL)
    g_queue_push_head(&exam->again, entry);
  else
    on_run(entry, counting, verdict);
  fill_window(exam);
}

/* Takes reason over. */
static void skip(Entry *entry, gchar *reason) {
  Exam *exam = entry->exam;
  Transcript *transcript = transcript_new();
  transcript->outcome = OUTCOME_SKIPPED;
  transcript->failure = reason;
  const Transcript *const run[] = {transcript};
  Verdict *verdict = exam->calls.mark(entry->snippet, run, 1, exam->calls.data);
  keep(entry, transcript, verdict, FALSE);
  settle(entry);
  advance(exam, entry->paper);
}

/* --- the exam ---------------------------------------------------------- */

static void add_entry(Exam *exam, Paper *paper, const Snippet *snippet) {
  exam->earlier[exam->count] = (Earlier){
      .snippet = snippet,
      .pieces = snippet->examples != NULL ? snippet->examples->len : 1,
      .size = strlen(snippet->source),
  };
  exam->entries[exam->count++] = (Entry){
      .exam = exam,
      .snippet = snippet,
      .paper = paper,
      .position = paper->count++,
      .attempts = attempts_new(snippet),
  };
}

Exam *exam_new(GPtrArray *documents, const ExamCalls *calls) {
  Exam *exam = g_new0(Exam, 1);
  exam->calls = *calls;
  exam->names = g_string_chunk_new(4096);
  g_queue_init(&exam->again);
  g_autoptr(GPtrArray) snippets = g_ptr_array_new();
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++)
      g_ptr_array_add(snippets, g_ptr_array_index(document->snippets, k));
  }
  exam->order = plan_order(snippets);
  exam->papers = g_new0(Paper, documents->len);
  exam->entries = g_new0(Entry, snippets->len);
  exam->earlier = g_new0(Earlier, snippets->len);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    exam->papers[i].first = exam->count;
    for (guint k = 0; k < document->snippets->len; k++)
      add_entry(exam, &exam->papers[i], g_ptr_array_index(document->snippets, k));
  }
  return exam;
}

void exam_start(Exam *exam) {
  fill_window(exam);
}

gboolean exam_is_over(const Exam *exam) {
  return exam->settled == exam->count;
}

void exam_free(Exam *exam) {
  if (exam == NULL)
    return;
  for (guint i = 0; i < exam->count; i++) {
    Entry *entry = &exam->entries[i];
    g_free(exam->earlier[i].names);
    g_free(exam->earlier[i].needs);
    attempt_clear(exam, &entry->best);
    attempt_clear(exam, &entry->before);
    g_clear_pointer(&entry->held, g_hash_table_unref);
    g_clear_pointer(&entry->prelude, g_ptr_array_unref);
    g_clear_pointer(&entry->repeated, g_ptr_array_unref);
  }
  g_queue_clear(&exam->again);
  g_string_chunk_free(exam->names);
  g_free(exam->entries);
  g_free(exam->earlier);
  g_free(exam->papers);
  g_free(exam->order);
  g_free(exam);
}
