/* One result, as it stands in the file; and a view of the file for another thread. */
#include <string.h>

#include "store/results_store.h"
#include "store/transcript_pack.h"

#define TOUCH_DAYS 7 /* a result that was asked for since is not written again for that */
#define TOUCH_MOST 100000u

gint64 results_today(void) {
  return g_get_real_time() / G_TIME_SPAN_DAY;
}

sqlite3_stmt *results_row_prepare(sqlite3 *file) {
  return results_file_prepare(file, "SELECT key, made, used, sum, body FROM result WHERE id = ?");
}

/* NULL for a row that is not what was written. */
static Transcript *read_row(sqlite3_stmt *row, const ResultKey *key, guint number) {
  gint64 made_us = sqlite3_column_int64(row, 1);
  gconstpointer body = sqlite3_column_blob(row, 4);
  gsize size = (gsize)sqlite3_column_bytes(row, 4);
  if (sqlite3_column_bytes(row, 0) != sizeof key->whole ||
      memcmp(sqlite3_column_blob(row, 0), key->whole, sizeof key->whole) != 0 || body == NULL ||
      sqlite3_column_int64(row, 3) != results_sum(key, number, made_us, body, size))
    return NULL;
  Transcript *transcript = transcript_unpack(body, size);
  if (transcript != NULL)
    transcript->kept_us = MAX(made_us, 1);
  return transcript;
}

int results_row_find(sqlite3_stmt *find, const ResultKey *key, guint number, GArray *touched,
                     Transcript **transcript) {
  gint64 id = results_id(key, number);
  sqlite3_bind_int64(find, 1, id);
  int code = sqlite3_step(find);
  if (code == SQLITE_ROW)
    *transcript = read_row(find, key, number);
  if (*transcript != NULL && sqlite3_column_int64(find, 2) + TOUCH_DAYS <= results_today() &&
      touched->len < TOUCH_MOST)
    g_array_append_val(touched, id);
  sqlite3_reset(find);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* --- a view ------------------------------------------------------------ */

struct ResultsView {
  sqlite3 *file;
  sqlite3_stmt *find;
  GArray *touched;
  int code;
};

ResultsView *results_view_new(Results *results) {
  sqlite3 *file =
      results->file != NULL && results->has_log ? results_file_join(results->path, NULL) : NULL;
  sqlite3_stmt *find = file != NULL ? results_row_prepare(file) : NULL;
  if (find == NULL || results_file_do(file, "BEGIN") != SQLITE_OK) {
    results_file_close(file);
    return NULL;
  }
  ResultsView *view = g_new0(ResultsView, 1);
  *view = (ResultsView){file, find, g_array_new(FALSE, FALSE, sizeof(gint64)), SQLITE_OK};
  return view;
}

Transcript *results_view_find(ResultsView *view, const ResultKey *key, guint number) {
  Transcript *transcript = NULL;
  if (view->code == SQLITE_OK)
    view->code = results_row_find(view->find, key, number, view->touched, &transcript);
  return transcript;
}

void results_view_rest(ResultsView *view) {
  results_file_do(view->file, "COMMIT");
}

void results_view_free(ResultsView *view, Results *results) {
  if (view == NULL)
    return;
  g_array_append_vals(results->touched, view->touched->data, view->touched->len);
  results_note_code(results, view->code);
  g_array_unref(view->touched);
  results_file_close(view->file);
  g_free(view);
}
