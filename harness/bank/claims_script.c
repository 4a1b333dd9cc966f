#include "bank/claims_script.h"

#include <string.h>

#include "bank/names.h"
#include "bank/value.h"
#include "bank/word_set.h"

/* What is known while the comments of a script are gone through. */
typedef struct {
  Snippet *snippet;
  const Statements *statements;
  gsize size;
  Names names; /* read when the first claim asks */
  gboolean knows_names;
  Chance *chance;     /* made when a claim asks and something may vary */
  Words *words;       /* likewise */
  WordSet exceptions; /* what it raises or catches, by name; when first asked */
  gboolean knows_exceptions;
  guint group; /* index of the first statement behind the last claim */
} Script;

static const Statement *statement_at(const Script *script, gint index) {
  return &g_array_index(script->statements->statements, Statement, index);
}

static const Comment *comment_at(const Script *script, guint index) {
  return &g_array_index(script->statements->comments, Comment, index);
}

static gboolean is_shown(const Statement *statement) {
  return statement->kind == STATEMENT_PRINT || statement->kind == STATEMENT_EXPRESSION;
}

static const Words *script_words(Script *script) {
  if (script->words == NULL)
    script->words = words_read(script->statements);
  return script->words;
}

static const Names *script_names(Script *script) {
  if (!script->knows_names)
    script->names = names_read(script->statements);
  script->knows_names = TRUE;
  return &script->names;
}

/* Keeps the first reason: it is the one nearest to the text. */
static void be_cautious(Claim *claim, gchar *reason) {
  if (claim->cautious == NULL)
    claim->cautious = reason;
  else
    g_free(reason);
}

static void caution_from_place(Script *script, Claim *claim, gint index) {
  const Statement *statement = statement_at(script, index);
  if (claim->target == CLAIM_OF_EXCEPTION) {
    if (statement->place & PLACE_TRY)
      be_cautious(claim, g_strdup("inside a block that may catch it"));
    else if (statement->place != 0)
      be_cautious(claim, g_strdup("inside a block that may not run"));
    else if (statement->kind == STATEMENT_CLASS || statement->kind == STATEMENT_BLOCK)
      be_cautious(claim, g_strdup("speaks of a whole block"));
    return;
  }
  if (statement->is_several)
    be_cautious(claim, g_strdup("several statements on one line"));
  if (statement->kind == STATEMENT_PRINT) {
    /* With end= or file= a call's writes say little about where it ends. */
    for (gsize i = 1; i + 5 < statement->length; i++)
      if (!g_ascii_isalnum(statement->start[i - 1]) &&
          (memcmp(statement->start + i, "end=", 4) == 0 ||
           memcmp(statement->start + i, "file=", 5) == 0)) {
        be_cautious(claim, g_strdup("print() with an end or a file of its own"));
        break;
      }
  }
  if (claim->cautious != NULL || !script_names(script)->may_vary)
    return;
  if (script->chance == NULL)
    script->chance = chance_read(script->statements);
  claim->cautious = chance_reason(script->chance, (guint)index, claim->expected);
}

/* Takes the reading's strings over. */
static Claim *claim_add(Script *script, Reading *reading, gint index, guint line,
                        const gchar *text) {
  const Statement *statement = statement_at(script, index);
  ClaimTarget target = reading->rule == CLAIM_EXCEPTION ? CLAIM_OF_EXCEPTION : CLAIM_OF_LINE;
  Claim *claim = claim_new(reading->rule, target, line, text, NULL);
  claim->expected = g_steal_pointer(&reading->expected);
  claim->first_line = statement->first_line;
  claim->last_line = statement->last_line;
  claim->is_print = statement->kind == STATEMENT_PRINT;
  claim->is_value = statement->kind == STATEMENT_EXPRESSION;
  claim->cautious = g_steal_pointer(&reading->cautious);
  caution_from_place(script, claim, index);
  g_ptr_array_add(script->snippet->claims, claim);
  script->group = (guint)index + 1;
  return claim;
}

/* Why a reading cannot speak of a statement of this kind; NULL where it can. */
static const gchar *unfit(Script *script, const Statement *statement, const Reading *reading,
                          const Comment *comment) {
  if (reading->rule == CLAIM_EXCEPTION) {
    if (statement->kind == STATEMENT_DEF || statement->kind == STATEMENT_DECORATOR ||
        statement->is_header)
      return "prose about a block";
    return NULL;
  }
  if (statement->kind == STATEMENT_ASSIGNMENT) {
    if (reading->says_output && reading->rule != CLAIM_TEXT)
      return NULL;
    return reading->rule == CLAIM_TEXT || reading->rule == CLAIM_VERB
               ? "prose"
               : "says what an assignment gives: not checked yet";
  }
  if (!is_shown(statement))
    return "stands on a line that shows nothing";
  if (reading->rule == CLAIM_TEXT) {
    if (comment_is_code(comment->text, comment->length))
      return "reads as code";
    gboolean is_word = memchr(comment->text, ' ', comment->length) == NULL ||
                       memchr(comment->text + 1, ' ', MAX(comment->length, 1) - 1) == NULL;
    if (!(is_word && statement->kind == STATEMENT_PRINT) &&
        !words_cover(script_words(script), reading->expected, strlen(reading->expected),
                     statement->kind == STATEMENT_PRINT ? 50 : 66))
      return "prose";
  }
  if (reading->rule == CLAIM_VERB && reading->cautious != NULL && !reading->is_whole &&
      !words_cover(script_words(script), reading->expected, strlen(reading->expected),
                   statement->kind == STATEMENT_PRINT ? 50 : 66))
    return "prose";
  if (reading->rule == CLAIM_PROSE && !reading->is_clear && statement->kind != STATEMENT_PRINT)
    return "prose";
  return NULL;
}

static gchar *comment_text(const Comment *comment) {
  const gchar *text = comment->text;
  gsize size = comment->length;
  while (size > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    size--;
  }
  return g_strndup(text, size);
}

/* Collects the names behind `raise` and `except`. */
static void read_exceptions(Script *script) {
  static const gchar *const words[] = {"raise ", "except "};
  word_set_init(&script->exceptions, FALSE);
  script->knows_exceptions = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    for (const gchar *at = script->snippet->source; (at = strstr(at, words[i])) != NULL;) {
      at += strlen(words[i]);
      at += strspn(at, " ");
      gsize length = 0;
      while (g_ascii_isalnum(at[length]) || at[length] == '_')
        length++;
      if (length > 0)
        word_set_add(&script->exceptions, at, length);
    }
}

/* TRUE where the code raises or catches something of this name. */
static gboolean code_raises(Script *script, const gchar *name, gsize length) {
  if (!script->knows_exceptions)
    read_exceptions(script);
  return word_set_find(&script->exceptions, name, length) != NULL;
}

/* "OutOfStock: 3 left", "raises OutOfStock": a name that only the code itself
 * tells to be an exception's. */
static Reading read_own_exception(Script *script, const gchar *text, gsize size) {
  static const gchar *const lead[] = {"-> ",      "=> ",     "this ",    "This ",  "will ",
                                      "would ",   "an ",     "a ",       "raise ", "raises ",
                                      "Raises: ", "Raises ", "__main__."};
  const gchar *at = text, *end = text + size;
  for (gboolean again = TRUE; again;) {
    again = FALSE;
    while (at < end && *at == ' ') {
      at++;
      again = TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(lead); i++)
      if ((gsize)(end - at) > strlen(lead[i]) && memcmp(at, lead[i], strlen(lead[i])) == 0) {
        at += strlen(lead[i]);
        again = TRUE;
      }
  }
  gsize length = 0;
  while (at + length < end && (g_ascii_isalnum(at[length]) || at[length] == '_'))
    length++;
  gchar next = at + length < end ? at[length] : ':';
  if (length < 4 || !g_ascii_isupper(*at) || strchr(":!", next) == NULL ||
      !code_raises(script, at, length))
    return (Reading){0};
  return (Reading){.is_claim = TRUE,
                   .rule = CLAIM_EXCEPTION,
                   .expected = g_strndup(at, length),
                   .is_clear = TRUE};
}

static Reading script_read(Script *script, const Comment *comment) {
  Reading reading = comment_read(comment->text, comment->length);
  if (reading.is_claim && reading.rule != CLAIM_TEXT && reading.rule != CLAIM_LABEL)
    return reading;
  Reading own = read_own_exception(script, comment->text, comment->length);
  if (!own.is_claim)
    return reading;
  reading_clear(&reading);
  return own;
}

static void read_trailing(Script *script, const Comment *comment) {
  const Statement *statement = statement_at(script, comment->statement);
  g_auto(Reading) reading = script_read(script, comment);
  const gchar *reason =
      reading.is_claim ? unfit(script, statement, &reading, comment) : reading.reason;
  if (reason != NULL || !reading.is_claim) {
    unclaimed_add(script->snippet, comment->line, comment->text, comment->length, reason);
    return;
  }
  g_autofree gchar *text = comment_text(comment);
  claim_add(script, &reading, comment->statement, comment->line, text);
}

/* --- comments on lines of their own ---------------------------------------- */

/* Comments that follow each other line by line. */
typedef struct {
  guint first, last; /* indexes of comments */
} Block;

static void block_unclaimed(Script *script, Block block, const gchar *reason) {
  for (guint i = block.first; i <= block.last; i++) {
    const Comment *comment = comment_at(script, i);
    gboolean is_code = comment_is_code(comment->text, comment->length);
    unclaimed_add(script->snippet, comment->line, comment->text, comment->length,
                  is_code ? "a commented-out line: not run" : reason);
  }
}

/* The lines from `from` on, without their signs and one blank, with what skip
 * bytes of each hold left out. */
static gchar *block_text(Script *script, Block block, guint from, gboolean skip_labels) {
  GString *joined = g_string_new(NULL);
  for (guint i = from; i <= block.last; i++) {
    const Comment *comment = comment_at(script, i);
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
  while (index >= 0 && statement_at(script, index)->column > column) {
    index = statement_at(script, index)->parent;
    if (index < 0)
      return -1;
  }
  return index;
}

/* The header that begins the chain that `else`, `except` ... go on with. */
static gint chain_begin(const Script *script, gint index) {
  static const gchar *const followers[] = {"elif", "else", "except", "finally"};
  const Statement *last = statement_at(script, index);
  for (gint i = index; i >= 0; i--) {
    const Statement *statement = statement_at(script, i);
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
  g_autofree gchar *text = comment_text(comment);
  return g_str_has_prefix(text, "Traceback (most recent call last)");
}

/* "#   File ..., line 1" and the like, down to the exception's line. */
static Reading read_traceback(Script *script, Block block) {
  for (guint i = block.last; i > block.first; i--) {
    const Comment *comment = comment_at(script, i);
    Reading reading = comment_read(comment->text, comment->length);
    if (reading.is_claim && reading.rule == CLAIM_EXCEPTION)
      return reading;
    reading_clear(&reading);
  }
  return (Reading){.reason = "a traceback without its last line"};
}

/* Several lines that together are one claim; is_claim is FALSE where they are
 * not. */
static Reading read_joint(Script *script, Block block) {
  const Comment *first = comment_at(script, block.first);
  if (is_traceback(first))
    return read_traceback(script, block);
  g_auto(Reading) head = comment_read(first->text, first->length);
  if (head.is_label) {
    g_autofree gchar *text = block_text(script, block, block.first + 1, FALSE);
    const Comment *next = comment_at(script, block.first + 1);
    if (next->length > 2 && is_traceback(next))
      return read_traceback(script, (Block){block.first + 1, block.last});
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_LABEL,
                     .cautious = hedge_find(text, strlen(text), FALSE),
                     .expected = g_strdup(text),
                     .is_clear = TRUE,
                     .says_output = head.says_output};
  }
  gboolean all_arrows = TRUE, all_values = TRUE, all_labels = TRUE;
  for (guint i = block.first; i <= block.last; i++) {
    const Comment *comment = comment_at(script, i);
    g_auto(Reading) line = comment_read(comment->text, comment->length);
    all_arrows = all_arrows && line.is_claim && line.rule == CLAIM_ARROW;
    all_labels = all_labels && line.is_claim && line.rule == CLAIM_LABEL;
    all_values = all_values && line.is_claim && line.is_whole && line.rule != CLAIM_EXCEPTION;
  }
  if (all_arrows) {
    GString *joined = g_string_new(NULL);
    for (guint i = block.first; i <= block.last; i++) {
      const Comment *comment = comment_at(script, i);
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
    return reading->is_clear && (is_shown(target) || target->is_header);
  case CLAIM_PROSE:
    return reading->is_clear && is_shown(target) && !heads_code;
  case CLAIM_VERB:
    return reading->is_whole && is_shown(target) && !heads_code;
  case CLAIM_TEXT:
    return (is_shown(target) || target->is_header) && !heads_code &&
           words_cover(script_words(script), reading->expected, strlen(reading->expected), 66);
  default:
    return FALSE;
  }
}

/* "# This raises a TypeError" right above the code that does: it can be
 * confirmed. FALSE where the comment is no such announcement. */
static gboolean read_announced(Script *script, Block block) {
  const Comment *first = comment_at(script, block.first);
  gint index = first->statement + 1;
  if (block.last > block.first || (guint)index >= script->statements->statements->len)
    return FALSE;
  const Statement *above = first->statement >= 0 ? statement_at(script, first->statement) : NULL;
  const Statement *code = statement_at(script, index);
  if (code->first_line != first->line + 1 || code->column != first->column || code->is_header ||
      (above != NULL && above->last_line + 1 >= first->line) || code->comment >= 0)
    return FALSE;
  g_auto(Reading) reading = script_read(script, first);
  if (!reading.is_claim || reading.rule != CLAIM_EXCEPTION)
    return FALSE;
  if (reading.cautious == NULL)
    reading.cautious = g_strdup("announces the code below it");
  g_autofree gchar *text = comment_text(first);
  claim_add(script, &reading, index, first->line, text);
  return TRUE;
}

static void read_block(Script *script, Block block) {
  const Comment *first = comment_at(script, block.first);
  const Comment *last = comment_at(script, block.last);
  if (read_announced(script, block))
    return;
  if (first->statement < 0 || comment_is_code(first->text, first->length)) {
    block_unclaimed(script, block, "prose");
    return;
  }
  gint index = target_of(script, first->statement, first->column);
  const Statement *target = index >= 0 ? statement_at(script, index) : NULL;
  if (target == NULL || ((target->kind == STATEMENT_DEF || target->kind == STATEMENT_CLASS ||
                          target->kind == STATEMENT_DECORATOR))) {
    block_unclaimed(script, block, "prose");
    return;
  }
  guint next = (guint)first->statement + 1;
  gboolean heads_code = next < script->statements->statements->len &&
                        statement_at(script, (gint)next)->first_line == last->line + 1;
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
    block_unclaimed(script, block, reading.reason != NULL ? reading.reason : "prose");
    return;
  }

  gboolean is_number = reading.is_integer && heads_code && used == block.first;
  g_autofree gchar *text = block_text(script, (Block){block.first, used}, block.first, FALSE);
  guint group = script->group;
  gint begin = target->is_header ? chain_begin(script, index) : index;
  Claim *claim = claim_add(script, &reading, index, first->line, g_strstrip(text));
  claim->below = TRUE;
  claim->first_line = statement_at(script, begin)->first_line;
  claim->last_line = target->block_last;
  script->group = (guint)first->statement + 1;
  if (group < (guint)begin && claim->target == CLAIM_OF_LINE)
    claim->group_line = statement_at(script, (gint)group)->first_line;
  if (is_number)
    be_cautious(claim, g_strdup("may number the code below it"));
  if (claim->target == CLAIM_OF_EXCEPTION && heads_code)
    be_cautious(claim, g_strdup("may speak of the code below it"));
  if (used < block.last)
    block_unclaimed(script, (Block){used + 1, block.last}, "prose");
}

/* `# 1`, `# 2`, `# 3` down the lines number them, unless every one of them
 * stands where something is shown. */
static void distrust_numbering(Script *script) {
  guint expected = 1, shown = 0, elsewhere = 0;
  for (guint i = 0; i < script->statements->comments->len; i++) {
    const Comment *comment = comment_at(script, i);
    g_autofree gchar *text = comment_text(comment);
    gchar *end;
    guint64 number = g_ascii_isdigit(text[0]) ? g_ascii_strtoull(text, &end, 10) : 0;
    if (number != expected || *end != '\0')
      continue;
    expected++;
    if (comment->place == COMMENT_TRAILING && is_shown(statement_at(script, comment->statement)))
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
      be_cautious(claim, g_strdup("may number the lines"));
  }
}

void claims_read_script(Snippet *snippet) {
  gsize size = strlen(snippet->source);
  /* Most material has no comment at all. */
  if (memchr(snippet->source, '#', size) == NULL)
    return;
  g_autoptr(Statements) statements = statements_read(snippet->source, size);
  Script script = {.snippet = snippet, .statements = statements, .size = size};
  GArray *comments = statements->comments;
  for (guint i = 0; i < comments->len; i++) {
    const Comment *comment = comment_at(&script, i);
    if (comment->place == COMMENT_TRAILING) {
      read_trailing(&script, comment);
    } else if (comment->place == COMMENT_INSIDE) {
      unclaimed_add(snippet, comment->line, comment->text, comment->length, "inside a statement");
    } else {
      Block block = {i, i};
      while (block.last + 1 < comments->len) {
        const Comment *next = comment_at(&script, block.last + 1);
        const Comment *end = comment_at(&script, block.last);
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
  if (snippet->claims->len > 0 && script_names(&script)->is_missing)
    for (guint i = 0; i < snippet->claims->len; i++)
      ((Claim *)g_ptr_array_index(snippet->claims, i))->leans = TRUE;
  chance_free(script.chance);
  words_free(script.words);
  if (script.knows_exceptions)
    word_set_clear(&script.exceptions);
}
