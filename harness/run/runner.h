/*
 * runner.h: runs requests on zygotes and gives back transcripts.
 *
 * A Runner owns worker processes (zygotes) and keeps up to `lanes` of them busy.
 * A run that only waits (it sleeps, or is stuck) does not keep a core busy, so
 * that while it lasts another zygote takes its place. Requests are started in
 * the order of submission as lanes become free; each ends with exactly one
 * call of its callback, from the GLib main context that was the default when
 * the runner was made, whatever happens to snippet, zygote or limits. A zygote
 * that dies or says what it should not is replaced; what ran on it gets
 * OUTCOME_FAILED, or OUTCOME_SIGNALLED where the snippet did it.
 *
 * A request with a fixture runs on a zygote that has loaded it, in that variant, before it
 * froze: a snapshot. There is one of these for a fixture and variant, and a second one only
 * where many requests wait for it, or one takes long. Where the fixture cannot be made ready
 * (it raises, never ends, ends the process), the run gets OUTCOME_UNREADY with the fixture's own
 * traceback; one with a choice that has a problem gets it with that.
 *
 * What the snippet's settings limit is limited so, instead of by the options, unless these
 * outrank them.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"

#define RUN_ERROR (run_error_quark())
typedef enum {
  RUN_ERROR_NO_WORKER, /* no worker program for this Python */
  RUN_ERROR_START,     /* it did not start */
} RunError;
GQuark run_error_quark(void);

typedef struct {
  const gchar *worker;        /* path of proctor-worker-X.Y */
  guint lanes;                /* 0: as many as this machine lets us use cores */
  guint wall_ms;              /* limits for a run: 10,000 by default */
  guint cpu_seconds;          /* 10 */
  guint64 output_bytes;       /* 8 MiB in all; a head and a tail of it are kept */
  guint64 address_bytes;      /* of each process, and of memory that a run holds in all: 4 GiB, or
                                 half of this machine's where that is less; 0 for none */
  gboolean outranks_settings; /* wall_ms and output_bytes count, whatever settings say */
  guint fixture_ms;           /* for a fixture to be loaded: 20,000 */
  guint32 hash_seed;          /* for the hashes of strings; 0: another in each zygote */
} RunnerOptions;

/* All fields at their defaults, but for worker, which is NULL. */
RunnerOptions runner_options(void);

typedef struct {
  const Snippet *snippet;        /* the subject; outlives the run */
  const Snippet *const *prelude; /* earlier blocks to run before it, in order */
  guint prelude_count;
  const FixtureChoice *fixture; /* that it runs with; borrowed; NULL for none */
  const gchar *variant;         /* of that, borrowed from it; NULL for none */
  const gchar *const *after;    /* expressions that the expectation wants true; NULL for none;
                                   outlive the run */
  gboolean hold_back;           /* do not run what needs a name nothing binds */
  gboolean line_buffered;       /* its sys.stdout as on a terminal */
  gboolean is_merged;           /* both streams through one pipe, so that what it writes
                                   keeps its order; all of it is output */
  /* Called with output as it comes, before any limit cuts it; or NULL. */
  void (*on_output)(StreamKind stream, const gchar *bytes, gsize size, gpointer data);
  gpointer data;
} RunRequest;

/* transcript is the callback's. */
typedef void (*RunnerDone)(Transcript *transcript, gpointer data);

typedef struct Runner Runner;

/* Starts the first zygote, without waiting for it. */
Runner *runner_new(const RunnerOptions *options, GError **error);

/* Copies the request (not what it points at). */
void runner_submit(Runner *runner, const RunRequest *request, RunnerDone done, gpointer data);

/* Kills and reaps everything and removes its folders; callbacks that were still due are not
 * called. Where runs with a fixture may have left something on a database server, that is taken
 * away first, which can take a few seconds. Not to be called from a callback. */
void runner_free(Runner *runner);

/* What the zygotes of this runner are kept apart with: WIRE_OWN_... bits, and
 * the exact Python, "3.11.2". FALSE until the first has said so. */
gboolean runner_describe(const Runner *runner, guint *isolation, gchar **python);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Runner, runner_free)
