/* Comments that stand above the code they speak of: "# This raises a TypeError",
 * "# This works fine", "# Deadlock!". */
#include <string.h>

#include "bank/claims_kinds.h"
#include "bank/claims_outcome.h"

/* The statement right below a block of comments, at the same column. */
static const Statement *code_below(Script *script, CommentBlock block) {
  const Comment *first = script_comment(script, block.first);
  const Comment *last = script_comment(script, block.last);
  const Statement *code = script_next(script, first->statement);
  return code != NULL && code->first_line == last->line + 1 && code->column == first->column ? code
                                                                                             : NULL;
}

/* Speaks of what comes, not of what stood above it. */
static gboolean looks_ahead(const gchar *text) {
  static const gchar *const begins[] = {"This ",     "this ", "The next ", "The following ",
                                        "the next ", "Next ", "Now "};
  for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
    if (g_str_has_prefix(text, begins[i]))
      return TRUE;
  return FALSE;
}

gboolean exception_read_above(Script *script, CommentBlock block) {
  const Comment *first = script_comment(script, block.first);
  const Statement *code = code_below(script, block);
  if (block.last > block.first || code == NULL || code->is_header || code->comment >= 0 ||
      !script_names_failure(script, first->text, first->length))
    return FALSE;
  g_auto(Reading) reading = script_read(script, first->text, first->length, FALSE);
  if (!reading.is_claim || reading.rule != CLAIM_EXCEPTION ||
      script_unfit(script, code, &reading, first->text, first->length) != NULL)
    return FALSE;
  const Statement *above =
      first->statement >= 0 ? script_statement(script, first->statement) : NULL;
  g_autofree gchar *text = comment_text(first);
  if (above != NULL && above->last_line + 1 >= first->line && !above->is_header &&
      strcmp(reading.expected, "Exception") != 0 && !looks_ahead(text))
    return FALSE;
  if (reading.cautious == NULL)
    reading.cautious = g_strdup("announces the code below it");
  script_claim(script, &reading, first->statement + 1, first, text);
  return TRUE;
}

/* "# Works" and then a comment that names an exception behind the code. */
static gboolean is_contradicted(Script *script, const Statement *code) {
  if (code->comment < 0)
    return FALSE;
  const Comment *comment = script_comment(script, (guint)code->comment);
  g_auto(Reading) reading = script_read(script, comment->text, comment->length, FALSE);
  return reading.is_claim && (reading.rule == CLAIM_EXCEPTION || reading.rule == CLAIM_HANG);
}

/* The statement that an outcome on lines of its own speaks of, and how sure that
 * is; -1 for none. */
static gint outcome_target(Script *script, CommentBlock block, gchar **cautious) {
  const Comment *first = script_comment(script, block.first);
  const Comment *last = script_comment(script, block.last);
  if (code_below(script, block) != NULL)
    return first->statement + 1;
  const Statement *above =
      first->statement >= 0 ? script_statement(script, first->statement) : NULL;
  if (above != NULL && above->column == first->column && above->last_line + 1 == first->line &&
      !above->is_header)
    return first->statement;
  const Statement *next = script_next(script, first->statement);
  if (next == NULL || next->column != first->column || next->first_line > last->line + 2)
    return -1;
  *cautious = g_strdup("stands apart from the code below it");
  return first->statement + 1;
}

/* "Output:" and "OK" below it show what is printed. */
static gboolean shows_output(const Comment *comment) {
  g_auto(Reading) reading = comment_read(comment->text, comment->length);
  return reading.is_label || (reading.is_claim && reading.rule != CLAIM_TEXT);
}

gboolean outcome_read_own(Script *script, CommentBlock block) {
  g_auto(Reading) reading = {0};
  const Comment *comment = NULL;
  gboolean is_title = FALSE, is_outcome = FALSE;
  const Comment *first = script_comment(script, block.first);
  const Statement *above =
      first->statement >= 0 ? script_statement(script, first->statement) : NULL;
  gboolean is_shown = above != NULL && above->last_line + 1 == first->line;
  for (guint i = block.first; i <= block.last && !is_outcome; i++) {
    comment = script_comment(script, i);
    /* Most comments need not be read as all that they may be. */
    g_auto(Reading) outcome = outcome_read(comment->text, comment->length, &is_title);
    if (!outcome.is_claim || outcome.rule == CLAIM_EXCEPTION)
      continue;
    reading_clear(&reading);
    reading = script_read(script, comment->text, comment->length, is_shown);
    is_outcome = reading.is_claim && (reading.rule == CLAIM_HANG || reading.rule == CLAIM_WORKS);
  }
  if (!is_outcome || shows_output(first))
    return FALSE;
  gchar *cautious = NULL;
  gint index = outcome_target(script, block, &cautious);
  const Statement *code = index >= 0 ? script_statement(script, index) : NULL;
  if (code == NULL ||
      (reading.rule == CLAIM_WORKS && script_unfit(script, code, &reading, "", 0) != NULL &&
       !code->is_header) ||
      code->kind == STATEMENT_CLASS || code->kind == STATEMENT_DECORATOR ||
      (reading.rule == CLAIM_WORKS && code->kind == STATEMENT_DEF)) {
    g_free(cautious);
    return FALSE;
  }
  g_autofree gchar *text = comment_text(comment);
  Claim *claim = script_claim(script, &reading, index, comment, text);
  claim->last_line = code->block_last;
  claim->below = code->first_line < comment->line;
  if (cautious != NULL)
    claim_doubt(claim, cautious);
  if (is_title)
    claim_doubt(claim, g_strdup("may be a title"));
  if (code->kind == STATEMENT_DEF)
    claim_doubt(claim, g_strdup("speaks of a whole function"));
  if (block.last > block.first)
    claim_doubt(claim, g_strdup("prose stands around it"));
  if (claim->rule == CLAIM_WORKS && is_contradicted(script, code))
    claim_doubt(claim, g_strdup("another comment says what goes wrong"));
  for (guint i = block.first; i <= block.last; i++) {
    const Comment *other = script_comment(script, i);
    if (other != comment)
      unclaimed_add(script->snippet, other->line, other->text, other->length, "prose");
  }
  return TRUE;
}
