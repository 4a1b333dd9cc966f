#include "bank/answer.h"

#include <string.h>

/* What is visible and longer than this is no placeholder. */
#define PLACEHOLDER_MAX 48
/* A list's number has no more digits. */
#define DIGITS_MAX 4

/* Tags that show nothing by themselves. */
static gboolean is_silent_tag(const gchar *name, gsize length) {
  static const gchar *const silent[] = {"a",      "b",    "i",   "em", "strong", "br",
                                        "center", "span", "div", "p",  "hr",     NULL};
  for (guint i = 0; silent[i] != NULL; i++)
    if (strlen(silent[i]) == length && g_ascii_strncasecmp(silent[i], name, length) == 0)
      return TRUE;
  return FALSE;
}

/* Behind the tag or comment that begins at `at`; NULL where it shows something. */
static const gchar *skip_tag(const gchar *at, const gchar *end) {
  if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
    const gchar *stop = g_strstr_len(at, end - at, "-->");
    return stop != NULL ? stop + 3 : end;
  }
  const gchar *name = at + 1 + (at + 1 < end && at[1] == '/');
  const gchar *behind = name;
  while (behind < end && g_ascii_isalnum(*behind))
    behind++;
  const gchar *stop = memchr(at, '>', (gsize)(end - at));
  if (stop == NULL || !is_silent_tag(name, (gsize)(behind - name)))
    return NULL;
  return stop + 1;
}

/* Letters and digits in lower case, with single blanks between; NULL where there is more to see
 * than a placeholder has. */
static gchar *visible_words(const gchar *at, const gchar *end) {
  g_autoptr(GString) words = g_string_new(NULL);
  while (at < end) {
    if (*at == '<') {
      if ((at = skip_tag(at, end)) == NULL)
        return NULL;
      continue;
    }
    if (end - at >= 2 && at[0] == '!' && at[1] == '[') /* an image */
      return NULL;
    if (end - at >= 2 && at[0] == ']' && at[1] == '(') {
      const gchar *stop = memchr(at, ')', (gsize)(end - at));
      at = stop != NULL ? stop + 1 : end;
      continue;
    }
    gunichar character = g_utf8_get_char(at);
    if (g_ascii_isalnum(*at)) /* nearly all of them are */
      g_string_append_c(words, g_ascii_tolower(*at));
    else if (character >= 0x80 && g_unichar_isalnum(character))
      g_string_append_unichar(words, g_unichar_tolower(character));
    else if (words->len > 0 && words->str[words->len - 1] != ' ')
      g_string_append_c(words, ' ');
    if (words->len > PLACEHOLDER_MAX)
      return NULL;
    at = g_utf8_next_char(at);
  }
  g_strchomp(words->str);
  return g_strdup(words->str);
}

/* "TODO: say why". A sentence about lists of things to do has no colon. */
static gboolean is_note_to_do(const gchar *at, const gchar *end) {
  static const gchar *const marks[] = {"todo:", "tbd:", "fixme:", NULL};
  while (at < end && strchr(" \t*_`([", *at) != NULL)
    at++;
  for (guint i = 0; marks[i] != NULL; i++) {
    gsize length = strlen(marks[i]);
    if ((gsize)(end - at) >= length && g_ascii_strncasecmp(at, marks[i], length) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean answer_is_empty(const gchar *text, gsize length) {
  static const gchar *const placeholders[] = {"",
                                              "todo",
                                              "to do",
                                              "tbd",
                                              "tba",
                                              "wip",
                                              "fixme",
                                              "answer",
                                              "answers",
                                              "solution",
                                              "a",
                                              "ans",
                                              "answer here",
                                              "coming soon",
                                              "to be written",
                                              "to be done",
                                              "to be added",
                                              "not written yet",
                                              "work in progress",
                                              NULL};
  if (is_note_to_do(text, text + length))
    return TRUE;
  g_autofree gchar *words = visible_words(text, text + length);
  return words != NULL &&
         (g_strv_contains(placeholders, words) || strstr(words, "back to top") != NULL ||
          strstr(words, "back to contents") != NULL ||
          strstr(words, "back to table of contents") != NULL);
}

static gboolean is_blank_code(const DocumentText *text, const Block *block) {
  for (guint line = block->line; line <= block->last_line; line++)
    if (!document_text_is_blank(text, line))
      return FALSE;
  return TRUE;
}

static gboolean is_empty_prose(const DocumentText *text, const Block *block) {
  gsize first_length, last_length;
  const gchar *first = document_text_line(text, block->line, &first_length);
  const gchar *last = document_text_line(text, block->last_line, &last_length);
  if (first == NULL || last == NULL)
    return TRUE;
  return answer_is_empty(first, (gsize)(last + last_length - first));
}

/* "12. Types of pagination", all of the paragraph, as an entry of a list. */
static gboolean take_listed(Question *question, const DocumentText *text, const Block *block) {
  gsize length;
  const gchar *line = document_text_line(text, block->line, &length);
  if (question->number != NULL || question->is_title || block->columns == 0 ||
      block->line != block->last_line || line == NULL)
    return FALSE;
  const gchar *number = line + MIN(strspn(line, " "), 3);
  gsize digits = strspn(number, "0123456789");
  if (digits == 0 || digits > DIGITS_MAX || strchr(".)", number[digits]) == NULL ||
      strchr(" \t", number[digits + 1]) == NULL)
    return FALSE;
  const gchar *title = number + digits + 1;
  title += strspn(title, " \t");
  g_autofree gchar *written = g_strndup(number, digits);
  g_autofree gchar *words = g_strndup(title, (gsize)(line + length - title));
  question_list(question, block->line, written, g_strchomp(words));
  return TRUE;
}

void answer_read(Question *question, const DocumentText *text, const Block *block) {
  if (question == NULL)
    return;
  guint last = block->last_line + (block->kind == BLOCK_FENCED && block->is_closed);
  question->last_line = MAX(question->last_line, last);
  if (question->has_text)
    return;
  gboolean is_empty;
  switch (block->kind) {
  case BLOCK_HEADING:
    is_empty = answer_is_empty(block->text, strlen(block->text));
    break;
  case BLOCK_PARAGRAPH:
    is_empty = take_listed(question, text, block) || is_empty_prose(text, block);
    break;
  case BLOCK_OTHER:
    is_empty = is_empty_prose(text, block);
    break;
  default:
    is_empty = is_blank_code(text, block);
    break;
  }
  if (is_empty)
    return;
  question->has_text = TRUE;
  g_clear_pointer(&question->listed, g_ptr_array_unref);
}
