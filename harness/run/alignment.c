#include "run/alignment.h"

#include <string.h>

#include "wire/journal.h"

/* How far ahead a write is looked for, and how much may be hashed in vain, in
 * all: some 10 ms. */
#define REACH (64u << 10)
#define BUDGET (16u << 20)

void alignment_init(Alignment *alignment, const OutputBuffer *stream) {
  *alignment = (Alignment){.stream = stream, .budget = BUDGET};
}

typedef enum { MATCHES, DIFFERS, IS_CUT } Match;

static Match match_at(const OutputBuffer *stream, guint64 offset, guint64 length, guint32 hash) {
  const gchar *bytes;
  gsize here = output_buffer_peek(stream, offset, (gsize)length, &bytes);
  if (here == length)
    return journal_hash(bytes, (size_t)length) == hash ? MATCHES : DIFFERS;
  if (output_buffer_cut(stream) > 0)
    return IS_CUT;
  /* Nothing is missing between head and tail, but they are not neighbours in
   * memory. */
  g_autofree gchar *joined = g_malloc((gsize)length);
  if (here > 0)
    memcpy(joined, bytes, here);
  gsize rest = output_buffer_peek(stream, offset + here, (gsize)length - here, &bytes);
  if (here + rest != length)
    return DIFFERS;
  memcpy(joined + here, bytes, rest);
  return journal_hash(joined, (size_t)length) == hash ? MATCHES : DIFFERS;
}

static gboolean found(Alignment *alignment, guint64 offset, guint64 length, guint64 *result) {
  if (offset > alignment->at) {
    alignment->gap_start = alignment->at;
    alignment->gap_end = offset;
  }
  alignment->at = offset + length;
  *result = offset;
  return TRUE;
}

gboolean alignment_find(Alignment *alignment, guint64 length, guint32 hash, guint64 *offset) {
  const OutputBuffer *stream = alignment->stream;
  if (length == 0 || length > stream->total)
    return FALSE;
  if (alignment->gap_end - alignment->gap_start >= length && alignment->budget >= length) {
    /* Costs one hash in vain for each write after bytes that nothing covers. */
    alignment->budget -= length;
    if (match_at(stream, alignment->gap_start, length, hash) == MATCHES) {
      *offset = alignment->gap_start;
      alignment->gap_start += length;
      return TRUE;
    }
  }
  for (guint64 step = 0; step <= REACH; step++) {
    guint64 start = alignment->at + step;
    if (start > stream->total - length)
      return FALSE;
    switch (match_at(stream, start, length, hash)) {
    case MATCHES:
      return found(alignment, start, length, offset);
    case IS_CUT:
      /* Its bytes are gone, most likely: the next is looked for behind them. */
      alignment->at = start + length;
      return FALSE;
    case DIFFERS:
      if (alignment->budget < length)
        return FALSE;
      alignment->budget -= length;
    }
  }
  return FALSE;
}
