#include "run/journal_read.h"

#include <string.h>

gchar *journal_read_text(const JournalEntry *entry, gsize fixed, guint index) {
  const char *text;
  size_t size;
  if (!journal_text(entry, fixed, index, &text, &size))
    return NULL;
  return g_utf8_make_valid(text, (gssize)size);
}

GStrv journal_read_words(const JournalEntry *entry, gsize fixed, guint index) {
  g_autofree gchar *text = journal_read_text(entry, fixed, index);
  if (text == NULL || *text == '\0')
    return g_new0(gchar *, 1);
  return g_strsplit(text, " ", -1);
}

gchar *journal_read_some_text(const JournalEntry *entry, gsize fixed, guint index) {
  g_autofree gchar *text = journal_read_text(entry, fixed, index);
  return text != NULL && *text != '\0' ? g_steal_pointer(&text) : NULL;
}

guint journal_read_line(const RunRecord *record, guint32 unit, guint32 line) {
  return unit == record->units - 1 && line <= record->lines ? line : 0;
}

guint64 journal_read_time(const RunRecord *record, guint64 time_ns) {
  guint64 start = record->journal->start_ns;
  return time_ns > start ? time_ns - start : 0;
}

Value *journal_read_value(const RunRecord *record, const JournalValue *entry) {
  g_autofree gchar *type = journal_read_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *repr = journal_read_text(&entry->entry, sizeof *entry, 1);
  guint line = journal_read_line(record, entry->unit, entry->line);
  if (line == 0 || type == NULL || repr == NULL)
    return NULL;
  Value *value = g_new0(Value, 1);
  value->line = line;
  value->type = g_steal_pointer(&type);
  value->repr = g_steal_pointer(&repr);
  value->names = journal_read_some_text(&entry->entry, sizeof *entry, 2);
  value->shown = journal_read_some_text(&entry->entry, sizeof *entry, 3);
  value->is_cut = entry->is_cut != 0;
  return value;
}

/* Of the four texts that begin after `fixed` bytes; NULL where there is none. */
static Raised *read_exception(const JournalEntry *entry, gsize fixed) {
  g_autofree gchar *type = journal_read_text(entry, fixed, 0);
  g_autofree gchar *message = journal_read_text(entry, fixed, 2);
  g_autofree gchar *name = journal_read_text(entry, fixed, 3);
  if (type == NULL || *type == '\0' || message == NULL)
    return NULL;
  Raised *raised = g_new0(Raised, 1);
  raised->type = g_steal_pointer(&type);
  raised->bases = journal_read_words(entry, fixed, 1);
  raised->message = g_steal_pointer(&message);
  raised->name = name != NULL && *name != '\0' ? g_steal_pointer(&name) : NULL;
  return raised;
}

Raised *journal_read_raised(const RunRecord *record, const JournalRaised *entry) {
  Raised *raised = read_exception(&entry->entry, sizeof *entry);
  if (raised == NULL)
    return NULL;
  raised->line = journal_read_line(record, entry->unit, entry->line);
  raised->outer_line = journal_read_line(record, entry->unit, entry->outer_line);
  raised->passed = (entry->flags & JOURNAL_RAISED_PASSED) != 0;
  raised->in_thread = (entry->flags & JOURNAL_RAISED_THREAD) != 0;
  raised->is_seen = (entry->flags & JOURNAL_RAISED_SEEN) != 0;
  return raised;
}

static gboolean probe_end(guint32 number, ProbeEnd *end) {
  switch ((JournalProbeEnd)number) {
  case JOURNAL_PROBE_FINISHED:
    *end = PROBE_FINISHED;
    return TRUE;
  case JOURNAL_PROBE_RAISED:
    *end = PROBE_RAISED;
    return TRUE;
  case JOURNAL_PROBE_UNPARSABLE:
    *end = PROBE_UNPARSABLE;
    return TRUE;
  case JOURNAL_PROBE_STOPPED:
    *end = PROBE_STOPPED;
    return TRUE;
  case JOURNAL_PROBE_DIED:
    *end = PROBE_DIED;
    return TRUE;
  }
  return FALSE;
}

Probed *journal_read_probed(const RunRecord *record, const JournalProbed *entry) {
  guint line = journal_read_line(record, entry->unit, entry->line);
  ProbeEnd end;
  if (line == 0 || !probe_end(entry->end, &end))
    return NULL;
  gboolean has_exception = end == PROBE_RAISED || end == PROBE_UNPARSABLE;
  Raised *raised = has_exception ? read_exception(&entry->entry, sizeof *entry) : NULL;
  if (has_exception && raised == NULL)
    return NULL;
  gchar *output = journal_read_text(&entry->entry, sizeof *entry, 5);
  Probed *probed = g_new0(Probed, 1);
  probed->line = line;
  probed->end = end;
  probed->raised = raised;
  probed->repr = journal_read_some_text(&entry->entry, sizeof *entry, 4);
  probed->output = output != NULL ? output : g_strdup("");
  if (raised != NULL)
    raised->line = line;
  return probed;
}

/* --- what a fixture says ----------------------------------------------- */

static gboolean has_fixture(const RunRecord *record) {
  return record->request != NULL && record->request->fixture != NULL;
}

Event *journal_read_event(const RunRecord *record, const JournalEvent *entry) {
  g_autofree gchar *kind = journal_read_some_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *text = journal_read_text(&entry->entry, sizeof *entry, 1);
  if (!has_fixture(record) || kind == NULL || text == NULL)
    return NULL;
  Event *event = g_new0(Event, 1);
  event->kind = g_steal_pointer(&kind);
  event->text = g_steal_pointer(&text);
  event->line = journal_read_line(record, entry->unit, entry->line);
  event->outer_line = journal_read_line(record, entry->unit, entry->outer_line);
  event->thread = entry->thread;
  event->time_ns = journal_read_time(record, entry->entry.time_ns);
  event->spent_ns = entry->spent_ns;
  event->count = MAX(entry->count, -1);
  event->is_shown = (entry->flags & JOURNAL_EVENT_SHOWN) != 0;
  return event;
}

static gboolean checked_kind(guint32 number, CheckedKind *kind) {
  switch ((JournalCheckedKind)number) {
  case JOURNAL_CHECKED_REMARK:
    *kind = CHECKED_REMARK;
    return TRUE;
  case JOURNAL_CHECKED_PROSE:
    *kind = CHECKED_PROSE;
    return TRUE;
  case JOURNAL_CHECKED_AFTER:
    *kind = CHECKED_AFTER;
    return TRUE;
  case JOURNAL_CHECKED_FINAL:
    *kind = CHECKED_FINAL;
    return TRUE;
  }
  return FALSE;
}

static gboolean checked_end(guint32 number, CheckedEnd *end) {
  switch ((JournalCheckedEnd)number) {
  case JOURNAL_CHECKED_HOLDS:
    *end = CHECKED_HOLDS;
    return TRUE;
  case JOURNAL_CHECKED_CONTRADICTED:
    *end = CHECKED_CONTRADICTED;
    return TRUE;
  case JOURNAL_CHECKED_UNCLEAR:
    *end = CHECKED_UNCLEAR;
    return TRUE;
  }
  return FALSE;
}

/* Whether what is checked is something that was asked for. */
static gboolean is_asked_for(const RunRecord *record, CheckedKind kind, guint line) {
  const RunRequest *request = record->request;
  switch (kind) {
  case CHECKED_REMARK:
    return has_fixture(record) && line >= 1 && line <= record->lines;
  case CHECKED_PROSE:
    return has_fixture(record) && snippet_prose_line(request->snippet, line) != 0;
  case CHECKED_AFTER:
    return has_fixture(record) && line <= record->lines;
  case CHECKED_FINAL:
    return request != NULL && request->after != NULL && line >= 1 &&
           line <= g_strv_length((gchar **)request->after);
  }
  return FALSE;
}

Checked *journal_read_checked(const RunRecord *record, const JournalChecked *entry) {
  CheckedKind kind;
  CheckedEnd end;
  g_autofree gchar *rule = journal_read_text(&entry->entry, sizeof *entry, 0);
  g_autofree gchar *said = journal_read_text(&entry->entry, sizeof *entry, 1);
  if (rule == NULL || said == NULL || !checked_kind(entry->kind, &kind) ||
      !checked_end(entry->end, &end) || !is_asked_for(record, kind, entry->line) ||
      entry->first > entry->last || entry->last > record->lines)
    return NULL;
  Checked *checked = g_new0(Checked, 1);
  checked->kind = kind;
  checked->end = end;
  checked->line = entry->line;
  checked->first_line = entry->first;
  checked->last_line = entry->last;
  checked->rule = g_steal_pointer(&rule);
  checked->said = g_steal_pointer(&said);
  checked->actual = journal_read_some_text(&entry->entry, sizeof *entry, 2);
  checked->note = journal_read_some_text(&entry->entry, sizeof *entry, 3);
  return checked;
}
