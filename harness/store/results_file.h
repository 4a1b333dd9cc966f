/*
 * results_file.h: connections to the file of results.
 *
 * Private to store/.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/* Opens the file, or makes it with its folders, and sees to it that it has our tables. One that is
 * damaged is set aside and made anew, one of another version made anew; *remark, which may be
 * NULL, then says so. A file that is somebody else's stays as it is: NULL with
 * RESULTS_ERROR_TAKEN. */
sqlite3 *results_file_open(const gchar *path, gchar **remark, GError **error);

/* A further connection to a file that is fine, for another thread; NULL where there is none, and
 * *code, which may be NULL, is then what SQLite said. */
sqlite3 *results_file_join(const gchar *path, int *code);

/* Whether it has a write-ahead log. Not every file system can carry one: without, who reads is in
 * the way of who writes. */
gboolean results_file_has_log(sqlite3 *file);

/* Renames the file to "PATH.damaged", unless it is not the file of this connection any more, and
 * lets go of it: the connection is only to be closed then. */
void results_file_set_aside(sqlite3 *file, const gchar *path);

/* Closes a connection; NULL is fine. */
void results_file_close(sqlite3 *file);

/* Whether a result code means that the file itself is bad. */
gboolean results_code_is_damage(int code);

/* Runs SQL without results. Returns SQLite's code. */
int results_file_do(sqlite3 *file, const gchar *sql);

/* A statement that is kept for the life of the connection; NULL where it cannot be made. */
sqlite3_stmt *results_file_prepare(sqlite3 *file, const gchar *sql);
