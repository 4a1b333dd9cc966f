/*
 * results_writer.h: the thread that writes results down.
 *
 * Private to store/. What is handed over is written within a tenth of a second, many in one
 * transaction; nobody waits for it. While another program holds the file it is tried again with
 * what comes next; where it cannot be written it is dropped.
 */
#pragma once

#include <glib.h>

#include "model/result_key.h"
#include "store/results.h"

typedef struct ResultsWriter ResultsWriter;

ResultsWriter *results_writer_new(const gchar *path);

/* Writes what is still to be written, and ends the thread. *failure is set where something could
 * not be written; *is_damaged where the file is damaged. */
void results_writer_free(ResultsWriter *writer, gchar **failure, gboolean *is_damaged);

/* Takes body over. */
void results_writer_keep(ResultsWriter *writer, const ResultKey *key, guint number, gint64 content,
                         gint64 made_us, GBytes *body);
void results_writer_note(ResultsWriter *writer, const HistoryEntry *entry);
/* Takes ids (gint64) over: results that were asked for today. */
void results_writer_touch(ResultsWriter *writer, GArray *ids, gint64 today);
/* Removes what nobody has asked for since, and what is too much. */
void results_writer_prune(ResultsWriter *writer, gint64 today);

/* What is not written yet: the body, whose owner the caller becomes, and when it was made. NULL
 * for none. */
GBytes *results_writer_find(ResultsWriter *writer, const ResultKey *key, guint number,
                            gint64 *made_us);

/* Waits until all is written that was handed over before. */
void results_writer_flush(ResultsWriter *writer);

/* Over what is kept with a result: what differs was not written by us. */
gint64 results_sum(const ResultKey *key, guint number, gint64 made_us, gconstpointer body,
                   gsize size);
