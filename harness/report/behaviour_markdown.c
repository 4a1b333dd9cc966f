/* What changed in behaviour, as a comment on a pull request: a table, and what is long folded away
 * below it. Nothing that a snippet wrote may end a cell, a fence or the comment's own HTML. */
#include <string.h>

#include "report/behaviour.h"
#include "report/text.h"

/* Hosts refuse comments of more than 64 KiB or so. */
#define ROWS_MOST 60u
#define DETAILS_MOST 40000u
#define DIFF_BYTES 6000u
#define CELL_WIDTH 100

/* Text in a cell, outside of code: what Markdown, HTML or a host would read is escaped. */
static void append_plain(GString *out, const gchar *text) {
  g_autofree gchar *line = text_one_line(text, -1, CELL_WIDTH);
  for (const gchar *at = line; *at != '\0'; at++) {
    if (*at == '<')
      g_string_append(out, "&lt;");
    else if (*at == '>')
      g_string_append(out, "&gt;");
    else if (*at == '&')
      g_string_append(out, "&amp;");
    else if (*at == '@' || *at == '#') /* nobody is called, no issue is linked */
      g_string_append_printf(out, "%c\xe2\x80\x8b", *at);
    else if (strchr("\\`*_{}[]()|~!", *at) != NULL)
      g_string_append_printf(out, "\\%c", *at);
    else
      g_string_append_c(out, *at);
  }
}

/* Code in a cell: a fence of more backticks than stand in it; '|' ends a cell even there. */
static void append_code(GString *out, const gchar *text) {
  guint longest = 0, run = 0;
  for (const gchar *at = text; *at != '\0'; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  g_autofree gchar *fence = g_strnfill(longest + 1, '`');
  gboolean needs_blank = *text == '`' || *text == '\0' || text[strlen(text) - 1] == '`';
  g_string_append_printf(out, "%s%s", fence, needs_blank ? " " : "");
  for (const gchar *at = text; *at != '\0'; at++)
    g_string_append_printf(out, *at == '|' ? "\\%c" : "%c", *at);
  g_string_append_printf(out, "%s%s", needs_blank ? " " : "", fence);
}

static void append_place(GString *out, const Snippet *snippet, guint line) {
  g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
  g_autofree gchar *place = g_strdup_printf("%s:%u", path, line);
  append_code(out, place);
}

/* --- the table --------------------------------------------------------------------------- */

typedef struct {
  GString *rows;
  guint count, left_out;
} Table;

/* words is made of plain text; what follows is escaped. */
static void row_begin(Table *table, const Snippet *snippet, guint line, const gchar *words,
                      const gchar *rest) {
  g_string_append(table->rows, "| ");
  append_place(table->rows, snippet, line);
  g_string_append_printf(table->rows, " | %s", words);
  if (rest != NULL) {
    g_string_append(table->rows, ": ");
    append_plain(table->rows, rest);
  }
  g_string_append(table->rows, " |\n");
}

static void row(Table *table, const Snippet *snippet, guint line, const gchar *words,
                const gchar *rest) {
  if (table->count++ < ROWS_MOST)
    row_begin(table, snippet, line, words, rest);
  else
    table->left_out++;
}

static void rows_of_claims(Table *table, const BehaviourChange *change) {
  for (guint i = 0; i < change->became_false->len; i++) {
    const ClaimSeen *claim = g_ptr_array_index(change->became_false, i);
    row(table, change->after, claim->line,
        change->before != NULL ? "**became false**" : "**added, and false**", claim->sentence);
  }
  for (guint i = 0; i < change->became_true->len; i++) {
    const ClaimSeen *claim = g_ptr_array_index(change->became_true, i);
    row(table, change->after, claim->line, "became true", claim->text);
  }
}

static void rows_of_both(Table *table, const BehaviourChange *change) {
  const Behaviour *was = change->was, *is = change->is;
  rows_of_claims(table, change);
  gboolean is_told = change->became_false->len > 0 && is->class == VERDICT_FALSE;
  is_told |= change->became_true->len > 0 && is->class == VERDICT_VERIFIED;
  if ((change->news & NEWS_CLASS) && !is_told) {
    const gchar *mark = verdict_class_fails(is->class) ? "**" : "";
    g_autofree gchar *words = g_strdup_printf("%s%s%s, was %s", mark, verdict_class_name(is->class),
                                              mark, verdict_class_name(was->class));
    row(table, change->after, is->line, words, is->sentence);
  } else if (change->news & NEWS_ENDING) {
    g_autofree gchar *rest = g_strdup_printf("%s, before: %s", is->ending, was->ending);
    row(table, change->after, is->line, "ends otherwise", rest);
  }
  if (change->news & NEWS_OUTPUT)
    row(table, change->after, change->after->first_line, "another output",
        change->is_edited ? NULL : change->because);
  if (change->news & NEWS_TIME) {
    g_autofree gchar *before = behaviour_spread_text(&change->time_before);
    g_autofree gchar *after = behaviour_spread_text(&change->time_after);
    g_autofree gchar *rest =
        g_strdup_printf("%s of %s, was %s", after, change->is_cpu ? "CPU" : "time", before);
    row(table, change->after, change->after->first_line,
        change->time_after.median > change->time_before.median ? "slower" : "faster", rest);
  }
}

static void rows_of(Table *table, const BehaviourChange *change) {
  if (change->after == NULL) {
    row(table, change->before, change->before->first_line, "removed", NULL);
    return;
  }
  if (change->before == NULL) {
    rows_of_claims(table, change);
    if (change->is != NULL && change->became_false->len == 0)
      row(table, change->after, change->is->line,
          verdict_class_fails(change->is->class) ? "**added**" : "added",
          verdict_class_name(change->is->class));
    return;
  }
  if (change->is_moved) {
    g_autofree gchar *from =
        g_strdup_printf("%s:%u", change->before->document->path, change->before->first_line);
    row(table, change->after, change->after->first_line, "moved from", from);
  }
  if (change->incomparable != NULL)
    row(table, change->after, change->after->first_line, "cannot be compared",
        change->incomparable);
  else if (change->was != NULL && change->is != NULL)
    rows_of_both(table, change);
}

/* --- what is folded away ----------------------------------------------------------------- */

static void append_fenced(GString *out, const gchar *text) {
  guint longest = 2, run = 0;
  for (const gchar *at = text; *at != '\0'; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  g_autofree gchar *fence = g_strnfill(longest + 1, '`');
  g_string_append_printf(out, "%sdiff\n", fence);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gsize size = 0;
  guint i = 0;
  for (; lines[i] != NULL && (*lines[i] != '\0' || lines[i + 1] != NULL) && size < DIFF_BYTES;
       i++) {
    g_autofree gchar *line = text_one_line(lines[i], -1, 200);
    g_string_append_printf(out, "%s\n", line);
    size += strlen(line) + 1;
  }
  if (lines[i] != NULL && *lines[i] != '\0')
    g_string_append(out, "...\n");
  g_string_append_printf(out, "%s\n", fence);
}

static void append_details(GString *out, const BehaviourReport *report) {
  for (guint i = 0; i < report->changes->len && out->len < DETAILS_MOST; i++) {
    const BehaviourChange *change = g_ptr_array_index(report->changes, i);
    if (!(change->news & NEWS_OUTPUT))
      continue;
    g_autofree gchar *path = text_one_line(change->after->document->path, -1, 0);
    g_autofree gchar *place = g_strdup_printf("%s:%u", path, change->after->first_line);
    g_autofree gchar *escaped = g_markup_escape_text(place, -1);
    g_string_append_printf(out, "\n<details><summary>Output of <code>%s</code></summary>\n\n",
                           escaped);
    append_fenced(out, change->output_diff);
    g_string_append(out, "\n</details>\n");
  }
}

gchar *behaviour_markdown(const BehaviourReport *report) {
  BehaviourCounts counts = behaviour_counts(report);
  g_autofree gchar *said = behaviour_counts_text(&counts);
  GString *out = g_string_new("**proctor**: from ");
  append_plain(out, report->before.name);
  g_string_append(out, " to ");
  append_plain(out, report->after.name);
  g_autofree gchar *blocks = text_count(report->after.blocks, "block");
  g_string_append_printf(out, ", %s, %u compared: %s.\n", blocks, counts.compared, said);
  if (report->is_incomplete)
    g_string_append(out, "\nInterrupted: not everything was compared.\n");

  Table table = {g_string_new(NULL), 0, 0};
  for (guint i = 0; i < report->changes->len; i++)
    rows_of(&table, g_ptr_array_index(report->changes, i));
  if (table.count > 0)
    g_string_append_printf(out, "\n| where | what |\n|---|---|\n%s", table.rows->str);
  if (table.left_out > 0)
    g_string_append_printf(out, "\nand %u more.\n", table.left_out);
  g_string_free(table.rows, TRUE);
  append_details(out, report);
  return g_string_free(out, FALSE);
}
