/*
 * alignment.h: finds noted writes again in the bytes that a stream carried.
 *
 * Private to run/. The journal says how long each write was and what it hashes
 * to; the pipe has the bytes, and between them others that no note covers
 * (subprocesses, os.write). Writes are looked for in the order in which they
 * were noted, each at or after the end of the one before it; a write that two
 * threads made in the other order is found in the gap that this left.
 *
 * The work is linear in the stream where notes and bytes agree, and bounded
 * where they do not: then writes are given up, never guessed at.
 */
#pragma once

#include "run/output_buffer.h"

typedef struct {
  const OutputBuffer *stream;
  guint64 at;        /* end of the last write that was found */
  guint64 gap_start; /* bytes before it that nothing claimed */
  guint64 gap_end;
  guint64 budget; /* bytes that may still be hashed in vain */
} Alignment;

void alignment_init(Alignment *alignment, const OutputBuffer *stream);

/* Where a write of length bytes with this journal_hash() stands. FALSE where it
 * is not found, or lies in the part of the stream that was cut. */
gboolean alignment_find(Alignment *alignment, guint64 length, guint32 hash, guint64 *offset);
