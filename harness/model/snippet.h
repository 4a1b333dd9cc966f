/*
 * snippet.h: one runnable block of a document.
 *
 * Lines inside a snippet ("source lines") are counted from 1 at its first
 * line of code. Source line n stands on document line first_line + n - 1:
 * a snippet is always one unbroken run of document lines.
 */
#pragma once

#include <glib.h>

#include "model/claim.h"
#include "model/document.h"
#include "model/fixture.h"
#include "model/settings.h"

typedef enum {
  SNIPPET_SCRIPT,     /* plain code, run as `python3 file.py` would */
  SNIPPET_TRANSCRIPT, /* a session: `>>>` prompts and what they showed */
} SnippetKind;

typedef enum {
  SNIPPET_FENCED,
  SNIPPET_INDENTED,
  SNIPPET_SWALLOWED, /* follows its paragraph without a blank line: a renderer
                        shows it, or its first part, as prose */
} SnippetPlacement;

/* One prompt of a transcript and what the document shows under it. */
typedef struct {
  guint line;      /* source line of its `>>>` */
  guint last_line; /* of its last line of code */
  gchar *source;   /* without prompts, LF, ends in a newline */
  gchar *want;     /* what is shown under it, LF, "" where nothing is */
  guint want_line; /* source line where that begins; 0 where nothing is */
} Example;

/* A paragraph of the text beside a snippet. */
typedef struct {
  guint line;  /* document line on which it begins */
  gchar *text; /* as written, without indentation; LF */
} Prose;

typedef struct {
  gchar *id;                /* "bank/section/13.1", unique in the bank */
  const Document *document; /* borrowed, as is the question */
  const Question *question; /* NULL before the first heading */
  guint ordinal;            /* in its question, from 1 */
  SnippetKind kind;
  SnippetPlacement placement;
  gchar *info;                /* the fence's info string; NULL without a fence */
  guint first_line;           /* document lines of the first */
  guint last_line;            /* and the last line of code */
  gchar *source;              /* without container marks and common indentation,
                                 otherwise as written; LF; ends in a newline */
  gchar *content_id;          /* git's blob id of source, 40 hexadecimal digits */
  GPtrArray *examples;        /* Example *, owned; NULL for a script */
  GPtrArray *claims;          /* Claim *, owned, in order of their lines */
  GPtrArray *unclaimed;       /* Unclaimed *, owned: what was not read as a claim */
  GPtrArray *prose;           /* Prose *, owned: what stands under its question between the block
                                 before it and the one after it */
  Settings *settings;         /* what the configuration says; NULL for nothing */
  FixtureChoice *choice;      /* what it is to run with; NULL for no fixture */
  const Fixture *passed_over; /* not chosen, though it provides names that are needed: none of
                                 its signs stands there. Borrowed; NULL for none */
} Snippet;

/* A snippet without id, claims or examples. source is copied and gets its
 * last newline where that is missing; the content id is computed. */
Snippet *snippet_new(const Document *document, const Question *question, SnippetKind kind,
                     const gchar *source, guint first_line);
void snippet_free(Snippet *snippet);

/* The document's line of a source line. */
guint snippet_document_line(const Snippet *snippet, guint source_line);

/* A copy of one source line without its newline; NULL beyond the end. */
gchar *snippet_line_text(const Snippet *snippet, guint source_line);

Prose *prose_new(guint line, const gchar *text);
void prose_free(Prose *prose);
guint prose_line_count(const Prose *prose);

/* The document line of a line of the prose beside the snippet, whose lines are counted from 1
 * over all its paragraphs; 0 where there is none. */
guint snippet_prose_line(const Snippet *snippet, guint number);

/* The document line on which a claim was read. */
guint claim_document_line(const Snippet *snippet, const Claim *claim);

Example *example_new(guint line, guint last_line, const gchar *source, const gchar *want,
                     guint want_line);
void example_free(Example *example);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snippet, snippet_free)
