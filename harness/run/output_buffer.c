#include "run/output_buffer.h"

void output_buffer_init(OutputBuffer *buffer) {
  *buffer = (OutputBuffer){.head = g_string_new(NULL), .tail = g_string_new(NULL)};
}

void output_buffer_clear(OutputBuffer *buffer) {
  if (buffer->head != NULL)
    g_string_free(buffer->head, TRUE);
  if (buffer->tail != NULL)
    g_string_free(buffer->tail, TRUE);
  *buffer = (OutputBuffer){0};
}

void output_buffer_append(OutputBuffer *buffer, const gchar *bytes, gsize size) {
  buffer->total += size;
  gsize to_head = MIN(size, OUTPUT_HEAD - buffer->head->len);
  g_string_append_len(buffer->head, bytes, (gssize)to_head);
  bytes += to_head;
  size -= to_head;
  if (size == 0)
    return;
  if (size >= OUTPUT_TAIL) {
    g_string_truncate(buffer->tail, 0);
    bytes += size - OUTPUT_TAIL;
    size = OUTPUT_TAIL;
  }
  /* Twice the tail is kept before it is moved, so that each byte moves once. */
  if (buffer->tail->len + size > (gsize)2 * OUTPUT_TAIL)
    g_string_erase(buffer->tail, 0, (gssize)(buffer->tail->len + size - OUTPUT_TAIL));
  g_string_append_len(buffer->tail, bytes, (gssize)size);
}

guint64 output_buffer_cut(const OutputBuffer *buffer) {
  return buffer->total - buffer->head->len - buffer->tail->len;
}

gsize output_buffer_peek(const OutputBuffer *buffer, guint64 offset, gsize size,
                         const gchar **bytes) {
  const GString *part = buffer->head;
  if (offset >= part->len) {
    guint64 tail_start = buffer->total - buffer->tail->len;
    if (offset < tail_start || offset >= buffer->total)
      return 0;
    offset -= tail_start;
    part = buffer->tail;
  }
  *bytes = part->str + offset;
  return MIN(size, part->len - (gsize)offset);
}

GString *output_buffer_text(const OutputBuffer *buffer, guint64 offset, gsize *cut) {
  guint64 tail_start = buffer->total - buffer->tail->len;
  GString *text = g_string_new(NULL);
  *cut = 0;
  if (offset < buffer->head->len) {
    g_string_append_len(text, buffer->head->str + offset,
                        (gssize)(buffer->head->len - (gsize)offset));
    *cut = (gsize)output_buffer_cut(buffer);
    offset = tail_start;
  } else if (offset < tail_start) {
    *cut = (gsize)(tail_start - offset);
    offset = tail_start;
  }
  if (offset < buffer->total)
    g_string_append_len(text, buffer->tail->str + (offset - tail_start),
                        (gssize)(buffer->total - offset));
  return text;
}
