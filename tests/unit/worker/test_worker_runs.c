/* What a run yields: output with its lines, values, exceptions, names, the end. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

static void assert_write(unsigned index, unsigned stream, unsigned line, unsigned outer_line,
                         const char *bytes) {
  const JournalWrite *write = entry_of(JOURNAL_WRITE, index);
  ck_assert_ptr_nonnull(write);
  ck_assert_uint_eq(write->stream, stream);
  ck_assert_uint_eq(write->line, line);
  ck_assert_uint_eq(write->outer_line, outer_line);
  ck_assert_uint_eq(write->length, strlen(bytes));
  ck_assert_uint_eq(write->hash, journal_hash(bytes, strlen(bytes)));
}

/* --- what a run yields ------------------------------------------------- */

START_TEST(output_is_attributed_to_lines) {
  start_worker(programs[_i]);
  run_script("import sys\n"
             "def f():\n"
             "    print('in', 'f')\n"
             "f()\n"
             "print('\\u00e9', end='')\n"
             "sys.stderr.write('bad\\n')\n"
             "print()\n");
  ck_assert_str_eq(output, "in f\n\xc3\xa9\n");
  ck_assert_str_eq(errors, "bad\n");
  assert_write(0, 1, 3, 4, "in f\n");
  assert_write(1, 1, 5, 5, "\xc3\xa9");
  assert_write(2, 2, 6, 6, "bad\n");
  assert_write(3, 1, 7, 7, "\n");
  ck_assert_int_eq(done.status, 0);
  ck_assert_uint_gt(done.peak_bytes, journal->start_peak_bytes / 2);
  assert_end(0);
  end_worker(0);
}
END_TEST

START_TEST(exception_is_noted_with_its_place) {
  start_worker(programs[_i]);
  run_script("import decimal\n"
             "def f():\n"
             "    decimal.Decimal('x')\n"
             "f()\n");
  const JournalRaised *raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 0, "decimal.InvalidOperation");
  ck_assert_uint_eq(raised->line, 3);
  ck_assert_uint_eq(raised->outer_line, 4);
  ck_assert_uint_eq(raised->flags, 0);
  ck_assert_int_eq(WEXITSTATUS(done.status), 1);
  ck_assert_ptr_nonnull(strstr(errors, "line 3, in f"));

  run_script("print(nothing_there)\n");
  raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 0, "NameError");
  assert_text(raised, sizeof *raised, 1, "NameError Exception BaseException");
  assert_text(raised, sizeof *raised, 2, "name 'nothing_there' is not defined");
  assert_text(raised, sizeof *raised, 3, "nothing_there");

  run_script("import no_such.module\n");
  raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 0, "ModuleNotFoundError");
  assert_text(raised, sizeof *raised, 3, "no_such");

  run_script("x = 1\nif x\n    y\n");
  raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 0, "SyntaxError");
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_COMPILING);
  ck_assert_uint_eq(raised->line, 2);

  run_script("raise SystemExit(4)\n");
  raised = entry_of(JOURNAL_RAISED, 0);
  ck_assert_ptr_nonnull(raised);
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_EXIT);
  ck_assert_int_eq(WEXITSTATUS(done.status), 4);
  assert_end(4);
  end_worker(0);
}
END_TEST

START_TEST(value_asked_for_is_noted) {
  start_worker(programs[_i]);
  const char *source = "'a docstring'\n"
                       "1 + 1\n"
                       "[__doc__, None]\n";
  run_script_with(source, 0, 3, 0, (WireRun){0});
  const JournalValue *value = entry_of(JOURNAL_VALUE, 0);
  assert_text(value, sizeof *value, 0, "list");
  assert_text(value, sizeof *value, 1, "['a docstring', None]");
  ck_assert_uint_eq(value->line, 3);
  ck_assert_ptr_null(entry_of(JOURNAL_VALUE, 1));
  run_script_with("for i in range(2):\n    i * 10\n", 0, 2, 0, (WireRun){0});
  assert_text(entry_of(JOURNAL_VALUE, 0), sizeof *value, 1, "0");
  assert_text(entry_of(JOURNAL_VALUE, 1), sizeof *value, 1, "10");
  /* A repr that raises is no value and no error. */
  run_script_with("class A:\n    def __repr__(self): raise ValueError\nA()\nprint('on')\n", 0, 3, 0,
                  (WireRun){0});
  ck_assert_ptr_null(entry_of(JOURNAL_VALUE, 0));
  ck_assert_str_eq(output, "on\n");
  ck_assert_int_eq(done.status, 0);
  end_worker(0);
}
END_TEST

START_TEST(passing_line_does_not_end_the_script) {
  start_worker(programs[_i]);
  run_script_with("from __future__ import annotations\n"
                  "print('one')\n"
                  "1 / 0\n"
                  "def f(x: nothing): pass\n"
                  "print('two')\n"
                  "undefined\n",
                  0, 0, 3, (WireRun){0});
  ck_assert_str_eq(output, "one\ntwo\n");
  const JournalRaised *raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 0, "ZeroDivisionError");
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_PASSED);
  ck_assert_ptr_nonnull(strstr(errors, "line 3, in <module>"));
  raised = entry_of(JOURNAL_RAISED, 1);
  assert_text(raised, sizeof *raised, 0, "NameError");
  ck_assert_uint_eq(raised->flags, 0);
  ck_assert_int_eq(WEXITSTATUS(done.status), 1);
  end_worker(0);
}
END_TEST

START_TEST(transcript_goes_on_after_each_prompt) {
  start_worker(programs[_i]);
  WirePiece earlier = {.line = 1, .size = 31, .source = "print('unseen')\n1 / 0\nbase = 40\n"};
  WirePiece prompts[] = {{.line = 2, .size = 8, .source = "base + 2"},
                         {.line = 4, .size = 8, .source = "missing\n"},
                         {.line = 7, .size = 18, .source = "def f():\n return _"},
                         {.line = 9, .size = 6, .source = "f() + "},
                         {.line = 11, .size = 3, .source = "f()"}};
  WireUnit units[] = {{.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &earlier},
                      {.kind = WIRE_TRANSCRIPT, .piece_count = 5, .pieces = prompts}};
  WireRequest request = request_of(units, 2, 0);
  run_request(&request, (WireRun){0});
  ck_assert_str_eq(output, "42\n42\n");
  assert_write(0, 1, 2, 2, "42\n");
  ck_assert_uint_eq(((const JournalWrite *)entry_of(JOURNAL_WRITE, 0))->unit, 1);
  const JournalRaised *raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 3, "missing");
  ck_assert_uint_eq(raised->line, 4);
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_PASSED);
  raised = entry_of(JOURNAL_RAISED, 1);
  ck_assert_ptr_nonnull(raised);
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_PASSED | JOURNAL_RAISED_COMPILING);
  ck_assert_uint_eq(raised->line, 9);
  ck_assert_int_eq(done.status, 0);
  end_worker(0);
}
END_TEST

START_TEST(names_decide_what_is_held_back) {
  static const struct {
    const char *source;
    const char *needed;
    unsigned certain;
    bool is_held;
  } cases[] = {
      {"Order.objects.all()\n", "Order", 1, true},
      {"class A(Base):\n    x = field()\n", "Base field", 2, true},
      {"[thing for x in items]\n", NULL, 2, true},
      {"def f():\n    return later\n", "later", 0, false},
      {"lambda: later\n", "later", 0, false},
      {"if False:\n    never\n", "never", 0, false},
      {"x = True or never\n", "never", 0, false},
      {"raise SystemExit\nnever\n", "never", 0, false},
      {"print(gone)  # NameError\n", "gone", 1, false},
      {"from math import *\npi\n", "pi", 1, false},
      {"try:\n    gone\nexcept Exception:\n    pass\n", "gone", 1, false},
      {"def f():\n    global g\n    g = 1\nf()\nprint(g, __name__, __file__)\n", "", 0, false},
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    run_script_with(cases[i].source, WIRE_HOLD_BACK, 0, 0, (WireRun){0});
    const JournalNames *names = entry_of(JOURNAL_NAMES, 0);
    ck_assert_ptr_nonnull(names);
    ck_assert_msg(names->certain == cases[i].certain, "%u certain in: %s", names->certain,
                  cases[i].source);
    if (cases[i].needed)
      assert_text(names, sizeof *names, 1, cases[i].needed);
    ck_assert_msg((entry_of(JOURNAL_HELD, 0) != NULL) == cases[i].is_held, "held: %s",
                  cases[i].source);
    ck_assert_msg((entry_of(JOURNAL_SUBJECT, 0) == NULL) == cases[i].is_held, "ran: %s",
                  cases[i].source);
  }
  end_worker(0);
}
END_TEST

START_TEST(python_shuts_down_as_ever) {
  start_worker(programs[_i]);
  run_script("import atexit, threading\n"
             "class A:\n"
             "    def __del__(self): print('deleted')\n"
             "a = A()\n"
             "a.itself = a\n"
             "gate = threading.Event()\n"
             "def late():\n"
             "    gate.wait()\n"
             "    print('thread')\n"
             "threading.Thread(target=late).start()\n"
             "atexit.register(print, 'exit')\n"
             "gate.set()\n");
  ck_assert_str_eq(output, "thread\nexit\ndeleted\n");
  ck_assert_str_eq(errors, "");
  ck_assert_uint_eq(((const JournalWrite *)entry_of(JOURNAL_WRITE, 0))->thread, 1);
  ck_assert_ptr_nonnull(entry_of(JOURNAL_ENDING, 0));
  assert_end(0);
  run_script("raise KeyboardInterrupt\n");
  ck_assert(WIFSIGNALED(done.status) && WTERMSIG(done.status) == SIGINT);
  end_worker(0);
}
END_TEST

START_TEST(thread_and_process_are_told_apart) {
  start_worker(programs[_i]);
  run_script("import threading\n"
             "def f(): raise ValueError('there')\n"
             "t = threading.Thread(target=f)\n"
             "t.start()\n"
             "t.join()\n");
  const JournalRaised *raised = entry_of(JOURNAL_RAISED, 0);
  assert_text(raised, sizeof *raised, 2, "there");
  ck_assert_uint_eq(raised->flags, JOURNAL_RAISED_THREAD);
  ck_assert_ptr_nonnull(strstr(errors, "ValueError: there"));
  ck_assert_int_eq(done.status, 0);
  run_script("import os\n"
             "if os.fork() == 0:\n"
             "    print('child', flush=True)\n"
             "    os._exit(3)\n"
             "os.wait()\n"
             "print('parent')\n");
  ck_assert_str_eq(output, "child\nparent\n");
  ck_assert_uint_ne(((const JournalWrite *)entry_of(JOURNAL_WRITE, 0))->entry.process, 0);
  ck_assert_uint_eq(((const JournalWrite *)entry_of(JOURNAL_WRITE, 1))->entry.process, 0);
  const JournalExit *leave = entry_of(JOURNAL_EXIT, 0);
  ck_assert_ptr_nonnull(leave);
  ck_assert_int_eq(leave->status, 3);
  ck_assert_uint_eq(leave->line, 4);
  ck_assert_uint_ne(leave->entry.process, 0);
  end_worker(0);
}
END_TEST

START_TEST(line_buffering_is_as_asked) {
  start_worker(programs[_i]);
  const char *source = "import os\nprint('seen?')\nos.kill(os.getpid(), 9)\n";
  run_script(source);
  ck_assert_str_eq(output, "");
  run_script_with(source, WIRE_LINE_BUFFERED, 0, 0, (WireRun){0});
  ck_assert_str_eq(output, "seen?\n");
  end_worker(0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {output_is_attributed_to_lines,
                                exception_is_noted_with_its_place,
                                value_asked_for_is_noted,
                                passing_line_does_not_end_the_script,
                                transcript_goes_on_after_each_prompt,
                                names_decide_what_is_held_back,
                                python_shuts_down_as_ever,
                                thread_and_process_are_told_apart,
                                line_buffering_is_as_asked,
                                NULL};
  return run_suite("worker_runs", tests);
}
