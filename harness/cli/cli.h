/*
 * cli.h: proctor's commands. This is the only room that prints errors.
 *
 * Each command is one file. It is given its own arguments (argv[0] is the
 * command's name) and returns the exit code of the program.
 */
#pragma once

/* When several apply: USAGE is known before anything runs; then FAILED, WRONG,
 * NOTHING, OK. */
enum {
  CLI_OK = 0,      /* nothing false, changed, crashed or hung */
  CLI_WRONG = 1,   /* something is; with --strict, anything not verified */
  CLI_USAGE = 2,   /* usage, a path that is missing or unusable */
  CLI_FAILED = 3,  /* proctor failed, or the run is incomplete */
  CLI_NOTHING = 4, /* nothing was found to run */
};

int cli_main(int argc, char **argv);

int command_check(int argc, char **argv);
int command_list(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_run(int argc, char **argv);
int command_time(int argc, char **argv);
int command_fix(int argc, char **argv);
int command_accept(int argc, char **argv);
int command_review(int argc, char **argv);
int command_blame(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_bisect(int argc, char **argv);
int command_history(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_doctor(int argc, char **argv);
