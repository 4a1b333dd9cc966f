/* Claims of what a line writes, or of what its expression gives. */
#include <string.h>

#include "judge/literal.h"
#include "judge/marking.h"
#include "judge/match.h"
#include "judge/source.h"

/* All that a line showed. */
typedef struct {
  Shown own;         /* written by it as the innermost line */
  Shown under;       /* written while it was the outermost: by what it calls */
  Shown group;       /* with the statements above it that share its claim */
  GPtrArray *values; /* const Value *, of its expression */
  GPtrArray *named;  /* const Value *, of the variables that it binds or changes */
} Seen;

static void seen_clear(Seen *seen) {
  shown_clear(&seen->own);
  shown_clear(&seen->under);
  shown_clear(&seen->group);
  g_clear_pointer(&seen->values, g_ptr_array_unref);
  g_clear_pointer(&seen->named, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

static const Value *first_value(const Seen *seen) {
  return seen->values->len > 0 ? g_ptr_array_index(seen->values, 0) : NULL;
}

static gboolean is_none(const Value *value) {
  return strcmp(value->type, "NoneType") == 0;
}

/* What is said to have happened: the value, else what was written. */
static const gchar *seen_actual(const Claim *claim, const Seen *seen) {
  const Value *value = first_value(seen);
  if (value != NULL && !(is_none(value) && seen->under.writes > 0))
    return value_text(value);
  if (seen->own.writes > 0 || claim->is_print)
    return seen->own.writes > 0 ? seen->own.text : NULL;
  return seen->under.writes > 0 ? seen->under.text : NULL;
}

/* How the claim agrees with anything that was seen; *actual is set to that. */
static Match seen_match(const Claim *claim, const Seen *seen, const gchar *expected,
                        const gchar **actual) {
  const Value *value = first_value(seen);
  Match match = value != NULL ? value_match(expected, value, actual) : MATCH_NONE;
  if (match != MATCH_NONE)
    return match;
  const gchar *candidates[] = {
      seen->own.writes > 0 ? seen->own.text : NULL,
      seen->under.writes > 0 ? seen->under.text : NULL,
      claim->group_line != 0 && seen->group.writes > 0 ? seen->group.text : NULL,
  };
  for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
    if (candidates[i] == NULL)
      continue;
    match = match_value(expected, candidates[i], NULL);
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

/* "2 + 3 = 5", "8 = 2 ** 3", "total: 5" behind what gives the one side. */
static Match match_equation(const Claim *claim, const Seen *seen, const gchar **actual) {
  const gchar *left = strchr(claim->expected, '='), *right = strrchr(claim->expected, '=');
  const gchar *colon = strstr(claim->expected, ": ");
  if (claim->rule == CLAIM_TEXT && left == NULL && colon != NULL) {
    const gchar *value = colon + strspn(colon, ": ");
    Match match = *value != '\0' ? seen_match(claim, seen, value, actual) : MATCH_NONE;
    return match == MATCH_TEXT || match == MATCH_VALUE ? MATCH_SIDE : MATCH_NONE;
  }
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
    if (match_output(claim->expected, first) != MATCH_NONE)
      return MATCH_FIRST;
    if (shown->is_cut)
      return MATCH_NONE;
    g_autofree gchar *all = g_strchomp(g_strdup(shown->text));
    const gchar *last = strrchr(all, '\n');
    return last != NULL && match_output(claim->expected, last + 1) != MATCH_NONE ? MATCH_LAST
                                                                                 : MATCH_NONE;
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

/* Nothing but a value, in what the claim says. */
static gboolean is_cut_short(const gchar *expected, const gchar *actual) {
  g_autofree gchar *seen = g_strstrip(g_strdup(actual));
  return literal_is_shortened(expected, seen) ||
         (strstr(expected, "...") != NULL && strstr(actual, "...") == NULL);
}

const gchar *value_pardon(const gchar *expected, const Value *value) {
  if (value->is_cut)
    return "its value was cut";
  if (is_cut_short(expected, value_text(value)))
    return "shortened";
  if (repr_may_vary(value_text(value)) || repr_may_vary(expected))
    return "a repr that varies";
  return NULL;
}

Mark mark_values(const Case *cause, const Claim *claim, LiteralKind claimed, LiteralKind kind,
                 const gchar *actual) {
  if (is_cut_short(claim->expected, actual))
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

/* A method of which a comment gives what it leaves, not what it takes away or is given. */
static gboolean is_of_whole(const gchar *code) {
  static const gchar *const methods[] = {".append(", ".insert(", ".sort(", ".reverse("};
  for (gsize i = 0; i < G_N_ELEMENTS(methods); i++)
    if (strstr(code, methods[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* items.sort()  # [3, 1]: the call gives None, and the object is another. */
static Mark mark_changed(const Case *cause, const Claim *claim, const Seen *seen,
                         LiteralKind claimed) {
  const Value *object = seen->named->len > 0 ? g_ptr_array_index(seen->named, 0) : NULL;
  const gchar *none = first_value(seen)->repr;
  const gchar *left = object != NULL ? value_text(object) : NULL;
  LiteralKind kind;
  g_autofree gchar *value = left != NULL ? literal_canonical(left, &kind) : NULL;
  if (value == NULL)
    return mark_unchecked(none, "gives None: the comment may speak of what it changed");
  if (kind != claimed || seen->under.writes > 0)
    return mark_unchecked(left, "the comment may speak of something else");
  if (seen->named->len != 1)
    return mark_unchecked(left, "ran more than once");
  const gchar *pardon = value_pardon(claim->expected, object);
  if (pardon != NULL)
    return mark_unchecked(left, pardon);
  /* "adds [3]", without the word. */
  guint lines = g_strv_length(cause->lines);
  const gchar *code = claim->first_line <= lines ? cause->lines[claim->first_line - 1] : "";
  const gchar *own = strstr(code, claim->expected);
  if (claim->rule != CLAIM_LITERAL || !is_of_whole(code) ||
      literal_is_among(claim->expected, left) ||
      (own != NULL && (claim->below || own < code + claim->column)))
    return mark_unchecked(left, "the comment may speak of a part of it");
  if (source_takes_arguments(cause->lines, claim->first_line))
    return mark_unchecked(left, "the comment may speak of another call");
  return mark_accuse(cause, claim, left, "what the call changed");
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
  const Value *value_seen = first_value(seen);
  gboolean has_value = value_seen != NULL && actual == value_text(value_seen);
  /* Lines of output under a loop, or under a call that prints. */
  if (claim->below && count_lines(claim->expected) > 1 && seen->under.ends > 1 &&
      !seen->under.in_thread && !seen->under.is_cut &&
      (claim->rule == CLAIM_LABEL || claim->rule == CLAIM_LITERAL) &&
      match_lines_are_near(claim->expected, seen->under.text))
    return mark_accuse(cause, claim, seen->under.text, NULL);
  if (!claim->is_print && !claim->is_value)
    return mark_unchecked(actual, "not what it wrote");
  if (has_value ? seen->values->len != 1 : seen->own.ends != 1 || seen->own.writes == 0)
    return mark_unchecked(actual, has_value || seen->own.ends > 1 ? "ran more than once"
                                                                  : "not what its calls wrote");
  if (!has_value && (seen->own.in_thread || seen->own.is_cut))
    return mark_unchecked(actual, seen->own.is_cut ? "its output was cut" : "written by a thread");
  if (has_value && value_seen->is_cut)
    return mark_unchecked(actual, "its value was cut");
  if (count_lines(claim->expected) != count_lines(actual) && claim->rule != CLAIM_ARROW)
    return mark_unchecked(actual, "of another shape than what was seen");
  if (cause->snippet->kind == SNIPPET_TRANSCRIPT)
    return mark_unchecked(actual, "part of a session");

  LiteralKind claimed, kind;
  g_autofree gchar *claimed_value = literal_canonical(claim->expected, &claimed);
  g_autofree gchar *value = literal_canonical(actual, &kind);
  if (claimed_value != NULL && has_value && kind == LITERAL_NULL && claim->names != NULL)
    return mark_changed(cause, claim, seen, claimed);
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

Mark mark_unseen(const Case *cause, const Claim *claim) {
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

/* By anything that the line showed; what agreed is set in *agreed. */
static Match match_shown(const Claim *claim, const Seen *seen, const gchar **agreed) {
  Match match = seen_match(claim, seen, claim->expected, agreed);
  if (match == MATCH_NONE) {
    /* "1 (and prose)" may be all that is printed. */
    const gchar *whole = strstr(claim->text, claim->expected);
    if (whole != NULL && strcmp(whole, claim->expected) != 0)
      match = seen_match(claim, seen, whole, agreed);
  }
  if (match == MATCH_NONE)
    match = seen_match_partly(claim, seen, agreed);
  if (match == MATCH_NONE)
    match = match_equation(claim, seen, agreed);
  return match;
}

/* By a value of a later time, or by what the line bound or changed. */
static gboolean holds_otherwise(const Claim *claim, const Seen *seen, Mark *mark) {
  if (seen->values->len > 1 && mark_any_value(seen->values, claim->expected, mark))
    return TRUE;
  if (!mark_any_value(seen->named, claim->expected, mark))
    return FALSE;
  if (mark->note == NULL && claim->is_value)
    mark->note = g_strdup_printf("the value of %s afterwards", claim->names);
  return TRUE;
}

Mark mark_line(const Case *cause, const Claim *claim) {
  g_auto(Seen) seen = {0};
  seen.own = evidence_written(cause->evidence, claim->first_line, claim->last_line);
  seen.under = evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
  if (claim->group_line != 0)
    seen.group = evidence_written_under(cause->evidence, claim->group_line, claim->last_line);
  seen.values = claim->is_value ? evidence_values(cause->evidence, claim->first_line, NULL)
                                : g_ptr_array_new();
  seen.named = claim->names != NULL
                   ? evidence_values(cause->evidence, claim->first_line, claim->names)
                   : g_ptr_array_new();

  const gchar *actual = seen_actual(claim, &seen);
  const gchar *agreed = actual;
  gboolean has_shown = actual != NULL || seen.under.writes > 0 || seen.group.writes > 0;
  Match match = has_shown ? match_shown(claim, &seen, &agreed) : MATCH_NONE;
  if (match != MATCH_NONE)
    return mark_holds(agreed, match_note(match));
  Mark mark;
  if (holds_otherwise(claim, &seen, &mark))
    return mark;
  if (seen.named->len > 0 && !claim->is_value)
    return mark_names(cause, claim);
  if (actual == NULL)
    return mark_unseen(cause, claim);
  return mark_apart(cause, claim, &seen, actual);
}
