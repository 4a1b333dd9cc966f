/*
 * output_buffer.h: the head and the tail of a stream that may be endless.
 *
 * Private to run/. Memory stays below OUTPUT_HEAD + 2 * OUTPUT_TAIL, whatever
 * is appended. Offsets count the bytes of the whole stream from 0.
 */
#pragma once

#include <glib.h>

#define OUTPUT_HEAD (256u << 10)
#define OUTPUT_TAIL (64u << 10)

typedef struct {
  GString *head; /* the first OUTPUT_HEAD bytes */
  GString *tail; /* what came after them; at least the last OUTPUT_TAIL bytes */
  guint64 total; /* bytes appended */
} OutputBuffer;

void output_buffer_init(OutputBuffer *buffer);
void output_buffer_clear(OutputBuffer *buffer);

void output_buffer_append(OutputBuffer *buffer, const gchar *bytes, gsize size);

/* How many bytes between head and tail are gone. */
guint64 output_buffer_cut(const OutputBuffer *buffer);

/* The kept bytes from offset on: at most `size` of them, contiguous, into
 * *bytes (borrowed, until the next append). Returns how many; 0 in the cut part
 * and at the end. A stretch that reaches from head to tail comes in two. */
gsize output_buffer_peek(const OutputBuffer *buffer, guint64 offset, gsize size,
                         const gchar **bytes);

/* All kept bytes at or after offset, newly allocated; *cut is set to the
 * bytes missing between them. */
GString *output_buffer_text(const OutputBuffer *buffer, guint64 offset, gsize *cut);
