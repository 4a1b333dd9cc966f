/*
 * equipping.h: the configuration and the fixtures that a command works with.
 *
 * Fixtures come from the folders that --fixtures names, else from those of the configuration,
 * else from `fixtures` beside the documents or above them, else from those that proctor brings.
 *
 * What an option names is read where the documents are, too; only where it is not there it is the
 * disk's. What proctor brings always is.
 */
#pragma once

#include "bank/bank.h"
#include "bank/config.h"
#include "bank/fixtures.h"
#include "cli/common.h"

/* What stands below the options of a command that has limits. */
#define EQUIPMENT_NOTE                                                                             \
  "What '" CONFIG_NAME "' says about a block (timeout, memory, output) counts instead of the\n"    \
  "options given here.\n\n"

typedef struct {
  const Files *files;  /* what the fixtures were read from; borrowed */
  Config *config;      /* NULL for none */
  GPtrArray *fixtures; /* Fixture *; never NULL */
} Equipment;

/* Reads both and gives the snippets of documents (Document *) their settings and choices, which
 * borrow from it: it outlives what is done with them. */
Equipment *equipment_read(const Files *files, const EquipmentArguments *arguments,
                          const GPtrArray *documents, GError **error);
void equipment_free(Equipment *equipment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Equipment, equipment_free)

/* Gives further documents the same. It can fail: a fixture cannot be written to where Python could
 * load it. */
gboolean equipment_give(const Equipment *equipment, const GPtrArray *documents, GError **error);

/* The folder of the expectations: the one that is named, else the configuration's, else NULL.
 * Borrowed from both. */
const gchar *equipment_expected(const Equipment *equipment, const gchar *named);

/* The files to read what an option names from: these, or the disk where they do not have it. */
const Files *files_for_named(const Files *files, const gchar *named);

/* The folder of the fixtures that come with proctor: what PROCTOR_FIXTURES_DIR names, else that
 * of the installation, else that of the source tree; NULL where there is none. Caller frees. */
gchar *fixtures_shipped(void);

/* Lines about fixtures that provide the same names, where a snippet of documents cannot choose
 * between them. Strings; caller unrefs. */
GPtrArray *equipment_conflicts(const Equipment *equipment, const GPtrArray *documents);
