/*
 * proctor explain: all that is known about one block.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "cli/explain_run.h"
#include "cli/hall.h"
#include "cli/material.h"
#include "cli/source.h"
#include "report/text.h"

typedef struct {
  Hall *hall;
  gboolean is_told;
} Explanation;

static void tell_place(const Snippet *snippet) {
  static const gchar *const placements[] = {
      [SNIPPET_FENCED] = "a fenced block",
      [SNIPPET_INDENTED] = "an indented block",
      [SNIPPET_SWALLOWED] = "code right under a paragraph; a renderer shows it as prose",
  };
  const Question *question = snippet->question;
  printf("%s\n", snippet->id);
  explain_tell("file", "%s, lines %u to %u", snippet->document->path, snippet->first_line,
               snippet->last_line);
  if (question != NULL) {
    g_autofree gchar *section = g_strjoinv(" > ", question->section);
    if (*section != '\0')
      explain_tell("section", "%s", section);
    explain_tell(
        "question", "%s%s%s (line %u), block %u", question->number != NULL ? question->number : "",
        question->number != NULL ? ". " : "", question->title, question->line, snippet->ordinal);
  }
  if (snippet->info != NULL)
    explain_tell("found as", "%s marked '%s'", placements[snippet->placement], snippet->info);
  else
    explain_tell("found as", "%s", placements[snippet->placement]);
  explain_tell("read as", "%s",
               snippet->kind == SNIPPET_TRANSCRIPT ? "a transcript, prompts and what they showed"
                                                   : "a script");
  explain_tell("content", "%s", snippet->content_id);
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

static void tell_target(const Snippet *snippet, const Claim *claim) {
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
}

/* What is compared with what happened, and how far. */
static void tell_expected(const Snippet *snippet, const Claim *claim) {
  g_autofree gchar *expected =
      text_one_line(claim->expected != NULL ? claim->expected : "", -1, LINE_WIDTH);
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
}

static void tell_claim(const Snippet *snippet, const Transcript *transcript,
                       const ClaimResult *result) {
  const Claim *claim = result->claim;
  g_autofree gchar *text = text_one_line(claim->text, -1, LINE_WIDTH);
  printf("  line %u, %s: '%s'\n", claim_document_line(snippet, claim), claim_rule_name(claim->rule),
         text);
  tell_target(snippet, claim);
  if (claim->word != NULL && transcript->fixture != NULL && transcript->fixture->fixture != NULL) {
    g_autofree gchar *name = text_one_line(claim->word, -1, LINE_WIDTH);
    printf("    read by     %s of fixture %s\n", name, transcript->fixture->fixture->name);
  }
  if (claim->target != CLAIM_OF_FIELD)
    tell_expected(snippet, claim);
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

/* Whether the words of a fixture read the comment after all. */
static gboolean is_claimed(const Verdict *verdict, const Unclaimed *unclaimed) {
  for (guint i = 0; i < verdict->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(verdict->claims, i);
    if (claim->rule == CLAIM_FIELD && claim->prose_line == 0 && claim->line == unclaimed->line)
      return TRUE;
  }
  return FALSE;
}

static void tell_unclaimed(const Snippet *snippet, const Verdict *verdict) {
  gboolean is_first = TRUE;
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    if (is_claimed(verdict, unclaimed))
      continue;
    g_autofree gchar *text = text_one_line(unclaimed->text, -1, LINE_WIDTH);
    g_autofree gchar *reason = text_one_line(unclaimed->reason, -1, LINE_WIDTH);
    printf("%s  line %u: '%s': %s\n", is_first ? "\nNot read as claims:\n" : "",
           snippet_document_line(snippet, unclaimed->line), text, reason);
    is_first = FALSE;
  }
}

static void tell_claims(const Snippet *snippet, const Transcript *transcript,
                        const Verdict *verdict) {
  printf("\nRead as claims:%s\n", verdict->results->len == 0 ? " nothing" : "");
  for (guint i = 0; i < verdict->results->len; i++)
    tell_claim(snippet, transcript, g_ptr_array_index(verdict->results, i));
  tell_unclaimed(snippet, verdict);
}

static void tell_expectation(const Transcript *transcript, const Verdict *verdict) {
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
  for (guint i = 0; i < transcript->checked->len; i++) {
    const Checked *checked = g_ptr_array_index(transcript->checked, i);
    g_autofree gchar *said = text_one_line(checked->said, -1, LINE_WIDTH);
    if (checked->kind == CHECKED_FINAL && checked->end == CHECKED_HOLDS)
      printf("  holds after the run: %s\n", said);
  }
}

/* Code that was edited is new to the results, but not to the history. */
static void on_entry(const HistoryEntry *entry, gpointer data) {
  gboolean *was_run = data;
  *was_run = entry != NULL;
}

static const gchar *reason_of(const Explanation *explanation, const Snippet *snippet) {
  const gchar *reason = hall_reason(explanation->hall);
  gboolean was_run = FALSE;
  if (g_strcmp0(reason, RESULTS_NEVER_RUN) != 0)
    return reason;
  g_autofree gchar *path = g_canonicalize_filename(snippet->document->path, NULL);
  results_history(hall_results(explanation->hall), path, snippet->id, NULL, on_entry, &was_run);
  return was_run ? "its code has changed" : reason;
}

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Explanation *explanation = data;
  explain_run(snippet, transcript, verdict, reason_of(explanation, snippet),
              hall_is_timed(explanation->hall, snippet, transcript));
  tell_claims(snippet, transcript, verdict);
  tell_expectation(transcript, verdict);
  printf("\nVerdict: %s", verdict_class_name(verdict->class));
  if (verdict->reason != NULL) {
    g_autofree gchar *reason = text_one_line(verdict->reason, -1, 0);
    printf(": %s", reason);
  }
  putchar('\n');
  explanation->is_told = TRUE;
  return FALSE;
}

/* Other blocks of its document are run only where it needs them. */
static int explain(const Snippet *subject, const RunnerOptions *options,
                   const ResultsArguments *results, const Expectations *expectations) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, (gpointer)subject->document);
  g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
  g_hash_table_add(wanted, (gpointer)subject);
  g_autoptr(Hall) hall = hall_open(options, results);
  Explanation explanation = {.hall = hall};
  Sitting sitting = {.documents = documents,
                     .wanted = wanted,
                     .verdict = on_verdict,
                     .data = &explanation,
                     .expectations = expectations};

  tell_place(subject);
  tell_code(subject);
  hall_explain(hall, subject);
  if (!hall_sit(hall, &sitting, &end, &error)) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  g_clear_pointer(&hall, hall_close);
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
  g_autofree gchar *revision = NULL;
  g_auto(EquipmentArguments) equipment = {0};
  g_auto(ResultsArguments) results = {0};
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments.timeout,
       "Stop a snippet after SECONDS (10)", "SECONDS"},
      {"python", 0, 0, G_OPTION_ARG_STRING, &arguments.python,
       "Run under this Python (" PROCTOR_DEFAULT_PYTHON ")", "X.Y"},
      {"rev", 0, 0, G_OPTION_ARG_STRING, &revision,
       "The documents as they are in a revision of git", "REV"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary = "Says all that is known about one block of the documents and folders (default:\n"
                 "the current folder): where it stands, what was read as a claim, what was not\n"
                 "and why, what happened when it ran, and whether that was now.\n\n"
                 "ID is an id of 'proctor list' or an unambiguous tail of one, FILE:LINE, or\n"
                 "the first digits of a content id.",
      .description = "Exit code: 0, 2 usage or no such block, 3 proctor failed or was "
                     "interrupted.\n",
      .entries = entries,
      .equipment = &equipment,
      .takes_expected = TRUE,
      .results = &results};
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
  g_autoptr(Source) source = source_open_for(revision, words[0], words + 1);
  g_autoptr(Material) material =
      source != NULL
          ? material_open_for(MATERIAL_EXPECTED, words[0], source->files, words + 1, &equipment)
          : NULL;
  if (material == NULL)
    return CLI_USAGE;
  broken_pipes_fail();
  return explain(material->subject, &options, &results, material->expectations);
}
