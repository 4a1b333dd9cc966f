#include "run/exam.h"

#include <string.h>

#include "run/exam_weigh.h"
#include "run/plan.h"

/* Requests that the runner has at a time: enough to keep it busy, whatever its
 * lanes, and few enough that a bank of any size needs no more memory. */
#define WINDOW 256
/* Transcripts that wait for earlier blocks may hold so much before no further
 * first runs are begun. */
#define RETAINED_MAX (64u << 20)

/* What may run before a snippet. The nearest blocks count. */
#define PRELUDE_BLOCKS 200
#define PRELUDE_BYTES (256u << 10)
#define PRELUDE_PIECES 8192u
#define PRELUDE_REACH 1000 /* blocks looked at */
/* One that alone took longer runs again only if it binds a name that is missing.
 * Far above what a busy machine adds to a short one, so that it changes nothing. */
#define PRELUDE_WALL_MS 2000

typedef enum { LEVEL_ALONE, LEVEL_HEADING, LEVEL_DOCUMENT } Level;

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
  guint position;      /* in its document; those before it stand before it */
  Level level;         /* of the run that it has or waits for */
  gboolean has_run;    /* alone */
  gboolean is_waiting; /* for the verdicts on earlier blocks */
  gboolean is_settled;

  /* what the first run says to later blocks */
  gboolean is_usable;
  guint wall_ms;
  guint pieces;
  gsize size;
  const gchar **names; /* that it binds, NULL at the end; strings of the exam */

  /* while it is not settled: the better one of its runs so far */
  Transcript *transcript;
  Verdict *verdict;
  GPtrArray *prelude;  /* const Snippet *, of the run that it has or waits for */
  GPtrArray *repeated; /* Transcript *: that run, if it is made again and again, so far */
  guint prelude_tried; /* blocks before its last run */
} Entry;

struct Exam {
  ExamCalls calls;
  Paper *papers;
  Entry *entries;
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
  };
  if (entry->prelude != NULL) {
    request.prelude = (const Snippet *const *)entry->prelude->pdata;
    request.prelude_count = entry->prelude->len;
    entry->prelude_tried = entry->prelude->len;
  }
  exam->in_flight++;
  exam->calls.submit(exam->calls.runner, &request, on_done, entry);
}

static void fill_window(Exam *exam) {
  while (exam->in_flight < WINDOW) {
    if (!g_queue_is_empty(&exam->again))
      submit(g_queue_pop_head(&exam->again));
    /* What is retained waits for runs that are under way, or to come. */
    else if (exam->next < exam->count && (exam->retained < RETAINED_MAX || exam->in_flight == 0))
      submit(&exam->entries[exam->order[exam->next++]]);
    else
      return;
  }
}

static void settle(Entry *entry) {
  Exam *exam = entry->exam;
  exam->retained -= run_weight(entry->transcript);
  exam->settled++;
  entry->is_settled = TRUE;
  exam->calls.verdict(entry->snippet, entry->transcript, entry->verdict, exam->calls.data);
  g_clear_pointer(&entry->transcript, transcript_free);
  g_clear_pointer(&entry->verdict, verdict_free);
  g_clear_pointer(&entry->prelude, g_ptr_array_unref);
}

/* Takes both over. */
static void keep(Entry *entry, Transcript *transcript, Verdict *verdict) {
  if (entry->transcript != NULL)
    entry->exam->retained -= run_weight(entry->transcript);
  transcript_free(entry->transcript);
  verdict_free(entry->verdict);
  entry->transcript = transcript;
  entry->verdict = verdict;
  entry->exam->retained += run_weight(transcript);
}

/* --- after earlier blocks ---------------------------------------------- */

static gboolean binds(const Entry *entry, const gchar *name) {
  for (guint i = 0; entry->names[i] != NULL; i++)
    if (g_str_equal(entry->names[i], name))
      return TRUE;
  return FALSE;
}

/* Sets is_bound for those that it binds; TRUE where there are any. */
static gboolean binds_any(const Entry *entry, const Missing *missing, gboolean *is_bound) {
  gboolean any = FALSE;
  for (guint i = 0; i < missing->names->len; i++) {
    if (binds(entry, g_ptr_array_index(missing->names, i)))
      any = is_bound[i] = TRUE;
  }
  return any;
}

static gboolean is_of_level(const Entry *earlier, const Entry *entry, Level level) {
  return level == LEVEL_DOCUMENT || earlier->snippet->question == entry->snippet->question;
}

static void reverse(GPtrArray *array) {
  for (guint i = 0; i < array->len / 2; i++) {
    gpointer *left = &array->pdata[i], *right = &array->pdata[array->len - 1 - i];
    gpointer kept = *left;
    *left = *right;
    *right = kept;
  }
}

/* The blocks to run before entry, in their order; *is_found is set where they
 * bind what is missing. */
static GPtrArray *collect_prelude(const Entry *entry, Level level, const Missing *missing,
                                  gboolean *is_found) {
  GPtrArray *prelude = g_ptr_array_new();
  gsize bytes = 0;
  guint pieces = 0;
  guint reach = MIN(entry->position, PRELUDE_REACH);
  g_autofree gboolean *is_bound = g_new0(gboolean, missing->names->len + 1);
  for (guint i = 1; i <= reach && prelude->len < PRELUDE_BLOCKS; i++) {
    const Entry *earlier = entry - i;
    if (!is_of_level(earlier, entry, level))
      break;
    if (!earlier->is_usable || bytes + earlier->size > PRELUDE_BYTES ||
        pieces + earlier->pieces > PRELUDE_PIECES)
      continue;
    gboolean is_needed = binds_any(earlier, missing, is_bound);
    if (!is_needed && earlier->wall_ms > PRELUDE_WALL_MS)
      continue;
    bytes += earlier->size;
    pieces += earlier->pieces;
    g_ptr_array_add(prelude, (gpointer)earlier->snippet);
  }
  reverse(prelude);
  *is_found = missing_are_found(missing, is_bound);
  return prelude;
}

/* Whether no earlier block can help, however those end that have not been run:
 * they cannot bind a name that they do not mention. Then there is nothing to
 * wait for. */
static gboolean is_hopeless(const Entry *entry) {
  if (run_may_be_explained(entry->verdict))
    return FALSE;
  g_auto(Missing) missing = missing_names(entry->transcript, entry->verdict);
  g_autofree gboolean *may_be_bound = g_new0(gboolean, missing.names->len + 1);
  guint reach = MIN(entry->position, PRELUDE_REACH);
  for (guint i = 1; i <= reach; i++) {
    const Entry *earlier = entry - i;
    if (earlier->has_run) {
      if (earlier->is_usable)
        binds_any(earlier, &missing, may_be_bound);
      continue;
    }
    for (guint k = 0; k < missing.names->len; k++)
      if (strstr(earlier->snippet->source, g_ptr_array_index(missing.names, k)) != NULL)
        may_be_bound[k] = TRUE;
  }
  return !missing_are_found(&missing, may_be_bound);
}

/* Queues it to run after earlier blocks where that can help; else it is settled
 * as it is. */
static void sit_again(Entry *entry, Level level) {
  if (run_is_unsatisfying(entry->transcript, entry->verdict)) {
    g_auto(Missing) missing = missing_names(entry->transcript, entry->verdict);
    for (; level <= LEVEL_DOCUMENT; level++) {
      gboolean is_found;
      g_autoptr(GPtrArray) prelude = collect_prelude(entry, level, &missing, &is_found);
      if (prelude->len > entry->prelude_tried &&
          (is_found || run_may_be_explained(entry->verdict))) {
        entry->level = level;
        g_clear_pointer(&entry->prelude, g_ptr_array_unref);
        entry->prelude = g_steal_pointer(&prelude);
        g_queue_push_tail(&entry->exam->again, entry);
        return;
      }
    }
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
      sit_again(entry, LEVEL_HEADING);
    }
    if (!entry->is_settled)
      return;
  }
}

static gchar *session_text(guint count, Level level) {
  return g_strdup_printf("after %u earlier block%s of its %s", count, count == 1 ? "" : "s",
                         level == LEVEL_HEADING ? "heading" : "document");
}

/* --- results ----------------------------------------------------------- */

static void note_first_run(Entry *entry, const Transcript *transcript) {
  Exam *exam = entry->exam;
  guint count = g_strv_length(transcript->names_bound);
  entry->names = g_new0(const gchar *, count + 1);
  for (guint i = 0; i < count; i++)
    entry->names[i] = g_string_chunk_insert_const(exam->names, transcript->names_bound[i]);
  entry->has_run = TRUE;
  entry->is_usable = run_is_usable(transcript);
  entry->wall_ms = (guint)MIN(transcript->usage.wall_ns / 1000000, G_MAXINT);
}

static void on_first_run(Entry *entry, Transcript *transcript, Verdict *verdict) {
  note_first_run(entry, transcript);
  keep(entry, transcript, verdict);
  if (entry->position > 0 && run_is_unsatisfying(transcript, verdict) && !is_hopeless(entry))
    entry->is_waiting = TRUE;
  else
    settle(entry);
  advance(entry->exam, entry->paper);
}

static void on_next_run(Entry *entry, Transcript *transcript, Verdict *verdict) {
  entry->is_usable = entry->is_usable && run_is_usable(transcript);
  if (run_is_better(verdict, entry->verdict)) {
    g_free(verdict->session);
    verdict->session = session_text(entry->prelude_tried, entry->level);
    keep(entry, transcript, verdict);
  } else {
    transcript_free(transcript);
    verdict_free(verdict);
  }
  sit_again(entry, entry->level + 1);
  advance(entry->exam, entry->paper);
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
  else if (entry->level == LEVEL_ALONE)
    on_first_run(entry, counting, verdict);
  else
    on_next_run(entry, counting, verdict);
  fill_window(exam);
}

/* --- the exam ---------------------------------------------------------- */

static void add_entry(Exam *exam, Paper *paper, const Snippet *snippet) {
  exam->entries[exam->count++] = (Entry){
      .exam = exam,
      .snippet = snippet,
      .paper = paper,
      .position = paper->count++,
      .pieces = snippet->examples != NULL ? snippet->examples->len : 1,
      .size = strlen(snippet->source),
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
    g_free(entry->names);
    transcript_free(entry->transcript);
    verdict_free(entry->verdict);
    g_clear_pointer(&entry->prelude, g_ptr_array_unref);
    g_clear_pointer(&entry->repeated, g_ptr_array_unref);
  }
  g_queue_clear(&exam->again);
  g_string_chunk_free(exam->names);
  g_free(exam->entries);
  g_free(exam->papers);
  g_free(exam->order);
  g_free(exam);
}
