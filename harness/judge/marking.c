#include "judge/marking.h"

#include <string.h>

Mark mark_holds(const gchar *actual, const gchar *note) {
  return (Mark){CLAIM_HOLDS, g_strdup(actual), g_strdup(note)};
}

Mark mark_unchecked(const gchar *actual, const gchar *note) {
  return (Mark){CLAIM_NOT_CHECKABLE, g_strdup(actual), g_strdup(note)};
}

Mark mark_accuse(const Case *cause, const Claim *claim, const gchar *actual, const gchar *note) {
  if (claim->cautious != NULL)
    return mark_unchecked(actual, claim->cautious);
  if (cause->missing != NULL)
    return mark_unchecked(actual, cause->missing);
  if (cause->transcript->prelude > 0 && claim->leans)
    return mark_unchecked(actual, "what earlier blocks left behind decides it, too");
  return (Mark){CLAIM_CONTRADICTED, g_strdup(actual), g_strdup(note)};
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

/* What stands behind the claimed exception's name, where a message does. */
static gchar *claimed_message(const Claim *claim) {
  const gchar *name = strstr(claim->text, claim->expected);
  if (name == NULL)
    return NULL;
  const gchar *behind = name + strlen(claim->expected);
  if (*behind != ':')
    return NULL;
  gchar *message = g_strstrip(g_strdup(behind + 1));
  if (message[0] == '\0')
    g_clear_pointer(&message, g_free);
  return message;
}

static Mark exception_holds(const Raised *raised, const gchar *message) {
  g_autofree gchar *actual = raised_text(raised);
  const gchar *note = NULL;
  if (message != NULL && raised->message != NULL && strcmp(message, raised->message) != 0)
    note = "the message is worded differently";
  return mark_holds(actual, note);
}

Mark mark_exception(const Case *cause, const Claim *claim) {
  const Transcript *transcript = cause->transcript;
  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
  if (transcript->outcome == OUTCOME_UNPARSABLE) {
    /* Nothing but the compiler spoke, and its line may be a neighbour's. */
    raised = transcript_final_exception(transcript);
    if (raised == NULL || !raised_is(raised, claim->expected) ||
        raised->line + 1 < claim->first_line || raised->line > claim->last_line + 1)
      return mark_unchecked(NULL, "the snippet does not compile");
  }
  g_autofree gchar *message = claimed_message(claim);
  if (raised != NULL && raised_is(raised, claim->expected))
    return exception_holds(raised, message);

  g_auto(Shown) shown =
      evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
  /* `print(type(e).__name__)  # KeyError` shows the name. */
  if (raised == NULL && strstr(shown.text, last_part(claim->expected)) != NULL)
    return mark_holds(shown.text, "what it shows names the exception");
  if (raised != NULL) {
    g_autofree gchar *actual = raised_text(raised);
    if (raised_is_missing(raised) || !exception_is_plain(raised->type) ||
        !exception_is_plain(claim->expected))
      return mark_unchecked(actual, "another exception came first");
    return mark_accuse(cause, claim, actual, NULL);
  }
  if (claim->is_value) {
    const Value *value;
    evidence_values(cause->evidence, claim->first_line, &value);
    if (value != NULL && strstr(value->repr, last_part(claim->expected)) != NULL)
      return mark_holds(value->repr, "its value names the exception");
  }
  if (claim->below && claim->is_print && shown.writes > 0)
    return mark_unchecked(shown.text, "the line above wrote something");
  if (!evidence_is_past(cause->evidence, claim->last_line))
    return mark_unchecked(NULL, "its line was never reached");
  if (cause->failed_line != 0 && cause->failed_line < claim->first_line)
    return mark_unchecked(NULL, "an earlier line failed");
  return mark_accuse(cause, claim, "raises nothing", NULL);
}

gchar *want_exception(const gchar *want, gchar **message) {
  static const gchar *const endings[] = {"Error",     "Exception", "Iteration",
                                         "Interrupt", "Exit",      "Group"};
  g_autofree gchar *text = g_strchomp(g_strdup(want));
  *message = NULL;
  const gchar *header = strstr(text, "Traceback (most recent call last)");
  if (header == NULL)
    header = strstr(text, "File \"<");
  const gchar *line = strrchr(text, '\n');
  line = line != NULL ? line + 1 : text;
  if (header == NULL && line != text)
    return NULL;
  /* The message may go on over lines: take the last that begins with a name. */
  while (TRUE) {
    gsize length = 0;
    while (g_ascii_isalnum(line[length]) || line[length] == '_' || line[length] == '.')
      length++;
    gboolean is_exception = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endings) && !is_exception; i++) {
      gsize ending = strlen(endings[i]);
      is_exception = length >= ending && (g_ascii_isalpha(line[0]) || line[0] == '_') &&
                     memcmp(line + length - ending, endings[i], ending) == 0;
    }
    if (is_exception && (line[length] == ':' || line[length] == '\0' || line[length] == '\n')) {
      if (line[length] == ':')
        *message = g_strstrip(g_strndup(line + length + 1, strcspn(line + length + 1, "\n")));
      return g_strndup(line, length);
    }
    if (line - text < 2 || header == NULL)
      return NULL;
    line -= 2; /* on the newline before it, or the character before that */
    while (line > text && line[0] != '\n')
      line--;
    if (line[0] == '\n')
      line++;
    if (line < header)
      return NULL;
  }
}
