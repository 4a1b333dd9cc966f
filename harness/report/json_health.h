/*
 * json_health.h: a bank's health as JSON, for a check's report and for lists of what is there.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "model/health.h"

/* One value: an object, a line for each note and section; or "null" without health. Snippets that
 * check nothing are counted, and not noted: they are the snippets of the class "ran". */
gchar *json_of_health(const Health *health);

/* The same without its notes, as a member of an object that is being built. Files are named
 * relative to the folder base, or as they are where that is NULL. */
void json_add_health(JsonBuilder *builder, const gchar *name, const Health *health,
                     const gchar *base);
