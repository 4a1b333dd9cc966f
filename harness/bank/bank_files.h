/*
 * bank_files.h: the files that a bank is made of.
 *
 * Folders are walked one by one from a queue, in order of names. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "files/files.h"

typedef struct {
  gchar *path;
  gchar *name;       /* from the root that was named, without extension */
  gboolean is_named; /* by the caller, not met on a walk */
  GError *failure;   /* a folder that cannot be read, or NULL */
} BankFile;

typedef struct {
  const Files *tree; /* borrowed */
  GPtrArray *found;  /* BankFile *, owned */
  GHashTable *seen;  /* identities, so that no file is there twice */
} BankFiles;

BankFiles *bank_files_new(const Files *tree);
void bank_files_free(BankFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BankFiles, bank_files_free)

/* Adds a file, or what is found in a folder. FALSE with BANK_ERROR_MISSING
 * where the path itself is not there or cannot be read. */
gboolean bank_files_add(BankFiles *files, const gchar *path, GError **error);

/* Reads a text, up to BANK_DOCUMENT_MAX; errors as in bank.h. */
gboolean bank_file_load(const Files *tree, const gchar *path, gchar **text, gsize *size,
                        GError **error);
