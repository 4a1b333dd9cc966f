#include "bank/looks_like_python.h"

#include <string.h>

#include "bank/python_tokens.h"

/* Python's own parser allows 200. */
#define DEPTH_MAX 200

/* What may stand in an expression beyond the ordinary. */
typedef enum {
  WITH_AS = 1 << 0,         /* with open(p) as f */
  WITH_FROM = 1 << 1,       /* raise A from B */
  WITH_PARAMETERS = 1 << 2, /* def f(a: int, /) -> str */
  WITH_ASSIGNMENT = 1 << 3, /* a: int = b = c */
} Allowed;

typedef enum { SHAPE_MISFIT, SHAPE_WEAK, SHAPE_STRONG, SHAPE_HEADER } Shape;

/* What an expression was found to hold, outside brackets unless said. */
typedef struct {
  gboolean has_call; /* anywhere */
  gboolean has_assignment;
  gboolean has_operator;
  gboolean has_in;
} Facts;

static gboolean token_is(const PythonToken *token, const gchar *text) {
  return token->length == strlen(text) && memcmp(token->start, text, token->length) == 0;
}

static gboolean token_is_any(const PythonToken *token, const gchar *const *texts) {
  for (; *texts != NULL; texts++)
    if (token_is(token, *texts))
      return TRUE;
  return FALSE;
}

static gboolean is_operator(const PythonToken *token, gchar character) {
  return token->kind == TOKEN_OPERATOR && token->length == 1 && *token->start == character;
}

static gboolean is_bracket(const PythonToken *token, const gchar *brackets) {
  return token->kind == TOKEN_OPERATOR && token->length == 1 &&
         strchr(brackets, *token->start) != NULL;
}

static gboolean is_keyword(const PythonToken *token) {
  return token->kind == TOKEN_NAME && python_is_keyword(token->start, token->length);
}

static gboolean is_plain_name(const PythonToken *token) {
  return token->kind == TOKEN_NAME && !python_is_keyword(token->start, token->length);
}

static gboolean is_closed_string(const PythonToken *token) {
  gchar quote = token->start[token->length - 1];
  gsize prefix = 0;
  while (token->start[prefix] != '"' && token->start[prefix] != '\'')
    prefix++;
  if (token->length - prefix < 2 || quote != token->start[prefix])
    return FALSE;
  gboolean is_triple = token->length - prefix >= 3 && token->start[prefix + 1] == quote &&
                       token->start[prefix + 2] == quote;
  return !is_triple || token->length - prefix >= 6;
}

static gboolean touches_previous(const PythonToken *token) {
  return token[-1].start + token[-1].length == token->start;
}

/* A walk over the tokens of an expression, which are operands and operators
 * in turn. */
typedef struct {
  Allowed allowed;
  gboolean wants_operand;
  gboolean may_end; /* though an operand is wanted: after ',' or yield */
  guint lambdas[DEPTH_MAX + 1];
  gchar brackets[DEPTH_MAX + 1];
  guint depth;
  Facts facts;
} Walk;

static gboolean open_bracket(Walk *walk, const PythonToken *token) {
  if (walk->depth == DEPTH_MAX)
    return FALSE;
  walk->brackets[++walk->depth] = *token->start;
  walk->lambdas[walk->depth] = 0;
  walk->wants_operand = walk->may_end = TRUE;
  return TRUE;
}

static gboolean close_bracket(Walk *walk, const PythonToken *token) {
  static const gchar opening[] = "([{", closing[] = ")]}";
  if (walk->depth == 0 || (walk->wants_operand && !walk->may_end) ||
      walk->lambdas[walk->depth] > 0 ||
      walk->brackets[walk->depth] != opening[strchr(closing, *token->start) - closing])
    return FALSE;
  walk->depth--;
  walk->wants_operand = walk->may_end = FALSE;
  return TRUE;
}

static gboolean take_colon(Walk *walk) {
  gchar bracket = walk->brackets[walk->depth];
  if (walk->lambdas[walk->depth] > 0) {
    walk->lambdas[walk->depth]--;
    walk->may_end = FALSE;
  } else if (bracket == '[') {
    walk->may_end = TRUE;
  } else if (bracket != '{' && !(bracket == '(' && (walk->allowed & WITH_PARAMETERS)) &&
             !(bracket == '\0' && (walk->allowed & WITH_ASSIGNMENT))) {
    return FALSE;
  } else {
    walk->may_end = FALSE;
  }
  walk->wants_operand = TRUE;
  return TRUE;
}

static gboolean take_operand(Walk *walk, const PythonToken *token, const PythonToken *previous) {
  static const gchar *const signs[] = {"-", "+", "~", "*", "**", NULL};
  static const gchar *const values[] = {"None", "True", "False", NULL};
  static const gchar *const prefixes[] = {"not", "await", NULL};

  if (token->kind == TOKEN_STRING && !is_closed_string(token))
    return FALSE;
  if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_STRING || is_plain_name(token) ||
      token_is_any(token, values) || token_is(token, "...")) {
    walk->wants_operand = walk->may_end = FALSE;
    return TRUE;
  }
  if (token_is(token, "lambda")) {
    walk->lambdas[walk->depth]++;
    walk->may_end = FALSE;
    return TRUE;
  }
  if (token_is(token, "yield")) {
    walk->may_end = TRUE;
    return TRUE;
  }
  if (token_is(token, "from")) {
    walk->may_end = FALSE;
    return previous != NULL && token_is(previous, "yield");
  }
  if (token_is_any(token, prefixes)) {
    walk->may_end = FALSE;
    return TRUE;
  }
  if (token->kind != TOKEN_OPERATOR)
    return FALSE;
  if (is_bracket(token, "([{"))
    return open_bracket(walk, token);
  if (is_bracket(token, ")]}"))
    return close_bracket(walk, token);
  if (is_operator(token, ':'))
    return (walk->brackets[walk->depth] == '[' || walk->lambdas[walk->depth] > 0) &&
           take_colon(walk);
  /* The bare '*' and '/' among parameters. */
  if ((walk->allowed & WITH_PARAMETERS) && walk->depth > 0 && is_operator(token, '/')) {
    walk->wants_operand = walk->may_end = FALSE;
    return TRUE;
  }
  /* Behind a bare '*', and behind an open slice. */
  if (is_operator(token, ',') && previous != NULL && walk->depth > 0 &&
      (is_operator(previous, '*') || (is_operator(previous, ':') && walk->may_end))) {
    walk->may_end = TRUE;
    return TRUE;
  }
  walk->may_end = FALSE;
  return token_is_any(token, signs);
}

static gboolean take_word_operator(Walk *walk, const PythonToken *token,
                                   const PythonToken *following) {
  static const gchar *const words[] = {"and", "or", "in", "is", "if", "else", "for", NULL};
  walk->wants_operand = TRUE;
  walk->may_end = FALSE;
  if (token_is_any(token, words)) {
    walk->facts.has_in |= walk->depth == 0 && token_is(token, "in");
    walk->facts.has_operator |= walk->depth == 0;
    return TRUE;
  }
  if (token_is(token, "not")) {
    /* "in" comes next and asks for the operand. */
    walk->wants_operand = FALSE;
    return following != NULL && token_is(following, "in");
  }
  if (token_is(token, "async")) {
    walk->wants_operand = FALSE;
    return following != NULL && token_is(following, "for");
  }
  return (token_is(token, "as") && (walk->allowed & WITH_AS)) ||
         (token_is(token, "from") && (walk->allowed & WITH_FROM));
}

static gboolean take_operator(Walk *walk, const PythonToken *token, const PythonToken *following) {
  static const gchar *const augmented[] = {
      "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=", NULL};
  if (token->kind == TOKEN_STRING)
    return token[-1].kind == TOKEN_STRING && is_closed_string(token);
  if (token->kind == TOKEN_NAME)
    return take_word_operator(walk, token, following);
  if (token->kind != TOKEN_OPERATOR)
    return FALSE;

  if (is_bracket(token, ")]}"))
    return close_bracket(walk, token);
  if (is_bracket(token, "([")) {
    walk->facts.has_call |= *token->start == '(' && touches_previous(token);
    return open_bracket(walk, token);
  }
  walk->wants_operand = TRUE;
  walk->may_end = FALSE;
  if (is_operator(token, '.'))
    return following != NULL && following->kind == TOKEN_NAME;
  if (is_operator(token, ',')) {
    walk->may_end = TRUE;
    return TRUE;
  }
  if (is_operator(token, ':'))
    return take_colon(walk);
  if (is_operator(token, '=')) {
    walk->facts.has_assignment |= walk->depth == 0;
    return walk->depth == 0 ? (walk->allowed & WITH_ASSIGNMENT) != 0
                            : walk->brackets[walk->depth] == '(' || walk->lambdas[walk->depth] > 0;
  }
  if (token_is_any(token, augmented)) {
    walk->facts.has_assignment = TRUE;
    return walk->depth == 0 && (walk->allowed & WITH_ASSIGNMENT);
  }
  if (token_is(token, "->"))
    return walk->depth == 0 && (walk->allowed & WITH_PARAMETERS);
  walk->facts.has_operator |= walk->depth == 0;
  return !is_operator(token, '{') && !is_operator(token, '~') && !is_operator(token, ';') &&
         !token_is(token, "...");
}

static gboolean expression_fits(const PythonToken *tokens, guint count, Allowed allowed,
                                Facts *facts) {
  Walk walk = {.allowed = allowed, .wants_operand = TRUE};
  walk.lambdas[0] = 0;
  walk.brackets[0] = '\0';
  for (guint i = 0; i < count; i++) {
    const PythonToken *following = i + 1 < count ? &tokens[i + 1] : NULL;
    gboolean fits = walk.wants_operand
                        ? take_operand(&walk, &tokens[i], i > 0 ? &tokens[i - 1] : NULL)
                        : take_operator(&walk, &tokens[i], following);
    if (!fits)
      return FALSE;
  }
  *facts = walk.facts;
  return count > 0 && walk.depth == 0 && walk.lambdas[0] == 0 &&
         (!walk.wants_operand || walk.may_end);
}

/* "a.b as c, d" with or without brackets around: names, dots and commas. */
static gboolean is_import_list(const PythonToken *tokens, guint count) {
  gboolean wants_name = TRUE;
  if (count > 2 && is_operator(&tokens[0], '(') && is_operator(&tokens[count - 1], ')')) {
    tokens++;
    count -= 2;
    if (is_operator(&tokens[count - 1], ','))
      count--;
  }
  if (count == 1 && is_operator(&tokens[0], '*'))
    return TRUE;
  for (guint i = 0; i < count; i++) {
    if (wants_name ? !is_plain_name(&tokens[i])
                   : !is_bracket(&tokens[i], ".,") && !token_is(&tokens[i], "as"))
      return FALSE;
    wants_name = !wants_name;
  }
  return !wants_name;
}

static Shape import_shape(const PythonToken *tokens, guint count) {
  if (token_is(&tokens[0], "import"))
    return is_import_list(tokens + 1, count - 1) ? SHAPE_STRONG : SHAPE_MISFIT;
  guint at = 1;
  while (at < count && (is_operator(&tokens[at], '.') || token_is(&tokens[at], "...")))
    at++;
  guint name = at;
  while (at < count && !token_is(&tokens[at], "import"))
    at++;
  if (at == count || (at > name ? !is_import_list(tokens + name, at - name) : name == 1))
    return SHAPE_MISFIT;
  return is_import_list(tokens + at + 1, count - at - 1) ? SHAPE_STRONG : SHAPE_MISFIT;
}

/* "[tool.name]" heads a section in other languages' settings, whose lines look
 * like assignments. */
static gboolean is_section_head(const PythonToken *tokens, guint count) {
  if (count < 3 || !is_operator(&tokens[0], '[') || !is_operator(&tokens[count - 1], ']'))
    return FALSE;
  for (guint i = 1; i + 1 < count; i++)
    if (!is_plain_name(&tokens[i]) && !is_bracket(&tokens[i], ".-:"))
      return FALSE;
  return TRUE;
}

static Shape expression_shape(const PythonToken *tokens, guint count, gboolean has_comment) {
  Facts facts;
  gboolean is_print = token_is(&tokens[0], "print");
  /* Python 2's print. */
  if (is_print && count > 1 && tokens[1].kind == TOKEN_STRING)
    return expression_fits(tokens + 1, count - 1, 0, &facts) ? SHAPE_STRONG : SHAPE_MISFIT;
  if (count > 2 && token_is(&tokens[0], "type") && is_plain_name(&tokens[1])) {
    tokens++;
    count--;
  }
  if (is_section_head(tokens, count) || !expression_fits(tokens, count, WITH_ASSIGNMENT, &facts))
    return SHAPE_MISFIT;
  gboolean calls = facts.has_call || (is_print && count > 1 && is_operator(&tokens[1], '('));
  return calls || facts.has_assignment || (facts.has_operator && has_comment) ? SHAPE_STRONG
                                                                              : SHAPE_WEAK;
}

/* A statement without a colon of its own. */
static Shape simple_shape(const PythonToken *tokens, guint count, gboolean has_comment) {
  static const gchar *const alone[] = {"pass", "break", "continue", NULL};
  static const gchar *const with_names[] = {"global", "nonlocal", NULL};
  static const gchar *const with_value[] = {"return", "raise", "assert", "del", NULL};
  Facts facts;

  if (token_is_any(&tokens[0], alone))
    return count == 1 ? SHAPE_WEAK : SHAPE_MISFIT;
  if (token_is(&tokens[0], "import") || token_is(&tokens[0], "from"))
    return import_shape(tokens, count);
  if (token_is_any(&tokens[0], with_names))
    return is_import_list(tokens + 1, count - 1) ? SHAPE_WEAK : SHAPE_MISFIT;
  if (is_operator(&tokens[0], '@'))
    return expression_fits(tokens + 1, count - 1, 0, &facts) ? SHAPE_WEAK : SHAPE_MISFIT;
  if (!token_is_any(&tokens[0], with_value))
    return expression_shape(tokens, count, has_comment);
  if (count == 1)
    return token_is(&tokens[0], "return") || token_is(&tokens[0], "raise") ? SHAPE_WEAK
                                                                           : SHAPE_MISFIT;
  if (!expression_fits(tokens + 1, count - 1, WITH_FROM, &facts))
    return SHAPE_MISFIT;
  return facts.has_call ? SHAPE_STRONG : SHAPE_WEAK;
}

/* Where a header's colon stands; count where there is none. */
static guint find_colon(const PythonToken *tokens, guint count) {
  guint depth = 0, lambdas = 0;
  for (guint i = 0; i < count; i++) {
    if (is_bracket(&tokens[i], "([{"))
      depth++;
    else if (is_bracket(&tokens[i], ")]}"))
      depth -= depth > 0;
    else if (depth == 0 && token_is(&tokens[i], "lambda"))
      lambdas++;
    else if (depth == 0 && is_operator(&tokens[i], ':') && lambdas-- == 0)
      return i;
  }
  return count;
}

/* The head of a compound statement up to its colon; MISFIT where it is none,
 * STRONG where it needs no body to be told, else HEADER. */
static Shape header_shape(const PythonToken *tokens, guint count) {
  static const gchar *const bare[] = {"try", "else", "finally", NULL};
  static const gchar *const conditions[] = {"if", "elif", "while", NULL};
  static const gchar *const patterns[] = {"match", "case", NULL};
  Facts facts;

  if (token_is(&tokens[0], "async")) {
    tokens++;
    if (--count == 0)
      return SHAPE_MISFIT;
  }
  const PythonToken *rest = tokens + 1;
  guint left = count - 1;
  if (token_is_any(&tokens[0], bare))
    return left == 0 ? SHAPE_HEADER : SHAPE_MISFIT;
  if (token_is(&tokens[0], "def"))
    return left > 2 && is_plain_name(rest) && is_bracket(rest + 1, "([") &&
                   expression_fits(rest, left, WITH_PARAMETERS, &facts)
               ? SHAPE_STRONG
               : SHAPE_MISFIT;
  if (token_is(&tokens[0], "class"))
    return left > 0 && is_plain_name(rest) && (left == 1 || is_bracket(rest + 1, "([")) &&
                   expression_fits(rest, left, 0, &facts)
               ? SHAPE_STRONG
               : SHAPE_MISFIT;
  if (token_is_any(&tokens[0], conditions))
    return expression_fits(rest, left, 0, &facts) ? SHAPE_HEADER : SHAPE_MISFIT;
  if (token_is(&tokens[0], "for"))
    return expression_fits(rest, left, 0, &facts) && facts.has_in ? SHAPE_HEADER : SHAPE_MISFIT;
  if (token_is(&tokens[0], "with"))
    return expression_fits(rest, left, WITH_AS, &facts) ? SHAPE_HEADER : SHAPE_MISFIT;
  if (token_is(&tokens[0], "except")) {
    if (left > 0 && is_operator(rest, '*'))
      rest++, left--;
    return left == 0 || expression_fits(rest, left, WITH_AS, &facts) ? SHAPE_HEADER : SHAPE_MISFIT;
  }
  if (token_is_any(&tokens[0], patterns))
    return expression_fits(rest, left, WITH_AS, &facts) ? SHAPE_HEADER : SHAPE_MISFIT;
  return SHAPE_MISFIT;
}

static gboolean fits_simple_list(const PythonToken *tokens, guint count, gboolean has_comment,
                                 gboolean *is_strong) {
  while (count > 0) {
    guint depth = 0, stop = 0;
    for (; stop < count; stop++) {
      if (is_bracket(&tokens[stop], "([{"))
        depth++;
      else if (is_bracket(&tokens[stop], ")]}"))
        depth -= depth > 0;
      else if (depth == 0 && is_operator(&tokens[stop], ';'))
        break;
    }
    /* A ';' at the end is another language's habit. */
    if (stop == 0 || stop + 1 == count)
      return FALSE;
    Shape shape = simple_shape(tokens, stop, has_comment);
    if (shape == SHAPE_MISFIT)
      return FALSE;
    *is_strong |= shape == SHAPE_STRONG;
    if (stop == count)
      return TRUE;
    tokens += stop + 1;
    count -= stop + 1;
  }
  return FALSE;
}

/* One logical line; opens says that its body should follow. */
static gboolean line_fits(const PythonToken *tokens, guint count, gboolean has_comment,
                          gboolean *is_strong, gboolean *opens) {
  *opens = FALSE;
  guint colon = find_colon(tokens, count);
  Shape header = colon > 0 && colon < count ? header_shape(tokens, colon) : SHAPE_MISFIT;
  if (header == SHAPE_MISFIT)
    return !(is_keyword(&tokens[0]) && token_is(&tokens[0], "async")) &&
           fits_simple_list(tokens, count, has_comment, is_strong);
  *is_strong |= header == SHAPE_STRONG;
  *opens = colon + 1 == count;
  if (*opens)
    return TRUE;
  *is_strong = TRUE;
  return fits_simple_list(tokens + colon + 1, count - colon - 1, has_comment, is_strong);
}

/* Goes through the logical lines up to the first that does not fit. */
static gboolean all_lines_fit(const gchar *source, gsize size, gboolean *is_strong) {
  g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(PythonToken));
  PythonScanner scanner;
  PythonToken token;
  gboolean has_comment = FALSE, was_opened = FALSE, found = FALSE;
  guint header_column = 0;

  *is_strong = FALSE;
  python_scanner_init(&scanner, source, size);
  while (python_scanner_next(&scanner, &token)) {
    if (token.kind == TOKEN_ERROR)
      return FALSE;
    if (token.kind == TOKEN_COMMENT) {
      has_comment |= tokens->len > 0;
    } else if (token.kind == TOKEN_NEWLINE) {
      const PythonToken *first = &g_array_index(tokens, PythonToken, 0);
      if (was_opened && first->column > header_column)
        *is_strong = TRUE;
      header_column = first->column;
      if (!line_fits(first, tokens->len, has_comment, is_strong, &was_opened))
        return FALSE;
      found = TRUE;
      has_comment = FALSE;
      g_array_set_size(tokens, 0);
    } else if (token.kind != TOKEN_BREAK) {
      g_array_append_val(tokens, token);
    }
  }
  return found;
}

gboolean looks_like_python(const gchar *source, gsize size) {
  gboolean is_strong;
  return all_lines_fit(source, size, &is_strong) && is_strong;
}

gboolean has_shape_of_python(const gchar *source, gsize size) {
  gboolean is_strong;
  return all_lines_fit(source, size, &is_strong);
}
