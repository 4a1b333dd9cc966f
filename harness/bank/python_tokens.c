#include "bank/python_tokens.h"

#include <string.h>

/* What a byte can be; none of it beyond ASCII. Every byte of every source is looked
 * at several times, so that a table pays where a row of comparisons does not. */
enum {
  BLANK = 1 << 0,    /* between tokens */
  LETTER = 1 << 1,   /* begins a name */
  DIGIT = 1 << 2,    /* goes on with one */
  SIGN = 1 << 3,     /* an operator by itself */
  JOINED = 1 << 4,   /* begins an operator, perhaps together with what follows */
  IN_STRING = 1 << 5 /* ends a string, perhaps, or a line of it, or escapes */
};
enum { B = BLANK, L = LETTER, D = DIGIT, S = SIGN, J = JOINED, Q = IN_STRING };

static const guint8 byte_kinds[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, B, Q, B, B, B, 0, 0, /* tab, LF, VT, FF, CR */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* */
    B, J, Q, 0, 0, J, J, Q, S, S, J, J, S, J, J, J, /*  !"#$%&'()*+,-./ */
    D, D, D, D, D, D, D, D, D, D, J, S, J, J, J, 0, /* 0123456789:;<=>? */
    J, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* @ABCDEFGHIJKLMNO */
    L, L, L, L, L, L, L, L, L, L, L, S, Q, S, J, L, /* PQRSTUVWXYZ[\]^_ */
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* `abcdefghijklmno */
    L, L, L, L, L, L, L, L, L, L, L, S, J, S, J, 0, /* pqrstuvwxyz{|}~ */
};

static gboolean byte_is(gchar byte, guint kinds) {
  return (byte_kinds[(guchar)byte] & kinds) != 0;
}

gboolean python_is_keyword(const gchar *word, gsize length) {
  /* By their length, so that a word is compared with few of them. */
  static const gchar *const keywords[] = {
      [2] = "as if in is or",
      [3] = "and def del for not try",
      [4] = "None True elif else from pass with",
      [5] = "False async await break class raise while yield",
      [6] = "assert except global import lambda return",
      [7] = "finally",
      [8] = "continue nonlocal",
  };
  if (length < 2 || length >= G_N_ELEMENTS(keywords))
    return FALSE;
  for (const gchar *at = keywords[length];; at += length + 1) {
    if (at[0] == word[0] && memcmp(at, word, length) == 0)
      return TRUE;
    if (at[length] == '\0')
      return FALSE;
  }
}

void python_scanner_init(PythonScanner *scanner, const gchar *source, gsize size) {
  *scanner = (PythonScanner){.at = source, .end = source + size, .line_start = source, .line = 1};
}

static gchar char_at(const PythonScanner *scanner, gsize offset) {
  return offset < (gsize)(scanner->end - scanner->at) ? scanner->at[offset] : '\0';
}

/* Bytes of the character beyond ASCII at a place, 0 where it cannot stand in a
 * name. */
static gsize wide_char_length(const gchar *at, const gchar *end, gboolean is_first) {
  gunichar character = g_utf8_get_char_validated(at, end - at);
  if (character >= (gunichar)-2)
    return 0;
  if (g_unichar_isalpha(character) ||
      (!is_first && (g_unichar_isalnum(character) || g_unichar_ismark(character))))
    return (gsize)g_unichar_to_utf8(character, NULL);
  return 0;
}

static gsize name_length(const PythonScanner *scanner) {
  const gchar *at = scanner->at, *end = scanner->end;
  if (!byte_is(*at, LETTER) && (guchar)*at < 0x80)
    return 0;
  for (;;) {
    while (at < end && byte_is(*at, LETTER | DIGIT))
      at++;
    if (at == end)
      break;
    gsize length = (guchar)*at >= 0x80 ? wide_char_length(at, end, at == scanner->at) : 0;
    if (length == 0)
      break;
    at += length;
  }
  return (gsize)(at - scanner->at);
}

static gsize number_length(const PythonScanner *scanner) {
  gsize length = 0;
  if (char_at(scanner, 0) == '0' && strchr("xXoObB", char_at(scanner, 1)) != NULL &&
      char_at(scanner, 1) != '\0') {
    length = 2;
    while (g_ascii_isalnum(char_at(scanner, length)) || char_at(scanner, length) == '_')
      length++;
    return length;
  }
  gboolean has_point = FALSE;
  for (;; length++) {
    gchar next = char_at(scanner, length);
    if (next == '.' && !has_point)
      has_point = TRUE;
    else if (!g_ascii_isdigit(next) && next != '_')
      break;
  }
  if (char_at(scanner, length) == 'e' || char_at(scanner, length) == 'E') {
    gchar sign = char_at(scanner, length + 1);
    gsize digits = length + (sign == '+' || sign == '-' ? 2 : 1);
    if (g_ascii_isdigit(char_at(scanner, digits))) {
      length = digits;
      while (g_ascii_isdigit(char_at(scanner, length)) || char_at(scanner, length) == '_')
        length++;
    }
  }
  if (char_at(scanner, length) == 'j' || char_at(scanner, length) == 'J')
    length++;
  return length;
}

/* The whole string that begins at offset with its quote; lines are counted. */
static gsize string_length(PythonScanner *scanner, gsize offset) {
  const gchar *at = scanner->at + offset;
  gchar quote = *at;
  gboolean is_triple =
      char_at(scanner, offset + 1) == quote && char_at(scanner, offset + 2) == quote;
  at += is_triple ? 3 : 1;
  while (at < scanner->end) {
    if (!byte_is(*at, IN_STRING)) {
      at++;
      continue;
    }
    if (*at == '\\' && at + 1 < scanner->end) {
      at++;
      if (*at == '\r' && at + 1 < scanner->end && at[1] == '\n')
        at++;
    } else if (*at == quote) {
      if (!is_triple)
        return (gsize)(at + 1 - scanner->at);
      if (scanner->end - at >= 3 && at[1] == quote && at[2] == quote)
        return (gsize)(at + 3 - scanner->at);
    } else if (*at == '\n' && !is_triple) {
      break;
    }
    if (*at == '\n') {
      scanner->line++;
      scanner->line_start = at + 1;
    }
    at++;
  }
  return (gsize)(at - scanner->at);
}

/* 0 where no operator begins. */
static gsize operator_length(const PythonScanner *scanner) {
  gchar first = *scanner->at;
  if (!byte_is(first, JOINED))
    return byte_is(first, SIGN) ? 1 : 0;
  gchar second = char_at(scanner, 1), third = char_at(scanner, 2);
  if (first == '.')
    return second == '.' && third == '.' ? 3 : 1;
  if (first == second && (first == '*' || first == '/' || first == '<' || first == '>'))
    return third == '=' ? 3 : 2;
  if (second == '=' && strchr("+-*/%@&|^<>=!:", first) != NULL)
    return 2;
  if (first == '-' && second == '>')
    return 2;
  return first == '!' ? 0 : 1;
}

static gboolean is_string_prefix(const gchar *word, gsize length) {
  if (length > 2)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (word[i] == '\0' || strchr("rRbBuUfFtT", word[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean is_quote(gchar character) {
  return character == '"' || character == '\'';
}

static gboolean scan(PythonScanner *scanner, PythonToken *token) {
  gchar first = *scanner->at;
  gsize length = byte_is(first, SIGN | JOINED | DIGIT) ? 0 : name_length(scanner);

  if (is_quote(char_at(scanner, length)) && is_string_prefix(scanner->at, length)) {
    token->kind = TOKEN_STRING;
    token->length = string_length(scanner, length);
  } else if (length > 0) {
    token->kind = TOKEN_NAME;
    token->length = length;
  } else if (byte_is(first, DIGIT) || (first == '.' && g_ascii_isdigit(char_at(scanner, 1)))) {
    token->kind = TOKEN_NUMBER;
    token->length = number_length(scanner);
  } else if (first == '#') {
    const gchar *stop = memchr(scanner->at, '\n', (gsize)(scanner->end - scanner->at));
    token->kind = TOKEN_COMMENT;
    token->length = (gsize)((stop != NULL ? stop : scanner->end) - scanner->at);
  } else if ((length = operator_length(scanner)) > 0) {
    token->kind = TOKEN_OPERATOR;
    token->length = length;
    if (first == '(' || first == '[' || first == '{')
      scanner->depth++;
    else if ((first == ')' || first == ']' || first == '}') && scanner->depth > 0)
      scanner->depth--;
  } else {
    gunichar character = g_utf8_get_char_validated(scanner->at, scanner->end - scanner->at);
    token->kind = TOKEN_ERROR;
    token->length =
        first == '\0' || character >= (gunichar)-2 ? 1 : (gsize)g_unichar_to_utf8(character, NULL);
  }
  scanner->at += token->length;
  /* A string that is never closed may take the source's last newline with it. */
  token->last_line = scanner->line - (scanner->at[-1] == '\n');
  token->depth = scanner->depth;
  if (token->kind != TOKEN_COMMENT)
    scanner->in_statement = TRUE;
  return TRUE;
}

gboolean python_scanner_next(PythonScanner *scanner, PythonToken *token) {
  while (scanner->at < scanner->end && byte_is(*scanner->at, BLANK))
    scanner->at++;
  *token = (PythonToken){
      .kind = TOKEN_END,
      .start = scanner->at,
      .line = scanner->line,
      .last_line = scanner->line,
      .column = (guint)(scanner->at - scanner->line_start),
      .depth = scanner->depth,
  };
  if (scanner->at == scanner->end) {
    if (!scanner->in_statement)
      return FALSE;
    scanner->in_statement = FALSE;
    token->kind = TOKEN_NEWLINE;
    return TRUE;
  }

  gsize joint = 0;
  if (*scanner->at == '\\') {
    joint = char_at(scanner, 1) == '\r' ? 2 : 1;
    if (char_at(scanner, joint) != '\n')
      joint = 0;
  }
  if (*scanner->at != '\n' && joint == 0)
    return scan(scanner, token);

  gboolean ends = joint == 0 && scanner->depth == 0 && scanner->in_statement;
  token->kind = ends ? TOKEN_NEWLINE : TOKEN_BREAK;
  token->length = joint + 1;
  if (ends)
    scanner->in_statement = FALSE;
  scanner->at += token->length;
  scanner->line++;
  scanner->line_start = scanner->at;
  return TRUE;
}
