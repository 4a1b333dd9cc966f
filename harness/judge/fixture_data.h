/*
 * fixture_data.h: what the data of a fixture may have decided. Private to judge/.
 *
 * An author who writes `Book.objects.count()  # 3` speaks of rows of his own; a fixture that
 * was found by the names of the snippet has others. Where the two agree the claim holds, where
 * they do not nothing is proved. What is built otherwise than claimed whatever the rows are (a
 * list where a dictionary is claimed, other keys, where the statement spells them) is false all
 * the same, and so is all that the fixture has no part in: which statements those are is told by
 * the names that it provides (its tools bring no data), by the lines that its events happened on,
 * and by whatever these lead to. Events on the snippet's own rows (own_tables.h) tell nothing.
 *
 * A fixture that the bank's configuration names holds what the author wants it to hold: there,
 * claims are marked as always.
 */
#pragma once

#include "model/snippet.h"
#include "model/transcript.h"

typedef struct FixtureData FixtureData;

/* NULL where a run had no fixture, or one that was configured. Both outlive it. */
FixtureData *fixture_data_new(const Snippet *snippet, const Transcript *transcript);
void fixture_data_free(FixtureData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FixtureData, fixture_data_free)

/* Why `actual`, which may be NULL, is no evidence against a claim: "decided by the rows of
 * fixture 'library'"; NULL where it is. data may be NULL. */
const gchar *fixture_data_pardon(const FixtureData *data, const Claim *claim, const gchar *actual);

/* Why the author need not have met an exception that nobody claimed: "the author's own rows or
 * models: DoesNotExist with those of fixture 'library'", for the caller; NULL where the fixture
 * does not explain it. */
gchar *fixture_data_explains(const FixtureData *data, const Raised *raised);

/* Whether what the lines do may be decided by the fixture; for tests. */
gboolean fixture_data_reaches(const FixtureData *data, guint first_line, guint last_line);
