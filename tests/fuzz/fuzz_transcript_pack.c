/*
 * Any bytes as a packed transcript: they are refused, or give a transcript that can be read and
 * that packs into the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "store/transcript_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input where a program aborts, and not where g_error() traps. */
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      g_printerr("%s\n", #condition);                                                              \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

static void read_all(const Transcript *transcript) {
  g_autofree gchar *outcome = transcript_outcome_text(transcript);
  MUST(outcome != NULL);
  MUST(transcript->names_certain <= g_strv_length(transcript->names_needed));
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    MUST(raised->type != NULL && raised->message != NULL);
  }
  for (guint i = 0; i < transcript->probed->len; i++) {
    const Probed *probed = g_ptr_array_index(transcript->probed, i);
    MUST(probed->end <= PROBE_DIED && probed->output != NULL);
    MUST(probed->raised != NULL || probed->end != PROBE_RAISED);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Transcript) transcript = transcript_unpack(data, size);
  if (transcript == NULL)
    return 0;
  read_all(transcript);
  g_autoptr(GBytes) packed = transcript_pack(transcript);
  MUST(packed != NULL);
  g_autoptr(GBytes) given = g_bytes_new_static(data, size);
  MUST(g_bytes_equal(packed, given));
  return 0;
}
