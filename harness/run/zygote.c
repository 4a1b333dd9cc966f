/*
 * Theory of operation
 *
 * Processes. posix_spawn starts the worker in a session of its own, so that
 * neither Ctrl-C nor a hang-up on our terminal reaches it or what it runs: it
 * ends when we say so. It may put a process of its own in between and be pid 1
 * of a pid namespace behind it; then that one is the zygote and ours only waits
 * for it. The zygote forks a child per run, reaps it and kills what it leaves
 * behind. We reap the process that we spawned, and no other.
 *
 * Descriptors. The worker is born with six: /dev/null for input and output, a
 * memory file for its errors (ours to read after its death; a file needs
 * nobody to empty it), the control socket on WIRE_CONTROL_FD and the journal
 * on WIRE_JOURNAL_FD, whose size is sealed: a snippet that finds it under /proc
 * and cuts it short would else end us, who have it mapped. Everything else is
 * closed, whether or not it was marked close-on-exec. Our end of the socket is
 * the only one, so its end of file is the worker's death, and ours is told to
 * the worker by the same means, however we die.
 *
 * Ends. zygote_end kills the whole tree below the process that we spawned, and
 * then reaps it. With a pid namespace that process is not killed but waited
 * for: it ends when it has reaped the zygote, and that ends when the kernel has
 * ended everything inside, so that afterwards nothing is left, not even dying.
 */
#include "run/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/process_tree.h"
#include "run/runner.h"
#include "run/scratch.h"

#define FIRST_FREE_FD (WIRE_JOURNAL_FD + 1)
#define WORDS_MAX 600
#define LINES_MAX (8u << 10)
#define AWAIT_MS 100
#define DATABASE_URL "PROCTOR_DATABASE_URL"

struct Zygote {
  pid_t spawned; /* 0 once it is reaped */
  gint status;
  int socket;
  int errors;
  JournalHead *journal;
  gchar *scratch;
  gboolean has_hello;
  WireHello hello;
};

/* --- starting ---------------------------------------------------------- */

/* The worker's ends of what connects us; all above the numbers that they get
 * there, so that placing one does not close another. */
typedef struct {
  int control, journal, errors;
} Ends;

static int lift_descriptor(int descriptor) {
  if (descriptor < 0)
    return -1;
  int lifted = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
  close(descriptor);
  return lifted;
}

static void close_descriptor(int *descriptor) {
  if (*descriptor >= 0)
    close(*descriptor);
  *descriptor = -1;
}

static gboolean open_ends(Zygote *zygote, Ends *ends) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
    return FALSE;
  zygote->socket = pair[0];
  ends->control = lift_descriptor(pair[1]);
  ends->journal = lift_descriptor(memfd_create("proctor-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ends->errors = lift_descriptor(memfd_create("proctor-errors", MFD_CLOEXEC));
  if (ends->control < 0 || ends->journal < 0 || ends->errors < 0 ||
      fcntl(zygote->socket, F_SETFL, O_NONBLOCK) < 0 ||
      fcntl(ends->errors, F_SETFL, O_APPEND) < 0 || ftruncate(ends->journal, JOURNAL_SIZE) < 0 ||
      fcntl(ends->journal, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
    return FALSE;
  zygote->errors = fcntl(ends->errors, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
  zygote->journal = journal_map(ends->journal);
  return zygote->errors >= 0 && zygote->journal != NULL;
}

static void close_ends(Ends *ends) {
  close_descriptor(&ends->control);
  close_descriptor(&ends->journal);
  close_descriptor(&ends->errors);
}

gboolean zygote_has_database(void) {
  const gchar *url = g_getenv(DATABASE_URL);
  return url != NULL && *url != '\0';
}

static GStrv make_environment(const ZygoteStart *start) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree gchar *home = g_strconcat("HOME=", start->scratch, NULL);
  g_autofree gchar *temporary = g_strconcat("TMPDIR=", start->scratch, NULL);
  g_strv_builder_add_many(builder, "PATH=/usr/local/bin:/usr/bin:/bin", home, temporary,
                          "LANG=C.UTF-8", NULL);
  const gchar *url = g_getenv(DATABASE_URL);
  if (start->fixture != NULL && url != NULL) {
    g_autofree gchar *database = g_strconcat(DATABASE_URL "=", url, NULL);
    g_strv_builder_add(builder, database);
  }
  return g_strv_builder_end(builder);
}

static GStrv make_arguments(const ZygoteStart *start) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_strv_builder_add_many(builder, start->worker, "--zygote", start->scratch, NULL);
  if (start->hash_seed != 0) {
    g_autofree gchar *seed = g_strdup_printf("%" G_GUINT32_FORMAT, start->hash_seed);
    g_strv_builder_add_many(builder, "--hash-seed", seed, NULL);
  }
  if (start->fixture != NULL)
    g_strv_builder_add_many(builder, "--fixture", start->fixture, start->variant, NULL);
  return g_strv_builder_end(builder);
}

/* Returns 0 or an error number. */
static int spawn(Zygote *zygote, const ZygoteStart *start, const Ends *ends) {
  g_auto(GStrv) environment = make_environment(start);
  g_auto(GStrv) arguments = make_arguments(start);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  sigdelset(&all, SIGKILL);
  sigdelset(&all, SIGSTOP);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends->errors, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends->control, WIRE_CONTROL_FD);
  posix_spawn_file_actions_adddup2(&actions, ends->journal, WIRE_JOURNAL_FD);
  posix_spawn_file_actions_addclosefrom_np(&actions, FIRST_FREE_FD);
  int error =
      posix_spawn(&zygote->spawned, start->worker, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    zygote->spawned = 0;
  return error;
}

Zygote *zygote_start(const ZygoteStart *start, GError **error) {
  g_autoptr(Zygote) zygote = g_new0(Zygote, 1);
  zygote->socket = zygote->errors = -1;
  Ends ends = {-1, -1, -1};
  int fault = 0;
  if (mkdir(start->scratch, 0700) < 0) {
    fault = errno;
  } else {
    zygote->scratch = g_strdup(start->scratch);
    fault = open_ends(zygote, &ends) ? spawn(zygote, start, &ends) : errno;
  }
  close_ends(&ends);
  if (fault != 0) {
    g_set_error(error, RUN_ERROR, RUN_ERROR_START, "%s did not start: %s", start->worker,
                g_strerror(fault));
    return NULL;
  }
  return g_steal_pointer(&zygote);
}

/* --- ending ------------------------------------------------------------ */

gint zygote_end(Zygote *zygote) {
  if (zygote->spawned > 0) {
    if (zygote->has_hello && zygote->hello.zygote != zygote->spawned)
      process_tree_kill_below(zygote->spawned);
    else
      process_tree_kill(zygote->spawned);
    close_descriptor(&zygote->socket); /* where no /proc shows us whom to kill, this ends them */
    while (waitpid(zygote->spawned, &zygote->status, 0) < 0 && errno == EINTR)
      ;
    zygote->spawned = 0;
  }
  close_descriptor(&zygote->socket);
  return zygote->status;
}

void zygote_await_end(const Zygote *zygote) {
  int process = zygote->spawned > 0 ? (int)syscall(SYS_pidfd_open, zygote->spawned, 0u) : -1;
  if (process < 0)
    return;
  struct pollfd ended = {.fd = process, .events = POLLIN};
  poll(&ended, 1, AWAIT_MS);
  close(process);
}

void zygote_free(Zygote *zygote) {
  if (zygote == NULL)
    return;
  zygote_end(zygote);
  close_descriptor(&zygote->errors);
  if (zygote->journal != NULL)
    munmap(zygote->journal, JOURNAL_SIZE);
  if (zygote->scratch != NULL)
    scratch_remove(zygote->scratch);
  g_free(zygote->scratch);
  g_free(zygote);
}

/* The last bytes of its errors, which end with what matters, without blanks around them;
 * NULL for nothing. */
static gchar *last_errors(const Zygote *zygote, gsize room) {
  struct stat status;
  off_t size = fstat(zygote->errors, &status) == 0 ? status.st_size : 0;
  off_t start = size > (off_t)room ? size - (off_t)room : 0;
  g_autofree gchar *bytes = g_malloc(room);
  ssize_t got = pread(zygote->errors, bytes, room, start);
  if (got <= 0)
    return NULL;
  g_autofree gchar *text = g_utf8_make_valid(bytes, got);
  return *g_strstrip(text) != '\0' ? g_steal_pointer(&text) : NULL;
}

gchar *zygote_last_lines(const Zygote *zygote) {
  return last_errors(zygote, LINES_MAX);
}

gchar *zygote_last_words(const Zygote *zygote) {
  gchar *text = last_errors(zygote, WORDS_MAX);
  if (text != NULL)
    return g_strdelimit(text, "\n\r\t", ' ');
  if (WIFSIGNALED(zygote->status) && WTERMSIG(zygote->status) != SIGKILL)
    return g_strdup_printf("the worker was killed by signal %d", WTERMSIG(zygote->status));
  if (WIFEXITED(zygote->status))
    return g_strdup_printf("the worker ended with status %d", WEXITSTATUS(zygote->status));
  return g_strdup("the worker was killed");
}

/* --- talking ----------------------------------------------------------- */

int zygote_socket(const Zygote *zygote) {
  return zygote->socket;
}

ZygoteNews zygote_receive(Zygote *zygote, WireMessage *message) {
  int got = wire_receive(zygote->socket, message, NULL);
  if (got < 0 && errno == EAGAIN)
    return ZYGOTE_SILENT;
  if (got <= 0)
    return ZYGOTE_LOST;
  if (message->head.type == WIRE_HELLO && !zygote->has_hello) {
    zygote->has_hello = TRUE;
    zygote->hello = message->hello;
    return ZYGOTE_SAID;
  }
  return message->head.type == WIRE_DONE && zygote->has_hello ? ZYGOTE_SAID : ZYGOTE_LOST;
}

void zygote_await_news(Zygote *zygote, gint64 end_us) {
  struct pollfd socket = {.fd = zygote->socket, .events = POLLIN};
  WireMessage message;
  for (;;) {
    gint64 left_us = end_us - g_get_monotonic_time();
    int ready = left_us > 0 ? poll(&socket, 1, (int)(left_us / 1000) + 1) : 0;
    if (ready > 0 && zygote_receive(zygote, &message) != ZYGOTE_SILENT)
      return;
    if (ready == 0 || (ready < 0 && errno != EINTR))
      return;
  }
}

const WireHello *zygote_hello(const Zygote *zygote) {
  return zygote->has_hello ? &zygote->hello : NULL;
}

gboolean zygote_send_run(Zygote *zygote, const WireRun *run, const int descriptors[WIRE_RUN_FDS]) {
  WireMessage message = {.run = *run};
  journal_reset(zygote->journal);
  return wire_send(zygote->socket, WIRE_RUN, &message, descriptors, WIRE_RUN_FDS) == 0;
}

gboolean zygote_send_stop(Zygote *zygote, guint32 run) {
  WireMessage message = {.stop = {.run = run}};
  return wire_send(zygote->socket, WIRE_STOP, &message, NULL, 0) == 0;
}

JournalHead *zygote_copy_journal(const Zygote *zygote) {
  /* `used` is read once: whatever still writes must not change it under us. */
  guint64 used = zygote->journal->used;
  used = MIN(used, JOURNAL_BOARD - sizeof(JournalHead));
  JournalHead *copy = g_malloc(sizeof(JournalHead) + (gsize)used);
  memcpy(copy, zygote->journal, sizeof(JournalHead) + (gsize)used);
  copy->used = used;
  return copy;
}

const Board *zygote_board(const Zygote *zygote) {
  return journal_board(zygote->journal);
}

Board *zygote_copy_board(const Zygote *zygote) {
  const Board *board = zygote_board(zygote);
  if (board->used == 0)
    return NULL;
  Board *copy = g_malloc(sizeof(Board));
  memcpy(copy, board, offsetof(Board, turn));
  memcpy(copy->turn, board->turn, MIN(copy->turn_count, BOARD_TURNS) * sizeof(BoardTurn));
  return copy;
}

/* Behind the process that we spawned stands either the run, or the zygote and
 * then the run. */
GArray *zygote_list_processes(const Zygote *zygote) {
  GArray *tree = process_tree_list(zygote->spawned);
  if (!zygote->has_hello)
    g_array_prepend_val(tree, zygote->spawned);
  else if (zygote->hello.zygote != zygote->spawned && tree->len > 0)
    g_array_remove_index(tree, 0);
  return tree;
}

guint64 zygote_delay_ns(const Zygote *zygote) {
  g_autoptr(GArray) tree = zygote_list_processes(zygote);
  guint64 most = 0;
  for (guint i = 0; i < tree->len; i++)
    most = MAX(most, process_delay_ns(g_array_index(tree, pid_t, i)));
  return most;
}
