#include "bank/value.h"

#include <string.h>

#define DEPTH_MAX 60

typedef struct {
  const gchar *at, *end;
  guint depth;
  gboolean has_dots;
} Cursor;

static ValueKind scan_value(Cursor *cursor);

static gchar peek(const Cursor *cursor, gsize offset) {
  return offset < (gsize)(cursor->end - cursor->at) ? cursor->at[offset] : '\0';
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static void skip_blanks(Cursor *cursor) {
  while (cursor->at < cursor->end && g_ascii_isspace(*cursor->at))
    cursor->at++;
}

static gsize word_length(const Cursor *cursor) {
  gsize length = 0;
  if (g_ascii_isdigit(peek(cursor, 0)))
    return 0;
  while (is_word(peek(cursor, length)))
    length++;
  return length;
}

static gboolean word_is(const Cursor *cursor, gsize length, const gchar *word) {
  return strlen(word) == length && memcmp(cursor->at, word, length) == 0;
}

static ValueKind scan_number(Cursor *cursor) {
  ValueKind kind = VALUE_INTEGER;
  gsize length = 0;
  if (peek(cursor, 0) == '-' || peek(cursor, 0) == '+')
    length = 1;
  gsize digits = length;
  if (peek(cursor, length) == '0' && peek(cursor, length + 1) != '\0' &&
      strchr("xXoObB", peek(cursor, length + 1)) != NULL) {
    length += 2;
    digits = length;
    while (g_ascii_isxdigit(peek(cursor, length)) || peek(cursor, length) == '_')
      length++;
    if (length == digits)
      return VALUE_NONE;
    cursor->at += length;
    return VALUE_INTEGER;
  }
  while (g_ascii_isdigit(peek(cursor, length)) || (peek(cursor, length) == '_' && length > digits))
    length++;
  gboolean has_digits = length > digits;
  if (peek(cursor, length) == '.' && (has_digits || g_ascii_isdigit(peek(cursor, length + 1)))) {
    kind = VALUE_NUMBER;
    length++;
    while (g_ascii_isdigit(peek(cursor, length)) || peek(cursor, length) == '_')
      length++;
    has_digits = TRUE;
  }
  if (!has_digits)
    return VALUE_NONE;
  if (peek(cursor, length) == 'e' || peek(cursor, length) == 'E') {
    gsize power = length + 1;
    if (peek(cursor, power) == '-' || peek(cursor, power) == '+')
      power++;
    if (g_ascii_isdigit(peek(cursor, power))) {
      kind = VALUE_NUMBER;
      length = power;
      while (g_ascii_isdigit(peek(cursor, length)))
        length++;
    }
  }
  if ((peek(cursor, length) == 'j' || peek(cursor, length) == 'J')) {
    kind = VALUE_NUMBER;
    length++;
  }
  cursor->at += length;
  return kind;
}

/* At the quote. */
static gboolean scan_string(Cursor *cursor) {
  gchar quote = peek(cursor, 0);
  gboolean is_triple = peek(cursor, 1) == quote && peek(cursor, 2) == quote;
  const gchar *at = cursor->at + (is_triple ? 3 : 1);
  for (; at < cursor->end; at++) {
    if (*at == '\\') {
      at++;
    } else if (*at == quote) {
      if (!is_triple) {
        cursor->at = at + 1;
        return TRUE;
      }
      if (cursor->end - at >= 3 && at[1] == quote && at[2] == quote) {
        cursor->at = at + 3;
        return TRUE;
      }
    } else if (*at == '\n' && !is_triple) {
      break;
    }
  }
  return FALSE;
}

/* Behind the opening bracket, to behind the closing one. */
static gboolean scan_items(Cursor *cursor, gchar closing) {
  if (++cursor->depth > DEPTH_MAX)
    return FALSE;
  for (;;) {
    skip_blanks(cursor);
    if (peek(cursor, 0) == closing) {
      cursor->at++;
      cursor->depth--;
      return TRUE;
    }
    if (peek(cursor, 0) == '.' && peek(cursor, 1) == '.' && peek(cursor, 2) == '.') {
      cursor->at += 3;
      cursor->has_dots = TRUE;
    } else {
      gsize length = word_length(cursor);
      gsize equals = length;
      if (length > 0 && closing == ')' && peek(cursor, equals) == '=' &&
          peek(cursor, equals + 1) != '=')
        cursor->at += equals + 1;
      skip_blanks(cursor);
      if (scan_value(cursor) == VALUE_NONE)
        return FALSE;
      /* A complex number: (3+4j). */
      if (peek(cursor, 0) == '+' || peek(cursor, 0) == '-')
        if (scan_number(cursor) == VALUE_NONE)
          return FALSE;
      skip_blanks(cursor);
      if (peek(cursor, 0) == ':' && closing == '}') {
        cursor->at++;
        skip_blanks(cursor);
        if (peek(cursor, 0) == '.' && peek(cursor, 1) == '.') {
          cursor->at += strspn(cursor->at, ".");
          cursor->has_dots = TRUE;
        } else if (scan_value(cursor) == VALUE_NONE) {
          return FALSE;
        }
      }
    }
    skip_blanks(cursor);
    if (peek(cursor, 0) == ',')
      cursor->at++;
    else if (peek(cursor, 0) != closing)
      return FALSE;
  }
}

/* <class 'int'>, <__main__.A object at 0x7f...>; angles may nest. */
static gboolean scan_angle(Cursor *cursor) {
  gchar second = peek(cursor, 1);
  if (!g_ascii_isalpha(second) && second != '_')
    return FALSE;
  guint depth = 0;
  for (const gchar *at = cursor->at; at < cursor->end && *at != '\n'; at++) {
    if (*at == '<') {
      depth++;
    } else if (*at == '>' && at[-1] != '-' && --depth == 0) {
      cursor->at = at + 1;
      return TRUE;
    } else if (*at == '.' && cursor->end - at > 2 && at[1] == '.' && at[2] == '.') {
      cursor->has_dots = TRUE;
    }
  }
  return FALSE;
}

static ValueKind scan_word(Cursor *cursor) {
  gsize length = word_length(cursor);
  gchar after = peek(cursor, length);
  if (after == '\'' || after == '"') {
    if (length > 2 || strspn(cursor->at, "rRbBuU") < length)
      return VALUE_NONE;
    cursor->at += length;
    return scan_string(cursor) ? VALUE_STRING : VALUE_NONE;
  }
  if (word_is(cursor, length, "True") || word_is(cursor, length, "False") ||
      word_is(cursor, length, "None")) {
    cursor->at += length;
    return VALUE_TRUTH;
  }
  if (word_is(cursor, length, "nan") || word_is(cursor, length, "inf")) {
    cursor->at += length;
    return VALUE_NUMBER;
  }
  /* Name(...), module.Name(...) */
  const gchar *begin = cursor->at;
  while (length > 0 && peek(cursor, length) == '.') {
    cursor->at += length + 1;
    length = word_length(cursor);
  }
  if (length > 0 && peek(cursor, length) == '(') {
    cursor->at += length + 1;
    if (scan_items(cursor, ')'))
      return VALUE_CALL;
  }
  cursor->at = begin;
  return VALUE_NONE;
}

static ValueKind scan_value(Cursor *cursor) {
  gchar first = peek(cursor, 0);
  if (first == '\'' || first == '"') {
    if (!scan_string(cursor))
      return VALUE_NONE;
    return VALUE_STRING;
  }
  if (first == '(' || first == '[' || first == '{') {
    cursor->at++;
    return scan_items(cursor, first == '('   ? ')'
                              : first == '[' ? ']'
                                             : '}')
               ? VALUE_CONTAINER
               : VALUE_NONE;
  }
  if (first == '<')
    return scan_angle(cursor) ? VALUE_ANGLE : VALUE_NONE;
  if (g_ascii_isdigit(first) || first == '.' || first == '-' || first == '+') {
    if ((first == '-' || first == '+') && memchr("in", peek(cursor, 1), 2) != NULL) {
      cursor->at++;
      return scan_word(cursor) == VALUE_NUMBER ? VALUE_NUMBER : VALUE_NONE;
    }
    return scan_number(cursor);
  }
  return is_word(first) ? scan_word(cursor) : VALUE_NONE;
}

gsize value_length(const gchar *text, gsize size, ValueKind *kind, gboolean *has_dots) {
  Cursor cursor = {.at = text, .end = text + size};
  ValueKind found = scan_value(&cursor);
  if (found != VALUE_NONE && cursor.at < cursor.end &&
      (is_word(*cursor.at) || *cursor.at == '\'' || *cursor.at == '"'))
    /* Not a word that goes on, but a dash or an arrow in UTF-8 may follow. */
    if ((guchar)*cursor.at < 0x80 ||
        g_unichar_isalnum(g_utf8_get_char_validated(cursor.at, cursor.end - cursor.at)))
      found = VALUE_NONE;
  if (kind != NULL)
    *kind = found;
  if (has_dots != NULL)
    *has_dots = cursor.has_dots;
  return found != VALUE_NONE ? (gsize)(cursor.at - text) : 0;
}
