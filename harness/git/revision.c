/* What a revision names, and what to say where it names nothing. */
#include <string.h>

#include "git/objects.h"

/* How many objects are named that an abbreviation fits. */
#define CANDIDATES_NAMED 5

/* --- nothing there yet ---------------------------------------------------------- */

/* "main", of the branch that is checked out but has no commit. NULL for any other state. */
static gchar *unborn_branch(const Repository *repository) {
  git_reference *head;
  if (git_repository_head_unborn(repository->git) != 1 ||
      git_reference_lookup(&head, repository->git, "HEAD") != 0)
    return NULL;
  const gchar *target = git_reference_symbolic_target(head);
  gchar *name = g_strdup(target == NULL                            ? "HEAD"
                         : g_str_has_prefix(target, "refs/heads/") ? target + 11
                                                                   : target);
  git_reference_free(head);
  return name;
}

Commit *repository_head(Repository *repository, GError **error) {
  g_autofree gchar *unborn = unborn_branch(repository);
  if (unborn != NULL) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "there is no commit yet: branch '%s' is empty", unborn);
    return NULL;
  }
  return repository_resolve(repository, "HEAD", error);
}

/* --- abbreviations -------------------------------------------------------------- */

typedef struct {
  const gchar *prefix;
  gsize size;
  git_repository *git;
  GPtrArray *commits; /* git_oid *, of those that are one, or a tag of one */
} Search;

static int look_at(const git_oid *id, void *data) {
  Search *search = data;
  git_object *object;
  git_object *commit;
  gchar text[GIT_OID_HEXSZ + 1];
  git_oid_tostr(text, sizeof text, id);
  if (g_ascii_strncasecmp(text, search->prefix, search->size) != 0 ||
      git_object_lookup(&object, search->git, id, GIT_OBJECT_ANY) != 0)
    return 0;
  git_object_t type = git_object_type(object);
  if ((type == GIT_OBJECT_COMMIT || type == GIT_OBJECT_TAG) &&
      git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0) {
    git_object_free(commit);
    for (guint i = 0; i < search->commits->len; i++) {
      if (git_oid_equal(g_ptr_array_index(search->commits, i), id)) { /* packed, and loose */
        git_object_free(object);
        return 0;
      }
    }
    g_ptr_array_add(search->commits, object_copy(id));
  }
  git_object_free(object);
  return 0;
}

/* As git does: where several objects fit, but only one of them is a commit, that is meant. */
static git_object *resolve_ambiguous(Repository *repository, const gchar *revision,
                                     GError **error) {
  g_autoptr(GPtrArray) commits = g_ptr_array_new_with_free_func(g_free);
  gsize size = strspn(revision, "0123456789abcdefABCDEF");
  Search search = {revision, size, repository->git, commits};
  git_object *object = NULL;
  git_odb_foreach(repository->objects, look_at, &search);
  if (commits->len == 1) {
    g_autofree gchar *whole =
        g_strconcat(git_oid_tostr_s(g_ptr_array_index(commits, 0)), revision + size, NULL);
    if (git_revparse_single(&object, repository->git, whole) == 0)
      return object;
  }
  g_autoptr(GString) named = g_string_new(NULL);
  for (guint i = 0; i < MIN(commits->len, CANDIDATES_NAMED); i++)
    g_string_append_printf(named, "%s %.12s", i == 0 ? ":" : ",",
                           git_oid_tostr_s(g_ptr_array_index(commits, i)));
  if (commits->len > CANDIDATES_NAMED)
    g_string_append(named, ", ...");
  g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
              "the revision '%s' is ambiguous, several objects begin like this%s", revision,
              named->str);
  return NULL;
}

/* --- unknown ones --------------------------------------------------------------- */

/* "origin/main", where that is there and "main" is not, as in most checkouts of CI. */
static gchar *remote_branch(const Repository *repository, const gchar *revision) {
  git_reference_iterator *references;
  const char *name;
  gchar *found = NULL;
  g_autofree gchar *end = g_strconcat("/", revision, NULL);
  if (git_reference_iterator_glob_new(&references, repository->git, "refs/remotes/*") != 0)
    return NULL;
  while (found == NULL && git_reference_next_name(&name, references) == 0) {
    const gchar *branch = name + strlen("refs/remotes/");
    if (g_str_has_suffix(branch, end) &&
        strchr(branch, '/') == branch + strlen(branch) - strlen(end))
      found = g_strdup(branch);
  }
  git_reference_iterator_free(references);
  return found;
}

static gboolean is_whole_id(const gchar *revision) {
  return strlen(revision) == GIT_OID_HEXSZ &&
         strspn(revision, "0123456789abcdefABCDEF") == GIT_OID_HEXSZ;
}

#define UNSHALLOW "('git fetch --unshallow', or 'fetch-depth: 0' in CI, brings the rest)"

static void say_unknown(const Repository *repository, const gchar *revision, GError **error) {
  g_autofree gchar *unborn = unborn_branch(repository);
  g_autofree gchar *remote = remote_branch(repository, revision);
  if (unborn != NULL &&
      (g_str_has_prefix(revision, "HEAD") || g_str_equal(revision, unborn) || *revision == '@'))
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "'%s' cannot be had, there is no commit yet: branch '%s' is empty", revision,
                unborn);
  else if (remote != NULL)
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "there is no revision '%s' here, but there is '%s'", revision, remote);
  else if (repository_is_shallow(repository))
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_SHALLOW,
                "there is no revision '%s' in this shallow clone " UNSHALLOW, revision);
  else if (is_whole_id(revision))
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "there is no commit %s in this repository", revision);
  else
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "there is no revision '%s' in this repository", revision);
}

/* The first part of "main~3^2", "v1.0^{commit}", "main@{1}": what is a name of its own. */
static gchar *name_of(const gchar *revision) {
  gsize size = strcspn(revision, "~^");
  const gchar *at = strstr(revision, "@{");
  if (at != NULL && at > revision)
    size = MIN(size, (gsize)(at - revision));
  return g_strndup(revision, size);
}

/* The same of the commits that "~2^" leads to from one; takes it over. A shallow clone is whole. */
static gboolean is_damaged_behind(Repository *repository, git_commit *commit, const gchar *steps,
                                  GError **error) {
  GError *broken = NULL;
  while (commit != NULL && (*steps == '~' || *steps == '^') && steps[1] != '{') {
    gboolean is_first = *steps == '~'; /* "~2": of the parent the parent; "^2": the other parent */
    guint64 number = 1;
    if (g_ascii_isdigit(*++steps)) {
      gchar *end;
      number = g_ascii_strtoull(steps, &end, 10);
      steps = end;
    }
    guint64 count = is_first ? number : MIN(number, 1);
    for (guint64 i = 0; i < count && commit != NULL; i++) {
      g_autoptr(GArray) parents = commit_parents(repository, commit);
      guint64 which = is_first ? 0 : number - 1;
      git_commit_free(commit);
      commit = which < parents->len
                   ? commit_lookup(repository, &g_array_index(parents, git_oid, which), &broken)
                   : NULL;
    }
  }
  git_commit_free(commit);
  if (broken != NULL)
    g_propagate_error(error, broken);
  return broken != NULL;
}

/* Why a revision that begins with something known leads nowhere: the commits on its way. */
static gboolean is_damaged_on_way(Repository *repository, const gchar *revision, GError **error) {
  g_autofree gchar *name = name_of(revision);
  git_reference *reference = NULL;
  git_reference *direct = NULL;
  gboolean answer = FALSE;
  if (git_reference_dwim(&reference, repository->git, name) == 0 &&
      git_reference_resolve(&direct, reference) == 0) {
    const git_oid *id = git_reference_target(direct);
    git_object *object;
    int code = git_object_lookup(&object, repository->git, id, GIT_OBJECT_ANY);
    if (code != 0) {
      g_autofree gchar *what = g_strdup_printf("the commit of '%s'", name);
      object_complain(repository, id, what, code, error);
      answer = TRUE;
    } else {
      git_object_free(object);
    }
  }
  git_reference_free(direct);
  git_reference_free(reference);
  git_object *start;
  git_object *commit;
  if (!answer && git_revparse_single(&start, repository->git, name) == 0) {
    if (git_object_peel(&commit, start, GIT_OBJECT_COMMIT) == 0)
      answer = is_damaged_behind(repository, (git_commit *)commit, revision + strlen(name), error);
    git_object_free(start);
  }
  return answer;
}

/* libgit2 does not know "@" in front of "~" and "^". */
static gchar *spell_out(const gchar *revision) {
  gboolean is_head = revision[0] == '@' && (revision[1] == '~' || revision[1] == '^');
  return is_head ? g_strconcat("HEAD", revision + 1, NULL) : g_strdup(revision);
}

Commit *repository_resolve(Repository *repository, const gchar *revision, GError **error) {
  git_object *object = NULL;
  git_object *commit = NULL;
  g_autofree gchar *spelled = spell_out(revision);
  int code =
      *revision == '\0' ? GIT_ENOTFOUND : git_revparse_single(&object, repository->git, spelled);
  if (code == GIT_EAMBIGUOUS) {
    object = resolve_ambiguous(repository, revision, error);
    if (object == NULL)
      return NULL;
  } else if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) {
    if (!is_damaged_on_way(repository, spelled, error))
      say_unknown(repository, revision, error);
    return NULL;
  } else if (code != 0) {
    g_autofree gchar *words = g_strdup(git_words());
    if (!is_damaged_on_way(repository, spelled, error))
      g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                  "the revision '%s' cannot be read: %s", revision, words);
    return NULL;
  }
  const gchar *type = git_object_type2string(git_object_type(object));
  code = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
  if (code == 0) {
    Commit *answer = commit_new(repository, (git_commit *)commit);
    git_object_free(commit);
    git_object_free(object);
    return answer;
  }
  if (git_object_type(object) == GIT_OBJECT_TAG && code != GIT_EPEEL && code != GIT_EINVALIDSPEC) {
    g_autofree gchar *what = g_strdup_printf("the commit of the tag '%s'", revision);
    object_complain(repository, git_tag_target_id((git_tag *)object), what, code, error);
  } else {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_REVISION,
                "'%s' names no commit, but a %s", revision, type);
  }
  git_object_free(object);
  return NULL;
}

/* --- ranges --------------------------------------------------------------------- */

gboolean revision_range_split(const gchar *text, gchar **from, gchar **to, gboolean *is_parting) {
  const gchar *dots = strstr(text, "..");
  if (dots == NULL)
    return FALSE;
  *is_parting = dots[2] == '.';
  const gchar *rest = dots + (*is_parting ? 3 : 2);
  *from = dots == text ? g_strdup("HEAD") : g_strndup(text, (gsize)(dots - text));
  *to = g_strdup(*rest == '\0' ? "HEAD" : rest);
  return TRUE;
}
