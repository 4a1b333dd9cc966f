/*
 * board.h: what the threads of a running snippet are doing right now.
 *
 * The board is the last part of the journal's shared memory. Where the journal
 * is a list that grows, the board is a table that is written over: who waits for
 * what, who holds which lock, whose turn it is to hold the GIL. It is what
 * remains to be read when a snippet is stuck and can say nothing any more.
 *
 * It is written by the snippet's own process (a forked process writes nothing),
 * by several threads without a lock: each thread has a row of its own, and rows
 * for locks are written with the GIL held. The reader believes nothing: it reads
 * the board to *name* what waits; *that* a snippet is stuck is proved from what
 * the kernel says.
 *
 * All texts are UTF-8, cut, and end with a NUL; the reader makes sure of it.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#define BOARD_THREADS 64u /* rows; further threads have none */
#define BOARD_HOLDS 512u  /* locks that are held at a time; further ones are not noted */
#define BOARD_TURNS 16384u
#define BOARD_NAME 32u
#define BOARD_WHAT 48u

/* What a thread waits for without a time limit. */
typedef enum {
  BOARD_RUNS,   /* it does not wait, or not where we see it */
  BOARD_LOCK,   /* a lock: see `lock` */
  BOARD_QUEUE,  /* queue.SimpleQueue.get */
  BOARD_THREAD, /* another thread's end, where that is no lock (3.13 and later): see `other` */
  BOARD_EVENTS, /* an event loop that watches descriptors */
} BoardWait;

/* One thread. Row 0 is the main thread's; `thread` numbers of the journal
 * (JournalWrite.thread) are row numbers of this table. */
typedef struct {
  uint32_t kernel_id; /* gettid(), in the worker's pid namespace; 0: row unused */
  uint32_t wait;      /* BoardWait */
  uint32_t unit;  /* place of the code that waits: innermost line of the subject's code, as in */
  uint32_t line;  /* note_place(); line 0 for none: shutdown, or not the snippet's code */
  uint64_t lock;  /* its address; for BOARD_LOCK */
  uint32_t other; /* row of the thread waited for; UINT32_MAX where not known */
  uint32_t padding;
  char name[BOARD_NAME];      /* "MainThread", "Thread-1 (worker)"; "" where not known */
  char what[BOARD_WHAT];      /* function of a library that the snippet called and that waits:
                                 "Queue.get", "Thread.join", "Condition.wait"; "" where the
                                 snippet's own line takes the lock */
  char lock_name[BOARD_NAME]; /* a name of __main__ that is bound to the lock, or to the object
                                 that it belongs to; "" for none */
  /* the GIL */
  uint64_t held_ns;   /* how long it has held it, turns that have ended */
  uint64_t waited_ns; /* from asking for it to having it */
  uint64_t turns;     /* how often it had it */
} BoardThread;

/* A lock that is held. */
typedef struct {
  uint64_t lock;   /* its address; 0: row unused */
  uint32_t thread; /* row of the thread that took it */
  uint32_t depth;  /* how often, for a lock that may be taken again */
  uint32_t unit;   /* where it was taken (first) */
  uint32_t line;
} BoardHold;

/* One turn at holding the GIL, CLOCK_MONOTONIC. */
typedef struct {
  uint64_t asked_ns;
  uint64_t start_ns;
  uint64_t end_ns;
  uint32_t thread; /* row */
  uint32_t padding;
} BoardTurn;

typedef struct {
  _Atomic uint32_t used;       /* 0: nothing was written in this run */
  _Atomic uint32_t threads;    /* rows given out, may pass BOARD_THREADS */
  uint32_t timer_armed;        /* an interval timer was set: a signal may come */
  uint32_t has_turns;          /* the GIL is watched: turns and sums are to be believed */
  _Atomic uint64_t turn_count; /* may pass BOARD_TURNS: the first are kept */
  uint64_t turns_start_ns;     /* when watching the GIL began: the run's start */
  BoardThread thread[BOARD_THREADS];
  BoardHold hold[BOARD_HOLDS];
  BoardTurn turn[BOARD_TURNS];
} Board;
