/* Runs with fixtures of the real worker: what they note, and that what a fixture does wrong is
 * never the snippet's doing. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "runner_world.h"

static void setup(void) {
  world_setup(TEST_WORKER, TEST_ADDRESS_BYTES);
}

static Snippet *with_remark(Snippet *snippet, guint line, guint first_line, const gchar *text) {
  Unclaimed *remark = unclaimed_new(line, text, "prose");
  remark->first_line = remark->last_line = first_line;
  g_ptr_array_add(snippet->unclaimed, remark);
  return snippet;
}

/* Counts what is asked of it. */
#define COUNTER                                                                                    \
  "PROVIDES = ['ask']\n"                                                                           \
  "import proctor\n"                                                                               \
  "state = {'asked': 0}\n"                                                                         \
  "def ask(what):\n"                                                                               \
  "    state['asked'] += 1\n"                                                                      \
  "    proctor.event('question', what, seconds=0.5, count=2)\n"                                    \
  "    return state['asked']\n"

#define COUNTER_WORDS                                                                              \
  COUNTER "@proctor.word('no question', 'question')\n"                                             \
          "def none(said):\n"                                                                      \
          "    return not said.events, f'{len(said.events)} questions'\n"                          \
          "@proctor.after\n"                                                                       \
          "def asked(run):\n"                                                                      \
          "    run.check('it was asked', state['asked'] > 0, str(state['asked']))\n"

START_TEST(each_run_has_the_fixture_to_itself) {
  FixtureChoice *choice = choice_with("counter.py", COUNTER);
  world_start();
  for (guint i = 0; i < 20; i++)
    submit(choice, NULL, "print(ask('a'))\nprint(ask('b'))\n");
  world_run_all();
  for (guint i = 0; i < 20; i++) {
    const Snippet *snippet = g_ptr_array_index(snippets, i);
    assert_prints(snippet, "1\n2\n");
    const Transcript *transcript = transcript_of(snippet);
    ck_assert_ptr_eq(transcript->fixture, choice);
    ck_assert_uint_eq(transcript->events->len, 2);
    const Event *event = g_ptr_array_index(transcript->events, 1);
    ck_assert_str_eq(event->kind, "question");
    ck_assert_str_eq(event->text, "b");
    ck_assert_uint_eq(event->line, 2);
    ck_assert_int_eq(event->count, 2);
    ck_assert_uint_eq(event->spent_ns, 500000000);
  }
}
END_TEST

START_TEST(words_and_checks_are_heard) {
  FixtureChoice *choice = choice_with("counter.py", COUNTER_WORDS);
  static const gchar *const after[] = {"x == 1", "x == 2", NULL};
  world_start();
  Snippet *snippet = script("y = 5  # no question\nx = ask('a')  # no question\n");
  with_remark(snippet, 1, 1, "no question");
  with_remark(snippet, 2, 2, "no question");
  submit_request(&(RunRequest){.snippet = snippet, .fixture = choice, .after = after});
  world_run_all();
  assert_prints(snippet, "");
  static const struct {
    CheckedKind kind;
    CheckedEnd end;
    guint line;
  } expected[] = {
      {CHECKED_REMARK, CHECKED_HOLDS, 1},       {CHECKED_REMARK, CHECKED_CONTRADICTED, 2},
      {CHECKED_AFTER, CHECKED_HOLDS, 0},        {CHECKED_FINAL, CHECKED_HOLDS, 1},
      {CHECKED_FINAL, CHECKED_CONTRADICTED, 2},
  };
  const GPtrArray *checked = transcript_of(snippet)->checked;
  ck_assert_uint_eq(checked->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    guint found = 0;
    for (guint k = 0; k < checked->len; k++) {
      const Checked *one = g_ptr_array_index(checked, k);
      found += one->kind == expected[i].kind && one->end == expected[i].end &&
               one->line == expected[i].line;
    }
    ck_assert_uint_eq(found, 1);
  }
}
END_TEST

START_TEST(forked_processes_note_nothing_of_the_field) {
  FixtureChoice *choice = choice_with("counter.py", COUNTER_WORDS);
  world_start();
  Snippet *snippet = submit(choice, NULL,
                            "import os\n"
                            "child = os.fork()\n"
                            "ask('a' if child else 'b')\n"
                            "if child: os.waitpid(child, 0)\n");
  world_run_all();
  assert_prints(snippet, "");
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_uint_eq(transcript->events->len, 1);
  ck_assert_str_eq(((const Event *)g_ptr_array_index(transcript->events, 0))->text, "a");
  ck_assert_uint_eq(transcript->checked->len, 1);
}
END_TEST

START_TEST(what_is_stuck_in_a_fixture_s_run_is_seen) {
  FixtureChoice *choice = choice_with("counter.py", COUNTER);
  world_start();
  Snippet *snippet = submit(choice, NULL,
                            "import threading\nlock = threading.Lock()\nlock.acquire()\n"
                            "lock.acquire()\n");
  world_run_all();
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_int_eq(transcript->outcome, OUTCOME_STUCK);
  ck_assert_uint_eq(transcript->last_line, 4);
}
END_TEST

/* --- what fixtures do wrong -------------------------------------------- */

typedef struct {
  const gchar *text;    /* of the fixture */
  const gchar *failure; /* a part of what is said */
} Bad;

static const Bad bad[] = {
    {"import os\nos._exit(3)\n", "fixture bad.py ended its process (exit 3) while it was run"},
    {"import os\nos.abort()\n", "fixture bad.py was killed by SIG"},
    {"import ctypes\nctypes.string_at(0)\n",
     "fixture bad.py was killed by SIGSEGV while it was run"},
    {"while True: pass\n", "fixture bad.py never ended: stopped after 1.5 s"},
    {"import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(1000)\n",
     "fixture bad.py never ended: stopped after 1.5 s"},
    {"import os\nos.closerange(3, 64)\n", "it closed descriptors that are not its own"},
    {"import os\nos.kill(os.getpid(), 9)\nos.kill(os.getppid(), 9)\nwhile True: pass\n",
     "fixture bad.py "},
    {"import os\nos.fork()\n", "forked"},
    {"raise ValueError('no books')\n", "ValueError: no books"},
    {"import sys\nsys.exit(3)\n", "SystemExit"},
    {"def broken(:\n", "SyntaxError"},
    {"import proctor, os\n@proctor.before\ndef f(run): os._exit(4)\n",
     "fixture bad.py ended the process (exit 4) before the snippet began"},
    {"import proctor\n@proctor.before\ndef f(run): raise KeyError('k')\n", "KeyError: 'k'"},
    {"import proctor, time\n@proctor.before\ndef f(run): time.sleep(1000)\n",
     "bad.py: its hooks (before, place, shows, words, after) took longer than 1."},
    {"import proctor, threading\n@proctor.before\ndef f(run): threading.Event().wait()\n",
     "bad.py"}, /* it is seen to be stuck, or takes too long: which comes first is chance */
    /* What it does to its interpreter and its process. */
    {"import builtins\nbuiltins.compile = builtins.__import__ = None\n",
     "fixture bad.py left no worker that can go on: Python could not be prepared: "},
    {"import builtins\nbuiltins.__dict__.clear()\n", "fixture bad.py left no worker"},
    {"import sys\nsys.modules.clear()\n", "fixture bad.py left no worker"},
    {"import sys\nsys.path = None\n", "fixture bad.py left no worker"},
    {"import sys\nsys.meta_path.clear()\n", "fixture bad.py left no worker"},
    {"import sys\ndef no(*a): raise ValueError('no')\nsys.addaudithook(no)\n",
     "fixture bad.py left no worker"},
    {"import proctor\nproctor._problem = lambda error: 5\nraise ValueError('x')\n",
     "fixture bad.py left no worker"},
    {"import os\n"
     "os.closerange(5, 64)\nos.dup2(os.open('/dev/null', 0), 3)\n",
     "fixture bad.py "},
    /* Its hooks while the snippet runs, and behind it. */
    {"import proctor, os\n@proctor.place('print')\ndef f(tree): os._exit(0)\n",
     "fixture bad.py: its hook ended the process (exit 0)"},
    {"import proctor, ctypes\n@proctor.place('print')\ndef f(tree): ctypes.string_at(0)\n",
     "fixture bad.py: its hook ended by signal 11"},
    {"import atexit, os\natexit.register(os._exit, 9)\n",
     "fixture bad.py: its hook ended the process (exit 9)"},
};

START_TEST(it_is_the_fixture_s_doing_alone) {
  g_autofree gchar *text = g_strconcat("PROVIDES = []\n", bad[_i].text, NULL);
  FixtureChoice *choice = choice_with("bad.py", text);
  FixtureChoice *good = choice_with("counter.py", COUNTER);
  options.fixture_ms = 1500;
  options.wall_ms = 1500;
  world_start();
  for (guint i = 0; i < 2; i++) {
    submit(choice, NULL, "if 0: print('never')\n");
    submit(NULL, NULL, "print('plain')\n");
    submit(good, NULL, "print(ask('a'))\n");
  }
  world_run_all();
  for (guint i = 0; i < snippets->len; i += 3) {
    const Transcript *transcript = transcript_of(g_ptr_array_index(snippets, i));
    ck_assert_msg(transcript->outcome == OUTCOME_UNREADY, "%d %s", transcript->outcome,
                  transcript->failure);
    ck_assert_ptr_nonnull(transcript->failure);
    ck_assert_msg(strstr(transcript->failure, bad[_i].failure) != NULL, "%s", transcript->failure);
    ck_assert_ptr_null(strchr(transcript->failure, '\n'));
    ck_assert_uint_eq(transcript->output->len, 0);
    assert_prints(g_ptr_array_index(snippets, i + 1), "plain\n");
    assert_prints(g_ptr_array_index(snippets, i + 2), "1\n");
  }
}
END_TEST

/* What the zygote puts right, or what is nobody's fault. */
static const gchar *const harmless[] = {
    "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n",
    "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n",
    "import os\nos.umask(0o777)\nos.chdir('/proc')\n",
    "import resource\nlimits = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))\n"
    "limits = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (5, limits[1]))\n",
    "import atexit\natexit.register(print, end='')\n",
};

START_TEST(what_does_no_harm) {
  g_autofree gchar *text = g_strconcat("PROVIDES = []\n", harmless[_i], NULL);
  FixtureChoice *choice = choice_with("rough.py", text);
  options.wall_ms = 5000;
  world_start();
  for (guint i = 0; i < 3; i++)
    submit(choice, NULL, "open('file', 'w').close()\nprint(open('file').read() + 'done')\n");
  world_run_all();
  for (guint i = 0; i < snippets->len; i++)
    assert_prints(g_ptr_array_index(snippets, i), "done\n");
}
END_TEST

/* Behind the fixture's hooks it is the snippet's doing again. */
START_TEST(the_snippet_s_own_end_stays_its_own) {
  FixtureChoice *choice =
      choice_with("hooks.py", "PROVIDES = []\nimport atexit, proctor\natexit.register(int)\n"
                              "@proctor.place('os')\ndef f(tree): return tree\n");
  world_start();
  Snippet *exits = submit(choice, NULL, "import os\nos._exit(3)\n");
  Snippet *late = submit(choice, NULL, "import atexit, os\natexit.register(os._exit, 4)\n");
  Snippet *crashes = submit(choice, NULL, "import os\nos.kill(os.getpid(), 11)\n");
  world_run_all();
  ck_assert_int_eq(transcript_of(exits)->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript_of(exits)->exit_code, 3);
  ck_assert_int_eq(transcript_of(late)->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript_of(late)->exit_code, 4);
  ck_assert_int_eq(transcript_of(crashes)->outcome, OUTCOME_SIGNALLED);
}
END_TEST

/* After the snippet, it has ended as it has. */
static const gchar *const bad_checks[] = {
    "import proctor, os\n@proctor.after\ndef f(run): os._exit(4)\n",
    "import proctor\n@proctor.after\ndef f(run): raise SystemExit(7)\n",
    "import proctor, ctypes\n@proctor.after\ndef f(run): ctypes.string_at(0)\n",
    "import proctor\n@proctor.after\ndef f(run): print('out of place')\n"
    "@proctor.after\ndef g(run): run.check('?', None)\n",
};

START_TEST(what_is_wrong_with_checks_is_not_clear) {
  g_autofree gchar *text = g_strconcat("PROVIDES = []\n", bad_checks[_i], NULL);
  FixtureChoice *choice = choice_with("bad.py", text);
  options.wall_ms = 1500;
  world_start();
  Snippet *finishes = submit(choice, NULL, "print('done')\n");
  Snippet *raises = submit(choice, NULL, "print('done')\n1 / 0\n");
  Snippet *exits = submit(choice, NULL, "print('done')\nraise SystemExit(3)\n");
  world_run_all();
  assert_prints(finishes, "done\n");
  ck_assert_int_eq(transcript_of(raises)->outcome, OUTCOME_RAISED);
  ck_assert_int_eq(transcript_of(exits)->outcome, OUTCOME_EXITED);
  ck_assert_int_eq(transcript_of(exits)->exit_code, 3);
  for (guint i = 0; i < snippets->len; i++) {
    const Transcript *transcript = transcript_of(g_ptr_array_index(snippets, i));
    ck_assert_str_eq(transcript->output->str, "done\n");
    ck_assert_uint_ge(transcript->checked->len, 1);
    for (guint k = 0; k < transcript->checked->len; k++)
      ck_assert_int_eq(((const Checked *)g_ptr_array_index(transcript->checked, k))->end,
                       CHECKED_UNCLEAR);
  }
}
END_TEST

/* But where it has no end, no snippet is run with it. */
static const gchar *const endless_checks[] = {
    "import proctor\n@proctor.after\ndef f(run):\n    while True: pass\n",
    "import proctor, threading\n@proctor.after\ndef f(run): threading.Event().wait()\n",
    "import proctor\n@proctor.word('.', 'x')\ndef f(said):\n    while True: pass\n"
    "@proctor.after\ndef g(run): f(run)\n",
};

START_TEST(checks_without_an_end_are_the_fixture_s_doing) {
  g_autofree gchar *text = g_strconcat("PROVIDES = []\n", endless_checks[_i], NULL);
  FixtureChoice *choice = choice_with("bad.py", text);
  options.wall_ms = 1500;
  world_start();
  Snippet *snippet = submit(choice, NULL, "print('done')\n");
  world_run_all();
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_int_eq(transcript->outcome, OUTCOME_UNREADY);
  ck_assert_msg(strstr(transcript->failure, "bad.py") != NULL, "%s", transcript->failure);
}
END_TEST

/* Two fixtures that load behind the same runner leave nothing of each other. */
START_TEST(fixtures_know_nothing_of_each_other) {
  FixtureChoice *first = choice_with(
      "first.py", "PROVIDES = ['name']\nimport os, sys\nname = 'first'\nos.environ['A'] = '1'\n"
                  "sys.modules['json'] = None\n");
  FixtureChoice *second = choice_with("second.py", "PROVIDES = ['name']\nname = 'second'\n");
  const gchar *source = "import os\nprint(name, os.environ.get('A'))\n";
  world_start();
  Snippet *of_first = submit(first, NULL, source), *of_second = submit(second, NULL, source);
  Snippet *plain = submit(NULL, NULL, "import json\nprint(json.dumps(1))\n");
  world_run_all();
  assert_prints(of_first, "first 1\n");
  assert_prints(of_second, "second None\n");
  assert_prints(plain, "1\n");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("fixture_runs");
  TCase *good = tcase_create("good");
  tcase_add_checked_fixture(good, setup, world_teardown);
  tcase_set_timeout(good, 60);
  tcase_add_test(good, each_run_has_the_fixture_to_itself);
  tcase_add_test(good, words_and_checks_are_heard);
  tcase_add_test(good, forked_processes_note_nothing_of_the_field);
  tcase_add_test(good, what_is_stuck_in_a_fixture_s_run_is_seen);
  tcase_add_test(good, fixtures_know_nothing_of_each_other);
  tcase_add_loop_test(good, what_does_no_harm, 0, G_N_ELEMENTS(harmless));
  tcase_add_test(good, the_snippet_s_own_end_stays_its_own);
  suite_add_tcase(suite, good);
  TCase *wrong = tcase_create("wrong");
  tcase_add_checked_fixture(wrong, setup, world_teardown);
  tcase_set_timeout(wrong, 60);
  tcase_add_loop_test(wrong, it_is_the_fixture_s_doing_alone, 0, G_N_ELEMENTS(bad));
  tcase_add_loop_test(wrong, what_is_wrong_with_checks_is_not_clear, 0, G_N_ELEMENTS(bad_checks));
  tcase_add_loop_test(wrong, checks_without_an_end_are_the_fixture_s_doing, 0,
                      G_N_ELEMENTS(endless_checks));
  suite_add_tcase(suite, wrong);
  SRunner *checks = srunner_create(suite);
  srunner_run_all(checks, CK_ENV);
  int failed = srunner_ntests_failed(checks);
  srunner_free(checks);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
