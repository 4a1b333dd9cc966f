/* Claims of the value of variables: what an assignment binds, or what a comment on its
 * own describes. */
#include <string.h>

#include "judge/marking.h"
#include "judge/match.h"
#include "judge/source.h"

gboolean values_are_equal(const GPtrArray *values) {
  for (guint i = 1; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i), *first = g_ptr_array_index(values, 0);
    if (strcmp(value->repr, first->repr) != 0 || g_strcmp0(value->shown, first->shown) != 0)
      return FALSE;
  }
  return TRUE;
}

static gchar *ordinal(guint number) {
  const gchar *ending = number == 1 ? "st" : number == 2 ? "nd" : number == 3 ? "rd" : "th";
  return g_strdup_printf("%u%s", number, ending);
}

/* `i += 1  # 1, 2, 3`: all of them, one after another. */
static gboolean are_all_values(const GPtrArray *values, const gchar *expected, Mark *mark) {
  if (values->len < 2 || values->len >= NOTED_TIMES)
    return FALSE;
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i);
    g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", value_text(value));
  }
  if (match_output(expected, all->str) == MATCH_NONE)
    return FALSE;
  *mark = mark_holds(all->str, "one after another");
  return TRUE;
}

gboolean mark_any_value(const GPtrArray *values, const gchar *expected, Mark *mark) {
  for (guint i = 0; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i);
    const gchar *agreed;
    Match match = value_match(expected, value, &agreed);
    if (match == MATCH_NONE)
      continue;
    g_autofree gchar *which = NULL;
    if (!values_are_equal(values)) {
      g_autofree gchar *number = ordinal(i + 1);
      which = g_strdup_printf("the %s of %u times", number, values->len);
    }
    const gchar *how = match_note(match);
    g_autofree gchar *note = which != NULL && how != NULL ? g_strconcat(how, ", ", which, NULL)
                                                          : g_strdup(which != NULL ? which : how);
    *mark = mark_holds(agreed, note);
    return TRUE;
  }
  return are_all_values(values, expected, mark);
}

/* "3" of "x = 3". */
static const gchar *behind_name(const Claim *claim) {
  const gchar *expected = claim->expected;
  gsize length = strlen(claim->names);
  if (strncmp(expected, claim->names, length) != 0)
    return expected;
  const gchar *at = expected + length + strspn(expected + length, " ");
  if ((*at != '=' && *at != ':') || at[1] == '=')
    return expected;
  at++;
  return at + strspn(at, " ");
}

/* A few of the values, as they came. */
static gchar *values_text(const GPtrArray *values) {
  const Value *first = g_ptr_array_index(values, 0);
  GString *text = g_string_new(value_text(first));
  const gchar *last = value_text(first);
  guint shown = 1;
  for (guint i = 1; i < values->len && shown <= 3; i++) {
    const Value *value = g_ptr_array_index(values, i);
    if (strcmp(value_text(value), last) == 0)
      continue;
    g_string_append_printf(text, ", then %s", shown == 3 ? "others" : value_text(value));
    last = value_text(value);
    shown++;
  }
  return g_string_free(text, FALSE);
}

static gboolean is_container(LiteralKind kind) {
  return kind == LITERAL_TUPLE || kind == LITERAL_LIST || kind == LITERAL_SET ||
         kind == LITERAL_DICT;
}

/* "x is True" may say that it counts as such, and "items is 3" how many there are. */
static gboolean may_be_meant(LiteralKind claimed, LiteralKind kind) {
  if (claimed == kind)
    return FALSE;
  return claimed == LITERAL_TRUTH || kind == LITERAL_TRUTH || claimed == LITERAL_CALL ||
         kind == LITERAL_CALL || claimed == LITERAL_OTHER ||
         (claimed == LITERAL_NUMBER && is_container(kind));
}

/* Why a value that an assignment bound is no evidence against a comment behind it. */
static const gchar *pardon_assignment(const Case *cause, const Claim *claim,
                                      const GPtrArray *values) {
  g_autofree gchar *text = g_strstrip(g_strdup(claim->text));
  gboolean is_bare = strcmp(text, claim->expected) == 0;
  if (claim->rule != CLAIM_LABEL && claim->rule != CLAIM_ARROW &&
      !(is_bare && (claim->rule == CLAIM_LITERAL || claim->rule == CLAIM_TRUTH)))
    return "the comment may speak of something else";
  if (!values_are_equal(values))
    return "it has several values";
  if (source_assigns_literal(cause->lines, claim->first_line))
    return "the value is written out: the comment may speak of another";
  if (source_takes_arguments(cause->lines, claim->first_line))
    return "the comment may speak of another call";
  return NULL;
}

static Mark mark_names_apart(const Case *cause, const Claim *claim, const gchar *expected,
                             const GPtrArray *values) {
  g_autofree gchar *actual = values_text(values);
  gboolean is_described = claim->rule == CLAIM_NAMED;
  LiteralKind claimed;
  g_autofree gchar *claimed_value = literal_canonical(expected, &claimed);
  if (claimed_value == NULL)
    return mark_unchecked(actual, "not its value, but the comment may speak of something else");
  if (values->len >= NOTED_TIMES)
    return mark_unchecked(actual, "ran too often to be noted each time");
  for (guint i = 0; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i);
    const gchar *pardon = value_pardon(expected, value);
    if (pardon != NULL)
      return mark_unchecked(actual, pardon);
    LiteralKind kind;
    g_autofree gchar *form = literal_canonical(value_text(value), &kind);
    if (form == NULL)
      return mark_unchecked(actual, "not a plain value");
    if (is_described ? may_be_meant(claimed, kind) : claimed != kind)
      return mark_unchecked(actual,
                            "a value of another kind: the comment may speak of something else");
  }
  const gchar *pardon = is_described ? NULL : pardon_assignment(cause, claim, values);
  if (pardon != NULL)
    return mark_unchecked(actual, pardon);
  return mark_accuse(cause, claim, actual, NULL);
}

Mark mark_names(const Case *cause, const Claim *claim) {
  guint line = claim->first_line != 0 ? claim->first_line : claim->line;
  const gchar *expected = claim->names != NULL ? behind_name(claim) : claim->expected;
  g_autoptr(GPtrArray) values = evidence_values(cause->evidence, line, claim->names);
  Mark mark;
  if (mark_any_value(values, expected, &mark))
    return mark;
  if (claim->first_line != 0) {
    g_auto(Shown) shown =
        evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
    Match match = shown.writes > 0 ? match_output(expected, shown.text) : MATCH_NONE;
    if (match != MATCH_NONE)
      return mark_holds(shown.text, match_note(match));
  }
  if (values->len > 0)
    return mark_names_apart(cause, claim, expected, values);
  if (claim->first_line != 0 &&
      evidence_raised(cause->evidence, claim->first_line, claim->last_line) != NULL)
    return mark_unseen(cause, claim);
  if (cause->missing != NULL)
    return mark_unchecked(NULL, cause->missing);
  return mark_unchecked(NULL, "it was never reached, or its variable was not bound there");
}
