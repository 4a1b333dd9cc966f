#include "judge/source.h"

#include <string.h>

#include "judge/literal.h"

/* Commented-out code is looked for in so many lines. */
#define LOOK_BACK 200u

GStrv source_lines(const Snippet *snippet) {
  return g_strsplit(snippet->source, "\n", -1);
}

static gsize indent_of(const gchar *line) {
  return strspn(line, " \t");
}

static gboolean is_code(const gchar *line) {
  gchar first = line[indent_of(line)];
  return first != '\0' && first != '#' && first != '\r';
}

static gboolean begins_with_word(const gchar *text, const gchar *word) {
  gsize length = strlen(word);
  return strncmp(text, word, length) == 0 && (text[length] == ' ' || text[length] == '\t');
}

static const gchar *function_head(const gchar *line) {
  const gchar *at = line + indent_of(line);
  if (begins_with_word(at, "async"))
    at += strcspn(at, " \t") + strspn(at + strcspn(at, " \t"), " \t");
  return begins_with_word(at, "def") ? at : NULL;
}

/* The next line above with less indentation, as an index; the number of lines where
 * there is none. */
static guint enclosing(GStrv lines, guint index, guint count) {
  gsize indent = indent_of(lines[index]);
  while (indent > 0 && index-- > 0)
    if (is_code(lines[index]) && indent_of(lines[index]) < indent)
      return index;
  return count;
}

static gboolean takes_something(const gchar *head) {
  const gchar *open = strchr(head, '(');
  if (open == NULL)
    return TRUE;
  open++;
  open += strspn(open, " \t");
  return *open != ')';
}

/* Whether the line is in a function, or in one that takes something. */
static gboolean is_in_function(GStrv lines, guint line, gboolean with_arguments) {
  guint count = g_strv_length(lines);
  if (line == 0 || line > count)
    return FALSE;
  for (guint at = enclosing(lines, line - 1, count); at < count; at = enclosing(lines, at, count)) {
    const gchar *head = function_head(lines[at]);
    if (head != NULL && (!with_arguments || takes_something(head)))
      return TRUE;
  }
  return FALSE;
}

gboolean source_is_in_function(GStrv lines, guint line) {
  return is_in_function(lines, line, FALSE);
}

gboolean source_takes_arguments(GStrv lines, guint line) {
  return is_in_function(lines, line, TRUE);
}

guint source_block_end(GStrv lines, guint first_line, guint last_line) {
  guint count = g_strv_length(lines);
  if (first_line == 0 || last_line < first_line || last_line > count)
    return last_line;
  gsize indent = indent_of(lines[first_line - 1]);
  guint end = last_line;
  for (guint i = last_line; i < count; i++) {
    if (!is_code(lines[i]))
      continue;
    if (indent_of(lines[i]) <= indent)
      break;
    end = i + 1;
  }
  return end;
}

/* The right side of `name = ...`, without a comment; NULL for anything else. */
static gchar *assigned(const gchar *text) {
  gsize length = 0;
  while (g_ascii_isalnum(text[length]) || text[length] == '_' || text[length] == '.' ||
         text[length] == ',' || text[length] == ' ' || text[length] == '[' || text[length] == ']')
    length++;
  if (length == 0 || text[length] == '\0' || g_ascii_isdigit(text[0]))
    return NULL;
  if (text[length] == ':') /* an annotation */
    length += strcspn(text + length, "=#");
  if (text[length] != '=' || text[length + 1] == '=')
    return NULL;
  g_autofree gchar *right = g_strdup(text + length + 1);
  gchar *comment = strstr(right, " #");
  if (comment != NULL)
    *comment = '\0';
  return g_strstrip(g_steal_pointer(&right));
}

gboolean source_assigns_literal(GStrv lines, guint line) {
  if (line == 0 || line > g_strv_length(lines))
    return FALSE;
  const gchar *text = lines[line - 1];
  g_autofree gchar *right = assigned(text + indent_of(text));
  if (right == NULL)
    return FALSE;
  LiteralKind kind;
  g_autofree gchar *value = literal_canonical(right, &kind);
  return value != NULL && kind != LITERAL_CALL;
}

/* Whether word stands in code as a name of its own. */
static gboolean mentions(const gchar *code, const gchar *word, gsize length) {
  for (const gchar *at = code; (at = strstr(at, word)) != NULL; at++) {
    gboolean begins = at == code || !(g_ascii_isalnum(at[-1]) || at[-1] == '_');
    if (begins && !(g_ascii_isalnum(at[length]) || at[length] == '_'))
      return TRUE;
  }
  return FALSE;
}

/* Whether a comment, if it were code, binds, changes or deletes a name of the code. */
static gboolean could_change(const gchar *comment, const gchar *code) {
  static const gchar *const binding[] = {"del", "import", "from", "def", "class", "for", "with"};
  gboolean is_binding = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(binding); i++)
    is_binding = is_binding || begins_with_word(comment, binding[i]);
  gsize length = strcspn(comment, " \t=.([:,+-*/#");
  gboolean is_call = comment[length] == '(' || comment[length] == '.' || comment[length] == '[';
  g_autofree gchar *right = assigned(comment);
  gboolean is_augmented = strstr(comment, "+= ") != NULL || strstr(comment, "-= ") != NULL;
  if (!is_binding && !is_call && right == NULL && !is_augmented)
    return FALSE;
  for (const gchar *at = comment; *at != '\0' && *at != '#';) {
    gsize word = 0;
    while (g_ascii_isalnum(at[word]) || at[word] == '_')
      word++;
    if (word > 0 && !g_ascii_isdigit(*at)) {
      g_autofree gchar *name = g_strndup(at, word);
      if (mentions(code, name, word))
        return TRUE;
    }
    at += MAX(word, 1);
  }
  return FALSE;
}

gboolean source_leaves_out(GStrv lines, guint line, const gchar *code) {
  guint count = g_strv_length(lines);
  for (guint i = line > LOOK_BACK ? line - LOOK_BACK : 0; i + 1 < line && i < count; i++) {
    const gchar *at = lines[i] + indent_of(lines[i]);
    if (*at != '#')
      continue;
    at += strspn(at, "# \t");
    if (could_change(at, code))
      return TRUE;
  }
  return FALSE;
}

gboolean source_is_concurrent(const Snippet *snippet) {
  static const gchar *const signs[] = {"Thread(", "Process(", "Executor", "asyncio", "Pool(",
                                       "Timer(",  ".fork(",   "_thread",  "gevent"};
  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    if (strstr(snippet->source, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}
