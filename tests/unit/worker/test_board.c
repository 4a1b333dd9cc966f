/* What the board says of a snippet whose threads wait, and of the GIL. */
#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "driver.h"

static Board *board;
static int ends[2];

static void begin(const char *source) {
  WirePiece piece = {.line = 1, .size = (uint32_t)strlen(source), .source = source};
  WireUnit unit = {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &piece};
  WireRequest request = request_of(&unit, 1, 0);
  *output = *errors = '\0';
  send_run(&request, (WireRun){0}, ends);
  board = journal_board(journal);
}

static void stop(void) {
  WireMessage message = {.stop = {.run = run_number}};
  ck_assert_int_eq(wire_send(control, WIRE_STOP, &message, NULL, 0), 0);
  receive_done(ends);
}

static const BoardHold *hold_of(uint64_t lock) {
  for (unsigned i = 0; i < BOARD_HOLDS; i++)
    if (board->hold[i].lock == lock)
      return &board->hold[i];
  return NULL;
}

static unsigned held_count(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < BOARD_HOLDS; i++)
    count += board->hold[i].lock != 0;
  return count;
}

#define ANY UINT32_MAX

typedef struct {
  const char *name;
  BoardWait wait;
  uint32_t line;
  const char *what, *lock_name;
  uint32_t holder; /* row of who holds the lock, or of the thread that is waited for; ANY */
  uint32_t holder_line;
} Row;

typedef struct {
  const char *source;
  unsigned threads; /* that wait */
  Row rows[3];
} Case;

static void check_row(const Case *one, unsigned number) {
  const Row *wanted = &one->rows[number];
  const BoardThread *row = &board->thread[number];
  const BoardHold *hold = row->wait == BOARD_LOCK ? hold_of(row->lock) : NULL;
  ck_assert_uint_ne(row->kernel_id, 0);
  /* From 3.13 on, a thread's end is no lock. */
  bool is_join = wanted->wait == BOARD_THREAD;
  bool is_lock = row->wait == BOARD_LOCK;
  ck_assert_msg(strcmp(row->name, wanted->name) == 0 &&
                    (row->wait == wanted->wait || (is_join && is_lock)) &&
                    row->line == wanted->line && strcmp(row->what, wanted->what) == 0 &&
                    strcmp(row->lock_name, wanted->lock_name) == 0,
                "'%s' %u line %u '%s' '%s' in:\n%s", row->name, row->wait, row->line, row->what,
                row->lock_name, one->source);
  if (wanted->holder == ANY)
    return;
  if (is_join && !is_lock)
    ck_assert_uint_eq(row->other, wanted->holder);
  else
    ck_assert_msg(hold && hold->thread == wanted->holder && hold->line == wanted->holder_line,
                  "held by %d line %d in:\n%s", hold ? (int)hold->thread : -1,
                  hold ? (int)hold->line : -1, one->source);
}

static const Case waits[] = {
    {"import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n",
     1,
     {{"MainThread", BOARD_LOCK, 4, "", "lock", 0, 3}}},
    {"import threading\nlock = threading.Lock()\ndef f():\n with lock:\n  with lock:\n   "
     "pass\nf()\n",
     1,
     {{"MainThread", BOARD_LOCK, 5, "", "lock", 0, 4}}},
    {"import threading\nlock = threading.Lock()\nlock.acquire()\n"
     "lock.acquire(blocking=True, timeout=-1)\n",
     1,
     {{"MainThread", BOARD_LOCK, 4, "", "lock", 0, 3}}},
    {"import threading\n"
     "class Account:\n"
     "    def __init__(self):\n"
     "        self.lock = threading.Lock()\n"
     "account = Account()\n"
     "account.lock.acquire()\n"
     "account.lock.acquire()\n",
     1,
     {{"MainThread", BOARD_LOCK, 7, "", "account", 0, 6}}},
    {"import threading\n"
     "first, second = threading.Lock(), threading.Lock()\n"
     "meet = threading.Barrier(2)\n"
     "def worker():\n"
     "    with second:\n"
     "        meet.wait()\n"
     "        with first:\n"
     "            pass\n"
     "thread = threading.Thread(target=worker, name='other')\n"
     "thread.start()\n"
     "with first:\n"
     "    meet.wait()\n"
     "    with second:\n"
     "        pass\n",
     2,
     {{"MainThread", BOARD_LOCK, 13, "", "second", 1, 5},
      {"other", BOARD_LOCK, 7, "", "first", 0, 11}}},
    {"import threading\n"
     "lock = threading.RLock()\n"
     "lock.acquire()\n"
     "lock.acquire()\n"
     "lock.release()\n"
     "def worker():\n"
     "    lock.acquire()\n"
     "thread = threading.Thread(target=worker, name='other')\n"
     "thread.start()\n"
     "thread.join()\n",
     2,
     {{"MainThread", BOARD_THREAD, 10, "Thread.join", "thread", 1, 0},
      {"other", BOARD_LOCK, 7, "", "lock", 0, 3}}},
    {"import queue\nitems = queue.Queue()\nitems.get()\n",
     1,
     {{"MainThread", BOARD_LOCK, 3, "Queue.get", "items", ANY}}},
    {"import queue\nitems = queue.SimpleQueue()\nitems.put(1)\nitems.get()\nitems.get()\n",
     1,
     {{"MainThread", BOARD_QUEUE, 5, "SimpleQueue.get", "items", ANY}}},
    {"import threading\ngo = threading.Event()\ngo.wait()\n",
     1,
     {{"MainThread", BOARD_LOCK, 3, "Event.wait", "go", ANY}}},
    {"import threading\ncome = threading.Condition()\nwith come:\n    come.wait()\n",
     1,
     {{"MainThread", BOARD_LOCK, 4, "Condition.wait", "come", ANY}}},
    {"import threading\nplaces = threading.Semaphore(0)\nplaces.acquire()\n",
     1,
     {{"MainThread", BOARD_LOCK, 3, "Semaphore.acquire", "places", ANY}}},
    {"import asyncio\n"
     "async def main():\n"
     "    await asyncio.get_running_loop().create_future()\n"
     "asyncio.run(main())\n",
     1,
     {{"MainThread", BOARD_EVENTS, 4, "asyncio.run", "", ANY}}},
    {"import threading\n"
     "lock = threading.Lock()\n"
     "lock.acquire()\n"
     "threading.Thread(target=lock.acquire, name='other').start()\n",
     2,
     {{"MainThread", BOARD_THREAD, 0, "", "", ANY}, {"other", BOARD_LOCK, 0, "", "lock", 0, 3}}},
};

/* Until each waits where it waits for good; the suite's time limit is the end of
 * it. */
static void await_rows(const Case *one) {
  for (unsigned waiting = 0; waiting < one->threads; sched_yield()) {
    waiting = 0;
    for (unsigned i = 0; i < one->threads; i++) {
      const volatile BoardThread *row = &board->thread[i];
      waiting += row->wait != BOARD_RUNS && row->line == one->rows[i].line;
    }
  }
}

START_TEST(board_says_who_waits_for_what) {
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
    begin(waits[i].source);
    await_rows(&waits[i]);
    stop();
    ck_assert_uint_eq(board->used, 1);
    ck_assert_uint_eq(board->timer_armed, 0);
    ck_assert_uint_eq(board->threads, waits[i].threads);
    for (unsigned row = 0; row < waits[i].threads; row++)
      check_row(&waits[i], row);
  }
  end_worker(0);
}
END_TEST

/* --- what leaves nothing ----------------------------------------------- */

START_TEST(waits_that_ended_leave_nothing) {
  static const char *const sources[] = {
      /* time limits */
      "import threading\nlock = threading.Lock()\nlock.acquire()\n"
      "lock.acquire(False); lock.acquire(True, 0.001); lock.acquire(timeout=0.001)\n"
      "lock.release()\n",
      /* released by another thread */
      "import threading\nlock = threading.Lock()\nlock.acquire()\n"
      "thread = threading.Thread(target=lock.release)\nthread.start()\nlock.acquire()\n"
      "thread.join()\nlock.release()\n",
      /* locks that are no more while they are held */
      "import threading\nfor i in range(2000):\n    threading.Lock().acquire()\n"
      "    threading.RLock().acquire()\n",
      /* traffic */
      "import queue, threading\nqueues = queue.Queue(1), queue.SimpleQueue()\n"
      "def put():\n    for i in range(300):\n        for q in queues: q.put(i)\n"
      "threads = [threading.Thread(target=put) for i in range(3)]\n"
      "for t in threads: t.start()\n"
      "print(sum(q.get() for i in range(900) for q in queues))\n"
      "for t in threads: t.join()\n",
      /* a signal's handler takes the lock apart in which the thread waits */
      "import signal, threading\nlock = threading.Lock()\nlock.acquire()\n"
      "inner = threading.Lock()\n"
      "def handler(number, frame):\n    with inner: lock.release()\n"
      "signal.signal(signal.SIGALRM, handler)\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\n"
      "lock.acquire()\nlock.release()\n",
      "import signal, threading\nlock = threading.Lock()\nlock.acquire()\n"
      "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
      "signal.setitimer(signal.ITIMER_REAL, 0.01)\n"
      "try:\n    lock.acquire()\nexcept KeyboardInterrupt:\n    lock.release()\n",
      /* a condition on a lock that was taken twice */
      "import threading\ncome = threading.Condition()\n"
      "def notify():\n    with come: come.notify()\n"
      "with come, come:\n    threading.Thread(target=notify).start(); come.wait()\n"
      "    assert come._is_owned()\n",
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    begin(sources[i]);
    receive_done(ends);
    ck_assert_str_eq(errors, "");
    assert_end(0);
    for (unsigned row = 0; row < BOARD_THREADS; row++)
      ck_assert_uint_eq(board->thread[row].wait, BOARD_RUNS);
    for (unsigned hold = 0; hold < BOARD_HOLDS; hold++) /* but for the main thread's end */
      ck_assert_msg(board->hold[hold].lock == 0 || board->hold[hold].line == 0, "line %u of:\n%s",
                    board->hold[hold].line, sources[i]);
    ck_assert_msg(held_count() < 8, "%u in:\n%s", held_count(), sources[i]);
  }
  end_worker(0);
}
END_TEST

START_TEST(nothing_changes_for_the_snippet) {
  start_worker(programs[_i]);
  run_script(
      "import _thread, queue, select, signal, sys, threading\n"
      "lock, counting = threading.Lock(), threading.RLock()\n"
      "print(type(lock).__name__, lock.acquire.__name__, lock.acquire == lock.acquire)\n"
      "print(lock.acquire.__doc__ is not None, lock.acquire(1), lock.acquire(0))\n"
      "lock.release()\n"
      "for call in (lambda: lock.acquire('x', 'y'), lambda: lock.acquire(False, 1),\n"
      "             lambda: counting.release(), lambda: lock.acquire(True, -2),\n"
      "             lambda: lock.acquire(bad=True), lambda: lock.acquire(True, None),\n"
      "             lambda: lock.acquire(True, blocking=True), lambda: lock.acquire(True, 1, 2),\n"
      "             lambda: queue.SimpleQueue().get(False),\n"
      "             lambda: counting._acquire_restore(1)):\n"
      "    try: call()\n"
      "    except Exception as error: print(type(error).__name__)\n"
      "class Own(threading.RLock().__class__): pass\n"
      "with Own() as taken: print(taken)\n"
      "with lock as taken: print(taken)\n");
  ck_assert_str_eq(errors, "");
  ck_assert_str_eq(output, "lock acquire True\nTrue True False\n"
                           "TypeError\nValueError\nRuntimeError\nValueError\nTypeError\nTypeError\n"
                           "TypeError\nTypeError\nEmpty\n"
                           "TypeError\nTrue\nTrue\n");
  run_script("import sys\nprint([n for n in ('select', '_queue', 'queue', 'threading') if n in "
             "sys.modules])\n");
  ck_assert_str_eq(output, "[]\n");
  end_worker(0);
}
END_TEST

START_TEST(timers_are_seen) {
  static const struct {
    const char *source;
    uint32_t armed;
  } cases[] = {
      {"import signal; signal.setitimer(signal.ITIMER_REAL, 100)\n", 1},
      {"import signal; signal.alarm(100)\n", 1},
      {"import signal; signal.alarm(0); signal.setitimer(signal.ITIMER_REAL, 0.0)\n", 0},
      {"pass\n", 0},
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    run_script(cases[i].source);
    ck_assert_uint_eq(journal_board(journal)->timer_armed, cases[i].armed);
  }
  end_worker(0);
}
END_TEST

START_TEST(forked_process_writes_nothing) {
  start_worker(programs[_i]);
  run_script("import os, signal, threading\n"
             "lock = threading.Lock()\n"
             "child = os.fork()\n"
             "if child == 0:\n"
             "    lock.acquire(); signal.alarm(100)\n"
             "    t = threading.Thread(target=print); t.start(); t.join()\n"
             "    os._exit(0)\n"
             "os.waitpid(child, 0)\n");
  board = journal_board(journal);
  ck_assert_uint_eq(board->timer_armed, 0);
  ck_assert_uint_le(board->threads, 1);
  for (unsigned hold = 0; hold < BOARD_HOLDS; hold++)
    ck_assert(board->hold[hold].lock == 0 || board->hold[hold].line == 0);
  end_worker(0);
}
END_TEST

/* --- the GIL ----------------------------------------------------------- */

static const char two_threads[] = "import threading, time\n"
                                  "def count(until):\n"
                                  "    while time.monotonic() < until: pass\n"
                                  "until = time.monotonic() + 0.3\n"
                                  "threads = [threading.Thread(target=count, args=(until,),\n"
                                  "                            name=f'counter {i}')\n"
                                  "           for i in range(2)]\n"
                                  "for t in threads: t.start()\n"
                                  "for t in threads: t.join()\n";

START_TEST(turns_follow_each_other) {
  start_worker(programs[_i]);
  run_script(two_threads);
  board = journal_board(journal);
#ifdef PROCTOR_ADDRESS_SANITIZER
  ck_assert_uint_eq(board->has_turns, 0);
#else
  ck_assert_uint_eq(board->has_turns, 1);
  ck_assert_uint_eq(board->threads, 3);
  ck_assert_str_eq(board->thread[1].name, "counter 0");
  ck_assert_str_eq(board->thread[2].name, "counter 1");
  uint64_t count = board->turn_count, turns[3] = {0}, held[3] = {0}, end = 0;
  ck_assert_uint_gt(count, 10);
  ck_assert_uint_lt(count, BOARD_TURNS);
  for (uint64_t i = 0; i < count; i++) {
    const BoardTurn *turn = &board->turn[i];
    ck_assert_uint_lt(turn->thread, 3);
    ck_assert_uint_le(turn->asked_ns, turn->start_ns);
    ck_assert_uint_ge(turn->start_ns, end);
    bool is_last = i + 1 == count;
    ck_assert(is_last ? turn->end_ns == 0 && turn->thread == 0 : turn->end_ns >= turn->start_ns);
    end = turn->end_ns;
    turns[turn->thread]++;
    held[turn->thread] += is_last ? 0 : turn->end_ns - turn->start_ns;
  }
  for (unsigned i = 1; i < 3; i++) {
    ck_assert_uint_eq(board->thread[i].turns, turns[i]);
    ck_assert_uint_eq(board->thread[i].held_ns, held[i]);
    ck_assert_uint_gt(board->thread[i].waited_ns, 0);
  }
  /* The main thread had some before the others came. */
  ck_assert_uint_ge(board->thread[0].turns, turns[0]);
  ck_assert_uint_ge(board->thread[0].held_ns, held[0]);
  ck_assert_uint_le(board->turns_start_ns, board->turn[0].start_ns);
#endif
  run_script("print(1)\n"); /* alone, it writes none */
  ck_assert_uint_eq(board->has_turns, 0);
  ck_assert_uint_eq(board->turn_count, 0);
  end_worker(0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {board_says_who_waits_for_what,
                                waits_that_ended_leave_nothing,
                                nothing_changes_for_the_snippet,
                                timers_are_seen,
                                forked_process_writes_nothing,
                                turns_follow_each_other,
                                NULL};
  return run_suite("board", tests);
}
