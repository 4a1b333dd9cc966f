/*
 * unpacking.h: fixtures that are not on the disk, written to where Python can load them.
 *
 * They lie in a folder of this process under TMPDIR. It stays until the process ends, since
 * workers that have loaded a fixture are kept, and it goes away however that ends. The same
 * content is written once, whatever revision it is of.
 */
#pragma once

#include "bank/fixtures.h"

/* Writes the whole folder of each fixture that a snippet of documents has for a choice, and makes
 * `path` lead there; those that lie on the disk are left alone. files is what the fixtures were
 * read from. FALSE with FILES_ERROR or a GFileError. */
gboolean fixtures_unpack(const Files *files, const GPtrArray *fixtures, const GPtrArray *documents,
                         GError **error);
