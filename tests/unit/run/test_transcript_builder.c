/* Journals written by hand, honest and hostile ones, made into transcripts. */
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
static RunRecord record;
static Transcript *transcript;

static void setup(void) {
  journal = g_malloc0(JOURNAL_SIZE);
  journal->magic = JOURNAL_MAGIC;
  journal->version = WIRE_VERSION;
  journal->run = RUN;
  output_buffer_init(&output);
  output_buffer_init(&errors);
  record = (RunRecord){.journal = journal,
                       .run = RUN,
                       .units = 1,
                       .lines = 20,
                       .output = &output,
                       .errors = &errors,
                       .cpu_seconds = 10};
  transcript = NULL;
}

static void teardown(void) {
  transcript_free(transcript);
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

static void note_write(guint stream, guint unit, guint line, const gchar *text) {
  JournalWrite *entry = journal_reserve(journal, JOURNAL_WRITE, sizeof *entry, 0);
  entry->unit = unit;
  entry->line = line;
  entry->outer_line = line;
  entry->thread = 0;
  entry->stream = stream;
  entry->hash = journal_hash(text, strlen(text));
  entry->length = strlen(text);
  journal_commit(entry);
}

/* Noted, and there. */
static void print(guint unit, guint line, const gchar *text) {
  note_write(1, unit, line, text);
  output_buffer_append(&output, text, strlen(text));
}

static void note_names(const gchar *bound, const gchar *needed) {
  gsize extra = strlen(bound) + strlen(needed) + 8;
  JournalNames *entry = journal_reserve(journal, JOURNAL_NAMES, sizeof *entry, extra);
  char *at = (char *)(entry + 1);
  entry->texts = 2;
  entry->certain = 1;
  journal_put_text(&at, bound, strlen(bound));
  journal_put_text(&at, needed, strlen(needed));
  journal_commit(entry);
}

static void note_raised(guint line, guint flags, const gchar *type, const gchar *bases,
                        const gchar *message, const gchar *name) {
  const gchar *texts[] = {type, bases, message, name};
  gsize extra = 0;
  for (guint i = 0; i < 4; i++)
    extra += strlen(texts[i]) + 4;
  JournalRaised *entry = journal_reserve(journal, JOURNAL_RAISED, sizeof *entry, extra);
  char *at = (char *)(entry + 1);
  entry->unit = record.units - 1;
  entry->line = line;
  entry->outer_line = line;
  entry->flags = flags;
  entry->texts = 4;
  for (guint i = 0; i < 4; i++)
    journal_put_text(&at, texts[i], strlen(texts[i]));
  journal_commit(entry);
}

static void note_value(guint line, const gchar *type, const gchar *repr) {
  JournalValue *entry =
      journal_reserve(journal, JOURNAL_VALUE, sizeof *entry, strlen(type) + strlen(repr) + 8);
  char *at = (char *)(entry + 1);
  entry->unit = record.units - 1;
  entry->line = line;
  entry->is_cut = 0;
  entry->texts = 2;
  journal_put_text(&at, type, strlen(type));
  journal_put_text(&at, repr, strlen(repr));
  journal_commit(entry);
}

static void note_exit(JournalType type, int status, guint line) {
  JournalExit *entry = journal_reserve(journal, type, sizeof *entry, 0);
  entry->status = status;
  entry->line = line;
  journal_commit(entry);
}

static int exited(int code) {
  return W_EXITCODE(code, 0);
}

static const Write *write_at(guint i) {
  ck_assert_uint_lt(i, transcript->writes->len);
  return &g_array_index(transcript->writes, Write, i);
}

/* --- what honest runs do ----------------------------------------------- */

START_TEST(a_run_that_finishes) {
  note(JOURNAL_START);
  note_names("x y", "");
  print(0, 1, "one\n");
  print(0, 3, "two\n");
  note_write(2, 0, 4, "oops");
  output_buffer_append(&errors, "oops", 4);
  note(JOURNAL_ENDING);
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert(!transcript->is_ending);
  ck_assert_str_eq(transcript->output->str, "one\ntwo\n");
  ck_assert_str_eq(transcript->errors->str, "oops");
  ck_assert_uint_eq(transcript->writes->len, 3);
  ck_assert_uint_eq(write_at(1)->line, 3);
  ck_assert_uint_eq(write_at(1)->offset, 4);
  ck_assert_uint_eq(write_at(1)->length, 4);
  ck_assert_int_eq(write_at(2)->stream, STREAM_ERRORS);
  ck_assert_uint_eq(write_at(2)->offset, 0);
  ck_assert_uint_eq(g_strv_length(transcript->names_bound), 2);
  ck_assert_str_eq(transcript->names_bound[1], "y");
  ck_assert_uint_eq(g_strv_length(transcript->names_needed), 0);
  ck_assert_uint_eq(transcript->names_certain, 0);
}
END_TEST

START_TEST(an_exception_that_ends_a_run) {
  note(JOURNAL_START);
  note_raised(2, JOURNAL_RAISED_PASSED, "KeyError", "KeyError LookupError Exception", "'k'", "");
  note_raised(3, JOURNAL_RAISED_THREAD, "OSError", "OSError Exception", "", "");
  note_raised(5, 0, "NameError", "NameError Exception", "name 'q' is not defined", "q");
  note_exit(JOURNAL_END, 1, 0);
  record.done.status = exited(1);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_RAISED);
  ck_assert_uint_eq(transcript->raised->len, 3);
  const Raised *final = transcript_final_exception(transcript);
  ck_assert_str_eq(final->type, "NameError");
  ck_assert_str_eq(final->name, "q");
  ck_assert_uint_eq(final->line, 5);
  const Raised *passed = g_ptr_array_index(transcript->raised, 0);
  ck_assert(passed->passed && !passed->in_thread);
  ck_assert_ptr_null(passed->name);
  ck_assert_uint_eq(g_strv_length(passed->bases), 3);
  const Raised *threads = g_ptr_array_index(transcript->raised, 1);
  ck_assert(threads->in_thread && !threads->passed);
}
END_TEST

START_TEST(exceptions_that_end_threads_or_were_passed_do_not_end_a_run) {
  note_raised(2, JOURNAL_RAISED_PASSED, "KeyError", "KeyError", "", "");
  note_raised(3, JOURNAL_RAISED_THREAD, "OSError", "OSError", "", "");
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
}
END_TEST

START_TEST(the_ways_to_exit) {
  note_raised(2, JOURNAL_RAISED_EXIT, "SystemExit", "SystemExit BaseException", "0", "");
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  record.done.status = exited(3);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript->exit_code, 3);
  ck_assert_ptr_null(transcript_final_exception(transcript));
}
END_TEST

START_TEST(os_exit_is_an_exit_whatever_its_status) {
  note_exit(JOURNAL_EXIT, 0, 6);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript->exit_code, 0);
  ck_assert_uint_eq(transcript->last_line, 6);
}
END_TEST

START_TEST(leaving_behind_pythons_back_is_an_exit) {
  note(JOURNAL_START);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_EXITED);
}
END_TEST

START_TEST(what_does_not_compile_is_unparsable) {
  note_raised(2, JOURNAL_RAISED_COMPILING, "SyntaxError", "SyntaxError Exception", "bad", "");
  note_exit(JOURNAL_END, 1, 0);
  record.done.status = exited(1);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNPARSABLE);
  ck_assert_str_eq(transcript_final_exception(transcript)->message, "bad");
}
END_TEST

START_TEST(what_was_held_back_did_not_run) {
  note_names("a", "Book Author");
  note(JOURNAL_HELD);
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_HELD);
  ck_assert_str_eq(transcript->names_needed[0], "Book");
  ck_assert_uint_eq(transcript->names_certain, 1);
}
END_TEST

START_TEST(signals_and_limits) {
  record.done.status = SIGSEGV;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_SIGNALLED);
  ck_assert_int_eq(transcript->signal, SIGSEGV);
  record.done.status = SIGXCPU;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  ck_assert_int_eq(transcript->limit, LIMIT_CPU);
  /* Its own kill is no limit, the kernel's beyond the CPU limit is. */
  record.done.status = SIGKILL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_SIGNALLED);
  record.done.user_ns = G_GUINT64_CONSTANT(9990000000);
  build();
  ck_assert_int_eq(transcript->limit, LIMIT_CPU);
}
END_TEST

START_TEST(what_we_stopped) {
  note(JOURNAL_START);
  note(JOURNAL_ENDING);
  record.done.status = SIGKILL;
  record.limit = LIMIT_WALL;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
  ck_assert_int_eq(transcript->limit, LIMIT_WALL);
  ck_assert(transcript->is_ending);
  g_autoptr(GArray) look = g_array_new(FALSE, FALSE, sizeof(StuckThread));
  record.stuck = look;
  record.limit = LIMIT_NONE;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STUCK);
  ck_assert(transcript->is_ending);
  /* It came to its end just before our signal. */
  note_exit(JOURNAL_END, 0, 0);
  record.done.status = 0;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_int_eq(transcript->limit, LIMIT_NONE);
  /* For output that does not count: it wrote too much either way. */
  record.limit = LIMIT_OUTPUT;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_STOPPED);
}
END_TEST

START_TEST(our_own_failures) {
  record.done.status = -1;
  record.done.error = EAGAIN;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FAILED);
  ck_assert_ptr_nonnull(strstr(transcript->failure, g_strerror(EAGAIN)));
  record.done.status = 0;
  record.failure = "the worker\nended";
  build();
  ck_assert_str_eq(transcript->failure, "the worker ended");
  record.failure = NULL;
  JournalText *entry = journal_reserve(journal, JOURNAL_FAILED, sizeof *entry, 16);
  char *at = (char *)(entry + 1);
  journal_put_text(&at, "no memory", 9);
  journal_commit(entry);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FAILED);
  ck_assert_str_eq(transcript->failure, "no memory");
}
END_TEST

START_TEST(values_of_expressions) {
  note_value(3, "int", "42");
  note_value(99, "int", "43");
  build();
  ck_assert_uint_eq(transcript->values->len, 1);
  const Value *value = g_ptr_array_index(transcript->values, 0);
  ck_assert_uint_eq(value->line, 3);
  ck_assert_str_eq(value->type, "int");
  ck_assert_str_eq(value->repr, "42");
}
END_TEST

static void note_named_value(guint line, const gchar *names, const gchar *repr) {
  gsize extra = strlen("int") + strlen(repr) + strlen(names) + 12;
  JournalValue *entry = journal_reserve(journal, JOURNAL_VALUE, sizeof *entry, extra);
  char *at = (char *)(entry + 1);
  entry->unit = record.units - 1;
  entry->line = line;
  entry->is_cut = 0;
  entry->texts = 3;
  journal_put_text(&at, "int", 3);
  journal_put_text(&at, repr, strlen(repr));
  journal_put_text(&at, names, strlen(names));
  journal_commit(entry);
}

static void note_passed(guint line) {
  JournalPassed *entry = journal_reserve(journal, JOURNAL_PASSED, sizeof *entry, 0);
  entry->unit = record.units - 1;
  entry->line = line;
  journal_commit(entry);
}

static void note_probed(guint line, guint end, const gchar *type, const gchar *repr,
                        const gchar *printed) {
  const gchar *texts[] = {type, type, "message", "", repr, printed};
  gsize extra = 0;
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    extra += strlen(texts[i]) + 4;
  JournalProbed *entry = journal_reserve(journal, JOURNAL_PROBED, sizeof *entry, extra);
  char *at = (char *)(entry + 1);
  entry->unit = record.units - 1;
  entry->line = line;
  entry->end = end;
  entry->texts = G_N_ELEMENTS(texts);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    journal_put_text(&at, texts[i], strlen(texts[i]));
  journal_commit(entry);
}

START_TEST(what_probes_saw) {
  note_passed(3);
  note_named_value(3, "x, y", "(1, 2)");
  note_named_value(3, "", "5");
  note_passed(99);
  note_passed(4);
  note_probed(5, JOURNAL_PROBE_RAISED, "TypeError", "", "out");
  note_probed(6, JOURNAL_PROBE_FINISHED, "", "7", "");
  note_probed(7, JOURNAL_PROBE_STOPPED, "", "", "");
  note_probed(99, JOURNAL_PROBE_DIED, "", "", "");
  note_probed(8, 77, "", "", "");
  note_probed(9, JOURNAL_PROBE_UNPARSABLE, "", "", ""); /* of what? */
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_uint_eq(transcript->passed->len, 2);
  ck_assert_uint_eq(g_array_index(transcript->passed, guint, 1), 4);
  ck_assert_uint_eq(transcript->values->len, 2);
  ck_assert_str_eq(((const Value *)g_ptr_array_index(transcript->values, 0))->names, "x, y");
  ck_assert_ptr_null(((const Value *)g_ptr_array_index(transcript->values, 1))->names);
  ck_assert_uint_eq(transcript->probed->len, 3);
  const Probed *probed = g_ptr_array_index(transcript->probed, 0);
  ck_assert_uint_eq(probed->line, 5);
  ck_assert_int_eq(probed->end, PROBE_RAISED);
  ck_assert_str_eq(probed->raised->type, "TypeError");
  ck_assert_str_eq(probed->raised->message, "message");
  ck_assert_str_eq(probed->raised->bases[0], "TypeError");
  ck_assert_ptr_null(probed->repr);
  ck_assert_str_eq(probed->output, "out");
  probed = g_ptr_array_index(transcript->probed, 1);
  ck_assert_int_eq(probed->end, PROBE_FINISHED);
  ck_assert_ptr_null(probed->raised);
  ck_assert_str_eq(probed->repr, "7");
  ck_assert_str_eq(probed->output, "");
  probed = g_ptr_array_index(transcript->probed, 2);
  ck_assert_int_eq(probed->end, PROBE_STOPPED);
}
END_TEST

START_TEST(exceptions_that_were_only_seen_end_nothing) {
  note_raised(2, JOURNAL_RAISED_SEEN, "KeyError", "KeyError", "", "");
  note_raised(3, JOURNAL_RAISED_SEEN | JOURNAL_RAISED_EXIT, "SystemExit", "SystemExit", "3", "");
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_uint_eq(transcript->raised->len, 2);
  ck_assert(((const Raised *)g_ptr_array_index(transcript->raised, 0))->is_seen);
  /* The one that nothing caught comes again. */
  note_raised(4, 0, "OSError", "OSError", "", "");
  record.done.status = exited(1);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_RAISED);
  ck_assert_str_eq(transcript_final_exception(transcript)->type, "OSError");
}
END_TEST

START_TEST(usage_is_the_runs_own) {
  journal->start_peak_bytes = 30 << 20;
  record.done.peak_bytes = 50 << 20;
  record.done.wall_ns = 5;
  build();
  ck_assert_uint_eq(transcript->usage.peak_bytes, 20 << 20);
  ck_assert_uint_eq(transcript->usage.wall_ns, 5);
  journal->start_peak_bytes = G_MAXUINT64;
  build();
  ck_assert_uint_eq(transcript->usage.peak_bytes, 0);
}
END_TEST

/* --- earlier blocks ---------------------------------------------------- */

START_TEST(what_earlier_blocks_did_is_left_out) {
  record.units = 3;
  note(JOURNAL_START);
  print(0, 1, "first\n");
  note_raised(1, 0, "ValueError", "ValueError", "of an earlier block", "");
  note_value(1, "int", "1");
  print(1, 1, "second\n");
  note(JOURNAL_SUBJECT);
  print(2, 4, "third\n");
  print(1, 2, "through an earlier block's function\n");
  note_exit(JOURNAL_END, 0, 0);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_str_eq(transcript->output->str, "third\nthrough an earlier block's function\n");
  ck_assert_uint_eq(transcript->writes->len, 2);
  ck_assert_uint_eq(write_at(0)->line, 4);
  ck_assert_uint_eq(write_at(0)->offset, 0);
  ck_assert_uint_eq(write_at(1)->line, 0);
  ck_assert_uint_eq(transcript->raised->len, 0);
  ck_assert_uint_eq(transcript->values->len, 0);
  ck_assert_uint_eq(transcript->prelude, 2);
}
END_TEST

START_TEST(a_run_that_never_reached_its_subject_shows_nothing) {
  record.units = 2;
  note(JOURNAL_START);
  print(0, 1, "first\n");
  output_buffer_append(&output, "not noted\n", 10);
  record.done.status = SIGSEGV;
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_SIGNALLED);
  ck_assert_uint_eq(transcript->output->len, 0);
  ck_assert_uint_eq(transcript->writes->len, 0);
}
END_TEST

/* --- output that is long, or not ours ---------------------------------- */

START_TEST(bytes_of_a_subprocess_have_no_write) {
  print(0, 1, "one\n");
  output_buffer_append(&output, "elsewhere\n", 10);
  print(0, 2, "two\n");
  build();
  ck_assert_uint_eq(transcript->writes->len, 2);
  ck_assert_uint_eq(write_at(1)->offset, 14);
}
END_TEST

START_TEST(writes_in_the_cut_part_are_dropped_and_those_after_it_are_not) {
  gchar line[64];
  for (guint i = 0; i < 60000; i++) {
    g_snprintf(line, sizeof line, "a line of output, number %u\n", i);
    print(0, 1 + i % 20, line);
  }
  build();
  ck_assert_uint_gt(transcript->output_cut, 0);
  ck_assert_uint_lt(transcript->writes->len, 60000);
  const Write *last = write_at(transcript->writes->len - 1);
  ck_assert_uint_eq(last->offset + last->length, transcript->output->len);
  ck_assert_int_eq(strncmp(transcript->output->str + last->offset, line, last->length), 0);
  for (guint i = 0; i < transcript->writes->len; i++) {
    const Write *write = write_at(i);
    ck_assert_uint_le(write->offset + write->length, transcript->output->len);
    ck_assert_int_eq(transcript->output->str[write->offset], 'a');
  }
}
END_TEST

/* --- hostile journals -------------------------------------------------- */

START_TEST(entries_of_other_runs_and_processes_do_not_count) {
  note_exit(JOURNAL_END, 0, 0);
  journal->run = RUN + 1;
  note_raised(1, 0, "ValueError", "ValueError", "", "");
  journal->run = RUN;
  JournalExit *entry = journal_reserve(journal, JOURNAL_EXIT, sizeof *entry, 0);
  entry->entry.process = 5;
  journal_commit(entry);
  build();
  ck_assert_int_eq(transcript->outcome, OUTCOME_FINISHED);
  ck_assert_uint_eq(transcript->raised->len, 0);
}
END_TEST

START_TEST(lines_that_the_snippet_does_not_have_become_none) {
  print(0, 21, "x");
  print(0, G_MAXUINT32, "y");
  print(G_MAXUINT32, 1, "z");
  note_raised(4000000, 0, "ValueError", "ValueError", "", "");
  note_exit(JOURNAL_END, 1, 4000000);
  build();
  for (guint i = 0; i < 3; i++)
    ck_assert_uint_eq(write_at(i)->line, 0);
  ck_assert_uint_eq(((Raised *)g_ptr_array_index(transcript->raised, 0))->line, 0);
}
END_TEST

START_TEST(forged_writes_find_no_bytes) {
  output_buffer_append(&output, "truth\n", 6);
  note_write(1, 0, 1, "12 passed\n");
  note_write(9, 0, 1, "truth\n");
  JournalWrite *entry = journal_reserve(journal, JOURNAL_WRITE, sizeof *entry, 0);
  memset((char *)entry + sizeof entry->entry, 0xff, sizeof *entry - sizeof entry->entry);
  journal_commit(entry);
  build();
  ck_assert_uint_eq(transcript->writes->len, 0);
  ck_assert_str_eq(transcript->output->str, "truth\n");
}
END_TEST

START_TEST(texts_become_valid) {
  note_raised(1, 0, "Bad\xff", "A\xfe B", "\x80 text", "\xc3");
  note_raised(1, 0, "", "", "", "");
  note_value(1, "\xff", "\xed\xa0\x80");
  note_names("\xff ok", "");
  note_exit(JOURNAL_END, 1, 0);
  build();
  ck_assert_uint_eq(transcript->raised->len, 1);
  const Raised *raised = g_ptr_array_index(transcript->raised, 0);
  ck_assert(g_utf8_validate(raised->type, -1, NULL));
  ck_assert(g_utf8_validate(raised->message, -1, NULL));
  ck_assert(g_utf8_validate(raised->bases[0], -1, NULL));
  ck_assert(g_utf8_validate(raised->name, -1, NULL));
  const Value *value = g_ptr_array_index(transcript->values, 0);
  ck_assert(g_utf8_validate(value->repr, -1, NULL));
}
END_TEST

START_TEST(noise_is_survived) {
  GRand *random = g_rand_new_with_seed(42);
  print(0, 1, "some output\n");
  for (guint round = 0; round < 200; round++) {
    guint8 *bytes = (guint8 *)(journal + 1);
    gsize size = 4096;
    note_raised(1, 0, "ValueError", "ValueError", "message", "name");
    note_names("a b", "c");
    note_value(2, "int", "1");
    print(0, 2, "more\n");
    for (guint i = 0; i < 40; i++)
      bytes[g_rand_int_range(random, 0, (gint32)size)] = (guint8)g_rand_int(random);
    journal->used = g_rand_boolean(random) ? g_rand_int(random) % JOURNAL_SIZE : 4096;
    record.units = 1 + round % 3;
    record.done.status = (int)(g_rand_int(random) & 0xff7f);
    build();
    for (guint i = 0; i < transcript->writes->len; i++)
      ck_assert_uint_le(write_at(i)->offset + write_at(i)->length,
                        write_at(i)->stream == STREAM_OUTPUT ? transcript->output->len
                                                             : transcript->errors->len);
    if (journal->used > 100000)
      journal->used = 0;
  }
  g_rand_free(random);
}
END_TEST

START_TEST(whether_a_run_had_started) {
  ck_assert(!transcript_has_started(journal, RUN));
  note_names("", "");
  ck_assert(!transcript_has_started(journal, RUN));
  note(JOURNAL_START);
  ck_assert(transcript_has_started(journal, RUN));
  ck_assert(!transcript_has_started(journal, RUN + 1));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("transcript_builder");
  TCase *tests = tcase_create("builder");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_run_that_finishes);
  tcase_add_test(tests, an_exception_that_ends_a_run);
  tcase_add_test(tests, exceptions_that_end_threads_or_were_passed_do_not_end_a_run);
  tcase_add_test(tests, the_ways_to_exit);
  tcase_add_test(tests, os_exit_is_an_exit_whatever_its_status);
  tcase_add_test(tests, leaving_behind_pythons_back_is_an_exit);
  tcase_add_test(tests, what_does_not_compile_is_unparsable);
  tcase_add_test(tests, what_was_held_back_did_not_run);
  tcase_add_test(tests, signals_and_limits);
  tcase_add_test(tests, what_we_stopped);
  tcase_add_test(tests, our_own_failures);
  tcase_add_test(tests, values_of_expressions);
  tcase_add_test(tests, what_probes_saw);
  tcase_add_test(tests, exceptions_that_were_only_seen_end_nothing);
  tcase_add_test(tests, usage_is_the_runs_own);
  tcase_add_test(tests, what_earlier_blocks_did_is_left_out);
  tcase_add_test(tests, a_run_that_never_reached_its_subject_shows_nothing);
  tcase_add_test(tests, bytes_of_a_subprocess_have_no_write);
  tcase_add_test(tests, writes_in_the_cut_part_are_dropped_and_those_after_it_are_not);
  tcase_add_test(tests, entries_of_other_runs_and_processes_do_not_count);
  tcase_add_test(tests, lines_that_the_snippet_does_not_have_become_none);
  tcase_add_test(tests, forged_writes_find_no_bytes);
  tcase_add_test(tests, texts_become_valid);
  tcase_add_test(tests, noise_is_survived);
  tcase_add_test(tests, whether_a_run_had_started);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
