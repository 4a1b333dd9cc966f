/* Claims that the run never goes on from some lines. */
#include <string.h>

#include "judge/marking.h"
#include "judge/proof.h"
#include "judge/source.h"

/* "blocks" alone may speak of a while; these do not. */
static gboolean says_for_ever(const gchar *text) {
  static const gchar *const words[] = {"forever", "for ever", "deadlock",   "never",
                                       "endless", "infinite", "indefinite", "hang"};
  g_autofree gchar *small = g_ascii_strdown(text, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(small, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* The first thread that waits on these lines, as an index; how many wait for none. */
static guint find_waiting(const Transcript *transcript, guint first_line, guint last_line) {
  guint at = 0;
  for (; at < transcript->waits->len; at++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, at);
    if (waiting->line != 0 && waiting->line >= first_line && waiting->line <= last_line)
      break;
  }
  return at;
}

/* Whether the only thread that waits may do so in what the claim's lines called. */
static gboolean may_have_called(const Case *cause, const Claim *claim, guint last_line) {
  const Transcript *transcript = cause->transcript;
  if (transcript->waits->len != 1 || times_passed(transcript, claim->first_line) > 0)
    return FALSE;
  const Waiting *only = g_ptr_array_index(transcript->waits, 0);
  if (only->line == 0 || !source_is_in_function(cause->lines, only->line))
    return FALSE;
  /* What is above the function has been run; what is at the top and further down may
   * have called it. */
  return claim->is_inner || !evidence_is_past(cause->evidence, last_line);
}

static Mark mark_stuck(const Case *cause, const Claim *claim, guint last_line) {
  const Transcript *transcript = cause->transcript;
  guint here = find_waiting(transcript, claim->first_line, last_line);
  if (here < transcript->waits->len) {
    g_autofree gchar *proof = proof_text_here(cause->snippet, transcript, here);
    return mark_holds(proof, NULL);
  }
  g_autofree gchar *proof = proof_text(cause->snippet, transcript);
  if (claim->first_line == 0)
    return mark_holds(proof, NULL);
  if (may_have_called(cause, claim, last_line))
    return mark_holds(proof, "in what its line calls");
  g_autofree gchar *note = g_strdup_printf("stuck elsewhere: %s", proof);
  return mark_unchecked("never ends", note);
}

/* Whether the run can have been inside the claim's lines when it was stopped. */
static gboolean was_inside(const Case *cause, const Claim *claim, guint last_line) {
  const Transcript *transcript = cause->transcript;
  if (claim->first_line == 0 ||
      (transcript->last_line >= claim->first_line && transcript->last_line <= last_line))
    return TRUE;
  if (times_passed(transcript, claim->first_line) > 0 ||
      (!claim->is_inner && evidence_is_past(cause->evidence, last_line)))
    return FALSE;
  return transcript->last_line == 0 || source_is_in_function(cause->lines, transcript->last_line);
}

static Mark mark_stopped(const Case *cause, const Claim *claim, guint last_line) {
  const Transcript *transcript = cause->transcript;
  if (!was_inside(cause, claim, last_line))
    return mark_unchecked(NULL, "it was stopped at another line");
  g_autofree gchar *note = NULL;
  switch (transcript->limit) {
  case LIMIT_WALL:
    note = g_strdup_printf("still ran after %g s: not proved", transcript->wall_limit_ms / 1e3);
    break;
  case LIMIT_CPU:
    note = g_strdup("still ran when its CPU time was used up: not proved");
    break;
  case LIMIT_OUTPUT:
    note = g_strdup("still wrote when it was stopped: not proved");
    break;
  default:
    return mark_unchecked(NULL, "it was stopped before that showed");
  }
  return mark_holds("does not go on", note);
}

static Mark mark_went_on(const Case *cause, const Claim *claim, guint last_line) {
  const Transcript *transcript = cause->transcript;
  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, last_line);
  if (raised != NULL) {
    g_autofree gchar *actual = raised_text(raised);
    return mark_unchecked(actual, "its line raised an exception");
  }
  gboolean has_passed =
      times_passed(transcript, claim->first_line) > 0 ||
      (!claim->is_inner && claim->first_line != 0 && cause->snippet->kind == SNIPPET_SCRIPT &&
       evidence_is_past(cause->evidence, last_line));
  if (!has_passed)
    return mark_unchecked(NULL, cause->missing != NULL ? cause->missing
                                                       : "its line was never run to its end");
  if (transcript->gil != NULL || source_is_concurrent(cause->snippet))
    return mark_unchecked("goes on", "which of its threads or tasks comes first decides it");
  if (!says_for_ever(claim->text))
    return mark_unchecked("goes on", "it may have waited for a while");
  if (claim->is_inner && source_takes_arguments(cause->lines, claim->first_line))
    return mark_unchecked("goes on", "the comment may speak of another call");
  return mark_accuse(cause, claim, "goes on", NULL);
}

Mark mark_hang(const Case *cause, const Claim *claim) {
  guint last_line = source_block_end(cause->lines, claim->first_line, claim->last_line);
  switch (cause->transcript->outcome) {
  case OUTCOME_STUCK:
    return mark_stuck(cause, claim, last_line);
  case OUTCOME_STOPPED:
    return mark_stopped(cause, claim, last_line);
  case OUTCOME_FINISHED:
    return mark_went_on(cause, claim, last_line);
  default:
    return mark_unchecked(NULL, cause->missing != NULL ? cause->missing
                                                       : "the run did not come to its end");
  }
}
