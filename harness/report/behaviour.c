#include "report/behaviour.h"

#include <string.h>

#include "report/behaviour_claims.h"
#include "report/line_diff.h"
#include "report/problems.h"
#include "report/statistics.h"
#include "report/text.h"

/* More of it than this is not compared line by line. */
#define OUTPUT_MOST (128u << 10)
/* What takes longer is not run again to see whether it does the same. */
#define AGAIN_MOST_NS (2 * G_GUINT64_CONSTANT(1000000000))
/* A time is looked at where it is so many times the other one, and so much longer. */
#define TIME_FACTOR 2
#define CPU_MORE_NS G_GUINT64_CONSTANT(20000000)
#define WALL_MORE_NS G_GUINT64_CONSTANT(100000000) /* a busy machine alone adds some */
#define TEXT_WIDTH 120

/* --- one run ----------------------------------------------------------------------------- */

/* "raises ValueError: bad" */
static gchar *ending_of(const Transcript *transcript) {
  g_autofree gchar *outcome = transcript_outcome_text(transcript);
  const Raised *raised = transcript_final_exception(transcript);
  g_autofree gchar *whole = raised != NULL && raised->message != NULL && *raised->message != '\0'
                                ? g_strdup_printf("%s: %s", outcome, raised->message)
                                : g_strdup(outcome);
  return text_one_line(whole, -1, TEXT_WIDTH);
}

static void append_stream(GString *text, const GString *stream, gsize cut) {
  gsize size = MIN(stream->len, OUTPUT_MOST);
  g_autofree gchar *valid = text_valid(stream->str, (gssize)size);
  g_string_append(text, valid);
  if (size == stream->len && cut == 0)
    return;
  /* That what follows is another one shows all the same. */
  g_autofree gchar *digest = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)stream->str + size, stream->len - size);
  g_string_append_printf(text, "\n... %" G_GSIZE_FORMAT " bytes more (%.8s)\n",
                         stream->len - size + cut, digest);
}

/* The traceback of the exception that ended it is told as its ending. */
static gchar *output_of(const Transcript *transcript) {
  GString *text = g_string_new(NULL);
  append_stream(text, transcript->output, transcript->output_cut);
  g_autoptr(GString) errors =
      g_string_new_len(transcript->errors->str, (gssize)transcript->errors->len);
  if (transcript_final_exception(transcript) != NULL) {
    gchar *traceback = g_strrstr_len(errors->str, (gssize)errors->len, "Traceback (most recent");
    if (traceback != NULL)
      g_string_truncate(errors, (gsize)(traceback - errors->str));
  }
  append_stream(text, errors, transcript->errors_cut);
  return g_string_free(text, FALSE);
}

static gboolean has_run(const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_HELD:
  case OUTCOME_UNREADY:
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED:
    return FALSE;
  default:
    return TRUE;
  }
}

Behaviour *behaviour_new(const Snippet *snippet, const Transcript *transcript,
                         const Verdict *verdict) {
  Behaviour *behaviour = g_new0(Behaviour, 1);
  behaviour->class = verdict->class;
  behaviour->has_run = has_run(transcript);
  behaviour->ending = ending_of(transcript);
  behaviour->output = output_of(transcript);
  behaviour->line = problem_line_of_run(snippet, transcript);
  behaviour->is_alone = transcript->prelude == 0;
  behaviour->wall_ns = transcript->usage.wall_ns;
  behaviour->cpu_ns = transcript->usage.user_ns + transcript->usage.system_ns;
  behaviour->claims = g_ptr_array_new_with_free_func(claim_seen_free);
  for (guint i = 0; i < verdict->results->len; i++)
    g_ptr_array_add(behaviour->claims,
                    claim_seen_new(snippet, g_ptr_array_index(verdict->results, i)));
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, FALSE);
  for (guint i = 0; i < problems->len && behaviour->sentence == NULL; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    if (problem->result == NULL)
      behaviour->sentence = g_strdup(problem->sentence);
  }
  if (behaviour->sentence == NULL && verdict->reason != NULL)
    behaviour->sentence = text_one_line(verdict->reason, -1, TEXT_WIDTH);
  return behaviour;
}

void behaviour_free(Behaviour *behaviour) {
  if (behaviour == NULL)
    return;
  g_free(behaviour->ending);
  g_free(behaviour->sentence);
  g_free(behaviour->output);
  g_ptr_array_unref(behaviour->claims);
  g_free(behaviour);
}

/* --- two runs ---------------------------------------------------------------------------- */

BehaviourChange *behaviour_change_new(const Snippet *before, const Snippet *after) {
  BehaviourChange *change = g_new0(BehaviourChange, 1);
  change->before = before;
  change->after = after;
  change->became_false = g_ptr_array_new();
  change->became_true = g_ptr_array_new();
  return change;
}

void behaviour_change_free(BehaviourChange *change) {
  if (change == NULL)
    return;
  g_free(change->because);
  behaviour_free(change->was);
  behaviour_free(change->is);
  g_free(change->incomparable);
  g_ptr_array_unref(change->became_false);
  g_ptr_array_unref(change->became_true);
  g_free(change->output_diff);
  g_free(change);
}

/* Why nothing that it did is known; NULL where it is. */
static gchar *obstacle_of(const Behaviour *behaviour) {
  if (behaviour->class != VERDICT_NEEDS && behaviour->class != VERDICT_SKIPPED &&
      behaviour->class != VERDICT_INFRA)
    return NULL;
  const gchar *sentence = behaviour->sentence;
  return g_strdup_printf("%s%s%s", verdict_class_name(behaviour->class),
                         sentence != NULL ? ": " : "", sentence != NULL ? sentence : "");
}

/* That only one of them could not be run is news; our own failure says nothing. */
static gchar *incomparable_text(const Behaviour *was, const Behaviour *is) {
  if (was->class == VERDICT_INFRA)
    return obstacle_of(was);
  return is->class == VERDICT_INFRA || is->class == was->class ? obstacle_of(is) : NULL;
}

static void set_output_diff(BehaviourChange *change, const gchar *before, const gchar *after) {
  g_clear_pointer(&change->output_diff, g_free);
  change->news &= ~NEWS_OUTPUT;
  if (g_str_equal(before, after))
    return;
  change->output_diff = line_diff(before, after);
  if (*change->output_diff == '\0')
    g_clear_pointer(&change->output_diff, g_free);
  else
    change->news |= NEWS_OUTPUT;
}

static void compare_claims(BehaviourChange *change) {
  g_autofree gint *partner = claims_match(change->was->claims, change->is->claims);
  for (guint i = 0; i < change->is->claims->len; i++) {
    ClaimSeen *new = g_ptr_array_index(change->is->claims, i);
    const ClaimSeen *old =
        partner[i] >= 0 ? g_ptr_array_index(change->was->claims, partner[i]) : NULL;
    gboolean was_false = old != NULL && old->state == CLAIM_CONTRADICTED;
    if (new->state == CLAIM_CONTRADICTED && !was_false)
      g_ptr_array_add(change->became_false, new);
    if (new->state == CLAIM_HOLDS && was_false)
      g_ptr_array_add(change->became_true, new);
  }
}

void behaviour_compare(BehaviourChange *change) {
  const Behaviour *was = change->was, *is = change->is;
  if (is == NULL)
    return;
  if (was == NULL) { /* new: what is false of it became so */
    for (guint i = 0; i < is->claims->len; i++) {
      ClaimSeen *claim = g_ptr_array_index(is->claims, i);
      if (claim->state == CLAIM_CONTRADICTED)
        g_ptr_array_add(change->became_false, claim);
    }
    if (change->became_false->len > 0)
      change->news |= NEWS_FALSE;
    return;
  }
  change->incomparable = incomparable_text(was, is);
  if (change->incomparable != NULL)
    return;
  compare_claims(change);
  change->news |= change->became_false->len > 0 ? NEWS_FALSE : 0;
  change->news |= change->became_true->len > 0 ? NEWS_TRUE : 0;
  change->news |= was->class != is->class ? NEWS_CLASS : 0;
  if (!change->compares_runs)
    return;
  change->news |= !g_str_equal(was->ending, is->ending) ? NEWS_ENDING : 0;
  if (was->has_run && is->has_run)
    set_output_diff(change, was->output, is->output);
}

/* --- once more --------------------------------------------------------------------------- */

static gboolean takes_long(const BehaviourChange *change) {
  return change->was->wall_ns > AGAIN_MOST_NS || change->is->wall_ns > AGAIN_MOST_NS;
}

gboolean behaviour_is_suspect(const BehaviourChange *change) {
  return change->was != NULL && change->is != NULL && change->compares_runs &&
         change->incomparable == NULL && change->news != 0 && !takes_long(change);
}

static gboolean is_another_time(guint64 one, guint64 other, guint64 more) {
  guint64 longer = MAX(one, other), shorter = MIN(one, other);
  return longer > TIME_FACTOR * shorter && longer - shorter > more;
}

static gboolean is_finished(const Behaviour *behaviour) {
  return behaviour->has_run &&
         (behaviour->class == VERDICT_VERIFIED || behaviour->class == VERDICT_FALSE ||
          behaviour->class == VERDICT_RAN || behaviour->class == VERDICT_CHANGED);
}

gboolean behaviour_is_slow_suspect(const BehaviourChange *change) {
  const Behaviour *was = change->was, *is = change->is;
  return was != NULL && is != NULL && change->compares_runs && change->incomparable == NULL &&
         is_finished(was) && is_finished(is) && !takes_long(change) &&
         (is_another_time(was->cpu_ns, is->cpu_ns, CPU_MORE_NS) ||
          is_another_time(was->wall_ns, is->wall_ns, WALL_MORE_NS));
}

/* Whether both are marked alike, claim by claim. */
static gboolean same_mark(const Behaviour *one, const Behaviour *other) {
  if (one->class != other->class || one->claims->len != other->claims->len)
    return FALSE;
  for (guint i = 0; i < one->claims->len; i++) {
    const ClaimSeen *left = g_ptr_array_index(one->claims, i);
    const ClaimSeen *right = g_ptr_array_index(other->claims, i);
    if ((left->state == CLAIM_CONTRADICTED) != (right->state == CLAIM_CONTRADICTED))
      return FALSE;
  }
  return TRUE;
}

static gboolean is_known(const Behaviour *const runs[2]) {
  for (guint i = 0; i < 2; i++)
    if (runs[i] == NULL || runs[i]->class == VERDICT_INFRA || runs[i]->class == VERDICT_NEEDS)
      return FALSE;
  return TRUE;
}

/* What the first run and two more say together; NULL where they have not as many lines. */
static gchar *steady_text(const gchar *first, const gchar *second, const gchar *third) {
  g_autofree gchar *two = line_diff_steady(second, third);
  return two != NULL ? line_diff_steady(two, first) : NULL;
}

void behaviour_confirm(BehaviourChange *change, const Behaviour *const was[2],
                       const Behaviour *const is[2]) {
  if (!is_known(was) || !is_known(is))
    return;
  for (guint i = 0; i < 2; i++)
    if (!same_mark(change->was, was[i]) || !same_mark(change->is, is[i])) {
      change->varies = TRUE;
      change->news &= ~(NEWS_CLASS | NEWS_ENDING | NEWS_FALSE | NEWS_TRUE);
      g_ptr_array_set_size(change->became_false, 0);
      g_ptr_array_set_size(change->became_true, 0);
    }

  g_autofree gchar *old_ending = steady_text(change->was->ending, was[0]->ending, was[1]->ending);
  g_autofree gchar *new_ending = steady_text(change->is->ending, is[0]->ending, is[1]->ending);
  if (change->news & NEWS_ENDING) {
    g_autofree gchar *difference = line_diff(old_ending, new_ending);
    if (*difference == '\0')
      change->news &= ~NEWS_ENDING;
  }

  if (!(change->news & NEWS_OUTPUT))
    return;
  gboolean same_each_time =
      g_str_equal(was[0]->output, is[0]->output) && g_str_equal(was[1]->output, is[1]->output);
  g_autofree gchar *old = steady_text(change->was->output, was[0]->output, was[1]->output);
  g_autofree gchar *new = steady_text(change->is->output, is[0]->output, is[1]->output);
  change->varies |= old == NULL || new == NULL || !g_str_equal(old, change->was->output) ||
                    !g_str_equal(new, change->is->output);
  if (same_each_time || old == NULL || new == NULL) {
    change->news &= ~NEWS_OUTPUT;
    g_clear_pointer(&change->output_diff, g_free);
    return;
  }
  set_output_diff(change, old, new);
}

/* --- times ------------------------------------------------------------------------------- */

static TimeSpread spread_of(const GPtrArray *runs, gboolean is_cpu) {
  g_autofree gdouble *samples = g_new(gdouble, runs->len + 1);
  for (guint i = 0; i < runs->len; i++) {
    const Behaviour *run = g_ptr_array_index(runs, i);
    samples[i] = (gdouble)(is_cpu ? run->cpu_ns : run->wall_ns) / 1e9;
  }
  Statistics statistics = statistics_of(samples, runs->len);
  return (TimeSpread){statistics.least, statistics.median, statistics.most};
}

static gboolean is_clear(const TimeSpread *less, const TimeSpread *more) {
  return more->least > less->most && more->median > 1.5 * less->median &&
         more->median - less->median > (gdouble)CPU_MORE_NS / 2e9;
}

static gboolean is_open(const TimeSpread *one, const TimeSpread *other) {
  return one->least > other->most || other->least > one->most;
}

gboolean behaviour_time_is_open(const GPtrArray *was, const GPtrArray *is) {
  for (gint is_cpu = 0; is_cpu <= 1; is_cpu++) {
    TimeSpread before = spread_of(was, is_cpu), after = spread_of(is, is_cpu);
    if (was->len == 0 || is->len == 0 || is_open(&before, &after))
      return TRUE;
  }
  return FALSE;
}

void behaviour_time(BehaviourChange *change, const GPtrArray *was, const GPtrArray *is) {
  if (was->len < 3 || is->len < 3)
    return;
  /* CPU first: what the machine did meanwhile is not in it. */
  for (gint is_cpu = 1; is_cpu >= 0; is_cpu--) {
    TimeSpread before = spread_of(was, is_cpu), after = spread_of(is, is_cpu);
    if (!is_clear(&before, &after) && !is_clear(&after, &before))
      continue;
    change->news |= NEWS_TIME;
    change->is_cpu = is_cpu;
    change->time_before = before;
    change->time_after = after;
    change->timed_runs = MIN(was->len, is->len);
    return;
  }
}

/* --- all of them ------------------------------------------------------------------------- */

gboolean behaviour_is_worse(const BehaviourChange *change) {
  if (change->is == NULL || change->incomparable != NULL)
    return FALSE;
  if (change->became_false->len > 0)
    return TRUE;
  if (!verdict_class_fails(change->is->class))
    return FALSE;
  return change->was == NULL ||
         ((change->news & NEWS_CLASS) && !verdict_class_fails(change->was->class));
}

BehaviourCounts behaviour_counts(const BehaviourReport *report) {
  BehaviourCounts counts = {0};
  for (guint i = 0; i < report->changes->len; i++) {
    const BehaviourChange *change = g_ptr_array_index(report->changes, i);
    counts.added += change->before == NULL;
    counts.removed += change->after == NULL;
    counts.moved += change->is_moved;
    counts.renumbered += change->is_renumbered && !change->is_moved;
    counts.compared += change->was != NULL && change->is != NULL && change->incomparable == NULL;
    counts.incomparable += change->incomparable != NULL;
    counts.varying += change->varies;
    counts.worse += behaviour_is_worse(change);
    counts.became_false += change->became_false->len;
    counts.became_true += change->became_true->len;
    counts.classes += (change->news & NEWS_CLASS) != 0;
    counts.endings += (change->news & NEWS_ENDING) != 0;
    counts.outputs += (change->news & NEWS_OUTPUT) != 0;
    if (change->news & NEWS_TIME) {
      gboolean is_slower = change->time_after.median > change->time_before.median;
      counts.slower += is_slower;
      counts.faster += !is_slower;
    }
  }
  return counts;
}
