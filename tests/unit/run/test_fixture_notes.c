/* What a run with a fixture notes, honest and forged, made into its transcript. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "run/transcript_builder.h"

#define RUN 7

static JournalHead *journal;
static OutputBuffer output, errors;
static Fixture *fixture;
static FixtureChoice *choice;
static Snippet *snippet;
static RunRequest request;
static RunRecord record;
static Transcript *transcript;

static const gchar *const after[] = {"x == 1", "y", NULL};

static void setup(void) {
  journal = g_malloc0(JOURNAL_SIZE);
  journal->magic = JOURNAL_MAGIC;
  journal->version = WIRE_VERSION;
  journal->run = RUN;
  journal->start_ns = 1;
  output_buffer_init(&output);
  output_buffer_init(&errors);
  fixture = fixture_new("library", "/bank/fixtures/library.py", "fixtures/library.py");
  choice = fixture_choice_new(fixture, NULL);
  snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, "a\nb\nc\nd\n", 50);
  g_ptr_array_add(snippet->prose, prose_new(40, "two\nlines"));
  request = (RunRequest){.snippet = snippet, .fixture = choice, .after = after};
  record = (RunRecord){.journal = journal,
                       .run = RUN,
                       .request = &request,
                       .units = 1,
                       .lines = 4,
                       .output = &output,
                       .errors = &errors};
  transcript = NULL;
}

static void teardown(void) {
  transcript_free(transcript);
  snippet_free(snippet);
  fixture_choice_free(choice);
  fixture_free(fixture);
  output_buffer_clear(&output);
  output_buffer_clear(&errors);
  g_free(journal);
}

static void build(void) {
  transcript_free(transcript);
  transcript = transcript_build(&record);
}

static void note(JournalType type) {
  journal_commit(journal_reserve(journal, type, sizeof(JournalEntry), 0));
}

static void note_exit(JournalType type, int status) {
  JournalExit *entry = journal_reserve(journal, type, sizeof *entry, 0);
  entry->status = status;
  journal_commit(entry);
}

static void begin(void) {
  note(JOURNAL_START);
  note(JOURNAL_SUBJECT);
}

static void end(void) {
  note_exit(JOURNAL_CHECKING, 0);
  note(JOURNAL_ENDING);
  note_exit(JOURNAL_END, 0);
}

/* Room for count texts; what is left of the entry is the caller's to fill in. */
static void *reserve(JournalType type, gsize fixed, const gchar *const *texts, guint count) {
  gsize extra = 0;
  for (guint i = 0; i < count; i++)
    extra += strlen(texts[i]) + 4;
  char *entry = journal_reserve(journal, type, fixed, extra);
  char *at = entry + fixed;
  for (guint i = 0; i < count; i++)
    journal_put_text(&at, texts[i], strlen(texts[i]));
  return entry;
}

static void note_event(guint unit, guint line, const gchar *kind, const gchar *text) {
  const gchar *texts[] = {kind, text};
  JournalEvent *entry = reserve(JOURNAL_EVENT, sizeof *entry, texts, 2);
  entry->unit = unit;
  entry->line = entry->outer_line = line;
  entry->thread = 3;
  entry->flags = line == 2 ? JOURNAL_EVENT_SHOWN : 0;
  entry->spent_ns = 77;
  entry->count = line == 3 ? -9 : 5;
  journal_commit(entry);
}

static void note_checked(guint kind, guint how, guint line, guint first, guint last) {
  const gchar *texts[] = {"rule", "said", "", "why"};
  JournalChecked *entry = reserve(JOURNAL_CHECKED, sizeof *entry, texts, 4);
  entry->kind = kind;
  entry->end = how;
  entry->line = line;
  entry->first = first;
  entry->last = last;
  journal_commit(entry);
}

static void note_unready(const gchar *text, const gchar *traceback) {
  const gchar *texts[] = {text, traceback};
  journal_commit(reserve(JOURNAL_UNREADY, sizeof(JournalText), texts, 2));
}

static const Checked *checked_at(guint i) {
  ck_assert_uint_lt(i, transcript->checked->len);
  return g_ptr_array_index(transcript->checked, i);
}

START_TEST(events_with_their_lines) {
  begin();
  note_event(0, 1, "sql", "SELECT 1");
  note_event(0, 2, "sql", "SELECT 2");
  note_event(0, 3, "sql", "");
  note_event(0, 99, "sql", "far");
  note_event(UINT32_MAX, 1, "sql", "nowhere");
  note_event(0, 1, "", "nothing");
  end();
  build();
  ck_assert_uint_eq(transcript->events->len, 5);
  const Event *event = g_ptr_array_index(transcript->events, 0);
  ck_assert_str_eq(event->kind, "sql");
  ck_assert_str_eq(event->text, "SELECT 1");
  ck_assert_uint_eq(event->line, 1);
  ck_assert_uint_eq(event->outer_line, 1);
  ck_assert_uint_eq(event->thread, 3);
  ck_assert_uint_eq(event->spent_ns, 77);
  ck_assert_int_eq(event->count, 5);
  ck_assert(!event->is_shown);
  ck_assert(((const Event *)g_ptr_array_index(transcript->events, 1))->is_shown);
  ck_assert_int_eq(((const Event *)g_ptr_array_index(transcript->events, 2))->count, -1);
  ck_assert_uint_eq(((const Event *)g_ptr_array_index(transcript->events, 3))->line, 0);
  ck_assert_uint_eq(((const Event *)g_ptr_array_index(transcript->events, 4))->line, 0);
}
END_TEST

START_TEST(too_many_events_are_counted) {
  begin();
  for (guint i = 0; i < 10007; i++)
    note_event(0, 1, "sql", "x");
  end();
  build();
  ck_assert_uint_eq(transcript->events->len, 10000);
  ck_assert_uint_eq(transcript->events_lost, 7);
}
END_TEST

START_TEST(checks_of_what_was_asked) {
  begin();
  note_checked(JOURNAL_CHECKED_REMARK, JOURNAL_CHECKED_HOLDS, 4, 2, 3);
  note_checked(JOURNAL_CHECKED_PROSE, JOURNAL_CHECKED_CONTRADICTED, 2, 0, 0);
  note_checked(JOURNAL_CHECKED_AFTER, JOURNAL_CHECKED_UNCLEAR, 0, 0, 0);
  note_checked(JOURNAL_CHECKED_FINAL, JOURNAL_CHECKED_HOLDS, 2, 0, 0);
  end();
  build();
  ck_assert_uint_eq(transcript->checked->len, 4);
  const Checked *checked = checked_at(0);
  ck_assert_int_eq(checked->kind, CHECKED_REMARK);
  ck_assert_int_eq(checked->end, CHECKED_HOLDS);
  ck_assert_uint_eq(checked->line, 4);
  ck_assert_uint_eq(checked->first_line, 2);
  ck_assert_uint_eq(checked->last_line, 3);
  ck_assert_str_eq(checked->rule, "rule");
  ck_assert_str_eq(checked->said, "said");
  ck_assert_ptr_null(checked->actual);
  ck_assert_str_eq(checked->note, "why");
  ck_assert_int_eq(checked_at(1)->end, CHECKED_CONTRADICTED);
  ck_assert_int_eq(checked_at(2)->end, CHECKED_UNCLEAR);
  ck_assert_int_eq(checked_at(3)->kind, CHECKED_FINAL);
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
}
END_TEST

START_TEST(checks_of_what_nobody_asked_are_forged) {
  static const struct {
    guint kind, end, line, first, last;
  } forged[] = {
      {0, 1, 1, 0, 0},
      {5, 1, 1, 0, 0},
      {JOURNAL_CHECKED_REMARK, 0, 1, 0, 0},
      {JOURNAL_CHECKED_REMARK, 4, 1, 0, 0},
      {JOURNAL_CHECKED_REMARK, 1, 0, 0, 0},
      {JOURNAL_CHECKED_REMARK, 1, 5, 0, 0},
      {JOURNAL_CHECKED_REMARK, 1, 1, 3, 2},
      {JOURNAL_CHECKED_REMARK, 1, 1, 3, 5},
      {JOURNAL_CHECKED_PROSE, 1, 0, 0, 0},
      {JOURNAL_CHECKED_PROSE, 1, 3, 0, 0},
      {JOURNAL_CHECKED_AFTER, 1, 5, 0, 0},
      {JOURNAL_CHECKED_FINAL, 1, 0, 0, 0},
      {JOURNAL_CHECKED_FINAL, 1, 3, 0, 0},
  };
  begin();
  for (guint i = 0; i < G_N_ELEMENTS(forged); i++)
    note_checked(forged[i].kind, forged[i].end, forged[i].line, forged[i].first, forged[i].last);
  end();
  build();
  ck_assert_uint_eq(transcript->checked->len, 0);
}
END_TEST

START_TEST(without_a_fixture_only_the_expectation_has_a_say) {
  request.fixture = NULL;
  begin();
  note_event(0, 1, "sql", "SELECT 1");
  note_unready("forged", "");
  note_checked(JOURNAL_CHECKED_REMARK, JOURNAL_CHECKED_HOLDS, 1, 1, 1);
  note_checked(JOURNAL_CHECKED_PROSE, JOURNAL_CHECKED_HOLDS, 1, 0, 0);
  note_checked(JOURNAL_CHECKED_AFTER, JOURNAL_CHECKED_HOLDS, 0, 0, 0);
  note_checked(JOURNAL_CHECKED_FINAL, JOURNAL_CHECKED_HOLDS, 1, 0, 0);
  end();
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_uint_eq(transcript->events->len, 0);
  ck_assert_uint_eq(transcript->checked->len, 1);
  ck_assert_int_eq(checked_at(0)->kind, CHECKED_FINAL);
  record.request = NULL;
  build();
  ck_assert_uint_eq(transcript->checked->len, 0);
}
END_TEST

START_TEST(earlier_blocks_and_forked_processes_say_nothing) {
  record.units = 2;
  note(JOURNAL_START);
  note_event(0, 1, "sql", "earlier");
  note_checked(JOURNAL_CHECKED_AFTER, JOURNAL_CHECKED_HOLDS, 0, 0, 0);
  note(JOURNAL_SUBJECT);
  journal_set_process(4711);
  note_event(1, 1, "sql", "forked");
  note_checked(JOURNAL_CHECKED_AFTER, JOURNAL_CHECKED_HOLDS, 0, 0, 0);
  note_unready("forked", "");
  note_exit(JOURNAL_CHECKING, 3);
  journal_set_process(0);
  note_event(1, 1, "sql", "own");
  end();
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_uint_eq(transcript->events->len, 1);
  ck_assert_str_eq(((const Event *)g_ptr_array_index(transcript->events, 0))->text, "own");
  ck_assert_uint_eq(transcript->checked->len, 0);
}
END_TEST

START_TEST(a_fixture_that_is_not_ready) {
  note_unready("fixture 'library' needs\nthe module 'django'", "Traceback\n  line 2\n");
  note_unready("again", "");
  note_exit(JOURNAL_END, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript->failure, "fixture 'library' needs the module 'django'");
  ck_assert_str_eq(transcript->traceback, "Traceback\n  line 2\n");
}
END_TEST

/* Before JOURNAL_START only the fixture's own code has run. */
START_TEST(what_ends_before_the_snippet_began_is_the_fixture_s_doing) {
  static const struct {
    int status;
    LimitKind limit;
    const gchar *failure;
  } ends[] = {
      {W_EXITCODE(3, 0), LIMIT_NONE,
       "fixture library.py ended the process (exit 3) before the snippet began"},
      {W_EXITCODE(0, SIGSEGV), LIMIT_NONE,
       "fixture library.py ended by signal 11 before the snippet began"},
      {W_EXITCODE(0, SIGKILL), LIMIT_WALL,
       "fixture library.py came to a limit of the run before the snippet began"},
  };
  output_buffer_append(&errors, "its words\n", 10);
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    record.done.status = ends[i].status;
    record.limit = ends[i].limit;
    build();
    ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
    ck_assert_str_eq(transcript->failure, ends[i].failure);
    ck_assert_str_eq(transcript->traceback, "its words");
  }
  begin();
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  ck_assert_ptr_null(transcript->failure);
}
END_TEST

/* Between JOURNAL_HOOK and JOURNAL_HOOKED, too. */
START_TEST(what_ends_in_a_hook_is_the_fixture_s_doing) {
  static const struct {
    int status;
    LimitKind limit;
    const gchar *failure;
  } ends[] = {
      {W_EXITCODE(3, 0), LIMIT_NONE, "fixture library.py: its hook ended the process (exit 3)"},
      {W_EXITCODE(0, SIGSEGV), LIMIT_NONE, "fixture library.py: its hook ended by signal 11"},
      {W_EXITCODE(0, SIGKILL), LIMIT_WALL,
       "fixture library.py: its hook came to a limit of the run"},
  };
  begin();
  note(JOURNAL_HOOK);
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    record.done.status = ends[i].status;
    record.limit = ends[i].limit;
    build();
    ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
    ck_assert_str_eq(transcript->failure, ends[i].failure);
  }
  request.fixture = NULL; /* forged */
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  request.fixture = choice;
  note(JOURNAL_HOOKED);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  note(JOURNAL_HOOK);
  end();
  record.limit = LIMIT_NONE;
  record.done.status = 0;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
}
END_TEST

START_TEST(a_process_that_cannot_be_had_is_the_fixture_s_doing) {
  record.done.status = -1;
  record.done.error = ECHILD;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript->failure,
                   "fixture library.py left no process that a snippet can run in: nobody could "
                   "wait for the snippet's process: No child processes");
  request.fixture = NULL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FAILED);
  request.fixture = choice;
  record.done.status = W_EXITCODE(70, 0);
  const gchar *text = "write the source: File too large";
  journal_commit(reserve(JOURNAL_FAILED, sizeof(JournalText), &text, 1));
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript->failure,
                   "fixture library.py left no process that a snippet can run in: write the "
                   "source: File too large");
  begin();
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FAILED);
}
END_TEST

/* The worker ends itself then, and says why. */
START_TEST(an_expectation_that_takes_too_long_leaves_the_snippet_s_own_end) {
  request.fixture = NULL;
  begin();
  note_exit(JOURNAL_CHECKING, 3);
  note_unready("it took longer than 5 s", "");
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript->exit_code, 3);
  ck_assert_uint_eq(transcript->checked->len, 1);
  ck_assert_str_eq(checked_at(0)->note, "it took longer than 5 s");
}
END_TEST

START_TEST(checks_that_end_badly_leave_the_snippet_s_own_end) {
  static const struct {
    int status; /* of the subject */
    int end;    /* of the process */
    LimitKind limit;
    OutcomeKind outcome;
    const gchar *note;
  } ends[] = {
      {0, W_EXITCODE(0, SIGSEGV), LIMIT_NONE, OUTCOME_FINISHED, "it ended by signal 11"},
      {3, W_EXITCODE(9, 0), LIMIT_NONE, OUTCOME_EXITED, "it ended the process (exit 9)"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    journal->used = 0;
    begin();
    note(JOURNAL_ENDING); /* it waits for its threads */
    note_exit(JOURNAL_CHECKING, ends[i].status);
    note_exit(JOURNAL_EXIT, 9);
    record.done.status = ends[i].end;
    record.limit = ends[i].limit;
    build();
    ck_assert_int_eq(transcript->outcome, ends[i].outcome);
    ck_assert_int_eq(transcript->exit_code, ends[i].status);
    ck_assert(!transcript->is_ending);
    ck_assert_uint_eq(transcript->checked->len, 1);
    ck_assert_int_eq(checked_at(0)->end, CHECKED_UNCLEAR);
    ck_assert_str_eq(checked_at(0)->note, ends[i].note);
  }
  /* What does not come to its end is the fixture's, or else the expectation's. */
  record.done.status = W_EXITCODE(0, SIGKILL);
  record.limit = LIMIT_WALL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  ck_assert_str_eq(transcript->failure,
                   "fixture library.py came to a limit of the run when the snippet had been run");
  ck_assert_uint_eq(transcript->checked->len, 0);
  record.limit = LIMIT_NONE;
  record.done.status = W_EXITCODE(0, SIGXCPU);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  request.fixture = NULL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_EXITED);
  ck_assert_str_eq(checked_at(0)->note, "it came to a limit of the run");
  /* In its shutdown it is the snippet again. */
  note(JOURNAL_ENDING);
  record.done.status = SIGKILL;
  record.limit = LIMIT_WALL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  ck_assert(transcript->is_ending);
  ck_assert_uint_eq(transcript->checked->len, 0);
}
END_TEST

START_TEST(noise_says_nothing_that_was_not_asked) {
  GRand *random = g_rand_new_with_seed(42);
  for (guint round = 0; round < 300; round++) {
    guint8 *bytes = (guint8 *)(journal + 1);
    journal->used = 0;
    begin();
    for (guint i = 0; i < 8; i++) {
      note_event(0, i, "sql", "SELECT 1");
      note_checked(1 + i % 4, 1 + i % 3, 1 + i % 3, 1, 2);
    }
    note_unready("not ready", "trace");
    end();
    gint32 size = (gint32)journal->used;
    for (guint i = 0; i < 30; i++)
      bytes[g_rand_int_range(random, 0, size)] = (guint8)g_rand_int(random);
    record.done.status = (int)(g_rand_int(random) & 0xff7f);
    build();
    for (guint i = 0; i < transcript->events->len; i++)
      ck_assert_uint_le(((const Event *)g_ptr_array_index(transcript->events, i))->line, 4);
    for (guint i = 0; i < transcript->checked->len; i++) {
      const Checked *checked = checked_at(i);
      ck_assert_uint_le(checked->line, checked->kind == CHECKED_PROSE ? 2 : 4);
      ck_assert_uint_le(checked->first_line, checked->last_line);
      ck_assert_uint_le(checked->last_line, 4);
      ck_assert(g_utf8_validate(checked->said, -1, NULL));
    }
    ck_assert_int_eq(transcript->failure == NULL, transcript->outcome != OUTCOME_UNREADY &&
                                                      transcript->outcome != OUTCOME_FAILED);
  }
  g_rand_free(random);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("fixture_notes");
  TCase *tests = tcase_create("fixture_notes");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, events_with_their_lines);
  tcase_add_test(tests, too_many_events_are_counted);
  tcase_add_test(tests, checks_of_what_was_asked);
  tcase_add_test(tests, checks_of_what_nobody_asked_are_forged);
  tcase_add_test(tests, without_a_fixture_only_the_expectation_has_a_say);
  tcase_add_test(tests, earlier_blocks_and_forked_processes_say_nothing);
  tcase_add_test(tests, a_fixture_that_is_not_ready);
  tcase_add_test(tests, what_ends_before_the_snippet_began_is_the_fixture_s_doing);
  tcase_add_test(tests, what_ends_in_a_hook_is_the_fixture_s_doing);
  tcase_add_test(tests, a_process_that_cannot_be_had_is_the_fixture_s_doing);
  tcase_add_test(tests, an_expectation_that_takes_too_long_leaves_the_snippet_s_own_end);
  tcase_add_test(tests, checks_that_end_badly_leave_the_snippet_s_own_end);
  tcase_add_test(tests, noise_says_nothing_that_was_not_asked);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
