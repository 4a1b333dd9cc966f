#include "cli/remembering.h"

#include <string.h>

#include "report/chart.h"
#include "report/problems.h"
#include "report/text.h"
#include "store/results.h"

/* Lines of one check about what is slower; more than these means that the machine is. */
#define SLOWER_MOST 5u

/* Runs that a new one is compared with. */
#define PAST_MOST 100u

/* A verdict that is to be noted. */
typedef struct {
  const Snippet *snippet;
  VerdictClass class;
  gchar *said;
  guint64 wall_ns;
  guint64 cpu_ns;
  gboolean is_run; /* now; else its class may be another one than before */
} Memory;

struct Remembering {
  Hall *hall;
  const Source *source;
  GPtrArray *memories;    /* Memory *, owned */
  Repository *repository; /* NULL for none; set when the first is noted */
  Repository *owned;      /* that, where the source has none */
  gboolean was_opened;    /* that there is none is found out once, too: it costs 3 ms */
  Commit *head;           /* where the source has none */
  const Commit *commit;   /* what the bank was read at, or is compared with; NULL for none */
  Files *files;           /* of that */
  GHashTable *is_dirty;   /* const Document * -> whether it is */
};

static void memory_free(gpointer data) {
  Memory *memory = data;
  g_free(memory->said);
  g_free(memory);
}

Remembering *remembering_new(Hall *hall, const Source *source) {
  Remembering *remembering = g_new0(Remembering, 1);
  remembering->hall = hall;
  remembering->source = source;
  remembering->memories = g_ptr_array_new_with_free_func(memory_free);
  remembering->is_dirty = g_hash_table_new(NULL, NULL);
  return remembering;
}

void remembering_free(Remembering *remembering) {
  if (remembering == NULL)
    return;
  g_ptr_array_unref(remembering->memories);
  g_hash_table_unref(remembering->is_dirty);
  files_free(remembering->files);
  g_clear_pointer(&remembering->head, commit_free);
  g_clear_pointer(&remembering->owned, repository_free);
  g_free(remembering);
}

/* Whether its class may be another one though nothing was run: what was accepted, or claimed
 * beside it, was edited. */
static gboolean may_differ(const Verdict *verdict) {
  return verdict->expectation != EXPECTATION_NONE || verdict_class_fails(verdict->class);
}

void remembering_add(Remembering *remembering, const Snippet *snippet, const Transcript *transcript,
                     const Verdict *verdict) {
  gboolean is_run = hall_has_run(remembering->hall, snippet);
  if (hall_results(remembering->hall) == NULL || verdict->class == VERDICT_INFRA ||
      !(is_run || may_differ(verdict)))
    return;
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, TRUE);
  Memory *memory = g_new0(Memory, 1);
  memory->snippet = snippet;
  memory->class = verdict->class;
  if (problems->len > 0)
    memory->said = g_strdup(((const ProblemLine *)g_ptr_array_index(problems, 0))->sentence);
  memory->wall_ns = transcript->usage.wall_ns;
  memory->cpu_ns = transcript->usage.user_ns + transcript->usage.system_ns;
  memory->is_run = is_run;
  g_ptr_array_add(remembering->memories, memory);
}

/* --- where it stood ----------------------------------------------------------------------- */

static void open_repository(Remembering *remembering, const Document *document) {
  if (remembering->was_opened)
    return;
  remembering->was_opened = TRUE;
  remembering->repository = remembering->source->repository;
  if (remembering->repository == NULL) {
    g_autofree gchar *folder = g_path_get_dirname(document->path);
    remembering->owned = repository_open(folder, NULL);
    remembering->repository = remembering->owned;
  }
  if (remembering->repository == NULL)
    return;
  remembering->commit = remembering->source->commit;
  if (remembering->commit == NULL)
    remembering->commit = remembering->head = repository_head(remembering->repository, NULL);
  if (remembering->commit != NULL)
    remembering->files = repository_files(remembering->repository, remembering->commit, NULL);
}

/* Whether the document is not as it is in the commit. What is staged has a commit, too, and need
 * not be as in it. */
static gboolean is_dirty(Remembering *remembering, const Document *document) {
  gpointer known;
  if (remembering->files == NULL)
    return FALSE;
  if (g_hash_table_lookup_extended(remembering->is_dirty, document, NULL, &known))
    return GPOINTER_TO_INT(known);
  g_autofree gchar *here = NULL, *there = NULL;
  gsize here_size, there_size;
  gboolean differs = !files_read(remembering->source->files, document->path, BANK_DOCUMENT_MAX,
                                 &here, &here_size, NULL) ||
                     !files_read(remembering->files, document->path, BANK_DOCUMENT_MAX, &there,
                                 &there_size, NULL) ||
                     here_size != there_size || memcmp(here, there, here_size) != 0;
  g_hash_table_insert(remembering->is_dirty, (gpointer)document, GINT_TO_POINTER(differs));
  return differs;
}

/* --- noting ---------------------------------------------------------------------------------- */

typedef struct {
  GArray *runs;          /* ChartRun: of the same snippet and content */
  GStringChunk *strings; /* of those */
  gint class;            /* of the last entry; -1 for none */
} Past;

static void add_run(Past *past, const HistoryEntry *entry) {
  ChartRun run = {.at_us = entry->at_us,
                  .content = g_string_chunk_insert_const(past->strings, entry->content),
                  .python = g_string_chunk_insert_const(past->strings, entry->python),
                  .class = entry->class,
                  .wall = (gdouble)entry->wall_ns / 1e9,
                  .cpu = (gdouble)entry->cpu_ns / 1e9};
  g_array_append_val(past->runs, run);
  past->class = (gint)entry->class;
}

static void on_entry(const HistoryEntry *entry, gpointer data) {
  add_run(data, entry);
}

static Past past_of(Remembering *remembering, const Snippet *snippet) {
  Past past = {.runs = g_array_new(FALSE, FALSE, sizeof(ChartRun)),
               .strings = g_string_chunk_new(64),
               .class = -1};
  results_past(hall_results(remembering->hall), snippet->id, snippet->content_id, PAST_MOST,
               on_entry, &past);
  return past;
}

static void past_clear(Past *past) {
  g_array_unref(past->runs);
  g_string_chunk_free(past->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

/* Returns in what it is slower than it was, a phrase; NULL for nothing. */
static gchar *note(Remembering *remembering, const Memory *memory) {
  const Snippet *snippet = memory->snippet;
  g_auto(Past) past = past_of(remembering, snippet);
  if (!memory->is_run && past.class == (gint)memory->class)
    return NULL;
  open_repository(remembering, snippet->document);
  g_autofree gchar *path = g_canonicalize_filename(snippet->document->path, NULL);
  HistoryEntry entry = {.at_us = g_get_real_time(),
                        .id = snippet->id,
                        .path = path,
                        .content = snippet->content_id,
                        .commit = remembering->commit != NULL ? remembering->commit->id : NULL,
                        .is_dirty = is_dirty(remembering, snippet->document),
                        .python = hall_python(remembering->hall),
                        .class = memory->class,
                        .said = memory->said,
                        .wall_ns = memory->wall_ns,
                        .cpu_ns = memory->cpu_ns};
  if (entry.python == NULL)
    return NULL;
  results_note(hall_results(remembering->hall), &entry);
  if (!memory->is_run)
    return NULL;
  add_run(&past, &entry);
  return chart_regression((const ChartRun *)(const void *)past.runs->data, past.runs->len);
}

static gint by_place(gconstpointer one, gconstpointer other) {
  const Snippet *first = (*(const Memory *const *)one)->snippet;
  const Snippet *second = (*(const Memory *const *)other)->snippet;
  gint order = strcmp(first->document->path, second->document->path);
  return order != 0 ? order : (gint)first->first_line - (gint)second->first_line;
}

GPtrArray *remembering_finish(Remembering *remembering) {
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  GPtrArray *memories = remembering->memories;
  if (memories->len > 0) /* an earlier sitting may have noted something a moment ago */
    results_wait(hall_results(remembering->hall));
  g_ptr_array_sort(memories, by_place);
  guint more = 0;
  for (guint i = 0; i < memories->len; i++) {
    const Memory *memory = g_ptr_array_index(memories, i);
    const Snippet *snippet = memory->snippet;
    g_autofree gchar *slower = note(remembering, memory);
    if (slower == NULL)
      continue;
    g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
    if (lines->len < SLOWER_MOST)
      g_ptr_array_add(lines, g_strdup_printf("%s:%u: %s", path, snippet->first_line, slower));
    else
      more++;
  }
  if (more > 0) {
    g_autofree gchar *blocks = text_count(more, "more block");
    g_ptr_array_add(
        lines, g_strdup_printf("%s %s longer than before", blocks, more == 1 ? "takes" : "take"));
  }
  return lines;
}
