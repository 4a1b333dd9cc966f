#include <string.h>

#include "store/results_store.h"

void results_note(Results *results, const HistoryEntry *entry) {
  results_writer_note(results->writer, entry);
}

static const gchar *text_at(sqlite3_stmt *row, int column) {
  return (const gchar *)sqlite3_column_text(row, column);
}

/* What cannot have been written so is left out. */
static gboolean read_entry(sqlite3_stmt *row, HistoryEntry *entry) {
  *entry = (HistoryEntry){.at_us = sqlite3_column_int64(row, 0),
                          .id = text_at(row, 1),
                          .path = text_at(row, 2),
                          .content = text_at(row, 3),
                          .commit = text_at(row, 4),
                          .is_dirty = sqlite3_column_int(row, 5) != 0,
                          .python = text_at(row, 6),
                          .class = (VerdictClass)sqlite3_column_int(row, 7),
                          .said = text_at(row, 8),
                          .wall_ns = (guint64)sqlite3_column_int64(row, 9),
                          .cpu_ns = (guint64)sqlite3_column_int64(row, 10)};
  return entry->id != NULL && entry->path != NULL && entry->content != NULL &&
         entry->python != NULL && entry->class < VERDICT_CLASSES;
}

/* "?, ?, ?" for so many, from the third on. */
static gchar *places(guint count) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf(text, "%s?%u", i > 0 ? ", " : "", i + 3);
  return g_string_free(text, FALSE);
}

#define CONTENTS_MOST 30000u /* what SQLite takes in one statement */

void results_history(Results *results, const gchar *path, const gchar *id,
                     const gchar *const *contents,
                     void (*each)(const HistoryEntry *entry, gpointer data), gpointer data) {
  results_flush(results);
  if (results->file == NULL)
    return;
  guint count = contents != NULL ? MIN(g_strv_length((gchar **)contents), CONTENTS_MOST) : 0;
  g_autofree gchar *list = places(count);
  g_autofree gchar *sql = g_strdup_printf(
      "SELECT * FROM history WHERE rowid IN (SELECT rowid FROM history WHERE"
      " id = ?1 AND path = ?2 UNION SELECT rowid FROM history WHERE content IN (%s))"
      " ORDER BY at, rowid",
      list);
  sqlite3_stmt *ask = results_file_prepare(results->file, sql);
  if (ask == NULL)
    return;
  sqlite3_bind_text(ask, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_text(ask, 2, path, -1, SQLITE_STATIC);
  for (guint i = 0; i < count; i++)
    sqlite3_bind_text(ask, (int)i + 3, contents[i], -1, SQLITE_STATIC);
  int code;
  HistoryEntry entry;
  while ((code = sqlite3_step(ask)) == SQLITE_ROW)
    if (read_entry(ask, &entry))
      each(&entry, data);
  sqlite3_finalize(ask);
  if (code != SQLITE_DONE)
    results_note_code(results, code);
}

void results_wait(Results *results) {
  results_flush(results);
}

void results_past(Results *results, const gchar *id, const gchar *content, guint most,
                  void (*each)(const HistoryEntry *entry, gpointer data), gpointer data) {
  if (results->file == NULL)
    return;
  if (results->past == NULL)
    results->past = results_file_prepare(
        results->file, "SELECT * FROM (SELECT * FROM history WHERE id = ? AND content = ?"
                       " ORDER BY at DESC, rowid DESC LIMIT ?) ORDER BY at");
  if (results->past == NULL)
    return;
  sqlite3_bind_text(results->past, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_text(results->past, 2, content, -1, SQLITE_STATIC);
  sqlite3_bind_int64(results->past, 3, most);
  int code;
  HistoryEntry entry;
  while ((code = sqlite3_step(results->past)) == SQLITE_ROW)
    if (read_entry(results->past, &entry))
      each(&entry, data);
  sqlite3_reset(results->past);
  if (code != SQLITE_DONE)
    results_note_code(results, code);
}

gboolean results_times(Results *results, const gchar *content_id, guint64 *cpu_ns,
                       guint64 *wall_ns) {
  if (results->file == NULL)
    return FALSE;
  if (results->times == NULL)
    results->times = results_file_prepare(
        results->file, "SELECT cpu, wall FROM history WHERE content = ? ORDER BY at DESC LIMIT 1");
  if (results->times == NULL)
    return FALSE;
  sqlite3_bind_text(results->times, 1, content_id, -1, SQLITE_STATIC);
  gboolean is_known = sqlite3_step(results->times) == SQLITE_ROW;
  if (is_known) {
    *cpu_ns = (guint64)sqlite3_column_int64(results->times, 0);
    *wall_ns = (guint64)sqlite3_column_int64(results->times, 1);
  }
  sqlite3_reset(results->times);
  return is_known;
}
