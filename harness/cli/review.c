/*
 * proctor review: goes through what differs from its expectation, one by one, and asks.
 *
 * Nothing is kept open at a question but what was read: to end there, whatever the way,
 * leaves everything as it was but for what was written before.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "cli/material.h"
#include "cli/rehearsal.h"
#include "judge/propose.h"
#include "report/text.h"
#include "store/expectation_text.h"

#define CODE_WIDTH 100

typedef struct {
  const Snippet *snippet;
  gchar *difference; /* may be NULL */
} Pending;

typedef struct {
  const Bank *bank;
  Expectations *expectations;
  GPtrArray *pending;    /* Pending *, in the order of their verdicts */
  gboolean includes_new; /* those without an expectation, too */
  gboolean use_colour;
  guint written;
  gboolean has_failed;
} Review;

typedef enum { ANSWER_ACCEPT, ANSWER_REJECT, ANSWER_EDIT, ANSWER_SKIP, ANSWER_QUIT } Answer;

static void pending_free(gpointer data) {
  Pending *pending = data;
  g_free(pending->difference);
  g_free(pending);
}

/* --- what there is to ask -------------------------------------------------------- */

static gboolean is_worth_one(const Verdict *verdict) {
  return verdict->expectation == EXPECTATION_NONE &&
         (verdict->class == VERDICT_RAN || verdict->class == VERDICT_HUNG ||
          verdict->class == VERDICT_RAISED);
}

static gboolean on_verdict(const Snippet *snippet, G_GNUC_UNUSED const Transcript *transcript,
                           const Verdict *verdict, gpointer data) {
  Review *review = data;
  if (verdict->expectation != EXPECTATION_DIFFERS &&
      !(review->includes_new && is_worth_one(verdict)))
    return TRUE;
  Pending *pending = g_new0(Pending, 1);
  pending->snippet = snippet;
  pending->difference = g_strdup(verdict->difference);
  g_ptr_array_add(review->pending, pending);
  return TRUE;
}

static gint by_place(gconstpointer left, gconstpointer right) {
  const Snippet *one = (*(Pending *const *)left)->snippet;
  const Snippet *other = (*(Pending *const *)right)->snippet;
  gint order = strcmp(one->document->path, other->document->path);
  return order != 0 ? order : one->first_line < other->first_line ? -1 : 1;
}

/* --- showing ----------------------------------------------------------------------- */

static void print_coloured(const Review *review, const gchar *colour, const gchar *text) {
  g_autofree gchar *safe = text_code_line(text, 0);
  if (review->use_colour && colour != NULL)
    printf("\033[%sm%s\033[0m\n", colour, safe);
  else
    printf("%s\n", safe);
}

static void print_difference(const Review *review, const gchar *difference) {
  g_auto(GStrv) lines = g_strsplit(difference, "\n", -1);
  for (gchar **line = lines; *line != NULL; line++) {
    if (**line == '\0')
      continue;
    const gchar *colour = **line == '-' ? "31" : **line == '+' ? "32" : **line == '!' ? "33" : NULL;
    g_autofree gchar *row = g_strdup_printf("  %s", *line);
    print_coloured(review, colour, row);
  }
}

static void print_code(const Snippet *snippet) {
  for (guint line = 1; line <= snippet->last_line - snippet->first_line + 1; line++) {
    g_autofree gchar *text = snippet_line_text(snippet, line);
    g_autofree gchar *safe = text_code_line(text != NULL ? text : "", CODE_WIDTH);
    g_autofree gchar *row = g_strdup_printf("%6u | %s", snippet_document_line(snippet, line), safe);
    printf("%s\n", g_strchomp(row));
  }
}

static void print_question(const Review *review, guint index) {
  const Pending *pending = g_ptr_array_index(review->pending, index);
  const Snippet *snippet = pending->snippet;
  g_autofree gchar *title =
      g_strdup_printf("[%u/%u] %s:%u  %s", index + 1, review->pending->len, snippet->document->path,
                      snippet->first_line, snippet->id);
  printf("\n");
  print_coloured(review, "1", title);
  print_code(snippet);
  if (pending->difference != NULL) {
    printf("\n  - accepted, + happened\n");
    print_difference(review, pending->difference);
  }
}

/* What would be written, where that says more than the difference. */
static void print_proposal(const Review *review, const Acceptance *acceptance, const gchar *text) {
  const gchar *before = acceptance->file != NULL ? rewrite_text(acceptance->file, NULL) : "";
  g_autofree gchar *difference = text_difference(before, text);
  printf("\n  %s\n", acceptance->path);
  print_difference(review, difference);
}

/* --- asking ------------------------------------------------------------------------ */

static gboolean read_line(GString *line) {
  gchar character;
  g_string_truncate(line, 0);
  while (TRUE) {
    ssize_t got = read(STDIN_FILENO, &character, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return line->len > 0;
    if (character == '\n')
      return TRUE;
    g_string_append_c(line, character);
  }
}

static Answer ask(gboolean can_accept) {
  static const gchar letters[] = "aresq";
  g_autoptr(GString) line = g_string_new(NULL);
  while (TRUE) {
    printf("%s[r]eject [e]dit [s]kip [q]uit ? ", can_accept ? "[a]ccept " : "");
    fflush(stdout);
    if (!read_line(line)) {
      printf("\n");
      return ANSWER_QUIT;
    }
    g_strstrip(line->str);
    gchar letter = g_ascii_tolower(line->str[0]);
    const gchar *known = letter != '\0' ? strchr(letters, letter) : NULL;
    if (known != NULL && (letter != 'a' || can_accept))
      return (Answer)(known - letters);
  }
}

/* --- editing ----------------------------------------------------------------------- */

/* Ctrl-C in the editor is the editor's. */
static gboolean edit_file(const gchar *path) {
  const gchar *editor = g_getenv("VISUAL");
  if (editor == NULL || *editor == '\0')
    editor = g_getenv("EDITOR");
  if (editor == NULL || *editor == '\0')
    editor = "vi";
  g_autoptr(GError) error = NULL;
  g_autofree gchar *command = g_strconcat(editor, " \"$1\"", NULL);
  const gchar *const arguments[] = {"/bin/sh", "-c", command, "sh", path, NULL};
  struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
  gint status = 0;
  fflush(stdout);
  sigaction(SIGINT, &ignore, &interrupt);
  sigaction(SIGQUIT, &ignore, &quit);
  gboolean is_run = g_spawn_sync(NULL, (gchar **)arguments, NULL, G_SPAWN_CHILD_INHERITS_STDIN,
                                 NULL, NULL, NULL, NULL, &status, &error);
  sigaction(SIGINT, &interrupt, NULL);
  sigaction(SIGQUIT, &quit, NULL);
  if (is_run && WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return TRUE;
  complain("'%s' did not edit it: %s", editor, is_run ? "it failed" : error->message);
  return FALSE;
}

/* The text as it was edited; NULL after having complained. */
static gchar *edit_text(const gchar *text) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *edited = NULL;
  gint descriptor = g_file_open_tmp("proctor-XXXXXX.txt", &path, &error);
  if (descriptor < 0) {
    complain("%s", error->message);
    return NULL;
  }
  close(descriptor);
  if (!g_file_set_contents(path, text, -1, &error))
    complain("%s", error->message);
  else if (edit_file(path) && !g_file_get_contents(path, &edited, NULL, &error))
    complain("%s", error->message);
  unlink(path);
  return g_steal_pointer(&edited);
}

/* Complains where an edited text does not read, or does not fit what happened. */
static gboolean check_edited(const Acceptance *acceptance, const gchar *text,
                             const Rehearsed *rehearsed, const gchar *python) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Expectation) expectation =
      expectation_text_read(acceptance->path, acceptance->snippet->id, text, strlen(text), &error);
  if (expectation == NULL) {
    complain("%s", error->message);
    return FALSE;
  }
  for (guint i = 0; i < expectation->parts->len; i++) {
    g_autofree gchar *problem = part_problem(g_ptr_array_index(expectation->parts, i));
    if (problem != NULL) {
      complain("%s", problem);
      return FALSE;
    }
  }
  const ExpectationPart *part = expectation_part_for(expectation, python);
  if (part != NULL &&
      part_fits(part, (const Transcript *const *)rehearsed->runs->pdata, rehearsed->runs->len))
    return TRUE;
  complain("what you wrote does not fit what the block does; it was not taken");
  return FALSE;
}

/* --- one question -------------------------------------------------------------------- */

static void on_done(const Acceptance *acceptance, AcceptanceEnd end, const GError *error,
                    gpointer data) {
  Review *review = data;
  if (error != NULL) {
    review->has_failed = TRUE;
    complain("%s", error->message);
    return;
  }
  review->written += end != ACCEPTANCE_UNCHANGED;
  printf("%s %s\n", end == ACCEPTANCE_UNCHANGED ? "unchanged" : "written", acceptance->path);
}

static void write_one(Review *review, Acceptance *acceptance) {
  g_autoptr(GPtrArray) one = g_ptr_array_new();
  g_ptr_array_add(one, acceptance);
  acceptances_write(one, review->expectations, on_done, review);
}

static void reject(const Snippet *snippet) {
  printf("left as it is: 'proctor check' goes on to report it until the text or the code at\n"
         "%s:%u is corrected, or it is accepted\n",
         snippet->document->path, snippet->first_line);
}

/* Edits until the text is taken; FALSE where it was not. */
static gboolean take_edited(Acceptance *acceptance, gchar **draft, const Rehearsed *rehearsed,
                            const gchar *python) {
  g_autofree gchar *edited = edit_text(*draft);
  if (edited == NULL)
    return FALSE;
  g_free(*draft);
  *draft = g_strdup(edited);
  if (!check_edited(acceptance, edited, rehearsed, python))
    return FALSE;
  g_free(acceptance->text);
  acceptance->text = g_steal_pointer(&edited);
  return TRUE;
}

/* FALSE for the end of the review. */
static gboolean review_one(Review *review, guint index, const Rehearsal *rehearsal) {
  const Pending *pending = g_ptr_array_index(review->pending, index);
  const Rehearsed *rehearsed = g_hash_table_lookup(rehearsal->by_snippet, pending->snippet);
  g_autoptr(GError) error = NULL;
  print_question(review, index);
  g_autoptr(Acceptance) acceptance =
      acceptance_open(review->expectations, pending->snippet, &error);
  g_autofree gchar *refusal = rehearsed_refusal(rehearsed);
  gboolean can_accept = FALSE;
  if (acceptance != NULL && refusal == NULL)
    can_accept = acceptance_propose(acceptance, (const Transcript *const *)rehearsed->runs->pdata,
                                    rehearsed->runs->len, rehearsal->python, &error);
  if (acceptance == NULL || !can_accept) {
    printf("\n  cannot be accepted: %s\n", refusal != NULL ? refusal : error->message);
    if (acceptance == NULL || refusal != NULL)
      return TRUE;
  }
  g_autofree gchar *draft =
      g_strdup(can_accept                 ? acceptance->text
               : acceptance->file != NULL ? rewrite_text(acceptance->file, NULL)
                                          : "");
  if (can_accept)
    print_proposal(review, acceptance, draft);
  if (can_accept && acceptance->remark != NULL)
    printf("\n  it will differ all the same:\n  %s\n", acceptance->remark);
  while (TRUE) {
    switch (ask(can_accept)) {
    case ANSWER_ACCEPT:
      write_one(review, acceptance);
      return TRUE;
    case ANSWER_REJECT:
      reject(pending->snippet);
      return TRUE;
    case ANSWER_EDIT:
      if (!take_edited(acceptance, &draft, rehearsed, rehearsal->python))
        break;
      write_one(review, acceptance);
      return TRUE;
    case ANSWER_SKIP:
      return TRUE;
    case ANSWER_QUIT:
      return FALSE;
    }
  }
}

static int run_review(Review *review, const RunnerOptions *options) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  Sitting sitting = {.documents = review->bank->documents,
                     .verdict = on_verdict,
                     .data = review,
                     .expectations = review->expectations};
  if (!sitting_hold(&sitting, options, &end, &error)) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  if (!end.is_over) {
    complain("interrupted: nothing was written");
    return CLI_FAILED;
  }
  if (review->pending->len == 0) {
    printf("nothing to review\n");
    return output_finish() ? CLI_OK : CLI_FAILED;
  }
  g_ptr_array_sort(review->pending, by_place);
  g_autoptr(GPtrArray) snippets = g_ptr_array_new();
  for (guint i = 0; i < review->pending->len; i++)
    g_ptr_array_add(snippets, (gpointer)((Pending *)review->pending->pdata[i])->snippet);
  g_autoptr(Rehearsal) rehearsal = rehearsal_hold(snippets, options, review->expectations);
  if (rehearsal == NULL)
    return CLI_FAILED;
  guint index = 0;
  while (index < review->pending->len && review_one(review, index, rehearsal))
    index++;
  printf("%u of %u written\n", review->written, review->pending->len);
  if (!output_finish() || review->has_failed)
    return CLI_FAILED;
  return review->written == review->pending->len ? CLI_OK : CLI_WRONG;
}

int command_review(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  gboolean includes_new = FALSE;
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"new", 0, 0, G_OPTION_ARG_NONE, &includes_new,
       "Also blocks without an expectation that nothing else verifies", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary = "Goes through the blocks of the documents and folders (default: the current\n"
                 "folder) that do not do what is expected of them, and asks about each: accept\n"
                 "what happened, reject it, edit what would be accepted ($VISUAL, $EDITOR), or\n"
                 "skip it.",
      .description = EQUIPMENT_NOTE
      "Exit code: 0 all were accepted, 1 some were not, 2 usage, 3 proctor failed,\n"
      "was interrupted, or could not write a file.\n",
      .entries = entries,
      .run = &arguments,
      .equipment = &equipment,
      .takes_expected = TRUE};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (rewrite_is_forbidden()) {
    complain("review: nothing is accepted under CI=true: run it where a person can answer");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_autoptr(Material) material =
      material_open_as(MATERIAL_TO_ACCEPT, files_disk(), paths, &equipment);
  if (material == NULL)
    return CLI_USAGE;
  g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func(pending_free);
  Review review = {.bank = material->bank,
                   .expectations = material->expectations,
                   .pending = pending,
                   .includes_new = includes_new,
                   .use_colour = wants_colour(stdout)};
  broken_pipes_fail();
  return run_review(&review, &options);
}
