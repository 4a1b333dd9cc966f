/*
 * remembering.h: what became of snippets is noted in their history.
 *
 * Only of those that were really run now, or whose class is another one than before, so that a
 * check of what has not changed writes nothing. That a snippet takes longer than it used to is
 * seen here, too.
 */
#pragma once

#include "cli/hall.h"
#include "cli/source.h"

typedef struct Remembering Remembering;

/* source: what the bank was read from. NULL arguments are not allowed; a hall without results
 * remembers nothing. All are borrowed. */
Remembering *remembering_new(Hall *hall, const Source *source);
void remembering_free(Remembering *remembering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remembering, remembering_free)

/* A verdict of the present sitting. Nothing is written yet. */
void remembering_add(Remembering *remembering, const Snippet *snippet, const Transcript *transcript,
                     const Verdict *verdict);

/* Notes all of them. Lines about what takes longer than before, in the bank's order:
 * "docs/a.md:12: takes 3.1 times as long as before: ..."; caller unrefs. */
GPtrArray *remembering_finish(Remembering *remembering);
