/*
 * comparing.h: two versions of a bank beside each other: which snippet is which, and what about it
 * is not as it was.
 */
#pragma once

#include "cli/material.h"
#include "git/changes.h"
#include "git/repository.h"

/* What became of reading a version. */
typedef enum {
  VERSION_READ,
  VERSION_ABSENT, /* nothing of what was named is there */
  VERSION_BROKEN, /* it cannot be read: a bank.yaml that was wrong then */
} VersionEnd;

/* Reads what of paths (and of the options) is there, from a revision or the disk. For a document
 * that is not, but is in `newer` (which may be NULL), those beside it are read that are not there
 * any more: it may be one of them. Never complains: *problem, newly allocated, says what is wrong
 * with one that is broken. *material is set where it was read. */
VersionEnd version_open(const Files *files, const Files *newer, gchar **paths,
                        const EquipmentArguments *equipment, Material **material, gchar **problem);

typedef struct Comparison Comparison;

/* before may be NULL: all is new; after, too: all is gone. Both outlive it. */
Comparison *comparison_new(const Material *before, const Material *after);
void comparison_free(Comparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Comparison, comparison_free)

const Lineage *comparison_lineage(const Comparison *comparison);

/* Of a snippet that is in the newer bank; 0 for nothing. */
Changes comparison_changes(const Comparison *comparison, const Kin *kin);

/* "main (1a2b3c4)"; what already is an id is not said twice. Caller frees. */
gchar *revision_text(const gchar *revision, const Commit *commit);
