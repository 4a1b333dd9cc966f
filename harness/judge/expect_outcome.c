#include "judge/expect_outcome.h"

#include <signal.h>
#include <string.h>

#define RAISES "raises "
#define EXITS "exits "
#define DEADLOCKS "deadlocks"
#define AT " at "
#define NEVER_ENDS "never ends"
#define KILLED "killed by "
#define STOPPED "stopped"
#define UNPARSABLE "does not compile"

static gboolean is_number(const gchar *text, gboolean may_be_negative) {
  if (may_be_negative && *text == '-')
    text++;
  gsize digits = strspn(text, "0123456789");
  return digits > 0 && digits < 10 && text[digits] == '\0';
}

/* What stands behind a beginning; NULL where the text does not begin so. */
static const gchar *behind(const gchar *text, const gchar *beginning) {
  return g_str_has_prefix(text, beginning) ? text + strlen(beginning) : NULL;
}

gboolean outcome_is_fine(const gchar *outcome) {
  static const gchar *const whole[] = {"finishes", DEADLOCKS,  NEVER_ENDS,
                                       STOPPED,    UNPARSABLE, NULL};
  const gchar *rest;
  if (g_strv_contains(whole, outcome))
    return TRUE;
  if ((rest = behind(outcome, RAISES)) != NULL)
    return *rest != '\0' && strchr(rest, ' ') == NULL;
  if ((rest = behind(outcome, EXITS)) != NULL)
    return is_number(rest, TRUE);
  if ((rest = behind(outcome, DEADLOCKS AT)) != NULL)
    return is_number(rest, FALSE);
  if ((rest = behind(outcome, KILLED)) != NULL)
    return g_str_has_prefix(rest, "SIG") ||
           (g_str_has_prefix(rest, "signal ") && is_number(rest + strlen("signal "), FALSE));
  return FALSE;
}

/* "json.decoder.JSONDecodeError" is also called by its last name. */
static gboolean is_class(const Raised *raised, const gchar *name) {
  const gchar *last = raised != NULL ? strrchr(raised->type, '.') : NULL;
  return raised != NULL &&
         (g_str_equal(raised->type, name) || (last != NULL && g_str_equal(last + 1, name)));
}

static gboolean waits_at(const Transcript *transcript, guint64 line) {
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    if (waiting->line == line)
      return TRUE;
  }
  return FALSE;
}

gboolean outcome_is_met(const gchar *outcome, const Transcript *transcript) {
  const gchar *rest;
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
    return g_str_equal(outcome, "finishes");
  case OUTCOME_RAISED:
    rest = behind(outcome, RAISES);
    return rest != NULL && is_class(transcript_final_exception(transcript), rest);
  case OUTCOME_EXITED:
    rest = behind(outcome, EXITS);
    return rest != NULL && g_ascii_strtoll(rest, NULL, 10) == transcript->exit_code;
  case OUTCOME_STUCK:
    if (g_str_equal(outcome, DEADLOCKS) || g_str_equal(outcome, NEVER_ENDS))
      return TRUE;
    rest = behind(outcome, DEADLOCKS AT);
    return rest != NULL && waits_at(transcript, g_ascii_strtoull(rest, NULL, 10));
  case OUTCOME_STOPPED:
    return g_str_equal(outcome, STOPPED) ||
           (g_str_equal(outcome, NEVER_ENDS) &&
            (transcript->limit == LIMIT_WALL || transcript->limit == LIMIT_CPU));
  case OUTCOME_SIGNALLED: {
    g_autofree gchar *text = transcript_outcome_text(transcript);
    return g_str_equal(outcome, text);
  }
  case OUTCOME_UNPARSABLE:
    return g_str_equal(outcome, UNPARSABLE);
  case OUTCOME_HELD:
  case OUTCOME_UNREADY:
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED:
    return FALSE;
  }
  g_return_val_if_reached(FALSE);
}

gchar *outcome_of(const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
  case OUTCOME_RAISED:
  case OUTCOME_EXITED:
  case OUTCOME_SIGNALLED:
    return transcript_outcome_text(transcript);
  case OUTCOME_STUCK:
    for (guint i = 0; i < transcript->waits->len; i++) {
      const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
      if (waiting->line != 0)
        return g_strdup_printf(DEADLOCKS AT "%u", waiting->line);
    }
    return g_strdup(NEVER_ENDS);
  case OUTCOME_STOPPED:
    return g_strdup(STOPPED);
  case OUTCOME_UNPARSABLE:
    return g_strdup(UNPARSABLE);
  case OUTCOME_HELD:
  case OUTCOME_UNREADY:
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED:
    return NULL;
  }
  g_return_val_if_reached(NULL);
}
