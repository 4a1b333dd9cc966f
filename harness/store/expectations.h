/*
 * expectations.h: the expectations of a folder, and which snippet each belongs to.
 *
 * The expectation of a snippet lies at FOLDER/<place>/<own part of its id>.txt. The place is
 * that of its document, whatever paths were named: its path from the folder above FOLDER
 * (without .md; "up/" for each folder further up). So that it follows a snippet that is
 * renumbered or moved, and one that is edited keeps it, each snippet gets, in this order:
 *  1. the file at its own place, where that was accepted for its content;
 *  2. a file that was accepted for its content and that no snippet has by rule 1: of the same
 *     document, of one that was assigned and has no snippet there, or of one that is gone;
 *  3. the file at its own place, where no other snippet has that by rule 2.
 * A file at no document's place belongs to the only document whose path ends in its place, once
 * a snippet of that gets one there by rule 1 or 2; where there may be several, to none.
 */
#pragma once

#include "files/files.h"
#include "model/document.h"
#include "model/expectation.h"
#include "model/snippet.h"

typedef struct Expectations Expectations;

/* Reads all .txt files below a folder, each once. A folder that is not there holds none. A
 * file that cannot be used becomes an Expectation with a problem. NULL with FILES_ERROR where
 * a folder cannot be read. files outlives what is returned. */
Expectations *expectations_read(const Files *files, const gchar *folder, GError **error);
void expectations_free(Expectations *expectations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expectations, expectations_free)

/* Gives the snippets of the documents (Document *, borrowed) their expectations. Once. */
void expectations_assign(Expectations *expectations, const GPtrArray *documents);

/* Of an assigned snippet: borrowed, NULL for none. It lies at its own place, unless
 * it is one that must be moved there (is_moved, which may be NULL). */
const Expectation *expectations_of(const Expectations *expectations, const Snippet *snippet,
                                   gboolean *is_moved);

/* Where the file of a snippet belongs: where the one that it has lies, unless that is to be
 * moved; newly allocated. NULL with a GFileError where it has no place that is fit for a path
 * and no other document's. */
gchar *expectations_path(Expectations *expectations, const Snippet *snippet, GError **error);

/* Those that no snippet has although their document was read: const Expectation *, in order
 * of their paths; borrowed. `is_whole` says that the documents are all that there are, so
 * that those of documents which are not on disk any more count, too. Broken ones, and those
 * that may belong to a document that was not assigned, are never stale. */
GPtrArray *expectations_stale(const Expectations *expectations, gboolean is_whole);

/* Those that have a problem: const Expectation *, in order of their paths. */
GPtrArray *expectations_broken(const Expectations *expectations);

const gchar *expectations_folder(const Expectations *expectations);

/* The snippet whose expectation a file of the folder is; NULL for none. */
const Snippet *expectations_owner(const Expectations *expectations, const gchar *path);
