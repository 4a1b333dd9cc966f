/*
 * driver.h: the supervisor's end of the wire, for tests of built workers. What
 * goes wrong in it fails the test that runs.
 */
#pragma once

#include <check.h>
#include <stdbool.h>

#include "wire/journal.h"
#include "wire/wire.h"

#define OUTPUT_ROOM 65536

/* The workers under test; a test runs once for each, as programs[_i]. */
extern char *programs[16];
extern int program_count;

/* The worker that was started, and the run last sent to it. */
extern int control;
extern WireHello hello;
extern JournalHead *journal;
extern uint32_t run_number;

/* What that run came to. */
extern char output[OUTPUT_ROOM], errors[OUTPUT_ROOM];
extern WireDone done;

void start_worker(const char *program);
void start_worker_with_seed(const char *program, const char *seed);
/* options: what comes behind the folder, ends with NULL; may be NULL. */
void start_worker_with(const char *program, const char *const *options);

/* Closes the connection; the worker must end by itself, with this status, and
 * leave its scratch folder empty. */
void end_worker(int status_wanted);

/* Runs one to its end. 0 stands for no line. */
void run_request(const WireRequest *request, WireRun limits);
void run_script_with(const char *source, uint32_t flags, uint32_t value_line, uint32_t passing_line,
                     WireRun limits);
void run_script(const char *source);
WireRequest request_of(WireUnit *units, uint32_t count, uint32_t flags);

/* The same in steps; ends are of the two pipes. Reading ends early once the
 * output has `until` in it, NULL for never. */
void send_run(const WireRequest *request, WireRun limits, int *ends);
void read_pipes(int *ends, const char *until);
void receive_done(int *ends);

/* The nth entry of a type that the run noted, NULL if there are fewer. */
const void *entry_of(JournalType type, unsigned index);
void assert_text(const void *entry, size_t fixed, unsigned index, const char *wanted);
void assert_end(int status);

/* What a run noted, as text, which a test puts together from entries. notes_text adds a text of
 * an entry, if it is not empty, with `before` before it. */
extern char notes[OUTPUT_ROOM];
void notes_begin(void);
void notes_add(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notes_text(const void *entry, size_t fixed, unsigned index, const char *before);

/* Asks for a probe in the next run of run_probes; what is given here, and what else is set in
 * the result. */
WireProbe *probe_add(WireProbeKind kind, uint32_t line, const char *text);

/* Runs a script with the probes that were asked for, and forgets them. unit: what else is to be
 * looked at; its source and probes are filled in. A source of NULL: it has its own pieces. */
void run_probes(const char *source, WireUnit unit, uint32_t flags);

/* Runs the tests, up to a NULL; returns main's status. */
int run_suite(const char *name, const TTest *const *tests);
