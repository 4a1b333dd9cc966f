#include "cli/common.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "report/text.h"

#define TIMEOUT_MAX_SECONDS 86400.0
#define JOBS_MAX 256

void complain(const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree gchar *line = text_one_line(message, -1, 0);
  fprintf(stderr, "proctor: %s\n", line);
}

void equipment_arguments_clear(EquipmentArguments *arguments) {
  g_free(arguments->config);
  g_strfreev(arguments->fixtures);
  g_free(arguments->expected);
}

static void add_equipment(GOptionContext *context, EquipmentArguments *arguments,
                          gboolean takes_expected) {
  const GOptionEntry entries[] = {
      {"config", 0, 0, G_OPTION_ARG_FILENAME, &arguments->config,
       "The bank's configuration (the nearest 'bank.yaml')", "FILE"},
      {"fixtures", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments->fixtures,
       "A folder of fixtures; may be repeated (the nearest 'fixtures', or proctor's own)", "DIR"},
      {0}};
  const GOptionEntry expected[] = {{"expected", 0, 0, G_OPTION_ARG_FILENAME, &arguments->expected,
                                    "The folder of the expectations (the nearest 'expected')",
                                    "DIR"},
                                   {0}};
  g_option_context_add_main_entries(context, entries, NULL);
  if (takes_expected)
    g_option_context_add_main_entries(context, expected, NULL);
}

void results_arguments_clear(ResultsArguments *arguments) {
  g_free(arguments->path);
}

void reports_arguments_clear(ReportsArguments *arguments) {
  g_free(arguments->json);
  g_free(arguments->junit);
  g_free(arguments->tap);
  g_free(arguments->sarif);
  g_free(arguments->gitlab);
  g_free(arguments->html);
  g_free(arguments->trace);
}

static void add_results(GOptionContext *context, ResultsArguments *arguments) {
  const GOptionEntry entries[] = {{"results", 0, 0, G_OPTION_ARG_FILENAME, &arguments->path,
                                   "Keep results in FILE (~/.cache/proctor/results.sqlite)",
                                   "FILE"},
                                  {"no-cache", 0, 0, G_OPTION_ARG_NONE, &arguments->is_none,
                                   "Run every block, also where its result is known", NULL},
                                  {0}};
  g_option_context_add_main_entries(context, entries, NULL);
}

static void add_reports(GOptionContext *context, ReportsArguments *arguments) {
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &arguments->json,
       "Write everything as JSON to FILE, or to standard output for '-'; so can the following",
       "FILE"},
      {"junit", 0, 0, G_OPTION_ARG_FILENAME, &arguments->junit, "Write JUnit's XML", "FILE"},
      {"tap", 0, 0, G_OPTION_ARG_FILENAME, &arguments->tap, "Write TAP 14", "FILE"},
      {"sarif", 0, 0, G_OPTION_ARG_FILENAME, &arguments->sarif, "Write SARIF 2.1.0", "FILE"},
      {"gitlab", 0, 0, G_OPTION_ARG_FILENAME, &arguments->gitlab,
       "Write a code quality report of GitLab's", "FILE"},
      {"html", 0, 0, G_OPTION_ARG_FILENAME, &arguments->html, "Write the bank as one page", "FILE"},
      {"github", 0, 0, G_OPTION_ARG_NONE, &arguments->is_github,
       "Print annotations for GitHub as well", NULL},
      {"trace", 0, 0, G_OPTION_ARG_FILENAME, &arguments->trace,
       "Write who held the GIL in each block with threads to DIR/ID.json, for Perfetto", "DIR"},
      {0}};
  g_option_context_add_main_entries(context, entries, NULL);
}

static void add_run(GOptionContext *context, RunArguments *arguments) {
  const GOptionEntry entries[] = {{"jobs", 'j', 0, G_OPTION_ARG_INT, &arguments->jobs,
                                   "Run N snippets at once (all cores)", "N"},
                                  {"timeout", 0, 0, G_OPTION_ARG_STRING, &arguments->timeout,
                                   "Stop a snippet after SECONDS (10)", "SECONDS"},
                                  {"python", 0, 0, G_OPTION_ARG_STRING, &arguments->python,
                                   "Run under this Python (" PROCTOR_DEFAULT_PYTHON ")", "X.Y"},
                                  {0}};
  g_option_context_add_main_entries(context, entries, NULL);
}

gboolean options_parse(const CommandShape *shape, int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new(shape->usage);
  g_autofree gchar *name = g_strdup_printf("proctor %s", argv[0]);
  g_set_prgname(name);
  g_option_context_set_summary(context, shape->summary);
  g_option_context_set_description(context, shape->description);
  g_option_context_set_strict_posix(context, shape->stops_at_argument);
  if (shape->entries != NULL)
    g_option_context_add_main_entries(context, shape->entries, NULL);
  if (shape->run != NULL)
    add_run(context, shape->run);
  if (shape->equipment != NULL)
    add_equipment(context, shape->equipment, shape->takes_expected);
  if (shape->results != NULL)
    add_results(context, shape->results);
  if (shape->reports != NULL)
    add_reports(context, shape->reports);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  gboolean has_ended = FALSE;
  for (int i = 0; i < argc; i++) {
    has_ended = has_ended || g_str_equal(argv[i], "--");
    /* GOption does not read -j4 as -j 4. */
    if (!has_ended && g_str_has_prefix(argv[i], "-j") && g_ascii_isdigit(argv[i][2])) {
      g_strv_builder_add(builder, "-j");
      g_strv_builder_add(builder, argv[i] + 2);
    } else {
      g_strv_builder_add(builder, argv[i]);
    }
  }
  g_auto(GStrv) copy = g_strv_builder_end(builder); /* parsing takes it apart */
  if (g_option_context_parse_strv(context, &copy, &error))
    return TRUE;
  complain("%s: %s (see '%s --help')", argv[0], error->message, name);
  return FALSE;
}

gboolean seconds_parse(const gchar *text, guint *milliseconds) {
  gchar *end;
  if (!g_ascii_isdigit(*text) && *text != '.')
    return FALSE;
  errno = 0;
  gdouble seconds = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0' || errno != 0 || !isfinite(seconds) ||
      seconds > TIMEOUT_MAX_SECONDS)
    return FALSE;
  if (seconds < 0.001)
    return FALSE;
  *milliseconds = (guint)ceil(seconds * 1000);
  return TRUE;
}

void run_arguments_clear(RunArguments *arguments) {
  g_free(arguments->python);
  g_free(arguments->timeout);
}

int run_options(const RunArguments *arguments, RunnerOptions *options, gchar **worker) {
  g_autoptr(GError) error = NULL;
  RunnerOptions filled = runner_options();
  if (arguments->jobs < 0 || arguments->jobs > JOBS_MAX) {
    complain("-j takes a number up to %d: %d", JOBS_MAX, arguments->jobs);
    return CLI_USAGE;
  }
  filled.lanes = arguments->jobs > 0 ? (guint)arguments->jobs : g_get_num_processors();
  if (arguments->timeout != NULL) {
    if (!seconds_parse(arguments->timeout, &filled.wall_ms)) {
      complain("--timeout takes seconds, more than 0 and at most %.0f: '%s'", TIMEOUT_MAX_SECONDS,
               arguments->timeout);
      return CLI_USAGE;
    }
    filled.cpu_seconds = (filled.wall_ms + 999) / 1000;
  }
  const gchar *python = arguments->python != NULL ? arguments->python : PROCTOR_DEFAULT_PYTHON;
  g_autofree gchar *found = worker_find(python, &error);
  if (found == NULL) {
    complain("%s", error->message);
    return arguments->python != NULL ? CLI_USAGE : CLI_FAILED;
  }
  *worker = g_steal_pointer(&found);
  filled.worker = *worker;
  *options = filled;
  return CLI_OK;
}

/* Folders where workers may be, in the order in which they are looked at. */
static GStrv worker_folders(void) {
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
  const gchar *named = g_getenv("PROCTOR_WORKER_DIR");
  if (named != NULL && *named != '\0') {
    g_strv_builder_add(folders, named);
    return g_strv_builder_end(folders);
  }
  g_autofree gchar *program = g_file_read_link("/proc/self/exe", NULL);
  if (program != NULL) {
    g_autofree gchar *beside = g_path_get_dirname(program);
    g_autofree gchar *libexec = g_canonicalize_filename(PROCTOR_LIBEXEC_FROM_BIN, beside);
    g_strv_builder_add(folders, beside);
    g_strv_builder_add(folders, libexec);
  }
  return g_strv_builder_end(folders);
}

#define WORKER_PREFIX "proctor-worker-"

const gchar *worker_version(const gchar *path) {
  const gchar *prefix = g_strrstr(path, WORKER_PREFIX);
  return prefix != NULL ? prefix + strlen(WORKER_PREFIX) : NULL;
}

static gint by_version(gconstpointer left, gconstpointer right) {
  const gchar *first = *(const gchar *const *)left;
  const gchar *second = *(const gchar *const *)right;
  /* "3.9" before "3.10": by length, then by text. */
  gsize first_length = strlen(first);
  gsize second_length = strlen(second);
  if (first_length != second_length)
    return first_length < second_length ? -1 : 1;
  return strcmp(first, second);
}

GPtrArray *worker_versions(void) {
  GPtrArray *versions = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) folders = worker_folders();
  for (gchar **folder = folders; *folder != NULL; folder++) {
    g_autoptr(GDir) entries = g_dir_open(*folder, 0, NULL);
    for (const gchar *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
      const gchar *version = name + strlen(WORKER_PREFIX);
      if (g_str_has_prefix(name, WORKER_PREFIX) &&
          !g_ptr_array_find_with_equal_func(versions, version, g_str_equal, NULL))
        g_ptr_array_add(versions, g_strdup(version));
    }
  }
  g_ptr_array_sort(versions, by_version);
  return versions;
}

gchar *worker_find(const gchar *version, GError **error) {
  g_auto(GStrv) folders = worker_folders();
  g_autofree gchar *name = g_strconcat(WORKER_PREFIX, version, NULL);
  for (gchar **folder = folders; strchr(version, '/') == NULL && *folder != NULL; folder++) {
    g_autofree gchar *path = g_build_filename(*folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(path, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&path);
  }
  g_autoptr(GPtrArray) versions = worker_versions();
  if (versions->len == 0) {
    g_autofree gchar *places = g_strjoinv("' or '", folders);
    g_set_error(error, RUN_ERROR, RUN_ERROR_NO_WORKER,
                "no " WORKER_PREFIX "X.Y in '%s': build or install them, or name their folder in "
                "PROCTOR_WORKER_DIR",
                places);
    return NULL;
  }
  g_ptr_array_add(versions, NULL);
  g_autofree gchar *there = g_strjoinv(", ", (gchar **)versions->pdata);
  g_set_error(error, RUN_ERROR, RUN_ERROR_NO_WORKER,
              "no worker for Python %s: there are %s (install that Python's development files and "
              "build again)",
              version, there);
  return NULL;
}

Bank *bank_read_named(const Files *files, gchar **paths, GError **error) {
  static const gchar *const here[] = {".", NULL};
  gboolean is_named = paths != NULL && *paths != NULL;
  return bank_read(files, is_named ? (const gchar *const *)paths : here, error);
}

Bank *bank_read_for(const Files *files, const gchar *reference, gchar **paths, GError **error) {
  const gchar *colon = strrchr(reference, ':');
  if (colon == NULL || (paths != NULL && *paths != NULL))
    return bank_read_named(files, paths, error);
  g_autofree gchar *file = g_strndup(reference, (gsize)(colon - reference));
  if (files_kind(files, file) != FILE_REGULAR)
    return bank_read_named(files, paths, error);
  gchar *named[] = {file, NULL};
  return bank_read_named(files, named, error);
}

const Snippet *bank_find_in(const Files *files, const Bank *bank, const gchar *reference,
                            GError **error) {
  g_autoptr(GError) failure = NULL;
  const Snippet *snippet = bank_find(bank, reference, &failure);
  const gchar *colon = strrchr(reference, ':');
  guint64 line;
  if (snippet != NULL)
    return snippet;
  g_autofree gchar *file = colon != NULL ? g_strndup(reference, (gsize)(colon - reference)) : NULL;
  if (file != NULL && g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT, &line, NULL) &&
      path_is_document(file) && files_kind(files, file) == FILE_MISSING)
    g_set_error(error, BANK_ERROR, BANK_ERROR_UNKNOWN, "%s: no such file", file);
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

guint bank_count(const Bank *bank) {
  guint count = 0;
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    count += document->snippets->len;
  }
  return count;
}

static void do_nothing(G_GNUC_UNUSED int number) {
}

/* A handler, not SIG_IGN: exec gives our children the default back. */
static void survive(int number) {
  struct sigaction action = {.sa_handler = do_nothing, .sa_flags = SA_RESTART};
  sigaction(number, &action, NULL);
}

void broken_pipes_fail(void) {
  survive(SIGPIPE);
}

void large_files_fail(void) {
  survive(SIGXFSZ);
}

void die_of_broken_pipe(void) {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
  _exit(128 + SIGPIPE); /* where it is blocked */
}

gboolean output_finish(void) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout))
    return TRUE;
  gint code = errno != 0 ? errno : EIO; /* met before, and its number lost */
  struct pollfd output = {.fd = STDOUT_FILENO};
  if (code == EPIPE || (poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0))
    die_of_broken_pipe();
  complain("cannot write standard output: %s", g_strerror(code));
  return FALSE;
}

gboolean wants_colour(FILE *file) {
  const gchar *refused = g_getenv("NO_COLOR");
  const gchar *terminal = g_getenv("TERM");
  return isatty(fileno(file)) && (refused == NULL || *refused == '\0') && terminal != NULL &&
         !g_str_equal(terminal, "dumb");
}
