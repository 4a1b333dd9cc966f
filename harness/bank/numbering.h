/*
 * numbering.h: numbers that questions of a document lack, or have twice.
 *
 * Questions are numbered anew under each section, or through the whole document, and which of the
 * two a document does is told by where its sections begin. Numbers may be nested ("2.3"): then
 * only the last part counts, among those with the same parts before it.
 *
 * Not everything with a number in front is counted off: lists of releases count down, problems
 * keep the number that another site gave them. Where too few of the numbers are there, where they
 * go down, or where it is not clear what a section should begin with, no gap is told.
 * Private to bank/.
 */
#pragma once

#include <glib.h>

#include "model/document.h"

typedef struct {
  const Question *question; /* that has a number again, or before which numbers are missing */
  const Question *earlier;  /* that has the number already; NULL for a gap */
  gboolean starts_anew;     /* the numbers begin again here, without a heading that says so */
  guint first, last;        /* the missing numbers; 0 and 0 where none are */
} NumberFault;

/* NumberFault, in order of their questions; of one question the gap comes first. */
GArray *numbering_faults(const Document *document);
