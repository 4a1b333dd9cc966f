/*
 * results_store.h: what the parts of Results share.
 *
 * Private to store/. Reading is done on the caller's thread, with one connection; all writing but
 * that of texts by a thread with another, in batches.
 */
#pragma once

#include "store/results.h"
#include "store/results_file.h"
#include "store/results_writer.h"

struct Results {
  gchar *path;
  sqlite3 *file;
  sqlite3_stmt *find;
  sqlite3_stmt *times;
  sqlite3_stmt *past;
  gboolean has_log;     /* else whoever reads is in the way of who writes: never for long, then */
  gboolean is_reading;  /* in a transaction, so that each search need not begin one */
  gboolean was_reading; /* so when the present search began: it may see what is old */
  ResultsWriter *writer;
  GArray *touched; /* gint64: results that were asked for and that were not for days */
  gint64 today;    /* days since 1970 */
  gchar *remark;   /* what went wrong since, for people; or NULL */
};

/* The statement that finds one result, and what it finds: *transcript stays NULL where there is
 * none. Adds to touched (gint64) the id of one that nobody has asked for for days. Returns
 * SQLite's code. */
sqlite3_stmt *results_row_prepare(sqlite3 *file);
int results_row_find(sqlite3_stmt *find, const ResultKey *key, guint number, GArray *touched,
                     Transcript **transcript);

/* Days since 1970. */
gint64 results_today(void);

/* Looks at what SQLite said: where the file is damaged it is set aside, and not used again. */
void results_note_code(Results *results, int code);

/* Waits until all is written that was to be. */
void results_flush(Results *results);

/* The id under which a result is kept, and of a content id ("" for none) for its index. */
gint64 results_id(const ResultKey *key, guint number);
gint64 results_content(const gchar *content_id);
