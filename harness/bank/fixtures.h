/*
 * fixtures.h: the fixtures of a bank, and which snippet runs with which.
 */
#pragma once

#include <glib.h>

#include "bank/bank.h"
#include "model/fixture.h"

/* The folder of fixtures that belongs to these documents (Document *): `fixtures` beside the
 * first of them or in the nearest folder above that has one with a fixture in it (a .py file
 * whose header is one); NULL for none. Caller frees. */
gchar *fixtures_find_folder(const Files *files, const GPtrArray *documents);

/* The fixtures (Fixture *, owned) of these folders, in order of their names: every .py file
 * whose name does not begin with '_' or '.' and that assigns PROVIDES or IMPORTS. One that
 * cannot be used has a problem, and is given all the same. NULL with BANK_ERROR where a folder
 * cannot be read. A name that two folders have is the first one's. */
GPtrArray *fixtures_read(const Files *files, const gchar *const *folders, GError **error);

/* Reads the header of one fixture from memory; never NULL. text need not be terminated or valid. */
Fixture *fixture_parse(const gchar *name, const gchar *path, const gchar *shown_path,
                       const gchar *text, gsize size);

/* Sets `choice` of the snippets of documents: what their settings name; else the fixture that
 * provides names which the snippet uses and neither it nor Python itself binds, or that a module
 * which it imports chooses. A name that an earlier block of the same question binds does not
 * count, and a fixture of which no sign stands in the snippet is passed over. Of several fixtures
 * the one with most of the names is meant; where two are equal, and none is behind the other, the
 * choice has a problem. FALSE with CONFIG_ERROR_NAMES where settings name a fixture or variant that
 * is not there. Call it once, after config_apply(). */
gboolean fixtures_choose(const GPtrArray *fixtures, const GPtrArray *documents, GError **error);

/* The fixtures that snippets of documents have for a choice: const Fixture *. Caller unrefs. */
GHashTable *fixtures_chosen(const GPtrArray *documents);

/* Sets `digest` of the fixtures that snippets of documents have for a choice, where it is not set:
 * it stands for the fixture's name and for the names and contents of all that is in its folder and
 * below, but for hidden names and __pycache__. It is the same wherever the same files lie. Files
 * are those that the fixtures were read from, at the paths that they had there. What cannot be
 * read, or is too much, has no digest. */
void fixtures_digest(const Files *files, const GPtrArray *fixtures, const GPtrArray *documents);

/* Names that fixtures provide between which a snippet cannot choose: none is behind the other, and
 * their signs do not tell them apart. One line for the names that the same fixtures share: "'Book'
 * is provided by a.py and b.py: ..."; for people, may be empty. Caller unrefs. */
GPtrArray *fixtures_conflicts(const GPtrArray *fixtures);
