/* Hand-made documents and verdicts for the suites of report/. */
#pragma once

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

static inline Snippet *add_snippet(Document *document, const gchar *source, guint line) {
  Snippet *snippet = snippet_new(document, NULL, SNIPPET_SCRIPT, source, line);
  snippet->ordinal = document->snippets->len + 1;
  snippet->id = g_strdup_printf("%s/%u", document->name, snippet->ordinal);
  g_ptr_array_add(document->snippets, snippet);
  return snippet;
}

/* A claim on one line of the snippet, on what a print there wrote. */
static inline Claim *add_claim(Snippet *snippet, guint line, const gchar *text,
                               const gchar *expected) {
  Claim *claim = claim_new(CLAIM_LITERAL, CLAIM_OF_LINE, line, text, expected);
  claim->first_line = claim->last_line = line;
  claim->is_print = TRUE;
  g_ptr_array_add(snippet->claims, claim);
  return claim;
}

static inline void raise_in(Transcript *transcript, const gchar *type, const gchar *message,
                            guint line) {
  Raised *raised = g_new0(Raised, 1);
  raised->type = g_strdup(type);
  raised->message = g_strdup(message);
  raised->line = line;
  transcript->outcome = OUTCOME_RAISED;
  g_ptr_array_add(transcript->raised, raised);
}

/* A claim that a fixture made of the run: the verdict's own. */
static inline Claim *add_field_claim(Verdict *verdict, ClaimRule rule, guint line, guint prose_line,
                                     const gchar *said) {
  Claim *claim = claim_new(rule, CLAIM_OF_FIELD, line, said, said);
  claim->prose_line = prose_line;
  g_ptr_array_add(verdict->claims, claim);
  return claim;
}

/* "library", with the variants "relation" and "text", for Book. */
static inline Fixture *library_new(void) {
  Fixture *fixture = fixture_new("library", "/bank/fixtures/library.py", "fixtures/library.py");
  fixture_add_variant(fixture, "text", "");
  fixture_add_variant(fixture, "relation", "");
  return fixture;
}

static inline FixtureChoice *choice_new(const Fixture *fixture) {
  const gchar *const names[] = {"Book", "author", NULL};
  return fixture_choice_new(fixture, names);
}

static inline void use_fixture(Transcript *transcript, const FixtureChoice *choice,
                               const gchar *variant) {
  transcript->fixture = choice;
  g_free(transcript->variant);
  transcript->variant = g_strdup(variant);
}

static inline void fail_fixture(Transcript *transcript, const gchar *failure,
                                const gchar *traceback) {
  transcript->outcome = OUTCOME_UNREADY;
  g_free(transcript->failure);
  g_free(transcript->traceback);
  transcript->failure = g_strdup(failure);
  transcript->traceback = g_strdup(traceback);
}

static inline Verdict *verdict_with(VerdictClass class, const gchar *outcome, const gchar *reason) {
  Verdict *verdict = verdict_new(class);
  verdict->outcome = g_strdup(outcome);
  verdict->reason = g_strdup(reason);
  return verdict;
}
