#include "store/expectation_text.h"

#include <string.h>

G_DEFINE_QUARK(proctor - expectation - error - quark, expectation_error)

#define BOM "\xef\xbb\xbf"
#define FENCE "---"
#define CONTENT_ID_LEAST 7
#define CONTENT_ID_MOST 40

typedef enum {
  LINE_NOTE,
  LINE_SNIPPET,
  LINE_OUTCOME,
  LINE_PYTHON,
  LINE_WHERE,
  LINE_AFTER,
  LINE_WHERE_ITEM,
  LINE_AFTER_ITEM,
} LineKind;

/* A line as it stands in the file. */
typedef struct {
  const gchar *start; /* borrowed from the text */
  gsize length;       /* without its end, */
  gsize end_length;   /* which is LF, CRLF, or nothing at the end of the file */
  LineKind kind;      /* of a line of a head */
  gsize value;        /* where its value begins, */
  gsize value_length; /* and its length without blanks and comment */
} Line;

typedef struct {
  Line opening; /* the fences around the head */
  Line closing;
  GArray *head; /* Line, between them */
  GArray *body; /* Line */
  ExpectationPart *part;
} Section;

typedef struct {
  gboolean has_bom;
  const gchar *line_end; /* of what is added */
  gchar *content_id;
  GPtrArray *sections; /* Section * */
} Sheet;

static void section_free(Section *section) {
  g_array_unref(section->head);
  g_array_unref(section->body);
  expectation_part_free(section->part);
  g_free(section);
}

static void sheet_clear(Sheet *sheet) {
  g_free(sheet->content_id);
  g_clear_pointer(&sheet->sections, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

/* --- lines --------------------------------------------------------------------- */

static GArray *lines_split(const gchar *text, gsize size) {
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
  const gchar *end = text + size;
  for (const gchar *at = text; at < end;) {
    const gchar *newline = memchr(at, '\n', (gsize)(end - at));
    gsize length = (gsize)((newline != NULL ? newline : end) - at);
    gsize end_length = newline != NULL;
    if (newline != NULL && length > 0 && at[length - 1] == '\r') {
      length--;
      end_length++;
    }
    g_array_append_val(lines, ((Line){.start = at, .length = length, .end_length = end_length}));
    at += length + end_length;
  }
  return lines;
}

static gboolean line_is(const Line *line, const gchar *text) {
  return line->length == strlen(text) && strncmp(line->start, text, line->length) == 0;
}

/* How many backslashes stand before what is else a fence; -1 for another line. */
static gint fence_escapes(const gchar *line, gsize length) {
  gsize count = 0;
  while (count < length && line[count] == '\\')
    count++;
  gboolean is_fence =
      length - count == strlen(FENCE) && strncmp(line + count, FENCE, length - count) == 0;
  return is_fence ? (gint)count : -1;
}

/* Sets the value behind `from`: without blanks around it and a comment behind it. With strings,
 * a '#' in one is none. */
static void line_set_value(Line *line, gsize from, gboolean with_strings) {
  gsize end = line->length;
  gchar quote = 0;
  while (from < end && g_ascii_isspace(line->start[from]))
    from++;
  for (gsize i = from; i < end; i++) {
    gchar sign = line->start[i];
    if (with_strings && quote != 0 && sign == '\\')
      i++;
    else if (with_strings && quote != 0)
      quote = sign == quote ? 0 : quote;
    else if (with_strings && (sign == '\'' || sign == '"'))
      quote = sign;
    else if (sign == '#' && (i == from || g_ascii_isspace(line->start[i - 1])))
      end = i;
  }
  while (end > from && g_ascii_isspace(line->start[end - 1]))
    end--;
  line->value = from;
  line->value_length = end - from;
}

static gboolean line_is_item(const Line *line) {
  return line->kind == LINE_WHERE_ITEM || line->kind == LINE_AFTER_ITEM;
}

static gchar *line_value(const Line *line) {
  return g_strndup(line->start + line->value, line->value_length);
}

/* --- reading ------------------------------------------------------------------- */

typedef struct {
  const gchar *path;
  GError **error;
} Reading;

static gboolean fail(const Reading *reading, guint line, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean fail(const Reading *reading, guint line, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(reading->error, EXPECTATION_ERROR, EXPECTATION_ERROR_FORMAT, "%s:%u: %s",
              reading->path, line, message);
  return FALSE;
}

static gboolean content_id_is_fine(const gchar *text) {
  gsize length = strlen(text);
  return length >= CONTENT_ID_LEAST && length <= CONTENT_ID_MOST &&
         strspn(text, "0123456789abcdef") == length;
}

/* list: the key above whose list the line may belong to; LINE_NOTE for none. */
static gboolean line_classify(const Reading *reading, Line *line, guint number, LineKind list) {
  static const struct {
    const gchar *key;
    LineKind kind;
  } keys[] = {{"snippet", LINE_SNIPPET},
              {"outcome", LINE_OUTCOME},
              {"python", LINE_PYTHON},
              {"where", LINE_WHERE},
              {"after", LINE_AFTER}};
  gsize blanks = 0;
  while (blanks < line->length && g_ascii_isspace(line->start[blanks]))
    blanks++;
  if (blanks == line->length || line->start[blanks] == '#') {
    line->kind = LINE_NOTE;
    return TRUE;
  }
  if (line->start[blanks] == '-' && blanks + 1 < line->length &&
      g_ascii_isspace(line->start[blanks + 1])) {
    line->kind = list == LINE_AFTER ? LINE_AFTER_ITEM : LINE_WHERE_ITEM;
    line_set_value(line, blanks + 1, list == LINE_AFTER);
    if (list == LINE_NOTE)
      return fail(reading, number, "'- ...' belongs under 'where:' or 'after:'");
    return line->value_length > 0 || fail(reading, number, "nothing behind '-'");
  }
  const gchar *colon = memchr(line->start, ':', line->length);
  if (colon == NULL || blanks > 0)
    return fail(reading, number, "not of the form 'key: value'");
  g_autofree gchar *key = g_strndup(line->start, (gsize)(colon - line->start));
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (!g_str_equal(key, keys[i].key))
      continue;
    line->kind = keys[i].kind;
    line_set_value(line, strlen(key) + 1, FALSE);
    if (line->kind == LINE_WHERE && line->value_length > 0)
      return fail(reading, number, "relations belong on lines '  - ...' below 'where:'");
    if (line->kind == LINE_AFTER && line->value_length > 0)
      return fail(reading, number, "expressions belong on lines '  - ...' below 'after:'");
    if (line->kind != LINE_WHERE && line->kind != LINE_AFTER && line->value_length == 0)
      return fail(reading, number, "nothing behind '%s:'", key);
    return TRUE;
  }
  return fail(reading, number, "unknown key '%s'", key);
}

/* What the lines of a head say. */
typedef struct {
  gchar *snippet;
  gchar *outcome;
  gchar *python;
  gboolean has_where;
  gboolean has_after;
  GPtrArray *where; /* NULL at its end when it is done, as is the next */
  GPtrArray *after;
} Head;

static void head_clear(Head *head) {
  g_free(head->snippet);
  g_free(head->outcome);
  g_free(head->python);
  g_clear_pointer(&head->where, g_ptr_array_unref);
  g_clear_pointer(&head->after, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Head, head_clear)

static gboolean head_take(const Reading *reading, Head *head, const Line *line, guint number) {
  g_autofree gchar *value = line_value(line);
  gchar **place = NULL;
  switch (line->kind) {
  case LINE_NOTE:
    return TRUE;
  case LINE_WHERE_ITEM:
    g_ptr_array_add(head->where, g_steal_pointer(&value));
    return TRUE;
  case LINE_AFTER_ITEM:
    g_ptr_array_add(head->after, g_steal_pointer(&value));
    return TRUE;
  case LINE_AFTER:
    if (head->has_after)
      return fail(reading, number, "'after' for the second time");
    head->has_after = TRUE;
    return TRUE;
  case LINE_WHERE:
    if (head->has_where)
      return fail(reading, number, "'where' for the second time");
    head->has_where = TRUE;
    return TRUE;
  case LINE_SNIPPET:
    if (!content_id_is_fine(value))
      return fail(reading, number, "'%s' is not %d or more digits of a content id", value,
                  CONTENT_ID_LEAST);
    place = &head->snippet;
    break;
  case LINE_OUTCOME:
    place = &head->outcome;
    break;
  case LINE_PYTHON:
    if (!python_range_is_fine(value))
      return fail(reading, number, "'%s' is not of the form 3.12, 3.9-3.11 or 3.12+", value);
    place = &head->python;
    break;
  }
  if (*place != NULL)
    return fail(reading, number, "the same key for the second time");
  *place = g_steal_pointer(&value);
  return TRUE;
}

static gchar *body_text(const GArray *body) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < body->len; i++) {
    const Line *line = &g_array_index(body, Line, i);
    gsize skip = fence_escapes(line->start, line->length) > 0;
    g_string_append_len(text, line->start + skip, (gssize)(line->length - skip));
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

static gboolean section_check(const Reading *reading, const Sheet *sheet, const Head *head,
                              guint number) {
  gboolean is_first = sheet->sections->len == 0;
  if (head->outcome == NULL)
    return fail(reading, number, "this head has no 'outcome:'");
  if (is_first && head->snippet == NULL)
    return fail(reading, number, "this head has no 'snippet:'");
  if (!is_first && head->snippet != NULL)
    return fail(reading, number, "'snippet:' belongs in the first head");
  for (guint i = 0; i < sheet->sections->len; i++) {
    const Section *earlier = g_ptr_array_index(sheet->sections, i);
    if (g_strcmp0(earlier->part->python, head->python) != 0)
      continue;
    return head->python == NULL ? fail(reading, number, "another part without 'python:'")
                                : fail(reading, number, "another part for '%s'", head->python);
  }
  return TRUE;
}

/* Reads the part that begins at *index, a fence, and moves that behind it. */
static gboolean section_read(const Reading *reading, GArray *lines, guint *index, Sheet *sheet) {
  g_auto(Head) head = {.where = g_ptr_array_new_with_free_func(g_free),
                       .after = g_ptr_array_new_with_free_func(g_free)};
  g_autoptr(GArray) head_lines = g_array_new(FALSE, FALSE, sizeof(Line));
  g_autoptr(GArray) body_lines = g_array_new(FALSE, FALSE, sizeof(Line));
  guint first = *index;
  guint at = first + 1;
  LineKind list = LINE_NOTE;
  for (; at < lines->len; at++) {
    Line line = g_array_index(lines, Line, at);
    if (line_is(&line, FENCE))
      break;
    if (!line_classify(reading, &line, at + 1, list) || !head_take(reading, &head, &line, at + 1))
      return FALSE;
    if (line.kind == LINE_WHERE || line.kind == LINE_AFTER)
      list = line.kind;
    else if (line.kind != LINE_NOTE && !line_is_item(&line))
      list = LINE_NOTE;
    g_array_append_val(head_lines, line);
  }
  if (at == lines->len)
    return fail(reading, first + 1, "this head has no end, a line '" FENCE "'");
  guint body_line = ++at + 1;
  for (; at < lines->len && !line_is(&g_array_index(lines, Line, at), FENCE); at++)
    g_array_append_val(body_lines, g_array_index(lines, Line, at));
  if (!section_check(reading, sheet, &head, first + 1))
    return FALSE;
  *index = at;
  if (sheet->content_id == NULL)
    sheet->content_id = g_steal_pointer(&head.snippet);
  g_ptr_array_add(head.where, NULL);
  g_ptr_array_add(head.after, NULL);
  g_autofree gchar *output = body_text(body_lines);
  Section *section = g_new0(Section, 1);
  section->part = expectation_part_new(head.python, head.outcome,
                                       (const gchar *const *)head.where->pdata, output);
  expectation_part_set_after(section->part, (const gchar *const *)head.after->pdata);
  section->part->output_line = body_line;
  section->opening = g_array_index(lines, Line, first);
  section->closing = g_array_index(lines, Line, body_line - 2);
  section->head = g_steal_pointer(&head_lines);
  section->body = g_steal_pointer(&body_lines);
  g_ptr_array_add(sheet->sections, section);
  return TRUE;
}

static gboolean sheet_read(const gchar *path, const gchar *text, gsize size, Sheet *sheet,
                           GError **error) {
  Reading reading = {path, error};
  sheet->sections = g_ptr_array_new_with_free_func((GDestroyNotify)section_free);
  sheet->line_end = "\n";
  const gchar *invalid;
  if (!g_utf8_validate_len(text, size, &invalid)) {
    guint line = 1;
    for (const gchar *at = text; at < invalid; at++)
      line += *at == '\n';
    return fail(&reading, line, "not UTF-8");
  }
  if (size >= strlen(BOM) && strncmp(text, BOM, strlen(BOM)) == 0) {
    sheet->has_bom = TRUE;
    text += strlen(BOM);
    size -= strlen(BOM);
  }
  g_autoptr(GArray) lines = lines_split(text, size);
  if (lines->len == 0 || !line_is(&g_array_index(lines, Line, 0), FENCE))
    return fail(&reading, 1, "does not begin with a line '" FENCE "'");
  if (g_array_index(lines, Line, 0).end_length == 2)
    sheet->line_end = "\r\n";
  for (guint index = 0; index < lines->len;)
    if (!section_read(&reading, lines, &index, sheet))
      return FALSE;
  return TRUE;
}

Expectation *expectation_text_read(const gchar *path, const gchar *id, const gchar *text,
                                   gsize size, GError **error) {
  g_auto(Sheet) sheet = {0};
  if (!sheet_read(path, text, size, &sheet, error))
    return NULL;
  Expectation *expectation = expectation_new(path, id, sheet.content_id);
  for (guint i = 0; i < sheet.sections->len; i++) {
    Section *section = g_ptr_array_index(sheet.sections, i);
    g_ptr_array_add(expectation->parts, g_steal_pointer(&section->part));
  }
  return expectation;
}

/* --- writing ------------------------------------------------------------------- */

typedef struct {
  GString *text;
  const gchar *line_end;
  gboolean has_bom;
} Writing;

/* What stays may have been the end of the file, without a line end. */
static void end_line(const Writing *writing) {
  gsize length = writing->text->len;
  if (length > 0 && writing->text->str[length - 1] != '\n' &&
      !(writing->has_bom && length == strlen(BOM)))
    g_string_append(writing->text, writing->line_end);
}

static void write_line(const Writing *writing, const gchar *line, gsize length) {
  end_line(writing);
  g_string_append_len(writing->text, line, (gssize)length);
  g_string_append(writing->text, writing->line_end);
}

/* A line that stays, with its own end where it has one. */
static void write_kept(const Writing *writing, const Line *line) {
  end_line(writing);
  g_string_append_len(writing->text, line->start, (gssize)(line->length + line->end_length));
}

static void write_fence(const Writing *writing, const Line *old) {
  if (old != NULL)
    write_kept(writing, old);
  else
    write_line(writing, FENCE, strlen(FENCE));
}

static void write_pair(const Writing *writing, const gchar *key, const gchar *value) {
  g_autofree gchar *line = g_strdup_printf("%s: %s", key, value);
  write_line(writing, line, strlen(line));
}

static void write_list(const Writing *writing, const gchar *key, gchar *const *items) {
  if (items[0] == NULL)
    return;
  g_autofree gchar *head = g_strconcat(key, ":", NULL);
  write_line(writing, head, strlen(head));
  for (; *items != NULL; items++) {
    g_autofree gchar *line = g_strconcat("  - ", *items, NULL);
    write_line(writing, line, strlen(line));
  }
}

/* A line of the old head with another value: what stands around it stays. */
static void write_value(const Writing *writing, const Line *line, const gchar *value) {
  gsize behind = line->value + line->value_length;
  if (strlen(value) == line->value_length &&
      strncmp(value, line->start + line->value, line->value_length) == 0) {
    write_kept(writing, line);
    return;
  }
  end_line(writing);
  g_string_append_len(writing->text, line->start, (gssize)line->value);
  g_string_append(writing->text, value);
  g_string_append_len(writing->text, line->start + behind,
                      (gssize)(line->length + line->end_length - behind));
}

static gboolean lists_are_equal(GStrv one, GStrv other) {
  return g_strv_equal((const gchar *const *)one, (const gchar *const *)other);
}

/* A line of a list that is written anew. */
static gboolean is_dropped(const Line *line, gboolean same_where, gboolean same_after) {
  gboolean is_where = line->kind == LINE_WHERE || line->kind == LINE_WHERE_ITEM;
  gboolean is_after = line->kind == LINE_AFTER || line->kind == LINE_AFTER_ITEM;
  return (is_where && !same_where) || (is_after && !same_after);
}

static void write_head(const Writing *writing, const Section *old, const ExpectationPart *part,
                       const gchar *content_id) {
  if (old == NULL) {
    if (content_id != NULL)
      write_pair(writing, "snippet", content_id);
    if (part->python != NULL)
      write_pair(writing, "python", part->python);
    write_pair(writing, "outcome", part->outcome);
    write_list(writing, "where", part->where);
    write_list(writing, "after", part->after);
    return;
  }
  gboolean same_where = lists_are_equal(old->part->where, part->where);
  gboolean same_after = lists_are_equal(old->part->after, part->after);
  for (guint i = 0; i < old->head->len; i++) {
    const Line *line = &g_array_index(old->head, Line, i);
    if (line->kind == LINE_SNIPPET && content_id != NULL)
      write_value(writing, line, content_id);
    else if (line->kind == LINE_OUTCOME)
      write_value(writing, line, part->outcome);
    else if (!is_dropped(line, same_where, same_after))
      write_kept(writing, line);
  }
  if (!same_where)
    write_list(writing, "where", part->where);
  if (!same_after)
    write_list(writing, "after", part->after);
}

static void write_body(const Writing *writing, const Section *old, const ExpectationPart *part) {
  if (old != NULL && g_str_equal(old->part->output, part->output)) {
    for (guint i = 0; i < old->body->len; i++)
      write_kept(writing, &g_array_index(old->body, Line, i));
    return;
  }
  for (const gchar *at = part->output; *at != '\0';) {
    gsize length = strcspn(at, "\n");
    g_autofree gchar *line =
        g_strdup_printf("%s%.*s", fence_escapes(at, length) >= 0 ? "\\" : "", (int)length, at);
    write_line(writing, line, strlen(line));
    at += length + (at[length] == '\n');
  }
}

static const Section *section_of(const Sheet *sheet, const ExpectationPart *part) {
  for (guint i = 0; i < sheet->sections->len; i++) {
    const Section *section = g_ptr_array_index(sheet->sections, i);
    if (g_strcmp0(section->part->python, part->python) == 0)
      return section;
  }
  return NULL;
}

gchar *expectation_text_write(const gchar *old, gsize old_size, const Expectation *expectation) {
  g_auto(Sheet) sheet = {0};
  if (!sheet_read("", old, old_size, &sheet, NULL))
    g_ptr_array_set_size(sheet.sections, 0);
  Writing writing = {g_string_new(sheet.has_bom ? BOM : ""), sheet.line_end, sheet.has_bom};
  for (guint i = 0; i < expectation->parts->len; i++) {
    const ExpectationPart *part = g_ptr_array_index(expectation->parts, i);
    const Section *section = section_of(&sheet, part);
    write_fence(&writing, section != NULL ? &section->opening : NULL);
    write_head(&writing, section, part, i == 0 ? expectation->content_id : NULL);
    write_fence(&writing, section != NULL ? &section->closing : NULL);
    write_body(&writing, section, part);
  }
  return g_string_free(writing.text, FALSE);
}
