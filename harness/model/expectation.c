#include "model/expectation.h"

#include <string.h>

ExpectationPart *expectation_part_new(const gchar *python, const gchar *outcome,
                                      const gchar *const *where, const gchar *output) {
  ExpectationPart *part = g_new0(ExpectationPart, 1);
  part->python = g_strdup(python);
  part->outcome = g_strdup(outcome);
  part->where = where != NULL ? g_strdupv((GStrv)where) : g_new0(gchar *, 1);
  part->after = g_new0(gchar *, 1);
  part->output = g_strdup(output);
  return part;
}

ExpectationPart *expectation_part_copy(const ExpectationPart *part) {
  ExpectationPart *copy = expectation_part_new(part->python, part->outcome,
                                               (const gchar *const *)part->where, part->output);
  expectation_part_set_after(copy, (const gchar *const *)part->after);
  return copy;
}

void expectation_part_set_after(ExpectationPart *part, const gchar *const *after) {
  GStrv copy = g_strdupv((GStrv)after);
  g_strfreev(part->after);
  part->after = copy;
}

void expectation_part_free(ExpectationPart *part) {
  if (part == NULL)
    return;
  g_free(part->python);
  g_free(part->outcome);
  g_strfreev(part->where);
  g_strfreev(part->after);
  g_free(part->output);
  g_free(part);
}

Expectation *expectation_new(const gchar *path, const gchar *id, const gchar *content_id) {
  Expectation *expectation = g_new0(Expectation, 1);
  expectation->path = g_strdup(path);
  expectation->id = g_strdup(id);
  expectation->content_id = g_strdup(content_id);
  expectation->parts = g_ptr_array_new_with_free_func((GDestroyNotify)expectation_part_free);
  return expectation;
}

void expectation_free(Expectation *expectation) {
  if (expectation == NULL)
    return;
  g_free(expectation->path);
  g_free(expectation->id);
  g_free(expectation->content_id);
  g_ptr_array_unref(expectation->parts);
  g_free(expectation->problem);
  g_free(expectation);
}

/* "3.11" or "3.11.2" at *at, which moves behind it; 0 where there is none. Only
 * major and minor count. */
static guint version_read(const gchar **at) {
  const gchar *text = *at;
  gchar *end;
  if (!g_ascii_isdigit(*text))
    return 0;
  guint64 major = g_ascii_strtoull(text, &end, 10);
  if (*end != '.' || !g_ascii_isdigit(end[1]) || major > 99)
    return 0;
  guint64 minor = g_ascii_strtoull(end + 1, &end, 10);
  if (minor > 999)
    return 0;
  *at = end;
  return (guint)(major * 1000 + minor);
}

/* Reads one item; FALSE where it is none. */
static gboolean item_read(const gchar **at, guint *first, guint *last) {
  *at += strspn(*at, " ");
  *first = *last = version_read(at);
  if (*first == 0)
    return FALSE;
  if (**at == '+') {
    *last = G_MAXUINT;
    (*at)++;
  } else if (**at == '-') {
    (*at)++;
    *last = version_read(at);
    if (*last < *first)
      return FALSE;
  }
  *at += strspn(*at, " ");
  return TRUE;
}

/* Goes through a range; is_fine is set. TRUE where it covers the version. */
static gboolean range_read(const gchar *range, guint version, gboolean *is_fine) {
  const gchar *at = range;
  gboolean covers = FALSE;
  *is_fine = FALSE;
  while (TRUE) {
    guint first, last;
    if (!item_read(&at, &first, &last))
      return FALSE;
    covers = covers || (version >= first && version <= last);
    if (*at == '\0')
      break;
    if (*at++ != ',')
      return FALSE;
  }
  *is_fine = TRUE;
  return covers;
}

gboolean python_range_is_fine(const gchar *text) {
  gboolean is_fine;
  range_read(text, 0, &is_fine);
  return is_fine;
}

gboolean python_range_covers(const gchar *range, const gchar *python) {
  gboolean is_fine;
  guint version = version_read(&python);
  gboolean covers = range_read(range, version, &is_fine);
  return is_fine && version != 0 && covers;
}

const ExpectationPart *expectation_part_for(const Expectation *expectation, const gchar *python) {
  const ExpectationPart *rest = NULL;
  for (guint i = 0; i < expectation->parts->len; i++) {
    const ExpectationPart *part = g_ptr_array_index(expectation->parts, i);
    if (part->python == NULL)
      rest = rest != NULL ? rest : part;
    else if (python != NULL && python_range_covers(part->python, python))
      return part;
  }
  return rest;
}
