/*
 * source.h: a snippet's source, asked about a line. Private to judge/.
 *
 * Read from the text, by its indentation: what is answered decides only whether
 * something may be accused, or how a place is called.
 */
#pragma once

#include "model/snippet.h"

/* Its lines, from index 0 on: line 1 of the source is lines[0]. The caller frees them. */
GStrv source_lines(const Snippet *snippet);

/* TRUE where the line stands in a function. */
gboolean source_is_in_function(GStrv lines, guint line);

/* TRUE where it stands in a function that is given something: then what is said of it
 * may be meant of another call. */
gboolean source_takes_arguments(GStrv lines, guint line);

/* The last line of the block that the statement on these lines opens; last_line where it
 * opens none. */
guint source_block_end(GStrv lines, guint first_line, guint last_line);

/* TRUE where the statement that begins on the line assigns a value that is written out:
 * `size = 10`. */
gboolean source_assigns_literal(GStrv lines, guint line);

/* TRUE where commented-out code stands above a comment that could change what the code
 * in it does: it was not run. */
gboolean source_leaves_out(GStrv lines, guint line, const gchar *code);

/* TRUE where threads, tasks or processes are started. */
gboolean source_is_concurrent(const Snippet *snippet);
