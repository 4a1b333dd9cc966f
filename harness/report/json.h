/*
 * json.h: a snippet as JSON, for lists of what is there.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"

/* What is known of a snippet without running it: one line, without a newline.
 * The members are those of a check's report (check.schema.json). */
gchar *json_of_snippet(const Snippet *snippet);
