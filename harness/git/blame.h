/*
 * blame.h: who last wrote a line.
 *
 * A line is followed through merges, renames of its file, and moves: of a passage within its
 * commit's files, also where it was indented otherwise on the way.
 */
#pragma once

#include "git/repository.h"

typedef struct {
  Commit *commit;   /* owned; NULL: the line is not committed yet */
  gchar *path;      /* of the file there, from the repository's root */
  guint line;       /* in it */
  gboolean is_edge; /* the end of a shallow clone: it may be older */
} Origin;
void origin_free(Origin *origin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Origin, origin_free)

/* Where each of these lines (guint, from 1) of a file comes from: Origin *, owned, in their order.
 * files is what the lines are counted in: the disk, or the files of `commit`; commit is what it
 * stands on (HEAD for the disk). */
GPtrArray *blame_lines(Repository *repository, const Files *files, const Commit *commit,
                       const gchar *path, const GArray *lines, GError **error);
