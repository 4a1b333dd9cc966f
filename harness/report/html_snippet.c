#include "report/html_snippet.h"

#include <string.h>

#include "report/html_beside.h"
#include "report/html_text.h"

#define CODE_WIDTH 400

const gchar *html_tone(VerdictClass class) {
  switch (class) {
  case VERDICT_VERIFIED:
    return "ok";
  case VERDICT_FALSE:
  case VERDICT_CHANGED:
  case VERDICT_HUNG:
  case VERDICT_CRASHED:
  case VERDICT_INFRA:
    return "bad";
  case VERDICT_RAN:
  case VERDICT_SKIPPED:
    return "quiet";
  default:
    return "warn";
  }
}

const gchar *html_sign(VerdictClass class) {
  const gchar *tone = html_tone(class);
  return *tone == 'o' ? "✓" : *tone == 'b' ? "✗" : *tone == 'w' ? "!" : "·";
}

static void append_head(const HtmlBeside *beside, GString *to) {
  const Snippet *snippet = beside->snippet;
  const gchar *name = "not run";
  const gchar *tone = "quiet", *sign = "·";
  if (beside->verdict != NULL) {
    name = verdict_class_name(beside->verdict->class);
    tone = html_tone(beside->verdict->class);
    sign = html_sign(beside->verdict->class);
  }
  html_append_markup(to, "<article class=\"snip %s\" id=\"",
                     beside->verdict != NULL ? name : "left-out");
  html_append_id(to, snippet->id);
  html_append_markup(to, "\"><header><b class=\"badge %s\">%s %s</b> <a class=\"where\" href=\"",
                     tone, sign, name);
  html_append_link(to, snippet->id);
  g_string_append(to, "\">");
  html_append(to, snippet->document->path, 0);
  html_append_markup(to, ":%u", snippet->first_line);
  if (snippet->last_line > snippet->first_line)
    html_append_markup(to, "–%u", snippet->last_line);
  g_string_append(to, "</a> <span class=\"id\">");
  html_append(to, snippet->id, 0);
  g_string_append(to, "</span>");
  guint64 wall = beside->transcript != NULL ? beside->transcript->usage.wall_ns : 0;
  if (wall > 0)
    html_append_markup(to,
                       wall < 1000000000u ? "<span class=\"time\">%.1f ms</span>"
                                          : "<span class=\"time\">%.2f s</span>",
                       wall < 1000000000u ? (gdouble)wall / 1e6 : (gdouble)wall / 1e9);
  g_string_append(to, "</header>");
  g_string_append_len(to, beside->head->str, (gssize)beside->head->len);
}

static void append_source(GString *to, const Snippet *snippet, HtmlCode *code, const gchar *line) {
  if (snippet->kind != SNIPPET_TRANSCRIPT) {
    html_append_code(to, code, line, CODE_WIDTH);
    return;
  }
  gboolean has_prompt = g_str_has_prefix(line, ">>>") || g_str_has_prefix(line, "...");
  if (!has_prompt) {
    g_string_append(to, "<span class=\"o\">");
    html_append(to, line, CODE_WIDTH);
    g_string_append(to, "</span>");
    return;
  }
  html_append_markup(to, "<span class=\"p\">%s</span>", *line == '>' ? "&gt;&gt;&gt;" : "...");
  html_append_code(to, code, line + 3, CODE_WIDTH);
}

static void append_table(const HtmlBeside *beside, GString *to) {
  g_string_append(
      to, "<table class=\"code\"><colgroup><col class=\"l\"><col class=\"l2\"><col class=\"l3\">"
          "<col></colgroup><tbody>\n");
  HtmlCode code = {0};
  const gchar *at = beside->snippet->source;
  for (guint line = 1; line <= beside->lines; line++) {
    const gchar *stop = strchr(at, '\n');
    gsize length = stop != NULL ? (gsize)(stop - at) : strlen(at);
    g_autofree gchar *text = g_strndup(at, length);
    html_append_markup(to, "<tr><th scope=\"row\">%u</th><td class=\"src\">",
                       snippet_document_line(beside->snippet, line));
    append_source(to, beside->snippet, &code, text);
    g_string_append(to, "</td>");
    html_append_beside(to, beside, line);
    g_string_append(to, "</tr>\n");
    at += length + (stop != NULL);
  }
  guint all = beside->snippet->last_line - beside->snippet->first_line + 1;
  if (all > beside->lines)
    html_append_markup(to,
                       "<tr><th></th><td class=\"src\"><span class=\"cut\">%u more lines "
                       "are left out here</span></td></tr>\n",
                       all - beside->lines);
  g_string_append(to, "</tbody></table>\n");
}

/* The folder that a snippet ran in has another name each time: "/tmp/proctor-ab12cd/1/". */
static GString *without_scratch(const gchar *bytes, gsize size) {
  static const gchar mark[] = "/proctor-";
  GString *text = g_string_sized_new(size);
  const gchar *end = bytes + size;
  for (const gchar *at = bytes; at < end;) {
    const gchar *found = memmem(at, (gsize)(end - at), mark, strlen(mark));
    if (found == NULL) {
      g_string_append_len(text, at, end - at);
      break;
    }
    const gchar *behind = found + strlen(mark);
    while (behind < end && g_ascii_isalnum(*behind))
      behind++;
    gboolean is_folder = behind - found == (gssize)strlen(mark) + 6 && behind + 1 < end &&
                         *behind == '/' && g_ascii_isdigit(behind[1]);
    while (is_folder && ++behind < end && g_ascii_isdigit(*behind))
      continue;
    is_folder = is_folder && behind < end && *behind == '/';
    g_string_append_len(text, at, (is_folder ? found : behind) - at);
    while (is_folder && text->len > 0 && strchr("\"' \n(", text->str[text->len - 1]) == NULL)
      g_string_truncate(text, text->len - 1);
    at = is_folder ? behind + 1 : behind;
  }
  return text;
}

/* Folded where nothing is wrong: then it is a claimed exception's traceback, or a warning. */
static void append_stream(GString *to, const HtmlBeside *beside, const gchar *title,
                          const gchar *bytes, gsize size, gsize cut) {
  if (size == 0 && cut == 0)
    return;
  const gchar *tone = html_tone(beside->verdict->class);
  gboolean is_open = g_str_equal(tone, "bad") || g_str_equal(tone, "warn");
  g_autoptr(GString) text = without_scratch(bytes, size);
  html_append_markup(to, "<details class=\"below\"%s><summary>%s</summary><samp>",
                     is_open ? " open" : "", title);
  html_append_lines(to, text->str, text->len, "w");
  if (cut > 0)
    html_append_markup(to,
                       "<span class=\"cut\">%" G_GSIZE_FORMAT
                       " bytes were dropped from the middle while it ran</span>",
                       cut);
  g_string_append(to, "</samp></details>\n");
}

static void append_difference(GString *to, const gchar *difference) {
  g_string_append(to, "<div class=\"below\"><h5>difference with what was accepted</h5><samp>");
  g_auto(GStrv) lines = g_strsplit(difference, "\n", -1);
  for (guint i = 0; lines[i] != NULL && i < 200; i++) {
    const gchar *css_class = *lines[i] == '-'   ? "minus"
                             : *lines[i] == '+' ? "plus"
                             : *lines[i] == '!' ? "mind"
                                                : "w";
    if (*lines[i] != '\0' || lines[i + 1] != NULL)
      html_append_lines(to, lines[i], strlen(lines[i]), css_class);
  }
  g_string_append(to, "</samp></div>\n");
}

static void append_below(const HtmlBeside *beside, GString *to) {
  if (beside->below->len > 0)
    html_append_markup(to, "<ul class=\"claims\">%s</ul>\n", beside->below->str);
  const HtmlRow *rest = &beside->rows[0];
  const Transcript *transcript = beside->transcript;
  if (transcript == NULL)
    return;
  if (rest->said != NULL)
    html_append_markup(to, "<div class=\"below\"><h5>at no line</h5>%s</div>\n", rest->said->str);
  append_stream(to, beside, "printed by no line of the snippet",
                rest->output != NULL ? rest->output->str : "",
                rest->output != NULL ? rest->output->len : 0, transcript->output_cut);
  append_stream(to, beside, "standard error", transcript->errors->str, transcript->errors->len,
                transcript->errors_cut);
  if (transcript->traceback != NULL)
    append_stream(to, beside, "traceback of the fixture", transcript->traceback,
                  strlen(transcript->traceback), 0);
  if (beside->verdict->difference != NULL)
    append_difference(to, beside->verdict->difference);
}

gchar *html_snippet(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict) {
  g_autoptr(HtmlBeside) beside = html_beside_new(snippet, transcript, verdict);
  GString *to = g_string_new(NULL);
  append_head(beside, to);
  append_table(beside, to);
  append_below(beside, to);
  g_string_append(to, "</article>\n");
  return g_string_free(to, FALSE);
}
