/*
 * fixture_header.h: the literals at the head of a fixture, read without running it.
 *
 * What counts is a statement at the very left that assigns one of the words of model/fixture.h,
 * and that one alone; the words may not be bound in any other way, and whatever else the file
 * holds is passed over. Private to bank/.
 */
#pragma once

#include <glib.h>

#include "model/fixture.h"

/* The largest file that is read. */
#define FIXTURE_MAX (1u << 20)

/* Fills fixture. FALSE where the file has no header: neither PROVIDES nor IMPORTS is bound.
 * What is wrong with a header becomes the fixture's problem; what was read up to there stays. */
gboolean fixture_header_read(Fixture *fixture, const gchar *text, gsize size);
