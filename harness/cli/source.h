/*
 * source.h: what a bank is read from: the disk, a revision of git, the index.
 */
#pragma once

#include "git/repository.h"

typedef struct {
  Repository *repository; /* NULL for the disk alone */
  const Files *files;
  Files *owned;   /* that, where it is not the disk */
  Commit *commit; /* what it was read at: --rev; HEAD for --staged; else NULL */
  gchar *text;    /* "main (1a2b3c4)", "the index"; NULL for the disk */
} Source;

/* A revision, or the index where is_staged, of the repository that the first of paths lies in
 * (NULL: the current folder); the disk where it is neither. Paths mean what they mean on the disk;
 * in a bare repository they are those of its trees. One that is not there is an error. NULL after
 * having complained. What is read from the source goes before it. */
Source *source_open(const gchar *revision, gboolean is_staged, gchar **paths);

/* The same for a reference to a block: where it is FILE:LINE and there are no paths, in the
 * repository that FILE lies in. */
Source *source_open_for(const gchar *revision, const gchar *reference, gchar **paths);

/* Opens the repository of paths where that was not done yet. FALSE after having complained. */
gboolean source_open_repository(Source *source, gchar **paths);

void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
