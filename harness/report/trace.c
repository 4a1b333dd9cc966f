/*
 * The format: one object with "traceEvents", in order of their times, which are in
 * microseconds since the run's start. Complete events ("X") of one thread never overlap.
 */
#include "report/trace.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "report/destination.h"
#include "report/text.h"

#define NAME_MAX_BYTES 200
#define TEXT_WIDTH 80

typedef struct {
  ReportSink sink;
  gchar *folder;
  GError *error; /* the first; NULL for none */
} TraceSink;

/* An event before it is text. */
typedef struct {
  guint64 at_ns;
  guint64 length_ns; /* 0 for a write */
  guint thread;
  const gchar *name;  /* NULL for a write */
  const Write *write; /* or NULL */
} Slice;

static gint by_time(gconstpointer left, gconstpointer right) {
  const Slice *one = left, *other = right;
  if (one->at_ns != other->at_ns)
    return one->at_ns < other->at_ns ? -1 : 1;
  return (one->thread > other->thread) - (one->thread < other->thread);
}

/* A string of JSON: quoted, and nothing in it that ends it. */
static void append_text(GString *out, const gchar *bytes, gssize size, gsize width) {
  g_autofree gchar *text = text_one_line(bytes, size, width);
  g_string_append_c(out, '"');
  for (const gchar *at = text; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *at);
  }
  g_string_append_c(out, '"');
}

static void append_time(GString *out, const gchar *name, guint64 ns) {
  g_string_append_printf(out, ",\"%s\":%" G_GUINT64_FORMAT ".%03u", name, ns / 1000,
                         (guint)(ns % 1000));
}

static void append_metadata(GString *out, const gchar *what, guint thread, const gchar *name) {
  g_string_append_printf(out,
                         "{\"name\":\"%s\",\"ph\":\"M\",\"ts\":0,\"pid\":1,\"tid\":%u,"
                         "\"args\":{\"name\":",
                         what, thread);
  append_text(out, name, -1, 0);
  g_string_append(out, "}}");
}

/* The end of what a thread did last: nothing of it begins before. */
static guint64 *free_from(GHashTable *ends, guint thread) {
  guint64 *end = g_hash_table_lookup(ends, GUINT_TO_POINTER(thread));
  if (end == NULL) {
    end = g_new0(guint64, 1);
    g_hash_table_insert(ends, GUINT_TO_POINTER(thread), end);
  }
  return end;
}

static void add_turns(GArray *events, const GilTimeline *timeline) {
  g_autoptr(GHashTable) ends = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  for (guint i = 0; i < timeline->turns->len; i++) {
    const GilTurn *turn = &g_array_index(timeline->turns, GilTurn, i);
    guint64 *end = free_from(ends, turn->thread);
    guint64 start = MAX(turn->start_ns, *end);
    guint64 asked = MAX(turn->asked_ns, *end);
    if (turn->end_ns <= start)
      continue;
    Slice wait = {asked, start > asked ? start - asked : 0, turn->thread, "waits for the GIL",
                  NULL};
    Slice hold = {start, turn->end_ns - start, turn->thread, "holds the GIL", NULL};
    if (wait.length_ns > 0)
      g_array_append_val(events, wait);
    g_array_append_val(events, hold);
    *end = turn->end_ns;
  }
}

static void append_event(GString *out, const Snippet *snippet, const Transcript *transcript,
                         const Slice *event) {
  if (event->write == NULL) {
    g_string_append_printf(out, "{\"name\":\"%s\",\"cat\":\"gil\",\"ph\":\"X\"", event->name);
    append_time(out, "ts", event->at_ns);
    append_time(out, "dur", event->length_ns);
    g_string_append_printf(out, ",\"pid\":1,\"tid\":%u}", event->thread);
    return;
  }
  const Write *write = event->write;
  gboolean is_output = write->stream == STREAM_OUTPUT;
  const GString *bytes = is_output ? transcript->output : transcript->errors;
  guint line = write->line != 0 ? snippet_document_line(snippet, write->line) : 0;
  if (line != 0)
    g_string_append_printf(out, "{\"name\":\"line %u writes\"", line);
  else
    g_string_append(out, "{\"name\":\"writes\"");
  g_string_append(out, ",\"cat\":\"output\",\"ph\":\"i\",\"s\":\"t\"");
  append_time(out, "ts", event->at_ns);
  g_string_append_printf(out, ",\"pid\":1,\"tid\":%u,\"args\":{\"line\":%u,\"stream\":\"%s\"",
                         event->thread, line, is_output ? "stdout" : "stderr");
  if (write->offset <= bytes->len && write->length <= bytes->len - write->offset) {
    g_string_append(out, ",\"text\":");
    append_text(out, bytes->str + write->offset, (gssize)write->length, TEXT_WIDTH);
  }
  g_string_append(out, "}}");
}

static GString *trace_text(const Snippet *snippet, const Transcript *transcript) {
  const GilTimeline *timeline = transcript->gil;
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Slice));
  add_turns(events, timeline);
  for (guint i = 0; i < transcript->writes->len; i++) {
    const Write *write = &g_array_index(transcript->writes, Write, i);
    Slice event = {write->time_ns, 0, write->thread, NULL, write};
    if (write->length > 0)
      g_array_append_val(events, event);
  }
  g_array_sort(events, by_time);

  GString *out = g_string_new("{\"traceEvents\":[\n");
  append_metadata(out, "process_name", 0, snippet->id);
  for (guint i = 0; i < timeline->shares->len; i++) {
    const GilShare *share = g_ptr_array_index(timeline->shares, i);
    g_string_append(out, ",\n");
    append_metadata(out, "thread_name", share->thread, share->name);
  }
  for (guint i = 0; i < events->len; i++) {
    g_string_append(out, ",\n");
    append_event(out, snippet, transcript, &g_array_index(events, Slice, i));
  }
  g_string_append_printf(out,
                         "\n],\"displayTimeUnit\":\"ms\",\"otherData\":{\"turns_lost\":"
                         "%" G_GUINT64_FORMAT "}}\n",
                         timeline->turns_lost);
  return out;
}

static gchar *file_name(const Snippet *snippet) {
  g_autoptr(GString) name = g_string_new(NULL);
  for (const gchar *at = snippet->id; *at != '\0'; at++)
    g_string_append(name, *at == '/' ? "__" : (const gchar[]){*at, '\0'});
  /* A file system takes 255 bytes; the content tells those apart that begin alike. */
  if (name->len > NAME_MAX_BYTES) {
    g_string_truncate(name, NAME_MAX_BYTES);
    g_string_append_printf(name, "-%.12s", snippet->content_id);
  }
  g_string_append(name, ".json");
  return g_string_free(g_steal_pointer(&name), FALSE);
}

static gboolean make_folder(const gchar *folder, GError **error) {
  if (g_mkdir_with_parents(folder, 0777) == 0 && g_file_test(folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make '%s': %s", folder,
              g_strerror(errno));
  return FALSE;
}

gboolean trace_write(const gchar *folder, const Snippet *snippet, const Transcript *transcript,
                     GError **error) {
  if (transcript->gil == NULL)
    return TRUE;
  if (!make_folder(folder, error))
    return FALSE;
  g_autofree gchar *name = file_name(snippet);
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  g_autoptr(Destination) destination = destination_open(path, error);
  if (destination == NULL)
    return FALSE;
  g_autoptr(GString) text = trace_text(snippet, transcript);
  destination_write(destination, text->str, text->len);
  return destination_commit(destination, error);
}

static void on_verdict(ReportSink *sink, const Snippet *snippet, const Transcript *transcript,
                       G_GNUC_UNUSED const Verdict *verdict) {
  TraceSink *trace = (TraceSink *)sink;
  if (trace->error == NULL)
    trace_write(trace->folder, snippet, transcript, &trace->error);
}

static gboolean on_end(ReportSink *sink, G_GNUC_UNUSED const ReportSummary *summary,
                       GError **error) {
  TraceSink *trace = (TraceSink *)sink;
  if (trace->error == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&trace->error));
  return FALSE;
}

static void on_free(ReportSink *sink) {
  TraceSink *trace = (TraceSink *)sink;
  g_clear_error(&trace->error);
  g_free(trace->folder);
  g_free(trace);
}

ReportSink *trace_sink_new(const gchar *folder, GError **error) {
  if (!make_folder(folder, error))
    return NULL;
  TraceSink *trace = g_new0(TraceSink, 1);
  trace->sink = (ReportSink){.verdict = on_verdict, .end = on_end, .free = on_free};
  trace->folder = g_strdup(folder);
  return &trace->sink;
}
