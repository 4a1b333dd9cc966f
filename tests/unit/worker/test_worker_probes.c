/* What probes see, and that nobody sees the probes. */
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "driver.h"

static uint32_t passing_line; /* 0 for none */

static void after(uint32_t line, const char *names) {
  probe_add(WIRE_PROBE_AFTER, line, names);
}

static void at(uint32_t line, uint32_t column, const char *names) {
  probe_add(WIRE_PROBE_AT, line, names)->column = column;
}

static void code(uint32_t line, uint32_t column, const char *text) {
  probe_add(WIRE_PROBE_CODE, line, text)->column = column;
}

/* --- what was noted, as text ------------------------------------------- */

static void add_probed(const JournalProbed *probed) {
  static const char *const ends[] = {"?", "finished", "raised", "unparsable", "stopped", "died"};
  notes_add("probed %u %s", probed->line, probed->end < 6 ? ends[probed->end] : "?");
  notes_text(probed, sizeof *probed, 0, " ");
  if (probed->end != JOURNAL_PROBE_UNPARSABLE)
    notes_text(probed, sizeof *probed, 2, ": ");
  notes_text(probed, sizeof *probed, 4, " = ");
  notes_text(probed, sizeof *probed, 5, " printed ");
  notes_add("\n");
}

static void read_notes(void) {
  uint64_t position = 0;
  const JournalEntry *entry;
  notes_begin();
  while ((entry = journal_next(journal, run_number, &position))) {
    if (entry->process != 0)
      continue;
    if (entry->type == JOURNAL_PASSED) {
      notes_add("passed %u\n", ((const JournalPassed *)entry)->line);
    } else if (entry->type == JOURNAL_RAISED) {
      const JournalRaised *raised = (const JournalRaised *)entry;
      notes_add("%s %u", raised->flags & JOURNAL_RAISED_SEEN ? "seen" : "raised",
                raised->outer_line);
      notes_text(raised, sizeof *raised, 0, " ");
      notes_text(raised, sizeof *raised, 2, ": ");
      notes_add("\n");
    } else if (entry->type == JOURNAL_VALUE) {
      const JournalValue *value = (const JournalValue *)entry;
      notes_add("value %u", value->line);
      notes_text(value, sizeof *value, 2, " ");
      notes_text(value, sizeof *value, 0, " ");
      notes_text(value, sizeof *value, 1, " ");
      notes_add("\n");
    } else if (entry->type == JOURNAL_PROBED) {
      add_probed((const JournalProbed *)entry);
    }
  }
}

/* Runs a script with the probes that were asked for, and forgets them. */
static void run_probed(const char *source) {
  run_probes(source, (WireUnit){.passing_count = passing_line > 0, .passing_lines = &passing_line},
             0);
  read_notes();
  passing_line = 0;
}

static void assert_run(const char *source, const char *wanted_output, const char *wanted_notes) {
  run_probed(source);
  ck_assert_str_eq(errors, "");
  ck_assert_str_eq(output, wanted_output);
  ck_assert_str_eq(notes, wanted_notes);
  ck_assert_int_eq(done.status, 0);
  ck_assert_uint_eq(done.survivors, 0);
}

/* --- after a statement ------------------------------------------------- */

START_TEST(statements_are_passed_wherever_they_stand) {
  start_worker(programs[_i]);
  static const uint32_t lines[] = {2, 4, 8, 11, 14, 17, 20, 22, 24, 26, 28};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    after(lines[i], "");
  assert_run("'doc'\n"
             "a = 1\n"
             "for i in range(2):\n"
             "    a += i\n"
             "if a > 100:\n"
             "    pass\n"
             "else:\n"
             "    a = (a +\n"
             "         1)\n"
             "def f():\n"
             "    x = 1\n"
             "    def g():\n"
             "        'doc'\n"
             "        return x\n"
             "    return g()\n"
             "class C:\n"
             "    y = 2\n"
             "    def m(self):\n"
             "        'doc'\n"
             "        self.z = 1; self.w = 2\n"
             "def gen():\n"
             "    yield 1\n"
             "async def co():\n"
             "    return 5\n"
             "def never():\n"
             "    b = 1\n"
             "import asyncio\n"
             "print(f(), C().m(), list(gen()), asyncio.run(co()), a)\n",
             "1 None [1] 5 3\n",
             "passed 2\npassed 4\npassed 4\npassed 8\npassed 17\npassed 11\npassed 14\n"
             "passed 20\npassed 22\npassed 24\npassed 28\n");
  after(2, "");
  assert_run("for i in range(20):\n    i\n", "",
             "passed 2\npassed 2\npassed 2\npassed 2\npassed 2\npassed 2\npassed 2\npassed 2\n");
  after(1, "");
  after(2, "");
  after(3, "");
  assert_run("'doc'\nfrom __future__ import annotations\nfrom __future__ import division\n", "",
             "passed 3\n");
  end_worker(0);
}
END_TEST

START_TEST(exceptions_are_seen_as_they_leave) {
  start_worker(programs[_i]);
  after(3, "");
  after(7, "");
  after(9, "");
  after(14, "");
  assert_run("def f(n):\n"
             "    for i in range(n):\n"
             "        1 / (2 - i)\n"
             "try:\n"
             "    f(9)\n"
             "except ZeroDivisionError:\n"
             "    print('caught')\n"
             "try:\n"
             "    raise KeyError('k')\n"
             "except KeyError:\n"
             "    pass\n"
             "def g():\n"
             "    while True:\n"
             "        yield next(iter([]))\n"
             "try:\n"
             "    next(g())\n"
             "except RuntimeError as e:\n"
             "    print(repr(e), repr(e.__cause__))\n",
             "caught\nRuntimeError('generator raised StopIteration') StopIteration()\n",
             "passed 3\npassed 3\nseen 3 ZeroDivisionError: division by zero\n"
             "passed 7\nseen 9 KeyError: 'k'\nseen 14 StopIteration\n");
  /* At top level it is as ever. */
  passing_line = 1;
  after(1, "a");
  after(2, "a");
  run_probed("int('x')\na = 3\n");
  ck_assert_str_eq(notes, "raised 1 ValueError: invalid literal for int() with base 10: 'x'\n"
                          "passed 2\nvalue 2 a int 3\n");
  after(1, "");
  run_probed("int('x')\n");
  ck_assert_str_eq(notes, "raised 1 ValueError: invalid literal for int() with base 10: 'x'\n");
  /* Its text is the snippet's own code. */
  after(5, "");
  assert_run("class E(Exception):\n"
             "    def __str__(self): print('asked'); return 'text'\n"
             "try:\n"
             "    pass\n"
             "    raise E\n"
             "except E: pass\n",
             "", "seen 5 E: text\n");
  end_worker(0);
}
END_TEST

START_TEST(values_of_names) {
  start_worker(programs[_i]);
  after(1, "x");
  after(2, "a, b");
  after(3, "x, missing");
  after(6, "n, total");
  after(7, "x");
  after(7, "outer");
  after(10, "total");
  after(12, "inner");
  after(13, "outer");
  after(14, "missing");
  after(17, "y");
  after(18, "x");
  assert_run("x = [1]\n"
             "a, b = 1, 'two'\n"
             "x.append(2)\n"
             "total = 0\n"
             "def f(*n):\n"
             "    m = n\n"
             "    x.append(3)\n"
             "    def count():\n"
             "        global total\n"
             "        total += 1\n"
             "    outer = {'k': (1,)}\n"
             "    def g(inner=4):\n"
             "        local = inner\n"
             "        return local\n"
             "    return g() + (count() or 0)\n"
             "class C:\n"
             "    y = {1.5}\n"
             "    z = 1\n"
             "print(f(5, 6), f.__closure__)\n",
             "4 None\n",
             "passed 1\nvalue 1 x list [1]\npassed 2\nvalue 2 a, b tuple (1, 'two')\npassed 3\n"
             "passed 17\nvalue 17 y set {1.5}\npassed 18\n"
             "passed 6\nvalue 6 n, total tuple ((5, 6), 0)\n"
             "passed 7\nvalue 7 x list [1, 2, 3]\npassed 12\npassed 13\npassed 14\n"
             "passed 10\nvalue 10 total int 1\n");
  /* Asking an object is asking the snippet's code. */
  after(4, "p");
  after(5, "q");
  after(6, "r");
  after(7, "s");
  after(8, "t");
  after(9, "u");
  assert_run("class P:\n"
             "    n = 0\n"
             "    def __repr__(self): P.n += 1; print('asked'); return 'P%d' % P.n\n"
             "p = P()\n"
             "q = [p, p]\n"
             "r = list(range(20000))\n"
             "s = []; s.append(s)\n"
             "t = 10 ** 9999\n"
             "import collections; u = collections.Counter('aab')\n"
             "print(P.n)\n",
             "0\n",
             "passed 4\nvalue 4 p P P1\npassed 5\nvalue 5 q list [P1, P2]\npassed 6\n"
             "passed 7\nvalue 7 s list [[...]]\npassed 8\npassed 9\n"
             "value 9 u Counter Counter({'a': 2, 'b': 1})\n");
  end_worker(0);
}
END_TEST

/* --- at a comment ------------------------------------------------------ */

START_TEST(comments_have_a_place) {
  start_worker(programs[_i]);
  at(1, 0, "x");
  at(3, 0, "x");
  at(6, 4, "a");
  at(9, 4, "a");
  at(11, 8, "b");
  at(12, 4, "a");
  at(14, 8, "b");
  at(17, 4, "a");
  at(18, 0, "x");
  at(23, 4, "i");
  at(25, 0, "i");
  at(28, 4, "y");
  at(30, 0, "x");
  assert_run("# 1\n"
             "x = 1\n"
             "# 3\n"
             "def f(a):\n"
             "    'doc'\n"
             "    # 6\n"
             "    b = a\n"
             "    b += 1\n"
             "    # 9\n"
             "    if a:\n"
             "        # 11\n"
             "    # 12: nowhere\n"
             "        b += 1\n"
             "        # 14\n"
             "    elif b:\n"
             "        b += 2\n"
             "    # 17\n"
             "# 18\n"
             "f(1)\n"
             "f(0)\n"
             "for i in range(3):\n"
             "    pass\n"
             "    # 23\n"
             "\n"
             "# 25\n"
             "class C:\n"
             "    y = 1\n"
             "    # 28\n"
             "\n"
             "# 30\n",
             "",
             "value 3 x int 1\nvalue 18 x int 1\n"
             "value 6 a int 1\nvalue 9 a int 1\nvalue 11 b int 2\nvalue 14 b int 3\n"
             "value 17 a int 1\n"
             "value 6 a int 0\nvalue 9 a int 0\nvalue 17 a int 0\n"
             "value 23 i int 0\nvalue 23 i int 1\nvalue 23 i int 2\nvalue 25 i int 2\n"
             "value 28 y int 1\nvalue 30 x int 1\n");
  at(4, 4, "a");
  at(6, 0, "a");
  at(7, 4, "a");
  at(10, 4, "a");
  at(12, 4, "a");
  at(14, 0, "a");
  at(15, 4, "a");
  at(18, 8, "a");
  at(21, 4, "a");
  assert_run("a = 0\n"
             "try:\n"
             "    a = 1\n"
             "    # 4\n"
             "    int('x')\n"
             "# 6: nowhere\n"
             "    # 7: not reached\n"
             "except ValueError:\n"
             "    a = 2\n"
             "    # 10\n"
             "else:\n"
             "    # 12: not reached\n"
             "    a = 3\n"
             "# 14: nowhere\n"
             "    # 15: not reached\n"
             "finally:\n"
             "    if a: a = 4\n"
             "        # 18\n"
             "    a = 5\n"
             "print(a,\n"
             "    # 21: nowhere\n"
             "      1)\n",
             "5 1\n", "value 4 a int 1\nvalue 10 a int 2\nvalue 18 a int 4\n");
  at(2, 0, "a");
  at(6, 4, "a");
  assert_run("'doc'\n# 2\nfrom __future__ import annotations\n"
             "a = 1\n"
             "def f(x,\n"
             "    # 6: nowhere\n"
             "      y=2):\n"
             "    a\n"
             "f(1)\n",
             "", "");
  end_worker(0);
}
END_TEST

/* --- code that is commented out ---------------------------------------- */

START_TEST(commented_code_is_run_apart) {
  start_worker(programs[_i]);
  code(2, 0, "t[0] = 1");
  code(3, 0, "len(t)");
  code(4, 0, "t = 5\nt");
  code(5, 0, "print(t); x = 1");
  code(6, 0, "t[");
  code(7, 0, "return t");
  code(8, 0, "import sys; sys.exit(3)");
  code(9, 0, "None");
  code(10, 0, "nothing");
  assert_run("t = (1, 2)\n#\n#\n#\n#\n#\n#\n#\n#\n#\nprint(t, 'x' in globals())\n",
             "(1, 2) False\n",
             "probed 2 raised TypeError: 'tuple' object does not support item assignment\n"
             "probed 3 finished = 2\n"
             "probed 4 finished\n"
             "probed 5 finished printed (1, 2)\n\n"
             "probed 6 unparsable SyntaxError\n"
             "probed 7 unparsable SyntaxError\n"
             "probed 8 raised SystemExit: 3\n"
             "probed 9 finished\n"
             "probed 10 raised NameError: name 'nothing' is not defined\n");
  code(2, 4, "i / 0");
  code(3, 4, "break");
  code(6, 4, "[i * t for t in 'ab']");
  assert_run("for i in range(12):\n    #\n    #\n    pass\nif i:\n    #\n    pass\n", "",
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 2 raised ZeroDivisionError: division by zero\n"
             "probed 6 finished = ['aaaaaaaaaaa', 'bbbbbbbbbbb']\n");
  end_worker(0);
}
END_TEST

START_TEST(code_in_functions_sees_what_it_would_see) {
  start_worker(programs[_i]);
  static const uint32_t lines[] = {4, 5, 6, 7, 8, 9, 10, 11, 12};
  static const char *const codes[] = {
      /* would make it local */
      "try: count += 1\nexcept UnboundLocalError: raise ValueError('unbound')",
      "seen += 1",            /* a local that is bound */
      "total += 1",           /* declared global */
      "[seen for _ in 'ab']", /* in a scope of its own */
      "len = 3",
      "return seen + 1",
      "later", /* a local that is not */
      "print(count, seen, sorted(locals()))",
      "yield seen",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    code(lines[i], 4, codes[i]);
  assert_run("count = total = 0\n"
             "def f(seen):\n"
             "    global total\n"
             "    #\n    #\n    #\n    #\n    #\n    #\n    #\n    #\n    #\n"
             "    later = 1\n"
             "    return seen\n"
             "print(f(7), total)\n",
             "7 0\n",
             "probed 4 raised ValueError: unbound\n"
             "probed 5 finished\n"
             "probed 6 finished\n"
             "probed 7 finished = [7, 7]\n"
             "probed 8 finished\n"
             "probed 9 finished = 8\n"
             "probed 10 raised NameError: name 'later' is not defined\n"
             "probed 11 finished printed 0 7 ['seen']\n\n");
  code(5, 8, "try: n += 1\nexcept UnboundLocalError: raise ValueError('unbound')");
  code(6, 8, "n + hidden");
  code(8, 8, "hidden");
  code(14, 8, "self.__secret");
  code(15, 8, "super().m()");
  code(16, 8, "self.x / 0");
  code(19, 4, "await co()");
  code(20, 4, "await asyncio.sleep(0)");
  code(21, 4, "raise LookupError(asyncio.current_task() is None)");
  code(25, 4, "y + 'a'");
  code(26, 4, "[y for _ in 'a']");
  assert_run("import asyncio\n"
             "def outer(n):\n"
             "    hidden = 1\n"
             "    def inner():\n"
             "        #\n        #\n"
             "        m = n\n        #\n"
             "        return m\n"
             "    return inner()\n"
             "class C:\n"
             "    x = 1\n"
             "    def m(self):\n"
             "        #\n        #\n        #\n"
             "        return 2\n"
             "async def co():\n"
             "    #\n    #\n    #\n"
             "    return 3\n"
             "class D:\n"
             "    y = 1\n"
             "    #\n    #\n"
             "print(outer(1), C().m(), asyncio.run(co()))\n",
             "1 2 3\n",
             "probed 25 raised TypeError: unsupported operand type(s) for +: 'int' and 'str'\n"
             "probed 5 raised ValueError: unbound\n"
             "probed 16 raised ZeroDivisionError: division by zero\n"
             "probed 19 finished = 3\n"
             "probed 21 raised LookupError: False\n");
  end_worker(0);
}
END_TEST

START_TEST(the_run_is_not_disturbed_by_what_is_run_apart) {
  start_worker(programs[_i]);
  static const struct {
    const char *code, *note;
  } cases[] = {
      {"print('x' * 100000)", NULL},
      {"x.clear(); x = None; import builtins; builtins.print = None", "finished"},
      {"import os; os._exit(5)", "died"},
      {"import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "died"},
      {"import os; os.kill(0, signal.SIGTERM)", "died"},
      {"import os; os.fork(); os.fork(); 1 / 0", "raised ZeroDivisionError: division by zero"},
      {"import os\nif not os.fork():\n  while True: pass", "finished"},
      {"import atexit; atexit.register(print, 'end')", "finished"},
      {"import threading; threading.Thread(target=threading.Event().wait).start()", "finished"},
      {"file.read(); file.close()", "finished"},
      {"random.random() == second", "finished = True"},
      {"sys.stderr.write('loud')", "finished = 4"},
      {"raise KeyboardInterrupt", "raised KeyboardInterrupt"},
      {"def f(): f()\nf()", "raised RecursionError: maximum recursion depth exceeded"},
      {"import sys; sys.__stdout__.write('y' * 100000); sys.__stdout__.flush()", "finished"},
      {"class E(Exception):\n  def __str__(self): raise self\nraise E", "raised E"},
      {"os.wait()", "raised ChildProcessError: [Errno 10] No child processes"},
  };
  for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    code(9, 0, cases[i].code);
    run_probed("import os, sys, signal, random, threading, warnings\n"
               "random.seed(7); random.random(); second = random.random()\n"
               "random.seed(7); random.random()\n"
               "x = [1]\n"
               "caught = []\n"
               "signal.signal(signal.SIGCHLD, lambda *a: caught.append(a))\n"
               "file = open(__file__, 'rb', 0)\n"
               "print('before', len(file.readline()))\n"
               "#\n"
               "print(x, caught, len(file.readline()), random.random() == second)\n"
               "print(threading.active_count(), sys.exc_info(), signal.pthread_sigmask(0, []))\n"
               "try: os.wait()\n"
               "except ChildProcessError: print('no child')\n");
    ck_assert_str_eq(errors, "");
    ck_assert_str_eq(output, "before 52\n"
                             "[1] [] 58 True\n1 (None, None, None) set()\nno child\n");
    ck_assert_int_eq(done.status, 0);
    ck_assert_uint_eq(done.survivors, 0);
    char wanted[256];
    snprintf(wanted, sizeof wanted, "probed 9 %s", cases[i].note ? cases[i].note : "finished");
    ck_assert_msg(strncmp(notes, wanted, strlen(wanted)) == 0 && strstr(notes, "\n") &&
                      strstr(strstr(notes, "\n") + 1, "probed") == NULL,
                  "%s: %.300s", cases[i].code, notes);
  }
  /* What comes meanwhile is heard before anything else is done. */
  code(6, 4, "import signal; os.kill(os.getppid(), signal.SIGUSR1)");
  assert_run("import os, signal\n"
             "def heard(*_): raise KeyError('heard')\n"
             "signal.signal(signal.SIGUSR1, heard)\n"
             "try:\n"
             "    pass\n"
             "    #\n"
             "    os.read(os.pipe()[0], 1)\n"
             "except KeyError as e: print(e)\n",
             "'heard'\n", "probed 6 finished\n");
  /* What waits in sockets and pipes is for the run. */
  code(6, 0, "b.recv(5) + 1");
  code(7, 0, "os.read(r, 5)");
  code(8, 0, "len(b'x' + b'y')");
  assert_run("import os, socket\n"
             "a, b = socket.socketpair()\n"
             "a.send(b'hello')\n"
             "r, w = os.pipe()\n"
             "os.write(w, b'world')\n"
             "#\n"
             "#\n"
             "#\n"
             "print(b.recv(5), os.read(r, 5))\n",
             "b'hello' b'world'\n", "probed 8 finished = 2\n");
  /* What does not end is ended, once. */
  code(2, 4, "while True: pass");
  assert_run("for i in range(3):\n    #\n    pass\nprint(i)\n", "2\n", "probed 2 stopped\n");
  code(3, 0, "l.acquire()");
  assert_run("import threading\nl = threading.Lock(); l.acquire()\n#\nprint(l.locked())\n",
             "True\n", "probed 3 stopped\n");
  end_worker(0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {statements_are_passed_wherever_they_stand,
                                exceptions_are_seen_as_they_leave,
                                values_of_names,
                                comments_have_a_place,
                                commented_code_is_run_apart,
                                code_in_functions_sees_what_it_would_see,
                                the_run_is_not_disturbed_by_what_is_run_apart,
                                NULL};
  return run_suite("worker_probes", tests);
}
