#include "store/transcript_pack.h"

#include <string.h>

/* --- reading ----------------------------------------------------------- */

/* After the first fault all that is read is 0 and "", so that only the end asks. */
typedef struct {
  const guint8 *at;
  const guint8 *end;
  gboolean is_bad;
} Reader;

static gsize left(const Reader *reader) {
  return (gsize)(reader->end - reader->at);
}

static guint64 fail(Reader *reader) {
  reader->is_bad = TRUE;
  reader->at = reader->end;
  return 0;
}

/* In the one way in which it is written. */
static guint64 get_number(Reader *reader) {
  guint64 number = 0;
  for (guint shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
    guint8 byte = *reader->at++;
    if (shift == 63 && byte > 1)
      return fail(reader);
    number |= (guint64)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return byte == 0 && shift > 0 ? fail(reader) : number;
  }
  return fail(reader);
}

static gint64 get_signed(Reader *reader) {
  guint64 number = get_number(reader);
  return (gint64)((number >> 1) ^ (guint64)(-(gint64)(number & 1)));
}

static guint64 get_at_most(Reader *reader, guint64 most) {
  guint64 number = get_number(reader);
  return number <= most ? number : fail(reader);
}

static guint get_small(Reader *reader) {
  return (guint)get_at_most(reader, G_MAXUINT);
}

static gint get_integer(Reader *reader) {
  gint64 number = get_signed(reader);
  return number >= G_MININT && number <= G_MAXINT ? (gint)number : (gint)fail(reader);
}

static gboolean get_flag(Reader *reader) {
  return (gboolean)get_at_most(reader, 1);
}

/* How many bytes follow, or things each of which takes a byte at least. */
static guint get_count(Reader *reader) {
  guint64 count = get_number(reader);
  return (guint)(count <= left(reader) ? count : fail(reader));
}

static gchar *get_text(Reader *reader) {
  guint64 size = get_number(reader);
  if (size == 0)
    return NULL;
  if (size - 1 > left(reader) || memchr(reader->at, '\0', (gsize)size - 1) != NULL) {
    fail(reader);
    return NULL;
  }
  gchar *text = g_strndup((const gchar *)reader->at, (gsize)size - 1);
  reader->at += size - 1;
  return text;
}

/* For what is never NULL. */
static gchar *get_some_text(Reader *reader) {
  gchar *text = get_text(reader);
  if (text == NULL) {
    fail(reader);
    return g_strdup("");
  }
  return text;
}

static GStrv get_texts(Reader *reader) {
  guint count = get_count(reader);
  gchar **texts = g_new0(gchar *, count + 1);
  for (guint i = 0; i < count; i++)
    texts[i] = get_some_text(reader);
  return texts;
}

static void get_bytes(Reader *reader, GString *to) {
  gsize size = get_count(reader);
  g_string_append_len(to, (const gchar *)reader->at, (gssize)size);
  reader->at += size;
}

/* --- parts ------------------------------------------------------------- */

static Raised *get_raised(Reader *reader) {
  Raised *raised = g_new0(Raised, 1);
  raised->line = get_small(reader);
  raised->outer_line = get_small(reader);
  guint flags = (guint)get_at_most(reader, 7);
  raised->passed = (flags & 1) != 0;
  raised->in_thread = (flags & 2) != 0;
  raised->is_seen = (flags & 4) != 0;
  raised->type = get_some_text(reader);
  gboolean has_bases = get_flag(reader);
  g_auto(GStrv) bases = get_texts(reader);
  if (has_bases)
    raised->bases = g_steal_pointer(&bases);
  else if (bases[0] != NULL)
    fail(reader);
  raised->message = get_some_text(reader);
  raised->name = get_text(reader);
  return raised;
}

static void get_writes(Reader *reader, Transcript *transcript) {
  guint64 time_ns = 0;
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Write write = {.stream = (StreamKind)get_at_most(reader, STREAM_ERRORS)};
    write.line = get_small(reader);
    write.outer_line = get_small(reader);
    write.thread = get_small(reader);
    write.time_ns = time_ns += (guint64)get_signed(reader);
    write.offset = (gsize)get_number(reader);
    write.length = (gsize)get_number(reader);
    g_array_append_val(transcript->writes, write);
  }
}

static void get_values(Reader *reader, GPtrArray *values) {
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Value *value = g_new0(Value, 1);
    value->line = get_small(reader);
    value->names = get_text(reader);
    value->type = get_some_text(reader);
    value->repr = get_some_text(reader);
    value->shown = get_text(reader);
    value->is_cut = get_flag(reader);
    g_ptr_array_add(values, value);
  }
}

static void get_probed(Reader *reader, GPtrArray *all) {
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Probed *probed = g_new0(Probed, 1);
    probed->line = get_small(reader);
    probed->end = (ProbeEnd)get_at_most(reader, PROBE_DIED);
    if (get_flag(reader))
      probed->raised = get_raised(reader);
    else if (probed->end == PROBE_RAISED || probed->end == PROBE_UNPARSABLE)
      fail(reader);
    probed->repr = get_text(reader);
    probed->output = get_some_text(reader);
    g_ptr_array_add(all, probed);
  }
}

static void get_events(Reader *reader, GPtrArray *events) {
  guint64 time_ns = 0;
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Event *event = g_new0(Event, 1);
    event->kind = get_some_text(reader);
    event->line = get_small(reader);
    event->outer_line = get_small(reader);
    event->thread = get_small(reader);
    event->time_ns = time_ns += (guint64)get_signed(reader);
    event->spent_ns = get_number(reader) - 1;
    event->count = get_signed(reader);
    event->is_shown = get_flag(reader);
    event->text = get_some_text(reader);
    g_ptr_array_add(events, event);
  }
}

static void get_checked(Reader *reader, GPtrArray *all) {
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Checked *checked = g_new0(Checked, 1);
    checked->kind = (CheckedKind)get_at_most(reader, CHECKED_FINAL);
    checked->end = (CheckedEnd)get_at_most(reader, CHECKED_UNCLEAR);
    checked->line = get_small(reader);
    checked->first_line = get_small(reader);
    checked->last_line = get_small(reader);
    checked->rule = get_some_text(reader);
    checked->said = get_some_text(reader);
    checked->actual = get_text(reader);
    checked->note = get_text(reader);
    g_ptr_array_add(all, checked);
  }
}

static void get_waits(Reader *reader, GPtrArray *waits) {
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    Waiting *waiting = g_new0(Waiting, 1);
    waiting->thread = get_small(reader);
    waiting->name = get_some_text(reader);
    waiting->line = get_small(reader);
    waiting->what = get_some_text(reader);
    waiting->lock = get_some_text(reader);
    waiting->is_known = get_flag(reader);
    waiting->holder = get_small(reader);
    waiting->holder_name = get_some_text(reader);
    waiting->holder_line = get_small(reader);
    g_ptr_array_add(waits, waiting);
  }
}

static GilTimeline *get_gil(Reader *reader) {
  if (!get_flag(reader))
    return NULL;
  GilTimeline *gil = gil_timeline_new();
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    guint thread = get_small(reader);
    g_autofree gchar *name = get_some_text(reader);
    guint64 held_ns = get_number(reader), waited_ns = get_number(reader);
    gil_timeline_add_share(gil, thread, name, held_ns, waited_ns, get_number(reader));
  }
  guint64 time_ns = 0;
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    GilTurn turn = {.thread = get_small(reader)};
    turn.end_ns = time_ns += (guint64)get_signed(reader);
    turn.start_ns = turn.end_ns - (guint64)get_signed(reader);
    turn.asked_ns = turn.start_ns - (guint64)get_signed(reader);
    g_array_append_val(gil->turns, turn);
  }
  gil->turns_lost = get_number(reader);
  gil->wall_ns = get_number(reader);
  return gil;
}

static void get_usage(Reader *reader, Usage *usage) {
  usage->wall_ns = get_number(reader);
  usage->user_ns = get_number(reader);
  usage->system_ns = get_number(reader);
  usage->peak_bytes = get_number(reader);
  usage->switches_voluntary = get_number(reader);
  usage->switches_forced = get_number(reader);
}

static void get_all(Reader *reader, Transcript *transcript) {
  transcript->outcome = (OutcomeKind)get_at_most(reader, OUTCOME_FAILED);
  transcript->exit_code = get_integer(reader);
  transcript->signal = get_integer(reader);
  transcript->limit = (LimitKind)get_at_most(reader, LIMIT_MEMORY);
  transcript->wall_limit_ms = get_small(reader);
  transcript->is_ending = get_flag(reader);
  transcript->last_line = get_small(reader);
  transcript->failure = get_text(reader);
  transcript->traceback = get_text(reader);
  get_bytes(reader, transcript->output);
  get_bytes(reader, transcript->errors);
  transcript->output_cut = (gsize)get_number(reader);
  transcript->errors_cut = (gsize)get_number(reader);
  get_writes(reader, transcript);
  transcript->writes_lost = get_small(reader);
  get_values(reader, transcript->values);
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--)
    g_ptr_array_add(transcript->raised, get_raised(reader));
  for (guint count = get_count(reader); count > 0 && !reader->is_bad; count--) {
    guint line = get_small(reader);
    g_array_append_val(transcript->passed, line);
  }
  get_probed(reader, transcript->probed);
  get_waits(reader, transcript->waits);
  transcript->variant = get_text(reader);
  get_events(reader, transcript->events);
  transcript->events_lost = get_small(reader);
  get_checked(reader, transcript->checked);
  transcript->gil = get_gil(reader);
  g_strfreev(transcript->names_bound);
  transcript->names_bound = get_texts(reader);
  g_strfreev(transcript->names_needed);
  transcript->names_needed = get_texts(reader);
  transcript->names_certain = get_small(reader);
  transcript->prelude = get_small(reader);
  transcript->survivors = get_small(reader);
  get_usage(reader, &transcript->usage);
}

Transcript *transcript_unpack(gconstpointer bytes, gsize size) {
  Reader reader = {.at = bytes, .end = (const guint8 *)bytes + size};
  if (size > TRANSCRIPT_PACK_MAX || get_number(&reader) != TRANSCRIPT_PACK_VERSION)
    return NULL;
  g_autoptr(Transcript) transcript = transcript_new();
  get_all(&reader, transcript);
  if (reader.is_bad || reader.at != reader.end ||
      transcript->names_certain > g_strv_length(transcript->names_needed))
    return NULL;
  return g_steal_pointer(&transcript);
}
