/*
 * merge_parts.h: the report of one shard, and members that all of them have a part of.
 *
 * Private to report/.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "report/destination.h"
#include "report/merge.h"

/* Sets the error and returns FALSE. */
gboolean merge_refuse(GError **error, MergeError code, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

typedef struct {
  gchar *name; /* of its file */
  JsonParser *parser;
  JsonObject *root; /* this and the following are borrowed from the parser */
  guint index;
  guint count;
  const gchar *bank;
  const gchar *split;
  const gchar *python;    /* or NULL */
  const gchar *selection; /* likewise */
  gboolean is_strict;
  JsonArray *snippets;
  GArray *places; /* guint, of each of them; rising */
  GArray *ranks;  /* guint, of each of the fixtures */
} MergePart;

/* NULL with MERGE_ERROR_DAMAGED where it is no report of a shard, or does not add up; with
 * MERGE_ERROR_FOREIGN where another version wrote it. */
MergePart *merge_part_read(const gchar *name, const gchar *text, gsize size, const gchar *version,
                           GError **error);
void merge_part_free(gpointer data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MergePart, merge_part_free)

/* parts: MergePart *. A member that is the same in each; NULL with MERGE_ERROR_FOREIGN where it is
 * not. */
JsonNode *merge_same(const GPtrArray *parts, const gchar *name, GError **error);

/* The fixtures, each variant once; and as fixtures_used_text() has them. */
JsonNode *merge_fixtures(const GPtrArray *parts);
gchar *merge_fixtures_text(const GPtrArray *parts);

/* What is to be written yet: the same in each, but for what is counted of its snippets. */
JsonNode *merge_health(const GPtrArray *parts, const gchar *name, GError **error);

/* That of a joined report, as far as people are told of it: NULL for none. The documents that its
 * notes are about are added to documents, paths to Document *, which outlives it. */
Health *merge_health_read(JsonObject *root, GHashTable *documents);
