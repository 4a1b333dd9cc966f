#include "cli/reports.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/formats.h"
#include "report/trace.h"

typedef ReportSink *(*SinkMaker)(const FormatOptions *options, GError **error);

typedef struct {
  const gchar *option;
  const gchar *path;
  SinkMaker make;
} Format;

#define FORMATS 6

static ReportSink *make_json(const FormatOptions *options, GError **error) {
  return json_sink_new(options->path, options->version, error);
}

static ReportSink *make_html(const FormatOptions *options, GError **error) {
  return html_sink_new(options->path, options->version, error);
}

static void list_formats(const ReportsArguments *arguments, Format *formats) {
  const Format all[FORMATS] = {{"--json", arguments->json, make_json},
                               {"--junit", arguments->junit, junit_sink_new},
                               {"--tap", arguments->tap, tap_sink_new},
                               {"--sarif", arguments->sarif, sarif_sink_new},
                               {"--gitlab", arguments->gitlab, gitlab_sink_new},
                               {"--html", arguments->html, make_html}};
  memcpy(formats, all, sizeof all);
}

FILE *reports_terminal(const ReportsArguments *arguments) {
  Format formats[FORMATS];
  list_formats(arguments, formats);
  for (guint i = 0; i < FORMATS; i++)
    if (g_strcmp0(formats[i].path, "-") == 0)
      return stderr;
  return stdout;
}

/* --- paths ------------------------------------------------------------------------ */

/* `--json lesson.md` forgets the report's name. */
static gboolean is_document(const gchar *path) {
  return path_is_document(path) && g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The same text for two names of one file. NULL for what two may write to: a device, a pipe. */
static gchar *file_of(const gchar *path) {
  if (g_str_equal(path, "-"))
    return g_strdup(path);
  if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *folder = g_path_get_dirname(whole);
  g_autofree gchar *name = g_path_get_basename(whole);
  char *followed = realpath(whole, NULL);
  char *parent = followed == NULL ? realpath(folder, NULL) : NULL;
  gchar *file = followed != NULL ? g_strdup(followed)
                : parent != NULL ? g_build_filename(parent, name, NULL)
                                 : g_strdup(whole);
  free(followed);
  free(parent);
  return file;
}

static gboolean paths_are_fine(const Format *formats) {
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < FORMATS; i++) {
    const Format *format = &formats[i];
    if (format->path == NULL)
      continue;
    if (is_document(format->path)) {
      complain("%s: '%s' is a document, which the report would replace; name the report's file "
               "behind %s",
               format->option, format->path, format->option);
      return FALSE;
    }
    gchar *file = file_of(format->path);
    if (file == NULL)
      continue;
    const Format *other = g_hash_table_lookup(taken, file);
    if (other == NULL) {
      g_hash_table_insert(taken, file, (gpointer)format);
      continue;
    }
    complain("%s and %s both write to %s%s%s", other->option, format->option,
             *file == '-' ? "standard output" : "'", *file == '-' ? "" : format->path,
             *file == '-' ? "" : "'");
    g_free(file);
    return FALSE;
  }
  return TRUE;
}

/* The folder that the CI service shows paths from, where we stand below it; else the one we stand
 * in. */
static gchar *base_find(void) {
  static const gchar *const variables[] = {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"};
  gchar *here = g_get_current_dir();
  char *whole = realpath(here, NULL);
  for (guint i = 0; whole != NULL && i < G_N_ELEMENTS(variables); i++) {
    const gchar *named = g_getenv(variables[i]);
    if (named == NULL || *named != '/')
      continue;
    char *base = realpath(named, NULL);
    gsize length = base != NULL ? strlen(base) : 0;
    gboolean is_above = base != NULL && length > 1 && g_str_has_prefix(whole, base) &&
                        (whole[length] == '/' || whole[length] == '\0');
    free(base);
    /* Documents are named as seen from here, however that is reached. */
    if (is_above && g_str_has_suffix(here, whole + length)) {
      here[strlen(here) - strlen(whole + length)] = '\0';
      break;
    }
  }
  free(whole);
  return here;
}

/* --- sinks ------------------------------------------------------------------------ */

static gboolean read_document(const Document *document, gchar **bytes, gsize *size, gpointer data) {
  const ReportsArguments *arguments = data;
  const Files *files = arguments->files != NULL ? arguments->files : files_disk();
  return files_read(files, document->path, BANK_DOCUMENT_MAX, bytes, size, NULL);
}

/* FALSE after having complained. */
static gboolean add(Report *report, ReportSink *sink, GError *const *error) {
  if (sink == NULL)
    complain("%s", (*error)->message);
  else
    report_add(report, sink);
  return sink != NULL;
}

/* That the summary cannot be written is no reason not to check. */
static void add_github(FormatOptions options, FILE *out, Report *report) {
  g_autoptr(GError) error = NULL;
  options.path = g_getenv("GITHUB_STEP_SUMMARY");
  if (options.path != NULL && *options.path == '\0')
    options.path = NULL;
  ReportSink *sink = github_sink_new(&options, out, &error);
  if (sink == NULL) {
    complain("GITHUB_STEP_SUMMARY: %s", error->message);
    options.path = NULL;
    sink = github_sink_new(&options, out, NULL);
  }
  report_add(report, sink);
}

/* `prove` says what it knows to the programs that it runs. */
static guint tap_version(void) {
  const gchar *known = g_getenv("TAP_VERSION");
  return g_strcmp0(known, "13") == 0 ? 13 : 14;
}

gboolean reports_add(const ReportsArguments *arguments, Report *report) {
  g_autoptr(GError) error = NULL;
  Format formats[FORMATS];
  list_formats(arguments, formats);
  if (!paths_are_fine(formats))
    return FALSE;
  g_autofree gchar *base = base_find();
  FormatOptions options = {.version = PROCTOR_VERSION,
                           .base = base,
                           .tap_version = tap_version(),
                           .is_strict = arguments->is_strict,
                           .read = read_document,
                           .data = (gpointer)arguments};
  for (guint i = 0; i < FORMATS; i++) {
    options.path = formats[i].path;
    if (options.path != NULL && !add(report, formats[i].make(&options, &error), &error))
      return FALSE;
  }
  if (arguments->trace != NULL && !add(report, trace_sink_new(arguments->trace, &error), &error))
    return FALSE;
  if (arguments->is_github)
    add_github(options, reports_terminal(arguments), report);
  return TRUE;
}
