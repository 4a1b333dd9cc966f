#include "judge/expect.h"

#include <string.h>

#include "judge/expect_align.h"
#include "judge/expect_outcome.h"
#include "judge/relation.h"
#include "judge/times.h"

typedef struct {
  const Sheet *sheet;
  const ExpectationPart *part;
  Pattern *pattern;
  Bindings **bindings; /* of each transcript; NULL for one that does not fit */
  GString *difference;
  gboolean differs;
  gboolean is_unclear;
  gboolean wants_more;
} Comparing;

static void remark(Comparing *comparing, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static void remark(Comparing *comparing, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_strdelimit(text, "\n", ' ');
  g_string_append_printf(comparing->difference, "! %s\n", text);
}

/* What is wrong with the expectation itself is never passed over. */
static void remark_broken(Comparing *comparing, guint line, const gchar *message) {
  const gchar *path = comparing->sheet->expectation->path;
  g_autofree gchar *place = path == NULL ? g_strdup("the expectation")
                            : line > 0   ? g_strdup_printf("%s:%u", path, line)
                                         : g_strdup(path);
  remark(comparing, "%s: %s", place, message);
  comparing->differs = TRUE;
}

/* --- output and outcome ------------------------------------------------------------ */

static void compare_outcome(Comparing *comparing) {
  const Transcript *transcript = comparing->sheet->transcripts[0];
  const gchar *accepted = comparing->part->outcome;
  if (!outcome_is_fine(accepted)) {
    g_autofree gchar *message = g_strdup_printf("no outcome is called '%s'", accepted);
    remark_broken(comparing, 0, message);
    return;
  }
  if (outcome_is_met(accepted, transcript))
    return;
  const Raised *raised = transcript_final_exception(transcript);
  g_autofree gchar *happened = outcome_of(transcript);
  if (raised != NULL && *raised->message != '\0')
    remark(comparing, "outcome: accepted '%s', happened '%s': %s", accepted, happened,
           raised->message);
  else
    remark(comparing, "outcome: accepted '%s', happened '%s'", accepted, happened);
  comparing->differs = TRUE;
}

static void compare_output(Comparing *comparing) {
  const Sheet *sheet = comparing->sheet;
  g_autoptr(GError) error = NULL;
  comparing->pattern = pattern_new(comparing->part->output, &error);
  if (comparing->pattern == NULL) {
    guint line = comparing->part->output_line;
    remark_broken(comparing, line > 0 ? line + (guint)error->code - 1 : 0, error->message);
    return;
  }
  for (guint i = 0; i < sheet->count; i++) {
    g_autofree gchar *text = output_text(sheet->transcripts[i]);
    g_autoptr(GPtrArray) lines = output_lines(text);
    Bindings *bindings = bindings_new();
    gboolean is_spent;
    if (pattern_match_within(comparing->pattern, lines, bindings, &is_spent)) {
      comparing->bindings[i] = bindings;
      continue;
    }
    g_array_unref(bindings);
    if (i > 0)
      continue;
    g_autofree gchar *difference = pattern_difference(comparing->pattern, lines);
    if (is_spent)
      remark(comparing, "too many lines with matchers in {unordered} to be compared");
    else if (*difference == '\0')
      remark(comparing, "the output does not fit, though each of its lines does");
    g_string_append(comparing->difference, difference);
    comparing->differs = TRUE;
  }
}

/* --- relations --------------------------------------------------------------------- */

static gboolean lookup(gpointer data, const gchar *name, gdouble *value, GError **error) {
  const Binding *binding = bindings_find(data, name);
  if (binding == NULL) {
    g_set_error(error, RELATION_ERROR, RELATION_ERROR_VALUE, "nothing is called '%s'", name);
    return FALSE;
  }
  g_autoptr(GString) digits = g_string_new(binding->text);
  g_string_replace(digits, "_", "", 0);
  g_string_replace(digits, ",", "", 0);
  gchar *end;
  if (binding->kind == CAPTURE_HEX)
    *value = (gdouble)g_ascii_strtoull(digits->str, &end, 16);
  else
    *value = g_ascii_strtod(digits->str, &end);
  if (end != digits->str && *end == '\0')
    return TRUE;
  g_set_error(error, RELATION_ERROR, RELATION_ERROR_VALUE, "%s is '%s', which is no number", name,
              binding->text);
  return FALSE;
}

/* TRUE where all names are captured; complains where they are not. */
static gboolean check_names(Comparing *comparing, const Relation *relation, gboolean *is_timing) {
  *is_timing = FALSE;
  for (const gchar *const *name = relation_names(relation); *name != NULL; name++) {
    const Capture *capture = pattern_capture(comparing->pattern, *name);
    if (capture == NULL) {
      g_autofree gchar *message =
          g_strdup_printf("a relation speaks of '%s', which no {%s:...} captures", *name, *name);
      remark_broken(comparing, 0, message);
      return FALSE;
    }
    *is_timing = *is_timing || capture->kind == CAPTURE_SECONDS;
  }
  return TRUE;
}

static void compare_times(Comparing *comparing, const gchar *text, const Relation *relation,
                          const RelationResult *first) {
  g_autofree gdouble *margins = g_new0(gdouble, comparing->sheet->count);
  guint count = 0;
  for (guint i = 0; i < comparing->sheet->count; i++) {
    RelationResult result;
    if (comparing->bindings[i] != NULL &&
        relation_evaluate(relation, lookup, comparing->bindings[i], &result, NULL))
      margins[count++] = result.margin;
  }
  TimesTold told = first->is_near ? times_tell_same(margins, count) : times_tell(margins, count);
  if (told == TIMES_UNKNOWN && comparing->sheet->count >= JUDGE_RUNS_MAX)
    told = TIMES_UNCLEAR;
  switch (told) {
  case TIMES_HOLD:
    return;
  case TIMES_FAIL:
    remark(comparing, "%s: does not hold in %u runs; in the first: %g and %g", text, count,
           first->left, first->right);
    comparing->differs = TRUE;
    return;
  case TIMES_UNKNOWN:
    comparing->wants_more = TRUE;
    break;
  case TIMES_UNCLEAR:
    break;
  }
  remark(comparing, "%s: cannot tell on this machine", text);
  comparing->is_unclear = TRUE;
}

static void compare_relation(Comparing *comparing, const gchar *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Relation) relation = relation_new(text, &error);
  gboolean is_timing;
  RelationResult result;
  if (relation == NULL) {
    g_autofree gchar *message = g_strdup_printf("'%s': %s", text, error->message);
    remark_broken(comparing, 0, message);
    return;
  }
  if (!check_names(comparing, relation, &is_timing) || comparing->bindings[0] == NULL)
    return;
  if (!relation_evaluate(relation, lookup, comparing->bindings[0], &result, &error)) {
    remark(comparing, "%s: %s", text, error->message);
    comparing->differs = TRUE;
  } else if (is_timing) {
    compare_times(comparing, text, relation, &result);
  } else if (!result.holds) {
    remark(comparing, "%s: does not hold: %g and %g", text, result.left, result.right);
    comparing->differs = TRUE;
  }
}

/* --- after the run ----------------------------------------------------------------- */

/* What was found out about one of its expressions; NULL where nothing was. */
static const Checked *find_final(const Transcript *transcript, guint number) {
  for (guint i = 0; i < transcript->checked->len; i++) {
    const Checked *checked = g_ptr_array_index(transcript->checked, i);
    if (checked->kind == CHECKED_FINAL && checked->line == number)
      return checked;
  }
  return NULL;
}

static void compare_after(Comparing *comparing, const gchar *expression, guint number) {
  const Checked *checked = find_final(comparing->sheet->transcripts[0], number);
  if (checked == NULL) {
    remark(comparing, "%s: the run did not come to its end", expression);
  } else if (checked->end == CHECKED_CONTRADICTED) {
    if (checked->actual != NULL)
      remark(comparing, "%s: is %s", expression, checked->actual);
    else
      remark(comparing, "%s: is not so", expression);
  } else if (checked->end == CHECKED_UNCLEAR) {
    remark(comparing, "%s: %s", expression, checked->note != NULL ? checked->note : "cannot tell");
  } else {
    return;
  }
  comparing->differs = TRUE;
}

/* --- the whole --------------------------------------------------------------------- */

/* TRUE where there is nothing to compare: it did not run, or this Python cannot read what
 * another one did. */
static gboolean is_untested(const Sheet *sheet, const ExpectationPart *part) {
  const Transcript *transcript = sheet->transcripts[0];
  switch (transcript->outcome) {
  case OUTCOME_HELD:
  case OUTCOME_UNREADY:
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED:
    return TRUE;
  case OUTCOME_UNPARSABLE:
    return !outcome_is_met(part->outcome, transcript) && sheet->expectation->content_id != NULL &&
           g_str_has_prefix(sheet->snippet->content_id, sheet->expectation->content_id);
  default:
    return FALSE;
  }
}

static void compare(Comparing *comparing) {
  compare_outcome(comparing);
  compare_output(comparing);
  gchar **after = comparing->part->after;
  for (guint i = 0; after[i] != NULL; i++)
    compare_after(comparing, after[i], i + 1);
  if (comparing->pattern == NULL)
    return;
  for (gchar **relation = comparing->part->where; *relation != NULL; relation++)
    compare_relation(comparing, *relation);
}

void expect_compare(const Sheet *sheet, Verdict *verdict) {
  const Expectation *expectation = sheet->expectation;
  verdict->expectation = EXPECTATION_NONE;
  if (expectation == NULL)
    return;
  if (expectation->problem != NULL) {
    verdict->expectation = EXPECTATION_DIFFERS;
    verdict->difference = g_strdup_printf("! %s\n", expectation->problem);
    return;
  }
  const ExpectationPart *part = expectation_part_for(expectation, sheet->python);
  if (part == NULL)
    return;
  if (is_untested(sheet, part)) {
    verdict->expectation = EXPECTATION_UNTESTED;
    return;
  }
  g_autofree Bindings **bindings = g_new0(Bindings *, sheet->count);
  Comparing comparing = {
      .sheet = sheet, .part = part, .bindings = bindings, .difference = g_string_new(NULL)};
  compare(&comparing);
  verdict->expectation = comparing.differs      ? EXPECTATION_DIFFERS
                         : comparing.is_unclear ? EXPECTATION_UNCLEAR
                                                : EXPECTATION_MET;
  if (!comparing.differs && comparing.wants_more)
    verdict->wants_more = TRUE;
  gboolean is_empty = comparing.difference->len == 0;
  verdict->difference = g_string_free(comparing.difference, is_empty);
  for (guint i = 0; i < sheet->count; i++)
    g_clear_pointer(&bindings[i], g_array_unref);
  pattern_free(comparing.pattern);
}
