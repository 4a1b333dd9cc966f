/*
 * transcript_pack.h: a transcript as bytes, and back.
 *
 * Numbers take as many bytes as they need, seven bits in each; texts stand with their length.
 * What borrows from a snippet (`fixture`) and when it was made (`kept_us`) is not in it. The first
 * byte is the version of all this.
 *
 * Private to store/.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

#define TRANSCRIPT_PACK_VERSION 1
#define TRANSCRIPT_PACK_MAX (4u << 20) /* bytes; what needs more is not packed */

/* NULL where it would be too long. */
GBytes *transcript_pack(const Transcript *transcript);

/* NULL for bytes that transcript_pack() cannot have made. Whatever they are, what is returned is a
 * transcript that can be read: its kinds are known ones, what is never NULL is there. */
Transcript *transcript_unpack(gconstpointer bytes, gsize size);
