/*
 * common.h: what several commands need: errors, options, the worker, the bank.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

#include "bank/bank.h"
#include "files/files.h"
#include "run/runner.h"

/* Prints "proctor: " and the message as one line on standard error. */
void complain(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

/* Options of every command that reads the bank's settings: see equipping.h. */
typedef struct {
  gchar *config;   /* file; NULL: the nearest bank.yaml */
  GStrv fixtures;  /* folders; NULL: found */
  gchar *expected; /* folder of the expectations; NULL: the configuration's, or the nearest */
} EquipmentArguments;

void equipment_arguments_clear(EquipmentArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EquipmentArguments, equipment_arguments_clear)

/* Options that every command which runs snippets has. */
typedef struct {
  gchar *python;  /* "3.11"; NULL for the default */
  gchar *timeout; /* seconds; NULL for the default */
  gint jobs;      /* 0 for all cores */
} RunArguments;

void run_arguments_clear(RunArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunArguments, run_arguments_clear)

/* Options of every command that keeps results. */
typedef struct {
  gchar *path;      /* file; NULL: the user's own */
  gboolean is_none; /* nothing is answered from kept results; what is run is kept all the same */
} ResultsArguments;
void results_arguments_clear(ResultsArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ResultsArguments, results_arguments_clear)

/* The reports that a check can write: see reports.h. Files, or "-". */
typedef struct {
  gchar *json;
  gchar *junit;
  gchar *tap;
  gchar *sarif;
  gchar *gitlab;
  gchar *html;
  gchar *trace;
  gboolean is_github;
  /* No options: what the command adds. */
  gboolean is_strict;
  const Files *files; /* that the documents are read from; NULL: the disk */
} ReportsArguments;
void reports_arguments_clear(ReportsArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportsArguments, reports_arguments_clear)

/* The shape of a command's --help. */
typedef struct {
  const gchar *usage;       /* "[PATH...]" */
  const gchar *summary;     /* what it does */
  const gchar *description; /* what stands below the options; or NULL */
  const GOptionEntry *entries;
  RunArguments *run;             /* for those with the usual options of runs; or NULL */
  EquipmentArguments *equipment; /* NULL where it takes no such options */
  gboolean takes_expected;       /* of those, --expected as well */
  ResultsArguments *results;     /* likewise */
  ReportsArguments *reports;
  gboolean stops_at_argument; /* what follows the first argument is not ours */
} CommandShape;

/* Parses argv into the entries' variables. --help prints and exits 0. FALSE
 * after having complained. */
gboolean options_parse(const CommandShape *shape, int argc, char **argv);

/* Milliseconds of "10", "0.5": seconds, more than 0 and at most a day. */
gboolean seconds_parse(const gchar *text, guint *milliseconds);

/* Fills in options. The worker's path is the caller's: free it. Returns
 * CLI_OK, or an exit code after having complained. */
int run_options(const RunArguments *arguments, RunnerOptions *options, gchar **worker);

/* The path of proctor-worker-X.Y: in the folder that PROCTOR_WORKER_DIR names,
 * else beside this program, else in its libexec folder. NULL with
 * RUN_ERROR_NO_WORKER, and a message that names the versions that are there. */
gchar *worker_find(const gchar *version, GError **error);

/* The version in the name of a worker, "3.11": part of path. */
const gchar *worker_version(const gchar *path);

/* "3.11", ...: all versions with a worker, in order. */
GPtrArray *worker_versions(void);

/* Reads the bank that paths name: the current folder where they are NULL or none. */
Bank *bank_read_named(const Files *files, gchar **paths, GError **error);

/* The number of snippets in it. */
guint bank_count(const Bank *bank);

/* The bank of these paths for a reference to a snippet: without paths, FILE alone where it is
 * FILE:LINE, else the current folder. */
Bank *bank_read_for(const Files *files, const gchar *reference, gchar **paths, GError **error);

/* bank_find(), which of FILE:LINE says where it is the file that is not there. */
const Snippet *bank_find_in(const Files *files, const Bank *bank, const gchar *reference,
                            GError **error);

/* Makes a write to a pipe without a reader fail with EPIPE instead of killing
 * us: what we have started must be ended first. Children do not inherit it. */
void broken_pipes_fail(void);

/* Makes a write past the limit for a file's size fail with EFBIG instead of killing us: for all
 * commands. Children do not inherit it. */
void large_files_fail(void);

/* Flushes standard output. FALSE after having complained, or ends proctor as
 * below. Call it when nothing of ours is left to be ended. */
gboolean output_finish(void);

/* Ends proctor the way other programs end whose reader went away. */
G_NORETURN void die_of_broken_pipe(void);

/* A person reads it, and wants colour. */
gboolean wants_colour(FILE *file);
