#include "model/snippet.h"

#include <string.h>

/* git hashes "blob SIZE\0" and the bytes. */
static gchar *blob_id(const gchar *bytes, gsize size) {
  gchar head[32];
  gint head_size = g_snprintf(head, sizeof head, "blob %" G_GSIZE_FORMAT, size);
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
  g_checksum_update(checksum, (const guchar *)head, head_size + 1);
  g_checksum_update(checksum, (const guchar *)bytes, (gssize)size);
  return g_strdup(g_checksum_get_string(checksum));
}

Snippet *snippet_new(const Document *document, const Question *question, SnippetKind kind,
                     const gchar *source, guint first_line) {
  Snippet *snippet = g_new0(Snippet, 1);
  gsize size = strlen(source);
  snippet->document = document;
  snippet->question = question;
  snippet->kind = kind;
  snippet->source =
      size > 0 && source[size - 1] == '\n' ? g_strdup(source) : g_strconcat(source, "\n", NULL);
  size = strlen(snippet->source);
  guint lines = 0;
  for (const gchar *at = snippet->source;
       (at = memchr(at, '\n', size - (gsize)(at - snippet->source))) != NULL; at++)
    lines++;
  snippet->first_line = first_line;
  snippet->last_line = first_line + lines - 1;
  snippet->content_id = blob_id(snippet->source, size);
  snippet->claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
  snippet->unclaimed = g_ptr_array_new_with_free_func((GDestroyNotify)unclaimed_free);
  snippet->prose = g_ptr_array_new_with_free_func((GDestroyNotify)prose_free);
  if (kind == SNIPPET_TRANSCRIPT)
    snippet->examples = g_ptr_array_new_with_free_func((GDestroyNotify)example_free);
  return snippet;
}

void snippet_free(Snippet *snippet) {
  if (snippet == NULL)
    return;
  g_free(snippet->id);
  g_free(snippet->info);
  g_free(snippet->source);
  g_free(snippet->content_id);
  g_ptr_array_unref(snippet->claims);
  g_ptr_array_unref(snippet->unclaimed);
  g_ptr_array_unref(snippet->prose);
  settings_free(snippet->settings);
  fixture_choice_free(snippet->choice);
  if (snippet->examples != NULL)
    g_ptr_array_unref(snippet->examples);
  g_free(snippet);
}

guint snippet_document_line(const Snippet *snippet, guint source_line) {
  return snippet->first_line + source_line - 1;
}

gchar *snippet_line_text(const Snippet *snippet, guint source_line) {
  const gchar *at = snippet->source;
  if (source_line == 0)
    return NULL;
  for (guint line = 1; line < source_line; line++) {
    at = strchr(at, '\n');
    if (at == NULL)
      return NULL;
    at++;
  }
  if (*at == '\0')
    return NULL;
  const gchar *end = strchr(at, '\n');
  return end != NULL ? g_strndup(at, (gsize)(end - at)) : g_strdup(at);
}

guint claim_document_line(const Snippet *snippet, const Claim *claim) {
  return claim->prose_line > 0 ? claim->prose_line : snippet_document_line(snippet, claim->line);
}

Prose *prose_new(guint line, const gchar *text) {
  Prose *prose = g_new0(Prose, 1);
  prose->line = line;
  prose->text = g_strdup(text);
  return prose;
}

void prose_free(Prose *prose) {
  if (prose == NULL)
    return;
  g_free(prose->text);
  g_free(prose);
}

guint prose_line_count(const Prose *prose) {
  guint count = 1;
  for (const gchar *at = prose->text; (at = strchr(at, '\n')) != NULL; at++)
    count++;
  return count;
}

guint snippet_prose_line(const Snippet *snippet, guint number) {
  guint before = 0;
  for (guint i = 0; number > 0 && i < snippet->prose->len; i++) {
    const Prose *prose = g_ptr_array_index(snippet->prose, i);
    guint count = prose_line_count(prose);
    if (number <= before + count)
      return prose->line + number - before - 1;
    before += count;
  }
  return 0;
}

Example *example_new(guint line, guint last_line, const gchar *source, const gchar *want,
                     guint want_line) {
  Example *example = g_new0(Example, 1);
  example->line = line;
  example->last_line = last_line;
  example->source = g_strdup(source);
  example->want = g_strdup(want);
  example->want_line = want_line;
  return example;
}

void example_free(Example *example) {
  if (example == NULL)
    return;
  g_free(example->source);
  g_free(example->want);
  g_free(example);
}
