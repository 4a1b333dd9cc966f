#include "cli/explain_run.h"

#include <stdio.h>

#include "judge/proof.h"
#include "report/events.h"
#include "report/problems.h"
#include "report/text.h"

void explain_tell(const gchar *name, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *value = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree gchar *line = text_one_line(value, -1, 0);
  printf("  %-10s %s\n", name, line);
}

/* The output of one stream, a row for each stretch that one line wrote. "-" is
 * Python itself, "?" what nobody noted: a child process, or a bare descriptor. */
static void tell_stream(const Snippet *snippet, const Transcript *transcript, StreamKind stream) {
  const GString *bytes = stream == STREAM_OUTPUT ? transcript->output : transcript->errors;
  gsize cut = stream == STREAM_OUTPUT ? transcript->output_cut : transcript->errors_cut;
  gsize cursor = 0;
  if (bytes->len == 0)
    return;
  printf("\n%s\n",
         stream == STREAM_OUTPUT ? "Standard output, by line" : "Standard error, by line");
  for (guint i = 0; i <= transcript->writes->len && cursor < bytes->len; i++) {
    Write rest = {.stream = stream, .offset = bytes->len};
    Write write = i < transcript->writes->len ? g_array_index(transcript->writes, Write, i) : rest;
    if (write.stream != stream || write.offset < cursor || write.offset > bytes->len ||
        write.length > bytes->len - write.offset)
      continue;
    if (write.offset > cursor) {
      g_autofree gchar *gap =
          text_one_line(bytes->str + cursor, (gssize)(write.offset - cursor), LINE_WIDTH);
      printf("     ? | %s\n", gap);
    }
    cursor = write.offset + write.length;
    /* print() writes its arguments and the newline one by one. */
    for (; i + 1 < transcript->writes->len; i++) {
      const Write *next = &g_array_index(transcript->writes, Write, i + 1);
      if (next->stream != stream || next->line != write.line || next->offset != cursor ||
          next->length > bytes->len - cursor || bytes->str[cursor - 1] == '\n')
        break;
      cursor += next->length;
    }
    if (cursor == write.offset)
      continue;
    gsize end = bytes->str[cursor - 1] == '\n' ? cursor - 1 : cursor;
    g_autofree gchar *text =
        text_one_line(bytes->str + write.offset, (gssize)(end - write.offset), LINE_WIDTH);
    if (write.line != 0)
      printf("%6u | %s\n", snippet_document_line(snippet, write.line), text);
    else
      printf("     - | %s\n", text);
  }
  if (cut > 0)
    printf("  %" G_GSIZE_FORMAT " bytes of it were dropped\n", cut);
}

/* The threads of a run that is stuck, one by one. */
static void tell_waits(const Snippet *snippet, const Transcript *transcript) {
  if (transcript->waits->len == 0)
    return;
  printf("\nWhat its threads wait for\n");
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    g_autofree gchar *proof = proof_of_thread_here(snippet, transcript, waiting);
    g_autofree gchar *safe = text_one_line(proof, -1, 0);
    if (waiting->line != 0)
      printf("%6u | %s\n", snippet_document_line(snippet, waiting->line), safe);
    else
      printf("     - | %s\n", safe);
  }
}

static void tell_gil(const GilTimeline *timeline) {
  if (timeline == NULL)
    return;
  printf("\nWho held the GIL, of %.4f s\n", (gdouble)timeline->wall_ns / 1e9);
  for (guint i = 0; i < timeline->shares->len; i++) {
    const GilShare *share = g_ptr_array_index(timeline->shares, i);
    g_autofree gchar *name = text_one_line(share->name, -1, LINE_WIDTH);
    g_autofree gchar *turns = text_count((guint)MIN(share->turns, G_MAXUINT), "turn");
    printf("  %s held the GIL %.4f s, waited %.4f s, %s\n", name, (gdouble)share->held_ns / 1e9,
           (gdouble)share->waited_ns / 1e9, turns);
  }
}

/* Commented-out lines that were run, each in a process of its own. */
static void tell_probed(const Snippet *snippet, const Transcript *transcript) {
  static const gchar *const ends[] = {
      [PROBE_FINISHED] = "finishes",
      [PROBE_RAISED] = "raises",
      [PROBE_UNPARSABLE] = "is not Python",
      [PROBE_STOPPED] = "was stopped",
      [PROBE_DIED] = "died",
  };
  for (guint i = 0; i < transcript->probed->len; i++) {
    const Probed *probed = g_ptr_array_index(transcript->probed, i);
    if (i == 0)
      printf("\nCommented-out lines, run apart\n");
    printf("%6u | %s", snippet_document_line(snippet, probed->line), ends[probed->end]);
    if (probed->raised != NULL) {
      g_autofree gchar *message = text_one_line(probed->raised->message, -1, LINE_WIDTH);
      printf(": %s%s%s", probed->raised->type, *message != '\0' ? ": " : "", message);
    }
    if (probed->repr != NULL) {
      g_autofree gchar *repr = text_one_line(probed->repr, -1, LINE_WIDTH);
      printf(", gives %s", repr);
    }
    if (*probed->output != '\0') {
      g_autofree gchar *output = text_one_line(probed->output, -1, LINE_WIDTH);
      printf(", prints '%s'", output);
    }
    putchar('\n');
  }
}

/* What happened in the fixture's field: a row for each statement, or for equal ones. */
static void tell_events(const Snippet *snippet, const Transcript *transcript) {
  g_autoptr(GPtrArray) groups = events_group(transcript);
  if (groups->len == 0)
    return;
  printf("\nEvents, by line\n");
  for (guint i = 0; i < groups->len; i++) {
    const EventGroup *group = g_ptr_array_index(groups, i);
    g_autofree gchar *text = event_group_text(group, LINE_WIDTH);
    if (group->first->line != 0)
      printf("%6u | %s\n", snippet_document_line(snippet, group->first->line), text);
    else
      printf("     - | %s\n", text);
  }
  if (transcript->events_lost > 0)
    printf("  and %u that were not noted\n", transcript->events_lost);
}

/* "library (relation: an author is a row of its own) for Book, author" */
static void tell_fixture(const Transcript *transcript) {
  const FixtureChoice *choice = transcript->fixture;
  const FixtureVariant *variant = fixture_variant(choice->fixture, transcript->variant);
  g_autoptr(GString) text = g_string_new(choice->fixture->name);
  if (transcript->variant != NULL) {
    gboolean has_text = variant != NULL && *variant->text != '\0';
    g_string_append_printf(text, " (%s%s%s)", transcript->variant, has_text ? ": " : "",
                           has_text ? variant->text : "");
  }
  if (choice->names[0] != NULL) {
    g_autofree gchar *names = g_strjoinv(", ", choice->names);
    g_string_append_printf(text, " for %s", names);
  }
  if (choice->is_configured)
    g_string_append(text, ", as configured");
  explain_tell("fixture", "%s", text->str);
  explain_tell("", "%s", choice->fixture->shown_path);
}

/* Why its fixture is not ready. */
static void tell_traceback(const Transcript *transcript) {
  if (transcript->traceback == NULL)
    return;
  printf("\nTraceback of the fixture\n");
  g_auto(GStrv) lines = g_strsplit(transcript->traceback, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree gchar *line = text_code_line(lines[i], 0);
    if (*line != '\0')
      printf("  %s\n", line);
  }
}

/* Whether it was run now, and why, or when that was. */
static void tell_result(const Transcript *transcript, const gchar *reason, gboolean is_timed) {
  if (transcript->kept_us != 0) {
    g_autoptr(GDateTime) made =
        g_date_time_new_from_unix_local(transcript->kept_us / G_USEC_PER_SEC);
    g_autofree gchar *time =
        made != NULL ? g_date_time_format(made, "%Y-%m-%d %H:%M") : g_strdup("an unknown day");
    explain_tell("result", "made on %s with the same code, %s%sPython and limits: not run again%s",
                 time, transcript->prelude > 0 ? "earlier blocks, " : "",
                 transcript->fixture != NULL ? "fixture, " : "",
                 is_timed ? " for a day, since time decides it" : "");
  } else if (reason != NULL) {
    explain_tell("result", "made now, because %s", reason);
  }
}

void explain_run(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict,
                 const gchar *reason, gboolean is_timed) {
  const Usage *usage = &transcript->usage;
  const Raised *final = transcript_final_exception(transcript);
  printf("\nRun\n");
  tell_result(transcript, reason, is_timed);
  if (verdict->session != NULL)
    explain_tell("session", "%s", verdict->session);
  if (transcript->fixture != NULL && transcript->fixture->fixture != NULL)
    tell_fixture(transcript);
  explain_tell("outcome", "%s", verdict->outcome != NULL ? verdict->outcome : "not run");
  if (final != NULL)
    explain_tell("exception", "%s: %s, line %u", final->type, final->message,
                 problem_line_of_run(snippet, transcript));
  if (transcript->names_needed[0] != NULL) {
    g_autofree gchar *names = g_strjoinv(", ", transcript->names_needed);
    explain_tell("needs", "%s", names);
  }
  explain_tell("time", "%.4f s wall, %.4f s user, %.4f s system", (gdouble)usage->wall_ns / 1e9,
               (gdouble)usage->user_ns / 1e9, (gdouble)usage->system_ns / 1e9);
  explain_tell("memory", "%.1f MiB at its peak", (gdouble)usage->peak_bytes / (1 << 20));
  explain_tell("switches",
               "%" G_GUINT64_FORMAT " voluntary, %" G_GUINT64_FORMAT " forced context switches",
               usage->switches_voluntary, usage->switches_forced);
  if (transcript->survivors > 0)
    explain_tell("left", "%u processes, which were killed", transcript->survivors);
  tell_traceback(transcript);
  tell_stream(snippet, transcript, STREAM_OUTPUT);
  tell_stream(snippet, transcript, STREAM_ERRORS);
  tell_waits(snippet, transcript);
  tell_gil(transcript->gil);
  tell_probed(snippet, transcript);
  tell_events(snippet, transcript);
}
