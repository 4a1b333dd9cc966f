#include "bank/statements.h"

#include <string.h>

/* Most snippets have fewer: room for those is made at once. */
#define STATEMENTS_USUAL 16
#define TOKENS_USUAL 128

/* What is known of the statement that is being read. A part is what ';' or the
 * ':' of a header with its body on the same line separates. */
typedef struct {
  Statements *statements;
  GArray *open; /* gint: headers whose block may still go on, outermost first */
  Statement now;
  gboolean is_reading;
  PythonToken first;    /* of the part */
  guint token_index;    /* of the token that is read */
  guint tokens;         /* in the part */
  guint depth;          /* of brackets */
  gboolean is_print;    /* the part began with `print(` */
  gboolean is_closed;   /* and that bracket was closed again */
  gboolean goes_on;     /* something stands behind it */
  gboolean assigns;     /* = or an augmented one outside brackets */
  gboolean in_lambda;   /* its ':' is still to come */
  gboolean opens;       /* a ':' that ends a header, so far the last token */
  StatementKind header; /* kind of the header, where there is one */
  gboolean has_header;
  const gchar *code_end;
} Reader;

static gboolean is_one_of(const PythonToken *token, const gchar *const *words) {
  for (; *words != NULL; words++)
    if (token_is(token, *words))
      return TRUE;
  return FALSE;
}

static gboolean begins_block(const PythonToken *token) {
  static const gchar *const words[] = {"if",    "elif",    "else",  "for",  "while",
                                       "try",   "except",  "with",  "def",  "class",
                                       "async", "finally", "match", "case", NULL};
  return token->kind == TOKEN_NAME && is_one_of(token, words);
}

static void part_begin(Reader *reader) {
  reader->tokens = 0;
  reader->is_print = reader->is_closed = reader->goes_on = FALSE;
  reader->assigns = reader->in_lambda = FALSE;
}

static StatementKind header_kind(const Reader *reader) {
  if (token_is(&reader->first, "def"))
    return STATEMENT_DEF;
  if (token_is(&reader->first, "class"))
    return STATEMENT_CLASS;
  if (token_is(&reader->first, "async")) {
    const gchar *after = reader->first.start + reader->first.length;
    while (after < reader->code_end && (*after == ' ' || *after == '\t'))
      after++;
    if (reader->code_end - after > 3 && memcmp(after, "def", 3) == 0)
      return STATEMENT_DEF;
  }
  return STATEMENT_BLOCK;
}

static StatementKind part_kind(const Reader *reader) {
  static const gchar *const imports[] = {"import", "from", NULL};
  static const gchar *const in_expressions[] = {"None",  "True",  "False",  "not",
                                                "await", "yield", "lambda", NULL};
  const PythonToken *first = &reader->first;
  if (first->kind == TOKEN_OPERATOR && token_is(first, "@"))
    return STATEMENT_DECORATOR;
  if (first->kind == TOKEN_NAME && python_is_keyword(first->start, first->length)) {
    if (is_one_of(first, imports))
      return STATEMENT_IMPORT;
    if (token_is(first, "raise"))
      return STATEMENT_RAISE;
    if (!is_one_of(first, in_expressions))
      return STATEMENT_OTHER;
  }
  if (reader->assigns)
    return STATEMENT_ASSIGNMENT;
  return reader->is_print && reader->is_closed && !reader->goes_on ? STATEMENT_PRINT
                                                                   : STATEMENT_EXPRESSION;
}

static guint place_under(const Statement *header) {
  PythonToken word = {.start = header->start, .length = 0};
  while (word.length < header->length && g_ascii_isalpha(header->start[word.length]))
    word.length++;
  if (token_is(&word, "async") && header->kind != STATEMENT_DEF) {
    word.start += word.length;
    word.length = 0;
    while (*word.start == ' ' || *word.start == '\t')
      word.start++;
    while (g_ascii_isalpha(word.start[word.length]))
      word.length++;
  }
  if (header->kind == STATEMENT_DEF)
    return PLACE_FUNCTION;
  if (header->kind == STATEMENT_CLASS)
    return PLACE_CLASS;
  if (token_is(&word, "for") || token_is(&word, "while"))
    return PLACE_LOOP;
  if (token_is(&word, "try") || token_is(&word, "except") || token_is(&word, "finally") ||
      token_is(&word, "with"))
    return PLACE_TRY;
  return PLACE_CONDITION;
}

static Statement *statement_at(Reader *reader, gint index) {
  return &g_array_index(reader->statements->statements, Statement, index);
}

static void statement_begin(Reader *reader, const PythonToken *token) {
  reader->is_reading = TRUE;
  reader->opens = reader->has_header = FALSE;
  reader->depth = 0;
  reader->now = (Statement){
      .first_line = token->line,
      .column = token->column,
      .start = token->start,
      .parent = -1,
      .comment = -1,
      .first_token = reader->token_index,
  };
  part_begin(reader);
  /* Blocks end where the indentation says so; their last line is known then. */
  while (reader->open->len > 0) {
    gint top = g_array_index(reader->open, gint, reader->open->len - 1);
    if (statement_at(reader, top)->column < token->column)
      break;
    g_array_set_size(reader->open, reader->open->len - 1);
  }
  if (reader->open->len > 0) {
    gint top = g_array_index(reader->open, gint, reader->open->len - 1);
    reader->now.parent = top;
    reader->now.place = statement_at(reader, top)->place | place_under(statement_at(reader, top));
  }
}

/* "=" and the augmented ones, but no comparison and no ":=". */
static gboolean is_assigning(const PythonToken *token) {
  if (token->start[token->length - 1] != '=')
    return FALSE;
  gchar sign = token->start[0];
  return token->length != 2 ||
         !(sign == '=' || sign == '!' || sign == '<' || sign == '>' || sign == ':');
}

static void statement_token(Reader *reader, const PythonToken *token) {
  reader->code_end = token->start + token->length;
  reader->now.token_count = reader->token_index + 1 - reader->now.first_token;
  reader->now.last_line = token->last_line;
  if (reader->opens) {
    reader->opens = FALSE;
    reader->now.is_several = TRUE;
    part_begin(reader);
  }
  if (reader->tokens == 0)
    reader->first = *token;
  else if (reader->is_closed)
    reader->goes_on = TRUE;
  reader->tokens++;
  if (token->kind == TOKEN_NAME) {
    if (reader->depth == 0 && token_is(token, "lambda"))
      reader->in_lambda = TRUE;
    return;
  }
  if (token->kind != TOKEN_OPERATOR)
    return;

  gchar sign = token->start[0];
  if (sign == '(' || sign == '[' || sign == '{') {
    if (reader->depth == 0 && reader->tokens == 2 && sign == '(' &&
        reader->first.kind == TOKEN_NAME && token_is(&reader->first, "print"))
      reader->is_print = TRUE;
    reader->depth++;
  } else if (sign == ')' || sign == ']' || sign == '}') {
    if (reader->depth > 0 && --reader->depth == 0 && reader->is_print && !reader->is_closed)
      reader->is_closed = TRUE;
  } else if (reader->depth == 0 && sign == ';') {
    reader->now.is_several = TRUE;
    part_begin(reader);
  } else if (reader->depth == 0 && sign == ':' && token->length == 1) {
    if (reader->in_lambda) {
      reader->in_lambda = FALSE;
    } else if (!reader->has_header && !reader->now.is_several && begins_block(&reader->first)) {
      reader->opens = reader->has_header = TRUE;
      reader->header = header_kind(reader);
    } else {
      reader->assigns = TRUE; /* an annotation */
    }
  } else if (reader->depth == 0 && is_assigning(token)) {
    reader->assigns = TRUE;
  }
}

static void statement_end(Reader *reader) {
  if (!reader->is_reading)
    return;
  reader->is_reading = FALSE;
  Statement *now = &reader->now;
  now->length = (gsize)(reader->code_end - now->start);
  now->block_last = now->last_line;
  now->is_header = reader->opens;
  /* A trailing ';' leaves an empty part behind the one that counts. */
  now->kind = reader->opens         ? reader->header
              : reader->tokens == 0 ? STATEMENT_OTHER
                                    : part_kind(reader);
  gint index = (gint)reader->statements->statements->len;
  GArray *comments = reader->statements->comments;
  for (guint i = comments->len; i > 0; i--) {
    Comment *comment = &g_array_index(comments, Comment, i - 1);
    if (comment->statement != index)
      break;
    if (comment->line == now->last_line) {
      comment->place = COMMENT_TRAILING;
      now->comment = (gint)i - 1;
      break;
    }
  }
  g_array_append_val(reader->statements->statements, reader->now);
  if (now->is_header)
    g_array_append_val(reader->open, index);
}

/* A comment stays inside its statement until the statement's end says better. */
static void comment_add(Reader *reader, const PythonToken *token) {
  Comment comment = {
      .place = reader->is_reading ? COMMENT_INSIDE : COMMENT_OWN,
      .line = token->line,
      .column = token->column,
      .statement = (gint)reader->statements->statements->len - (reader->is_reading ? 0 : 1),
      .text = token->start + 1,
      .length = token->length - 1,
  };
  while (comment.length > 0 && g_ascii_isspace(comment.text[comment.length - 1]))
    comment.length--;
  g_array_append_val(reader->statements->comments, comment);
}

/* A block reaches to the last line of the last statement in it. */
static void blocks_measure(GArray *statements) {
  for (guint i = statements->len; i > 0; i--) {
    const Statement *inner = &g_array_index(statements, Statement, i - 1);
    if (inner->parent < 0)
      continue;
    Statement *header = &g_array_index(statements, Statement, inner->parent);
    header->block_last = MAX(header->block_last, inner->block_last);
  }
}

/* Where the next token goes: it is scanned into its place. */
static PythonToken *token_room(GArray *tokens, guint index) {
  if (index == tokens->len)
    g_array_set_size(tokens, MAX(tokens->len * 2, TOKENS_USUAL));
  return &g_array_index(tokens, PythonToken, index);
}

Statements *statements_read(const gchar *source, gsize size) {
  Statements *statements = g_new0(Statements, 1);
  statements->statements = g_array_sized_new(FALSE, FALSE, sizeof(Statement), STATEMENTS_USUAL);
  statements->comments = g_array_new(FALSE, FALSE, sizeof(Comment));
  statements->tokens = g_array_sized_new(FALSE, FALSE, sizeof(PythonToken), TOKENS_USUAL);
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(gint));
  Reader reader = {.statements = statements, .open = open};

  PythonScanner scanner;
  PythonToken *token;
  python_scanner_init(&scanner, source, size);
  while (
      python_scanner_next(&scanner, token = token_room(statements->tokens, reader.token_index))) {
    switch (token->kind) {
    case TOKEN_COMMENT:
      comment_add(&reader, token);
      break;
    case TOKEN_BREAK:
    case TOKEN_END:
      continue;
    case TOKEN_NEWLINE:
      statement_end(&reader);
      break;
    default:
      if (!reader.is_reading)
        statement_begin(&reader, token);
      statement_token(&reader, token);
    }
    reader.token_index++;
  }
  g_array_set_size(statements->tokens, reader.token_index);
  statement_end(&reader);
  blocks_measure(statements->statements);
  return statements;
}

void statements_free(Statements *statements) {
  if (statements == NULL)
    return;
  g_array_unref(statements->statements);
  g_array_unref(statements->comments);
  g_array_unref(statements->tokens);
  g_free(statements);
}
