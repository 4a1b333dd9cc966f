#include "bank/script.h"

#include <string.h>

#include "bank/claims_outcome.h"
#include "bank/value.h"

#define NAMES_MAX 8

void script_init(Script *script, Snippet *snippet, const Statements *statements) {
  *script = (Script){.snippet = snippet, .statements = statements};
}

void script_clear(Script *script) {
  chance_free(script->chance);
  words_free(script->words);
  if (script->knows_exceptions)
    word_set_clear(&script->exceptions);
  if (script->knows_bound)
    word_set_clear(&script->bound);
  if (script->knows_locals)
    word_set_clear(&script->locals);
  if (script->timed != NULL)
    g_array_unref(script->timed);
}

const Statement *script_next(const Script *script, gint index) {
  guint next = (guint)(index + 1);
  return next < script->statements->statements->len ? script_statement(script, (gint)next) : NULL;
}

const Words *script_words(Script *script) {
  if (script->words == NULL)
    script->words = words_read(script->statements);
  return script->words;
}

const Names *script_names(Script *script) {
  if (!script->knows_names)
    script->names = names_read(script->statements);
  script->knows_names = TRUE;
  return &script->names;
}

/* NULL where nothing may vary. */
static const Chance *script_chances(Script *script) {
  if (!script_names(script)->may_vary)
    return NULL;
  if (script->chance == NULL)
    script->chance = chance_read(script->statements);
  return script->chance;
}

gchar *script_chance(Script *script, gint index, const gchar *expected) {
  const Chance *chance = script_chances(script);
  return chance != NULL ? chance_reason(chance, (guint)index, expected) : NULL;
}

gchar *script_name_chance(Script *script, const gchar *name, gsize length, gint index,
                          const gchar *expected) {
  const Chance *chance = script_chances(script);
  return chance != NULL ? chance_reason_of_name(chance, name, length, index, expected) : NULL;
}

gchar *comment_text(const Comment *comment) {
  const gchar *text = comment->text;
  gsize size = comment->length;
  while (size > 0 && (*text == ' ' || *text == '\t')) {
    text++;
    size--;
  }
  return g_strndup(text, size);
}

/* --- names ----------------------------------------------------------------- */

static gboolean is_sign(const PythonToken *token, const gchar *sign) {
  return token->kind == TOKEN_OPERATOR && token_is(token, sign);
}

static const PythonToken *statement_tokens(const Script *script, const Statement *statement) {
  return &g_array_index(script->statements->tokens, PythonToken, statement->first_token);
}

/* '=' and the augmented ones, outside brackets. */
static gboolean is_assigning(const PythonToken *token) {
  return token->kind == TOKEN_OPERATOR && token->depth == 0 &&
         token->start[token->length - 1] == '=' &&
         !(token->length == 2 && strchr("=!<>:", token->start[0]) != NULL);
}

static void bind(Script *script, const PythonToken *name, gboolean is_import) {
  if (python_is_keyword(name->start, name->length))
    return;
  WordSlot *slot = word_set_add(&script->bound, name->start, name->length);
  if (slot->flags == 0)
    slot->flags = name->line << 1;
  if (is_import)
    slot->flags |= 1;
}

static void bind_statement(Script *script, const Statement *statement) {
  const PythonToken *tokens = statement_tokens(script, statement);
  const PythonToken none = {.kind = TOKEN_END, .start = ""};
  gboolean is_target = statement->kind == STATEMENT_ASSIGNMENT, in_for = FALSE;
  for (guint i = 0; i < statement->token_count; i++) {
    const PythonToken *token = &tokens[i], *before = i > 0 ? &tokens[i - 1] : &none;
    const PythonToken *after = i + 1 < statement->token_count ? &tokens[i + 1] : &none;
    if (is_assigning(token))
      is_target = FALSE;
    else if (is_sign(token, ";"))
      is_target = TRUE;
    if (token->kind != TOKEN_NAME || is_sign(before, "."))
      continue;
    if (token_is(token, "for"))
      in_for = TRUE;
    else if (token_is(token, "in"))
      in_for = FALSE;
    gboolean is_part = is_sign(after, ".") || is_sign(after, "[") || is_sign(after, "(");
    gboolean is_bound =
        ((is_target || in_for) && !is_part) || statement->kind == STATEMENT_IMPORT ||
        is_sign(after, ":=") ||
        (before->kind == TOKEN_NAME &&
         (token_is(before, "as") || token_is(before, "def") || token_is(before, "class"))) ||
        (statement->kind == STATEMENT_DEF && token->depth == 1 &&
         (is_sign(before, "(") || is_sign(before, ",") || is_sign(before, "*") ||
          is_sign(before, "**")));
    if (is_bound)
      bind(script, token, statement->kind == STATEMENT_IMPORT);
  }
}

static const WordSlot *binding(Script *script, const gchar *name, gsize length) {
  if (!script->knows_bound) {
    word_set_init(&script->bound, FALSE);
    script->knows_bound = TRUE;
    for (guint i = 0; i < script->statements->statements->len; i++)
      bind_statement(script, script_statement(script, (gint)i));
  }
  return word_set_find(&script->bound, name, length);
}

guint script_binding_line(Script *script, const gchar *name, gsize length) {
  const WordSlot *slot = binding(script, name, length);
  return slot != NULL ? slot->flags >> 1 : 0;
}

gboolean script_imports(Script *script, const gchar *name, gsize length) {
  const WordSlot *slot = binding(script, name, length);
  return slot != NULL && (slot->flags & 1) != 0;
}

static void read_source(Script *script) {
  static const gchar *const words[] = {"Thread", "Process", "Pool", "Executor", "asyncio"};
  const gchar *source = script->snippet->source;
  if (script->knows_source)
    return;
  script->knows_source = TRUE;
  script->imports_all = strstr(source, "import *") != NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    script->has_threads = script->has_threads || strstr(source, words[i]) != NULL;
}

gboolean script_has_threads(Script *script) {
  read_source(script);
  return script->has_threads;
}

gboolean script_imports_all(Script *script) {
  read_source(script);
  return script->imports_all;
}

/* The target list of an assignment. */
static gchar *assigned_names(const PythonToken *tokens, guint count, gboolean *is_item) {
  g_autoptr(GString) names = g_string_new(NULL);
  guint found = 0, last = 0;
  while (last < count && !is_assigning(&tokens[last]))
    last++;
  if (last == 0 || last == count)
    return NULL;
  for (guint i = 0; i < last; i++) {
    const PythonToken *token = &tokens[i];
    if (is_sign(token, "*") || is_sign(token, ","))
      continue;
    if (is_sign(token, ":"))
      break; /* an annotation */
    if (token->kind != TOKEN_NAME || python_is_keyword(token->start, token->length) ||
        found == NAMES_MAX)
      return NULL;
    const PythonToken *after = &tokens[i + 1];
    if (is_sign(after, ".") || is_sign(after, "[")) {
      for (guint k = i + 1; k < last; k++)
        if (tokens[k].depth == 0 && is_sign(&tokens[k], ","))
          return NULL;
      if (found > 0)
        return NULL;
      *is_item = TRUE;
      return g_strndup(token->start, token->length);
    }
    g_string_append_printf(names, "%s%.*s", found > 0 ? ", " : "", (int)token->length,
                           token->start);
    found++;
  }
  return found > 0 ? g_string_free(g_steal_pointer(&names), FALSE) : NULL;
}

/* items.append(3); random.shuffle(items) */
static gchar *called_name(Script *script, const PythonToken *tokens, guint count) {
  if (count < 5 || tokens[0].kind != TOKEN_NAME || !is_sign(&tokens[1], ".") ||
      tokens[2].kind != TOKEN_NAME || !is_sign(&tokens[3], "(") ||
      !is_sign(&tokens[count - 1], ")"))
    return NULL;
  for (guint i = 3; i + 1 < count; i++)
    if (tokens[i].depth == 0)
      return NULL; /* not one call */
  const PythonToken *name = &tokens[0];
  if (script_imports(script, name->start, name->length)) {
    name = &tokens[4];
    if (!is_sign(&tokens[5], ",") && !is_sign(&tokens[5], ")"))
      return NULL;
  }
  if (name->kind != TOKEN_NAME || python_is_keyword(name->start, name->length))
    return NULL;
  return g_strndup(name->start, name->length);
}

gchar *script_changed_names(Script *script, const Statement *statement, gboolean *is_item) {
  const PythonToken *tokens = statement_tokens(script, statement);
  guint count = statement->token_count;
  *is_item = FALSE;
  if (statement->is_several || count == 0)
    return NULL;
  if (statement->kind == STATEMENT_ASSIGNMENT)
    return assigned_names(tokens, count, is_item);
  if (statement->kind == STATEMENT_EXPRESSION)
    return called_name(script, tokens, count);
  if (statement->kind == STATEMENT_OTHER && count > 3 && token_is(&tokens[0], "del") &&
      tokens[1].kind == TOKEN_NAME && is_sign(&tokens[2], "["))
    return g_strndup(tokens[1].start, tokens[1].length);
  return NULL;
}

gboolean statement_assigns_value(const Script *script, const Statement *statement) {
  const PythonToken *tokens = statement_tokens(script, statement);
  if (statement->kind != STATEMENT_ASSIGNMENT)
    return FALSE;
  for (guint i = 0; i < statement->token_count; i++) {
    if (!is_assigning(&tokens[i]))
      continue;
    if (tokens[i].length != 1)
      return FALSE;
    const gchar *value = tokens[i].start + 1, *end = statement->start + statement->length;
    while (value < end && (*value == ' ' || *value == '\t'))
      value++;
    ValueKind kind;
    gsize length = value_length(value, (gsize)(end - value), &kind, NULL);
    return length > 0 && kind != VALUE_CALL &&
           (value + length == end || value[length] == ',' || value[length] == ' ') &&
           (value + length == end || value[length] == ',');
  }
  return FALSE;
}

/* --- exceptions ------------------------------------------------------------ */

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

gboolean script_raises(Script *script, const gchar *name, gsize length) {
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
      !script_raises(script, at, length))
    return (Reading){0};
  return (Reading){.is_claim = TRUE,
                   .rule = CLAIM_EXCEPTION,
                   .expected = g_strndup(at, length),
                   .is_clear = TRUE};
}

gboolean script_names_failure(Script *script, const gchar *text, gsize size) {
  const gchar *name;
  g_autofree gchar *cautious = NULL;
  gboolean is_title;
  if (exception_claimed(text, size, &name, &cautious) > 0)
    return TRUE;
  g_auto(Reading) own = read_own_exception(script, text, size);
  if (own.is_claim)
    return TRUE;
  g_auto(Reading) outcome = outcome_read(text, size, &is_title);
  return outcome.is_claim && outcome.rule == CLAIM_EXCEPTION;
}

Reading script_read(Script *script, const gchar *text, gsize size, gboolean is_shown) {
  Reading reading = comment_read(text, size);
  gboolean is_strange = reading.rule == CLAIM_EXCEPTION && reading.cautious != NULL;
  if (reading.is_claim && reading.rule != CLAIM_TEXT && reading.rule != CLAIM_LABEL && !is_strange)
    return reading;
  Reading other = read_own_exception(script, text, size);
  if (!other.is_claim && reading.is_claim && reading.rule == CLAIM_TEXT) {
    gboolean is_title;
    guint enough = 50;
    other = outcome_read(text, size, &is_title);
    if (!other.is_claim) {
      other = comment_states(text, size);
      enough = 100;
    }
    /* print("OK")  # OK */
    if (other.is_claim && is_shown && words_cover(script_words(script), text, size, enough))
      reading_clear(&other);
  }
  if (other.expected == NULL)
    return reading;
  reading_clear(&reading);
  return other;
}

/* --- claims ---------------------------------------------------------------- */

static gboolean is_shown(const Statement *statement) {
  return statement->kind == STATEMENT_PRINT || statement->kind == STATEMENT_EXPRESSION;
}

static void caution_from_place(Script *script, Claim *claim, gint index) {
  const Statement *statement = script_statement(script, index);
  switch (claim->target) {
  case CLAIM_OF_EXCEPTION:
    if (statement->kind == STATEMENT_CLASS || statement->kind == STATEMENT_BLOCK)
      claim_doubt(claim, g_strdup("speaks of a whole block"));
    return;
  case CLAIM_OF_HANG:
    /* A deadlock of several threads does not come about each time. */
    if (script_has_threads(script))
      claim_doubt(claim, g_strdup("decided by the order of threads"));
    return;
  case CLAIM_OF_PASSING:
  case CLAIM_OF_SPEED:
    return;
  default:
    break;
  }
  if (statement->is_several)
    claim_doubt(claim, g_strdup("several statements on one line"));
  if (statement->kind == STATEMENT_PRINT) {
    /* With end= or file= a call's writes say little about where it ends. */
    for (gsize i = 1; i + 5 < statement->length; i++)
      if (!g_ascii_isalnum(statement->start[i - 1]) &&
          (memcmp(statement->start + i, "end=", 4) == 0 ||
           memcmp(statement->start + i, "file=", 5) == 0)) {
        claim_doubt(claim, g_strdup("print() with an end or a file of its own"));
        break;
      }
  }
  if (claim->cautious == NULL)
    claim->cautious = script_chance(script, index, claim->expected);
}

/* "2, 1" for "2 1" or "2, 1" behind a, b = b, a; NULL where a text is no such row. */
static gchar *row_of_values(const gchar *text) {
  g_autoptr(GString) row = g_string_new(NULL);
  guint values = 0;
  for (const gchar *at = text; *at != '\0'; values++) {
    gsize length = value_length(at, strlen(at), NULL, NULL);
    if (length == 0 || (at[length] != '\0' && at[length] != ' ' && at[length] != ','))
      return NULL;
    g_string_append_printf(row, "%s%.*s", values > 0 ? ", " : "", (int)length, at);
    at += length;
    at += strspn(at, " ,");
  }
  return values > 1 ? g_string_free(g_steal_pointer(&row), FALSE) : NULL;
}

/* What the claim may speak of beside what its statement shows. */
static void name_variables(Script *script, Claim *claim, const Statement *statement) {
  gboolean is_item;
  claim->names = script_changed_names(script, statement, &is_item);
  if (claim->names == NULL || statement->kind != STATEMENT_ASSIGNMENT)
    return;
  gchar *row = strchr(claim->names, ',') != NULL ? row_of_values(claim->text) : NULL;
  if (row != NULL) {
    g_free(claim->expected);
    claim->expected = row;
    g_clear_pointer(&claim->cautious, g_free);
  }
  gboolean is_written = statement_assigns_value(script, statement);
  ValueKind kind;
  value_length(claim->expected, strlen(claim->expected), &kind, NULL);
  if (is_item && (kind != VALUE_CONTAINER || !is_written))
    claim_doubt(claim, g_strdup("may speak of the part or of the whole"));
  else if (is_written && !is_item)
    claim_doubt(claim, g_strdup("the value is written out before it"));
}

static ClaimTarget target_of_rule(ClaimRule rule) {
  switch (rule) {
  case CLAIM_EXCEPTION:
    return CLAIM_OF_EXCEPTION;
  case CLAIM_HANG:
    return CLAIM_OF_HANG;
  case CLAIM_WORKS:
    return CLAIM_OF_PASSING;
  case CLAIM_NAMED:
    return CLAIM_OF_NAMES;
  case CLAIM_SPEED:
    return CLAIM_OF_SPEED;
  default:
    return CLAIM_OF_LINE;
  }
}

Claim *script_claim(Script *script, Reading *reading, gint index, const Comment *comment,
                    const gchar *text) {
  const Statement *statement = script_statement(script, index);
  Claim *claim = claim_new(reading->rule, target_of_rule(reading->rule), comment->line, text, NULL);
  claim->expected = g_steal_pointer(&reading->expected);
  claim->cautious = g_steal_pointer(&reading->cautious);
  claim->column = comment->column;
  claim->first_line = statement->first_line;
  claim->last_line = statement->last_line;
  claim->is_print = statement->kind == STATEMENT_PRINT;
  claim->is_value = statement->kind == STATEMENT_EXPRESSION;
  claim->is_inner = statement->place != 0;
  if (claim->target == CLAIM_OF_LINE)
    name_variables(script, claim, statement);
  caution_from_place(script, claim, index);
  g_ptr_array_add(script->snippet->claims, claim);
  script->group = (guint)index + 1;
  return claim;
}

/* "int" behind what gives a class. */
static gboolean names_class(const Statement *statement, const gchar *text) {
  gsize length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.");
  return length > 0 && text[length] == '\0' &&
         (g_strstr_len(statement->start, (gssize)statement->length, "type(") != NULL ||
          g_strstr_len(statement->start, (gssize)statement->length, "__class__") != NULL);
}

static const gchar *unfit_assignment(Script *script, const Statement *statement,
                                     const Reading *reading) {
  gboolean is_item;
  g_autofree gchar *names = script_changed_names(script, statement, &is_item);
  if (names == NULL)
    return statement->is_several ? "several statements on one line"
                                 : "says what an assignment gives that binds no plain name";
  if (reading->rule == CLAIM_TEXT) {
    gboolean has_words = strchr(reading->expected, ' ') != NULL;
    return has_words && !statement_assigns_value(script, statement) &&
                   words_cover(script_words(script), reading->expected, strlen(reading->expected),
                               100)
               ? NULL
               : "prose";
  }
  if (reading->rule == CLAIM_VERB)
    return reading->is_whole ? NULL : "prose";
  if (reading->rule == CLAIM_PROSE && !reading->is_clear && strchr(names, ',') == NULL)
    return "prose";
  return NULL;
}

const gchar *script_unfit(Script *script, const Statement *statement, const Reading *reading,
                          const gchar *text, gsize size) {
  if (reading->rule == CLAIM_EXCEPTION || reading->rule == CLAIM_WORKS ||
      reading->rule == CLAIM_HANG) {
    if (statement->kind == STATEMENT_DEF || statement->kind == STATEMENT_CLASS ||
        statement->kind == STATEMENT_DECORATOR ||
        (statement->is_header && reading->rule != CLAIM_HANG))
      return "prose about a block";
    return NULL;
  }
  if (reading->rule == CLAIM_TEXT && names_class(statement, reading->expected) &&
      (is_shown(statement) || statement->kind == STATEMENT_ASSIGNMENT))
    return NULL;
  if (statement->kind == STATEMENT_ASSIGNMENT)
    return unfit_assignment(script, statement, reading);
  if (statement->kind == STATEMENT_OTHER && reading->is_whole && reading->rule == CLAIM_LITERAL) {
    gboolean is_item;
    g_autofree gchar *names = script_changed_names(script, statement, &is_item);
    if (names != NULL)
      return NULL;
  }
  if (!is_shown(statement))
    return "stands on a line that shows nothing";
  if (reading->rule == CLAIM_TEXT) {
    if (comment_is_code(text, size))
      return "reads as code";
    gboolean is_word =
        memchr(text, ' ', size) == NULL || memchr(text + 1, ' ', MAX(size, 1) - 1) == NULL;
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
