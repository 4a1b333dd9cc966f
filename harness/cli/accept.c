/*
 * proctor accept: what snippets do now is what they are expected to do.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/expecting.h"
#include "cli/material.h"
#include "cli/rehearsal.h"
#include "report/text.h"

typedef struct {
  const Bank *bank;
  Expectations *expectations;
  GPtrArray *snippets;  /* const Snippet *, chosen */
  GHashTable *is_named; /* const Snippet *: those that were named one by one */
  gboolean is_refused;  /* one of those was */
  gboolean has_failed;  /* to write */
} Accept;

/* --- which snippets ---------------------------------------------------------------- */

static void choose(Accept *accept, const Snippet *snippet, gboolean is_named) {
  if (is_named)
    g_hash_table_add(accept->is_named, (gpointer)snippet);
  if (!g_ptr_array_find(accept->snippets, snippet, NULL))
    g_ptr_array_add(accept->snippets, (gpointer)snippet);
}

static gboolean is_below(const gchar *path, const gchar *folder) {
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *above = g_canonicalize_filename(folder, NULL);
  return path_behind(above, whole) != NULL;
}

static void choose_path(Accept *accept, const gchar *path) {
  for (guint i = 0; i < accept->bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(accept->bank->documents, i);
    for (guint k = 0; is_below(document->path, path) && k < document->snippets->len; k++)
      choose(accept, g_ptr_array_index(document->snippets, k), FALSE);
  }
}

/* The file of FILE:LINE; NULL for another reference. */
static gchar *file_of(const gchar *reference) {
  const gchar *colon = strrchr(reference, ':');
  g_autofree gchar *file = colon != NULL ? g_strndup(reference, (gsize)(colon - reference)) : NULL;
  return file != NULL && g_file_test(file, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&file) : NULL;
}

static gboolean is_path(const gchar *word) {
  return g_file_test(word, G_FILE_TEST_EXISTS);
}

/* Documents are those that words name; ids, and nothing at all, are of the current folder. */
static GStrv bank_paths(gchar **words) {
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
  gboolean has_id = words == NULL || *words == NULL;
  for (gchar **word = words; word != NULL && *word != NULL; word++) {
    g_autofree gchar *file = file_of(*word);
    has_id = has_id || (!is_path(*word) && file == NULL);
  }
  if (has_id)
    g_strv_builder_add(paths, ".");
  for (gchar **word = words; word != NULL && *word != NULL; word++) {
    g_autofree gchar *file = file_of(*word);
    if (is_path(*word) || file != NULL)
      g_strv_builder_add(paths, is_path(*word) ? *word : file);
  }
  return g_strv_builder_end(paths);
}

static gboolean choose_words(Accept *accept, gchar **words, gboolean is_all) {
  if (is_all)
    choose_path(accept, ".");
  for (gchar **word = words; word != NULL && *word != NULL; word++) {
    g_autoptr(GError) error = NULL;
    if (is_path(*word)) {
      choose_path(accept, *word);
      continue;
    }
    const Snippet *snippet = bank_find(accept->bank, *word, &error);
    if (snippet == NULL) {
      complain("%s", error->message);
      return FALSE;
    }
    choose(accept, snippet, TRUE);
  }
  return TRUE;
}

/* --- what becomes of them ------------------------------------------------------------ */

static void refuse(Accept *accept, const Snippet *snippet, const gchar *reason) {
  gboolean is_named = g_hash_table_contains(accept->is_named, snippet);
  accept->is_refused = accept->is_refused || is_named;
  g_autofree gchar *id = text_one_line(snippet->id, -1, 0);
  if (is_named)
    complain("%s: not accepted: %s", id, reason);
  else
    printf("left out   %s: %s\n", id, reason);
}

static void on_done(const Acceptance *acceptance, AcceptanceEnd end, const GError *error,
                    gpointer data) {
  Accept *accept = data;
  if (error != NULL) {
    accept->has_failed = TRUE;
    complain("%s", error->message);
    return;
  }
  g_autofree gchar *path = text_one_line(acceptance->path, -1, 0);
  g_autofree gchar *old_path =
      text_one_line(acceptance->old_path != NULL ? acceptance->old_path : "", -1, 0);
  switch (end) {
  case ACCEPTANCE_UNCHANGED:
    printf("unchanged  %s\n", path);
    break;
  case ACCEPTANCE_WRITTEN:
    printf("written    %s\n", path);
    break;
  case ACCEPTANCE_CHANGED:
    printf("changed    %s\n", path);
    break;
  case ACCEPTANCE_MOVED:
    printf("moved      %s -> %s\n", old_path, path);
    break;
  }
  if (acceptance->remark != NULL)
    complain("%s: it differs all the same: %s", path, acceptance->remark);
  if (acceptance->remark != NULL)
    accept->is_refused = TRUE;
}

/* FALSE where proctor failed, after having complained. */
static gboolean accept_snippets(Accept *accept, const RunnerOptions *options) {
  g_autoptr(GPtrArray) acceptances =
      g_ptr_array_new_with_free_func((GDestroyNotify)acceptance_free);
  g_autoptr(GPtrArray) readable = g_ptr_array_new();
  for (guint i = 0; i < accept->snippets->len; i++) {
    g_autoptr(GError) error = NULL;
    const Snippet *snippet = g_ptr_array_index(accept->snippets, i);
    Acceptance *acceptance = acceptance_open(accept->expectations, snippet, &error);
    if (acceptance == NULL) {
      accept->is_refused = TRUE;
      complain("%s", error->message);
      continue;
    }
    g_ptr_array_add(acceptances, acceptance);
    g_ptr_array_add(readable, (gpointer)snippet);
  }
  g_autoptr(Rehearsal) rehearsal = rehearsal_hold(readable, options, accept->expectations);
  if (rehearsal == NULL)
    return FALSE;
  for (guint i = 0; i < acceptances->len; i++) {
    g_autoptr(GError) error = NULL;
    Acceptance *acceptance = g_ptr_array_index(acceptances, i);
    const Rehearsed *rehearsed = g_hash_table_lookup(rehearsal->by_snippet, acceptance->snippet);
    g_autofree gchar *refusal = rehearsed_refusal(rehearsed);
    if (refusal != NULL)
      refuse(accept, acceptance->snippet, refusal);
    else if (!acceptance_propose(acceptance, (const Transcript *const *)rehearsed->runs->pdata,
                                 rehearsed->runs->len, rehearsal->python, &error))
      refuse(accept, acceptance->snippet, error->message);
  }
  acceptances_write(acceptances, accept->expectations, on_done, accept);
  return TRUE;
}

static void remove_stale(Accept *accept, gboolean is_whole) {
  g_autoptr(GPtrArray) stale = expectations_stale(accept->expectations, is_whole);
  for (guint i = 0; i < stale->len; i++) {
    g_autoptr(GError) error = NULL;
    const Expectation *expectation = g_ptr_array_index(stale, i);
    g_autoptr(Rewrite) file = rewrite_open(expectation->path, &error);
    if (file != NULL && rewrite_remove(file, expectations_folder(accept->expectations), &error)) {
      g_autofree gchar *path = text_one_line(expectation->path, -1, 0);
      printf("removed    %s\n", path);
      continue;
    }
    accept->has_failed = TRUE;
    complain("%s", error->message);
  }
}

static int run_accept(Accept *accept, const RunnerOptions *options, gboolean removes_stale,
                      gchar **paths) {
  /* First: what is written afterwards may take its place. */
  if (removes_stale)
    remove_stale(accept, expecting_is_whole(files_disk(), accept->expectations, paths));
  if (!accept_snippets(accept, options) || accept->has_failed) {
    output_finish();
    return CLI_FAILED;
  }
  if (!output_finish())
    return CLI_FAILED;
  return accept->is_refused ? CLI_WRONG : CLI_OK;
}

int command_accept(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  gboolean is_all = FALSE, removes_stale = FALSE;
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {"all", 0, 0, G_OPTION_ARG_NONE, &is_all, "Accept every block of the current folder", NULL},
      {"remove-stale", 0, 0, G_OPTION_ARG_NONE, &removes_stale,
       "Remove the expectations that no block has", NULL},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &arguments.jobs, "Run N snippets at once (all cores)",
       "N"},
      {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments.timeout,
       "Stop a snippet after SECONDS (10)", "SECONDS"},
      {"python", 0, 0, G_OPTION_ARG_STRING, &arguments.python,
       "Run under this Python (" PROCTOR_DEFAULT_PYTHON "); what differs becomes a part of its own",
       "X.Y"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID|FILE:LINE|PATH...",
      .summary =
          "Writes down what blocks do, one file each under 'expected': from then on 'proctor\n"
          "check' compares. Each block is run five times, three of them under other hash\n"
          "seeds, and what varies becomes a matcher. What was written by hand stays as long\n"
          "as it fits. A PATH stands for all blocks in it.",
      .description =
          EQUIPMENT_NOTE "Exit code: 0, 1 a block that was named cannot be accepted, 2 usage,\n"
                         "3 proctor failed, was interrupted, or could not write a file.\n",
      .entries = entries,
      .equipment = &equipment,
      .takes_expected = TRUE};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  gboolean has_words = words != NULL && *words != NULL;
  if (!has_words && !is_all && !removes_stale) {
    complain("accept: which block? (--all for every one here; see 'proctor accept --help')");
    return CLI_USAGE;
  }
  if (has_words && is_all) {
    complain("accept: --all takes every block of the current folder: name none with it");
    return CLI_USAGE;
  }
  if (rewrite_is_forbidden()) {
    complain("accept: nothing is accepted under CI=true: run it where a person can look at it");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_auto(GStrv) paths = bank_paths(words);
  g_autoptr(GPtrArray) snippets = g_ptr_array_new();
  g_autoptr(GHashTable) is_named = g_hash_table_new(NULL, NULL);
  g_autoptr(Material) material =
      material_open_as(MATERIAL_TO_ACCEPT, files_disk(), paths, &equipment);
  if (material == NULL)
    return CLI_USAGE;
  Accept accept = {.bank = material->bank,
                   .expectations = material->expectations,
                   .snippets = snippets,
                   .is_named = is_named};
  if (!choose_words(&accept, words, is_all))
    return CLI_USAGE;
  broken_pipes_fail();
  return run_accept(&accept, &options, removes_stale, paths);
}
