#include "worker/board.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/board_names.h"
#include "worker/note.h"

/* Its thread is registered with the threading module only after its first
 * locks; one that was started without that module never is. */
#define NAME_TRIES 16u

static Board *board;
static uint32_t main_kernel_id;
static uint32_t holds_end; /* behind the last row of a lock that is held */
static unsigned long identities[BOARD_THREADS];

static _Thread_local struct {
  bool is_known;
  uint32_t number;
  uint32_t tries;
  BoardThread *row;
} own;

void board_begin(Board *to) {
  board = to;
  holds_end = 0;
  main_kernel_id = (uint32_t)syscall(SYS_gettid);
  own.is_known = false;
  own.tries = 0;
}

bool board_is_on(void) {
  return board;
}

/* --- threads ----------------------------------------------------------- */

static BoardThread *row_make(uint32_t number, uint32_t kernel_id, unsigned long identity) {
  if (number >= BOARD_THREADS)
    return NULL;
  BoardThread *row = &board->thread[number];
  if (row->kernel_id == 0) {
    row->other = UINT32_MAX;
    row->unit = UINT32_MAX;
    identities[number] = identity;
    if (number == 0)
      strcpy(row->name, "MainThread");
    row->kernel_id = kernel_id;
  }
  uint32_t threads = atomic_load(&board->threads);
  while (threads <= number && !atomic_compare_exchange_weak(&board->threads, &threads, number + 1))
    ;
  atomic_store_explicit(&board->used, 1, memory_order_relaxed);
  return row;
}

uint32_t board_thread(void) {
  return own.is_known ? own.number : note_thread();
}

BoardThread *board_row(void) {
  if (!own.is_known && board) {
    own.number = note_thread();
    own.row = row_make(own.number, (uint32_t)syscall(SYS_gettid), PyThread_get_thread_ident());
    own.is_known = true;
  }
  return own.row;
}

BoardThread *board_row_of(uint32_t number) {
  return number == 0 ? row_make(0, main_kernel_id, 0) : &board->thread[number];
}

uint32_t board_find_thread(unsigned long identity) {
  uint32_t threads = board ? atomic_load(&board->threads) : 0;
  for (uint32_t i = threads < BOARD_THREADS ? threads : BOARD_THREADS; i-- > 0;)
    if (identities[i] == identity) /* the latest: they are used again */
      return i;
  return UINT32_MAX;
}

/* The row, and its name where that is not known yet. */
static BoardThread *named_row(void) {
  BoardThread *row = board_row();
  if (row && row->name[0] == '\0' && own.tries < NAME_TRIES) {
    own.tries++;
    name_of_thread(PyThread_get_thread_ident(), row->name, BOARD_NAME);
  }
  return row;
}

/* --- locks that are held ----------------------------------------------- */

/* Its row, or a free one where `make` says so; NULL where there is none. Few
 * locks are held at a time, and those above `holds_end` are none. */
static BoardHold *hold_of(PyObject *lock, bool make) {
  uint64_t address = (uint64_t)(uintptr_t)lock;
  BoardHold *free_row = NULL;
  for (uint32_t i = 0; i < holds_end; i++) {
    BoardHold *row = &board->hold[i];
    if (row->lock == address)
      return row;
    if (row->lock == 0 && !free_row)
      free_row = row;
  }
  if (!make || free_row || holds_end >= BOARD_HOLDS)
    return make ? free_row : NULL;
  return &board->hold[holds_end++];
}

static void hold_end(BoardHold *hold) {
  hold->lock = 0;
  while (holds_end > 0 && board->hold[holds_end - 1].lock == 0)
    holds_end--;
}

static void hold_write(PyObject *lock, uint32_t depth, NotePlace place) {
  BoardHold *hold = hold_of(lock, true);
  if (!hold)
    return;
  hold->lock = 0;
  hold->thread = own.number;
  hold->depth = depth;
  hold->unit = place.unit;
  hold->line = place.line;
  hold->lock = (uint64_t)(uintptr_t)lock;
}

void board_took(PyObject *lock, bool counts) {
  if (!board)
    return;
  named_row();
  BoardHold *hold = counts ? hold_of(lock, false) : NULL;
  if (hold && hold->thread == own.number)
    hold->depth++;
  else
    hold_write(lock, 1, place_of_stack(NULL));
}

void board_took_times(PyObject *lock, uint32_t depth) {
  if (!board)
    return;
  named_row();
  hold_write(lock, depth, place_of_stack(NULL));
}

void board_took_for_life(PyObject *lock) {
  if (!board)
    return;
  named_row();
  hold_write(lock, 1, (NotePlace){.unit = UINT32_MAX});
}

void board_released(PyObject *lock) {
  BoardHold *hold = board ? hold_of(lock, false) : NULL;
  if (hold && --hold->depth == 0)
    hold_end(hold);
}

void board_free(PyObject *lock) {
  BoardHold *hold = board ? hold_of(lock, false) : NULL;
  if (hold)
    hold_end(hold);
}

bool board_is_held(PyObject *lock, bool counts) {
  BoardHold *hold = board ? hold_of(lock, false) : NULL;
  return hold && !(counts && hold->thread == board_thread());
}

/* --- waiting ----------------------------------------------------------- */

/* Copies what is said of waiting: the rest goes on meanwhile. */
static void copy_wait(BoardThread *to, const BoardThread *from) {
  to->wait = BOARD_RUNS;
  to->unit = from->unit;
  to->line = from->line;
  to->lock = from->lock;
  to->other = from->other;
  memcpy(to->what, from->what, sizeof to->what);
  memcpy(to->lock_name, from->lock_name, sizeof to->lock_name);
  to->wait = from->wait;
}

void board_pause(BoardPause *pause, BoardWait wait, PyObject *object, const char *own_name,
                 uint32_t other) {
  pause->row = NULL;
  if (!board || PyErr_Occurred())
    return;
  BoardThread *row = board_row();
  if (!row)
    return;
  name_of_thread(PyThread_get_thread_ident(), row->name, BOARD_NAME); /* perhaps a new one */
  StackFrame called;
  NotePlace place = place_of_stack(&called);
  BoardThread told = {.wait = wait,
                      .unit = place.unit,
                      .line = place.line,
                      .lock = wait == BOARD_LOCK ? (uint64_t)(uintptr_t)object : 0,
                      .other = other};
  bool is_called = place.line > 0 && called.code;
  if (is_called)
    name_of_function(&called, told.what, BOARD_WHAT);
  else if (place.line > 0)
    snprintf(told.what, BOARD_WHAT, "%s", own_name);
  name_of_object(object, is_called ? called.first : NULL, told.lock_name, BOARD_NAME);
  PyErr_Clear();
  copy_wait(&pause->before, row);
  copy_wait(row, &told);
  pause->row = row;
}

void board_go_on(const BoardPause *pause) {
  if (pause->row && board)
    copy_wait(pause->row, &pause->before);
}

void board_timer(void) {
  if (!board)
    return;
  board->timer_armed = 1;
  atomic_store_explicit(&board->used, 1, memory_order_relaxed);
}
