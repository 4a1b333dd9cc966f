#include "store/results.h"

#include <string.h>

#include "store/results_store.h"
#include "store/transcript_pack.h"

gchar *results_default_path(void) {
  return g_build_filename(g_get_user_cache_dir(), "proctor", "results.sqlite", NULL);
}

/* --- opening and closing ----------------------------------------------- */

Results *results_open(const gchar *path, gchar **remark, GError **error) {
  g_autofree gchar *absolute = g_canonicalize_filename(path, NULL);
  sqlite3 *file = results_file_open(absolute, remark, error);
  if (file == NULL)
    return NULL;
  Results *results = g_new0(Results, 1);
  results->path = g_steal_pointer(&absolute);
  results->file = file;
  results->has_log = results_file_has_log(file);
  results->writer = results_writer_new(results->path);
  results->touched = g_array_new(FALSE, FALSE, sizeof(gint64));
  results->today = results_today();
  return results;
}

static void set_damaged(Results *results) {
  if (results->remark == NULL)
    results->remark =
        g_strdup_printf("the kept results in '%s' are damaged: they begin anew", results->path);
}

void results_note_code(Results *results, int code) {
  if (results->file == NULL || !results_code_is_damage(code))
    return;
  results_file_set_aside(results->file, results->path);
  results_file_close(results->file);
  results->file = NULL;
  results->find = NULL;
  results->times = NULL;
  results->past = NULL;
  results->is_reading = FALSE;
  set_damaged(results);
}

static gboolean was_pruned(Results *results) {
  sqlite3_stmt *ask =
      results->file != NULL
          ? results_file_prepare(results->file, "SELECT made FROM text WHERE name = 'pruned'")
          : NULL;
  gboolean was = ask == NULL || (sqlite3_step(ask) == SQLITE_ROW &&
                                 sqlite3_column_int64(ask, 0) == results->today);
  sqlite3_finalize(ask);
  return was;
}

gchar *results_close(Results *results) {
  if (results == NULL)
    return NULL;
  g_autofree gchar *failure = NULL;
  gboolean is_damaged = FALSE;
  results_rest(results);
  if (results->touched->len > 0)
    results_writer_touch(results->writer, g_array_ref(results->touched), results->today);
  if (!was_pruned(results))
    results_writer_prune(results->writer, results->today);
  results_writer_free(results->writer, &failure, &is_damaged);
  if (is_damaged)
    set_damaged(results);
  else if (failure != NULL && results->remark == NULL)
    results->remark =
        g_strdup_printf("no more results are kept in '%s': %s", results->path, failure);
  gchar *remark = g_steal_pointer(&results->remark);
  results_file_close(results->file);
  g_array_unref(results->touched);
  g_free(results->path);
  g_free(results);
  return remark;
}

void results_rest(Results *results) {
  if (results->file != NULL && results->is_reading)
    results_file_do(results->file, "COMMIT");
  results->is_reading = FALSE;
}

void results_flush(Results *results) {
  results_rest(results);
  results_writer_flush(results->writer);
}

/* --- results ----------------------------------------------------------- */

gint64 results_id(const ResultKey *key, guint number) {
  guint64 id;
  memcpy(&id, key->whole, sizeof id);
  return (gint64)(id + number * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15));
}

gint64 results_content(const gchar *content_id) {
  guint64 content = 0;
  for (guint i = 0; i < 16 && g_ascii_isxdigit(content_id[i]); i++)
    content = content << 4 | (guint64)g_ascii_xdigit_value(content_id[i]);
  return (gint64)content;
}

static gboolean prepare_find(Results *results) {
  if (results->file == NULL)
    return FALSE;
  if (results->find == NULL)
    results->find = results_row_prepare(results->file);
  if (results->find == NULL)
    results_note_code(results, sqlite3_errcode(results->file));
  /* In one transaction a search is twice as fast. */
  results->was_reading = results->is_reading;
  if (results->find != NULL && !results->is_reading && results->has_log)
    results->is_reading = results_file_do(results->file, "BEGIN") == SQLITE_OK;
  return results->find != NULL;
}

static Transcript *find_waiting(Results *results, const ResultKey *key, guint number) {
  gint64 made_us = 0;
  g_autoptr(GBytes) body = results_writer_find(results->writer, key, number, &made_us);
  if (body == NULL)
    return NULL;
  gsize size;
  gconstpointer bytes = g_bytes_get_data(body, &size);
  Transcript *transcript = transcript_unpack(bytes, size);
  if (transcript != NULL)
    transcript->kept_us = MAX(made_us, 1);
  return transcript;
}

Transcript *results_find(Results *results, const ResultKey *key, guint number) {
  Transcript *transcript = find_waiting(results, key, number);
  /* An older view of the file may lack what was written since; then a newer one is looked at. And
   * what is not there will be run, which takes long: no view is held open for that. */
  for (gboolean is_fresh = FALSE; transcript == NULL && !is_fresh && prepare_find(results);) {
    is_fresh = !results->was_reading;
    int code = results_row_find(results->find, key, number, results->touched, &transcript);
    results_note_code(results, code);
    if (transcript == NULL)
      results_rest(results);
  }
  return transcript;
}

Transcript *results_copy(const Transcript *transcript) {
  g_autoptr(GBytes) body = transcript_pack(transcript);
  if (body == NULL)
    return NULL;
  gsize size;
  gconstpointer bytes = g_bytes_get_data(body, &size);
  Transcript *copy = transcript_unpack(bytes, size);
  if (copy != NULL)
    copy->kept_us = transcript->kept_us;
  return copy;
}

void results_keep(Results *results, const ResultKey *key, guint number, const gchar *content_id,
                  const Transcript *transcript) {
  GBytes *body = transcript_pack(transcript);
  if (body != NULL)
    results_writer_keep(results->writer, key, number, results_content(content_id),
                        g_get_real_time(), body);
}

/* --- why there is none ------------------------------------------------- */

/* How many parts are different; *differs says which. */
static guint count_different(const ResultKey *key, const guint8 *parts, gboolean *differs) {
  guint count = 0;
  for (guint part = 0; part < RESULT_PARTS; part++) {
    differs[part] =
        memcmp(key->parts[part], parts + (gsize)part * RESULT_DIGEST, RESULT_DIGEST) != 0;
    count += differs[part];
  }
  return count;
}

static gchar *difference_text(const gboolean *differs, guint count, gint64 made_us) {
  g_autoptr(GDateTime) made = g_date_time_new_from_unix_local(made_us / G_USEC_PER_SEC);
  g_autofree gchar *day = made != NULL ? g_date_time_format(made, "%Y-%m-%d") : g_strdup("then");
  if (count == 0)
    return g_strdup_printf("proctor has changed since %s", day);
  GString *text = g_string_new(NULL);
  guint told = 0;
  for (guint part = 0; part < RESULT_PARTS; part++) {
    if (!differs[part])
      continue;
    const gchar *separator = told == 0 ? "" : told + 1 == count ? " and " : ", ";
    g_string_append_printf(text, "%s%s", separator, result_part_name(part));
    told++;
  }
  gboolean is_one = count == 1 && !differs[RESULT_EARLIER] && !differs[RESULT_LIMITS];
  g_string_append_printf(text, " %s changed since %s", is_one ? "has" : "have", day);
  return g_string_free(text, FALSE);
}

gchar *results_compare(Results *results, const ResultKey *key, const gchar *content_id) {
  gchar *text = NULL;
  results_flush(results);
  sqlite3_stmt *ask =
      results->file != NULL
          ? results_file_prepare(results->file, "SELECT parts, made FROM result"
                                                " WHERE content = ? ORDER BY made DESC LIMIT 50")
          : NULL;
  if (ask != NULL)
    sqlite3_bind_int64(ask, 1, results_content(content_id));
  guint least = G_MAXUINT;
  /* The same block may have been run alone and after others. */
  while (ask != NULL && sqlite3_step(ask) == SQLITE_ROW) {
    gboolean differs[RESULT_PARTS];
    if (sqlite3_column_bytes(ask, 0) != sizeof key->parts)
      continue;
    guint count = count_different(key, sqlite3_column_blob(ask, 0), differs);
    if (count >= least)
      continue;
    least = count;
    g_free(text);
    text = difference_text(differs, count, sqlite3_column_int64(ask, 1));
  }
  sqlite3_finalize(ask);
  return text != NULL ? text : g_strdup(RESULTS_NEVER_RUN);
}

/* --- texts ------------------------------------------------------------- */

/* Not older than that real time. */
static gchar *find_text(Results *results, const gchar *name, gint64 since_us) {
  sqlite3_stmt *ask =
      results_file_prepare(results->file, "SELECT value FROM text WHERE name = ? AND made >= ?");
  if (ask == NULL)
    return NULL;
  sqlite3_bind_text(ask, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_int64(ask, 2, since_us);
  int code = sqlite3_step(ask);
  gchar *text = code == SQLITE_ROW ? g_strdup((const gchar *)sqlite3_column_text(ask, 0)) : NULL;
  sqlite3_finalize(ask);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    results_note_code(results, code);
  return text;
}

static void write_text(Results *results, const gchar *name, const gchar *text) {
  sqlite3_stmt *put =
      results_file_prepare(results->file, "INSERT OR REPLACE INTO text VALUES (?, ?, ?)");
  if (put == NULL)
    return;
  sqlite3_bind_text(put, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_int64(put, 2, g_get_real_time());
  sqlite3_bind_text(put, 3, text, -1, SQLITE_STATIC);
  sqlite3_step(put);
  sqlite3_finalize(put);
}

gchar *results_text(Results *results, const gchar *name) {
  results_rest(results);
  return results->file != NULL ? find_text(results, name, 0) : NULL;
}

void results_keep_text(Results *results, const gchar *name, const gchar *text) {
  results_rest(results);
  if (results->file != NULL)
    write_text(results, name, text);
}

gchar *results_agree_text(Results *results, const gchar *name, const gchar *text, guint seconds) {
  results_rest(results);
  if (results->file == NULL || results_file_do(results->file, "BEGIN IMMEDIATE") != SQLITE_OK)
    return g_strdup(text);
  gchar *agreed = find_text(results, name, g_get_real_time() - (gint64)seconds * G_USEC_PER_SEC);
  if (results->file == NULL) /* it is damaged */
    return agreed != NULL ? agreed : g_strdup(text);
  if (agreed == NULL) {
    agreed = g_strdup(text);
    write_text(results, name, text);
  }
  if (results_file_do(results->file, "COMMIT") != SQLITE_OK)
    results_file_do(results->file, "ROLLBACK");
  return agreed;
}
