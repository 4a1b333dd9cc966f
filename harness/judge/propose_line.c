#include "judge/propose_line.h"

#include <string.h>

#include "judge/expect_pattern.h"

#define LABEL_WORDS 3
#define LABEL_MAX 24
#define LARGE_DIGITS 6

typedef enum { TOKEN_WORD, TOKEN_SIGN, TOKEN_WHOLE, TOKEN_FRACTION, TOKEN_ADDRESS } TokenKind;

typedef struct {
  TokenKind kind;
  const gchar *start;
  gsize length;
} Token;

static gboolean is_number(const Token *token) {
  return token->kind == TOKEN_WHOLE || token->kind == TOKEN_FRACTION;
}

/* --- tokens ---------------------------------------------------------------------- */

static gboolean is_word_char(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (character & 0x80) != 0;
}

static gsize digits_at(const gchar *text) {
  return strspn(text, "0123456789");
}

/* Whole digits, in groups of three where they are written so. */
static gsize whole_length(const gchar *text) {
  gsize length = digits_at(text);
  while (length > 0 && (text[length] == ',' || text[length] == '_') &&
         digits_at(text + length + 1) == 3)
    length += 4;
  return length;
}

static gsize number_length(const gchar *text, TokenKind *kind) {
  gsize length = *text == '-' || *text == '+' ? 1 : 0;
  gsize whole = whole_length(text + length);
  *kind = TOKEN_WHOLE;
  if (whole == 0)
    return 0;
  length += whole;
  if (text[length] == '.' && g_ascii_isdigit(text[length + 1])) {
    length += 1 + digits_at(text + length + 1);
    *kind = TOKEN_FRACTION;
  }
  if (text[length] == 'e' || text[length] == 'E') {
    gsize sign = text[length + 1] == '-' || text[length + 1] == '+';
    gsize digits = digits_at(text + length + 1 + sign);
    if (digits > 0 && !is_word_char(text[length + 1 + sign + digits])) {
      length += 1 + sign + digits;
      *kind = TOKEN_FRACTION;
    }
  }
  return length;
}

static gsize token_length(const gchar *line, const gchar *at, TokenKind *kind) {
  gboolean in_word = at > line && is_word_char(at[-1]) && !g_ascii_isdigit(at[-1]);
  if (at[0] == '0' && at[1] == 'x' && strspn(at + 2, "0123456789abcdefABCDEF") >= 6) {
    *kind = TOKEN_ADDRESS;
    return 2 + strspn(at + 2, "0123456789abcdefABCDEF");
  }
  /* A sign belongs to its number where nothing stands before it. */
  gboolean may_sign = at == line || strchr(" ([{=:,\t", at[-1]) != NULL;
  if ((g_ascii_isdigit(*at) && !in_word) || ((*at == '-' || *at == '+') && may_sign)) {
    gsize length = number_length(at, kind);
    if (length > 0)
      return length;
  }
  gsize length = 0;
  *kind = is_word_char(*at) ? TOKEN_WORD : TOKEN_SIGN;
  while (is_word_char(at[length]))
    length++;
  return MAX(length, 1);
}

static GArray *line_tokens(const gchar *line) {
  GArray *tokens = g_array_new(FALSE, FALSE, sizeof(Token));
  for (const gchar *at = line; *at != '\0';) {
    Token token = {.start = at};
    token.length = token_length(line, at, &token.kind);
    g_array_append_val(tokens, token);
    at += token.length;
  }
  return tokens;
}

gchar *line_shape(const gchar *line, Shape shape) {
  if (shape == SHAPE_EXACT)
    return g_strdup(line);
  GString *text = g_string_new(NULL);
  g_autoptr(GArray) tokens = line_tokens(line);
  for (guint i = 0; i < tokens->len; i++) {
    const Token *token = &g_array_index(tokens, Token, i);
    if (token->kind == TOKEN_ADDRESS)
      g_string_append_c(text, '\2');
    else if (token->kind == TOKEN_FRACTION || (shape == SHAPE_LOOSER && token->kind == TOKEN_WHOLE))
      g_string_append_c(text, '\1');
    else
      g_string_append_len(text, token->start, (gssize)token->length);
  }
  return g_string_free(text, FALSE);
}

/* --- names ----------------------------------------------------------------------- */

static gchar *name_free_one(Naming *naming, const gchar *base, gboolean always_numbered) {
  for (guint i = 1;; i++) {
    gchar *name = i == 1 && !always_numbered ? g_strdup(base) : g_strdup_printf("%s%u", base, i);
    if (g_hash_table_add(naming->taken, g_strdup(name)))
      return name;
    g_free(name);
  }
}

/* "sequential_time" of "Sequential time: ", NULL where no label stands there. */
static gchar *label_before(const gchar *line, const gchar *at) {
  const gchar *end = at;
  while (end > line && end[-1] == ' ')
    end--;
  if (end == line || (end[-1] != ':' && end[-1] != '='))
    return NULL;
  end--;
  while (end > line && end[-1] == ' ')
    end--;
  const gchar *start = end;
  guint words = 0;
  while (start > line && words < LABEL_WORDS) {
    const gchar *word = start;
    while (word > line && (g_ascii_isalnum(word[-1]) || word[-1] == '_'))
      word--;
    if (word == start || !g_ascii_isalpha(*word))
      break;
    start = word;
    words++;
    if (start == line || start[-1] != ' ' || start == line + 1)
      break;
    if (!g_ascii_isalnum(start[-2]) && start[-2] != '_')
      break;
    if (words < LABEL_WORDS)
      start--;
  }
  while (start < end && *start == ' ')
    start++;
  if (start == end || end - start > LABEL_MAX || !g_ascii_isalpha(*start))
    return NULL;
  g_autofree gchar *label = g_strndup(start, (gsize)(end - start));
  g_strdelimit(label, " ", '_');
  return g_ascii_strdown(label, -1);
}

/* TRUE where a unit of time stands behind a number. */
static gboolean is_time(const gchar *behind) {
  static const gchar *const units[] = {"s",    "sec", "secs", "second",       "seconds",      "ms",
                                       "msec", "us",  "ns",   "milliseconds", "microseconds", NULL};
  behind += *behind == ' ';
  gsize length = 0;
  while (is_word_char(behind[length]))
    length++;
  g_autofree gchar *word = g_strndup(behind, length);
  return g_strv_contains(units, word);
}

/* --- the line --------------------------------------------------------------------- */

typedef struct {
  gchar *const *variants;
  guint count;
  GArray **tokens; /* of each variant */
  Naming *naming;
  GString *text;
  GString *literal; /* that was not written to text yet */
} Proposing;

static void write_literal(Proposing *proposing, gboolean before_matcher) {
  g_autofree gchar *escaped = pattern_escape_part(proposing->literal->str, before_matcher);
  g_string_append(proposing->text, escaped);
  g_string_truncate(proposing->literal, 0);
}

static void write_matcher(Proposing *proposing, const gchar *name, const gchar *type) {
  write_literal(proposing, TRUE);
  g_string_append_printf(proposing->text, "{%s:%s}", name, type);
}

/* The tokens at one place, `from_end` counted from the last ones. */
static const Token *token_at(const Proposing *proposing, guint variant, guint index,
                             gboolean from_end) {
  const GArray *tokens = proposing->tokens[variant];
  return &g_array_index(tokens, Token, from_end ? tokens->len - 1 - index : index);
}

/* Whether they are the same, or all numbers, or all addresses. */
static gboolean are_alike(const Proposing *proposing, guint index, gboolean from_end) {
  const Token *first = token_at(proposing, 0, index, from_end);
  for (guint i = 1; i < proposing->count; i++) {
    const Token *token = token_at(proposing, i, index, from_end);
    gboolean is_same =
        token->length == first->length && strncmp(token->start, first->start, token->length) == 0;
    if (!is_same && !(is_number(token) && is_number(first)) &&
        !(token->kind == TOKEN_ADDRESS && first->kind == TOKEN_ADDRESS))
      return FALSE;
  }
  return TRUE;
}

static const gchar *number_type(const Proposing *proposing, guint index, gboolean from_end) {
  guint wholes = 0;
  gboolean is_signed = FALSE;
  for (guint i = 0; i < proposing->count; i++) {
    const Token *token = token_at(proposing, i, index, from_end);
    wholes += token->kind == TOKEN_WHOLE;
    is_signed = is_signed || !g_ascii_isdigit(*token->start);
  }
  const Token *first = token_at(proposing, 0, index, from_end);
  if (!is_signed && is_time(first->start + first->length))
    return "seconds";
  return wholes == proposing->count ? "int" : wholes == 0 ? "float" : "number";
}

/* What a number is in all runs, where it is too large to be the same by accident; NULL. */
static gchar *large_number(const Proposing *proposing, guint index, gboolean from_end) {
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < proposing->count; i++) {
    const Token *token = token_at(proposing, i, index, from_end);
    if (token->kind != TOKEN_WHOLE || token->length < LARGE_DIGITS)
      return NULL;
    g_string_append_printf(all, "%.*s ", (int)token->length, token->start);
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

static void propose_number(Proposing *proposing, guint index, gboolean from_end) {
  const gchar *type = number_type(proposing, index, from_end);
  gboolean is_seconds = g_str_equal(type, "seconds");
  if (proposing->naming->is_bare) {
    write_matcher(proposing, "", type);
    return;
  }
  const Token *first = token_at(proposing, 0, index, from_end);
  g_autofree gchar *large = large_number(proposing, index, from_end);
  const gchar *known = large != NULL ? g_hash_table_lookup(proposing->naming->large, large) : NULL;
  if (known != NULL) {
    write_matcher(proposing, known, type);
    return;
  }
  g_autofree gchar *label = label_before(proposing->variants[0], first->start);
  const gchar *base = label != NULL ? label : is_seconds ? "time" : "n";
  g_autofree gchar *name = name_free_one(proposing->naming, base, label == NULL);
  write_matcher(proposing, name, type);
  if (large != NULL)
    g_hash_table_insert(proposing->naming->large, g_steal_pointer(&large), g_steal_pointer(&name));
}

static void propose_token(Proposing *proposing, guint index, gboolean from_end) {
  const Token *first = token_at(proposing, 0, index, from_end);
  gboolean varies = FALSE;
  for (guint i = 1; i < proposing->count; i++) {
    const Token *token = token_at(proposing, i, index, from_end);
    varies = varies || token->length != first->length ||
             strncmp(token->start, first->start, token->length) != 0;
  }
  gboolean is_object = first->kind == TOKEN_ADDRESS && first->start >= proposing->variants[0] + 3 &&
                       strncmp(first->start - 3, "at ", 3) == 0;
  gboolean is_measured = proposing->naming->is_timed && first->kind == TOKEN_FRACTION &&
                         g_ascii_isdigit(*first->start) && is_time(first->start + first->length);
  if (first->kind == TOKEN_ADDRESS && (varies || is_object))
    write_matcher(proposing, "", "address");
  else if (is_number(first) && (varies || is_measured))
    propose_number(proposing, index, from_end);
  else
    g_string_append_len(proposing->literal, first->start, (gssize)first->length);
}

gchar *propose_line(gchar *const *variants, guint count, Naming *naming) {
  g_autofree GArray **tokens = g_new0(GArray *, count);
  Proposing proposing = {.variants = variants,
                         .count = count,
                         .tokens = tokens,
                         .naming = naming,
                         .text = g_string_new(NULL),
                         .literal = g_string_new(NULL)};
  guint fewest = G_MAXUINT;
  gboolean same_count = TRUE;
  for (guint i = 0; i < count; i++) {
    tokens[i] = line_tokens(variants[i]);
    fewest = MIN(fewest, tokens[i]->len);
    same_count = same_count && tokens[i]->len == tokens[0]->len;
  }
  guint before = 0, behind = 0;
  while (before < fewest && are_alike(&proposing, before, FALSE))
    before++;
  while (before + behind < fewest && are_alike(&proposing, behind, TRUE))
    behind++;
  for (guint i = 0; i < before; i++)
    propose_token(&proposing, i, FALSE);
  if (!same_count || before < fewest)
    write_matcher(&proposing, "", "text");
  for (guint i = behind; i > 0; i--)
    propose_token(&proposing, i - 1, TRUE);
  if (proposing.text->len == 0) { /* the whole line is plain */
    g_autofree gchar *escaped = pattern_escape(proposing.literal->str);
    g_string_append(proposing.text, escaped);
  } else {
    write_literal(&proposing, FALSE);
  }
  for (guint i = 0; i < count; i++)
    g_array_unref(tokens[i]);
  g_string_free(proposing.literal, TRUE);
  return g_string_free(proposing.text, FALSE);
}
