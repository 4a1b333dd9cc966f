#include "report/shard.h"

#include "report/text.h"

void shard_digest_add(GChecksum *sum, guint place, const gchar *id, const gchar *content_id,
                      guint part) {
  /* As reports write it, so that a reader of one comes to the same. */
  g_autofree gchar *valid = text_valid(id, -1);
  g_autofree gchar *line = g_strdup_printf("%u %u %s %s\n", place, part, content_id, valid);
  g_checksum_update(sum, (const guchar *)line, -1);
}

gchar *shard_json(const ReportShard *shard, const GArray *snippets, const FixturesUsed *fixtures) {
  if (shard->count == 0)
    return g_strdup("null");
  g_autoptr(GChecksum) part = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GString) places = g_string_new(NULL);
  g_autoptr(GString) ranks = g_string_new(NULL);
  for (guint i = 0; i < snippets->len; i++) {
    const ShardSnippet *each = &g_array_index(snippets, ShardSnippet, i);
    const Snippet *snippet = each->snippet;
    shard_digest_add(part, each->place, snippet->id, snippet->content_id, shard->index);
    g_string_append_printf(places, "%s%u", i > 0 ? ", " : "", each->place);
  }
  for (guint i = 0; i < fixtures->uses->len; i++) {
    const FixtureUse *use = g_ptr_array_index(fixtures->uses, i);
    g_string_append_printf(ranks, "%s%u", i > 0 ? ", " : "", use->rank);
  }
  return g_strdup_printf("{\"index\": %u, \"count\": %u, \"bank\": \"%s\", \"split\": \"%s\", "
                         "\"part\": \"%s\", \"places\": [%s], \"ranks\": [%s]}",
                         shard->index, shard->count, shard->bank, shard->split,
                         g_checksum_get_string(part), places->str, ranks->str);
}
