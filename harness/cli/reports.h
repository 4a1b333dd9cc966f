/*
 * reports.h: the reports that a check can write, as options.
 */
#pragma once

#include "cli/common.h"
#include "report/report.h"

/* Where the human report goes: standard error where another one has standard output. GitHub's
 * annotations go there, too: its runner reads both. */
FILE *reports_terminal(const ReportsArguments *arguments);

/* Adds the sinks. Before anything runs; FALSE after having complained: a path that cannot be
 * written, that is a document, or two reports for one path. arguments outlive the report; `files`
 * may be set until the first verdict. */
gboolean reports_add(const ReportsArguments *arguments, Report *report);
