#include "worker/gil.h"

#ifdef PROCTOR_ADDRESS_SANITIZER

/* It stands between libpython and the C library itself. */
void gil_learn(void) {
}

void gil_begin(Board *to) {
  (void)to;
}

#else

#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include "worker/board.h"
#include "worker/pycompat.h"

/* What was learnt. */
static pthread_cond_t *given_up, *taken;

/* While learning: what was signalled. */
static bool is_learning;
static pthread_cond_t *learnt[2];
static unsigned learnt_count;

/* The run. All but the thread's own time is written by who holds the GIL, with
 * its mutex locked. */
static Board *board; /* NULL: nothing is recorded */
static uint64_t run_start;
static bool has_company; /* a second thread has taken it */
static BoardTurn now;    /* the turn that goes on; end_ns is 0 */
static BoardTurn *slot;  /* where it stands on the board, or NULL */
static BoardThread *holder;
static BoardThread alone; /* the main thread's sums while it is alone */
static _Thread_local uint64_t asked_ns;

static uint64_t clock_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Puts the turn that begins or went on so far onto the board. */
static void turn_write(void) {
  uint64_t count = atomic_load_explicit(&board->turn_count, memory_order_relaxed);
  slot = count < BOARD_TURNS ? &board->turn[count] : NULL;
  if (slot)
    *slot = now;
  atomic_store_explicit(&board->turn_count, count + 1, memory_order_release);
}

/* A thread beside the main one takes the GIL for the first time: what the main
 * thread did so far, its last turn included, which has ended. */
static void company_came(void) {
  BoardThread *first = board_row_of(0);
  has_company = true;
  board->turns_start_ns = run_start;
  first->held_ns += alone.held_ns;
  first->waited_ns += alone.waited_ns;
  first->turns += alone.turns;
  turn_write();
  board->has_turns = 1;
}

static void on_taken(void) {
  uint64_t start = clock_ns();
  uint64_t asked = asked_ns ? asked_ns : start;
  uint32_t thread = board_thread();
  asked_ns = 0;
  if (!has_company && thread != 0)
    company_came();
  now = (BoardTurn){.asked_ns = asked, .start_ns = start, .thread = thread};
  holder = has_company ? board_row() : &alone;
  if (holder) {
    holder->turns++;
    holder->waited_ns += start - asked;
  }
  if (has_company)
    turn_write();
}

static void on_given_up(void) {
  now.end_ns = clock_ns();
  if (holder)
    holder->held_ns += now.end_ns - now.start_ns;
  if (slot)
    slot->end_ns = now.end_ns;
  slot = NULL;
}

void gil_begin(Board *to) {
  board = given_up ? to : NULL;
  if (!board)
    return;
  run_start = clock_ns();
  has_company = false;
  slot = NULL;
  now = (BoardTurn){.asked_ns = run_start, .start_ns = run_start};
  alone = (BoardThread){.turns = 1};
  holder = &alone;
}

void gil_learn(void) {
  is_learning = true;
  PyThreadState *state = PyEval_SaveThread();
  PyEval_RestoreThread(state);
  is_learning = false;
  if (learnt_count == 2 && learnt[0] != learnt[1]) {
    given_up = learnt[0];
    taken = learnt[1];
  }
}

/* --- the C library's functions ----------------------------------------- */

typedef int Signal(pthread_cond_t *condition);
typedef int TimedWait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                      const struct timespec *until);

static Signal *real_signal;
static TimedWait *real_timedwait;

/* The older functions of these names, which glibc still has, know nothing of
 * the conditions that CPython makes. */
static void *real_function(const char *name) {
  void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
  return found ? found : dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void find_real(void) {
  *(void **)&real_signal = real_function("pthread_cond_signal");
  *(void **)&real_timedwait = real_function("pthread_cond_timedwait");
}

int pthread_cond_signal(pthread_cond_t *cond) {
  if (!real_signal) /* another library's constructor came first */
    find_real();
  if (board) {
    if (cond == taken)
      on_taken();
    else if (cond == given_up)
      on_given_up();
  } else if (is_learning) {
    if (learnt_count < 2)
      learnt[learnt_count] = cond;
    learnt_count++;
  }
  return real_signal(cond);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                           const struct timespec *abstime) {
  if (board && cond == given_up && asked_ns == 0)
    asked_ns = clock_ns();
  if (!real_timedwait)
    find_real();
  return real_timedwait(cond, mutex, abstime);
}

#endif
