/* Fixtures: loading them, what goes wrong in one, and what they say of a run. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

/* --- what a run noted, as text ------------------------------------------ */

static void add_event(const JournalEvent *event) {
  notes_add("event %u/%u thread %u%s", event->line, event->outer_line, event->thread,
            event->flags & JOURNAL_EVENT_SHOWN ? " shown" : "");
  if (event->count >= 0)
    notes_add(" of %d", (int)event->count);
  if (event->spent_ns != UINT64_MAX)
    notes_add(" %u ms", (unsigned)(event->spent_ns / 1000000));
  notes_text(event, sizeof *event, 0, " ");
  notes_text(event, sizeof *event, 1, ": ");
  notes_add("\n");
}

static void add_checked(const JournalChecked *checked) {
  static const char *const kinds[] = {"?", "remark", "prose", "after", "final"};
  static const char *const ends[] = {"?", "holds", "contradicted", "unclear"};
  notes_add("%s %u %s", kinds[checked->kind % 5], checked->line, ends[checked->end % 4]);
  notes_text(checked, sizeof *checked, 0, " ");
  notes_text(checked, sizeof *checked, 1, ": ");
  notes_text(checked, sizeof *checked, 2, " = ");
  notes_text(checked, sizeof *checked, 3, " (");
  notes_add("\n");
}

static void add_value(const JournalValue *value) {
  notes_add("value %u", value->line);
  notes_text(value, sizeof *value, 2, " ");
  notes_text(value, sizeof *value, 1, ": ");
  notes_text(value, sizeof *value, 3, " shown ");
  notes_add("\n");
}

static void read_notes(void) {
  uint64_t position = 0;
  const JournalEntry *entry;
  notes_begin();
  while ((entry = journal_next(journal, run_number, &position))) {
    const void *whole = entry;
    if (entry->type == JOURNAL_EVENT)
      add_event(whole);
    else if (entry->type == JOURNAL_CHECKED)
      add_checked(whole);
    else if (entry->type == JOURNAL_VALUE)
      add_value(whole);
    else if (entry->type == JOURNAL_UNREADY) {
      notes_text(whole, sizeof(JournalText), 0, "unready ");
      notes_add("\n");
    } else if (entry->type == JOURNAL_FAILED) {
      notes_text(whole, sizeof(JournalText), 0, "failed ");
      notes_add("\n");
    } else if (entry->type == JOURNAL_HELD)
      notes_add("held\n");
  }
}

/* --- asking ------------------------------------------------------------- */

static void probe(WireProbeKind kind, uint32_t line, uint32_t first, uint32_t last,
                  const char *text) {
  WireProbe *made = probe_add(kind, line, text);
  made->first = first;
  made->last = last;
}

/* Runs a script, with the values of some lines; what was noted is in notes. */
static void run_with(const char *source, uint32_t count, uint32_t *value_lines) {
  run_probes(source, (WireUnit){.value_count = count, .value_lines = value_lines}, WIRE_HOLD_BACK);
  read_notes();
}

static void run(const char *source) {
  run_with(source, 0, NULL);
}

static void start_shop(const char *program, const char *variant) {
  start_worker_with(program, (const char *[]){"--fixture", FIXTURES "/shop.py", variant, NULL});
}

#define OPEN "after 1 holds closing: the shop is open = closed\n"

/* --- a fixture that is fine ---------------------------------------------- */

START_TEST(names_are_there) {
  start_shop(programs[_i], "full");
  run("print(shelf, variant_is, ready, Shelf)\n");
  ck_assert_str_eq(output, "<a shelf> full ['before'] <class '_ledger.Shelf'>\n");
  ck_assert_str_eq(errors, "");
  ck_assert_str_eq(notes, OPEN);
  assert_end(0);
  /* Each run has its own. */
  run("ready.append(1); print(ready)\n");
  run("print(ready, len(ready))\n");
  ck_assert_str_eq(output, "['before'] 1\n");
  run("import proctor\n");
  ck_assert_ptr_nonnull(strstr(errors, "ModuleNotFoundError: No module named 'proctor'"));
  run("print(nothing)\n");
  ck_assert_str_eq(notes, "held\n");
  end_worker(0);
  start_shop(programs[_i], "bare");
  run("print(variant_is, list(shelf))\n");
  ck_assert_str_eq(output, "bare []\n");
  end_worker(0);
}
END_TEST

START_TEST(nothing_else_changes) {
  start_shop(programs[_i], "full");
  run("import sys\n"
      "print(any('fixtures' in folder for folder in sys.path), sys.dont_write_bytecode)\n"
      "print([name for name in sys.modules if 'proctor' in name])\n"
      "print(sys.argv, __name__)\n");
  ck_assert_str_eq(output, "False False\n[]\n['snippet.py'] __main__\n");
  ck_assert_int_ne(access(FIXTURES "/__pycache__", F_OK), 0);
  end_worker(0);
}
END_TEST

START_TEST(events_have_their_lines) {
  start_shop(programs[_i], "full");
  run("def look():\n"
      "    return list(shelf)[:0]\n"
      "for item in shelf:\n"
      "    pass\n"
      "look()\n"
      "import threading\n"
      "thread = threading.Thread(target=look)\n"
      "thread.start(); thread.join()\n");
  ck_assert_str_eq(notes, "event 3/3 thread 0 of 3 500 ms look: nail\n"
                          "event 3/3 thread 0 of 3 500 ms look: screw\n"
                          "event 3/3 thread 0 of 3 500 ms look: bolt\n"
                          "event 2/5 thread 0 of 3 500 ms look: nail\n"
                          "event 2/5 thread 0 of 3 500 ms look: screw\n"
                          "event 2/5 thread 0 of 3 500 ms look: bolt\n"
                          "event 2/2 thread 1 of 3 500 ms look: nail\n"
                          "event 2/2 thread 1 of 3 500 ms look: screw\n"
                          "event 2/2 thread 1 of 3 500 ms look: bolt\n" OPEN);
  end_worker(0);
}
END_TEST

START_TEST(values_are_shown) {
  start_shop(programs[_i], "full");
  uint32_t lines[] = {1, 2};
  run_with("shelf\n"
           "[1, 2]\n",
           2, lines);
  ck_assert_str_eq(notes, "value 1: <a shelf> shown ['nail', 'screw', 'bolt']\n"
                          "value 2: [1, 2]\n" OPEN);
  run_with("Box('ab')\n"
           "1\n",
           1, lines);
  ck_assert_str_eq(notes, "event 1/1 thread 0 shown of 2 500 ms look: a\n"
                          "event 1/1 thread 0 shown of 2 500 ms look: b\n"
                          "value 1: ('a', 'b') shown ('a', 'b')\n" OPEN);
  end_worker(0);
}
END_TEST

START_TEST(words_judge_remarks) {
  static const struct {
    const char *source, *text;
    uint32_t line, first, last;
    const char *notes;
  } cases[] = {
      {"x = shelf\n", "No look yet", 1, 1, 1, "remark 1 holds no_look: No look yet\n"},
      {"x = [*shelf]\n", "no look", 1, 1, 1, "remark 1 contradicted no_look: no look\n"},
      {"x = [*shelf]\n", "3 looks", 1, 1, 1, "remark 1 holds looks: 3 looks = 3 looks\n"},
      {"x = [*shelf]\n", "a comment", 1, 1, 1, ""},
      {"x = [*shelf]\ny = 1\n", "3 looks", 2, 2, 2,
       "remark 2 contradicted looks: 3 looks = 0 looks\n"},
      {"x = [*shelf]\n", "1 look", 1, 0, 0,
       "remark 1 unclear looks: 1 look (it stands at no statement\n"},
      {"if not shelf:\n    x = [*shelf]\n", "3 looks", 2, 2, 2,
       "remark 2 unclear looks: 3 looks (its statement was never run\n"},
      {"x = [*shelf, 1 / 0]\n", "4 looks", 1, 1, 1,
       "remark 1 unclear looks: 4 looks = 3 looks (its statement raised an exception\n"},
      {"def f():\n    x = [*shelf]\nf()\n", "3 looks", 3, 3, 3,
       "remark 3 holds looks: 3 looks = 3 looks\n"},
      {"for i in range(20):\n    x = i\n", "runs 20 times", 2, 2, 2,
       "remark 2 holds times: runs 20 times = 20\n"},
      {"'doc'\nfrom __future__ import annotations\ndef f(n):\n  if n: f(n - 1)\nf(3)\n",
       "runs 4 times", 4, 4, 4, "remark 4 holds times: runs 4 times = 4\n"},
      {"x = 1\n", "it fails", 1, 1, 1,
       "remark 1 unclear fails: it fails (shop.py:82: ValueError: of no use\n"},
      {"x = 1\n", "perhaps", 1, 1, 1, "remark 1 unclear perhaps: perhaps\n"},
  };
  start_shop(programs[_i], "full");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    probe(WIRE_PROBE_REMARK, cases[i].line, cases[i].first, cases[i].last, cases[i].text);
    run(cases[i].source);
    const char *found = strstr(notes, "remark");
    size_t size = strlen(cases[i].notes);
    ck_assert_msg(size > 0 ? found && strncmp(found, cases[i].notes, size) == 0 : !found,
                  "%s with '%s':\n%s", cases[i].source, cases[i].text, notes);
    ck_assert_str_eq(output, "");
  }
  end_worker(0);
}
END_TEST

START_TEST(prose_is_judged_by_all_events) {
  start_shop(programs[_i], "full");
  probe(WIRE_PROBE_PROSE, 12, 0, 0, "That costs 3 looks.");
  probe(WIRE_PROBE_PROSE, 13, 0, 0, "No look at all.");
  probe(WIRE_PROBE_PROSE, 14, 0, 0, "wait");
  probe(WIRE_PROBE_PROSE, 15, 0, 0, "It has 2.5 shelves.\nThat costs 3 looks!  Or more.");
  run("x = [*shelf]\n");
  const char *found = strstr(notes, "prose");
  ck_assert_ptr_nonnull(found);
  ck_assert_str_eq(found, "prose 12 holds looks: That costs 3 looks. = 3 looks\n"
                          "prose 16 holds looks: That costs 3 looks! = 3 looks\n" OPEN
                          "after 0 contradicted closing: one look\n");
  end_worker(0);
}
END_TEST

START_TEST(checks_come_after_any_end) {
  static const struct {
    const char *source;
    int status;
    const char *notes;
  } cases[] = {
      {"is_open = False\n", 0, "after 1 contradicted closing: the shop is open = closed\n"},
      {"is_open = None\n", 0, "after 1 unclear closing: the shop is open = closed\n"},
      {"broken = 1\n", 0,
       OPEN "after 0 unclear closing: closing (shop.py:94: KeyError: 'broken'\n"},
      {"raise ValueError\n", 1, OPEN "after 0 unclear closing: raised ValueError\n"},
      {"raise SystemExit(3)\n", 3, OPEN "after 0 unclear closing: raised SystemExit\n"},
      {"1 +\n", 1, OPEN "after 0 unclear closing: raised SyntaxError\n"},
      {"import atexit; atexit.register(print, 'last')\nprint('first')\n", 0, OPEN},
      {"import sys; sys.stdout = None\n", 0, OPEN},
      {"import os; os.close(1); os.close(2)\n", 0, OPEN},
  };
  start_shop(programs[_i], "full");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    run(cases[i].source);
    ck_assert_str_eq(notes, cases[i].notes);
    assert_end(cases[i].status);
    ck_assert_ptr_null(strstr(output, "prints"));
  }
  end_worker(0);
}
END_TEST

START_TEST(threads_end_before_the_checks) {
  start_shop(programs[_i], "full");
  run("import threading, time\n"
      "def late():\n"
      "    threading.main_thread().join()\n"
      "    global is_open\n"
      "    is_open = None\n"
      "    print('late', list(shelf)[0])\n"
      "threading.Thread(target=late).start()\n"
      "threading.Thread(target=time.sleep, args=[60], daemon=True).start()\n");
  ck_assert_str_eq(notes, "event 6/6 thread 1 of 3 500 ms look: nail\n"
                          "event 6/6 thread 1 of 3 500 ms look: screw\n"
                          "event 6/6 thread 1 of 3 500 ms look: bolt\n"
                          "after 1 unclear closing: the shop is open = closed\n");
  ck_assert_str_eq(output, "late nail\n");
  assert_end(0);
  end_worker(0);
}
END_TEST

START_TEST(earlier_blocks_are_placed_and_are_no_events) {
  static WirePiece pieces[] = {
      {.line = 1, .size = 25, .source = "field = 1; y = [*shelf]\n\n"},
      {.line = 1, .size = 40, .source = "print(sorted(vars(Placed))[-1], len(y))\n"},
  };
  WireUnit units[] = {
      {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &pieces[0]},
      {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &pieces[1]},
  };
  start_shop(programs[_i], "full");
  WireRequest request = request_of(units, 2, 0);
  run_request(&request, (WireRun){0});
  read_notes();
  ck_assert_str_eq(output, "field 3\n");
  ck_assert_str_eq(notes, OPEN);
  end_worker(0);
}
END_TEST

START_TEST(fragments_are_placed) {
  start_shop(programs[_i], "full");
  uint32_t lines[] = {2};
  run_with("field = len('four')  # no look\n"
           "globals()['Placed'].field\n",
           1, lines);
  ck_assert_str_eq(notes, "value 2: 4\n" OPEN);
  run("field = 1\nprint(field)\n");
  ck_assert_ptr_nonnull(strstr(errors, "snippet.py\", line 2, in <module>\nNameError")
                            ? errors
                            : strstr(errors, "line 2, in <module>"));
  run("crash = 1\n");
  ck_assert_str_eq(notes, "unready shop.py:46: RuntimeError: no place\n");
  assert_end(0);
  run("twisted = 1\n");
  ck_assert_str_eq(notes, "unready shop.py: SyntaxError: 'return' outside function\n");
  run("field = 1\nreturn 3\n");
  ck_assert_ptr_nonnull(strstr(errors, "SyntaxError: 'return' outside function"));
  ck_assert_str_eq(notes, OPEN "after 0 unclear closing: raised SyntaxError\n");
  end_worker(0);
}
END_TEST

START_TEST(statements_are_counted_in_sessions) {
  static const WirePiece pieces[] = {
      {.line = 1, .size = 13, .source = "x = [*shelf]\n"},
      {.line = 2, .size = 6, .source = "1 / 0\n"},
      {.line = 3, .size = 6, .source = "y = x\n"},
  };
  start_shop(programs[_i], "full");
  probe(WIRE_PROBE_REMARK, 1, 1, 1, "3 looks");
  probe(WIRE_PROBE_REMARK, 3, 3, 3, "runs 1 times");
  WireUnit unit = {
      .kind = WIRE_TRANSCRIPT, .piece_count = 3, .pieces = (WirePiece *)(uintptr_t)pieces};
  run_probes(NULL, unit, 0);
  read_notes();
  const char *found = strstr(notes, "remark");
  ck_assert_ptr_nonnull(found);
  ck_assert_str_eq(found, "remark 1 holds looks: 3 looks = 3 looks\n"
                          "remark 3 holds times: runs 1 times = 1\n" OPEN);
  end_worker(0);
}
END_TEST

/* --- the expectation's own statements ------------------------------------ */

START_TEST(finals_need_no_fixture) {
  static const struct {
    const char *text, *notes;
  } cases[] = {
      {"x == 3", "final 1 holds after: x == 3\n"},
      {" x == 3 ", "final 1 holds after:  x == 3 \n"},
      {"x + 1 == 5", "final 1 contradicted after: x + 1 == 5 = 4\n"},
      {"0 < x < 3", "final 1 contradicted after: 0 < x < 3 = 0\n"},
      {"not x", "final 1 contradicted after: not x = False\n"},
      {"[x] and []", "final 1 contradicted after: [x] and [] = []\n"},
      {"x / 0", "final 1 contradicted after: x / 0 = ZeroDivisionError: division by zero\n"},
      {"missing == 1", "final 1 unclear after: missing == 1 (NameError: name 'missing' is not"
                       " defined\n"},
      {"sum(i for i in range(x) if i < x) == 3",
       "final 1 holds after: sum(i for i in range(x) if i < x) == 3\n"},
      {"next_one() == 1", "final 1 holds after: next_one() == 1\n"},
      {"print('hidden') is None", "final 1 holds after: print('hidden') is None\n"},
      {"exit(4)", "final 1 contradicted after: exit(4) = SystemExit: 4\n"},
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    probe(WIRE_PROBE_FINAL, 1, 0, 0, cases[i].text);
    run("x = 3\n"
        "count = iter([1, 2])\n"
        "def next_one():\n"
        "    return next(count)\n"
        "print('shown', end='')\n");
    ck_assert_str_eq(notes, cases[i].notes);
    ck_assert_str_eq(output, "shown");
    assert_end(0);
  }
  probe(WIRE_PROBE_FINAL, 1, 0, 0, "x");
  run("class X:\n"
      "    def __bool__(self): raise E\n"
      "class E(Exception):\n"
      "    def __str__(self): raise self\n"
      "x = X()\n");
  ck_assert_str_eq(notes, "final 1 contradicted after: x = E\n");
  probe(WIRE_PROBE_FINAL, 2, 0, 0, "x ==");
  run("x = 1\n");
  ck_assert_ptr_nonnull(strstr(notes, "final 2 unclear after: x == (SyntaxError: "));
  end_worker(0);
}
END_TEST

/* --- a fixture that is not ------------------------------------------------ */

static char folder[] = "/tmp/proctor-fixtures-XXXXXX";

/* A worker with a fixture of this text. */
static void start_text(const char *program, const char *text) {
  static char path[64];
  strcpy(folder + sizeof folder - 7, "XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/broken.py", folder);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
  start_worker_with(program, (const char *[]){"--fixture", path, "", "--hash-seed", "7", NULL});
}

static void end_text(void) {
  static char path[64];
  end_worker(0);
  snprintf(path, sizeof path, "%s/broken.py", folder);
  unlink(path);
  ck_assert_msg(rmdir(folder) == 0, "something was left in %s", folder);
}

START_TEST(what_goes_wrong_is_told) {
  static const struct {
    const char *text, *summary, *traceback; /* a part of it; NULL: there is none */
  } cases[] = {
      {"def f():\n    return {}['key']\n\ndef setup(variant):\n    f()\n",
       "broken.py:2: KeyError: 'key'", "broken.py\", line 5, in setup\n    f()\n"},
      {"NEEDS = {'no_such_thing': 'python3-thing'}\nimport no_such_thing\n",
       "fixture 'broken' needs the module 'no_such_thing': install python3-thing", NULL},
      {"NEEDS = {'json': 'python3', 'no_such.thing': 'a', 'nor_this': 'b'}\n",
       "fixture 'broken' needs the modules 'no_such.thing' and 'nor_this': install a, b", NULL},
      {"x = 1\ndef f(:\n", "broken.py:2: SyntaxError: invalid syntax", "broken.py\", line 2"},
      {"PROVIDES = ['Book']\n", "fixture 'broken' has no 'Book', which its PROVIDES promises",
       NULL},
      {"import threading, time\n"
       "threading.Thread(target=time.sleep, args=[60], name='sleeper', daemon=True).start()\n",
       "fixture 'broken' left the thread 'sleeper' running", NULL},
      {"import subprocess\nsubprocess.Popen(['sleep', '60'])\n",
       "fixture 'broken' left a process running", NULL},
      {"import os\nif os.fork() == 0:\n    pass\n",
       "fixture 'broken' forked a process that came back from it: end that with os._exit()", NULL},
      {"import os\nif os.fork() == 0:\n    raise ValueError\nelse:\n    os.wait()\n",
       "fixture 'broken' forked a process that came back from it: end that with os._exit()", NULL},
      {"import sys\nsys.exit('no')\n", "broken.py:2: SystemExit: no", "line 2, in <module>"},
      {"raise KeyboardInterrupt\n", "broken.py:1: KeyboardInterrupt", "line 1, in <module>"},
      {"import proctor\n@proctor.before\ndef f(run):\n    print('x')\n    1 / 0\n",
       "broken.py:5: ZeroDivisionError: division by zero", "line 5, in f"},
      {"import proctor\ndef setup(variant):\n    raise proctor.NotReady('needs  a\\nserver')\n",
       "needs a server", NULL},
      {"import proctor\nclass NoServer(proctor.NotReady): pass\n"
       "@proctor.before\ndef f(run):\n    raise NoServer('no server answers')\n",
       "no server answers", NULL},
      {"import proctor, os\n@proctor.before\ndef f(run): os.closerange(3, 64)\n",
       "a hook of the fixture closed descriptors that are not its own", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    start_text(programs[_i], cases[i].text);
    for (int again = 0; again < 2; again++) {
      run("print('snippet')\n");
      ck_assert_str_eq(output, "");
      ck_assert_str_eq(errors, "");
      const JournalText *unready = entry_of(JOURNAL_UNREADY, 0);
      ck_assert_msg(unready != NULL, "%s is ready", cases[i].text);
      assert_text(unready, sizeof *unready, 0, cases[i].summary);
      const char *text;
      size_t size;
      ck_assert(journal_text((const JournalEntry *)unready, sizeof *unready, 1, &text, &size));
      ck_assert_msg(cases[i].traceback
                        ? memmem(text, size, cases[i].traceback, strlen(cases[i].traceback)) != NULL
                        : size == 0,
                    "%s: %.*s", cases[i].text, (int)size, text);
      ck_assert_ptr_null(memmem(text, size, "proctor loader", 14));
      assert_end(0);
    }
    end_text();
  }
}
END_TEST

START_TEST(what_ends_in_time_is_fine) {
  static const char *const texts[] = {
      "import threading\nt = threading.Thread(target=print)\nt.start(); t.join()\n",
      "import subprocess\nsubprocess.Popen(['true'])\n",
      "import os\nif os.fork() == 0:\n    os._exit(0)\n",
      "from concurrent.futures import ThreadPoolExecutor\n"
      "with ThreadPoolExecutor() as pool:\n    pool.submit(print).result()\n",
      "import sys\nsys.stdout.write('not seen'); sys.stderr.write('')\n",
      "import os\nos.write(1, b'not seen')\n",
      "import sys, io\nsys.stdout = io.StringIO()\n",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    start_text(programs[_i], texts[i]);
    run("import threading; print('snippet', threading.active_count())\n");
    ck_assert_str_eq(notes, "");
    ck_assert_str_eq(output, "snippet 1\n");
    assert_end(0);
    ck_assert_uint_eq(done.survivors, 0);
    end_text();
  }
}
END_TEST

START_TEST(hooks_have_a_deadline) {
  if (_i > 0) /* it is as long for all */
    return;
  start_text(programs[_i], "import proctor\n@proctor.after\ndef f(run):\n    while True: pass\n");
  run("import signal\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
      "print('snippet')\n");
  ck_assert_str_eq(output, "snippet\n");
  ck_assert_str_eq(notes, "unready broken.py: its hooks (before, place, shows, words, after) took "
                          "longer than 5 s\n");
  end_text();
}
END_TEST

START_TEST(hooks_leave_the_run_time_to_tell) {
  static const char *const hooks[] = {
      "@proctor.before\ndef f(run):\n    while True: pass\n",
      "@proctor.place('snippet')\ndef f(tree):\n    while True: pass\n",
      "@proctor.shows(list, apart=False)\ndef f(value):\n    while True: pass\n",
      "@proctor.after\ndef f(run):\n    while True: pass\n",
  };
  for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
    char text[256], took[64];
    unsigned hundredths;
    snprintf(text, sizeof text, "import proctor\n%s", hooks[i]);
    start_text(programs[_i], text);
    run_script_with("print('snippet')\n[]\n", 0, 2, 0, (WireRun){.wall_ms = 400});
    read_notes();
    const char *unready = strstr(notes, "unready");
    ck_assert_msg(
        unready && sscanf(unready,
                          "unready broken.py: its hooks (before, place, shows, words, after) took "
                          "longer than 0.%2u s, of 0.4 s for the %63s",
                          &hundredths, took) == 2,
        "%s: %s", hooks[i], notes);
    ck_assert_uint_le(hundredths, 30); /* three quarters of what was left */
    end_text();
  }
}
END_TEST

/* Two threads of the snippet's are in a hook at once. */
START_TEST(threads_share_a_deadline) {
  start_text(programs[_i], "PROVIDES = ['Slow']\n"
                           "import proctor, threading\n"
                           "class Slow: pass\n"
                           "both = threading.Barrier(2)\n"
                           "@proctor.shows(Slow, apart=False)\n"
                           "def slow(value):\n"
                           "    both.wait(20)\n"
                           "    return 'slow'\n");
  probe_add(WIRE_PROBE_AFTER, 3, "x");
  run("import threading\n"
      "def f():\n"
      "    x = Slow()\n"
      "threads = [threading.Thread(target=f) for _ in 'ab']\n"
      "for each in threads: each.start()\n"
      "for each in threads: each.join()\n"
      "caught = [line.split()[1] for line in open('/proc/self/status') if 'SigCgt' in line]\n"
      "print(int(caught[0], 16) >> 62 & 1)\n");
  ck_assert_str_eq(notes, "value 3 x: 'slow' shown 'slow'\n"
                          "value 3 x: 'slow' shown 'slow'\n");
  ck_assert_str_eq(output, "0\n");
  assert_end(0);
  end_text();
}
END_TEST

START_TEST(what_cannot_be_said_ends_no_other_check) {
  start_text(programs[_i], "import proctor\n"
                           "class Bad:\n"
                           "    def __str__(self): raise ValueError('no words')\n"
                           "@proctor.word('bad', 'x')\n"
                           "def bad(said): return False, Bad()\n"
                           "@proctor.word('fine', 'x')\n"
                           "def fine(said): return False, 'seen'\n"
                           "class Check:\n"
                           "    def __call__(self, run): run.check(Bad(), False)\n"
                           "proctor.after(Check())\n"
                           "@proctor.after\n"
                           "def closing(run): run.check('closed', True)\n");
  probe(WIRE_PROBE_REMARK, 1, 1, 1, "bad");
  probe(WIRE_PROBE_REMARK, 2, 2, 2, "fine");
  run("x = 1\ny = 2\n");
  ck_assert_str_eq(notes, "remark 1 unclear bad: bad (broken.py:3: ValueError: no words\n"
                          "remark 2 contradicted fine: fine = seen\n"
                          "after 0 unclear Check: Check (broken.py:3: ValueError: no words\n"
                          "after 0 holds closing: closed\n");
  end_text();
  start_text(programs[_i], "import proctor\n"
                           "@proctor.before\n"
                           "def f(run): run._remarks = None\n");
  run("x = 1\n");
  ck_assert_str_eq(notes, "after 0 unclear checks: what is checked when the snippet has been run "
                          "(broken.py: TypeError: 'NoneType' object is not iterable\n");
  assert_end(0);
  end_text();
}
END_TEST

START_TEST(events_never_raise) {
  static const struct {
    const char *arguments, *events, *checks;
  } cases[] = {
      {"'x', 'a'", "event 1/1 thread 0 x: a\n", ""},
      {"'x', 5", "event 1/1 thread 0 x: 5\n", ""},
      {"b'x', None, True, True", "event 1/1 thread 0 of 1 1000 ms b'x': None\n", ""},
      {"'x', 'a', float('nan'), 2 ** 70", "event 1/1 thread 0 x: a\n", ""},
      {"'x', 'a', -1, -1", "event 1/1 thread 0 x: a\n", ""},
      {"'x', 'a', 1e300, 2.5", "event 1/1 thread 0 of 2 x: a\n", ""},
      {"'x', 'a', 'soon'", "", "ValueError: could not convert string to float: 'soon'"},
      {"'x', 'a', None, []", "", "TypeError: int() argument must be a string"},
      {"'x', Bad()", "", "KeyError: 'bad'"},
  };
  start_text(programs[_i], "PROVIDES = ['tell', 'Bad']\n"
                           "import proctor\n"
                           "class Bad:\n"
                           "    def __str__(self): raise KeyError('bad')\n"
                           "def tell(*arguments):\n"
                           "    proctor.event(*arguments)\n"
                           "@proctor.word('no event', 'x')\n"
                           "def none(said): return not said.events\n");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char source[128], wanted[256];
    snprintf(source, sizeof source, "tell(%s)\nprint('fine')\n", cases[i].arguments);
    probe(WIRE_PROBE_REMARK, 2, 2, 2, "no event");
    run(source);
    ck_assert_str_eq(output, "fine\n");
    assert_end(0);
    bool is_lost = *cases[i].checks != '\0';
    snprintf(wanted, sizeof wanted, "%sremark 2 %s none: no event%s", cases[i].events,
             is_lost ? "unclear" : "holds",
             is_lost ? " (an event was no text with numbers: broken.py:" : "\n");
    ck_assert_msg(strncmp(notes, wanted, strlen(wanted)) == 0, "%s: %s", source, notes);
    snprintf(wanted, sizeof wanted,
             "after 0 unclear events: an event was no text with numbers (broken.py:%c: %s",
             strstr(source, "Bad") ? '4' : '6', cases[i].checks);
    ck_assert_msg(is_lost == (strstr(notes, wanted) != NULL), "%s: %s", source, notes);
  }
  end_text();
}
END_TEST

/* The snippet has left so many descriptors: for keeping two of them apart three are needed. */
START_TEST(checks_need_some_descriptors) {
  static const char takes_all[] = "import os, resource, sys\n"
                                  "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
                                  "taken = []\n"
                                  "try:\n"
                                  "    while True: taken.append(os.open('/dev/null', 0))\n"
                                  "except OSError: pass\n"
                                  "for _ in range(free): os.close(taken.pop())\n"
                                  "print('snippet')\n";
  start_text(programs[_i], "import proctor\n"
                           "@proctor.after\n"
                           "def closing(run): run.check('closed', True); print('printed')\n");
  for (unsigned number = 0; number < 6; number++) {
    char source[512];
    snprintf(source, sizeof source, "free = %u\n%s", number, takes_all);
    probe(WIRE_PROBE_FINAL, 1, 0, 0, "free >= 0");
    run(source);
    ck_assert_str_eq(output, "snippet\n");
    ck_assert_str_eq(errors, "");
    ck_assert_str_eq(
        notes, number >= 3 ? "final 1 holds after: free >= 0\n"
                             "after 0 holds closing: closed\n"
                           : "final 1 unclear after: free >= 0 (no descriptor is left to keep "
                             "apart what is printed\n"
                             "after 0 unclear checks: what is checked when the snippet has "
                             "been run (no descriptor is left to keep apart what is printed\n");
    assert_end(0);
  }
  end_text();
}
END_TEST

START_TEST(words_are_told_sentences_and_checks_lines) {
  start_text(programs[_i],
             "import proctor\n"
             "@proctor.word('look', 'x', prose=True)\n"
             "def look(said): return None, said.sentence + ' / ' + str(said.sentences)\n"
             "@proctor.after\n"
             "def closing(run): run.check(str(sorted(run.raised_lines)), None)\n");
  probe(WIRE_PROBE_PROSE, 12, 0, 0, "It has 2.5 shelves:\na look\nis free. A  look! Or more");
  run("def f():\n    1 / 0\nf()\n");
  ck_assert_str_eq(notes, "prose 13 unclear look: a look\nis free."
                          " = a look is free. / ['a look is free.', 'A look!']\n"
                          "after 0 unclear closing: [2, 3]\n");
  end_text();
}
END_TEST

int main(void) {
  const TTest *const tests[] = {names_are_there,
                                nothing_else_changes,
                                events_have_their_lines,
                                values_are_shown,
                                words_judge_remarks,
                                prose_is_judged_by_all_events,
                                checks_come_after_any_end,
                                threads_end_before_the_checks,
                                earlier_blocks_are_placed_and_are_no_events,
                                fragments_are_placed,
                                statements_are_counted_in_sessions,
                                finals_need_no_fixture,
                                what_goes_wrong_is_told,
                                what_ends_in_time_is_fine,
                                hooks_have_a_deadline,
                                hooks_leave_the_run_time_to_tell,
                                threads_share_a_deadline,
                                what_cannot_be_said_ends_no_other_check,
                                events_never_raise,
                                checks_need_some_descriptors,
                                words_are_told_sentences_and_checks_lines,
                                NULL};
  return run_suite("fixtures", tests);
}
