/*
 * json_run.h: what one run did, as members of a snippet's JSON. Private to report/.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "model/snippet.h"
#include "model/transcript.h"

/* Adds the members from `exit_code` to `events_lost` to the object that is open. */
void json_add_run(JsonBuilder *builder, const Snippet *snippet, const Transcript *transcript);
