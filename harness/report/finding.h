/*
 * finding.h: what reports list as problems: of snippets, documents, fixtures, of the bank.
 *
 * One kind of thing for all formats that are lists of problems. Private to report/.
 */
#pragma once

#include <glib.h>

#include "model/health.h"
#include "report/claim_place.h"
#include "report/formats.h"
#include "report/grade.h"

typedef struct {
  Level level;
  const gchar *rule;  /* one of finding_rules() */
  gchar *path;        /* as reports print it, relative to the options' base; bytes of a file name */
  Region region;      /* line 0 where it is about the whole file */
  gchar *message;     /* one line, valid UTF-8, without file and line */
  gchar *advice;      /* what to write there, "# Output: [1, 2]", or lines; NULL where not known */
  Region replaced;    /* what goes, */
  gchar *put;         /* and what comes in its place; NULL where not known */
  gchar *subject;     /* the id of its snippet; NULL for none */
  gchar *key;         /* what stays the same when it is moved */
  gchar *fingerprint; /* of that, and no other finding has it; 40 hexadecimal digits */
  guint rank;         /* of its document; 0 for none */
  guint order;        /* of its snippet in that, from 1; 0 for none */
} Finding;

void finding_free(Finding *finding);

/* The kinds of findings. */
typedef struct {
  const gchar *name; /* "false", "gap" */
  const gchar *text; /* a sentence */
  Level level;       /* which it has without --strict */
} FindingRule;
const FindingRule *finding_rules(guint *count);
guint finding_rule_index(const gchar *name);

/* path relative to the folder base, both as bytes; as it is where it does not lie below. Newly
 * allocated. */
gchar *path_in(const gchar *base, const gchar *path);

/* Each is appended to findings, which is an array of Finding * that owns them. rank is of the
 * document. */
void findings_add_verdict(GPtrArray *findings, const FormatOptions *options, guint rank,
                          const Snippet *snippet, const Transcript *transcript,
                          const Verdict *verdict);
void findings_add_remark(GPtrArray *findings, const FormatOptions *options, guint rank,
                         const Document *document, const Remark *remark);
void findings_add_health(GPtrArray *findings, const FormatOptions *options, guint rank,
                         const HealthNote *note);
/* rule: "problem" or "fixture". */
void findings_add_problem(GPtrArray *findings, const FormatOptions *options, const gchar *rule,
                          const gchar *path, const gchar *message);

/* Puts them into the bank's order, drops what is there twice, and gives each its fingerprint. */
void findings_finish(GPtrArray *findings);
