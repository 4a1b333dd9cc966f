/*
 * word_set.h: words of a source, each once, with flags.
 *
 * Keeps pointers into the source, no copies; most snippets' words fit into the
 * set itself. Private to bank/.
 */
#pragma once

#include <glib.h>

typedef struct {
  const gchar *at; /* NULL where the slot is free */
  gsize length;
  guint flags; /* the user's */
} WordSlot;

#define WORD_SET_SMALL 64

typedef struct {
  WordSlot *slots;
  gsize size, used;
  guint32 seed;
  gboolean ignores_case; /* of ASCII letters */
  WordSlot small[WORD_SET_SMALL];
} WordSet;

void word_set_init(WordSet *set, gboolean ignores_case);
void word_set_clear(WordSet *set);

/* The slot of a word, made with flags 0 where it is new. Valid until the next
 * call. */
WordSlot *word_set_add(WordSet *set, const gchar *at, gsize length);

/* The same, NULL where it is not there. */
const WordSlot *word_set_find(const WordSet *set, const gchar *at, gsize length);

/* Index of a word in a list that is in strcmp() order, or -1. With fold, capitals
 * of the word count as small letters. */
gint word_list_find(const gchar *const *list, gsize count, const gchar *at, gsize length,
                    gboolean fold);
