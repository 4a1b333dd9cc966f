/*
 * selecting.h: which part of a bank a check is about: all of it, what changed since a revision, or
 * one shard.
 */
#pragma once

#include "cli/common.h"
#include "cli/hall.h"
#include "cli/material.h"
#include "cli/source.h"
#include "report/report.h"

typedef struct {
  gchar *revision;    /* --rev: read the bank there, not from the disk */
  gboolean is_staged; /* --staged: read it from the index; since HEAD, unless `since` says else */
  gchar *since;       /* --since: only what changed since this revision */
  gchar *shard;       /* --shard: "2/4" */
} SelectingArguments;
void selecting_arguments_clear(SelectingArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SelectingArguments, selecting_arguments_clear)

typedef struct {
  GHashTable *wanted;   /* const Snippet * -> gchar *: why, "its code changed"; NULL: all */
  GHashTable *doubtful; /* const Snippet * -> const Snippet *, in the older bank: those of which
                           only the earlier blocks changed that they may need. Where none of them
                           ran before it in either, it is as it was; NULL: none is */
  Material *older;      /* that bank; NULL without one */
  Files *older_files;
  gchar *text;       /* "changed since main (1a2b3c4)"; NULL for all */
  ReportShard shard; /* its strings are owned */
} Selection;
void selection_free(Selection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Selection, selection_free)

/* What of the material is meant. paths and equipment as for material_open(): the older side
 * is read in the same way. NULL after having complained. */
Selection *selection_open(const SelectingArguments *arguments, Source *source,
                          const Material *material, gchar **paths,
                          const EquipmentArguments *equipment, Hall *hall);
