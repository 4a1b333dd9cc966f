#include "bank/claims_common.h"

#include <stdlib.h>
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

/* The first statement that begins on a line, or -1. */
static gint statement_on(const Statements *statements, guint line) {
  guint low = 0, high = statements->statements->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(statements->statements, Statement, middle).first_line < line)
      low = middle + 1;
    else
      high = middle;
  }
  return low < statements->statements->len &&
                 g_array_index(statements->statements, Statement, low).first_line == line
             ? (gint)low
             : -1;
}

/* For each comment the statement that it trails, is inside of, or stands over, with nothing but
 * further comments between; -1 for none. One at another indentation than what stands below speaks
 * of something else. */
static gint *comment_statements(const Statements *statements) {
  const GArray *comments = statements->comments;
  gint *found = g_new(gint, comments->len + 1);
  for (guint i = comments->len; i > 0; i--) {
    const Comment *comment = &g_array_index(comments, Comment, i - 1);
    const Comment *next = i < comments->len ? comment + 1 : NULL;
    gint index = comment->statement;
    if (comment->place == COMMENT_OWN) {
      gboolean goes_on =
          next != NULL && next->place == COMMENT_OWN && next->line == comment->line + 1;
      index = goes_on ? found[i] : statement_on(statements, comment->line + 1);
      if (goes_on && next->column != comment->column)
        index = -1;
      if (index >= 0 &&
          g_array_index(statements->statements, Statement, index).column != comment->column)
        index = -1;
    }
    found[i - 1] = index < (gint)statements->statements->len ? index : -1;
  }
  return found;
}

/* Nothing but blanks before it on its line. */
static gboolean stands_alone(const Comment *comment) {
  const gchar *sign = comment->text - 1;
  for (guint i = 1; i <= comment->column; i++)
    if (sign[-(gssize)i] != ' ' && sign[-(gssize)i] != '\t')
      return FALSE;
  return TRUE;
}

static gint comment_order(gconstpointer key, gconstpointer element) {
  guint line = GPOINTER_TO_UINT(key);
  const Comment *comment = element;
  return (line > comment->line) - (line < comment->line);
}

void unclaimed_place(Snippet *snippet, const Statements *statements) {
  if (snippet->unclaimed->len == 0 || statements->comments->len == 0)
    return;
  g_autofree gint *found = comment_statements(statements);
  const Comment *comments = (const Comment *)statements->comments->data;
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    const Comment *comment = bsearch(GUINT_TO_POINTER(unclaimed->line), comments,
                                     statements->comments->len, sizeof(Comment), comment_order);
    if (comment == NULL)
      continue;
    unclaimed->is_own = stands_alone(comment);
    gint index = found[comment - comments];
    if (index < 0)
      continue;
    const Statement *statement = &g_array_index(statements->statements, Statement, index);
    unclaimed->first_line = statement->first_line;
    unclaimed->last_line = statement->last_line;
  }
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
