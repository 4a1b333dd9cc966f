/*
 * embed.h: starts CPython so that it is what its own python3 program is:
 * nothing is read from a command line of ours, everything else (environment,
 * paths, encodings, site) is as there.
 */
#pragma once

#include <stdint.h>

#include "worker/sandbox.h"

typedef struct {
  const uint32_t *hash_seed; /* as PYTHONHASHSEED; NULL: of chance */
  const char *fixture;       /* absolute path of a fixture to load; NULL for none */
  const char *variant;       /* of it, "" for none */
} EmbedOptions;

/* Starts Python once for all snippets of a zygote: streams as on pipes, the
 * common modules imported, the fixture loaded, what the worker needs put in place, and all of
 * it kept out of the collector's way. Returns with the GIL; 0, or -1 with a reason in text for
 * people. */
int embed_zygote(const Sandbox *sandbox, const EmbedOptions *options, char *reason, size_t room);

/* Prints which Python this is, a `key value` a line: version, build, libpython, and path
 * for each folder that it imports from. Returns the exit status. */
int embed_describe(void);

/* Runs `python3 PATH ARGUMENTS...` (arguments[0] is the path, "-" standard
 * input) and returns the exit status; may end the process by a signal, as
 * python3 does. */
int embed_file(int count, char **arguments);
