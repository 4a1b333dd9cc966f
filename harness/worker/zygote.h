/*
 * zygote.h: the process that forks one process per snippet.
 */
#pragma once

#include <stdint.h>

/* Serves runs from WIRE_CONTROL_FD until its other end is closed. Returns the
 * exit status of the program. hash_seed: as for embed_zygote(). */
int zygote_serve(const char *scratch, const uint32_t *hash_seed);
