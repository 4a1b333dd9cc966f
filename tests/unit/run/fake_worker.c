/*
 * A worker whose fixtures are what a test wants: the name of a fixture's file says how it
 * behaves, and nobody reads the file. Each start is a line in `starts` beside it. Those that
 * behave become the real worker, without a fixture and with PROCTOR_TEST_FIXTURE set.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire/wire.h"

static void note_start(const char *path) {
  char log[4096];
  const char *slash = strrchr(path, '/');
  snprintf(log, sizeof log, "%.*s/starts", (int)(slash - path), path);
  int descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dprintf(descriptor, "%s\n", slash + 1);
  close(descriptor);
}

static void hold_memory(size_t size) {
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED)
    memset(memory, 1, size);
}

static void wait_for_death(void) {
  for (;;)
    pause();
}

static void say_hello(void) {
  WireMessage hello = {.hello = {.python = 0x030b02f0, .zygote = (int32_t)getpid()}};
  wire_send(WIRE_CONTROL_FD, WIRE_HELLO, &hello, NULL, 0);
}

static void behave(const char *name) {
  if (strcmp(name, "exits.py") == 0)
    _exit(3);
  if (strcmp(name, "crashes.py") == 0) {
    signal(SIGSEGV, SIG_DFL); /* a sanitizer would handle it */
    raise(SIGSEGV);
  }
  if (strcmp(name, "never.py") == 0)
    wait_for_death();
  if (strcmp(name, "loops.py") == 0)
    for (volatile unsigned turn = 0;; turn++)
      ;
  if (strcmp(name, "deaf.py") == 0) {
    close(WIRE_CONTROL_FD);
    wait_for_death();
  }
  if (strcmp(name, "hungry.py") == 0) {
    hold_memory(600u << 20);
    wait_for_death();
  }
  if (strcmp(name, "says.py") == 0) {
    fprintf(stderr, "Fatal Python error\n\nCurrent thread:\n  line 3\n");
    _exit(1);
  }
  if (strcmp(name, "ours.py") == 0) {
    fprintf(stderr, "proctor-worker: no memory\n");
    _exit(71);
  }
  if (strcmp(name, "spoils.py") == 0) {
    fprintf(stderr, "proctor-worker: it is in pieces\n");
    _exit(72);
  }
  if (strcmp(name, "leaves.py") == 0) {
    say_hello();
    _exit(4);
  }
}

int main(int count, char **arguments) {
  char *kept[16] = {(char *)TEST_WORKER};
  int at = 1;
  for (int i = 1; i < count && at < 15; i++) {
    if (strcmp(arguments[i], "--fixture") != 0 || i + 2 >= count) {
      kept[at++] = arguments[i];
      continue;
    }
    char both[4200];
    const char *slash = strrchr(arguments[i + 1], '/');
    snprintf(both, sizeof both, "%s:%s", slash + 1, arguments[i + 2]);
    setenv("PROCTOR_TEST_FIXTURE", both, 1);
    note_start(arguments[i + 1]);
    behave(slash + 1);
    i += 2;
  }
  execv(TEST_WORKER, kept);
  return 127;
}
