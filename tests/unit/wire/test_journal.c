#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/journal.h"
#include "wire/wire.h"

static JournalHead *journal;

static JournalHead *new_journal(void) {
  int descriptor = memfd_create("journal", MFD_CLOEXEC);
  ck_assert_int_eq(ftruncate(descriptor, JOURNAL_SIZE), 0);
  JournalHead *made = journal_map(descriptor);
  close(descriptor);
  return made;
}

static void setup(void) {
  journal = new_journal();
  ck_assert_ptr_nonnull(journal);
  journal_reset(journal);
  journal->run = 5;
}

static void teardown(void) {
  munmap(journal, JOURNAL_SIZE);
}

static void note_write(uint32_t line) {
  JournalWrite *entry = journal_reserve(journal, JOURNAL_WRITE, sizeof *entry, 0);
  if (!entry)
    return;
  entry->line = line;
  journal_commit(entry);
}

START_TEST(small_file_is_refused) {
  int descriptor = memfd_create("journal", MFD_CLOEXEC);
  ck_assert_int_eq(ftruncate(descriptor, JOURNAL_SIZE - 1), 0);
  ck_assert_ptr_null(journal_map(descriptor));
  ck_assert_int_eq(errno, EPROTO);
  close(descriptor);
  ck_assert_ptr_null(journal_map(-1));
}
END_TEST

START_TEST(entries_read_as_written) {
  JournalEntry *start = journal_reserve(journal, JOURNAL_START, sizeof *start, 0);
  journal_commit(start);
  JournalValue *value = journal_reserve(journal, JOURNAL_VALUE, sizeof *value, 4 + 3 + 4 + 0);
  value->line = 12;
  char *at = (char *)(value + 1);
  journal_put_text(&at, "int", 3);
  journal_put_text(&at, NULL, 0);
  journal_commit(value);
  note_write(3);

  uint64_t position = 0;
  const JournalEntry *entry = journal_next(journal, 5, &position);
  ck_assert_uint_eq(entry->type, JOURNAL_START);
  ck_assert_uint_eq(entry->process, 0);
  entry = journal_next(journal, 5, &position);
  ck_assert_uint_eq(entry->type, JOURNAL_VALUE);
  ck_assert_uint_eq(((const JournalValue *)entry)->line, 12);
  const char *text;
  size_t size;
  ck_assert(journal_text(entry, sizeof(JournalValue), 0, &text, &size));
  ck_assert_uint_eq(size, 3);
  ck_assert_mem_eq(text, "int", 3);
  ck_assert(journal_text(entry, sizeof(JournalValue), 1, &text, &size));
  ck_assert_uint_eq(size, 0);
  ck_assert(!journal_text(entry, sizeof(JournalValue), 2, &text, &size));
  entry = journal_next(journal, 5, &position);
  ck_assert_uint_eq(((const JournalWrite *)entry)->line, 3);
  ck_assert_ptr_null(journal_next(journal, 5, &position));
}
END_TEST

START_TEST(unfinished_and_foreign_entries_are_passed_over) {
  journal_reserve(journal, JOURNAL_WRITE, sizeof(JournalWrite), 0);
  journal->run = 4;
  note_write(1);
  journal->run = 5;
  note_write(2);
  uint64_t position = 0;
  const JournalEntry *entry = journal_next(journal, 5, &position);
  ck_assert_uint_eq(((const JournalWrite *)entry)->line, 2);
  ck_assert_ptr_null(journal_next(journal, 5, &position));
}
END_TEST

START_TEST(long_texts_are_cut) {
  char *large = malloc(JOURNAL_TEXT_MAX + 10);
  memset(large, 'x', JOURNAL_TEXT_MAX + 10);
  JournalText *entry =
      journal_reserve(journal, JOURNAL_FAILED, sizeof *entry, 4 + JOURNAL_TEXT_MAX);
  char *at = (char *)(entry + 1);
  journal_put_text(&at, large, JOURNAL_TEXT_MAX + 10);
  ck_assert_ptr_eq(at, (char *)(entry + 1) + 4 + JOURNAL_TEXT_MAX);
  journal_commit(entry);
  free(large);
  uint64_t position = 0;
  const char *text;
  size_t size;
  ck_assert(
      journal_text(journal_next(journal, 5, &position), sizeof(JournalText), 0, &text, &size));
  ck_assert_uint_eq(size, JOURNAL_TEXT_MAX);
}
END_TEST

START_TEST(full_journal_counts_what_is_lost) {
  size_t fit = (JOURNAL_BOARD - sizeof(JournalHead)) / sizeof(JournalWrite);
  for (size_t i = 0; i < fit + 100; i++)
    note_write((uint32_t)i);
  ck_assert_ptr_null(journal_reserve(journal, JOURNAL_FAILED, sizeof(JournalText), JOURNAL_SIZE));
  uint64_t position = 0;
  size_t count = 0;
  while (journal_next(journal, 5, &position))
    count++;
  ck_assert_uint_eq(count, fit);
  ck_assert_uint_eq(atomic_load(&journal->lost), 101);
  journal_reset(journal);
  journal->run = 5;
  position = 0;
  ck_assert_ptr_null(journal_next(journal, 5, &position));
  ck_assert_uint_eq(atomic_load(&journal->lost), 0);
  note_write(1);
  ck_assert_ptr_nonnull(journal_next(journal, 5, &position));
}
END_TEST

START_TEST(reset_leaves_nothing_of_the_run_before) {
  memset(journal, 0xee, JOURNAL_SIZE);
  journal_reset(journal);
  ck_assert_uint_eq(journal->magic, JOURNAL_MAGIC);
  ck_assert_uint_eq(journal->version, WIRE_VERSION);
  const char *bytes = (const char *)(journal + 1);
  for (size_t i = 0; i < JOURNAL_SIZE - sizeof(JournalHead); i++)
    if (bytes[i] != 0)
      ck_abort_msg("byte %zu is left", i);
}
END_TEST

static void *write_many(void *data) {
  for (uint32_t i = 0; i < 5000; i++)
    note_write(i);
  return data;
}

START_TEST(threads_and_processes_write_side_by_side) {
  pthread_t threads[4];
  pid_t child = fork();
  if (child == 0) {
    journal_set_process(42);
    write_many(NULL);
    _exit(0);
  }
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, write_many, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  uint64_t position = 0;
  size_t own = 0, forked = 0;
  const JournalEntry *entry;
  while ((entry = journal_next(journal, 5, &position)))
    *(entry->process == 42 ? &forked : &own) += 1;
  ck_assert_uint_eq(own, 20000);
  ck_assert_uint_eq(forked, 5000);
}
END_TEST

/* --- what a snippet may leave there ------------------------------------ */

static JournalEntry *first_entry(void) {
  return (JournalEntry *)(void *)(journal + 1);
}

START_TEST(hostile_heads_end_the_reading) {
  static const struct {
    uint32_t size;
    uint16_t type;
  } cases[] = {
      {0, JOURNAL_START},
      {8, JOURNAL_START},
      {sizeof(JournalEntry), JOURNAL_WRITE},
      {sizeof(JournalWrite), 0},
      {sizeof(JournalWrite), 999},
      {0xffffffff, JOURNAL_WRITE},
      {0xfffffff9, JOURNAL_WRITE},
      {JOURNAL_SIZE, JOURNAL_WRITE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    journal_reset(journal);
    atomic_store(&journal->used, UINT64_MAX);
    JournalEntry *entry = first_entry();
    entry->size = cases[i].size;
    entry->type = cases[i].type;
    entry->run = 5;
    atomic_store(&entry->state, 1);
    uint64_t position = 0;
    ck_assert_ptr_null(journal_next(journal, 5, &position));
  }
}
END_TEST

START_TEST(hostile_positions_and_counters_stay_inside) {
  atomic_store(&journal->used, UINT64_MAX - 4);
  ck_assert_ptr_null(journal_reserve(journal, JOURNAL_START, sizeof(JournalEntry), 0));
  for (uint64_t position = JOURNAL_SIZE - 200; position < JOURNAL_SIZE + 200; position++) {
    uint64_t at = position;
    ck_assert_ptr_null(journal_next(journal, 5, &at));
  }
  uint64_t last = UINT64_MAX - 7;
  ck_assert_ptr_null(journal_next(journal, 5, &last));
}
END_TEST

START_TEST(hostile_texts_stay_inside) {
  JournalText *entry = journal_reserve(journal, JOURNAL_FAILED, sizeof *entry, 8);
  uint32_t *words = (uint32_t *)(void *)(entry + 1);
  journal_commit(entry);
  static const uint32_t sizes[] = {5, 0xffffffff, 0xfffffffc, 0x80000000};
  const char *text;
  size_t size;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    words[0] = sizes[i];
    ck_assert(!journal_text(&entry->entry, sizeof *entry, 0, &text, &size));
    ck_assert(!journal_text(&entry->entry, sizeof *entry, 1, &text, &size));
  }
  words[0] = 4;
  ck_assert(journal_text(&entry->entry, sizeof *entry, 0, &text, &size));
  ck_assert(!journal_text(&entry->entry, sizeof *entry, 1, &text, &size));
  ck_assert(!journal_text(&entry->entry, sizeof *entry + 64, 0, &text, &size));
}
END_TEST

START_TEST(hash_is_fnv1a) {
  ck_assert_uint_eq(journal_hash("", 0), 2166136261u);
  ck_assert_uint_eq(journal_hash("a", 1), 0xe40c292cu);
  ck_assert_uint_eq(journal_hash("foobar", 6), 0xbf9cf968u);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("journal");
  TCase *writing = tcase_create("writing");
  tcase_add_checked_fixture(writing, setup, teardown);
  tcase_add_test(writing, small_file_is_refused);
  tcase_add_test(writing, entries_read_as_written);
  tcase_add_test(writing, unfinished_and_foreign_entries_are_passed_over);
  tcase_add_test(writing, long_texts_are_cut);
  tcase_add_test(writing, full_journal_counts_what_is_lost);
  tcase_add_test(writing, reset_leaves_nothing_of_the_run_before);
  tcase_add_test(writing, threads_and_processes_write_side_by_side);
  tcase_add_test(writing, hash_is_fnv1a);
  suite_add_tcase(suite, writing);
  TCase *hostile = tcase_create("hostile");
  tcase_add_checked_fixture(hostile, setup, teardown);
  tcase_add_test(hostile, hostile_heads_end_the_reading);
  tcase_add_test(hostile, hostile_positions_and_counters_stay_inside);
  tcase_add_test(hostile, hostile_texts_stay_inside);
  suite_add_tcase(suite, hostile);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
