/*
 * lines.h: the lines of a text as they are compared when somebody is looked for who wrote them,
 * and which of them are the same in two texts. Private to this room.
 *
 * A line counts in two ways. `exact`: as it stands, but for blanks at its end. `plain`: a line of a
 * fenced block without the indentation of its fence, a line of an indented block without that of
 * the block, any other without its own; in Python files, where indentation has a meaning of its
 * own, as exact. So a block that was indented otherwise has the same lines, and a statement that
 * was taken out of a loop is another one.
 */
#pragma once

#include <glib.h>

typedef struct {
  guint count;
  const gchar **exact; /* each is the same pointer for the same text */
  const gchar **plain; /* of lines_plain() */
  GStringChunk *words; /* borrowed */
  gboolean is_python;
} Lines;

/* words owns the texts of lines: one for all Lines that are compared. */
Lines *lines_new(GStringChunk *words, const gchar *name, const gchar *text, gsize size);
void lines_free(Lines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lines, lines_free)

/* Made when it is first asked for. Borrowed. */
const gchar *const *lines_plain(const Lines *lines);

/* How many letters and digits it has; 0 for a fence. */
guint line_weight(const gchar *plain);

/* For each line of `after`, from 0, the number of its line in `before`, from 1; 0 for what is new.
 * guint; caller unreferences. */
GArray *lines_compare(const Lines *before, const Lines *after, gboolean is_plain);
