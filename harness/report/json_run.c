#include "report/json_run.h"

#include "report/json_members.h"
#include "report/problems.h"
#include "report/text.h"

static void add_timing(JsonBuilder *builder, const Usage *usage) {
  json_builder_set_member_name(builder, "timing");
  json_builder_begin_object(builder);
  json_add_seconds(builder, "wall", usage->wall_ns);
  json_add_seconds(builder, "user", usage->user_ns);
  json_add_seconds(builder, "system", usage->system_ns);
  json_add_number(builder, "peak_bytes", (gint64)usage->peak_bytes);
  json_add_number(builder, "switches_voluntary", (gint64)usage->switches_voluntary);
  json_add_number(builder, "switches_forced", (gint64)usage->switches_forced);
  json_builder_end_object(builder);
}

static void add_waits(JsonBuilder *builder, const Snippet *snippet, const Transcript *transcript) {
  json_builder_set_member_name(builder, "waits");
  json_builder_begin_array(builder);
  for (guint i = 0; i < transcript->waits->len; i++) {
    const Waiting *waiting = g_ptr_array_index(transcript->waits, i);
    json_builder_begin_object(builder);
    json_add_number(builder, "thread", waiting->thread);
    json_add_text(builder, "name", waiting->name);
    json_add_line_if(builder, "line", snippet, waiting->line);
    json_add_text(builder, "what", waiting->what);
    json_add_text(builder, "lock", waiting->lock);
    json_add_number_if(builder, "holder", waiting->is_known, waiting->holder);
    json_add_text(builder, "holder_name", waiting->is_known ? waiting->holder_name : NULL);
    json_add_line_if(builder, "holder_line", snippet, waiting->is_known ? waiting->holder_line : 0);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

static void add_gil(JsonBuilder *builder, const GilTimeline *timeline) {
  if (timeline == NULL) {
    json_add_text(builder, "gil", NULL);
    return;
  }
  json_builder_set_member_name(builder, "gil");
  json_builder_begin_object(builder);
  json_add_seconds(builder, "seconds", timeline->wall_ns);
  json_builder_set_member_name(builder, "threads");
  json_builder_begin_array(builder);
  for (guint i = 0; i < timeline->shares->len; i++) {
    const GilShare *share = g_ptr_array_index(timeline->shares, i);
    json_builder_begin_object(builder);
    json_add_number(builder, "thread", share->thread);
    json_add_text(builder, "name", share->name);
    json_add_seconds(builder, "held_seconds", share->held_ns);
    json_add_seconds(builder, "waiting_seconds", share->waited_ns);
    json_add_number(builder, "turns", (gint64)share->turns);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  json_builder_set_member_name(builder, "timeline");
  json_builder_begin_array(builder);
  for (guint i = 0; i < timeline->turns->len; i++) {
    const GilTurn *turn = &g_array_index(timeline->turns, GilTurn, i);
    json_builder_begin_array(builder);
    json_builder_add_int_value(builder, turn->thread);
    json_builder_add_double_value(builder, (gdouble)turn->start_ns / 1e9);
    json_builder_add_double_value(builder, (gdouble)turn->end_ns / 1e9);
    json_builder_end_array(builder);
  }
  json_builder_end_array(builder);
  json_add_number(builder, "timeline_lost", (gint64)timeline->turns_lost);
  json_builder_end_object(builder);
}

static void add_exception(JsonBuilder *builder, const Snippet *snippet,
                          const Transcript *transcript) {
  const Raised *final = transcript_final_exception(transcript);
  if (final == NULL) {
    json_add_text(builder, "exception", NULL);
    return;
  }
  json_builder_set_member_name(builder, "exception");
  json_builder_begin_object(builder);
  json_add_text(builder, "type", final->type);
  json_add_text(builder, "message", final->message);
  json_add_number(builder, "line", problem_line_of_run(snippet, transcript));
  json_builder_end_object(builder);
}

static void add_fixture(JsonBuilder *builder, const Transcript *transcript) {
  const FixtureChoice *choice = transcript->fixture;
  if (choice == NULL || choice->fixture == NULL) {
    json_add_text(builder, "fixture", NULL);
    return;
  }
  json_builder_set_member_name(builder, "fixture");
  json_builder_begin_object(builder);
  json_add_text(builder, "name", choice->fixture->name);
  json_add_text(builder, "variant", transcript->variant);
  json_builder_set_member_name(builder, "names");
  json_builder_begin_array(builder);
  for (gchar **name = choice->names; *name != NULL; name++) {
    g_autofree gchar *valid = text_valid(*name, -1);
    json_builder_add_string_value(builder, valid);
  }
  json_builder_end_array(builder);
  json_add_text(builder, "path", choice->fixture->shown_path);
  json_add_truth(builder, "configured", choice->is_configured);
  json_builder_end_object(builder);
}

static void add_events(JsonBuilder *builder, const Snippet *snippet, const Transcript *transcript) {
  json_builder_set_member_name(builder, "events");
  json_builder_begin_array(builder);
  for (guint i = 0; i < transcript->events->len; i++) {
    const Event *event = g_ptr_array_index(transcript->events, i);
    json_builder_begin_object(builder);
    json_add_text(builder, "kind", event->kind);
    json_add_line_if(builder, "line", snippet, event->line);
    json_add_line_if(builder, "outer_line", snippet, event->outer_line);
    json_add_number(builder, "thread", event->thread);
    json_add_seconds(builder, "at", event->time_ns);
    if (event->spent_ns != G_MAXUINT64)
      json_add_seconds(builder, "seconds", event->spent_ns);
    else
      json_add_text(builder, "seconds", NULL);
    json_add_number_if(builder, "count", event->count >= 0, event->count);
    json_add_truth(builder, "shown", event->is_shown);
    json_add_text(builder, "text", event->text);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  json_add_number(builder, "events_lost", transcript->events_lost);
}

void json_add_run(JsonBuilder *builder, const Snippet *snippet, const Transcript *transcript) {
  OutcomeKind outcome = transcript->outcome;
  gboolean has_failure =
      outcome == OUTCOME_FAILED || outcome == OUTCOME_UNREADY || outcome == OUTCOME_SKIPPED;
  json_add_number_if(builder, "exit_code", outcome == OUTCOME_FINISHED || outcome == OUTCOME_EXITED,
                     transcript->exit_code);
  json_add_number_if(builder, "signal", outcome == OUTCOME_SIGNALLED, transcript->signal);
  add_exception(builder, snippet, transcript);
  json_add_text(builder, "failure", has_failure ? transcript->failure : NULL);
  json_add_text(builder, "traceback", transcript->traceback);
  add_timing(builder, &transcript->usage);
  json_add_bytes(builder, "stdout", transcript->output);
  json_add_bytes(builder, "stderr", transcript->errors);
  json_add_number(builder, "stdout_cut", (gint64)transcript->output_cut);
  json_add_number(builder, "stderr_cut", (gint64)transcript->errors_cut);
  json_add_number(builder, "survivors", transcript->survivors);
  add_waits(builder, snippet, transcript);
  add_gil(builder, transcript->gil);
  add_fixture(builder, transcript);
  add_events(builder, snippet, transcript);
}
