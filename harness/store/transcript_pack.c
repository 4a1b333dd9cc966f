#include "store/transcript_pack.h"

#include <string.h>

/* --- writing ----------------------------------------------------------- */

static void put_number(GByteArray *to, guint64 number) {
  guint8 bytes[10];
  guint size = 0;
  for (; number >= 0x80; number >>= 7)
    bytes[size++] = (guint8)(number | 0x80);
  bytes[size++] = (guint8)number;
  g_byte_array_append(to, bytes, size);
}

/* Small for those near zero, on both sides. */
static void put_signed(GByteArray *to, gint64 number) {
  put_number(to, ((guint64)number << 1) ^ (number < 0 ? G_MAXUINT64 : 0));
}

static void put_bytes(GByteArray *to, const gchar *bytes, gsize size) {
  put_number(to, size);
  g_byte_array_append(to, (const guint8 *)bytes, (guint)size);
}

/* Its length and one; 0 for NULL. */
static void put_text(GByteArray *to, const gchar *text) {
  gsize size = text != NULL ? strlen(text) : 0;
  put_number(to, text != NULL ? size + 1 : 0);
  if (size > 0)
    g_byte_array_append(to, (const guint8 *)text, (guint)size);
}

static void put_texts(GByteArray *to, GStrv texts) {
  guint count = texts != NULL ? g_strv_length(texts) : 0;
  put_number(to, count);
  for (guint i = 0; i < count; i++)
    put_text(to, texts[i]);
}

static void put_raised(GByteArray *to, const Raised *raised) {
  put_number(to, raised->line);
  put_number(to, raised->outer_line);
  put_number(to, (raised->passed ? 1u : 0u) | (raised->in_thread ? 2u : 0u) |
                     (raised->is_seen ? 4u : 0u));
  put_text(to, raised->type);
  put_number(to, raised->bases != NULL);
  put_texts(to, raised->bases);
  put_text(to, raised->message);
  put_text(to, raised->name);
}

static void put_writes(GByteArray *to, const GArray *writes) {
  put_number(to, writes->len);
  guint64 time_ns = 0;
  for (guint i = 0; i < writes->len; i++) {
    const Write *write = &g_array_index(writes, Write, i);
    put_number(to, write->stream);
    put_number(to, write->line);
    put_number(to, write->outer_line);
    put_number(to, write->thread);
    put_signed(to, (gint64)(write->time_ns - time_ns));
    put_number(to, write->offset);
    put_number(to, write->length);
    time_ns = write->time_ns;
  }
}

static void put_values(GByteArray *to, const GPtrArray *values) {
  put_number(to, values->len);
  for (guint i = 0; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i);
    put_number(to, value->line);
    put_text(to, value->names);
    put_text(to, value->type);
    put_text(to, value->repr);
    put_text(to, value->shown);
    put_number(to, value->is_cut != FALSE);
  }
}

static void put_probed(GByteArray *to, const GPtrArray *all) {
  put_number(to, all->len);
  for (guint i = 0; i < all->len; i++) {
    const Probed *probed = g_ptr_array_index(all, i);
    put_number(to, probed->line);
    put_number(to, probed->end);
    put_number(to, probed->raised != NULL);
    if (probed->raised != NULL)
      put_raised(to, probed->raised);
    put_text(to, probed->repr);
    put_text(to, probed->output);
  }
}

static void put_events(GByteArray *to, const GPtrArray *events) {
  put_number(to, events->len);
  guint64 time_ns = 0;
  for (guint i = 0; i < events->len; i++) {
    const Event *event = g_ptr_array_index(events, i);
    put_text(to, event->kind);
    put_number(to, event->line);
    put_number(to, event->outer_line);
    put_number(to, event->thread);
    put_signed(to, (gint64)(event->time_ns - time_ns));
    put_number(to, event->spent_ns + 1); /* G_MAXUINT64 stands for none */
    put_signed(to, event->count);
    put_number(to, event->is_shown != FALSE);
    put_text(to, event->text);
    time_ns = event->time_ns;
  }
}

static void put_checked(GByteArray *to, const GPtrArray *all) {
  put_number(to, all->len);
  for (guint i = 0; i < all->len; i++) {
    const Checked *checked = g_ptr_array_index(all, i);
    put_number(to, checked->kind);
    put_number(to, checked->end);
    put_number(to, checked->line);
    put_number(to, checked->first_line);
    put_number(to, checked->last_line);
    put_text(to, checked->rule);
    put_text(to, checked->said);
    put_text(to, checked->actual);
    put_text(to, checked->note);
  }
}

static void put_waits(GByteArray *to, const GPtrArray *waits) {
  put_number(to, waits->len);
  for (guint i = 0; i < waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(waits, i);
    put_number(to, waiting->thread);
    put_text(to, waiting->name);
    put_number(to, waiting->line);
    put_text(to, waiting->what);
    put_text(to, waiting->lock);
    put_number(to, waiting->is_known != FALSE);
    put_number(to, waiting->holder);
    put_text(to, waiting->holder_name);
    put_number(to, waiting->holder_line);
  }
}

static void put_gil(GByteArray *to, const GilTimeline *gil) {
  put_number(to, gil != NULL);
  if (gil == NULL)
    return;
  put_number(to, gil->shares->len);
  for (guint i = 0; i < gil->shares->len; i++) {
    const GilShare *share = g_ptr_array_index(gil->shares, i);
    put_number(to, share->thread);
    put_text(to, share->name);
    put_number(to, share->held_ns);
    put_number(to, share->waited_ns);
    put_number(to, share->turns);
  }
  put_number(to, gil->turns->len);
  guint64 time_ns = 0;
  for (guint i = 0; i < gil->turns->len; i++) {
    const GilTurn *turn = &g_array_index(gil->turns, GilTurn, i);
    put_number(to, turn->thread);
    put_signed(to, (gint64)(turn->end_ns - time_ns));
    put_signed(to, (gint64)(turn->end_ns - turn->start_ns));
    put_signed(to, (gint64)(turn->start_ns - turn->asked_ns));
    time_ns = turn->end_ns;
  }
  put_number(to, gil->turns_lost);
  put_number(to, gil->wall_ns);
}

static void put_usage(GByteArray *to, const Usage *usage) {
  put_number(to, usage->wall_ns);
  put_number(to, usage->user_ns);
  put_number(to, usage->system_ns);
  put_number(to, usage->peak_bytes);
  put_number(to, usage->switches_voluntary);
  put_number(to, usage->switches_forced);
}

GBytes *transcript_pack(const Transcript *transcript) {
  gsize streams = transcript->output->len + transcript->errors->len;
  if (streams > TRANSCRIPT_PACK_MAX)
    return NULL;
  GByteArray *to = g_byte_array_sized_new((guint)streams + 256);
  put_number(to, TRANSCRIPT_PACK_VERSION);
  put_number(to, transcript->outcome);
  put_signed(to, transcript->exit_code);
  put_signed(to, transcript->signal);
  put_number(to, transcript->limit);
  put_number(to, transcript->wall_limit_ms);
  put_number(to, transcript->is_ending != FALSE);
  put_number(to, transcript->last_line);
  put_text(to, transcript->failure);
  put_text(to, transcript->traceback);
  put_bytes(to, transcript->output->str, transcript->output->len);
  put_bytes(to, transcript->errors->str, transcript->errors->len);
  put_number(to, transcript->output_cut);
  put_number(to, transcript->errors_cut);
  put_writes(to, transcript->writes);
  put_number(to, transcript->writes_lost);
  put_values(to, transcript->values);
  put_number(to, transcript->raised->len);
  for (guint i = 0; i < transcript->raised->len; i++)
    put_raised(to, g_ptr_array_index(transcript->raised, i));
  put_number(to, transcript->passed->len);
  for (guint i = 0; i < transcript->passed->len; i++)
    put_number(to, g_array_index(transcript->passed, guint, i));
  put_probed(to, transcript->probed);
  put_waits(to, transcript->waits);
  put_text(to, transcript->variant);
  put_events(to, transcript->events);
  put_number(to, transcript->events_lost);
  put_checked(to, transcript->checked);
  put_gil(to, transcript->gil);
  put_texts(to, transcript->names_bound);
  put_texts(to, transcript->names_needed);
  put_number(to, transcript->names_certain);
  put_number(to, transcript->prelude);
  put_number(to, transcript->survivors);
  put_usage(to, &transcript->usage);
  if (to->len > TRANSCRIPT_PACK_MAX) {
    g_byte_array_unref(to);
    return NULL;
  }
  return g_byte_array_free_to_bytes(to);
}
