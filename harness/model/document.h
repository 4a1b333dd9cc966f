/*
 * document.h: what was read from one Markdown file.
 *
 * A Document owns its questions, its snippets and its remarks. Questions and
 * snippets are in the order of the file and live as long as their document,
 * so that a Snippet may point at both without owning them.
 *
 * All lines are counted from 1. Columns are counted from 1, in bytes.
 */
#pragma once

#include <glib.h>

/* An entry of a numbered list that may be a question that is still to be answered. */
typedef struct {
  guint line;
  gchar *number; /* as written */
  gchar *title;
} Listed;

typedef struct {
  gchar *number; /* as written: "13"; NULL where the heading has none */
  gchar *title;  /* the heading's text without its number, never NULL */
  GStrv section; /* titles of the headings above it, outermost first; the
                    document's own title is not one of them */
  guint line;    /* of the heading; 0 for what stands before any heading */

  /* What bank_health() goes by. */
  guint level;            /* of the heading, 1 to 6 */
  guint section_line;     /* of the innermost heading above it; 0 for none */
  guint last_line;        /* of what stands under it, up to the next question */
  gboolean is_title;      /* it is the document's own */
  gboolean holds_numbers; /* it has the level of headings that others have numbered questions
                             under */
  gboolean has_text;      /* something stands under it that a reader would see; placeholders such
                             as "TODO" do not count */
  GPtrArray *listed;      /* Listed *, owned: all that stands under it is a numbered list of
                             single lines, these; NULL where it is not */
} Question;

/* Something about the document itself that its author should know. */
typedef enum {
  REMARK_NOT_RENDERED, /* code that a Markdown renderer shows as prose */
  REMARK_UNCLOSED,     /* a fence that is never closed */
  REMARK_ENCODING,     /* not UTF-8, or a NUL */
} RemarkKind;

typedef struct {
  RemarkKind kind;
  guint line;
  guint column;   /* 0 where a column says nothing */
  gchar *message; /* one line, without file and line */
} Remark;

typedef struct {
  gchar *path;          /* as it is opened, and as reports print it */
  gchar *name;          /* first part of its snippets' ids: the path from the
                           bank's root, without its extension */
  GPtrArray *questions; /* Question *, owned */
  GPtrArray *snippets;  /* Snippet *, owned */
  GPtrArray *remarks;   /* Remark *, owned, in order of their lines */
} Document;

/* Both strings are copied. */
Document *document_new(const gchar *path, const gchar *name);
void document_free(Document *document);

/* number may be NULL; section is copied, NULL means none. */
Question *question_new(const gchar *number, const gchar *title, const gchar *const *section,
                       guint line);
void question_free(Question *question);

/* Adds to what is listed under it; number and title are copied. */
void question_list(Question *question, guint line, const gchar *number, const gchar *title);

/* Takes message over. */
void document_remark(Document *document, RemarkKind kind, guint line, guint column, gchar *message);
void remark_free(Remark *remark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, document_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)
