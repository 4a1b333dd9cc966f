#include "run/run.h"

#include <string.h>

#include "run/transcript_builder.h"

RunLimits run_limits(const RunnerOptions *options, const Snippet *snippet) {
  RunLimits limits = {
      .wall_ms = options->wall_ms,
      .cpu_seconds = options->cpu_seconds,
      .output_bytes = options->output_bytes,
      .address_bytes = options->address_bytes,
  };
  const Settings *settings = snippet->settings;
  if (settings == NULL)
    return limits;
  if (settings->memory_bytes > 0)
    limits.address_bytes = settings->memory_bytes;
  if (options->outranks_settings)
    return limits;
  if (settings->wall_ms > 0) {
    limits.wall_ms = settings->wall_ms;
    if (limits.cpu_seconds > 0) /* or the run would never get so far */
      limits.cpu_seconds = (guint)(((guint64)settings->wall_ms + 999) / 1000);
  }
  if (settings->output_bytes > 0)
    limits.output_bytes = settings->output_bytes;
  return limits;
}

Run *run_new(Job *job, guint32 number, const RunnerOptions *options) {
  Run *run = g_new0(Run, 1);
  run->job = job;
  run->number = number;
  run->limits = run_limits(options, job->request.snippet);
  output_buffer_init(&run->streams[STREAM_OUTPUT]);
  output_buffer_init(&run->streams[STREAM_ERRORS]);
  return run;
}

void run_free(Run *run) {
  if (run == NULL)
    return;
  job_free(run->job);
  output_buffer_clear(&run->streams[STREAM_OUTPUT]);
  output_buffer_clear(&run->streams[STREAM_ERRORS]);
  g_free(run->journal);
  g_free(run->board);
  g_clear_pointer(&run->stuck, g_array_unref);
  g_free(run->failure);
  g_free(run);
}

Transcript *run_transcript(const Run *run) {
  const RunRequest *request = &run->job->request;
  const Snippet *snippet = request->snippet;
  RunRecord record = {
      .journal = run->journal,
      .board = run->board,
      .run = run->number,
      .request = request,
      .units = request->prelude_count + 1,
      .lines = snippet->last_line - snippet->first_line + 1,
      .output = &run->streams[STREAM_OUTPUT],
      .errors = &run->streams[STREAM_ERRORS],
      .done = run->done,
      .cpu_seconds = run->limits.cpu_seconds,
      .limit = run->limit,
      .stuck = run->stuck,
      .failure = run->failure,
  };
  Transcript *transcript = transcript_build(&record);
  transcript->wall_limit_ms = run->limits.wall_ms;
  transcript->fixture = request->fixture;
  transcript->variant = g_strdup(request->variant);
  return transcript;
}
