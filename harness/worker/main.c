/*
 * proctor-worker-X.Y: the program around CPython X.Y.
 *
 *   --zygote FOLDER                   serve snippets over the wire (zygote.h)
 *     [--hash-seed N]                   with these hashes of strings
 *     [--fixture PATH VARIANT]          when this fixture was loaded, in a variant or ""
 *   --file PATH ARG...                be `python3 PATH ARG...`; PATH "-" is
 *                                     standard input
 *   --describe                        what Python it is, a `key value` a line (embed.h)
 *   --version                         "3.11.2 wire 1"
 *
 * For the supervisor, not for people: what else it is told, it refuses with
 * status 64.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/wire.h"
#include "worker/embed.h"
#include "worker/pycompat.h"
#include "worker/zygote.h"

#define EXIT_USAGE 64

/* Read by the address sanitizer, where there is one: what Python and a snippet
 * leave allocated at their end is no leak of ours. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
  return "detect_leaks=0";
}

/* Whoever started us may have had signals blocked or ignored. */
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Python's own rule: 0 to 2^32 - 1. */
static bool parse_seed(const char *text, uint32_t *seed) {
  char *end;
  errno = 0;
  unsigned long number = strtoul(text, &end, 10);
  *seed = (uint32_t)number;
  return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && number <= UINT32_MAX;
}

/* The options behind --zygote FOLDER, in any order; false for others. */
static bool parse_options(int count, char **arguments, EmbedOptions *options, uint32_t *seed) {
  for (int i = 0; i < count;) {
    if (strcmp(arguments[i], "--hash-seed") == 0 && i + 1 < count &&
        parse_seed(arguments[i + 1], seed)) {
      options->hash_seed = seed;
      i += 2;
    } else if (strcmp(arguments[i], "--fixture") == 0 && i + 2 < count &&
               *arguments[i + 1] == '/') {
      options->fixture = arguments[i + 1];
      options->variant = arguments[i + 2];
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "";
  if (count == 2 && strcmp(mode, "--version") == 0) {
    printf("%s wire %d\n", PY_VERSION, WIRE_VERSION);
    return 0;
  }
  if (count == 2 && strcmp(mode, "--describe") == 0)
    return embed_describe();
  uint32_t seed;
  EmbedOptions options = {0};
  if (count >= 3 && strcmp(mode, "--zygote") == 0 &&
      parse_options(count - 3, arguments + 3, &options, &seed)) {
    reset_signals();
    _exit(zygote_serve(arguments[2], &options));
  }
  if (count >= 3 && strcmp(mode, "--file") == 0)
    return embed_file(count - 2, arguments + 2);
  fprintf(stderr,
          "usage: %s --zygote FOLDER [--hash-seed N] [--fixture PATH VARIANT] |\n"
          "       --file PATH [ARGUMENT...] | --describe | --version\n",
          arguments[0]);
  return EXIT_USAGE;
}
