/*
 * zygote.h: the process that forks one process per snippet.
 */
#pragma once

#include "worker/embed.h"

/* Serves runs from WIRE_CONTROL_FD until its other end is closed. Returns the
 * exit status of the program. */
int zygote_serve(const char *scratch, const EmbedOptions *options);
