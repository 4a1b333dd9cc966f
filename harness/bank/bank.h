/*
 * bank.h: documents in, questions, snippets and claims out.
 *
 * The entry to this room: everything else in it is private to it, but for
 * what its tests use. It reads files; it runs nothing and prints nothing.
 */
#pragma once

#include <glib.h>

#include "files/files.h"
#include "model/document.h"
#include "model/snippet.h"

/* The largest document that is read. */
#define BANK_DOCUMENT_MAX FILES_TEXT_MAX

#define BANK_ERROR (bank_error_quark())
typedef enum {
  BANK_ERROR_MISSING,  /* a named path is not there, or cannot be read */
  BANK_ERROR_UNUSABLE, /* it is no text, too large, or no regular file */
  BANK_ERROR_UNKNOWN,  /* a reference fits no snippet, or several */
} BankError;
GQuark bank_error_quark(void);

/* Something that was passed over while folders were walked. */
typedef struct {
  gchar *path;
  gchar *message;
} BankProblem;

typedef struct {
  GPtrArray *documents; /* Document *, owned, in order of their paths */
  GPtrArray *problems;  /* BankProblem *, owned */
} Bank;

/* Reads the documents that paths name: files of any extension, and folders,
 * which are walked for .md, .markdown and .txt (symbolic links to folders and
 * hidden folders are not followed, a file is read once). Snippets get ids that
 * are unique in the bank.
 *
 * A named path that cannot be read fails the whole call; one met while walking
 * becomes a problem, and the walk goes on. Finding no document is no error. */
Bank *bank_read(const Files *files, const gchar *const *paths, GError **error);
void bank_free(Bank *bank);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bank, bank_free)

/* Reads one document from memory. Never fails: what is wrong with the text
 * becomes a remark of the document. text need not be terminated or valid. */
Document *bank_parse(const gchar *path, const gchar *name, const gchar *text, gsize size);

/* The snippet that reference names: an id or an unambiguous tail of one
 * ("deadlock/11.2", at a '/'), "file.md:LINE" with any line of it or of its
 * fence, or a content id's first seven digits or more. NULL with
 * BANK_ERROR_UNKNOWN where nothing fits, or where several do: the message
 * names up to five of them. */
const Snippet *bank_find(const Bank *bank, const gchar *reference, GError **error);
