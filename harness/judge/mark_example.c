/* Claims of a session's examples, and of a block of output. */
#include <string.h>

#include "judge/literal.h"
#include "judge/marking.h"
#include "judge/match.h"

static Mark mark_example_exception(const Case *cause, const Claim *claim, const gchar *name,
                                   const gchar *message, const Raised *raised,
                                   const gchar *written) {
  if (raised != NULL) {
    g_autofree gchar *actual = raised_text(raised);
    if (raised_is(raised, name)) {
      gboolean differs = message != NULL && raised->message != NULL &&
                         strcmp(message, raised->message) != 0 &&
                         match_session(message, raised->message) == MATCH_NONE;
      return mark_holds(actual, differs ? "the message is worded differently" : NULL);
    }
    if (exception_is_plain(raised->type) && exception_is_plain(name) &&
        !raised_is_missing(raised) && cause->failed_line >= claim->first_line)
      return mark_accuse(cause, claim, actual, NULL);
    /* Classes were split and renamed over the versions. */
    return mark_unchecked(actual, "another exception than the one shown");
  }
  if (!evidence_is_past(cause->evidence, claim->last_line))
    return mark_unchecked(NULL, "its line was never reached");
  if (raised == NULL && strcmp(name, "SyntaxError") == 0)
    return mark_unchecked(written, "this version of Python reads it");
  if (cause->failed_line != 0 && cause->failed_line < claim->first_line)
    return mark_unchecked(written, "an earlier example failed");
  g_autofree gchar *actual = written[0] != '\0' ? g_strdup(written) : g_strdup("raises nothing");
  return mark_accuse(cause, claim, actual, NULL);
}

/* "Prose about the result" under a prompt: words, and no sign of a value. */
static gboolean reads_as_prose(const gchar *want) {
  guint words = 0;
  for (const gchar *at = want; *at != '\0'; at++) {
    if (strchr("{}[]=<>|_\\0123456789", *at) != NULL)
      return FALSE;
    words += g_ascii_isalpha(*at) && (at == want || at[-1] == ' ');
  }
  return words > 3;
}

/* What an author writes behind output, as if it were code, left out: lines that
 * begin with '#', and "  # ..." at the ends of others. NULL where there is none. */
static gchar *without_comments(const gchar *want) {
  GString *bare = g_string_new(NULL);
  gboolean any = FALSE;
  for (const gchar *line = want; *line != '\0';) {
    gsize length = strcspn(line, "\n"), kept = length;
    if (line[strspn(line, " ")] == '#') {
      kept = 0;
      any = TRUE;
    }
    for (gsize i = 2; i < kept; i++)
      if (line[i] == '#' && line[i - 1] == ' ' && line[i - 2] == ' ') {
        kept = i - 2;
        any = TRUE;
      }
    g_string_append_len(bare, line, (gssize)kept);
    if (kept > 0)
      g_string_append_c(bare, '\n');
    line += length + (line[length] == '\n');
  }
  gchar *text = g_string_free(bare, FALSE);
  if (!any || text[0] == '\0')
    g_clear_pointer(&text, g_free);
  return text;
}

/* A want that had comment signs is a comment, and may hold prose. */
static gboolean is_plain(const Claim *claim) {
  gsize length = strcspn(claim->expected, "\n");
  return strncmp(claim->text, claim->expected, length) == 0;
}

/* One of the two is the beginning of the other, in whole lines: a long output that
 * was cut, or output with a remark below it. */
static gboolean begins_alike(const Claim *claim, const gchar *written) {
  if (is_plain(claim))
    return FALSE;
  const gchar *claimed = claim->expected;
  for (;;) {
    gsize length = strcspn(claimed, "\n"), seen = strcspn(written, "\n");
    g_autofree gchar *one = g_strndup(claimed, length);
    g_autofree gchar *other = g_strndup(written, seen);
    if (match_output(one, other) == MATCH_NONE || (one[0] == '\0') != (other[0] == '\0'))
      return FALSE;
    claimed += length + (claimed[length] == '\n');
    written += seen + (written[seen] == '\n');
    if (*claimed == '\0' || *written == '\0')
      return TRUE;
  }
}

static Mark mark_example_apart(const Case *cause, const Claim *claim, const gchar *expected,
                               const gchar *written) {
  if (cause->failed_line != 0 && cause->failed_line < claim->first_line)
    return mark_unchecked(written, "an earlier example failed");
  LiteralKind claimed, kind;
  g_autofree gchar *claimed_value = literal_canonical(expected, &claimed);
  g_autofree gchar *value = literal_canonical(written, &kind);
  if (!claim->is_print && !claim->is_value && written[0] == '\0')
    return mark_unchecked(NULL, "shows nothing");
  if (claimed_value != NULL && value != NULL) {
    g_autofree gchar *seen = g_strstrip(g_strdup(written));
    g_autofree gchar *shown = g_strstrip(g_strdup(expected));
    if (literal_is_shortened(shown, seen))
      return mark_unchecked(written, "shortened");
    if (repr_may_vary(written) || repr_may_vary(expected))
      return mark_unchecked(written, "a repr that varies");
    if (!is_plain(claim) && claimed != kind)
      return mark_unchecked(written, "a value of another kind: the comment may speak of another");
    return mark_accuse(cause, claim, written, NULL);
  }
  if (written[0] == '\0')
    return mark_unchecked(NULL, "shows nothing");
  g_autofree gchar *bare = literal_string(expected);
  g_autofree gchar *shown = g_strstrip(g_strdup(written));
  if (match_is_near(bare != NULL ? bare : expected, shown) ||
      match_lines_are_near(expected, written))
    return mark_accuse(cause, claim, written, NULL);
  if (claimed_value != NULL && !repr_may_vary(expected) && is_plain(claim) &&
      (claim->is_print || claim->is_value))
    return mark_accuse(cause, claim, written, NULL);
  if (reads_as_prose(expected))
    return mark_unchecked(written, "reads as prose");
  return mark_unchecked(written, "too unlike what was shown to compare");
}

/* By its repr, or as a fixture shows it. */
static Match session_match(const gchar *expected, const Value *value, const gchar **agreed) {
  *agreed = value->repr;
  Match match = match_session(expected, value->repr);
  if (match != MATCH_NONE || value->shown == NULL)
    return match;
  *agreed = value->shown;
  return match_session(expected, value->shown);
}

Mark mark_example(const Case *cause, const Claim *claim) {
  g_auto(Shown) shown =
      evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
  g_autofree gchar *message = NULL;
  g_autofree gchar *name = want_exception(claim->expected, &message);
  if (name != NULL) {
    Match match = match_session(claim->expected, shown.text);
    if (raised == NULL && match != MATCH_NONE)
      return mark_holds(shown.text, match_note(match));
    return mark_example_exception(cause, claim, name, message, raised, shown.text);
  }
  /* A comment's value and the string around it: the repr is what is shown. */
  if (raised == NULL) {
    Match match = match_session(claim->expected, shown.text);
    g_autofree gchar *bare = match == MATCH_NONE ? without_comments(claim->expected) : NULL;
    if (bare != NULL)
      match = match_session(bare, shown.text);
    if (match == MATCH_NONE && shown.writes > 0 && begins_alike(claim, shown.text))
      match = MATCH_BEGINNING;
    const gchar *agreed = shown.text;
    if (match == MATCH_NONE && claim->is_value) {
      g_autoptr(GPtrArray) values = evidence_values(cause->evidence, claim->first_line, NULL);
      if (values->len == 1)
        match = session_match(claim->expected, g_ptr_array_index(values, 0), &agreed);
    }
    if (match != MATCH_NONE)
      return mark_holds(agreed, match_note(match));
    if (shown.is_cut)
      return mark_unchecked(shown.text, "its output was cut");
    if (shown.writes == 0 && !evidence_is_past(cause->evidence, claim->last_line))
      return mark_unchecked(NULL, "its line was never reached");
    return mark_example_apart(cause, claim, bare != NULL ? bare : claim->expected, shown.text);
  }

  g_autofree gchar *actual = raised_text(raised);
  if (match_output(claim->expected, actual) != MATCH_NONE)
    return mark_holds(actual, NULL);
  if (raised_is_missing(raised) || raised_is(raised, "SyntaxError") ||
      raised_is(raised, "KeyboardInterrupt"))
    return mark_unchecked(actual, "it raised an exception");
  /* A session that goes on after a failure it does not show is one of which
   * something was left out. */
  return mark_unchecked(actual, "it raised an exception that is not shown");
}

Mark mark_output(const Case *cause, const Claim *claim) {
  const Transcript *transcript = cause->transcript;
  g_autofree gchar *written = evidence_text(transcript->output->str, transcript->output->len);
  const Raised *final = transcript_final_exception(transcript);
  Match match = match_session(claim->expected, written);
  if (match == MATCH_NONE && final != NULL) {
    /* What was printed, then a traceback: only its last line is stable. */
    g_autofree gchar *message = NULL;
    g_autofree gchar *name = want_exception(claim->expected, &message);
    if (name != NULL && raised_is(final, name)) {
      const gchar *traceback = strstr(claim->expected, "Traceback (most recent");
      g_autofree gchar *before =
          g_strndup(claim->expected, traceback != NULL ? (gsize)(traceback - claim->expected) : 0);
      g_autofree gchar *actual = raised_text(final);
      if (match_output(before, written) != MATCH_NONE)
        return mark_holds(actual, message != NULL && strcmp(message, final->message) != 0
                                      ? "the message is worded differently"
                                      : NULL);
    }
  }
  if (match != MATCH_NONE && transcript->output->len > 0)
    return mark_holds(written, match_note(match));
  if (transcript->outcome == OUTCOME_RAISED && final != NULL && !raised_is_missing(final) &&
      strstr(claim->expected, "Traceback (most recent call last)") != NULL) {
    g_autofree gchar *message = NULL;
    g_autofree gchar *name = want_exception(claim->expected, &message);
    g_autofree gchar *actual = raised_text(final);
    if (name != NULL && !raised_is(final, name) && exception_is_plain(final->type) &&
        exception_is_plain(name))
      return mark_accuse(cause, claim, actual, NULL);
  }
  if (transcript->outcome != OUTCOME_FINISHED)
    return mark_unchecked(written, "the snippet did not finish");
  if (transcript->output_cut > 0 || transcript->output->len > EVIDENCE_MAX)
    return mark_unchecked(written, "its output was cut");
  if (match_lines_are_near(claim->expected, written))
    return mark_accuse(cause, claim, written, NULL);
  return mark_unchecked(written[0] != '\0' ? written : NULL,
                        "too unlike what was written to compare");
}
