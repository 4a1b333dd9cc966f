#include "run/key.h"

#include <string.h>

#include "run/request.h"
#include "run/run.h"
#include "run/run_digest.h"

/* A fixture may connect to what this names. */
#define DATABASE_URL "PROCTOR_DATABASE_URL"

/* --- digests ----------------------------------------------------------- */

static void put_number(GChecksum *sum, guint64 number) {
  g_checksum_update(sum, (const guchar *)&number, sizeof number);
}

/* With its size before it, so that no two lists of texts look the same. */
static void put_text(GChecksum *sum, const gchar *text, gsize size) {
  put_number(sum, size);
  g_checksum_update(sum, (const guchar *)text, (gssize)size);
}

static void put_string(GChecksum *sum, const gchar *text) {
  put_number(sum, text != NULL);
  if (text != NULL)
    put_text(sum, text, strlen(text));
}

/* Ends the digest and makes the sum ready for the next one. */
static void take(GChecksum *sum, guint8 *digest) {
  guint8 bytes[32];
  gsize size = sizeof bytes;
  g_checksum_get_digest(sum, bytes, &size);
  memcpy(digest, bytes, RESULT_DIGEST);
  g_checksum_reset(sum);
}

/* --- the parts --------------------------------------------------------- */

static void put_unit(GChecksum *sum, const WireUnit *unit) {
  put_number(sum, unit->kind);
  put_number(sum, unit->piece_count);
  for (guint i = 0; i < unit->piece_count; i++) {
    put_number(sum, unit->pieces[i].line);
    put_text(sum, unit->pieces[i].source, unit->pieces[i].size);
  }
}

static void put_lines(GChecksum *sum, const guint32 *lines, guint count) {
  put_number(sum, count);
  g_checksum_update(sum, (const guchar *)lines, (gssize)(count * sizeof *lines));
}

static void put_looks(GChecksum *sum, const WireUnit *subject) {
  put_lines(sum, subject->value_lines, subject->value_count);
  put_lines(sum, subject->passing_lines, subject->passing_count);
  put_number(sum, subject->probe_count);
  for (guint i = 0; i < subject->probe_count; i++) {
    const WireProbe *probe = &subject->probes[i];
    const guint32 numbers[] = {probe->kind, probe->line, probe->column, probe->first, probe->last};
    g_checksum_update(sum, (const guchar *)numbers, sizeof numbers);
    put_text(sum, probe->text, probe->size);
  }
}

static void put_fixture(GChecksum *sum, const RunRequest *request, const RunnerOptions *options) {
  put_string(sum, request->fixture->fixture->digest);
  put_string(sum, request->variant);
  put_string(sum, g_getenv(DATABASE_URL));
  put_number(sum, options->fixture_ms);
}

static void put_limits(GChecksum *sum, const RunRequest *request, const RunnerOptions *options) {
  RunLimits limits = run_limits(options, request->snippet);
  const guint64 numbers[] = {limits.wall_ms, limits.cpu_seconds, limits.output_bytes,
                             limits.address_bytes, options->hash_seed};
  g_checksum_update(sum, (const guchar *)numbers, sizeof numbers);
}

/* A runner's limits are the same for nearly all of its runs. */
static void take_limits(GChecksum *sum, const RunRequest *request, const RunnerOptions *options,
                        guint8 *digest) {
  put_limits(sum, request, options);
  take(sum, digest);
}

static gboolean is_keepable(const RunRequest *request) {
  const FixtureChoice *choice = request->fixture;
  if (request->on_output != NULL || request->is_merged)
    return FALSE;
  return choice == NULL || (choice->problem == NULL && choice->fixture != NULL &&
                            choice->fixture->problem == NULL && choice->fixture->digest != NULL);
}

gboolean run_key(const RunRequest *request, const RunnerOptions *options, const guint8 *interpreter,
                 ResultKey *key) {
  if (!is_keepable(request))
    return FALSE;
  g_autoptr(RequestDraft) draft = request_draft_new(request);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  const WireUnit *units = draft->wire.units;
  guint last = draft->wire.unit_count - 1;
  ResultKey made = {0};

  put_unit(sum, &units[last]);
  put_number(sum, draft->wire.flags);
  put_text(sum, draft->wire.name, draft->wire.name_size);
  take(sum, made.parts[RESULT_SNIPPET]);
  for (guint i = 0; i < last; i++)
    put_unit(sum, &units[i]);
  if (last > 0)
    take(sum, made.parts[RESULT_EARLIER]);
  if (units[last].value_count + units[last].passing_count + units[last].probe_count > 0) {
    put_looks(sum, &units[last]);
    take(sum, made.parts[RESULT_LOOKS]);
  }
  if (request->fixture != NULL) {
    put_fixture(sum, request, options);
    take(sum, made.parts[RESULT_FIXTURE]);
  }
  memcpy(made.parts[RESULT_PYTHON], interpreter, RESULT_DIGEST);
  take_limits(sum, request, options, made.parts[RESULT_LIMITS]);

  put_text(sum, run_digest, strlen(run_digest));
  g_checksum_update(sum, (const guchar *)made.parts, sizeof made.parts);
  take(sum, made.whole);
  *key = made;
  return TRUE;
}

gboolean run_is_lasting(const Transcript *transcript) {
  return transcript->outcome != OUTCOME_FAILED && transcript->outcome != OUTCOME_UNREADY &&
         transcript->outcome != OUTCOME_SKIPPED;
}

gboolean run_is_timed(const Transcript *transcript, gboolean is_timed) {
  gboolean is_stopped = transcript->outcome == OUTCOME_STOPPED &&
                        (transcript->limit == LIMIT_WALL || transcript->limit == LIMIT_CPU);
  for (guint i = 0; i < transcript->probed->len && !is_stopped; i++)
    is_stopped = ((const Probed *)g_ptr_array_index(transcript->probed, i))->end == PROBE_STOPPED;
  return is_timed || is_stopped;
}

gboolean run_is_trusted(const Transcript *transcript, gboolean is_timed, gint64 now_us) {
  return ABS(now_us - transcript->kept_us) < G_TIME_SPAN_DAY || !run_is_timed(transcript, is_timed);
}
