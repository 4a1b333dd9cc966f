/*
 * ending.h: the last lines of a check's report for a person.
 */
#pragma once

#include <stdio.h>

#include "report/report.h"

/* sessions: blocks that ran after earlier ones; fixtures: fixtures_used_text(). */
void ending_print(FILE *out, const ReportSummary *summary, guint sessions, const gchar *fixtures);
