/*
 * transcripts.h: snippets and transcripts made by hand, for the tests of judge/.
 */
#pragma once

#include <check.h>
#include <string.h>

#include "judge/judge.h"

/* The verdict on one run, without an expectation. */
static inline Verdict *judge_one(const Snippet *snippet, const Transcript *transcript) {
  const Transcript *const runs[] = {transcript};
  Sheet sheet = {.snippet = snippet, .transcripts = runs, .count = 1};
  return judge_sheet(&sheet);
}

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

static inline void add_named(Transcript *transcript, guint line, const gchar *names,
                             const gchar *type, const gchar *repr) {
  add_value(transcript, line, type, repr);
  Value *value = g_ptr_array_index(transcript->values, transcript->values->len - 1);
  value->names = g_strdup(names);
}

static inline void add_passed(Transcript *transcript, guint line) {
  g_array_append_val(transcript->passed, line);
}

static inline Waiting *add_waiting(Transcript *transcript, guint thread, guint line,
                                   const gchar *what, const gchar *lock) {
  g_autofree gchar *name =
      thread == 0 ? g_strdup("MainThread") : g_strdup_printf("Thread-%u", thread);
  Waiting *waiting = waiting_new(thread, name, line, what, lock);
  g_ptr_array_add(transcript->waits, waiting);
  transcript->outcome = OUTCOME_STUCK;
  return waiting;
}

static inline void hold(Waiting *waiting, guint holder, guint line) {
  waiting->is_known = TRUE;
  waiting->holder = holder;
  g_free(waiting->holder_name);
  waiting->holder_name =
      holder == 0 ? g_strdup("MainThread") : g_strdup_printf("Thread-%u", holder);
  waiting->holder_line = line;
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

/* An exception as it left the statement of a claim, in a block or a function. */
static inline void add_seen(Transcript *transcript, guint line, const gchar *type,
                            const gchar *message) {
  OutcomeKind outcome = transcript->outcome;
  add_raised(transcript, line, type, NULL, message, FALSE)->is_seen = TRUE;
  transcript->outcome = outcome;
}

static inline Probed *add_probed(Transcript *transcript, guint line, ProbeEnd end,
                                 const gchar *raised) {
  Probed *probed = g_new0(Probed, 1);
  probed->line = line;
  probed->end = end;
  probed->output = g_strdup("");
  if (raised != NULL) {
    probed->raised = g_new0(Raised, 1);
    probed->raised->line = line;
    probed->raised->type = g_strdup(raised);
    probed->raised->message = g_strdup("no");
  }
  g_ptr_array_add(transcript->probed, probed);
  return probed;
}

/* What a fixture, or the expectation, found. The strings are copied; actual may be NULL. */
static inline Checked *add_checked(Transcript *transcript, CheckedKind kind, CheckedEnd end,
                                   guint line, const gchar *said, const gchar *actual) {
  Checked *checked = g_new0(Checked, 1);
  checked->kind = kind;
  checked->end = end;
  checked->line = line;
  checked->first_line = checked->last_line = kind == CHECKED_REMARK ? line : 0;
  checked->rule = g_strdup("a_word");
  checked->said = g_strdup(said);
  checked->actual = g_strdup(actual);
  g_ptr_array_add(transcript->checked, checked);
  return checked;
}

static inline void add_event(Transcript *transcript, guint line, guint outer_line) {
  Event *event = g_new0(Event, 1);
  event->kind = g_strdup("sql");
  event->line = line;
  event->outer_line = outer_line;
  event->count = -1;
  event->text = g_strdup("SELECT 1");
  g_ptr_array_add(transcript->events, event);
}

static inline Claim *add_target(Snippet *snippet, ClaimRule rule, ClaimTarget target, guint line,
                                const gchar *expected) {
  Claim *claim = claim_new(rule, target, line, expected, expected);
  claim->first_line = claim->last_line = line;
  g_ptr_array_add(snippet->claims, claim);
  return claim;
}

static inline const ClaimResult *result_at(const Verdict *verdict, guint index) {
  ck_assert_uint_lt(index, verdict->results->len);
  return g_ptr_array_index(verdict->results, index);
}
