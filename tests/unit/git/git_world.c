#include "git_world.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What libgit2 1.5 itself loses: a block of libpcre2's with each regular expression that it
 * matches, the old folder of a work tree, a reference that leads to a commit which is not there.
 * Whole stacks are needed to tell that from what we lose of its objects. */
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *__asan_default_options(void) {
  return "fast_unwind_on_malloc=0";
}

const char *__lsan_default_suppressions(void) {
  return "leak:libpcre2\nleak:git_repository_set_workdir\nleak:git_revparse_single\n";
}

static gchar *folder;
static gint64 clock_seconds;

void git_world_setup(void) {
  g_auto(GStrv) names = g_listenv();
  for (gchar **name = names; *name != NULL; name++) {
    if (g_str_has_prefix(*name, "GIT_"))
      g_unsetenv(*name);
  }
  folder = g_dir_make_tmp("proctor-git-XXXXXX", NULL);
  ck_assert_int_eq(chdir(folder), 0);
  g_free(folder);
  folder = g_get_current_dir();
  g_setenv("HOME", folder, TRUE);
  g_setenv("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv("GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  g_setenv("GIT_CONFIG_NOSYSTEM", "1", TRUE);
  g_setenv("GIT_COMMITTER_NAME", "Committer", TRUE);
  g_setenv("GIT_COMMITTER_EMAIL", "committer@example.org", TRUE);
  clock_seconds = 1760000000;
}

void git_world_teardown(void) {
  ck_assert_int_eq(chdir("/"), 0);
  g_autofree gchar *quoted = g_shell_quote(folder);
  run("chmod -R u+w %s; rm -rf %s", quoted, quoted);
  g_free(folder);
}

static gchar *shell_line(const gchar *line) {
  const gchar *arguments[] = {"/bin/sh", "-ec", line, NULL};
  g_autoptr(GError) error = NULL;
  gchar *output = NULL;
  g_autofree gchar *errors = NULL;
  gint status;
  gboolean is_started = g_spawn_sync(NULL, (gchar **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                                     &output, &errors, &status, &error);
  ck_assert_msg(is_started, "%s", is_started ? "" : error->message);
  ck_assert_msg(status == 0, "'%s': %s%s", line, output, errors);
  return g_strchomp(output);
}

gchar *shell(const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *line = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return shell_line(line);
}

void run(const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *line = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_free(shell_line(line));
}

void put(const gchar *path, const gchar *text) {
  g_autofree gchar *above = g_path_get_dirname(path);
  ck_assert_int_eq(g_mkdir_with_parents(above, 0777), 0);
  ck_assert(g_file_set_contents(path, text, -1, NULL));
}

void begin(const gchar *name) {
  run("git init -q -b main %s", name);
  ck_assert_int_eq(chdir(name), 0);
}

const gchar *commit_as(const gchar *author, const gchar *message) {
  static gchar *id;
  clock_seconds += 3600;
  g_free(id);
  id = shell("git add -A; GIT_AUTHOR_DATE='%" G_GINT64_FORMAT " +0200' "
             "GIT_COMMITTER_DATE='%" G_GINT64_FORMAT " +0200' "
             "git commit -q --allow-empty --author '%s <%s@example.org>' -m '%s'; "
             "git rev-parse HEAD",
             clock_seconds, clock_seconds, author, author, message);
  return id;
}

Repository *repository_here(void) {
  g_autoptr(GError) error = NULL;
  Repository *repository = repository_open(".", &error);
  ck_assert_msg(repository != NULL, "%s", repository == NULL ? error->message : "");
  return repository;
}

Commit *commit_at(Repository *repository, const gchar *revision) {
  g_autoptr(GError) error = NULL;
  Commit *commit = repository_resolve(repository, revision, &error);
  ck_assert_msg(commit != NULL, "%s", commit == NULL ? error->message : "");
  return commit;
}

void assert_said(GError **error, gint code, const gchar *text) {
  ck_assert_ptr_nonnull(*error);
  ck_assert_msg(strstr((*error)->message, text) != NULL, "'%s' does not say '%s'",
                (*error)->message, text);
  ck_assert_int_eq((*error)->code, code);
  g_clear_error(error);
}
