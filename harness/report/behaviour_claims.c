#include "report/behaviour_claims.h"

#include <string.h>

#include "report/problems.h"
#include "report/text.h"

#define CODE_WIDTH 100
#define TEXT_WIDTH 120

void claim_seen_free(gpointer data) {
  ClaimSeen *claim = data;
  g_free(claim->text);
  g_free(claim->sentence);
  g_free(claim->code);
  g_free(claim->about);
  g_free(claim->expected);
  g_free(claim);
}

/* The code that a claim speaks of, without the claim. */
static gchar *about_of(const Snippet *snippet, const Claim *claim) {
  if (claim->first_line == 0)
    return g_strdup(claim->prose_line != 0 ? "prose" : "");
  if (claim->code != NULL)
    return g_strdup(claim->code);
  GString *about = g_string_new(NULL);
  for (guint line = claim->first_line; line <= claim->last_line; line++) {
    g_autofree gchar *text = snippet_line_text(snippet, line);
    if (text == NULL)
      break;
    if (line == claim->line && claim->column < strlen(text))
      text[claim->column] = '\0';
    g_string_append_printf(about, "%s\n", g_strstrip(text));
  }
  return g_string_free(about, FALSE);
}

ClaimSeen *claim_seen_new(const Snippet *snippet, const ClaimResult *result) {
  const Claim *claim = result->claim;
  ClaimSeen *seen = g_new0(ClaimSeen, 1);
  seen->line = claim_document_line(snippet, claim);
  seen->state = result->state;
  g_autofree gchar *text = g_strstrip(g_strdup(claim->text != NULL ? claim->text : ""));
  seen->text = text_one_line(text, -1, TEXT_WIDTH);
  if (result->state == CLAIM_CONTRADICTED)
    seen->sentence = problem_of_claim(result);
  if (claim->prose_line == 0) {
    g_autofree gchar *code = snippet_line_text(snippet, claim->line);
    if (code != NULL && *g_strchug(code) != '\0')
      seen->code = text_code_line(code, CODE_WIDTH);
  }
  seen->about = about_of(snippet, claim);
  seen->expected = g_strdup(claim->expected != NULL ? claim->expected : "");
  return seen;
}

gint *claims_match(const GPtrArray *before, const GPtrArray *after) {
  gint *partner = g_new(gint, after->len + 1);
  g_autofree gboolean *is_taken = g_new0(gboolean, before->len + 1);
  for (guint i = 0; i < after->len; i++)
    partner[i] = -1;
  for (guint pass = 0; pass < 2; pass++) {
    g_autoptr(GHashTable) next =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
    for (guint k = 0; k < before->len; k++) {
      const ClaimSeen *old = g_ptr_array_index(before, k);
      if (is_taken[k])
        continue;
      gchar *key = g_strdup_printf("%s\n%s", old->about, pass == 0 ? old->expected : "");
      GQueue *queue = g_hash_table_lookup(next, key);
      if (queue == NULL) {
        queue = g_queue_new();
        g_hash_table_insert(next, key, queue);
      } else {
        g_free(key);
      }
      g_queue_push_tail(queue, GUINT_TO_POINTER(k + 1));
    }
    for (guint i = 0; i < after->len; i++) {
      const ClaimSeen *new = g_ptr_array_index(after, i);
      if (partner[i] >= 0)
        continue;
      g_autofree gchar *key = g_strdup_printf("%s\n%s", new->about, pass == 0 ? new->expected : "");
      GQueue *queue = g_hash_table_lookup(next, key);
      if (queue == NULL || g_queue_is_empty(queue))
        continue;
      partner[i] = (gint)GPOINTER_TO_UINT(g_queue_pop_head(queue)) - 1;
      is_taken[partner[i]] = TRUE;
    }
  }
  return partner;
}
