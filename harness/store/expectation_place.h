/*
 * expectation_place.h: which path stands for a document among the expectations, and
 * where their folder is. Knows no expectation.
 */
#pragma once

#include <glib.h>

#include "files/files.h"

/* TRUE for a regular file, and where that cannot be told. */
gboolean path_is_file(const Files *files, const gchar *path);

/* The path of a document's file from folder (which ends in '/'), "up/" for each folder
 * above that. Only .md is left away: any other extension tells it from a document of
 * the same name. Newly allocated. */
gchar *place_of(const gchar *folder, const gchar *file);

/* Why a place or an id cannot be the path of a file; NULL where it can. */
const gchar *place_problem(const gchar *place);

/* TRUE where a document with this place, without "up/", lies below root, which ends in a slash. */
gboolean place_is_taken(const Files *files, const gchar *root, const gchar *place);

/* The folder to use for documents (Document *): the nearest `expected` in the folder that they
 * have in common, or above it; NULL where there is none. Newly allocated. */
gchar *expectations_find_folder(const Files *files, const GPtrArray *documents);
