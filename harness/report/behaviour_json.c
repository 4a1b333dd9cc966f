/* What changed in behaviour, for programs. */
#include "report/behaviour.h"
#include "report/json_members.h"

static void add_version(JsonBuilder *builder, const gchar *name, const BehaviourVersion *version) {
  json_open_object(builder, name);
  json_add_text(builder, "name", version->name);
  json_add_text(builder, "commit", version->commit);
  json_add_number(builder, "blocks", version->blocks);
  json_builder_end_object(builder);
}

static void add_counts(JsonBuilder *builder, const BehaviourCounts *counts) {
  const struct {
    const gchar *name;
    guint count;
  } all[] = {{"compared", counts->compared},
             {"worse", counts->worse},
             {"became_false", counts->became_false},
             {"became_true", counts->became_true},
             {"class", counts->classes},
             {"ending", counts->endings},
             {"output", counts->outputs},
             {"slower", counts->slower},
             {"faster", counts->faster},
             {"added", counts->added},
             {"removed", counts->removed},
             {"moved", counts->moved},
             {"renumbered", counts->renumbered},
             {"incomparable", counts->incomparable},
             {"varying", counts->varying}};
  json_open_object(builder, "counts");
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    json_add_number(builder, all[i].name, all[i].count);
  json_builder_end_object(builder);
}

static void add_side(JsonBuilder *builder, const gchar *name, const Snippet *snippet,
                     const Behaviour *behaviour) {
  if (snippet == NULL) {
    json_add_text(builder, name, NULL);
    return;
  }
  json_open_object(builder, name);
  json_add_text(builder, "id", snippet->id);
  json_add_text(builder, "file", snippet->document->path);
  json_add_number(builder, "line", snippet->first_line);
  json_add_text(builder, "content", snippet->content_id);
  json_add_text(builder, "class", behaviour != NULL ? verdict_class_name(behaviour->class) : NULL);
  json_add_text(builder, "ending", behaviour != NULL ? behaviour->ending : NULL);
  json_add_text(builder, "sentence", behaviour != NULL ? behaviour->sentence : NULL);
  json_builder_end_object(builder);
}

static void add_claims(JsonBuilder *builder, const gchar *name, const GPtrArray *claims) {
  json_open_array(builder, name);
  for (guint i = 0; i < claims->len; i++) {
    const ClaimSeen *claim = g_ptr_array_index(claims, i);
    json_builder_begin_object(builder);
    json_add_number(builder, "line", claim->line);
    json_add_text(builder, "claim", claim->text);
    json_add_text(builder, "sentence", claim->sentence);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

static void add_spread(JsonBuilder *builder, const gchar *name, const TimeSpread *spread) {
  json_open_object(builder, name);
  json_add_seconds(builder, "min", (guint64)(spread->least * 1e9));
  json_add_seconds(builder, "median", (guint64)(spread->median * 1e9));
  json_add_seconds(builder, "max", (guint64)(spread->most * 1e9));
  json_builder_end_object(builder);
}

static void add_time(JsonBuilder *builder, const BehaviourChange *change) {
  if (!(change->news & NEWS_TIME)) {
    json_add_text(builder, "time", NULL);
    return;
  }
  json_open_object(builder, "time");
  json_add_text(builder, "of", change->is_cpu ? "cpu" : "wall");
  json_add_number(builder, "runs", change->timed_runs);
  add_spread(builder, "before", &change->time_before);
  add_spread(builder, "after", &change->time_after);
  json_builder_end_object(builder);
}

static void add_news(JsonBuilder *builder, const BehaviourChange *change) {
  static const struct {
    NewsKinds kind;
    const gchar *name;
  } names[] = {{NEWS_CLASS, "class"},        {NEWS_ENDING, "ending"},    {NEWS_OUTPUT, "output"},
               {NEWS_FALSE, "became-false"}, {NEWS_TRUE, "became-true"}, {NEWS_TIME, "time"}};
  json_open_array(builder, "news");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (change->news & names[i].kind)
      json_builder_add_string_value(builder, names[i].name);
  json_builder_end_array(builder);
}

static void add_change(JsonBuilder *builder, const BehaviourChange *change) {
  json_builder_begin_object(builder);
  add_side(builder, "before", change->before, change->was);
  add_side(builder, "after", change->after, change->is);
  json_add_truth(builder, "moved", change->is_moved);
  json_add_truth(builder, "renumbered", change->is_renamed);
  json_add_truth(builder, "edited", change->is_edited);
  json_add_text(builder, "because", change->because);
  json_add_truth(builder, "worse", behaviour_is_worse(change));
  json_add_truth(builder, "varies", change->varies);
  json_add_text(builder, "incomparable", change->incomparable);
  add_news(builder, change);
  add_claims(builder, "became_false", change->became_false);
  add_claims(builder, "became_true", change->became_true);
  json_add_text(builder, "output_diff", change->output_diff);
  add_time(builder, change);
  json_builder_end_object(builder);
}

gchar *behaviour_json(const BehaviourReport *report, const gchar *version) {
  g_autoptr(JsonBuilder) builder = json_builder_new();
  BehaviourCounts counts = behaviour_counts(report);
  json_builder_begin_object(builder);
  json_add_text(builder, "proctor", version);
  json_add_text(builder, "python", report->python);
  json_add_seconds(builder, "seconds", (guint64)(report->seconds * 1e9));
  json_add_number(builder, "runs", report->runs);
  json_add_truth(builder, "incomplete", report->is_incomplete);
  add_version(builder, "before", &report->before);
  add_version(builder, "after", &report->after);
  add_counts(builder, &counts);
  json_open_array(builder, "snippets");
  for (guint i = 0; i < report->changes->len; i++)
    add_change(builder, g_ptr_array_index(report->changes, i));
  json_builder_end_array(builder);
  json_builder_end_object(builder);
  g_autofree gchar *text = json_built(builder, TRUE);
  return g_strconcat(text, "\n", NULL);
}
