#include "judge/source_rows.h"

#include <string.h>

static void row_free(gpointer data) {
  SourceRow *row = data;
  g_free(row->code);
  g_strfreev(row->words);
  g_free(row);
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

GStrv source_words(const gchar *code) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  for (const gchar *at = code; *at != '\0';) {
    gsize length = 0;
    while (is_word(at[length]))
      length++;
    gboolean is_attribute = at > code && at[-1] == '.';
    gboolean is_prefix = (at[length] == '\'' || at[length] == '"') && length <= 2 &&
                         strspn(at, "rbfuRBFU") == length; /* of f"..." */
    g_autofree gchar *word = g_strndup(at, length);
    if (length > 0 && !g_ascii_isdigit(*at) && !is_attribute && !is_prefix &&
        !g_hash_table_contains(seen, word)) {
      g_strv_builder_add(words, word);
      g_hash_table_add(seen, g_steal_pointer(&word));
    }
    at += MAX(length, 1);
  }
  return g_strv_builder_end(words);
}

/* What is open at the end of a line. */
typedef struct {
  guint brackets;
  gchar quote; /* of a string; 0 for none */
  gboolean is_triple;
} Open;

/* Appends the code of a line without its comment, and follows brackets and strings. TRUE where
 * the statement goes on in the next line. */
static gboolean line_read(const gchar *line, Open *open, GString *code) {
  for (const gchar *at = line; *at != '\0'; at++) {
    gboolean is_three = at[0] != '\0' && at[1] == at[0] && at[2] == at[0];
    if (open->quote != 0) {
      if (*at == '\\' && at[1] != '\0') {
        g_string_append_c(code, *at++);
      } else if (*at == open->quote && (!open->is_triple || is_three)) {
        open->quote = 0;
        at += open->is_triple ? 2 : 0;
      }
    } else if (*at == '#') {
      break;
    } else if (*at == '\'' || *at == '"') {
      open->quote = *at;
      open->is_triple = is_three;
      at += is_three ? 2 : 0;
    } else if (strchr("([{", *at) != NULL) {
      open->brackets++;
    } else if (strchr(")]}", *at) != NULL && open->brackets > 0) {
      open->brackets--;
    }
    g_string_append_c(code, *at);
  }
  if (!open->is_triple)
    open->quote = 0; /* a string of one line ends with it */
  gsize length = strlen(line);
  g_string_append_c(code, '\n');
  return open->quote != 0 || open->brackets > 0 || (length > 0 && line[length - 1] == '\\');
}

GPtrArray *source_rows(const Snippet *snippet) {
  GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
  g_auto(GStrv) lines = g_strsplit(snippet->source, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    gboolean is_session = snippet->kind == SNIPPET_TRANSCRIPT;
    if (is_session && (g_str_has_prefix(lines[i], ">>>") || g_str_has_prefix(lines[i], "...")))
      memset(lines[i], ' ', 3);
    gsize indent = strspn(lines[i], " \t");
    if (lines[i][indent] == '\0' || lines[i][indent] == '#')
      continue;
    Open open = {0};
    g_autoptr(GString) code = g_string_new(NULL);
    guint first = i;
    /* What a session shows may open brackets that it never closes. */
    while (line_read(lines[i], &open, code) && !is_session && lines[i + 1] != NULL)
      i++;
    SourceRow *row = g_new0(SourceRow, 1);
    *row = (SourceRow){.first_line = first + 1, .last_line = i + 1, .indent = indent};
    row->words = source_words(code->str);
    row->code = g_string_free(g_steal_pointer(&code), FALSE);
    g_ptr_array_add(rows, row);
  }
  return rows;
}

gboolean source_row_begins(const SourceRow *row, const gchar *word) {
  const gchar *at = row->code + strspn(row->code, " \t");
  if (g_str_has_prefix(at, "async "))
    at += strlen("async ") + strspn(at + strlen("async "), " \t");
  gsize length = strlen(word);
  return strncmp(at, word, length) == 0 && !is_word(at[length]);
}
