/* What a snippet does to others, how it is ended, and the connection. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

/* --- what a snippet does to others ------------------------------------- */

START_TEST(next_run_is_fine_after_anything) {
  static const struct {
    const char *source;
    int signal; /* that it dies of, 0 if it exits */
    int status;
  } cases[] = {
      {"import os; os._exit(5)\n", 0, 5},
      {"import ctypes; ctypes.string_at(0)\n", SIGSEGV, 0},
      {"import os; os.abort()\n", SIGABRT, 0},
      {"import os; os.killpg(0, 9)\n", SIGKILL, 0},
      {"import os; os.kill(os.getpid(), 15)\n", SIGTERM, 0},
      {"import os; os.closerange(0, 4096); os._exit(0)\n", 0, 0},
      {"import sys; sys.modules.clear()\n", 0, 0},
      {"def f(): f()\nf()\n", 0, 1},
      {"import os\nfor i in range(300): os.mkdir('d'); os.chdir('d')\nos.chmod('.', 0)\n", 0, 0},
      {"import os; os.symlink('/', 'root'); os.mkfifo('fifo'); os.mkdir('none', 0)\n", 0, 0},
      {"import ctypes, re\n"
       "for line in open('/proc/self/maps'):\n"
       "    if 'memfd:journal' in line:\n"
       "        first, last = re.match('(\\\\w+)-(\\\\w+)', line).groups()\n"
       "        ctypes.memset(int(first, 16), 0xee, int(last, 16) - int(first, 16))\n",
       0, 0},
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    run_script(cases[i].source);
    if (cases[i].signal)
      ck_assert_msg(WIFSIGNALED(done.status) && WTERMSIG(done.status) == cases[i].signal,
                    "%x after: %s", (unsigned)done.status, cases[i].source);
    else
      ck_assert_msg(WIFEXITED(done.status) && WEXITSTATUS(done.status) == cases[i].status,
                    "%x after: %s", (unsigned)done.status, cases[i].source);
    run_script("import os, sys; print(os.listdir(), len(os.listdir('/proc/self/fd')))\n");
    ck_assert_str_eq(output, "['snippet.py'] 4\n");
    assert_end(0);
  }
  end_worker(0);
}
END_TEST

START_TEST(zygote_outlives_attacks_in_its_namespace) {
  start_worker(programs[_i]);
  if (!(hello.isolation & WIRE_OWN_PIDS)) {
    printf("skipped: pid namespaces are absent\n");
    end_worker(0);
    return;
  }
  ck_assert_int_eq(hello.zygote, 1);
  run_script("import os\n"
             "for number in (1, 2, 9, 10, 15, 19, 20):\n"
             "    os.kill(os.getppid(), number)\n"
             "print(os.getppid())\n");
  ck_assert_str_eq(output, "1\n");
  run_script("import os; os.kill(-1, 9)\n");
  run_script("print('on')\n");
  ck_assert_str_eq(output, "on\n");
  end_worker(0);
}
END_TEST

START_TEST(survivors_are_killed_and_counted) {
  start_worker(programs[_i]);
  run_script("import os, signal\n"
             "ready, write = os.pipe()\n"
             "if os.fork() == 0:\n"
             "    os.setsid()\n"
             "    if os.fork() == 0:\n"
             "        signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
             "        os.write(write, b'x')\n"
             "        signal.pause()\n"
             "    os._exit(0)\n"
             "os.wait()\n"
             "os.read(ready, 1)\n"
             "print('done')\n");
  /* That the pipes are at their end shows that nobody holds them. */
  ck_assert_str_eq(output, "done\n");
  ck_assert_uint_eq(done.survivors, 1);
  ck_assert_int_eq(done.status, 0);
  run_script("pass\n");
  ck_assert_uint_eq(done.survivors, 0);
  end_worker(0);
}
END_TEST

START_TEST(stop_ends_a_run) {
  static const char *const sources[] = {
      "print('ready', flush=True)\nwhile True: pass\n",
      "import signal\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
      "print('ready', flush=True)\nsignal.pause()\n",
      "import os\nprint('ready', flush=True)\nos.kill(os.getpid(), 19)\n",
      "import os\nos.setpgid(0, 0)\nprint('ready', flush=True)\n"
      "import threading\nl = threading.Lock(); l.acquire(); l.acquire()\n",
  };
  start_worker(programs[_i]);
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    WirePiece piece = {.line = 1, .size = (uint32_t)strlen(sources[i]), .source = sources[i]};
    WireUnit unit = {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &piece};
    WireRequest request = request_of(&unit, 1, 0);
    int ends[2];
    *output = *errors = '\0';
    send_run(&request, (WireRun){0}, ends);
    read_pipes(ends, "ready\n");
    WireMessage stop = {.stop = {.run = run_number - 1}}; /* is ignored */
    ck_assert_int_eq(wire_send(control, WIRE_STOP, &stop, NULL, 0), 0);
    stop = (WireMessage){.stop = {.run = run_number}};
    ck_assert_int_eq(wire_send(control, WIRE_STOP, &stop, NULL, 0), 0);
    receive_done(ends);
    ck_assert(WIFSIGNALED(done.status) && WTERMSIG(done.status) == SIGKILL);
    ck_assert_ptr_null(entry_of(JOURNAL_ENDING, 0));
  }
  /* One that comes too late is ignored as well. */
  WireMessage stop = {.stop = {.run = run_number}};
  ck_assert_int_eq(wire_send(control, WIRE_STOP, &stop, NULL, 0), 0);
  run_script("print('on')\n");
  ck_assert_str_eq(output, "on\n");
  end_worker(0);
}
END_TEST

START_TEST(limits_hold) {
  start_worker(programs[_i]);
  run_script_with("while True: pass\n", 0, 0, 0, (WireRun){.cpu_seconds = 1});
  ck_assert(WIFSIGNALED(done.status) && WTERMSIG(done.status) == SIGXCPU);
#ifndef PROCTOR_ADDRESS_SANITIZER /* no limit of addresses there */
  run_script_with("bytearray(1 << 33)\n", 0, 0, 0, (WireRun){.address_bytes = 4ull << 30});
  assert_text(entry_of(JOURNAL_RAISED, 0), sizeof(JournalRaised), 0, "MemoryError");
#endif
  run_script_with("f = open('f', 'wb', 0)\nprint(f.write(bytes(5000)))\nf.write(b'x')\n", 0, 0, 0,
                  (WireRun){.file_bytes = 5000});
  ck_assert_str_eq(output, "5000\n");
  assert_text(entry_of(JOURNAL_RAISED, 0), sizeof(JournalRaised), 0, "OSError");
  end_worker(0);
}
END_TEST

/* --- the connection ---------------------------------------------------- */

START_TEST(broken_request_is_our_failure) {
  start_worker(programs[_i]);
  int file = memfd_create("request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  ck_assert_int_eq(write(file, "nonsense", 8), 8);
  ck_assert_int_eq(fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
  int pipes[2];
  ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
  WireMessage message = {.run = {.run = ++run_number, .request_size = 8}};
  int descriptors[WIRE_RUN_FDS] = {file, pipes[1], pipes[1]};
  ck_assert_int_eq(wire_send(control, WIRE_RUN, &message, descriptors, WIRE_RUN_FDS), 0);
  close(file);
  close(pipes[1]);
  int ends[2] = {pipes[0], dup(pipes[0])};
  *output = *errors = '\0';
  receive_done(ends);
  ck_assert_ptr_nonnull(entry_of(JOURNAL_FAILED, 0));
  ck_assert_str_eq(output, "");
  ck_assert_str_eq(errors, "");
  end_worker(0);
}
END_TEST

START_TEST(unexpected_message_ends_the_worker) {
  start_worker(programs[_i]);
  ck_assert_int_eq(write(control, "rubbish", 7), 7);
  WireMessage message;
  ck_assert_int_eq(wire_receive(control, &message, NULL), 0);
  end_worker(71 << 8);
}
END_TEST

START_TEST(closing_the_connection_ends_what_runs) {
  start_worker(programs[_i]);
  const char *source = "print('ready', flush=True)\nwhile True: pass\n";
  WirePiece piece = {.line = 1, .size = (uint32_t)strlen(source), .source = source};
  WireUnit unit = {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &piece};
  WireRequest request = request_of(&unit, 1, 0);
  int ends[2];
  *output = *errors = '\0';
  send_run(&request, (WireRun){0}, ends);
  read_pipes(ends, "ready\n");
  end_worker(0);
  read_pipes(ends, NULL); /* returns: nobody is left to write */
  close(ends[0]);
  close(ends[1]);
}
END_TEST

/* --- the other modes --------------------------------------------------- */

static int run_program(const char *program, const char *first, const char *second,
                       const char *third, const char *input) {
  int in[2], out[2], err[2];
  ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
  ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
  ck_assert_int_eq(pipe2(err, O_CLOEXEC), 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    execl(program, program, first, second, third, (char *)NULL);
    _exit(127);
  }
  ck_assert_int_eq(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
  close(in[0]);
  close(in[1]);
  close(out[1]);
  close(err[1]);
  int ends[2] = {out[0], err[0]};
  *output = *errors = '\0';
  read_pipes(ends, NULL);
  close(ends[0]);
  close(ends[1]);
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  return status;
}

START_TEST(file_mode_is_python) {
  int status = run_program(programs[_i], "--file", "-", "word",
                           "import sys\nprint(sys.argv, __name__)\nsys.exit(7)\n");
  ck_assert_str_eq(output, "['-', 'word'] __main__\n");
  ck_assert_int_eq(WEXITSTATUS(status), 7);
  status = run_program(programs[_i], "--file", "-", NULL, "raise KeyboardInterrupt\n");
  ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  status = run_program(programs[_i], "--file", "/nowhere/at/all.py", NULL, "");
  ck_assert_int_eq(WEXITSTATUS(status), 2);
  ck_assert_ptr_nonnull(strstr(errors, "can't open file"));
}
END_TEST

START_TEST(version_and_usage_are_said) {
  char said[32];
  snprintf(said, sizeof said, " wire %d\n", WIRE_VERSION);
  ck_assert_int_eq(run_program(programs[_i], "--version", NULL, NULL, ""), 0);
  ck_assert_ptr_nonnull(strstr(output, said));
  ck_assert_int_eq(WEXITSTATUS(run_program(programs[_i], "--what", NULL, NULL, "")), 64);
  ck_assert_int_eq(WEXITSTATUS(run_program(programs[_i], "--zygote", "/", "--hash-seed", "")), 64);
}
END_TEST

START_TEST(hash_seed_decides_hashes) {
  char first[OUTPUT_ROOM];
  start_worker_with_seed(programs[_i], "7");
  run_script("print(hash('word'))\n");
  strcpy(first, output);
  end_worker(0);
  start_worker_with_seed(programs[_i], "7");
  run_script("print(hash('word'))\n");
  ck_assert_str_eq(first, output);
  end_worker(0);
  start_worker_with_seed(programs[_i], "8");
  run_script("print(hash('word'))\n");
  ck_assert_str_ne(first, output);
  end_worker(0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {next_run_is_fine_after_anything,
                                zygote_outlives_attacks_in_its_namespace,
                                survivors_are_killed_and_counted,
                                stop_ends_a_run,
                                limits_hold,
                                broken_request_is_our_failure,
                                unexpected_message_ends_the_worker,
                                closing_the_connection_ends_what_runs,
                                file_mode_is_python,
                                version_and_usage_are_said,
                                hash_seed_decides_hashes,
                                NULL};
  return run_suite("worker_isolation", tests);
}
