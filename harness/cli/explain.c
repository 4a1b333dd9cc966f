/*
 * proctor explain: all that is known about one block.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "cli/sitting.h"
#include "judge/proof.h"
#include "report/problems.h"
#include "report/text.h"

#define LINE_WIDTH 100

typedef struct {
  const Snippet *subject;
  gboolean is_told;
} Explanation;

/* A line "  name       value". */
static void tell(const gchar *name, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static void tell(const gchar *name, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *value = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree gchar *line = text_one_line(value, -1, 0);
  printf("  %-10s %s\n", name, line);
}

static void tell_place(const Snippet *snippet) {
  static const gchar *const placements[] = {
      [SNIPPET_FENCED] = "a fenced block",
      [SNIPPET_INDENTED] = "an indented block",
      [SNIPPET_SWALLOWED] = "code right under a paragraph; a renderer shows it as prose",
  };
  const Question *question = snippet->question;
  printf("%s\n", snippet->id);
  tell("file", "%s, lines %u to %u", snippet->document->path, snippet->first_line,
       snippet->last_line);
  if (question != NULL) {
    g_autofree gchar *section = g_strjoinv(" > ", question->section);
    if (*section != '\0')
      tell("section", "%s", section);
    tell("question", "%s%s%s (line %u), block %u", question->number != NULL ? question->number : "",
         question->number != NULL ? ". " : "", question->title, question->line, snippet->ordinal);
  }
  if (snippet->info != NULL)
    tell("found as", "%s marked '%s'", placements[snippet->placement], snippet->info);
  else
    tell("found as", "%s", placements[snippet->placement]);
  tell("read as", "%s",
       snippet->kind == SNIPPET_TRANSCRIPT ? "a transcript, prompts and what they showed"
                                           : "a script");
  tell("content", "%s", snippet->content_id);
}

static void tell_code(const Snippet *snippet) {
  printf("\nCode\n");
  for (guint line = 1; line <= snippet->last_line - snippet->first_line + 1; line++) {
    g_autofree gchar *text = snippet_line_text(snippet, line);
    g_autofree gchar *safe = text_code_line(text != NULL ? text : "", 0);
    g_autofree gchar *row = g_strdup_printf("%6u | %s", snippet_document_line(snippet, line), safe);
    printf("%s\n", g_strchomp(row));
  }
}

static void tell_claim(const Snippet *snippet, const ClaimResult *result) {
  const Claim *claim = result->claim;
  g_autofree gchar *text = text_one_line(claim->text, -1, LINE_WIDTH);
  g_autofree gchar *expected =
      text_one_line(claim->expected != NULL ? claim->expected : "", -1, LINE_WIDTH);
  printf("  line %u, %s: '%s'\n", snippet_document_line(snippet, claim->line),
         claim_rule_name(claim->rule), text);
  if (claim->code != NULL)
    printf("    speaks of   the commented-out code of line %u\n",
           snippet_document_line(snippet, claim->code_line));
  else if (claim->first_line == 0 && claim->target == CLAIM_OF_SNIPPET)
    printf("    speaks of   all that the block writes\n");
  else if (claim->first_line == 0 && claim->target == CLAIM_OF_NAMES)
    printf("    speaks of   its variables when execution comes there\n");
  else if (claim->first_line == 0)
    printf("    speaks of   the block\n");
  else if (claim->first_line == claim->last_line)
    printf("    speaks of   line %u\n", snippet_document_line(snippet, claim->first_line));
  else
    printf("    speaks of   lines %u to %u\n", snippet_document_line(snippet, claim->first_line),
           snippet_document_line(snippet, claim->last_line));
  if (claim->names != NULL)
    printf("    variables   %s\n", claim->names);
  if (claim->rival != 0)
    printf("    beside      line %u\n", snippet_document_line(snippet, claim->rival));
  printf("    expects     '%s'\n", expected);
  if (claim->cautious != NULL) {
    g_autofree gchar *cautious = text_one_line(claim->cautious, -1, LINE_WIDTH);
    printf("    may accuse  no: %s\n", cautious);
  } else {
    printf("    may accuse  yes\n");
  }
  if (result->actual != NULL) {
    g_autofree gchar *actual = text_one_line(result->actual, -1, LINE_WIDTH);
    printf("    happened    '%s'\n", actual);
  }
  const gchar *state = result->state == CLAIM_HOLDS          ? "holds"
                       : result->state == CLAIM_CONTRADICTED ? "contradicted"
                                                             : "could not be checked";
  g_autofree gchar *note = text_one_line(result->note != NULL ? result->note : "", -1, LINE_WIDTH);
  printf("    result      %s%s%s\n", state, *note != '\0' ? ": " : "", note);
}

static void tell_claims(const Snippet *snippet, const Verdict *verdict) {
  printf("\nRead as claims:%s\n", verdict->results->len == 0 ? " nothing" : "");
  for (guint i = 0; i < verdict->results->len; i++)
    tell_claim(snippet, g_ptr_array_index(verdict->results, i));
  if (snippet->unclaimed->len == 0)
    return;
  printf("\nNot read as claims:\n");
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    g_autofree gchar *text = text_one_line(unclaimed->text, -1, LINE_WIDTH);
    g_autofree gchar *reason = text_one_line(unclaimed->reason, -1, LINE_WIDTH);
    printf("  line %u: '%s': %s\n", snippet_document_line(snippet, unclaimed->line), text, reason);
  }
}

/* The output of one stream, a row for each stretch that one line wrote. "-" is
 * Python itself, "?" what nobody noted: a child process, or a bare descriptor. */
static void tell_stream(const Snippet *snippet, const Transcript *transcript, StreamKind stream) {
  const GString *bytes = stream == STREAM_OUTPUT ? transcript->output : transcript->errors;
  gsize cut = stream == STREAM_OUTPUT ? transcript->output_cut : transcript->errors_cut;
  gsize cursor = 0;
  if (bytes->len == 0)
    return;
  printf("\n%s\n",
         stream == STREAM_OUTPUT ? "Standard output, by line" : "Standard error, by line");
  for (guint i = 0; i <= transcript->writes->len && cursor < bytes->len; i++) {
    Write rest = {.stream = stream, .offset = bytes->len};
    Write write = i < transcript->writes->len ? g_array_index(transcript->writes, Write, i) : rest;
    if (write.stream != stream || write.offset < cursor || write.offset > bytes->len ||
        write.length > bytes->len - write.offset)
      continue;
    if (write.offset > cursor) {
      g_autofree gchar *gap =
          text_one_line(bytes->str + cursor, (gssize)(write.offset - cursor), LINE_WIDTH);
      printf("     ? | %s\n", gap);
    }
    cursor = write.offset + write.length;
    /* print() writes its arguments and the newline one by one. */
    for (; i + 1 < transcript->writes->len; i++) {
      const Write *next = &g_array_index(transcript->writes, Write, i + 1);
      if (next->stream != stream || next->line != write.line || next->offset != cursor ||
          next->length > bytes->len - cursor || bytes->str[cursor - 1] == '\n')
        break;
      cursor += next->length;
    }
    if (cursor == write.offset)
      continue;
    gsize end = bytes->str[cursor - 1] == '\n' ? cursor - 1 : cursor;
    g_autofree gchar *text =
        text_one_line(bytes->str + write.offset, (gssize)(end - write.offset), LINE_WIDTH);
    if (write.line != 0)
      printf("%6u | %s\n", snippet_document_line(snippet, write.line), text);
    else
      printf("     - | %s\n", text);
  }
  if (cut > 0)
    printf("  %" G_GSIZE_FORMAT " bytes of it were dropped\n", cut);
}

/* The threads of a run that is stuck, one by one. */
static void tell_waits(const Snippet *snippet, const Transcript *transcript) {
  if (transcript->waits->len == 0)
    return;
  printf("\nWhat its threads wait for\n");
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    g_autofree gchar *proof = proof_of_thread_here(snippet, transcript, waiting);
    g_autofree gchar *safe = text_one_line(proof, -1, 0);
    if (waiting->line != 0)
      printf("%6u | %s\n", snippet_document_line(snippet, waiting->line), safe);
    else
      printf("     - | %s\n", safe);
  }
}

static void tell_gil(const GilTimeline *timeline) {
  if (timeline == NULL)
    return;
  printf("\nWho held the GIL, of %.4f s\n", (gdouble)timeline->wall_ns / 1e9);
  for (guint i = 0; i < timeline->shares->len; i++) {
    const GilShare *share = g_ptr_array_index(timeline->shares, i);
    g_autofree gchar *name = text_one_line(share->name, -1, LINE_WIDTH);
    g_autofree gchar *turns = text_count((guint)MIN(share->turns, G_MAXUINT), "turn");
    printf("  %s held the GIL %.4f s, waited %.4f s, %s\n", name, (gdouble)share->held_ns / 1e9,
           (gdouble)share->waited_ns / 1e9, turns);
  }
}

/* Commented-out lines that were run, each in a process of its own. */
static void tell_probed(const Snippet *snippet, const Transcript *transcript) {
  static const gchar *const ends[] = {
      [PROBE_FINISHED] = "finishes",
      [PROBE_RAISED] = "raises",
      [PROBE_UNPARSABLE] = "is not Python",
      [PROBE_STOPPED] = "was stopped",
      [PROBE_DIED] = "died",
  };
  for (guint i = 0; i < transcript->probed->len; i++) {
    const Probed *probed = g_ptr_array_index(transcript->probed, i);
    if (i == 0)
      printf("\nCommented-out lines, run apart\n");
    printf("%6u | %s", snippet_document_line(snippet, probed->line), ends[probed->end]);
    if (probed->raised != NULL) {
      g_autofree gchar *message = text_one_line(probed->raised->message, -1, LINE_WIDTH);
      printf(": %s%s%s", probed->raised->type, *message != '\0' ? ": " : "", message);
    }
    if (probed->repr != NULL) {
      g_autofree gchar *repr = text_one_line(probed->repr, -1, LINE_WIDTH);
      printf(", gives %s", repr);
    }
    if (*probed->output != '\0') {
      g_autofree gchar *output = text_one_line(probed->output, -1, LINE_WIDTH);
      printf(", prints '%s'", output);
    }
    putchar('\n');
  }
}

static void tell_expectation(const Verdict *verdict) {
  static const gchar *const states[] = {
      [EXPECTATION_NONE] = NULL,
      [EXPECTATION_MET] = "what happened is what was accepted",
      [EXPECTATION_DIFFERS] = "differs from what was accepted",
      [EXPECTATION_UNCLEAR] = "met, but for what cannot be told on this machine",
      [EXPECTATION_UNTESTED] = "nothing ran that it could be compared with",
  };
  if (verdict->expectation == EXPECTATION_NONE)
    return;
  printf("\nExpectation: %s\n", states[verdict->expectation]);
  g_auto(GStrv) lines =
      g_strsplit(verdict->difference != NULL ? verdict->difference : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree gchar *line = text_code_line(lines[i], 0);
    if (*line != '\0')
      printf("  %s\n", line);
  }
}

static void tell_run(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict) {
  const Usage *usage = &transcript->usage;
  const Raised *final = transcript_final_exception(transcript);
  printf("\nRun\n");
  if (verdict->session != NULL)
    tell("session", "%s", verdict->session);
  tell("outcome", "%s", verdict->outcome != NULL ? verdict->outcome : "not run");
  if (final != NULL)
    tell("exception", "%s: %s, line %u", final->type, final->message,
         problem_line_of_run(snippet, transcript));
  if (transcript->names_needed[0] != NULL) {
    g_autofree gchar *names = g_strjoinv(", ", transcript->names_needed);
    tell("needs", "%s", names);
  }
  tell("time", "%.4f s wall, %.4f s user, %.4f s system", (gdouble)usage->wall_ns / 1e9,
       (gdouble)usage->user_ns / 1e9, (gdouble)usage->system_ns / 1e9);
  tell("memory", "%.1f MiB at its peak", (gdouble)usage->peak_bytes / (1 << 20));
  tell("switches", "%" G_GUINT64_FORMAT " voluntary, %" G_GUINT64_FORMAT " forced context switches",
       usage->switches_voluntary, usage->switches_forced);
  if (transcript->survivors > 0)
    tell("left", "%u processes, which were killed", transcript->survivors);
  tell_stream(snippet, transcript, STREAM_OUTPUT);
  tell_stream(snippet, transcript, STREAM_ERRORS);
  tell_waits(snippet, transcript);
  tell_gil(transcript->gil);
  tell_probed(snippet, transcript);
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Explanation *explanation = data;
  if (snippet != explanation->subject)
    return TRUE;
  tell_run(snippet, transcript, verdict);
  tell_claims(snippet, verdict);
  tell_expectation(verdict);
  printf("\nVerdict: %s", verdict_class_name(verdict->class));
  if (verdict->reason != NULL) {
    g_autofree gchar *reason = text_one_line(verdict->reason, -1, 0);
    printf(": %s", reason);
  }
  putchar('\n');
  explanation->is_told = TRUE;
  return FALSE;
}

/* Its document's snippets up to the subject: what stands behind it has no part
 * in its verdict. */
static GPtrArray *snippets_up_to(const Snippet *subject) {
  GPtrArray *snippets = g_ptr_array_new();
  for (guint i = 0; i < subject->document->snippets->len; i++) {
    gpointer snippet = g_ptr_array_index(subject->document->snippets, i);
    g_ptr_array_add(snippets, snippet);
    if (snippet == (gpointer)subject)
      break;
  }
  return snippets;
}

static int explain(const Snippet *subject, const RunnerOptions *options,
                   const Expectations *expectations) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  g_autoptr(GPtrArray) snippets = snippets_up_to(subject);
  Document part = *subject->document; /* borrows the rest */
  part.snippets = snippets;
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, &part);
  Explanation explanation = {.subject = subject};
  Sitting sitting = {documents, options, on_verdict, &explanation, expectations};

  tell_place(subject);
  tell_code(subject);
  if (!sitting_hold(&sitting, &end, &error)) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  if (!output_finish())
    return CLI_FAILED;
  if (!explanation.is_told) {
    complain("interrupted before the block had run");
    return CLI_FAILED;
  }
  return CLI_OK;
}

int command_explain(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_autofree gchar *folder = NULL;
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments.timeout,
       "Stop a snippet after SECONDS (10)", "SECONDS"},
      {"python", 0, 0, G_OPTION_ARG_STRING, &arguments.python,
       "Run under this Python (" PROCTOR_DEFAULT_PYTHON ")", "X.Y"},
      {"expected", 0, 0, G_OPTION_ARG_FILENAME, &folder,
       "The folder of the expectations (the nearest 'expected')", "DIR"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary = "Says all that is known about one block of the documents and folders (default:\n"
                 "the current folder): where it stands, what was read as a claim, what was not\n"
                 "and why, and what happened when it ran.\n\n"
                 "ID is an id of 'proctor list' or an unambiguous tail of one, FILE:LINE, or\n"
                 "the first digits of a content id.",
      .description = "Exit code: 0, 2 usage or no such block, 3 proctor failed or was "
                     "interrupted.\n",
      .entries = entries};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (words == NULL) {
    complain("explain: which block? (see 'proctor explain --help')");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  const Snippet *subject = snippet_open(words[0], words + 1);
  if (subject == NULL)
    return CLI_USAGE;
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, (gpointer)subject->document);
  g_autoptr(Expectations) expectations = NULL;
  if (!expecting_open(folder, documents, FALSE, &expectations))
    return CLI_USAGE;
  broken_pipes_fail();
  return explain(subject, &options, expectations);
}
