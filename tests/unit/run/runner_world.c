#include "runner_world.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "run/process_tree.h"
#include "run/scratch.h"

RunnerOptions options;
Runner *runner;
GPtrArray *snippets, *ended;
gchar *folder;

static gchar *temporary;
static GPtrArray *fixtures, *choices;

void world_setup(const gchar *worker, guint64 address_bytes) {
  folder = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  temporary = g_dir_make_tmp("proctor-test-XXXXXX", NULL);
  g_setenv("TMPDIR", temporary, TRUE);
  options = runner_options();
  options.worker = worker;
  options.lanes = 2;
  options.wall_ms = 300000;
  options.address_bytes = address_bytes;
  runner = NULL;
  fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  choices = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_choice_free);
  snippets = g_ptr_array_new_with_free_func((GDestroyNotify)snippet_free);
  ended = g_ptr_array_new_with_free_func((GDestroyNotify)transcript_free);
}

static void assert_nothing_left(void) {
  g_autoptr(GArray) tree = process_tree_list(getpid());
  ck_assert_uint_eq(tree->len, 0);
  g_autoptr(GDir) left = g_dir_open(temporary, 0, NULL);
  ck_assert_ptr_nonnull(left);
  ck_assert_ptr_null(g_dir_read_name(left));
}

void world_teardown(void) {
  runner_free(runner);
  assert_nothing_left();
  g_ptr_array_unref(ended);
  g_ptr_array_unref(snippets);
  g_ptr_array_unref(choices);
  g_ptr_array_unref(fixtures);
  scratch_remove(temporary);
  scratch_remove(folder);
  g_free(temporary);
  g_free(folder);
}

void world_start(void) {
  g_autoptr(GError) error = NULL;
  runner = runner_new(&options, &error);
  ck_assert_msg(runner != NULL, "%s", error != NULL ? error->message : "");
}

void world_run_all(void) {
  while (ended->len < snippets->len)
    g_main_context_iteration(NULL, TRUE);
}

FixtureChoice *choice_of(const gchar *file) {
  g_autofree gchar *path = g_build_filename(folder, file, NULL);
  for (guint i = 0; i < choices->len; i++) {
    FixtureChoice *choice = g_ptr_array_index(choices, i);
    if (choice->fixture != NULL && g_str_equal(choice->fixture->path, path))
      return choice;
  }
  g_autofree gchar *name = g_strndup(file, strlen(file) - strlen(".py"));
  Fixture *fixture = fixture_new(name, path, file);
  g_ptr_array_add(fixtures, fixture);
  FixtureChoice *choice = fixture_choice_new(fixture, NULL);
  g_ptr_array_add(choices, choice);
  return choice;
}

FixtureChoice *choice_with(const gchar *file, const gchar *text) {
  g_autofree gchar *path = g_build_filename(folder, file, NULL);
  ck_assert(g_file_set_contents(path, text, -1, NULL));
  return choice_of(file);
}

/* The callback's place in `ended` is told apart by the snippet's ordinal. */
static void on_done(Transcript *transcript, gpointer data) {
  Snippet *snippet = data;
  snippet->ordinal = ended->len;
  g_ptr_array_add(ended, transcript);
}

Snippet *script(const gchar *source) {
  Snippet *snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 1);
  snippet->ordinal = G_MAXUINT;
  g_ptr_array_add(snippets, snippet);
  return snippet;
}

void submit_request(const RunRequest *request) {
  runner_submit(runner, request, on_done, (gpointer)request->snippet);
}

Snippet *submit(const FixtureChoice *choice, const gchar *variant, const gchar *source) {
  Snippet *snippet = script(source);
  submit_request(&(RunRequest){
      .snippet = snippet, .fixture = choice, .variant = variant, .line_buffered = TRUE});
  return snippet;
}

gboolean has_ended(const Snippet *snippet) {
  return snippet->ordinal < ended->len;
}

const Transcript *transcript_of(const Snippet *snippet) {
  ck_assert(has_ended(snippet));
  return g_ptr_array_index(ended, snippet->ordinal);
}

void assert_prints(const Snippet *snippet, const gchar *output) {
  const Transcript *transcript = transcript_of(snippet);
  ck_assert_msg(transcript->outcome == OUTCOME_FINISHED, "%s: %d %s", snippet->source,
                transcript->outcome,
                transcript->failure != NULL ? transcript->failure : transcript->errors->str);
  ck_assert_str_eq(transcript->output->str, output);
}
