/*
 * request.h: a RunRequest as the worker reads it.
 *
 * Private to run/. The draft is the one description of all that a worker is told: what is
 * written for it, and what the key of its result is made of.
 */
#pragma once

#include "run/runner.h"
#include "wire/wire.h"

/* Name of the file as which a snippet runs. */
#define REQUEST_FILE_NAME "snippet.py"

/* What is to be written. All texts are borrowed from the snippets of the request. */
typedef struct {
  WireRequest wire; /* its last unit is the subject */
  GArray *units;    /* WireUnit */
  GArray *pieces;   /* WirePiece */
  GArray *values;   /* guint32: first lines of statements */
  GArray *passing;  /* likewise */
  GArray *probes;   /* WireProbe */
} RequestDraft;

/* Never NULL; whether it can be written is only known then. */
RequestDraft *request_draft_new(const RunRequest *request);
void request_draft_free(RequestDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RequestDraft, request_draft_free)

/* Writes it into a sealed memory file. Returns the descriptor (the caller's)
 * and its size, or -1 with errno as wire_request_write sets it. */
int request_write(const RunRequest *request, guint32 *size);
