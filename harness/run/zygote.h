/*
 * zygote.h: one worker process that forks a child for each run.
 *
 * Private to run/. A Zygote is the process, its control socket, its journal and
 * its scratch folder; what a run is, and when it is over, is lane.c's business.
 * Nothing here waits, but for the end of a process that was just killed.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#include "wire/journal.h"
#include "wire/wire.h"

typedef struct Zygote Zygote;

typedef struct {
  const gchar *worker;
  const gchar *scratch; /* folder for its runs, which must not exist yet */
  guint32 hash_seed;    /* for the hashes of strings; 0: another each time */
  const gchar *fixture; /* absolute path of the fixture that it loads; NULL for none */
  const gchar *variant; /* of that; "" for none */
} ZygoteStart;

/* NULL with RUN_ERROR_START where it cannot be started; that it works is only known
 * when its HELLO arrives. One with a fixture is told where the database is
 * (PROCTOR_DATABASE_URL), if we were. */
Zygote *zygote_start(const ZygoteStart *start, GError **error);

/* Whether we were told where a database is. */
gboolean zygote_has_database(void);

/* Waits for it to say something, or to end; not beyond this monotonic time. What it says is
 * taken: for one whose HELLO is waited for, and that is then freed. */
void zygote_await_news(Zygote *zygote, gint64 end_us);

/* Kills and reaps it and all that it started; removes its folder. */
void zygote_free(Zygote *zygote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Zygote, zygote_free)

/* The same but for the memory: what it left behind can still be asked. Returns
 * how it ended, as waitpid gives it. Again: the same answer. */
gint zygote_end(Zygote *zygote);

/* What it wrote to its standard error, and else how it ended, as one line;
 * caller frees. Only after zygote_end. */
gchar *zygote_last_words(const Zygote *zygote);

/* The end of what it wrote there, as lines; NULL for nothing. Caller frees. Likewise. */
gchar *zygote_last_lines(const Zygote *zygote);

/* Waits a moment for the end of one that has closed its connection, so that it is known how
 * it ended. To be called before zygote_end, which kills it. */
void zygote_await_end(const Zygote *zygote);

/* The time that its processes wanted to run and were not let: what others took of the
 * machine. 0 where the kernel does not say. */
guint64 zygote_delay_ns(const Zygote *zygote);

/* Readable when zygote_receive has something to say. */
int zygote_socket(const Zygote *zygote);

typedef enum {
  ZYGOTE_SILENT, /* nothing has arrived */
  ZYGOTE_SAID,   /* a HELLO or a DONE */
  ZYGOTE_LOST,   /* the connection has ended, or says what it should not */
} ZygoteNews;

ZygoteNews zygote_receive(Zygote *zygote, WireMessage *message);

/* NULL before its HELLO. */
const WireHello *zygote_hello(const Zygote *zygote);

/* Empties the journal and begins a run. Descriptors stay the caller's. FALSE
 * with errno where the zygote could not be told. */
gboolean zygote_send_run(Zygote *zygote, const WireRun *run, const int descriptors[WIRE_RUN_FDS]);
/* FALSE where it could not be told. */
gboolean zygote_send_stop(Zygote *zygote, guint32 run);

/* A private copy of the journal; caller frees with g_free. */
JournalHead *zygote_copy_journal(const Zygote *zygote);

/* The board of the run, as it is now: the snippet writes on. Not to be believed;
 * borrowed. */
const Board *zygote_board(const Zygote *zygote);

/* A private copy of the board, with no more turns than `turn_count` says; NULL
 * where nothing was written on it. Caller frees with g_free. */
Board *zygote_copy_board(const Zygote *zygote);

/* The processes of the run, or of one that is not ready all of its own (pid_t), parents
 * first; caller unrefs. */
GArray *zygote_list_processes(const Zygote *zygote);
