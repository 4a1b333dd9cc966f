/*
 * The report for a person.
 *
 * What is said about a snippet is put into words when its verdict comes and
 * waits until everything before it in the bank has been said.
 */
#include <errno.h>
#include <string.h>

#include "report/ending.h"
#include "report/fixtures_used.h"
#include "report/order.h"
#include "report/problems.h"
#include "report/report.h"
#include "report/text.h"

#define DIFFERENCE_LINES 20u
#define DIFFERENCE_WIDTH 100
#define TRACEBACK_LINES 30u /* of a longer one, the first few and the last */
#define TRACEBACK_HEAD 4u
#define PROGRESS_INTERVAL_US (G_USEC_PER_SEC / 10)

typedef struct {
  ReportSink sink;
  TerminalOptions options;
  Order *order;
  GPtrArray *before; /* GString *: remarks that come before each place */
  gchar **said;      /* the words of each place; NULL for none */
  gchar **unready;   /* what comes before them, once: why its fixture is not ready; NULL */
  GHashTable *told;  /* gchar *: such texts that were printed */
  FixturesUsed *fixtures;
  gboolean *is_known; /* whether its verdict has come */
  guint next;         /* place that is printed next */
  guint done;
  guint failing;
  guint sessions;
  gint failure; /* errno of the first write that failed; 0 for none */
  gboolean has_printed;
  gboolean shows_progress;
  gint64 progress_us; /* when progress was last written */
} Terminal;

static const gchar *colour_of(VerdictClass class) {
  if (verdict_class_fails(class) || class == VERDICT_INFRA)
    return "\033[31m";
  return class == VERDICT_FRAGMENT || class == VERDICT_RAN ? "\033[2m" : "\033[33m";
}

/* Appends "file:line: word: sentence" and a newline. line 0 is left out. */
static void append_place(const Terminal *terminal, GString *to, const gchar *path, guint line,
                         const gchar *word, const gchar *colour, const gchar *sentence) {
  g_autofree gchar *safe = text_one_line(path, -1, 0);
  gboolean paints = terminal->options.use_colour;
  g_string_append_printf(to, "%s%s:", paints ? "\033[1m" : "", safe);
  if (line != 0)
    g_string_append_printf(to, "%u:", line);
  g_string_append_printf(to, "%s %s%s:%s %s\n", paints ? "\033[0m" : "", paints ? colour : "", word,
                         paints ? "\033[0m" : "", sentence);
}

static void wipe_progress(Terminal *terminal) {
  if (!terminal->shows_progress)
    return;
  fputs("\r\033[K", terminal->options.progress);
  fflush(terminal->options.progress);
  terminal->shows_progress = FALSE;
}

static void flush(Terminal *terminal) {
  if (fflush(terminal->options.out) != 0 && terminal->failure == 0)
    terminal->failure = errno;
}

static void print(Terminal *terminal, const gchar *text) {
  if (text == NULL || *text == '\0')
    return;
  wipe_progress(terminal);
  if (fputs(text, terminal->options.out) < 0 && terminal->failure == 0)
    terminal->failure = errno;
  terminal->has_printed = TRUE;
}

static void show_progress(Terminal *terminal) {
  FILE *progress = terminal->options.progress;
  gint64 now = g_get_monotonic_time();
  if (progress == NULL || now - terminal->progress_us < PROGRESS_INTERVAL_US)
    return;
  terminal->progress_us = now;
  terminal->shows_progress = TRUE;
  fprintf(progress, "\r\033[K%u/%u", terminal->done, terminal->order->count);
  if (terminal->failing > 0)
    fprintf(progress, ", %u wrong", terminal->failing);
  fflush(progress);
}

static void on_begin(ReportSink *sink, const GPtrArray *documents) {
  Terminal *terminal = (Terminal *)sink;
  terminal->order = order_new(documents);
  guint count = terminal->order->count;
  terminal->before = g_ptr_array_new();
  g_ptr_array_set_size(terminal->before, (gint)count + 1);
  terminal->said = g_new0(gchar *, count + 1);
  terminal->unready = g_new0(gchar *, count + 1);
  terminal->is_known = g_new0(gboolean, count);
}

static void on_problem(ReportSink *sink, const gchar *path, const gchar *message) {
  Terminal *terminal = (Terminal *)sink;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree gchar *safe = text_one_line(message, -1, 0);
  append_place(terminal, text, path, 0, "problem", "\033[31m", safe);
  print(terminal, text->str);
  flush(terminal);
}

static void on_remark(ReportSink *sink, const Document *document, const Remark *remark) {
  Terminal *terminal = (Terminal *)sink;
  guint place = order_place_of_line(terminal->order, document, remark->line);
  GString **before = (GString **)&g_ptr_array_index(terminal->before, place);
  if (*before == NULL)
    *before = g_string_new(NULL);
  g_autofree gchar *safe = text_one_line(remark->message, -1, 0);
  append_place(terminal, *before, document->path, remark->line, "note", "\033[36m", safe);
}

/* --- fixtures -------------------------------------------------------------------- */

static void append_traceback(GString *to, const gchar *traceback) {
  g_auto(GStrv) lines = g_strsplit(traceback, "\n", -1);
  guint count = g_strv_length(lines);
  if (count > 0 && *lines[count - 1] == '\0')
    count--;
  for (guint i = 0; i < count; i++) {
    if (count > TRACEBACK_LINES && i == TRACEBACK_HEAD) {
      i = count - (TRACEBACK_LINES - TRACEBACK_HEAD);
      g_string_append(to, "      ...\n");
    }
    g_autofree gchar *line = text_code_line(lines[i], 0);
    g_string_append_printf(to, "      %s\n", line);
  }
}

/* The variant is left out: what is wrong in each of them is one message. */
static gchar *unready_text(const Terminal *terminal, const Fixture *fixture, const gchar *failure,
                           const gchar *traceback) {
  GString *text = g_string_new(NULL);
  g_autofree gchar *sentence = text_one_line(failure, -1, 0);
  append_place(terminal, text, fixture->shown_path, 0, "problem", "\033[31m", sentence);
  if (traceback != NULL)
    append_traceback(text, traceback);
  return g_string_free(text, FALSE);
}

/* Takes text over. */
static void print_once(Terminal *terminal, gchar *text) {
  if (g_hash_table_contains(terminal->told, text)) {
    g_free(text);
    return;
  }
  print(terminal, text);
  g_hash_table_add(terminal->told, text);
}

static void on_fixture(ReportSink *sink, const Fixture *fixture, G_GNUC_UNUSED const gchar *variant,
                       const gchar *failure, const gchar *traceback) {
  Terminal *terminal = (Terminal *)sink;
  print_once(terminal, unready_text(terminal, fixture, failure, traceback));
  flush(terminal);
}

/* Why a snippet could not be run with its fixture; NULL where it was. */
static gchar *unready_of(const Terminal *terminal, const Transcript *transcript) {
  const FixtureChoice *choice = transcript->fixture;
  if (transcript->outcome != OUTCOME_UNREADY || choice == NULL || choice->fixture == NULL)
    return NULL;
  return unready_text(terminal, choice->fixture,
                      transcript->failure != NULL ? transcript->failure : "it is not ready",
                      transcript->traceback);
}

/* --- places ---------------------------------------------------------------------- */

static void print_remarks(Terminal *terminal, guint place) {
  GString *before = g_ptr_array_index(terminal->before, place);
  if (before == NULL)
    return;
  print(terminal, before->str);
  g_string_free(before, TRUE);
  g_ptr_array_index(terminal->before, place) = NULL;
}

static void print_place(Terminal *terminal, guint place) {
  print_remarks(terminal, place);
  if (terminal->unready[place] != NULL)
    print_once(terminal, g_steal_pointer(&terminal->unready[place]));
  print(terminal, terminal->said[place]);
  g_clear_pointer(&terminal->said[place], g_free);
}

/* What is not as accepted: lines that begin with their sign. */
static void append_difference(const Terminal *terminal, GString *to, const gchar *difference) {
  g_auto(GStrv) lines = g_strsplit(difference, "\n", -1);
  guint count = g_strv_length(lines);
  if (count > 0 && *lines[count - 1] == '\0')
    count--;
  for (guint i = 0; i < MIN(count, DIFFERENCE_LINES); i++) {
    g_autofree gchar *line = text_code_line(lines[i], DIFFERENCE_WIDTH);
    const gchar *colour = *line == '-'   ? "\033[31m"
                          : *line == '+' ? "\033[32m"
                          : *line == '!' ? "\033[33m"
                                         : NULL;
    gboolean paints = terminal->options.use_colour && colour != NULL;
    g_string_append_printf(to, "      %s%s%s\n", paints ? colour : "", line,
                           paints ? "\033[0m" : "");
  }
  if (count > DIFFERENCE_LINES)
    g_string_append_printf(to, "      and %u more: proctor review\n", count - DIFFERENCE_LINES);
}

static gchar *words_of(const Terminal *terminal, const Snippet *snippet,
                       const Transcript *transcript, const Verdict *verdict) {
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(snippet, transcript, verdict, terminal->options.is_strict);
  if (problems->len == 0)
    return NULL;
  GString *words = g_string_new(NULL);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    append_place(terminal, words, snippet->document->path, problem->line,
                 verdict_class_name(problem->class), colour_of(problem->class), problem->sentence);
    if (problem->code != NULL)
      g_string_append_printf(words, "%5u | %s\n", problem->line, problem->code);
  }
  if (verdict->expectation == EXPECTATION_DIFFERS && verdict->difference != NULL)
    append_difference(terminal, words, verdict->difference);
  return g_string_free(words, FALSE);
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       const Verdict *verdict) {
  Terminal *terminal = (Terminal *)sink;
  guint place = order_place(terminal->order, snippet);
  terminal->said[place] = words_of(terminal, snippet, transcript, verdict);
  terminal->unready[place] = unready_of(terminal, transcript);
  terminal->is_known[place] = TRUE;
  fixtures_used_add(terminal->fixtures, transcript);
  terminal->done++;
  terminal->failing += verdict_class_fails(verdict->class);
  terminal->sessions += verdict->session != NULL;
  while (terminal->next < terminal->order->count && terminal->is_known[terminal->next])
    print_place(terminal, terminal->next++);
  flush(terminal);
  show_progress(terminal);
}

static gboolean on_end(ReportSink *sink, const ReportSummary *summary, GError **error) {
  Terminal *terminal = (Terminal *)sink;
  FILE *out = terminal->options.out;
  wipe_progress(terminal);
  for (guint place = terminal->next; place < terminal->order->count; place++)
    print_place(terminal, place);
  print_remarks(terminal, terminal->order->count);

  const Ledger *ledger = &summary->ledger;
  if (terminal->has_printed)
    fputc('\n', out);
  if (summary->is_incomplete) {
    guint missing = summary->unfinished != NULL ? summary->unfinished->len : 0;
    fprintf(out, "incomplete: %u of %u blocks were not run to their end (infra)\n", missing,
            ledger->blocks);
  }
  g_autofree gchar *fixtures = fixtures_used_text(terminal->fixtures);
  ending_print(out, summary, terminal->sessions, fixtures);
  flush(terminal);
  if (terminal->failure == 0)
    return TRUE;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(terminal->failure),
              "cannot write the report: %s", g_strerror(terminal->failure));
  return FALSE;
}

static void on_free(ReportSink *sink) {
  Terminal *terminal = (Terminal *)sink;
  wipe_progress(terminal);
  if (terminal->order != NULL) {
    for (guint place = 0; place <= terminal->order->count; place++) {
      GString *before = g_ptr_array_index(terminal->before, place);
      if (before != NULL)
        g_string_free(before, TRUE);
      g_free(terminal->said[place]);
      g_free(terminal->unready[place]);
    }
    g_ptr_array_unref(terminal->before);
    g_free(terminal->said);
    g_free(terminal->unready);
    g_free(terminal->is_known);
    order_free(terminal->order);
  }
  g_hash_table_unref(terminal->told);
  fixtures_used_free(terminal->fixtures);
  g_free(terminal);
}

ReportSink *terminal_sink_new(const TerminalOptions *options) {
  Terminal *terminal = g_new0(Terminal, 1);
  terminal->sink = (ReportSink){.begin = on_begin,
                                .problem = on_problem,
                                .remark = on_remark,
                                .fixture = on_fixture,
                                .verdict = on_verdict,
                                .end = on_end,
                                .free = on_free};
  terminal->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  terminal->fixtures = fixtures_used_new();
  terminal->options = *options;
  return &terminal->sink;
}
