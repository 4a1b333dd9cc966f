/*
 * formats.h: reports that other programs read.
 *
 * Each is a sink of its own (report.h). NULL with a GFileError where its path cannot be written.
 *
 * What a snippet comes to is the same in all of them (report/grade.h). Reports of tests (JUnit,
 * TAP) say one of four words; lists of problems (SARIF, GitHub, GitLab) give its problems one of
 * three levels:
 *
 * - failed, error: what a check fails by. That is false, changed, hung, crashed; with --strict also
 *   ran, raised, limit, fragment, needs and unparsable.
 * - error, error: proctor failed. That is infra.
 * - skipped, note: nothing was judged. That is skipped and what was left out; without --strict also
 *   fragment, needs and unparsable, of which the last is a warning.
 * - passed, note: all else. That is verified; without --strict also ran, raised and limit, of which
 *   the last two are warnings.
 *
 * What stands at a snippet stands at the line of the document that it is about. The remarks of
 * documents and the notes of health.h are notes. What health.h counts for each section is told by
 * all but GitLab, whose report is a list of places and has no room for it: JUnit has properties of
 * the document's suite, TAP comments, SARIF properties of the run, GitHub a table in the summary,
 * HTML one at the head of the page.
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
