#include "bank/markdown.h"

#include <cmark.h>
#include <string.h>

#include "bank/transcript_text.h"

/* A heading longer than this is not parsed for its words. */
#define HEADING_MAX 512
/* Lists do not begin further in than this column. */
#define LIST_COLUMN_MAX 200

typedef struct {
  const DocumentText *text;
  Markdown *markdown;
  guint done; /* lines up to here are taken: blocks that begin there are not */
} Reader;

/* Whether a byte is the first of its line but for the marks of containers. */
static gboolean begins_line(const DocumentText *text, gsize offset) {
  for (gsize at = offset; at > 0 && text->text[at - 1] != '\n'; at--)
    if (strchr(" \t>-+*.)0123456789", text->text[at - 1]) == NULL)
      return FALSE;
  return TRUE;
}

static void mask(gchar *copy, gsize offset, gchar character, GArray *masked) {
  copy[offset] = character;
  g_array_append_val(masked, offset);
}

/* cmark parses the words of every paragraph too, which nobody needs here, and
 * that takes quadratic time for "![[]()" and "<?" by the thousand: 0.30.2 needs a
 * minute for a megabyte of them. */
static void mask_words(const DocumentText *text, gchar *copy, GArray *masked) {
  for (gsize offset = strcspn(copy, "[<"); offset < text->size;
       offset += 1 + strcspn(copy + offset + 1, "[<")) {
    gboolean is_tag = copy[offset] == '<' && copy[offset + 1] != '?' && copy[offset + 1] != '!';
    if (!is_tag && !(copy[offset] == '<' && begins_line(text, offset)))
      mask(copy, offset, '(', masked);
  }
}

static gint compare_offsets(gconstpointer a, gconstpointer b) {
  gsize left = *(const gsize *)a, right = *(const gsize *)b;
  return (left > right) - (left < right);
}

/* cmark goes through all open lists for every blank line: thousands of lists in
 * one another and as many blank lines take quadratic time. */
static void mask_deep_lists(const DocumentText *text, gchar *copy, GArray *masked) {
  guint before = masked->len;
  for (guint number = 1; number <= document_text_line_count(text); number++) {
    gsize length;
    const gchar *line = document_text_line(text, number, &length);
    gsize prefix = length > LIST_COLUMN_MAX ? strspn(line, " \t>-+*.)0123456789") : 0;
    for (gsize i = LIST_COLUMN_MAX; i < MIN(prefix, length); i++) {
      gboolean is_bullet = strchr("-+*", line[i]) != NULL && strchr(" \t>", line[i - 1]) != NULL;
      gboolean is_number = strchr(".)", line[i]) != NULL && g_ascii_isdigit(line[i - 1]);
      if ((is_bullet || is_number) && g_ascii_isspace(line[i + 1]))
        mask(copy, (gsize)(line - text->text) + i, 'x', masked);
    }
  }
  if (masked->len > before)
    g_array_sort(masked, compare_offsets);
}

static guint start_line(cmark_node *node) {
  return (guint)cmark_node_get_start_line(node);
}

static guint count_lines(const gchar *text) {
  guint lines = 0;
  for (; (text = strchr(text, '\n')) != NULL; text++)
    lines++;
  return lines;
}

/* cmark has one node for both kinds of code. A fence begins with its marks,
 * indented code with its own first line. */
static gboolean is_fenced(const DocumentText *text, cmark_node *node) {
  const gchar *code = cmark_node_get_literal(node);
  const gchar *info = cmark_node_get_fence_info(node);
  gsize length;
  const gchar *line = document_text_line(text, start_line(node), &length);
  gsize column = (gsize)MAX(cmark_node_get_start_column(node) - 1, 0);
  if (*code == '\0' || (info != NULL && *info != '\0'))
    return TRUE;
  if (column >= length)
    return FALSE;
  line += column;
  length -= column;
  if (length < 3 || (memcmp(line, "```", 3) != 0 && memcmp(line, "~~~", 3) != 0))
    return FALSE;
  gsize marks = strspn(line, "`~");
  return strncmp(code, line, marks) != 0 || code[marks] == line[0];
}

/* Where the text of a node's container begins, in columns from 0. cmark keeps
 * this to itself: it is where the container's first block begins. */
static guint container_columns(const DocumentText *text, cmark_node *node) {
  cmark_node *parent = cmark_node_parent(node);
  if (parent == NULL || cmark_node_get_type(parent) == CMARK_NODE_DOCUMENT)
    return 0;
  cmark_node *first = cmark_node_first_child(parent);
  gint column = cmark_node_get_start_column(first) - 1;
  if (cmark_node_get_type(first) == CMARK_NODE_CODE_BLOCK && !is_fenced(text, first))
    column -= 4;
  return (guint)MAX(column, 0);
}

/* Whether the line behind a fence's content ends it. cmark gives the same
 * positions to a fence that its container's end has cut off. */
static gboolean is_fence_end(const DocumentText *text, cmark_node *node, guint line) {
  gsize length, opening_length, i = 0, marks = 0;
  const gchar *at = document_text_line(text, line, &length);
  const gchar *opening = document_text_line(text, start_line(node), &opening_length);
  gsize from = (gsize)MAX(cmark_node_get_start_column(node) - 1, 0);
  guint column = 0, quotes = 0;

  while (from < opening_length && opening[from] != '`' && opening[from] != '~')
    from++;
  gsize wanted = 0;
  while (from + wanted < opening_length && opening[from + wanted] == opening[from])
    wanted++;
  for (; i < length && strchr(" \t>", at[i]) != NULL; i++) {
    column = at[i] == '\t' ? (column / 4 + 1) * 4 : column + 1;
    quotes += at[i] == '>';
  }
  while (i + marks < length && at[i + marks] == opening[from])
    marks++;
  for (gsize rest = i + marks; rest < length; rest++)
    if (at[rest] != ' ' && at[rest] != '\t')
      return FALSE;
  if (wanted == 0 || marks < wanted)
    return FALSE;
  cmark_node *parent = cmark_node_parent(node);
  switch (cmark_node_get_type(parent)) {
  case CMARK_NODE_ITEM:
    return (gint)column > cmark_node_get_start_column(parent);
  case CMARK_NODE_BLOCK_QUOTE:
    return quotes > 0;
  default:
    return TRUE;
  }
}

static Block *add_block(Reader *reader, BlockKind kind, guint line, guint last_line) {
  GArray *blocks = reader->markdown->blocks;
  Block block = {.kind = kind, .line = line, .last_line = last_line};
  g_array_append_val(blocks, block);
  return &g_array_index(blocks, Block, blocks->len - 1);
}

/* The words of a heading, without their markup. */
static GString *text_of_words(cmark_node *heading) {
  GString *text = g_string_new(NULL);
  cmark_iter *iter = cmark_iter_new(heading);
  for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
    cmark_node *node = cmark_iter_get_node(iter);
    if (event != CMARK_EVENT_ENTER)
      continue;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
      g_string_append(text, cmark_node_get_literal(node));
      break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      g_string_append_c(text, ' ');
      break;
    default:
      break;
    }
  }
  cmark_iter_free(iter);
  g_strstrip(text->str);
  return text;
}

static GString *heading_text(const Reader *reader, cmark_node *node) {
  guint first = start_line(node), last = (guint)cmark_node_get_end_line(node);
  gsize length;
  const gchar *line = document_text_line(reader->text, first, &length);
  gsize column = (gsize)MAX(cmark_node_get_start_column(node) - 1, 0);
  if (first != last || column >= length || length - column > HEADING_MAX ||
      (memchr(line, '[', length) == NULL && memchr(line, '<', length) == NULL))
    return text_of_words(node);
  cmark_node *whole = cmark_parse_document(line + column, length - column, CMARK_OPT_DEFAULT);
  GString *text = text_of_words(whole);
  cmark_node_free(whole);
  return text;
}

static void add_heading(Reader *reader, cmark_node *node) {
  g_autoptr(GString) text = heading_text(reader, node);
  Block *block = add_block(reader, BLOCK_HEADING, start_line(node), start_line(node));
  block->level = (guint)cmark_node_get_heading_level(node);
  block->text = g_string_chunk_insert(reader->markdown->strings, text->str);
}

/* What stands behind the marks that open a fence. */
static const gchar *fence_info(Reader *reader, cmark_node *node) {
  gsize length;
  const gchar *line = document_text_line(reader->text, start_line(node), &length);
  gsize column = (gsize)MAX(cmark_node_get_start_column(node) - 1, 0);
  if (column >= length)
    return "";
  g_autofree gchar *info = g_strndup(line + column, length - column);
  g_strstrip(info);
  gchar mark[] = {info[0], '\0'};
  const gchar *words = info + strspn(info, mark);
  return g_string_chunk_insert_const(reader->markdown->strings, words + strspn(words, " \t"));
}

static void add_code(Reader *reader, cmark_node *node) {
  const gchar *code = cmark_node_get_literal(node);
  guint line = start_line(node), lines = count_lines(code);
  gboolean fenced = is_fenced(reader->text, node);
  Block *block = fenced ? add_block(reader, BLOCK_FENCED, line + 1, line + lines)
                        : add_block(reader, BLOCK_INDENTED, line, line + lines - 1);
  block->code = code;
  block->columns = container_columns(reader->text, node);
  if (fenced) {
    block->info = fence_info(reader, node);
    block->is_closed = is_fence_end(reader->text, node, line + 1 + lines);
  }
}

/* A block quote that is a `>>>` prompt at the left margin of plain text. */
static gboolean take_prompts(Reader *reader, cmark_node *node) {
  gsize length;
  guint line = start_line(node), last = line;
  gsize column = (gsize)MAX(cmark_node_get_start_column(node) - 1, 0);
  const gchar *at = document_text_line(reader->text, line, &length);
  if (column >= length || !line_is_prompt(at + column, length - column) ||
      (column > 0 && at[column - 1] == '>'))
    return FALSE;
  while (!document_text_is_blank(reader->text, last + 1))
    last++;
  add_block(reader, BLOCK_PROMPTS, line, last)->columns = container_columns(reader->text, node);
  reader->done = last;
  return TRUE;
}

/* Returns TRUE where the node's children are to be passed over. */
static gboolean read_node(Reader *reader, cmark_node *node) {
  cmark_node_type type = cmark_node_get_type(node);
  guint line = start_line(node);
  if (type != CMARK_NODE_DOCUMENT && line > 0 && line <= reader->done)
    return TRUE;
  switch (type) {
  case CMARK_NODE_HEADING:
    add_heading(reader, node);
    return TRUE;
  case CMARK_NODE_PARAGRAPH:
    add_block(reader, BLOCK_PARAGRAPH, line, (guint)cmark_node_get_end_line(node))->columns =
        container_columns(reader->text, node);
    return TRUE;
  case CMARK_NODE_CODE_BLOCK:
    add_code(reader, node);
    return FALSE;
  case CMARK_NODE_BLOCK_QUOTE:
    return take_prompts(reader, node);
  case CMARK_NODE_HTML_BLOCK:
  case CMARK_NODE_THEMATIC_BREAK:
    add_block(reader, BLOCK_OTHER, line, (guint)cmark_node_get_end_line(node));
    return FALSE;
  default:
    return FALSE;
  }
}

GString *markdown_code(const Markdown *markdown, const Block *block) {
  GString *code = g_string_new(block->code);
  const DocumentText *text = markdown->text;
  gchar *at = code->str;
  guint i = 0;
  gsize length;
  if (block->line > block->last_line)
    return code;
  /* Whatever was taken from a line's start, its end is as in the document. */
  const gchar *line = document_text_line(text, block->line, &length);
  gsize from = (gsize)(line - text->text);
  for (guint low = 0, high = markdown->masked->len; low < high;) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(markdown->masked, gsize, middle) < from)
      low = middle + 1;
    else
      high = middle;
    i = low;
  }
  for (guint number = block->line; number <= block->last_line; number++) {
    line = document_text_line(text, number, &length);
    gchar *end = strchr(at, '\n');
    gsize stop = (gsize)(line - text->text) + length;
    for (; i < markdown->masked->len; i++) {
      gsize offset = g_array_index(markdown->masked, gsize, i);
      if (offset >= stop)
        break;
      if (stop - offset <= (gsize)(end - at))
        end[-(gssize)(stop - offset)] = text->text[offset];
    }
    at = end + 1;
  }
  return code;
}

Markdown *markdown_new(const DocumentText *text) {
  Markdown *markdown = g_new0(Markdown, 1);
  Reader reader = {.text = text, .markdown = markdown};
  markdown->text = text;
  markdown->blocks = g_array_new(FALSE, TRUE, sizeof(Block));
  markdown->masked = g_array_new(FALSE, FALSE, sizeof(gsize));
  markdown->strings = g_string_chunk_new(4096);
  /* cmark reads a copy of equal length in which some characters are others, on
   * which no block depends that anybody writes. In code they are put back. */
  g_autofree gchar *masked = g_memdup2(text->text, text->size + 1);
  mask_words(text, masked, markdown->masked);
  mask_deep_lists(text, masked, markdown->masked);
  markdown->root = cmark_parse_document(masked, text->size, CMARK_OPT_SOURCEPOS);
  g_clear_pointer(&masked, g_free);

  cmark_iter *iter = cmark_iter_new(markdown->root);
  for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
    cmark_node *node = cmark_iter_get_node(iter);
    if (event != CMARK_EVENT_ENTER || !read_node(&reader, node) ||
        cmark_node_first_child(node) == NULL)
      continue;
    /* Nobody asks for the words any more: snippets can have their memory. */
    for (cmark_node *child; (child = cmark_node_first_child(node)) != NULL;)
      cmark_node_free(child);
    cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
  }
  cmark_iter_free(iter);
  return markdown;
}

void markdown_free(Markdown *markdown) {
  if (markdown == NULL)
    return;
  g_array_unref(markdown->blocks);
  g_array_unref(markdown->masked);
  g_string_chunk_free(markdown->strings);
  cmark_node_free(markdown->root);
  g_free(markdown);
}
