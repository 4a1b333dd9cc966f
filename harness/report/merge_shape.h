/*
 * merge_shape.h: whether a text is, in its outline, the JSON of a check: what is read of it later
 * is there, and is what it is taken for.
 *
 * Private to report/.
 */
#pragma once

#include <json-glib/json-glib.h>

/* Whether a parser may be given it: what is not JSON by its bytes alone, or nested deeper than any
 * report, is refused, since json-glib calls itself for each level. Sets *problem to words. */
gboolean merge_text_is_sound(const gchar *text, gsize size, const gchar **problem);

/* Whether all members are there, each of its type: of the report, of a snippet of it. Sets *name to
 * the first that is not, and *type to what it should be: "a number". */
gboolean merge_report_is_sound(JsonObject *report, const gchar **name, const gchar **type);
gboolean merge_snippet_is_sound(JsonObject *snippet, const gchar **name, const gchar **type);
