/*
 * Theory of operation
 *
 * One thread, one main loop. Requests wait in a queue for each snapshot (snapshot.h);
 * whatever may change what can run (a request, a zygote that is ready or lost, a run
 * that has ended or been seen to wait) leads to dispatch(). Again and again it takes the
 * oldest request that can be helped: by a zygote of its snapshot that is ready, as long as
 * fewer than `lanes` runs keep a core busy, and else by starting one, as long as that has a
 * core to itself. A request that cannot be helped now does not hold up those behind it,
 * and the first zygote of a snapshot is started before all others.
 *
 * To load a fixture can cost as much as a hundred runs, so a snapshot gets a second zygote
 * only for MANY requests, or where a run takes long. There is room for so many zygotes;
 * beyond that the idle one goes that was used longest ago.
 *
 * When a run ends, its zygote gets the next one before the transcript is built
 * and the callback marks it: both sides work at the same time.
 *
 * Zygotes that are lost are replaced when a queue needs them. A worker that
 * does not even become ready is tried START_TRIES times; when none is alive
 * then, every request fails with the worker's last words. A fixture has one try: what it
 * does is its own doing, once a zygote without one has shown that the worker works.
 * None is started before.
 */
#include "run/runner.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "run/lane.h"
#include "run/scratch.h"
#include "run/snapshot.h"
#include "run/sweep.h"

#define WATCH_MS 150
#define START_TRIES 3
#define USELESS_TRIES 2 /* zygotes with a fixture that become ready and are lost unused */
#define MANY 50         /* requests for each zygote of a snapshot that make one more worth it */
#define LONG_US 500000  /* a run that takes longer keeps those behind it waiting */

struct Runner {
  RunnerOptions options; /* owns worker */
  GMainContext *context;
  gchar *folder;        /* holds the scratch folders */
  GPtrArray *lanes;     /* Lane *, owned; before snapshots, which they refer to */
  GPtrArray *snapshots; /* Snapshot *, owned; the first is the one without a fixture */
  GHashTable *by_name;  /* path and variant: Snapshot *, borrowed */
  GSource *dispatch;    /* pending, or NULL */
  GSource *watch;       /* while there are lanes that run, or NULL */
  guint zygotes_started;
  guint64 jobs;
  guint32 runs;
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
      .fixture_ms = 20000,
      .address_bytes = CLAMP(half_of_memory(), GIB, 4 * GIB),
  };
}

/* --- runs that end ----------------------------------------------------- */

static void deliver(Run *run) {
  Transcript *transcript = run_transcript(run);
  RunnerDone done = run->job->done;
  gpointer data = run->job->data;
  run_free(run); /* its output is in the transcript: not twice in memory */
  done(transcript, data);
}

/* A job that never reached a zygote. */
static void deliver_refusal(const Snapshot *snapshot, Job *job) {
  Transcript *transcript = snapshot_refusal(snapshot, job);
  RunnerDone done = job->done;
  gpointer data = job->data;
  job_free(job);
  done(transcript, data);
}

/* --- the watch --------------------------------------------------------- */

static void dispatch_soon(Runner *runner);

static gboolean has_waiting(const Runner *runner) {
  for (guint i = 0; i < runner->snapshots->len; i++)
    if (!g_queue_is_empty(&((Snapshot *)g_ptr_array_index(runner->snapshots, i))->jobs))
      return TRUE;
  return FALSE;
}

static gboolean on_watch(gpointer data) {
  Runner *runner = data;
  gboolean is_wanted = FALSE;
  for (guint i = 0; i < runner->lanes->len; i++) {
    Lane *lane = g_ptr_array_index(runner->lanes, i);
    is_wanted = is_wanted || lane_state(lane) == LANE_RUNNING ||
                (lane_state(lane) == LANE_STARTING && lane_snapshot(lane)->fixture != NULL);
    lane_watch(lane);
  }
  if (!is_wanted) {
    g_clear_pointer(&runner->watch, g_source_unref);
    return G_SOURCE_REMOVE;
  }
  if (has_waiting(runner))
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

static Snapshot *plain_snapshot(const Runner *runner) {
  return g_ptr_array_index(runner->snapshots, 0);
}

static void on_lane_changed(Lane *lane, Run *ended, gpointer data);

static Lane *new_lane(Runner *runner, Snapshot *snapshot, GError **error) {
  g_autofree gchar *scratch = g_strdup_printf("%s/%u", runner->folder, ++runner->zygotes_started);
  return lane_start(&runner->options, runner->context, scratch, snapshot, on_lane_changed, runner,
                    error);
}

static gboolean start_lane(Runner *runner, Snapshot *snapshot, GError **error) {
  Lane *lane = new_lane(runner, snapshot, error);
  if (lane == NULL)
    return FALSE;
  g_ptr_array_add(runner->lanes, lane);
  if (snapshot->fixture != NULL)
    begin_watch(runner);
  return TRUE;
}

/* What lanes do at the moment. */
typedef struct {
  Lane *ready;    /* one that is; or NULL */
  guint count;    /* of the lanes there are */
  guint busy;     /* that keep a core busy with a run */
  guint starting; /* whose zygote is not ready yet */
  guint stalled;  /* whose run takes long */
} Tally;

static void tally_lane(Tally *tally, Lane *lane) {
  LaneState state = lane_state(lane);
  tally->count++;
  tally->busy += state == LANE_RUNNING && !lane_is_waiting(lane);
  tally->starting += state == LANE_STARTING;
  tally->stalled += state == LANE_RUNNING && lane_state_us(lane) > LONG_US;
  if (state == LANE_READY && tally->ready == NULL)
    tally->ready = lane;
}

/* Of the lanes of a snapshot; of all for NULL. */
static Tally tally_lanes(const Runner *runner, const Snapshot *snapshot) {
  Tally tally = {0};
  for (guint i = 0; i < runner->lanes->len; i++) {
    Lane *lane = g_ptr_array_index(runner->lanes, i);
    if (snapshot == NULL || lane_snapshot(lane) == snapshot)
      tally_lane(&tally, lane);
  }
  return tally;
}

/* The idle lane that nothing waits for and that was used longest ago, or NULL. */
static Lane *find_spare(const Runner *runner) {
  Lane *spare = NULL;
  for (guint i = 0; i < runner->lanes->len; i++) {
    Lane *lane = g_ptr_array_index(runner->lanes, i);
    if (lane_state(lane) == LANE_READY && g_queue_is_empty(&lane_snapshot(lane)->jobs) &&
        (spare == NULL || lane_state_us(lane) > lane_state_us(spare)))
      spare = lane;
  }
  return spare;
}

static gboolean has_room(const Runner *runner) {
  return runner->lanes->len < 4 * runner->options.lanes + 4 || find_spare(runner) != NULL;
}

static void make_room(Runner *runner) {
  while (runner->lanes->len >= 4 * runner->options.lanes + 4)
    g_ptr_array_remove(runner->lanes, find_spare(runner));
}

/* Whether one more zygote of a snapshot is worth its price. */
static gboolean wants_lane(const Snapshot *snapshot, const Tally *own) {
  guint waiting = g_queue_get_length((GQueue *)&snapshot->jobs);
  if (own->count == 0)
    return TRUE;
  if (snapshot->fixture == NULL)
    return own->starting < waiting && snapshot->failures < START_TRIES;
  return own->starting == 0 && (waiting > MANY * own->count || own->stalled == own->count);
}

/* --- what is next ------------------------------------------------------ */

/* How the oldest request that can be helped is helped. */
typedef struct {
  Snapshot *snapshot; /* NULL: there is none */
  Lane *lane;         /* that is to run it; NULL: one is to be started, of */
  Snapshot *start;    /* this */
} Step;

/* Whether the first zygote of a snapshot is to be started before older requests get theirs:
 * what waits for it waits long, and the other cores have enough to do meanwhile. */
static gboolean is_early(const Runner *runner, const Tally *all, const Tally *own) {
  return own->count == 0 && (all->starting == 0 || all->starting + 1 < runner->options.lanes);
}

static Step find_step(const Runner *runner) {
  Step step = {0};
  Tally all = tally_lanes(runner, NULL);
  guint64 oldest = G_MAXUINT64;
  gboolean may_start = all.busy + all.starting < runner->options.lanes && has_room(runner);
  for (guint i = 0; i < runner->snapshots->len; i++) {
    Snapshot *snapshot = g_ptr_array_index(runner->snapshots, i);
    const Job *job = g_queue_peek_head(&snapshot->jobs);
    if (job == NULL || snapshot->failure != NULL)
      continue;
    gboolean has_fixture = snapshot->fixture != NULL;
    gboolean is_blind = has_fixture && !runner->is_described; /* is the worker any good? */
    Snapshot *start = is_blind ? plain_snapshot(runner) : snapshot;
    Tally own = tally_lanes(runner, start);
    Lane *lane = !is_blind && all.busy < runner->options.lanes ? own.ready : NULL;
    gboolean is_wanted = is_blind ? own.count == 0 : wants_lane(snapshot, &own);
    if (lane == NULL && !(may_start && is_wanted))
      continue;
    guint64 number = has_fixture && !is_blind && is_early(runner, &all, &own) ? 0 : job->number;
    if (number >= oldest)
      continue;
    oldest = number;
    step = (Step){snapshot, lane, start};
  }
  return step;
}

/* A zygote was lost before it was of any use, which is not its fixture's fault. */
static void note_failure(Runner *runner, Snapshot *snapshot, const gchar *words) {
  snapshot->failures++;
  if (snapshot->failures >= START_TRIES && tally_lanes(runner, snapshot).count == 0)
    snapshot_break(snapshot, TRUE, words, NULL);
}

static void refuse_broken(Runner *runner) {
  const Snapshot *plain = plain_snapshot(runner);
  /* Callbacks may submit more, for further snapshots too. */
  for (guint i = 0; i < runner->snapshots->len; i++) {
    Snapshot *snapshot = g_ptr_array_index(runner->snapshots, i);
    if (plain->failure != NULL && !runner->is_described)
      snapshot_break(snapshot, TRUE, plain->failure, NULL);
    while (snapshot->failure != NULL && !g_queue_is_empty(&snapshot->jobs))
      deliver_refusal(snapshot, g_queue_pop_head(&snapshot->jobs));
  }
}

static void dispatch(Runner *runner) {
  for (;;) {
    Step step = find_step(runner);
    if (step.snapshot == NULL)
      break;
    if (step.lane != NULL) {
      lane_run(step.lane, g_queue_pop_head(&step.snapshot->jobs), ++runner->runs);
      begin_watch(runner);
      continue;
    }
    g_autoptr(GError) error = NULL;
    make_room(runner);
    if (!start_lane(runner, step.start, &error))
      note_failure(runner, step.start, error->message);
  }
  refuse_broken(runner);
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

/* --- what lanes say ---------------------------------------------------- */

static void drop_lost_lane(Runner *runner, Lane *lane) {
  Snapshot *snapshot = lane_snapshot(lane);
  g_autofree gchar *words = g_strdup(lane_last_words(lane));
  g_autofree gchar *lines = g_strdup(lane_last_lines(lane));
  gboolean was_ready = lane_hello(lane) != NULL, has_served = lane_has_served(lane);
  gboolean is_ours = snapshot->fixture == NULL || lane_failed_itself(lane);
  g_ptr_array_remove(runner->lanes, lane);
  if (is_ours && !was_ready)
    note_failure(runner, snapshot, words);
  else if (!is_ours && !has_served && (!was_ready || ++snapshot->failures >= USELESS_TRIES))
    snapshot_break(snapshot, FALSE, words, lines);
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
  Snapshot *snapshot = lane_snapshot(lane);
  describe(runner, lane_hello(lane));
  if (ended != NULL)
    sweep_note_run(snapshot, ended, runner->runs);
  if (lane_state(lane) == LANE_LOST)
    drop_lost_lane(runner, lane);
  if (ended != NULL && ended->is_unstarted &&
      (!ended->job->is_second_try || snapshot->failure != NULL)) {
    Job *job = g_steal_pointer(&ended->job);
    job->is_second_try = TRUE;
    g_queue_push_head(&snapshot->jobs, job);
    g_clear_pointer(&ended, run_free);
  }
  dispatch(runner);
  if (ended != NULL)
    deliver(ended);
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
  runner->snapshots = g_ptr_array_new_with_free_func((GDestroyNotify)snapshot_free);
  runner->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add(runner->snapshots, snapshot_new(NULL, NULL));
  runner->folder = g_dir_make_tmp("proctor-XXXXXX", NULL);
  if (runner->folder == NULL) {
    g_set_error(error, RUN_ERROR, RUN_ERROR_START, "no temporary folder in %s: %s", g_get_tmp_dir(),
                g_strerror(errno));
    return NULL;
  }
  if (!start_lane(runner, plain_snapshot(runner), error))
    return NULL;
  return g_steal_pointer(&runner);
}

static Snapshot *find_snapshot(Runner *runner, const FixtureChoice *choice, const gchar *variant) {
  if (choice == NULL)
    return plain_snapshot(runner);
  const Fixture *fixture = choice->fixture;
  const gchar *problem =
      choice->problem != NULL || fixture == NULL ? choice->problem : fixture->problem;
  gboolean is_usable = fixture != NULL && problem == NULL;
  g_autofree gchar *name = is_usable
                               ? g_strdup_printf("%s\n%s\n%s", fixture->path,
                                                 fixture->digest != NULL ? fixture->digest : "",
                                                 variant != NULL ? variant : "")
                               : g_strdup(problem != NULL ? problem : "no fixture");
  Snapshot *snapshot = g_hash_table_lookup(runner->by_name, name);
  if (snapshot != NULL)
    return snapshot;
  snapshot = is_usable ? snapshot_new(fixture->path, variant) : snapshot_new(NULL, NULL);
  if (!is_usable)
    snapshot_break(snapshot, FALSE, name, NULL);
  g_ptr_array_add(runner->snapshots, snapshot);
  g_hash_table_insert(runner->by_name, g_steal_pointer(&name), snapshot);
  return snapshot;
}

void runner_submit(Runner *runner, const RunRequest *request, RunnerDone done, gpointer data) {
  Snapshot *snapshot = find_snapshot(runner, request->fixture, request->variant);
  Job *job = job_new(request, done, data);
  job->number = ++runner->jobs;
  g_queue_push_tail(&snapshot->jobs, job);
  dispatch_soon(runner);
}

static void drop_source(GSource **source) {
  if (*source == NULL)
    return;
  g_source_destroy(*source);
  g_source_unref(*source);
  *source = NULL;
}

static Lane *last_lane(Snapshot *snapshot, gpointer runner) {
  return new_lane(runner, snapshot, NULL);
}

void runner_free(Runner *runner) {
  if (runner == NULL)
    return;
  drop_source(&runner->dispatch);
  drop_source(&runner->watch);
  sweep_lanes(runner->lanes, runner->snapshots, runner->options.fixture_ms, last_lane, runner);
  g_ptr_array_unref(runner->lanes);
  g_hash_table_unref(runner->by_name);
  g_ptr_array_unref(runner->snapshots);
  if (runner->folder != NULL)
    scratch_remove(runner->folder);
  g_free(runner->folder);
  g_main_context_unref(runner->context);
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
