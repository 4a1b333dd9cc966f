/*
 * report.h: one stream of events, many sinks.
 *
 * cli/ tells a Report what happens; the report passes it on to its sinks. Each
 * sink is one file of this room: the terminal, JSON; formats.h has those for other programs.
 */
#pragma once

#include <gio/gio.h>
#include <glib.h>
#include <stdio.h>

#include "model/health.h"
#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* Which part of the bank a shard of it was. */
typedef struct {
  guint index;        /* from 1 */
  guint count;        /* 0: it is the whole bank */
  const gchar *bank;  /* digest of all that was to be split; NULL with count 0 */
  const gchar *split; /* digest of who got what; likewise */
} ReportShard;

/* How the whole run went, for the last event. */
typedef struct {
  Ledger ledger;          /* unfinished snippets are in it, as infra */
  gboolean is_incomplete; /* interrupted: not every snippet has its verdict */
  gboolean is_strict;     /* --strict: decided the exit code, too */
  gint exit_code;         /* of the check, where its reports can be written */
  gdouble seconds;
  guint lanes;
  const gchar *python;    /* "3.11.2" */
  GPtrArray *unfinished;  /* const Snippet *, without a verdict; or NULL */
  guint known;            /* blocks whose verdict comes from kept results alone */
  guint left_out;         /* blocks that were not asked for: no verdict, not in the ledger */
  const gchar *selection; /* why they were not: "changed since main (1a2b3c4)"; or NULL */
  const Health *health;   /* NULL where nobody looked */
  ReportShard shard;
  guint shards; /* so many were joined; 0 for one check */
} ReportSummary;

/* Each member may be NULL. Arguments are borrowed for the call. */
typedef struct ReportSink ReportSink;
struct ReportSink {
  /* documents: Document *, in the bank's order; they outlive the report. */
  void (*begin)(ReportSink *sink, const GPtrArray *documents);
  void (*problem)(ReportSink *sink, const gchar *path, const gchar *message);
  void (*remark)(ReportSink *sink, const Document *document, const Remark *remark);
  void (*fixture)(ReportSink *sink, const Fixture *fixture, const gchar *variant,
                  const gchar *failure, const gchar *traceback);
  void (*verdict)(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                  const Verdict *verdict);
  /* Of each in summary->unfinished, before the end: an infra verdict that says so. */
  void (*unfinished)(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                     const Verdict *verdict);
  /* Returns FALSE where the report could not be written. */
  gboolean (*end)(ReportSink *sink, const ReportSummary *summary, GError **error);
  void (*free)(ReportSink *sink);
};

typedef struct Report Report;
Report *report_new(void);
void report_add(Report *report, ReportSink *sink); /* takes it over */
void report_begin(Report *report, const GPtrArray *documents);
void report_problem(Report *report, const gchar *path, const gchar *message);
void report_remark(Report *report, const Document *document, const Remark *remark);

/* A fixture that cannot be used, or may be used otherwise than is meant: failure is one line,
 * traceback several, or NULL, as is the variant where it is all the same. What is told twice is
 * reported once. One that is not ready for a snippet (OUTCOME_UNREADY) is told by the sinks
 * themselves, when its first verdict comes: this is for what is known before anything runs. */
void report_fixture(Report *report, const Fixture *fixture, const gchar *variant,
                    const gchar *failure, const gchar *traceback);
void report_verdict(Report *report, const Snippet *snippet, const Transcript *transcript,
                    const Verdict *verdict);
gboolean report_end(Report *report, const ReportSummary *summary, GError **error);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* Problems one a line with the line of code below, then the ledger. Problems
 * come in the bank's order, each as soon as all before it are known, so that
 * two runs print the same. With progress, a line on `progress` (a terminal)
 * counts snippets and is wiped before anything else is written. */
typedef struct {
  FILE *out;
  FILE *progress; /* NULL for none */
  gboolean use_colour;
  gboolean is_strict; /* say also what only --strict minds */
} TerminalOptions;
ReportSink *terminal_sink_new(const TerminalOptions *options);

/* Everything, as harness/report/check.schema.json describes it, written when
 * the run ends: to a file, replaced in one step, or to standard output for "-".
 * Until then verdicts wait in a temporary file without a name, so that memory
 * stays bounded. version is proctor's own. Returns NULL with a GFileError where
 * path cannot be written. */
ReportSink *json_sink_new(const gchar *path, const gchar *version, GError **error);
