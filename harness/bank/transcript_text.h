/*
 * transcript_text.h: sessions as documents write them down.
 *
 * The rules are doctest's (its documentation, "How are Docstring Examples
 * Recognized?"): an example begins with `>>>`, goes on with `...`, and what is
 * shown under it ends at a blank line or the next prompt. Beyond doctest, lines
 * without a prompt go on with the code where it cannot be whole yet: inside an
 * open bracket or string, and indented under a line that ends in a colon
 * (courses leave the `...` out so that code can be copied; the blank line that
 * then ends the body is no end of what is shown). A prompt without a blank
 * behind it counts too; one with nothing but a comment is no example. Private
 * to bank/.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

/* TRUE where the first line that is neither blank nor a comment is a prompt. */
gboolean text_is_transcript(const gchar *text, gsize size);

/* TRUE for a line that begins with `>>>` and a blank or nothing. */
gboolean line_is_prompt(const gchar *line, gsize length);

/* Fills the examples of a transcript from its source. */
void transcript_text_read(Snippet *snippet);
