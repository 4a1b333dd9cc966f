/*
 * shard.h: what the report of a shard says, so that it can be joined with the others.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "report/fixtures_used.h"
#include "report/report.h"

/* Adds one snippet to a digest of who got what: those that were split, in the order of their
 * places in the bank (from 0); part from 1. */
void shard_digest_add(GChecksum *sum, guint place, const gchar *id, const gchar *content_id,
                      guint part);

/* One that has its verdict, at its place. */
typedef struct {
  guint place;
  const Snippet *snippet;
} ShardSnippet;

/* The `shard` member of the report: JSON on one line; "null" for a whole bank. snippets:
 * ShardSnippet, in the order of their places. */
gchar *shard_json(const ReportShard *shard, const GArray *snippets, const FixturesUsed *fixtures);
