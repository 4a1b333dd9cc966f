/*
 * merge.h: the reports of all shards of a bank joined into the one that a single check had written.
 *
 * Each is the JSON of `proctor check --shard I/N --json`. What does not fit together is refused,
 * never guessed: the messages name the files. All is as in the report of a single check, but for
 * times: `seconds` is that of the longest shard.
 */
#pragma once

#include <glib.h>

#include "report/report.h"

#define MERGE_ERROR (merge_error_quark())
typedef enum {
  MERGE_ERROR_DAMAGED, /* it is no report of a shard, or not as it was written */
  MERGE_ERROR_FOREIGN, /* it is of another bank, split, Python, version or with other options */
  MERGE_ERROR_SHARDS,  /* a shard is missing, or is there twice */
} MergeError;
GQuark merge_error_quark(void);

typedef struct Merge Merge;

/* version is proctor's own. */
Merge *merge_new(const gchar *version);
void merge_free(Merge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Merge, merge_free)

/* Reads one report; name is that of its file. Nothing more is to be done with a merge that has
 * refused one. */
gboolean merge_add(Merge *merge, const gchar *name, const gchar *text, gsize size, GError **error);

/* Joins what was added. */
gboolean merge_join(Merge *merge, GError **error);

/* --- of the joined report ------------------------------------------------------------- */

typedef struct {
  ReportSummary summary; /* without lists; seconds are of the longest shard; strings borrowed from
                            the merge */
  guint sessions;        /* blocks that ran after earlier ones */
  gchar *fixtures;       /* lines, as fixtures_used_text() */
} MergeEnd;
const MergeEnd *merge_end(const Merge *merge);

/* Writes it, as `check --json` does. */
gboolean merge_write(const Merge *merge, const gchar *path, GError **error);
