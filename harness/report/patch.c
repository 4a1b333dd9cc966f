/* Corrections, made: as new bytes, and as a patch. */
#include <string.h>

#include "report/correction.h"

#define CONTEXT 3

gchar *corrections_apply(const gchar *bytes, gsize size, const GPtrArray *corrections,
                         gsize *new_size) {
  GString *text = g_string_sized_new(size + 64);
  gsize done = 0;
  for (guint i = 0; i < corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(corrections, i);
    g_string_append_len(text, bytes + done, (gssize)(correction->offset - done));
    g_string_append(text, correction->text);
    done = correction->offset + correction->length;
  }
  g_string_append_len(text, bytes + done, (gssize)(size - done));
  *new_size = text->len;
  return g_string_free(text, FALSE);
}

/* Lines of a patch end with LF, whatever ends those of the document. */
static GArray *line_starts(const gchar *bytes, gsize size) {
  GArray *starts = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (gsize at = 0; at < size;) {
    g_array_append_val(starts, at);
    const gchar *stop = memchr(bytes + at, '\n', size - at);
    at = stop != NULL ? (gsize)(stop - bytes) + 1 : size;
  }
  return starts;
}

/* Lines that some corrections change, numbered from 0, and what they become. */
typedef struct {
  guint first;
  guint count;
  GString *text;
} Edit;

static void edit_clear(gpointer data) {
  g_string_free(((Edit *)data)->text, TRUE);
}

typedef struct {
  const gchar *bytes;
  gsize size;
  GArray *starts; /* gsize */
  GArray *edits;  /* Edit, in order */
} Patch;

static gsize start_of(const Patch *patch, guint line) {
  return line < patch->starts->len ? g_array_index(patch->starts, gsize, line) : patch->size;
}

static guint line_of(const Patch *patch, gsize offset) {
  guint low = 0, high = patch->starts->len;
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (start_of(patch, middle) <= offset)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Length of a text's first line, and of its last. */
static gsize first_line(const gchar *text, gsize size) {
  const gchar *stop = memchr(text, '\n', size);
  return stop != NULL ? (gsize)(stop - text) + 1 : size;
}

static gsize last_line(const gchar *text, gsize size) {
  gsize begin = size > 0 ? size - 1 : 0;
  while (begin > 0 && text[begin - 1] != '\n')
    begin--;
  return size - begin;
}

/* Lines that an edit begins and ends with, and does not change, are no part of it. */
static void trim_edit(const Patch *patch, Edit *edit) {
  for (; edit->count > 0; edit->first++, edit->count--) {
    gsize start = start_of(patch, edit->first), end = start_of(patch, edit->first + 1);
    gsize length = first_line(edit->text->str, edit->text->len);
    if (length != end - start || memcmp(edit->text->str, patch->bytes + start, length) != 0)
      break;
    g_string_erase(edit->text, 0, (gssize)length);
  }
  for (; edit->count > 0; edit->count--) {
    guint line = edit->first + edit->count - 1;
    gsize start = start_of(patch, line), end = start_of(patch, line + 1);
    gsize length = last_line(edit->text->str, edit->text->len);
    gsize rest = edit->text->len - length;
    if (length != end - start || memcmp(edit->text->str + rest, patch->bytes + start, length) != 0)
      break;
    g_string_truncate(edit->text, rest);
  }
}

/* Those that share a line make one edit. */
static void collect_edits(Patch *patch, const GPtrArray *corrections) {
  guint i = 0;
  while (i < corrections->len) {
    const Correction *correction = g_ptr_array_index(corrections, i);
    gsize end = correction->offset + correction->length;
    guint first = line_of(patch, correction->offset);
    guint last = line_of(patch, MAX(end, correction->offset + 1) - 1);
    gsize done = start_of(patch, first);
    Edit edit = {first, 0, g_string_new(NULL)};
    for (; i < corrections->len; i++) {
      const Correction *next = g_ptr_array_index(corrections, i);
      if (line_of(patch, next->offset) > last)
        break;
      g_string_append_len(edit.text, patch->bytes + done, (gssize)(next->offset - done));
      g_string_append(edit.text, next->text);
      done = next->offset + next->length;
      last = MAX(last, line_of(patch, MAX(done, next->offset + 1) - 1));
    }
    gsize stop = start_of(patch, last + 1);
    g_string_append_len(edit.text, patch->bytes + done, (gssize)(stop - done));
    edit.count = last - first + 1;
    trim_edit(patch, &edit);
    g_array_append_val(patch->edits, edit);
  }
}

static void append_lines(GString *out, gchar sign, const gchar *text, gsize size) {
  while (size > 0) {
    const gchar *stop = memchr(text, '\n', size);
    gsize length = stop != NULL ? (gsize)(stop - text) + 1 : size;
    g_string_append_c(out, sign);
    g_string_append_len(out, text, (gssize)length);
    if (stop == NULL)
      g_string_append(out, "\n\\ No newline at end of file\n");
    text += length;
    size -= length;
  }
}

static void append_old(const Patch *patch, GString *out, gchar sign, guint first, guint end) {
  gsize start = start_of(patch, first);
  append_lines(out, sign, patch->bytes + start, start_of(patch, end) - start);
}

static guint count_lines(const GString *text) {
  guint lines = 0;
  for (gsize i = 0; i < text->len; i++)
    lines += text->str[i] == '\n';
  return lines + (text->len > 0 && text->str[text->len - 1] != '\n');
}

/* "@@ -3 +3,2 @@": a count of 1 is left out. */
static void append_range(GString *out, gchar sign, guint first, guint count) {
  g_string_append_printf(out, " %c%u", sign, count == 0 ? first : first + 1);
  if (count != 1)
    g_string_append_printf(out, ",%u", count);
}

/* The edits from `from` to before `to`, whose contexts touch. added: how many lines
 * earlier hunks have added. */
static gint append_hunk(const Patch *patch, GString *out, guint from, guint to, gint added) {
  const Edit *head = &g_array_index(patch->edits, Edit, from);
  const Edit *tail = &g_array_index(patch->edits, Edit, to - 1);
  guint begin = head->first - MIN(head->first, CONTEXT);
  guint end = MIN(tail->first + tail->count + CONTEXT, patch->starts->len);
  gint growth = 0;
  for (guint i = from; i < to; i++) {
    const Edit *edit = &g_array_index(patch->edits, Edit, i);
    growth += (gint)count_lines(edit->text) - (gint)edit->count;
  }
  g_string_append(out, "@@");
  append_range(out, '-', begin, end - begin);
  append_range(out, '+', (guint)((gint)begin + added), (guint)((gint)(end - begin) + growth));
  g_string_append(out, " @@\n");
  guint at = begin;
  for (guint i = from; i < to; i++) {
    const Edit *edit = &g_array_index(patch->edits, Edit, i);
    append_old(patch, out, ' ', at, edit->first);
    append_old(patch, out, '-', edit->first, edit->first + edit->count);
    append_lines(out, '+', edit->text->str, edit->text->len);
    at = edit->first + edit->count;
  }
  append_old(patch, out, ' ', at, end);
  return growth;
}

/* As git writes names: in quotes where a character would end or bend them. */
static void append_name(GString *out, const gchar *sign, gchar side, const gchar *path) {
  while (g_str_has_prefix(path, "./"))
    path += 2 + strspn(path + 2, "/");
  path += strspn(path, "/");
  gboolean is_quoted = FALSE;
  for (const gchar *at = path; *at != '\0'; at++)
    is_quoted = is_quoted || (guchar)*at < 0x20 || *at == '"' || *at == '\\' || *at == 0x7f;
  g_string_append_printf(out, "%s %s%c/", sign, is_quoted ? "\"" : "", side);
  for (const gchar *at = path; *at != '\0'; at++) {
    if (is_quoted && ((guchar)*at < 0x20 || *at == 0x7f))
      g_string_append_printf(out, "\\%03o", (guint)(guchar)*at);
    else
      g_string_append_printf(out, "%s%c", is_quoted && strchr("\"\\", *at) ? "\\" : "", *at);
  }
  /* What follows a tab is no part of a name that holds blanks. */
  g_string_append(out, is_quoted ? "\"\n" : strchr(path, ' ') != NULL ? "\t\n" : "\n");
}

GString *corrections_patch(const gchar *path, const gchar *bytes, gsize size,
                           const GPtrArray *corrections) {
  GString *out = g_string_new(NULL);
  if (corrections->len == 0)
    return out;
  g_autoptr(GArray) starts = line_starts(bytes, size);
  g_autoptr(GArray) edits = g_array_new(FALSE, FALSE, sizeof(Edit));
  g_array_set_clear_func(edits, edit_clear);
  Patch patch = {bytes, size, starts, edits};
  collect_edits(&patch, corrections);

  append_name(out, "---", 'a', path);
  append_name(out, "+++", 'b', path);
  gint added = 0;
  for (guint from = 0, to; from < edits->len; from = to) {
    for (to = from + 1; to < edits->len; to++) {
      const Edit *before = &g_array_index(edits, Edit, to - 1);
      if (g_array_index(edits, Edit, to).first > before->first + before->count + 2 * CONTEXT)
        break;
    }
    added += append_hunk(&patch, out, from, to, added);
  }
  return out;
}
