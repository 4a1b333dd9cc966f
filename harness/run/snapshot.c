#include "run/snapshot.h"

Job *job_new(const RunRequest *request, RunnerDone done, gpointer data) {
  Job *job = g_new0(Job, 1);
  *job = (Job){.request = *request, .done = done, .data = data};
  job->request.prelude = g_memdup2(request->prelude, request->prelude_count * sizeof(Snippet *));
  return job;
}

void job_free(Job *job) {
  if (job == NULL)
    return;
  g_free((gpointer)job->request.prelude);
  g_free(job);
}

static gchar *title_of(const gchar *fixture, const gchar *variant) {
  g_autofree gchar *file = g_path_get_basename(fixture);
  return variant == NULL || *variant == '\0' ? g_strdup_printf("fixture %s", file)
                                             : g_strdup_printf("fixture %s (%s)", file, variant);
}

Snapshot *snapshot_new(const gchar *fixture, const gchar *variant) {
  Snapshot *snapshot = g_new0(Snapshot, 1);
  g_queue_init(&snapshot->jobs);
  if (fixture != NULL) {
    snapshot->fixture = g_strdup(fixture);
    snapshot->variant = g_strdup(variant != NULL ? variant : "");
    snapshot->title = title_of(fixture, variant);
  }
  return snapshot;
}

void snapshot_free(Snapshot *snapshot) {
  if (snapshot == NULL)
    return;
  g_queue_clear_full(&snapshot->jobs, (GDestroyNotify)job_free);
  g_free(snapshot->fixture);
  g_free(snapshot->variant);
  g_free(snapshot->title);
  g_free(snapshot->failure);
  g_free(snapshot->traceback);
  g_free(snapshot);
}

void snapshot_break(Snapshot *snapshot, gboolean is_ours, const gchar *failure,
                    const gchar *traceback) {
  if (snapshot->failure != NULL)
    return;
  snapshot->failure = g_strdup(failure);
  snapshot->traceback = g_strdup(traceback);
  snapshot->is_ours = is_ours;
}

Transcript *snapshot_refusal(const Snapshot *snapshot, const Job *job) {
  Transcript *transcript = transcript_new();
  transcript->outcome = snapshot->is_ours ? OUTCOME_FAILED : OUTCOME_UNREADY;
  transcript->failure = g_strdup(snapshot->failure);
  const FixtureChoice *choice = job->request.fixture;
  transcript->traceback = choice != NULL && choice->fixture != NULL
                              ? fixture_text_shown(choice->fixture, snapshot->traceback)
                              : g_strdup(snapshot->traceback);
  transcript->prelude = job->request.prelude_count;
  transcript->fixture = job->request.fixture;
  transcript->variant = g_strdup(job->request.variant);
  return transcript;
}
