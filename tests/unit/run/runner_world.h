/*
 * runner_world.h: a runner, snippets for it and fixtures, for the suites that run them for real.
 */
#pragma once

#include <glib.h>

#include "run/runner.h"

extern RunnerOptions options; /* for world_start() */
extern Runner *runner;
extern GPtrArray *snippets; /* Snippet *, as they were submitted */
extern GPtrArray *ended;    /* Transcript *, in the order of their ends */
extern gchar *folder;       /* of the fixtures; a fresh one */

/* With two lanes, and without a limit that a test could meet. */
void world_setup(const gchar *worker, guint64 address_bytes);
/* Nothing may be left of the runner, neither processes nor folders. */
void world_teardown(void);

void world_start(void);
void world_run_all(void);

/* The choice of the fixture with this file name in `folder`. */
FixtureChoice *choice_of(const gchar *file);
/* Writes the file, too. */
FixtureChoice *choice_with(const gchar *file, const gchar *text);

/* A script without a line in any document; submit() also asks for it to be run. */
Snippet *script(const gchar *source);
Snippet *submit(const FixtureChoice *choice, const gchar *variant, const gchar *source);
void submit_request(const RunRequest *request);

/* Whether it has ended; and its transcript, once it has. */
gboolean has_ended(const Snippet *snippet);
const Transcript *transcript_of(const Snippet *snippet);
void assert_prints(const Snippet *snippet, const gchar *output);
