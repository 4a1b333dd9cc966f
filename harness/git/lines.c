#include "git/lines.h"

#include <git2.h>
#include <string.h>

#define TAB 4
/* What is indented by so much is a block of code. */
#define BLOCK 4

static gsize indentation(const gchar *line, gsize size) {
  gsize width = 0;
  for (gsize i = 0; i < size && (line[i] == ' ' || line[i] == '\t'); i++)
    width += line[i] == '\t' ? TAB - width % TAB : 1;
  return width;
}

/* What is left of a line when so much of its indentation is taken away. */
static const gchar *without(const gchar *line, gsize indent) {
  gsize width = 0;
  while (width < indent && (*line == ' ' || *line == '\t')) {
    width += *line == '\t' ? TAB - width % TAB : 1;
    line++;
  }
  return line;
}

/* The length of a fence's sign; 0 where the line is none. */
static guint fence_of(const gchar *line, gchar *sign) {
  line += strspn(line, " \t");
  guint length = 0;
  while ((*line == '`' || *line == '~') && line[length] == *line)
    length++;
  if (length < 3 || (*line == '`' && strchr(line + length, '`') != NULL))
    return 0;
  *sign = *line;
  return length;
}

guint line_weight(const gchar *plain) {
  gchar sign;
  guint weight = 0;
  if (fence_of(plain, &sign) > 0)
    return 0;
  /* A letter beyond ASCII counts once, by its first byte. */
  for (const gchar *byte = plain; *byte != '\0'; byte++)
    weight += g_ascii_isalnum(*byte) || ((guchar)*byte & 0xc0) == 0xc0;
  return weight;
}

/* Lines from first to end that stand in no fence, and are blank or indented like a block. */
static guint block_end(const Lines *lines, guint first, gsize *indent) {
  guint end = first;
  gchar sign;
  *indent = G_MAXSIZE;
  for (guint i = first; i < lines->count && fence_of(lines->exact[i], &sign) == 0; i++) {
    const gchar *line = lines->exact[i];
    if (*line == '\0')
      continue;
    gsize own = indentation(line, strlen(line));
    if (own < BLOCK)
      break;
    *indent = MIN(*indent, own);
    end = i + 1;
  }
  return end;
}

static void take_indentation(Lines *lines) {
  GStringChunk *words = lines->words;
  for (guint i = 0; i < lines->count; i++) {
    const gchar *line = lines->exact[i];
    gchar sign;
    guint length = fence_of(line, &sign);
    gsize indent = indentation(line, strlen(line));
    if (length > 0) {
      lines->plain[i] = g_string_chunk_insert_const(words, without(line, indent));
      for (i++; i < lines->count; i++) {
        gchar closing;
        const gchar *inner = lines->exact[i];
        gboolean is_end = fence_of(inner, &closing) >= length && closing == sign &&
                          strspn(inner, " \t`~") == strlen(inner);
        lines->plain[i] =
            g_string_chunk_insert_const(words, without(inner, is_end ? G_MAXSIZE : indent));
        if (is_end)
          break;
      }
      continue;
    }
    guint end = block_end(lines, i, &indent);
    if (end <= i) {
      lines->plain[i] = g_string_chunk_insert_const(words, without(line, G_MAXSIZE));
      continue;
    }
    for (; i < end; i++)
      lines->plain[i] = g_string_chunk_insert_const(words, without(lines->exact[i], indent));
    i--;
  }
}

Lines *lines_new(GStringChunk *words, const gchar *name, const gchar *text, gsize size) {
  Lines *lines = g_new0(Lines, 1);
  g_autoptr(GPtrArray) exact = g_ptr_array_new();
  for (gsize start = 0; start < size;) {
    const gchar *newline = memchr(text + start, '\n', size - start);
    gsize end = newline != NULL ? (gsize)(newline - text) : size;
    gsize length = end - start;
    while (length > 0 && strchr(" \t\r", text[start + length - 1]) != NULL &&
           text[start + length - 1] != '\0')
      length--;
    g_autofree gchar *line = g_strndup(text + start, length);
    g_ptr_array_add(exact, g_string_chunk_insert_const(words, line));
    start = end + 1;
  }
  lines->count = exact->len;
  lines->exact = (const gchar **)g_ptr_array_steal(exact, NULL);
  lines->words = words;
  lines->is_python = g_str_has_suffix(name, ".py");
  return lines;
}

const gchar *const *lines_plain(const Lines *lines) {
  Lines *own = (Lines *)lines; /* what is kept with it changes nothing */
  if (own->plain == NULL) {
    own->plain = g_new(const gchar *, own->count + 1);
    if (own->is_python)
      memcpy(own->plain, own->exact, own->count * sizeof *own->exact);
    else
      take_indentation(own);
  }
  return own->plain;
}

void lines_free(Lines *lines) {
  if (lines == NULL)
    return;
  g_free(lines->exact);
  g_free(lines->plain);
  g_free(lines);
}

/* --- comparing ------------------------------------------------------------------ */

static GString *joined(const gchar *const *texts, guint first, guint end) {
  GString *text = g_string_new(NULL);
  for (guint i = first; i < end; i++) {
    g_string_append(text, texts[i]);
    g_string_append_c(text, '\n');
  }
  return text;
}

typedef struct {
  GArray *map;
  guint first;  /* line of either side that is compared, from 0 */
  guint before; /* the next line of either side that was not passed yet, from 0 */
  guint after;
} Mapping;

static void map_until(Mapping *mapping, guint after) {
  while (mapping->after < after)
    g_array_index(mapping->map, guint, mapping->after++) = ++mapping->before;
}

static int on_hunk(G_GNUC_UNUSED const git_diff_delta *delta, const git_diff_hunk *hunk,
                   void *data) {
  Mapping *mapping = data;
  /* Of a side without lines, the line in front is named. */
  guint start = (guint)hunk->new_start - (hunk->new_lines > 0 ? 1 : 0);
  map_until(mapping, mapping->first + start);
  mapping->before += (guint)hunk->old_lines;
  mapping->after += (guint)hunk->new_lines;
  return 0;
}

GArray *lines_compare(const Lines *before, const Lines *after, gboolean is_plain) {
  const gchar *const *old = is_plain ? lines_plain(before) : (const gchar *const *)before->exact;
  const gchar *const *new = is_plain ? lines_plain(after) : (const gchar *const *)after->exact;
  GArray *map = g_array_sized_new(FALSE, TRUE, sizeof(guint), after->count);
  g_array_set_size(map, after->count);
  /* Most changes are small: only what is between the same beginning and end is compared. */
  guint first = 0;
  guint last = 0;
  guint shorter = MIN(before->count, after->count);
  while (first < shorter && old[first] == new[first])
    first++;
  while (last < shorter - first && old[before->count - 1 - last] == new[after->count - 1 - last])
    last++;
  g_autoptr(GString) old_text = joined(old, first, before->count - last);
  g_autoptr(GString) new_text = joined(new, first, after->count - last);
  Mapping mapping = {map, first, 0, 0};
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  /* What stands once on either side is matched first: prose and claims rather than brackets. */
  options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_PATIENCE;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  map_until(&mapping, first);
  if (git_diff_buffers(old_text->str, old_text->len, NULL, new_text->str, new_text->len, NULL,
                       &options, NULL, NULL, on_hunk, NULL, &mapping) != 0) {
    /* Too large for it: all of that is new. */
    memset((guint *)(gpointer)map->data + first, 0, (after->count - last - first) * sizeof(guint));
    mapping.before = before->count - last;
    mapping.after = after->count - last;
  }
  map_until(&mapping, after->count);
  return map;
}
