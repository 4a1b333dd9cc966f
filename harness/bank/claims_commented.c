/* Lines of code that were commented out and say what they would do:
 * "# t[0] = 1  # TypeError". */
#include <string.h>

#include "bank/claims_doubt.h"
#include "bank/claims_kinds.h"
#include "bank/looks_like_python.h"

/* A comment's text as code: from the sign on, where it has a comment of its own. */
typedef struct {
  const gchar *code;
  gsize size;
  const gchar *said; /* behind the inner '#'; NULL for none */
  gsize said_size;
} Parts;

static gsize indentation(const Comment *comment) {
  gsize blanks = 0;
  while (blanks < comment->length && g_ascii_isspace(comment->text[blanks]))
    blanks++;
  return blanks;
}

static Parts parts_of(const Comment *comment) {
  gsize blanks = indentation(comment);
  Parts parts = {.code = comment->text + blanks, .size = comment->length - blanks};
  if (parts.size > 4 && memcmp(parts.code, ">>> ", 4) == 0) {
    parts.code += 4;
    parts.size -= 4;
  }
  if (memchr(parts.code, '#', parts.size) != NULL) {
    PythonScanner scanner;
    PythonToken token;
    python_scanner_init(&scanner, parts.code, parts.size);
    while (python_scanner_next(&scanner, &token) && token.kind != TOKEN_COMMENT)
      ;
    if (token.kind == TOKEN_COMMENT) {
      parts.said = token.start + 1;
      parts.said_size = (gsize)(parts.code + parts.size - parts.said);
      parts.size = (gsize)(token.start - parts.code);
    }
  }
  while (parts.size > 0 && g_ascii_isspace(parts.code[parts.size - 1]))
    parts.size--;
  return parts;
}

static gboolean is_sign(const PythonToken *token, const gchar *sign) {
  return token->kind == TOKEN_OPERATOR && token_is(token, sign);
}

/* A string that is closed; brackets are counted by the caller. */
static gboolean is_closed_string(const PythonToken *token) {
  gchar last = token->start[token->length - 1];
  return token->length > 1 && (last == '"' || last == '\'');
}

static gboolean is_operand(const PythonToken *token) {
  return token->kind == TOKEN_NUMBER || token->kind == TOKEN_STRING ||
         (token->kind == TOKEN_NAME && !python_is_keyword(token->start, token->length)) ||
         is_sign(token, ")") || is_sign(token, "]");
}

/* A call, an attribute, a subscript, or a sum of things. */
static gboolean does_something(const PythonToken *tokens, guint count) {
  for (guint i = 1; i < count; i++) {
    const PythonToken *token = &tokens[i], *before = &tokens[i - 1];
    if (token->kind != TOKEN_OPERATOR || !is_operand(before))
      continue;
    gboolean touches = before->start + before->length == token->start;
    if (touches && (is_sign(token, "(") || is_sign(token, "[")))
      return TRUE;
    if (i + 1 == count)
      continue;
    if (is_sign(token, ".") && touches && tokens[i + 1].kind == TOKEN_NAME &&
        token->start + 1 == tokens[i + 1].start)
      return TRUE;
    if (strchr("+-*/%@<>=!|&^", token->start[0]) != NULL && !is_sign(token, "->") &&
        !is_sign(token, "=") &&
        (is_operand(&tokens[i + 1]) || is_sign(&tokens[i + 1], "(") ||
         is_sign(&tokens[i + 1], "[")))
      return TRUE;
  }
  return FALSE;
}

static gboolean is_assigned(const PythonToken *tokens, guint count) {
  for (guint i = 1; i < count; i++)
    if (tokens[i].kind == TOKEN_OPERATOR && tokens[i].depth == 0 &&
        tokens[i].start[tokens[i].length - 1] == '=')
      return tokens[0].kind == TOKEN_NAME || is_sign(&tokens[0], "(") || is_sign(&tokens[0], "*");
  return FALSE;
}

/* The only statement of a piece of code, where it is whole and can stand alone. */
static const Statement *only_statement(const Statements *code, const Parts *parts) {
  if (code->statements->len != 1 || code->comments->len > 0)
    return NULL;
  const Statement *only = &g_array_index(code->statements, Statement, 0);
  const PythonToken *tokens = &g_array_index(code->tokens, PythonToken, only->first_token);
  guint count = only->token_count;
  if (count == 0 || only->is_header || only->is_several || only->first_line != only->last_line)
    return NULL;
  gint open = 0;
  for (guint i = 0; i < count; i++) {
    if (tokens[i].kind == TOKEN_ERROR || is_sign(&tokens[i], "...") ||
        (tokens[i].kind == TOKEN_STRING && !is_closed_string(&tokens[i])))
      return NULL;
    if (tokens[i].kind == TOKEN_OPERATOR && strchr("([{", tokens[i].start[0]) != NULL)
      open++;
    else if (tokens[i].kind == TOKEN_OPERATOR && strchr(")]}", tokens[i].start[0]) != NULL &&
             --open < 0)
      return NULL;
    if (tokens[i].kind == TOKEN_NAME &&
        (token_is(&tokens[i], "yield") || token_is(&tokens[i], "await")))
      return NULL;
  }
  if (open != 0 || !has_shape_of_python(parts->code, parts->size))
    return NULL;
  switch (only->kind) {
  case STATEMENT_PRINT:
  case STATEMENT_RAISE:
    return only;
  case STATEMENT_IMPORT:
    return count > 1 ? only : NULL;
  case STATEMENT_EXPRESSION:
    return does_something(tokens, count) ? only : NULL;
  case STATEMENT_ASSIGNMENT:
    return is_assigned(tokens, count) ? only : NULL;
  case STATEMENT_OTHER:
    return count > 1 && (token_is(&tokens[0], "del") || token_is(&tokens[0], "assert")) ? only
                                                                                        : NULL;
  default:
    return NULL;
  }
}

/* Lines of a block that was commented out as a whole depend on each other. */
static gboolean is_nested(Script *script, CommentBlock block, guint index) {
  const Comment *comment = script_comment(script, index);
  if (index == block.first)
    return FALSE;
  const Comment *before = script_comment(script, index - 1);
  gsize own = indentation(comment), other = indentation(before);
  gboolean is_inner = own > other ? comment_is_code(before->text, before->length)
                                  : own == other && script->nested_line == before->line;
  if (is_inner)
    script->nested_line = comment->line;
  return is_inner;
}

/* --- where it stands --------------------------------------------------------- */

typedef struct {
  gboolean in_function, in_condition;
} Surroundings;

static Surroundings surroundings_of(const Script *script, const Comment *comment) {
  static const gchar *const conditions[] = {"if", "elif", "else", "except", "case", "match"};
  Surroundings around = {FALSE, FALSE};
  gint index = comment->statement;
  while (index >= 0 && (script_statement(script, index)->column >= comment->column ||
                        !script_statement(script, index)->is_header))
    index = script_statement(script, index)->parent;
  for (; index >= 0; index = script_statement(script, index)->parent) {
    const Statement *header = script_statement(script, index);
    around.in_function = around.in_function || header->kind == STATEMENT_DEF;
    for (gsize i = 0; i < G_N_ELEMENTS(conditions) && header->kind == STATEMENT_BLOCK; i++) {
      gsize length = strlen(conditions[i]);
      if (header->length > length && memcmp(header->start, conditions[i], length) == 0 &&
          !g_ascii_isalnum(header->start[length]))
        around.in_condition = TRUE;
    }
  }
  return around;
}

typedef struct {
  Script *script;
  guint before_line; /* 0 where any line will do */
} Known;

static gboolean is_known(const gchar *name, gsize length, gpointer data) {
  Known *known = data;
  guint line = script_binding_line(known->script, name, length);
  return line > 0 && (known->before_line == 0 || line < known->before_line);
}

static void doubt_code(Script *script, Claim *claim, const Comment *comment, const Statements *code,
                       const Statement *only) {
  Surroundings around = surroundings_of(script, comment);
  Known known = {script, comment->column == 0 ? comment->line : 0};
  gboolean is_plain = only->kind == STATEMENT_IMPORT || only->kind == STATEMENT_ASSIGNMENT;
  claim->is_inner = around.in_function || around.in_condition || comment->column > 0;
  if (around.in_function && is_plain) {
    const PythonToken *tokens = &g_array_index(code->tokens, PythonToken, only->first_token);
    if (only->token_count < 2 || !(is_sign(&tokens[1], "[") || is_sign(&tokens[1], ".")))
      claim_doubt(claim, g_strdup("would bind a name of the function"));
  }
  if (around.in_condition)
    claim_doubt(claim, g_strdup("inside a block that may not be reached"));
  if (strcmp(claim->expected, "NameError") != 0 && !script_imports_all(script) &&
      names_need(code, is_known, &known))
    claim_doubt(claim, g_strdup("uses a name that is not bound before it"));
  if (script->commented_statement == comment->statement && script->has_commented)
    claim_doubt(claim, g_strdup("follows other code that is commented out"));
  if (claim->target == CLAIM_OF_LINE &&
      (names_read(code).may_vary || script_names(script)->may_vary))
    claim_doubt(claim, g_strdup("something in it may vary"));
}

/* --- what is said of it ------------------------------------------------------- */

/* Without " if uncommented", which takes nothing from the claim. */
static gsize without_condition(const gchar *text, gsize size) {
  static const gchar *const tails[] = {" if uncommented", " if you uncomment", " if executed",
                                       " if run", " when uncommented"};
  for (gsize i = 0; i < G_N_ELEMENTS(tails); i++) {
    const gchar *tail = g_strstr_len(text, (gssize)size, tails[i]);
    if (tail != NULL)
      return (gsize)(tail - text);
  }
  return size;
}

static Reading said_read(Script *script, const Statement *only, const gchar *text, gsize size) {
  size = without_condition(text, size);
  Reading reading = script_read(script, text, size, FALSE);
  gboolean fits = reading.is_claim;
  switch (reading.rule) {
  case CLAIM_EXCEPTION:
  case CLAIM_WORKS:
    break;
  case CLAIM_LITERAL:
  case CLAIM_TRUTH:
  case CLAIM_PROSE:
  case CLAIM_LABEL:
  case CLAIM_ARROW:
  case CLAIM_VERB:
    fits = fits && (only->kind == STATEMENT_PRINT || only->kind == STATEMENT_EXPRESSION) &&
           (reading.is_clear || reading.rule == CLAIM_ARROW) &&
           (reading.rule != CLAIM_VERB || reading.is_whole);
    break;
  default:
    fits = FALSE;
  }
  if (fits)
    return reading;
  reading_clear(&reading);
  return (Reading){0};
}

static void add_claim(Script *script, Reading *reading, const Comment *code_comment,
                      const Parts *parts, const Statements *code, const Statement *only, guint line,
                      const gchar *text, gsize size, gchar *cautious) {
  ClaimTarget target = reading->rule == CLAIM_EXCEPTION ? CLAIM_OF_EXCEPTION
                       : reading->rule == CLAIM_WORKS   ? CLAIM_OF_PASSING
                                                        : CLAIM_OF_LINE;
  Claim *claim = claim_new(reading->rule, target, line, NULL, NULL);
  claim->text = g_strstrip(g_strndup(text, size));
  claim->expected = g_steal_pointer(&reading->expected);
  claim->cautious = g_steal_pointer(&reading->cautious);
  claim->code = g_strndup(parts->code, parts->size);
  claim->code_line = claim->first_line = claim->last_line = code_comment->line;
  claim->column = code_comment->column;
  claim->below = line > code_comment->line;
  claim->is_print = only->kind == STATEMENT_PRINT;
  claim->is_value = only->kind == STATEMENT_EXPRESSION;
  if (cautious != NULL)
    claim_doubt(claim, cautious);
  doubt_code(script, claim, code_comment, code, only);
  g_ptr_array_add(script->snippet->claims, claim);
}

/* Code that stays in force would change what comes after it. */
static void note_commented(Script *script, const Comment *comment) {
  script->commented_statement = comment->statement;
  script->has_commented = TRUE;
}

/* "# This would raise a TypeError" over "# t[0] = 1". */
static guint read_announced(Script *script, CommentBlock block, guint index) {
  const Comment *comment = script_comment(script, index);
  if (index == block.last)
    return 0;
  const Statement *above =
      comment->statement >= 0 ? script_statement(script, comment->statement) : NULL;
  const Comment *next = script_comment(script, index + 1);
  if ((index == block.first && above != NULL && above->last_line + 1 == comment->line &&
       !above->is_header) ||
      !comment_is_code(next->text, next->length) ||
      !script_names_failure(script, comment->text, comment->length))
    return 0;
  g_auto(Reading) reading = script_read(script, comment->text, comment->length, FALSE);
  Parts parts = parts_of(next);
  if (!reading.is_claim || reading.rule != CLAIM_EXCEPTION || parts.said != NULL)
    return 0;
  g_autoptr(Statements) code = statements_read(parts.code, parts.size);
  const Statement *only = only_statement(code, &parts);
  if (only == NULL || code_reaches_out(script, code))
    return 0;
  add_claim(script, &reading, next, &parts, code, only, comment->line, comment->text,
            comment->length, g_strdup("announces the code below it"));
  return 2;
}

guint commented_read(Script *script, CommentBlock block, guint index) {
  const Comment *comment = script_comment(script, index);
  if (script->statements->statements->len == 0 || is_nested(script, block, index))
    return 0;
  Parts parts = parts_of(comment);
  gboolean is_code = comment_is_code(comment->text, comment->length);
  if (parts.said == NULL && !is_code)
    return read_announced(script, block, index);
  g_autoptr(Statements) code = statements_read(parts.code, parts.size);
  const Statement *only = only_statement(code, &parts);
  guint used = 0;
  g_auto(Reading) reading = {0};
  const gchar *text = parts.said;
  gsize size = parts.said_size;
  guint line = comment->line;
  if (only != NULL && parts.said != NULL) {
    reading = said_read(script, only, parts.said, parts.said_size);
    used = 1;
  } else if (only != NULL && index < block.last) {
    const Comment *next = script_comment(script, index + 1);
    if (!comment_is_code(next->text, next->length)) {
      reading = said_read(script, only, next->text, next->length);
      used = 2;
      text = next->text;
      size = next->length;
      line = next->line;
    }
  }
  if (!reading.is_claim || code_reaches_out(script, code)) {
    if (is_code)
      note_commented(script, comment);
    return 0;
  }
  add_claim(script, &reading, comment, &parts, code, only, line, text, size, NULL);
  const Claim *claim = g_ptr_array_index(script->snippet->claims, script->snippet->claims->len - 1);
  if (claim->rule != CLAIM_EXCEPTION)
    note_commented(script, comment);
  return used;
}
