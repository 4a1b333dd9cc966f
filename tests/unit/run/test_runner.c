/*
 * The runner with the real worker: how runs end, what limits do, and that
 * nothing is left of any of it.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/process_tree.h"
#include "run/runner.h"
#include "run/scratch.h"
#include "wire/wire.h"

static RunnerOptions options;
static Runner *runner;
static GPtrArray *snippets;
static GPtrArray *ended; /* Transcript *, in the order of their ends */
static guint submitted;
static gchar *temporary;

static void setup(void) {
  temporary = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_setenv("TMPDIR", temporary, TRUE);
  g_setenv("PYTHONSTARTUP", "/nowhere", TRUE);
  g_setenv("SECRET_OF_THE_USER", "1", TRUE);
  options = runner_options();
  options.worker = TEST_WORKER;
  options.lanes = 2;
  options.wall_ms = 300000;
  options.address_bytes = TEST_ADDRESS_BYTES;
  runner = NULL;
  snippets = g_ptr_array_new_with_free_func((GDestroyNotify)snippet_free);
  ended = g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
  submitted = 0;
}

static void assert_nothing_left(void) {
  g_autoptr(GArray) tree = process_tree_list(getpid());
  ck_assert_uint_eq(tree->len, 0);
  g_autoptr(GDir) folder = g_dir_open(temporary, 0, NULL);
  ck_assert_ptr_nonnull(folder);
  ck_assert_ptr_null(g_dir_read_name(folder));
}

static void teardown(void) {
  runner_free(runner);
  assert_nothing_left();
  g_ptr_array_unref(ended);
  g_ptr_array_unref(snippets);
  scratch_remove(temporary);
  g_free(temporary);
}

static void start(void) {
  g_autoptr(GError) error = NULL;
  runner = runner_new(&options, &error);
  ck_assert_msg(runner != NULL, "%s", error != NULL ? error->message : "");
}

/* The callback's place in `ended` is told apart by the snippet's ordinal. */
static void on_done(Transcript *transcript, gpointer data) {
  Snippet *snippet = data;
  snippet->ordinal = ended->len;
  g_ptr_array_add(ended, transcript);
}

static Snippet *script(const gchar *source) {
  Snippet *snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 1);
  snippet->ordinal = G_MAXUINT;
  g_ptr_array_add(snippets, snippet);
  return snippet;
}

static Snippet *submit(const gchar *source) {
  Snippet *snippet = script(source);
  RunRequest request = {.snippet = snippet, .line_buffered = TRUE};
  runner_submit(runner, &request, on_done, snippet);
  submitted++;
  return snippet;
}

static void run_all(void) {
  while (ended->len < submitted)
    g_main_context_iteration(NULL, TRUE);
}

static const Transcript *transcript_of(const Snippet *snippet) {
  ck_assert_uint_lt(snippet->ordinal, ended->len);
  return g_ptr_array_index(ended, snippet->ordinal);
}

static void assert_outcome(const Snippet *snippet, OutcomeKind outcome) {
  const Transcript *transcript = transcript_of(snippet);
  g_autofree gchar *text = transcript_outcome_text(transcript);
  ck_assert_msg(transcript->outcome == outcome, "%s: %s\n%s", snippet->source, text,
                transcript->errors->str);
}

/* After whatever came before, the runner still works. */
static void assert_works(void) {
  const Snippet *snippet = submit("print('still here')");
  run_all();
  assert_outcome(snippet, OUTCOME_FINISHED);
  ck_assert_str_eq(transcript_of(snippet)->output->str, "still here\n");
}

static gboolean has_own_pids(void) {
  guint isolation;
  g_autofree gchar *python = NULL;
  ck_assert(runner_describe(runner, &isolation, &python));
  return (isolation & WIRE_OWN_PIDS) != 0;
}

/* --- how runs end ------------------------------------------------------ */

START_TEST(two_hundred_runs_each_get_their_own_transcript) {
  start();
  for (guint i = 0; i < 200; i++) {
    g_autofree gchar *source = g_strdup_printf("x = %u\nprint('number', x)\n", i);
    submit(source);
  }
  run_all();
  for (guint i = 0; i < 200; i++) {
    const Snippet *snippet = g_ptr_array_index(snippets, i);
    const Transcript *transcript = transcript_of(snippet);
    g_autofree gchar *output = g_strdup_printf("number %u\n", i);
    assert_outcome(snippet, OUTCOME_FINISHED);
    ck_assert_str_eq(transcript->output->str, output);
    ck_assert_uint_eq(transcript->errors->len, 0);
    ck_assert_uint_eq(transcript->writes->len, 1);
    const Write *write = &g_array_index(transcript->writes, Write, 0);
    ck_assert_uint_eq(write->line, 2);
    ck_assert_uint_eq(write->length, transcript->output->len);
    ck_assert_str_eq(transcript->names_bound[0], "x");
  }
}
END_TEST

START_TEST(one_lane_keeps_the_order) {
  options.lanes = 1;
  start();
  for (guint i = 0; i < 20; i++)
    submit("pass");
  run_all();
  for (guint i = 0; i < 20; i++)
    ck_assert_uint_eq(((Snippet *)g_ptr_array_index(snippets, i))->ordinal, i);
}
END_TEST

START_TEST(no_callback_comes_before_submit_returns) {
  start();
  submit("pass");
  run_all();
  submit("pass");
  ck_assert_uint_eq(ended->len, 1);
  run_all();
}
END_TEST

START_TEST(every_way_to_end) {
  start();
  Snippet *raises = submit("def f():\n    return 1 / 0\n\nf()\n");
  Snippet *exits = submit("import sys\nsys.exit(3)\n");
  Snippet *leaves = submit("import os\nprint('a', flush=True)\nos._exit(0)\n");
  Snippet *crashes = submit("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n");
  Snippet *broken = submit("def f(:\n");
  run_all();
  assert_outcome(raises, OUTCOME_RAISED);
  const Raised *raised = transcript_final_exception(transcript_of(raises));
  ck_assert_str_eq(raised->type, "ZeroDivisionError");
  ck_assert_uint_eq(raised->line, 2);
  ck_assert_uint_eq(raised->outer_line, 4);
  ck_assert_ptr_nonnull(strstr(transcript_of(raises)->errors->str, "Traceback"));
  assert_outcome(exits, OUTCOME_EXITED);
  ck_assert_int_eq(transcript_of(exits)->exit_code, 3);
  assert_outcome(leaves, OUTCOME_EXITED);
  ck_assert_str_eq(transcript_of(leaves)->output->str, "a\n");
  assert_outcome(crashes, OUTCOME_SIGNALLED);
  ck_assert_int_eq(transcript_of(crashes)->signal, SIGSEGV);
  assert_outcome(broken, OUTCOME_UNPARSABLE);
  assert_works();
}
END_TEST

START_TEST(what_misses_a_name_is_held_back_only_if_asked) {
  start();
  Snippet *snippet = script("print(Book)\n");
  RunRequest request = {.snippet = snippet, .hold_back = TRUE};
  runner_submit(runner, &request, on_done, snippet);
  submitted++;
  Snippet *run = submit("print(Book)\n");
  run_all();
  assert_outcome(snippet, OUTCOME_HELD);
  ck_assert_str_eq(transcript_of(snippet)->names_needed[0], "Book");
  assert_outcome(run, OUTCOME_RAISED);
  ck_assert_str_eq(transcript_final_exception(transcript_of(run))->name, "Book");
}
END_TEST

START_TEST(earlier_blocks_prepare_names_and_show_nothing) {
  start();
  Snippet *first = script("x = 20\nprint('first')\n");
  Snippet *second = script("y = x + 1\nraise ValueError\n");
  Snippet *subject = script("print(x + y)\n");
  const Snippet *prelude[] = {first, second};
  RunRequest request = {
      .snippet = subject, .prelude = prelude, .prelude_count = 2, .hold_back = TRUE};
  runner_submit(runner, &request, on_done, subject);
  submitted++;
  run_all();
  assert_outcome(subject, OUTCOME_FINISHED);
  const Transcript *transcript = transcript_of(subject);
  ck_assert_str_eq(transcript->output->str, "41\n");
  ck_assert_uint_eq(transcript->prelude, 2);
  ck_assert_uint_eq(transcript->raised->len, 0);
  ck_assert_uint_eq(g_array_index(transcript->writes, Write, 0).line, 1);
}
END_TEST

START_TEST(claims_have_values_noted_and_exceptions_passed) {
  start();
  Snippet *snippet = script("[1, 2]\n{}['k']\nprint('on')\n");
  Claim *value = claim_new(CLAIM_LITERAL, CLAIM_OF_LINE, 1, "[1, 2]", "[1, 2]");
  value->first_line = value->last_line = 1;
  value->is_value = TRUE;
  g_ptr_array_add(snippet->claims, value);
  Claim *error = claim_new(CLAIM_EXCEPTION, CLAIM_OF_EXCEPTION, 2, "KeyError", "KeyError");
  error->first_line = error->last_line = 2;
  g_ptr_array_add(snippet->claims, error);
  RunRequest request = {.snippet = snippet};
  runner_submit(runner, &request, on_done, snippet);
  submitted++;
  run_all();
  assert_outcome(snippet, OUTCOME_FINISHED);
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_str_eq(transcript->output->str, "on\n");
  ck_assert_uint_ge(transcript->values->len, 1);
  ck_assert_str_eq(((Value *)g_ptr_array_index(transcript->values, 0))->repr, "[1, 2]");
  ck_assert_uint_eq(transcript->raised->len, 1);
  const Raised *raised = g_ptr_array_index(transcript->raised, 0);
  ck_assert(raised->passed);
  ck_assert_str_eq(raised->type, "KeyError");
  ck_assert_uint_eq(raised->line, 2);
}
END_TEST

START_TEST(a_transcript_runs_prompt_by_prompt) {
  start();
  Snippet *snippet = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT,
                                 ">>> 6 * 7\n42\n>>> {}['k']\n>>> print('on')\non\n", 1);
  g_ptr_array_add(snippet->examples, example_new(1, 1, "6 * 7\n", "42\n", 2));
  g_ptr_array_add(snippet->examples, example_new(3, 3, "{}['k']\n", "", 0));
  g_ptr_array_add(snippet->examples, example_new(4, 4, "print('on')\n", "on\n", 5));
  Snippet *empty = snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, ">>> # nothing\n", 1);
  Snippet *both[] = {snippet, empty};
  for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
    g_ptr_array_add(snippets, both[i]);
    RunRequest request = {.snippet = both[i], .line_buffered = TRUE};
    runner_submit(runner, &request, on_done, both[i]);
    submitted++;
  }
  run_all();
  assert_outcome(snippet, OUTCOME_FINISHED);
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_str_eq(transcript->output->str, "42\non\n");
  const Write *first = &g_array_index(transcript->writes, Write, 0);
  const Write *last = &g_array_index(transcript->writes, Write, transcript->writes->len - 1);
  ck_assert_uint_eq(first->line, 1);
  ck_assert_uint_eq(last->line, 4);
  ck_assert_uint_eq(last->offset, strlen("42\n"));
  ck_assert_uint_eq(transcript->raised->len, 1);
  ck_assert_uint_eq(((Raised *)g_ptr_array_index(transcript->raised, 0))->line, 3);
  assert_outcome(empty, OUTCOME_FINISHED);
}
END_TEST

START_TEST(a_snippet_sees_nothing_of_our_environment) {
  start();
  Snippet *snippet = submit("import os\n"
                            "print(sorted(os.environ))\n"
                            "print(open('/proc/self/environ').read().count('SECRET'))\n"
                            "print(os.path.samefile(os.getcwd(), os.environ['HOME']))\n"
                            "import sys\n"
                            "print(repr(sys.stdin.read()))\n");
  run_all();
  assert_outcome(snippet, OUTCOME_FINISHED);
  const gchar *output = transcript_of(snippet)->output->str;
  ck_assert_ptr_nonnull(strstr(output, "['HOME', 'LANG', 'PATH', 'TMPDIR']\n0\nTrue\n''\n"));
}
END_TEST

static void append_output(StreamKind stream, const gchar *bytes, gsize size, gpointer data) {
  if (stream == STREAM_OUTPUT)
    g_string_append_len(data, bytes, (gssize)size);
}

START_TEST(output_is_shown_as_it_comes) {
  start();
  g_autoptr(GString) shown = g_string_new(NULL);
  Snippet *snippet = script("print('one')\nprint('two')\n");
  RunRequest request = {.snippet = snippet, .on_output = append_output, .data = shown};
  runner_submit(runner, &request, on_done, snippet);
  submitted++;
  run_all();
  ck_assert_str_eq(shown->str, "one\ntwo\n");
}
END_TEST

START_TEST(a_seed_decides_the_hashes_of_strings) {
  g_autofree gchar *first = NULL;
  for (guint i = 0; i < 2; i++) {
    options.hash_seed = 7;
    start();
    Snippet *snippet = submit("print(hash('a'))");
    run_all();
    assert_outcome(snippet, OUTCOME_FINISHED);
    const gchar *output = transcript_of(snippet)->output->str;
    if (first == NULL)
      first = g_strdup(output);
    ck_assert_str_eq(output, first);
    g_clear_pointer(&runner, runner_free);
  }
}
END_TEST

/* --- limits ------------------------------------------------------------ */

START_TEST(what_runs_too_long_is_stopped) {
  options.wall_ms = 400;
  start();
  Snippet *loops = submit("while True:\n    pass\n");
  Snippet *sleeps = submit("import time\nprint('before', flush=True)\ntime.sleep(1000)\n");
  Snippet *deaf = submit("import signal\n"
                         "for s in (1, 2, 3, 10, 12, 13, 14, 15):\n"
                         "    signal.signal(s, signal.SIG_IGN)\n"
                         "while True:\n    pass\n");
  Snippet *quick = submit("print(1)");
  run_all();
  const Snippet *stopped[] = {loops, sleeps, deaf};
  for (guint i = 0; i < G_N_ELEMENTS(stopped); i++) {
    assert_outcome(stopped[i], OUTCOME_STOPPED);
    ck_assert_int_eq(transcript_of(stopped[i])->limit, LIMIT_WALL);
    ck_assert(!transcript_of(stopped[i])->is_ending);
  }
  ck_assert_str_eq(transcript_of(sleeps)->output->str, "before\n");
  assert_outcome(quick, OUTCOME_FINISHED);
}
END_TEST

/* What a run that is watched for being stuck must not be taken for. */
static void assert_slow(const gchar *source) {
  Snippet *snippet = submit(source);
  run_all();
  assert_outcome(snippet, OUTCOME_STOPPED);
  ck_assert_int_eq(transcript_of(snippet)->limit, LIMIT_WALL);
}

START_TEST(what_is_stuck_is_stopped_long_before_its_limit) {
  start();
  const gchar *sources[] = {
      "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n",
      "import threading\n"
      "a, b = threading.Lock(), threading.Lock()\n"
      "both = threading.Barrier(2)\n"
      "def take(x, y):\n"
      "    with x:\n"
      "        both.wait()\n"
      "        with y:\n"
      "            pass\n"
      "t = [threading.Thread(target=take, args=p) for p in ((a, b), (b, a))]\n"
      "for x in t: x.start()\n"
      "for x in t: x.join()\n",
      "import threading\nthreading.Thread(target=threading.Event().wait).start()\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
    submit(sources[i]);
  run_all(); /* the suite's time limit is shorter than theirs */
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
    const Snippet *snippet = g_ptr_array_index(snippets, i);
    assert_outcome(snippet, OUTCOME_STUCK);
    ck_assert_int_eq(transcript_of(snippet)->limit, LIMIT_NONE);
    ck_assert_int_eq(transcript_of(snippet)->is_ending, i == 2);
  }
  assert_works();
}
END_TEST

START_TEST(what_may_yet_be_woken_is_not_stuck) {
  options.wall_ms = 300;
  start();
  assert_slow("import threading\nlock = threading.Lock()\nlock.acquire()\n"
              "lock.acquire(timeout=1000)\n");
  /* by a child */
  assert_slow("import os, threading, time\n"
              "if os.fork() == 0: time.sleep(1000)\n"
              "threading.Event().wait()\n");
  /* by whoever connects */
  assert_slow("import asyncio\n"
              "async def main():\n"
              "    await asyncio.start_unix_server(print, 'socket')\n"
              "    await asyncio.Event().wait()\n"
              "asyncio.run(main())\n");
  /* by a signal that comes later */
  assert_slow("import signal, threading\n"
              "signal.signal(signal.SIGALRM, print)\n"
              "threading.Event().wait()\n");
}
END_TEST

START_TEST(a_loop_after_the_last_statement_is_said_to_be_there) {
  options.wall_ms = 400;
  start();
  Snippet *snippet = submit("import atexit\n@atexit.register\ndef f():\n    while True: pass\n");
  run_all();
  assert_outcome(snippet, OUTCOME_STOPPED);
  ck_assert(transcript_of(snippet)->is_ending);
}
END_TEST

START_TEST(cpu_time_has_a_limit_of_its_own) {
  options.cpu_seconds = 1;
  start();
  Snippet *snippet = submit("while True:\n    pass\n");
  run_all();
  assert_outcome(snippet, OUTCOME_STOPPED);
  ck_assert_int_eq(transcript_of(snippet)->limit, LIMIT_CPU);
}
END_TEST

START_TEST(a_flood_is_stopped_and_its_ends_are_kept) {
  options.output_bytes = 2 << 20;
  start();
  Snippet *output = submit("i = 0\nwhile True:\n    print('line', i)\n    i += 1\n");
  Snippet *errors = submit("import os\nwhile True:\n    os.write(2, b'x' * 70000)\n");
  Snippet *ends = submit("import os\nfor i in range(40): os.write(1, b'y' * 65536)\n");
  run_all();
  const Snippet *stopped[] = {output, errors, ends};
  for (guint i = 0; i < G_N_ELEMENTS(stopped); i++) {
    assert_outcome(stopped[i], OUTCOME_STOPPED);
    ck_assert_int_eq(transcript_of(stopped[i])->limit, LIMIT_OUTPUT);
  }
  const Transcript *transcript = transcript_of(output);
  ck_assert(g_str_has_prefix(transcript->output->str, "line 0\nline 1\n"));
  ck_assert_uint_le(transcript->output->len, 512 << 10);
  ck_assert_uint_gt(transcript->output_cut, 1 << 20);
  ck_assert_uint_gt(transcript_of(errors)->errors_cut, 1 << 20);
  assert_works();
}
END_TEST

START_TEST(memory_of_all_processes_together_has_a_limit) {
  options.address_bytes = 512 << 20;
  start();
  Snippet *snippet = submit("import os, time\n"
                            "for i in range(4):\n"
                            "    if os.fork() == 0: break\n"
                            "kept = bytearray(200 << 20)\n"
                            "time.sleep(1000)\n");
  run_all();
  assert_outcome(snippet, OUTCOME_STOPPED);
  ck_assert_int_eq(transcript_of(snippet)->limit, LIMIT_MEMORY);
}
END_TEST

START_TEST(who_waits_holds_nobody_up) {
  options.lanes = 1;
  start();
  Snippet *waits = submit("import time\ntime.sleep(1000)\n");
  Snippet *next = submit("print('through')");
  while (ended->len < 1)
    g_main_context_iteration(NULL, TRUE);
  assert_outcome(next, OUTCOME_FINISHED);
  ck_assert_uint_eq(waits->ordinal, G_MAXUINT);
}
END_TEST

/* --- harm -------------------------------------------------------------- */

START_TEST(harm_stays_with_who_does_it) {
  start();
  const gchar *harms[] = {
      "import os\nos.kill(os.getppid(), 9)\nprint('on')\n",
      "import os, signal\nsignal.signal(15, signal.SIG_IGN)\nos.killpg(os.getpgrp(), 15)\n",
      "import os\nos.closerange(0, 4096)\n",
      "import os\nfor i in range(3, 64):\n    try: os.write(i, b'x' * 64)\n"
      "    except OSError: pass\n",
      "import os\nos.kill(os.getppid(), 15)\nos.kill(os.getppid(), 2)\n",
      "import mmap, os\n"
      "for fd in range(3, 64):\n"
      "    try: m = mmap.mmap(fd, 8 << 20)\n"
      "    except (OSError, ValueError): continue\n"
      "    m[:] = b'\\xff' * (8 << 20)\n",
      /* cuts the journal short, which the supervisor has mapped */
      "import os\n"
      "folder = f'/proc/{os.getppid()}/fd'\n"
      "try: names = os.listdir(folder)\n"
      "except OSError: names = []\n"
      "for name in names:\n"
      "    try: os.truncate(f'{folder}/{name}', 0)\n"
      "    except OSError: pass\n",
      /* takes its scratch folder away */
      "import ctypes, os\n"
      "folder = os.getcwd()\n"
      "os.unlink(__file__)\n"
      "os.chdir('/')\n"
      "ctypes.CDLL(None).umount2(folder.encode(), 2)\n"
      "try: os.rmdir(folder)\n"
      "except OSError: pass\n",
      /* scribbles over the zygote */
      "import os\n"
      "try: memory = open(f'/proc/{os.getppid()}/mem', 'r+b', buffering=0)\n"
      "except OSError: raise SystemExit\n"
      "for line in open(f'/proc/{os.getppid()}/maps'):\n"
      "    if ' rw' in line and '[stack]' in line:\n"
      "        first, last = (int(at, 16) for at in line.split()[0].split('-'))\n"
      "        memory.seek(first)\n"
      "        memory.write(b'\\xff' * (last - first))\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(harms); i++) {
    submit(harms[i]);
    assert_works();
  }
  if (has_own_pids())
    for (guint i = 0; i < G_N_ELEMENTS(harms); i++)
      ck_assert_int_ne(transcript_of(g_ptr_array_index(snippets, 2 * i))->outcome, OUTCOME_FAILED);
}
END_TEST

START_TEST(what_is_left_behind_is_killed_and_counted) {
  start();
  Snippet *snippet = submit("import os, signal, time\n"
                            "print('parent', flush=True)\n"
                            "if os.fork() == 0:\n"
                            "    os.setsid()\n"
                            "    signal.signal(15, signal.SIG_IGN)\n"
                            "    if os.fork() == 0:\n"
                            "        time.sleep(1000)\n"
                            "    os._exit(0)\n"
                            "os.wait()\n");
  run_all();
  assert_outcome(snippet, OUTCOME_FINISHED);
  ck_assert_str_eq(transcript_of(snippet)->output->str, "parent\n");
  ck_assert_uint_eq(transcript_of(snippet)->survivors, 1);
  assert_works();
}
END_TEST

START_TEST(freeing_a_busy_runner_leaves_nothing) {
  start();
  for (guint i = 0; i < 10; i++)
    submit(i % 2 == 0 ? "import time\nprint(1, flush=True)\ntime.sleep(1000)\n"
                      : "import subprocess\nsubprocess.run(['sleep', '1000'])\n");
  guint isolation;
  g_autofree gchar *python = NULL;
  while (!runner_describe(runner, &isolation, &python))
    g_main_context_iteration(NULL, TRUE);
  ck_assert(g_str_has_prefix(python, "3."));
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration(NULL, FALSE);
  runner_free(runner);
  runner = NULL;
  ck_assert_uint_eq(ended->len, 0);
  assert_nothing_left();
}
END_TEST

/* --- workers that do not work ------------------------------------------ */

START_TEST(a_worker_that_is_not_there_is_said_at_once) {
  options.worker = "/nowhere/worker";
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(runner_new(&options, &error));
  ck_assert(g_error_matches(error, RUN_ERROR, RUN_ERROR_NO_WORKER));
  ck_assert_ptr_nonnull(strstr(error->message, "/nowhere/worker"));
}
END_TEST

START_TEST(a_worker_that_never_becomes_ready_fails_every_run) {
  options.worker = "/bin/ls"; /* knows no --zygote, and says so */
  start();
  for (guint i = 0; i < 20; i++)
    submit("pass");
  run_all();
  for (guint i = 0; i < 20; i++) {
    const Transcript *transcript = g_ptr_array_index(ended, i);
    ck_assert_int_eq(transcript->outcome, OUTCOME_FAILED);
    ck_assert_ptr_nonnull(strstr(transcript->failure, "--zygote"));
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("runner");
  TCase *ends = tcase_create("ends");
  tcase_add_checked_fixture(ends, setup, teardown);
  tcase_set_timeout(ends, 60);
  tcase_add_test(ends, two_hundred_runs_each_get_their_own_transcript);
  tcase_add_test(ends, one_lane_keeps_the_order);
  tcase_add_test(ends, no_callback_comes_before_submit_returns);
  tcase_add_test(ends, every_way_to_end);
  tcase_add_test(ends, what_misses_a_name_is_held_back_only_if_asked);
  tcase_add_test(ends, earlier_blocks_prepare_names_and_show_nothing);
  tcase_add_test(ends, claims_have_values_noted_and_exceptions_passed);
  tcase_add_test(ends, a_transcript_runs_prompt_by_prompt);
  tcase_add_test(ends, a_snippet_sees_nothing_of_our_environment);
  tcase_add_test(ends, output_is_shown_as_it_comes);
  tcase_add_test(ends, a_seed_decides_the_hashes_of_strings);
  suite_add_tcase(suite, ends);
  TCase *limits = tcase_create("limits");
  tcase_add_checked_fixture(limits, setup, teardown);
  tcase_set_timeout(limits, 60);
  tcase_add_test(limits, what_runs_too_long_is_stopped);
  tcase_add_test(limits, what_is_stuck_is_stopped_long_before_its_limit);
  tcase_add_test(limits, what_may_yet_be_woken_is_not_stuck);
  tcase_add_test(limits, a_loop_after_the_last_statement_is_said_to_be_there);
  tcase_add_test(limits, cpu_time_has_a_limit_of_its_own);
  tcase_add_test(limits, a_flood_is_stopped_and_its_ends_are_kept);
  tcase_add_test(limits, memory_of_all_processes_together_has_a_limit);
  tcase_add_test(limits, who_waits_holds_nobody_up);
  suite_add_tcase(suite, limits);
  TCase *harm = tcase_create("harm");
  tcase_add_checked_fixture(harm, setup, teardown);
  tcase_set_timeout(harm, 60);
  tcase_add_test(harm, harm_stays_with_who_does_it);
  tcase_add_test(harm, what_is_left_behind_is_killed_and_counted);
  tcase_add_test(harm, freeing_a_busy_runner_leaves_nothing);
  tcase_add_test(harm, a_worker_that_is_not_there_is_said_at_once);
  tcase_add_test(harm, a_worker_that_never_becomes_ready_fails_every_run);
  suite_add_tcase(suite, harm);
  SRunner *checks = srunner_create(suite);
  srunner_run_all(checks, CK_ENV);
  int failed = srunner_ntests_failed(checks);
  srunner_free(checks);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
