/*
 * health.h: what is still to be written or put right in a bank, apart from what its snippets do.
 */
#pragma once

#include <glib.h>

#include "model/document.h"
#include "model/snippet.h"
#include "model/verdict.h"

typedef enum {
  HEALTH_NO_ANSWER,    /* a question with nothing under it */
  HEALTH_NO_SNIPPET,   /* an answer without a snippet */
  HEALTH_GAP,          /* numbers are missing before this question */
  HEALTH_DOUBLE,       /* its number was used before */
  HEALTH_NOT_RENDERED, /* code that a renderer does not show as code */
  HEALTH_NO_CHECK,     /* a snippet that checks nothing; known when it has run */
  HEALTH_KINDS
} HealthKind;

typedef struct {
  HealthKind kind;
  guint count;              /* of questions that are only listed, of missing numbers; else 1 */
  const Document *document; /* borrowed, as are question and snippet */
  const Question *question; /* or NULL */
  const Snippet *snippet;   /* or NULL */
  guint line;
  gchar *message; /* one line, without file and line */
} HealthNote;

/* Counts of one section: of the innermost heading above questions. */
typedef struct {
  const Document *document;
  gchar *title; /* of the headings above, "Django > ORM"; "" for none */
  guint line;   /* of the first question in it */
  guint questions;
  guint counts[HEALTH_KINDS]; /* of the notes: their counts */
  guint snippets;
  guint classes[VERDICT_CLASSES]; /* filled as verdicts come */
} HealthSection;

typedef struct {
  GPtrArray *notes;    /* HealthNote *, owned, in the bank's order */
  GPtrArray *sections; /* HealthSection *, owned, likewise */
  guint questions;
  guint snippets;
  guint counts[HEALTH_KINDS];
  GHashTable *of;        /* Question *, or Document * for what stands in none, to its section */
  GHashTable *documents; /* Document * to its place, from 0 */
} Health;

/* documents: Document *, in the bank's order; they outlive what is returned. */
Health *health_new(const GPtrArray *documents);
void health_free(Health *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Health, health_free)

/* Takes title over. Sections are added in the bank's order. */
HealthSection *health_add_section(Health *health, const Document *document, gchar *title,
                                  guint line);

/* Takes note.message over, and counts it for the section. */
void health_note(Health *health, HealthSection *section, HealthNote note);

/* The section that a snippet counts for; NULL for one of no document that was looked at. */
HealthSection *health_section_of(const Health *health, const Snippet *snippet);

/* A snippet's verdict: counts it, and notes one that checked nothing. */
void health_add(Health *health, const Snippet *snippet, const Verdict *verdict);

/* "no-answer", "gap", ...: in reports for programs; never NULL. */
const gchar *health_kind_name(HealthKind kind);
