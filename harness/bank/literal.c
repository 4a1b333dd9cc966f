#include "bank/literal.h"

#include <string.h>

static void item_clear(gpointer data) {
  LiteralItem *item = data;
  g_free(item->text);
  g_free(item->value);
}

static gboolean is_sign(const PythonToken *at, const PythonToken *end, const gchar *sign) {
  return at < end && at->kind == TOKEN_OPERATOR && at->length == strlen(sign) &&
         memcmp(at->start, sign, at->length) == 0;
}

static void pass_comments(const PythonToken **at, const PythonToken *end) {
  while (*at < end && ((*at)->kind == TOKEN_COMMENT || (*at)->kind == TOKEN_BREAK))
    (*at)++;
}

/* --- strings ----------------------------------------------------------------------- */

/* Up to so many digits of a base; G_MAXUINT32 where there are fewer than `least`. */
static guint32 digits_read(const gchar **at, const gchar *end, guint base, guint least,
                           guint most) {
  guint32 value = 0;
  guint count = 0;
  for (; count < most && *at < end; count++, (*at)++) {
    gint digit = g_ascii_xdigit_value(**at);
    if (digit < 0 || (guint)digit >= base)
      break;
    value = value * base + (guint32)digit;
  }
  return count >= least ? value : G_MAXUINT32;
}

/* One escape, behind its backslash. */
static const gchar *escape_read(const gchar **at, const gchar *end, GString *text) {
  static const gchar plain[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
  static const gchar problem[] = "an escape in it means no character";
  gchar sign = *(*at)++;
  if (sign == '\n')
    return NULL;
  for (const gchar *pair = plain; *pair != '\0'; pair += 2)
    if (pair[0] == sign) {
      g_string_append_c(text, pair[1]);
      return NULL;
    }
  guint32 character;
  if (sign >= '0' && sign <= '7') {
    (*at)--;
    character = digits_read(at, end, 8, 1, 3);
  } else if (sign == 'x') {
    character = digits_read(at, end, 16, 2, 2);
  } else if (sign == 'u') {
    character = digits_read(at, end, 16, 4, 4);
  } else if (sign == 'U') {
    character = digits_read(at, end, 16, 8, 8);
  } else if (sign == 'N') {
    return "a character by its name is not read here: write it itself";
  } else { /* Python keeps an escape that it does not know */
    g_string_append_c(text, '\\');
    g_string_append_c(text, sign);
    return NULL;
  }
  if (character == 0 || character > 0x10ffff || !g_unichar_validate(character))
    return problem;
  g_string_append_unichar(text, character);
  return NULL;
}

gchar *literal_text_of(const PythonToken *token, const gchar **reason) {
  const gchar *at = token->start, *end = token->start + token->length;
  gboolean is_raw = FALSE;
  for (; at < end && g_ascii_isalpha(*at); at++) {
    if (strchr("bBfFtT", *at) != NULL) {
      *reason = *at == 'b' || *at == 'B' ? "bytes are no text" : "only plain strings are read here";
      return NULL;
    }
    is_raw = is_raw || *at == 'r' || *at == 'R';
  }
  gsize quotes = end - at >= 6 && at[1] == *at && at[2] == *at ? 3 : 1;
  /* `""` is no beginning of three. */
  *reason = "the string is not closed";
  if (at == end || (gsize)(end - at) < 2 * quotes)
    return NULL;
  const gchar quote = *at;
  for (gsize i = 1; i <= quotes; i++)
    if (end[-(gssize)i] != quote)
      return NULL;
  at += quotes;
  end -= quotes;
  g_autoptr(GString) text = g_string_sized_new((gsize)(end - at));
  while (at < end) {
    gchar character = *at++;
    if (character == '\r') { /* as Python reads a file */
      if (at < end && *at == '\n')
        at++;
      character = '\n';
    }
    if (character != '\\') {
      g_string_append_c(text, character);
      continue;
    }
    if (at == end) /* of the closing quote: it was none */
      return NULL;
    if (is_raw) {
      g_string_append_c(text, '\\');
      g_string_append_c(text, *at++);
      continue;
    }
    const gchar *problem = escape_read(&at, end, text);
    if (problem != NULL) {
      *reason = problem;
      return NULL;
    }
  }
  if (memchr(text->str, '\0', text->len) != NULL || !g_utf8_validate(text->str, -1, NULL)) {
    *reason = "the string is not UTF-8";
    return NULL;
  }
  *reason = NULL;
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* "a" 'b' ("c"): one string. */
static gchar *joined_read(const PythonToken **at, const PythonToken *end, const gchar **reason) {
  pass_comments(at, end);
  if (is_sign(*at, end, "(")) {
    const PythonToken *open = *at;
    (*at)++;
    g_autofree gchar *inner = NULL;
    pass_comments(at, end);
    /* One level is enough: nobody writes more. */
    if (*at < end && (*at)->kind == TOKEN_STRING)
      inner = joined_read(at, end, reason);
    if (inner == NULL)
      return NULL;
    if (!is_sign(*at, end, ")")) {
      *at = open;
      *reason = NULL;
      return NULL;
    }
    (*at)++;
    pass_comments(at, end);
    return g_steal_pointer(&inner);
  }
  *reason = NULL;
  if (*at == end || (*at)->kind != TOKEN_STRING)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  while (*at < end && (*at)->kind == TOKEN_STRING) {
    g_autofree gchar *piece = literal_text_of(*at, reason);
    if (piece == NULL)
      return NULL;
    g_string_append(text, piece);
    (*at)++;
    pass_comments(at, end);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- lists and dictionaries ------------------------------------------------------------- */

GArray *literal_read(const PythonToken **at, const PythonToken *end, LiteralKind *kind,
                     const gchar **reason) {
  g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(LiteralItem));
  g_array_set_clear_func(items, item_clear);
  *reason = NULL;
  pass_comments(at, end);
  const gchar *close = is_sign(*at, end, "[")   ? "]"
                       : is_sign(*at, end, "(") ? ")"
                       : is_sign(*at, end, "{") ? "}"
                                                : NULL;
  if (close == NULL)
    return NULL;
  gboolean is_braced = *close == '}', had_comma = FALSE;
  const PythonToken *open = (*at)++;
  *kind = is_braced ? LITERAL_DICTIONARY : LITERAL_LIST;
  for (;;) {
    pass_comments(at, end);
    if (is_sign(*at, end, close))
      break;
    LiteralItem item = {.token = *at};
    item.text = joined_read(at, end, reason);
    if (item.text == NULL)
      return NULL;
    if (is_braced && is_sign(*at, end, ":")) {
      (*at)++;
      item.value = joined_read(at, end, reason);
      if (item.value == NULL) {
        g_free(item.text);
        return NULL;
      }
    }
    gboolean is_list = item.value == NULL;
    if (items->len == 0 && is_list)
      *kind = LITERAL_LIST;
    g_array_append_val(items, item);
    if (is_list != (*kind == LITERAL_LIST)) {
      *at = item.token;
      return NULL;
    }
    had_comma = is_sign(*at, end, ",");
    if (!had_comma && !is_sign(*at, end, close))
      return NULL;
    if (had_comma)
      (*at)++;
  }
  (*at)++;
  pass_comments(at, end);
  if (*close == ')' && items->len == 1 && !had_comma) { /* brackets around a string */
    *at = open;
    return NULL;
  }
  return g_steal_pointer(&items);
}
