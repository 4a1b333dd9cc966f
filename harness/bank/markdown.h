/*
 * markdown.h: the blocks of a Markdown document in the order of its lines.
 *
 * A thin layer over libcmark, the reference implementation of CommonMark
 * (https://spec.commonmark.org/0.30/): the tree is flattened, as far as it
 * matters for finding code, and what cmark's positions leave open is settled
 * (whether a fence is closed, where a container's text begins). It knows
 * nothing of Python but for one thing: what CommonMark takes for three nested
 * block quotes may be a `>>>` prompt. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "bank/document_text.h"

typedef enum {
  BLOCK_HEADING,
  BLOCK_PARAGRAPH,
  BLOCK_FENCED,
  BLOCK_INDENTED,
  BLOCK_PROMPTS, /* lines from a `>>>` to a blank one, in place of a quote */
  BLOCK_OTHER,   /* a rule, HTML: nothing that matters but that it is there */
} BlockKind;

typedef struct {
  BlockKind kind;
  guint line;         /* first line; for a fence: of the code in it */
  guint last_line;    /* line - 1 for a fence with nothing in it */
  guint columns;      /* of the container's marks before the text */
  guint level;        /* of a heading */
  gboolean is_closed; /* a fence that has its end */
  const gchar *text;  /* of a heading, without markup */
  const gchar *code;  /* as cmark has it: ask markdown_code() */
  const gchar *info;  /* a fence's info string; never NULL for a fence */
} Block;

typedef struct {
  GArray *blocks; /* Block */
  const DocumentText *text;
  GArray *masked; /* gsize: where cmark was shown another character */
  /* What the blocks' strings belong to. */
  struct cmark_node *root;
  GStringChunk *strings;
} Markdown;

/* text must outlive the result. */
Markdown *markdown_new(const DocumentText *text);
void markdown_free(Markdown *markdown);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Markdown, markdown_free)

/* The code of a fence or an indented block, without its container's marks and
 * the block's own indentation, otherwise as written. */
GString *markdown_code(const Markdown *markdown, const Block *block);
