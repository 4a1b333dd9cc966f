/* Claims of what a line writes, or of what its expression gives. */
#include <string.h>

#include "judge/literal.h"
#include "judge/marking.h"
#include "judge/match.h"

/* All that a line showed. */
typedef struct {
  Shown own;   /* written by it as the innermost line */
  Shown under; /* written while it was the outermost: by what it calls */
  Shown group; /* with the statements above it that share its claim */
  const Value *value;
  guint values;
} Seen;

static void seen_clear(Seen *seen) {
  shown_clear(&seen->own);
  shown_clear(&seen->under);
  shown_clear(&seen->group);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

static gboolean is_none(const Value *value) {
  return strcmp(value->type, "NoneType") == 0;
}

/* What is said to have happened: the value, else what was written. */
static const gchar *seen_actual(const Claim *claim, const Seen *seen) {
  if (seen->value != NULL && !(is_none(seen->value) && seen->under.writes > 0))
    return seen->value->repr;
  if (seen->own.writes > 0 || claim->is_print)
    return seen->own.writes > 0 ? seen->own.text : NULL;
  return seen->under.writes > 0 ? seen->under.text : NULL;
}

/* How the claim agrees with anything that was seen; *actual is set to that. */
static Match seen_match(const Claim *claim, const Seen *seen, const gchar *expected,
                        const gchar **actual) {
  const gchar *candidates[4] = {
      seen->value != NULL ? seen->value->repr : NULL,
      seen->own.writes > 0 ? seen->own.text : NULL,
      seen->under.writes > 0 ? seen->under.text : NULL,
      claim->group_line != 0 && seen->group.writes > 0 ? seen->group.text : NULL,
  };
  for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
    Match match = candidates[i] != NULL ? match_output(expected, candidates[i]) : MATCH_NONE;
    if (match != MATCH_NONE) {
      *actual = candidates[i];
      return match;
    }
  }
  return MATCH_NONE;
}

/* "1 2 4" behind a print() in a loop: all of it is claimed, not only its first. */
static gboolean goes_on_in_values(const Claim *claim) {
  const gchar *at = strstr(claim->text, claim->expected);
  if (claim->rule != CLAIM_PROSE || at == NULL || !g_ascii_isdigit(claim->expected[0]))
    return FALSE;
  at += strlen(claim->expected);
  return *at != '\0' && strspn(at, " ,.-0123456789") == strlen(at);
}

/* "2 + 3 = 5", "8 = 2 ** 3" behind what gives the one side. */
static Match match_equation(const Claim *claim, const Seen *seen, const gchar **actual) {
  const gchar *left = strchr(claim->expected, '='), *right = strrchr(claim->expected, '=');
  if (claim->rule != CLAIM_TEXT || left == NULL || right - left > 1 ||
      strchr("<>!", left > claim->expected ? left[-1] : '<') != NULL)
    return MATCH_NONE;
  g_autofree gchar *one = g_strstrip(g_strndup(claim->expected, (gsize)(left - claim->expected)));
  g_autofree gchar *other = g_strstrip(g_strdup(right + 1));
  Match match = other[0] != '\0' ? seen_match(claim, seen, other, actual) : MATCH_NONE;
  if (match == MATCH_NONE && one[0] != '\0')
    match = seen_match(claim, seen, one, actual);
  return match == MATCH_TEXT || match == MATCH_VALUE ? MATCH_SIDE : MATCH_NONE;
}

/* The first of several lines, or one part of the only one. */
static Match seen_match_partly(const Claim *claim, const Seen *seen, const gchar **actual) {
  const Shown *shown = seen->own.writes > 0 ? &seen->own : &seen->under;
  if (shown->writes == 0 || claim->rule == CLAIM_ARROW)
    return MATCH_NONE;
  *actual = shown->text;
  if (shown->ends > 1) {
    if (goes_on_in_values(claim))
      return MATCH_NONE;
    g_autofree gchar *first = g_strndup(shown->text, strcspn(shown->text, "\n"));
    return match_output(claim->expected, first) != MATCH_NONE ? MATCH_FIRST : MATCH_NONE;
  }
  if (claim->rule == CLAIM_TEXT || strchr(claim->expected, '\n') != NULL)
    return MATCH_NONE;
  /* print("Sum:", x)  # 5 speaks of one of the things that are printed. */
  g_autofree gchar *value = literal_canonical(shown->text, NULL);
  g_autofree gchar *bare = literal_string(claim->expected);
  if (value != NULL)
    return MATCH_NONE;
  return match_is_part(claim->expected, shown->text) ||
                 (bare != NULL && match_is_part(bare, shown->text))
             ? MATCH_PART
             : MATCH_NONE;
}

/* Which of the two readings of a value a comment can speak of. */
static gboolean is_other_kind(const Claim *claim, LiteralKind claimed, LiteralKind seen) {
  if (claimed == seen)
    return FALSE;
  if (claim->is_value)
    return TRUE;
  return claim->rule == CLAIM_LITERAL && claimed == LITERAL_NUMBER;
}

/* "[1]" */
static gboolean is_footnote(const gchar *text) {
  gsize digits = text[0] == '[' ? strspn(text + 1, "0123456789") : 0;
  return (digits == 1 || digits == 2) && strcmp(text + 1 + digits, "]") == 0;
}

/* Both are values, and not the same. */
static Mark mark_values(const Case *cause, const Claim *claim, LiteralKind claimed,
                        LiteralKind kind, const gchar *actual) {
  g_autofree gchar *seen = g_strstrip(g_strdup(actual));
  if (literal_is_shortened(claim->expected, seen))
    return mark_unchecked(actual, "shortened");
  if (repr_may_vary(actual) || repr_may_vary(claim->expected))
    return mark_unchecked(actual, "a repr that varies");
  if (kind == LITERAL_NULL && claimed != LITERAL_NULL && claim->is_value)
    return mark_unchecked(actual, "gives None: the comment may speak of what it changed");
  if (claimed != kind && is_footnote(claim->expected))
    return mark_unchecked(actual, "may be the mark of a footnote");
  if (is_other_kind(claim, claimed, kind))
    return mark_unchecked(actual, "a value of another kind: the comment may speak of another");
  return mark_accuse(cause, claim, actual, NULL);
}

static guint count_lines(const gchar *text) {
  gsize length = strlen(text);
  while (length > 0 && text[length - 1] == '\n')
    length--;
  guint lines = 1;
  for (gsize i = 0; i < length; i++)
    lines += text[i] == '\n';
  return lines;
}

/* Nothing agrees. */
static Mark mark_apart(const Case *cause, const Claim *claim, const Seen *seen,
                       const gchar *actual) {
  gboolean has_value = seen->value != NULL && actual == seen->value->repr;
  /* Lines of output under a loop, or under a call that prints. */
  if (claim->below && count_lines(claim->expected) > 1 && seen->under.ends > 1 &&
      !seen->under.in_thread && !seen->under.is_cut &&
      (claim->rule == CLAIM_LABEL || claim->rule == CLAIM_LITERAL) &&
      match_lines_are_near(claim->expected, seen->under.text))
    return mark_accuse(cause, claim, seen->under.text, NULL);
  if (!claim->is_print && !claim->is_value)
    return mark_unchecked(actual, "not what it wrote");
  if (has_value ? seen->values != 1 : seen->own.ends != 1 || seen->own.writes == 0)
    return mark_unchecked(actual, has_value || seen->own.ends > 1 ? "ran more than once"
                                                                  : "not what its calls wrote");
  if (!has_value && (seen->own.in_thread || seen->own.is_cut))
    return mark_unchecked(actual, seen->own.is_cut ? "its output was cut" : "written by a thread");
  if (has_value && seen->value->is_cut)
    return mark_unchecked(actual, "its value was cut");
  if (count_lines(claim->expected) != count_lines(actual) && claim->rule != CLAIM_ARROW)
    return mark_unchecked(actual, "of another shape than what was seen");
  if (cause->snippet->kind == SNIPPET_TRANSCRIPT)
    return mark_unchecked(actual, "part of a session");

  LiteralKind claimed, kind;
  g_autofree gchar *claimed_value = literal_canonical(claim->expected, &claimed);
  g_autofree gchar *value = literal_canonical(actual, &kind);
  if (claimed_value != NULL && value != NULL)
    return mark_values(cause, claim, claimed, kind, actual);
  g_autofree gchar *text = has_value ? literal_string(actual) : NULL;
  const gchar *shown = text != NULL ? text : actual;
  g_autofree gchar *trimmed = g_strstrip(g_strdup(shown));
  switch (claim->rule) {
  case CLAIM_ARROW:
    return mark_accuse(cause, claim, actual, NULL);
  case CLAIM_LABEL:
    if (claimed_value != NULL && claim->is_print)
      return mark_accuse(cause, claim, actual, NULL);
    break;
  case CLAIM_LITERAL:
    if (claimed == LITERAL_TEXT && claim->is_print)
      return mark_accuse(cause, claim, actual, NULL);
    break;
  case CLAIM_TEXT:
    break;
  default:
    return mark_unchecked(actual, "not what it shows, but it may speak of something else");
  }
  if (claimed_value == NULL && match_is_near(claim->expected, trimmed))
    return mark_accuse(cause, claim, actual, NULL);
  return mark_unchecked(actual, claim->rule == CLAIM_TEXT
                                    ? "prose, or not what it shows"
                                    : "not what it shows, but it may speak of something else");
}

static Mark mark_unseen(const Case *cause, const Claim *claim) {
  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
  if (raised != NULL) {
    g_autofree gchar *text = raised_text(raised);
    return mark_unchecked(text, "its line raised an exception");
  }
  if (cause->missing != NULL)
    return mark_unchecked(NULL, cause->missing);
  if (cause->transcript->output_cut > 0 || cause->transcript->writes_lost > 0)
    return mark_unchecked(NULL, "too much was written to tell");
  return mark_unchecked(NULL, claim->is_value && evidence_is_past(cause->evidence, claim->last_line)
                                  ? "its line showed nothing"
                                  : "its line never ran, or showed nothing");
}

Mark mark_line(const Case *cause, const Claim *claim) {
  g_auto(Seen) seen = {0};
  seen.own = evidence_written(cause->evidence, claim->first_line, claim->last_line);
  seen.under = evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
  if (claim->group_line != 0)
    seen.group = evidence_written_under(cause->evidence, claim->group_line, claim->last_line);
  if (claim->is_value)
    seen.values = evidence_values(cause->evidence, claim->first_line, &seen.value);

  const gchar *actual = seen_actual(claim, &seen);
  if (actual == NULL && seen.under.writes == 0 && seen.group.writes == 0)
    return mark_unseen(cause, claim);
  const gchar *agreed = actual;
  Match match = seen_match(claim, &seen, claim->expected, &agreed);
  if (match == MATCH_NONE) {
    /* "1 (and prose)" may be all that is printed. */
    const gchar *whole = strstr(claim->text, claim->expected);
    if (whole != NULL && strcmp(whole, claim->expected) != 0)
      match = seen_match(claim, &seen, whole, &agreed);
  }
  if (match == MATCH_NONE)
    match = seen_match_partly(claim, &seen, &agreed);
  if (match == MATCH_NONE)
    match = match_equation(claim, &seen, &agreed);
  if (match != MATCH_NONE)
    return mark_holds(agreed, match_note(match));
  if (actual == NULL)
    return mark_unseen(cause, claim);
  return mark_apart(cause, claim, &seen, actual);
}
