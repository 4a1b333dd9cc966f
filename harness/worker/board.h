/*
 * board.h: fills in the board (wire/board.h): the rows of threads and of locks
 * that are held. locks.c says what happens, gil.c adds who holds the GIL.
 *
 * Nothing here runs code of the snippet, keeps a reference, or touches an
 * exception that is set. Without a board, in the zygote and in forked
 * processes, all of it does nothing.
 */
#pragma once

#include "wire/board.h"
#include "worker/pycompat.h"

/* The board of this run, in the main thread; NULL for none. */
void board_begin(Board *to);

/* Whether there is one. */
bool board_is_on(void);

/* The number of this thread (note_thread()), and its row: NULL where it has
 * none. Neither needs the GIL. */
uint32_t board_thread(void);
BoardThread *board_row(void);

/* The row of a number; 0 has one even while the main thread does nothing. */
BoardThread *board_row_of(uint32_t number);

/* The row of the thread with this identity, UINT32_MAX where there is none. */
uint32_t board_find_thread(unsigned long identity);

/* --- with the GIL ------------------------------------------------------ */

/* This thread took a lock; again, where it counts how often. */
void board_took(PyObject *lock, bool counts);

/* This thread holds it until it ends. */
void board_took_for_life(PyObject *lock);

/* A lock that counts was taken that often at once. */
void board_took_times(PyObject *lock, uint32_t depth);

/* It was released once, or all at once, or is no more. */
void board_released(PyObject *lock);
void board_free(PyObject *lock);

/* Whether it is known to be held; where it counts, by another thread. */
bool board_is_held(PyObject *lock, bool counts);

/* What a thread's row said before. */
typedef struct {
  BoardThread *row; /* NULL: nothing was noted */
  BoardThread before;
} BoardPause;

/* Notes that this thread is about to wait without a time limit for object
 * (borrowed), and that it goes on. Waits may be nested: a signal's handler runs
 * within one. own: what this is called where the snippet itself calls it. other:
 * for BOARD_THREAD. */
void board_pause(BoardPause *pause, BoardWait wait, PyObject *object, const char *own,
                 uint32_t other);
void board_go_on(const BoardPause *pause);

/* A timer was set that sends a signal. */
void board_timer(void);
