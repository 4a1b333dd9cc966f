/*
 * Any bytes as the file of an expectation: what reads is written back as it was, and its
 * matchers and relations, however odd, match or do not, in bounded time. Where the whole text
 * is not one, it is taken as an accepted output, and, cut at each \f, as several runs of
 * one snippet: what is proposed for them fits them all.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "judge/expect_align.h"
#include "judge/propose.h"
#include "store/expectation_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_output(const gchar *output) {
  g_autoptr(Pattern) pattern = pattern_new(output, NULL);
  g_autoptr(GPtrArray) lines = output_lines(output);
  for (guint i = 0; i < lines->len; i++) {
    g_autofree gchar *escaped = pattern_escape(g_ptr_array_index(lines, i));
    g_autoptr(Pattern) plain = pattern_new(escaped, NULL);
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_autoptr(Bindings) none = bindings_new();
    g_ptr_array_add(one, g_ptr_array_index(lines, i));
    /* An escaped line stands for itself. */
    if (*escaped != '\0' && (plain == NULL || !pattern_match(plain, one, none)))
      abort();
  }
  if (pattern == NULL)
    return;
  g_autoptr(Bindings) bindings = bindings_new();
  gboolean is_same = pattern_match(pattern, lines, bindings);
  g_autofree gchar *difference = pattern_difference(pattern, lines);
  /* What matches shows no difference. */
  if (is_same && strstr(output, "{") == NULL && *difference != '\0')
    abort();
}

static void try_runs(const gchar *outputs) {
  g_auto(GStrv) texts = g_strsplit(outputs, "\f", 4);
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "time.time()", 1);
  for (gchar **text = texts; *text != NULL; text++) {
    Transcript *transcript = transcript_new();
    g_string_append(transcript->output, *text);
    g_ptr_array_add(runs, transcript);
  }
  if (runs->len < 2)
    return;
  const Transcript *const *all = (const Transcript *const *)runs->pdata;
  g_autoptr(ExpectationPart) old = expectation_part_new(NULL, "finishes", NULL, texts[0]);
  g_autoptr(ExpectationPart) fresh = propose_part(NULL, NULL, snippet, all, runs->len, NULL);
  g_autoptr(ExpectationPart) kept = propose_part(old, NULL, snippet, all, runs->len, NULL);
  if (fresh == NULL || kept == NULL || !part_fits(fresh, all, runs->len) ||
      !part_fits(kept, all, runs->len))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const gchar *text = (const gchar *)data;
  g_autoptr(Expectation) expectation = expectation_text_read("e", "e", text, size, NULL);
  if (expectation == NULL) {
    g_autofree gchar *valid = g_utf8_make_valid(text, (gssize)size);
    try_output(valid);
    try_runs(valid);
    return 0;
  }
  g_autofree gchar *again = expectation_text_write(text, size, expectation);
  if (strlen(again) != size || memcmp(again, text, size) != 0)
    abort();
  for (guint i = 0; i < expectation->parts->len; i++) {
    const ExpectationPart *part = g_ptr_array_index(expectation->parts, i);
    g_autofree gchar *problem = part_problem(part);
    try_output(part->output);
  }
  return 0;
}
