#include "run/exam.h"

#include <string.h>

#include "run/exam_course.h"
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

typedef struct {
  Exam *exam;
  const Snippet *snippet;
  Paper *paper;
  gboolean is_wanted;  /* its verdict is asked for */
  gboolean is_dormant; /* it is not to be run, unless a wanted one waits for it */
  gboolean is_waiting; /* for the verdicts on earlier blocks */
  gboolean is_settled;

  /* while it is not settled */
  Course course;
  GPtrArray *repeated; /* Transcript *: its run, if it is made again and again, so far */
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
  GQueue woken; /* Entry *, to be begun, because a wanted one waits for them */
  guint in_flight;
  guint wanted;  /* entries whose verdict is asked for, */
  guint settled; /* and so many of them have it */
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

static RunRequest request_for(const Snippet *snippet, const Attempts *attempts) {
  return (RunRequest){.snippet = snippet,
                      .hold_back = !claims_name_error(snippet),
                      .line_buffered = TRUE,
                      .fixture = attempts_choice(attempts),
                      .variant = attempts_variant(attempts)};
}

RunRequest exam_first_request(const Snippet *snippet) {
  Attempts attempts = attempts_new(snippet);
  return request_for(snippet, &attempts);
}

static void submit(Entry *entry) {
  Exam *exam = entry->exam;
  Course *course = &entry->course;
  RunRequest request = request_for(entry->snippet, &course->attempts);
  if (course->prelude != NULL) {
    request.prelude = (const Snippet *const *)course->prelude->pdata;
    request.prelude_count = course->prelude->len;
    course->prelude_tried = course->prelude->len;
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

static void begin_next(Exam *exam) {
  Entry *entry = &exam->entries[exam->order[exam->next++]];
  if (entry->is_wanted)
    begin(entry);
}

static void fill_window(Exam *exam) {
  while (exam->in_flight < WINDOW) {
    if (!g_queue_is_empty(&exam->again))
      submit(g_queue_pop_head(&exam->again));
    else if (!g_queue_is_empty(&exam->woken))
      begin(g_queue_pop_head(&exam->woken));
    /* What is retained waits for runs that are under way, or to come. */
    else if (exam->next < exam->count && (exam->retained < RETAINED_MAX || exam->in_flight == 0))
      begin_next(exam);
    else
      return;
  }
}

/* --- what a block says to later ones ------------------------------------- */

static Earlier *earlier_of(const Entry *entry) {
  return &entry->exam->earlier[entry - entry->exam->entries];
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

static void settle(Entry *entry) {
  Exam *exam = entry->exam;
  Course *course = &entry->course;
  course_conclude(course);
  const Attempt *best = &course->best;
  Earlier *earlier = earlier_of(entry);
  note_run(entry, best->transcript, best->is_usable);
  earlier->choice = best->choice;
  earlier->variant = best->variant;
  if (best->transcript->outcome == OUTCOME_UNREADY)
    earlier->needs = g_strdup(best->verdict->reason);
  entry->is_settled = TRUE;
  if (entry->is_wanted) {
    exam->settled++;
    exam->calls.verdict(entry->snippet, best->transcript, best->verdict, exam->calls.data);
  }
  course_clear(course);
}

/* Those before a block that waits, which may need any of them. */
static void wake_earlier(const Entry *entry) {
  const Paper *paper = entry->paper;
  for (guint i = paper->settled; i < entry->course.position; i++) {
    Entry *earlier = &entry->exam->entries[paper->first + i];
    if (!earlier->is_dormant)
      continue;
    earlier->is_dormant = FALSE;
    g_queue_push_tail(&entry->exam->woken, earlier);
  }
}

/* After a run, or after all earlier blocks have their verdicts. */
static void go_on(Entry *entry) {
  switch (course_next(&entry->course, entry->paper->settled >= entry->course.position)) {
  case COURSE_WAITS:
    entry->is_waiting = TRUE;
    wake_earlier(entry);
    break;
  case COURSE_RUNS:
    g_queue_push_tail(&entry->exam->again, entry);
    break;
  case COURSE_ENDS:
    settle(entry);
    break;
  }
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

static void on_run(Entry *entry, Transcript *transcript, Verdict *verdict) {
  Exam *exam = entry->exam;
  Course *course = &entry->course;
  OutcomeKind outcome = transcript->outcome;
  course_weigh(course, transcript, verdict);
  /* Later blocks may look at it; with a fixture, that would be too soon. */
  if (entry->snippet->choice == NULL && !course->attempts.is_second)
    note_run(entry, course->best.transcript, course->best.is_usable);
  if (course_next_variant(course, outcome))
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
  course_weigh(&entry->course, transcript, verdict);
  settle(entry);
  advance(exam, entry->paper);
}

/* --- the exam ---------------------------------------------------------- */

gboolean exam_wants(const GHashTable *wanted, const Snippet *snippet) {
  return wanted == NULL || g_hash_table_contains((GHashTable *)wanted, snippet);
}

static void add_entry(Exam *exam, Paper *paper, const Snippet *snippet) {
  gboolean is_wanted = exam_wants(exam->calls.wanted, snippet);
  exam->wanted += is_wanted;
  exam->earlier[exam->count] = (Earlier){
      .snippet = snippet,
      .pieces = snippet->examples != NULL ? snippet->examples->len : 1,
      .size = strlen(snippet->source),
  };
  exam->entries[exam->count++] = (Entry){
      .exam = exam,
      .snippet = snippet,
      .paper = paper,
      .is_wanted = is_wanted,
      .is_dormant = !is_wanted,
      .course = course_of(&exam->earlier[paper->first], paper->count, &exam->retained),
  };
  paper->count++;
}

Exam *exam_new(GPtrArray *documents, const ExamCalls *calls) {
  Exam *exam = g_new0(Exam, 1);
  exam->calls = *calls;
  exam->names = g_string_chunk_new(4096);
  g_queue_init(&exam->again);
  g_queue_init(&exam->woken);
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
  return exam->settled == exam->wanted;
}

void exam_free(Exam *exam) {
  if (exam == NULL)
    return;
  for (guint i = 0; i < exam->count; i++) {
    Entry *entry = &exam->entries[i];
    g_free(exam->earlier[i].names);
    g_free(exam->earlier[i].needs);
    course_clear(&entry->course);
    g_clear_pointer(&entry->repeated, g_ptr_array_unref);
  }
  g_queue_clear(&exam->again);
  g_queue_clear(&exam->woken);
  g_string_chunk_free(exam->names);
  g_free(exam->entries);
  g_free(exam->earlier);
  g_free(exam->papers);
  g_free(exam->order);
  g_free(exam);
}
