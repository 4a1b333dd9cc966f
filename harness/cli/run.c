/*
 * proctor run: one block or one file, its output as it comes.
 *
 * A file is run by the worker itself, in our place: same process, folder,
 * environment and descriptors, so that nothing differs from python3.
 *
 * A block runs as in a check, after the earlier blocks that it needs. Being held
 * back prints nothing, so what the reader sees is one run. What earlier blocks
 * print is left out: where the block's own output begins is known only at the end,
 * so then all of it comes at the end, as it does where a fixture has several variants and the
 * one that fits is still to be found.
 */

#include "cli/run.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/material.h"
#include "cli/sitting.h"
#include "cli/tries.h"
#include "judge/proof.h"
#include "report/trace.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  Runner *runner;
  Tries tries;
  gboolean is_shown;      /* what it prints is shown as it comes */
  Transcript *transcript; /* of the run that counts; NULL until it is over */
  gboolean has_no_reader;
} Demonstration;

gboolean run_names_file(const gchar *reference) {
  if (g_str_equal(reference, "-") || g_str_has_suffix(reference, ".py"))
    return TRUE;
  return g_file_test(reference, G_FILE_TEST_IS_REGULAR) && !path_is_document(reference);
}

/* Becomes the worker. Returns only on failure. */
static int become_worker(const gchar *worker, gchar **words) {
  g_autoptr(GPtrArray) arguments = g_ptr_array_new();
  g_ptr_array_add(arguments, (gpointer)worker);
  g_ptr_array_add(arguments, (gpointer) "--file");
  for (gchar **word = words; *word != NULL; word++)
    g_ptr_array_add(arguments, *word);
  g_ptr_array_add(arguments, NULL);
  execv(worker, (char *const *)arguments->pdata);
  complain("cannot start '%s': %s", worker, g_strerror(errno));
  return CLI_FAILED;
}

static void show(StreamKind stream, const gchar *bytes, gsize size, gpointer data) {
  Demonstration *demonstration = data;
  int descriptor = stream == STREAM_OUTPUT ? STDOUT_FILENO : STDERR_FILENO;
  while (size > 0 && !demonstration->has_no_reader) {
    ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0) {
      demonstration->has_no_reader = TRUE;
      return;
    }
    bytes += written;
    size -= (gsize)written;
  }
}

static void attempt(Demonstration *demonstration);

static void on_done(Transcript *transcript, gpointer data) {
  Demonstration *demonstration = data;
  if (tries_next(&demonstration->tries, transcript->outcome)) {
    transcript_free(transcript);
    attempt(demonstration);
    return;
  }
  demonstration->transcript = transcript;
  if (demonstration->is_shown)
    return;
  show(STREAM_OUTPUT, transcript->output->str, transcript->output->len, demonstration);
  show(STREAM_ERRORS, transcript->errors->str, transcript->errors->len, demonstration);
  if (transcript->output_cut + transcript->errors_cut > 0)
    complain("%" G_GSIZE_FORMAT " bytes of its output were dropped",
             transcript->output_cut + transcript->errors_cut);
}

/* Whether our two streams go to one terminal, pipe or file. */
static gboolean streams_are_one(void) {
  struct stat output, errors;
  return fstat(STDOUT_FILENO, &output) == 0 && fstat(STDERR_FILENO, &errors) == 0 &&
         output.st_dev == errors.st_dev && output.st_ino == errors.st_ino;
}

static void attempt(Demonstration *demonstration) {
  RunRequest request = {.line_buffered = isatty(STDOUT_FILENO),
                        .is_merged = streams_are_one(),
                        .data = demonstration};
  tries_fill(&demonstration->tries, &request);
  demonstration->is_shown = tries_shows(&demonstration->tries);
  request.on_output = demonstration->is_shown ? show : NULL;
  runner_submit(demonstration->runner, &request, on_done, demonstration);
}

/* Says on standard error why it can never go on. */
static void tell_waits(const Snippet *snippet, const Transcript *transcript) {
  if (transcript->outcome != OUTCOME_STUCK)
    return;
  g_autofree gchar *proof = proof_text(snippet, transcript);
  complain("%s", proof);
}

/* The exit code that a shell would show. */
static int exit_code_of(const Snippet *snippet, const Transcript *transcript) {
  switch (transcript->outcome) {
  case OUTCOME_FINISHED:
  case OUTCOME_EXITED:
    return transcript->exit_code & 0xff;
  case OUTCOME_RAISED:
  case OUTCOME_UNPARSABLE:
    return 1;
  case OUTCOME_SIGNALLED:
    return 128 + transcript->signal;
  case OUTCOME_STUCK:
  case OUTCOME_STOPPED: {
    g_autofree gchar *outcome = transcript_outcome_text(transcript);
    complain("%s", outcome);
    tell_waits(snippet, transcript);
    return 124;
  }
  case OUTCOME_UNREADY:
    complain("%s", transcript->failure);
    if (transcript->traceback != NULL)
      fprintf(stderr, "%s", transcript->traceback);
    return CLI_FAILED;
  case OUTCOME_HELD:
  case OUTCOME_SKIPPED:
  case OUTCOME_FAILED: {
    g_autofree gchar *outcome = transcript_outcome_text(transcript);
    complain("%s", outcome);
    return CLI_FAILED;
  }
  }
  g_return_val_if_reached(CLI_FAILED);
}

static int demonstrate(const Snippet *subject, const RunnerOptions *options, const gchar *trace) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SignalWatch) watch = signal_watch_new();
  g_auto(Tries) tries = tries_new(subject);
  g_autoptr(Runner) runner = runner_new(options, &error);
  if (runner == NULL) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  Demonstration demonstration = {.runner = runner, .tries = tries};
  attempt(&demonstration);
  while (demonstration.transcript == NULL && !demonstration.has_no_reader &&
         signal_watch_signal(watch) == 0)
    g_main_context_iteration(NULL, TRUE);

  gint number = signal_watch_signal(watch);
  g_clear_pointer(&runner, runner_free);
  g_autoptr(Transcript) transcript = demonstration.transcript;
  if (transcript != NULL && trace != NULL && !trace_write(trace, subject, transcript, &error)) {
    complain("%s", error->message);
    return CLI_FAILED;
  }
  if (transcript != NULL)
    return exit_code_of(subject, transcript);
  return 128 + (number != 0 ? number : SIGPIPE);
}

typedef struct {
  RunArguments run;
  EquipmentArguments equipment;
  gchar *trace;
  GStrv words;
} Arguments;

static void arguments_clear(Arguments *arguments) {
  run_arguments_clear(&arguments->run);
  equipment_arguments_clear(&arguments->equipment);
  g_free(arguments->trace);
  g_strfreev(arguments->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arguments, arguments_clear)

static gboolean parse(int argc, char **argv, gboolean stops_at_argument, Arguments *arguments) {
  const GOptionEntry entries[] = {
      {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments->run.timeout,
       "Stop a block after SECONDS (never)", "SECONDS"},
      {"python", 0, 0, G_OPTION_ARG_STRING, &arguments->run.python,
       "Run under this Python (" PROCTOR_DEFAULT_PYTHON ")", "X.Y"},
      {"trace", 0, 0, G_OPTION_ARG_FILENAME, &arguments->trace,
       "Write who held the GIL in a block with threads to DIR/ID.json, for Perfetto", "DIR"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments->words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...] | FILE.py [ARGUMENT...] | -",
      .summary = "Runs one block of the documents and folders (default: the current folder),\n"
                 "after the earlier blocks that it needs, and shows its output as it comes. The\n"
                 "'timeout' and 'output' that 'bank.yaml' sets do not count here.\n\n"
                 "Runs a file, or a program on standard input (-), in the current folder, just\n"
                 "as python3 would: same output, same exit code.",
      .description = "Exit code: that of the block or file; 128 and the signal's number where one "
                     "ended\nit; 124 where it was stopped; 2 usage, 3 proctor failed.\n",
      .entries = entries,
      .equipment = &arguments->equipment,
      .stops_at_argument = stops_at_argument};
  return options_parse(&shape, argc, argv);
}

static int run_file(const Arguments *arguments) {
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  const gchar *forbidden = arguments->run.timeout != NULL          ? "--timeout"
                           : arguments->trace != NULL              ? "--trace"
                           : arguments->equipment.config != NULL   ? "--config"
                           : arguments->equipment.fixtures != NULL ? "--fixtures"
                                                                   : NULL;
  if (forbidden != NULL) {
    complain("run: %s is for blocks, not for a file", forbidden);
    return CLI_USAGE;
  }
  int code = run_options(&arguments->run, &options, &worker);
  return code != CLI_OK ? code : become_worker(worker, arguments->words);
}

static int run_block(const Arguments *arguments) {
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments->run, &options, &worker);
  if (code != CLI_OK)
    return code;
  options.lanes = 1;
  options.output_bytes = G_MAXUINT64;
  options.outranks_settings = TRUE; /* who looks at it can end it */
  if (arguments->run.timeout == NULL) {
    options.wall_ms = G_MAXINT; /* more than three weeks */
    options.cpu_seconds = 0;
  }
  g_autoptr(Material) material = material_open_for(MATERIAL_BARE, arguments->words[0], files_disk(),
                                                   arguments->words + 1, &arguments->equipment);
  if (material == NULL)
    return CLI_USAGE;
  broken_pipes_fail();
  return demonstrate(material->subject, &options, arguments->trace);
}

int command_run(int argc, char **argv) {
  g_auto(Arguments) arguments = {0};
  if (!parse(argc, argv, TRUE, &arguments))
    return CLI_USAGE;
  if (arguments.words == NULL) {
    complain("run: which block or file? (see 'proctor run --help')");
    return CLI_USAGE;
  }
  if (run_names_file(arguments.words[0]))
    return run_file(&arguments);

  /* For a block, options may stand behind it too. */
  g_auto(Arguments) all = {0};
  return parse(argc, argv, FALSE, &all) ? run_block(&all) : CLI_USAGE;
}
