#include "bank/prose.h"

#include <string.h>

/* Paragraphs on either side of a snippet, and bytes of each. */
#define PROSE_MAX 32u
#define PROSE_BYTES (16u << 10)

void prose_reader_init(ProseReader *reader, const DocumentText *text) {
  *reader = (ProseReader){.text = text};
  g_queue_init(&reader->waiting);
}

static void waiting_clear(ProseReader *reader) {
  g_queue_clear_full(&reader->waiting, (GDestroyNotify)prose_free);
}

void prose_reader_clear(ProseReader *reader) {
  waiting_clear(reader);
}

/* Behind the marks of the list items that a paragraph is the beginning of. */
static const gchar *without_bullets(const gchar *text) {
  for (;;) {
    const gchar *at = text + strspn(text, "0123456789");
    gboolean is_mark = at > text ? *at == '.' || *at == ')' : *at != '\0' && strchr("-*+", *at);
    if (!is_mark || (at[1] != ' ' && at[1] != '\t'))
      return text;
    text = at + 1 + strspn(at + 1, " \t");
  }
}

/* The container's columns are left out, and so are a line's blanks. A text that is cut ends with a
 * whole line. */
static gchar *paragraph_text(const DocumentText *document, guint first, guint last, guint columns) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint line = first; line <= last; line++) {
    gsize length;
    document_text_line(document, line, &length);
    if (text->len + length >= PROSE_BYTES)
      break;
    g_autoptr(GString) slice = document_text_slice(document, line, line, columns);
    g_strstrip(slice->str);
    const gchar *own = line == first && columns > 0 ? without_bullets(slice->str) : slice->str;
    g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", own);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Of the paragraphs behind a snippet. Those before it were all there when it came. */
static guint count_behind(const Snippet *snippet) {
  guint count = 0;
  for (guint i = snippet->prose->len; i > 0; i--) {
    const Prose *prose = g_ptr_array_index(snippet->prose, i - 1);
    if (prose->line <= snippet->last_line)
      break;
    count++;
  }
  return count;
}

void prose_reader_take(ProseReader *reader, guint first, guint last, guint columns) {
  if (first > last)
    return;
  g_autofree gchar *text = paragraph_text(reader->text, first, last, columns);
  if (*text == '\0')
    return;
  if (reader->before != NULL && count_behind(reader->before) < PROSE_MAX)
    g_ptr_array_add(reader->before->prose, prose_new(first, text));
  g_queue_push_tail(&reader->waiting, prose_new(first, text));
  if (g_queue_get_length(&reader->waiting) > PROSE_MAX)
    prose_free(g_queue_pop_head(&reader->waiting));
}

void prose_reader_snippet(ProseReader *reader, Snippet *snippet) {
  for (Prose *prose; (prose = g_queue_pop_head(&reader->waiting)) != NULL;)
    g_ptr_array_add(snippet->prose, prose);
  reader->before = snippet;
}

void prose_reader_cut(ProseReader *reader) {
  reader->before = NULL;
  waiting_clear(reader);
}
