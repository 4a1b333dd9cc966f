/*
 * expectation.h: what a maintainer has accepted for a snippet.
 *
 * An Expectation is one file under `expected/`, as it was read. What it means
 * for a run is for judge/ to say; where it lies, for store/.
 *
 *     ---
 *     snippet: 8c1f0e2b...
 *     outcome: finishes
 *     where:
 *       - threaded > 0.7 * sequential
 *     after:
 *       - len(results) == 4
 *     ---
 *     Sequential time: {sequential:seconds}s
 *     Multithreaded time: {threaded:seconds}s
 *
 * A further part for certain Pythons begins like the first, with a `python:`
 * line in its head. expectation_text() in store/ is the reference of the format.
 */
#pragma once

#include <glib.h>

/* What is accepted for some versions of Python. */
typedef struct {
  gchar *python;     /* "3.12", "3.9-3.11", "3.12+"; NULL for all that no other part names */
  gchar *outcome;    /* "finishes", "raises ValueError", "exits 3", "deadlocks", "deadlocks at 9",
                        "never ends", "killed by SIGSEGV"; never NULL. A line is a source line
                        of the snippet */
  GStrv where;       /* relations between captures: "threaded > 0.7 * sequential"; never NULL */
  GStrv after;       /* Python expressions that are true when the snippet has been run, with its
                        names: "Book.objects.count() == 0"; never NULL */
  gchar *output;     /* what it prints, with matchers; LF; "" for nothing */
  guint output_line; /* line of its file where output begins; 0 where it was never read */
} ExpectationPart;

typedef struct {
  gchar *path;       /* of its file; NULL for one that was never written */
  gchar *id;         /* of the snippet, as the path says it */
  gchar *content_id; /* of the snippet that it was accepted for; whole, or its beginning */
  GPtrArray *parts;  /* ExpectationPart *, at least one, but for a broken one */
  gchar *problem;    /* why its file cannot be used, with file and line; NULL where it can */
} Expectation;

/* With an empty `after`. All strings are copied; any but outcome and output may be NULL. */
ExpectationPart *expectation_part_new(const gchar *python, const gchar *outcome,
                                      const gchar *const *where, const gchar *output);
/* Without the line of its file. */
ExpectationPart *expectation_part_copy(const ExpectationPart *part);
/* Copies the list, which ends in NULL. */
void expectation_part_set_after(ExpectationPart *part, const gchar *const *after);
void expectation_part_free(ExpectationPart *part);

/* Without parts. Strings are copied. */
Expectation *expectation_new(const gchar *path, const gchar *id, const gchar *content_id);
void expectation_free(Expectation *expectation);

/* The part for a Python, "3.11.2": the first that names it, else the one that names
 * none; NULL where there is neither. */
const ExpectationPart *expectation_part_for(const Expectation *expectation, const gchar *python);

/* TRUE where text is a list of versions as `python:` takes it: "3.12", "3.9-3.11", "3.12+",
 * several with commas. */
gboolean python_range_is_fine(const gchar *text);
gboolean python_range_covers(const gchar *range, const gchar *python);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExpectationPart, expectation_part_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expectation, expectation_free)
