/*
 * proctor fix: contradicted claims, corrected in their documents.
 *
 * Documents are parsed from the bytes that a Rewrite has read, so that places fit and
 * a file that is changed meanwhile is noticed. A correction counts when it has stood
 * its own test: the corrected text is read and run as well, and only what is confirmed
 * there is proposed or written.
 */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/material.h"
#include "cli/sitting.h"
#include "report/correction.h"
#include "report/problems.h"
#include "report/text.h"
#include "store/rewrite.h"

/* One contradicted claim. */
typedef struct {
  guint snippet; /* its place in the document, */
  guint claim;   /* and its claim's in the snippet; G_MAXUINT for one that a fixture found */
  guint line;    /* of the document */
  gchar *sentence;
  Correction *correction; /* NULL where there is none: see reason */
  gchar *reason;
} Fix;

/* A document, as it was read and as it will be. */
typedef struct {
  Rewrite *rewrite;
  Document *document;
  Document *corrected; /* NULL where nothing changes */
  GPtrArray *fixes;    /* Fix * */
} Draft;

static void fix_free(gpointer data) {
  Fix *fix = data;
  correction_free(fix->correction);
  g_free(fix->sentence);
  g_free(fix->reason);
  g_free(fix);
}

static void draft_free(gpointer data) {
  Draft *draft = data;
  g_ptr_array_unref(draft->fixes);
  g_clear_pointer(&draft->corrected, document_free);
  document_free(draft->document);
  rewrite_free(draft->rewrite);
  g_free(draft);
}

/* NULL after having complained. */
static GPtrArray *drafts_open(const Bank *bank) {
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(draft_free);
  for (guint i = 0; i < bank->documents->len; i++) {
    g_autoptr(GError) error = NULL;
    const Document *listed = g_ptr_array_index(bank->documents, i);
    Rewrite *rewrite = rewrite_open(listed->path, &error);
    if (rewrite == NULL) {
      complain("%s", error->message);
      return NULL;
    }
    gsize size;
    const gchar *text = rewrite_text(rewrite, &size);
    Draft *draft = g_new0(Draft, 1);
    draft->rewrite = rewrite;
    draft->document = bank_parse(listed->path, listed->name, text, size);
    draft->fixes = g_ptr_array_new_with_free_func(fix_free);
    g_ptr_array_add(drafts, draft);
  }
  return g_steal_pointer(&drafts);
}

static guint place_of(const GPtrArray *array, gconstpointer item) {
  guint place = 0;
  gboolean is_there = g_ptr_array_find((GPtrArray *)array, item, &place);
  g_return_val_if_fail(is_there, 0);
  return place;
}

/* --- the documents as they are --------------------------------------------------- */

static gboolean on_first_verdict(const Snippet *snippet, G_GNUC_UNUSED const Transcript *transcript,
                                 const Verdict *verdict, gpointer data) {
  GHashTable *draft_of = data;
  Draft *draft = g_hash_table_lookup(draft_of, snippet->document);
  gsize size;
  const gchar *text = rewrite_text(draft->rewrite, &size);
  for (guint i = 0; i < verdict->results->len; i++) {
    const ClaimResult *result = g_ptr_array_index(verdict->results, i);
    if (result->state != CLAIM_CONTRADICTED)
      continue;
    Fix *fix = g_new0(Fix, 1);
    fix->snippet = place_of(draft->document->snippets, snippet);
    if (!g_ptr_array_find(snippet->claims, result->claim, &fix->claim))
      fix->claim = G_MAXUINT;
    fix->line = claim_document_line(snippet, result->claim);
    fix->sentence = problem_of_claim(result);
    fix->correction = correction_of_claim(text, size, snippet, result, &fix->reason);
    g_ptr_array_add(draft->fixes, fix);
  }
  return TRUE;
}

static void fix_drop(Fix *fix, const gchar *reason) {
  if (fix->correction == NULL)
    return;
  g_clear_pointer(&fix->correction, correction_free);
  fix->reason = g_strdup(reason);
}

static gint by_place(gconstpointer left, gconstpointer right) {
  const Fix *first = *(const Fix *const *)left, *second = *(const Fix *const *)right;
  gsize one = first->correction != NULL ? first->correction->offset : 0;
  gsize other = second->correction != NULL ? second->correction->offset : 0;
  if (one != other)
    return one < other ? -1 : 1;
  return (first->line > second->line) - (first->line < second->line);
}

/* In the order of their places, and none touching another. */
static void arrange(Draft *draft) {
  Fix *before = NULL;
  g_ptr_array_sort(draft->fixes, by_place);
  for (guint i = 0; i < draft->fixes->len; i++) {
    Fix *fix = g_ptr_array_index(draft->fixes, i);
    if (fix->correction == NULL)
      continue;
    if (before != NULL &&
        before->correction->offset + before->correction->length > fix->correction->offset)
      fix_drop(fix, "another correction is made there");
    else
      before = fix;
  }
}

/* --- the documents as they would be ----------------------------------------------- */

/* Borrowed corrections: of all fixes that have one, or of `only` alone. */
static GPtrArray *corrections_of(const Draft *draft, const Fix *only) {
  GPtrArray *corrections = g_ptr_array_new();
  for (guint i = 0; i < draft->fixes->len; i++) {
    Fix *fix = g_ptr_array_index(draft->fixes, i);
    if (fix->correction != NULL && (only == NULL || fix == only))
      g_ptr_array_add(corrections, fix->correction);
  }
  return corrections;
}

static Document *corrected(const Draft *draft, const Fix *only) {
  g_autoptr(GPtrArray) corrections = corrections_of(draft, only);
  gsize size, new_size;
  const gchar *text = rewrite_text(draft->rewrite, &size);
  g_autofree gchar *changed = corrections_apply(text, size, corrections, &new_size);
  return bank_parse(draft->document->path, draft->document->name, changed, new_size);
}

static gboolean is_corrected(const Draft *draft, guint snippet, guint claim) {
  for (guint i = 0; i < draft->fixes->len; i++) {
    const Fix *fix = g_ptr_array_index(draft->fixes, i);
    if (fix->correction != NULL && fix->snippet == snippet && fix->claim == claim)
      return TRUE;
  }
  return FALSE;
}

/* The same snippets and claims, and what was not corrected says what it said. */
static gboolean reads_alike(const Draft *draft, const Document *other) {
  const GPtrArray *snippets = draft->document->snippets;
  if (snippets->len != other->snippets->len)
    return FALSE;
  for (guint i = 0; i < snippets->len; i++) {
    const Snippet *old = g_ptr_array_index(snippets, i);
    const Snippet *new = g_ptr_array_index(other->snippets, i);
    if (old->claims->len != new->claims->len || old->kind != new->kind ||
        old->unclaimed->len != new->unclaimed->len)
      return FALSE;
    for (guint j = 0; j < old->claims->len; j++) {
      const Claim *said = g_ptr_array_index(old->claims, j);
      const Claim *says = g_ptr_array_index(new->claims, j);
      if (said->target != says->target ||
          (!is_corrected(draft, i, j) && g_strcmp0(said->text, says->text) != 0))
        return FALSE;
    }
  }
  return TRUE;
}

/* Reads the corrected text; what would make it read differently is dropped. */
static void draft_correct(Draft *draft) {
  static const gchar reason[] = "the document would be read differently";
  g_autoptr(GPtrArray) corrections = corrections_of(draft, NULL);
  if (corrections->len == 0)
    return;
  draft->corrected = corrected(draft, NULL);
  if (reads_alike(draft, draft->corrected))
    return;
  for (guint i = 0; i < draft->fixes->len; i++) {
    Fix *fix = g_ptr_array_index(draft->fixes, i);
    g_autoptr(Document) alone = corrected(draft, fix);
    if (!reads_alike(draft, alone))
      fix_drop(fix, reason);
  }
  g_clear_pointer(&draft->corrected, document_free);
  g_autoptr(Document) rest = corrected(draft, NULL);
  if (reads_alike(draft, rest))
    draft->corrected = g_steal_pointer(&rest);
  else
    for (guint i = 0; i < draft->fixes->len; i++)
      fix_drop(g_ptr_array_index(draft->fixes, i), reason);
}

static gboolean on_second_verdict(const Snippet *snippet,
                                  G_GNUC_UNUSED const Transcript *transcript,
                                  const Verdict *verdict, gpointer data) {
  GHashTable *draft_of = data;
  Draft *draft = g_hash_table_lookup(draft_of, snippet->document);
  guint place = place_of(draft->corrected->snippets, snippet);
  for (guint i = 0; i < draft->fixes->len; i++) {
    Fix *fix = g_ptr_array_index(draft->fixes, i);
    if (fix->snippet != place || fix->claim >= verdict->results->len)
      continue;
    const ClaimResult *result = g_ptr_array_index(verdict->results, fix->claim);
    if (result->state != CLAIM_HOLDS)
      fix_drop(fix, "a second run does not confirm what would be written");
  }
  return TRUE;
}

/* --- the command ---------------------------------------------------------------------- */

/* FALSE after having complained. */
static gboolean sit(GPtrArray *documents, const RunnerOptions *options, GHashTable *draft_of,
                    gboolean (*on_verdict)(const Snippet *, const Transcript *, const Verdict *,
                                           gpointer)) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  Sitting sitting = {.documents = documents, .verdict = on_verdict, .data = draft_of};
  if (!sitting_hold(&sitting, options, &end, &error)) {
    complain("%s", error->message);
    return FALSE;
  }
  if (!end.is_over)
    complain("interrupted: nothing was changed");
  return end.is_over;
}

/* FALSE after having complained. */
static gboolean equip(const Equipment *equipment, const GPtrArray *documents) {
  g_autoptr(GError) error = NULL;
  if (equipment_give(equipment, documents, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

/* FALSE after having complained. */
static gboolean find_fixes(GPtrArray *drafts, const RunnerOptions *options,
                           const Equipment *equipment) {
  g_autoptr(GHashTable) draft_of = g_hash_table_new(NULL, NULL);
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  for (guint i = 0; i < drafts->len; i++) {
    Draft *draft = g_ptr_array_index(drafts, i);
    g_ptr_array_add(documents, draft->document);
    g_hash_table_insert(draft_of, draft->document, draft);
  }
  if (!equip(equipment, documents) || !sit(documents, options, draft_of, on_first_verdict))
    return FALSE;

  g_ptr_array_set_size(documents, 0);
  for (guint i = 0; i < drafts->len; i++) {
    Draft *draft = g_ptr_array_index(drafts, i);
    arrange(draft);
    draft_correct(draft);
    if (draft->corrected == NULL)
      continue;
    g_ptr_array_add(documents, draft->corrected);
    g_hash_table_insert(draft_of, draft->corrected, draft);
  }
  return documents->len == 0 ||
         (equip(equipment, documents) && sit(documents, options, draft_of, on_second_verdict));
}

static void tell_unfixed(const Draft *draft) {
  g_autofree gchar *path = text_one_line(draft->document->path, -1, 0);
  for (guint i = 0; i < draft->fixes->len; i++) {
    const Fix *fix = g_ptr_array_index(draft->fixes, i);
    if (fix->correction == NULL)
      fprintf(stderr, "%s:%u: cannot fix: %s (%s)\n", path, fix->line, fix->reason, fix->sentence);
  }
}

/* Prints a draft's patch, or writes it. FALSE after having complained. */
static gboolean draft_finish(Draft *draft, const GPtrArray *corrections, gboolean writes) {
  g_autoptr(GError) error = NULL;
  gsize size, new_size;
  const gchar *text = rewrite_text(draft->rewrite, &size);
  if (!writes) {
    g_autoptr(GString) patch = corrections_patch(draft->document->path, text, size, corrections);
    fwrite(patch->str, 1, patch->len, stdout);
    return TRUE;
  }
  g_autofree gchar *changed = corrections_apply(text, size, corrections, &new_size);
  if (rewrite_put(draft->rewrite, changed, new_size, &error))
    return TRUE;
  complain("%s", error->message);
  return FALSE;
}

static int finish(GPtrArray *drafts, gboolean writes) {
  guint done = 0, documents = 0, unfixed = 0;
  gboolean has_failed = FALSE;
  for (guint i = 0; i < drafts->len; i++) {
    Draft *draft = g_ptr_array_index(drafts, i);
    g_autoptr(GPtrArray) corrections = corrections_of(draft, NULL);
    tell_unfixed(draft);
    unfixed += draft->fixes->len - corrections->len;
    if (corrections->len == 0)
      continue;
    if (!draft_finish(draft, corrections, writes)) {
      has_failed = TRUE;
      continue;
    }
    done += corrections->len;
    documents++;
  }
  if (!output_finish())
    return CLI_FAILED;
  g_autofree gchar *claims = text_count(done, "claim");
  g_autofree gchar *where = text_count(documents, "document");
  if (done > 0 && writes)
    fprintf(stderr, "%s corrected in %s\n", claims, where);
  else if (done > 0)
    fprintf(stderr, "%s to correct in %s: 'proctor fix --write' does it\n", claims, where);
  else if (unfixed == 0 && !has_failed)
    fprintf(stderr, "nothing to fix\n");
  if (unfixed > 0) {
    g_autofree gchar *left = text_count(unfixed, "claim");
    fprintf(stderr, "%s that cannot be fixed\n", left);
  }
  if (has_failed)
    return CLI_FAILED;
  return unfixed > 0 || (done > 0 && !writes) ? CLI_WRONG : CLI_OK;
}

int command_fix(int argc, char **argv) {
  g_auto(RunArguments) arguments = {0};
  g_auto(EquipmentArguments) equipment = {0};
  gboolean writes = FALSE;
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"write", 0, 0, G_OPTION_ARG_NONE, &writes, "Change the documents themselves", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary =
          "Corrects claims that are contradicted, in the documents and folders (default: the\n"
          "current folder): the value in the comment, and nothing else. Prints a patch for\n"
          "'git apply' or 'patch -p1'; with --write, the documents are changed in place.\n"
          "What is corrected has been run again and was confirmed.",
      .description = EQUIPMENT_NOTE
      "Exit code: 0 there is nothing to fix, or --write has fixed all of it; 1 there is a\n"
      "patch, or something that cannot be fixed; 2 usage; 3 proctor failed, a document was\n"
      "changed meanwhile or is read-only, or a part of a folder could not be read; 4 there\n"
      "was nothing to run. Under CI=true, --write is refused.\n",
      .entries = entries,
      .run = &arguments,
      .equipment = &equipment};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (writes && rewrite_is_forbidden()) {
    complain("fix: --write is not for CI: CI is set, nothing is written");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_autoptr(Material) material = material_open_as(MATERIAL_BARE, files_disk(), paths, &equipment);
  if (material == NULL)
    return CLI_USAGE;
  const Bank *bank = material->bank;
  if (bank_count(bank) == 0) {
    complain("nothing to run: no Python block");
    return CLI_NOTHING;
  }
  broken_pipes_fail();
  g_autoptr(GPtrArray) drafts = drafts_open(bank);
  if (drafts == NULL || !find_fixes(drafts, &options, material->equipment))
    return CLI_FAILED;
  code = finish(drafts, writes);
  for (guint i = 0; i < bank->problems->len; i++) {
    const BankProblem *problem = g_ptr_array_index(bank->problems, i);
    complain("'%s': %s", problem->path, problem->message);
    code = CLI_FAILED;
  }
  return code;
}
