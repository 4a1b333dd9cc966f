/* Any bytes are a document: its snippets and claims are read, and what must be
 * true of every document is checked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bank/bank.h"
#include "bank/health.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input where a program aborts, and not where g_error() traps. */
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      g_printerr("%s\n", #condition);                                                              \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

static guint count_lines(const gchar *text) {
  guint lines = 0;
  for (; (text = strchr(text, '\n')) != NULL; text++)
    lines++;
  return lines;
}

static void check_claim(const Claim *claim, guint own_lines) {
  MUST(claim->text != NULL && claim->expected != NULL && claim->line > 0);
  MUST(claim->first_line <= claim->last_line && claim->last_line <= own_lines);
  MUST(claim->first_line > 0 || claim->target == CLAIM_OF_SNIPPET ||
       claim->target == CLAIM_OF_NAMES);
  MUST((claim->code != NULL) == (claim->code_line > 0) && claim->code_line <= own_lines);
  MUST(claim->code == NULL || (*claim->code != '\0' && strchr(claim->code, '\n') == NULL));
  MUST(claim->names == NULL || *claim->names != '\0');
  MUST((claim->target == CLAIM_OF_NAMES) <= (claim->names != NULL));
  MUST((claim->target == CLAIM_OF_SPEED) == (claim->rival > 0) && claim->rival <= own_lines);
}

static void check_snippet(const Snippet *snippet, guint previous_line, guint lines) {
  gsize size = strlen(snippet->source);
  MUST(size > 0 && snippet->source[size - 1] == '\n');
  MUST(g_utf8_validate(snippet->source, -1, NULL));
  MUST(strchr(snippet->source, '\r') == NULL);
  MUST(snippet->first_line > previous_line);
  MUST(snippet->last_line <= lines);
  MUST(snippet->last_line - snippet->first_line + 1 == count_lines(snippet->source));
  MUST((snippet->kind == SNIPPET_TRANSCRIPT) == (snippet->examples != NULL));
  guint own_lines = snippet->last_line - snippet->first_line + 1, last = 0;
  for (guint i = 0; snippet->examples != NULL && i < snippet->examples->len; i++) {
    const Example *example = g_ptr_array_index(snippet->examples, i);
    MUST(example->line > last && example->line <= example->last_line);
    MUST(example->last_line <= own_lines && example->want_line <= own_lines);
    MUST((example->want_line == 0) == (*example->want == '\0'));
    last = example->last_line;
  }
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    check_claim(claim, own_lines);
  }
}

static void check_beside(const Snippet *snippet, guint lines) {
  guint own_lines = snippet->last_line - snippet->first_line + 1, last = 0;
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    MUST(unclaimed->line > 0 && unclaimed->line <= own_lines);
    MUST((unclaimed->first_line == 0) == (unclaimed->last_line == 0));
    MUST(unclaimed->first_line <= unclaimed->last_line && unclaimed->last_line <= own_lines);
  }
  MUST(snippet->prose->len <= 64);
  for (guint i = 0; i < snippet->prose->len; i++) {
    const Prose *prose = g_ptr_array_index(snippet->prose, i);
    MUST(prose->line > last && prose->line <= lines && *prose->text != '\0');
    MUST(prose->line < snippet->first_line || prose->line > snippet->last_line);
    MUST(g_utf8_validate(prose->text, -1, NULL) && strlen(prose->text) <= 16 << 10);
    last = prose->line;
  }
}

static void check_health(Document *document, guint lines) {
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
  g_autoptr(Health) health = bank_health(documents);
  guint previous = 0, snippets = 0, counts[HEALTH_KINDS] = {0};
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    MUST(note->line >= previous && note->line <= lines && note->count > 0);
    previous = note->line;
    counts[note->kind] += note->count;
  }
  MUST(memcmp(counts, health->counts, sizeof counts) == 0);
  MUST(counts[HEALTH_NO_ANSWER] + counts[HEALTH_NO_SNIPPET] <= health->questions);
  for (guint i = 0; i < health->sections->len; i++)
    snippets += ((const HealthSection *)g_ptr_array_index(health->sections, i))->snippets;
  MUST(snippets == document->snippets->len && snippets == health->snippets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Document) document = bank_parse("fuzz.md", "fuzz", (const gchar *)data, size);
  guint lines = 1, previous = 0;
  for (size_t i = 0; i < size; i++)
    lines += data[i] == '\n' || data[i] == '\r';
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    check_snippet(snippet, previous, lines);
    check_beside(snippet, lines);
    previous = snippet->last_line;
    MUST(g_hash_table_add(ids, snippet->id));
  }
  previous = 0;
  for (guint i = 0; i < document->remarks->len; i++) {
    const Remark *remark = g_ptr_array_index(document->remarks, i);
    MUST(remark->line >= previous && remark->line <= lines);
    previous = remark->line;
  }
  check_health(document, lines);
  return 0;
}
