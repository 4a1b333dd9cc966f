#include "judge/match.h"

#include <string.h>

#include "judge/literal.h"

#define TOKENS_MAX 64

const gchar *match_note(Match match) {
  switch (match) {
  case MATCH_NONE:
  case MATCH_TEXT:
    return NULL;
  case MATCH_SPACING:
    return "equal but for spacing";
  case MATCH_VALUE:
    return "equal as values";
  case MATCH_ADDRESS:
    return "equal but for addresses";
  case MATCH_QUOTES:
    return "equal but for quotes";
  case MATCH_ITEMS:
    return "equal item by item";
  case MATCH_CLASS:
    return "names the class";
  case MATCH_ROUNDED:
    return "equal to the digits that are claimed";
  case MATCH_ELLIPSIS:
    return "equal but for '...'";
  case MATCH_FIRST:
    return "equal the first time";
  case MATCH_LAST:
    return "equal the last time";
  case MATCH_SIDE:
    return "one side of the equation";
  case MATCH_PART:
    return "a part of what it wrote";
  case MATCH_BEGINNING:
    return "equal as far as it goes";
  case MATCH_TYPE:
    return "names its class";
  }
  g_return_val_if_reached(NULL);
}

/* Blanks at the ends of lines and empty lines at both ends left out. */
static gchar *text_trim(const gchar *text) {
  GString *trimmed = g_string_sized_new(strlen(text));
  while (*text != '\0') {
    gsize length = strcspn(text, "\n");
    gsize kept = length;
    while (kept > 0 && g_ascii_isspace(text[kept - 1]))
      kept--;
    if (kept > 0 || trimmed->len > 0)
      g_string_append_len(trimmed, text, (gssize)kept);
    text += length;
    if (*text == '\n') {
      text++;
      if (trimmed->len > 0)
        g_string_append_c(trimmed, '\n');
    }
  }
  while (trimmed->len > 0 && trimmed->str[trimmed->len - 1] == '\n')
    g_string_truncate(trimmed, trimmed->len - 1);
  return g_string_free(trimmed, FALSE);
}

static gchar *text_squeeze(const gchar *text) {
  GString *squeezed = g_string_sized_new(strlen(text));
  for (; *text != '\0'; text++) {
    if (!g_ascii_isspace(*text))
      g_string_append_c(squeezed, *text);
    else if (squeezed->len > 0 && squeezed->str[squeezed->len - 1] != ' ')
      g_string_append_c(squeezed, ' ');
  }
  if (squeezed->len > 0 && squeezed->str[squeezed->len - 1] == ' ')
    g_string_truncate(squeezed, squeezed->len - 1);
  return g_string_free(squeezed, FALSE);
}

/* "0x7f3a..." reads "0x", and the main module's name goes. */
static gchar *text_mask(const gchar *text, gboolean *has_address) {
  GString *masked = g_string_sized_new(strlen(text));
  *has_address = FALSE;
  while (*text != '\0') {
    if (g_str_has_prefix(text, "__main__.")) {
      text += strlen("__main__.");
    } else if (text[0] == '0' && text[1] == 'x' && masked->len >= 3 &&
               memcmp(masked->str + masked->len - 3, "at ", 3) == 0) {
      g_string_append(masked, "0x");
      for (text += 2; g_ascii_isxdigit(*text) || *text == '.';)
        text++;
      *has_address = TRUE;
    } else {
      g_string_append_c(masked, *text++);
    }
  }
  return g_string_free(masked, FALSE);
}

/* "0, 1, 2", "0 then 1", "0 | 1": what stands between the values left out. */
static gchar *text_items(const gchar *text) {
  static const gchar *const between[] = {", then ", " then ", ", and ", " and ", ", ",
                                         "; ",      " | ",    " / ",    " -> ",  ","};
  GString *items = g_string_sized_new(strlen(text));
  while (*text != '\0') {
    gboolean is_between = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(between) && !is_between; i++)
      if (g_str_has_prefix(text, between[i])) {
        g_string_append_c(items, ' ');
        text += strlen(between[i]);
        is_between = TRUE;
      }
    if (!is_between)
      g_string_append_c(items, *text++);
  }
  return g_string_free(items, FALSE);
}

/* The X of <class 'X'> or <type 'X'>, without modules; else NULL. */
static gchar *class_name(const gchar *text) {
  const gchar *at = text;
  if (g_str_has_prefix(at, "<class '"))
    at += strlen("<class '");
  else if (g_str_has_prefix(at, "<type '"))
    at += strlen("<type '");
  else
    return NULL;
  gsize length = strcspn(at, "'");
  if (strcmp(at + length, "'>") != 0)
    return NULL;
  g_autofree gchar *name = g_strndup(at, length);
  const gchar *last = strrchr(name, '.');
  return g_strdup(last != NULL ? last + 1 : name);
}

/* Each <class 'X'> reads X, wherever it stands; NULL where there is none. */
static gchar *text_bare_classes(const gchar *text) {
  static const gchar *const begins[] = {"<class '", "<type '", "__main__."};
  gboolean any = FALSE;
  GString *bare = g_string_sized_new(strlen(text));
  while (*text != '\0') {
    gsize skipped = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(begins) && skipped == 0; i++)
      if (g_str_has_prefix(text, begins[i]))
        skipped = strlen(begins[i]);
    const gchar *end = strstr(text + skipped, "'>");
    if (skipped > 0 && *text == '<' && end != NULL) {
      g_autofree gchar *name = g_strndup(text + skipped, (gsize)(end - text) - skipped);
      const gchar *last = strrchr(name, '.');
      g_string_append(bare, last != NULL ? last + 1 : name);
      text = end + strlen("'>");
      any = TRUE;
    } else if (skipped > 0 && *text == '_') {
      text += skipped;
    } else {
      g_string_append_c(bare, *text++);
    }
  }
  return g_string_free(bare, !any);
}

static gboolean names_class(const gchar *expected, const gchar *actual) {
  g_autofree gchar *seen = text_bare_classes(actual);
  if (seen == NULL)
    return FALSE;
  g_autofree gchar *claimed = text_bare_classes(expected);
  if (claimed != NULL)
    return strcmp(claimed, seen) == 0;
  const gchar *own =
      g_str_has_prefix(expected, "__main__.") ? expected + strlen("__main__.") : expected;
  return strcmp(own, seen) == 0;
}

static gboolean is_several_lines(const gchar *text) {
  return strchr(text, '\n') != NULL;
}

Match match_output(const gchar *expected, const gchar *actual) {
  g_autofree gchar *claimed = text_trim(expected);
  g_autofree gchar *seen = text_trim(actual);
  if (claimed[0] == '\0')
    return seen[0] == '\0' ? MATCH_TEXT : MATCH_NONE;
  if (strcmp(claimed, seen) == 0)
    return MATCH_TEXT;

  g_autofree gchar *claimed_words = text_squeeze(claimed);
  g_autofree gchar *seen_words = text_squeeze(seen);
  if (strcmp(claimed_words, seen_words) == 0)
    return MATCH_SPACING;

  g_autofree gchar *claimed_value = literal_canonical(claimed, NULL);
  g_autofree gchar *seen_value = literal_canonical(seen, NULL);
  if (claimed_value != NULL && seen_value != NULL && strcmp(claimed_value, seen_value) == 0)
    return strchr(claimed, '<') != NULL && strstr(seen, "0x") != NULL ? MATCH_ADDRESS : MATCH_VALUE;

  gboolean has_address, unused;
  g_autofree gchar *seen_masked = text_mask(seen_words, &has_address);
  g_autofree gchar *claimed_masked = text_mask(claimed_words, &unused);
  if (strcmp(claimed_masked, seen_masked) == 0)
    return has_address ? MATCH_ADDRESS : MATCH_SPACING;

  g_autofree gchar *claimed_string = literal_string(claimed);
  g_autofree gchar *seen_string = literal_string(seen);
  if ((claimed_string != NULL && strcmp(claimed_string, seen) == 0) ||
      (seen_string != NULL && strcmp(claimed, seen_string) == 0))
    return MATCH_QUOTES;
  if (claimed_string != NULL) {
    g_autofree gchar *trimmed = text_trim(claimed_string);
    if (strcmp(trimmed, seen) == 0)
      return MATCH_QUOTES;
  }

  g_autofree gchar *printed = literal_printed(claimed);
  if (printed != NULL) {
    g_autofree gchar *items = text_squeeze(printed);
    if (strcmp(items, seen_words) == 0)
      return MATCH_ITEMS;
  }
  if (is_several_lines(seen) && !is_several_lines(claimed)) {
    g_autofree gchar *apart = text_items(claimed);
    g_autofree gchar *items = text_squeeze(apart);
    if (strcmp(items, seen_words) == 0)
      return MATCH_ITEMS;
  }
  if (names_class(claimed_words, seen_words))
    return MATCH_CLASS;
  if (literal_is_rounded(claimed_words, seen_words) || literal_is_about(claimed, seen))
    return MATCH_ROUNDED;
  return MATCH_NONE;
}

/* Linear but for the search for each piece: pieces are found from left to
 * right, the first and the last are bound to the ends. */
static gboolean ellipsis_fits(const gchar *pattern, const gchar *text) {
  g_auto(GStrv) pieces = g_strsplit(pattern, "...", -1);
  guint count = g_strv_length(pieces);
  const gchar *end = text + strlen(text);
  for (guint i = 0; i < count; i++) {
    gsize length = strlen(pieces[i]);
    if (i == 0) {
      if (!g_str_has_prefix(text, pieces[i]))
        return FALSE;
      text += length;
    } else if (i + 1 == count) {
      return (gsize)(end - text) >= length && strcmp(end - length, pieces[i]) == 0;
    } else {
      const gchar *found = strstr(text, pieces[i]);
      if (found == NULL)
        return FALSE;
      text = found + length;
    }
  }
  return TRUE;
}

Match match_session(const gchar *expected, const gchar *actual) {
  g_autofree gchar *blank = NULL;
  if (strstr(expected, "<BLANKLINE>") != NULL) {
    g_auto(GStrv) pieces = g_strsplit(expected, "<BLANKLINE>", -1);
    blank = g_strjoinv("", pieces);
    expected = blank;
  }
  Match match = match_output(expected, actual);
  if (match != MATCH_NONE || strstr(expected, "...") == NULL)
    return match;
  g_autofree gchar *pattern = text_squeeze(expected);
  g_autofree gchar *text = text_squeeze(actual);
  return ellipsis_fits(pattern, text) ? MATCH_ELLIPSIS : MATCH_NONE;
}

/* "..." must leave something that can agree. */
static gboolean ellipsis_says_something(const gchar *expected) {
  guint signs = 0;
  for (const gchar *at = expected; *at != '\0'; at++)
    signs += g_ascii_isalnum(*at) || (guchar)*at >= 0x80;
  return strstr(expected, "...") != NULL && signs >= 2;
}

Match match_value(const gchar *expected, const gchar *repr, const gchar *type) {
  Match match = ellipsis_says_something(expected) ? match_session(expected, repr)
                                                  : match_output(expected, repr);
  if (match != MATCH_NONE || type == NULL)
    return match;
  g_autofree gchar *name = class_name(expected);
  const gchar *last = strrchr(type, '.');
  return strcmp(name != NULL ? name : expected, last != NULL ? last + 1 : type) == 0 ? MATCH_TYPE
                                                                                     : MATCH_NONE;
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

gboolean match_is_part(const gchar *expected, const gchar *actual) {
  gsize length = strlen(expected);
  if (length == 0)
    return FALSE;
  for (const gchar *at = actual; (at = strstr(at, expected)) != NULL; at++) {
    gchar before = at > actual ? at[-1] : ' ', after = at[length];
    gboolean begins = !is_word(before) || !is_word(expected[0]);
    gboolean ends = !is_word(after) || !is_word(expected[length - 1]);
    /* 5 is no part of 2.5, of 5.1 or of -5. */
    if (g_ascii_isdigit(expected[0]) && (before == '.' || before == '-'))
      begins = FALSE;
    if (g_ascii_isdigit(expected[length - 1]) && after == '.' && g_ascii_isdigit(at[length + 1]))
      ends = FALSE;
    if (begins && ends)
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  const gchar *at;
  gsize length;
} Token;

/* Words, numbers and single signs; 0 where there are too many. */
static guint tokens_read(const gchar *text, Token tokens[TOKENS_MAX]) {
  guint count = 0;
  while (*text != '\0') {
    if (g_ascii_isspace(*text)) {
      text++;
      continue;
    }
    if (count == TOKENS_MAX)
      return 0;
    gsize length = 1;
    if (is_word(*text))
      while (is_word(text[length]) || (text[length] == '.' && is_word(text[length + 1])))
        length++;
    tokens[count++] = (Token){text, length};
    text += length;
  }
  return count;
}

static gboolean token_equal(const Token *first, const Token *second) {
  return first->length == second->length && memcmp(first->at, second->at, first->length) == 0;
}

static gboolean is_number(const Token *token) {
  for (gsize i = 0; i < token->length; i++)
    if (!g_ascii_isdigit(token->at[i]) && token->at[i] != '.')
      return FALSE;
  return TRUE;
}

/* least: how many words and signs each must have at least. */
static gboolean is_near(const gchar *expected, const gchar *actual, guint least) {
  if (strlen(expected) > 3 && g_ascii_strcasecmp(expected, actual) == 0)
    return strcmp(expected, actual) != 0;
  Token claimed[TOKENS_MAX], seen[TOKENS_MAX];
  guint count = tokens_read(expected, claimed);
  if (count < least || tokens_read(actual, seen) != count)
    return FALSE;
  guint words = 0, numbers = 0, equal = 0;
  for (guint i = 0; i < count; i++) {
    if (token_equal(&claimed[i], &seen[i]))
      equal += is_word(claimed[i].at[0]);
    else if (is_number(&claimed[i]) && is_number(&seen[i]))
      numbers++;
    else if (is_word(claimed[i].at[0]) && is_word(seen[i].at[0]))
      words++;
    else
      return FALSE;
  }
  return equal >= 1 && words + numbers >= 1 &&
         (words == 0 || (words == 1 && numbers == 0 && equal >= least - 1));
}

gboolean match_is_near(const gchar *expected, const gchar *actual) {
  return is_near(expected, actual, 3);
}

gboolean match_lines_are_near(const gchar *expected, const gchar *actual) {
  g_autofree gchar *claimed_text = text_trim(expected);
  g_autofree gchar *seen_text = text_trim(actual);
  g_auto(GStrv) claimed = g_strsplit(claimed_text, "\n", -1);
  g_auto(GStrv) seen = g_strsplit(seen_text, "\n", -1);
  guint count = g_strv_length(claimed), equal = 0, unlike = 0;
  if (count != g_strv_length(seen))
    return FALSE;
  for (guint i = 0; i < count; i++) {
    if (match_output(claimed[i], seen[i]) != MATCH_NONE) {
      equal++;
      continue;
    }
    g_autofree gchar *claimed_value = literal_canonical(claimed[i], NULL);
    g_autofree gchar *seen_value = literal_canonical(seen[i], NULL);
    if (!(claimed_value != NULL && seen_value != NULL) && !is_near(claimed[i], seen[i], 2))
      unlike++;
  }
  /* A lone line may be anything where all around it agree. */
  if (unlike > 0)
    return unlike == 1 && equal >= 3 && equal + 1 == count;
  return equal < count && equal * 2 >= count;
}
