/* Comments that describe variables: "args is a tuple: (1, 2)", "a = 1, b = 2". */
#include <string.h>

#include "bank/claims_kinds.h"
#include "bank/value.h"

#define DESCRIBED_MAX 8

typedef struct {
  const gchar *name;
  gsize name_length;
  const gchar *value;
  gsize value_length;
  gboolean is_assignment; /* name = value: perhaps code that is commented out */
  gboolean goes_on;       /* another description stands behind it */
  gboolean has_dots;
  const gchar *rest; /* behind the value, to the end of the text */
  gsize rest_length;
} Described;

static gboolean is_name_char(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static const gchar *skip_blanks(const gchar *at, const gchar *end) {
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  return at;
}

static gsize word_at(const gchar *at, const gchar *end) {
  gsize length = 0;
  while (at + length < end && is_name_char(at[length]))
    length++;
  return length;
}

static gboolean word_is(const gchar *at, gsize length, const gchar *word) {
  return strlen(word) == length && memcmp(at, word, length) == 0;
}

#define WORD_IN(at, length, list)                                                                  \
  (word_list_find((list), G_N_ELEMENTS(list), (at), (length), TRUE) >= 0)

/* From a verb or sign to the value; NULL where there is none. */
static const gchar *to_value(const gchar *at, const gchar *end, gboolean *is_assignment) {
  static const gchar *const verbs[] = {"are",    "became", "becomes", "contains",
                                       "equals", "holds",  "is"};
  static const gchar *const fillers[] = {"a",    "again",  "also",  "an",  "equal", "just", "now",
                                         "only", "simply", "still", "the", "then",  "thus", "to"};
  static const gchar *const types[] = {
      "array",   "bool", "boolean", "bytes",  "deque", "dict", "dictionary", "float", "int",
      "integer", "list", "number",  "object", "set",   "str",  "string",     "tuple", "value"};
  *is_assignment = FALSE;
  at = skip_blanks(at, end);
  if (at == end)
    return NULL;
  if (*at == '=') {
    *is_assignment = end - at < 2 || at[1] != '=';
    at += end - at > 1 && (at[1] == '=' || at[1] == '>') ? 2 : 1;
    return skip_blanks(at, end);
  }
  if (*at == ':')
    return skip_blanks(at + 1, end);
  if (end - at > 2 && at[0] == '-' && at[1] == '>')
    return skip_blanks(at + 2, end);
  gsize length = word_at(at, end);
  /* "now contains" */
  if (word_is(at, length, "now")) {
    at = skip_blanks(at + length, end);
    length = word_at(at, end);
  }
  if (length == 0 || !WORD_IN(at, length, verbs))
    return NULL;
  at = skip_blanks(at + length, end);
  gboolean has_type = FALSE, has_article = FALSE;
  while ((length = word_at(at, end)) > 0) {
    if (WORD_IN(at, length, types))
      has_type = TRUE;
    else if (!WORD_IN(at, length, fillers))
      break;
    has_article = has_article || word_is(at, length, "a") || word_is(at, length, "an") ||
                  word_is(at, length, "the");
    at = skip_blanks(at + length, end);
  }
  if (at < end && (*at == ':' || *at == '='))
    at = skip_blanks(at + 1, end);
  else if (has_article && !has_type)
    return NULL; /* "n is a 3 digit number" */
  return at;
}

/* f(3) is code, Counter({...}) a value. */
static gboolean is_code_call(const gchar *value, gsize length, ValueKind kind) {
  return kind == VALUE_CALL && comment_is_code(value, length);
}

static gboolean read_one(Script *script, const gchar *at, const gchar *end, guint line,
                         Described *described) {
  at = skip_blanks(at, end);
  *described = (Described){.name = at, .name_length = word_at(at, end)};
  if (described->name_length == 0 || g_ascii_isdigit(*at) ||
      python_is_keyword(at, described->name_length))
    return FALSE;
  at += described->name_length;
  described->value = to_value(at, end, &described->is_assignment);
  if (described->value == NULL)
    return FALSE;
  ValueKind kind;
  at = described->value;
  described->value_length = value_length(at, (gsize)(end - at), &kind, &described->has_dots);
  if (described->value_length == 0 || is_code_call(at, described->value_length, kind))
    return FALSE;
  guint bound = script_binding_line(script, described->name, described->name_length);
  if (bound == 0 || bound > line || script_imports(script, described->name, described->name_length))
    return FALSE;
  at += described->value_length;
  described->rest = skip_blanks(at, end);
  described->rest_length = (gsize)(end - described->rest);
  return at == end || !is_name_char(*at);
}

/* All of the descriptions that a text consists of. */
static guint read_all(Script *script, const gchar *text, gsize size, guint line,
                      Described described[DESCRIBED_MAX]) {
  static const gchar *const lead[] = {"and", "but", "here", "now", "so", "then"};
  const gchar *end = text + size, *at = skip_blanks(text, end);
  guint count = 0;
  gsize word = word_at(at, end);
  if (word > 0 && word < (gsize)(end - at) && WORD_IN(at, word, lead)) {
    at = skip_blanks(at + word, end);
    if (at < end && *at == ',')
      at++;
  }
  while (count < DESCRIBED_MAX && read_one(script, at, end, line, &described[count])) {
    Described *one = &described[count++];
    at = one->rest;
    if (at == end)
      break;
    const gchar *next = at;
    if (*next == ',' || *next == ';')
      next = skip_blanks(next + 1, end);
    if (end - next > 4 && memcmp(next, "and ", 4) == 0)
      next = skip_blanks(next + 4, end);
    Described other;
    if (next == at || count == DESCRIBED_MAX || !read_one(script, next, end, line, &other))
      break;
    one->goes_on = TRUE;
    at = next;
  }
  return count;
}

/* Why a description may not accuse; NULL where it may, "" where it is none. */
static gchar *doubt_description(const Described *described) {
  static const gchar *const ends = ".!)";
  const gchar *rest = described->rest;
  gsize size = described->rest_length;
  if (described->has_dots)
    return g_strdup("hedged: '...'");
  if (described->goes_on || size == 0 || (size == 1 && strchr(ends, *rest) != NULL))
    return NULL;
  g_autofree gchar *whole = g_strndup(described->value, (gsize)(rest + size - described->value));
  g_auto(Reading) reading = comment_read(whole, strlen(whole));
  if (!reading.is_claim || !reading.is_clear || reading.rule == CLAIM_TEXT)
    return g_strdup("");
  if (reading.cautious != NULL)
    return g_steal_pointer(&reading.cautious);
  return rest[0] == '(' || rest[0] == '#' ? NULL : g_strdup("prose follows the value");
}

/* Where the described variables are looked at. */
typedef struct {
  gint index; /* of the statement, or -1 where the comment stands */
  gboolean is_below;
  gchar *cautious; /* owned */
} Aim;

static void add_claims(Script *script, const Comment *comment, const Described *described,
                       guint count, const Aim *aim, gboolean is_own) {
  g_autofree gchar *text = comment_text(comment);
  for (guint i = 0; i < count; i++) {
    const Described *one = &described[i];
    Claim *claim = claim_new(CLAIM_NAMED, CLAIM_OF_NAMES, comment->line, text, NULL);
    claim->expected = g_strndup(one->value, one->value_length);
    claim->names = g_strndup(one->name, one->name_length);
    claim->column = comment->column;
    claim->below = aim->is_below;
    claim->cautious = doubt_description(one);
    if (aim->index >= 0) {
      const Statement *statement = script_statement(script, aim->index);
      claim->first_line = statement->first_line;
      claim->last_line = statement->block_last;
      claim->is_inner = statement->place != 0;
    } else {
      claim->is_inner = comment->column > 0;
    }
    gchar *chance = script_name_chance(script, one->name, one->name_length, comment->statement,
                                       claim->expected);
    if (chance != NULL)
      claim_doubt(claim, chance);
    if (is_own && one->is_assignment)
      claim_doubt(claim, g_strdup("may be code that is commented out"));
    if (aim->cautious != NULL)
      claim_doubt(claim, g_strdup(aim->cautious));
    g_ptr_array_add(script->snippet->claims, claim);
  }
}

static gboolean is_description(const Described *described, guint count) {
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *doubt = doubt_description(&described[i]);
    if (doubt != NULL && *doubt == '\0')
      return FALSE;
  }
  return count > 0;
}

gboolean named_read_trailing(Script *script, const Comment *comment) {
  Described described[DESCRIBED_MAX];
  guint count = read_all(script, comment->text, comment->length, comment->line, described);
  if (!is_description(described, count))
    return FALSE;
  const Statement *statement = script_statement(script, comment->statement);
  if (statement->is_header || statement->kind == STATEMENT_DECORATOR ||
      statement->kind == STATEMENT_DEF || statement->kind == STATEMENT_CLASS ||
      (statement->kind == STATEMENT_OTHER &&
       !token_is(&g_array_index(script->statements->tokens, PythonToken, statement->first_token),
                 "del")))
    return FALSE;
  /* print("x =", x)  # x = 3 repeats what is printed. */
  if (statement->kind == STATEMENT_PRINT &&
      words_cover(script_words(script), described[0].name, described[0].name_length, 100))
    return FALSE;
  Aim aim = {.index = comment->statement};
  if (statement_assigns_value(script, statement))
    aim.cautious = g_strdup("the value is written out before it");
  else if (statement->is_several)
    aim.cautious = g_strdup("several statements on one line");
  add_claims(script, comment, described, count, &aim, FALSE);
  g_free(aim.cautious);
  return TRUE;
}

/* TRUE where "a, b" names the variable. */
static gboolean names_hold(const gchar *names, const gchar *name, gsize length) {
  for (const gchar *at = names; at != NULL; at = strchr(at, ',')) {
    at += strspn(at, ", ");
    if (strcspn(at, ",") == length && memcmp(at, name, length) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean changes_any(Script *script, const Statement *statement, const Described *described,
                            guint count) {
  gboolean is_item;
  g_autofree gchar *names = script_changed_names(script, statement, &is_item);
  for (guint i = 0; names != NULL && i < count; i++)
    if (names_hold(names, described[i].name, described[i].name_length))
      return TRUE;
  return FALSE;
}

/* TRUE where the comment right before or behind this one is code and describes nothing:
 * then "x = 3" is code as well. */
static gboolean stands_among_code(Script *script, guint index) {
  const Comment *comment = script_comment(script, index);
  for (gint step = -1; step <= 1; step += 2) {
    if ((step < 0 && index == 0) || (step > 0 && index + 1 == script->statements->comments->len))
      continue;
    const Comment *other = script_comment(script, index + (guint)step);
    Described described[DESCRIBED_MAX];
    if (other->place == COMMENT_OWN && other->column == comment->column &&
        other->line == comment->line + (guint)step && comment_is_code(other->text, other->length) &&
        read_all(script, other->text, other->length, other->line, described) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean named_read_own(Script *script, CommentBlock block, guint index) {
  const Comment *comment = script_comment(script, index);
  const Comment *last = script_comment(script, block.last);
  Described described[DESCRIBED_MAX];
  if (comment->statement < 0)
    return FALSE;
  guint count = read_all(script, comment->text, comment->length, comment->line, described);
  if (!is_description(described, count) ||
      (described[0].is_assignment && stands_among_code(script, index)))
    return FALSE;
  gint above = comment->statement;
  while (above >= 0 && script_statement(script, above)->column > comment->column)
    above = script_statement(script, above)->parent;
  const Statement *before = above >= 0 ? script_statement(script, above) : NULL;
  const Statement *next = script_next(script, comment->statement);
  gboolean is_open =
      next != NULL && next->column == comment->column &&
      (next->parent ==
       (before != NULL && before->column == comment->column ? before->parent : above));
  gboolean is_sibling = before != NULL && before->column == comment->column;
  guint first_line = script_comment(script, block.first)->line;
  Aim aim = {.index = -1};
  if (is_sibling && !before->is_header && before->last_line + 1 == first_line &&
      changes_any(script, before, described, count)) {
    aim.index = above;
    aim.is_below = TRUE;
  } else if (is_open) {
    if (next->first_line == last->line + 1 && changes_any(script, next, described, count))
      aim.cautious = g_strdup("may speak of the code below it");
  } else if (is_sibling) {
    aim.index = above;
    aim.is_below = TRUE;
  } else {
    return FALSE;
  }
  if (aim.cautious == NULL && aim.index >= 0 && next != NULL &&
      next->first_line == last->line + 1 && changes_any(script, next, described, count))
    aim.cautious = g_strdup("may speak of the code below it");
  const Statement *around = is_open ? next : before;
  if (aim.cautious == NULL && (around->place & PLACE_LOOP) != 0)
    aim.cautious = g_strdup("inside a loop");
  add_claims(script, comment, described, count, &aim, TRUE);
  g_free(aim.cautious);
  return TRUE;
}
