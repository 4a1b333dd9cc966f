/* Claims of code that is commented out: what became of it in a process of its own. */
#include <string.h>

#include "judge/marking.h"
#include "judge/match.h"
#include "judge/source.h"

static GPtrArray *probes_of(const Case *cause, const Claim *claim) {
  GPtrArray *probes = g_ptr_array_new();
  for (guint i = 0; i < cause->transcript->probed->len; i++) {
    Probed *probed = g_ptr_array_index(cause->transcript->probed, i);
    if (probed->line == claim->code_line)
      g_ptr_array_add(probes, probed);
  }
  return probes;
}

/* Why it did not come to an end of its own; NULL where it did. */
static const gchar *why_unfinished(const Probed *probed) {
  switch (probed->end) {
  case PROBE_STOPPED:
    return "did not end in time";
  case PROBE_DIED:
    return "ended its process";
  case PROBE_UNPARSABLE:
    return "is no Python for this version";
  default:
    return NULL;
  }
}

/* What it needs is not here, or was commented out as well. */
static gboolean needs_something(const Case *cause, const Claim *claim, const Raised *raised) {
  return (cause->missing != NULL ||
          source_leaves_out(cause->lines, claim->code_line, claim->code) ||
          claim_names_no_exception(claim)) &&
         (raised_is(raised, "NameError") || raised_is(raised, "ImportError"));
}

/* As mark_accuse, for what a process of its own shows. */
static Mark accuse_probed(const Case *cause, const Claim *claim, const gchar *actual, guint times) {
  if (times >= NOTED_TIMES)
    return mark_unchecked(actual, "ran too often to be noted each time");
  if (source_leaves_out(cause->lines, claim->code_line, claim->code))
    return mark_unchecked(actual, "what is commented out above it may decide it, too");
  if (source_takes_arguments(cause->lines, claim->code_line))
    return mark_unchecked(actual, "the comment may speak of another call");
  return mark_accuse(cause, claim, actual, NULL);
}

static Mark mark_probed_exception(const Case *cause, const Claim *claim, const GPtrArray *probes) {
  for (guint i = 0; i < probes->len; i++) {
    const Probed *probed = g_ptr_array_index(probes, i);
    if (probed->raised != NULL && claim_means(claim, probed->raised) &&
        !needs_something(cause, claim, probed->raised))
      return mark_claimed_exception(claim, probed->raised);
  }
  for (guint i = 0; i < probes->len; i++) {
    const Probed *probed = g_ptr_array_index(probes, i);
    const gchar *why = why_unfinished(probed);
    if (why != NULL)
      return mark_unchecked(NULL, why);
  }
  /* Each time it ended, or raised another. */
  for (guint i = 0; i < probes->len; i++) {
    const Probed *probed = g_ptr_array_index(probes, i);
    if (probed->raised == NULL)
      continue;
    g_autofree gchar *actual = raised_text(probed->raised);
    if (raised_is_missing(probed->raised) || !exception_is_plain(probed->raised->type) ||
        !exception_is_plain(claim->expected))
      return mark_unchecked(actual, "raises another exception");
    return accuse_probed(cause, claim, actual, probes->len);
  }
  if (claim_names_no_exception(claim))
    return mark_unchecked("raises nothing", "says it in words");
  return accuse_probed(cause, claim, "raises nothing", probes->len);
}

static Mark mark_probed_passing(const Case *cause, const Claim *claim, const Probed *probed,
                                guint times) {
  if (probed->raised == NULL)
    return mark_holds("raises nothing", NULL);
  g_autofree gchar *actual = raised_text(probed->raised);
  if (raised_is_missing(probed->raised) || !exception_is_plain(probed->raised->type))
    return mark_unchecked(actual, "raises an exception");
  return accuse_probed(cause, claim, actual, times);
}

static Mark mark_probed_value(const Case *cause, const Claim *claim, const GPtrArray *probes) {
  const gchar *actual = NULL;
  for (guint i = 0; i < probes->len; i++) {
    const Probed *probed = g_ptr_array_index(probes, i);
    if (probed->end != PROBE_FINISHED)
      continue;
    const gchar *const shown[] = {probed->repr, probed->output[0] != '\0' ? probed->output : NULL};
    for (gsize k = 0; k < G_N_ELEMENTS(shown); k++) {
      Match match = shown[k] != NULL ? match_value(claim->expected, shown[k], NULL) : MATCH_NONE;
      if (match != MATCH_NONE)
        return mark_holds(shown[k], match_note(match));
      if (shown[k] != NULL)
        actual = shown[k];
    }
  }
  const Probed *only = g_ptr_array_index(probes, 0);
  if (only->raised != NULL) {
    g_autofree gchar *text = raised_text(only->raised);
    return mark_unchecked(text, "raises an exception");
  }
  if (actual == NULL)
    return mark_unchecked(NULL, "shows nothing");
  if (probes->len != 1)
    return mark_unchecked(actual, "ran more than once");
  LiteralKind claimed, kind;
  g_autofree gchar *claimed_value = literal_canonical(claim->expected, &claimed);
  g_autofree gchar *value = literal_canonical(actual, &kind);
  if (claimed_value == NULL || value == NULL || claimed != kind)
    return mark_unchecked(actual, "not what it shows, but it may speak of something else");
  Mark mark = mark_values(cause, claim, claimed, kind, actual);
  if (mark.state != CLAIM_CONTRADICTED)
    return mark;
  g_free(mark.actual);
  g_free(mark.note);
  return accuse_probed(cause, claim, actual, 1);
}

/* "would block here" */
static Mark mark_probed_hang(const Case *cause, const Probed *probed) {
  if (probed->end == PROBE_STOPPED)
    return mark_holds("does not go on", "did not end in time: not proved");
  if (probed->end != PROBE_FINISHED)
    return mark_unchecked(NULL, "ended otherwise");
  if (cause->transcript->gil != NULL || source_is_concurrent(cause->snippet))
    return mark_unchecked("goes on", "which of its threads or tasks comes first decides it");
  return mark_unchecked("goes on", "it may have waited for a while");
}

Mark mark_probed(const Case *cause, const Claim *claim) {
  g_autoptr(GPtrArray) probes = probes_of(cause, claim);
  if (cause->transcript->outcome == OUTCOME_UNPARSABLE)
    return mark_unchecked(NULL, cause->missing);
  if (probes->len == 0)
    return mark_unchecked(NULL,
                          cause->missing != NULL ? cause->missing : "its place was never reached");
  const Probed *first = g_ptr_array_index(probes, 0);
  if (claim->target == CLAIM_OF_EXCEPTION)
    return mark_probed_exception(cause, claim, probes);
  if (claim->target == CLAIM_OF_HANG)
    return mark_probed_hang(cause, first);
  const gchar *why = why_unfinished(first);
  if (why != NULL)
    return mark_unchecked(NULL, why);
  switch (claim->target) {
  case CLAIM_OF_PASSING:
    return mark_probed_passing(cause, claim, first, probes->len);
  case CLAIM_OF_LINE:
    return mark_probed_value(cause, claim, probes);
  default:
    return mark_unchecked(NULL, "not said of code that is commented out");
  }
}
