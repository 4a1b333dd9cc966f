#include "judge/marking.h"

#include <string.h>

Mark mark_holds(const gchar *actual, const gchar *note) {
  return (Mark){.state = CLAIM_HOLDS, .actual = g_strdup(actual), .note = g_strdup(note)};
}

Mark mark_unchecked(const gchar *actual, const gchar *note) {
  return (Mark){.state = CLAIM_NOT_CHECKABLE, .actual = g_strdup(actual), .note = g_strdup(note)};
}

Mark mark_accuse(const Case *cause, const Claim *claim, const gchar *actual, const gchar *note) {
  if (claim->cautious != NULL)
    return mark_unchecked(actual, claim->cautious);
  if (cause->missing != NULL)
    return mark_unchecked(actual, cause->missing);
  const gchar *pardon = fixture_data_pardon(cause->data, claim, actual);
  gboolean is_earlier = pardon == NULL && cause->transcript->prelude > 0 && claim->leans;
  if (is_earlier)
    pardon = "what earlier blocks left behind decides it, too";
  if (pardon != NULL) {
    Mark mark = mark_unchecked(actual, pardon);
    mark.pardon = is_earlier ? PARDON_EARLIER : PARDON_ROWS;
    return mark;
  }
  return (Mark){.state = CLAIM_CONTRADICTED, .actual = g_strdup(actual), .note = g_strdup(note)};
}

const gchar *value_text(const Value *value) {
  return value->shown != NULL ? value->shown : value->repr;
}

Match value_match(const gchar *expected, const Value *value, const gchar **agreed) {
  Match match = match_value(expected, value->repr, value->type);
  *agreed = value->repr;
  if (match != MATCH_NONE || value->shown == NULL)
    return match;
  *agreed = value->shown;
  return match_value(expected, value->shown, NULL);
}

gboolean repr_may_vary(const gchar *text) {
  for (const gchar *at = text; (at = strchr(at, '<')) != NULL; at++)
    if ((g_ascii_isalpha(at[1]) || at[1] == '_') && !g_str_has_prefix(at, "<class '"))
      return TRUE;
  return FALSE;
}

/* --- exceptions -------------------------------------------------------------- */

static const gchar *last_part(const gchar *name) {
  const gchar *point = strrchr(name, '.');
  return point != NULL ? point + 1 : name;
}

gboolean raised_is(const Raised *raised, const gchar *name) {
  const gchar *wanted = last_part(name);
  if (strcmp(last_part(raised->type), wanted) == 0)
    return TRUE;
  for (guint i = 0; raised->bases != NULL && raised->bases[i] != NULL; i++)
    if (strcmp(last_part(raised->bases[i]), wanted) == 0)
      return TRUE;
  return FALSE;
}

gboolean raised_is_missing(const Raised *raised) {
  return raised_is(raised, "NameError") || raised_is(raised, "ImportError") ||
         raised_is(raised, "OSError") || raised_is(raised, "EOFError");
}

gchar *raised_text(const Raised *raised) {
  const gchar *message = raised->message != NULL ? raised->message : "";
  g_autofree gchar *text = evidence_text(message, strlen(message));
  return text[0] != '\0' ? g_strdup_printf("%s: %s", raised->type, text) : g_strdup(raised->type);
}

gboolean exception_is_plain(const gchar *name) {
  static const gchar *const names[] = {"TypeError",
                                       "ValueError",
                                       "KeyError",
                                       "IndexError",
                                       "AttributeError",
                                       "StopIteration",
                                       "RuntimeError",
                                       "ZeroDivisionError",
                                       "AssertionError",
                                       "RecursionError",
                                       "OverflowError",
                                       "UnboundLocalError",
                                       "LookupError",
                                       "ArithmeticError",
                                       "StopAsyncIteration",
                                       "UnicodeDecodeError",
                                       "UnicodeEncodeError",
                                       "NotImplementedError",
                                       "KeyboardInterrupt",
                                       "FloatingPointError",
                                       "BufferError",
                                       "GeneratorExit",
                                       NULL};
  return g_strv_contains(names, last_part(name));
}

/* A name at the beginning of a line, with nothing or a message behind it: its length, or 0. */
static gsize exception_length(const gchar *line, gboolean is_traceback) {
  static const gchar *const endings[] = {"Error", "Exception", "Iteration",    "Interrupt",
                                         "Exit",  "Group",     "DoesNotExist", "ObjectsReturned"};
  gsize length = 0;
  while (g_ascii_isalnum(line[length]) || line[length] == '_' || line[length] == '.')
    length++;
  if (length == 0 || strchr(":\n", line[length]) == NULL ||
      !(g_ascii_isalpha(line[0]) || line[0] == '_'))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    gsize size = strlen(endings[i]);
    if (length >= size && memcmp(line + length - size, endings[i], size) == 0)
      return length;
  }
  g_autofree gchar *name = g_strndup(line, length);
  const gchar *last = last_part(name);
  gsize humps = 0;
  for (gsize i = 1; last[0] != '\0' && last[i] != '\0'; i++)
    humps += g_ascii_isupper(last[i]) || g_ascii_isdigit(last[i]);
  return is_traceback && g_ascii_isupper(last[0]) && (humps > 0 || last > name) ? length : 0;
}

gchar *want_exception(const gchar *want, gchar **message) {
  g_autofree gchar *text = g_strchomp(g_strdup(want));
  *message = NULL;
  const gchar *header = strstr(text, "Traceback (most recent call last)");
  if (header == NULL)
    header = strstr(text, "File \"<");
  const gchar *last = strrchr(text, '\n');
  last = last != NULL ? last + 1 : text;
  if (header == NULL && last != text)
    return NULL;
  /* The message may go on over lines: take the last that begins with a name; with one that can
   * be no other's, if there is any. */
  for (guint is_loose = 0; is_loose <= (header != NULL); is_loose++) {
    for (const gchar *line = last;;) {
      gsize length = exception_length(line, is_loose);
      if (length > 0 && line[length] == ':')
        *message = g_strstrip(g_strndup(line + length + 1, strcspn(line + length + 1, "\n")));
      if (length > 0)
        return g_strndup(line, length);
      if (line - text < 2 || header == NULL)
        break;
      line -= 2; /* on the newline before it, or the character before that */
      while (line > text && line[0] != '\n')
        line--;
      if (line[0] == '\n')
        line++;
      if (line < header)
        break;
    }
  }
  return NULL;
}
