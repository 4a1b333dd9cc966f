/*
 * Opening. libgit2 can heed git's environment itself, but refuses GIT_WORK_TREE, takes a relative
 * GIT_INDEX_FILE from the current folder (git: from the top of the work tree, and a hook may have
 * gone elsewhere), and gives the index of one repository to any other. So it is done here.
 */
#include "git/repository.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "git/objects.h"

/* Before 1.5, libgit2 does not ask whose a repository is. */
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5
#define KNOWS_OWNERS
#endif

G_DEFINE_QUARK(proctor - repository - error - quark, repository_error)

/* Of git's, none, or an empty one, is none. */
static const gchar *variable(const gchar *name) {
  const gchar *value = g_getenv(name);
  return value != NULL && *value != '\0' ? value : NULL;
}

static gchar *real_path(const gchar *path) {
  gchar buffer[PATH_MAX];
  return g_strdup(realpath(path, buffer));
}

/* The folder that path is or lies in, or would: links in it followed. */
static gchar *folder_around(const gchar *path) {
  g_autofree gchar *absolute = g_canonicalize_filename(path, NULL);
  while (!g_file_test(absolute, G_FILE_TEST_IS_DIR)) {
    gchar *above = g_path_get_dirname(absolute);
    g_free(absolute);
    absolute = above;
  }
  gchar *real = real_path(absolute);
  return real != NULL ? real : g_steal_pointer(&absolute);
}

/* --- whose it is ---------------------------------------------------------------- */

static void prepare(void) {
  static gsize is_done;
  git_libgit2_init();
  if (!g_once_init_enter(&is_done))
    return;
#ifdef KNOWS_OWNERS
  /* They change nothing in what is read here: a sparse checkout, a partial clone. */
  static const char *extensions[] = {"worktreeconfig", "partialclone", "preciousobjects"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, G_N_ELEMENTS(extensions));
#endif
  g_once_init_leave(&is_done, 1);
}

#ifdef KNOWS_OWNERS
/* Whether safe.directory, in a file or in the environment (`git -c`), says that all are. */
static gboolean consent_in(git_config *config, const gchar *root) {
  git_config_iterator *entries;
  git_config_entry *entry;
  gboolean is_safe = FALSE;
  if (git_config_multivar_iterator_new(&entries, config, "safe.directory", NULL) != 0)
    return FALSE;
  while (git_config_next(&entry, entries) == 0) {
    if (*entry->value == '\0')
      is_safe = FALSE; /* what was said before is taken back */
    else if (g_str_equal(entry->value, "*") || g_str_equal(entry->value, root))
      is_safe = TRUE;
  }
  git_config_iterator_free(entries);
  return is_safe;
}

static gboolean consent_in_environment(const gchar *root) {
  const gchar *count = variable("GIT_CONFIG_COUNT");
  gboolean is_safe = FALSE;
  for (guint64 i = 0; count != NULL && i < MIN(g_ascii_strtoull(count, NULL, 10), 1000); i++) {
    g_autofree gchar *key_name = g_strdup_printf("GIT_CONFIG_KEY_%" G_GUINT64_FORMAT, i);
    g_autofree gchar *value_name = g_strdup_printf("GIT_CONFIG_VALUE_%" G_GUINT64_FORMAT, i);
    const gchar *key = variable(key_name);
    const gchar *value = variable(value_name);
    if (key == NULL || g_ascii_strcasecmp(key, "safe.directory") != 0)
      continue;
    is_safe = value != NULL && (g_str_equal(value, "*") || g_str_equal(value, root));
  }
  return is_safe;
}

/* libgit2 1.5 does not know all the ways in which git is told to trust somebody else's
 * repository. The repository's own configuration is none of them. */
static gboolean is_trusted(const gchar *root) {
  const gchar *global = variable("GIT_CONFIG_GLOBAL");
  git_config *config = NULL;
  gboolean answer = consent_in_environment(root);
  int code =
      global != NULL ? git_config_open_ondisk(&config, global) : git_config_open_default(&config);
  if (!answer && code == 0)
    answer = consent_in(config, root);
  git_config_free(config);
  return answer;
}

/* The folder above `start` that git would ask about: the top of the work tree. */
static gchar *owned_folder(const gchar *start) {
  g_autofree gchar *folder = g_strdup(start);
  for (;;) {
    g_autofree gchar *git = g_build_filename(folder, ".git", NULL);
    if (g_file_test(git, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&folder);
    gchar *above = g_path_get_dirname(folder);
    if (g_str_equal(above, folder)) {
      g_free(above);
      return g_strdup(start);
    }
    g_free(folder);
    folder = above;
  }
}
#endif

/* --- opening -------------------------------------------------------------------- */

static git_repository *open_at(const gchar *start, guint flags, const gchar *path, GError **error) {
  git_repository *git = NULL;
  const gchar *ceilings = variable("GIT_CEILING_DIRECTORIES");
  if (variable("GIT_DISCOVERY_ACROSS_FILESYSTEM") != NULL)
    flags |= GIT_REPOSITORY_OPEN_CROSS_FS;
  int code = git_repository_open_ext(&git, start, flags, ceilings);
#ifdef KNOWS_OWNERS
  /* 1.5.1 says that there is none where safe.directory is nowhere set. */
  if (code == GIT_EOWNER ||
      (code == GIT_ENOTFOUND && strstr(git_words(), "safe.directory") != NULL)) {
    g_autofree gchar *owned = owned_folder(start);
    if (is_trusted(owned)) {
      git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
      code = git_repository_open_ext(&git, start, flags, ceilings);
      git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
    } else {
      g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                  "%s: the repository belongs to somebody else, and git reads it only when told "
                  "to: git config --global --add safe.directory %s",
                  owned, owned);
      return NULL;
    }
  }
#endif
  if (code == 0)
    return git;
  if (code == GIT_ENOTFOUND)
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE, "%s lies in no git repository",
                path);
  else
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                "%s: the git repository that it lies in cannot be opened: %s", path, git_words());
  return NULL;
}

/* Whether a repository says itself where its work tree is. */
static gboolean knows_tree(git_repository *git) {
  git_config *config = NULL;
  git_config_entry *entry = NULL;
  g_autofree gchar *name = g_path_get_basename(git_repository_path(git));
  gboolean answer = git_repository_is_bare(git) || git_repository_is_worktree(git) ||
                    g_str_equal(name, ".git") ||
                    (git_repository_config(&config, git) == 0 &&
                     git_config_get_entry(&entry, config, "core.worktree") == 0);
  git_config_entry_free(entry);
  git_config_free(config);
  return answer;
}

/* The repository that GIT_DIR names; its work tree is GIT_WORK_TREE or, as git has it, the
 * current folder, where the repository itself does not know better. */
static git_repository *open_named(const gchar *folder, GError **error) {
  g_autofree gchar *path = g_strdup_printf("GIT_DIR, '%s',", folder);
  git_repository *git =
      open_at(folder, GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT, path, error);
  if (git == NULL)
    return NULL;
  const gchar *tree = variable("GIT_WORK_TREE");
  if (tree != NULL || !knows_tree(git))
    git_repository_set_workdir(git, tree != NULL ? tree : ".", 0);
  return git;
}

/* The ids in the file that lists where a shallow clone ends. libgit2 looks for it in the wrong
 * folder where there are several work trees. */
static void read_edges(Repository *repository) {
  g_autofree gchar *path =
      g_build_filename(git_repository_commondir(repository->git), "shallow", NULL);
  g_autofree gchar *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return;
  g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
  for (gchar **line = lines; *line != NULL; line++) {
    git_oid id;
    if (strlen(*line) == GIT_OID_HEXSZ && git_oid_fromstr(&id, *line) == 0)
      g_hash_table_add(repository->edges, object_copy(&id));
  }
}

/* What a hook that receives commits is to see: they lie in a place of their own until then. */
static void add_objects(Repository *repository) {
  const gchar *own = variable("GIT_OBJECT_DIRECTORY");
  const gchar *others = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  if (own != NULL)
    git_odb_add_disk_alternate(repository->objects, own);
  g_auto(GStrv) folders = g_strsplit(others != NULL ? others : "", ":", -1);
  for (gchar **folder = folders; *folder != NULL; folder++) {
    if (**folder != '\0')
      git_odb_add_disk_alternate(repository->objects, *folder);
  }
}

/* GIT_INDEX_FILE is of the repository of the current folder, or of GIT_DIR. */
static void find_index(Repository *repository, gboolean is_named) {
  const gchar *file = variable("GIT_INDEX_FILE");
  if (file == NULL)
    return;
  git_buf here = {0};
  gboolean is_own = is_named || (git_repository_discover(&here, ".", 1, NULL) == 0 &&
                                 g_str_equal(here.ptr, git_repository_path(repository->git)));
  git_buf_dispose(&here);
  if (is_own)
    repository->index_path = g_canonicalize_filename(file, repository->root);
}

Repository *repository_open(const gchar *path, GError **error) {
  const gchar *named = variable("GIT_DIR");
  g_autofree gchar *start = folder_around(path);
  prepare();
  git_repository *git = named != NULL ? open_named(named, error) : open_at(start, 0, start, error);
  if (git == NULL) {
    git_libgit2_shutdown();
    return NULL;
  }
  g_autoptr(Repository) repository = g_new0(Repository, 1);
  repository->git = git;
  repository->edges = g_hash_table_new_full(object_hash, object_equal, g_free, NULL);
  repository->folders =
      g_hash_table_new_full(object_hash, object_equal, g_free, (GDestroyNotify)folder_release);
  const gchar *tree = git_repository_is_bare(git) ? NULL : git_repository_workdir(git);
  repository->root = tree != NULL ? real_path(tree) : g_get_current_dir();
  if (repository->root == NULL) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                "%s: the work tree '%s' of its git repository is not there", start, tree);
    return NULL;
  }
  if (git_repository_odb(&repository->objects, git) != 0) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                "%s: the objects of its git repository cannot be read: %s", start, git_words());
    return NULL;
  }
  read_edges(repository);
  add_objects(repository);
  find_index(repository, named != NULL);
  if (named != NULL && tree != NULL) {
    g_autofree gchar *place = repository_place(repository, start);
    if (place == NULL) {
      g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_NONE,
                  "%s lies outside of '%s', the work tree of the repository that GIT_DIR names",
                  start, repository->root);
      return NULL;
    }
  }
  return g_steal_pointer(&repository);
}

void repository_free(Repository *repository) {
  if (repository == NULL)
    return;
  g_clear_pointer(&repository->folders, g_hash_table_unref);
  g_clear_pointer(&repository->edges, g_hash_table_unref);
  git_mailmap_free(repository->mailmap);
  git_odb_free(repository->objects);
  git_repository_free(repository->git);
  g_free(repository->index_path);
  g_free(repository->root);
  g_free(repository);
  git_libgit2_shutdown();
}

const gchar *repository_root(const Repository *repository) {
  return repository->root;
}

gboolean repository_is_shallow(const Repository *repository) {
  return g_hash_table_size(repository->edges) > 0;
}

gchar *repository_place(const Repository *repository, const gchar *path) {
  return path_below(repository->root, path);
}
