#include "bank/word_set.h"

#include <string.h>

void word_set_init(WordSet *set, gboolean ignores_case) {
  memset(set->small, 0, sizeof set->small);
  set->slots = set->small;
  set->size = WORD_SET_SMALL;
  set->used = 0;
  set->ignores_case = ignores_case;
  /* Nobody can know which words would collide. */
  set->seed = (guint32)g_direct_hash(set) ^ g_random_int();
}

void word_set_clear(WordSet *set) {
  if (set->slots != set->small)
    g_free(set->slots);
  set->slots = NULL;
}

/* A capital as a small letter. g_ascii_tolower() is a call for every byte. */
static guchar folded(gchar character) {
  return character >= 'A' && character <= 'Z' ? (guchar)(character | 0x20) : (guchar)character;
}

static guint32 hash_of(const WordSet *set, const gchar *at, gsize length) {
  guint32 hash = 2166136261u ^ set->seed;
  if (set->ignores_case)
    for (gsize i = 0; i < length; i++)
      hash = (hash ^ folded(at[i])) * 16777619u;
  else
    for (gsize i = 0; i < length; i++)
      hash = (hash ^ (guchar)at[i]) * 16777619u;
  return hash ^ (hash >> 15);
}

static gboolean is_word(const WordSet *set, const WordSlot *slot, const gchar *at, gsize length) {
  return slot->length == length &&
         (set->ignores_case ? g_ascii_strncasecmp(slot->at, at, length) == 0
                            : memcmp(slot->at, at, length) == 0);
}

static WordSlot *slot_of(const WordSet *set, const gchar *at, gsize length) {
  gsize index = hash_of(set, at, length) & (set->size - 1);
  while (set->slots[index].at != NULL && !is_word(set, &set->slots[index], at, length))
    index = (index + 1) & (set->size - 1);
  return &set->slots[index];
}

static void grow(WordSet *set) {
  WordSlot *old = set->slots;
  gsize size = set->size;
  set->size = size * 2;
  set->slots = g_new0(WordSlot, set->size);
  for (gsize i = 0; i < size; i++)
    if (old[i].at != NULL)
      *slot_of(set, old[i].at, old[i].length) = old[i];
  if (old != set->small)
    g_free(old);
}

WordSlot *word_set_add(WordSet *set, const gchar *at, gsize length) {
  WordSlot *slot = slot_of(set, at, length);
  if (slot->at != NULL)
    return slot;
  if ((set->used + 1) * 4 > set->size * 3) {
    grow(set);
    slot = slot_of(set, at, length);
  }
  *slot = (WordSlot){.at = at, .length = length};
  set->used++;
  return slot;
}

const WordSlot *word_set_find(const WordSet *set, const gchar *at, gsize length) {
  const WordSlot *slot = slot_of(set, at, length);
  return slot->at != NULL ? slot : NULL;
}

/* strcmp() of the word with an entry, without a call. */
static gint order_of(const gchar *at, gsize length, const gchar *entry, gboolean fold) {
  for (gsize i = 0; i < length; i++) {
    gint order = (fold ? folded(at[i]) : (guchar)at[i]) - (guchar)entry[i];
    if (order != 0)
      return order;
  }
  return entry[length] == '\0' ? 0 : -1;
}

gint word_list_find(const gchar *const *list, gsize count, const gchar *at, gsize length,
                    gboolean fold) {
  gsize low = 0, high = count;
  /* The first byte mostly says enough. */
  guchar first = length > 0 ? (fold ? folded(at[0]) : (guchar)at[0]) : 0;
  while (low < high) {
    gsize middle = (low + high) / 2;
    gint order = first - (guchar)list[middle][0];
    if (order == 0)
      order = order_of(at, length, list[middle], fold);
    if (order == 0)
      return (gint)middle;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return -1;
}
