#include "store/results_file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "store/results.h"

#define APPLICATION 0x50524354 /* "PRCT" */
#define VERSION 2
#define BUSY_MS 2000
#define MAPPED_BYTES "268435456"

G_DEFINE_QUARK(proctor - results - error - quark, results_error)

static const gchar tables[] =
    /* Under a number that is made of the key, so that one search finds it. */
    "CREATE TABLE result (id INTEGER PRIMARY KEY, key BLOB NOT NULL, parts BLOB NOT NULL,"
    " content INTEGER NOT NULL, made INTEGER NOT NULL, used INTEGER NOT NULL,"
    " sum INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE INDEX result_content ON result (content);"
    "CREATE TABLE text (name TEXT PRIMARY KEY, made INTEGER NOT NULL, value TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE history (at INTEGER NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,"
    " content TEXT NOT NULL, revision TEXT, is_dirty INTEGER NOT NULL, python TEXT NOT NULL,"
    " class INTEGER NOT NULL, said TEXT, wall INTEGER NOT NULL, cpu INTEGER NOT NULL);"
    "CREATE INDEX history_id ON history (id, content, at);"
    "CREATE INDEX history_content ON history (content, at);"
    "PRAGMA user_version = " G_STRINGIFY(VERSION) ";"
                                                  "PRAGMA application_id = " G_STRINGIFY(
                                                      APPLICATION) ";";

static const gchar no_tables[] = "DROP TABLE IF EXISTS result; DROP TABLE IF EXISTS text;"
                                 "DROP TABLE IF EXISTS history;";

gboolean results_code_is_damage(int code) {
  int kind = code & 0xff;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_FORMAT;
}

int results_file_do(sqlite3 *file, const gchar *sql) {
  return sqlite3_exec(file, sql, NULL, NULL, NULL);
}

sqlite3_stmt *results_file_prepare(sqlite3 *file, const gchar *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v3(file, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    return NULL;
  return statement;
}

/* Sets *number to what a pragma or a query says. Returns SQLite's code. */
static int ask_number(sqlite3 *file, const gchar *sql, gint64 *number) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(file, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    *number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* --- the connection ---------------------------------------------------- */

static int connect_to(const gchar *path, sqlite3 **file) {
  int code = sqlite3_open_v2(path, file,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_EXRESCODE,
                             NULL);
  if (code != SQLITE_OK)
    return code;
  sqlite3_busy_timeout(*file, BUSY_MS);
  sqlite3_db_config(*file, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(*file, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return results_file_do(*file, "PRAGMA synchronous = NORMAL; PRAGMA mmap_size = " MAPPED_BYTES);
}

void results_file_close(sqlite3 *file) {
  if (file == NULL)
    return;
  for (sqlite3_stmt *left; (left = sqlite3_next_stmt(file, NULL)) != NULL;)
    sqlite3_finalize(left);
  sqlite3_close(file);
}

sqlite3 *results_file_join(const gchar *path, int *code) {
  sqlite3 *file = NULL;
  gint64 application = 0;
  int said = connect_to(path, &file);
  if (said == SQLITE_OK)
    said = ask_number(file, "PRAGMA application_id", &application);
  if (said == SQLITE_OK && application == APPLICATION)
    return file;
  results_file_close(file);
  if (code != NULL)
    *code = said != SQLITE_OK ? said : SQLITE_CANTOPEN;
  return NULL;
}

gboolean results_file_has_log(sqlite3 *file) {
  sqlite3_stmt *ask = results_file_prepare(file, "PRAGMA journal_mode");
  gboolean has_log = ask != NULL && sqlite3_step(ask) == SQLITE_ROW &&
                     g_strcmp0((const gchar *)sqlite3_column_text(ask, 0), "wal") == 0;
  sqlite3_finalize(ask);
  return has_log;
}

/* Whether the file at path is the one that is open. */
static gboolean is_at(sqlite3 *file, const gchar *path) {
  int has_moved = 0;
  return g_file_test(path, G_FILE_TEST_EXISTS) &&
         sqlite3_file_control(file, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) == SQLITE_OK &&
         !has_moved;
}

static void remove_beside(const gchar *path, const gchar *suffix) {
  g_autofree gchar *name = g_strconcat(path, suffix, NULL);
  g_unlink(name);
}

/* The log goes, too: it belongs to the pages of this file alone. */
static gboolean rename_damaged(const gchar *path) {
  g_autofree gchar *aside = g_strconcat(path, ".damaged", NULL);
  if (g_rename(path, aside) < 0)
    return FALSE;
  remove_beside(path, "-wal");
  remove_beside(path, "-shm");
  return TRUE;
}

void results_file_set_aside(sqlite3 *file, const gchar *path) {
  /* Closing it must not touch what another process has put in its place. */
  int keeps = 1;
  sqlite3_file_control(file, "main", SQLITE_FCNTL_PERSIST_WAL, &keeps);
  sqlite3_db_config(file, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (is_at(file, path))
    rename_damaged(path);
}

/* --- its tables -------------------------------------------------------- */

/* CONTENTS_UNMARKED: it has our tables, but not our mark. */
typedef enum {
  CONTENTS_OURS,
  CONTENTS_NONE,
  CONTENTS_OLD,
  CONTENTS_UNMARKED,
  CONTENTS_FOREIGN
} Contents;

/* What is asked later can be asked of the tables. Returns SQLite's code. */
static int test_tables(sqlite3 *file) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(
      file,
      "SELECT r.id, r.key, r.parts, r.content, r.made, r.used, r.sum, r.body, t.name, t.made,"
      " t.value, h.at, h.id, h.path, h.content, h.revision, h.is_dirty, h.python, h.class, h.said,"
      " h.wall, h.cpu FROM result AS r, text AS t, history AS h",
      -1, &statement, NULL);
  sqlite3_finalize(statement);
  return (code & 0xff) == SQLITE_ERROR ? SQLITE_CORRUPT : code;
}

/* In a transaction, so that what it sees is of one moment. */
static int look(sqlite3 *file, Contents *kind) {
  gint64 application = 0, version = 0, things = 0, ours = 0;
  int code = ask_number(file, "PRAGMA application_id", &application);
  if (code == SQLITE_OK)
    code = ask_number(file, "PRAGMA user_version", &version);
  if (code == SQLITE_OK)
    code = ask_number(file, "SELECT count(*) FROM sqlite_master", &things);
  if (code == SQLITE_OK)
    code = ask_number(file,
                      "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
                      " AND name IN ('result', 'text', 'history')",
                      &ours);
  if (application == APPLICATION)
    *kind = version == VERSION && things > 0 ? CONTENTS_OURS : CONTENTS_OLD;
  else if (application == 0 && things == 0)
    *kind = CONTENTS_NONE;
  else
    *kind = ours == 3 ? CONTENTS_UNMARKED : CONTENTS_FOREIGN;
  return code == SQLITE_OK && *kind == CONTENTS_OURS ? test_tables(file) : code;
}

/* Another process may be doing the same. */
static int make_tables(sqlite3 *file, gboolean *was_old) {
  Contents kind = CONTENTS_FOREIGN;
  int code = results_file_do(file, "BEGIN IMMEDIATE");
  if (code != SQLITE_OK)
    return code;
  code = look(file, &kind);
  *was_old = kind == CONTENTS_OLD;
  if (code == SQLITE_OK && kind == CONTENTS_OLD)
    code = results_file_do(file, no_tables);
  if (code == SQLITE_OK && (kind == CONTENTS_OLD || kind == CONTENTS_NONE))
    code = results_file_do(file, tables);
  if (code == SQLITE_OK)
    code = results_file_do(file, "COMMIT");
  if (code != SQLITE_OK)
    results_file_do(file, "ROLLBACK");
  return code;
}

/* SQLite does not wait by itself where two processes want to begin the log. That a file system
 * cannot carry one is no failure here: results_file_has_log(). */
static int begin_log(sqlite3 *file) {
  gint64 end_us = g_get_monotonic_time() + BUSY_MS * G_TIME_SPAN_MILLISECOND;
  int code;
  while (((code = results_file_do(file, "PRAGMA journal_mode = WAL")) & 0xff) == SQLITE_BUSY &&
         g_get_monotonic_time() < end_us)
    g_usleep(1000);
  return code;
}

/* Returns SQLite's code; *kind is what was there. */
static int prepare(sqlite3 *file, Contents *kind, gboolean *was_old) {
  int code = results_file_do(file, "BEGIN");
  if (code == SQLITE_OK)
    code = look(file, kind);
  results_file_do(file, "COMMIT");
  if (code != SQLITE_OK || *kind == CONTENTS_UNMARKED || *kind == CONTENTS_FOREIGN)
    return code;
  code = begin_log(file);
  if (code == SQLITE_OK && *kind != CONTENTS_OURS)
    code = make_tables(file, was_old);
  return code;
}

/* --- opening ----------------------------------------------------------- */

static gboolean has_folder(const gchar *path, GError **error) {
  g_autofree gchar *folder = g_path_get_dirname(path);
  if (g_mkdir_with_parents(folder, 0700) == 0)
    return TRUE;
  g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OPEN, "cannot make the folder '%s': %s", folder,
              g_strerror(errno));
  return FALSE;
}

static gboolean is_usual(const gchar *path) {
  g_autofree gchar *usual = results_default_path();
  g_autofree gchar *absolute = g_canonicalize_filename(usual, NULL);
  return g_str_equal(path, absolute);
}

/* Whether it may be taken for our own file, damaged; or a document that somebody named. */
static gboolean is_damaged(const gchar *path, int code, Contents kind) {
  int sort = code & 0xff;
  if (code == SQLITE_OK)
    return kind == CONTENTS_UNMARKED && is_usual(path);
  if (sort == SQLITE_NOTADB)
    return is_usual(path) || g_str_has_suffix(path, ".sqlite");
  /* SQLite does not understand how it is made. */
  return results_code_is_damage(code) || (sort == SQLITE_ERROR && is_usual(path));
}

static sqlite3 *fail(sqlite3 *file, const gchar *path, ResultsError kind, const gchar *reason,
                     GError **error) {
  g_set_error(error, RESULTS_ERROR, kind, "no results are kept in '%s': %s", path, reason);
  results_file_close(file);
  return NULL;
}

static void tell(gchar **remark, const gchar *path, const gchar *what) {
  if (remark != NULL && *remark == NULL)
    *remark = g_strdup_printf("the kept results in '%s' %s", path, what);
}

static sqlite3 *open_once(const gchar *path, gboolean may_replace, gchar **remark,
                          gboolean *is_replaced, GError **error) {
  sqlite3 *file = NULL;
  Contents kind = CONTENTS_FOREIGN;
  gboolean was_old = FALSE;
  int code = connect_to(path, &file);
  if (code == SQLITE_OK)
    code = prepare(file, &kind, &was_old);
  if (code == SQLITE_OK && kind != CONTENTS_FOREIGN && kind != CONTENTS_UNMARKED) {
    if (was_old)
      tell(remark, path, "are of another version of proctor: they begin anew");
    return file;
  }
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return fail(file, path, RESULTS_ERROR_TAKEN, "it is a folder", error);
  if (!may_replace || !is_damaged(path, code, kind)) {
    if (code == SQLITE_OK)
      return fail(file, path, RESULTS_ERROR_TAKEN, "it is another program's database", error);
    if (results_code_is_damage(code))
      return fail(file, path, RESULTS_ERROR_TAKEN, "it is no file of results", error);
    return fail(file, path, RESULTS_ERROR_OPEN, sqlite3_errstr(code), error);
  }
  results_file_set_aside(file, path);
  results_file_close(file);
  *is_replaced = TRUE;
  return NULL;
}

sqlite3 *results_file_open(const gchar *path, gchar **remark, GError **error) {
  gboolean is_replaced = FALSE;
  if (!has_folder(path, error))
    return NULL;
  sqlite3 *file = open_once(path, TRUE, remark, &is_replaced, error);
  if (file != NULL || !is_replaced)
    return file;
  tell(remark, path, "are damaged: they begin anew");
  return open_once(path, FALSE, remark, &is_replaced, error);
}
