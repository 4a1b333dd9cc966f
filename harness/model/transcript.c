#include "model/transcript.h"

#include <signal.h>
#include <string.h>

Transcript *transcript_new(void) {
  Transcript *transcript = g_new0(Transcript, 1);
  transcript->output = g_string_new(NULL);
  transcript->errors = g_string_new(NULL);
  transcript->writes = g_array_new(FALSE, FALSE, sizeof(Write));
  transcript->values = g_ptr_array_new_with_free_func((GDestroyNotify)value_free);
  transcript->raised = g_ptr_array_new_with_free_func((GDestroyNotify)raised_free);
  transcript->passed = g_array_new(FALSE, FALSE, sizeof(guint));
  transcript->probed = g_ptr_array_new_with_free_func((GDestroyNotify)probed_free);
  transcript->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  transcript->checked = g_ptr_array_new_with_free_func((GDestroyNotify)checked_free);
  transcript->waits = g_ptr_array_new_with_free_func((GDestroyNotify)waiting_free);
  transcript->names_bound = g_new0(gchar *, 1);
  transcript->names_needed = g_new0(gchar *, 1);
  return transcript;
}

void transcript_free(Transcript *transcript) {
  if (transcript == NULL)
    return;
  g_free(transcript->failure);
  g_free(transcript->traceback);
  g_free(transcript->variant);
  g_ptr_array_unref(transcript->events);
  g_ptr_array_unref(transcript->checked);
  g_string_free(transcript->output, TRUE);
  g_string_free(transcript->errors, TRUE);
  g_array_unref(transcript->writes);
  g_ptr_array_unref(transcript->values);
  g_ptr_array_unref(transcript->raised);
  g_array_unref(transcript->passed);
  g_ptr_array_unref(transcript->probed);
  g_ptr_array_unref(transcript->waits);
  gil_timeline_free(transcript->gil);
  g_strfreev(transcript->names_bound);
  g_strfreev(transcript->names_needed);
  g_free(transcript);
}

void event_free(Event *event) {
  if (event == NULL)
    return;
  g_free(event->kind);
  g_free(event->text);
  g_free(event);
}

void checked_free(Checked *checked) {
  if (checked == NULL)
    return;
  g_free(checked->rule);
  g_free(checked->said);
  g_free(checked->actual);
  g_free(checked->note);
  g_free(checked);
}

const Raised *transcript_final_exception(const Transcript *transcript) {
  if (transcript->outcome != OUTCOME_RAISED && transcript->outcome != OUTCOME_UNPARSABLE)
    return NULL;
  for (guint i = transcript->raised->len; i > 0; i--) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i - 1);
    if (!raised->passed && !raised->in_thread && !raised->is_seen)
      return raised;
  }
  return NULL;
}

static gchar *stopped_text(const Transcript *transcript) {
  const gchar *where = transcript->is_ending ? ", after its last statement" : "";
  gdouble seconds = transcript->wall_limit_ms / 1e3;
  switch (transcript->limit) {
  case LIMIT_NONE:
    return g_strdup_printf("stopped%s", where);
  case LIMIT_WALL:
    return g_strdup_printf("stopped: ran longer than %g s%s", seconds, where);
  case LIMIT_CPU:
    return g_strdup_printf("stopped: used its CPU time%s", where);
  case LIMIT_OUTPUT:
    return g_strdup_printf("stopped: wrote more than it may%s", where);
  case LIMIT_MEMORY:
    return g_strdup_printf("stopped: used more memory than it may%s", where);
  }
  g_return_val_if_reached(NULL);
}

static gchar *stuck_text(const Transcript *transcript) {
  const gchar *where = transcript->is_ending ? ", after its last statement" : "";
  for (guint i = 0; i < transcript->waits->len; i++)
    if (waiting_is_cycle(transcript->waits, i))
      return g_strdup_printf("deadlocks%s", where);
  return g_strdup_printf("never ends: all its threads wait%s", where);
}

gchar *transcript_outcome_text(const Transcript *transcript) {
  const Raised *final = transcript_final_exception(transcript);
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
    return g_strdup("finishes");
  case OUTCOME_RAISED:
    return g_strdup_printf("raises %s", final != NULL ? final->type : "an exception");
  case OUTCOME_EXITED:
    return g_strdup_printf("exits %d", transcript->exit_code);
  case OUTCOME_SIGNALLED: {
    const gchar *name = sigabbrev_np(transcript->signal);
    return name != NULL ? g_strdup_printf("killed by SIG%s", name)
                        : g_strdup_printf("killed by signal %d", transcript->signal);
  }
  case OUTCOME_STOPPED:
    return stopped_text(transcript);
  case OUTCOME_STUCK:
    return stuck_text(transcript);
  case OUTCOME_UNPARSABLE:
    return g_strdup("does not compile");
  case OUTCOME_HELD:
    return g_strdup("not run");
  case OUTCOME_UNREADY:
    return g_strdup("not run: its fixture is not ready");
  case OUTCOME_SKIPPED:
    return g_strdup("not run: skipped");
  case OUTCOME_FAILED:
    return g_strdup_printf("proctor failed: %s",
                           transcript->failure != NULL ? transcript->failure : "no reason known");
  }
  g_return_val_if_reached(NULL);
}

void value_free(Value *value) {
  if (value == NULL)
    return;
  g_free(value->names);
  g_free(value->type);
  g_free(value->shown);
  g_free(value->repr);
  g_free(value);
}

void raised_free(Raised *raised) {
  if (raised == NULL)
    return;
  g_free(raised->type);
  g_strfreev(raised->bases);
  g_free(raised->message);
  g_free(raised->name);
  g_free(raised);
}

void probed_free(Probed *probed) {
  if (probed == NULL)
    return;
  raised_free(probed->raised);
  g_free(probed->repr);
  g_free(probed->output);
  g_free(probed);
}
