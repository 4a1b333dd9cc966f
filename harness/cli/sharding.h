/*
 * sharding.h: one of several parts of a bank, of about the same time each.
 *
 * Every proctor that is given the same bank, the same selection and the same results splits alike;
 * those that keep results in one file do so even while they write new times into it: the first one
 * says for a day who gets what. Where results are not shared, they must not be known either, or be
 * the same, for the parts to fit; `proctor merge` refuses parts that do not.
 */
#pragma once

#include "cli/material.h"
#include "cli/selecting.h"
#include "store/results.h"

#define SHARDS_MAX 1000u

/* "2/4". FALSE after having complained; then nothing is set. */
gboolean shard_parse(const gchar *text, guint *index, guint *count);

/* Leaves in `selection` only what is in one shard of it, "2/4", and fills its `shard`, whose bank
 * is another under other options. results may be NULL. FALSE after having complained. */
gboolean sharding_select(const gchar *shard, const Material *material, const RunnerOptions *options,
                         Results *results, Selection *selection);

/* --- the parts alone: pure, for sharding_select() and its tests ----------------------- */

typedef struct {
  const gchar *id;
  guint document; /* these two say what belongs together; each in one run of items */
  guint question;
  guint64 ns; /* what it takes */
} ShardItem;

/* Sets part_of[i] to the part, from 0, of each item. Documents stay whole, but one that alone is
 * long beside a part is split between questions, and a question that is, between blocks: an
 * earlier block that is needed in another part is run there once more. The longest pieces go
 * first, each to the part that has least. */
void shards_split(const ShardItem *items, guint count, guint parts, guint *part_of);

/* What a snippet may take, told from its source alone: the same on every machine. Nanoseconds. */
guint64 shard_guess(const gchar *source);
