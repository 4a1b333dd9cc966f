#include "judge/evidence.h"

#include <string.h>

/* A write's place in the transcript, to be sorted by a line of it. */
typedef struct {
  guint line;
  guint index;
} Entry;

struct Evidence {
  const Transcript *transcript;
  GArray *by_line;  /* Entry */
  GArray *by_outer; /* Entry */
  guint furthest;   /* highest module line that left a trace */
};

static gint by_line(gconstpointer first, gconstpointer second) {
  const Entry *one = first, *other = second;
  if (one->line != other->line)
    return one->line < other->line ? -1 : 1;
  return one->index < other->index ? -1 : one->index > other->index;
}

static gint by_index(gconstpointer first, gconstpointer second) {
  const Entry *one = first, *other = second;
  return one->index < other->index ? -1 : one->index > other->index;
}

Evidence *evidence_new(const Transcript *transcript) {
  Evidence *evidence = g_new0(Evidence, 1);
  guint count = transcript->writes->len;
  evidence->transcript = transcript;
  evidence->by_line = g_array_sized_new(FALSE, FALSE, sizeof(Entry), count);
  evidence->by_outer = g_array_sized_new(FALSE, FALSE, sizeof(Entry), count);
  for (guint i = 0; i < count; i++) {
    const Write *write = &g_array_index(transcript->writes, Write, i);
    if (write->thread == 0)
      evidence->furthest = MAX(evidence->furthest, write->outer_line);
    if (write->stream != STREAM_OUTPUT || write->length == 0)
      continue;
    g_array_append_val(evidence->by_line, ((Entry){write->line, i}));
    g_array_append_val(evidence->by_outer, ((Entry){write->outer_line, i}));
  }
  g_array_sort(evidence->by_line, by_line);
  g_array_sort(evidence->by_outer, by_line);
  for (guint i = 0; i < transcript->values->len; i++) {
    const Value *value = g_ptr_array_index(transcript->values, i);
    evidence->furthest = MAX(evidence->furthest, value->line);
  }
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (!raised->in_thread)
      evidence->furthest = MAX(evidence->furthest, raised->outer_line);
  }
  for (guint i = 0; i < transcript->passed->len; i++)
    evidence->furthest = MAX(evidence->furthest, g_array_index(transcript->passed, guint, i));
  return evidence;
}

void evidence_free(Evidence *evidence) {
  if (evidence == NULL)
    return;
  g_array_unref(evidence->by_line);
  g_array_unref(evidence->by_outer);
  g_free(evidence);
}

gchar *evidence_text(const gchar *bytes, gsize size) {
  size = MIN(size, EVIDENCE_MAX);
  if (memchr(bytes, '\0', size) == NULL)
    return g_utf8_make_valid(bytes, (gssize)size);
  g_autoptr(GString) text = g_string_sized_new(size);
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != '\0')
      g_string_append_c(text, bytes[i]);
    else
      g_string_append(text, "\\x00");
  return g_utf8_make_valid(text->str, (gssize)text->len);
}

static guint first_at(const GArray *entries, guint line) {
  guint low = 0, high = entries->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(entries, Entry, middle).line < line)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static Shown gather(const Evidence *evidence, const GArray *entries, guint first_line,
                    guint last_line) {
  Shown shown = {0};
  const GString *output = evidence->transcript->output;
  guint begin = first_at(entries, first_line), end = first_at(entries, last_line + 1);
  g_autoptr(GArray) some = g_array_new(FALSE, FALSE, sizeof(Entry));
  if (end > begin)
    g_array_append_vals(some, &g_array_index(entries, Entry, begin), end - begin);
  if (last_line > first_line)
    g_array_sort(some, by_index);
  g_autoptr(GString) bytes = g_string_new(NULL);
  for (guint i = 0; i < some->len; i++) {
    const Write *write =
        &g_array_index(evidence->transcript->writes, Write, g_array_index(some, Entry, i).index);
    shown.writes++;
    shown.in_thread = shown.in_thread || write->thread != 0;
    if (write->offset > output->len || write->length > output->len - write->offset ||
        bytes->len + write->length > EVIDENCE_MAX) {
      shown.is_cut = TRUE;
      break;
    }
    g_string_append_len(bytes, output->str + write->offset, (gssize)write->length);
    shown.ends += output->str[write->offset + write->length - 1] == '\n';
  }
  shown.text = evidence_text(bytes->str, bytes->len);
  return shown;
}

Shown evidence_written(const Evidence *evidence, guint first_line, guint last_line) {
  return gather(evidence, evidence->by_line, first_line, last_line);
}

Shown evidence_written_under(const Evidence *evidence, guint first_line, guint last_line) {
  return gather(evidence, evidence->by_outer, first_line, last_line);
}

void shown_clear(Shown *shown) {
  g_clear_pointer(&shown->text, g_free);
}

GPtrArray *evidence_values(const Evidence *evidence, guint line, const gchar *names) {
  GPtrArray *values = g_ptr_array_new();
  for (guint i = 0; i < evidence->transcript->values->len; i++) {
    Value *value = g_ptr_array_index(evidence->transcript->values, i);
    if (value->line == line && g_strcmp0(value->names, names) == 0)
      g_ptr_array_add(values, value);
  }
  return values;
}

const Raised *evidence_raised(const Evidence *evidence, guint first_line, guint last_line) {
  for (guint i = 0; i < evidence->transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(evidence->transcript->raised, i);
    if (!raised->in_thread && !raised->is_seen &&
        ((raised->line >= first_line && raised->line <= last_line) ||
         (raised->outer_line >= first_line && raised->outer_line <= last_line)))
      return raised;
  }
  return NULL;
}

/* Nothing that ended the run, or a thread of it, was the last that was raised. */
static gboolean ended_well(const Transcript *transcript) {
  for (guint i = transcript->raised->len; i > 0; i--) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i - 1);
    if (!raised->is_seen)
      return raised->passed;
  }
  return TRUE;
}

gboolean evidence_is_past(const Evidence *evidence, guint line) {
  const Transcript *transcript = evidence->transcript;
  return evidence->furthest > line || transcript->is_ending ||
         (transcript->outcome == OUTCOME_FINISHED && ended_well(transcript));
}
