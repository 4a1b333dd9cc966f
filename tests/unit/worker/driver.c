#include "driver.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

char *programs[16];
int program_count;
int control;
WireHello hello;
uint32_t run_number;
JournalHead *journal;
char output[OUTPUT_ROOM], errors[OUTPUT_ROOM];
WireDone done;

#define PROBES_MAX 512

static int journal_file;
static pid_t worker;
static char scratch[64];

static int above(int descriptor) {
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  close(descriptor);
  return moved;
}

void start_worker(const char *program) {
  start_worker_with(program, NULL);
}

void start_worker_with_seed(const char *program, const char *seed) {
  start_worker_with(program, (const char *[]){"--hash-seed", seed, NULL});
}

void start_worker_with(const char *program, const char *const *options) {
  int ends[2];
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  control = above(ends[0]);
  int theirs = above(ends[1]);
  journal_file = above(memfd_create("journal", MFD_CLOEXEC));
  ck_assert_int_eq(ftruncate(journal_file, JOURNAL_SIZE), 0);
  ck_assert_ptr_nonnull(journal = journal_map(journal_file));
  journal_reset(journal);
  snprintf(scratch, sizeof scratch, "/tmp/proctor-test-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(scratch));
  worker = fork();
  if (worker == 0) {
    static char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8";
    char *environment[] = {path, language, NULL};
    int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    dup2(theirs, WIRE_CONTROL_FD);
    dup2(journal_file, WIRE_JOURNAL_FD);
    const char *arguments[16] = {program, "--zygote", scratch};
    for (size_t i = 0; options && options[i] && i < 12; i++)
      arguments[3 + i] = options[i];
    execve(program, (char **)(uintptr_t)arguments, environment);
    _exit(127);
  }
  close(theirs);
  WireMessage message;
  ck_assert_int_eq(wire_receive(control, &message, NULL), 1);
  ck_assert_uint_eq(message.head.type, WIRE_HELLO);
  hello = message.hello;
  run_number = 0;
}

void end_worker(int status_wanted) {
  int status = 0;
  close(control);
  ck_assert_int_eq(waitpid(worker, &status, 0), worker);
  ck_assert_int_eq(status, status_wanted);
  munmap(journal, JOURNAL_SIZE);
  close(journal_file);
  ck_assert_msg(rmdir(scratch) == 0, "something was left in %s", scratch);
}

void send_run(const WireRequest *request, WireRun limits, int *ends) {
  journal_reset(journal);
  uint32_t size = 0;
  int file = wire_request_write(request, &size);
  ck_assert_int_ge(file, 0);
  int out[2], err[2];
  ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
  ck_assert_int_eq(pipe2(err, O_CLOEXEC), 0);
  WireMessage message = {.run = limits};
  message.run.run = ++run_number;
  message.run.request_size = size;
  int descriptors[WIRE_RUN_FDS] = {file, out[1], err[1]};
  ck_assert_int_eq(wire_send(control, WIRE_RUN, &message, descriptors, WIRE_RUN_FDS), 0);
  close(file);
  close(out[1]);
  close(err[1]);
  ends[0] = out[0];
  ends[1] = err[0];
}

/* Reads both pipes to their ends; false once `until` was seen in the output. */
void read_pipes(int *ends, const char *until) {
  char *texts[2] = {output, errors};
  size_t sizes[2] = {strlen(output), strlen(errors)};
  struct pollfd ready[2] = {{.fd = ends[0], .events = POLLIN}, {.fd = ends[1], .events = POLLIN}};
  while ((ready[0].fd >= 0 || ready[1].fd >= 0) && !(until && strstr(output, until))) {
    ck_assert_int_ge(poll(ready, 2, -1), 0);
    for (int i = 0; i < 2; i++) {
      if (!ready[i].revents)
        continue;
      ssize_t size = read(ready[i].fd, texts[i] + sizes[i], OUTPUT_ROOM - 1 - sizes[i]);
      if (size > 0)
        sizes[i] += (size_t)size;
      else
        ready[i].fd = -1;
      texts[i][sizes[i]] = '\0';
    }
  }
}

void receive_done(int *ends) {
  read_pipes(ends, NULL);
  close(ends[0]);
  close(ends[1]);
  WireMessage message;
  ck_assert_int_eq(wire_receive(control, &message, NULL), 1);
  ck_assert_uint_eq(message.head.type, WIRE_DONE);
  ck_assert_uint_eq(message.done.run, run_number);
  done = message.done;
}

void run_request(const WireRequest *request, WireRun limits) {
  int ends[2];
  *output = *errors = '\0';
  send_run(request, limits, ends);
  receive_done(ends);
}

WireRequest request_of(WireUnit *units, uint32_t count, uint32_t flags) {
  return (WireRequest){
      .flags = flags, .name = "snippet.py", .name_size = 10, .unit_count = count, .units = units};
}

void run_script_with(const char *source, uint32_t flags, uint32_t value_line, uint32_t passing_line,
                     WireRun limits) {
  WirePiece piece = {.line = 1, .size = (uint32_t)strlen(source), .source = source};
  WireUnit unit = {.kind = WIRE_SCRIPT,
                   .piece_count = 1,
                   .pieces = &piece,
                   .value_count = value_line > 0,
                   .value_lines = &value_line,
                   .passing_count = passing_line > 0,
                   .passing_lines = &passing_line};
  WireRequest request = request_of(&unit, 1, flags);
  run_request(&request, limits);
}

void run_script(const char *source) {
  run_script_with(source, 0, 0, 0, (WireRun){0});
}

/* The nth entry of a type, NULL if there are fewer. */
const void *entry_of(JournalType type, unsigned index) {
  uint64_t position = 0;
  const JournalEntry *entry;
  while ((entry = journal_next(journal, run_number, &position)))
    if (entry->type == type && index-- == 0)
      return entry;
  return NULL;
}

void assert_text(const void *entry, size_t fixed, unsigned index, const char *wanted) {
  const char *text;
  size_t size;
  ck_assert_ptr_nonnull(entry);
  ck_assert(journal_text(entry, fixed, index, &text, &size));
  ck_assert_msg(size == strlen(wanted) && memcmp(text, wanted, size) == 0, "'%.*s' is not '%s'",
                (int)size, text, wanted);
}

void assert_end(int status) {
  const JournalExit *end = entry_of(JOURNAL_END, 0);
  ck_assert_ptr_nonnull(end);
  ck_assert_int_eq(end->status, status);
}

char notes[OUTPUT_ROOM];

void notes_begin(void) {
  *notes = '\0';
}

void notes_add(const char *format, ...) {
  size_t size = strlen(notes);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(notes + size, sizeof notes - size, format, arguments);
  va_end(arguments);
}

void notes_text(const void *entry, size_t fixed, unsigned index, const char *before) {
  const char *text;
  size_t size;
  ck_assert(journal_text(entry, fixed, index, &text, &size));
  if (size > 0)
    notes_add("%s%.*s", before, (int)size, text);
}

static WireProbe probes[PROBES_MAX];
static uint32_t probe_count;

WireProbe *probe_add(WireProbeKind kind, uint32_t line, const char *text) {
  ck_assert_uint_lt(probe_count, PROBES_MAX);
  WireProbe *probe = &probes[probe_count++];
  *probe = (WireProbe){.kind = kind, .line = line, .size = (uint32_t)strlen(text), .text = text};
  return probe;
}

void run_probes(const char *source, WireUnit unit, uint32_t flags) {
  WirePiece piece = {.line = 1, .source = source};
  if (source) {
    piece.size = (uint32_t)strlen(source);
    unit.kind = WIRE_SCRIPT;
    unit.piece_count = 1;
    unit.pieces = &piece;
  }
  unit.probe_count = probe_count;
  unit.probes = probes;
  WireRequest request = request_of(&unit, 1, flags);
  run_request(&request, (WireRun){0});
  probe_count = 0;
}

int run_suite(const char *name, const TTest *const *tests) {
  static char list[] = WORKERS;
  for (char *at = strtok(list, ":"); at && program_count < 16; at = strtok(NULL, ":"))
    programs[program_count++] = at;
  Suite *suite = suite_create(name);
  TCase *cases = tcase_create(name);
  tcase_set_timeout(cases, 60);
  for (; *tests; tests++)
    tcase_add_loop_test(cases, *tests, 0, program_count);
  suite_add_tcase(suite, cases);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
