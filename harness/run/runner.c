/*
 * Theory of operation
 *
 * One thread, one main loop. Requests wait in a queue; whatever may change what
 * can run (a request, a zygote that is ready or lost, a run that has ended or
 * been seen to wait) leads to dispatch(), which gives the queue's head to a
 * zygote that is ready, as long as fewer than `lanes` runs keep a core busy,
 * and else starts zygotes that the queue can use.
 *
 * When a run ends, its zygote gets the next one before the transcript is built
 * and the callback marks it: both sides work at the same time.
 *
 * Zygotes that are lost are replaced when the queue needs them. A worker that
 * does not even become ready is tried START_TRIES times; when none is alive
 * then, every request fails with the worker's last words.
 */
#include "run/runner.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "run/lane.h"
#include "run/scratch.h"

#define WATCH_MS 150
#define START_TRIES 3

struct Runner {
  RunnerOptions options; /* owns worker */
  GMainContext *context;
  gchar *folder;     /* holds the scratch folders */
  GPtrArray *lanes;  /* Lane *, owned */
  GQueue queue;      /* Job *, owned */
  GSource *dispatch; /* pending, or NULL */
  GSource *watch;    /* while there are lanes that run, or NULL */
  guint zygotes_started;
  guint failed_starts;
  guint32 runs;
  gchar *broken; /* why no zygote can be had, or NULL */
  gboolean is_described;
  guint isolation;
  guint32 python;
};

G_DEFINE_QUARK(proctor - run - error - quark, run_error)

static guint usable_cores(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0)
    return 1; /* more than a cpu_set_t holds: their user says -j */
  return (guint)MAX(CPU_COUNT(&set), 1);
}

#define GIB (G_GUINT64_CONSTANT(1) << 30)

static guint64 half_of_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (guint64)pages * (guint64)size / 2 : G_MAXUINT64;
}

RunnerOptions runner_options(void) {
  return (RunnerOptions){
      .wall_ms = 10000,
      .cpu_seconds = 10,
      .output_bytes = 8u << 20,
      .address_bytes = CLAMP(half_of_memory(), GIB, 4 * GIB),
  };
}

/* --- runs that end ----------------------------------------------------- */

static void deliver(Runner *runner, Run *run) {
  Transcript *transcript = run_transcript(run, &runner->options);
  RunnerDone done = run->job->done;
  gpointer data = run->job->data;
  transcript->wall_limit_ms = runner->options.wall_ms;
  run_free(run); /* its output is in the transcript: not twice in memory */
  done(transcript, data);
}

/* A job that never reached a zygote. */
static void deliver_failure(Job *job, const gchar *failure) {
  Transcript *transcript = transcript_new();
  transcript->outcome = OUTCOME_FAILED;
  transcript->failure = g_strdup(failure);
  transcript->prelude = job->request.prelude_count;
  RunnerDone done = job->done;
  gpointer data = job->data;
  job_free(job);
  done(transcript, data);
}

/* --- the watch --------------------------------------------------------- */

static void dispatch_soon(Runner *runner);

static gboolean on_watch(gpointer data) {
  Runner *runner = data;
  gboolean has_runs = FALSE;
  for (guint i = 0; i < runner->lanes->len; i++) {
    Lane *lane = g_ptr_array_index(runner->lanes, i);
    has_runs = has_runs || lane_state(lane) == LANE_RUNNING;
    lane_watch(lane);
  }
  if (!has_runs) {
    g_clear_pointer(&runner->watch, g_source_unref);
    return G_SOURCE_REMOVE;
  }
  if (!g_queue_is_empty(&runner->queue))
    dispatch_soon(runner);
  return G_SOURCE_CONTINUE;
}

static void begin_watch(Runner *runner) {
  if (runner->watch != NULL)
    return;
  runner->watch = g_timeout_source_new(WATCH_MS);
  g_source_set_callback(runner->watch, on_watch, runner, NULL);
  g_source_attach(runner->watch, runner->context);
}

/* --- lanes ------------------------------------------------------------- */

static void on_lane_changed(Lane *lane, Run *ended, gpointer data);

static gboolean start_lane(Runner *runner, GError **error) {
  g_autofree gchar *scratch = g_strdup_printf("%s/%u", runner->folder, ++runner->zygotes_started);
  Lane *lane =
      lane_start(&runner->options, runner->context, scratch, on_lane_changed, runner, error);
  if (lane == NULL)
    return FALSE;
  g_ptr_array_add(runner->lanes, lane);
  return TRUE;
}

static void note_failed_start(Runner *runner, const gchar *words) {
  runner->failed_starts++;
  if (runner->failed_starts >= START_TRIES && runner->lanes->len == 0 && runner->broken == NULL)
    runner->broken = g_strdup(words);
}

static Lane *find_ready(const Runner *runner) {
  for (guint i = 0; i < runner->lanes->len; i++)
    if (lane_state(g_ptr_array_index(runner->lanes, i)) == LANE_READY)
      return g_ptr_array_index(runner->lanes, i);
  return NULL;
}

/* Lanes that keep a core busy, and those whose zygote is not ready yet. */
static void count_lanes(const Runner *runner, guint *busy, guint *starting) {
  *busy = *starting = 0;
  for (guint i = 0; i < runner->lanes->len; i++) {
    const Lane *lane = g_ptr_array_index(runner->lanes, i);
    *busy += lane_state(lane) == LANE_RUNNING && !lane_is_waiting(lane);
    *starting += lane_state(lane) == LANE_STARTING;
  }
}

static gboolean may_start_lane(const Runner *runner, guint busy, guint starting) {
  return busy + starting < runner->options.lanes &&
         starting < g_queue_get_length((GQueue *)&runner->queue) &&
         runner->lanes->len < 4 * runner->options.lanes + 4 &&
         (runner->failed_starts < START_TRIES || runner->lanes->len == 0);
}

static void dispatch(Runner *runner) {
  while (runner->broken == NULL && !g_queue_is_empty(&runner->queue)) {
    guint busy, starting;
    count_lanes(runner, &busy, &starting);
    Lane *lane = busy < runner->options.lanes ? find_ready(runner) : NULL;
    if (lane != NULL) {
      lane_run(lane, g_queue_pop_head(&runner->queue), ++runner->runs);
      begin_watch(runner);
    } else if (may_start_lane(runner, busy, starting)) {
      g_autoptr(GError) error = NULL;
      if (!start_lane(runner, &error))
        note_failed_start(runner, error->message);
    } else {
      return;
    }
  }
  while (runner->broken != NULL && !g_queue_is_empty(&runner->queue))
    deliver_failure(g_queue_pop_head(&runner->queue), runner->broken);
}

static gboolean on_dispatch(gpointer data) {
  Runner *runner = data;
  g_clear_pointer(&runner->dispatch, g_source_unref);
  dispatch(runner);
  return G_SOURCE_REMOVE;
}

/* From the main loop, so that no callback comes before runner_submit returns. */
static void dispatch_soon(Runner *runner) {
  if (runner->dispatch != NULL)
    return;
  runner->dispatch = g_idle_source_new();
  g_source_set_priority(runner->dispatch, G_PRIORITY_DEFAULT);
  g_source_set_callback(runner->dispatch, on_dispatch, runner, NULL);
  g_source_attach(runner->dispatch, runner->context);
}

static void replace_lane(Runner *runner, Lane *lane) {
  g_autofree gchar *words = g_strdup(lane_last_words(lane));
  gboolean was_ready = lane_hello(lane) != NULL;
  g_ptr_array_remove(runner->lanes, lane);
  if (!was_ready)
    note_failed_start(runner, words);
}

static void describe(Runner *runner, const WireHello *hello) {
  if (runner->is_described || hello == NULL)
    return;
  runner->is_described = TRUE;
  runner->isolation = hello->isolation;
  runner->python = hello->python;
}

static void on_lane_changed(Lane *lane, Run *ended, gpointer data) {
  Runner *runner = data;
  describe(runner, lane_hello(lane));
  if (lane_state(lane) == LANE_LOST)
    replace_lane(runner, lane);
  if (ended != NULL && ended->is_unstarted && !ended->job->is_second_try) {
    Job *job = g_steal_pointer(&ended->job);
    job->is_second_try = TRUE;
    g_queue_push_head(&runner->queue, job);
    g_clear_pointer(&ended, run_free);
  }
  dispatch(runner);
  if (ended != NULL)
    deliver(runner, ended);
}

/* --- the runner -------------------------------------------------------- */

Runner *runner_new(const RunnerOptions *options, GError **error) {
  if (options->worker == NULL || !g_file_test(options->worker, G_FILE_TEST_IS_EXECUTABLE)) {
    g_set_error(error, RUN_ERROR, RUN_ERROR_NO_WORKER, "no worker program at %s",
                options->worker != NULL ? options->worker : "any path");
    return NULL;
  }
  g_autoptr(Runner) runner = g_new0(Runner, 1);
  runner->options = *options;
  runner->options.worker = g_strdup(options->worker);
  if (runner->options.lanes == 0)
    runner->options.lanes = usable_cores();
  runner->context = g_main_context_ref_thread_default();
  runner->lanes = g_ptr_array_new_with_free_func((GDestroyNotify)lane_free);
  g_queue_init(&runner->queue);
  runner->folder = g_dir_make_tmp("proctor-XXXXXX", NULL);
  if (runner->folder == NULL) {
    g_set_error(error, RUN_ERROR, RUN_ERROR_START, "no temporary folder in %s: %s", g_get_tmp_dir(),
                g_strerror(errno));
    return NULL;
  }
  if (!start_lane(runner, error))
    return NULL;
  return g_steal_pointer(&runner);
}

void runner_submit(Runner *runner, const RunRequest *request, RunnerDone done, gpointer data) {
  g_queue_push_tail(&runner->queue, job_new(request, done, data));
  dispatch_soon(runner);
}

static void drop_source(GSource **source) {
  if (*source == NULL)
    return;
  g_source_destroy(*source);
  g_source_unref(*source);
  *source = NULL;
}

void runner_free(Runner *runner) {
  if (runner == NULL)
    return;
  drop_source(&runner->dispatch);
  drop_source(&runner->watch);
  g_ptr_array_unref(runner->lanes);
  g_queue_clear_full(&runner->queue, (GDestroyNotify)job_free);
  if (runner->folder != NULL)
    scratch_remove(runner->folder);
  g_free(runner->folder);
  g_main_context_unref(runner->context);
  g_free(runner->broken);
  g_free((gchar *)runner->options.worker);
  g_free(runner);
}

gboolean runner_describe(const Runner *runner, guint *isolation, gchar **python) {
  if (!runner->is_described)
    return FALSE;
  *isolation = runner->isolation;
  *python = g_strdup_printf("%u.%u.%u", runner->python >> 24, (runner->python >> 16) & 0xff,
                            (runner->python >> 8) & 0xff);
  return TRUE;
}
