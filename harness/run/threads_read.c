#include "run/threads_read.h"

#include <string.h>

static guint row_count(const Board *board) {
  return MIN(board->threads, BOARD_THREADS);
}

static gchar *board_text(const char *text, gsize room) {
  return g_utf8_make_valid(text, (gssize)strnlen(text, room));
}

static gchar *thread_name(const Board *board, guint row) {
  g_autofree gchar *name = board_text(board->thread[row].name, BOARD_NAME);
  if (*name != '\0')
    return g_steal_pointer(&name);
  return row == 0 ? g_strdup("MainThread") : g_strdup_printf("thread %u", row);
}

static guint known_line(const ThreadsRecord *record, guint32 unit, guint32 line) {
  return unit == record->subject && line <= record->lines ? line : 0;
}

/* --- what they wait for ------------------------------------------------ */

static const BoardHold *find_hold(const Board *board, guint64 lock) {
  for (guint i = 0; lock != 0 && i < BOARD_HOLDS; i++)
    if (board->hold[i].lock == lock)
      return &board->hold[i];
  return NULL;
}

/* Condition.wait and what is built on it take a lock of their own and then wait
 * for it, in one call: that is no lock which its thread would have to let go. */
static gboolean is_own_signal(const BoardThread *row, guint number, const BoardHold *hold) {
  gboolean is_in_library = row->what[0] != '\0' || row->line == 0;
  return is_in_library && hold->thread == number && hold->unit == row->unit &&
         hold->line == row->line;
}

static void set_holder(Waiting *waiting, const Board *board, guint32 holder, guint line) {
  if (holder >= row_count(board))
    return;
  waiting->is_known = TRUE;
  waiting->holder = holder;
  waiting->holder_line = line;
  g_free(waiting->holder_name);
  waiting->holder_name = thread_name(board, holder);
}

static Waiting *read_waiting(const ThreadsRecord *record, guint number) {
  const Board *board = record->board;
  const BoardThread *row = &board->thread[number];
  g_autofree gchar *name = thread_name(board, number);
  if (row->wait == BOARD_RUNS || row->wait > BOARD_EVENTS) /* it waits where we do not see it */
    return waiting_new(number, name, 0, "", "");
  g_autofree gchar *what = board_text(row->what, BOARD_WHAT);
  g_autofree gchar *lock = board_text(row->lock_name, BOARD_NAME);
  Waiting *waiting =
      waiting_new(number, name, known_line(record, row->unit, row->line), what, lock);
  const BoardHold *hold = row->wait == BOARD_LOCK ? find_hold(board, row->lock) : NULL;
  if (hold != NULL && !is_own_signal(row, number, hold))
    set_holder(waiting, board, hold->thread, known_line(record, hold->unit, hold->line));
  else if (hold == NULL && (row->wait == BOARD_LOCK || row->wait == BOARD_THREAD))
    set_holder(waiting, board, row->other, 0);
  return waiting;
}

static gboolean is_in_look(const StuckLook *look, guint32 kernel_id) {
  for (guint i = 0; i < look->len; i++)
    if (g_array_index(look, StuckThread, i).kernel_id == kernel_id)
      return TRUE;
  return FALSE;
}

void threads_read_waits(const ThreadsRecord *record, const StuckLook *look, GPtrArray *waits) {
  for (guint i = 0; i < row_count(record->board); i++) {
    guint32 kernel_id = record->board->thread[i].kernel_id;
    if (kernel_id != 0 && is_in_look(look, kernel_id))
      g_ptr_array_add(waits, read_waiting(record, i));
  }
}

/* --- who held the GIL -------------------------------------------------- */

static guint64 since(guint64 start_ns, guint64 time_ns) {
  return time_ns > start_ns ? time_ns - start_ns : 0;
}

static gint compare_ends(gconstpointer a, gconstpointer b) {
  guint64 first = ((const GilTurn *)a)->end_ns, second = ((const GilTurn *)b)->end_ns;
  return first < second ? -1 : first > second;
}

/* FALSE for a turn that makes no sense. A turn that is still open, and is closed
 * here, is not in its thread's sums: *open_ns grows by it. */
static gboolean read_turn(const BoardTurn *turn, guint rows, guint64 start_ns, guint64 end_ns,
                          GilTurn *read, guint64 *open_ns) {
  guint64 end = turn->end_ns != 0 ? turn->end_ns : MAX(end_ns, turn->start_ns);
  guint64 asked = turn->asked_ns != 0 ? turn->asked_ns : turn->start_ns;
  if (turn->thread >= rows || turn->start_ns == 0 || turn->start_ns < asked || end < turn->start_ns)
    return FALSE;
  *read = (GilTurn){turn->thread, since(start_ns, asked), since(start_ns, turn->start_ns),
                    since(start_ns, end)};
  if (turn->end_ns == 0)
    open_ns[turn->thread] += read->end_ns - read->start_ns;
  return TRUE;
}

GilTimeline *threads_read_gil(const ThreadsRecord *record, guint64 start_ns, guint64 end_ns) {
  const Board *board = record->board;
  guint rows = row_count(board), sharing = 0;
  guint64 open_ns[BOARD_THREADS] = {0};
  for (guint i = 0; i < rows; i++)
    sharing += board->thread[i].turns > 0;
  if (board->has_turns == 0 || sharing < 2)
    return NULL;
  GilTimeline *timeline = gil_timeline_new();
  guint64 count = board->turn_count;
  for (guint i = 0; i < MIN(count, BOARD_TURNS); i++) {
    GilTurn turn;
    if (read_turn(&board->turn[i], rows, start_ns, end_ns, &turn, open_ns))
      g_array_append_val(timeline->turns, turn);
  }
  timeline->turns_lost = count - timeline->turns->len;
  g_array_sort(timeline->turns, compare_ends);
  for (guint i = 0; i < rows; i++) {
    const BoardThread *row = &board->thread[i];
    g_autofree gchar *name = thread_name(board, i);
    if (row->turns > 0)
      gil_timeline_add_share(timeline, i, name, row->held_ns + open_ns[i], row->waited_ns,
                             row->turns);
  }
  if (timeline->turns->len > 0)
    timeline->wall_ns = g_array_index(timeline->turns, GilTurn, timeline->turns->len - 1).end_ns;
  return timeline;
}
