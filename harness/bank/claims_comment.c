#include "bank/claims_comment.h"

#include <string.h>

#include "bank/python_tokens.h"
#include "bank/value.h"

typedef struct {
  const gchar *at;
  gsize size;
} Piece;

static Piece strip(const gchar *text, gsize size) {
  while (size > 0 && g_ascii_isspace(*text)) {
    text++;
    size--;
  }
  while (size > 0 && g_ascii_isspace(text[size - 1]))
    size--;
  return (Piece){text, size};
}

static gboolean begins(Piece piece, const gchar *word) {
  if (piece.size == 0 || piece.at[0] != word[0])
    return FALSE;
  gsize length = strlen(word);
  return piece.size >= length && memcmp(piece.at, word, length) == 0;
}

static Reading no_claim(const gchar *reason) {
  return (Reading){.reason = reason};
}

static gboolean is_for_tools(Piece text) {
  static const gchar *const marks[] = {"type:", "noqa",   "pylint:", "mypy:",   "pragma:",
                                       "fmt:",  "isort:", "TODO",    "FIXME",   "XXX",
                                       "-*-",   "ruff:",  "nosec",   "pyright:"};
  for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
    if (begins(text, marks[i]))
      return TRUE;
  return FALSE;
}

/* "(1)", "1.", "1)", "1. Create it": steps, not values. */
static gboolean is_step(Piece text) {
  gsize at = 0;
  if (at < text.size && text.at[at] == '(')
    at++;
  gsize digits = at;
  while (at < text.size && g_ascii_isdigit(text.at[at]))
    at++;
  if (at == digits || at - digits > 2 || at == text.size)
    return FALSE;
  if (digits == 1)
    return text.at[at] == ')' && (at + 1 == text.size || text.at[at + 1] == ' ');
  return (text.at[at] == '.' || text.at[at] == ')') &&
         (at + 1 == text.size || text.at[at + 1] == ' ');
}

/* Where prose is set apart from the value before it: "(", "-" and a word, "<-". */
static gboolean is_set_apart(Piece rest, gboolean *is_arithmetic) {
  static const gchar *const dashes[] = {"\xe2\x80\x94", "\xe2\x80\x93", "--",          "-",
                                        "<-",           "\xe2\x86\x90", ";",           "//",
                                        "=>",           "->",           "\xe2\x86\x92"};
  static const gchar *const words[] = {"because", "since", "as ", "thanks", "due "};
  *is_arithmetic = FALSE;
  if (rest.size == 0)
    return TRUE;
  if (rest.at[0] == '(' || rest.at[0] == '#' || rest.at[0] == '!' || rest.at[0] == '.')
    return TRUE;
  if (rest.at[0] == ',' || rest.at[0] == ':')
    return rest.size > 2 && rest.at[1] == ' ' && g_ascii_isalpha(rest.at[2]);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (begins(rest, words[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(dashes); i++) {
    if (!begins(rest, dashes[i]))
      continue;
    Piece behind = strip(rest.at + strlen(dashes[i]), rest.size - strlen(dashes[i]));
    /* "5 - 3" and "5 - x" are sums; "5 - the third" is not. */
    gboolean is_prose = behind.size > 2 && memchr(behind.at, ' ', behind.size) != NULL &&
                        !g_ascii_isdigit(behind.at[0]) &&
                        memchr(behind.at, '=', behind.size) == NULL;
    if (strcmp(dashes[i], "-") != 0)
      return behind.size > 0;
    *is_arithmetic = !is_prose && behind.size > 0;
    return is_prose || (behind.size > 2 && g_ascii_isalpha(behind.at[0]) &&
                        g_ascii_isalpha(behind.at[1]) && !*is_arithmetic);
  }
  return FALSE;
}

static gboolean goes_on_as_expression(Piece rest) {
  static const gchar *const signs[] = {
      "+", "*", "/",    "%",   "==",  "!=",  "<=",   ">=",  "< ",   "> ", "=",       "^",
      "|", "&", "and ", "or ", "in ", "is ", "not ", "if ", "for ", "[",  "\xc3\x97"};
  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    if (begins(rest, signs[i]) && !begins(rest, "=>"))
      return TRUE;
  return FALSE;
}

/* Several values with commas between them, all of it: 1, 'a'. */
static gboolean is_bare_tuple(Piece text, gboolean *has_dots) {
  guint values = 0;
  while (text.size > 0) {
    gboolean dots = FALSE;
    gsize length = value_length(text.at, text.size, NULL, &dots);
    if (length == 0)
      return FALSE;
    values++;
    *has_dots = *has_dots || dots;
    text = strip(text.at + length, text.size - length);
    if (text.size == 0)
      break;
    /* 1,000 is one number to an author. */
    if (text.at[0] != ',' || (text.size > 1 && text.at[1] != ' '))
      return FALSE;
    text = strip(text.at + 1, text.size - 1);
  }
  return values > 1;
}

static gchar *copy(Piece piece) {
  return g_strndup(piece.at, piece.size);
}

/* "5 -> 6": what goes in and what comes out, or before and after. */
static gboolean leads_to_value(Piece rest) {
  static const gchar *const arrows[] = {"->", "=>", "\xe2\x86\x92", "\xe2\x87\x92"};
  for (gsize i = 0; i < G_N_ELEMENTS(arrows); i++)
    if (begins(rest, arrows[i])) {
      Piece behind = strip(rest.at + strlen(arrows[i]), rest.size - strlen(arrows[i]));
      return value_length(behind.at, behind.size, NULL, NULL) > 0;
    }
  return FALSE;
}

/* "3! is 6", "2: the second way". */
static gboolean is_factorial_or_number(Piece rest) {
  return rest.size > 2 && (rest.at[0] == '!' || rest.at[0] == ':') && rest.at[1] == ' ' &&
         g_ascii_isalpha(rest.at[2]);
}

/* "3.8 (walrus)" may be about a version of Python. */
static gboolean is_python_version(Piece text, gsize length) {
  return (length == 3 || length == 4) && (text.at[0] == '2' || text.at[0] == '3') &&
         text.at[1] == '.' && g_ascii_isdigit(text.at[2]) && g_ascii_isdigit(text.at[length - 1]);
}

/* A value, or a value and prose. rule is what a lone value is read as. */
static Reading read_value(Piece text, ClaimRule rule, gboolean is_output) {
  ValueKind kind;
  gboolean has_dots = FALSE, is_arithmetic = FALSE;
  gsize length = value_length(text.at, text.size, &kind, &has_dots);
  gboolean is_tuple = length > 0 && length < text.size && is_bare_tuple(text, &has_dots);
  if (is_tuple)
    length = text.size;
  if (length == 0)
    return no_claim("prose");

  Piece rest = strip(text.at + length, text.size - length);
  Reading reading = {.is_claim = TRUE, .rule = rule};
  reading.expected = copy((Piece){text.at, length});
  reading.is_whole = rest.size == 0;
  reading.is_integer = reading.is_whole && !is_tuple && kind == VALUE_INTEGER;
  if (kind == VALUE_TRUTH && !is_tuple && rule == CLAIM_LITERAL)
    reading.rule = CLAIM_TRUTH;
  if (rest.size == 0) {
    reading.is_clear = TRUE;
    if (has_dots)
      reading.cautious = g_strdup("hedged: '...'");
    else if (text.at[0] == '+')
      reading.cautious = g_strdup("a sign that Python does not show");
    return reading;
  }
  if (length < text.size && !g_ascii_isspace(text.at[length]) && strchr("%/:.", text.at[length]) &&
      length + 1 < text.size && !g_ascii_isspace(text.at[length + 1])) {
    reading_clear(&reading);
    return no_claim("prose");
  }
  reading.is_clear = is_set_apart(rest, &is_arithmetic);
  if (rest.at[0] == '!' && begins(strip(rest.at + 1, rest.size - 1), "="))
    is_arithmetic = TRUE; /* "5! = 120" */
  if (is_arithmetic || goes_on_as_expression(rest)) {
    reading_clear(&reading);
    return no_claim("an expression, not a value");
  }
  if (reading.rule == CLAIM_LITERAL)
    reading.rule = CLAIM_PROSE;
  reading.cautious = has_dots ? g_strdup("hedged: '...'")
                              : hedge_find(rest.at, rest.size, is_output && reading.is_clear);
  if (reading.cautious == NULL &&
      (!reading.is_clear || leads_to_value(rest) ||
       (kind == VALUE_INTEGER && is_factorial_or_number(rest)) || is_python_version(text, length)))
    reading.cautious = g_strdup("prose follows the value");
  return reading;
}

/* "prints 3", "this will print 3", "evaluates to True": length with blanks. */
static gsize verb_length(Piece text, gboolean *says_output) {
  static const gchar *const lead[] = {"this ",  "it ",  "will ", "would ", "which ", "also ",
                                      "still ", "now ", "This ", "It ",    "Will "};
  static const struct {
    const gchar *word;
    gboolean says_output;
  } verbs[] = {
      {"prints ", TRUE},     {"print ", TRUE},     {"outputs ", TRUE},       {"returns ", FALSE},
      {"return ", FALSE},    {"gives ", FALSE},    {"evaluates to ", FALSE}, {"displays ", TRUE},
      {"shows ", TRUE},      {"output ", TRUE},    {"yields ", FALSE},       {"equals ", FALSE},
      {"result is ", FALSE}, {"output is ", TRUE}, {"results in ", FALSE},
  };
  gsize at = 0;
  gboolean again = TRUE;
  while (again) {
    again = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(lead); i++)
      if (begins((Piece){text.at + at, text.size - at}, lead[i])) {
        at += strlen(lead[i]);
        again = TRUE;
      }
  }
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
    if (at == text.size || (text.at[at] | 0x20) != verbs[i].word[0])
      continue;
    gsize length = strlen(verbs[i].word);
    if (text.size - at > length && g_ascii_strncasecmp(text.at + at, verbs[i].word, length) == 0) {
      *says_output = verbs[i].says_output;
      return at + length;
    }
  }
  return 0;
}

static Reading read_labelled(Piece text, gsize label, gboolean says_output) {
  Piece value = strip(text.at + label, text.size - label);
  if (value.size == 0)
    return (Reading){.is_label = TRUE, .says_output = says_output, .reason = "a label alone"};
  const gchar *name;
  gchar *cautious = NULL;
  Reading reading = read_value(value, CLAIM_LABEL, says_output);
  if (!reading.is_claim) {
    gsize length = exception_claimed(value.at, value.size, &name, &cautious);
    if (length > 0 && name == value.at)
      return (Reading){.is_claim = TRUE,
                       .rule = CLAIM_EXCEPTION,
                       .expected = g_strndup(name, length),
                       .cautious = cautious,
                       .is_clear = TRUE,
                       .says_output = says_output};
    g_free(cautious);
    reading = (Reading){.is_claim = TRUE,
                        .rule = CLAIM_LABEL,
                        .expected = copy(value),
                        .is_clear = TRUE,
                        .cautious = hedge_find(value.at, value.size, FALSE)};
  }
  reading.says_output = says_output;
  return reading;
}

/* "~3", "about 3": length of what stands before the number. */
static gsize hedge_length(Piece text) {
  static const gchar *const hedges[] = {"~",       "\xe2\x89\x88",   "about ",   "approx. ",
                                        "approx ", "approximately ", "roughly ", "around ",
                                        "ca. ",    "nearly ",        "almost "};
  for (gsize i = 0; i < G_N_ELEMENTS(hedges); i++) {
    gsize length = strlen(hedges[i]);
    if (text.size <= length || (text.at[0] | 0x20) != (hedges[i][0] | 0x20) ||
        g_ascii_strncasecmp(text.at, hedges[i], length) != 0)
      continue;
    Piece value = strip(text.at + length, text.size - length);
    gboolean is_number = value.size > 0 &&
                         (g_ascii_isdigit(value.at[0]) || value.at[0] == '-' || value.at[0] == '.');
    return is_number || !g_ascii_isalpha(hedges[i][0]) ? length : 0;
  }
  return 0;
}

Reading comment_read(const gchar *bytes, gsize size) {
  if (size > 0 && bytes[0] == '>') {
    gsize skip = size > 1 && bytes[1] == ' ' ? 2 : 1;
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_ARROW,
                     .expected = g_strndup(bytes + skip, size - skip),
                     .is_clear = TRUE,
                     .is_whole = TRUE};
  }
  Piece text = strip(bytes, size);
  if (text.size > 1 && text.at > bytes && text.at[0] == '#' && g_ascii_isdigit(text.at[1]))
    return no_claim("numbers a step");
  while (text.size > 0 && text.at[0] == '#')
    text = strip(text.at + 1, text.size - 1);
  if (text.size > 2 && text.at[0] == '`' && text.at[text.size - 1] == '`' &&
      memchr(text.at + 1, '`', text.size - 2) == NULL)
    text = (Piece){text.at + 1, text.size - 2};
  if (text.size == 0)
    return no_claim("empty");
  if (is_for_tools(text))
    return no_claim("a note to tools");
  if (is_step(text))
    return no_claim("numbers a step");

  gboolean says_output = FALSE;
  gsize label = label_length(text.at, text.size, &says_output);
  if (label > 0)
    return read_labelled(text, label, says_output);

  const gchar *name = NULL;
  gchar *cautious = NULL;
  gsize length = exception_claimed(text.at, text.size, &name, &cautious);
  if (length > 0)
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_EXCEPTION,
                     .expected = g_strndup(name, length),
                     .cautious = cautious,
                     .is_clear = TRUE};

  gsize sign = hedge_length(text);
  if (sign > 0) {
    Piece value = strip(text.at + sign, text.size - sign);
    Reading reading = read_value(value, CLAIM_LITERAL, FALSE);
    if (reading.is_claim) {
      /* With its sign, which says how it is to be compared. */
      g_free(reading.cautious);
      reading.cautious = g_strdup("approximate");
      g_autofree gchar *bare = reading.expected;
      reading.expected = copy((Piece){text.at, (gsize)(value.at - text.at) + strlen(bare)});
      return reading;
    }
    if (!g_ascii_isalpha(text.at[0]))
      return reading;
  }

  gsize verb = verb_length(text, &says_output);
  if (verb > 0) {
    Reading reading = read_value(strip(text.at + verb, text.size - verb), CLAIM_VERB, FALSE);
    if (reading.is_claim) {
      if (!reading.is_whole && reading.cautious == NULL)
        reading.cautious = g_strdup("prose follows the value");
      reading.says_output = says_output;
      return reading;
    }
    return (Reading){.is_claim = TRUE,
                     .rule = CLAIM_VERB,
                     .expected = copy(strip(text.at + verb, text.size - verb)),
                     .cautious = g_strdup("says it in words"),
                     .says_output = says_output};
  }

  Reading reading = read_value(text, CLAIM_LITERAL, FALSE);
  if (reading.is_claim)
    return reading;
  return (Reading){.is_claim = TRUE,
                   .rule = CLAIM_TEXT,
                   .expected = copy(text),
                   .cautious = hedge_find(text.at, text.size, FALSE)};
}

/* "is", "increases to", "drops back to": length with blanks; 0 for no such verb. */
static gsize change_length(Piece text) {
  static const gchar *const changes[] = {"climbs", "decreases", "drops", "falls",  "goes",
                                         "grows",  "increases", "rises", "shrinks"};
  static const gchar *const states[] = {"becomes ", "equals ",  "is now ", "is still ",
                                        "is ",      "remains ", "stays "};
  for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
    if (begins(text, states[i]))
      return strlen(states[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    gsize length = strlen(changes[i]);
    if (!begins(text, changes[i]))
      continue;
    static const gchar *const ways[] = {" to ", " back to ", " down to ", " up to "};
    for (gsize k = 0; k < G_N_ELEMENTS(ways); k++)
      if (begins((Piece){text.at + length, text.size - length}, ways[k]))
        return length + strlen(ways[k]);
  }
  return 0;
}

Reading comment_states(const gchar *bytes, gsize size) {
  Piece text = strip(bytes, size);
  for (guint words = 0; words < 4 && text.size > 0; words++) {
    gsize length = words > 0 ? change_length(text) : 0;
    if (length > 0) {
      Reading reading = read_value(strip(text.at + length, text.size - length), CLAIM_VERB, FALSE);
      if (reading.is_claim && reading.is_clear) {
        reading.is_whole = TRUE;
        if (reading.cautious == NULL)
          reading.cautious = g_strdup("says it in words");
        return reading;
      }
      reading_clear(&reading);
      return no_claim("prose");
    }
    gsize word = 0;
    while (word < text.size && (g_ascii_isalpha(text.at[word]) || text.at[word] == '_'))
      word++;
    if (word == 0 || word == text.size || text.at[word] != ' ')
      break;
    text = strip(text.at + word, text.size - word);
  }
  return no_claim("prose");
}

void reading_clear(Reading *reading) {
  g_clear_pointer(&reading->expected, g_free);
  g_clear_pointer(&reading->cautious, g_free);
}

/* --- commented-out code ---------------------------------------------------- */

/* Reprs that look like a call of a function with a small initial. */
static gboolean is_repr_name(const gchar *name, gsize length) {
  static const gchar *const names[] = {"range",      "set",          "frozenset",    "deque",
                                       "dict_keys",  "dict_values",  "dict_items",   "bytearray",
                                       "array",      "defaultdict",  "mappingproxy", "slice",
                                       "odict_keys", "odict_values", "odict_items",  "count",
                                       "datetime",   "namespace",    "complex",      "collections"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
      return TRUE;
  return g_ascii_isupper(name[0]);
}

gboolean comment_is_code(const gchar *bytes, gsize size) {
  static const gchar *const openers[] = {"for ",   "if ",   "while ", "with ", "def ",
                                         "class ", "elif ", "else:",  "try:",  "except"};
  static const gchar *const others[] = {"import ", "del ", "@"};
  Piece text = strip(bytes, size);
  if (text.size == 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(openers); i++)
    if (begins(text, openers[i]) && text.at[text.size - 1] == ':')
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    if (begins(text, others[i]) &&
        memchr(text.at + strlen(others[i]), ' ', text.size - strlen(others[i])) == NULL)
      return TRUE;
  if (begins(text, ">>>"))
    return TRUE;

  PythonScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END};
  guint position = 0, names_running = 0;
  gboolean has_call = FALSE, is_value = value_length(text.at, text.size, NULL, NULL) == text.size;
  PythonToken first = {0};
  python_scanner_init(&scanner, text.at, text.size);
  while (python_scanner_next(&scanner, &token) && token.kind != TOKEN_NEWLINE) {
    if (token.kind == TOKEN_COMMENT)
      return position > 1 && names_running < 2; /* code with a comment of its own */
    if (token.kind == TOKEN_ERROR)
      return FALSE;
    if (position++ == 0)
      first = token;
    /* Two words in a row outside brackets: prose, but for keywords. */
    if (token.kind == TOKEN_NAME && before.kind == TOKEN_NAME &&
        !python_is_keyword(token.start, token.length) &&
        !python_is_keyword(before.start, before.length))
      names_running = 2;
    if (names_running >= 2 && scanner.depth == 0)
      return FALSE;
    if (token.kind == TOKEN_OPERATOR && token.start[0] == '(' && before.kind == TOKEN_NAME &&
        before.start + before.length == token.start)
      has_call = TRUE;
    if (token.kind == TOKEN_OPERATOR && scanner.depth == 0 && first.kind == TOKEN_NAME &&
        token.start[token.length - 1] == '=' &&
        !(token.length == 2 && strchr("=!<>", token.start[0])))
      return TRUE;
    before = token;
  }
  if (!has_call || first.kind != TOKEN_NAME || before.kind != TOKEN_OPERATOR ||
      before.start[0] != ')')
    return FALSE;
  if (first.start != text.at)
    return FALSE;
  return !(is_value && is_repr_name(first.start, first.length));
}
