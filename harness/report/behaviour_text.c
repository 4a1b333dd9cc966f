/* What changed in behaviour, for a person: one line for each thing, with what it was below it. */
#include <string.h>

#include "report/behaviour.h"
#include "report/text.h"

/* Of a longer difference the rest is counted: all of it is in the other reports. */
#define DIFF_LINES 20u
#define LINE_WIDTH 120

static const gchar BOLD[] = "\033[1m", RED[] = "\033[31m", GREEN[] = "\033[32m",
                   RESET[] = "\033[0m";

typedef struct {
  GString *out;
  gboolean use_colour;
} Text;

static void append_coloured(Text *text, const gchar *colour, const gchar *line) {
  if (text->use_colour && *colour != '\0')
    g_string_append_printf(text->out, "%s%s%s", colour, line, RESET);
  else
    g_string_append(text->out, line);
}

/* "docs/a.md:12: word: rest" */
static void append_head(Text *text, const Snippet *snippet, guint line, const gchar *colour,
                        const gchar *word) {
  g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
  g_autofree gchar *place = g_strdup_printf("%s:%u:", path, line);
  append_coloured(text, BOLD, place);
  g_string_append_c(text->out, ' ');
  append_coloured(text, colour, word);
}

static void append_code(Text *text, const gchar *code) {
  if (code != NULL)
    g_string_append_printf(text->out, "    %s\n", code);
}

static void append_diff(Text *text, const gchar *diff) {
  g_auto(GStrv) lines = g_strsplit(diff, "\n", -1);
  guint count = g_strv_length(lines), shown = 0;
  for (guint i = 0; i < count && *lines[i] != '\0' && shown < DIFF_LINES; i++, shown++) {
    g_autofree gchar *line = text_one_line(lines[i], -1, LINE_WIDTH);
    g_string_append(text->out, "    ");
    append_coloured(text, *line == '-' ? RED : *line == '+' ? GREEN : "", line);
    g_string_append_c(text->out, '\n');
  }
  if (shown + 1 < count) {
    g_autofree gchar *rest = text_count(count - 1 - shown, "more line");
    g_string_append_printf(text->out, "    ... %s\n", rest);
  }
}

/* That its code changed goes without saying. */
static void append_because(Text *text, const BehaviourChange *change) {
  if (change->before != NULL && change->because != NULL && !change->is_edited)
    g_string_append_printf(text->out, " (%s)", change->because);
  g_string_append_c(text->out, '\n');
}

static void append_claims(Text *text, const BehaviourChange *change) {
  for (guint i = 0; i < change->became_false->len; i++) {
    const ClaimSeen *claim = g_ptr_array_index(change->became_false, i);
    append_head(text, change->after, claim->line, RED,
                change->before != NULL ? "became false" : "added, and false");
    g_string_append_printf(text->out, ": %s", claim->sentence);
    append_because(text, change);
    append_code(text, claim->code);
  }
  for (guint i = 0; i < change->became_true->len; i++) {
    const ClaimSeen *claim = g_ptr_array_index(change->became_true, i);
    append_head(text, change->after, claim->line, GREEN, "became true");
    g_string_append_printf(text->out, ": '%s'", claim->text);
    append_because(text, change);
  }
}

/* What its claims already say is not said again. */
static gboolean class_is_told(const BehaviourChange *change) {
  if (change->is->class == VERDICT_FALSE && change->became_false->len > 0)
    return TRUE;
  return change->was->class == VERDICT_FALSE && change->is->class == VERDICT_VERIFIED &&
         change->became_true->len > 0;
}

static void append_both(Text *text, const BehaviourChange *change) {
  const Behaviour *was = change->was, *is = change->is;
  append_claims(text, change);
  if ((change->news & NEWS_CLASS) && !class_is_told(change)) {
    gboolean fails = verdict_class_fails(is->class);
    append_head(text, change->after, is->line, fails ? RED : BOLD, verdict_class_name(is->class));
    g_string_append_printf(text->out, ", was %s", verdict_class_name(was->class));
    if (is->sentence != NULL)
      g_string_append_printf(text->out, ": %s", is->sentence);
    append_because(text, change);
  } else if (change->news & NEWS_ENDING) {
    append_head(text, change->after, is->line, BOLD, is->ending);
    g_string_append_printf(text->out, ", before: %s", was->ending);
    append_because(text, change);
  }
  if (change->news & NEWS_OUTPUT) {
    append_head(text, change->after, change->after->first_line, BOLD, "another output");
    append_because(text, change);
    append_diff(text, change->output_diff);
  }
  if (change->news & NEWS_TIME) {
    g_autofree gchar *before = behaviour_spread_text(&change->time_before);
    g_autofree gchar *after = behaviour_spread_text(&change->time_after);
    gboolean is_slower = change->time_after.median > change->time_before.median;
    append_head(text, change->after, change->after->first_line, BOLD,
                is_slower ? "slower" : "faster");
    g_string_append_printf(text->out, ": %s of %s, was %s; %u runs each\n", after,
                           change->is_cpu ? "CPU" : "time", before, change->timed_runs);
  }
}

static void append_change(Text *text, const BehaviourChange *change) {
  if (change->after == NULL) {
    append_head(text, change->before, change->before->first_line, BOLD, "removed");
    g_string_append_c(text->out, '\n');
    return;
  }
  if (change->before == NULL) {
    append_claims(text, change);
    if (change->is == NULL || change->became_false->len > 0)
      return;
    append_head(text, change->after, change->is->line,
                verdict_class_fails(change->is->class) ? RED : BOLD, "added");
    g_string_append_printf(text->out, ": %s%s%s\n", verdict_class_name(change->is->class),
                           change->is->sentence != NULL ? ": " : "",
                           change->is->sentence != NULL ? change->is->sentence : "");
    return;
  }
  if (change->is_moved) {
    g_autofree gchar *path = text_one_line(change->before->document->path, -1, 0);
    append_head(text, change->after, change->after->first_line, BOLD, "moved");
    g_string_append_printf(text->out, " from %s:%u\n", path, change->before->first_line);
  }
  if (change->incomparable != NULL) {
    append_head(text, change->after, change->after->first_line, BOLD, "cannot be compared");
    g_string_append_printf(text->out, ": %s\n", change->incomparable);
  } else if (change->was != NULL && change->is != NULL) {
    append_both(text, change);
  }
}

/* --- counts ------------------------------------------------------------------------------ */

gchar *behaviour_spread_text(const TimeSpread *spread) {
  gchar *text =
      g_strdup_printf("%.3g s (%.3g to %.3g)", spread->median, spread->least, spread->most);
  return text;
}

static void add_count(GPtrArray *parts, guint count, const gchar *words) {
  if (count > 0)
    g_ptr_array_add(parts, g_strdup_printf("%u %s", count, words));
}

gchar *behaviour_counts_text(const BehaviourCounts *counts) {
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
  add_count(parts, counts->became_false,
            counts->became_false == 1 ? "claim became false" : "claims became false");
  add_count(parts, counts->became_true,
            counts->became_true == 1 ? "claim became true" : "claims became true");
  add_count(parts, counts->classes, counts->classes == 1 ? "verdict changed" : "verdicts changed");
  add_count(parts, counts->endings, counts->endings == 1 ? "ends otherwise" : "end otherwise");
  add_count(parts, counts->outputs, counts->outputs == 1 ? "output changed" : "outputs changed");
  add_count(parts, counts->slower, "slower");
  add_count(parts, counts->faster, "faster");
  add_count(parts, counts->added, "added");
  add_count(parts, counts->removed, "removed");
  add_count(parts, counts->moved, "moved");
  add_count(parts, counts->renumbered, "renumbered");
  add_count(parts, counts->incomparable, "cannot be compared");
  add_count(parts, counts->varying,
            counts->varying == 1 ? "varies from run to run" : "vary from run to run");
  g_ptr_array_add(parts, NULL);
  return parts->len > 1 ? g_strjoinv(", ", (gchar **)parts->pdata)
                        : g_strdup("nothing behaves otherwise");
}

gchar *behaviour_text(const BehaviourReport *report, gboolean use_colour) {
  Text text = {g_string_new(NULL), use_colour};
  for (guint i = 0; i < report->changes->len; i++)
    append_change(&text, g_ptr_array_index(report->changes, i));
  for (guint i = 0; report->renames != NULL && i < report->renames->len; i++) {
    g_autofree gchar *rename = text_one_line(g_ptr_array_index(report->renames, i), -1, 0);
    g_string_append_printf(text.out, "%s\n", rename);
  }
  BehaviourCounts counts = behaviour_counts(report);
  g_autofree gchar *said = behaviour_counts_text(&counts);
  g_autofree gchar *before = text_one_line(report->before.name, -1, 0);
  g_autofree gchar *after = text_one_line(report->after.name, -1, 0);
  g_autofree gchar *blocks = text_count(report->after.blocks, "block");
  g_string_append_printf(text.out, "from %s to %s: %s", before, after, blocks);
  if (report->before.blocks != report->after.blocks)
    g_string_append_printf(text.out, ", before %u", report->before.blocks);
  g_string_append_printf(text.out, "; %u compared\n%s\n", counts.compared, said);
  if (report->runs > 0) {
    g_autofree gchar *runs = text_count(report->runs, "run");
    g_string_append_printf(text.out, "%s, ", runs);
  } else {
    g_string_append(text.out, "nothing was run, ");
  }
  g_string_append_printf(text.out, "%.2g s%s%s\n", report->seconds,
                         report->python != NULL ? ", Python " : "",
                         report->python != NULL ? report->python : "");
  return g_string_free(text.out, FALSE);
}
