#include "run/request.h"

#include <string.h>

#define TEXT_MAX (16u << 10)  /* of a comment or a paragraph; what is beyond is cut off */
#define TEXT_BYTES (1u << 20) /* of all of them; then nothing more is passed */

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

/* What claims of the subject want looked at. */
typedef struct {
  GArray *values;  /* guint32: first lines of statements */
  GArray *passing; /* likewise */
  GArray *probes;  /* WireProbe */
} Wanted;

static void add_line(GArray *lines, guint32 line) {
  for (guint i = 0; i < lines->len; i++)
    if (g_array_index(lines, guint32, i) == line)
      return;
  g_array_append_val(lines, line);
}

/* What is left out here remains unproven. */
static void append_probe(GArray *probes, const WireProbe *probe) {
  gboolean is_empty_text = probe->kind >= WIRE_PROBE_REMARK && probe->size == 0;
  if (probe->line > 0 && !is_empty_text && probe->size <= WIRE_REQUEST_MAX &&
      probes->len < WIRE_PROBES_MAX)
    g_array_append_val(probes, *probe);
}

/* Two claims may want the same looked at: once. */
static void add_probe(GArray *probes, WireProbeKind kind, guint line, guint column,
                      const gchar *text) {
  gsize size = strlen(text);
  for (guint i = 0; i < probes->len; i++) {
    const WireProbe *probe = &g_array_index(probes, WireProbe, i);
    if (probe->kind == kind && probe->line == line && probe->column == column &&
        probe->size == size && memcmp(probe->text, text, size) == 0)
      return;
  }
  append_probe(probes, &(WireProbe){.kind = kind,
                                    .line = line,
                                    .column = column,
                                    .size = (uint32_t)MIN(size, G_MAXUINT32),
                                    .text = text});
}

static void add_claim(const Claim *claim, Wanted *wanted) {
  if (claim->code != NULL) {
    add_probe(wanted->probes, WIRE_PROBE_CODE, claim->code_line, claim->column, claim->code);
    return;
  }
  const gchar *names = claim->names != NULL ? claim->names : "";
  if (claim->first_line == 0) {
    if (claim->target == CLAIM_OF_NAMES && *names != '\0')
      add_probe(wanted->probes, WIRE_PROBE_AT, claim->line, claim->column, names);
    return;
  }
  if (claim->is_value)
    add_line(wanted->values, claim->first_line);
  if (claim->target == CLAIM_OF_EXCEPTION)
    add_line(wanted->passing, claim->first_line);
  if (*names != '\0' || claim->target == CLAIM_OF_PASSING || claim->target == CLAIM_OF_EXCEPTION ||
      claim->target == CLAIM_OF_HANG)
    add_probe(wanted->probes, WIRE_PROBE_AFTER, claim->first_line, 0, names);
}

/* --- for the time after the run ---------------------------------------- */

/* The length of text, cut at a character. */
static guint32 cut_size(const gchar *text, gsize room) {
  gsize size = strnlen(text, room + 1);
  if (size <= room)
    return (guint32)size;
  size = room;
  while (size > 0 && ((guchar)text[size] & 0xc0) == 0x80)
    size--;
  return (guint32)size;
}

static void add_finals(const gchar *const *after, GArray *probes) {
  for (guint i = 0; after != NULL && after[i] != NULL; i++)
    append_probe(probes, &(WireProbe){.kind = WIRE_PROBE_FINAL,
                                      .line = i + 1,
                                      .size = cut_size(after[i], WIRE_REQUEST_MAX),
                                      .text = after[i]});
}

/* What a fixture's words may speak of: comments and the text beside it, up to TEXT_BYTES. */
static void add_said(const Snippet *snippet, GArray *probes) {
  gsize room = TEXT_BYTES;
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *remark = g_ptr_array_index(snippet->unclaimed, i);
    guint32 size = cut_size(remark->text, MIN(TEXT_MAX, room));
    room -= size;
    append_probe(probes, &(WireProbe){.kind = WIRE_PROBE_REMARK,
                                      .line = remark->line,
                                      .first = MIN(remark->first_line, remark->last_line),
                                      .last = remark->last_line,
                                      .size = size,
                                      .text = remark->text});
  }
  guint line = 1; /* not the document's: a run must not depend on where its snippet stands */
  for (guint i = 0; i < snippet->prose->len; i++) {
    const Prose *prose = g_ptr_array_index(snippet->prose, i);
    guint32 size = cut_size(prose->text, MIN(TEXT_MAX, room));
    room -= size;
    append_probe(
        probes,
        &(WireProbe){.kind = WIRE_PROBE_PROSE, .line = line, .size = size, .text = prose->text});
    line += prose_line_count(prose);
  }
}

/* --- the request ------------------------------------------------------- */

RequestDraft *request_draft_new(const RunRequest *request) {
  RequestDraft *draft = g_new0(RequestDraft, 1);
  draft->units = g_array_new(FALSE, FALSE, sizeof(WireUnit));
  draft->pieces = g_array_new(FALSE, FALSE, sizeof(WirePiece));
  draft->values = g_array_new(FALSE, FALSE, sizeof(guint32));
  draft->passing = g_array_new(FALSE, FALSE, sizeof(guint32));
  draft->probes = g_array_new(FALSE, FALSE, sizeof(WireProbe));
  Wanted wanted = {draft->values, draft->passing, draft->probes};
  for (guint i = 0; i <= request->prelude_count; i++) {
    const Snippet *snippet = i < request->prelude_count ? request->prelude[i] : request->snippet;
    WireUnit unit = add_unit(snippet, draft->pieces);
    g_array_append_val(draft->units, unit);
  }
  const GPtrArray *claims = request->snippet->claims;
  for (guint i = 0; request->snippet->kind == SNIPPET_SCRIPT && i < claims->len; i++)
    add_claim(g_ptr_array_index(claims, i), &wanted);
  add_finals(request->after, draft->probes);
  if (request->fixture != NULL)
    add_said(request->snippet, draft->probes);

  WirePiece *piece = (WirePiece *)(gpointer)draft->pieces->data;
  for (guint i = 0; i < draft->units->len; i++) {
    WireUnit *unit = &g_array_index(draft->units, WireUnit, i);
    unit->pieces = piece;
    piece += unit->piece_count;
  }
  WireUnit *subject = &g_array_index(draft->units, WireUnit, draft->units->len - 1);
  subject->value_lines = (uint32_t *)(gpointer)draft->values->data;
  subject->value_count = draft->values->len;
  subject->passing_lines = (uint32_t *)(gpointer)draft->passing->data;
  subject->passing_count = draft->passing->len;
  subject->probes = (WireProbe *)(gpointer)draft->probes->data;
  subject->probe_count = draft->probes->len;

  draft->wire = (WireRequest){
      .flags = (request->hold_back ? WIRE_HOLD_BACK : 0u) |
               (request->line_buffered ? WIRE_LINE_BUFFERED : 0u),
      .name = REQUEST_FILE_NAME,
      .name_size = (uint32_t)strlen(REQUEST_FILE_NAME),
      .unit_count = draft->units->len,
      .units = (WireUnit *)(gpointer)draft->units->data,
  };
  return draft;
}

void request_draft_free(RequestDraft *draft) {
  if (draft == NULL)
    return;
  g_array_unref(draft->units);
  g_array_unref(draft->pieces);
  g_array_unref(draft->values);
  g_array_unref(draft->passing);
  g_array_unref(draft->probes);
  g_free(draft);
}

int request_write(const RunRequest *request, guint32 *size) {
  g_autoptr(RequestDraft) draft = request_draft_new(request);
  return wire_request_write(&draft->wire, size);
}
