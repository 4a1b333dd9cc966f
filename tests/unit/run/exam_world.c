#include "exam_world.h"

#include <stdlib.h>
#include <string.h>

#define CLAIMS 16u
static Claim claims_of_all[CLAIMS];

static const Claim *claim_of_place(guint place) {
  ck_assert_uint_lt(place, CLAIMS);
  claims_of_all[place] = (Claim){.text = (gchar *)"claimed",
                                 .expected = (gchar *)"1",
                                 .line = place + 1,
                                 .first_line = place + 1,
                                 .last_line = place + 1};
  return &claims_of_all[place];
}

static const gchar *name_of(const Snippet *snippet) {
  return snippet->id;
}

static void fake_submit(gpointer runner, const RunRequest *request, RunnerDone done,
                        gpointer data) {
  World *world = runner;
  FakeRun *run = g_new0(FakeRun, 1);
  *run = (FakeRun){*request, g_ptr_array_new(), done, data};
  for (guint i = 0; i < request->prelude_count; i++)
    g_ptr_array_add(run->prelude, (gpointer)request->prelude[i]);
  g_queue_push_tail(&world->queue, run);
  world->most_waiting = MAX(world->most_waiting, g_queue_get_length(&world->queue));
}

static void note_raised(Transcript *transcript, const gchar *type, const gchar *name, guint line) {
  Raised *raised = g_new0(Raised, 1);
  raised->type = g_strdup(type);
  raised->name = g_strdup(name);
  raised->line = line;
  raised->passed = TRUE;
  g_ptr_array_add(transcript->raised, raised);
}

static void obey(Transcript *transcript, GHashTable *bound, const gchar *line,
                 gboolean is_subject) {
  g_auto(GStrv) words = g_strsplit(line, " ", 2);
  const gchar *verb = words[0] != NULL ? words[0] : "", *name = words[0] ? words[1] : NULL;
  if (g_str_equal(verb, "bind"))
    g_hash_table_add(bound, g_strdup(name));
  if (!is_subject)
    return;
  if (g_str_equal(verb, "need") && !g_hash_table_contains(bound, name)) {
    g_autofree gchar *before = g_strjoinv(" ", transcript->names_needed);
    g_autofree gchar *now = g_strconcat(before, *before != '\0' ? " " : "", name, NULL);
    g_strfreev(transcript->names_needed);
    transcript->names_needed = g_strsplit(now, " ", -1);
    transcript->names_certain = g_strv_length(transcript->names_needed);
    transcript->outcome = OUTCOME_HELD;
  } else if (g_str_equal(verb, "claim")) {
    g_string_append_c(transcript->output, g_hash_table_contains(bound, name) ? '1' : '0');
  } else if (g_str_equal(verb, "lean")) {
    gboolean is_bound = g_hash_table_contains(bound, name);
    g_string_append_c(transcript->output, is_bound ? '1' : transcript->prelude > 0 ? 'e' : '0');
  } else if (g_str_equal(verb, "blame")) {
    g_string_append_c(transcript->output, g_hash_table_contains(bound, name) ? '0' : '?');
  } else if (g_str_equal(verb, "look")) {
    g_string_append_c(transcript->output, g_hash_table_contains(bound, name) ? '1' : '?');
  } else if (transcript->outcome == OUTCOME_HELD) {
    return; /* it was never run */
  } else if (g_str_equal(verb, "tear")) {
    gboolean is_bound = g_hash_table_contains(bound, name);
    g_string_append_c(transcript->output, is_bound ? '1' : '0');
    if (is_bound)
      note_raised(transcript, "ValueError", NULL, (guint)transcript->output->len);
  } else if (g_str_equal(verb, "deny")) {
    g_string_append_c(transcript->output, g_hash_table_contains(bound, name) ? '0' : '1');
  } else if (g_str_equal(verb, "miss") && !g_hash_table_contains(bound, name)) {
    note_raised(transcript, "NameError", name, 0);
  } else if (g_str_equal(verb, "fail") && !g_hash_table_contains(bound, name)) {
    transcript->outcome = OUTCOME_RAISED;
  } else if (g_str_equal(verb, "differs")) {
    g_string_append_c(transcript->errors, g_hash_table_contains(bound, name) ? 'm' : 'd');
  } else if (g_str_equal(verb, "hang")) {
    transcript->outcome = OUTCOME_STOPPED;
  } else if (g_str_equal(verb, "crash")) {
    transcript->outcome = OUTCOME_SIGNALLED;
  } else if (g_str_equal(verb, "exit")) {
    transcript->outcome = OUTCOME_EXITED;
  } else if (g_str_equal(verb, "break")) {
    transcript->outcome = OUTCOME_UNPARSABLE;
  } else if (g_str_equal(verb, "slow")) {
    transcript->usage.wall_ns = G_GUINT64_CONSTANT(3000000000);
  }
}

static gboolean is_unready(const World *world, const RunRequest *request) {
  return request->fixture != NULL && world->unready != NULL &&
         (g_str_equal(world->unready, "*") || g_strcmp0(world->unready, request->variant) == 0);
}

static Transcript *fake_transcript(const World *world, const FakeRun *run) {
  Transcript *transcript = transcript_new();
  const FixtureChoice *choice = run->request.fixture;
  if (is_unready(world, &run->request)) {
    transcript->outcome = OUTCOME_UNREADY;
    transcript->failure = g_strdup("needs a package");
    return transcript;
  }
  g_autoptr(GHashTable) bound = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; choice != NULL && choice->fixture->provides[i] != NULL; i++)
    g_hash_table_add(bound, g_strdup(choice->fixture->provides[i]));
  if (run->request.variant != NULL)
    g_hash_table_add(bound, g_strdup(run->request.variant));
  transcript->prelude = run->prelude->len;
  for (guint i = 0; i <= run->prelude->len; i++) {
    gboolean is_subject = i == run->prelude->len;
    const Snippet *snippet = is_subject ? run->request.snippet : g_ptr_array_index(run->prelude, i);
    g_auto(GStrv) lines = g_strsplit(snippet->source, "\n", -1);
    for (guint k = 0; lines[k] != NULL; k++)
      obey(transcript, bound, lines[k], is_subject);
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_auto(GStrv) lines = g_strsplit(run->request.snippet->source, "\n", -1);
  for (guint k = 0; lines[k] != NULL; k++)
    if (g_str_has_prefix(lines[k], "bind "))
      g_ptr_array_add(names, g_strdup(lines[k] + 5));
  g_ptr_array_add(names, NULL);
  g_strfreev(transcript->names_bound);
  transcript->names_bound = (GStrv)g_ptr_array_steal(names, NULL);
  return transcript;
}

void end_run(World *world, FakeRun *run) {
  GString *log = g_string_new(NULL);
  for (guint i = 0; i < run->prelude->len; i++)
    g_string_append_printf(log, "%s+", name_of(g_ptr_array_index(run->prelude, i)));
  g_string_append(log, name_of(run->request.snippet));
  if (run->request.fixture != NULL)
    g_string_append_printf(log, "@%s", run->request.variant != NULL ? run->request.variant : "");
  g_ptr_array_add(world->log, g_string_free(log, FALSE));
  Transcript *transcript = fake_transcript(world, run);
  run->done(transcript, run->data);
  g_ptr_array_unref(run->prelude);
  g_free(run);
}

FakeRun *next_run(World *world) {
  GList *link = world->newest_first ? world->queue.tail : world->queue.head;
  FakeRun *run = link->data;
  if (run->request.snippet == world->withheld && world->queue.length > 1)
    link = world->newest_first ? link->prev : link->next;
  run = link->data;
  g_queue_delete_link(&world->queue, link);
  return run;
}

static gboolean misses_name(const Transcript *transcript) {
  for (guint i = 0; i < transcript->raised->len; i++)
    if (((const Raised *)g_ptr_array_index(transcript->raised, i))->name != NULL)
      return TRUE;
  return FALSE;
}

static Verdict *fake_mark(const Snippet *snippet, const Transcript *const *transcripts, guint count,
                          gpointer data) {
  const Transcript *transcript = transcripts[0];
  const gchar *unclear = strstr(snippet->source, "unclear ");
  guint wanted = 0;
  if (unclear != NULL && transcript->outcome == OUTCOME_FINISHED)
    wanted = (guint)strtoul(unclear + strlen("unclear "), NULL, 10);
  ck_assert_uint_le(count, MAX(wanted, 1));
  for (guint i = 1; i < count; i++)
    ck_assert_uint_eq(transcripts[i]->prelude, transcript->prelude);
  (void)data;
  VerdictClass class = VERDICT_RAN;
  const gchar *claims = transcript->output->str;
  if (transcript->outcome == OUTCOME_HELD || misses_name(transcript))
    class = VERDICT_FRAGMENT;
  else if (transcript->outcome == OUTCOME_UNREADY)
    class = VERDICT_NEEDS;
  else if (transcript->outcome == OUTCOME_SKIPPED)
    class = VERDICT_SKIPPED;
  else if (transcript->outcome == OUTCOME_RAISED)
    class = VERDICT_RAISED;
  else if (transcript->outcome == OUTCOME_UNPARSABLE)
    class = VERDICT_UNPARSABLE;
  else if (transcript->outcome == OUTCOME_STOPPED)
    class = VERDICT_HUNG;
  else if (transcript->outcome == OUTCOME_SIGNALLED)
    class = VERDICT_CRASHED;
  else if (strchr(claims, '0') != NULL)
    class = VERDICT_FALSE;
  else if (strchr(claims, '1') != NULL)
    class = VERDICT_VERIFIED;
  ExpectationState state = EXPECTATION_NONE;
  if (transcript->errors->len > 0 && transcript->outcome == OUTCOME_FINISHED) {
    state = transcript->errors->str[0] == 'm' ? EXPECTATION_MET : EXPECTATION_DIFFERS;
    class = state == EXPECTATION_MET ? VERDICT_VERIFIED : VERDICT_CHANGED;
  }
  if (wanted > 0 && count == wanted)
    class = VERDICT_VERIFIED;
  Verdict *verdict = verdict_new(class);
  verdict->expectation = state;
  verdict->wants_more = count < wanted;
  verdict->reason = g_strdup(class == VERDICT_FRAGMENT ? "bound nowhere" : transcript->failure);
  for (guint i = 0; claims[i] != '\0' && transcript->outcome == OUTCOME_FINISHED; i++)
    verdict_add_result(verdict, claim_of_place(i),
                       claims[i] == '1'   ? CLAIM_HOLDS
                       : claims[i] == '0' ? CLAIM_CONTRADICTED
                                          : CLAIM_NOT_CHECKABLE,
                       NULL, NULL);
  for (guint i = 0; i < verdict->results->len; i++)
    ((ClaimResult *)g_ptr_array_index(verdict->results, i))->pardon =
        claims[i] == 'e' ? PARDON_EARLIER : PARDON_NONE;
  return verdict;
}

static void fake_verdict(const Snippet *snippet, const Transcript *transcript,
                         const Verdict *verdict, gpointer data) {
  World *world = data;
  ck_assert_ptr_nonnull(transcript);
  GString *text = g_string_new(name_of(snippet));
  g_string_append_printf(text, " %s", verdict_class_name(verdict->class));
  if (verdict->session != NULL)
    g_string_append_printf(text, " %s", verdict->session);
  if (verdict->fixture != NULL)
    g_string_append_printf(text, " [%s]", verdict->fixture);
  if (verdict->reason != NULL && !g_str_equal(verdict->reason, "bound nowhere"))
    g_string_append_printf(text, " (%s)", verdict->reason);
  g_ptr_array_add(world->settled, g_string_free(text, FALSE));
}

World *world_new(void) {
  World *world = g_new0(World, 1);
  world->document = document_new("bank.md", "bank");
  world->documents = g_ptr_array_new();
  g_ptr_array_add(world->documents, world->document);
  g_queue_init(&world->queue);
  world->log = g_ptr_array_new_with_free_func(g_free);
  world->settled = g_ptr_array_new_with_free_func(g_free);
  world->fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  return world;
}

void want(World *world, Snippet *snippet) {
  if (world->wanted == NULL)
    world->wanted = g_hash_table_new(NULL, NULL);
  g_hash_table_add(world->wanted, snippet);
}

void world_free(World *world) {
  g_clear_pointer(&world->wanted, g_hash_table_unref);
  document_free(world->document);
  g_ptr_array_unref(world->documents);
  g_ptr_array_unref(world->log);
  g_ptr_array_unref(world->settled);
  g_ptr_array_unref(world->fixtures);
  g_free(world);
}
void heading(World *world) {
  g_ptr_array_add(world->document->questions, question_new(NULL, "A question", NULL, 1));
}

Snippet *block(World *world, const gchar *source) {
  GPtrArray *questions = world->document->questions;
  const Question *question =
      questions->len > 0 ? g_ptr_array_index(questions, questions->len - 1) : NULL;
  Snippet *snippet = snippet_new(world->document, question, SNIPPET_SCRIPT, source, 1);
  guint number = world->document->snippets->len;
  snippet->id =
      number < 26 ? g_strdup_printf("%c", 'a' + (gint)number) : g_strdup_printf("n%u", number);
  g_ptr_array_add(world->document->snippets, snippet);
  return snippet;
}

Fixture *fixture(World *world, const gchar *name, const gchar *variants) {
  Fixture *made = fixture_new(name, name, name);
  g_auto(GStrv) words = g_strsplit(variants != NULL ? variants : "", " ", -1);
  for (gchar **word = words; variants != NULL && *word != NULL; word++)
    fixture_add_variant(made, *word, "");
  g_ptr_array_add(world->fixtures, made);
  return made;
}

Snippet *block_with(World *world, const Fixture *fixture, const gchar *name, const gchar *source) {
  const gchar *const names[] = {name, NULL};
  Fixture *providing = (Fixture *)fixture; /* of this world */
  Snippet *snippet = block(world, source);
  snippet->choice = fixture_choice_new(fixture, names);
  if (fixture != NULL) {
    g_strfreev(providing->provides);
    providing->provides = g_strdupv((gchar **)names);
  }
  return snippet;
}

Exam *world_exam(World *world) {
  ExamCalls calls = {fake_submit, world,         fake_mark,    fake_verdict,
                     world,       world->python, world->wanted};
  return exam_new(world->documents, &calls);
}

void sit(World *world) {
  g_autoptr(Exam) exam = world_exam(world);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue)) {
    ck_assert(!exam_is_over(exam));
    end_run(world, next_run(world));
  }
  ck_assert(exam_is_over(exam));
  ck_assert_uint_eq(world->settled->len, world->wanted != NULL ? g_hash_table_size(world->wanted)
                                                               : world->document->snippets->len);
}

void give_up(FakeRun *run) {
  g_ptr_array_unref(run->prelude);
  g_free(run);
}

gboolean was_run(const World *world, const gchar *what) {
  for (guint i = 0; i < world->log->len; i++)
    if (g_str_equal(g_ptr_array_index(world->log, i), what))
      return TRUE;
  return FALSE;
}

gboolean has_settled(const World *world, const gchar *what) {
  for (guint i = 0; i < world->settled->len; i++)
    if (g_str_equal(g_ptr_array_index(world->settled, i), what))
      return TRUE;
  return FALSE;
}

guint count_runs(const World *world, const gchar *what) {
  guint count = 0;
  for (guint i = 0; i < world->log->len; i++)
    count += g_str_equal(g_ptr_array_index(world->log, i), what);
  return count;
}

void assert_settled(const World *world, const gchar *what) {
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < world->settled->len; i++)
    g_string_append_printf(all, "\n  %s", (gchar *)g_ptr_array_index(world->settled, i));
  for (guint i = 0; i < world->log->len; i++)
    g_string_append_printf(all, "%s%s", i == 0 ? "\n  runs: " : ", ",
                           (gchar *)g_ptr_array_index(world->log, i));
  ck_assert_msg(has_settled(world, what), "not '%s', but:%s", what, all->str);
}
