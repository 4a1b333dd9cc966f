/*
 * json_read.h: members of a JSON object that somebody else wrote, of which nothing is believed.
 *
 * Private to report/. What is not there, or is of another type, is NULL or FALSE.
 */
#pragma once

#include <json-glib/json-glib.h>

JsonObject *json_read_object(JsonObject *object, const gchar *name);
JsonArray *json_read_array(JsonObject *object, const gchar *name);
const gchar *json_read_string(JsonObject *object, const gchar *name);
/* A whole number from 0 to G_MAXUINT; sets nothing else. */
gboolean json_read_number(JsonObject *object, const gchar *name, guint *number);
gboolean json_read_truth(JsonObject *object, const gchar *name, gboolean *is_true);

/* node may be NULL. */
gboolean json_is_count(JsonNode *node);
