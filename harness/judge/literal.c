#include "judge/literal.h"

#include <math.h>
#include <string.h>

#define DEPTH_MAX 60

typedef struct {
  const gchar *at;
  guint depth;
} Cursor;

static LiteralKind value_read(Cursor *cursor, GString *form);

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static void skip_blanks(Cursor *cursor) {
  while (g_ascii_isspace(*cursor->at))
    cursor->at++;
}

static gsize word_length(const gchar *text) {
  gsize length = 0;
  if (g_ascii_isdigit(*text))
    return 0;
  while (is_word(text[length]))
    length++;
  return length;
}

static gboolean word_is(const gchar *text, gsize length, const gchar *word) {
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* --- numbers ---------------------------------------------------------------- */

static void number_append(GString *form, gdouble number) {
  g_string_append_printf(form, "n%.17g", number == 0 ? 0.0 : number); /* -0.0 == 0 */
}

/* Digits without underscores and leading zeros. */
static gchar *digits_plain(const gchar *text, gsize size) {
  GString *plain = g_string_sized_new(size);
  for (gsize i = 0; i < size; i++)
    if (text[i] != '_')
      g_string_append_c(plain, text[i]);
  gsize zeros = strspn(plain->str, "0");
  if (zeros > 0 && zeros == plain->len)
    zeros--;
  g_string_erase(plain, 0, (gssize)zeros);
  return g_string_free(plain, FALSE);
}

/* Reads an unsigned real number. Returns its length, 0 for none; is_imaginary
 * where a 'j' ends it. Whole numbers too long for a double go to *digits. */
static gsize real_read(const gchar *text, gdouble *number, gchar **digits, gboolean *is_imaginary) {
  gsize length = 0;
  gboolean is_whole = TRUE;
  *digits = NULL;
  *is_imaginary = FALSE;
  if (text[0] == '0' && text[1] != '\0' && strchr("xXoObB", text[1]) != NULL) {
    gint base = strchr("xX", text[1]) != NULL ? 16 : strchr("oO", text[1]) != NULL ? 8 : 2;
    for (length = 2; g_ascii_isxdigit(text[length]) || text[length] == '_';)
      length++;
    if (length == 2)
      return 0;
    g_autofree gchar *plain = digits_plain(text + 2, length - 2);
    if (strlen(plain) <= 13 || (base == 2 && strlen(plain) <= 52))
      *number = (gdouble)g_ascii_strtoull(plain, NULL, (guint)base);
    else
      *digits = g_strdup_printf("%d:%s", base, plain);
    return length;
  }
  while (g_ascii_isdigit(text[length]) || (text[length] == '_' && length > 0))
    length++;
  gboolean has_digits = length > 0;
  if (text[length] == '.' && (has_digits || g_ascii_isdigit(text[length + 1]))) {
    is_whole = FALSE;
    for (length++; g_ascii_isdigit(text[length]) || text[length] == '_';)
      length++;
    has_digits = TRUE;
  }
  if (!has_digits)
    return 0;
  if (text[length] == 'e' || text[length] == 'E') {
    gsize power = length + 1 + (text[length + 1] == '-' || text[length + 1] == '+');
    if (g_ascii_isdigit(text[power])) {
      is_whole = FALSE;
      for (length = power; g_ascii_isdigit(text[length]);)
        length++;
    }
  }
  g_autofree gchar *plain = digits_plain(text, length);
  if (is_whole && strlen(plain) > 15)
    *digits = g_strdup_printf("10:%s", plain);
  *number = g_ascii_strtod(plain, NULL);
  if (text[length] == 'j' || text[length] == 'J') {
    *is_imaginary = TRUE;
    length++;
  }
  return length;
}

static LiteralKind number_read(Cursor *cursor, GString *form) {
  gboolean is_negative = FALSE, is_imaginary;
  gdouble number = 0;
  g_autofree gchar *digits = NULL;
  const gchar *at = cursor->at;
  if (*at == '-' || *at == '+')
    is_negative = *at++ == '-';
  gsize length = real_read(at, &number, &digits, &is_imaginary);
  if (length == 0) {
    length = word_length(at);
    if (!word_is(at, length, "inf") && !word_is(at, length, "nan"))
      return LITERAL_NONE;
    g_string_append_printf(form, "n%s%.3s", is_negative ? "-" : "", at);
    cursor->at = at + length;
    return LITERAL_NUMBER;
  }
  at += length;
  if (digits != NULL && !is_imaginary)
    g_string_append_printf(form, "n%s%s", is_negative ? "-" : "", digits);
  else if (is_imaginary)
    g_string_append_printf(form, "c0,%.17g", is_negative ? -number : number);
  else
    number_append(form, is_negative ? -number : number);
  cursor->at = at;
  if (!is_imaginary && (*at == '+' || *at == '-')) {
    g_autofree gchar *more = NULL;
    gdouble imaginary = 0;
    gsize second = real_read(at + 1, &imaginary, &more, &is_imaginary);
    if (second > 0 && is_imaginary) {
      g_string_append_printf(form, "c,%.17g", *at == '-' ? -imaginary : imaginary);
      cursor->at = at + 1 + second;
    }
  }
  return LITERAL_NUMBER;
}

/* --- strings ---------------------------------------------------------------- */

static void code_point_append(GString *text, guint64 code, gboolean is_bytes) {
  if (is_bytes || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || code == 0)
    g_string_append_printf(text, "\\u{%" G_GINT64_MODIFIER "x}", code);
  else
    g_string_append_unichar(text, (gunichar)code);
}

static void escape_read(const gchar **at, GString *text, gboolean is_bytes) {
  static const gchar *const plain = "n\nt\tr\r'\'\"\"\\\\a\ab\bf\fv\v";
  gchar sign = **at;
  gsize digits = 0;
  if (sign == '\n') {
    (*at)++;
    return;
  }
  for (const gchar *pair = plain; *pair != '\0'; pair += 2)
    if (pair[0] == sign) {
      g_string_append_c(text, pair[1]);
      (*at)++;
      return;
    }
  if (sign == 'x' || (!is_bytes && (sign == 'u' || sign == 'U'))) {
    gsize wanted = sign == 'x' ? 2 : sign == 'u' ? 4 : 8;
    guint64 code = 0;
    while (digits < wanted && g_ascii_isxdigit((*at)[1 + digits]))
      code = code * 16 + (guint64)g_ascii_xdigit_value((*at)[1 + digits++]);
    if (digits == wanted) {
      code_point_append(text, code, is_bytes);
      *at += 1 + digits;
      return;
    }
  } else if (sign >= '0' && sign <= '7') {
    guint64 code = 0;
    while (digits < 3 && (*at)[digits] >= '0' && (*at)[digits] <= '7')
      code = code * 8 + (guint64)((*at)[digits++] - '0');
    code_point_append(text, code, is_bytes);
    *at += digits;
    return;
  }
  g_string_append_c(text, '\\');
}

/* At its prefix or quote. */
static LiteralKind string_read(Cursor *cursor, GString *text) {
  gboolean is_raw = FALSE, is_bytes = FALSE;
  const gchar *at = cursor->at;
  for (; g_ascii_isalpha(*at); at++) {
    is_raw = is_raw || *at == 'r' || *at == 'R';
    is_bytes = is_bytes || *at == 'b' || *at == 'B';
  }
  gchar quote = *at;
  gboolean is_triple = at[1] == quote && at[2] == quote;
  at += is_triple ? 3 : 1;
  while (*at != '\0') {
    if (*at == quote && (!is_triple || (at[1] == quote && at[2] == quote))) {
      cursor->at = at + (is_triple ? 3 : 1);
      return is_bytes ? LITERAL_BYTES : LITERAL_TEXT;
    }
    if (*at == '\n' && !is_triple)
      return LITERAL_NONE;
    if (*at == '\\' && at[1] != '\0') {
      at++;
      if (!is_raw) {
        escape_read(&at, text, is_bytes);
        continue;
      }
      g_string_append_c(text, '\\');
    }
    g_string_append_c(text, *at++);
  }
  return LITERAL_NONE;
}

static gboolean at_string(const gchar *at) {
  gsize prefix = 0;
  while (prefix < 2 && at[prefix] != '\0' && strchr("rRbBuU", at[prefix]) != NULL)
    prefix++;
  return at[prefix] == '\'' || at[prefix] == '"';
}

/* Adjacent strings are one. */
static LiteralKind strings_read(Cursor *cursor, GString *form) {
  g_autoptr(GString) text = g_string_new(NULL);
  LiteralKind kind = string_read(cursor, text);
  while (kind != LITERAL_NONE) {
    Cursor next = *cursor;
    skip_blanks(&next);
    if (!at_string(next.at) || next.at == cursor->at)
      break;
    if (string_read(&next, text) != kind)
      return LITERAL_NONE;
    *cursor = next;
  }
  if (kind != LITERAL_NONE)
    g_string_append_printf(form, "%c%" G_GSIZE_FORMAT ":%s", kind == LITERAL_TEXT ? 's' : 'b',
                           text->len, text->str);
  return kind;
}

/* --- containers -------------------------------------------------------------- */

static gint by_text(gconstpointer first, gconstpointer second) {
  return strcmp(*(gchar *const *)first, *(gchar *const *)second);
}

/* What is in any order is in there once: {1, 1} is {1}. */
static void items_append(GString *form, GPtrArray *items, gboolean in_any_order) {
  if (in_any_order)
    g_ptr_array_sort(items, by_text);
  for (guint i = 0; i < items->len; i++) {
    if (in_any_order && i > 0 &&
        g_str_equal(g_ptr_array_index(items, i), g_ptr_array_index(items, i - 1)))
      continue;
    g_string_append(form, g_ptr_array_index(items, i));
    g_string_append_c(form, ',');
  }
}

/* Behind the opening bracket, to behind the closing one. ends_in_comma says
 * whether a comma stands before that. */
static gboolean items_read(Cursor *cursor, gchar closing, GPtrArray *items, gboolean *has_pairs,
                           gboolean *has_comma) {
  if (++cursor->depth > DEPTH_MAX)
    return FALSE;
  *has_pairs = *has_comma = FALSE;
  for (;;) {
    skip_blanks(cursor);
    if (*cursor->at == closing) {
      cursor->at++;
      cursor->depth--;
      return TRUE;
    }
    g_autoptr(GString) item = g_string_new(NULL);
    gsize name = word_length(cursor->at);
    if (closing == ')' && name > 0 && cursor->at[name] == '=' && cursor->at[name + 1] != '=') {
      g_string_append_len(item, cursor->at, (gssize)name + 1);
      cursor->at += name + 1;
      skip_blanks(cursor);
    }
    if (value_read(cursor, item) == LITERAL_NONE)
      return FALSE;
    skip_blanks(cursor);
    if (closing == '}' && *cursor->at == ':') {
      cursor->at++;
      skip_blanks(cursor);
      g_string_append_c(item, '=');
      *has_pairs = TRUE;
      if (value_read(cursor, item) == LITERAL_NONE)
        return FALSE;
      skip_blanks(cursor);
    }
    g_ptr_array_add(items, g_string_free(g_steal_pointer(&item), FALSE));
    if (*cursor->at == ',') {
      cursor->at++;
      *has_comma = TRUE;
    } else if (*cursor->at != closing) {
      return FALSE;
    }
  }
}

static LiteralKind container_read(Cursor *cursor, GString *form) {
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
  gboolean has_pairs, has_comma;
  gchar opening = *cursor->at++;
  gchar closing = opening == '(' ? ')' : opening == '[' ? ']' : '}';
  if (!items_read(cursor, closing, items, &has_pairs, &has_comma))
    return LITERAL_NONE;
  if (opening == '(') {
    if (items->len == 1 && !has_comma) {
      g_string_append(form, g_ptr_array_index(items, 0));
      const gchar *item = g_ptr_array_index(items, 0);
      return item[0] == 's' ? LITERAL_TEXT : item[0] == 'n' ? LITERAL_NUMBER : LITERAL_OTHER;
    }
    g_string_append_c(form, '(');
    items_append(form, items, FALSE);
    g_string_append_c(form, ')');
    return LITERAL_TUPLE;
  }
  if (opening == '[') {
    g_string_append_c(form, '[');
    items_append(form, items, FALSE);
    g_string_append_c(form, ']');
    return LITERAL_LIST;
  }
  gboolean is_dict = has_pairs || items->len == 0;
  g_string_append_c(form, is_dict ? 'd' : '{');
  items_append(form, items, TRUE);
  g_string_append_c(form, '}');
  return is_dict ? LITERAL_DICT : LITERAL_SET;
}

static LiteralKind call_read(Cursor *cursor, gsize name, GString *form) {
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
  gboolean has_pairs, has_comma;
  const gchar *begin = cursor->at;
  if (g_str_has_prefix(begin, "__main__.")) {
    begin += strlen("__main__.");
    name -= strlen("__main__.");
  }
  cursor->at = begin + name + 1;
  if (!items_read(cursor, ')', items, &has_pairs, &has_comma))
    return LITERAL_NONE;
  /* set() and, as Python 2 had it, set([1, 2]) are sets. */
  if (word_is(begin, name, "set") && items->len <= 1) {
    const gchar *list = items->len == 1 ? g_ptr_array_index(items, 0) : "[]";
    if (list[0] == '[') {
      g_string_append_printf(form, "{%.*s}", (int)strlen(list) - 2, list + 1);
      return LITERAL_SET;
    }
  }
  /* Authors show a view of a dictionary as the list that it looks like. */
  gboolean is_view = word_is(begin, name, "dict_keys") || word_is(begin, name, "dict_values") ||
                     word_is(begin, name, "dict_items");
  if (is_view && items->len == 1 && ((const gchar *)g_ptr_array_index(items, 0))[0] == '[') {
    g_string_append(form, g_ptr_array_index(items, 0));
    return LITERAL_LIST;
  }
  g_string_append_c(form, '@');
  g_string_append_len(form, begin, (gssize)name);
  g_string_append_c(form, '(');
  items_append(form, items, FALSE);
  g_string_append_c(form, ')');
  return LITERAL_CALL;
}

/* <...>, without addresses and the name of the main module. */
static LiteralKind angle_read(Cursor *cursor, GString *form) {
  guint depth = 0;
  const gchar *at = cursor->at;
  if (!g_ascii_isalpha(at[1]) && at[1] != '_')
    return LITERAL_NONE;
  while (*at != '\0' && *at != '\n') {
    if (g_str_has_prefix(at, "__main__.")) {
      at += strlen("__main__.");
      continue;
    }
    if (g_str_has_prefix(at, " at 0x") || g_str_has_prefix(at, " at 0X")) {
      for (at += strlen(" at 0x"); g_ascii_isxdigit(*at) || *at == '.';)
        at++;
      continue;
    }
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X') &&
        (g_ascii_isxdigit(at[2]) || at[2] == '.')) {
      g_string_append(form, "0x");
      for (at += 2; g_ascii_isxdigit(*at) || *at == '.';)
        at++;
      continue;
    }
    if (*at == '<')
      depth++;
    g_string_append_c(form, *at);
    if (*at == '>' && at[-1] != '-' && --depth == 0) {
      cursor->at = at + 1;
      return LITERAL_ANGLE;
    }
    at++;
  }
  return LITERAL_NONE;
}

static LiteralKind word_read(Cursor *cursor, GString *form) {
  static const struct {
    const gchar *word, *form;
    LiteralKind kind;
  } constants[] = {
      {"True", "T", LITERAL_TRUTH},
      {"False", "F", LITERAL_TRUTH},
      {"None", "N", LITERAL_NULL},
      {"Ellipsis", "...", LITERAL_OTHER},
      {"inf", "ninf", LITERAL_NUMBER},
      {"nan", "nnan", LITERAL_NUMBER},
      {"NotImplemented", "!", LITERAL_OTHER},
  };
  gsize length = word_length(cursor->at);
  for (gsize i = 0; i < G_N_ELEMENTS(constants); i++)
    if (word_is(cursor->at, length, constants[i].word)) {
      g_string_append(form, constants[i].form);
      cursor->at += length;
      return constants[i].kind;
    }
  while (length > 0 && cursor->at[length] == '.' && word_length(cursor->at + length + 1) > 0)
    length += 1 + word_length(cursor->at + length + 1);
  return length > 0 && cursor->at[length] == '(' ? call_read(cursor, length, form) : LITERAL_NONE;
}

static LiteralKind value_read(Cursor *cursor, GString *form) {
  const gchar *at = cursor->at;
  if (at_string(at))
    return strings_read(cursor, form);
  if (*at == '(' || *at == '[' || *at == '{')
    return container_read(cursor, form);
  if (*at == '<')
    return angle_read(cursor, form);
  if (g_str_has_prefix(at, "...")) {
    cursor->at += 3;
    g_string_append(form, "...");
    return LITERAL_OTHER;
  }
  if (g_ascii_isdigit(*at) || *at == '-' || *at == '+' || *at == '.')
    return number_read(cursor, form);
  return is_word(*at) ? word_read(cursor, form) : LITERAL_NONE;
}

gchar *literal_canonical(const gchar *text, LiteralKind *kind) {
  Cursor cursor = {.at = text};
  g_autoptr(GString) form = g_string_new(NULL);
  skip_blanks(&cursor);
  LiteralKind found = value_read(&cursor, form);
  skip_blanks(&cursor);
  if (found != LITERAL_NONE && *cursor.at == ',') {
    /* A tuple without its brackets. */
    g_autoptr(GString) tuple = g_string_new("(");
    while (found != LITERAL_NONE) {
      g_string_append(tuple, form->str);
      g_string_append_c(tuple, ',');
      g_string_truncate(form, 0);
      if (*cursor.at != ',')
        break;
      cursor.at++;
      skip_blanks(&cursor);
      if (*cursor.at == '\0')
        break;
      found = value_read(&cursor, form);
      skip_blanks(&cursor);
    }
    g_string_append_c(tuple, ')');
    g_string_assign(form, tuple->str);
    if (found != LITERAL_NONE)
      found = LITERAL_TUPLE;
  }
  if (*cursor.at != '\0')
    found = LITERAL_NONE;
  if (kind != NULL)
    *kind = found;
  return found != LITERAL_NONE ? g_string_free(g_steal_pointer(&form), FALSE) : NULL;
}

gchar *literal_string(const gchar *text) {
  Cursor cursor = {.at = text};
  skip_blanks(&cursor);
  if (!at_string(cursor.at))
    return NULL;
  g_autoptr(GString) characters = g_string_new(NULL);
  if (string_read(&cursor, characters) == LITERAL_NONE)
    return NULL;
  skip_blanks(&cursor);
  return *cursor.at == '\0' ? g_string_free(g_steal_pointer(&characters), FALSE) : NULL;
}

gchar *literal_printed(const gchar *text) {
  Cursor cursor = {.at = text};
  gboolean in_brackets = FALSE;
  guint items = 0;
  g_autoptr(GString) printed = g_string_new(NULL);
  skip_blanks(&cursor);
  LiteralKind kind = LITERAL_NONE;
  g_free(literal_canonical(text, &kind));
  if (kind != LITERAL_TUPLE)
    return NULL;
  if (*cursor.at == '(') {
    /* "(1, 2), (3, 4)" begins with a bracket of its first item. */
    Cursor end = cursor;
    g_autoptr(GString) form = g_string_new(NULL);
    value_read(&end, form);
    skip_blanks(&end);
    in_brackets = *end.at == '\0';
  }
  if (in_brackets)
    cursor.at++;
  for (;;) {
    skip_blanks(&cursor);
    if (*cursor.at == '\0' || (in_brackets && *cursor.at == ')'))
      break;
    const gchar *begin = cursor.at;
    g_autoptr(GString) form = g_string_new(NULL);
    if (value_read(&cursor, form) == LITERAL_NONE)
      return NULL;
    g_autofree gchar *item = g_strndup(begin, (gsize)(cursor.at - begin));
    g_autofree gchar *bare = literal_string(item);
    if (items++ > 0)
      g_string_append_c(printed, ' ');
    g_string_append(printed, bare != NULL && form->str[0] == 's' ? bare : item);
    skip_blanks(&cursor);
    if (*cursor.at == ',')
      cursor.at++;
  }
  return g_string_free(g_steal_pointer(&printed), FALSE);
}

gboolean literal_is_among(const gchar *claimed, const gchar *actual) {
  Cursor one = {.at = claimed}, other = {.at = actual};
  g_autoptr(GPtrArray) few = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) many = g_ptr_array_new_with_free_func(g_free);
  gboolean has_pairs, has_comma;
  skip_blanks(&one);
  skip_blanks(&other);
  if (*one.at == '\0' || strchr("[({", *one.at) == NULL || *one.at != *other.at)
    return FALSE;
  gchar closing = *one.at == '(' ? ')' : *one.at == '[' ? ']' : '}';
  one.at++;
  other.at++;
  if (!items_read(&one, closing, few, &has_pairs, &has_comma) ||
      !items_read(&other, closing, many, &has_pairs, &has_comma))
    return FALSE;
  g_autoptr(GHashTable) held = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < many->len; i++)
    g_hash_table_add(held, g_ptr_array_index(many, i));
  if (few->len >= many->len)
    return FALSE;
  for (guint i = 0; i < few->len; i++)
    if (!g_hash_table_contains(held, g_ptr_array_index(few, i)))
      return FALSE;
  return TRUE;
}
