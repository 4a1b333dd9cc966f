#include "report/html_text.h"

#include <string.h>

#include "report/text.h"

#define LINES_SHOWN 6u
#define LINES_MAX 200u
#define LINE_WIDTH 1000u
#define BYTES_MAX (32u << 10)

static void append_escaped(GString *to, const gchar *text, gsize length) {
  for (const gchar *at = text, *end = text + length; at < end; at++) {
    switch (*at) {
    case '&':
      g_string_append(to, "&amp;");
      break;
    case '<':
      g_string_append(to, "&lt;");
      break;
    case '>':
      g_string_append(to, "&gt;");
      break;
    case '"':
      g_string_append(to, "&quot;");
      break;
    case '\'':
      g_string_append(to, "&#39;");
      break;
    default:
      g_string_append_c(to, *at);
    }
  }
}

void html_append(GString *to, const gchar *text, gsize width) {
  g_autofree gchar *line = text_one_line(text, -1, width);
  append_escaped(to, line, strlen(line));
}

void html_append_lines(GString *to, const gchar *bytes, gsize size, const gchar *css_class) {
  gsize shown = MIN(size, BYTES_MAX);
  g_autofree gchar *valid = text_valid(bytes, (gssize)shown);
  g_auto(GStrv) lines = g_strsplit(valid, "\n", -1);
  guint count = g_strv_length(lines);
  if (count > 0 && *lines[count - 1] == '\0')
    count--;
  /* Nothing is folded that takes no more room than the word for it. */
  guint open = count <= LINES_SHOWN + 1 ? count : LINES_SHOWN;
  for (guint i = 0; i < MIN(count, LINES_MAX); i++) {
    if (i == open)
      html_append_markup(to, "<details><summary>%u more lines</summary>", count - open);
    g_autofree gchar *line = text_code_line(lines[i], LINE_WIDTH);
    html_append_markup(to, "<span class=\"%s\">", css_class);
    append_escaped(to, line, strlen(line));
    g_string_append(to, "\n</span>");
  }
  if (count > LINES_MAX)
    html_append_markup(to, "<span class=\"cut\">%u more lines are left out here</span>",
                       count - LINES_MAX);
  if (count > open)
    g_string_append(to, "</details>");
  if (shown < size)
    html_append_markup(to,
                       "<span class=\"cut\">%" G_GSIZE_FORMAT " more bytes are left out here"
                       "</span>",
                       size - shown);
}

static gchar *id_of(const gchar *name) {
  gchar *id = text_one_line(name, -1, 0);
  return g_strdelimit(id, " ", '_');
}

void html_append_id(GString *to, const gchar *name) {
  g_autofree gchar *id = id_of(name);
  append_escaped(to, id, strlen(id));
}

void html_append_link(GString *to, const gchar *name) {
  g_autofree gchar *id = id_of(name);
  g_autofree gchar *link = g_uri_escape_string(id, "/:~", TRUE);
  g_string_append_c(to, '#');
  append_escaped(to, link, strlen(link));
}

/* --- Python ----------------------------------------------------------------------- */

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static gboolean is_keyword(const gchar *word, gsize length) {
  static const gchar *const keywords[] = {
      "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
      "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
      "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
      "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",    NULL};
  for (guint i = 0; keywords[i] != NULL; i++)
    if (strlen(keywords[i]) == length && memcmp(keywords[i], word, length) == 0)
      return TRUE;
  return FALSE;
}

static void append_part(GString *to, const gchar *css_class, const gchar *from, const gchar *end) {
  if (end == from)
    return;
  if (css_class == NULL) {
    append_escaped(to, from, (gsize)(end - from));
    return;
  }
  html_append_markup(to, "<span class=\"%s\">", css_class);
  append_escaped(to, from, (gsize)(end - from));
  g_string_append(to, "</span>");
}

/* Behind the three quotes that end a text; the line's end where they are not in it. */
static const gchar *skip_triple(HtmlCode *code, const gchar *at) {
  for (; *at != '\0'; at++) {
    if (*at == '\\' && at[1] != '\0')
      at++;
    else if (at[0] == code->quote && at[1] == code->quote && at[2] == code->quote) {
      code->quote = '\0';
      return at + 3;
    }
  }
  return at;
}

/* Behind a text that begins with a quote. */
static const gchar *skip_string(HtmlCode *code, const gchar *at) {
  gchar quote = *at;
  if (at[1] == quote && at[2] == quote) {
    code->quote = quote;
    return skip_triple(code, at + 3);
  }
  for (at++; *at != '\0' && *at != quote; at++)
    if (*at == '\\' && at[1] != '\0')
      at++;
  return *at == quote ? at + 1 : at;
}

static gboolean is_prefix(const gchar *word, const gchar *end) {
  if (end - word > 2 || (*end != '"' && *end != '\''))
    return FALSE;
  for (; word < end; word++)
    if (strchr("rRbBfFuUtT", *word) == NULL)
      return FALSE;
  return TRUE;
}

void html_append_code(GString *to, HtmlCode *code, const gchar *line, gsize width) {
  g_autofree gchar *shown = text_code_line(line, width);
  const gchar *at = shown;
  if (code->quote != '\0') {
    at = skip_triple(code, at);
    append_part(to, "s", shown, at);
  }
  while (*at != '\0') {
    const gchar *from = at;
    if (*at == '#') {
      at += strlen(at);
      append_part(to, "c", from, at);
    } else if (*at == '"' || *at == '\'') {
      at = skip_string(code, at);
      append_part(to, "s", from, at);
    } else if (is_word(*at)) {
      while (is_word(*at) || (g_ascii_isdigit(*from) && *at == '.'))
        at++;
      if (is_prefix(from, at)) {
        at = skip_string(code, at);
        append_part(to, "s", from, at);
      } else {
        append_part(to,
                    g_ascii_isdigit(*from)                 ? "n"
                    : is_keyword(from, (gsize)(at - from)) ? "k"
                                                           : NULL,
                    from, at);
      }
    } else {
      while (*at != '\0' && *at != '#' && *at != '"' && *at != '\'' && !is_word(*at))
        at++;
      append_part(to, NULL, from, at);
    }
  }
}
