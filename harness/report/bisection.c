#include "report/bisection.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "report/text.h"

#define OUTPUT_LINES 6u

Bisection *bisection_new(void) {
  Bisection *bisection = g_new0(Bisection, 1);
  bisection->commits = g_ptr_array_new_with_free_func((GDestroyNotify)bisection_commit_free);
  return bisection;
}

void bisection_commit_free(BisectionCommit *commit) {
  if (commit == NULL)
    return;
  g_free(commit->id);
  g_free(commit->short_id);
  g_free(commit->author);
  g_free(commit->email);
  g_free(commit->summary);
  g_free(commit->path);
  g_free(commit->change);
  g_free(commit->state);
  g_free(commit);
}

void bisection_state_free(BisectionState *state) {
  if (state == NULL)
    return;
  g_free(state->place);
  g_clear_pointer(&state->said, g_ptr_array_unref);
  g_free(state->output);
  g_free(state->source);
  g_free(state);
}

void bisection_free(Bisection *bisection) {
  if (bisection == NULL)
    return;
  g_free(bisection->id);
  g_free(bisection->end);
  g_free(bisection->cut);
  bisection_state_free(bisection->now);
  g_ptr_array_unref(bisection->commits);
  bisection_state_free(bisection->before);
  bisection_state_free(bisection->since);
  g_free(bisection->difference);
  g_free(bisection);
}

gboolean bisection_is_found(const Bisection *bisection) {
  return bisection->commits->len > 1 ||
         (bisection->commits->len == 1 && (!bisection->is_fine || bisection->before != NULL));
}

/* --- for a person ---------------------------------------------------------------------------- */

static void append_commit(GString *text, const BisectionCommit *commit) {
  g_autofree gchar *summary = text_one_line(commit->summary, -1, 0);
  g_autofree gchar *author = text_one_line(commit->author, -1, 0);
  g_autofree gchar *date = text_date(commit->time, commit->offset, "%Y-%m-%d %H:%M %z");
  g_string_append_printf(text, "  %s  %s\n  %*s  %s, %s\n", commit->short_id, summary,
                         (int)strlen(commit->short_id), "", author, date);
  g_autoptr(GString) note = g_string_new(NULL);
  if (commit->path != NULL) {
    g_autofree gchar *path = text_one_line(commit->path, -1, 0);
    g_string_append_printf(note, "%s:%u", path, commit->line);
  }
  const gchar *parts[] = {commit->change, commit->state};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i] == NULL || *parts[i] == '\0')
      continue;
    g_autofree gchar *part = text_one_line(parts[i], -1, 0);
    g_string_append_printf(note, "%s%s", note->len > 0 ? ": " : "", part);
  }
  if (note->len > 0)
    g_string_append_printf(text, "  %*s  %s\n", (int)strlen(commit->short_id), "", note->str);
}

static void append_output(GString *text, const gchar *output) {
  g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
  guint count = g_strv_length(lines);
  if (count > 0 && *lines[count - 1] == '\0')
    count--;
  for (guint i = 0; i < MIN(count, OUTPUT_LINES); i++) {
    g_autofree gchar *line = text_code_line(lines[i], 160);
    g_string_append_printf(text, "          | %s\n", line);
  }
  if (count > OUTPUT_LINES) {
    g_autofree gchar *more = text_count(count - OUTPUT_LINES, "more line");
    g_string_append_printf(text, "          | ... %s\n", more);
  }
}

static void append_state(GString *text, const gchar *name, const BisectionState *state) {
  if (state == NULL)
    return;
  g_string_append_printf(text, "  %-7s %s", name, verdict_class_name(state->class));
  for (guint i = 0; i < state->said->len; i++)
    g_string_append_printf(text, "%s%s", i == 0 ? ": " : "\n          ",
                           (const gchar *)g_ptr_array_index(state->said, i));
  g_string_append_c(text, '\n');
  if (state->output != NULL)
    append_output(text, state->output);
}

static void append_difference(GString *text, const gchar *difference) {
  g_auto(GStrv) lines = g_strsplit(difference, "\n", -1);
  g_string_append_c(text, '\n');
  for (guint i = 0; lines[i] != NULL && (*lines[i] != '\0' || lines[i + 1] != NULL); i++) {
    g_autofree gchar *line = text_code_line(lines[i], 0);
    g_string_append_printf(text, "%s\n", line);
  }
}

static void append_counts(GString *text, const Bisection *bisection) {
  g_autofree gchar *commits = text_count(bisection->looked, "commit");
  g_autofree gchar *states = text_count(bisection->states, "state");
  g_autofree gchar *runs = text_count(bisection->runs, "run");
  g_string_append_printf(text, "\n%s looked at, %s, %s, ", commits, states, runs);
  if (bisection->known == 1)
    g_string_append(text, "1 result was known");
  else
    g_string_append_printf(text, "%u results were known", bisection->known);
  g_string_append_printf(text, "; %.*f s\n", bisection->seconds < 0.095 ? 2 : 1,
                         bisection->seconds);
}

static void append_culprits(GString *text, const Bisection *bisection) {
  const gchar *class = verdict_class_name(bisection->now->class);
  if (bisection->commits->len == 1)
    g_string_append_printf(text, "%s since this commit:\n", class);
  else
    g_string_append_printf(text,
                           "%s since one of these %u commits; it could not be run in between:\n",
                           class, bisection->commits->len);
  for (guint i = 0; i < bisection->commits->len; i++)
    append_commit(text, g_ptr_array_index(bisection->commits, i));
  if (bisection->is_first && bisection->cut != NULL)
    g_string_append_printf(text, "or before: %s\n", bisection->cut);
  g_string_append_c(text, '\n');
  append_state(text, "before", bisection->before);
  append_state(text, "since", bisection->since);
  if (bisection->difference != NULL && *bisection->difference != '\0')
    append_difference(text, bisection->difference);
}

static void append_always(GString *text, const Bisection *bisection) {
  const BisectionCommit *commit =
      bisection->commits->len > 0 ? g_ptr_array_index(bisection->commits, 0) : NULL;
  g_string_append_printf(text, "%s since it is there%s%s\n",
                         verdict_class_name(bisection->now->class), commit != NULL ? ": " : "",
                         commit != NULL ? commit->short_id : "");
  if (bisection->is_first && bisection->cut != NULL)
    g_string_append_printf(text, "or before: %s\n", bisection->cut);
}

gchar *bisection_text(const Bisection *bisection) {
  GString *text = g_string_new(NULL);
  const BisectionState *now = bisection->now;
  g_autofree gchar *place = text_one_line(now->place, -1, 0);
  g_autofree gchar *end = text_one_line(bisection->end, -1, 0);
  g_string_append_printf(text, "%s: %s at %s", place, verdict_class_name(now->class), end);
  for (guint i = 0; i < now->said->len; i++)
    g_string_append_printf(text, "%s%s", i == 0 ? ": " : "; ",
                           (const gchar *)g_ptr_array_index(now->said, i));
  g_string_append_c(text, '\n');
  if (bisection_is_found(bisection))
    append_culprits(text, bisection);
  else
    append_always(text, bisection);
  append_counts(text, bisection);
  return g_string_free(text, FALSE);
}

/* --- for programs ---------------------------------------------------------------------------- */

static void add_text(JsonBuilder *builder, const gchar *name, const gchar *value) {
  json_builder_set_member_name(builder, name);
  if (value == NULL) {
    json_builder_add_null_value(builder);
    return;
  }
  g_autofree gchar *valid = text_valid(value, -1);
  json_builder_add_string_value(builder, valid);
}

static void add_number(JsonBuilder *builder, const gchar *name, gint64 value) {
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

static void add_commit(JsonBuilder *builder, const BisectionCommit *commit) {
  g_autofree gchar *date = text_date(commit->time, commit->offset, "%Y-%m-%dT%H:%M:%S%:z");
  json_builder_begin_object(builder);
  add_text(builder, "id", commit->id);
  add_text(builder, "author", commit->author);
  add_text(builder, "email", commit->email);
  add_text(builder, "date", date);
  add_text(builder, "summary", commit->summary);
  add_text(builder, "file", commit->path);
  add_number(builder, "line", commit->line);
  add_text(builder, "change", commit->change);
  add_text(builder, "state", commit->state);
  json_builder_end_object(builder);
}

static void add_state(JsonBuilder *builder, const gchar *name, const BisectionState *state) {
  json_builder_set_member_name(builder, name);
  if (state == NULL) {
    json_builder_add_null_value(builder);
    return;
  }
  json_builder_begin_object(builder);
  add_text(builder, "class", verdict_class_name(state->class));
  add_text(builder, "place", state->place);
  json_builder_set_member_name(builder, "said");
  json_builder_begin_array(builder);
  for (guint i = 0; i < state->said->len; i++)
    json_builder_add_string_value(builder, g_ptr_array_index(state->said, i));
  json_builder_end_array(builder);
  add_text(builder, "output", state->output);
  json_builder_end_object(builder);
}

gchar *bisection_json(const Bisection *bisection) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  add_text(builder, "id", bisection->id);
  add_text(builder, "end", bisection->end);
  add_text(builder, "class", verdict_class_name(bisection->now->class));
  json_builder_set_member_name(builder, "commits");
  json_builder_begin_array(builder);
  for (guint i = 0; i < bisection->commits->len; i++)
    add_commit(builder, g_ptr_array_index(bisection->commits, i));
  json_builder_end_array(builder);
  json_builder_set_member_name(builder, "certain");
  json_builder_add_boolean_value(builder, bisection->commits->len == 1 &&
                                              !(bisection->is_first && bisection->cut != NULL));
  add_state(builder, "now", bisection->now);
  add_state(builder, "before", bisection->before);
  add_state(builder, "since", bisection->since);
  add_text(builder, "difference", bisection->difference);
  add_number(builder, "looked", bisection->looked);
  add_number(builder, "states", bisection->states);
  add_number(builder, "judged", bisection->judged);
  add_number(builder, "runs", bisection->runs);
  add_number(builder, "known", bisection->known);
  json_builder_set_member_name(builder, "seconds");
  json_builder_add_double_value(builder, bisection->seconds);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autoptr(JsonGenerator) generator = json_generator_new();
  json_generator_set_pretty(generator, TRUE);
  json_generator_set_root(generator, root);
  gchar *text = text_json(json_generator_to_data(generator, NULL));
  g_autofree gchar *without = text;
  return g_strconcat(without, "\n", NULL);
}
