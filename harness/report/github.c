/*
 * Workflow commands of GitHub.
 *
 * The runner reads every line that a step prints, and takes one that begins with "::" for a
 * command, and "##[" wherever it stands. The human report shows what documents and snippets say,
 * so commands are stopped, under a name that nobody can guess, until all of it has been printed.
 *
 * Of each level GitHub shows ten annotations a step: where there are more, the tenth says so.
 */
#include <errno.h>
#include <string.h>

#include "report/findings_sink.h"
#include "report/health_text.h"
#include "report/text.h"

#define SHOWN_MAX 10u
#define SUMMARY_MAX 200u /* rows of the summary's table of problems */

typedef struct {
  FILE *out;
  FILE *summary; /* NULL for none */
  gchar *summary_path;
  gchar *base;
  gchar *token; /* commands are stopped until it is said; NULL where they are not */
} Github;

static const gchar *command_of(Level level) {
  static const gchar *const commands[LEVELS] = {"notice", "warning", "error"};
  return commands[level];
}

static void append_data(GString *to, const gchar *text, gboolean is_property) {
  for (; *text != '\0'; text++) {
    if (*text == '%' || *text == '\r' || *text == '\n' ||
        (is_property && (*text == ':' || *text == ',')))
      g_string_append_printf(to, "%%%02X", (guchar)*text);
    else
      g_string_append_c(to, *text);
  }
}

static void append_property(GString *to, const gchar *name, const gchar *value) {
  g_autofree gchar *valid = text_valid(value, -1);
  g_string_append_printf(to, "%s%s=", strchr(to->str, ' ') == NULL ? " " : ",", name);
  append_data(to, valid, TRUE);
}

static void append_number(GString *to, const gchar *name, guint number) {
  g_string_append_printf(to, ",%s=%u", name, number);
}

static void print_annotation(FILE *out, const Finding *finding) {
  const Region *region = &finding->region;
  g_autoptr(GString) line = g_string_new("::");
  g_string_append(line, command_of(finding->level));
  append_property(line, "file", finding->path);
  if (region->line != 0)
    append_number(line, "line", region->line);
  if (region->line != 0)
    append_number(line, "endLine", MAX(region->line, region->end_line));
  /* GitHub takes columns only where all is on one line. */
  if (region->column != 0 && region->end_column != 0 && region->end_line == region->line) {
    append_number(line, "col", region->column);
    append_number(line, "endColumn", region->end_column);
  }
  g_autofree gchar *title = g_strdup_printf("proctor: %s", finding->rule);
  append_property(line, "title", title);
  g_string_append(line, "::");
  append_data(line, finding->message, FALSE);
  if (finding->advice != NULL) {
    gboolean is_line = strchr(finding->advice, '\n') == NULL;
    append_data(line, is_line ? "\nwrite: " : "\nwrite:\n", FALSE);
    append_data(line, finding->advice, FALSE);
  }
  fprintf(out, "%s\n", line->str);
}

static void print_annotations(FILE *out, const GPtrArray *findings) {
  guint counts[LEVELS] = {0}, shown[LEVELS] = {0};
  for (guint i = 0; i < findings->len; i++)
    counts[((const Finding *)g_ptr_array_index(findings, i))->level]++;
  for (guint i = 0; i < findings->len; i++) {
    const Finding *finding = g_ptr_array_index(findings, i);
    Level level = finding->level;
    if (counts[level] > SHOWN_MAX && shown[level] == SHOWN_MAX - 1)
      continue;
    print_annotation(out, finding);
    shown[level]++;
  }
  for (Level level = LEVEL_NOTE; level < LEVELS; level++)
    if (counts[level] > shown[level])
      fprintf(out, "::%s title=proctor::and %u more: they are in the log and in the reports\n",
              command_of(level), counts[level] - shown[level]);
}

/* --- the summary ----------------------------------------------------------------- */

/* One line of Markdown in which nothing but its text is to be seen. */
static void append_cell(GString *to, const gchar *text) {
  g_autofree gchar *line = text_one_line(text, -1, 200);
  for (const gchar *at = line; *at != '\0'; at++) {
    if (*at == '&')
      g_string_append(to, "&amp;");
    else if (*at == '<')
      g_string_append(to, "&lt;");
    else if (strchr("\\`*_{}[]()>#|~!@:$", *at) != NULL)
      g_string_append_printf(to, "&#%u;", (guchar)*at);
    else
      g_string_append_c(to, *at);
  }
}

static void append_ledger(GString *to, const ReportSummary *summary) {
  const Ledger *ledger = &summary->ledger;
  g_string_append(to, "| blocks | |\n|---|---:|\n");
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    if (ledger->classes[class] > 0)
      g_string_append_printf(to, "| %s | %u |\n", verdict_class_name(class),
                             ledger->classes[class]);
  g_string_append_printf(to, "| **all** | **%u** |\n\n", ledger->blocks);
  if (summary->left_out > 0) {
    g_autofree gchar *blocks = text_count(summary->left_out, "block");
    g_string_append_printf(to, "%s left out", blocks);
    if (summary->selection != NULL) {
      g_string_append(to, ": not ");
      append_cell(to, summary->selection);
    }
    g_string_append(to, ".\n\n");
  }
  guint claims = ledger->held + ledger->contradicted + ledger->unchecked;
  if (claims > 0)
    g_string_append_printf(to,
                           "Of %u claims %u hold, %u are contradicted, %u could not be "
                           "checked.\n\n",
                           claims, ledger->held, ledger->contradicted, ledger->unchecked);
}

static void append_problems(GString *to, const GPtrArray *findings) {
  guint rows = 0, left = 0;
  for (guint i = 0; i < findings->len; i++) {
    const Finding *finding = g_ptr_array_index(findings, i);
    if (finding->level == LEVEL_NOTE)
      continue;
    if (rows == SUMMARY_MAX) {
      left++;
      continue;
    }
    if (rows++ == 0)
      g_string_append(to, "| where | | what |\n|---|---|---|\n");
    g_string_append(to, "| ");
    append_cell(to, finding->path);
    if (finding->region.line != 0)
      g_string_append_printf(to, "&#58;%u", finding->region.line);
    g_string_append_printf(to, " | %s | ", finding->rule);
    append_cell(to, finding->message);
    if (finding->advice != NULL) {
      g_string_append(to, "<br>write&#58; <code>");
      append_cell(to, finding->advice);
      g_string_append(to, "</code>");
    }
    g_string_append(to, " |\n");
  }
  if (left > 0)
    g_string_append_printf(to, "\nand %u more\n", left);
}

static void append_count(GString *to, guint count) {
  if (count > 0)
    g_string_append_printf(to, " %u |", count);
  else
    g_string_append(to, " |");
}

/* What is to be written, section by section. */
static void append_health(GString *to, const gchar *base, const Health *health) {
  static const HealthKind kinds[] = {HEALTH_NO_ANSWER, HEALTH_NO_SNIPPET, HEALTH_GAP,
                                     HEALTH_DOUBLE};
  if (health == NULL || health->questions == 0)
    return;
  g_string_append(to, "\n| where | section | questions | no answer | no snippet | numbers missing "
                      "| numbers used twice | blocks |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
  for (guint i = 0; i < MIN(health->sections->len, SUMMARY_MAX); i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    g_autofree gchar *path = path_in(base, section->document->path);
    g_autofree gchar *title = health_section_title(section, 0);
    g_string_append(to, "| ");
    append_cell(to, path);
    if (section->line != 0)
      g_string_append_printf(to, "&#58;%u", section->line);
    g_string_append(to, " | ");
    append_cell(to, title);
    g_string_append(to, " |");
    append_count(to, section->questions);
    for (guint j = 0; j < G_N_ELEMENTS(kinds); j++)
      append_count(to, section->counts[kinds[j]]);
    append_count(to, section->snippets);
    g_string_append_c(to, '\n');
  }
  if (health->sections->len > SUMMARY_MAX)
    g_string_append_printf(to, "\nand %u more sections\n", health->sections->len - SUMMARY_MAX);
}

static gboolean write_summary(Github *github, const GPtrArray *findings,
                              const ReportSummary *summary, GError **error) {
  if (github->summary == NULL)
    return TRUE;
  g_autoptr(GString) text = g_string_new("### proctor\n\n");
  append_ledger(text, summary);
  append_problems(text, findings);
  append_health(text, github->base, summary->health);
  g_string_append_c(text, '\n');
  FILE *file = g_steal_pointer(&github->summary);
  gboolean is_written = fwrite(text->str, 1, text->len, file) == text->len;
  gint failure = is_written ? 0 : errno;
  if (fclose(file) != 0 && failure == 0)
    failure = errno;
  if (failure == 0)
    return TRUE;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot write '%s': %s",
              github->summary_path, g_strerror(failure));
  return FALSE;
}

/* --- the sink --------------------------------------------------------------------- */

static void begin(gpointer data) {
  Github *github = data;
  github->token = g_uuid_string_random();
  fprintf(github->out, "::stop-commands::%s\n", github->token);
  fflush(github->out);
}

static void resume(Github *github) {
  if (github->token != NULL)
    fprintf(github->out, "::%s::\n", github->token);
  g_clear_pointer(&github->token, g_free);
}

static gboolean write_report(gpointer data, const GPtrArray *findings, const ReportSummary *summary,
                             GError **error) {
  Github *github = data;
  resume(github);
  print_annotations(github->out, findings);
  if (fflush(github->out) != 0) {
    gint failure = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure),
                "cannot write annotations: %s", g_strerror(failure));
    return FALSE;
  }
  return write_summary(github, findings, summary, error);
}

static void github_free(gpointer data) {
  Github *github = data;
  resume(github); /* also where the check failed before its end */
  if (github->summary != NULL)
    fclose(github->summary);
  g_free(github->summary_path);
  g_free(github->base);
  g_free(github);
}

ReportSink *github_sink_new(const FormatOptions *options, FILE *out, GError **error) {
  static const FindingsCalls calls = {.begin = begin, .write = write_report, .free = github_free};
  FILE *summary = NULL;
  if (options->path != NULL && (summary = fopen(options->path, "ae")) == NULL) {
    gint failure = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot write '%s': %s",
                options->path, g_strerror(failure));
    return NULL;
  }
  Github *github = g_new0(Github, 1);
  github->out = out;
  github->summary = summary;
  github->summary_path = g_strdup(options->path);
  github->base = g_strdup(options->base);
  return findings_sink_new(options, &calls, github);
}
