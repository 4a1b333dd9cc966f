#include "run/transcript_builder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "run/alignment.h"
#include "run/journal_read.h"
#include "run/threads_read.h"

/* More than a person reads, and than a report should hold. */
#define EVENTS_MAX 10000
#define CHECKED_MAX 10000

/* One stream on its way from bytes and notes to text and writes. */
typedef struct {
  Alignment alignment;
  guint64 start; /* where the subject's part begins */
  GString *text; /* of that part */
  gsize cut;     /* missing in it */
} Stream;

typedef struct {
  guint64 offset; /* in the stream */
  Write write;    /* its offset is not yet known */
} FoundWrite;

typedef struct {
  const RunRecord *record;
  Transcript *transcript;
  Stream streams[2];
  GArray *found; /* FoundWrite, of the subject */
  gboolean in_subject;
  gboolean has_started, has_names, is_held, has_ended, has_exit, is_ending;
  gboolean is_unparsable, has_system_exit;
  gboolean is_checking; /* what is checked after the run had begun, and had not come to its end */
  gboolean in_hook;     /* the fixture's own code was running */
  gint status;          /* of the subject, then */
  guint64 end_ns;       /* when it said that it ends; 0: it did not */
  gchar *failure;       /* as the worker says */
  gchar *unready;       /* why the fixture is not ready, as it says; or NULL */
  gchar *traceback;
} Builder;

/* --- single entries ---------------------------------------------------- */

static void read_names(Builder *builder, const JournalNames *entry) {
  Transcript *transcript = builder->transcript;
  if (builder->has_names)
    return;
  builder->has_names = TRUE;
  g_strfreev(transcript->names_bound);
  g_strfreev(transcript->names_needed);
  transcript->names_bound = journal_read_words(&entry->entry, sizeof *entry, 0);
  transcript->names_needed = journal_read_words(&entry->entry, sizeof *entry, 1);
  transcript->names_certain = MIN(entry->certain, g_strv_length(transcript->names_needed));
}

static void read_write(Builder *builder, const JournalWrite *entry) {
  if (entry->stream != 1 && entry->stream != 2)
    return;
  Stream *stream = &builder->streams[entry->stream - 1];
  FoundWrite found = {
      .write = {.stream = entry->stream == 1 ? STREAM_OUTPUT : STREAM_ERRORS,
                .line = journal_read_line(builder->record, entry->unit, entry->line),
                .outer_line = journal_read_line(builder->record, entry->unit, entry->outer_line),
                .thread = entry->thread,
                .time_ns = journal_read_time(builder->record, entry->entry.time_ns),
                .length = (gsize)entry->length}};
  if (!alignment_find(&stream->alignment, entry->length, entry->hash, &found.offset))
    return;
  if (builder->in_subject)
    g_array_append_val(builder->found, found);
}

static void read_value(Builder *builder, const JournalValue *entry) {
  Value *value = builder->in_subject ? journal_read_value(builder->record, entry) : NULL;
  if (value != NULL)
    g_ptr_array_add(builder->transcript->values, value);
}

static void read_raised(Builder *builder, const JournalRaised *entry) {
  Raised *raised = builder->in_subject ? journal_read_raised(builder->record, entry) : NULL;
  if (raised == NULL)
    return;
  g_ptr_array_add(builder->transcript->raised, raised);
  if (raised->passed || raised->is_seen)
    return;
  if ((entry->flags & JOURNAL_RAISED_COMPILING) != 0)
    builder->is_unparsable = TRUE;
  if ((entry->flags & JOURNAL_RAISED_EXIT) != 0 && !raised->in_thread)
    builder->has_system_exit = TRUE; /* no error: the exit status says all */
}

static void read_passed(Builder *builder, const JournalPassed *entry) {
  guint line = journal_read_line(builder->record, entry->unit, entry->line);
  if (builder->in_subject && line > 0)
    g_array_append_val(builder->transcript->passed, line);
}

static void read_probed(Builder *builder, const JournalProbed *entry) {
  Probed *probed = builder->in_subject ? journal_read_probed(builder->record, entry) : NULL;
  if (probed != NULL)
    g_ptr_array_add(builder->transcript->probed, probed);
}

static void read_event(Builder *builder, const JournalEvent *entry) {
  Transcript *transcript = builder->transcript;
  Event *event = builder->in_subject ? journal_read_event(builder->record, entry) : NULL;
  if (event != NULL && transcript->events->len < EVENTS_MAX) {
    g_ptr_array_add(transcript->events, event);
  } else if (event != NULL) {
    event_free(event);
    transcript->events_lost++;
  }
}

static void read_checked(Builder *builder, const JournalChecked *entry) {
  GPtrArray *all = builder->transcript->checked;
  gboolean counts = builder->in_subject && all->len < CHECKED_MAX;
  Checked *checked = counts ? journal_read_checked(builder->record, entry) : NULL;
  if (checked != NULL)
    g_ptr_array_add(all, checked);
}

static gboolean has_fixture(const Builder *builder) {
  return builder->record->request != NULL && builder->record->request->fixture != NULL;
}

static void read_unready(Builder *builder, const JournalEntry *entry) {
  /* Without a fixture only what the expectation wants can have taken too long. */
  gboolean counts =
      has_fixture(builder) || (builder->is_checking && builder->record->request != NULL &&
                               builder->record->request->after != NULL);
  if (builder->unready != NULL || !counts)
    return;
  builder->unready = journal_read_some_text(entry, sizeof(JournalText), 0);
  builder->traceback = journal_read_some_text(entry, sizeof(JournalText), 1);
  if (builder->unready == NULL)
    builder->unready = g_strdup("its fixture is not ready");
}

static void begin_subject(Builder *builder) {
  if (builder->in_subject)
    return;
  builder->in_subject = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(builder->streams); i++)
    builder->streams[i].start =
        MIN(builder->streams[i].alignment.at, builder->streams[i].alignment.stream->total);
}

static void read_entry(Builder *builder, const JournalEntry *entry) {
  Transcript *transcript = builder->transcript;
  if (entry->type == JOURNAL_WRITE) {
    read_write(builder, (const JournalWrite *)entry);
    return;
  }
  if (entry->process != 0)
    return; /* how a forked process ends is not how the snippet ends */
  switch ((JournalType)entry->type) {
  case JOURNAL_START:
    builder->has_started = TRUE;
    break;
  case JOURNAL_WRITE:
    break;
  case JOURNAL_PASSED:
    read_passed(builder, (const JournalPassed *)entry);
    break;
  case JOURNAL_PROBED:
    read_probed(builder, (const JournalProbed *)entry);
    break;
  case JOURNAL_EVENT:
    read_event(builder, (const JournalEvent *)entry);
    break;
  case JOURNAL_CHECKED:
    read_checked(builder, (const JournalChecked *)entry);
    break;
  case JOURNAL_UNREADY:
    read_unready(builder, entry);
    break;
  case JOURNAL_NAMES:
    read_names(builder, (const JournalNames *)entry);
    break;
  case JOURNAL_HELD:
    builder->is_held = TRUE;
    break;
  case JOURNAL_VALUE:
    read_value(builder, (const JournalValue *)entry);
    break;
  case JOURNAL_RAISED:
    read_raised(builder, (const JournalRaised *)entry);
    break;
  case JOURNAL_SUBJECT:
    begin_subject(builder);
    break;
  case JOURNAL_HOOK:
  case JOURNAL_HOOKED:
    builder->in_hook = entry->type == JOURNAL_HOOK;
    break;
  case JOURNAL_CHECKING:
    builder->is_checking = TRUE;
    builder->status = ((const JournalExit *)entry)->status;
    break;
  case JOURNAL_ENDING:
    builder->is_ending = TRUE;
    builder->is_checking = FALSE;
    break;
  case JOURNAL_EXIT: {
    guint line = ((const JournalExit *)entry)->line;
    builder->has_exit = TRUE;
    builder->end_ns = entry->time_ns;
    transcript->last_line = line <= builder->record->lines ? line : 0;
    break;
  }
  case JOURNAL_END:
    builder->has_ended = TRUE;
    builder->in_hook = FALSE;
    builder->end_ns = entry->time_ns;
    break;
  case JOURNAL_FAILED:
    if (builder->failure == NULL)
      builder->failure = journal_read_text(entry, sizeof(JournalText), 0);
    break;
  }
}

/* --- the streams ------------------------------------------------------- */

static void close_stream(const Builder *builder, Stream *stream) {
  const OutputBuffer *bytes = stream->alignment.stream;
  if (!builder->in_subject) /* all of it is an earlier block's */
    stream->start = bytes->total;
  stream->text = output_buffer_text(bytes, stream->start, &stream->cut);
}

/* Turns offsets in the streams into offsets in their texts. */
static void place_writes(Builder *builder) {
  for (guint i = 0; i < builder->found->len; i++) {
    FoundWrite *found = &g_array_index(builder->found, FoundWrite, i);
    const Stream *stream = &builder->streams[found->write.stream];
    if (found->offset < stream->start)
      continue;
    found->write.offset = (gsize)(found->offset - stream->start);
    if (found->offset >= stream->alignment.stream->head->len)
      found->write.offset -= stream->cut;
    g_array_append_val(builder->transcript->writes, found->write);
  }
}

static void close_streams(Builder *builder) {
  Transcript *transcript = builder->transcript;
  Stream *output = &builder->streams[STREAM_OUTPUT], *errors = &builder->streams[STREAM_ERRORS];
  close_stream(builder, output);
  close_stream(builder, errors);
  place_writes(builder);
  g_string_free(transcript->output, TRUE);
  g_string_free(transcript->errors, TRUE);
  transcript->output = output->text;
  transcript->errors = errors->text;
  transcript->output_cut = output->cut;
  transcript->errors_cut = errors->cut;
}

/* --- how it ended ------------------------------------------------------ */

static void set_failure(Transcript *transcript, const gchar *text) {
  transcript->outcome = OUTCOME_FAILED;
  transcript->failure = g_strdup(text);
  g_strdelimit(transcript->failure, "\n\r", ' ');
  g_strstrip(transcript->failure);
}

static void set_unready(const Builder *builder, const gchar *text, const gchar *traceback) {
  const Fixture *fixture = builder->record->request->fixture->fixture;
  set_failure(builder->transcript, text);
  builder->transcript->outcome = OUTCOME_UNREADY;
  builder->transcript->traceback = fixture_text_shown(fixture, traceback);
}

static gboolean has_final_exception(const Transcript *transcript) {
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->passed && !raised->in_thread && !raised->is_seen)
      return TRUE;
  }
  return FALSE;
}

static void set_stopped(Transcript *transcript, LimitKind limit) {
  transcript->outcome = OUTCOME_STOPPED;
  transcript->limit = limit;
}

/* Whether the kernel ended it for its CPU limit, beyond which it sends SIGXCPU, and then
 * SIGKILL. */
static gboolean is_over_cpu(const RunRecord *record, gint number) {
  guint64 cpu_ns = record->done.user_ns + record->done.system_ns;
  gboolean is_over =
      record->cpu_seconds > 0 && cpu_ns + G_GUINT64_CONSTANT(100000000) >=
                                     record->cpu_seconds * G_GUINT64_CONSTANT(1000000000);
  return number == SIGXCPU || (number == SIGKILL && is_over);
}

/* Whether a limit of the run has ended it. */
static gboolean is_at_limit(const RunRecord *record) {
  gint status = record->done.status;
  return record->limit != LIMIT_NONE ||
         (WIFSIGNALED(status) && is_over_cpu(record, WTERMSIG(status)));
}

static void set_signalled(const Builder *builder, gint number) {
  if (is_over_cpu(builder->record, number)) {
    set_stopped(builder->transcript, LIMIT_CPU);
    return;
  }
  builder->transcript->outcome = OUTCOME_SIGNALLED;
  builder->transcript->signal = number;
}

static void set_exited(const Builder *builder, gint code) {
  Transcript *transcript = builder->transcript;
  transcript->exit_code = code;
  if (builder->is_held)
    transcript->outcome = OUTCOME_HELD;
  else if (builder->unready != NULL && has_fixture(builder))
    set_unready(builder, builder->unready, builder->traceback);
  else if (builder->is_unparsable)
    transcript->outcome = OUTCOME_UNPARSABLE;
  else if (!builder->is_checking && (builder->has_exit || !builder->has_ended))
    transcript->outcome = OUTCOME_EXITED; /* without END: behind Python's back */
  else if (!builder->has_system_exit && has_final_exception(transcript))
    transcript->outcome = OUTCOME_RAISED;
  else
    transcript->outcome = code == 0 ? OUTCOME_FINISHED : OUTCOME_EXITED;
}

/* How a process ended that others than the snippet did not let go on, as a phrase. Caller
 * frees. */
static gchar *end_text(const RunRecord *record) {
  gint status = record->done.status;
  if (is_at_limit(record))
    return g_strdup("came to a limit of the run");
  if (record->stuck != NULL)
    return g_strdup("could never go on");
  if (WIFSIGNALED(status))
    return g_strdup_printf("ended by signal %d", WTERMSIG(status));
  return g_strdup_printf("ended the process (exit %d)", WEXITSTATUS(status));
}

/* The fixture's own code kept the snippet from beginning. What it printed may say why. */
static void set_unbegun(const Builder *builder) {
  const RunRecord *record = builder->record;
  g_autofree gchar *end = end_text(record);
  g_autofree gchar *text = g_strdup_printf("fixture %s.py %s before the snippet began",
                                           record->request->fixture->fixture->name, end);
  gsize cut;
  GString *errors = output_buffer_text(record->errors, 0, &cut);
  g_autofree gchar *words = g_utf8_make_valid(errors->str, (gssize)errors->len);
  g_string_free(errors, TRUE);
  set_unready(builder, text, *g_strstrip(words) != '\0' ? words : NULL);
}

/* The fixture, and what it did to the process, kept the snippet from being run. */
static void set_kept(const Builder *builder, const gchar *reason) {
  const gchar *name = builder->record->request->fixture->fixture->name;
  g_autofree gchar *text =
      g_strdup_printf("fixture %s.py left no process that a snippet can run in: %s", name, reason);
  set_unready(builder, text, NULL);
}

/* The process ended in the fixture's own code, while the snippet ran or after it. */
static void set_hooked(const Builder *builder) {
  g_autofree gchar *end = end_text(builder->record);
  g_autofree gchar *text = g_strdup_printf("fixture %s.py: its hook %s",
                                           builder->record->request->fixture->fixture->name, end);
  builder->transcript->is_ending = FALSE;
  set_unready(builder, text, NULL);
}

/* The fixture's own code did not come to its end in time, as where the worker itself ended it
 * for that (worker/deadline.h). */
static void set_endless(const Builder *builder) {
  g_autofree gchar *end = end_text(builder->record);
  g_autofree gchar *text = g_strdup_printf("fixture %s.py %s when the snippet had been run",
                                           builder->record->request->fixture->fixture->name, end);
  builder->transcript->is_ending = FALSE;
  set_unready(builder, text, NULL);
}

/* What is checked after the run ended in another way: the run ended as it would have without. */
static void set_unchecked(const Builder *builder) {
  g_autofree gchar *end = end_text(builder->record);
  Checked *checked = g_new0(Checked, 1);
  checked->kind = CHECKED_AFTER;
  checked->end = CHECKED_UNCLEAR;
  checked->rule = g_strdup("checks");
  checked->said = g_strdup("what is checked when the snippet has been run");
  checked->note =
      builder->unready != NULL ? g_strdup(builder->unready) : g_strdup_printf("it %s", end);
  g_ptr_array_add(builder->transcript->checked, checked);
  builder->transcript->is_ending = FALSE;
  set_exited(builder, builder->status & 0xff);
}

/* The snippet's process was never there, or its end was not seen. */
static void set_unborn(const Builder *builder) {
  gint error = (gint)builder->record->done.error;
  g_autofree gchar *text =
      g_strdup_printf(error == ECHILD ? "nobody could wait for the snippet's process: %s"
                                      : "the snippet's process could not be started: %s",
                      g_strerror(error));
  if (has_fixture(builder))
    set_kept(builder, text);
  else
    set_failure(builder->transcript, text);
}

static void set_outcome(const Builder *builder) {
  const RunRecord *record = builder->record;
  Transcript *transcript = builder->transcript;
  gint status = record->done.status;
  gboolean has_said_why = builder->failure != NULL || builder->unready != NULL;
  transcript->is_ending = builder->is_ending && !builder->has_ended;
  if (record->failure != NULL) {
    set_failure(transcript, record->failure);
  } else if (status == -1) {
    set_unborn(builder);
  } else if (has_fixture(builder) && !builder->has_started && builder->failure != NULL) {
    set_kept(builder, builder->failure);
  } else if (has_fixture(builder) && !builder->has_started && !has_said_why) {
    set_unbegun(builder);
  } else if (builder->is_checking && record->limit != LIMIT_OUTPUT &&
             (!has_said_why || (!has_fixture(builder) && builder->failure == NULL))) {
    if (has_fixture(builder) && (is_at_limit(record) || record->stuck != NULL))
      set_endless(builder);
    else
      set_unchecked(builder);
  } else if (builder->in_hook && has_fixture(builder) && record->limit != LIMIT_OUTPUT &&
             !has_said_why) {
    set_hooked(builder);
  } else if (record->limit == LIMIT_OUTPUT) {
    /* Whether it came to its end before our signal is chance. */
    set_stopped(transcript, LIMIT_OUTPUT);
  } else if (record->limit != LIMIT_NONE && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    set_stopped(transcript, record->limit);
  } else if (record->stuck != NULL && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    transcript->outcome = OUTCOME_STUCK;
  } else if (builder->failure != NULL) {
    set_failure(transcript, builder->failure);
  } else if (WIFSIGNALED(status)) {
    set_signalled(builder, WTERMSIG(status));
  } else {
    set_exited(builder, WEXITSTATUS(status));
  }
}

static void set_usage(const RunRecord *record, Usage *usage) {
  const WireDone *done = &record->done;
  guint64 born_with = record->journal->start_peak_bytes;
  *usage = (Usage){
      .wall_ns = done->wall_ns,
      .user_ns = done->user_ns,
      .system_ns = done->system_ns,
      .peak_bytes = done->peak_bytes > born_with ? done->peak_bytes - born_with : 0,
      .switches_voluntary = done->switches_voluntary,
      .switches_forced = done->switches_forced,
  };
}

/* --- its threads ------------------------------------------------------- */

/* When the run said that it ends, or else was reaped. */
static guint64 end_ns(const Builder *builder) {
  const RunRecord *record = builder->record;
  return builder->end_ns != 0 ? builder->end_ns : record->journal->start_ns + record->done.wall_ns;
}

static void set_threads(const Builder *builder) {
  const RunRecord *record = builder->record;
  Transcript *transcript = builder->transcript;
  if (record->board == NULL)
    return;
  ThreadsRecord threads = {record->board, record->units - 1, record->lines};
  transcript->gil = threads_read_gil(&threads, record->journal->start_ns, end_ns(builder));
  if (transcript->outcome != OUTCOME_STUCK)
    return;
  threads_read_waits(&threads, record->stuck, transcript->waits);
  if (transcript->waits->len > 0)
    transcript->last_line = ((const Waiting *)g_ptr_array_index(transcript->waits, 0))->line;
}

/* --- the whole --------------------------------------------------------- */

Transcript *transcript_build(const RunRecord *record) {
  Builder builder = {.record = record,
                     .transcript = transcript_new(),
                     .found = g_array_new(FALSE, FALSE, sizeof(FoundWrite)),
                     .in_subject = record->units <= 1};
  alignment_init(&builder.streams[STREAM_OUTPUT].alignment, record->output);
  alignment_init(&builder.streams[STREAM_ERRORS].alignment, record->errors);

  guint64 position = 0;
  const JournalEntry *entry;
  while ((entry = journal_next(record->journal, record->run, &position)) != NULL)
    read_entry(&builder, entry);
  close_streams(&builder);

  Transcript *transcript = builder.transcript;
  transcript->writes_lost = record->journal->lost;
  transcript->prelude = record->units > 0 ? record->units - 1 : 0;
  transcript->survivors = record->done.survivors;
  set_usage(record, &transcript->usage);
  set_outcome(&builder);
  set_threads(&builder);
  g_array_unref(builder.found);
  g_free(builder.failure);
  g_free(builder.unready);
  g_free(builder.traceback);
  return transcript;
}

gboolean transcript_has_entry(const JournalHead *journal, guint32 run, JournalType type) {
  guint64 position = 0;
  const JournalEntry *entry;
  while ((entry = journal_next(journal, run, &position)) != NULL)
    if (entry->type == type && entry->process == 0)
      return TRUE;
  return FALSE;
}

gboolean transcript_has_started(const JournalHead *journal, guint32 run) {
  return transcript_has_entry(journal, run, JOURNAL_START);
}
