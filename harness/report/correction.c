/*
 * Where a claim is not found again in the bytes of its file, nothing is touched.
 */
#include "report/correction.h"

#include <string.h>

#include "report/claim_place.h"

#define VALUE_MAX 400   /* a longer value makes no comment */
#define LINES_MAX 65536 /* bytes of output that spans lines */

void correction_free(Correction *correction) {
  if (correction == NULL)
    return;
  g_free(correction->text);
  g_free(correction);
}

static Correction *cannot(gchar **reason, const gchar *why) {
  *reason = g_strdup(why);
  return NULL;
}

/* Takes text over. */
static Correction *correction_new(Bytes document, const gchar *at, gsize length, gchar *text) {
  Correction *correction = g_new0(Correction, 1);
  correction->offset = (gsize)(at - document.bytes);
  correction->length = length;
  correction->text = text;
  return correction;
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

/* Not a part of a longer word or number. */
static gboolean stands_alone(Line in, const gchar *at, gsize length) {
  const gchar *end = in.at + in.length;
  gboolean is_number = g_ascii_isdigit(at[0]);
  if (at > in.at && is_word(at[0]) && is_word(at[-1]))
    return FALSE;
  if (is_number && at - in.at > 1 && at[-1] == '.' && g_ascii_isdigit(at[-2]))
    return FALSE;
  if (at + length < end && is_word(at[length - 1]) && is_word(at[length]))
    return FALSE;
  return !(g_ascii_isdigit(at[length - 1]) && at + length + 1 < end && at[length] == '.' &&
           g_ascii_isdigit(at[length + 1]));
}

static gboolean is_behind_label(Line in, const gchar *at) {
  while (at > in.at && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '`'))
    at--;
  return at > in.at && strchr(":=>\x92", at[-1]) != NULL;
}

static gboolean is_at_beginning(Line in, const gchar *at) {
  while (at > in.at && strchr(" \t`#", at[-1]) != NULL)
    at--;
  return at == in.at;
}

/* Where the comment says what is expected. NULL where it says it more than once, and
 * nothing tells which is meant. */
static const gchar *expected_find(const Claim *claim, Line comment, const gchar *expected) {
  gsize length = strlen(expected), found = 0;
  const gchar *only = NULL, *meant = NULL;
  const gchar *end = comment.at + comment.length;
  for (const gchar *at = comment.at; length > 0 && at + length <= end; at++) {
    if (memcmp(at, expected, length) != 0 || !stands_alone(comment, at, length))
      continue;
    found++;
    only = at;
    gboolean fits =
        claim->rule == CLAIM_LABEL ? is_behind_label(comment, at) : is_at_beginning(comment, at);
    if (fits && meant == NULL)
      meant = at;
  }
  return found == 1 ? only : meant;
}

/* --- values in the author's style ---------------------------------------------- */

/* What would do something to a terminal, or be read in two ways. */
static gboolean is_plain_text(const gchar *text) {
  if (!g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const gchar *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    if (g_unichar_type(character) == G_UNICODE_FORMAT || character == 0xfffd ||
        character == 0x2028 || character == 0x2029 ||
        (g_unichar_iscntrl(character) && character != '\n' && character != '\t'))
      return FALSE;
  }
  return TRUE;
}

/* A string between quotes, with nothing escaped in it. */
static gboolean is_quoted(const gchar *text) {
  gsize length = strlen(text);
  return length >= 2 && (text[0] == '\'' || text[0] == '"') && text[length - 1] == text[0] &&
         strchr(text, '\\') == NULL && strchr(text + 1, text[0]) == text + length - 1;
}

static gboolean looks_like_value(const gchar *text) {
  static const gchar *const words[] = {"True", "False", "None", NULL};
  return g_strv_contains(words, text) || g_ascii_isdigit(text[0]) || strchr("-[({<", text[0]);
}

/* ["a"] for ['a'], where the author writes it that way. */
static gchar *with_quotes_of(const gchar *expected, const gchar *actual) {
  if (strchr(expected, '"') == NULL || strchr(expected, '\'') != NULL ||
      strchr(actual, '"') != NULL || strchr(actual, '\\') != NULL)
    return g_strdup(actual);
  return g_strdelimit(g_strdup(actual), "'", '"');
}

static gchar *in_style_of(const gchar *expected, const gchar *actual) {
  gsize length = strlen(actual);
  if (is_quoted(expected) && !is_quoted(actual) && !looks_like_value(actual) &&
      strchr(actual, expected[0]) == NULL && strchr(actual, '\\') == NULL)
    return g_strdup_printf("%c%s%c", expected[0], actual, expected[0]);
  if (g_ascii_isalpha(expected[0]) && !looks_like_value(expected) && is_quoted(actual))
    return g_strndup(actual + 1, length - 2);
  if (strchr("([{<", expected[0]) == NULL && strstr(expected, ", ") != NULL && length > 2 &&
      actual[0] == '(' && actual[length - 1] == ')') {
    g_autofree gchar *bare = g_strndup(actual + 1, length - 2);
    return with_quotes_of(expected, bare);
  }
  return with_quotes_of(expected, actual);
}

/* --- exceptions ------------------------------------------------------------------ */

/* Length of the name in "ValueError: bad", "ValueError"; 0 for any other text. */
static gsize exception_name_length(const gchar *text) {
  gsize length = 0, last = 0;
  while (g_ascii_isalnum(text[length]) || text[length] == '_' || text[length] == '.') {
    if (text[length] == '.')
      last = length + 1;
    length++;
  }
  gboolean is_name = length > last + 3 && g_ascii_isupper(text[last]) && !g_ascii_isdigit(text[0]);
  return is_name && (text[length] == '\0' || g_str_has_prefix(text + length, ": ")) ? length : 0;
}

/* "ValueError: bad" for what says "TypeError: no", "ValueError" for "TypeError".
 * qualified: whether the module's name belongs to it. NULL for no exception. */
static gchar *exception_in_style(const gchar *actual, gboolean is_qualified, gboolean has_message) {
  gsize length = exception_name_length(actual);
  if (length == 0 || strchr(actual, '\n') != NULL)
    return NULL;
  g_autofree gchar *name = g_strndup(actual, length);
  const gchar *point = strrchr(name, '.');
  return g_strconcat(is_qualified || point == NULL ? name : point + 1,
                     has_message ? actual + length : "", NULL);
}

static Correction *correct_exception(Bytes document, const Snippet *snippet, const Claim *claim,
                                     const gchar *actual, gchar **reason) {
  Line comment;
  if (!comment_find(document, snippet, claim, &comment))
    return cannot(reason, "its place in the file is not sure");
  const gchar *at = expected_find(claim, comment, claim->expected);
  if (at == NULL)
    return cannot(reason, "its comment says it more than once");
  gsize length = strlen(claim->expected), rest = comment.length - (gsize)(at - comment.at);
  gboolean has_message = rest > length + 2 && at[length] == ':' && at[length + 1] == ' ';
  gchar *text = exception_in_style(actual, strchr(claim->expected, '.') != NULL, has_message);
  if (text == NULL)
    return cannot(reason, "nothing is raised there");
  return correction_new(document, at, has_message ? chomped(at, rest) : length, text);
}

/* --- lines ------------------------------------------------------------------------ */

static gboolean closes_fence(const gchar *line) {
  line += strspn(line, " \t>");
  return g_str_has_prefix(line, "```") || g_str_has_prefix(line, "~~~");
}

/* Lines of the document that end with those of `expected` get those of `actual`, each
 * behind what stands before it now; a line more, behind what stands before the others. */
static Correction *correct_lines(Bytes document, guint number, const gchar *expected,
                                 const gchar *actual, gchar **reason) {
  g_auto(GStrv) olds = g_strsplit(expected, "\n", -1);
  g_auto(GStrv) news = g_strsplit(actual, "\n", -1);
  guint old_count = g_strv_length(olds), new_count = g_strv_length(news);
  Line first = {0}, last = {0}, before;
  const gchar *ending = "\n";
  g_autofree gchar *others = NULL; /* prefix of further lines */
  g_autoptr(GString) text = g_string_new(NULL);

  if (line_find(document, number, &first) && first.ending == 0 && number > 1 &&
      line_find(document, number - 1, &before))
    first.ending = before.ending, ending = before.at + before.length;
  else if (first.at != NULL)
    ending = first.at + first.length;
  for (guint i = 0; i < MAX(old_count, new_count); i++) {
    gsize begin = 0;
    if (i < old_count &&
        (!line_find(document, number + i, &last) || !tail_find(last, olds[i], &begin)))
      return cannot(reason, "its place in the file is not sure");
    if (i < old_count && olds[i][0] != '\0') {
      g_free(others);
      others = g_strndup(last.at, begin);
    }
    if (i >= new_count)
      continue;
    if (others == NULL || closes_fence(news[i]))
      return cannot(reason, "what it shows does not fit in there");
    if (i > 0)
      g_string_append_len(text, ending, (gssize)MAX(first.ending, 1));
    g_autofree gchar *old = i < old_count ? g_strchomp(g_strdup(olds[i])) : NULL;
    g_autofree gchar *new = g_strchomp(g_strdup(news[i]));
    if (old != NULL && g_str_equal(old, new))
      g_string_append_len(text, last.at, (gssize)last.length);
    else
      g_string_append_printf(text, "%.*s%s",
                             (int)(*new != '\0' ? strlen(others) : chomped(others, strlen(others))),
                             others, new);
  }
  gsize length = (gsize)(last.at + last.length - first.at);
  return correction_new(document, first.at, length, g_string_free(g_steal_pointer(&text), FALSE));
}

/* Comments on lines of their own: the first may hold but a label. */
static Correction *correct_comments(Bytes document, const Snippet *snippet, const Claim *claim,
                                    const gchar *expected, const gchar *actual, gchar **reason) {
  Line line;
  gsize begin;
  guint number = snippet_document_line(snippet, claim->line);
  g_autofree gchar *first = g_strndup(expected, strcspn(expected, "\n"));
  if (!line_find(document, number, &line))
    return cannot(reason, "its place in the file is not sure");
  if (!tail_find(line, first, &begin))
    number++;
  return correct_lines(document, number, expected, actual, reason);
}

static guint count_lines(const gchar *text) {
  guint lines = 1;
  for (; *text != '\0'; text++)
    lines += *text == '\n';
  return lines;
}

/* --- claims ----------------------------------------------------------------------- */

static Correction *correct_comment(Bytes document, const Snippet *snippet, const Claim *claim,
                                   const gchar *expected, const gchar *actual, gchar **reason) {
  guint old_count = count_lines(expected), new_count = count_lines(actual);
  if (old_count > 1 || (new_count > 1 && claim->below)) {
    /* What happened is what the nearest statement showed. */
    if (old_count != new_count && claim->group_line != 0)
      return cannot(reason, "it may speak of several statements");
    if (old_count != new_count && claim->rule != CLAIM_ARROW && claim->rule != CLAIM_LABEL)
      return cannot(reason, "it spans another number of lines than what happened");
    return correct_comments(document, snippet, claim, expected, actual, reason);
  }
  if (new_count > 1)
    return cannot(reason, "what it shows has several lines");
  if (strlen(actual) > VALUE_MAX)
    return cannot(reason, "what it shows is too long for a comment");
  Line comment;
  if (!comment_find(document, snippet, claim, &comment)) {
    /* Below a label that has a line of its own. */
    if (claim->below && claim->rule == CLAIM_LABEL)
      return correct_comments(document, snippet, claim, expected, actual, reason);
    return cannot(reason, "its place in the file is not sure");
  }
  const gchar *at = expected_find(claim, comment, expected);
  if (at == NULL && claim->below && claim->rule == CLAIM_LABEL)
    return correct_comments(document, snippet, claim, expected, actual, reason);
  if (at == NULL)
    return cannot(reason, "its comment says it more than once");
  return correction_new(document, at, strlen(expected), in_style_of(expected, actual));
}

/* What a session shows, or a block of output. */
static Correction *correct_block(Bytes document, const Snippet *snippet, const Claim *claim,
                                 const gchar *expected, const gchar *actual, gchar **reason) {
  const gchar *last = strrchr(expected, '\n');
  last = last != NULL ? last + 1 : expected;
  if (strstr(expected, "Traceback (most recent call last)") != NULL) {
    gsize length = exception_name_length(last);
    g_autofree gchar *name = g_strndup(last, length);
    g_autofree gchar *text = exception_in_style(actual, TRUE, last[length] == ':');
    if (length == 0 || text == NULL)
      return cannot(reason, "it shows a traceback");
    guint number = snippet_document_line(snippet, claim->line) + count_lines(expected) - 1;
    return correct_lines(document, number, last, text, reason);
  }
  if (strstr(expected, "  #") != NULL || strstr(expected, "<BLANKLINE>") != NULL)
    return cannot(reason, "it holds more than what is shown");
  if (claim->target == CLAIM_OF_EXAMPLE && strstr(actual, "\n\n") != NULL)
    return cannot(reason, "what it shows holds blank lines");
  /* Behind a comment sign an author may write a string with quotes. */
  gboolean is_comment = claim->text[strspn(claim->text, " \t")] == '#';
  g_autofree gchar *styled = is_comment && count_lines(expected) == 1 && count_lines(actual) == 1
                                 ? in_style_of(expected, actual)
                                 : g_strdup(actual);
  return correct_comments(document, snippet, claim, expected, styled, reason);
}

Correction *correction_of_claim(const gchar *bytes, gsize size, const Snippet *snippet,
                                const ClaimResult *result, gchar **reason) {
  const Claim *claim = result->claim;
  Bytes document = {bytes, size};
  g_autofree gchar *expected = g_strchomp(g_strdup(claim->expected != NULL ? claim->expected : ""));
  g_autofree gchar *actual = g_strchomp(g_strdup(result->actual != NULL ? result->actual : ""));
  *reason = NULL;
  switch (claim->target) {
  case CLAIM_OF_HANG:
    return cannot(reason, "that it goes on is not said by another value");
  case CLAIM_OF_PASSING:
    return cannot(reason, "that it raises is not said by another value");
  case CLAIM_OF_SPEED:
    return cannot(reason, "it speaks of time");
  case CLAIM_OF_FIELD:
    return cannot(reason, "what happened is not said by another value");
  default:
    break;
  }
  if (*expected == '\0')
    return cannot(reason, "it names no value");
  if (*actual == '\0' || g_str_equal(actual, "raises nothing"))
    return cannot(reason, claim->target == CLAIM_OF_EXCEPTION ? "nothing is raised there"
                                                              : "nothing is shown there");
  if (!is_plain_text(actual))
    return cannot(reason, "what it shows holds control characters");
  if (strlen(actual) > LINES_MAX)
    return cannot(reason, "what it shows is too long");
  if (strstr(actual, " at 0x") != NULL)
    return cannot(reason, "what it shows holds an address");
  if (claim->target == CLAIM_OF_EXCEPTION)
    return correct_exception(document, snippet, claim, actual, reason);
  if (claim->target == CLAIM_OF_EXAMPLE || claim->target == CLAIM_OF_SNIPPET)
    return correct_block(document, snippet, claim, expected, actual, reason);
  return correct_comment(document, snippet, claim, expected, actual, reason);
}
