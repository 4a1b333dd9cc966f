#include "report/line_diff.h"

#include <string.h>

#include "report/text.h"

#define CONTEXT 3u
/* Lines on one side, times those on the other, between which the longest common part is looked
 * for. */
#define TABLE_MOST (4u << 20)
#define WORDS_MOST 500u

/* --- words ----------------------------------------------------------------------------- */

static gboolean is_blank(gchar character) {
  return character == ' ' || character == '\t';
}

/* The length of the word, or of the blanks, that a text begins with. */
static gsize piece_length(const gchar *text) {
  gsize length = 0;
  while (text[length] != '\0' && is_blank(text[length]) == is_blank(*text))
    length++;
  return length;
}

/* The words of a line, without the blanks between them; NULL for too many. */
static GPtrArray *words_of(gchar *line) {
  GPtrArray *words = g_ptr_array_new();
  while (*line != '\0') {
    gsize length = piece_length(line);
    gboolean is_end = line[length] == '\0';
    if (!is_blank(*line)) {
      g_ptr_array_add(words, line);
      line[length] = '\0';
      length += !is_end;
    }
    line += length;
  }
  if (words->len > WORDS_MOST)
    g_clear_pointer(&words, g_ptr_array_unref);
  return words;
}

static gboolean is_varying(const GPtrArray *words, guint i) {
  return g_str_equal(g_ptr_array_index(words, i), VARYING);
}

/* Each VARYING stands for one word or several of the other line. */
static gboolean words_alike(const GPtrArray *one, const GPtrArray *other) {
  guint width = other->len + 1;
  g_autofree gboolean *is_alike = g_new0(gboolean, (gsize)(one->len + 1) * width);
  is_alike[0] = TRUE; /* [i, k]: the first i words of one, and k of the other */
  for (guint i = 0; i < one->len; i++)
    for (guint k = 0; k < other->len; k++) {
      if (!is_alike[i * width + k])
        continue;
      gboolean left = is_varying(one, i), right = is_varying(other, k);
      if (!left && !right && !g_str_equal(g_ptr_array_index(one, i), g_ptr_array_index(other, k)))
        continue;
      is_alike[(i + 1) * width + k + 1] = TRUE;
      if (left)
        is_alike[i * width + k + 1] = TRUE;
      if (right)
        is_alike[(i + 1) * width + k] = TRUE;
    }
  return is_alike[one->len * width + other->len];
}

static gboolean lines_alike(const gchar *one, const gchar *other) {
  if (g_str_equal(one, other) || g_str_equal(one, VARYING) || g_str_equal(other, VARYING))
    return TRUE;
  if (strstr(one, VARYING) == NULL && strstr(other, VARYING) == NULL)
    return FALSE;
  g_autofree gchar *left = g_strdup(one);
  g_autofree gchar *right = g_strdup(other);
  g_autoptr(GPtrArray) words = words_of(left);
  g_autoptr(GPtrArray) others = words_of(right);
  return words != NULL && others != NULL && words_alike(words, others);
}

static void append_varying(GString *text, gsize start) {
  if (text->len > start && g_str_has_suffix(text->str + start, VARYING))
    return;
  if (text->len > start + strlen(VARYING) && g_ascii_isspace(text->str[text->len - 1])) {
    g_autofree gchar *line = g_strchomp(g_strdup(text->str + start));
    if (g_str_has_suffix(line, VARYING)) {
      g_string_truncate(text, start + strlen(line));
      return;
    }
  }
  g_string_append(text, VARYING);
}

static void line_steady(GString *text, const gchar *once, const gchar *again) {
  gsize start = text->len;
  while (*once != '\0' && *again != '\0') {
    gsize left = piece_length(once), right = piece_length(again);
    if (is_blank(*once) != is_blank(*again))
      break;
    if (is_blank(*once) || (left == right && memcmp(once, again, left) == 0))
      g_string_append_len(text, once, (gssize)left);
    else
      append_varying(text, start);
    once += left;
    again += right;
  }
  if (*once == *again)
    return;
  g_string_truncate(text, start); /* not even as many words */
  g_string_append(text, VARYING);
}

gchar *line_diff_steady(const gchar *once, const gchar *again) {
  if (g_str_equal(once, again))
    return g_strdup(once);
  g_auto(GStrv) left = g_strsplit(once, "\n", -1);
  g_auto(GStrv) right = g_strsplit(again, "\n", -1);
  guint count = g_strv_length(left);
  if (g_strv_length(right) != count)
    return NULL;
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    if (i > 0)
      g_string_append_c(text, '\n');
    line_steady(text, left[i], right[i]);
  }
  return g_string_free(text, FALSE);
}

/* --- lines ----------------------------------------------------------------------------- */

typedef struct {
  GStrv before, after;
  guint before_count, after_count;
  GString *script; /* a letter for each step: ' ' both, '-', '+' */
} Diff;

/* Lines of a text; what does not end in a newline has that as a part of its last line. */
static GStrv lines_of(const gchar *text, guint *count) {
  g_autofree gchar *valid = text_valid(text, -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (const gchar *at = valid; *at != '\0';) {
    gsize length = strcspn(at, "\n");
    g_autofree gchar *line = at[length] == '\n'
                                 ? g_strndup(at, length)
                                 : g_strdup_printf("%s\n\\ No newline at end of output", at);
    g_strv_builder_add(builder, line);
    at += length + (at[length] == '\n');
  }
  GStrv lines = g_strv_builder_end(builder);
  *count = g_strv_length(lines);
  return lines;
}

static void steps(Diff *diff, gchar sign, guint count) {
  for (guint i = 0; i < count; i++)
    g_string_append_c(diff->script, sign);
}

/* What is between the parts that both begin and end with. */
static void middle_compare(Diff *diff, guint before, guint before_end, guint after,
                           guint after_end) {
  guint rows = before_end - before, columns = after_end - after;
  if (rows == 0 || columns == 0 || (guint64)(rows + 1) * (columns + 1) > TABLE_MOST) {
    steps(diff, '-', rows);
    steps(diff, '+', columns);
    return;
  }
  gsize width = columns + 1;
  g_autofree guint32 *longest = g_new0(guint32, (rows + 1) * width);
  for (guint i = rows; i-- > 0;)
    for (guint k = columns; k-- > 0;) {
      guint32 *here = &longest[i * width + k];
      *here = lines_alike(diff->before[before + i], diff->after[after + k])
                  ? here[width + 1] + 1
                  : MAX(here[width], here[1]);
    }
  guint i = 0, k = 0;
  while (i < rows && k < columns) {
    const guint32 *here = &longest[i * width + k];
    if (lines_alike(diff->before[before + i], diff->after[after + k])) {
      steps(diff, ' ', 1);
      i++;
      k++;
    } else if (here[width] >= here[1]) {
      steps(diff, '-', 1);
      i++;
    } else {
      steps(diff, '+', 1);
      k++;
    }
  }
  steps(diff, '-', rows - i);
  steps(diff, '+', columns - k);
}

static void compare(Diff *diff) {
  guint before_end = diff->before_count, after_end = diff->after_count, head = 0, tail = 0;
  while (head < before_end && head < after_end &&
         lines_alike(diff->before[head], diff->after[head]))
    head++;
  while (before_end > head && after_end > head &&
         lines_alike(diff->before[before_end - 1], diff->after[after_end - 1])) {
    before_end--;
    after_end--;
    tail++;
  }
  steps(diff, ' ', head);
  middle_compare(diff, head, before_end, head, after_end);
  steps(diff, ' ', tail);
}

static void append_range(GString *text, gchar sign, guint first, guint count) {
  g_string_append_printf(text, " %c%u", sign, count == 0 ? first : first + 1);
  if (count != 1)
    g_string_append_printf(text, ",%u", count);
}

/* The steps [from, to), of which the first stand at these lines. */
static void append_hunk(GString *text, const Diff *diff, gsize from, gsize to, guint before,
                        guint after) {
  guint old = 0, new = 0;
  for (gsize i = from; i < to; i++) {
    old += diff->script->str[i] != '+';
    new += diff->script->str[i] != '-';
  }
  g_string_append(text, "@@");
  append_range(text, '-', before, old);
  append_range(text, '+', after, new);
  g_string_append(text, " @@\n");
  for (gsize i = from; i < to; i++) {
    gchar sign = diff->script->str[i];
    const gchar *line = sign == '-' ? diff->before[before] : diff->after[after];
    g_string_append_printf(text, "%c%s\n", sign, line);
    before += sign != '+';
    after += sign != '-';
  }
}

static gchar *hunks(const Diff *diff) {
  const GString *script = diff->script;
  GString *text = g_string_new(NULL);
  guint before = 0, after = 0;
  for (gsize at = 0; at < script->len;) {
    if (script->str[at] == ' ') {
      at++;
      before++;
      after++;
      continue;
    }
    guint lead = (guint)MIN(MIN(before, after), CONTEXT);
    gsize from = at - MIN(lead, at);
    gsize end = at, same = 0;
    for (gsize i = at; i < script->len && same <= (gsize)2 * CONTEXT; i++) {
      same = script->str[i] == ' ' ? same + 1 : 0;
      if (same == 0)
        end = i + 1;
    }
    gsize to = MIN(end + CONTEXT, script->len);
    guint back = (guint)(at - from);
    append_hunk(text, diff, from, to, before - back, after - back);
    for (; at < to; at++) {
      before += script->str[at] != '+';
      after += script->str[at] != '-';
    }
  }
  return g_string_free(text, FALSE);
}

gchar *line_diff(const gchar *before, const gchar *after) {
  Diff diff = {.script = g_string_new(NULL)};
  diff.before = lines_of(before, &diff.before_count);
  diff.after = lines_of(after, &diff.after_count);
  compare(&diff);
  gchar *text = hunks(&diff);
  g_strfreev(diff.before);
  g_strfreev(diff.after);
  g_string_free(diff.script, TRUE);
  return text;
}
