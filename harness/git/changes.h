/*
 * changes.h: what is not as it was about a snippet, of all that decides its verdict.
 *
 * Pure: nothing is run. Prose never counts, but for a claim that was read from it; neither does
 * where a snippet stands, or what it is called.
 */
#pragma once

#include "git/lineage.h"
#include "model/expectation.h"

typedef enum {
  CHANGE_ADDED = 1 << 0,       /* there was no such snippet */
  CHANGE_CODE = 1 << 1,        /* its code, with the comments in it */
  CHANGE_SESSION = 1 << 2,     /* the earlier blocks that it may need */
  CHANGE_SAID = 1 << 3,        /* what is claimed about it outside of its code */
  CHANGE_FIXTURE = 1 << 4,     /* which fixture, which variant, any file of the fixture's */
  CHANGE_EXPECTATION = 1 << 5, /* what was accepted for it */
  CHANGE_SETTINGS = 1 << 6,    /* what the configuration says */
} Changes;

/* What of a bank is not in its documents. */
typedef struct {
  /* The earlier blocks that it may need: const Snippet *, which are unreferenced. */
  GPtrArray *(*session)(const Snippet *snippet, gpointer data);
  /* Borrowed; NULL for none. */
  const Expectation *(*expectation)(const Snippet *snippet, gpointer data);
  gpointer data;
} ChangesSide;

/* Of a snippet that is in the newer bank; 0 for nothing. */
Changes changes_of(const Kin *kin, const ChangesSide *before, const ChangesSide *after);

/* "it is new", "its code and its fixture changed": for people; "" for nothing. Caller frees. */
gchar *changes_text(Changes changes);
