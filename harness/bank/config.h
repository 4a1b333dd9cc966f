/*
 * config.h: the bank's configuration, `bank.yaml`.
 *
 *     fixtures: [fixtures]         # folders of fixtures, from here; in place of `fixtures/`
 *     expected: ../expected        # folder of the expectations
 *     timeout: 5                   # these and the following: for all snippets
 *     memory: 512 MB
 *     output: 1 MB
 *     documents:
 *       django-orm.md:             # path from here; * and ? as in a shell
 *         fixture: library         # or: none
 *         variant: relation
 *         sections:
 *           Transactions:          # the title of a heading, without its number
 *             timeout: 20
 *         snippets:
 *           transactions/9.1:      # an unambiguous end of its id
 *             skip: needs a printer
 *             python: "3.11+"
 *
 * `fixture`, `variant`, `skip`, `python`, `timeout` (seconds), `memory` and `output` (bytes,
 * or with kB, MB, GB) can stand at each of the four levels; the innermost that says something
 * counts, of two sections the inner one; `proctor run` knows no `timeout` and no `output`. Of
 * documents that several entries fit, the last one's word counts. Whatever else stands in the file
 * is an error, said with line and column, as is a document, a section or a snippet that is not
 * there.
 */
#pragma once

#include <glib.h>

#include "bank/bank.h"

#define CONFIG_NAME "bank.yaml"

#define CONFIG_ERROR (config_error_quark())
typedef enum {
  CONFIG_ERROR_READ,   /* it is not there, or cannot be read */
  CONFIG_ERROR_SYNTAX, /* it is no YAML, or not what this file describes: file:line:column */
  CONFIG_ERROR_NAMES,  /* it names what the bank does not have: likewise */
} ConfigError;
GQuark config_error_quark(void);

typedef struct Config Config;

/* The configuration of these documents (Document *): `bank.yaml` in the folder of the first one
 * or the nearest above it; NULL for none. Caller frees. */
gchar *config_find(const Files *files, const GPtrArray *documents);

/* What it names is looked for in the same files, which outlive it. */
Config *config_read(const Files *files, const gchar *path, GError **error);
/* The same from memory. text need not be terminated or valid. */
Config *config_parse(const Files *files, const gchar *path, const gchar *text, gsize size,
                     GError **error);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* Sets `settings` of the snippets of all documents that it speaks of. Documents that are named
 * but not among these are passed over, if their files exist. Nothing is changed on failure. */
gboolean config_apply(const Config *config, const GPtrArray *documents, GError **error);

const gchar *config_path(const Config *config);
/* Absolute paths of the folders; NULL where it names none. Borrowed. */
const gchar *const *config_fixtures(const Config *config);
const gchar *config_expected(const Config *config);
