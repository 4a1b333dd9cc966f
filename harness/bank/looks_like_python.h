/*
 * looks_like_python.h: whether unmarked text is Python code.
 *
 * For text that nothing but its indentation calls code. Strict, because prose
 * is indented far more often than code is left unmarked: every logical line
 * must have the shape of a statement, and one of them must be a strong sign
 * (an assignment, a call, an import, a def or class, a compound statement with
 * its body). Prose gives itself away by two words side by side of which
 * neither is a keyword. Linear in the size of the text. Private to bank/.
 */
#pragma once

#include <glib.h>

gboolean looks_like_python(const gchar *source, gsize size);

/* The same without the strong sign: for text that carries a sign of its own,
 * a prompt, in front. FALSE where there is no statement at all. */
gboolean has_shape_of_python(const gchar *source, gsize size);
