/*
 * transcripts.h: snippets and transcripts made by hand, for the tests of judge/.
 */
#pragma once

#include <check.h>
#include <string.h>

#include "judge/judge.h"

static inline Snippet *make_snippet(const gchar *source) {
  return snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 1);
}

static inline Claim *add_claim(Snippet *snippet, ClaimRule rule, guint line,
                               const gchar *expected) {
  ClaimTarget target = rule == CLAIM_EXCEPTION    ? CLAIM_OF_EXCEPTION
                       : rule == CLAIM_TRANSCRIPT ? CLAIM_OF_EXAMPLE
                       : rule == CLAIM_OUTPUT     ? CLAIM_OF_SNIPPET
                                                  : CLAIM_OF_LINE;
  Claim *claim = claim_new(rule, target, line, expected, expected);
  claim->first_line = claim->last_line = target == CLAIM_OF_SNIPPET ? 0 : line;
  claim->is_print = target == CLAIM_OF_LINE;
  g_ptr_array_add(snippet->claims, claim);
  return claim;
}

/* A write by code on `line` that the module's `outer` led to. */
static inline void add_write_from(Transcript *transcript, guint line, guint outer,
                                  const gchar *text) {
  Write write = {.stream = STREAM_OUTPUT,
                 .line = line,
                 .outer_line = outer,
                 .offset = transcript->output->len,
                 .length = strlen(text)};
  g_string_append(transcript->output, text);
  g_array_append_val(transcript->writes, write);
}

/* As print() on this line does it. */
static inline void add_print(Transcript *transcript, guint line, const gchar *text) {
  add_write_from(transcript, line, line, text);
  add_write_from(transcript, line, line, "\n");
}

static inline void add_value(Transcript *transcript, guint line, const gchar *type,
                             const gchar *repr) {
  Value *value = g_new0(Value, 1);
  value->line = line;
  value->type = g_strdup(type);
  value->repr = g_strdup(repr);
  g_ptr_array_add(transcript->values, value);
}

static inline Raised *add_raised(Transcript *transcript, guint line, const gchar *type,
                                 const gchar *base, const gchar *message, gboolean passed) {
  Raised *raised = g_new0(Raised, 1);
  raised->line = raised->outer_line = line;
  raised->type = g_strdup(type);
  raised->message = g_strdup(message);
  raised->passed = passed;
  raised->bases = g_new0(gchar *, 3);
  raised->bases[0] = g_strdup(type);
  raised->bases[1] = base != NULL ? g_strdup(base) : NULL;
  g_ptr_array_add(transcript->raised, raised);
  if (!passed)
    transcript->outcome = OUTCOME_RAISED;
  return raised;
}

static inline const ClaimResult *result_at(const Verdict *verdict, guint index) {
  ck_assert_uint_lt(index, verdict->results->len);
  return g_ptr_array_index(verdict->results, index);
}
