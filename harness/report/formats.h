/*
 * formats.h: reports that other programs read.
 *
 * Each is a sink of its own (report.h). NULL with a GFileError where its path cannot be written.
 *
 * What a snippet comes to, the same in all of them (report/grade.h):
 *
 *     a check fails by it          false, changed, hung, crashed; with --strict also ran, raised,
 *                                  limit, fragment, needs, unparsable      failed, error
 *     proctor failed               infra                                   error, error
 *     nothing was judged           skipped, what was left out, and without
 *                                  --strict fragment, needs, unparsable    skipped, note
 * (unparsable: warning) all else                     verified, and without --strict ran, raised,
 * limit                           passed (raised, limit: warning)
 *
 * The last column is how reports of tests (JUnit, TAP) call it, and the level of its problems in
 * lists of problems (SARIF, GitHub, GitLab). What stands at a snippet stands at the line of the
 * document that it is about. The remarks of documents and of health.h are notes.
 */
#pragma once

#include <stdio.h>

#include "report/report.h"

typedef struct {
  const gchar *path;    /* a file, replaced in one step when the run ends; "-": standard output */
  const gchar *version; /* proctor's own */
  const gchar *base;    /* the folder, absolute, that paths are written relative to; NULL: as they
                           are */
  guint tap_version;    /* the latest that the reader of TAP knows; 0: 14 */
  gboolean is_strict;
  /* The bytes that a document was read from, for columns and right values. FALSE where they are
   * not to be had; NULL for never. */
  gboolean (*read)(const Document *document, gchar **bytes, gsize *size, gpointer data);
  gpointer data;
} FormatOptions;

/* JUnit's XML, as Jenkins' schema junit-10.xsd has it: a suite for each document, a case for each
 * snippet with its id as name and the document's as classname. That schema knows no file or line
 * of a case: the suite has the file, and each sentence begins with file and line. */
ReportSink *junit_sink_new(const FormatOptions *options, GError **error);

/* TAP version 14: a test point for each snippet, in the bank's order, as soon as it is known.
 * Nothing in it but the number is unknown to readers of version 13, and the number is what some
 * of them refuse: they say in TAP_VERSION what they know. */
ReportSink *tap_sink_new(const FormatOptions *options, GError **error);

/* SARIF 2.1.0, with the right value as a fix where it is known. */
ReportSink *sarif_sink_new(const FormatOptions *options, GError **error);

/* GitLab's code quality report. */
ReportSink *gitlab_sink_new(const FormatOptions *options, GError **error);

/* Workflow commands of GitHub, on out: annotations at the lines, with the right value where it is
 * known, as many as GitHub shows. What is written to out until then, by whomever, is kept from
 * being read as a command. The options' path is the file for a summary in Markdown, which is
 * appended to; NULL for none. */
ReportSink *github_sink_new(const FormatOptions *options, FILE *out, GError **error);

/* The bank as one page: each question, its snippets, verdicts, output beside the line. */
ReportSink *html_sink_new(const gchar *path, const gchar *version, GError **error);
