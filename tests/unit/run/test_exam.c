/*
 * The exam, with neither Python nor processes: snippets are written in a tiny
 * language that a fake runner runs.
 *
 *   bind NAME   binds a name
 *   need NAME   is held back where nothing before it binds NAME
 *   claim NAME  a claim that holds where NAME is bound
 *   deny NAME   a claim that holds where it is not
 *   miss NAME   raises a NameError where it is not, and goes on
 *   unclear N   wants more until there are N runs, and holds then
 *   differs X   is not as accepted, unless X is bound
 *   hang, exit, crash, slow, break
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run/exam.h"
#include "run/plan.h"

typedef struct {
  RunRequest request;
  GPtrArray *prelude;
  RunnerDone done;
  gpointer data;
} FakeRun;

typedef struct {
  Document *document;
  GPtrArray *documents;
  GQueue queue;       /* FakeRun * */
  GPtrArray *log;     /* what was run: "b" or "a+b" for b after a */
  GPtrArray *settled; /* "b verified", "b verified after 1 earlier ..." */
  guint most_waiting;
  gboolean newest_first;
  const Snippet *withheld; /* its first run ends last */
} World;

static Claim claim = {.text = (gchar *)"claimed", .expected = (gchar *)"1"};

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
  } else if (transcript->outcome == OUTCOME_HELD) {
    return; /* it was never run */
  } else if (g_str_equal(verb, "deny")) {
    g_string_append_c(transcript->output, g_hash_table_contains(bound, name) ? '0' : '1');
  } else if (g_str_equal(verb, "miss") && !g_hash_table_contains(bound, name)) {
    Raised *raised = g_new0(Raised, 1);
    raised->type = g_strdup("NameError");
    raised->name = g_strdup(name);
    raised->passed = TRUE;
    g_ptr_array_add(transcript->raised, raised);
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

static Transcript *fake_transcript(const FakeRun *run) {
  Transcript *transcript = transcript_new();
  g_autoptr(GHashTable) bound = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
  transcript->prelude = run->prelude->len;
  return transcript;
}

static void end_run(World *world, FakeRun *run) {
  GString *log = g_string_new(NULL);
  for (guint i = 0; i < run->prelude->len; i++)
    g_string_append_printf(log, "%s+", name_of(g_ptr_array_index(run->prelude, i)));
  g_string_append(log, name_of(run->request.snippet));
  g_ptr_array_add(world->log, g_string_free(log, FALSE));
  Transcript *transcript = fake_transcript(run);
  run->done(transcript, run->data);
  g_ptr_array_unref(run->prelude);
  g_free(run);
}

static FakeRun *next_run(World *world) {
  GList *link = world->newest_first ? world->queue.tail : world->queue.head;
  FakeRun *run = link->data;
  if (run->request.snippet == world->withheld && world->queue.length > 1)
    link = world->newest_first ? link->prev : link->next;
  run = link->data;
  g_queue_delete_link(&world->queue, link);
  return run;
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
  if (transcript->outcome == OUTCOME_HELD || transcript->raised->len > 0)
    class = VERDICT_FRAGMENT;
  else if (transcript->outcome == OUTCOME_UNPARSABLE)
    class = VERDICT_UNPARSABLE;
  else if (transcript->outcome == OUTCOME_STOPPED)
    class = VERDICT_HUNG;
  else if (transcript->outcome == OUTCOME_SIGNALLED)
    class = VERDICT_CRASHED;
  else if (strchr(claims, '0') != NULL)
    class = VERDICT_FALSE;
  else if (*claims != '\0')
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
  for (; *claims != '\0' && transcript->outcome == OUTCOME_FINISHED; claims++)
    verdict_add_result(verdict, &claim, *claims == '1' ? CLAIM_HOLDS : CLAIM_CONTRADICTED, NULL,
                       NULL);
  return verdict;
}

static void fake_verdict(const Snippet *snippet, const Transcript *transcript,
                         const Verdict *verdict, gpointer data) {
  World *world = data;
  ck_assert_ptr_nonnull(transcript);
  g_ptr_array_add(world->settled,
                  g_strdup_printf("%s %s%s%s", name_of(snippet), verdict_class_name(verdict->class),
                                  verdict->session != NULL ? " " : "",
                                  verdict->session != NULL ? verdict->session : ""));
}

static World *world_new(void) {
  World *world = g_new0(World, 1);
  world->document = document_new("bank.md", "bank");
  world->documents = g_ptr_array_new();
  g_ptr_array_add(world->documents, world->document);
  g_queue_init(&world->queue);
  world->log = g_ptr_array_new_with_free_func(g_free);
  world->settled = g_ptr_array_new_with_free_func(g_free);
  return world;
}

static void world_free(World *world) {
  document_free(world->document);
  g_ptr_array_unref(world->documents);
  g_ptr_array_unref(world->log);
  g_ptr_array_unref(world->settled);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static void heading(World *world) {
  g_ptr_array_add(world->document->questions, question_new(NULL, "A question", NULL, 1));
}

/* Snippets are named a, b, c, ... */
static Snippet *block(World *world, const gchar *source) {
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

static void sit(World *world) {
  ExamCalls calls = {fake_submit, world, fake_mark, fake_verdict, world};
  g_autoptr(Exam) exam = exam_new(world->documents, &calls);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue)) {
    ck_assert(!exam_is_over(exam));
    end_run(world, next_run(world));
  }
  ck_assert(exam_is_over(exam));
  ck_assert_uint_eq(world->settled->len, world->document->snippets->len);
}

static gboolean was_run(const World *world, const gchar *what) {
  for (guint i = 0; i < world->log->len; i++)
    if (g_str_equal(g_ptr_array_index(world->log, i), what))
      return TRUE;
  return FALSE;
}

static gboolean has_settled(const World *world, const gchar *what) {
  for (guint i = 0; i < world->settled->len; i++)
    if (g_str_equal(g_ptr_array_index(world->settled, i), what))
      return TRUE;
  return FALSE;
}

START_TEST(an_empty_bank_is_over_at_once) {
  g_autoptr(World) world = world_new();
  sit(world);
  ck_assert_uint_eq(world->log->len, 0);
}
END_TEST

START_TEST(a_block_that_needs_nothing_runs_once_and_alone) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "bind y\nclaim y");
  sit(world);
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "a ran"));
  ck_assert(has_settled(world, "b verified"));
}
END_TEST

START_TEST(a_missing_name_is_looked_for_under_its_heading_first) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind x");
  block(world, "bind other");
  block(world, "need x\nclaim x");
  sit(world);
  ck_assert(was_run(world, "b+c+d"));
  ck_assert_uint_eq(world->log->len, 5);
  ck_assert(has_settled(world, "d verified after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(and_then_in_the_whole_document) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind other");
  block(world, "need x");
  sit(world);
  /* Its heading binds no such name: that run would be for nothing. */
  ck_assert(!was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c"));
  ck_assert(has_settled(world, "c ran after 2 earlier blocks of its document"));
}
END_TEST

START_TEST(a_name_that_only_later_blocks_bind_makes_a_fragment) {
  g_autoptr(World) world = world_new();
  block(world, "bind other");
  block(world, "need x");
  block(world, "bind x");
  sit(world);
  ck_assert_uint_eq(world->log->len, 3);
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(a_block_that_needs_more_than_is_bound_is_not_run_again) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nneed y");
  sit(world);
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(the_run_alone_counts_where_earlier_blocks_do_not_help) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nhang");
  sit(world);
  ck_assert(was_run(world, "a+b"));
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(what_nothing_can_bind_waits_for_nobody) {
  g_autoptr(World) world = world_new();
  world->withheld = block(world, "bind x\nhang");
  block(world, "need y");
  block(world, "need x");
  sit(world);
  ck_assert_str_eq(g_ptr_array_index(world->settled, 0), "b fragment");
  ck_assert_str_eq(g_ptr_array_index(world->settled, 1), "a hung");
  ck_assert_str_eq(g_ptr_array_index(world->settled, 2), "c fragment");
}
END_TEST

START_TEST(document_order_may_explain_what_seems_false) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "claim x");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
}
END_TEST

START_TEST(what_a_passed_exception_misses_is_looked_for_too) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "miss x\nclaim x");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
}
END_TEST

START_TEST(a_claim_that_holds_alone_is_not_accused_for_its_session) {
  g_autoptr(World) world = world_new();
  block(world, "bind x\nbind y");
  block(world, "miss x\ndeny y");
  sit(world);
  ck_assert(was_run(world, "a+b"));
  ck_assert(has_settled(world, "b fragment"));
}
END_TEST

START_TEST(what_is_false_in_any_order_stays_false) {
  g_autoptr(World) world = world_new();
  heading(world);
  block(world, "bind x");
  heading(world);
  block(world, "bind y");
  block(world, "claim z\nclaim w");
  sit(world);
  ck_assert(was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c"));
  ck_assert(has_settled(world, "c false"));
}
END_TEST

START_TEST(a_claim_that_is_no_longer_compared_is_not_explained) {
  g_autoptr(World) world = world_new();
  block(world, "bind x\nslow");
  block(world, "claim z");
  sit(world);
  /* The slow block is too dear to run for a name that nobody misses. */
  ck_assert_uint_eq(world->log->len, 2);
  ck_assert(has_settled(world, "b false"));
}
END_TEST

START_TEST(blocks_that_end_a_process_run_before_nothing) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "hang\nbind h");
  block(world, "crash\nbind c");
  block(world, "exit\nbind e");
  block(world, "break\nbind b");
  block(world, "need x");
  block(world, "need h");
  sit(world);
  ck_assert(was_run(world, "a+f"));
  ck_assert(has_settled(world, "f ran after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "g fragment"));
}
END_TEST

START_TEST(a_slow_block_runs_again_only_where_it_is_needed) {
  g_autoptr(World) world = world_new();
  block(world, "slow\nbind s");
  block(world, "bind x");
  block(world, "need x");
  block(world, "need s");
  sit(world);
  ck_assert(was_run(world, "b+c"));
  ck_assert(was_run(world, "a+b+c+d"));
}
END_TEST

START_TEST(a_name_error_is_held_back_unless_it_is_claimed) {
  g_autoptr(World) world = world_new();
  Snippet *plain = block(world, "bind x");
  Snippet *claiming = block(world, "bind y");
  g_ptr_array_add(claiming->claims,
                  claim_new(CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 1, "NameError", "NameError"));
  ExamCalls calls = {fake_submit, world, fake_mark, fake_verdict, world};
  g_autoptr(Exam) exam = exam_new(world->documents, &calls);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue)) {
    FakeRun *run = next_run(world);
    ck_assert_int_eq(run->request.hold_back, run->request.snippet == plain);
    ck_assert(run->request.line_buffered);
    end_run(world, run);
  }
}
END_TEST

START_TEST(runs_that_end_in_any_order_give_the_same_verdicts) {
  for (guint turn = 0; turn < 3; turn++) {
    g_autoptr(World) world = world_new();
    Snippet *first = block(world, "bind x");
    block(world, "bind y");
    block(world, "need x");
    block(world, "need y");
    world->newest_first = turn == 1;
    world->withheld = turn == 2 ? first : NULL;
    sit(world);
    ck_assert(has_settled(world, "c ran after 2 earlier blocks of its heading"));
    ck_assert(has_settled(world, "d ran after 3 earlier blocks of its heading"));
  }
}
END_TEST

START_TEST(a_bank_of_any_size_has_a_window_of_requests) {
  g_autoptr(World) world = world_new();
  for (guint i = 0; i < 800; i++)
    block(world, i % 2 == 0 ? "bind x" : "need x");
  sit(world);
  ck_assert_uint_le(world->most_waiting, 256);
  ck_assert_uint_ge(world->most_waiting, 64);
}
END_TEST

START_TEST(a_prelude_has_an_end) {
  g_autoptr(World) world = world_new();
  block(world, "bind far");
  for (guint i = 0; i < 300; i++)
    block(world, "bind x");
  block(world, "need x");
  block(world, "need far");
  sit(world);
  ck_assert(has_settled(world, "n301 ran after 200 earlier blocks of its heading"));
  ck_assert(has_settled(world, "n302 fragment"));
}
END_TEST

START_TEST(documents_share_nothing) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  g_autoptr(Document) other = document_new("other.md", "other");
  Snippet *snippet = snippet_new(other, NULL, SNIPPET_SCRIPT, "need x", 1);
  snippet->id = g_strdup("other");
  g_ptr_array_add(other->snippets, snippet);
  g_ptr_array_add(world->documents, other);
  ExamCalls calls = {fake_submit, world, fake_mark, fake_verdict, world};
  g_autoptr(Exam) exam = exam_new(world->documents, &calls);
  exam_start(exam);
  while (!g_queue_is_empty(&world->queue))
    end_run(world, next_run(world));
  ck_assert(has_settled(world, "other fragment"));
}
END_TEST

static guint count_runs(const World *world, const gchar *what) {
  guint count = 0;
  for (guint i = 0; i < world->log->len; i++)
    count += g_str_equal(g_ptr_array_index(world->log, i), what);
  return count;
}

START_TEST(a_run_that_is_not_clear_is_repeated) {
  g_autoptr(World) world = world_new();
  block(world, "unclear 4");
  block(world, "bind x");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "a"), 4);
  ck_assert_uint_eq(count_runs(world, "b"), 1);
  ck_assert(has_settled(world, "a verified"));
}
END_TEST

START_TEST(a_repeated_run_has_the_same_blocks_before_it) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "need x\nunclear 3");
  block(world, "need x");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "b"), 1); /* held back: nothing to repeat */
  ck_assert_uint_eq(count_runs(world, "a+b"), 3);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "c ran after 2 earlier blocks of its heading"));
}
END_TEST

START_TEST(repetitions_come_before_the_next_level) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "claim x\nmiss x\nunclear 3");
  sit(world);
  ck_assert_uint_eq(count_runs(world, "b"), 3);
  ck_assert_uint_eq(count_runs(world, "a+b"), 3);
  const gchar *last_alone = g_ptr_array_index(world->log, 3);
  ck_assert_str_eq(last_alone, "b");
}
END_TEST

START_TEST(an_exam_that_is_given_up_frees_its_repetitions) {
  g_autoptr(World) world = world_new();
  block(world, "unclear 5");
  ExamCalls calls = {fake_submit, world, fake_mark, fake_verdict, world};
  g_autoptr(Exam) exam = exam_new(world->documents, &calls);
  exam_start(exam);
  end_run(world, next_run(world));
  FakeRun *given_up = next_run(world);
  g_ptr_array_unref(given_up->prelude);
  g_free(given_up);
  ck_assert(!exam_is_over(exam));
}
END_TEST

START_TEST(document_order_may_explain_what_seems_changed) {
  g_autoptr(World) world = world_new();
  block(world, "bind x");
  block(world, "differs x");
  block(world, "differs y");
  sit(world);
  ck_assert(has_settled(world, "b verified after 1 earlier block of its heading"));
  ck_assert(has_settled(world, "c changed"));
}
END_TEST

/* --- the plan ---------------------------------------------------------- */

static PlanGuess guess(const gchar *source) {
  g_autoptr(Snippet) snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 1);
  return plan_guess(snippet);
}

START_TEST(what_takes_long_is_guessed) {
  ck_assert_int_eq(guess("print(1)"), PLAN_SHORT);
  ck_assert_int_eq(guess("for i in range(1000): print(i)"), PLAN_SHORT);
  ck_assert_int_eq(guess("gate.acquire()"), PLAN_ENDLESS);
  ck_assert_int_eq(guess("while True:\n    pass"), PLAN_ENDLESS);
  ck_assert_int_eq(guess("time.sleep(2)"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(20_000_000))"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(10**8))"), PLAN_LONG);
  ck_assert_int_eq(guess("sum(range(10**3))"), PLAN_SHORT);
}
END_TEST

START_TEST(long_ones_come_early_but_not_first) {
  g_autoptr(GPtrArray) snippets = g_ptr_array_new_with_free_func((GDestroyNotify)snippet_free);
  const gchar *sources[] = {"sum(range(10**8))", "a", "b", "c", "d", "e", "lock.acquire()", "f"};
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
    g_ptr_array_add(snippets, snippet_new(NULL, NULL, SNIPPET_SCRIPT, sources[i], 1));
  g_autofree guint *order = plan_order(snippets);
  const guint expected[] = {1, 2, 3, 4, 6, 0, 5, 7};
  ck_assert_mem_eq(order, expected, sizeof expected);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("exam");
  TCase *tests = tcase_create("exam");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, an_empty_bank_is_over_at_once);
  tcase_add_test(tests, a_block_that_needs_nothing_runs_once_and_alone);
  tcase_add_test(tests, a_missing_name_is_looked_for_under_its_heading_first);
  tcase_add_test(tests, and_then_in_the_whole_document);
  tcase_add_test(tests, a_name_that_only_later_blocks_bind_makes_a_fragment);
  tcase_add_test(tests, a_block_that_needs_more_than_is_bound_is_not_run_again);
  tcase_add_test(tests, what_nothing_can_bind_waits_for_nobody);
  tcase_add_test(tests, the_run_alone_counts_where_earlier_blocks_do_not_help);
  tcase_add_test(tests, document_order_may_explain_what_seems_false);
  tcase_add_test(tests, what_a_passed_exception_misses_is_looked_for_too);
  tcase_add_test(tests, a_claim_that_holds_alone_is_not_accused_for_its_session);
  tcase_add_test(tests, what_is_false_in_any_order_stays_false);
  tcase_add_test(tests, a_claim_that_is_no_longer_compared_is_not_explained);
  tcase_add_test(tests, blocks_that_end_a_process_run_before_nothing);
  tcase_add_test(tests, a_slow_block_runs_again_only_where_it_is_needed);
  tcase_add_test(tests, a_name_error_is_held_back_unless_it_is_claimed);
  tcase_add_test(tests, runs_that_end_in_any_order_give_the_same_verdicts);
  tcase_add_test(tests, a_bank_of_any_size_has_a_window_of_requests);
  tcase_add_test(tests, a_prelude_has_an_end);
  tcase_add_test(tests, documents_share_nothing);
  tcase_add_test(tests, a_run_that_is_not_clear_is_repeated);
  tcase_add_test(tests, a_repeated_run_has_the_same_blocks_before_it);
  tcase_add_test(tests, repetitions_come_before_the_next_level);
  tcase_add_test(tests, an_exam_that_is_given_up_frees_its_repetitions);
  tcase_add_test(tests, document_order_may_explain_what_seems_changed);
  tcase_add_test(tests, what_takes_long_is_guessed);
  tcase_add_test(tests, long_ones_come_early_but_not_first);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
