#include "bank/document_read.h"

#include <string.h>

#include "bank/answer.h"
#include "bank/claims.h"
#include "bank/document_text.h"
#include "bank/headings.h"
#include "bank/info_string.h"
#include "bank/looks_like_python.h"
#include "bank/markdown.h"
#include "bank/prose.h"
#include "bank/transcript_text.h"
#include "model/snippet.h"

/* A longer paragraph before a block is no label of it. */
#define LABEL_MAX 200

typedef struct {
  Document *document;
  DocumentText *text;
  Markdown *markdown;
  IdCounter *ids;
  Question *question;  /* that is open; NULL before the first heading */
  gchar *path;         /* its snippets' ids up to the dot; NULL until one asks */
  const gchar *place;  /* its part behind the document's name */
  guint ordinal;       /* of the last snippet in it */
  guint done;          /* lines up to here belong to a snippet already */
  Snippet *awaiting;   /* the script whose output the next block may be */
  gchar *label;        /* the paragraph since then, or NULL */
  gchar *introduction; /* a short paragraph right before the next block, or NULL */
  ProseReader prose;
} Reader;

static const Block *block_at(const Reader *reader, guint i) {
  GArray *blocks = reader->markdown->blocks;
  return i < blocks->len ? &g_array_index(blocks, Block, i) : NULL;
}

static void forget_output(Reader *reader) {
  reader->awaiting = NULL;
  g_clear_pointer(&reader->label, g_free);
}

static void take_path(Reader *reader) {
  reader->path =
      id_counter_take(reader->ids, g_strdup_printf("%s/%s", reader->document->name, reader->place));
  reader->ordinal = 0;
}

static void add_snippet(Reader *reader, const Block *block, SnippetPlacement placement,
                        SnippetKind kind, const gchar *source) {
  if (reader->path == NULL)
    take_path(reader);
  Snippet *snippet = snippet_new(reader->document, reader->question, kind, source, block->line);
  snippet->ordinal = ++reader->ordinal;
  snippet->id = g_strdup_printf("%s.%u", reader->path, snippet->ordinal);
  snippet->placement = placement;
  snippet->info = g_strdup(block->info);
  if (kind == SNIPPET_TRANSCRIPT)
    transcript_text_read(snippet);
  claims_read_snippet(snippet);
  if (reader->introduction != NULL)
    claims_read_introduction(snippet, reader->introduction);
  g_ptr_array_add(reader->document->snippets, snippet);
  prose_reader_snippet(&reader->prose, snippet);
  forget_output(reader);
  reader->awaiting = kind == SNIPPET_SCRIPT ? snippet : NULL;
}

static gboolean has_text(const GString *code) {
  return strspn(code->str, " \t\n") < code->len;
}

/* A heading, or code that is no snippet, of which what stands behind it may speak. */
static void pass_other(Reader *reader) {
  prose_reader_cut(&reader->prose);
  forget_output(reader);
}

/* Output is the script's, and what stands behind it speaks of both. */
static void take_output(Reader *reader, const Block *block, const GString *output) {
  if (reader->awaiting != NULL && has_text(output))
    claims_read_output(reader->awaiting, reader->label, output->str, block->line);
  else if (has_text(output))
    prose_reader_cut(&reader->prose);
  forget_output(reader);
}

/* Blank lines at the end. Nothing says that they belong to an unclosed fence. */
static void drop_blank_end(GString *code) {
  gsize length = code->len;
  while (length > 0 && strchr(" \t\n", code->str[length - 1]) != NULL)
    length--;
  const gchar *stop = strchr(code->str + length, '\n');
  if (stop != NULL)
    g_string_truncate(code, (gsize)(stop - code->str) + 1);
}

static SnippetKind kind_of(const GString *code) {
  return text_is_transcript(code->str, code->len) ? SNIPPET_TRANSCRIPT : SNIPPET_SCRIPT;
}

static gboolean has_prompt_somewhere(const GString *code) {
  return g_str_has_prefix(code->str, ">>>") || strstr(code->str, "\n>>>") != NULL;
}

static void read_fence(Reader *reader, const Block *block) {
  InfoKind info = info_string_kind(block->info);
  g_autoptr(GString) code = markdown_code(reader->markdown, block);

  if (!block->is_closed)
    drop_blank_end(code);
  text_remove_common_indentation(code);
  SnippetKind kind = kind_of(code);
  gboolean runs = info == INFO_PYTHON || (info == INFO_PLAIN && kind == SNIPPET_TRANSCRIPT);
  if (info == INFO_SESSION) {
    /* A greeting may stand before the first prompt. */
    if (has_prompt_somewhere(code))
      kind = SNIPPET_TRANSCRIPT;
    runs = kind == SNIPPET_TRANSCRIPT || looks_like_python(code->str, code->len);
  }
  if (!block->is_closed)
    document_remark(reader->document, REMARK_UNCLOSED, block->line - 1, 0,
                    g_strdup("this fence is never closed"));
  if (runs && has_text(code))
    add_snippet(reader, block, SNIPPET_FENCED, kind, code->str);
  else if (info == INFO_PLAIN || (info == INFO_OTHER && reader->label != NULL))
    take_output(reader, block, code);
  else
    pass_other(reader);
}

static void read_indented(Reader *reader, const Block *block) {
  g_autoptr(GString) code = markdown_code(reader->markdown, block);
  text_remove_common_indentation(code);
  SnippetKind kind = kind_of(code);
  if (kind == SNIPPET_TRANSCRIPT ||
      (reader->label == NULL && looks_like_python(code->str, code->len)))
    add_snippet(reader, block, SNIPPET_INDENTED, kind, code->str);
  else
    take_output(reader, block, code);
}

/* People quote three levels deep, too: their words have no shape of Python. */
static gboolean prompts_are_python(const GString *code) {
  g_autoptr(Snippet) session = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, code->str, 1);
  transcript_text_read(session);
  for (guint i = 0; i < session->examples->len; i++) {
    const Example *example = g_ptr_array_index(session->examples, i);
    if (!has_shape_of_python(example->source, strlen(example->source)))
      return FALSE;
  }
  return session->examples->len > 0;
}

static void read_prompts(Reader *reader, const Block *block) {
  g_autoptr(GString) code =
      document_text_slice(reader->text, block->line, block->last_line, block->columns);
  text_remove_common_indentation(code);
  if (!prompts_are_python(code)) {
    pass_other(reader);
    return;
  }
  add_snippet(reader, block, SNIPPET_INDENTED, SNIPPET_TRANSCRIPT, code->str);
  document_remark(reader->document, REMARK_NOT_RENDERED, block->line, 0,
                  g_strdup("a renderer shows these prompts as quotations: put them into a fence"));
}

static void remark_swallowed(Reader *reader, guint first, guint last, guint shown) {
  gchar *message =
      shown == 0
          ? g_strdup("a renderer shows this code as prose: put a blank line before it")
          : g_strdup_printf("a renderer shows this code as prose up to line %u: put a blank line "
                            "before it",
                            last);
  document_remark(reader->document, REMARK_NOT_RENDERED, first, 0, message);
}

/* Tries lines of a paragraph, and the indented code behind where it is given. prose: where what
 * stands before them in the paragraph begins. */
static gboolean take_swallowed(Reader *reader, const Block *paragraph, guint prose, guint first,
                               guint last, const Block *behind) {
  Block whole = {.line = first, .last_line = behind != NULL ? behind->last_line : last};
  g_autoptr(GString) code =
      document_text_slice(reader->text, first, whole.last_line, paragraph->columns);
  text_remove_common_indentation(code);
  SnippetKind kind = kind_of(code);
  if (kind == SNIPPET_SCRIPT && !looks_like_python(code->str, code->len))
    return FALSE;
  prose_reader_take(&reader->prose, prose, first - 1, paragraph->columns);
  add_snippet(reader, &whole, SNIPPET_SWALLOWED, kind, code->str);
  remark_swallowed(reader, first, last, behind != NULL);
  reader->done = whole.last_line;
  return TRUE;
}

/* The label without its emphasis, in lower case, and without its colon. */
static gboolean is_output_label(const gchar *label) {
  static const gchar *const words[] = {"output", "outputs", "result", "results", NULL};
  static const gchar *const last_words[] = {
      "prints",  "print",    "output is", "result is", "displays", "printed", "gives",
      "returns", "produces", "outputs",   "output",    "result",   NULL};
  g_autoptr(GString) plain = g_string_new(NULL);
  gboolean in_tag = FALSE;
  for (const gchar *at = label; *at != '\0'; at++) {
    if (*at == '<')
      in_tag = TRUE;
    else if (*at == '>')
      in_tag = FALSE;
    else if (!in_tag && strchr("*_`#", *at) == NULL)
      g_string_append_c(plain, *at == '\n' ? ' ' : g_ascii_tolower(*at));
  }
  g_strstrip(plain->str);
  gsize length = strlen(plain->str);
  gboolean has_colon = length > 0 && plain->str[length - 1] == ':';
  if (has_colon)
    plain->str[length - 1] = '\0';
  g_strchomp(plain->str);
  if (g_strv_contains(words, plain->str))
    return TRUE;
  for (guint i = 0; has_colon && last_words[i] != NULL; i++) {
    const gchar *word = last_words[i];
    gsize skip = strlen(plain->str) - MIN(strlen(plain->str), strlen(word));
    if (strcmp(plain->str + skip, word) == 0 && (skip == 0 || plain->str[skip - 1] == ' '))
      return TRUE;
  }
  return FALSE;
}

/* Keeps a paragraph's last line, or all of a short one, as a label. */
static void read_label(Reader *reader, guint first, guint last) {
  Snippet *script = reader->awaiting;
  forget_output(reader);
  g_clear_pointer(&reader->introduction, g_free);
  if (first > last)
    return;
  g_autoptr(GString) label = g_string_new(NULL);
  for (guint line = first; line <= last && label->len <= LABEL_MAX; line++) {
    gsize length;
    const gchar *at = document_text_line(reader->text, line, &length);
    g_string_append_len(label, at, (gssize)length);
    g_string_append_c(label, '\n');
  }
  g_strstrip(label->str);
  if (label->len > LABEL_MAX)
    return;
  reader->introduction = g_strdup(label->str);
  if (script == NULL || !is_output_label(label->str))
    return;
  reader->awaiting = script;
  reader->label = g_strdup(label->str);
}

static void read_paragraph(Reader *reader, const Block *block, const Block *next) {
  guint prose = block->line; /* where prose begins that no code was found in */
  for (guint line = block->line + 1; line <= block->last_line; line++) {
    if (document_text_indentation(reader->text, line, block->columns) < 4)
      continue;
    guint last = line;
    while (last < block->last_line &&
           document_text_indentation(reader->text, last + 1, block->columns) >= 4)
      last++;
    const Block *behind = last == block->last_line && next != NULL &&
                                  next->kind == BLOCK_INDENTED && next->columns == block->columns
                              ? next
                              : NULL;
    if ((behind != NULL && take_swallowed(reader, block, prose, line, last, behind)) ||
        take_swallowed(reader, block, prose, line, last, NULL))
      prose = last + 1;
    line = last;
  }
  prose_reader_take(&reader->prose, prose, block->last_line, block->columns);
  if (prose <= block->last_line)
    read_label(reader, prose, block->last_line);
}

static void open_question(Reader *reader, const Heading *heading, const Block *block) {
  if (heading->question == NULL) {
    answer_read(reader->question, reader->text, block);
    return;
  }
  reader->question = heading->question;
  reader->place = heading->path;
  g_clear_pointer(&reader->path, g_free);
}

static GArray *read_headings(Reader *reader) {
  GArray *headings = g_array_new(FALSE, TRUE, sizeof(Heading));
  g_array_set_clear_func(headings, heading_clear);
  for (guint i = 0; i < reader->markdown->blocks->len; i++) {
    const Block *block = block_at(reader, i);
    if (block->kind != BLOCK_HEADING)
      continue;
    Heading heading = {.level = block->level, .line = block->line, .text = block->text};
    g_array_append_val(headings, heading);
  }
  headings_read(reader->document, headings);
  return headings;
}

static void read_blocks(Reader *reader) {
  g_autoptr(GArray) headings = read_headings(reader);
  guint heading = 0;
  for (guint i = 0; i < reader->markdown->blocks->len; i++) {
    const Block *block = block_at(reader, i);
    if (block->kind != BLOCK_HEADING)
      answer_read(reader->question, reader->text, block);
    if (block->kind != BLOCK_HEADING && block->line <= reader->done)
      continue;
    switch (block->kind) {
    case BLOCK_HEADING:
      open_question(reader, &g_array_index(headings, Heading, heading++), block);
      pass_other(reader);
      break;
    case BLOCK_PARAGRAPH:
      read_paragraph(reader, block, block_at(reader, i + 1));
      break;
    case BLOCK_FENCED:
      read_fence(reader, block);
      break;
    case BLOCK_INDENTED:
      read_indented(reader, block);
      break;
    case BLOCK_PROMPTS:
      read_prompts(reader, block);
      break;
    case BLOCK_OTHER:
      forget_output(reader);
      break;
    }
    if (block->kind != BLOCK_PARAGRAPH)
      g_clear_pointer(&reader->introduction, g_free);
  }
}

static gint compare_remarks(gconstpointer a, gconstpointer b) {
  const Remark *left = *(const Remark *const *)a, *right = *(const Remark *const *)b;
  return (left->line > right->line) - (left->line < right->line);
}

static void remark_encoding(Document *document, const DocumentText *text) {
  if (text->bad_line == 0)
    return;
  gchar *message = text->bad_byte == 0
                       ? g_strdup("a NUL byte in the text")
                       : g_strdup_printf("byte 0x%02x is not UTF-8", text->bad_byte);
  document_remark(document, REMARK_ENCODING, text->bad_line, text->bad_column, message);
}

Document *document_read(const gchar *path, const gchar *name, const gchar *bytes, gsize size,
                        IdCounter *ids) {
  g_autoptr(DocumentText) text = document_text_new(bytes, size);
  g_autoptr(Markdown) markdown = markdown_new(text);
  Reader reader = {
      .document = document_new(path, name),
      .text = text,
      .markdown = markdown,
      .ids = ids,
      .place = "top",
  };
  prose_reader_init(&reader.prose, text);
  remark_encoding(reader.document, text);
  read_blocks(&reader);
  prose_reader_clear(&reader.prose);
  forget_output(&reader);
  g_free(reader.introduction);
  g_free(reader.path);
  g_ptr_array_sort(reader.document->remarks, compare_remarks);
  return reader.document;
}
