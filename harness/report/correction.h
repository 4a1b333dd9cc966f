/*
 * correction.h: what a document should say instead of a claim that is contradicted.
 *
 * Only the value changes: label, prose, comment sign, indentation, line ends and
 * everything else stay as they are, byte by byte. What cannot be said that way, or
 * is not sure, is not corrected at all.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/verdict.h"

typedef struct {
  gsize offset; /* bytes of the document that go, */
  gsize length;
  gchar *text; /* and what comes in their place */
} Correction;

/* For a contradicted claim of a snippet that was read from these bytes (the whole
 * file, as it lies on disk). NULL where it cannot be corrected: *reason, newly
 * allocated, is a phrase that says why. */
Correction *correction_of_claim(const gchar *bytes, gsize size, const Snippet *snippet,
                                const ClaimResult *result, gchar **reason);
void correction_free(Correction *correction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Correction, correction_free)

/* The bytes with all corrections made (const Correction *, in order, none touching
 * another). Newly allocated, *new_size bytes. */
gchar *corrections_apply(const gchar *bytes, gsize size, const GPtrArray *corrections,
                         gsize *new_size);

/* The same as a unified patch that `git apply` and `patch -p1` take; "" for none. */
GString *corrections_patch(const gchar *path, const gchar *bytes, gsize size,
                           const GPtrArray *corrections);
