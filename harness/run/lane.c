/*
 * Theory of operation
 *
 * A run has two pipes for its output. We make them, send the writing ends with
 * the request and close ours, so that end of file on the reading end means: no
 * process of the run is left that could write. We keep head and tail, and count.
 * Most runs are over in a few milliseconds and fit into their pipes: these are
 * read once, at the end. Only what lasts longer has its pipes watched and read
 * as bytes come, because main loop sources cost more than all else here.
 *
 * A run ends with the zygote's DONE: the snippet is reaped and what it left
 * behind is dead. What is then in the pipes is read up to the end of file; a
 * process that escaped its zygote (it can, without a pid namespace) may hold a
 * pipe open for ever, so the wait for that end is short.
 *
 * A limit ends it too, and so does the proof that it can never go on. One timer
 * serves a lane: it says when to begin to watch the pipes, then when to look
 * whether the run is stuck (stuck.h), again and again up to the wall limit. After
 * either the zygote is told to STOP, and the timer is the zygote's grace: a zygote
 * that does not say DONE in time is killed with everything below it, and the run
 * gets what it would have got. A run that ends by itself before the STOP reaches
 * it has ended by itself: its status says so.
 *
 * The zygote's end of file, or a message that it should not send, makes the
 * lane LOST. It is then for the runner to start another.
 */
#include "run/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/farewell.h"
#include "run/process_tree.h"
#include "run/request.h"
#include "run/stuck.h"
#include "run/transcript_builder.h"
#include "run/zygote.h"

#define START_MS 30000  /* for a zygote to say HELLO */
#define QUICK_MS 10     /* a run that is over by then needs no watch */
#define LOOK_MS 10      /* between two looks whether it is stuck */
#define LATE_MS 1000    /* a run that has lasted so long is looked at */
#define LATE_LOOK_MS 30 /* less often */
#define AGREE_MS 5      /* from a look that says so to the one that proves it */
#define GRACE_MS 2000   /* for a zygote to answer STOP */
#define DRAIN_MS 50     /* for the pipes to close after DONE */
#define CHUNK (64u << 10)
#define CHUNKS_AT_ONCE 16 /* before others get their turn */
#define WATCH_AFTER_MS 200
#define FILE_BYTES (256u << 20)

typedef struct {
  Lane *lane;
  StreamKind stream;
  int descriptor; /* -1 after its end */
  GSource *source;
} Pipe;

typedef enum { PHASE_QUICK, PHASE_RUNS, PHASE_STOPPING, PHASE_DRAINING } Phase;

struct Lane {
  const RunnerOptions *options;
  GMainContext *context;
  LaneChanged changed;
  gpointer data;
  LaneState state;
  gint64 state_us; /* since when */
  Snapshot *snapshot;
  Zygote *zygote;
  GSource *control;
  GSource *timer;
  gboolean has_served;
  gboolean is_over_memory; /* while it loaded its fixture */
  Farewell farewell;       /* once it is lost */

  /* of the run that it has */
  Run *run;
  Phase phase;
  Pipe pipes[2];
  StuckWatch watch;
  guint64 ticks;    /* of CPU at the last watch */
  guint idle_looks; /* in a row that saw next to none */
};

/* --- sources ----------------------------------------------------------- */

static GSource *watch_descriptor(Lane *lane, int descriptor, GUnixFDSourceFunc function,
                                 gpointer data) {
  GSource *source = g_unix_fd_source_new(descriptor, G_IO_IN | G_IO_HUP | G_IO_ERR);
  /* A GUnixFDSourceFunc is what this source calls, whatever the type here. */
  g_source_set_callback(source, G_SOURCE_FUNC(function), data, NULL);
  g_source_attach(source, lane->context);
  return source;
}

static void drop_source(GSource **source) {
  if (*source == NULL)
    return;
  g_source_destroy(*source);
  g_source_unref(*source);
  *source = NULL;
}

static gboolean on_timer(gpointer data);

static gboolean dispatch_timer(GSource *source, GSourceFunc callback, gpointer data) {
  g_source_set_ready_time(source, -1); /* each time is set for once */
  return callback(data);
}

static GSource *timer_new(Lane *lane) {
  static GSourceFuncs functions = {.dispatch = dispatch_timer};
  GSource *timer = g_source_new(&functions, sizeof(GSource));
  g_source_set_callback(timer, on_timer, lane, NULL);
  g_source_attach(timer, lane->context);
  return timer;
}

static void set_timer(Lane *lane, guint milliseconds) {
  g_source_set_ready_time(lane->timer, g_get_monotonic_time() + (gint64)milliseconds * 1000);
}

static void stop_timer(Lane *lane) {
  g_source_set_ready_time(lane->timer, -1);
}

static void close_pipe(Pipe *pipe) {
  drop_source(&pipe->source);
  if (pipe->descriptor >= 0)
    close(pipe->descriptor);
  pipe->descriptor = -1;
}

static void set_state(Lane *lane, LaneState state) {
  lane->state = state;
  lane->state_us = g_get_monotonic_time();
}

/* --- the end of a zygote ----------------------------------------------- */

static gboolean is_loading(const Lane *lane) {
  return lane->state == LANE_STARTING && lane->snapshot->fixture != NULL;
}

/* Ends the zygote and says why; words say it where we know better, or NULL. Returns how it
 * ended, as waitpid gives it. */
static gint end_zygote(Lane *lane, const gchar *words) {
  FarewellCase about = {.title = lane->snapshot->title,
                        .words = words,
                        .is_loading = is_loading(lane),
                        .has_served = lane->has_served};
  lane->farewell = farewell_take(lane->zygote, &about);
  return lane->farewell.status;
}

/* --- the end of a run -------------------------------------------------- */

/* Hands the run over. The lane may be freed when this returns. */
static void end_run(Lane *lane, LaneState state) {
  stop_timer(lane);
  for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++)
    close_pipe(&lane->pipes[i]);
  stuck_watch_clear(&lane->watch);
  Run *run = g_steal_pointer(&lane->run);
  if (run != NULL && run->journal == NULL)
    run->journal = zygote_copy_journal(lane->zygote);
  if (run != NULL)
    run->board = zygote_copy_board(lane->zygote);
  /* With a fixture it may be that nothing can ever begin there. */
  if (run != NULL && !lane->has_served)
    lane->has_served = lane->snapshot->fixture == NULL
                           ? !run->is_unstarted
                           : transcript_has_started(run->journal, run->number);
  set_state(lane, state);
  lane->changed(lane, run, lane->data);
}

static void read_pipe(Pipe *pipe) {
  static gchar chunk[CHUNK];
  Run *run = pipe->lane->run;
  const RunRequest *request = &run->job->request;
  for (guint i = 0; i < CHUNKS_AT_ONCE; i++) {
    ssize_t size = read(pipe->descriptor, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0 && errno == EAGAIN)
      return;
    if (size <= 0) {
      close_pipe(pipe);
      return;
    }
    output_buffer_append(&run->streams[pipe->stream], chunk, (gsize)size);
    if (request->on_output != NULL)
      request->on_output(pipe->stream, chunk, (gsize)size, request->data);
  }
}

static void read_pipes(Lane *lane) {
  for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++)
    if (lane->pipes[i].descriptor >= 0)
      read_pipe(&lane->pipes[i]);
}

static gboolean pipes_are_closed(const Lane *lane) {
  return lane->pipes[0].descriptor < 0 && lane->pipes[1].descriptor < 0;
}

static void lose_zygote(Lane *lane, const gchar *words) {
  gboolean has_own_pids =
      lane_hello(lane) != NULL && (lane_hello(lane)->isolation & WIRE_OWN_PIDS) != 0;
  drop_source(&lane->control);
  gint status = end_zygote(lane, words);
  Run *run = lane->run;
  if (run != NULL) {
    read_pipes(lane);
    run->journal = zygote_copy_journal(lane->zygote);
    run->done.wall_ns = (guint64)lane_state_us(lane) * 1000;
    gboolean has_started = transcript_has_started(run->journal, run->number);
    if (lane->phase == PHASE_STOPPING) {
      run->done.status = SIGKILL; /* as it would have been, had the zygote obeyed */
    } else if (has_started && !has_own_pids && WIFSIGNALED(status)) {
      run->done.status = status; /* nothing kept the snippet from doing this */
    } else {
      run->failure = g_strdup(lane->farewell.words);
      /* What the fixture does to its process may come to pass only now. */
      run->is_unstarted = !has_started || (lane->snapshot->fixture != NULL && !lane->has_served);
    }
  }
  end_run(lane, LANE_LOST);
}

/* --- limits ------------------------------------------------------------ */

static void stop_run(Lane *lane, LimitKind limit) {
  lane->run->limit = limit;
  lane->phase = PHASE_STOPPING;
  /* A zygote that cannot be told has closed its end: the socket says so next. */
  zygote_send_stop(lane->zygote, lane->run->number);
  set_timer(lane, GRACE_MS);
}

static gboolean on_pipe(gint descriptor, GIOCondition condition, gpointer data);

static void watch_pipes(Lane *lane) {
  for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++) {
    Pipe *pipe = &lane->pipes[i];
    if (pipe->descriptor >= 0 && pipe->source == NULL)
      pipe->source = watch_descriptor(lane, pipe->descriptor, on_pipe, pipe);
  }
}

/* How long until `milliseconds` after the run's start; 0 where that has passed. */
static guint until(const Lane *lane, guint milliseconds) {
  gint64 left = (gint64)milliseconds * 1000 - lane_state_us(lane);
  return left > 0 ? (guint)((left + 999) / 1000) : 0;
}

static void look_at_run(Lane *lane) {
  guint left = until(lane, lane->run->limits.wall_ms);
  if (left == 0) {
    stop_run(lane, LIMIT_WALL);
    return;
  }
  guint pause = until(lane, LATE_MS) > 0 ? LOOK_MS : LATE_LOOK_MS;
  switch (stuck_watch(&lane->watch, lane->zygote)) {
  case STUCK_PROVEN:
    lane->run->stuck = g_array_ref(lane->watch.look);
    stop_run(lane, LIMIT_NONE);
    return;
  case STUCK_PERHAPS:
    pause = AGREE_MS;
    break;
  case STUCK_NOT:
    break;
  }
  set_timer(lane, MIN(pause, left));
}

/* The time that others took of the machine does not count, up to as much again. */
static void end_loading(Lane *lane) {
  guint limit_ms = lane->options->fixture_ms;
  gint64 spent_ms = lane_state_us(lane) / 1000;
  gint64 delay_ms = (gint64)MIN(zygote_delay_ns(lane->zygote) / 1000000, limit_ms);
  if (lane->is_over_memory) {
    lose_zygote(lane, "held more memory than a run may, while it was run");
  } else if (spent_ms < limit_ms + delay_ms) {
    set_timer(lane, (guint)(limit_ms + delay_ms - spent_ms) + 1);
  } else {
    g_autofree gchar *words = g_strdup_printf("never ended: stopped after %g s", limit_ms / 1000.0);
    lose_zygote(lane, words);
  }
}

static gboolean on_timer(gpointer data) {
  Lane *lane = data;
  if (is_loading(lane)) {
    end_loading(lane);
    return G_SOURCE_CONTINUE;
  }
  if (lane->state == LANE_STARTING) {
    lose_zygote(lane, "the worker did not become ready within 30 s");
    return G_SOURCE_CONTINUE;
  }
  switch (lane->phase) {
  case PHASE_QUICK:
    watch_pipes(lane);
    lane->phase = PHASE_RUNS;
    set_timer(lane, MIN(LOOK_MS, until(lane, lane->run->limits.wall_ms)));
    break;
  case PHASE_RUNS:
    look_at_run(lane);
    break;
  case PHASE_STOPPING:
    lose_zygote(lane, "the worker did not stop a run");
    break;
  case PHASE_DRAINING:
    read_pipes(lane);
    end_run(lane, LANE_READY);
    break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean on_pipe(gint descriptor, GIOCondition condition, gpointer data) {
  (void)descriptor;
  (void)condition;
  Pipe *pipe = data;
  Lane *lane = pipe->lane;
  read_pipe(pipe);
  guint64 total = lane->run->streams[0].total + lane->run->streams[1].total;
  if (lane->phase == PHASE_DRAINING) {
    if (pipes_are_closed(lane))
      end_run(lane, LANE_READY);
  } else if (lane->phase != PHASE_STOPPING && total > lane->run->limits.output_bytes) {
    stop_run(lane, LIMIT_OUTPUT);
  }
  return G_SOURCE_CONTINUE; /* a pipe at its end has dropped its source */
}

/* --- the zygote's messages --------------------------------------------- */

static void take_done(Lane *lane, const WireDone *done) {
  Run *run = lane->run;
  run->done = *done;
  lane->phase = PHASE_DRAINING;
  read_pipes(lane);
  if (run->limit == LIMIT_NONE &&
      run->streams[0].total + run->streams[1].total > lane->run->limits.output_bytes)
    run->limit = LIMIT_OUTPUT;
  if (pipes_are_closed(lane)) {
    end_run(lane, LANE_READY);
  } else {
    watch_pipes(lane);
    set_timer(lane, DRAIN_MS);
  }
}

static gboolean on_control(gint descriptor, GIOCondition condition, gpointer data) {
  (void)descriptor;
  (void)condition;
  Lane *lane = data;
  WireMessage message;
  switch (zygote_receive(lane->zygote, &message)) {
  case ZYGOTE_SILENT:
    break;
  case ZYGOTE_LOST:
    lose_zygote(lane, NULL);
    break;
  case ZYGOTE_SAID:
    if (message.head.type == WIRE_HELLO)
      end_run(lane, LANE_READY);
    else if (lane->run != NULL && lane->phase != PHASE_DRAINING &&
             message.done.run == lane->run->number)
      take_done(lane, &message.done);
    else
      lose_zygote(lane, "the worker ended a run that it did not have");
    break;
  }
  return G_SOURCE_CONTINUE;
}

/* --- the lane ---------------------------------------------------------- */

Lane *lane_start(const RunnerOptions *options, GMainContext *context, const gchar *scratch,
                 Snapshot *snapshot, LaneChanged changed, gpointer data, GError **error) {
  ZygoteStart start = {.worker = options->worker,
                       .scratch = scratch,
                       .hash_seed = options->hash_seed,
                       .fixture = snapshot->fixture,
                       .variant = snapshot->variant};
  Zygote *zygote = zygote_start(&start, error);
  if (zygote == NULL)
    return NULL;
  Lane *lane = g_new0(Lane, 1);
  lane->options = options;
  lane->context = context;
  lane->changed = changed;
  lane->data = data;
  lane->snapshot = snapshot;
  lane->zygote = zygote;
  set_state(lane, LANE_STARTING);
  for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++)
    lane->pipes[i] = (Pipe){.lane = lane, .stream = (StreamKind)i, .descriptor = -1};
  lane->control = watch_descriptor(lane, zygote_socket(zygote), on_control, lane);
  lane->timer = timer_new(lane);
  set_timer(lane, snapshot->fixture != NULL ? options->fixture_ms : START_MS);
  return lane;
}

void lane_free(Lane *lane) {
  if (lane == NULL)
    return;
  drop_source(&lane->control);
  drop_source(&lane->timer);
  for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++)
    close_pipe(&lane->pipes[i]);
  stuck_watch_clear(&lane->watch);
  run_free(lane->run);
  zygote_free(lane->zygote);
  farewell_clear(&lane->farewell);
  g_free(lane);
}

LaneState lane_state(const Lane *lane) {
  return lane->state;
}

Snapshot *lane_snapshot(const Lane *lane) {
  return lane->snapshot;
}

void lane_await_load(Lane *lane, gint64 end_us) {
  zygote_await_news(lane->zygote, end_us);
}

gint64 lane_state_us(const Lane *lane) {
  return g_get_monotonic_time() - lane->state_us;
}

gboolean lane_has_served(const Lane *lane) {
  return lane->has_served;
}

/* Opens a pipe; the writing end blocks, ours does not. */
static gboolean open_pipe(Pipe *ours, int *theirs) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0)
    return FALSE;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  ours->descriptor = ends[0];
  *theirs = ends[1];
  return TRUE;
}

static gboolean open_pipes(Lane *lane, int descriptors[WIRE_RUN_FDS]) {
  if (!open_pipe(&lane->pipes[STREAM_OUTPUT], &descriptors[WIRE_FD_OUTPUT]))
    return FALSE;
  if (!lane->run->job->request.is_merged)
    return open_pipe(&lane->pipes[STREAM_ERRORS], &descriptors[WIRE_FD_ERRORS]);
  descriptors[WIRE_FD_ERRORS] = fcntl(descriptors[WIRE_FD_OUTPUT], F_DUPFD_CLOEXEC, 0);
  return descriptors[WIRE_FD_ERRORS] >= 0;
}

/* Returns NULL, or what went wrong; caller frees. */
static gchar *send_run(Lane *lane) {
  Run *run = lane->run;
  int descriptors[WIRE_RUN_FDS] = {-1, -1, -1};
  WireRun message = {
      .run = run->number,
      .cpu_seconds = lane->run->limits.cpu_seconds,
      .wall_ms = lane->run->limits.wall_ms,
      .address_bytes = lane->run->limits.address_bytes,
      .file_bytes = FILE_BYTES,
  };
  gchar *failure = NULL;
  descriptors[WIRE_FD_REQUEST] = request_write(&run->job->request, &message.request_size);
  if (descriptors[WIRE_FD_REQUEST] < 0)
    failure = g_strdup_printf("its request could not be written: %s", g_strerror(errno));
  else if (!open_pipes(lane, descriptors))
    failure = g_strdup_printf("no pipe for its output: %s", g_strerror(errno));
  else if (!zygote_send_run(lane->zygote, &message, descriptors) && errno != EPIPE &&
           errno != ECONNRESET) /* these two come with an end of file */
    failure = g_strdup_printf("it could not be sent to the worker: %s", g_strerror(errno));
  for (guint i = 0; i < WIRE_RUN_FDS; i++)
    if (descriptors[i] >= 0)
      close(descriptors[i]);
  return failure;
}

void lane_run(Lane *lane, Job *job, guint32 number) {
  g_return_if_fail(lane->state == LANE_READY);
  set_state(lane, LANE_RUNNING);
  lane->phase = PHASE_QUICK;
  lane->run = run_new(job, number, lane->options);
  lane->ticks = 0;
  lane->idle_looks = 0;
  lane->run->failure = send_run(lane);
  if (lane->run->failure != NULL) {
    /* The run is over before it began; the main loop says so. */
    lane->phase = PHASE_DRAINING;
    for (guint i = 0; i < G_N_ELEMENTS(lane->pipes); i++)
      close_pipe(&lane->pipes[i]);
    set_timer(lane, 0);
    return;
  }
  set_timer(lane, QUICK_MS);
}

/* What all processes of the zygote, or of its run, use now. */
static void measure(const Lane *lane, guint64 *ticks, guint64 *bytes) {
  g_autoptr(GArray) tree = zygote_list_processes(lane->zygote);
  *ticks = *bytes = 0;
  for (guint i = 0; i < tree->len; i++) {
    *ticks += process_cpu_ticks(g_array_index(tree, pid_t, i));
    *bytes += process_private_bytes(g_array_index(tree, pid_t, i));
  }
}

void lane_watch(Lane *lane) {
  if ((lane->state != LANE_RUNNING && !is_loading(lane)) ||
      lane_state_us(lane) < (gint64)WATCH_AFTER_MS * 1000)
    return;
  guint64 ticks, bytes;
  measure(lane, &ticks, &bytes);
  /* One process of a run meets its limit of address space before. */
  guint64 most = lane->run != NULL ? lane->run->limits.address_bytes : lane->options->address_bytes;
  gboolean is_over = most > 0 && bytes > most;
  if (lane->run == NULL) {
    lane->is_over_memory = is_over;
    if (is_over)
      set_timer(lane, 0);
    return;
  }
  if (is_over && (lane->phase == PHASE_QUICK || lane->phase == PHASE_RUNS)) {
    stop_run(lane, LIMIT_MEMORY);
    return;
  }
  /* The first look has nothing to be compared with. */
  gboolean is_idle = lane->ticks > 0 && ticks <= lane->ticks;
  lane->idle_looks = is_idle ? lane->idle_looks + 1 : 0;
  lane->ticks = MAX(ticks, 1);
}

gboolean lane_is_waiting(const Lane *lane) {
  return lane->state == LANE_RUNNING && lane->idle_looks >= 1;
}

const WireHello *lane_hello(const Lane *lane) {
  return zygote_hello(lane->zygote);
}

const gchar *lane_last_words(const Lane *lane) {
  return lane->farewell.words;
}

const gchar *lane_last_lines(const Lane *lane) {
  return lane->farewell.lines;
}

gboolean lane_failed_itself(const Lane *lane) {
  return lane->farewell.is_own_fault;
}
