/* The comments of a script, one after the other. */
#include <string.h>

#include "bank/claims_doubt.h"
#include "bank/claims_kinds.h"
#include "bank/claims_readers.h"
#include "bank/value.h"

static gboolean is_shown(const Statement *statement) {
  return statement->kind == STATEMENT_PRINT || statement->kind == STATEMENT_EXPRESSION;
}

static void read_trailing(Script *script, const Comment *comment) {
  const Statement *statement = script_statement(script, comment->statement);
  if (named_read_trailing(script, comment))
    return;
  guint index = (guint)(comment - script_comment(script, 0));
  if (speed_read(script, (CommentBlock){index, index}, index))
    return;
  g_auto(Reading) reading =
      script_read(script, comment->text, comment->length, statement->kind == STATEMENT_PRINT);
  const gchar *reason =
      reading.is_claim ? script_unfit(script, statement, &reading, comment->text, comment->length)
                       : reading.reason;
  if (reason != NULL || !reading.is_claim) {
    unclaimed_add(script->snippet, comment->line, comment->text, comment->length, reason);
    return;
  }
  g_autofree gchar *text = comment_text(comment);
  Claim *claim = script_claim(script, &reading, comment->statement, comment, text);
  if (claim->target == CLAIM_OF_HANG)
    claim->last_line = statement->block_last;
}

/* --- comments on lines of their own ---------------------------------------- */

/* What no rule reads as a whole: its lines may describe variables. */
static void block_leave(Script *script, CommentBlock block, const gchar *reason) {
  for (guint i = block.first; i <= block.last; i++) {
    if (named_read_own(script, block, i))
      continue;
    const Comment *comment = script_comment(script, i);
    gboolean is_code = comment_is_code(comment->text, comment->length);
    unclaimed_add(script->snippet, comment->line, comment->text, comment->length,
                  is_code ? "a commented-out line: not run" : reason);
  }
}

/* The lines from `from` on, without their signs and one blank, with what skip
 * bytes of each hold left out. */
static gchar *block_text(Script *script, CommentBlock block, guint from, gboolean skip_labels) {
  GString *joined = g_string_new(NULL);
  for (guint i = from; i <= block.last; i++) {
    const Comment *comment = script_comment(script, i);
    const gchar *text = comment->text;
    gsize size = comment->length;
    if (size > 0 && *text == ' ') {
      text++;
      size--;
    }
    if (skip_labels) {
      while (size > 0 && g_ascii_isspace(*text)) {
        text++;
        size--;
      }
      gboolean says_output;
      gsize label = label_length(text, size, &says_output);
      text += label;
      size -= label;
    }
    g_string_append_len(joined, text, (gssize)size);
    if (i < block.last)
      g_string_append_c(joined, '\n');
  }
  return g_string_free(joined, FALSE);
}

/* The statement that a comment at this column under `index` speaks of: the one
 * above it, or the block that ended above it. -1 where it ends a definition. */
static gint target_of(const Script *script, gint index, guint column) {
  while (index >= 0 && script_statement(script, index)->column > column) {
    index = script_statement(script, index)->parent;
    if (index < 0)
      return -1;
  }
  return index;
}

/* The header that begins the chain that `else`, `except` ... go on with. */
static gint chain_begin(const Script *script, gint index) {
  static const gchar *const followers[] = {"elif", "else", "except", "finally"};
  const Statement *last = script_statement(script, index);
  for (gint i = index; i >= 0; i--) {
    const Statement *statement = script_statement(script, i);
    if (statement->column != last->column || statement->parent != last->parent)
      continue;
    gboolean follows = FALSE;
    for (gsize w = 0; w < G_N_ELEMENTS(followers); w++)
      follows = follows || (statement->length > strlen(followers[w]) &&
                            memcmp(statement->start, followers[w], strlen(followers[w])) == 0);
    if (!follows)
      return i;
  }
  return index;
}

static gboolean is_traceback(const Comment *comment) {
  static const gchar words[] = "Traceback (most recent call last)";
  const gchar *text = comment->text;
  gsize size = comment->length;
  while (size > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    size--;
  }
  return size >= strlen(words) && memcmp(text, words, strlen(words)) == 0;
}

/* "#   File ..., line 1" and the like, down to the exception's line. */
static Reading read_traceback(Script *script, CommentBlock block) {
  for (guint i = block.last; i > block.first; i--) {
    const Comment *comment = script_comment(script, i);
    Reading reading = comment_read(comment->text, comment->length);
    if (reading.is_claim && reading.rule == CLAIM_EXCEPTION)
      return reading;
    reading_clear(&reading);
  }
  return (Reading){.reason = "a traceback without its last line"};
}

/* Several lines that together are one claim; is_claim is FALSE where they are
 * not. */
static Reading read_joint(Script *script, CommentBlock block) {
  const Comment *first = script_comment(script, block.first);
  if (is_traceback(first))
    return read_traceback(script, block);
  g_auto(Reading) head = comment_read(first->text, first->length);
  if (head.is_label) {
    g_autofree gchar *text = block_text(script, block, block.first + 1, FALSE);
    const Comment *next = script_comment(script, block.first + 1);
    if (next->length > 2 && is_traceback(next))
      return read_traceback(script, (CommentBlock){block.first + 1, block.last});
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_LABEL,
                     .cautious = hedge_find(text, strlen(text), FALSE),
                     .expected = g_strdup(text),
                     .is_clear = TRUE,
                     .says_output = head.says_output};
  }
  gboolean all_arrows = TRUE, all_values = TRUE, all_labels = TRUE;
  for (guint i = block.first; i <= block.last; i++) {
    const Comment *comment = script_comment(script, i);
    g_auto(Reading) line = comment_read(comment->text, comment->length);
    all_arrows = all_arrows && line.is_claim && line.rule == CLAIM_ARROW;
    all_labels = all_labels && line.is_claim && line.rule == CLAIM_LABEL;
    all_values = all_values && line.is_claim && line.is_whole && line.rule != CLAIM_EXCEPTION;
  }
  if (all_arrows) {
    GString *joined = g_string_new(NULL);
    for (guint i = block.first; i <= block.last; i++) {
      const Comment *comment = script_comment(script, i);
      gsize skip = comment->length > 1 && comment->text[1] == ' ' ? 2 : 1;
      g_string_append_printf(joined, "%s%.*s", i > block.first ? "\n" : "",
                             (int)(comment->length - skip), comment->text + skip);
    }
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_ARROW,
                     .expected = g_string_free(joined, FALSE),
                     .is_clear = TRUE};
  }
  if (all_values || all_labels)
    return (Reading){.is_claim = TRUE,
                     .rule = head.rule == CLAIM_LABEL ? CLAIM_LABEL : CLAIM_LITERAL,
                     .expected = block_text(script, block, block.first, TRUE),
                     .is_clear = TRUE};
  /* One value over several lines, or lines of plain text. */
  g_autofree gchar *text = block_text(script, block, block.first, FALSE);
  gsize label, size = strlen(text);
  gboolean says_output = FALSE, has_dots = FALSE;
  label = label_length(text, size, &says_output);
  if (value_length(text + label, size - label, NULL, &has_dots) == size - label)
    return (Reading){.is_claim = TRUE,
                     .rule = label > 0 ? CLAIM_LABEL : CLAIM_LITERAL,
                     .expected = g_strdup(text + label),
                     .cautious = has_dots ? g_strdup("hedged: '...'") : NULL,
                     .is_whole = TRUE,
                     .is_clear = TRUE,
                     .says_output = says_output};
  if (head.is_claim && head.rule == CLAIM_TEXT &&
      words_cover(script_words(script), text, strlen(text), 66))
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_TEXT,
                     .cautious = hedge_find(text, size, FALSE),
                     .expected = g_strdup(text)};
  return (Reading){.reason = "prose"};
}

/* A comment below an assignment that may show what it gave. */
static gboolean shows_assigned(Script *script, const Reading *reading, const Statement *target,
                               gboolean heads_code) {
  gboolean is_item;
  if (target->kind != STATEMENT_ASSIGNMENT || !reading->is_whole || heads_code ||
      statement_assigns_value(script, target))
    return FALSE;
  g_autofree gchar *names = script_changed_names(script, target, &is_item);
  return names != NULL;
}

static gboolean may_stand_below(Script *script, const Reading *reading, const Statement *target,
                                guint gap, gboolean heads_code) {
  gboolean announces = reading->rule == CLAIM_ARROW || (reading->rule == CLAIM_LABEL);
  if (gap > 1 && !announces)
    return FALSE;
  if (gap > 2)
    return FALSE;
  switch (reading->rule) {
  case CLAIM_ARROW:
  case CLAIM_LABEL:
    return TRUE;
  case CLAIM_EXCEPTION:
    /* A comment above code mostly announces what that code raises. */
    return !target->is_header && !(heads_code && reading->cautious != NULL);
  case CLAIM_LITERAL:
  case CLAIM_TRUTH:
    return reading->is_clear && (is_shown(target) || target->is_header ||
                                 shows_assigned(script, reading, target, heads_code));
  case CLAIM_PROSE:
    return reading->is_clear && is_shown(target) && !heads_code;
  case CLAIM_VERB:
    return reading->is_whole && !heads_code &&
           (is_shown(target) || shows_assigned(script, reading, target, heads_code));
  case CLAIM_TEXT:
    return (is_shown(target) || target->is_header) && !heads_code &&
           words_cover(script_words(script), reading->expected, strlen(reading->expected), 66);
  default:
    return FALSE;
  }
}

/* Each line that speaks of times is a claim of its own. */
static gboolean read_speed(Script *script, CommentBlock block) {
  gboolean found = FALSE;
  for (guint i = block.first; i <= block.last && !found; i++) {
    found = speed_read(script, block, i);
    for (guint k = block.first; found && k <= block.last; k++) {
      const Comment *other = script_comment(script, k);
      if (k != i)
        unclaimed_add(script->snippet, other->line, other->text, other->length, "prose");
    }
  }
  return found;
}

/* A block without commented-out code that is claimed. */
static void read_prose(Script *script, CommentBlock block) {
  const Comment *first = script_comment(script, block.first);
  const Comment *last = script_comment(script, block.last);
  if (exception_read_above(script, block) || read_speed(script, block) ||
      outcome_read_own(script, block))
    return;
  if (first->statement < 0 || comment_is_code(first->text, first->length)) {
    block_leave(script, block, "prose");
    return;
  }
  gint index = target_of(script, first->statement, first->column);
  const Statement *target = index >= 0 ? script_statement(script, index) : NULL;
  if (target == NULL || ((target->kind == STATEMENT_DEF || target->kind == STATEMENT_CLASS ||
                          target->kind == STATEMENT_DECORATOR))) {
    block_leave(script, block, "prose");
    return;
  }
  guint next = (guint)first->statement + 1;
  gboolean heads_code = next < script->statements->statements->len &&
                        script_statement(script, (gint)next)->first_line == last->line + 1;
  guint gap = first->line - target->block_last;

  g_auto(Reading) reading = {0};
  guint used = block.last;
  if (block.last > block.first)
    reading = read_joint(script, block);
  if (!reading.is_claim) {
    reading_clear(&reading);
    reading = comment_read(first->text, first->length);
    used = block.first;
    if (used < block.last && reading.rule != CLAIM_LABEL && reading.rule != CLAIM_ARROW &&
        !(reading.is_claim && reading.is_clear))
      reading.is_claim = FALSE;
  }
  if (!reading.is_claim || !may_stand_below(script, &reading, target, gap, heads_code)) {
    block_leave(script, block, reading.reason != NULL ? reading.reason : "prose");
    return;
  }

  gboolean is_number = reading.is_integer && heads_code && used == block.first;
  CommentBlock own = {block.first, used};
  g_autofree gchar *text = block_text(script, own, block.first, FALSE);
  guint group = script->group;
  gint begin = target->is_header ? chain_begin(script, index) : index;
  Claim *claim = script_claim(script, &reading, index, first, g_strstrip(text));
  claim->below = TRUE;
  claim->first_line = script_statement(script, begin)->first_line;
  claim->last_line = target->block_last;
  script->group = (guint)first->statement + 1;
  if (group < (guint)begin && claim->target == CLAIM_OF_LINE)
    claim->group_line = script_statement(script, (gint)group)->first_line;
  if (is_number)
    claim_doubt(claim, g_strdup("may number the code below it"));
  if (claim->target == CLAIM_OF_EXCEPTION && heads_code)
    claim_doubt(claim, g_strdup("may speak of the code below it"));
  if (used < block.last)
    block_leave(script, (CommentBlock){used + 1, block.last}, "prose");
}

/* "This fails:" and then a traceback: the words before it are prose. */
static void read_parts(Script *script, CommentBlock block) {
  guint begin = block.first + 1;
  while (begin <= block.last && !is_traceback(script_comment(script, begin)))
    begin++;
  if (begin <= block.last) {
    const Comment *first = script_comment(script, block.first);
    g_auto(Reading) head = comment_read(first->text, first->length);
    for (guint i = block.first; i < begin && !head.is_label; i++) {
      const Comment *comment = script_comment(script, i);
      unclaimed_add(script->snippet, comment->line, comment->text, comment->length, "prose");
    }
    if (!head.is_label)
      block.first = begin;
  }
  read_prose(script, block);
}

static void read_block(Script *script, CommentBlock block) {
  guint from = block.first;
  for (guint i = block.first; i <= block.last;) {
    guint used = commented_read(script, block, i);
    if (used > 0 && i > from)
      read_parts(script, (CommentBlock){from, i - 1});
    i += MAX(used, 1);
    from = used > 0 ? i : from;
  }
  if (from <= block.last)
    read_parts(script, (CommentBlock){from, block.last});
}

/* `# 1`, `# 2`, `# 3` down the lines number them, unless every one of them
 * stands where something is shown. */
static void distrust_numbering(Script *script) {
  guint expected = 1, shown = 0, elsewhere = 0;
  for (guint i = 0; i < script->statements->comments->len; i++) {
    const Comment *comment = script_comment(script, i);
    g_autofree gchar *text = comment_text(comment);
    gchar *end;
    guint64 number = g_ascii_isdigit(text[0]) ? g_ascii_strtoull(text, &end, 10) : 0;
    if (number != expected || *end != '\0')
      continue;
    expected++;
    if (comment->place == COMMENT_TRAILING &&
        is_shown(script_statement(script, comment->statement)))
      shown++;
    else
      elsewhere++;
  }
  if (shown + elsewhere < 2 || elsewhere == 0)
    return;
  for (guint i = 0; i < script->snippet->claims->len; i++) {
    Claim *claim = g_ptr_array_index(script->snippet->claims, i);
    if (claim->rule == CLAIM_LITERAL &&
        strspn(claim->expected, "0123456789") == strlen(claim->expected))
      claim_doubt(claim, g_strdup("may number the lines"));
  }
}

void claims_read_script(Snippet *snippet) {
  gsize size = strlen(snippet->source);
  /* Most material has no comment at all. */
  if (memchr(snippet->source, '#', size) == NULL)
    return;
  g_autoptr(Statements) statements = statements_read(snippet->source, size);
  Script script;
  script_init(&script, snippet, statements);
  GArray *comments = statements->comments;
  for (guint i = 0; i < comments->len; i++) {
    const Comment *comment = script_comment(&script, i);
    if (comment->place == COMMENT_TRAILING) {
      read_trailing(&script, comment);
    } else if (comment->place == COMMENT_INSIDE) {
      unclaimed_add(snippet, comment->line, comment->text, comment->length, "inside a statement");
    } else {
      CommentBlock block = {i, i};
      while (block.last + 1 < comments->len) {
        const Comment *next = script_comment(&script, block.last + 1);
        const Comment *end = script_comment(&script, block.last);
        if (next->place != COMMENT_OWN || next->line != end->line + 1 ||
            next->column != end->column)
          break;
        block.last++;
      }
      read_block(&script, block);
      i = block.last;
    }
  }
  distrust_numbering(&script);
  claims_doubt_script(&script);
  if (snippet->claims->len > 0 && script_names(&script)->is_missing)
    for (guint i = 0; i < snippet->claims->len; i++)
      ((Claim *)g_ptr_array_index(snippet->claims, i))->leans = TRUE;
  unclaimed_place(snippet, statements);
  script_clear(&script);
}
