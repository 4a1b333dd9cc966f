/*
 * json_members.h: members of a JSON object. Private to report/.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "model/snippet.h"

/* NULL becomes null; what is no UTF-8 is escaped. */
void json_add_text(JsonBuilder *builder, const gchar *name, const gchar *text);
void json_add_bytes(JsonBuilder *builder, const gchar *name, const GString *bytes);

void json_add_number(JsonBuilder *builder, const gchar *name, gint64 number);
/* A number, or null where there is none. */
void json_add_number_if(JsonBuilder *builder, const gchar *name, gboolean is_there, gint64 number);
void json_add_truth(JsonBuilder *builder, const gchar *name, gboolean is_true);
void json_add_seconds(JsonBuilder *builder, const gchar *name, guint64 nanoseconds);

/* The document's line of a source line; null for 0. */
void json_add_line_if(JsonBuilder *builder, const gchar *name, const Snippet *snippet, guint line);

/* Opens a member that is an object, or an array; it is closed as usual. */
void json_open_object(JsonBuilder *builder, const gchar *name);
void json_open_array(JsonBuilder *builder, const gchar *name);

/* All that was built, on one line or, pretty, on many; without a newline at its end. Newly
 * allocated. */
gchar *json_built(JsonBuilder *builder, gboolean is_pretty);
