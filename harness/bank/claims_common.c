#include "bank/claims_common.h"

#include <string.h>

#include "bank/word_set.h"

void unclaimed_add(Snippet *snippet, guint line, const gchar *text, gsize size,
                   const gchar *reason) {
  while (size > 0 && g_ascii_isspace(*text)) {
    text++;
    size--;
  }
  Unclaimed *unclaimed = unclaimed_new(line, NULL, reason);
  unclaimed->text = g_strndup(text, size);
  g_ptr_array_add(snippet->unclaimed, unclaimed);
}

gchar *comment_lines_strip(const gchar *text) {
  g_autoptr(GString) bare = g_string_new(NULL);
  for (const gchar *line = text; *line != '\0';) {
    const gchar *end = strchr(line, '\n');
    gsize length = end != NULL ? (gsize)(end - line) : strlen(line);
    const gchar *at = line;
    while (length > 0 && (*at == ' ' || *at == '\t')) {
      at++;
      length--;
    }
    if (length > 0) {
      if (*at != '#')
        return NULL;
      at++;
      length--;
      if (length > 0 && *at == ' ') {
        at++;
        length--;
      }
      g_string_append_len(bare, at, (gssize)length);
    }
    g_string_append_c(bare, '\n');
    if (end == NULL)
      break;
    line = end + 1;
  }
  return g_string_free(g_steal_pointer(&bare), FALSE);
}

/* --- what a program may print ---------------------------------------------- */

struct Words {
  WordSet known;
};

static gboolean is_word_char(gchar character) {
  return g_ascii_isalnum(character) || (guchar)character >= 0x80;
}

/* The next word at or after *at; 0 at the end. */
static gsize word_next(const gchar **at, const gchar *end) {
  while (*at < end && !is_word_char(**at))
    (*at)++;
  gsize length = 0;
  while (*at + length < end && is_word_char((*at)[length]))
    length++;
  return length;
}

static void words_add(Words *words, const gchar *text, gsize size) {
  const gchar *at = text, *end = text + size;
  gsize length;
  while ((length = word_next(&at, end)) > 0) {
    word_set_add(&words->known, at, length);
    at += length;
  }
}

Words *words_read(const Statements *statements) {
  Words *words = g_new(Words, 1);
  word_set_init(&words->known, TRUE);
  PythonToken before = {.kind = TOKEN_NEWLINE};
  for (guint i = 0; i < statements->tokens->len; i++) {
    PythonToken token = g_array_index(statements->tokens, PythonToken, i);
    /* A string that begins a statement describes; it is not printed. */
    if (token.kind == TOKEN_STRING && before.kind != TOKEN_NEWLINE)
      words_add(words, token.start, token.length);
    if (token.kind == TOKEN_NAME && before.kind == TOKEN_NAME &&
        (token_is(&before, "class") || token_is(&before, "def")))
      words_add(words, token.start, token.length);
    if (token.kind != TOKEN_COMMENT)
      before = token;
  }
  return words;
}

gboolean words_cover(const Words *words, const gchar *text, gsize size, guint percent) {
  guint all = 0, known = 0;
  const gchar *at = text, *end = text + size;
  gsize length;
  while ((length = word_next(&at, end)) > 0) {
    gsize digits = 0;
    while (digits < length && g_ascii_isdigit(at[digits]))
      digits++;
    all++;
    known += digits == length || word_set_find(&words->known, at, length) != NULL;
    at += length;
  }
  return all == 0 || known * 100 >= all * percent;
}

void words_free(Words *words) {
  if (words == NULL)
    return;
  word_set_clear(&words->known);
  g_free(words);
}

void claim_doubt(Claim *claim, gchar *reason) {
  if (claim->cautious == NULL)
    claim->cautious = reason;
  else
    g_free(reason);
}
