/*
 * journal_read.h: single entries of a journal, made into what a transcript holds.
 *
 * Private to run/. Nothing in an entry is believed: see transcript_builder.h.
 */
#pragma once

#include <glib.h>

#include "run/transcript_builder.h"

/* Text number index of those that begin after `fixed` bytes, as valid UTF-8; NULL where there is
 * none. Caller frees, as with all of these. */
gchar *journal_read_text(const JournalEntry *entry, gsize fixed, guint index);
/* The same, but NULL for an empty one, too. */
gchar *journal_read_some_text(const JournalEntry *entry, gsize fixed, guint index);
/* Words joined by ' '; never NULL. */
GStrv journal_read_words(const JournalEntry *entry, gsize fixed, guint index);

/* The line, where the subject has it; else 0. */
guint journal_read_line(const RunRecord *record, guint32 unit, guint32 line);
guint64 journal_read_time(const RunRecord *record, guint64 time_ns);

/* What each of these notes; NULL where that cannot be. */
Value *journal_read_value(const RunRecord *record, const JournalValue *entry);
Raised *journal_read_raised(const RunRecord *record, const JournalRaised *entry);
Probed *journal_read_probed(const RunRecord *record, const JournalProbed *entry);
/* The rest only where the request has a fixture or, for CHECKED_FINAL, such an expression. */
Event *journal_read_event(const RunRecord *record, const JournalEvent *entry);
Checked *journal_read_checked(const RunRecord *record, const JournalChecked *entry);
