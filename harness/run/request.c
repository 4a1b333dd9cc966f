#include "run/request.h"

#include <string.h>

#include "wire/wire.h"

static void add_piece(GArray *pieces, guint line, const gchar *source) {
  WirePiece piece = {.line = line, .size = (uint32_t)strlen(source), .source = source};
  g_array_append_val(pieces, piece);
}

/* Pieces of all units stand in one array, lines in another; while it grows, a
 * unit only knows its counts. */
static WireUnit add_unit(const Snippet *snippet, GArray *pieces) {
  gboolean has_examples = snippet->kind == SNIPPET_TRANSCRIPT && snippet->examples->len > 0;
  WireUnit unit = {.kind = has_examples ? WIRE_TRANSCRIPT : WIRE_SCRIPT};
  guint before = pieces->len;
  if (snippet->kind == SNIPPET_TRANSCRIPT && !has_examples) {
    add_piece(pieces, 1, ""); /* prompts with nothing but comments run as nothing */
  } else if (has_examples) {
    for (guint i = 0; i < snippet->examples->len; i++) {
      const Example *example = g_ptr_array_index(snippet->examples, i);
      add_piece(pieces, example->line, example->source);
    }
  } else {
    add_piece(pieces, 1, snippet->source);
  }
  unit.piece_count = pieces->len - before;
  return unit;
}

/* First lines of the statements that claims of the subject want noted. */
static void add_lines(const Snippet *snippet, GArray *values, GArray *passing) {
  for (guint i = 0; i < snippet->claims->len; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    if (claim->first_line == 0)
      continue;
    if (claim->is_value)
      g_array_append_val(values, claim->first_line);
    if (claim->target == CLAIM_OF_EXCEPTION)
      g_array_append_val(passing, claim->first_line);
  }
}

int request_write(const RunRequest *request, guint32 *size) {
  g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(WireUnit));
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(WirePiece));
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autoptr(GArray) passing = g_array_new(FALSE, FALSE, sizeof(guint32));
  for (guint i = 0; i <= request->prelude_count; i++) {
    const Snippet *snippet = i < request->prelude_count ? request->prelude[i] : request->snippet;
    WireUnit unit = add_unit(snippet, pieces);
    g_array_append_val(units, unit);
  }
  if (request->snippet->kind == SNIPPET_SCRIPT)
    add_lines(request->snippet, values, passing);

  WirePiece *piece = (WirePiece *)(gpointer)pieces->data;
  for (guint i = 0; i < units->len; i++) {
    WireUnit *unit = &g_array_index(units, WireUnit, i);
    unit->pieces = piece;
    piece += unit->piece_count;
  }
  WireUnit *subject = &g_array_index(units, WireUnit, units->len - 1);
  subject->value_lines = (uint32_t *)(gpointer)values->data;
  subject->value_count = values->len;
  subject->passing_lines = (uint32_t *)(gpointer)passing->data;
  subject->passing_count = passing->len;

  WireRequest wire = {
      .flags = (request->hold_back ? WIRE_HOLD_BACK : 0u) |
               (request->line_buffered ? WIRE_LINE_BUFFERED : 0u),
      .name = REQUEST_FILE_NAME,
      .name_size = (uint32_t)strlen(REQUEST_FILE_NAME),
      .unit_count = units->len,
      .units = (WireUnit *)(gpointer)units->data,
  };
  return wire_request_write(&wire, size);
}
