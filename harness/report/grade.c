#include "report/grade.h"

#include "report/problems.h"
#include "report/text.h"

Grade grade_of_class(VerdictClass class, gboolean is_strict) {
  switch (class) {
  case VERDICT_VERIFIED:
    return GRADE_PASSED;
  case VERDICT_SKIPPED:
    return GRADE_SKIPPED;
  case VERDICT_INFRA:
    return GRADE_ERROR;
  case VERDICT_FRAGMENT:
  case VERDICT_NEEDS:
  case VERDICT_UNPARSABLE:
    return is_strict ? GRADE_FAILED : GRADE_SKIPPED;
  default:
    return is_strict || verdict_class_fails(class) ? GRADE_FAILED : GRADE_PASSED;
  }
}

Level level_of_class(VerdictClass class, gboolean is_strict) {
  Grade grade = grade_of_class(class, is_strict);
  if (grade == GRADE_FAILED || grade == GRADE_ERROR)
    return LEVEL_ERROR;
  return class == VERDICT_RAISED || class == VERDICT_LIMIT || class == VERDICT_UNPARSABLE
             ? LEVEL_WARNING
             : LEVEL_NOTE;
}

gchar *verdict_summary(const Verdict *verdict, const GPtrArray *problems) {
  if (problems->len == 0) {
    if (verdict->class != VERDICT_SKIPPED)
      return NULL;
    g_autofree gchar *reason =
        text_one_line(verdict->reason != NULL ? verdict->reason : verdict->outcome, -1, 0);
    return g_str_has_prefix(reason, "skipped") ? g_steal_pointer(&reason)
                                               : g_strconcat("skipped: ", reason, NULL);
  }
  /* The one that the verdict is named for. */
  const ProblemLine *first = g_ptr_array_index(problems, 0);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    if (problem->class == verdict->class) {
      first = problem;
      break;
    }
  }
  const gchar *name = verdict_class_name(first->class);
  if (problems->len == 1)
    return g_strdup_printf("%s: %s", name, first->sentence);
  return g_strdup_printf("%s: %s (and %u more)", name, first->sentence, problems->len - 1);
}

gchar *left_out_summary(const gchar *selection) {
  return selection != NULL ? g_strdup_printf("left out: not %s", selection) : g_strdup("left out");
}
