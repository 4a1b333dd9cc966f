/*
 * Results of several machines in one file.
 *
 * Rows are taken as they are: each carries a sum, and is looked at when it is asked for.
 */
#include <sqlite3.h>

#include "store/results.h"
#include "store/results_file.h"

static const gchar join[] =
    "BEGIN IMMEDIATE;"
    "INSERT OR IGNORE INTO main.result SELECT * FROM other.result;"
    "INSERT OR IGNORE INTO main.text SELECT * FROM other.text;"
    "INSERT INTO main.history SELECT * FROM other.history EXCEPT SELECT * FROM main.history;"
    "COMMIT;";

static gboolean attach(sqlite3 *file, const gchar *path) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(file, "ATTACH ? AS other", -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_bind_text(statement, 1, path, -1, SQLITE_TRANSIENT);
  if (code == SQLITE_OK)
    code = sqlite3_step(statement);
  sqlite3_finalize(statement);
  return code == SQLITE_DONE;
}

/* A version of ours, so that its tables are the same. */
static gint64 version_of(sqlite3 *file, const gchar *sql) {
  gint64 number = -1;
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(file, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

static gboolean take_all(sqlite3 *file, const gchar *path) {
  if (!attach(file, path) ||
      version_of(file, "PRAGMA other.application_id") !=
          version_of(file, "PRAGMA main.application_id") ||
      version_of(file, "PRAGMA other.user_version") != version_of(file, "PRAGMA main.user_version"))
    return FALSE;
  if (results_file_do(file, join) == SQLITE_OK)
    return TRUE;
  results_file_do(file, "ROLLBACK");
  return FALSE;
}

gboolean results_join(const gchar *path, const gchar *other, GError **error) {
  /* ATTACH would make it. */
  if (!g_file_test(other, G_FILE_TEST_IS_REGULAR)) {
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OPEN, "there are no results in '%s'", other);
    return FALSE;
  }
  sqlite3 *file = results_file_open(path, NULL, error);
  if (file == NULL)
    return FALSE;
  gboolean is_taken = take_all(file, other);
  results_file_close(file);
  if (!is_taken)
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OPEN,
                "the results in '%s' cannot be joined: it is no file of results, or damaged",
                other);
  return is_taken;
}
