/*
 * request.h: a RunRequest as the worker reads it.
 *
 * Private to run/.
 */
#pragma once

#include "run/runner.h"

/* Name of the file as which a snippet runs. */
#define REQUEST_FILE_NAME "snippet.py"

/* Writes it into a sealed memory file. Returns the descriptor (the caller's)
 * and its size, or -1 with errno as wire_request_write sets it. */
int request_write(const RunRequest *request, guint32 *size);
