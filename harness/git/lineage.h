/*
 * lineage.h: which snippet of a bank is which of another version of it.
 *
 * Pure: two arrays of documents in. A snippet that moved, within its document or to another one,
 * was renumbered or indented otherwise, is the same; so is one whose code was edited, as long as
 * it is rather that than another. Documents that were renamed are found by what they hold.
 */
#pragma once

#include <glib.h>

#include "model/document.h"
#include "model/snippet.h"

typedef struct {
  const Snippet *before; /* NULL: it was added */
  const Snippet *after;  /* NULL: it was removed */
  gboolean is_edited;    /* another source */
  gboolean is_renamed;   /* another id: renumbered, another heading or document */
  gboolean is_moved;     /* stands in another document, under another question, or in another order
                            among those that stayed */
} Kin;

typedef struct Lineage Lineage;

/* documents: Document *; they outlive the lineage. */
Lineage *lineage_new(const GPtrArray *before, const GPtrArray *after);
void lineage_free(Lineage *lineage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lineage, lineage_free)

/* All of them: Kin *, in the order of `after`, then those that were removed. Borrowed. */
const GPtrArray *lineage_all(const Lineage *lineage);

/* Of a snippet of either side; NULL for one that is not of these banks. */
const Kin *lineage_of(const Lineage *lineage, const Snippet *snippet);
