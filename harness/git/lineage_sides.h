/*
 * lineage_sides.h: the two versions of a bank whose snippets are matched. Private to git/.
 */
#pragma once

#include "git/lineage.h"

#define NOBODY G_MAXUINT

typedef struct {
  const Snippet *snippet;
  guint document; /* its number on its side */
  guint position; /* in the document */
  guint partner;  /* number of the item of the other side; NOBODY while there is none */
} Item;

typedef struct {
  const GPtrArray *documents;
  GArray *items;  /* Item: document after document */
  GArray *starts; /* guint: number of the first item of each document, and of the end */
  GArray *pairs;  /* guint: the document of the other side that each is; or NOBODY */
} Side;

typedef struct {
  Side before, after;
} Sides;

void sides_init(Sides *sides, const GPtrArray *before, const GPtrArray *after);
void sides_clear(Sides *sides);

static inline Item *item_at(const Side *side, guint number) {
  return &g_array_index(side->items, Item, number);
}

static inline guint side_start(const Side *side, guint document) {
  return g_array_index(side->starts, guint, document);
}

static inline guint side_pair(const Side *side, guint document) {
  return g_array_index(side->pairs, guint, document);
}

/* The part of its id that its document did not give it: "section/13.1". */
const gchar *item_place(const Item *item);
/* Its question's title; "" before the first heading. */
const gchar *item_title(const Item *item);
/* The titles above that and itself, as one text; caller frees. */
gchar *item_heading(const Item *item);

void items_join(Sides *sides, guint before, guint after);

/* Whether both stand in what counts as the same document. */
gboolean items_share_document(const Sides *sides, guint before, guint after);

/* Says which document is which: those of the same path, but where they share nothing and there is
 * better; then those that were renamed. */
void documents_pair(Sides *sides);

/* Items of document number `before` of the older side (with its pair's) that are partners and whose
 * order did not change: their numbers on the older side, rising. Caller unrefs. */
GArray *sides_steady(const Sides *sides, guint before);

/* Joins, of those that are left, what is similar enough. */
void similar_join(Sides *sides);
