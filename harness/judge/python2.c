#include "judge/python2.h"

#include <string.h>

static gboolean begins_word(const gchar *line, const gchar *word) {
  gsize length = strlen(word);
  return strncmp(line, word, length) == 0 && (line[length] == ' ' || line[length] == '\t');
}

static const gchar *skip_blanks(const gchar *text) {
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

static gboolean is_name(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || character == '.';
}

/* `except X, e:` and `raise X, "..."`: a name, a comma and something else. */
static gboolean has_comma_behind_name(const gchar *text, gsize size) {
  gsize at = 0;
  while (at < size && is_name(text[at]))
    at++;
  return at > 0 && at + 1 < size && text[at] == ',';
}

static gboolean line_is_python2(const gchar *line, gsize size) {
  if (begins_word(line, "print") || begins_word(line, "exec")) {
    const gchar *behind = skip_blanks(line + strcspn(line, " \t"));
    return *behind != '\0' && *behind != '\n' && strchr("(=.,)", *behind) == NULL;
  }
  if (begins_word(line, "except") || begins_word(line, "raise")) {
    const gchar *behind = skip_blanks(line + strcspn(line, " \t"));
    return has_comma_behind_name(behind, size - (gsize)(behind - line));
  }
  const gchar *comment = memchr(line, '#', size);
  gsize code = comment != NULL ? (gsize)(comment - line) : size;
  for (gsize i = 0; i + 1 < code; i++) {
    if (line[i] == '"' || line[i] == '\'')
      return FALSE;
    if (line[i] == '`' || (line[i] == '<' && line[i + 1] == '>'))
      return TRUE;
    if (line[i] == '0' && g_ascii_isdigit(line[i + 1]) && line[i + 1] != '0' &&
        (i == 0 || (!is_name(line[i - 1]))))
      return TRUE;
  }
  return FALSE;
}

gboolean source_is_python2(const gchar *source) {
  for (const gchar *line = source; *line != '\0';) {
    const gchar *code = skip_blanks(line);
    if (strncmp(code, ">>> ", 4) == 0 || strncmp(code, "... ", 4) == 0)
      code = skip_blanks(code + 4);
    gsize size = strcspn(code, "\n");
    if (line_is_python2(code, size))
      return TRUE;
    line = code + size;
    if (*line == '\n')
      line++;
  }
  return FALSE;
}
