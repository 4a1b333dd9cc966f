#include "store/results_writer.h"

#include <string.h>

#include "store/results_store.h"

#define GATHER_US (100 * G_TIME_SPAN_MILLISECOND)
#define GATHER_MOST 1000 /* of a batch */
#define KEEP_DAYS 90     /* a result that nobody asks for */
#define KEEP_BYTES (G_GINT64_CONSTANT(1) << 30)
#define KEEP_ENTRIES 1000000 /* of the history */
#define KEEP_ALIKE 100       /* of these, of one snippet id and content */
#define LATE_MOST 20000      /* that wait while another program holds the file */

typedef enum { OP_KEEP, OP_NOTE, OP_TOUCH, OP_PRUNE, OP_FLUSH, OP_END } OpKind;

typedef struct {
  OpKind kind;
  ResultKey key; /* for OP_KEEP */
  guint number;
  gint64 content;
  gint64 made_us;
  GBytes *body;
  HistoryEntry entry; /* for OP_NOTE; its strings are owned */
  GArray *ids;        /* for OP_TOUCH */
  gint64 today;       /* likewise, and for OP_PRUNE */
} Op;

struct ResultsWriter {
  gchar *path;
  GThread *thread;
  GAsyncQueue *ops; /* Op * */
  GMutex lock;
  GCond flushed;
  GHashTable *waiting;  /* gint64: Op *, results that are not written yet; under lock */
  guint flushes_wanted; /* under lock */
  guint flushes_done;

  /* the thread's own */
  sqlite3 *file;
  sqlite3_stmt *keep;
  sqlite3_stmt *note;
  sqlite3_stmt *thin; /* takes away the oldest entries where there are too many alike */
  sqlite3_stmt *touch;
  gboolean is_damaged;
  gchar *failure; /* nothing more is written, and why; read by others when it has ended */
};

static void op_free(Op *op) {
  g_clear_pointer(&op->body, g_bytes_unref);
  g_clear_pointer(&op->ids, g_array_unref);
  g_free((gchar *)op->entry.id);
  g_free((gchar *)op->entry.path);
  g_free((gchar *)op->entry.content);
  g_free((gchar *)op->entry.commit);
  g_free((gchar *)op->entry.python);
  g_free((gchar *)op->entry.said);
  g_free(op);
}

/* FNV-1a: against bits that have changed, not against people. */
static guint64 sum_bytes(guint64 sum, gconstpointer bytes, gsize size) {
  const guint8 *at = bytes;
  for (gsize i = 0; i < size; i++)
    sum = (sum ^ at[i]) * G_GUINT64_CONSTANT(0x100000001b3);
  return sum;
}

gint64 results_sum(const ResultKey *key, guint number, gint64 made_us, gconstpointer body,
                   gsize size) {
  guint64 sum = G_GUINT64_CONSTANT(0xcbf29ce484222325);
  sum = sum_bytes(sum, key->whole, sizeof key->whole);
  sum = sum_bytes(sum, &number, sizeof number);
  sum = sum_bytes(sum, &made_us, sizeof made_us);
  return (gint64)sum_bytes(sum, body, size);
}

/* --- on the thread ----------------------------------------------------- */

static int finish(sqlite3_stmt *statement) {
  int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static int write_result(ResultsWriter *writer, const Op *op) {
  gsize size;
  gconstpointer body = g_bytes_get_data(op->body, &size);
  sqlite3_stmt *keep = writer->keep;
  sqlite3_bind_int64(keep, 1, results_id(&op->key, op->number));
  sqlite3_bind_blob(keep, 2, op->key.whole, sizeof op->key.whole, SQLITE_STATIC);
  sqlite3_bind_blob(keep, 3, op->key.parts, sizeof op->key.parts, SQLITE_STATIC);
  sqlite3_bind_int64(keep, 4, op->content);
  sqlite3_bind_int64(keep, 5, op->made_us);
  sqlite3_bind_int64(keep, 6, op->made_us / G_TIME_SPAN_DAY);
  sqlite3_bind_int64(keep, 7, results_sum(&op->key, op->number, op->made_us, body, size));
  sqlite3_bind_blob64(keep, 8, body, size, SQLITE_STATIC);
  return finish(keep);
}

static int write_entry(ResultsWriter *writer, const HistoryEntry *entry) {
  sqlite3_stmt *note = writer->note;
  sqlite3_bind_int64(note, 1, entry->at_us);
  sqlite3_bind_text(note, 2, entry->id, -1, SQLITE_STATIC);
  sqlite3_bind_text(note, 3, entry->path, -1, SQLITE_STATIC);
  sqlite3_bind_text(note, 4, entry->content, -1, SQLITE_STATIC);
  sqlite3_bind_text(note, 5, entry->commit, -1, SQLITE_STATIC);
  sqlite3_bind_int(note, 6, entry->is_dirty != FALSE);
  sqlite3_bind_text(note, 7, entry->python, -1, SQLITE_STATIC);
  sqlite3_bind_int(note, 8, (int)entry->class);
  sqlite3_bind_text(note, 9, entry->said, -1, SQLITE_STATIC);
  sqlite3_bind_int64(note, 10, (gint64)entry->wall_ns);
  sqlite3_bind_int64(note, 11, (gint64)entry->cpu_ns);
  int code = finish(note);
  if (code != SQLITE_OK)
    return code;
  sqlite3_bind_text(writer->thin, 1, entry->id, -1, SQLITE_STATIC);
  sqlite3_bind_text(writer->thin, 2, entry->content, -1, SQLITE_STATIC);
  sqlite3_bind_int(writer->thin, 3, KEEP_ALIKE);
  return finish(writer->thin);
}

static int write_touched(ResultsWriter *writer, const Op *op) {
  int code = SQLITE_OK;
  for (guint i = 0; code == SQLITE_OK && i < op->ids->len; i++) {
    sqlite3_bind_int64(writer->touch, 1, op->today);
    sqlite3_bind_int64(writer->touch, 2, g_array_index(op->ids, gint64, i));
    code = finish(writer->touch);
  }
  return code;
}

static gint64 ask(sqlite3 *file, const gchar *sql) {
  sqlite3_stmt *statement = results_file_prepare(file, sql);
  gint64 number = statement != NULL && sqlite3_step(statement) == SQLITE_ROW
                      ? sqlite3_column_int64(statement, 0)
                      : 0;
  sqlite3_finalize(statement);
  return number;
}

/* Once a day. The file does not get smaller, but what is free in it is used again. */
static int prune(ResultsWriter *writer, gint64 today) {
  sqlite3 *file = writer->file;
  if (ask(file, "SELECT made FROM text WHERE name = 'pruned'") == today)
    return SQLITE_OK;
  g_autofree gchar *old =
      g_strdup_printf("DELETE FROM result WHERE used < %" G_GINT64_FORMAT ";"
                      "DELETE FROM history WHERE rowid <= (SELECT max(rowid) FROM history) - %d;"
                      "INSERT OR REPLACE INTO text VALUES ('pruned', %" G_GINT64_FORMAT ", '')",
                      today - KEEP_DAYS, KEEP_ENTRIES, today);
  int code = results_file_do(file, old);
  gint64 pages = ask(file, "PRAGMA page_count") - ask(file, "PRAGMA freelist_count");
  if (code == SQLITE_OK && pages * ask(file, "PRAGMA page_size") > KEEP_BYTES)
    code = results_file_do(file, "DELETE FROM result WHERE id IN (SELECT id FROM result"
                                 " ORDER BY used LIMIT (SELECT count(*) / 4 FROM result))");
  return code;
}

static int write_op(ResultsWriter *writer, const Op *op) {
  switch (op->kind) {
  case OP_KEEP:
    return write_result(writer, op);
  case OP_NOTE:
    return write_entry(writer, &op->entry);
  case OP_TOUCH:
    return write_touched(writer, op);
  case OP_PRUNE:
    return prune(writer, op->today);
  case OP_FLUSH:
  case OP_END:
    break;
  }
  return SQLITE_OK;
}

/* For the life of the process: what a full or broken disk refuses once is not tried again and again
 * while snippets run. */
static void give_up(ResultsWriter *writer, int code) {
  if (writer->failure != NULL)
    return;
  writer->failure = g_strdup(sqlite3_errstr(code));
  writer->is_damaged = results_code_is_damage(code);
}

/* Returns SQLite's code. */
static int connect_writer(ResultsWriter *writer) {
  int code = SQLITE_OK;
  if (writer->file != NULL)
    return SQLITE_OK;
  writer->file = results_file_join(writer->path, &code);
  if (writer->file == NULL)
    return code;
  writer->keep = results_file_prepare(
      writer->file, "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  writer->note = results_file_prepare(
      writer->file, "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  writer->thin = results_file_prepare(
      writer->file, "DELETE FROM history WHERE rowid IN (SELECT rowid FROM history"
                    " WHERE id = ? AND content = ? ORDER BY at DESC LIMIT -1 OFFSET ?)");
  writer->touch =
      results_file_prepare(writer->file, "UPDATE result SET used = ? WHERE id = ? AND used < ?1");
  if (writer->keep != NULL && writer->note != NULL && writer->thin != NULL && writer->touch != NULL)
    return SQLITE_OK;
  code = sqlite3_extended_errcode(writer->file);
  if (!results_code_is_damage(code)) /* that is set aside in the end */
    g_clear_pointer(&writer->file, results_file_close);
  return code != SQLITE_OK ? code : SQLITE_ERROR;
}

/* In one transaction. Returns SQLite's code. */
static int write_ops(ResultsWriter *writer, const GPtrArray *batch) {
  int code = connect_writer(writer);
  if (code != SQLITE_OK)
    return code;
  code = results_file_do(writer->file, "BEGIN IMMEDIATE");
  for (guint i = 0; code == SQLITE_OK && i < batch->len; i++)
    code = write_op(writer, g_ptr_array_index(batch, i));
  if (code == SQLITE_OK)
    code = results_file_do(writer->file, "COMMIT");
  if (code != SQLITE_OK)
    results_file_do(writer->file, "ROLLBACK");
  return code;
}

/* FALSE where it is to be tried again: another program had the file for long. */
static gboolean write_batch(ResultsWriter *writer, const GPtrArray *batch, gboolean is_last) {
  if (writer->failure != NULL)
    return TRUE;
  int code = write_ops(writer, batch);
  if (code == SQLITE_OK)
    return TRUE;
  if ((code & 0xff) == SQLITE_BUSY && !is_last && batch->len < LATE_MOST)
    return FALSE;
  give_up(writer, code);
  return TRUE;
}

/* Nobody asks for results of it here any more: they are in the file, or dropped. */
static void forget_batch(ResultsWriter *writer, const GPtrArray *batch) {
  g_mutex_lock(&writer->lock);
  for (guint i = 0; i < batch->len; i++) {
    const Op *op = g_ptr_array_index(batch, i);
    if (op->kind == OP_KEEP) {
      gint64 id = results_id(&op->key, op->number);
      if (g_hash_table_lookup(writer->waiting, &id) == op)
        g_hash_table_remove(writer->waiting, &id);
    }
  }
  g_mutex_unlock(&writer->lock);
}

/* Adds what comes within a while, up to a flush or the end; returns which of these it was, or
 * OP_KEEP for neither. */
static OpKind gather(ResultsWriter *writer, GPtrArray *batch) {
  Op *op = g_async_queue_pop(writer->ops);
  gint64 end_us = g_get_monotonic_time() + GATHER_US;
  for (guint count = 1; op != NULL; count++) {
    OpKind kind = op->kind;
    if (kind == OP_FLUSH || kind == OP_END) {
      op_free(op);
      return kind;
    }
    g_ptr_array_add(batch, op);
    gint64 room_us = count < GATHER_MOST ? end_us - g_get_monotonic_time() : 0;
    op = room_us > 0 ? g_async_queue_timeout_pop(writer->ops, (guint64)room_us) : NULL;
  }
  return OP_KEEP;
}

/* Nobody waits for more than one attempt to write. */
static void end_flush(ResultsWriter *writer) {
  g_mutex_lock(&writer->lock);
  writer->flushes_done++;
  g_cond_broadcast(&writer->flushed);
  g_mutex_unlock(&writer->lock);
}

static gpointer write_all(gpointer data) {
  ResultsWriter *writer = data;
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)op_free);
  for (OpKind kind = OP_KEEP; kind != OP_END;) {
    kind = gather(writer, batch);
    if (batch->len == 0 || write_batch(writer, batch, kind == OP_END)) {
      forget_batch(writer, batch);
      g_ptr_array_set_size(batch, 0);
    }
    if (kind == OP_FLUSH)
      end_flush(writer);
  }
  return NULL;
}

/* --- for the others ---------------------------------------------------- */

ResultsWriter *results_writer_new(const gchar *path) {
  ResultsWriter *writer = g_new0(ResultsWriter, 1);
  writer->path = g_strdup(path);
  writer->ops = g_async_queue_new();
  writer->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_mutex_init(&writer->lock);
  g_cond_init(&writer->flushed);
  return writer;
}

/* The first op begins the thread: a check in which nothing is run has none. */
static void push(ResultsWriter *writer, Op *op) {
  if (writer->thread == NULL)
    writer->thread = g_thread_new("results", write_all, writer);
  g_async_queue_push(writer->ops, op);
}

static Op *op_new(OpKind kind) {
  Op *op = g_new0(Op, 1);
  op->kind = kind;
  return op;
}

void results_writer_keep(ResultsWriter *writer, const ResultKey *key, guint number, gint64 content,
                         gint64 made_us, GBytes *body) {
  Op *op = op_new(OP_KEEP);
  op->key = *key;
  op->number = number;
  op->content = content;
  op->made_us = made_us;
  op->body = body;
  gint64 id = results_id(key, number);
  g_mutex_lock(&writer->lock);
  g_hash_table_replace(writer->waiting, g_memdup2(&id, sizeof id), op);
  g_mutex_unlock(&writer->lock);
  push(writer, op);
}

void results_writer_note(ResultsWriter *writer, const HistoryEntry *entry) {
  Op *op = op_new(OP_NOTE);
  op->entry = *entry;
  op->entry.id = g_strdup(entry->id);
  op->entry.path = g_strdup(entry->path);
  op->entry.content = g_strdup(entry->content);
  op->entry.commit = g_strdup(entry->commit);
  op->entry.python = g_strdup(entry->python);
  op->entry.said = g_strdup(entry->said);
  push(writer, op);
}

void results_writer_touch(ResultsWriter *writer, GArray *ids, gint64 today) {
  Op *op = op_new(OP_TOUCH);
  op->ids = ids;
  op->today = today;
  push(writer, op);
}

void results_writer_prune(ResultsWriter *writer, gint64 today) {
  Op *op = op_new(OP_PRUNE);
  op->today = today;
  push(writer, op);
}

GBytes *results_writer_find(ResultsWriter *writer, const ResultKey *key, guint number,
                            gint64 *made_us) {
  if (writer->thread == NULL)
    return NULL;
  gint64 id = results_id(key, number);
  GBytes *body = NULL;
  g_mutex_lock(&writer->lock);
  const Op *op = g_hash_table_lookup(writer->waiting, &id);
  if (op != NULL && op->number == number &&
      memcmp(op->key.whole, key->whole, sizeof key->whole) == 0) {
    body = g_bytes_ref(op->body);
    *made_us = op->made_us;
  }
  g_mutex_unlock(&writer->lock);
  return body;
}

void results_writer_flush(ResultsWriter *writer) {
  if (writer->thread == NULL)
    return;
  g_mutex_lock(&writer->lock);
  guint wanted = ++writer->flushes_wanted;
  g_async_queue_push(writer->ops, op_new(OP_FLUSH));
  while (writer->flushes_done < wanted)
    g_cond_wait(&writer->flushed, &writer->lock);
  g_mutex_unlock(&writer->lock);
}

void results_writer_free(ResultsWriter *writer, gchar **failure, gboolean *is_damaged) {
  if (writer->thread != NULL) {
    push(writer, op_new(OP_END));
    g_thread_join(writer->thread);
  }
  *failure = g_steal_pointer(&writer->failure);
  *is_damaged = writer->is_damaged;
  if (writer->is_damaged && writer->file != NULL)
    results_file_set_aside(writer->file, writer->path);
  results_file_close(writer->file);
  g_async_queue_unref(writer->ops);
  g_hash_table_unref(writer->waiting);
  g_mutex_clear(&writer->lock);
  g_cond_clear(&writer->flushed);
  g_free(writer->path);
  g_free(writer);
}
