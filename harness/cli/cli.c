#include "cli/cli.h"

#include <fcntl.h>
#include <glib.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/common.h"

typedef struct {
  const gchar *name;
  int (*run)(int argc, char **argv);
  const gchar *usage;
  const gchar *summary;
} Command;

static const Command commands[] = {
    {"check", command_check, "check [PATH...]", "run and mark every block"},
    {"list", command_list, "list PATH...", "what is there, without running it"},
    {"explain", command_explain, "explain ID [PATH...]", "all that is known about one block"},
    {"run", command_run, "run ID|FILE.py|- [PATH...]", "one block or file, output as it comes"},
    {"time", command_time, "time ID [PATH...]", "how long one block takes, repeated"},
    {"fix", command_fix, "fix [PATH...]", "correct what is false, as a patch or in place"},
    {"accept", command_accept, "accept ID|PATH...", "from now on, expect what blocks do now"},
    {"review", command_review, "review [PATH...]", "go through what differs, and ask"},
    {"watch", command_watch, "watch [PATH...]", "check what is edited, as it is saved"},
    {"diff", command_diff, "diff REV..REV [PATH...]", "what behaves otherwise since"},
    {"bisect", command_bisect, "bisect ID [PATH...]", "which commit made a block false"},
    {"blame", command_blame, "blame ID|FILE:LINE [PATH...]", "who last wrote code and claims"},
    {"history", command_history, "history ID [PATH...]", "verdicts and times of one block, so far"},
    {"merge", command_merge, "merge REPORT...", "join the reports of all shards"},
    {"doctor", command_doctor, "doctor", "what this machine offers, and what is missing"},
};

static void print_help(void) {
  printf("Usage:\n  proctor COMMAND [OPTION...] [ARGUMENT...]\n\n"
         "Keeps Python study material true: runs every Python block of Markdown documents\n"
         "and marks it against what the text says about it.\n\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    printf("  %-28s %s\n", commands[i].usage, commands[i].summary);
  printf("\n  --help                       this text; 'proctor COMMAND --help' says more\n"
         "  --version                    proctor's version\n\n"
         "Exit codes: 0 nothing wrong, 1 something is, 2 usage, 3 proctor failed or was\n"
         "interrupted, 4 nothing to run.\n");
}

/* Where we were started without standard descriptors, a socket or a pipe of
 * ours would get their numbers, and with them what we print. Reading ends, so
 * that printing still fails; a file that we run finds them closed as before. */
static void fill_descriptors(void) {
  int null;
  do
    null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (null >= 0 && null <= STDERR_FILENO);
  if (null > STDERR_FILENO)
    close(null);
}

/* Threads hand each other what they allocate: with memory of its own each would wait for the
 * other's to be unlocked. And a bank grows by megabytes, not by pages. */
static void tune_memory(void) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, 16 << 20);
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
#endif
}

int cli_main(int argc, char **argv) {
  fill_descriptors();
  large_files_fail();
  tune_memory();
  setlocale(LC_ALL, "");
  /* Numbers in reports and JSON do not depend on the user's language. */
  setlocale(LC_NUMERIC, "C");
  if (argc < 2) {
    complain("no command (see 'proctor --help')");
    return CLI_USAGE;
  }
  const gchar *name = argv[1];
  if (g_str_equal(name, "--help") || g_str_equal(name, "-h")) {
    print_help();
    return output_finish() ? CLI_OK : CLI_FAILED;
  }
  if (g_str_equal(name, "--version")) {
    printf("proctor " PROCTOR_VERSION "\n");
    return output_finish() ? CLI_OK : CLI_FAILED;
  }
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
    if (g_str_equal(name, commands[i].name))
      return commands[i].run(argc - 1, argv + 1);
  complain("unknown %s '%s' (see 'proctor --help')", *name == '-' ? "option" : "command", name);
  return CLI_USAGE;
}
