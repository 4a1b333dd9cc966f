#include "run/transcript_builder.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "run/alignment.h"
#include "run/threads_read.h"

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
  gboolean has_names, is_held, is_unready, has_ended, has_exit, is_ending;
  gboolean is_unparsable, has_system_exit;
  guint64 end_ns; /* when it said that it ends; 0: it did not */
  gchar *failure; /* as the worker says */
} Builder;

/* --- single entries ---------------------------------------------------- */

static gchar *entry_text(const JournalEntry *entry, gsize fixed, guint index) {
  const char *text;
  size_t size;
  if (!journal_text(entry, fixed, index, &text, &size))
    return NULL;
  return g_utf8_make_valid(text, (gssize)size);
}

/* Words joined by ' '; never NULL. */
static GStrv entry_words(const JournalEntry *entry, gsize fixed, guint index) {
  g_autofree gchar *text = entry_text(entry, fixed, index);
  if (text == NULL || *text == '\0')
    return g_new0(gchar *, 1);
  return g_strsplit(text, " ", -1);
}

static guint known_line(const Builder *builder, guint32 unit, guint32 line) {
  return unit == builder->record->units - 1 && line <= builder->record->lines ? line : 0;
}

static guint64 since_start(const Builder *builder, guint64 time_ns) {
  guint64 start = builder->record->journal->start_ns;
  return time_ns > start ? time_ns - start : 0;
}

static void read_names(Builder *builder, const JournalNames *entry) {
  Transcript *transcript = builder->transcript;
  if (builder->has_names)
    return;
  builder->has_names = TRUE;
  g_strfreev(transcript->names_bound);
  g_strfreev(transcript->names_needed);
  transcript->names_bound = entry_words(&entry->entry, sizeof *entry, 0);
  transcript->names_needed = entry_words(&entry->entry, sizeof *entry, 1);
  transcript->names_certain = MIN(entry->certain, g_strv_length(transcript->names_needed));
}

static void read_write(Builder *builder, const JournalWrite *entry) {
  if (entry->stream != 1 && entry->stream != 2)
    return;
  Stream *stream = &builder->streams[entry->stream - 1];
  FoundWrite found = {.write = {.stream = entry->stream == 1 ? STREAM_OUTPUT : STREAM_ERRORS,
                                .line = known_line(builder, entry->unit, entry->line),
                                .outer_line = known_line(builder, entry->unit, entry->outer_line),
                                .thread = entry->thread,
                                .time_ns = since_start(builder, entry->entry.time_ns),
                                .length = (gsize)entry->length}};
  if (!alignment_find(&stream->alignment, entry->length, entry->hash, &found.offset))
    return;
  if (builder->in_subject)
    g_array_append_val(builder->found, found);
}

static void read_value(Builder *builder, const JournalValue *entry) {
  g_autofree gchar *type = entry_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *repr = entry_text(&entry->entry, sizeof *entry, 1);
  guint line = known_line(builder, entry->unit, entry->line);
  if (!builder->in_subject || line == 0 || type == NULL || repr == NULL)
    return;
  g_autofree gchar *names = entry_text(&entry->entry, sizeof *entry, 2);
  Value *value = g_new0(Value, 1);
  value->line = line;
  value->names = names != NULL && *names != '\0' ? g_steal_pointer(&names) : NULL;
  value->type = g_steal_pointer(&type);
  value->repr = g_steal_pointer(&repr);
  value->is_cut = entry->is_cut != 0;
  g_autofree gchar *shown = entry_text(&entry->entry, sizeof *entry, 3);
  value->shown = shown != NULL && *shown != '\0' ? g_steal_pointer(&shown) : NULL;
  g_ptr_array_add(builder->transcript->values, value);
}

/* Of the four texts that begin after `fixed` bytes; NULL where there is none. */
static Raised *entry_exception(const JournalEntry *entry, gsize fixed) {
  g_autofree gchar *type = entry_text(entry, fixed, 0);
  g_autofree gchar *message = entry_text(entry, fixed, 2);
  g_autofree gchar *name = entry_text(entry, fixed, 3);
  if (type == NULL || *type == '\0' || message == NULL)
    return NULL;
  Raised *raised = g_new0(Raised, 1);
  raised->type = g_steal_pointer(&type);
  raised->bases = entry_words(entry, fixed, 1);
  raised->message = g_steal_pointer(&message);
  raised->name = name != NULL && *name != '\0' ? g_steal_pointer(&name) : NULL;
  return raised;
}

static void read_raised(Builder *builder, const JournalRaised *entry) {
  if (!builder->in_subject)
    return;
  Raised *raised = entry_exception(&entry->entry, sizeof *entry);
  if (raised == NULL)
    return;
  raised->line = known_line(builder, entry->unit, entry->line);
  raised->outer_line = known_line(builder, entry->unit, entry->outer_line);
  raised->passed = (entry->flags & JOURNAL_RAISED_PASSED) != 0;
  raised->in_thread = (entry->flags & JOURNAL_RAISED_THREAD) != 0;
  raised->is_seen = (entry->flags & JOURNAL_RAISED_SEEN) != 0;
  g_ptr_array_add(builder->transcript->raised, raised);
  if (raised->passed || raised->is_seen)
    return;
  if ((entry->flags & JOURNAL_RAISED_COMPILING) != 0)
    builder->is_unparsable = TRUE;
  if ((entry->flags & JOURNAL_RAISED_EXIT) != 0 && !raised->in_thread)
    builder->has_system_exit = TRUE; /* no error: the exit status says all */
}

static void read_passed(Builder *builder, const JournalPassed *entry) {
  guint line = known_line(builder, entry->unit, entry->line);
  if (builder->in_subject && line > 0)
    g_array_append_val(builder->transcript->passed, line);
}

static gboolean probe_end(guint32 number, ProbeEnd *end) {
  switch ((JournalProbeEnd)number) {
  case JOURNAL_PROBE_FINISHED:
    *end = PROBE_FINISHED;
    return TRUE;
  case JOURNAL_PROBE_RAISED:
    *end = PROBE_RAISED;
    return TRUE;
  case JOURNAL_PROBE_UNPARSABLE:
    *end = PROBE_UNPARSABLE;
    return TRUE;
  case JOURNAL_PROBE_STOPPED:
    *end = PROBE_STOPPED;
    return TRUE;
  case JOURNAL_PROBE_DIED:
    *end = PROBE_DIED;
    return TRUE;
  }
  return FALSE;
}

static void read_probed(Builder *builder, const JournalProbed *entry) {
  guint line = known_line(builder, entry->unit, entry->line);
  ProbeEnd end;
  if (!builder->in_subject || line == 0 || !probe_end(entry->end, &end))
    return;
  gboolean has_exception = end == PROBE_RAISED || end == PROBE_UNPARSABLE;
  Raised *raised = has_exception ? entry_exception(&entry->entry, sizeof *entry) : NULL;
  if (has_exception && raised == NULL)
    return;
  g_autofree gchar *repr = entry_text(&entry->entry, sizeof *entry, 4);
  gchar *output = entry_text(&entry->entry, sizeof *entry, 5);
  Probed *probed = g_new0(Probed, 1);
  probed->line = line;
  probed->end = end;
  probed->raised = raised;
  probed->repr = repr != NULL && *repr != '\0' ? g_steal_pointer(&repr) : NULL;
  probed->output = output != NULL ? output : g_strdup("");
  if (raised != NULL)
    raised->line = line;
  g_ptr_array_add(builder->transcript->probed, probed);
}

/* More than a person reads, and than a report should hold. */
#define EVENTS_MAX 10000

static void read_event(Builder *builder, const JournalEvent *entry) {
  GPtrArray *events = builder->transcript->events;
  g_autofree gchar *kind = entry_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *text = entry_text(&entry->entry, sizeof *entry, 1);
  if (!builder->in_subject || kind == NULL || text == NULL)
    return;
  if (events->len >= EVENTS_MAX) {
    builder->transcript->events_lost++;
    return;
  }
  Event *event = g_new0(Event, 1);
  event->kind = g_steal_pointer(&kind);
  event->text = g_steal_pointer(&text);
  event->line = known_line(builder, entry->unit, entry->line);
  event->outer_line = known_line(builder, entry->unit, entry->outer_line);
  event->thread = entry->thread;
  event->time_ns = since_start(builder, entry->entry.time_ns);
  event->spent_ns = entry->spent_ns;
  event->count = MAX(entry->count, -1);
  event->is_shown = (entry->flags & JOURNAL_EVENT_SHOWN) != 0;
  g_ptr_array_add(events, event);
}

static gboolean checked_kind(guint32 number, CheckedKind *kind) {
  switch ((JournalCheckedKind)number) {
  case JOURNAL_CHECKED_REMARK:
    *kind = CHECKED_REMARK;
    return TRUE;
  case JOURNAL_CHECKED_PROSE:
    *kind = CHECKED_PROSE;
    return TRUE;
  case JOURNAL_CHECKED_AFTER:
    *kind = CHECKED_AFTER;
    return TRUE;
  case JOURNAL_CHECKED_FINAL:
    *kind = CHECKED_FINAL;
    return TRUE;
  }
  return FALSE;
}

static gboolean checked_end(guint32 number, CheckedEnd *end) {
  switch ((JournalCheckedEnd)number) {
  case JOURNAL_CHECKED_HOLDS:
    *end = CHECKED_HOLDS;
    return TRUE;
  case JOURNAL_CHECKED_CONTRADICTED:
    *end = CHECKED_CONTRADICTED;
    return TRUE;
  case JOURNAL_CHECKED_UNCLEAR:
    *end = CHECKED_UNCLEAR;
    return TRUE;
  }
  return FALSE;
}

/* NULL for an empty one. */
static gchar *entry_some_text(const JournalEntry *entry, gsize fixed, guint index) {
  g_autofree gchar *text = entry_text(entry, fixed, index);
  return text != NULL && *text != '\0' ? g_steal_pointer(&text) : NULL;
}

static void read_checked(Builder *builder, const JournalChecked *entry) {
  CheckedKind kind;
  CheckedEnd end;
  g_autofree gchar *rule = entry_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *said = entry_text(&entry->entry, sizeof *entry, 1);
  guint lines = builder->record->lines;
  if (!builder->in_subject || rule == NULL || said == NULL || !checked_kind(entry->kind, &kind) ||
      !checked_end(entry->end, &end) || entry->first > lines || entry->last > lines ||
      ((kind == CHECKED_REMARK || kind == CHECKED_AFTER) && entry->line > lines))
    return;
  Checked *checked = g_new0(Checked, 1);
  checked->kind = kind;
  checked->end = end;
  checked->line = entry->line;
  checked->first_line = entry->first;
  checked->last_line = entry->last;
  checked->rule = g_steal_pointer(&rule);
  checked->said = g_steal_pointer(&said);
  checked->actual = entry_some_text(&entry->entry, sizeof *entry, 2);
  checked->note = entry_some_text(&entry->entry, sizeof *entry, 3);
  g_ptr_array_add(builder->transcript->checked, checked);
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
    builder->is_unready = TRUE;
    if (transcript->failure == NULL) {
      transcript->failure = entry_text(entry, sizeof(JournalText), 0);
      transcript->traceback = entry_text(entry, sizeof(JournalText), 1);
    }
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
  case JOURNAL_ENDING:
    builder->is_ending = TRUE;
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
    builder->end_ns = entry->time_ns;
    break;
  case JOURNAL_FAILED:
    if (builder->failure == NULL)
      builder->failure = entry_text(entry, sizeof(JournalText), 0);
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

static void set_signalled(const Builder *builder, gint number) {
  const RunRecord *record = builder->record;
  guint64 cpu_ns = record->done.user_ns + record->done.system_ns;
  /* Beyond its CPU limit the kernel sends SIGXCPU, and then SIGKILL. */
  gboolean is_over =
      record->cpu_seconds > 0 && cpu_ns + G_GUINT64_CONSTANT(100000000) >=
                                     record->cpu_seconds * G_GUINT64_CONSTANT(1000000000);
  if (number == SIGXCPU || (number == SIGKILL && is_over)) {
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
  else if (builder->is_unready)
    transcript->outcome = OUTCOME_UNREADY;
  else if (builder->is_unparsable)
    transcript->outcome = OUTCOME_UNPARSABLE;
  else if (builder->has_exit || !builder->has_ended)
    transcript->outcome = OUTCOME_EXITED; /* without END: behind Python's back */
  else if (!builder->has_system_exit && has_final_exception(transcript))
    transcript->outcome = OUTCOME_RAISED;
  else
    transcript->outcome = code == 0 ? OUTCOME_FINISHED : OUTCOME_EXITED;
}

static void set_outcome(const Builder *builder) {
  const RunRecord *record = builder->record;
  Transcript *transcript = builder->transcript;
  gint status = record->done.status;
  transcript->is_ending = builder->is_ending && !builder->has_ended;
  if (record->failure != NULL) {
    set_failure(transcript, record->failure);
  } else if (status == -1) {
    g_autofree gchar *text = g_strdup_printf("the snippet's process could not be started: %s",
                                             g_strerror((gint)record->done.error));
    set_failure(transcript, text);
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
  return transcript;
}

gboolean transcript_has_started(const JournalHead *journal, guint32 run) {
  guint64 position = 0;
  const JournalEntry *entry;
  while ((entry = journal_next(journal, run, &position)) != NULL)
    if (entry->type == JOURNAL_START)
      return TRUE;
  return FALSE;
}
