/*
 * expecting.h: the expectations that a command works with, and new ones for them.
 *
 * An Acceptance is what becomes of one snippet's expectation: it reads its file when it is
 * opened and refuses to write when that changed since.
 */
#pragma once

#include "bank/bank.h"
#include "run/runner.h"
#include "store/expectations.h"
#include "store/rewrite.h"

/* Reads the expectations of documents (Document *) and assigns them: of the folder that is named,
 * else of the nearest `expected`, else, where `makes_folder`, of a new one in the current
 * folder. *expectations is NULL where there is none. */
gboolean expecting_read(const Files *files, const gchar *named, const GPtrArray *documents,
                        gboolean makes_folder, Expectations **expectations, GError **error);

/* Whether the documents are all that the folder may be about: it lies in a folder that was
 * walked as a whole. paths as bank_read_named() takes them. */
gboolean expecting_is_whole(const Files *files, const Expectations *expectations, gchar **paths);

typedef struct {
  const Snippet *snippet;
  gchar *path;       /* where it belongs */
  gchar *old_path;   /* where it lies; NULL for a new one */
  Rewrite *file;     /* that, as it was read; or NULL */
  Expectation *base; /* what it says; NULL for a new one */
  gchar *text;       /* of the file, as it is to be; NULL until there is a proposal */
  gchar *remark;     /* a relation that does not hold all the same; or NULL */
} Acceptance;

typedef enum {
  ACCEPTANCE_UNCHANGED,
  ACCEPTANCE_WRITTEN,
  ACCEPTANCE_CHANGED,
  ACCEPTANCE_MOVED,
} AcceptanceEnd;

/* NULL where the file cannot be read, or is broken, or can have no place. */
Acceptance *acceptance_open(Expectations *expectations, const Snippet *snippet, GError **error);
void acceptance_free(Acceptance *acceptance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acceptance, acceptance_free)

/* Sets text to what fits these runs under this Python, "3.11.2": FALSE with PROPOSE_ERROR. */
gboolean acceptance_propose(Acceptance *acceptance, const Transcript *const *runs, guint count,
                            const gchar *python, GError **error);

/* Called for each acceptance that was dealt with; error is NULL where it was written. */
typedef void (*AcceptanceDone)(const Acceptance *acceptance, AcceptanceEnd end, const GError *error,
                               gpointer data);

/* Writes the texts of those (Acceptance *) that have one, in an order in which none takes
 * the place of another that was not moved yet. */
void acceptances_write(GPtrArray *acceptances, const Expectations *expectations,
                       AcceptanceDone done, gpointer data);
