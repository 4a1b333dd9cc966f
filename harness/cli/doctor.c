/*
 * proctor doctor: what this machine offers, what is missing, and what would
 * bring it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/equipping.h"
#include "cli/sitting.h"
#include "report/text.h"
#include "wire/wire.h"

/* A deadlock that is not recognised ends here. */
#define TRIAL_MS 5000

typedef struct {
  gboolean finishes;
  gchar *outcome;
  gboolean proves; /* that a deadlock is one */
} Trial;

static gboolean on_verdict(const Snippet *snippet, const Transcript *transcript,
                           G_GNUC_UNUSED const Verdict *verdict, gpointer data) {
  Trial *trial = data;
  if (snippet->ordinal == 2) {
    trial->proves = transcript->outcome == OUTCOME_STUCK;
    return TRUE;
  }
  trial->finishes = transcript->outcome == OUTCOME_FINISHED && transcript->exit_code == 0;
  trial->outcome = transcript_outcome_text(transcript);
  return TRUE;
}

/* A bank of two blocks: one does nothing, the other waits for itself. */
static Document *trial_document(void) {
  static const gchar *const sources[] = {
      "pass\n",
      "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n",
  };
  Document *document = document_new("trial.md", "trial");
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
    Snippet *snippet = snippet_new(document, NULL, SNIPPET_SCRIPT, sources[i], 1 + 10 * i);
    snippet->ordinal = i + 1;
    snippet->id = g_strdup_printf("trial/%u", snippet->ordinal);
    g_ptr_array_add(document->snippets, snippet);
  }
  return document;
}

static void print_isolation(guint isolation) {
  printf("  processes   %s\n", isolation & WIRE_OWN_PIDS
                                   ? "a pid namespace: nothing survives a run"
                                   : "no pid namespace: a block's process group is killed");
  printf("  /proc       %s\n", isolation & WIRE_OWN_PROC ? "its own" : "the machine's");
  printf("  scratch     %s\n", isolation & WIRE_OWN_MOUNTS
                                   ? "a file system of its own, fresh for each run"
                                   : "a folder, removed after each run");
}

/* Whether checks can run under this version. */
static gboolean try_worker(const gchar *version) {
  g_autoptr(GError) error = NULL;
  g_auto(SittingEnd) end = {0};
  g_autofree gchar *worker = worker_find(version, &error);
  if (worker == NULL) {
    printf("Python %s\n  missing     %s\n", version, error->message);
    return FALSE;
  }
  RunnerOptions options = runner_options();
  options.worker = worker;
  options.lanes = 1;
  options.wall_ms = TRIAL_MS;
  g_autoptr(Document) document = trial_document();
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
  Trial trial = {0};
  Sitting sitting = {.documents = documents, .verdict = on_verdict, .data = &trial};
  gboolean is_held = sitting_hold(&sitting, &options, &end, &error);
  printf("Python %s%s\n  worker      %s\n", end.python != NULL ? end.python : version,
         g_str_equal(version, PROCTOR_DEFAULT_PYTHON) ? ", the default" : "", worker);
  if (is_held && trial.finishes)
    printf("  runs        yes\n");
  else
    printf("  runs        no: %s\n", !is_held                ? error->message
                                     : trial.outcome != NULL ? trial.outcome
                                                             : "interrupted");
  if (is_held && trial.finishes)
    printf("  deadlocks   %s\n", trial.proves ? "recognised at once, with their proof"
                                              : "not recognised: they end at their time limit");
  if (is_held && end.python != NULL)
    print_isolation(end.isolation);
  g_free(trial.outcome);
  return is_held && trial.finishes;
}

/* The number in a file under /proc/sys; -1 where there is none. */
static gint64 sysctl_value(const gchar *path) {
  g_autofree gchar *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return -1;
  return g_ascii_strtoll(text, NULL, 10);
}

/* What keeps namespaces from an ordinary user, and the setting that brings
 * them. */
static void print_namespaces(void) {
  static const struct {
    const gchar *path;
    gint64 forbids;
    const gchar *cure;
  } settings[] = {
      {"/proc/sys/kernel/unprivileged_userns_clone", 0, "kernel.unprivileged_userns_clone=1"},
      {"/proc/sys/user/max_user_namespaces", 0, "user.max_user_namespaces=15000"},
      {"/proc/sys/user/max_pid_namespaces", 0, "user.max_pid_namespaces=15000"},
      {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
       "kernel.apparmor_restrict_unprivileged_userns=0"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (sysctl_value(settings[i].path) == settings[i].forbids)
      printf("missing: namespaces for ordinary users; 'sysctl %s' allows them\n", settings[i].cure);
}

/* The fixtures that a document of the current folder would have, and where a database is. */
static void print_fixtures(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Document) document = document_new("document.md", "document");
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
  const EquipmentArguments found = {0};
  g_autoptr(Equipment) equipment = equipment_read(files_disk(), &found, documents, &error);
  if (equipment == NULL)
    complain("%s", error->message);
  printf("fixtures\n");
  if (equipment == NULL || equipment->fixtures->len == 0)
    printf("  none        %s\n",
           equipment == NULL ? "the configuration cannot be used" : "no folder has any");
  for (guint i = 0; equipment != NULL && i < equipment->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(equipment->fixtures, i);
    g_autofree gchar *names = g_strjoinv(", ", fixture->provides);
    const gchar *what = *fixture->summary != '\0' ? fixture->summary : names;
    g_autofree gchar *text = g_strdup_printf("%s: %s", fixture->shown_path,
                                             fixture->problem != NULL ? fixture->problem : what);
    g_autofree gchar *safe = text_one_line(text, -1, 0);
    printf("  %-11s %s\n", fixture->name, safe);
  }
  /* Its password is nobody's business. */
  const gchar *url = g_getenv("PROCTOR_DATABASE_URL");
  gsize scheme = url != NULL ? strcspn(url, ":") : 0;
  if (url == NULL || *url == '\0') {
    printf("  database    in memory; PROCTOR_DATABASE_URL is not set\n");
  } else {
    g_autofree gchar *safe = text_one_line(url, (gssize)scheme, 40);
    printf("  database    %s, as PROCTOR_DATABASE_URL says\n",
           url[scheme] == ':' ? safe : "unreadable");
  }
}

static int diagnose(void) {
  gboolean default_runs = FALSE;
  gboolean has_default = FALSE;
  printf("proctor " PROCTOR_VERSION ", GLib %u.%u.%u, cmark " PROCTOR_CMARK_VERSION
         ", json-glib " PROCTOR_JSON_VERSION "\n",
         glib_major_version, glib_minor_version, glib_micro_version);
  printf("%u cores\n", g_get_num_processors());
  g_autoptr(GPtrArray) versions = worker_versions();
  for (guint i = 0; i < versions->len; i++) {
    const gchar *version = g_ptr_array_index(versions, i);
    gboolean runs = try_worker(version);
    if (g_str_equal(version, PROCTOR_DEFAULT_PYTHON)) {
      has_default = TRUE;
      default_runs = runs;
    }
  }
  if (!has_default) {
    g_autoptr(GError) error = NULL;
    g_free(worker_find(PROCTOR_DEFAULT_PYTHON, &error));
    printf("missing: %s; Debian's package is python3-dev\n",
           error != NULL ? error->message : "the default worker");
  }
  print_namespaces();
  print_fixtures();
  printf("%s\n", default_runs ? "checks can run" : "checks cannot run");
  if (!output_finish())
    return CLI_FAILED;
  return default_runs ? CLI_OK : CLI_FAILED;
}

int command_doctor(int argc, char **argv) {
  g_auto(GStrv) words = NULL;
  const GOptionEntry entries[] = {
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL}, {0}};
  const CommandShape shape = {
      .usage = NULL,
      .summary = "Says what this machine offers to run snippets with, what is missing, and what\n"
                 "would bring it.",
      .description = "Exit code: 0 checks can run, 3 they cannot.\n",
      .entries = entries};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (words != NULL) {
    complain("doctor takes no argument: '%s'", words[0]);
    return CLI_USAGE;
  }
  broken_pipes_fail();
  return diagnose();
}
